package fakejira

// Titles and texts, in Jira's wiki markup for v2 and as Atlassian documents for v3. They are made from
// the number of what they belong to, when they are asked for.

import "strconv"

var vocabulary = []string{"order", "payment", "customer", "the", "checkout", "fails", "after", "when", "page", "slow", "cannot", "open", "since", "release", "timeout", "export",
	"invoice", "refund", "again", "every", "night", "at", "of", "with", "queue", "retry", "\"ghost\"", "naïve", "漏洞", "<b>", `C:\temp`, "🎉", "100 %", "a/b", "Größe", "und"}

// title is an issue's summary. Some hold what people paste into one.
func (s *Site) title(is *issue) string {
	d := s.dice(is.n, forText)
	d += dice(is.summary) * 77
	d.next()
	b := make([]byte, 0, 80)
	b = sentence(b, &d, 3+d.of(6))
	switch is.n % 211 {
	case 9:
		b = append(b, "\u200b\u0000"...) // seen in a recorded summary
	case 10:
		b = append(b, "\ttab\u2028line"...)
	}
	if is.summary > 0 {
		b = append(b, ", version "...)
		b = strconv.AppendInt(b, int64(is.summary+1), 10)
	}
	return string(b)
}

func sentence(b []byte, d *dice, words int) []byte {
	for k := range words {
		if k > 0 {
			b = append(b, ' ')
		}
		b = append(b, vocabulary[d.of(len(vocabulary))]...)
	}
	return b
}

// text writes the text that d makes: paragraphs, now and then with a list, code or a mention.
func (w *writer) text(d dice, paragraphs int) {
	if w.v3 {
		w.document(d, paragraphs)
		return
	}
	b := w.scratch[:0]
	for k := range paragraphs {
		if k > 0 {
			b = append(b, "\r\n\r\n"...)
		}
		switch kind := d.of(8); kind {
		case 0:
			for range 3 {
				b = append(sentence(append(b, "* "...), &d, 4), "\r\n"...)
			}
		case 1:
			b = append(sentence(append(b, "{code:java}\r\n"...), &d, 8), "\r\n{code}"...)
		case 2:
			b = append(sentence(append(b, "h2. "...), &d, 3), "\r\n"...)
		case 3:
			b = sentence(append(b, "[~accountid:"+people[0].account+"] "...), &d, 6)
		default:
			b = append(sentence(b, &d, 8+d.of(20)), '.')
		}
	}
	w.scratch = b
	w.quoteBytes(b)
}

func (w *writer) document(d dice, paragraphs int) {
	w.raw(`{"type":"doc","version":1,"content":[`)
	words := func(n int) {
		w.scratch = sentence(w.scratch[:0], &d, n)
		w.raw(`{"type":"text","text":`)
		w.quoteBytes(w.scratch)
		w.raw(`}`)
	}
	for k := range paragraphs {
		w.comma(k)
		switch kind := d.of(8); kind {
		case 0:
			w.raw(`{"type":"bulletList","content":[`)
			for i := range 3 {
				w.comma(i)
				w.raw(`{"type":"listItem","content":[{"type":"paragraph","content":[`)
				words(4)
				w.raw(`]}]}`)
			}
			w.raw(`]}`)
		case 1:
			w.raw(`{"type":"codeBlock","attrs":{"language":"java"},"content":[`)
			words(8)
			w.raw(`]}`)
		case 2:
			w.raw(`{"type":"heading","attrs":{"level":2},"content":[`)
			words(3)
			w.raw(`]}`)
		case 3:
			w.raw(`{"type":"paragraph","content":[{"type":"mention","attrs":{"id":"` + people[0].account + `","text":"@Ana Ruiz","accessLevel":""}},{"type":"text","text":" "},`)
			words(6)
			w.raw(`]}`)
		default:
			w.raw(`{"type":"paragraph","content":[`)
			words(8 + d.of(20))
			w.raw(`,{"type":"hardBreak"},{"type":"text","text":".","marks":[{"type":"strong"}]}]}`)
		}
	}
	w.raw(`]}`)
}

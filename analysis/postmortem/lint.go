package postmortem

// What is checked of a page once it is read. Nothing here stops a publication: a complaint is a
// colleague looking over the author's shoulder, and says what would be better, and why.

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// creed is why the words of a postmortem matter: an analysis that ends at a person ends before
// anything that can be improved (Dekker, The Field Guide to Understanding 'Human Error').
const creed = "people don't cause failures, systems do"

// lint checks the page as a whole.
func (p *page) lint() {
	p.lintSections()
	p.lintTables()
	p.lintWords()
}

// lintSections says which parts are missing or empty, and which headings were probably meant to be one.
func (p *page) lintSections() {
	var at, full [11]int // by place in required: the first section, and how many have words
	kinds := required()
	place := func(k Kind) int {
		for i, r := range kinds {
			if r == k {
				return i
			}
		}
		return -1
	}
	for i := range at {
		at[i] = -1
	}
	for i, s := range p.Sections {
		if j := place(s.Kind); j >= 0 {
			if at[j] < 0 {
				at[j] = s.Start
			}
			if !p.empty(i) {
				full[j]++
			}
		}
	}
	meant := map[Kind]bool{}
	for _, s := range p.Sections {
		if s.Kind != Prose {
			continue
		}
		if k := nearKind(s.Title); k != Prose && at[place(k)] < 0 && !meant[k] {
			meant[k] = true
			p.hint(s.Start, "no section is called %q; did you mean %q?", s.Title, k.Title())
		}
	}
	var missing []string
	for i, k := range kinds {
		switch {
		case meant[k]:
		case at[i] < 0:
			missing = append(missing, k.Title())
		case full[i] == 0:
			p.hint(at[i], "%s is still empty: %s", k.Title(), k.Prompt())
		case k == Timeline && len(p.Events) == 0:
			p.hint(at[i], "no entry of the timeline begins with a time; a time reads 14:05 or 2026-03-04 14:05")
		case k == Summary && !p.tellsImpact():
			p.hint(at[i], "the summary does not say what customers noticed; how many, for how long, and what they could not do")
		}
	}
	if len(missing) > 0 {
		last := lineStart(p.Text, len(bytes.TrimRight(p.Text, "\n")))
		p.hint(last, "there is no section %s; `firebreak new postmortem` writes a page with all of them and what they ask", strings.Join(missing, ", "))
	}
}

// empty says whether a section holds nothing for a reader.
func (p *page) empty(i int) bool {
	for _, n := range p.blocks[i] {
		if !blank(n, p.src) {
			return false
		}
	}
	return true
}

// tellsImpact looks for the people who felt it: in the front matter, a section of its own, or the
// summary.
func (p *page) tellsImpact() bool {
	if p.Impact != "" {
		return true
	}
	for i, s := range p.Sections {
		if s.Kind == Impact && !p.empty(i) {
			return true
		}
		if s.Kind != Summary {
			continue
		}
		text := bytes.ToLower(p.src[s.Body:s.End])
		for _, w := range []string{"customer", "user", "client", "impact", "nobody", "people", "subscriber", "merchant", "patient"} {
			if bytes.Contains(text, []byte(w)) {
				return true
			}
		}
	}
	return false
}

// judgeImprovement checks one row of the table. askOwner and askDue say whether an owner and a date are
// to be missed: not where there is no column for them, or where what stands there was complained of.
func (p *page) judgeImprovement(im *Improvement, at int, askOwner, askDue bool) {
	name := im.What
	if utf8.RuneCountInString(name) > 40 {
		name = string([]rune(name)[:39]) + "…"
	}
	switch {
	case name == "":
		p.hint(at, "this improvement does not say what will be done")
	case im.State == Declined:
		if im.Reason == "" {
			p.hint(at, "%q is declined without a reason; the next person to have the idea will want to know", name)
		}
	case im.State == Done:
		if im.Finished == "" && im.Issue == "" {
			p.hint(at, "%q is done, but nobody can tell since when; write the day under Finished, or link its issue", name)
		}
	default:
		if im.Owner == "" && askOwner {
			p.hint(at, "%q has no owner; an improvement that is everybody's is nobody's", name)
		}
		if im.Due == "" && askDue {
			p.hint(at, "%q has no date; write the day by which it will be done or dropped, as 2026-03-31", name)
		}
		if im.Finished != "" {
			p.hint(at, "%q has the finished date %s and is still %s", name, im.Finished, im.State)
		}
	}
}

// lintTables finds rows with more cells than their table has columns: Markdown drops what is too much
// without a word.
func (p *page) lintTables() {
	for _, nodes := range p.blocks {
		for _, n := range nodes {
			t, ok := n.(*east.Table)
			if !ok {
				continue
			}
			for row := t.FirstChild(); row != nil; row = row.NextSibling() {
				if cells := cellCount(p.src[row.Pos():lineEnd(p.src, row.Pos())]); cells > len(t.Alignments) {
					p.say(row.Pos(), "this row has %d cells and its table %s, so the last ones are not shown; write a bar that belongs to the text as \\|",
						cells, many(len(t.Alignments), "column", "columns"))
				}
			}
		}
	}
}

// cellCount is how many cells the source of a row has.
func cellCount(row []byte) int {
	row = bytes.TrimSpace(row)
	row = bytes.TrimPrefix(row, []byte("|"))
	if bytes.HasSuffix(row, []byte("|")) && !bytes.HasSuffix(row, []byte(`\|`)) {
		row = row[:len(row)-1]
	}
	return bytes.Count(row, []byte("|")) - bytes.Count(row, []byte(`\|`)) + 1
}

// loadedWord is a word that ends an inquiry where it should begin, and what to ask instead.
type loadedWord struct{ word, ask string }

func loaded() []loadedWord {
	const (
		sense     = "what made the action look right at the time, and what let it through?"
		hindsight = "it describes a world that was not; say what happened, and why that made sense then"
		attention = "what would have had to be noticed, and what drew the attention elsewhere?"
	)
	return []loadedWord{
		{"human error", sense},
		{"user error", sense},
		{"operator error", sense},
		{"should have", hindsight},
		{"should've", hindsight},
		{"careless", attention},
		{"negligen", attention},
		{"sloppy", attention},
		{"incompeten", "what would one have had to know, and where could it have been learnt?"},
		{"failed to follow", "what made the procedure hard to follow, or not fit what was going on?"},
		{"didn't bother", "what else was going on, and what seemed more urgent?"},
	}
}

// causal are words that, beside a person's name, make the person the cause.
func causal() []string {
	return []string{"caused", "causing", "the cause", "mistake", "mistakenly", "accidentally", "forgot", "broke ", "fault", "blame", "wrongly", "failed to", "neglect", "overlooked"}
}

// lintWords looks for words that blame. Each is said once a page, at its first place. Quotations and
// code are somebody else's words.
func (p *page) lintWords() {
	lower := bytes.ReplaceAll(bytes.ToLower(p.src), []byte("\n"), []byte(" "))
	phrases := slices.DeleteFunc(loaded(), func(l loadedWord) bool { return !bytes.Contains(lower, []byte(l.word)) })
	var names []string
	for _, full := range p.team.Names {
		name, _, _ := strings.Cut(full, " ") // the first name stands in the full one too
		if len(name) < 3 {
			name = full
		}
		if name != "" && bytes.Contains(p.src, []byte(name)) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(phrases) == 0 && len(names) == 0 {
		return
	}
	for _, nodes := range p.blocks {
		for _, n := range nodes {
			p.prose(n, func(text string, at int) {
				phrases = slices.DeleteFunc(phrases, func(l loadedWord) bool {
					i := indexFold(text, l.word)
					if i >= 0 {
						p.hint(at+i, "%q: %s (%s)", oneLine(text[i:i+len(l.word)]), l.ask, creed)
					}
					return i >= 0
				})
				names = slices.DeleteFunc(names, func(name string) bool {
					i := blamed(text, name)
					if i >= 0 {
						p.hint(at+i, "%s is named beside a cause; tell what the system showed, allowed and asked for, and leave the name out (%s)", name, creed)
					}
					return i >= 0
				})
			})
		}
	}
}

// prose calls f with each piece of running text below n, and its place.
func (p *page) prose(n ast.Node, f func(text string, at int)) {
	switch n := n.(type) {
	case *ast.Blockquote, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock:
		return
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading, *east.TableCell:
		// From the first line's start to the last one's end: indentation between them does no harm, and
		// places agree.
		if l := n.Lines(); l.Len() > 0 {
			first, last := l.At(0), l.At(l.Len()-1)
			f(string(p.src[first.Start:max(first.Start, last.Stop)]), first.Start)
		}
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.prose(c, f)
	}
}

// indexFold is where a word in small ASCII letters stands in text, whatever the case and whatever blanks
// are between its parts; -1 if nowhere.
func indexFold(text, word string) int {
	for i := 0; i+len(word) <= len(text); i++ {
		if strings.EqualFold(text[i:i+1], word[:1]) && sameWord(text[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}

func sameWord(text, word string) bool {
	for i := range len(word) {
		b := text[i]
		if b == '\n' {
			b = ' '
		}
		if b != word[i] && (!letter(b) || b|0x20 != word[i]) {
			return false
		}
	}
	return true
}

// blamed is where name stands in a sentence with a word that makes it the cause; -1 if nowhere.
func blamed(text, name string) int {
	for from := 0; from < len(text); {
		end := len(text)
		if i := strings.IndexAny(text[from:], ".!?"); i >= 0 {
			end = from + i + 1
		}
		if i := named(text[from:end], name); i >= 0 && makesCause(text[from:end], name) {
			return from + i
		}
		from = end
	}
	return -1
}

// named is where name stands as a word; -1 if nowhere.
func named(text, name string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return -1
		}
		i += from
		from = i + len(name)
		if before, _ := utf8.DecodeLastRuneInString(text[:i]); !unicode.IsLetter(before) && !letterAt(text[from:]) {
			return i
		}
	}
}

func makesCause(sentence, name string) bool {
	sentence = strings.ToLower(strings.ReplaceAll(sentence, "\n", " "))
	name = strings.ToLower(name)
	for _, w := range causal() {
		if strings.Contains(sentence, w) {
			return true
		}
	}
	return strings.Contains(sentence, "because "+name) || strings.Contains(sentence, "because of "+name) || strings.Contains(sentence, "due to "+name)
}

package site

// HTML written by hand, for what there is much of: item entries and tables. A template would cost a
// hundred times as much, and these have no looks of their own: they are elements with classes, and
// the theme's style sheet does the rest.

import (
	"html/template"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors/record"
)

// sheet is a piece of HTML being written. Whatever is not from this package goes through text.
type sheet struct {
	b    []byte
	root string // the way to the wiki's root from the entry this is for
	zone *time.Location
}

func (s *sheet) raw(parts ...string) *sheet {
	for _, p := range parts {
		s.b = append(s.b, p...)
	}
	return s
}

func (s *sheet) text(t string) *sheet { s.b = appendText(s.b, t); return s }

// title writes words of foreign origin apart from their neighbours: a right-to-left mark in them
// stays in them, and so do marks that pile up on a letter.
func (s *sheet) title(t string) *sheet { return s.raw("<bdi>").text(unpiled(t)).raw("</bdi>") }

// mostMarks is how many marks one letter keeps: no language writes more, and those of a joker reach over
// the lines above and below.
const mostMarks = 6

// unpiled leaves out the marks beyond the first few on each letter.
func unpiled(t string) string {
	marks := 0
	over := func(r rune) bool {
		if r < utf8.RuneSelf || !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Me, r) {
			marks = 0
			return false
		}
		marks++
		return marks > mostMarks
	}
	if strings.IndexFunc(t, over) < 0 {
		return t
	}
	marks = 0
	return strings.Map(func(r rune) rune {
		if over(r) {
			return -1
		}
		return r
	}, t)
}

func (s *sheet) number(n int) *sheet { s.b = strconv.AppendInt(s.b, int64(n), 10); return s }

// moment writes an instant in the team's zone, to the minute, and for machines in UTC.
func (s *sheet) moment(t record.Instant) *sheet {
	if t == 0 {
		return s.raw("–")
	}
	s.raw(`<time datetime="`)
	s.b = t.Time().AppendFormat(s.b, "2006-01-02T15:04Z")
	s.raw(`">`)
	s.b = appendMoment(s.b, t, s.zone)
	return s.raw("</time>")
}

// second writes an instant to the second where it has seconds: what stands beside it is reckoned in seconds.
func (s *sheet) second(t record.Instant) *sheet {
	l := t.In(s.zone)
	if t == 0 || l.Second() == 0 {
		return s.moment(t)
	}
	s.raw(`<time datetime="`)
	s.b = t.Time().AppendFormat(s.b, "2006-01-02T15:04:05Z")
	s.raw(`">`)
	s.b = l.AppendFormat(s.b, "Mon 2 Jan 2006, 15:04:05")
	return s.raw("</time>")
}

func (s *sheet) html() template.HTML { return template.HTML(s.b) }

// near writes an instant of the year that the wiki speaks for without saying the year.
func (s *sheet) near(t, asOf record.Instant) *sheet {
	l := t.In(s.zone)
	if t == 0 || l.Year() != asOf.In(s.zone).Year() {
		return s.moment(t)
	}
	s.raw(`<time datetime="`)
	s.b = t.Time().AppendFormat(s.b, "2006-01-02T15:04Z")
	s.raw(`">`)
	s.b = l.AppendFormat(s.b, "Mon 2 Jan, 15:04")
	return s.raw("</time>")
}

// appendMoment writes Mon 23 Nov 2026, 09:30.
func appendMoment(b []byte, t record.Instant, zone *time.Location) []byte {
	return t.In(zone).AppendFormat(b, "Mon 2 Jan 2006, 15:04")
}

// appendText escapes t for an element or a quoted attribute. Bytes that are no UTF-8 and control
// characters, which have no place in HTML, become U+FFFD.
func appendText(b []byte, t string) []byte {
	from := 0
	for i := 0; i < len(t); {
		c := t[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(t[i:])
			if r == utf8.RuneError && n == 1 || r >= 0x80 && r < 0xa0 {
				b = append(append(b, t[from:i]...), "\uFFFD"...)
				from = i + n
			}
			i += n
			continue
		}
		esc := ""
		switch {
		case c == '&':
			esc = "&amp;"
		case c == '<':
			esc = "&lt;"
		case c == '>':
			esc = "&gt;"
		case c == '"':
			esc = "&#34;"
		case c == '\'':
			esc = "&#39;"
		case c < ' ' && c != '\n' && c != '\t' || c == 0x7f:
			esc = "\uFFFD"
		default:
			i++
			continue
		}
		b = append(append(b, t[from:i]...), esc...)
		i++
		from = i
	}
	return append(b, t[from:]...)
}

// printable shows the control characters of t, and bytes that are no UTF-8, as U+FFFD: an escape
// sequence in a title must not reach the terminal of whoever looks at a file. Tabs and line ends stay.
func printable(t string) string {
	if strings.IndexFunc(t, control) < 0 {
		return t
	}
	return strings.Map(func(r rune) rune {
		if control(r) {
			return utf8.RuneError
		}
		return r
	}, t)
}

func control(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError
}

// short cuts t to so many characters, at a character.
func short(t string, most int) string {
	if len(t) <= most {
		return t
	}
	n, cut := 0, 0
	for i := range t {
		switch n {
		case most - 1:
			cut = i
		case most:
			return t[:cut] + "…"
		}
		n++
	}
	return t
}

// web says whether an address may be linked to: people's browsers follow http and https only, and a
// tracker's export may hold anything.
func web(url string) bool {
	if len(url) < 9 || len(url) > 2000 || strings.ContainsAny(url, " \t\r\n\"'<>\\\x00") {
		return false
	}
	lower := strings.ToLower(url[:8])
	return strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://")
}

// out links to another host. Only here do entries lead out of the wiki, besides what authors link to.
func (s *sheet) out(url, label string) *sheet {
	if !web(url) {
		return s.text(label)
	}
	return s.raw(`<a class="out" rel="noreferrer" href="`).text(url).raw(`">`).text(label).raw("</a>")
}

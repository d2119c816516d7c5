package jira

// Descriptions as plain text, cut at record.TextLimit. It is for rules to look at and for people to
// recognise, so words and addresses stay and most decoration goes; it does not try to be pretty.

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors/record"
)

// maxURLs is how many addresses of a text become links: enough for the pager's incident, a dashboard
// and a runbook, and no catalogue.
const maxURLs = 5

// text collects plain text, without empty lines and without blanks at the ends of lines.
type text struct{ b []byte }

func (t *text) write(s string) {
	if len(t.b) == 0 {
		s = strings.TrimLeft(s, " \t")
	}
	t.b = append(t.b, s...)
}

// lines writes what may have line ends of its own.
func (t *text) lines(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			t.newline()
		}
		t.write(line)
	}
}

func (t *text) newline() {
	t.b = bytes.TrimRight(t.b, " \t\r\n")
	if len(t.b) > 0 {
		t.b = append(t.b, '\n')
	}
}

// String is the text, cut at the limit between characters.
func (t *text) String() string {
	b := t.b
	if len(b) > record.TextLimit {
		b = b[:record.TextLimit]
		for i := 1; i < utf8.UTFMax && !utf8.RuneStart(t.b[len(b)]); i++ {
			b = b[:len(b)-1]
		}
	}
	return string(bytes.TrimRight(b, " \t\r\n"))
}

func isWebAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// cut is s up to n bytes, without half a character at the end.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimRight(s[:n], " \t\r\n")
}

// addresses are the web addresses in a text, each once.
func addresses(text string) []string {
	var found []string
	for rest := text; len(found) < maxURLs; {
		i := strings.Index(rest, "http")
		if i < 0 {
			break
		}
		rest = rest[i:]
		if !isWebAddress(rest) {
			rest = rest[4:]
			continue
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`<>"'|[]{}()\^`+"`", r) })
		if end < 0 {
			if len(text) >= record.TextLimit-utf8.UTFMax { // the text was cut, perhaps inside of it
				break
			}
			end = len(rest)
		}
		address := strings.TrimRight(rest[:end], ".,;:!?*_~")
		rest = rest[end:]
		if host := address[strings.Index(address, "//")+2:]; host != "" && host[0] != '/' && !slices.Contains(found, address) {
			found = append(found, address)
		}
	}
	return found
}

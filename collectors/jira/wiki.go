package jira

// Wiki markup, as REST API v2 and Server have it, as plain text.

import (
	"html"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// wikiEnough is how much markup is looked at for a text of record.TextLimit.
const wikiEnough = 8 * record.TextLimit

// macros are the names in braces that wiki markup has for its blocks. Other words in braces are
// somebody's code.
var macros = map[string]bool{
	"code": true, "noformat": true, "quote": true, "panel": true, "color": true, "html": true, "anchor": true,
	"info": true, "note": true, "tip": true, "warning": true, "section": true, "column": true, "toc": true,
}

// special says whether a character may begin markup, or ends a line.
func special(c byte) bool {
	switch c {
	case '\r', '\n', '{', '}', '[', '!', '<':
		return true
	}
	return false
}

// plainWiki is wiki markup as plain text.
// https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
func plainWiki(s string) string {
	t := text{make([]byte, 0, min(len(s), record.TextLimit+256))}
	inHTML, entities, lineStart := false, false, true
	for i := 0; i < len(s) && len(t.b) <= record.TextLimit; {
		rest := s[i:]
		c := rest[0]
		if lineStart {
			i += headingMark(rest)
			rest = s[i:]
			if rest == "" {
				break
			}
			c = rest[0]
		}
		lineStart = c == '\n'
		switch c {
		case '\n':
			t.newline()
			i++
			continue
		case '\r':
			i++
			continue
		case '{', '}':
			if len(rest) > 1 && rest[1] == c { // {{monospace}}
				i += 2
				continue
			}
			if name, n := macro(rest); c == '{' && n > 0 {
				if name == "html" {
					inHTML = !inHTML
					entities = true
				}
				i += n
				continue
			}
		case '<':
			if n := strings.IndexByte(rest, '>'); inHTML && n >= 0 {
				i += n + 1
				continue
			}
		case '[':
			if link, n := wikiLink(rest); n > 0 {
				t.write(link)
				i += n
				continue
			}
		case '!':
			if n := wikiImage(rest); n > 0 {
				i += n
				continue
			}
		}
		n := 1
		for n < len(rest) && !special(rest[n]) {
			n++
		}
		t.write(rest[:n])
		i += n
	}
	if entities {
		return cut(html.UnescapeString(t.String()), record.TextLimit)
	}
	return t.String()
}

// headingMark is the length of "h1. " or "bq. ".
func headingMark(s string) int {
	if len(s) >= 4 && s[2] == '.' && s[3] == ' ' && (s[0] == 'h' && '1' <= s[1] && s[1] <= '6' || s[:2] == "bq") {
		return 4
	}
	return 0
}

// macro reads "{code:java}".
func macro(s string) (name string, n int) {
	end := strings.IndexByte(s[:min(len(s), 200)], '}')
	if end < 1 {
		return "", 0
	}
	name, _, _ = strings.Cut(s[1:end], ":")
	if !macros[name] {
		return "", 0
	}
	return name, end + 1
}

// wikiLink reads "[text|https://…]", "[https://…]" and "[~person]".
func wikiLink(s string) (text string, n int) {
	end := strings.IndexAny(s, "]\n")
	if end < 2 || s[end] == '\n' {
		return "", 0
	}
	in := s[1:end]
	if person, ok := strings.CutPrefix(in, "~"); ok {
		return "@" + strings.TrimPrefix(person, "accountid:"), end + 1
	}
	parts := strings.Split(in, "|")
	for i, p := range parts {
		if isWebAddress(p) {
			if i > 0 && parts[0] != p {
				return parts[0] + " " + p, end + 1
			}
			return p, end + 1
		}
	}
	return "", 0
}

// wikiImage reads "!screen.png|thumbnail!".
func wikiImage(s string) int {
	end := strings.IndexAny(s[1:], "!\n")
	if end < 4 || s[end+1] == '\n' {
		return 0
	}
	name, _, _ := strings.Cut(s[1:end+1], "|")
	dot := strings.LastIndexByte(name, '.')
	if dot < 1 || len(name)-dot > 6 || strings.ContainsAny(name, " \t") && !strings.Contains(s[1:end+1], "|") {
		return 0
	}
	return end + 2
}

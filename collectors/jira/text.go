package jira

// Descriptions as plain text: from wiki markup (REST API v2, Server) and from the Atlassian Document
// Format (v3), cut at record.TextLimit. It is for rules to look at and for people to recognise, so
// words and addresses stay and most decoration goes; it does not try to be pretty.

import (
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors/record"
)

// wikiEnough is how much markup is looked at for a text of record.TextLimit.
const wikiEnough = 8 * record.TextLimit

// maxURLs is how many addresses of a text become links: enough for the pager's incident, a dashboard
// and a runbook, and no catalogue.
const maxURLs = 5

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
	var b strings.Builder
	b.Grow(min(len(s), record.TextLimit))
	inHTML, lineStart := false, true
	for i := 0; i < len(s) && b.Len() <= record.TextLimit; {
		rest := s[i:]
		c := rest[0]
		if lineStart {
			if n := headingMark(rest); n > 0 {
				i += n
				lineStart = false
				continue
			}
		}
		if lineStart = c == '\n'; lineStart {
			b.WriteByte(c)
			i++
			continue
		}
		switch {
		case c == '\r':
			i++
			continue
		case strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "}}"):
			i += 2
			continue
		case c == '{':
			if name, n := macro(rest); n > 0 {
				if name == "html" {
					inHTML = !inHTML
				}
				i += n
				continue
			}
		case c == '<' && inHTML:
			if n := strings.IndexByte(rest, '>'); n >= 0 {
				i += n + 1
				continue
			}
		case c == '[':
			if text, n := wikiLink(rest); n > 0 {
				b.WriteString(text)
				i += n
				continue
			}
		case c == '!':
			if n := wikiImage(rest); n > 0 {
				i += n
				continue
			}
		}
		n := 1
		for n < len(rest) && !special(rest[n]) {
			n++
		}
		b.WriteString(rest[:n])
		i += n
	}
	text := b.String()
	if strings.Contains(text, "&") && strings.Contains(s, "{html}") {
		text = html.UnescapeString(text)
	}
	return trimText(text)
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
	if end < 0 {
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

func isWebAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// trimText cuts a text to the limit, between characters, and takes empty lines out of it.
func trimText(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, " \t\r\n")
		if line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return cut(strings.TrimLeft(b.String(), " \t"), record.TextLimit)
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

// document reads a value in the Atlassian Document Format as plain text.
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
func (d *decoder) document() string {
	var b strings.Builder
	d.node(&b, 0)
	return trimText(b.String())
}

// node reads one node of a document. What stands beyond the limit is stepped over.
func (d *decoder) node(b *strings.Builder, depth int) {
	s := &d.s
	if b.Len() > record.TextLimit || depth > 100 || s.kind() != '{' {
		s.skip()
		return
	}
	var kind, text, href string
	s.enter('{')
	for s.member() {
		switch string(s.name) {
		case "type":
			kind = d.word()
		case "text":
			text = d.str()
		case "attrs":
			if !s.enter('{') {
				continue
			}
			for s.member() {
				switch string(s.name) {
				case "url":
					href = d.str()
				case "text", "shortName":
					if text == "" {
						text = d.str()
						continue
					}
					s.skip()
				default:
					s.skip()
				}
			}
		case "marks":
			if h := d.linkMark(); h != "" {
				href = h
			}
		case "content":
			if !s.enter('[') {
				continue
			}
			for s.element() {
				d.node(b, depth+1)
			}
		default:
			s.skip()
		}
	}
	switch kind {
	case "hardBreak":
		text = "\n"
	case "paragraph", "heading", "codeBlock", "blockquote", "rule", "listItem", "taskItem", "decisionItem", "tableRow", "blockCard", "embedCard":
		text = "\n" + text
		if href != "" {
			text = href + text
			href = ""
		}
	case "tableCell", "tableHeader":
		text += " "
	}
	b.WriteString(text)
	if href != "" && href != text && isWebAddress(href) {
		if text != "" {
			b.WriteByte(' ')
		}
		b.WriteString(href)
	}
}

// linkMark is the address that the marks of a text give it.
func (d *decoder) linkMark() (href string) {
	s := &d.s
	if !s.enter('[') {
		return ""
	}
	for s.element() {
		if !s.enter('{') {
			continue
		}
		for s.member() {
			if string(s.name) != "attrs" || !s.enter('{') {
				if string(s.name) != "attrs" {
					s.skip()
				}
				continue
			}
			for s.member() {
				if string(s.name) == "href" {
					href = d.str()
				} else {
					s.skip()
				}
			}
		}
	}
	return href
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

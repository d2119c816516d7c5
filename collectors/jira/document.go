package jira

// The Atlassian Document Format, as REST API v3 has it, as plain text.

import (
	"github.com/firebreak/firebreak/collectors/record"
)

// document reads a value in the Atlassian Document Format as plain text.
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
func (d *decoder) document() string {
	var t text
	d.node(&t, 0)
	return t.String()
}

// node reads one node of a document. What stands beyond the limit is stepped over.
func (d *decoder) node(t *text, depth int) {
	s := &d.s
	if len(t.b) > record.TextLimit || depth > 100 || s.kind() != '{' {
		s.skip()
		return
	}
	var kind, words, href string
	s.enter('{')
	for s.member() {
		switch string(s.name) {
		case "type":
			kind = d.word()
		case "text":
			words = d.str()
		case "attrs":
			if !s.enter('{') {
				continue
			}
			for s.member() {
				switch string(s.name) {
				case "url":
					href = d.str()
				case "text", "shortName":
					if words == "" {
						words = d.str()
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
				d.node(t, depth+1)
			}
		default:
			s.skip()
		}
	}
	switch kind {
	case "hardBreak":
		t.newline()
	case "tableCell", "tableHeader":
		t.write(" ")
	}
	t.lines(words)
	if href != "" && href != words && isWebAddress(href) {
		if words != "" {
			t.write(" ")
		}
		t.write(href)
	}
	switch kind {
	case "paragraph", "heading", "codeBlock", "blockquote", "rule", "listItem", "taskItem", "decisionItem", "tableRow", "blockCard", "embedCard":
		t.newline()
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

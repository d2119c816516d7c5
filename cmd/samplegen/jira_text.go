package main

// Texts in Atlassian's document format.

import "strings"

// doc writes a text in Atlassian's document format: paragraphs, and lists where lines begin with a
// number and a dot.
func (j *jiraWriter) doc(text string) {
	if text == "" {
		j.null()
		return
	}
	j.obj().k("type").str("doc")
	j.k("version").num(1)
	j.k("content").arr()
	for _, block := range strings.Split(text, "\n\n") {
		if strings.HasPrefix(block, "1. ") {
			j.obj().k("type").str("orderedList")
			j.k("content").arr()
			for _, line := range strings.Split(block, "\n") {
				if _, rest, ok := strings.Cut(line, ". "); ok {
					line = rest
				}
				j.obj().k("type").str("listItem")
				j.k("content").arr()
				j.paragraph(line)
				j.ary().end()
			}
			j.ary().end()
			continue
		}
		j.paragraph(block)
	}
	j.ary().end()
}

func (j *jiraWriter) paragraph(text string) {
	j.obj().k("type").str("paragraph")
	j.k("content").arr()
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			j.obj().k("type").str("hardBreak")
			j.end()
		}
		j.obj().k("type").str("text")
		j.k("text").str(line)
		if strings.HasPrefix(line, "https://") && !strings.Contains(line, " ") {
			j.k("marks").arr().obj().k("type").str("link")
			j.k("attrs").obj().k("href").str(line)
			j.end().end().ary()
		}
		j.end()
	}
	j.ary().end()
}

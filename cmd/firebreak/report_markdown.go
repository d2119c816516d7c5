package main

// A report as Markdown, for the summary of a CI job, a comment or a chat message. It is lists and no tables,
// because chats show no tables, and it has no HTML. GitHub takes 65,536 characters in a comment and 1 MiB in
// a job's summary (docs.github.com, Workflow commands, "Step isolation and limits"); whatever the night, this
// stays below the first.

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/site"
)

const (
	mostOfMarkdown = 60_000 // bytes, of which there are at least as many as characters
	mostOfAList    = 10
)

func writeMarkdown(w io.Writer, s *site.Summary) error {
	var b strings.Builder
	full := false
	add := func(line string) { // the first line that has no room ends it
		if full = full || b.Len()+len(line) > mostOfMarkdown; !full {
			b.WriteString(line + "\n")
		}
	}
	add("## " + escape(s.Name(), 200))
	add("")
	add("As of " + s.AsOf.In(s.Zone).Format("Monday, 2 January 2006, 15:04 MST") + ".")
	add(escape(restsOn(s), 600) + ".")
	add("")
	for _, f := range s.Chosen() {
		line := "- **" + escape(f.Title, 120) + "**: " + escape(headline(s.Report, f), 80)
		if word := f.Verdict(f.Good); word != "" {
			line += ", **" + word + "**"
		}
		if d := strings.Join(details(f), " · "); d != "" {
			line += " (" + escape(d, 200) + ")"
		}
		add(line)
		if f.Sentence != "" {
			add("  " + escape(f.Sentence, 600))
		}
	}
	if len(s.Gates) > 0 {
		add("\n### Gates\n")
		for _, g := range s.Gates {
			add("- **" + string(g.Verdict) + "**: " + escape(g.Text, 200) + ": " + escape(g.Sentence, 400))
		}
	}
	for i := range s.Changed {
		c := &s.Changed[i]
		add("\n### What changed\n\n" + escape(c.Sentence, 600))
		for _, note := range c.Notes {
			add("\n" + escape(note, 600))
		}
		for k := range c.Lists {
			t := &c.Lists[k]
			add("\n**" + escape(t.Title, 200) + "**\n")
			for _, row := range t.Rows[:min(len(t.Rows), mostOfAList)] {
				add("- " + inOneLine(cells(row, t.Columns, s.Report), t.Columns))
			}
			if more := len(t.Rows) - mostOfAList; more > 0 {
				add(fmt.Sprintf("- and %d more", more))
			}
		}
	}
	if ds := doubts(s); len(ds) > 0 {
		add("\n### What to know before believing it\n")
		for _, d := range ds[:min(len(ds), mostDoubts)] {
			add("- " + escape(d, 400))
		}
		if more := len(ds) - mostDoubts; more > 0 {
			add(fmt.Sprintf("- and %d more", more))
		}
	}
	if full {
		b.WriteString("\nThe rest did not fit; `firebreak report` prints all of it.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// inOneLine is a row of a list in a line: the first cell, then each further one under its column's name.
func inOneLine(row []string, columns []analysis.Column) string {
	var parts []string
	for i, c := range row {
		switch {
		case c == "":
		case i == 0:
			parts = append(parts, escape(c, 120))
		default:
			parts = append(parts, strings.ToLower(columns[i].Title)+": "+escape(c, 200))
		}
	}
	return strings.Join(parts, "; ")
}

// cells are a row in words: an item as its key and title, moments in the team's zone.
func cells(row []analysis.Cell, columns []analysis.Column, r *analysis.Report) []string {
	words := make([]string, len(row))
	for i, c := range row {
		switch {
		case c.Item != nil:
			words[i] = plain(c.Item.Key + " " + c.Item.Title)
		case c.Num.Known && columns[i].Unit == analysis.Moment:
			words[i] = moment(r, c.Num)
		case c.Num.Known:
			words[i] = columns[i].Unit.Format(c.Num)
		default:
			words[i] = plain(c.Text)
		}
	}
	return words
}

func moment(r *analysis.Report, n record.Number) string {
	return record.Instant(n.Value).In(r.Zone).Round(time.Second).Format("2 Jan 2006 15:04")
}

// escape makes a text that means nothing to Markdown: in one line, cut to so many characters, what Markdown
// or a chat would read as markup behind a backslash. A backslash does not keep GitHub from calling whoever is
// named behind an @, from linking #12 or what looks like an address, so these are parted by a word joiner
// (U+2060), which shows nothing.
func escape(s string, most int) string {
	s = cut(strings.Join(strings.Fields(plain(s)), " "), most)
	var b strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune("\\`*_[]<>~&$|", r), i == 0 && strings.ContainsRune("#+-=!", r), numbers(s, i):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '@', r == '#', r == ':' && strings.HasPrefix(s[i:], "://"):
			b.WriteRune(r)
			b.WriteRune('\u2060')
		case r == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www"):
			b.WriteString("\u2060.")
		case r == utf8.RuneError:
			b.WriteRune('\ufffd')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// numbers says whether what stands at i makes the beginning of s the number of a list: 1. or 1), with nothing or a
// blank behind it. That of 98.1 % does not, and a chat that knows no Markdown would show its backslash.
func numbers(s string, i int) bool {
	digits, rest := s[:i], s[i+1:]
	return i > 0 && (s[i] == '.' || s[i] == ')') && strings.Trim(digits, "0123456789") == "" && (rest == "" || rest[0] == ' ')
}

package postmortem

// What is checked of a page once it is read. Nothing here stops a publication: a complaint is a
// colleague looking over the author's shoulder, and says what would be better, and why.

import (
	"bytes"
	"strings"
	"unicode/utf8"

	east "github.com/yuin/goldmark/extension/ast"
)

// lint checks the page as a whole.
func (p *page) lint() {
	p.lintSections()
	p.lintTables()
	p.lintWords()
}

// lintSections says which parts are missing or empty, and which headings were probably meant to be one.
func (p *page) lintSections() {
	there, full, meant := map[Kind]bool{}, map[Kind]bool{}, map[Kind]bool{}
	for i, s := range p.Sections {
		there[s.Kind] = true
		full[s.Kind] = full[s.Kind] || !p.empty(i)
	}
	for _, s := range p.Sections {
		if s.Kind != Prose {
			continue
		}
		if k := nearKind(s.Title); k != Prose && !there[k] && !meant[k] {
			meant[k] = true
			p.hint(s.Start, "no section is called %q; did you mean %q?", s.Title, k.Title())
		}
	}
	var missing []string
	for _, k := range required() {
		s, _ := p.Section(k)
		switch {
		case meant[k]:
		case !there[k]:
			missing = append(missing, k.Title())
		case !full[k]:
			p.hint(s.Start, "%s is still empty: %s", k.Title(), k.Prompt())
		case k == Timeline && len(p.Events) == 0:
			p.hint(s.Start, "no entry of the timeline begins with a time; a time reads 14:05 or 2026-03-04 14:05")
		case k == Summary && !p.tellsImpact():
			p.hint(s.Start, "the summary does not say what customers noticed; how many, for how long, and what they could not do")
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

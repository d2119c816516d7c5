package site

// The pattern radar: what a team hangs up for its retrospective. What was seen comes first, each with what shows
// it and what to try first; then what cannot be told, with what it would take; then what is clear, in a line each.

import (
	"fmt"
	"html/template"

	"github.com/yuin/goldmark"

	"github.com/firebreak/firebreak/analysis"
)

// patternsView is what patterns.html is given.
type patternsView struct {
	Standfirst string
	Metric     string // the way to how it is counted
	Seen       []patternView
	Cannot     []patternView
	Clear      []patternView
}

// patternView is one pattern as it was found.
type patternView struct {
	ID, Title, Said, First, Bounds string
	About                          template.HTML
	Evidence                       template.HTML
	Cut                            string // says that not all of the evidence is here
}

func (b *builder) patternEntry() error {
	f := b.figure("patterns")
	if f == nil {
		return nil
	}
	v := patternsView{Standfirst: f.Sentence, Metric: root(patternsPlace) + metricPlace(f.Name)}
	md := newMarkdown()
	for i := range b.report.Radar {
		found := &b.report.Radar[i]
		view := b.pattern(md, found)
		switch found.Sight {
		case analysis.PatternSeen:
			v.Seen = append(v.Seen, view)
		case analysis.PatternUntold:
			v.Cannot = append(v.Cannot, view)
		default:
			v.Clear = append(v.Clear, view)
		}
	}
	b.index(patternsPlace, f.Title, f.Question+" "+f.Sentence, "List")
	return b.entry(patternsPlace, "metrics", f.Title, "patterns", v, false)
}

func (b *builder) pattern(md goldmark.Markdown, f *analysis.Finding) patternView {
	v := patternView{ID: segment(f.Name), Title: f.Title, Said: f.Said, First: f.First, Bounds: f.Thresholds(), About: b.doc(md, f.About)}
	if len(f.Clues) == 0 {
		return v
	}
	s := b.sheet(patternsPlace)
	s.list("What shows it: "+f.Title, "Evidence", "Why")
	for i := range f.Clues {
		c := &f.Clues[i]
		s.raw(`<tr><th scope="row">`)
		switch {
		case c.Item != nil:
			b.fireLink(s, c.Item)
			s.raw(" ").title(short(c.Item.Title, 140))
		case c.Page != nil:
			b.pageTitle(s, c.Page)
		case c.Postmortem != "":
			s.raw(`<a href="`, s.root).text(postmortemPlace(c.Postmortem)).raw(`">`).title(short(c.What, 140)).raw("</a>")
		default:
			s.title(short(c.What, 140))
		}
		s.raw("</th><td>").title(short(c.Why, 300)).raw("</td></tr>\n")
	}
	v.Evidence = s.end().html()
	if f.All > len(f.Clues) {
		v.Cut = fmt.Sprintf("The first %d pieces of evidence, of %d.", len(f.Clues), f.All)
	}
	return v
}

package analysis

// What people thought of the pages, tied to the pages (analysis/triage).

import (
	"cmp"
	"slices"
	"time"

	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

// triaged ties the lines of the weeks that began before as-of to their pages. Of two lines of one page
// the first that is judged counts.
func (n *Night) triaged(weeks []*triage.Week) {
	for _, w := range weeks {
		if from, _, ok := triage.Span(w.Week, n.Zone); ok && from < n.AsOf {
			n.Triage = append(n.Triage, w)
		}
	}
	slices.SortStableFunc(n.Triage, func(a, b *triage.Week) int { return cmp.Compare(a.Week, b.Week) })
	lines := map[record.Ref]*triage.Line{}
	for _, w := range n.Triage {
		for i := range w.Lines {
			l := &w.Lines[i]
			if first := lines[l.Page]; first == nil || !first.Judged() {
				lines[l.Page] = l
			}
		}
	}
	if len(lines) == 0 {
		return
	}
	for _, p := range n.Pages {
		p.Triage = lines[p.Ref]
	}
}

// ToTriage are the pages of [from, to) as lines without a verdict, by trigger time. A page that was
// merged into another has none.
func (n *Night) ToTriage(from, to record.Instant) []triage.Line {
	var ls []triage.Line
	for _, p := range n.Pages {
		if p.Into == nil && from <= p.Triggered && p.Triggered < to {
			ls = append(ls, triage.Line{Page: p.Ref, At: p.Triggered, Service: triage.Short(p.at()), Title: triage.Short(p.Title)})
		}
	}
	return ls
}

// Stray is a judged line that counts for nothing, because its page does not.
type Stray struct {
	*triage.Line
	Into *Page // the page that it was merged into; nil where the ledger does not know the page at all
}

// Strays are the lines with a verdict that no page of the ledger answers to. The ledger speaks for what
// is before as-of, so lines of later are none.
func (n *Night) Strays() []Stray {
	pages := map[record.Ref]*Page{}
	for _, p := range n.Pages {
		if p.Triage != nil {
			pages[p.Ref] = p
		}
	}
	var ss []Stray
	for _, w := range n.Triage {
		for i := range w.Lines {
			l := &w.Lines[i]
			if !l.Judged() || l.At.Add(time.Minute) > n.AsOf { // a line tells its time to the minute
				continue
			}
			if p := pages[l.Page]; p == nil || p.Into != nil {
				s := Stray{Line: l}
				if p != nil {
					s.Into = p.Into
				}
				ss = append(ss, s)
			}
		}
	}
	return ss
}

// verdict is what a person thought of the page; "" where nobody has said.
func (p *Page) verdict() triage.Verdict {
	if p.Triage == nil {
		return ""
	}
	return p.Triage.Verdict
}

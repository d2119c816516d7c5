package triage

// Bringing a week up to date with the ledger.

import (
	"cmp"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// Change is what an update did to a week.
type Change struct {
	New       int    // lines that were not there
	Refreshed int    // lines whose time, service or title is another now
	Dropped   int    // lines of pages that are gone, which nobody had written anything into
	Kept      []Line // lines of pages that are gone, with a verdict or a note
}

// Update brings the lines up to date with the pages of the week that the ledger knows. Verdicts and
// notes stay as they are, and so do the lines they stand in.
func (w *Week) Update(found []Line) Change {
	var c Change
	had := map[record.Ref]*Line{}
	for i := range w.Lines {
		had[w.Lines[i].Page] = &w.Lines[i]
	}
	is := map[record.Ref]bool{}
	var lines []Line
	for _, l := range found {
		is[l.Page] = true
		if old := had[l.Page]; old == nil {
			c.New++
		} else {
			if facts(&l, w.Zone) != facts(old, w.Zone) {
				c.Refreshed++
			}
			l.Verdict, l.Note, l.File, l.Row = old.Verdict, old.Note, old.File, old.Row
		}
		lines = append(lines, l)
	}
	for _, l := range w.Lines {
		switch {
		case is[l.Page]:
		case l.Judged() || l.Note != "":
			c.Kept = append(c.Kept, l)
			lines = append(lines, l)
		default:
			c.Dropped++
		}
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Or(cmp.Compare(a.At, b.At), a.Page.Compare(b.Page)) })
	w.Lines = lines
	return c
}

// Unjudged counts the lines without a verdict.
func (w *Week) Unjudged() int {
	n := 0
	for i := range w.Lines {
		if !w.Lines[i].Judged() {
			n++
		}
	}
	return n
}

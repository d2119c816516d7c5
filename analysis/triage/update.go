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
// notes stay as they are, and so do the lines they stand in, in the order that people gave them: a new page
// comes after the last line of an earlier one.
func (w *Week) Update(found []Line) Change {
	var c Change
	found = slices.SortedStableFunc(slices.Values(found), func(a, b Line) int { return cmp.Or(cmp.Compare(a.At, b.At), a.Page.Compare(b.Page)) })
	now := map[record.Ref]*Line{}
	for i := range found {
		now[found[i].Page] = &found[i]
	}
	had := map[record.Ref]bool{}
	var lines []Line
	for _, l := range w.Lines {
		had[l.Page] = true
		switch is := now[l.Page]; {
		case is != nil:
			if facts(is, w.Zone) != facts(&l, w.Zone) {
				c.Refreshed++
			}
			l.At, l.Service, l.Title = is.At, is.Service, is.Title
		case l.Judged() || l.Note != "":
			c.Kept = append(c.Kept, l)
		default:
			c.Dropped++
			continue
		}
		lines = append(lines, l)
	}
	for _, l := range found {
		if !had[l.Page] {
			c.New++
			at := len(lines)
			for at > 0 && lines[at-1].At > l.At {
				at--
			}
			lines = slices.Insert(lines, at, l)
		}
	}
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

package analysis

// What the pagers can speak for. Where none of them tells of anything, there is no data, which is not no page.

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// stillness is how long a pager may be silent before it is asked whether anybody still listens to it. Of a
// live source the collector tells how far it can speak; a file tells no more than its last page, and a week
// or two without any is what the team works for.
const stillness = 14 * 24 * time.Hour

// askedBack is how far back collectors ask a live pager that nobody told them a beginning of.
const askedBack = 548 * 24 * time.Hour

// pager is one tracker that pages came from, with the time that it tells of: from its first page on, up to
// as-of, unless it has been silent for long. One that is asked live, and never had a page, tells so of all the
// time that it was asked for.
type pager struct {
	tracker string
	Span
	last record.Instant // how far it told of anything
}

// hearing is what all pagers together can speak for.
type hearing struct {
	pagers []pager // by the beginning of what they tell
	told   []Span  // in order, and apart from each other
	asOf   record.Instant
}

// hear finds it. Pages are by trigger time.
func (n *Night) hear() hearing {
	h := hearing{asOf: n.AsOf}
	at := -1
	for _, p := range n.Pages {
		if at < 0 || h.pagers[at].tracker != p.Tracker {
			if at = slices.IndexFunc(h.pagers, func(o pager) bool { return o.tracker == p.Tracker }); at < 0 {
				at = len(h.pagers)
				h.pagers = append(h.pagers, pager{tracker: p.Tracker, Span: Span{From: p.Triggered}})
			}
		}
		h.pagers[at].last = p.Triggered
	}
	for _, s := range n.Sources {
		if s.Pager && s.Horizon != 0 && !slices.ContainsFunc(h.pagers, func(p pager) bool { return p.tracker == s.Tracker }) {
			h.pagers = append(h.pagers, pager{tracker: s.Tracker, Span: Span{From: max(s.Since, n.AsOf.Add(-askedBack))}})
		}
	}
	slices.SortStableFunc(h.pagers, func(a, b pager) int { return cmp.Compare(a.From, b.From) })
	for i := range h.pagers {
		p := &h.pagers[i]
		for _, s := range n.Sources {
			if s.Tracker == p.tracker {
				p.last = max(p.last, min(s.Horizon, n.AsOf))
			}
		}
		if p.To = n.AsOf; n.AsOf.Sub(p.last) > stillness {
			p.To = p.last.Add(time.Millisecond)
		}
		h.told = append(h.told, p.Span)
	}
	h.told = union(h.told)
	return h
}

// Holds says whether some pager can speak for t.
func (h hearing) Holds(t record.Instant) bool {
	return slices.ContainsFunc(h.told, func(s Span) bool { return s.Holds(t) })
}

// untold is what of a time, as far as it is over, no pager can speak for.
func (h hearing) untold(s Span) []Span { return minus(Span{s.From, min(s.To, h.asOf)}, h.told) }

// Told are the times that some pager can speak for, in order and apart from each other.
func (n *Night) Told() []Span { return n.heard.told }

// whole says whether the pagers can speak for all of a period, as far as it is over.
func (h hearing) whole(p Period) bool { return len(h.untold(Span{p.From, p.To})) == 0 }

// reaches says whether they can speak for some of it.
func (h hearing) reaches(p Period) bool { return len(within(Span{p.From, p.To}, h.told)) > 0 }

// known are counts of periods, where there can be any.
func (h hearing) known(ps []Period, counts []int) []record.Number {
	vs := numbers(counts)
	for i, p := range ps {
		if counts[i] == 0 && !h.reaches(p) {
			vs[i] = record.Number{}
		}
	}
	return vs
}

// silent says why the pagers tell nothing of a period; "" where they do.
func (n *Night) silent(p Period) string {
	switch {
	case len(n.heard.pagers) == 0:
		return noPager
	case !n.heard.reaches(p):
		return fmt.Sprintf("What was read of the pager says nothing of the %s.", p.Label)
	}
	return ""
}

// pagerMarks are the experiments, and where one of the pagers falls silent or another begins: what is counted from
// there on is of others than before.
func (n *Night) pagerMarks(ps []Period) []Mark {
	ms := n.experiments(ps)
	mark := func(at record.Instant, title string) {
		if k := find(ps, at); k >= 0 {
			ms = append(ms, Mark{X: ps[k].Label, Title: title, Role: "gap"})
		}
	}
	for i, p := range n.heard.pagers {
		if i > 0 {
			mark(p.From, "What was read of "+p.name()+" begins on "+n.date(p.From))
		}
		if p.To < n.AsOf {
			mark(p.To-1, "What was read of "+p.name()+" ends on "+n.date(p.To-1))
		}
	}
	at := func(m Mark) int { return slices.IndexFunc(ps, func(p Period) bool { return p.Label == m.X }) }
	slices.SortStableFunc(ms, func(a, b Mark) int { return cmp.Compare(at(a), at(b)) })
	return ms
}

// name is the pager's in a sentence.
func (p *pager) name() string {
	if p.tracker == "pager" {
		return "the pager"
	}
	return "the pager " + p.tracker
}

// PagerDoubts are the pagers that cannot speak for all of the time up to as-of, a sentence for each: that there
// are no pages may be that none were exported. Beside a pager that goes on, one that ended as long ago as an
// archive was replaced by it.
func (n *Night) PagerDoubts() []string { return n.heard.doubts(n) }

func (h hearing) doubts(n *Night) []string {
	var ds []string
	replaced := slices.ContainsFunc(h.pagers, func(p pager) bool { return p.To == h.asOf })
	for i := range h.pagers {
		p := &h.pagers[i]
		switch late := h.asOf.Sub(p.last); {
		case late <= 48*time.Hour, n.old(p.last.Add(time.Millisecond)) && replaced:
		case late <= stillness:
			ds = append(ds, fmt.Sprintf("What was read of %s ends on %s: whether it has been silent since, or was exported then, is not known.", p.name(), n.date(p.last)))
		case n.date(p.From) == n.date(p.last):
			ds = append(ds, fmt.Sprintf("What was read of %s is of %s alone: what it did since is not known, and in no count.", p.name(), n.date(p.last)))
		default:
			ds = append(ds, fmt.Sprintf("What was read of %s goes from %s to %s: what it did since is not known, and in no count.", p.name(), n.date(p.From), n.date(p.last)))
		}
	}
	return ds
}

package analysis

// The weeks as a stand-up looks at them: who had the pager, how often it went, what came in, and what
// was made easier for whoever has it next. Weeks are the ISO weeks of METRICS.md, section 0.

import (
	"cmp"
	"slices"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

// Week is one ISO week in the team's zone. Its period's label is its permanent name: 2026-W44.
type Week struct {
	Period
	Shifts []record.Shift // whose week it is: see [Report.Weeks]
	Next   []record.Shift // whose the week after it is

	Open, NextOpen []CoverGap // when nobody has it in either, of the gaps that are looked at

	Told          bool    // the pagers can speak for some of it: else that there are no pages says nothing
	Untold        []Span  // what of it, as far as it is over, no pager can speak for
	Pages         []*Page // by trigger time, but for those merged into others
	Interruptions int
	Asleep        int // of the pages
	NoAction      int // of the pages
	Judged        int // of the pages, in triage
	Verdicts      []VerdictCount

	Came      int                      // all of what came in
	Arrived   []Arrival                // what came in, by class of service as it stood when it came
	Incidents []*Item                  // of what came in, whatever ever was an incident, by creation
	Finished  []postmortem.Improvement // what was made easier
}

// Arrival is how many items of a class came in; a nil class is Unclassified.
type Arrival struct {
	Class *Class
	N     int
}

// VerdictCount is how many pages got a verdict in triage.
type VerdictCount struct {
	triage.Known
	N int
}

// Quiet says whether there is nothing to tell of a week.
func (w *Week) Quiet() bool {
	return len(w.Shifts) == 0 && len(w.Pages) == 0 && len(w.Incidents) == 0 && len(w.Finished) == 0
}

// tail is how long a turn may reach into a week that is not its own: a turn handed over on a Monday at
// ten is last week's until then.
const tail = 36 * time.Hour

// Weeks are the ISO weeks from the first page or item to the one that as-of lies in, oldest first. The
// shifts of a week are those that begin in it, and those that run on into it for more than a day and a
// half.
func (r *Report) Weeks() []Week {
	n := r.Night
	from := n.first()
	if len(n.Pages) > 0 {
		from = min(from, n.Pages[0].Triggered)
	}
	cut := n.periods(calendar.Weeks(), min(from, n.AsOf-1), n.AsOf)
	weeks := make([]Week, len(cut))
	for i, p := range cut {
		weeks[i].Period = p
	}
	in := func(t record.Instant) *Week {
		if i := find(cut, t); i >= 0 {
			return &weeks[i]
		}
		return nil
	}
	for _, p := range n.Pages {
		w := in(p.Triggered)
		if w == nil || p.Into != nil {
			continue
		}
		w.Pages = append(w.Pages, p)
		if n.Asleep(p) {
			w.Asleep++
		}
		if p.NoAction() {
			w.NoAction++
		}
		if p.Breaks {
			w.Interruptions++
		}
		w.judge(p)
	}
	n.arrive(in)
	for i := range weeks {
		w := &weeks[i]
		w.Told, w.Untold = n.heard.reaches(w.Period), n.heard.untold(Span{w.From, w.To})
		w.Arrived = slices.DeleteFunc(w.Arrived, func(a Arrival) bool { return a.N == 0 })
		slices.SortStableFunc(w.Incidents, func(a, b *Item) int { return cmp.Compare(a.Created, b.Created) })
		w.Shifts, w.Open = n.turnsOf(w.Period), n.gapsOf(w.Period)
		if i > 0 {
			weeks[i-1].Next, weeks[i-1].NextOpen = w.Shifts, w.Open
		}
	}
	last := &weeks[len(weeks)-1]
	for _, p := range n.periods(calendar.Weeks(), last.To, last.To+1) {
		last.Next, last.NextOpen = n.turnsOf(p), n.gapsOf(p)
	}
	for i := range r.Backlog {
		if im := &r.Backlog[i]; im.State == postmortem.Done && im.FinishedAt != 0 {
			if w := in(im.FinishedAt); w != nil {
				w.Finished = append(w.Finished, *im)
			}
		}
	}
	return weeks
}

// judge counts what a person thought of a page, in the order of the table of verdicts.
func (w *Week) judge(p *Page) {
	known, ok := p.verdict().Find()
	if !ok {
		return
	}
	w.Judged++
	order := func(v triage.Known) int {
		return slices.IndexFunc(triage.Verdicts, func(k triage.Known) bool { return k.ID == v.ID })
	}
	i, found := slices.BinarySearchFunc(w.Verdicts, known, func(c VerdictCount, k triage.Known) int { return cmp.Compare(order(c.Known), order(k)) })
	if !found {
		w.Verdicts = slices.Insert(w.Verdicts, i, VerdictCount{Known: known})
	}
	w.Verdicts[i].N++
}

// arrive counts what came in, in the policy's order of classes.
func (n *Night) arrive(in func(record.Instant) *Week) {
	classes := make([]*Class, 0, len(n.Policy.Classes)+1)
	for i := range n.Policy.Classes {
		classes = append(classes, &n.Policy.Classes[i])
	}
	classes = append(classes, nil)
	for _, it := range n.Items {
		w := in(it.Created)
		if w == nil {
			continue
		}
		w.Came++
		if w.Arrived == nil {
			w.Arrived = make([]Arrival, len(classes))
			for i, c := range classes {
				w.Arrived[i].Class = c
			}
		}
		if i := slices.Index(classes, it.Classes.At(it.Created)); i >= 0 {
			w.Arrived[i].N++
		}
		if slices.ContainsFunc(it.Classes, func(s Step[*Class]) bool { return s.Is != nil && s.Is.Kind == Incident }) {
			w.Incidents = append(w.Incidents, it)
		}
	}
}

// has says whether a turn is of a week: it begins in it, or runs on into it for longer than a tail.
func (p Period) has(turn Span) bool {
	return turn.From < p.To && turn.To > p.From && (turn.From >= p.From || turn.To.Sub(p.From) > tail || turn.To >= p.To)
}

// gapsOf are the gaps in cover of a week, the superhero's first.
func (n *Night) gapsOf(p Period) []CoverGap {
	var all []CoverGap
	for _, g := range n.Uncovered {
		if p.has(g.Span) {
			all = append(all, g)
		}
	}
	slices.SortStableFunc(all, func(a, b CoverGap) int { return cmp.Compare(b.Role, a.Role) })
	return all
}

// turnsOf are the shifts of a week, by their beginning, the superhero's first.
func (n *Night) turnsOf(p Period) []record.Shift {
	var all []record.Shift
	for _, s := range n.Shifts {
		if p.has(Span{s.From, s.To}) {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b record.Shift) int {
		return cmp.Or(cmp.Compare(b.Role, a.Role), cmp.Compare(a.From, b.From))
	})
	return all
}

package analysis

// What there is to plan with: the team's working time in the iterations to come, without those who are
// absent, and without whoever is on call.

import (
	"fmt"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

var capacityNext = Metric{
	Name: "capacity-next", Title: "Capacity of the next iteration", Chapter: "Capacity", Unit: Work, Counts: "to plan with", Alone: true,
	Question: "How much can we plan for?",
	Doc: "The working time of all members in the next whole iteration (the next ISO week where the policy has no iterations; one that began while nobody worked, as at the midnight before a Monday's planning, is the next one until its first working hour), less their absences, less the time in which they are **on call as superhero**: whoever has the pager counts as absent in planning, since nobody can promise what a day on call leaves. The sidekick is planned with. " +
		"Who is on call is as the pager, calendars and the policy's rota say now; time in which nobody is known to be on call is taken from nobody, and told as a doubt. What has already happened is measured otherwise: attention and the other methods of *Share of capacity that support takes* count what whoever is on call worked on.",
	Measure: (*Night).capacityNext,
}

// capacity is what a period has, in seconds of working time.
type capacity struct {
	all, absent, onCall float64
	members             int
}

func (c capacity) left() float64 { return c.all - c.absent - c.onCall }

// capacityOf counts it. Who is absent and on call is absent.
func (n *Night) capacityOf(p Period) capacity {
	var c capacity
	work := func(spans []Span) (sum float64) {
		for _, s := range spans {
			sum += n.Policy.Working.Between(s.From, s.To).Seconds()
		}
		return sum
	}
	for i := range n.Policy.Team.Members {
		m := &n.Policy.Team.Members[i]
		member := Span{max(p.From, m.From), p.To}
		if m.Until != 0 {
			member.To = min(member.To, m.Until)
		}
		if member.From >= member.To {
			continue
		}
		c.members++
		there := minus(member, m.absences())
		var shifts []Span
		for _, s := range n.Shifts {
			if s.Role == Superhero && s.To > p.From && s.From < p.To && n.team.member(s.Person) == m {
				shifts = append(shifts, Span{s.From, s.To})
			}
		}
		shifts = union(shifts)
		all, present := work([]Span{member}), work(there)
		free := 0.0
		for _, s := range there {
			free += work(minus(s, shifts))
		}
		c.all += all
		c.absent += all - present
		c.onCall += present - free
	}
	return c
}

// planned is what the team plans in: its iterations, ISO weeks where it has none.
func (n *Night) planned() calendar.Unit {
	if it := n.Policy.Iterations; it.Days > 0 {
		return calendar.Iterations(it.Days, it.Start)
	}
	return calendar.Weeks()
}

// toCome are the whole iterations that begin from as-of on, as far as shifts are told; at least one. One that began
// while nobody worked, such as at the midnight before, is still to be planned.
func (n *Night) toCome() []Period {
	var next []Period
	for _, p := range n.periods(n.planned(), n.AsOf, n.AsOf.Add(ahead)) {
		begun := p.From < n.AsOf && n.Policy.Working.Between(p.From, n.AsOf) > 0
		if !begun && (p.To <= n.AsOf.Add(ahead) || len(next) == 0) {
			p.Partial, p.Ends = false, false
			next = append(next, p)
		}
	}
	return next
}

func (n *Night) capacityNext() Answer {
	var a Answer
	next := n.toCome()
	a.Headline = Value{Unit: Work}
	if len(n.Policy.Team.Members) == 0 || len(next) == 0 {
		a.Sentence = "The policy names no members to plan with."
		return a
	}
	table := Table{Name: "next", Title: "The iterations to come", Columns: []Column{{"iteration", "Iteration", Text}, {"all", "Working time of all members", Work}, {"absent", "Absent", Work}, {"on-call", "On call", Work}, {"left", "Left to plan with", Work}}}
	sec := func(v float64) Cell { return Cell{Num: record.Num(v)} }
	for i, p := range next {
		c := n.capacityOf(p)
		table.Rows = append(table.Rows, []Cell{{Text: n.date(p.From) + " to " + n.date(p.To-1)}, sec(c.all), sec(c.absent), sec(c.onCall), sec(c.left())})
		if i > 0 {
			continue
		}
		if n.Policy.Iterations.Days > 0 {
			p.Label = n.date(p.From) + " to " + n.date(p.To-1)
		}
		value := func(v float64) Value {
			return Value{Unit: Work, Number: record.Num(v), N: c.members, Period: p}
		}
		a.Headline = value(c.left())
		a.Parts = []Part{
			{Name: "all", Group: "capacity", Title: "Working time of all members", Value: value(c.all)},
			{Name: "absent", Group: "capacity", Title: "Absent", Value: value(c.absent)},
			{Name: "on-call", Group: "capacity", Title: "On call as superhero", Value: value(c.onCall)},
		}
		absent := "nobody absent"
		if c.absent > 0 {
			absent = worked(c.absent) + " of absences"
		}
		a.Sentence = fmt.Sprintf("From %s to %s there are %s to plan with: %s of working time, %s, and %s on call.",
			n.date(p.From), n.date(p.To-1), worked(c.left()), worked(c.all), absent, worked(c.onCall))
		a.Doubts = n.unknownCall(p)
	}
	a.Tables = []Table{table}
	return a
}

// unknownCall says how much of a period's working time nobody is known to be on call in.
func (n *Night) unknownCall(p Period) []string {
	if len(n.Shifts) == 0 {
		return []string{"Nobody is known to be on call, so nobody counts as absent for it."}
	}
	open := 0.0
	for _, g := range n.Uncovered {
		if from, to := max(g.From, p.From), min(g.To, p.To); g.Role == Superhero && g.Absent == "" && from < to {
			open += n.Policy.Working.Between(from, to).Seconds()
		}
	}
	if open == 0 {
		return nil
	}
	return []string{fmt.Sprintf("In %s of its working time nobody is known to be on call: whoever will be is still counted in.", worked(open))}
}

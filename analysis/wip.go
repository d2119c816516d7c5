package analysis

// Work in progress (METRICS.md, section 4).

import (
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// stretch is a piece of an item's life in which nothing about it changed.
type stretch struct {
	from, to record.Instant
	state
}

// state is what an open item is.
type state struct {
	stage    *Stage
	class    *Class
	severity int
	progress bool // in progress: active, or waiting or paused after having been active
}

// stretches calls f for the pieces of the item's life in which it was open, in order, up to as-of.
func (it *Item) stretches(asOf record.Instant, f func(stretch)) {
	var s stretch
	stages, classes, severities := it.Stages, it.Classes, it.Severities
	for s.to = it.Created; s.to < asOf; {
		s.from = s.to
		stages, classes, severities = stages.pass(s.from, &s.stage), classes.pass(s.from, &s.class), severities.pass(s.from, &s.severity)
		s.to = min(stages.next(asOf), classes.next(asOf), severities.next(asOf))
		if s.stage == nil || s.stage.Kind == Done {
			continue
		}
		s.progress = it.Started != 0 && it.Started <= s.from
		f(s)
	}
}

// tally counts, for the end of each day, the items for which pick gives a name.
type tally struct {
	ends   []record.Instant // the instant just before the next midnight
	counts map[string][]int
}

func newTally(days []Period) tally {
	t := tally{counts: map[string][]int{}}
	for _, d := range days {
		t.ends = append(t.ends, d.To-1)
	}
	return t
}

// over says whether the item was done before the first of the days ended, and for good.
func (t tally) over(it *Item) bool {
	return len(t.ends) == 0 || !it.Open() && it.Finished <= t.ends[0]
}

// add counts one of the group from one instant to another.
func (t tally) add(group string, from, to record.Instant) {
	a, _ := slices.BinarySearch(t.ends, from)
	b, _ := slices.BinarySearch(t.ends, to)
	if a == b {
		return
	}
	c := t.counts[group]
	if c == nil {
		c = make([]int, len(t.ends)+1)
		t.counts[group] = c
	}
	c[a]++
	c[b]--
}

// sum makes counts of what came and went.
func (t tally) sum() tally {
	for _, c := range t.counts {
		for i := 1; i < len(c); i++ {
			c[i] += c[i-1]
		}
	}
	return t
}

// total is the series of all groups together.
func (t tally) total() []int {
	all := make([]int, len(t.ends))
	for _, c := range t.counts {
		for i := range all {
			all[i] += c[i]
		}
	}
	return all
}

// of is the series of a group; zeros if nothing ever was in it.
func (t tally) of(group string) []int {
	if c := t.counts[group]; c != nil {
		return c[:len(t.ends)]
	}
	return make([]int, len(t.ends))
}

func numbers(vs []int) []record.Number {
	ns := make([]record.Number, len(vs))
	for i, v := range vs {
		ns[i] = record.Num(float64(v))
	}
	return ns
}

// classes are the policy's classes in order, and Unclassified last.
func (n *Night) classes() []*Class {
	var cs []*Class
	for i := range n.Policy.Classes {
		cs = append(cs, &n.Policy.Classes[i])
	}
	return append(cs, nil)
}

// byClass makes a series for every class that has anything to show.
func (n *Night) byClass(t tally) []Series {
	var ss []Series
	for _, c := range n.classes() {
		if _, any := t.counts[c.ClassID()]; any {
			ss = append(ss, Series{Name: c.ClassID(), Title: c.Title(), Role: "class", Values: numbers(t.of(c.ClassID()))})
		}
	}
	return ss
}

func inProgressByClass(s state) (string, bool) { return s.class.ClassID(), s.progress }
func inProgress(s state) (string, bool)        { return "team", s.progress }

var wip = Metric{
	Name: "wip", Title: "Work in progress", Chapter: "Load", Unit: Items, Counts: "items in progress",
	Question: "How much have we started and not finished?",
	Doc: "An item is **in progress** while it is in an active stage, or waiting or paused after it was active once. " +
		"The series counts the items in progress at the end of each local day, by the class held then; limits are the policy's. " +
		"Of an item without a history the present stage is taken to have held since its creation, and if it is done, nothing is known of where it was before: work in progress of the past counts too little there.\n\n" +
		"The verdict holds the count against the team's limit. It is a count of everything and no estimate from a sample, and so it needs no ten items to be one. Where open items without a history might put it above the limit, there is none.",
	Measure: func(n *Night) Answer {
		days := n.days(182)
		byClass := n.endOfDay(days, inProgressByClass)
		byStage := n.endOfDay(days, func(s state) (string, bool) { return s.stage.ID, s.progress })

		a := Answer{RowUnit: Duration} // since each was started
		now := map[string]int{}
		unknown := 0
		for it := range n.open() {
			if it.Started == 0 && it.Coarse != "" {
				unknown++
			}
			if s := it.Stage(); it.Started != 0 && s != nil {
				now["team"]++
				now["class "+it.Class().ClassID()]++
				now["stage "+s.ID]++
				a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(n.AsOf.Sub(it.Started).Seconds()), Why: s.Name})
			}
		}
		a.Rows = largestFirst(a.Rows)
		count := func(k string) Value {
			return countOf(now[k], n.now())
		}
		a.Headline = count("team")
		limit := n.Policy.Limit.At(n.AsOf)
		a.Sentence = counted(now["team"], "item is", "items are") + " in progress"
		if limit > 0 {
			a.Sentence += fmt.Sprintf(", the team's limit is %d", limit)
			switch {
			case now["team"] > limit:
				a.Good = Bad
			case now["team"]+unknown <= limit:
				a.Good = Good
			}
		}
		a.Sentence += "."
		if unknown > 0 {
			a.Doubts = append(a.Doubts, fmt.Sprintf("The history of %s is not known: what of it was begun and waits again is not among them.", counted(unknown, "more open item", "more open items")))
		}
		for _, c := range n.classes() {
			p := Part{Name: c.ClassID(), Group: "class", Title: c.Title(), Value: count("class " + c.ClassID())}
			if c != nil {
				if l := c.Limit.At(n.AsOf); l > 0 && now["class "+c.ID] > l {
					p.Good = Bad
				}
			}
			a.Parts = append(a.Parts, p)
		}
		var stages []Series
		for _, s := range n.everyStage() {
			if _, any := byStage.counts[s.ID]; any {
				stages = append(stages, Series{Name: s.ID, Title: s.Name, Role: "stage", Values: numbers(byStage.of(s.ID))})
			}
			p := Part{Name: s.ID, Group: "stage", Title: s.Name, Value: count("stage " + s.ID)}
			if l := s.Limit.At(n.AsOf); l > 0 && now["stage "+s.ID] > l {
				p.Good = Bad
			}
			a.Parts = append(a.Parts, p)
		}
		limits := Series{Name: "limit", Title: "Team limit", Kind: Line, Role: "limit"}
		for _, d := range days {
			l := record.Number{}
			if v := n.Policy.Limit.At(d.To - 1); v > 0 {
				l = record.Num(float64(v))
			}
			limits.Values = append(limits.Values, l)
		}
		a.Charts = []Chart{
			{Name: "by-class", Title: "In progress at the end of each day, by class", Kind: Stacked, Unit: Items, XUnit: Day,
				Note: "Bars above the limit line are days on which something was started before something was finished.",
				X:    labels(days), Lines: append(n.byClass(byClass), limits), Marks: n.experiments(days), Edges: edges(days)},
			{Name: "by-stage", Title: "In progress at the end of each day, by stage", Kind: Stacked, Unit: Items, XUnit: Day,
				Note: "A stage that grows is where work waits.",
				X:    labels(days), Lines: stages, Marks: n.experiments(days), Edges: edges(days)},
		}
		return a
	},
}

// stages are the stages in force at as-of.
func (n *Night) stages() []Stage { return n.Policy.Flow.At(n.AsOf) }

// everyStage is every stage in its place.
func (n *Night) everyStage() []Stage { return n.flow.stages }

// num is a cell with a count.
func num(v int) Cell { return Cell{Num: record.Num(float64(v))} }

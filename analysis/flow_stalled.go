package analysis

// What is in progress and does not move (METRICS.md, section 4).

import (
	"fmt"

	"github.com/firebreak/firebreak/collectors/record"
)

// stallDays is how many working days without a change make an item stalled.
const stallDays = 5

// touched is when anything happened to the item last: a change of a field, a comment, time booked, or an
// event of one of its pages.
func (it *Item) touched() record.Instant {
	last := it.Changed
	saw := func(t record.Instant) {
		if t < it.Until {
			last = max(last, t)
		}
	}
	for _, b := range it.Booked {
		saw(b.At)
	}
	for _, p := range it.Pages {
		saw(p.Triggered)
		saw(p.Acked)
		saw(p.Resolved)
		for i := range p.Events {
			saw(p.Events[i].At)
		}
	}
	return last
}

var stalled = Metric{
	Name: "stalled", Title: "Stalled items", Chapter: "Flow", Unit: Items, Counts: "in progress without a change for 5 working days",
	Question: "What did we begin and then not touch any more?",
	Doc: "An item in progress (active, or waiting or paused after having been active) is **stalled** when nothing about it changed for 5 working days of the team's calendar, counted as its hours: as many working hours as 5 of its days have. " +
		"A change is any change of a field (status, assignee, label, estimate …) by a person or a machine, a comment by anybody, time booked on it, and any event of a page that is joined to it. " +
		"Silence counts no further than the item's own source can speak: a week-old export makes nothing stalled. A paused item is one, too, and is counted apart: somebody has to ask again. " +
		"Items whose history is missing are left out and listed, and so are those of trackers that can speak only up to 60 days before as-of.",
	Measure: func(n *Night) Answer {
		a := Answer{RowUnit: Work}
		limit := stallDays * n.Policy.Working.Day(n.AsOf)
		classes, stages := map[*Class]int{}, make([]int, len(n.flow.stages))
		held := make([]int, len(n.flow.stages))
		progress, paused := 0, 0
		for it := range n.open() {
			if it.Started == 0 {
				continue
			}
			if why := n.unclocked(it); why != "" {
				a.Left = append(a.Left, Row{Item: it, Why: why})
				continue
			}
			progress++
			s := it.Stage()
			held[n.flow.at[s]]++
			last := it.touched()
			if it.Until.Sub(last) < limit {
				continue // no working time is longer than the time it is a part of
			}
			quiet := n.Policy.Working.Between(last, it.Until)
			if quiet < limit {
				continue
			}
			classes[it.Class()]++
			stages[n.flow.at[s]]++
			paused += bit(s.Kind == Paused)
			a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(quiet.Seconds()), Why: fmt.Sprintf("%s; last change %s", s.Name, n.date(last))})
		}
		a.Rows = largestFirst(a.Rows)
		k := len(a.Rows)
		a.Headline = countOf(k, n.now())
		switch {
		case progress == 0 && len(a.Left) > 0:
			a.Headline = Value{Unit: Items, Period: n.now()}
			a.Sentence = "Nothing whose history is known is in progress."
		case progress == 0:
			a.Sentence = "Nothing is in progress."
		default:
			a.Sentence = fmt.Sprintf("%d of %s in progress did not change for %d working days (%s)", k, counted(progress, "item", "items"), stallDays, worked(limit.Seconds()))
			if paused > 0 {
				a.Sentence += fmt.Sprintf(", %d of them paused", paused)
			}
			a.Sentence += "."
		}
		a.Sentence += n.apart(a.Left)
		for _, c := range n.classes() {
			a.Parts = append(a.Parts, Part{Name: c.ClassID(), Group: "class", Title: c.Title(), Value: countOf(classes[c], n.now())})
		}
		table := Table{Name: "stages", Title: "By stage", Columns: []Column{{"stage", "Stage", Text}, {"n", "In progress", Items}, {"stalled", "Stalled", Items}}}
		for i, s := range n.flow.stages {
			if held[i] > 0 {
				table.Rows = append(table.Rows, []Cell{{Text: s.Name}, num(held[i]), num(stages[i])})
			}
		}
		a.Tables = []Table{table}
		return a
	},
}

package analysis

// The cumulative flow diagram (METRICS.md, section 4).

import (
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// bands counts the items in each stage of the ladder at the end of each day, the done ones included: by
// day, the bands add up to everything created by then.
func (n *Night) bands(days []Period) [][]int {
	counts := make([][]int, len(n.flow.stages))
	if len(days) == 0 {
		return counts
	}
	for i := range counts {
		counts[i] = make([]int, len(days)+1)
	}
	ends := make([]record.Instant, len(days)) // the instants just before midnight
	for i, d := range days {
		ends[i] = d.To - 1
	}
	for _, it := range n.Items {
		from, _ := slices.BinarySearch(ends, it.Created)
		for i := range it.Stages {
			to := len(days)
			if i+1 < len(it.Stages) {
				if next := it.Stages[i+1].At; next <= ends[0] {
					continue // left before the first of them ended
				} else if next <= ends[len(days)-1] {
					to, _ = slices.BinarySearch(ends, next)
				}
			}
			if from < to {
				band := counts[n.flow.at[it.Stages[i].Is]]
				band[from]++
				band[to]--
			}
			from = to
		}
	}
	for i, band := range counts {
		for k := 1; k < len(band); k++ {
			band[k] += band[k-1]
		}
		counts[i] = band[:len(days)]
	}
	return counts
}

var cumulativeFlow = Metric{
	Name: "cumulative-flow", Title: "Cumulative flow", Chapter: "Flow", Unit: Items, Counts: "open items over the period",
	Question: "Does work flow through, or where does it pile up?",
	Doc: "A **cumulative flow diagram**: how many items are in each stage at the end of each local day, the latest 91 whole days at most, stage upon stage: what is done lies at the bottom and only grows, what was just created on top. Discarded items are done, too. " +
		"The bands of a day add up to everything created by then; those that are not done are the open backlog of that day.\n\n" +
		"How to read it: the upper edge rises as work arrives, the edge of what is done as work departs. Their distance upright is the open backlog, their distance along the axis about the time from one to the other. Parallel edges are a steady flow; a band that widens is where work waits; a flat edge is a stage that nothing leaves. " +
		"Stages that no longer exist, or that the policy does not know, stand on top of those in force. The headline is how many more are open at the end of the last whole day than at the end of the first.",
	Measure: func(n *Night) Answer {
		days := n.days(91)
		bands := n.bands(days)
		a := Answer{RowUnit: Items, Headline: Value{Unit: Items}, Sentence: "There is no whole day to look at yet."}
		if len(days) == 0 {
			return a
		}
		chart := Chart{Name: "stages", Title: "Items in each stage at the end of each day", Kind: Area, Unit: Items, XUnit: Day, X: labels(days), Marks: n.experiments(days), Edges: edges(days), Afloat: true,
			Note: "The axis need not begin at 0: of what is done only the slope speaks. A band that widens is where work waits."}
		table := Table{Name: "change", Title: "From the first day to the last", Columns: []Column{{"stage", "Stage", Text}, {"first", days[0].Label, Items}, {"last", days[len(days)-1].Label, Items}, {"change", "Change", Items}}}
		last := len(days) - 1
		widest, opened, open := -1, 0, 0
		lines := make([][]Series, 2) // those that are done lie below
		for i, s := range n.flow.stages {
			band := bands[i]
			if !slices.ContainsFunc(band, func(k int) bool { return k > 0 }) {
				continue
			}
			above := one(s.Kind != Done)
			lines[above] = append(lines[above], Series{Name: s.ID, Title: s.Name, Role: "stage", Values: numbers(band)})
			table.Rows = append(table.Rows, []Cell{{Text: s.Name}, num(band[0]), num(band[last]), num(band[last] - band[0])})
			a.Parts = append(a.Parts, Part{Name: s.ID, Group: "stage", Title: s.Name, Value: countOf(band[last], Period{To: days[last].To, Label: "at the end of " + days[last].Label})})
			if s.Kind != Done {
				opened, open = opened+band[0], open+band[last]
				if widest < 0 || band[last]-band[0] > bands[widest][last]-bands[widest][0] {
					widest = i
				}
			}
		}
		for _, ss := range lines {
			slices.Reverse(ss) // the first of the workflow on top
			chart.Lines = append(chart.Lines, ss...)
		}
		a.Headline = Value{Unit: Items, Number: record.Num(float64(open - opened)), N: len(days), Period: Period{From: days[0].To - 1, To: days[last].To, Label: days[0].Label + " to " + days[last].Label}}
		a.Sentence = fmt.Sprintf("%s open at the end of %s, and %d at the end of %s.", counted(open, "item was", "items were"), days[last].Label, opened, days[0].Label)
		if widest >= 0 {
			if w := bands[widest]; w[last] > w[0] {
				a.Sentence += fmt.Sprintf(" Of the stages %s gained most, from %d to %d.", n.flow.stages[widest].Name, w[0], w[last])
			}
		}
		a.Charts, a.Tables = []Chart{chart}, []Table{table}
		a.Rows = n.swelled(days[0].To-1, days[last].To-1)
		return a
	},
}

// swelled are the items that are open at one of two instants and not at the other, with what each adds to
// the difference.
func (n *Night) swelled(from, to record.Instant) []Row {
	var rows []Row
	for it := range n.lasting(from) {
		before, after := it.openAt(from), it.openAt(to)
		switch {
		case after && !before:
			rows = append(rows, Row{Item: it, Num: record.Num(1), Why: "open since, now " + it.Stages.At(to).Name})
		case before && !after:
			rows = append(rows, Row{Item: it, Num: record.Num(-1), Why: "no longer open"})
		}
	}
	return largestFirst(rows)
}

func (it *Item) openAt(t record.Instant) bool {
	s := it.Stages.At(t)
	return s != nil && s.Kind != Done
}

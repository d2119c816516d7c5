package analysis

// Streaks: how long it has been since something happened that the team wants never to happen.

import (
	"fmt"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

var streaks = Metric{
	Name: "streaks", Title: "Streaks", Chapter: "On call", Unit: Days,
	Question: "How long has it been since it last happened?",
	Doc:      "For each event that the policy names: whole days since the last one, the longest stretch of whole days without one, and the count per ISO week. An item that was discarded is none. The headline is the first named event.",
	Measure: func(n *Night) Answer {
		long := n.wholeWeeks()
		weeks := lastOf(long, 78)
		var a Answer
		a.Headline = Value{Unit: Days}
		a.Sentence = "The policy names no event to count the days since."
		chart := Chart{Name: "by-week", Title: "How often, by week", Kind: Bar, Unit: Items, XUnit: Text, X: labels(weeks), Marks: n.experiments(weeks), Edges: edges(weeks), Note: "An empty stretch on the right is what the team is working for."}
		table := Table{Name: "streaks", Title: "Named events", Columns: []Column{{"event", "Event", Text}, {"count", "Ever", Items}, {"since", "Days since the last", Days}, {"longest", "Longest stretch", Days}, {"last", "The last", Text}}}
		for i := range n.Policy.Streaks {
			s := &n.Policy.Streaks[i]
			var at []record.Instant
			var lastItem *Item
			counts := make([]int, len(long))
			for _, it := range n.Items {
				if !slices.Contains(it.Events, s) {
					continue
				}
				if it.Discarded {
					a.Left = append(a.Left, Row{Item: it, Why: s.Name + ", discarded"})
					continue
				}
				at = append(at, it.Created)
				if lastItem == nil || it.Created > lastItem.Created {
					lastItem = it
				}
				if w := find(long, it.Created); w >= 0 {
					counts[w]++
				}
				a.Rows = append(a.Rows, Row{Item: it, Why: s.Name})
			}
			slices.Sort(at)
			day := func(from, to record.Instant) float64 { return float64(to.Sub(from) / (24 * time.Hour)) }
			longest, from := 0.0, n.first()
			for _, t := range at {
				longest, from = max(longest, day(from, t)), t
			}
			since := day(from, n.AsOf)
			longest = max(longest, since)
			v := Value{Unit: Days, N: len(at), Period: Period{From: n.first(), To: n.AsOf, Label: "since the beginning"}}
			row := []Cell{{Text: s.Name}, num(len(at)), {}, {Num: record.Num(longest)}, {Text: "never"}}
			if len(at) > 0 {
				v.Number = record.Num(since)
				row[2] = Cell{Num: v.Number}
				row[4] = Cell{Text: lastItem.Created.In(n.Zone).Format("2006-01-02"), Item: lastItem}
			}
			if i == 0 {
				a.Headline = v
				if a.Sentence = fmt.Sprintf("%s: never since the beginning.", s.Name); len(at) > 0 {
					a.Sentence = fmt.Sprintf("%s: %s since the last one, %s the longest stretch.", s.Name, Days.Format(v.Number), Days.Format(record.Num(longest)))
				}
			}
			a.Parts = append(a.Parts, Part{Name: s.ID, Group: "event", Title: s.Name, Value: v})
			chart.Lines = append(chart.Lines, Series{Name: s.ID, Title: s.Name, Role: "event", Values: numbers(lastOf(counts, 78))})
			a.Weekly = append(a.Weekly, Weekly{Name: "weekly-" + s.ID, Title: s.Name, Unit: Items, Weeks: long, Values: n.ofWeeks(long, numbers(counts)), Worse: 1, Rare: true})
			table.Rows = append(table.Rows, row)
		}
		if len(table.Rows) > 0 {
			a.Charts, a.Tables = []Chart{chart}, []Table{table}
		}
		return a
	},
}

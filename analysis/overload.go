package analysis

// Overload: days that ended with more in progress than the team had agreed on (METRICS.md, section 4).

import (
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

var overload = Metric{
	Name: "overload", Title: "Overload", Chapter: "Load", Unit: Share, Counts: "of working days",
	Question: "Are we overloaded?",
	Doc: "A working day of the team is **overloaded** when the items in progress at its end exceed the limit of that day. " +
		"The share is overloaded working days of all working days; **excess** is the sum of what lay above the limit, in item-days. " +
		"Days on which no limit was in force are left out.",
	Measure: func(n *Night) Answer {
		all := overOnly(n.periods(calendar.Days(), n.first(), n.AsOf))
		byClass := n.endOfDay(all, inProgressByClass)
		team := byClass.total()
		measure := func(counts []int, limit func(record.Instant) int, p Period) overloads {
			return n.overloads(all, counts, limit, p)
		}
		value := func(s overloads, p Period) Value { return shareOf(s.over, s.days, p) }
		limit := func(t record.Instant) int { return n.Policy.Limit.At(t) }
		var a Answer
		month := n.lastMonth()
		s := measure(team, limit, month)
		a.Headline = value(s, month)
		switch {
		case n.unknown(month) != "":
			a.Sentence = n.unknown(month)
		case s.days == 0 && s.none == 0:
			a.Sentence = "There was no working day to look at in " + month.Label + "."
		case s.days == 0:
			a.Sentence = "No limit on work in progress was in force in " + month.Label + ": nothing can be called overload."
		default:
			a.Sentence = fmt.Sprintf("In %s the team ended %d of %d working days above its limit, %d item-days in all.", month.Label, s.over, s.days, s.excess)
		}
		if g := n.Policy.Targets.Overload; g > 0 && s.days >= Enough {
			if a.Good = Good; a.Headline.Number.Value > g {
				a.Good = Bad
			}
		}
		a.Rows, a.RowUnit = n.crowding(all, team, limit, month), Days
		t90 := n.trailing(90)
		a.Parts = append(a.Parts, Part{Name: "trailing-90-days", Group: "period", Title: "Trailing 90 days", Value: value(measure(team, limit, t90), t90)})
		months := n.months(24)
		share := Series{Name: "overloaded", Title: "Working days overloaded", Role: "overload"}
		table := Table{Name: "months", Title: "By month", Columns: []Column{{"month", "Month", Text}, {"working-days", "Working days", Items}, {"overloaded", "Overloaded", Items}, {"excess", "Excess", ItemDays}}}
		for _, m := range months {
			s := measure(team, limit, m)
			v := value(s, m)
			point := v.point()
			if !n.tells(m) {
				point = record.Number{}
			}
			share.Values = append(share.Values, point)
			table.Rows = append(table.Rows, []Cell{{Text: m.title()}, num(s.days), num(s.over), num(s.excess)})
			a.Parts = append(a.Parts, Part{Name: m.Label, Group: "month", Title: m.Label, Value: v})
		}
		for _, c := range n.classes() {
			if c == nil || len(c.Limit) == 0 {
				continue
			}
			s := measure(byClass.of(c.ID), func(t record.Instant) int { return c.Limit.At(t) }, month)
			a.Parts = append(a.Parts, Part{Name: c.ID, Group: "class", Title: c.Name, Value: value(s, month)})
		}
		byStage := n.endOfDay(all, func(s state) (string, bool) { return s.stage.ID, s.progress && len(s.stage.Limit) > 0 })
		for _, st := range n.stages() {
			if len(st.Limit) == 0 {
				continue
			}
			s := measure(byStage.of(st.ID), func(t record.Instant) int { return st.Limit.At(t) }, month)
			a.Parts = append(a.Parts, Part{Name: st.ID, Group: "stage", Title: st.Name, Value: value(s, month)})
		}
		a.Charts = []Chart{{Name: "by-month", Title: "Share of working days overloaded, by month", Kind: Bar, Unit: Share, XUnit: Text,
			Note: "Each bar is a month's overloaded working days of all its working days.",
			X:    labels(months), Lines: []Series{share}, Marks: n.experiments(months), Edges: edges(months)}}
		a.Tables = []Table{table}
		weeks := n.wholeWeeks()
		over, days := make([]int, len(weeks)), make([]int, len(weeks))
		for i, d := range all {
			if w, l := find(weeks, d.To-1), limit(d.To-1); w >= 0 && l > 0 && n.Policy.Working.WorkingDay(record.Date(d.Label)) {
				over[w] += one(team[i] > l)
				days[w]++
			}
		}
		counts := n.ofWeeks(weeks, numbers(over))
		for w := range counts {
			if days[w] == 0 {
				counts[w] = record.Number{}
			}
		}
		a.Weekly = []Weekly{{Name: "weekly-overloaded", Title: "Overloaded working days", Unit: Days, Weeks: weeks, Values: counts, Worse: 1}}
		return a
	},
}

// overloads are the working days of a period: those with a limit, those above it and by how much, and those
// without any.
type overloads struct{ days, over, excess, none int }

func (n *Night) overloads(days []Period, counts []int, limit func(record.Instant) int, p Period) (s overloads) {
	for i, d := range days {
		if !p.holds(d.To-1) || !n.Policy.Working.WorkingDay(record.Date(d.Label)) {
			continue
		}
		l := limit(d.To - 1)
		if l <= 0 {
			s.none++
			continue
		}
		s.days++
		if counts[i] > l {
			s.over++
			s.excess += counts[i] - l
		}
	}
	return s
}

// crowding are the items that were in progress at the end of the period's overloaded days, with the
// number of those days.
func (n *Night) crowding(days []Period, counts []int, limit func(record.Instant) int, p Period) []Row {
	var ends []record.Instant
	for i, d := range days {
		if l := limit(d.To - 1); p.holds(d.To-1) && l > 0 && counts[i] > l && n.Policy.Working.WorkingDay(record.Date(d.Label)) {
			ends = append(ends, d.To-1)
		}
	}
	if len(ends) == 0 {
		return nil
	}
	var rows []Row
	for it := range n.lasting(ends[0]) {
		over := 0
		it.stretches(n.AsOf, func(s stretch) {
			if s.progress {
				from, _ := slices.BinarySearch(ends, s.from)
				to, _ := slices.BinarySearch(ends, s.to)
				over += to - from
			}
		})
		if over > 0 {
			rows = append(rows, Row{Item: it, Num: record.Num(float64(over)), Why: "overloaded days it was in progress"})
		}
	}
	return largestFirst(rows)
}

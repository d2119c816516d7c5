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
		"Days on which no limit was in force are left out, and so are those of which it cannot be told: a tracker speaks only up to an instant before their end, or so many items without a history were open that the limit may have been passed and may not. What is certainly above the limit counts, and so does a day that would have stayed within it if all of those had been in progress. The excess is what is certain of it.",
	Measure: func(n *Night) Answer {
		all := overOnly(n.periods(calendar.Days(), n.first(), n.AsOf))
		byClass := n.endOfDay(all, inProgressByClass)
		team, open := byClass.total(), n.unseenOf(all, nil).items
		measure := func(counts, unseen []int, limit func(record.Instant) int, p Period) overloads {
			return n.overloads(all, counts, unseen, limit, p)
		}
		value := func(s overloads, p Period) Value {
			v := shareOf(s.over, s.days, p)
			if s.unseen > 0 {
				v.Of = s.days + s.unseen
			}
			return v
		}
		limit := func(t record.Instant) int { return n.Policy.Limit.At(t) }
		var a Answer
		month := n.lastMonth()
		s := measure(team, open, limit, month)
		a.Headline = value(s, month)
		switch {
		case n.unknown(month) != "":
			a.Sentence = n.unknown(month)
		case s.days == 0 && s.none == 0 && s.unseen == 0:
			a.Sentence = "There was no working day to look at in " + month.Label + "."
		case s.days == 0 && s.unseen > 0:
			a.Sentence = fmt.Sprintf("Of no working day of %s can it be told whether the team was above its limit.", month.Label)
		case s.days == 0:
			a.Sentence = "No limit on work in progress was in force in " + month.Label + ": nothing can be called overload."
		default:
			a.Sentence = fmt.Sprintf("In %s the team ended %d of %d working days above its limit, %d item-days in all.", month.Label, s.over, s.days, s.excess)
			if s.unseen > 0 {
				a.Sentence = fmt.Sprintf("In %s the team ended %d of %d working days above its limit, at least %d item-days in all; of %d more it cannot be told.", month.Label, s.over, s.days, s.excess, s.unseen)
			}
		}
		if g := n.Policy.Targets.Overload; g > 0 && s.days >= Enough {
			if a.Good = Good; a.Headline.Number.Value > g {
				a.Good = Bad
			}
		}
		a.Rows, a.RowUnit = n.crowding(all, team, limit, month), Days
		t90 := n.trailing(90)
		a.Parts = append(a.Parts, Part{Name: "trailing-90-days", Group: "period", Title: "Trailing 90 days", Value: value(measure(team, open, limit, t90), t90)})
		months := n.months(24)
		share := Series{Name: "overloaded", Title: "Working days overloaded", Role: "overload"}
		table := Table{Name: "months", Title: "By month", Columns: []Column{{"month", "Month", Text}, {"working-days", "Working days", Items}, {"overloaded", "Overloaded", Items}, {"excess", "Excess", ItemDays}}}
		someUnseen := n.overloads(all, team, open, limit, Period{From: n.first(), To: n.AsOf}).unseen > 0
		if someUnseen {
			table.Columns = append(table.Columns, Column{"unseen", "Not known", Items})
		}
		for _, m := range months {
			s := measure(team, open, limit, m)
			v := value(s, m)
			share.Values = append(share.Values, v.point())
			row := []Cell{{Text: m.title()}, num(s.days), num(s.over), num(s.excess)}
			if someUnseen {
				row = append(row, num(s.unseen))
			}
			table.Rows = append(table.Rows, row)
			a.Parts = append(a.Parts, Part{Name: m.Label, Group: "month", Title: m.Label, Value: v})
		}
		for _, c := range n.classes() {
			if c == nil || len(c.Limit) == 0 {
				continue
			}
			s := measure(byClass.of(c.ID), n.unseenOf(all, func(s state) bool { return s.class.ClassID() == c.ID }).items, func(t record.Instant) int { return c.Limit.At(t) }, month)
			a.Parts = append(a.Parts, Part{Name: c.ID, Group: "class", Title: c.Name, Value: value(s, month)})
		}
		byStage := n.endOfDay(all, func(s state) (string, bool) { return s.stage.ID, s.progress && len(s.stage.Limit) > 0 })
		for _, st := range n.stages() {
			if len(st.Limit) == 0 {
				continue
			}
			s := measure(byStage.of(st.ID), open, func(t record.Instant) int { return st.Limit.At(t) }, month)
			a.Parts = append(a.Parts, Part{Name: st.ID, Group: "stage", Title: st.Name, Value: value(s, month)})
		}
		a.Charts = []Chart{{Name: "by-month", Title: "Share of working days overloaded, by month", Kind: Bar, Unit: Share, XUnit: Text,
			Note: "Each bar is a month's overloaded working days of all its working days.",
			X:    labels(months), Lines: []Series{share}, Marks: n.experiments(months), Edges: edges(months)}}
		a.Tables = []Table{table}
		weeks := n.wholeWeeks()
		over, days, unseen := make([]int, len(weeks)), make([]int, len(weeks)), make([]int, len(weeks))
		for i, d := range all {
			if w, l := find(weeks, d.To-1), limit(d.To-1); w >= 0 && l > 0 && n.Policy.Working.WorkingDay(record.Date(d.Label)) {
				is, known := above(team[i], open[i], l)
				over[w] += one(is)
				unseen[w] += one(!known)
				days[w]++
			}
		}
		counts := n.ofWeeks(weeks, numbers(over))
		for w := range counts {
			if days[w] == 0 || unseen[w] > 0 {
				counts[w] = record.Number{}
			}
		}
		a.Weekly = []Weekly{{Name: "weekly-overloaded", Title: "Overloaded working days", Unit: Days, Weeks: weeks, Values: counts, Worse: 1}}
		return a
	},
}

// overloads are the working days of a period: those with a limit, those above it and by how much, those without any,
// and those that have one of which it cannot be told.
type overloads struct{ days, over, excess, none, unseen int }

func (n *Night) overloads(days []Period, counts, open []int, limit func(record.Instant) int, p Period) (s overloads) {
	for i, d := range days {
		if !p.holds(d.To-1) || !n.Policy.Working.WorkingDay(record.Date(d.Label)) {
			continue
		}
		l := limit(d.To - 1)
		if l <= 0 {
			s.none++
			continue
		}
		over, known := above(counts[i], open[i], l)
		if !known || d.Ends {
			s.unseen++
			continue
		}
		s.days++
		if over {
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
		if l := limit(d.To - 1); p.holds(d.To-1) && !d.Ends && l > 0 && counts[i] > l && n.Policy.Working.WorkingDay(record.Date(d.Label)) {
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

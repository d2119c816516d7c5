package analysis

// The age of what is in progress, beside how long what was finished took (METRICS.md, section 4).

import (
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// archived says whether the item's tracker can speak only up to long before as-of: what it knew last is
// nothing to walk the board by.
func (n *Night) archived(it *Item) bool { return n.old(it.Until) }

// apart says how many of those left out are an archive's, and how many are coarse, in sentences that follow a count
// of the others.
func (n *Night) apart(left []Row) string {
	old, said := 0, ""
	for _, r := range left {
		old += one(n.archived(r.Item))
	}
	if coarse := len(left) - old; coarse > 0 {
		said = fmt.Sprintf(" Of %d more the history cannot be followed: %s left out.", coarse, plurally(coarse, "it is", "they are"))
	}
	if old > 0 {
		said += fmt.Sprintf(" %s in archives (trackers that tell nothing of the last 60 days) and left out.", counted(old, "more is", "more are"))
	}
	return said
}

// unclocked says why the clock of an item in hand cannot be followed; "" if it can.
func (n *Night) unclocked(it *Item) string {
	if n.archived(it) {
		return "its tracker can speak only up to " + n.date(it.Until-1)
	}
	return it.Coarse
}

// measure holds ages against what was finished.
type measure struct {
	of     string // whose history it is: a class's, or "" for all
	n      int
	bounds [len(quartet)]float64
}

// measures is what each class is held against: its own history from [Enough] items on, else that of
// all. A class is missing where there is not enough of either.
func (h *history) measures(n *Night) map[*Class]*measure {
	ms := map[*Class]*measure{}
	for _, c := range n.classes() {
		id := c.ClassID()
		if len(h.cycle[id]) < Enough {
			id = ""
		}
		vs := h.cycle[id]
		if len(vs) < Enough {
			continue
		}
		m := &measure{n: len(vs)}
		if id != "" {
			m.of = c.Title()
		}
		for i, q := range quartet {
			m.bounds[i] = Percentile(vs, q.share)
		}
		ms[c] = m
	}
	return ms
}

// beyond is how many of the percentiles the age exceeds.
func (m *measure) beyond(age float64) int {
	k := 0
	for k < len(m.bounds) && age > m.bounds[k] {
		k++
	}
	return k
}

// say says what it means to exceed k of the percentiles.
func (m *measure) say(k int) string {
	of := fmt.Sprintf(" of the %d finished", m.n)
	if m.of != "" {
		of += " as " + m.of
	}
	if k == 0 {
		return "not older than half" + of
	}
	return "older than " + quartet[k-1].title + of
}

// tooOld is how many of the percentiles an item exceeds that is older than 85 % of history.
const tooOld = 3

var agingWIP = Metric{
	Name: "aging-wip", Title: "Aging work in progress", Chapter: "Flow", Unit: Items, Counts: "older than 85 % of what was finished in their class",
	Question: "What is in progress for longer than it should be?",
	Doc: "**Age** is the elapsed time since an item was first in an active stage, for what is in progress at as-of: active, or waiting or paused after having been active. It is counted no further than the item's own source can speak. " +
		"It is held against the **cycle times** of what was finished in the trailing 90 days and not discarded: those of its own class where there are 10 or more, else those of all. An item is older than 85 % of history when its age exceeds their 85th percentile. Under 10 finished items in all nothing is called old.\n\n" +
		"An item that is past the line of 85 % has a better chance to be the next bad surprise than any that is new; finish it first, or cut it in two. Some are always past it: what takes long is in progress for longer, so at any moment there is more of it than among what was finished. Items whose history is missing have no age and are listed, and so are those of trackers that can speak only up to 60 days before as-of.",
	Measure: func(n *Night) Answer {
		h := n.history(n.trailing(90))
		measures := h.measures(n)
		a := Answer{Headline: Value{Unit: Items, Period: n.now()}, RowUnit: Duration}
		ages := make([][]float64, len(n.flow.stages))
		spread := make([][len(quartet) + 1]int, len(n.flow.stages)) // by how many percentiles are exceeded
		dots, classes, stages := map[*Class][]Dot{}, map[*Class]int{}, map[int]int{}
		old := 0
		for it := range n.open() {
			if it.Started == 0 {
				continue
			}
			if why := n.unclocked(it); why != "" {
				a.Left = append(a.Left, Row{Item: it, Why: why})
				continue
			}
			age, at, c := it.Until.Sub(it.Started).Seconds(), n.flow.at[it.Stage()], it.Class()
			ages[at] = append(ages[at], age)
			dots[c] = append(dots[c], Dot{at, age, it})
			why := it.Stage().Name
			if m := measures[c]; m != nil {
				k := m.beyond(age)
				spread[at][k]++
				why += "; " + m.say(k)
				if k >= tooOld {
					old++
					classes[c]++
					stages[at]++
				}
			}
			a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(age), Why: why})
		}
		a.Rows = largestFirst(a.Rows)
		known := len(measures) > 0
		switch {
		case len(a.Rows) == 0:
			a.Sentence = "Nothing with a known beginning is in progress."
		case !known:
			a.Sentence = fmt.Sprintf("%s in progress, and only %s finished in the trailing 90 days: too few to say which are old.", counted(len(a.Rows), "item is", "items are"), counted(len(h.cycle[""]), "was", "were"))
		default:
			a.Sentence = fmt.Sprintf("%d of %s in progress %s older than 85 %% of what was finished in their class in the trailing 90 days; the oldest is %s old.", old, counted(len(a.Rows), "item", "items"), plurally(old, "is", "are"), Duration.Format(a.Rows[0].Num))
		}
		a.Sentence += n.apart(a.Left)
		if known {
			a.Headline = countOf(old, n.now())
			for _, c := range n.classes() {
				a.Parts = append(a.Parts, Part{Name: c.ClassID(), Group: "class", Title: c.Title(), Value: countOf(classes[c], n.now())})
			}
		}
		table := Table{Name: "stages", Title: "In progress, by stage", Columns: []Column{{"stage", "Stage", Text}, {"n", "In progress", Items}, {"median", "Half of them up to", Duration}, {"oldest", "The oldest", Duration},
			{"p0", "Up to 50 %", Items}, {"p50", "50–70 %", Items}, {"p70", "70–85 %", Items}, {"p85", "85–95 %", Items}, {"p95", "Past 95 %", Items}}}
		chart := Chart{Name: "age", Title: "Age of each item in progress, by stage", Kind: Scatter, Unit: Duration, XUnit: Text, Marks: h.marks(),
			Note: "A dot is an item. The lines are how long the items took that were finished in the trailing 90 days, all classes together; below each item is held against its own class."}
		place := make([]int, len(n.flow.stages))
		for i, s := range n.flow.stages {
			place[i] = len(chart.X)
			if len(ages[i]) == 0 && (s.Kind == Done || i >= len(n.stages())) {
				continue // a stage in force is shown even where it is empty
			}
			chart.X = append(chart.X, s.Name)
			row := []Cell{{Text: s.Name}, num(len(ages[i])), {Num: secondsOf(ages[i], 0.5, 0, Period{}).Number}, {Num: secondsOf(ages[i], 1, 0, Period{}).Number}}
			for _, k := range spread[i] {
				if known {
					row = append(row, num(k))
				} else {
					row = append(row, Cell{})
				}
			}
			table.Rows = append(table.Rows, row)
			if known {
				a.Parts = append(a.Parts, Part{Name: s.ID, Group: "stage", Title: s.Name, Value: countOf(stages[i], n.now())})
			}
		}
		for _, ds := range dots {
			for i := range ds {
				ds[i].At = place[ds[i].At]
			}
		}
		if k := len(a.Rows); k > mostDots {
			chart.Note += fmt.Sprintf(" Of the %d items the %d oldest are drawn.", k, mostDots)
			youngest := a.Rows[mostDots-1].Num.Value
			for c, ds := range dots {
				dots[c] = slices.DeleteFunc(ds, func(d Dot) bool { return d.Y < youngest })
			}
		}
		chart.Lines = n.dotted(dots)
		a.Charts = []Chart{chart}
		a.Tables = []Table{table, h.table(n, "history")}
		return a
	},
}

func plurally(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

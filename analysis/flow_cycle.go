package analysis

// Lead and cycle time of what was finished, which is also the history that work in progress is held
// against (METRICS.md, section 4).

import (
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// quartet are the percentiles that a history is told by.
var quartet = [...]struct {
	share       float64
	name, title string
}{{0.5, "p50", "50 %"}, {0.7, "p70", "70 %"}, {0.85, "p85", "85 %"}, {0.95, "p95", "95 %"}}

// history is what was finished in a period and not discarded, with how long it took.
type history struct {
	period      Period
	finished    int
	discarded   int
	cycle, lead map[string][]float64 // seconds, ascending, by class id; of all under ""
	rows        []Row                // what has a cycle time, the longest first
	left        []Row                // what has none, and why
}

func (n *Night) history(p Period) *history {
	h := &history{period: p, cycle: map[string][]float64{}, lead: map[string][]float64{}}
	add := func(m map[string][]float64, id string, v float64) { m[id], m[""] = append(m[id], v), append(m[""], v) }
	for it := range n.during(p) {
		if it.Open() || !p.holds(it.Finished) {
			continue
		}
		if it.Discarded {
			h.discarded++
			continue
		}
		h.finished++
		id := it.Class().ClassID()
		add(h.lead, id, it.Finished.Sub(it.Created).Seconds())
		switch {
		case it.Coarse != "":
			h.left = append(h.left, Row{Item: it, Why: it.Coarse})
		case it.Started == 0:
			h.left = append(h.left, Row{Item: it, Why: "never in an active stage"})
		default:
			c := it.Finished.Sub(it.Started).Seconds()
			add(h.cycle, id, c)
			h.rows = append(h.rows, Row{Item: it, Num: record.Num(c), Why: it.Class().Title()})
		}
	}
	for _, m := range []map[string][]float64{h.cycle, h.lead} {
		for _, vs := range m {
			slices.Sort(vs)
		}
	}
	h.rows = largestFirst(h.rows)
	return h
}

// at is a percentile of some of its times.
func (h *history) at(vs []float64, q float64) Value { return secondsOf(vs, q, 0, h.period) }

// table is the percentiles by class, and of all.
func (h *history) table(n *Night, name string) Table {
	t := Table{Name: name, Title: "What was finished in the " + h.period.Label + ", by class", Columns: []Column{{"class", "Class", Text}, {"n", "Finished", Items}}}
	for _, q := range quartet {
		t.Columns = append(t.Columns, Column{q.name, q.title, Duration})
	}
	t.Columns = append(t.Columns, Column{"lead-p85", "Lead time, 85 %", Duration})
	line := func(title, id string) {
		if len(h.lead[id]) == 0 {
			return
		}
		row := []Cell{{Text: title}, num(len(h.cycle[id]))}
		for _, q := range quartet {
			row = append(row, Cell{Num: h.at(h.cycle[id], q.share).Number})
		}
		t.Rows = append(t.Rows, append(row, Cell{Num: h.at(h.lead[id], 0.85).Number}))
	}
	for _, c := range n.classes() {
		line(c.Title(), c.ClassID())
	}
	line("All", "")
	return t
}

// marks are the percentiles of all as lines across a chart; of fewer than [Fewest] there are none.
func (h *history) marks() []Mark {
	var ms []Mark
	if all := h.cycle[""]; len(all) >= Fewest {
		for _, q := range quartet {
			v := h.at(all, q.share)
			ms = append(ms, Mark{Y: v.Number, Title: q.title + ": " + v.String(), Role: "percentile"})
		}
	}
	return ms
}

var cycleTime = Metric{
	Name: "cycle-time", Title: "Cycle time", Chapter: "Flow", Unit: Duration, Counts: "85 % of what was finished at most",
	Question: "Once we start something, how long until it is finished?",
	Doc: "**Cycle time** is the elapsed time from the first entry into an active stage to the last entry into done, of items finished in the trailing 90 days and not discarded. " +
		"**Lead time** counts from creation. Percentiles are nearest rank: the smallest value that at least that share of items did not exceed, which of fewer than seven is the longest for 85 %. " +
		"Items that were never in an active stage, and items without history, have no cycle time and are counted as such.\n\n" +
		"The **scatter** has a dot for every finished item, on the local day of its end and as high as its cycle time, with the 50th, 70th, 85th and 95th percentile of all of them across it. " +
		"A promise made at the line of 85 % is kept 85 times in a hundred, as long as the work stays what it was.",
	Measure: func(n *Night) Answer {
		h := n.history(n.trailing(90))
		a := Answer{RowUnit: Duration, Rows: h.rows, Left: h.left}
		all := h.cycle[""]
		a.Headline = h.at(all, 0.85)
		a.Headline.Of = h.finished
		switch {
		case len(all) == 0:
			a.Sentence = "Nothing with a known cycle time was finished in the trailing 90 days."
		case len(all) < Fewest:
			a.Sentence = fmt.Sprintf("%s finished with a known cycle time in the trailing 90 days, and none took longer than %s: too few to say how long such work takes.", counted(len(all), "item was", "items were"), h.at(all, 1))
		default:
			a.Sentence = fmt.Sprintf("%s of the items finished in the trailing 90 days took %s or less, half of them %s or less.", upperFirst(atMost(len(all), 0.85, "85 %")), h.at(all, 0.85), h.at(all, 0.5))
		}
		a.Sentence += fmt.Sprintf(" Discarded, and left out: %d.", h.discarded)
		for _, c := range n.classes() {
			if vs := h.cycle[c.ClassID()]; len(vs) > 0 {
				a.Parts = append(a.Parts, Part{Name: c.ClassID(), Group: "class", Title: c.Title(), Value: h.at(vs, 0.85)})
			}
		}
		a.Tables = []Table{h.table(n, "percentiles")}
		a.Charts = []Chart{n.cycleDots(h), n.cycleByMonth()}
		a.Weekly = []Weekly{n.cycleByWeek()}
		return a
	},
}

// mostDots is how many dots of a scatter can still be told apart.
const mostDots = 2000

// cycleDots draws what was finished, a dot each. Of more than [mostDots] each day gives the longest, the
// shortest and others evenly between: the shape stays, and so do the outliers that people ask about.
func (n *Night) cycleDots(h *history) Chart {
	days := n.periods(calendar.Days(), h.period.From, h.period.To)
	byDay := make([][]*Item, len(days))
	for _, r := range h.rows { // the longest first, of every day
		if i := find(days, r.Item.Finished); i >= 0 {
			byDay[i] = append(byDay[i], r.Item)
		}
	}
	c := Chart{Name: "scatter", Title: "Cycle time of each finished item, " + h.period.Label, Kind: Scatter, Unit: Duration, XUnit: Day, X: labels(days),
		Marks: append(h.marks(), n.experiments(days)...), Edges: edges(days), Note: "A dot is an item. Cycle times have no normal value, only a shape: look for what lies far above the lines, and for gaps."}
	if k := mostDots / max(len(days), 1); len(h.rows) > mostDots {
		drawn := 0
		for i, its := range byDay {
			byDay[i] = evenly(its, k)
			drawn += len(byDay[i])
		}
		c.Note += fmt.Sprintf(" Of the %d items %d are drawn: of each day the longest, the shortest, and others evenly between. The lines are those of all.", len(h.rows), drawn)
	}
	dots := map[*Class][]Dot{}
	for i, its := range byDay {
		for _, it := range its {
			dots[it.Class()] = append(dots[it.Class()], Dot{i, it.Finished.Sub(it.Started).Seconds(), it})
		}
	}
	c.Lines = n.dotted(dots)
	return c
}

// evenly is k of the list at most, two or more: its ends, and others evenly between.
func evenly[T any](list []T, k int) []T {
	if len(list) <= k {
		return list
	}
	some := make([]T, k)
	for i := range some {
		some[i] = list[i*(len(list)-1)/(k-1)]
	}
	return some
}

// dotted makes a series of every class that has dots.
func (n *Night) dotted(dots map[*Class][]Dot) []Series {
	var ss []Series
	for _, c := range n.classes() {
		if len(dots[c]) > 0 {
			ss = append(ss, Series{Name: c.ClassID(), Title: c.Title(), Role: "class", Dots: dots[c]})
		}
	}
	return ss
}

// cycleByMonth draws the median and the 85th percentile of what was finished in each month.
func (n *Night) cycleByMonth() Chart {
	months := n.months(24)
	times := make([][]float64, len(months))
	for it := range n.during(months...) {
		if !it.Open() && !it.Discarded && it.Coarse == "" && it.Started != 0 {
			if i := find(months, it.Finished); i >= 0 {
				times[i] = append(times[i], it.Finished.Sub(it.Started).Seconds())
			}
		}
	}
	c := n.halfAndMost(months, times)
	c.Name, c.Title = "by-month", "Cycle time, by month of finishing"
	c.Note = fmt.Sprintf("Months in which fewer than %d items were finished are left blank.", Fewest)
	return c
}

// halfAndMost draws the median and the 85th percentile of the times of each month, in seconds. It puts them
// in order.
func (n *Night) halfAndMost(months []Period, times [][]float64) Chart {
	half, most := Series{Name: "p50", Title: "Half of them within"}, Series{Name: "p85", Title: "85 % within"}
	for _, vs := range times {
		slices.Sort(vs) // once, for both of them
		var a, b record.Number
		if len(vs) >= Fewest {
			a, b = record.Num(Percentile(vs, 0.5)), record.Num(Percentile(vs, 0.85))
		}
		half.Values, most.Values = append(half.Values, a), append(most.Values, b)
	}
	return Chart{Kind: Line, Unit: Duration, XUnit: Text, X: labels(months), Lines: []Series{half, most}, Marks: n.experiments(months), Edges: edges(months)}
}

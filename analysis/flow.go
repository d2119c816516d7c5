package analysis

// Flow: the open backlog, arrivals and departures, lead and cycle time (METRICS.md, section 4).

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

var backlogSize = Metric{
	Name: "backlog", Title: "Open backlog", Chapter: "Flow", Unit: Items,
	Question: "How much is waiting for us?",
	Doc: "An item is **open** from its creation until it is done, and again while it is reopened. The series counts the open items at the end of each local day, " +
		"by the class and by the stage held then. It equals everything created and reopened less every entry into done, discarded items included.",
	Measure: func(n *Night) Answer {
		days := n.days(182)
		byClass := n.endOfDay(days, func(s stretch) (string, bool) { return s.class.ClassID(), true })
		byStage := n.endOfDay(days, func(s stretch) (string, bool) { return s.stage.ID, true })
		a := Answer{RowUnit: Duration} // how long each is open
		open, support := 0, 0
		byID := map[string]int{}
		for _, it := range n.Items {
			if it.Open() {
				open++
				if it.Kind().Support() {
					support++
				}
				byID[it.Class().ClassID()]++
				a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(n.AsOf.Sub(it.Created).Seconds()), Why: it.Stage().Name})
			}
		}
		slices.SortStableFunc(a.Rows, func(x, y Row) int { return cmp.Compare(y.Num.Value, x.Num.Value) })
		a.Headline = countOf(open, n.now())
		a.Sentence = fmt.Sprintf("%d items are open, %d of them support.", open, support)
		for _, c := range n.classes() {
			k := byID[c.ClassID()]
			a.Parts = append(a.Parts, Part{Name: c.ClassID(), Group: "class", Title: c.Title(), Value: countOf(k, n.now())})
		}
		var stages []Series
		for _, s := range n.everyStage() {
			if s.Kind != Done {
				if _, any := byStage.counts[s.ID]; any {
					stages = append(stages, Series{Name: s.ID, Title: s.Name, Role: "stage", Values: numbers(byStage.of(s.ID))})
				}
			}
		}
		a.Charts = []Chart{
			{Name: "by-class", Title: "Open at the end of each day, by class", Kind: Area, Unit: Items, XUnit: Day, X: labels(days), Lines: n.byClass(byClass), Marks: n.experiments(days),
				Note: "A band that only grows is a promise that nobody will keep."},
			{Name: "by-stage", Title: "Open at the end of each day, by stage", Kind: Area, Unit: Items, XUnit: Day, X: labels(days), Lines: stages, Marks: n.experiments(days),
				Note: "The upper part of a cumulative flow diagram: the widest band is where work waits."},
		}
		return a
	},
}

var flowBalance = Metric{
	Name: "flow", Title: "Arrivals and departures", Chapter: "Flow", Unit: PerWeek,
	Question: "Do we finish as much as comes in?",
	Doc: "Per whole ISO week: **arrivals** are items created or reopened, **departures** entries into done (discarded items included), **net flow** is arrivals less departures, " +
		"**throughput** counts what was finished and not discarded. The headline is the mean weekly net flow of the last 13 whole weeks.",
	Measure: func(n *Night) Answer {
		weeks := n.weeks(52)
		type row struct{ created, reopened, done, discarded int }
		rows := make([]row, len(weeks))
		byClass := map[string][]int{}
		at := func(t record.Instant, f func(*row)) int {
			i := find(weeks, t)
			if i >= 0 {
				f(&rows[i])
			}
			return i
		}
		for _, it := range n.Items {
			at(it.Created, func(r *row) { r.created++ })
			for _, t := range it.Reopened {
				at(t, func(r *row) { r.reopened++ })
			}
			for _, t := range it.Done {
				at(t, func(r *row) { r.done++ })
			}
			if it.Finished != 0 {
				i := at(it.Finished, func(r *row) {
					if it.Discarded {
						r.discarded++
					}
				})
				if i >= 0 && !it.Discarded {
					id := it.Class().ClassID()
					if byClass[id] == nil {
						byClass[id] = make([]int, len(weeks))
					}
					byClass[id][i]++
				}
			}
		}
		var a Answer
		in, out := Series{Name: "arrivals", Title: "Arrivals", Role: "arrivals"}, Series{Name: "departures", Title: "Departures", Role: "departures"}
		table := Table{Name: "weeks", Title: "By week", Columns: []Column{{"week", "Week", Text}, {"created", "Created", Items}, {"reopened", "Reopened", Items}, {"done", "Into done", Items}, {"discarded", "of these discarded", Items}, {"net", "Net flow", Items}}}
		sum, weeksIn := 0, 0
		for i, r := range rows {
			net := r.created + r.reopened - r.done
			in.Values = append(in.Values, record.Num(float64(r.created+r.reopened)))
			out.Values = append(out.Values, record.Num(float64(r.done)))
			table.Rows = append(table.Rows, []Cell{{Text: weeks[i].Label}, num(r.created), num(r.reopened), num(r.done), num(r.discarded), num(net)})
			if i >= len(rows)-13 {
				sum += net
				weeksIn++
			}
		}
		a.Headline = Value{Unit: PerWeek, N: weeksIn, Period: Period{Label: lastWeeks(weeksIn)}}
		a.Sentence = "There is no whole week to look at yet."
		if weeksIn > 0 {
			a.Headline.Number = record.Num(float64(sum) / float64(weeksIn))
			a.Headline.Period.From, a.Headline.Period.To = weeks[len(weeks)-weeksIn].From, weeks[len(weeks)-1].To
			a.Rows, a.RowUnit = n.flowed(a.Headline.Period), Items
			switch {
			case sum > 0:
				a.Sentence = fmt.Sprintf("In the %s the backlog grew by %d items.", lastWeeks(weeksIn), sum)
			case sum < 0:
				a.Sentence = fmt.Sprintf("In the %s the backlog shrank by %d items.", lastWeeks(weeksIn), -sum)
			default:
				a.Sentence = fmt.Sprintf("In the %s as much was done as came in.", lastWeeks(weeksIn))
			}
		}
		var through []Series
		for _, c := range n.classes() {
			if v := byClass[c.ClassID()]; v != nil {
				through = append(through, Series{Name: c.ClassID(), Title: c.Title(), Role: "class", Values: numbers(v)})
			}
		}
		a.Charts = []Chart{
			{Name: "balance", Title: "Arrivals and departures, by week", Kind: Line, Unit: Items, XUnit: Text, X: labels(weeks), Lines: []Series{in, out}, Marks: n.experiments(weeks),
				Note: "Where arrivals stay above departures the backlog grows, whatever anybody feels."},
			{Name: "throughput", Title: "Throughput, by week and class", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(weeks), Lines: through, Marks: n.experiments(weeks),
				Note: "What was finished and not discarded."},
		}
		a.Tables = []Table{table}
		return a
	},
}

// flowed are the items that came in or were done in the period, with what each adds to its net flow.
func (n *Night) flowed(p Period) []Row {
	var rows []Row
	for _, it := range n.Items {
		in, out := bit(p.holds(it.Created)), 0
		for _, t := range it.Reopened {
			in += bit(p.holds(t))
		}
		for _, t := range it.Done {
			out += bit(p.holds(t))
		}
		switch {
		case in > 0 && out > 0:
			rows = append(rows, Row{Item: it, Num: record.Num(float64(in - out)), Why: "came in, and was done"})
		case in > 0:
			rows = append(rows, Row{Item: it, Num: record.Num(float64(in)), Why: "came in"})
		case out > 0:
			rows = append(rows, Row{Item: it, Num: record.Num(float64(-out)), Why: "was done"})
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(b.Num.Value, a.Num.Value) })
	return rows
}

var cycleTime = Metric{
	Name: "cycle-time", Title: "Cycle time", Chapter: "Flow", Unit: Duration,
	Question: "Once we start something, how long until it is finished?",
	Doc: "**Cycle time** is the elapsed time from the first entry into an active stage to the last entry into done, of items finished in the trailing 90 days and not discarded. " +
		"**Lead time** counts from creation. Percentiles are nearest rank: the smallest value that at least that share of items did not exceed. " +
		"Items that were never in an active stage, and items without history, have no cycle time and are counted as such.",
	Measure: func(n *Night) Answer {
		p := n.trailing(90)
		a := Answer{RowUnit: Duration}
		cycle, lead := map[string][]float64{}, map[string][]float64{}
		finished, discarded := 0, 0
		for _, it := range n.Items {
			if it.Open() || !p.holds(it.Finished) {
				continue
			}
			if it.Discarded {
				discarded++
				continue
			}
			finished++
			id := it.Class().ClassID()
			l := it.Finished.Sub(it.Created).Seconds()
			lead[id], lead[""] = append(lead[id], l), append(lead[""], l)
			switch {
			case it.Coarse != "":
				a.Left = append(a.Left, Row{Item: it, Why: it.Coarse})
			case it.Started == 0:
				a.Left = append(a.Left, Row{Item: it, Why: "never in an active stage"})
			default:
				c := it.Finished.Sub(it.Started).Seconds()
				cycle[id], cycle[""] = append(cycle[id], c), append(cycle[""], c)
				a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(c), Why: it.Class().Title()})
			}
		}
		slices.SortStableFunc(a.Rows, func(x, y Row) int { return cmp.Compare(y.Num.Value, x.Num.Value) })
		at := func(vs []float64, q float64) Value {
			v := Value{Unit: Duration, N: len(vs), Period: p}
			if len(vs) > 0 {
				v.Number = record.Num(Percentile(vs, q))
			}
			return v
		}
		a.Headline = at(cycle[""], 0.85)
		a.Headline.Of = finished
		if len(cycle[""]) > 0 {
			a.Sentence = fmt.Sprintf("85 %% of the items finished in the trailing 90 days took %s or less, half of them %s or less.", at(cycle[""], 0.85), at(cycle[""], 0.5))
		} else {
			a.Sentence = "Nothing with a known cycle time was finished in the trailing 90 days."
		}
		a.Sentence += fmt.Sprintf(" Discarded, and left out: %d.", discarded)
		table := Table{Name: "percentiles", Title: "By class", Columns: []Column{{"class", "Class", Text}, {"n", "Finished", Items}, {"p50", "50 %", Duration}, {"p70", "70 %", Duration}, {"p85", "85 %", Duration}, {"p95", "95 %", Duration}, {"lead-p85", "Lead time, 85 %", Duration}}}
		line := func(title, id string) {
			if len(lead[id]) == 0 {
				return
			}
			row := []Cell{{Text: title}, num(len(cycle[id]))}
			for _, q := range []float64{0.5, 0.7, 0.85, 0.95} {
				row = append(row, Cell{Num: at(cycle[id], q).Number})
			}
			table.Rows = append(table.Rows, append(row, Cell{Num: at(lead[id], 0.85).Number}))
		}
		for _, c := range n.classes() {
			line(c.Title(), c.ClassID())
			if len(cycle[c.ClassID()]) > 0 {
				a.Parts = append(a.Parts, Part{Name: c.ClassID(), Group: "class", Title: c.Title(), Value: at(cycle[c.ClassID()], 0.85)})
			}
		}
		line("All", "")
		a.Tables = []Table{table}
		a.Charts = []Chart{n.cycleByMonth()}
		return a
	},
}

// cycleByMonth draws the median and the 85th percentile of what was finished in each month.
func (n *Night) cycleByMonth() Chart {
	months := n.months(24)
	times := make([][]float64, len(months))
	for _, it := range n.Items {
		if !it.Open() && !it.Discarded && it.Coarse == "" && it.Started != 0 {
			if i := find(months, it.Finished); i >= 0 {
				times[i] = append(times[i], it.Finished.Sub(it.Started).Seconds())
			}
		}
	}
	half, most := Series{Name: "p50", Title: "Half of them within"}, Series{Name: "p85", Title: "85 % within"}
	for _, vs := range times {
		var a, b record.Number
		if len(vs) >= Fewest {
			a, b = record.Num(Percentile(vs, 0.5)), record.Num(Percentile(vs, 0.85))
		}
		half.Values, most.Values = append(half.Values, a), append(most.Values, b)
	}
	return Chart{Name: "by-month", Title: "Cycle time, by month of finishing", Kind: Line, Unit: Duration, XUnit: Text, X: labels(months), Lines: []Series{half, most},
		Marks: n.experiments(months), Partial: partial(months), Note: fmt.Sprintf("Months in which fewer than %d items were finished are left blank.", Fewest)}
}

package analysis

// Flow: the open backlog, arrivals and departures (METRICS.md, section 4). What became of the items on
// their way is in the other files of flow_.

import (
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

var backlogSize = Metric{
	Name: "backlog", Title: "Open backlog", Chapter: "Flow", Unit: Items, Counts: "items open",
	Question: "How much is waiting for us?",
	Doc: "An item is **open** from its creation until it is done, and again while it is reopened. The series counts the open items at the end of each local day, " +
		"by the class and by the stage held then. It equals everything created and reopened less every entry into done, discarded items included.",
	Measure: func(n *Night) Answer {
		days := n.days(182)
		byClass := n.endOfDay(days, func(s state) (string, bool) { return s.class.ClassID(), true })
		byStage := n.endOfDay(days, func(s state) (string, bool) { return s.stage.ID, true })
		a := Answer{RowUnit: Duration} // how long each is open
		open, support := 0, 0
		byID := map[string]int{}
		for it := range n.open() {
			open++
			if it.Kind().Support() {
				support++
			}
			byID[it.Class().ClassID()]++
			a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(n.AsOf.Sub(it.Created).Seconds()), Why: it.Stage().Name})
		}
		a.Rows = largestFirst(a.Rows)
		a.Headline = countOf(open, n.now())
		a.Sentence = fmt.Sprintf("%s open, %d of them support.", counted(open, "item is", "items are"), support)
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
			{Name: "by-class", Title: "Open at the end of each day, by class", Kind: Area, Unit: Items, XUnit: Day, X: labels(days), Lines: n.byClass(byClass), Marks: n.experiments(days), Edges: edges(days),
				Note: "A band that only grows is a promise that nobody will keep."},
			{Name: "by-stage", Title: "Open at the end of each day, by stage", Kind: Area, Unit: Items, XUnit: Day, X: labels(days), Lines: stages, Marks: n.experiments(days), Edges: edges(days),
				Note: "The upper part of a cumulative flow diagram: the widest band is where work waits."},
		}
		return a
	},
}

var flowBalance = Metric{
	Name: "flow", Title: "Arrivals and departures", Chapter: "Flow", Unit: PerWeek, Counts: "net flow",
	Question: "Do we finish as much as comes in?",
	Doc: "Per whole ISO week: **arrivals** are items created or reopened, **departures** entries into done (discarded items included), **net flow** is arrivals less departures, " +
		"**throughput** counts what was finished and not discarded. By class, each is of the items that are in it at as-of. The headline is the mean weekly net flow of the last 13 whole weeks that the trackers can speak for; later ones are no data.",
	Measure: func(n *Night) Answer {
		weeks := n.weeks(52)
		type row struct{ created, reopened, done, discarded int }
		rows := make([]row, len(weeks))
		type ways struct{ in, out, through []int }
		byClass := map[string]*ways{}
		at := func(t record.Instant, f func(*row)) int {
			i := find(weeks, t)
			if i >= 0 {
				f(&rows[i])
			}
			return i
		}
		for it := range n.during(weeks...) {
			of := byClass[it.Class().ClassID()]
			if of == nil {
				of = &ways{make([]int, len(weeks)), make([]int, len(weeks)), make([]int, len(weeks))}
				byClass[it.Class().ClassID()] = of
			}
			if i := at(it.Created, func(r *row) { r.created++ }); i >= 0 {
				of.in[i]++
			}
			for _, t := range it.Reopened {
				if i := at(t, func(r *row) { r.reopened++ }); i >= 0 {
					of.in[i]++
				}
			}
			for _, t := range it.Done {
				if i := at(t, func(r *row) { r.done++ }); i >= 0 {
					of.out[i]++
				}
			}
			if it.Finished != 0 && it.Discarded {
				at(it.Finished, func(r *row) { r.discarded++ })
			} else if it.Finished != 0 {
				if i := find(weeks, it.Finished); i >= 0 {
					of.through[i]++
				}
			}
		}
		var a Answer
		in, out := Series{Name: "arrivals", Title: "Arrivals", Role: "arrivals"}, Series{Name: "departures", Title: "Departures", Role: "departures"}
		table := Table{Name: "weeks", Title: "By week", Columns: []Column{{"week", "Week", Text}, {"created", "Created", Items}, {"reopened", "Reopened", Items}, {"done", "Into done", Items}, {"discarded", "of these discarded", Items}, {"net", "Net flow", Items}}}
		told, sum, weeksIn := len(n.spoken(weeks)), 0, 0
		for i, r := range rows {
			if i >= told {
				in.Values, out.Values = append(in.Values, record.Number{}), append(out.Values, record.Number{})
				table.Rows = append(table.Rows, []Cell{{Text: weeks[i].title()}, {}, {}, {}, {}, {}})
				continue
			}
			net := r.created + r.reopened - r.done
			in.Values = append(in.Values, record.Num(float64(r.created+r.reopened)))
			out.Values = append(out.Values, record.Num(float64(r.done)))
			table.Rows = append(table.Rows, []Cell{{Text: weeks[i].title()}, num(r.created), num(r.reopened), num(r.done), num(r.discarded), num(net)})
			if i >= told-13 {
				sum += net
				weeksIn++
			}
		}
		a.Headline = Value{Unit: PerWeek, N: weeksIn, Period: Period{Label: lastWeeks(weeksIn)}}
		a.Sentence = "There is no whole week to look at yet."
		if weeksIn > 0 {
			a.Headline.Number = record.Num(float64(sum) / float64(weeksIn))
			a.Headline.Period.From, a.Headline.Period.To = weeks[told-weeksIn].From, weeks[told-1].To
			a.Rows, a.RowUnit = n.flowed(a.Headline.Period), Items
			switch {
			case sum > 0:
				a.Sentence = fmt.Sprintf("In the %s %s in than were done.", lastWeeks(weeksIn), counted(sum, "more item came", "more items came"))
			case sum < 0:
				a.Sentence = fmt.Sprintf("In the %s %s done than came in.", lastWeeks(weeksIn), counted(-sum, "more item was", "more items were"))
			default:
				a.Sentence = fmt.Sprintf("In the %s as much was done as came in.", lastWeeks(weeksIn))
			}
		}
		var came, left, through []Series
		classes := Table{Name: "classes", Title: "By class, " + lastWeeks(weeksIn), Columns: []Column{{"class", "Class", Text}, {"arrivals", "Arrivals", Items}, {"departures", "Departures", Items}, {"net", "Net flow", Items}, {"throughput", "Throughput", Items}}}
		for _, c := range n.classes() {
			of := byClass[c.ClassID()]
			if of == nil {
				continue
			}
			draw := func(to *[]Series, v []int) int {
				if slices.ContainsFunc(v, func(k int) bool { return k > 0 }) {
					*to = append(*to, Series{Name: c.ClassID(), Title: c.Title(), Role: "class", Values: n.ofWeeks(weeks, numbers(v))})
				}
				sum := 0
				for _, k := range v[told-weeksIn : told] {
					sum += k
				}
				return sum
			}
			in, out, done := draw(&came, of.in), draw(&left, of.out), draw(&through, of.through)
			if weeksIn == 0 {
				continue
			}
			a.Parts = append(a.Parts, Part{Name: c.ClassID(), Group: "class", Title: c.Title(), Value: Value{Unit: PerWeek, Number: record.Num(float64(in-out) / float64(weeksIn)), N: weeksIn, Period: a.Headline.Period}})
			classes.Rows = append(classes.Rows, []Cell{{Text: c.Title()}, num(in), num(out), num(in - out), num(done)})
		}
		a.Charts = []Chart{
			{Name: "balance", Title: "Arrivals and departures, by week", Kind: Line, Unit: Items, XUnit: Text, X: labels(weeks), Lines: []Series{in, out}, Marks: n.experiments(weeks), Edges: edges(weeks),
				Note: "Where arrivals stay above departures the backlog grows, whatever anybody feels."},
			{Name: "throughput", Title: "Throughput, by week and class", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(weeks), Lines: through, Marks: n.experiments(weeks), Edges: edges(weeks),
				Note: "What was finished and not discarded."},
			{Name: "arrivals", Title: "Arrivals, by week and class", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(weeks), Lines: came, Marks: n.experiments(weeks), Edges: edges(weeks),
				Note: "What was created or reopened."},
			{Name: "departures", Title: "Departures, by week and class", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(weeks), Lines: left, Marks: n.experiments(weeks), Edges: edges(weeks),
				Note: "What was done, discarded items included."},
		}
		a.Tables = []Table{table}
		if len(classes.Rows) > 0 {
			a.Tables = []Table{classes, table}
		}
		a.Weekly = n.flowByWeek()
		return a
	},
}

// flowed are the items that came in or were done in the period, with what each adds to its net flow.
func (n *Night) flowed(p Period) []Row {
	var rows []Row
	for it := range n.during(p) {
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
	return largestFirst(rows)
}

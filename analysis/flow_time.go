package analysis

// Where the time of an item goes: by stage, and how much of it is work (METRICS.md, section 4).

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// passed is how long some finished items were where, in seconds.
type passed struct {
	n     int
	total float64
	stage []float64 // by place of the ladder
}

func (p *passed) add(n *Night, it *Item) {
	if p.stage == nil {
		p.stage = make([]float64, len(n.flow.stages))
	}
	p.n++
	it.visits(func(s *Stage, from, to record.Instant) {
		sec := to.Sub(from).Seconds()
		p.total += sec
		p.stage[n.flow.at[s]] += sec
	})
}

// bottleneck is the place of the stage, not done, that took most of the time; −1 if none took any.
func (p *passed) bottleneck(n *Night) int {
	most := -1
	for i, sec := range p.stage {
		if n.flow.stages[i].Kind != Done && sec > 0 && (most < 0 || sec > p.stage[most]) {
			most = i
		}
	}
	return most
}

// timeShare is a part of a time that some items took, in seconds.
func timeShare(part, whole float64, n int, p Period) Value {
	v := Value{Unit: Share, N: n, Period: p, Ratio: &Ratio{Num: part, Den: whole, Unit: Duration}}
	if whole > 0 {
		v.Number = record.Num(part / whole)
	}
	return v
}

var timeInStage = Metric{
	Name: "time-in-stage", Title: "Time in stage", Chapter: "Flow", Unit: Share, Counts: "of the time passed in the bottleneck",
	Question: "Where does the time go, and which stage is the bottleneck?",
	Doc: "For the items finished in the trailing 90 days and not discarded, the elapsed time from creation to the end is divided among the stages they passed through. A stage's **share** is its part of the sum over all items, so long ones weigh more. Time in done before a reopening is part of it. " +
		"The **bottleneck** is the stage, not done, with the largest share; under 10 items it is not called one. " +
		"A **visit** is one stay in a stage, and one of no length is a visit, too; percentiles are those of the visits of the same items. " +
		"**Entered** and **left** count every item, finished or not, over the same 90 days, creation as an entry: a stage that more entered than left is growing; what a new version of the policy moves from one stage to another counts as well. Items whose history is missing are in these counts, and in no share; they are listed.",
	Measure: func(n *Night) Answer {
		p := n.trailing(90)
		months := n.months(24)
		var all passed
		monthly := make([]passed, len(months))
		stays := make([][]float64, len(n.flow.stages))
		a := Answer{RowUnit: Duration}
		finished, discarded := 0, 0
		var items []*Item
		for it := range n.during(append([]Period{p}, months...)...) {
			if it.Open() {
				continue
			}
			recent := p.holds(it.Finished)
			month := find(months, it.Finished)
			switch {
			case !recent && month < 0:
				continue
			case it.Discarded:
				discarded += bit(recent)
				continue
			case it.Coarse != "":
				if recent {
					finished++
					a.Left = append(a.Left, Row{Item: it, Why: it.Coarse})
				}
				continue
			}
			if month >= 0 {
				monthly[month].add(n, it)
			}
			if recent {
				finished++
				items = append(items, it)
				all.add(n, it)
				it.visits(func(s *Stage, from, to record.Instant) {
					at := n.flow.at[s]
					stays[at] = append(stays[at], to.Sub(from).Seconds())
				})
			}
		}
		worst := all.bottleneck(n)
		crossed := n.crossed(p)
		a.Headline = Value{Unit: Share, Of: finished, Period: p}
		a.Sentence = "Nothing whose way is known was finished in the trailing 90 days."
		if worst >= 0 {
			s, net := n.flow.stages[worst], crossed[worst].in-crossed[worst].out
			a.Headline = timeShare(all.stage[worst], all.total, all.n, p)
			a.Headline.Of = finished
			a.Sentence = fmt.Sprintf("Of the time that %s finished in the trailing 90 days took from creation on, %s passed in the stage %s", counted(all.n, "item", "items"), Share.Format(a.Headline.Number), s.Name)
			if all.n < Enough {
				a.Sentence = fmt.Sprintf("%s finished in the trailing 90 days: most of the time passed in the stage %s, but so few do not make a bottleneck", counted(all.n, "item was", "items were"), s.Name)
			}
			switch {
			case net > 0:
				a.Sentence += fmt.Sprintf("; %d more entered it than left it.", net)
			case net < 0:
				a.Sentence += fmt.Sprintf("; %d more left it than entered it.", -net)
			default:
				a.Sentence += "; as many left it as entered it."
			}
			a.Rows = n.spentIn(items, worst)
		} else if all.n > 0 {
			a.Sentence = fmt.Sprintf("%s finished in the trailing 90 days, in no time at all.", counted(all.n, "item was", "items were"))
		}
		a.Sentence += fmt.Sprintf(" Discarded, and left out: %d.", discarded)
		table := Table{Name: "stages", Title: "By stage, " + p.Label, Columns: []Column{{"stage", "Stage", Text}, {"time", "Time in it", Duration}, {"visits", "Visits", Items}}}
		for _, q := range quartet {
			table.Columns = append(table.Columns, Column{q.name, q.title + " of visits", Duration})
		}
		table.Columns = append(table.Columns, Column{"entered", "Entered", Items}, Column{"left", "Left", Items}, Column{"net", "Entered less left", Items})
		chart := Chart{Name: "by-month", Title: "Where the time went, by month of finishing", Kind: Stacked, Unit: Share, XUnit: Text, X: labels(months), Marks: n.experiments(months), Edges: edges(months),
			Note: fmt.Sprintf("Each stage's share of the time from creation to the end. Months in which fewer than %d items were finished are left blank.", Fewest)}
		for i, s := range n.flow.stages {
			if all.n > 0 && (all.stage[i] > 0 || s.Kind != Done) {
				a.Parts = append(a.Parts, Part{Name: s.ID, Group: "stage", Title: s.Name, Value: timeShare(all.stage[i], all.total, all.n, p)})
			}
			if len(stays[i]) > 0 || crossed[i] != (crossings{}) {
				row := []Cell{{Text: s.Name}, {}, num(len(stays[i]))}
				if all.n > 0 {
					row[1].Num = record.Num(all.stage[i])
				}
				slices.Sort(stays[i])
				for _, q := range quartet {
					row = append(row, Cell{Num: secondsOf(stays[i], q.share, 0, p).Number})
				}
				table.Rows = append(table.Rows, append(row, num(crossed[i].in), num(crossed[i].out), num(crossed[i].in-crossed[i].out)))
			}
			line, any := Series{Name: s.ID, Title: s.Name, Role: "stage", Values: make([]record.Number, len(months))}, false
			for k := range monthly {
				if m := &monthly[k]; m.n >= Fewest && m.total > 0 {
					line.Values[k] = record.Num(m.stage[i] / m.total)
					any = any || m.stage[i] > 0
				}
			}
			if any {
				chart.Lines = append(chart.Lines, line)
			}
		}
		a.Charts, a.Tables = []Chart{chart}, []Table{table}
		return a
	},
}

// spentIn are the items that were in a stage of the ladder, with how long, the longest first.
func (n *Night) spentIn(items []*Item, place int) []Row {
	var rows []Row
	for _, it := range items {
		sec, visits := 0.0, 0
		it.visits(func(s *Stage, from, to record.Instant) {
			if n.flow.at[s] == place {
				sec += to.Sub(from).Seconds()
				visits++
			}
		})
		if visits > 0 {
			rows = append(rows, Row{Item: it, Num: record.Num(sec), Why: n.flow.stages[place].Name + ", " + counted(visits, "visit", "visits")})
		}
	}
	return largestFirst(rows)
}

// activity is how long some items were in active stages, of how long they took from their start.
type activity struct {
	n             int
	active, whole float64
	each          []float64 // the share of each
}

func (w *activity) add(active, whole float64) {
	w.n++
	w.active += active
	w.whole += whole
	w.each = append(w.each, active/whole)
}

func (w *activity) value(p Period) Value {
	if w == nil {
		return Value{Unit: Share, Period: p}
	}
	return timeShare(w.active, w.whole, w.n, p)
}

var flowEfficiency = Metric{
	Name: "flow-efficiency", Title: "Flow efficiency, at most", Chapter: "Flow", Unit: Share, Counts: "at most: an upper bound",
	Question: "Once we have begun, for how much of the time is anybody at work on it, at most?",
	Doc: "**Flow efficiency** is the time in active stages of the time from the first entry into an active stage to the end, of items finished in the trailing 90 days and not discarded: the sums over all items, so long ones weigh more. Beside it stands the median of the items' own shares. " +
		"It is an **upper bound**: an item in an active stage counts as worked on at night, at weekends and while its assignee is busy with something else, and no tracker tells when anybody really was. Time in queues, in pauses and in done before a reopening is waiting. " +
		"Items that were never active, that began and ended in one instant, or whose history is missing are left out and listed.",
	Measure: func(n *Night) Answer {
		p := n.trailing(90)
		months := n.months(24)
		monthly := make([]activity, len(months))
		all, byClass := &activity{}, map[*Class]*activity{}
		a := Answer{RowUnit: Share}
		finished, discarded := 0, 0
		for it := range n.during(append([]Period{p}, months...)...) {
			if it.Open() {
				continue
			}
			recent, month := p.holds(it.Finished), find(months, it.Finished)
			if !recent && month < 0 {
				continue
			}
			if it.Discarded {
				discarded += bit(recent)
				continue
			}
			finished += bit(recent)
			whole := it.Finished.Sub(it.Started).Seconds()
			why := it.Coarse
			switch {
			case why != "":
			case it.Started == 0:
				why = "never in an active stage"
			case whole <= 0:
				why = "began and ended in one instant"
			}
			if why != "" {
				if recent {
					a.Left = append(a.Left, Row{Item: it, Why: why})
				}
				continue
			}
			active := 0.0
			it.visits(func(s *Stage, from, to record.Instant) {
				if s.Kind == Active {
					active += to.Sub(from).Seconds()
				}
			})
			if month >= 0 {
				monthly[month].add(active, whole)
			}
			if recent {
				all.add(active, whole)
				c := it.Class()
				if byClass[c] == nil {
					byClass[c] = &activity{}
				}
				byClass[c].add(active, whole)
				a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(active / whole), Why: c.Title() + ", at most"})
			}
		}
		slices.SortStableFunc(a.Rows, func(x, y Row) int { return cmp.Compare(x.Num.Value, y.Num.Value) })
		a.Headline = all.value(p)
		a.Headline.Of = finished
		a.Sentence = "Nothing whose work can be told from its waiting was finished in the trailing 90 days."
		if all.n > 0 {
			a.Sentence = fmt.Sprintf("Of the time from start to end of %s finished in the trailing 90 days, at most %s was work: the rest was waiting.", counted(all.n, "item", "items"), Share.Format(a.Headline.Number))
			if all.n < Fewest {
				a.Sentence = fmt.Sprintf("Of the time from start to end of %s finished in the trailing 90 days, at most %s was work.", counted(all.n, "item", "items"), a.Headline.Ratio.parts())
			}
		}
		a.Sentence += fmt.Sprintf(" Discarded, and left out: %d.", discarded)
		table := Table{Name: "classes", Title: "By class, " + p.Label + ": upper bounds", Columns: []Column{{"class", "Class", Text}, {"n", "Finished", Items}, {"active", "In active stages", Duration}, {"whole", "From start to end", Duration}, {"at-most", "At most", Text}, {"median-at-most", "Half of the items, at most", Share}}}
		line := func(title string, w *activity) {
			var median Cell
			if w.n >= Fewest {
				median.Num = record.Num(Percentile(w.each, 0.5))
			}
			table.Rows = append(table.Rows, []Cell{{Text: title}, num(w.n), {Num: record.Num(w.active)}, {Num: record.Num(w.whole)}, {Text: w.value(p).String()}, median})
		}
		for _, c := range n.classes() {
			if w := byClass[c]; w != nil {
				a.Parts = append(a.Parts, Part{Name: c.ClassID(), Group: "class", Title: c.Title() + ", at most", Value: w.value(p)})
				line(c.Title(), w)
			}
		}
		if all.n > 0 {
			line("All", all)
		}
		s := Series{Name: "active-at-most", Title: "Active at most", Role: "efficiency"}
		for k := range monthly {
			s.Values = append(s.Values, monthly[k].value(months[k]).point())
		}
		a.Tables = []Table{table}
		a.Charts = []Chart{{Name: "by-month", Title: "Flow efficiency at most, by month of finishing", Kind: Line, Unit: Share, XUnit: Text, X: labels(months), Lines: []Series{s}, Marks: n.experiments(months), Edges: edges(months),
			Note: fmt.Sprintf("An upper bound: nobody works around the clock. Months in which fewer than %d items were finished are left blank.", Fewest)}}
		return a
	},
}

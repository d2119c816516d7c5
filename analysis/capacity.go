package analysis

// Support capacity: the share of the team that keeping alive what exists takes (METRICS.md, section 5).

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// method is one way to measure the share. Each gives, for a period, how much went to each class.
type method struct {
	name, title string
	unit        Unit
	doc         string
	measure     func(n *Night, ps []Period) []load
}

// load is how much went where in one period.
type load struct {
	byClass   map[*Class]float64
	uncovered float64           // attention: working hours of members with nothing assigned
	items     map[*Item]float64 // how much each item has to do with it
	n, of     int               // items behind it; items that could have been
}

// sums adds up in the policy's order, so that the same night gives the same last digit.
func (l load) sums(n *Night) (support, all float64) {
	for _, c := range n.classes() {
		all += l.byClass[c]
		if c.kind().Support() {
			support += l.byClass[c]
		}
	}
	return support, all
}

func (l *load) add(c *Class, v float64) {
	if l.byClass == nil {
		l.byClass = map[*Class]float64{}
	}
	l.byClass[c] += v
}

// count notes what an item has to do with it.
func (l *load) count(it *Item, v float64) {
	if l.items == nil {
		l.items = map[*Item]float64{}
	}
	l.items[it] += v
}

var methods = []method{
	{"attention", "Attention", Hours, "For each member, at each instant of the team's working time, the k items assigned to them in active stages get 1/k each, by the class held then. Time with nothing assigned is uncovered and in no share.", (*Night).attention},
	{"points", "Points", Points, "Story points of support items finished, of the points of all items finished in the period. Items without points count nothing; the share that carries points is given.", (*Night).pointsFinished},
	{"hours", "Booked hours", Hours, "Hours of the worklogs that start in the period, by the class held then.", (*Night).hoursBooked},
	{"items", "Items", Items, "Support items finished, of all items finished in the period, discarded ones left out.", (*Night).itemsFinished},
}

var supportShare = Metric{
	Name: "support-share", Title: "Share of capacity that support takes", Chapter: "Capacity", Unit: Share,
	Question: "What share of us is support?",
	Doc:      capacityDoc(),
	Measure: func(n *Night) Answer {
		headline := cmp.Or(n.Policy.Capacity, "attention")
		month, quarter := n.lastMonth(), n.trailing(90)
		months := n.months(24)
		var a Answer
		table := Table{Name: "methods", Title: "By method, " + month.Label, Columns: []Column{{"method", "Method", Text}, {"share", "Support", Text}, {"support", "Support, in the method's unit", Text}, {"all", "All", Text}, {"coverage", "Rests on", Text}}}
		var low, high record.Number
		for _, m := range methods {
			ls := m.measure(n, append([]Period{month, quarter}, months...))
			v := n.share(ls[0], month, m)
			a.Parts = append(a.Parts, Part{Name: m.name, Group: "method", Title: m.title, Value: v})
			if v.Number.Known {
				if !low.Known || v.Number.Value < low.Value {
					low = v.Number
				}
				if !high.Known || v.Number.Value > high.Value {
					high = v.Number
				}
			}
			support, all := ls[0].sums(n)
			table.Rows = append(table.Rows, []Cell{{Text: m.title}, {Text: v.String()}, {Text: amount(m.unit, support)}, {Text: amount(m.unit, all)}, {Text: n.coverage(m, ls[0])}})
			if m.name != headline {
				continue
			}
			a.Headline, a.Rows, a.RowUnit = v, ls[0].rows(), m.unit
			a.Parts = append(a.Parts, Part{Name: "trailing-90-days", Group: "period", Title: "Trailing 90 days", Value: n.share(ls[1], quarter, m)})
			line := Series{Name: "support", Title: "Support, by " + strings.ToLower(m.title), Role: "support"}
			for i, p := range months {
				v := n.share(ls[i+2], p, m)
				line.Values = append(line.Values, v.point())
				a.Parts = append(a.Parts, Part{Name: p.Label, Group: "month", Title: p.Label, Value: v})
			}
			marks := n.experiments(months)
			if g := n.Policy.Targets.Support; g > 0 {
				marks = append(marks, Mark{Y: record.Num(g), Title: "goal: at most " + percent(g), Role: "goal"})
				if v.Number.Known && v.N >= Enough {
					if a.Good = Good; v.Number.Value > g {
						a.Good = Bad
					}
				}
			}
			a.Charts = append(a.Charts,
				Chart{Name: "by-month", Title: "Share of capacity that support took, by month", Kind: Line, Unit: Share, XUnit: Text, X: labels(months), Lines: []Series{line}, Marks: marks, Partial: partial(months), Note: m.doc},
				n.capacityByClass(m, ls[2:], months))
			if m.name == "attention" && month.To > n.first() {
				a.Doubts = append(a.Doubts, n.uncovered(ls[0], month))
			}
		}
		a.Tables = []Table{table}
		switch {
		case !a.Headline.Number.Known:
			a.Sentence = "No data by " + headline + "."
		case low.Known && high.Value-low.Value > 0.005:
			a.Sentence = fmt.Sprintf("In %s support took %s of the team's capacity by %s; the methods range from %s to %s.", month.Label, a.Headline, headline, Share.Format(low), Share.Format(high))
		default:
			a.Sentence = fmt.Sprintf("In %s support took %s of the team's capacity by %s.", month.Label, a.Headline, headline)
		}
		return a
	},
}

func capacityDoc() string {
	var b strings.Builder
	b.WriteString("Support is work on incidents, problems and requests; everything else is feature work. Each method measures the share in its own way, and every method with data is shown; the policy names the headline. They seldom agree, and the range is the honest answer.\n\n")
	for _, m := range methods {
		fmt.Fprintf(&b, "- **%s.** %s\n", m.title, m.doc)
	}
	return b.String()
}

func (n *Night) share(l load, p Period, m method) Value {
	support, all := l.sums(n)
	v := Value{Unit: Share, N: l.n, Of: l.of, Period: p, Ratio: &Ratio{Num: support, Den: all, Unit: m.unit}}
	if m.name == "items" {
		v.Ratio = ratio(int(support), int(all))
	}
	if all > 0 {
		v.Number = record.Num(support / all)
	}
	return v
}

func amount(u Unit, v float64) string {
	return u.Format(record.Num(v))
}

func (n *Night) coverage(m method, l load) string {
	switch m.name {
	case "points":
		return fmt.Sprintf("%d of %d finished items carry points", l.n, l.of)
	case "hours":
		return fmt.Sprintf("%d worklogs", l.n)
	case "attention":
		_, all := l.sums(n)
		return fmt.Sprintf("%d items; %s of working time covered", l.n, Share.Format(record.Num(all/(all+l.uncovered))))
	}
	return fmt.Sprintf("%d items", l.n)
}

func (n *Night) uncovered(l load, p Period) string {
	_, all := l.sums(n)
	if all+l.uncovered == 0 {
		return "In " + p.Label + " nobody of the team had anything assigned in working time."
	}
	return fmt.Sprintf("In %s members had nothing active assigned to them in %s of their working time: that time is in no share.", p.Label, Share.Format(record.Num(l.uncovered/(all+l.uncovered))))
}

// capacityByClass draws where it went, month by month.
func (n *Night) capacityByClass(m method, ls []load, months []Period) Chart {
	var lines []Series
	for _, c := range n.classes() {
		s := Series{Name: c.ClassID(), Title: c.Title(), Role: "class"}
		any := false
		for _, l := range ls {
			v := l.byClass[c]
			any = any || v > 0
			s.Values = append(s.Values, record.Num(v))
		}
		if any {
			lines = append(lines, s)
		}
	}
	return Chart{Name: "by-class", Title: "Where it went, by class", Kind: Stacked, Unit: m.unit, XUnit: Text, X: labels(months), Lines: lines, Marks: n.experiments(months), Partial: partial(months),
		Note: "The same, in " + string(m.unit) + "."}
}

func (n *Night) pointsFinished(ps []Period) []load {
	return n.finished(ps, func(it *Item) (float64, bool) { return it.Points.Value, it.Points.Known })
}

func (n *Night) itemsFinished(ps []Period) []load {
	return n.finished(ps, func(*Item) (float64, bool) { return 1, true })
}

// finished sums a weight over the items finished in each period and not discarded.
func (n *Night) finished(ps []Period, weight func(*Item) (float64, bool)) []load {
	out := make([]load, len(ps))
	for _, it := range n.Items {
		if it.Open() || it.Discarded {
			continue
		}
		w, ok := weight(it)
		for k, p := range ps {
			if p.holds(it.Finished) {
				out[k].of++
				if ok {
					out[k].n++
					out[k].add(it.Class(), w)
					out[k].count(it, w)
				}
			}
		}
	}
	return out
}

func (n *Night) hoursBooked(ps []Period) []load {
	out := make([]load, len(ps))
	for _, it := range n.Items {
		for _, w := range it.Booked {
			for k, p := range ps {
				if p.holds(w.At) {
					out[k].n++
					hours := float64(w.Seconds) / 3600
					out[k].add(it.Classes.At(max(w.At, it.Created)), hours)
					out[k].count(it, hours)
				}
			}
		}
	}
	return out
}

// rows are the items behind a load, support first, and the largest part first.
func (l load) rows() []Row {
	var rows []Row
	for it, v := range l.items {
		rows = append(rows, Row{Item: it, Num: record.Num(v), Why: it.Class().Title()})
	}
	feature := func(r Row) int { return bit(!r.Item.Kind().Support()) }
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(feature(a)-feature(b), cmp.Compare(b.Num.Value, a.Num.Value), a.Item.Ref.Compare(b.Item.Ref))
	})
	return rows
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

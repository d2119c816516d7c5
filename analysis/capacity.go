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
	uncovered float64 // attention: working seconds of members with nothing assigned
	n, of     int     // items behind it; items that could have been
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
		table := Table{Name: "methods", Title: "By method, " + month.Label, Columns: []Column{{"method", "Method", Text}, {"share", "Support", Share}, {"support", "Support, in the method's unit", Text}, {"all", "All", Text}, {"coverage", "Rests on", Text}}}
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
			table.Rows = append(table.Rows, []Cell{{Text: m.title}, {Num: v.Number}, {Text: amount(m.unit, support)}, {Text: amount(m.unit, all)}, {Text: n.coverage(m, ls[0])}})
			if m.name != headline {
				continue
			}
			a.Headline = v
			a.Parts = append(a.Parts, Part{Name: "trailing-90-days", Group: "period", Title: "Trailing 90 days", Value: n.share(ls[1], quarter, m)})
			line := Series{Name: "support", Title: "Support, by " + strings.ToLower(m.title), Role: "support"}
			for i, p := range months {
				v := n.share(ls[i+2], p, m)
				line.Values = append(line.Values, v.Number)
				a.Parts = append(a.Parts, Part{Name: p.Label, Group: "month", Title: p.Label, Value: v})
			}
			marks := n.experiments(months)
			if g := n.Policy.Targets.Support; g > 0 {
				marks = append(marks, Mark{Y: record.Num(g), Title: "goal: at most", Role: "goal"})
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
		a.Rows = n.finishedIn(month)
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
	v := Value{Unit: Share, N: l.n, Of: l.of, Period: p, Ratio: &Ratio{Num: support, Den: all}}
	switch m.name {
	case "items":
		v.Ratio = ratio(int(support), int(all))
	case "attention":
		v.Ratio.Num, v.Ratio.Den = support/3600, all/3600
	}
	if all > 0 {
		v.Number = record.Num(support / all)
	}
	return v
}

func amount(u Unit, v float64) string {
	if u == Hours {
		return Hours.Format(record.Num(v / 3600))
	}
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
			if m.unit == Hours {
				v /= 3600
			}
			any = any || v > 0
			s.Values = append(s.Values, record.Num(v))
		}
		if any {
			lines = append(lines, s)
		}
	}
	return Chart{Name: "by-class", Title: "Where it went, by class", Kind: Stacked, Unit: m.unit, XUnit: Text, X: labels(months), Lines: lines, Marks: n.experiments(months), Partial: partial(months),
		Note: "The same, in " + strings.ToLower(m.title) + "."}
}

// busy is one member's item in an active stage.
type busy struct {
	from, to record.Instant
	class    *Class
	item     int
}

// attention splits each member's working time among the active items assigned to them.
func (n *Night) attention(ps []Period) []load {
	out := make([]load, len(ps))
	touched := make([]map[int]bool, len(ps))
	for i := range touched {
		touched[i] = map[int]bool{}
	}
	first := n.AsOf
	for _, p := range ps {
		first = min(first, p.From)
	}
	work := map[string][]busy{}
	for i, it := range n.Items {
		it.stretches(n.AsOf, func(s stretch) {
			if s.stage.Kind != Active || s.to <= first {
				return
			}
			it.assigned(s.from, s.to, func(from, to record.Instant, who []string) {
				for _, w := range who {
					work[w] = append(work[w], busy{from, to, s.class, i})
				}
			})
		})
	}
	for i := range n.Policy.Team.Members {
		m := &n.Policy.Team.Members[i]
		for k, p := range ps {
			to := min(p.To, n.AsOf)
			from := max(p.From, m.From)
			if m.Until != 0 {
				to = min(to, m.Until)
			}
			if from >= to {
				continue
			}
			covered := 0.0
			sweep(work[m.ID], from, to, func(from, to record.Instant, items []busy) {
				w := n.Policy.Working.Between(from, to).Seconds()
				if w == 0 {
					return
				}
				covered += w
				for _, b := range items {
					out[k].add(b.class, w/float64(len(items)))
					touched[k][b.item] = true
				}
			})
			out[k].uncovered += n.Policy.Working.Between(from, to).Seconds() - covered
		}
	}
	for k := range out {
		out[k].n = len(touched[k])
	}
	return out
}

// assigned calls f for the pieces of [from, to) with the assignees of each.
func (it *Item) assigned(from, to record.Instant, f func(from, to record.Instant, who []string)) {
	for i, s := range it.Assignees {
		end := to
		if i+1 < len(it.Assignees) {
			end = min(end, it.Assignees[i+1].At)
		}
		if a := max(from, s.At); a < end && len(s.Is) > 0 {
			f(a, end, s.Is)
		}
	}
}

// sweep calls f for each piece of [from, to) in which at least one of the stretches runs, with those
// that do.
func sweep(bs []busy, from, to record.Instant, f func(from, to record.Instant, running []busy)) {
	var in []busy
	var cuts []record.Instant
	for _, b := range bs {
		if b.from < to && b.to > from {
			in = append(in, b)
			cuts = append(cuts, max(b.from, from), min(b.to, to))
		}
	}
	slices.SortFunc(in, func(a, b busy) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.item, b.item)) })
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var running []busy
	next := 0
	for i := 0; i+1 < len(cuts); i++ {
		running = slices.DeleteFunc(running, func(b busy) bool { return b.to <= cuts[i] })
		for next < len(in) && in[next].from <= cuts[i] {
			running = append(running, in[next])
			next++
		}
		if len(running) > 0 {
			f(cuts[i], cuts[i+1], running)
		}
	}
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
			if it.Finished >= p.From && it.Finished < p.To {
				out[k].of++
				if ok {
					out[k].n++
					out[k].add(it.Class(), w)
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
				if w.At >= p.From && w.At < p.To {
					out[k].n++
					out[k].add(it.Classes.At(max(w.At, it.Created)), float64(w.Seconds))
				}
			}
		}
	}
	return out
}

// finishedIn are the items finished in a period and not discarded, support first.
func (n *Night) finishedIn(p Period) []Row {
	var rows []Row
	for _, it := range n.Items {
		if !it.Open() && !it.Discarded && it.Finished >= p.From && it.Finished < p.To {
			rows = append(rows, Row{Item: it, Num: it.Points, Why: it.Class().Title()})
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		s := func(r Row) int {
			if r.Item.Kind().Support() {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(s(a), s(b)), cmp.Compare(a.Item.Finished, b.Item.Finished))
	})
	return rows
}

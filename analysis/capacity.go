package analysis

// Support capacity: the share of the team that keeping alive what exists takes (METRICS.md, section 5).

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// spread is how the methods' shares of one period lie.
type spread struct {
	low, high   Value
	least, most string   // the methods that give them
	n           int      // methods with enough data for a share
	few, none   []string // methods with too little of it, and with none
}

func (s *spread) add(m method, v Value) {
	title := strings.ToLower(m.title)
	switch {
	case !v.Number.Known:
		s.none = append(s.none, title)
		return
	case v.small():
		s.few = append(s.few, title)
		return
	}
	if s.n == 0 || v.Number.Value < s.low.Number.Value {
		s.low, s.least = v, title
	}
	if s.n == 0 || v.Number.Value > s.high.Number.Value {
		s.high, s.most = v, title
	}
	s.n++
}

// String says it in a sentence that follows another one.
func (s *spread) String() string {
	var b strings.Builder
	if s.n > 1 {
		fmt.Fprintf(&b, " The honest range of %d methods is %s (%s) to %s (%s).", s.n, s.low, s.least, s.high, s.most)
	}
	if len(s.few) > 0 {
		fmt.Fprintf(&b, " Too little for a share by %s.", and(s.few))
	}
	if len(s.none) > 0 {
		fmt.Fprintf(&b, " No data by %s.", and(s.none))
	}
	return b.String()
}

// and joins words as a sentence does.
func and(words []string) string {
	if k := len(words) - 1; k > 0 {
		return strings.Join(words[:k], ", ") + " and " + words[k]
	}
	return strings.Join(words, "")
}

var supportShare = Metric{
	Name: "support-share", Title: "Share of capacity that support takes", Chapter: "Capacity", Unit: Share,
	Question: "What share of us is support?",
	Doc:      capacityDoc(),
	Measure: func(n *Night) Answer {
		headline := cmp.Or(n.Policy.Capacity, "attention")
		month, quarter := n.lastMonth(), n.trailing(90)
		months, weeks := n.months(24), n.wholeWeeks()
		var a Answer
		table := Table{Name: "methods", Title: "By method, " + month.Label, Columns: []Column{{"method", "Method", Text}, {"share", "Support", Text}, {"support", "Support, in the method's unit", Text}, {"all", "All", Text}, {"coverage", "Rests on", Text}}}
		var methodsSay spread
		for _, m := range methods {
			ps := append([]Period{month, quarter}, months...)
			if m.name == headline {
				ps = append(ps, weeks...)
			}
			ls := m.measure(n, ps)
			v := n.share(ls[0], month, m)
			a.Parts = append(a.Parts, Part{Name: m.name, Group: "method", Title: m.title, Value: v})
			if v.Number.Known || m.name != headline {
				methodsSay.add(m, v)
			}
			support, all := ls[0].sums(n)
			in := func(v float64) Cell { return Cell{Text: m.unit.Format(record.Number{Value: v, Known: all > 0})} }
			table.Rows = append(table.Rows, []Cell{{Text: m.title}, {Text: v.String()}, in(support), in(all), {Text: n.coverage(m, ls[0])}})
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
			weekly := Weekly{Name: "weekly", Title: "Support's share of capacity", Unit: Share, Weeks: weeks, Worse: 1}
			for i, w := range weeks {
				weekly.Values = append(weekly.Values, n.share(ls[2+len(months)+i], w, m).point())
			}
			weekly.Values = n.ofWeeks(weeks, weekly.Values)
			a.Weekly = []Weekly{weekly}
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
				Chart{Name: "by-month", Title: "Share of capacity that support took, by month", Kind: Line, Unit: Share, XUnit: Text, X: labels(months), Lines: []Series{line}, Marks: marks, Edges: edges(months), Note: m.doc},
				n.capacityByClass(m, ls[2:2+len(months)], months))
			if m.name == "attention" && month.To > n.first() {
				a.Doubts = append(a.Doubts, n.uncovered(ls[0], month))
			}
		}
		if unknown := n.unknown(month); unknown != "" {
			a.Sentence = unknown
			return a
		}
		a.Tables = []Table{table}
		if a.Headline.Number.Known {
			a.Sentence = fmt.Sprintf("In %s support took %s of the team's capacity by %s.", month.Label, a.Headline, headline)
		} else {
			a.Sentence = fmt.Sprintf("Of %s there is no data by %s, which the policy measures by.", month.Label, headline)
		}
		a.Sentence += methodsSay.String()
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

func (n *Night) coverage(m method, l load) string {
	if (m.name == "rota" || m.name == "attention") && len(n.Policy.Team.Members) == 0 {
		return "the policy names no members"
	}
	switch m.name {
	case "points":
		return fmt.Sprintf("%d of %s points", l.n, counted(l.of, "finished item carries", "finished items carry"))
	case "hours":
		return counted(l.n, "worklog", "worklogs")
	case "rota":
		if l.onCall+l.others == 0 {
			return "nobody is known to be on call"
		}
		return fmt.Sprintf("%s; somebody known to be on call in %s of working time", counted(l.n, "working day", "working days"), Share.Format(record.Num(l.known)))
	case "attention":
		_, all := l.sums(n)
		if all+l.uncovered == 0 {
			return "nothing was assigned to a member"
		}
		return fmt.Sprintf("%s; %s of working time covered", counted(l.n, "item", "items"), Share.Format(record.Num(all/(all+l.uncovered))))
	}
	return counted(l.n, "item", "items")
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
	return Chart{Name: "by-class", Title: "Where it went, by class", Kind: Stacked, Unit: m.unit, XUnit: Text, X: labels(months), Lines: lines, Marks: n.experiments(months), Edges: edges(months),
		Note: "The same, in " + string(m.unit) + "."}
}

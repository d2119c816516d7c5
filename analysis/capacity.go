package analysis

// Support capacity: the share of the team that keeping alive what exists takes (METRICS.md, section 5).

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis/calendar"
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
	items     map[*Item]float64 // how much each item has to do with it; nil where nobody asks
	n, of     int               // items behind it (rota: working days); items that could have been

	last    *Item          // attention: counted last, of those with one assignee
	several map[*Item]bool // attention: those with several

	onCall, others float64 // rota, which knows no classes: hours of those on call, and of all other members
	known          float64 // rota: the share of working time in which somebody is known to be on call
}

// sums adds up in the policy's order, so that the same night gives the same last digit.
func (l load) sums(n *Night) (support, all float64) {
	support, all = l.onCall, l.onCall+l.others
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
	if l.items != nil {
		l.items[it] += v
	}
}

// newLoads are loads of periods, of which the first tells its items.
func newLoads(ps []Period) []load {
	ls := make([]load, len(ps))
	if len(ls) > 0 {
		ls[0].items = map[*Item]float64{}
	}
	return ls
}

// twoYears are the weeks of as many months as are drawn.
const twoYears = 104

var methods = []method{
	{"attention", "Attention", Hours, "For each member, at each instant of the team's working time in which they are not absent, the k items assigned to them in active stages get 1/k each, by the class held then. Time with nothing assigned is uncovered and in no share.", (*Night).attention},
	{"points", "Points", Points, "Story points of support items finished, of the points of all items finished in the period. Items without points count nothing; the share that carries points is given.", (*Night).pointsFinished},
	{"hours", "Booked hours", Hours, "Hours of the worklogs that start in the period, by the class held then.", (*Night).hoursBooked},
	{"items", "Items", Items, "Support items finished, of all items finished in the period, discarded ones left out.", (*Night).itemsFinished},
	{"rota", "Rota", Hours, "Working time of the members who were on call as superhero, of the working time of all members, absences out of both. It is what the team set aside for support, whatever came: of those who are on call and no member nothing is counted, and time in which nobody is known to be on call counts as nobody's; its share is given.", (*Night).rotaOnCall},
}

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
		months, weeks := n.months(24), n.weeks(twoYears)
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
				Chart{Name: "by-month", Title: "Share of capacity that support took, by month", Kind: Line, Unit: Share, XUnit: Text, X: labels(months), Lines: []Series{line}, Marks: marks, Partial: partial(months), Note: m.doc},
				n.capacityByClass(m, ls[2:2+len(months)], months))
			if m.name == "attention" && month.To > n.first() {
				a.Doubts = append(a.Doubts, n.uncovered(ls[0], month))
			}
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
		return fmt.Sprintf("%d of %d finished items carry points", l.n, l.of)
	case "hours":
		return fmt.Sprintf("%d worklogs", l.n)
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

// run is periods [from, to) of a list that follow each other without a hole.
type run struct{ from, to int }

// unbroken cuts a list of periods into as few runs as it takes. Months and weeks are a run each, so that what
// happens at an instant is found in them once, and not held against each of hundreds.
func unbroken(ps []Period) []run {
	var rs []run
	for i := range ps {
		if i == 0 || ps[i].From != ps[i-1].To {
			rs = append(rs, run{i, i})
		}
		rs[len(rs)-1].to = i + 1
	}
	return rs
}

// holders finds which of the periods hold an instant.
func holders(ps []Period) func(t record.Instant, f func(k int)) {
	rs := unbroken(ps)
	return func(t record.Instant, f func(k int)) {
		for _, r := range rs {
			if k := find(ps[r.from:r.to], t); k >= 0 {
				f(r.from + k)
			}
		}
	}
}

// finished sums a weight over the items finished in each period and not discarded.
func (n *Night) finished(ps []Period, weight func(*Item) (float64, bool)) []load {
	out, hold := newLoads(ps), holders(ps)
	for _, it := range n.Items {
		if it.Open() || it.Discarded {
			continue
		}
		w, ok := weight(it)
		hold(it.Finished, func(k int) {
			out[k].of++
			if ok {
				out[k].n++
				out[k].add(it.Class(), w)
				out[k].count(it, w)
			}
		})
	}
	return out
}

func (n *Night) hoursBooked(ps []Period) []load {
	out, hold := newLoads(ps), holders(ps)
	for _, it := range n.Items {
		for _, w := range it.Booked {
			hold(w.At, func(k int) {
				out[k].n++
				hours := float64(w.Seconds) / 3600
				out[k].add(it.Classes.At(max(w.At, it.Created)), hours)
				out[k].count(it, hours)
			})
		}
	}
	return out
}

// rotaOnCall is the working time of those who were on call, as far as the periods are over.
func (n *Night) rotaOnCall(ps []Period) []load {
	out := make([]load, len(ps))
	var heroes []Span
	for _, s := range n.Shifts {
		if s.Role == Superhero {
			heroes = append(heroes, Span{s.From, s.To})
		}
	}
	heroes = union(heroes)
	for k, p := range ps {
		p.To = min(p.To, n.AsOf)
		known, working := 0.0, n.Policy.Working.Between(p.From, p.To).Hours()
		for _, s := range within(Span{p.From, p.To}, heroes) {
			known += n.Policy.Working.Between(s.From, s.To).Hours()
		}
		if known == 0 {
			continue // that nobody is known to be on call does not say that nobody was
		}
		c := n.capacityOf(p)
		l := &out[k]
		l.onCall, l.others, l.known = c.onCall/3600, c.left()/3600, known/working
		for _, d := range calendar.Cut(n.Zone, calendar.Days(), p.From, p.To) {
			l.n += one(n.Policy.Working.WorkingDay(record.Date(d.Label)))
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

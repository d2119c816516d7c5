package analysis

// The ways to measure what support takes, and what each of them counts in a period.

import (
	"cmp"
	"slices"

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

var methods = []method{
	{"attention", "Attention", Hours, "For each member, at each instant of the team's working time in which they are not absent, the k items assigned to them in active stages get 1/k each, by the class held then. Time with nothing assigned is uncovered and in no share.", (*Night).attention},
	{"points", "Points", Points, "Story points of support items finished, of the points of all items finished in the period. Items without points count nothing; the share that carries points is given.", (*Night).pointsFinished},
	{"hours", "Booked hours", Hours, "Hours of the worklogs that start in the period, by the class held then.", (*Night).hoursBooked},
	{"items", "Items", Items, "Support items finished, of all items finished in the period, discarded ones left out.", (*Night).itemsFinished},
	{"rota", "Rota", Hours, "Working time of the members who were on call as superhero, of the working time of all members, absences out of both. It is what the team set aside for support, whatever came: of those who are on call and no member nothing is counted, and time in which nobody is known to be on call counts as nobody's; its share is given. All of it is counted from the first item or page on, since nothing is known of the turns before.", (*Night).rotaOnCall},
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
	for it := range n.during(ps...) {
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

// rotaOnCall is the working time of those who were on call, as far as the periods are over, and from the first record on.
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
		p.From, p.To = max(p.From, n.rotaFrom), min(p.To, n.AsOf)
		if p.From >= p.To {
			continue
		}
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
	var queues [2][]Row
	for it, v := range l.items {
		q := bit(!it.Kind().Support())
		queues[q] = append(queues[q], Row{Item: it, Num: record.Num(v), Why: it.Class().Title()})
	}
	for _, rows := range queues {
		slices.SortFunc(rows, func(a, b Row) int {
			if a.Num.Value != b.Num.Value {
				return cmp.Compare(b.Num.Value, a.Num.Value)
			}
			return a.Item.Ref.Compare(b.Item.Ref)
		})
	}
	return slices.Concat(queues[0], queues[1])
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

package analysis

// What the emergency lane costs the others.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

var emergencyCost = Metric{
	Name: "emergency-cost", Title: "What emergencies cost the others", Chapter: "Flow", Unit: ItemDays, Counts: "item-days that others were held up",
	Question: "How long did everything else wait because something burned?",
	Doc: "An item is an **emergency** while its class is of the kind incident; everything else, Unclassified included, is a normal item. An emergency **burns** while it is open and not in a paused stage, and somebody is **on it** while it is assigned to them in an active stage and they are not absent. Discarded emergencies burned as well: a false alarm costs, too.\n\n" +
		"- **Held up** (the headline): working time that normal items spent in an active stage while every one of their assignees was on an emergency. They are started, somebody is supposed to work on them, and these people's hands are full. Items of which only some assignees are on an emergency are not held up, and neither is what is assigned to nobody.\n" +
		"- **Upper bound**: working time that normal items in progress (started, not done, and not in a paused stage) spent while any emergency burned, as if everybody had dropped everything. It cannot have been more.\n\n" +
		"Working time is the team's; an **item-day** is one working day (by the calendar's own length of a day) that one item waits. What an item waits while several emergencies burn is shared by them in equal parts, so that what each of them held up adds up to the total; the upper bound of each is as if it alone had stopped everything, and those of several that burned at once do not add up. " +
		"The truth is near the first where the tracker says who is on what: it counts too little where people help with an emergency that is assigned to somebody else, and too much where somebody goes on with other work beside it. Items without a history are left out and listed, and an item is followed no further than its tracker can speak.",
	Measure: (*Night).emergencyCost,
}

// toll is what one emergency cost in the headline's period.
type toll struct {
	item       *Item
	held, most float64 // item-days; most as if it alone had stopped everything
	burned     float64 // working seconds
	unattended bool    // it burned and nobody was ever on it
}

const noEmergencies = "The policy has no class of the kind incident: nothing can be called an emergency."

// knowsEmergencies says whether a class of the policy is of the kind incident.
func (p *Policy) knowsEmergencies() bool {
	return slices.ContainsFunc(p.Classes, func(c Class) bool { return c.Kind == Incident })
}

func (n *Night) emergencyCost() Answer {
	p := n.trailing(90)
	a := Answer{Headline: Value{Unit: ItemDays, Period: p}, RowUnit: ItemDays}
	if !n.Policy.knowsEmergencies() {
		a.Sentence = noEmergencies
		return a
	}
	months, weeks := n.months(24), n.wholeWeeks()
	bounds := []record.Instant{p.From, n.AsOf}
	for _, ps := range [][]Period{months, weeks} {
		for _, q := range ps {
			bounds = append(bounds, q.From, min(q.To, n.AsOf))
		}
	}
	begin := slices.Min(bounds)
	all, people := n.burning(begin, bounds)

	day := n.Policy.Working.Day(n.AsOf).Seconds()
	byClass, held := map[*Class]float64{}, map[*Item]float64{}
	why := map[*Item]*Item{}
	normal := func(it *Item, s stretch, f func(from, to record.Instant)) {
		if s.class.kind() != Incident && s.progress && s.stage.Kind != Paused {
			if from, to := max(s.from, begin), min(s.to, it.Until); from < to {
				f(from, to)
			}
		}
	}
	for it := range n.lasting(begin) {
		if len(all.burns) == 0 {
			break
		}
		if it.Coarse != "" {
			if it.Open() || it.Finished > p.From {
				a.Left = append(a.Left, Row{Item: it, Why: it.Coarse})
			}
			continue
		}
		it.stretches(n.AsOf, func(s stretch) {
			normal(it, s, func(from, to record.Instant) {
				all.wait(from, to)
				if s.stage.Kind != Active {
					return
				}
				it.assigned(from, to, func(from, to record.Instant, who []string) {
					l := people.lane(who)
					if l == nil {
						return
					}
					l.wait(from, to)
					if sec, fire := l.read(max(from, p.From), to); sec > 0 {
						byClass[s.class] += sec
						held[it] += sec
						why[it] = cmp.Or(why[it], fire)
					}
				})
			})
		})
	}

	// sums are by period, in item-days.
	sums := func(ps []Period) [2][]float64 {
		return [2][]float64{make([]float64, len(ps)), make([]float64, len(ps))}
	}
	byMonth, byWeek := sums(months), sums(weeks)
	var total [2]float64
	settle := func(l *lane, kind int) {
		l.settle(func(from record.Instant, sec float64) {
			if i := find(months, from); i >= 0 {
				byMonth[kind][i] += sec / day
			}
			if i := find(weeks, from); i >= 0 {
				byWeek[kind][i] += sec / day
			}
			if p.holds(from) {
				total[kind] += sec / day
			}
		})
	}
	tolls := map[*Item]*toll{}
	settle(all, 1)
	for _, b := range all.burns {
		if b.To > p.From {
			t := tolls[b.item]
			if t == nil {
				t = &toll{item: b.item, unattended: true}
				tolls[b.item] = t
			}
			from := max(b.From, p.From)
			t.most += all.most(from, b.To) / day
			t.burned += n.Policy.Working.Between(from, b.To).Seconds()
		}
	}
	for _, key := range sortedKeys(people.of) {
		l := people.of[key]
		if l == nil {
			continue
		}
		settle(l, 0)
		for _, b := range l.burns {
			if b.To > p.From {
				tolls[b.item].held += l.of(max(b.From, p.From), b.To) / day
			}
		}
	}
	for _, who := range people.busy {
		for _, b := range who {
			if b.To > p.From {
				tolls[b.item].unattended = false
			}
		}
	}

	for it := range n.lasting(p.From) {
		if v := held[it]; v > 0 {
			a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(v / day), Why: "first while its people were on " + why[it].Key})
		}
	}
	a.Rows = largestFirst(a.Rows)
	var worst []*toll
	unattended, burned := 0, 0.0
	for _, t := range tolls {
		worst = append(worst, t)
		unattended += one(t.unattended)
	}
	slices.SortFunc(worst, func(x, y *toll) int {
		return cmp.Or(cmp.Compare(y.held, x.held), cmp.Compare(y.most, x.most), x.item.Ref.Compare(y.item.Ref))
	})
	for _, t := range worst {
		burned += t.burned
	}
	value := func(v float64) Value {
		return Value{Unit: ItemDays, Number: record.Number{Value: v, Known: len(worst) > 0}, N: len(worst), Period: p}
	}
	a.Headline = value(total[0])
	a.Parts = []Part{
		{Name: "held-up", Group: "bound", Title: "Held up: their people were on an emergency", Value: value(total[0])},
		{Name: "upper-bound", Group: "bound", Title: "Upper bound: everything in progress stood still", Value: value(total[1])},
	}
	for _, c := range n.classes() {
		if v, any := byClass[c]; any {
			a.Parts = append(a.Parts, Part{Name: c.ClassID(), Group: "class", Title: c.Title() + ", held up", Value: value(v / day)})
		}
	}
	waited := "No other item is known to have been held up"
	if len(a.Rows) > 0 {
		waited = counted(len(a.Rows), "other item was", "other items were") + " held up for " + ItemDays.Format(a.Headline.Number) + " item-days, as those who work on them were on an emergency"
	}
	switch fires := counted(len(worst), "emergency", "emergencies"); {
	case len(worst) == 0:
		a.Sentence = fmt.Sprintf("Nothing burned in the %s.", p.Label)
	case burned == 0:
		a.Sentence = fmt.Sprintf("In the %s %s burned, outside working time: nothing else was held up.", p.Label, fires)
	default:
		a.Sentence = fmt.Sprintf("In the %s %s burned, together for %s of working time. %s; if everything in progress had stood still it would have been %s item-days, and that is an upper bound.",
			p.Label, fires, worked(burned), waited, ItemDays.Format(record.Num(total[1])))
	}
	if unattended > 0 {
		a.Doubts = append(a.Doubts, fmt.Sprintf("Of %s in the %s %s while it burned: who was on it the tracker does not say, and what it cost is in the upper bound alone.",
			counted(len(worst), "emergency", "emergencies"), p.Label, counted(unattended, "was assigned to nobody in an active stage", "were assigned to nobody in an active stage")))
	}
	t := Table{Name: "emergencies", Title: "What each emergency cost, " + p.Label, Columns: []Column{{"item", "Emergency", Text}, {"burned", "Burned, in working time", Work}, {"held-up", "Held up", ItemDays}, {"upper-bound", "Upper bound", ItemDays}}}
	for _, w := range worst {
		t.Rows = append(t.Rows, []Cell{{Text: w.item.Key, Item: w.item}, {Num: record.Num(w.burned)}, {Num: record.Num(w.held)}, {Num: record.Num(w.most)}})
	}
	if len(t.Rows) > 0 {
		a.Tables = []Table{t}
	}
	line := func(name, title string, vs []float64) Series {
		s := Series{Name: name, Title: title}
		for _, v := range vs {
			s.Values = append(s.Values, record.Num(v))
		}
		return s
	}
	a.Charts = []Chart{{Name: "by-month", Title: "Item-days that emergencies cost the others, by month", Kind: Bar, Unit: ItemDays, XUnit: Text, X: labels(months), Marks: n.experiments(months), Edges: edges(months),
		Lines: []Series{line("held-up", "Held up", byMonth[0]), line("upper-bound", "Upper bound", byMonth[1])}, Note: "The truth lies between the two, near the first where the tracker says who is on what."}}
	a.Weekly = []Weekly{{Name: "weekly", Title: "Item-days held up by emergencies", Unit: ItemDays, Weeks: weeks, Values: n.ofWeeks(weeks, line("", "", byWeek[0]).Values), Worse: 1}}
	return a
}

// burning are the lanes from begin on: the one of the whole team, in which everything burns that is open and
// not paused, and those of the people who were on it.
func (n *Night) burning(begin record.Instant, bounds []record.Instant) (all *lane, people *lanes) {
	people = &lanes{calendar: n.Policy.Working, bounds: bounds, busy: map[string][]burn{}, of: map[string]*lane{}}
	var burns []burn
	for it := range n.lasting(begin) {
		if it.Coarse != "" || !slices.ContainsFunc(it.Classes, func(c Step[*Class]) bool { return c.Is.kind() == Incident }) {
			continue
		}
		it.stretches(n.AsOf, func(s stretch) {
			from, to := max(s.from, begin), min(s.to, it.Until, n.AsOf)
			if s.class.kind() != Incident || s.stage.Kind == Paused || from >= to {
				return
			}
			if k := len(burns) - 1; k >= 0 && burns[k].item == it && burns[k].To == from {
				burns[k].To = to
			} else {
				burns = append(burns, burn{Span{from, to}, it})
			}
			if s.stage.Kind != Active {
				return
			}
			it.assigned(from, to, func(from, to record.Instant, who []string) {
				for _, w := range who {
					for _, there := range minus(Span{from, to}, n.team.members[strings.ToLower(w)].absences()) {
						people.busy[w] = append(people.busy[w], burn{there, it})
					}
				}
			})
		})
	}
	return newLane(n.Policy.Working, burns, bounds), people
}

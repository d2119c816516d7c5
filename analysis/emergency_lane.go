package analysis

// Who waited while something burned: the arithmetic behind what the emergency lane costs.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// burn is a stretch in which an emergency burned.
type burn struct {
	Span
	item *Item
}

// lane is time cut where an emergency begins or ends to burn, for those who have to look after it. What an item
// waits between two cuts is shared by the emergencies that burn there, so that their costs add up to all of it.
//
// An item that waits through a thousand segments costs two additions, not a thousand: whole counts by
// differences, as [Night.endOfDay] does.
type lane struct {
	calendar *calendar.Calendar
	burns    []burn
	cuts     []record.Instant
	ruler    ruler     // of the cuts
	burning  []int     // of segment i, [cuts[i], cuts[i+1]): the emergencies
	reading  []float64 // at cut i: working seconds so far in which something burned
	first    []*Item   // of segment i: the first emergency of it or of a segment after it
	whole    []int     // differences: items that wait through all of segment i
	part     []float64 // working seconds of those that wait in a part of it
	cost     []float64 // at cut i, once settled: what one emergency of each segment so far cost
	waited   []float64 // at cut i, once settled: working seconds that were waited so far in all
}

// newLane makes the lane of some burns. Where periods begin and end while something burns is a cut as well.
func newLane(c *calendar.Calendar, burns []burn, bounds []record.Instant) *lane {
	l := &lane{calendar: c, burns: burns}
	var spans []Span
	for _, b := range burns {
		l.cuts = append(l.cuts, b.From, b.To)
		spans = append(spans, b.Span)
	}
	spans = union(spans)
	for _, t := range bounds {
		if len(minus(Span{t, t + 1}, spans)) == 0 {
			l.cuts = append(l.cuts, t)
		}
	}
	slices.Sort(l.cuts)
	l.cuts = slices.Compact(l.cuts)
	l.ruler = newRuler(l.cuts)
	k := len(l.cuts)
	l.burning, l.whole, l.first = make([]int, k), make([]int, k+1), make([]*Item, k)
	l.reading, l.part, l.cost, l.waited = make([]float64, k), make([]float64, k), make([]float64, k), make([]float64, k)
	slices.SortStableFunc(burns, func(a, b burn) int { return cmp.Compare(a.From, b.From) })
	for _, b := range burns {
		from, to := l.at(b.From), l.at(b.To)
		l.burning[from]++
		l.burning[to]--
	}
	next := 0 // of the burns by their beginning, the first that is not over
	for i, at := range l.cuts {
		if i > 0 {
			l.burning[i] += l.burning[i-1]
			l.reading[i] = l.reading[i-1]
			if l.burning[i-1] > 0 {
				l.reading[i] += c.Between(l.cuts[i-1], at).Seconds()
			}
		}
		for next < len(burns) && burns[next].To <= at {
			next++
		}
		if next < len(burns) {
			l.first[i] = burns[next].item
		}
	}
	return l
}

// at is the index of the first cut that is not before t.
func (l *lane) at(t record.Instant) int { return l.ruler.first(t) }

// span are the segments that hold the first and the last instant of [from, to), a part of the lane.
func (l *lane) span(from, to record.Instant) (a, b int) {
	if a = l.at(from); a == len(l.cuts) || l.cuts[a] > from {
		a--
	}
	return a, l.at(to) - 1
}

// read is the working time in seconds of [from, to) in which something burned, and what burned first in it.
func (l *lane) read(from, to record.Instant) (float64, *Item) {
	if from = max(from, l.cuts[0]); to <= from {
		return 0, nil
	}
	a, b := l.span(from, to)
	if a == b {
		return l.within(a, from, to), l.first[a]
	}
	return l.within(a, from, l.cuts[a+1]) + l.reading[b] - l.reading[a+1] + l.within(b, l.cuts[b], to), l.first[a]
}

// wait notes that an item waits in [from, to) while something burns.
func (l *lane) wait(from, to record.Instant) {
	if from = max(from, l.cuts[0]); to <= from {
		return
	}
	a, b := l.span(from, to)
	if a == b {
		l.part[a] += l.within(a, from, to)
		return
	}
	l.part[a] += l.within(a, from, l.cuts[a+1])
	l.part[b] += l.within(b, l.cuts[b], to)
	l.whole[a+1]++
	l.whole[b]--
}

// within is the working time of a piece of segment i, if something burns in it.
func (l *lane) within(i int, from, to record.Instant) float64 {
	if l.burning[i] == 0 {
		return 0
	}
	return l.calendar.Between(from, to).Seconds()
}

// settle adds up once everything that waits is noted, and tells what each segment cost.
func (l *lane) settle(tell func(from record.Instant, seconds float64)) {
	waiting := 0
	for i := 0; i+1 < len(l.cuts); i++ {
		waiting += l.whole[i]
		l.cost[i+1], l.waited[i+1] = l.cost[i], l.waited[i]
		if l.burning[i] == 0 {
			continue
		}
		seconds := l.part[i] + float64(waiting)*(l.reading[i+1]-l.reading[i])
		l.cost[i+1] += seconds / float64(l.burning[i])
		l.waited[i+1] += seconds
		tell(l.cuts[i], seconds)
	}
}

// of is what one emergency that burns from one cut to another cost between them.
func (l *lane) of(from, to record.Instant) float64 { return l.cost[l.at(to)] - l.cost[l.at(from)] }

// most is what was waited in all from one cut to another: more than that no emergency between them cost.
func (l *lane) most(from, to record.Instant) float64 {
	return l.waited[l.at(to)] - l.waited[l.at(from)]
}

// lanes are those of the people who looked after emergencies, by who they are together.
type lanes struct {
	calendar *calendar.Calendar
	bounds   []record.Instant
	busy     map[string][]burn // by person, without their absences
	of       map[string]*lane  // by the people, nil where not all of them ever were on an emergency at once
}

// lane is that of an item's people: something burns in it while every one of them is on an emergency, since
// any other could have gone on with the item.
func (s *lanes) lane(who []string) *lane {
	key := who[0]
	if len(who) > 1 {
		key = strings.Join(slices.Compact(slices.Sorted(slices.Values(who))), "\x00")
	}
	l, known := s.of[key]
	if known {
		return l
	}
	var all []burn
	for i, w := range who {
		bs := s.busy[w]
		spans := make([]Span, len(bs))
		for k, b := range bs {
			spans[k] = b.Span
		}
		spans = union(spans)
		if i == 0 {
			all = bs
			continue
		}
		// What either is on while both are: the other's emergencies keep them as well.
		var mine []Span
		for _, b := range all {
			mine = append(mine, b.Span)
		}
		all = append(clipped(all, spans), clipped(bs, union(mine))...)
	}
	if len(all) > 0 {
		l = newLane(s.calendar, once(all), s.bounds)
	}
	s.of[key] = l
	return l
}

// clipped are the parts of burns that lie in disjoint spans.
func clipped(bs []burn, spans []Span) []burn {
	var in []burn
	for _, b := range bs {
		for _, s := range within(b.Span, spans) {
			in = append(in, burn{s, b.item})
		}
	}
	return in
}

// once counts an emergency that several people are on once at a time.
func once(bs []burn) []burn {
	by := map[*Item][]Span{}
	var items []*Item
	for _, b := range bs {
		if by[b.item] == nil {
			items = append(items, b.item)
		}
		by[b.item] = append(by[b.item], b.Span)
	}
	var out []burn
	for _, it := range items {
		for _, s := range union(by[it]) {
			out = append(out, burn{s, it})
		}
	}
	return out
}

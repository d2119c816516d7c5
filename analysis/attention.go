package analysis

// Attention: what members were busy with, without anybody booking an hour (METRICS.md, section 5).

import (
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// busy is a stretch in which an item in an active stage was assigned to a member.
type busy struct {
	from, to record.Instant
	class    *Class
	item     *Item
	shared   bool // among several members
}

// attention splits each member's working time among the active items assigned to them, in hours. Who is
// absent looks at nothing: that time is nobody's, and not uncovered either.
func (n *Night) attention(ps []Period) []load {
	first := n.AsOf
	for _, p := range ps {
		first = min(first, p.From)
	}
	work := n.busyWork(first)
	out := newLoads(ps)
	for i := range n.Policy.Team.Members {
		m := &n.Policy.Team.Members[i]
		n.divide(work[m.ID], ps, m.absences(), out)
	}
	for k := range out {
		out[k].n += len(out[k].several)
	}
	return out
}

// busyWork is, by member, what was assigned to them in active stages at first or later, and maybe before: what of
// it lies in the months that are drawn is gathered once.
func (n *Night) busyWork(first record.Instant) map[string][]busy {
	n.gathering.Do(func() {
		n.workFrom = n.AsOf
		for _, m := range n.months(24) {
			n.workFrom = min(n.workFrom, m.From)
		}
		n.work = n.assignedFrom(n.workFrom)
	})
	if first < n.workFrom {
		return n.assignedFrom(first)
	}
	return n.work
}

func (n *Night) assignedFrom(first record.Instant) map[string][]busy {
	work := map[string][]busy{}
	for it := range n.lasting(first) {
		shared := it.shared()
		it.stretches(n.AsOf, func(s stretch) {
			if s.stage.Kind != Active || s.to <= first {
				return
			}
			it.assigned(s.from, s.to, func(from, to record.Instant, who []string) {
				for _, w := range who {
					bs := work[w]
					if len(bs) == cap(bs) { // append would go in small steps, and copy all of it in each
						bs = slices.Grow(bs, len(bs)+1)
					}
					work[w] = append(bs, busy{from, to, s.class, it, shared})
				}
			})
		})
	}
	return work
}

// shared says whether the item was assigned to more than one, at once or one after the other.
func (it *Item) shared() bool {
	one := ""
	for _, s := range it.Assignees {
		for _, who := range s.Is {
			if one != "" && who != one {
				return true
			}
			one = who
		}
	}
	return false
}

// divide adds to the loads of periods one member's working hours in each, up to as-of and without those in
// which they are away: of an instant with k items each gets 1/k.
func (n *Night) divide(bs []busy, ps []Period, away []Span, out []load) {
	p := n.pace(bs, ps, away)
	if len(p.busy) == 0 {
		return
	}
	last := p.cuts.at[len(p.cuts.at)-1]
	for k := range ps {
		if from, to := ps[k].From, min(ps[k].To, last); from < to {
			out[k].uncovered += p.idle[p.cuts.first(to)] - p.idle[p.cuts.first(from)]
		}
	}
	for _, r := range unbroken(ps) {
		run, loads := ps[r.from:r.to], out[r.from:r.to]
		from, to := run[0].From, min(run[len(run)-1].To, last)
		for _, b := range bs {
			begin, end := max(b.from, from), min(b.to, to)
			if begin >= end {
				continue
			}
			was := p.busy[p.cuts.first(begin)]
			for k := find(run, begin); k < len(run) && run[k].From < end; k++ {
				is := p.busy[p.cuts.first(min(end, run[k].To))]
				if hours := is - was; hours > 0 {
					loads[k].attend(b, hours)
				}
				was = is
			}
		}
	}
}

// attend notes an item's hours. Those of one member come one behind the other.
func (l *load) attend(b busy, hours float64) {
	l.add(b.class, hours)
	l.count(b.item, hours)
	switch {
	case b.shared:
		if l.several == nil {
			l.several = map[*Item]bool{}
		}
		l.several[b.item] = true
	case l.last != b.item:
		l.last = b.item
		l.n++
	}
}

// pace is two clocks of one member's working hours, by their readings at the cuts: busy runs at 1/k while
// there are k items, idle at full speed while there is none, and neither while they are away. An item's part
// is told by the readings where it begins and ends, so that a member with thousands of forgotten items costs
// no more than sorting them.
type pace struct {
	cuts       ruler
	busy, idle []float64
}

// pace reads the clocks wherever an item, a period or an absence begins or ends, within the periods and up to
// as-of.
func (n *Night) pace(bs []busy, ps []Period, away []Span) *pace {
	from, to := n.AsOf, record.Instant(0)
	for _, p := range ps {
		from, to = min(from, p.From), max(to, min(p.To, n.AsOf))
	}
	if from >= to {
		return &pace{}
	}
	away = within(Span{from, to}, away)
	part := func(b busy) (begin, end record.Instant, any bool) {
		return max(b.from, from), min(b.to, to), b.from < to && b.to > from
	}
	cuts := make([]record.Instant, 0, 2*len(bs))
	for _, b := range bs {
		if begin, end, any := part(b); any {
			cuts = append(cuts, begin, end)
		}
	}
	cuts = append(cuts, from, to)
	for _, p := range ps {
		cuts = append(cuts, min(p.From, to), min(p.To, to))
	}
	for _, s := range away {
		cuts = append(cuts, s.From, s.To)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	p := &pace{newRuler(cuts), make([]float64, len(cuts)), make([]float64, len(cuts))}
	items := make([]int32, len(cuts)) // how many more there are from a cut on
	for _, b := range bs {
		if begin, end, any := part(b); any {
			items[p.cuts.first(begin)]++
			items[p.cuts.first(end)]--
		}
	}
	k, gone := int32(0), 0
	for i := 1; i < len(cuts); i++ {
		was, at := cuts[i-1], cuts[i]
		k += items[i-1]
		p.busy[i], p.idle[i] = p.busy[i-1], p.idle[i-1]
		for gone < len(away) && away[gone].To <= was {
			gone++
		}
		switch absent := gone < len(away) && away[gone].From <= was; {
		case absent:
		case k == 0:
			p.idle[i] += n.Policy.Working.Between(was, at).Hours()
		default:
			p.busy[i] += n.Policy.Working.Between(was, at).Hours() / float64(k)
		}
	}
	return p
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

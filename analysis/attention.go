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
}

// attention splits each member's working time among the active items assigned to them, in hours. Who is
// absent looks at nothing: that time is nobody's, and not uncovered either.
func (n *Night) attention(ps []Period) []load {
	first := n.AsOf
	for _, p := range ps {
		first = min(first, p.From)
	}
	work := n.busyWork(first)
	out := make([]load, len(ps))
	for i := range n.Policy.Team.Members {
		m := &n.Policy.Team.Members[i]
		away := m.absences()
		for k, p := range ps {
			for _, there := range minus(Span{p.From, min(p.To, n.AsOf)}, away) {
				n.divide(work[m.ID], there.From, there.To, &out[k])
			}
		}
	}
	for k := range out {
		out[k].n = len(out[k].items)
	}
	return out
}

// busyWork is, by member, what was assigned to them in active stages at first or later.
func (n *Night) busyWork(first record.Instant) map[string][]busy {
	work := map[string][]busy{}
	for _, it := range n.Items {
		if !it.Open() && it.Finished <= first {
			continue
		}
		it.stretches(n.AsOf, func(s stretch) {
			if s.stage.Kind != Active || s.to <= first {
				return
			}
			it.assigned(s.from, s.to, func(from, to record.Instant, who []string) {
				for _, w := range who {
					work[w] = append(work[w], busy{from, to, s.class, it})
				}
			})
		})
	}
	return work
}

// divide adds to l one member's working hours in [from, to): of an instant with k items each gets 1/k.
//
// A clock that runs at 1/k of working time tells each item's part by its readings where the item begins
// and ends, so that a member with thousands of forgotten items costs no more than sorting them.
func (n *Night) divide(bs []busy, from, to record.Instant, l *load) {
	var begins, ends, cuts []record.Instant
	for _, b := range bs {
		if b.from < to && b.to > from {
			begins, ends = append(begins, max(b.from, from)), append(ends, min(b.to, to))
		}
	}
	slices.Sort(begins)
	slices.Sort(ends)
	cuts = slices.Concat(begins, ends)
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	readings := make([]float64, len(cuts))
	reading, covered, begun, ended := 0.0, 0.0, 0, 0
	for i, at := range cuts {
		if k := begun - ended; k > 0 {
			hours := n.Policy.Working.Between(cuts[i-1], at).Hours()
			covered += hours
			reading += hours / float64(k)
		}
		readings[i] = reading
		for begun < len(begins) && begins[begun] <= at {
			begun++
		}
		for ended < len(ends) && ends[ended] <= at {
			ended++
		}
	}
	read := func(t record.Instant) float64 {
		i, _ := slices.BinarySearch(cuts, t)
		return readings[i]
	}
	for _, b := range bs {
		if b.from >= to || b.to <= from {
			continue
		}
		if hours := read(min(b.to, to)) - read(max(b.from, from)); hours > 0 {
			l.add(b.class, hours)
			l.count(b.item, hours)
		}
	}
	l.uncovered += n.Policy.Working.Between(from, to).Hours() - covered
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

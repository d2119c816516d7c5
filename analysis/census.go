package analysis

// What several metrics ask of all items, made once a night: which of them are not over, and what was open at
// the end of each day, by everything that a metric tells it by.

import (
	"iter"
	"math"
	"sync"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// shared is what several metrics need, made when the first of them asks for it.
type shared struct {
	ending   sync.Once
	ends     []record.Instant // of each item: when it came to rest
	counting sync.Once
	census   census

	gathering sync.Once
	work      map[string][]busy
	workFrom  record.Instant
}

// lasting are the items that were open after t, or moved from stage to stage, in their order. Of a long past
// these are few, and the others are passed over without a look at any.
func (n *Night) lasting(t record.Instant) iter.Seq[*Item] {
	n.ending.Do(func() {
		n.ends = make([]record.Instant, len(n.Items))
		for i, it := range n.Items {
			if n.ends[i] = math.MaxInt64; !it.Open() {
				n.ends[i] = max(it.Finished, it.Stages.since())
			}
		}
	})
	return func(yield func(*Item) bool) {
		for i, end := range n.ends {
			if end > t && !yield(n.Items[i]) {
				return
			}
		}
	}
}

// open are the items that are open at as-of.
func (n *Night) open() iter.Seq[*Item] { return n.lasting(n.AsOf) }

// during are the items that were created, open, moved or finished in one of the periods, or later.
func (n *Night) during(ps ...Period) iter.Seq[*Item] {
	first := record.Instant(math.MaxInt64)
	for _, p := range ps {
		first = min(first, p.From)
	}
	return n.lasting(first - 1)
}

// census is how many items were open at the end of each local day from the first item's on, by their state.
type census struct {
	ends   []record.Instant // just before midnight
	counts map[state][]int32
}

// endOfDay counts the items in each group at the end of each period, which is that of a local day. At one
// that has not come yet there are none.
func (n *Night) endOfDay(ps []Period, pick func(state) (group string, ok bool)) tally {
	n.counting.Do(n.count)
	t := newTally(ps)
	for s, counts := range n.census.counts {
		g, ok := pick(s)
		if !ok {
			continue
		}
		sum := t.counts[g]
		for i, end := range t.ends {
			d := n.census.day(end)
			if d == len(counts) || n.census.ends[d] != end || counts[d] == 0 {
				continue
			}
			if sum == nil {
				sum = make([]int, len(t.ends))
				t.counts[g] = sum
			}
			sum[i] += int(counts[d])
		}
	}
	return t
}

// count takes the census.
func (n *Night) count() {
	c := census{counts: map[state][]int32{}}
	for _, d := range n.periods(calendar.Days(), n.first(), n.AsOf) {
		c.ends = append(c.ends, d.To-1)
	}
	for _, it := range n.Items {
		it.stretches(n.AsOf, func(s stretch) {
			from, to := c.day(s.from), c.day(s.to)
			if from == to {
				return
			}
			counts := c.counts[s.state]
			if counts == nil {
				counts = make([]int32, len(c.ends)+1)
				c.counts[s.state] = counts
			}
			counts[from]++
			counts[to]--
		})
	}
	for s, counts := range c.counts {
		for i := 1; i < len(counts); i++ {
			counts[i] += counts[i-1]
		}
		c.counts[s] = counts[:len(c.ends)]
	}
	n.census = c
}

// day is the first of the days that ends at t or later. Few are longer or shorter than 24 hours, and so the
// place is nearly known.
func (c *census) day(t record.Instant) int {
	if len(c.ends) == 0 || t <= c.ends[0] {
		return 0
	}
	i := min(int(t.Sub(c.ends[0])/(24*time.Hour)), len(c.ends))
	for i > 0 && c.ends[i-1] >= t {
		i--
	}
	for i < len(c.ends) && c.ends[i] < t {
		i++
	}
	return i
}

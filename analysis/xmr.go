package analysis

// XmR charts: which of the ups and downs mean something (METRICS.md, section 6).

import (
	"fmt"
	"math"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// behaviour is what an XmR chart says of one stretch of weeks between declared changes.
type behaviour struct {
	from, to      int // weeks [from, to)
	n             int // weeks with data
	centre        float64
	lower, upper  float64
	known         bool // at least [xmrFewest] weeks: limits mean something
	signals       []signal
	averageMoving float64
}

type signal struct {
	at    int
	above bool // of the centre
	what  string
}

// xmrFewest and xmrMost bound the weeks an XmR chart is drawn over; xmrRun is how many in a row on
// one side of the centre are a signal. 2.66 is 3/d₂ for moving ranges of two (Wheeler, Understanding
// Variation, 1993).
const (
	xmrFewest = 8
	xmrMost   = 52
	xmrRun    = 8
	xmrFactor = 2.66
)

// xmr reads the weekly counts between restarts: a restart is the index of the first week that belongs
// to what came after a declared change. Absent counts are weeks without data.
func xmr(counts []record.Number, restarts []int) []behaviour {
	var bs []behaviour
	from := 0
	for _, r := range append(restarts, len(counts)) {
		if r > from {
			bs = append(bs, xmrStretch(counts, from, r))
			from = r
		}
	}
	return bs
}

func xmrStretch(counts []record.Number, from, to int) behaviour {
	b := behaviour{from: from, to: to}
	sum, moving, pairs := 0.0, 0.0, 0
	last := record.Number{}
	for _, c := range counts[from:to] {
		if !c.Known {
			last = c
			continue
		}
		b.n++
		sum += c.Value
		if last.Known {
			moving += math.Abs(c.Value - last.Value)
			pairs++
		}
		last = c
	}
	if b.n == 0 {
		return b
	}
	b.centre = sum / float64(b.n)
	if b.n < xmrFewest || pairs == 0 {
		return b
	}
	b.known = true
	b.averageMoving = moving / float64(pairs)
	b.upper = b.centre + xmrFactor*b.averageMoving
	b.lower = max(0, b.centre-xmrFactor*b.averageMoving)
	run, side := 0, 0
	for i := from; i < to; i++ {
		c := counts[i]
		if !c.Known {
			run, side = 0, 0
			continue
		}
		s := 0
		switch {
		case c.Value > b.centre:
			s = 1
		case c.Value < b.centre:
			s = -1
		}
		if s == 0 || s != side {
			run = 0
		}
		side = s
		if s != 0 {
			run++
		}
		switch {
		case c.Value > b.upper || c.Value < b.lower:
			b.signals = append(b.signals, signal{i, s > 0, "outside the limits"})
		case run == xmrRun:
			b.signals = append(b.signals, signal{i, s > 0, fmt.Sprintf("%d in a row on one side", xmrRun)})
		}
	}
	return b
}

// xmrChart draws weekly counts with the centre and limits of each stretch.
func (n *Night) xmrChart(name, title string, weeks []Period, counts []record.Number) (Chart, []behaviour) {
	var restarts []int
	for _, e := range n.Policy.Experiments {
		at := e.Date.Start(n.Zone)
		if at >= n.AsOf {
			continue
		}
		for i, w := range weeks {
			if w.From >= at {
				if i > 0 {
					restarts = append(restarts, i)
				}
				break
			}
		}
	}
	slices.Sort(restarts)
	bs := xmr(counts, slices.Compact(restarts))
	centre := Series{Name: "centre", Title: "Mean", Kind: Line, Role: "centre", Values: make([]record.Number, len(weeks))}
	upper := Series{Name: "upper", Title: "Upper limit", Kind: Line, Role: "limit", Values: make([]record.Number, len(weeks))}
	lower := Series{Name: "lower", Title: "Lower limit", Kind: Line, Role: "limit", Values: make([]record.Number, len(weeks))}
	c := Chart{Name: name, Title: title, Kind: Line, Unit: Items, XUnit: Text, X: labels(weeks), Marks: n.experiments(weeks)}
	for _, b := range bs {
		for i := b.from; i < b.to; i++ {
			if b.known {
				centre.Values[i] = record.Num(b.centre)
				upper.Values[i], lower.Values[i] = record.Num(b.upper), record.Num(b.lower)
			}
		}
		for _, s := range b.signals {
			c.Marks = append(c.Marks, Mark{X: weeks[s.at].Label, Y: counts[s.at], Title: s.what, Role: "signal"})
		}
	}
	c.Lines = []Series{{Name: "count", Title: "Created in the week", Role: "count", Values: counts}, centre, upper, lower}
	return c, bs
}

// weekly draws what a metric counted by week.
func (n *Night) weekly(w *Weekly) Chart {
	weeks, values := lastOf(w.Weeks, xmrMost), lastOf(w.Values, xmrMost)
	c, bs := n.xmrChart(w.Name, w.Title, weeks, values)
	c.Unit = w.Unit
	if len(bs) > 0 {
		c.Note, _ = n.verdict(w.Title, weeks, bs)
	}
	return c
}

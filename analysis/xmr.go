package analysis

// XmR charts: which of the ups and downs mean something (METRICS.md, section 6). After W. A. Shewhart;
// D. J. Wheeler, Understanding Variation, 1993.

import (
	"math"

	"github.com/firebreak/firebreak/collectors/record"
)

// behaviour is what an XmR chart says of one stretch of points between declared changes.
type behaviour struct {
	from, to      int // points [from, to)
	n             int // points with data
	centre        float64
	lower, upper  float64
	known         bool // at least [xmrFewest] points: limits mean something
	signals       []signal
	averageMoving float64
}

// signal is a point outside the limits, or the last point of a run on one side of the centre that began at
// since.
type signal struct {
	at, since int
	run       int // how many points; 0 for one outside the limits
	above     bool
}

// xmrFewest and xmrMost bound the weeks an XmR chart is drawn over; xmrRun is how many in a row on
// one side of the centre are a signal. 2.66 is 3/d₂ for moving ranges of two.
const (
	xmrFewest = 8
	xmrMost   = 52
	xmrRun    = 8
	xmrFactor = 2.66
)

// xmr reads the points between restarts: a restart is the index of the first point that belongs to what
// came after a declared change. Absent points are without data.
func xmr(points []record.Number, restarts []int) []behaviour {
	var bs []behaviour
	from := 0
	for _, r := range append(restarts, len(points)) {
		if r > from {
			bs = append(bs, xmrStretch(points, from, r))
			from = r
		}
	}
	return bs
}

func xmrStretch(points []record.Number, from, to int) behaviour {
	b := behaviour{from: from, to: to}
	sum, moving, pairs, least := 0.0, 0.0, 0, 0.0
	last := record.Number{}
	for _, c := range points[from:to] {
		if c.Known {
			b.n++
			sum += c.Value
			least = min(least, c.Value)
			if last.Known {
				moving += math.Abs(c.Value - last.Value)
				pairs++
			}
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
	if b.lower = b.centre - xmrFactor*b.averageMoving; least == 0 { // what cannot be less than nothing has no limit there
		b.lower = max(0, b.lower)
	}
	b.signals = b.signalsIn(points, from, to)
	return b
}

// signalsIn finds the signals of points [from, to) by the centre and the limits of b, in the order in which
// they began to be signals.
func (b *behaviour) signalsIn(points []record.Number, from, to int) []signal {
	var ss []signal
	run, side, since, open := 0, 0, 0, 0 // open: which of ss is of this run
	for i := from; i < to; i++ {
		c := points[i]
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
			run, since = 0, i
		}
		side = s
		if s != 0 {
			run++
		}
		if c.Value > b.upper || c.Value < b.lower {
			ss = append(ss, signal{at: i, since: i, above: s > 0})
		}
		if run == xmrRun {
			open = len(ss)
			ss = append(ss, signal{at: i, since: since, run: run, above: s > 0})
		} else if run > xmrRun {
			ss[open].at, ss[open].run = i, run
		}
	}
	return ss
}

// latest is the signal that reaches farthest; of two that do, the point outside the limits.
func latest(ss []signal) signal {
	last := ss[0]
	for _, s := range ss[1:] {
		if s.at > last.at || s.at == last.at && s.run == 0 {
			last = s
		}
	}
	return last
}

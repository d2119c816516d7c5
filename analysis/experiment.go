package analysis

// Before and after: what each declared experiment changed in the weekly series, as far as that can be told
// (METRICS.md, section 6).

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// Tried is an experiment that has begun, with what came of it.
type Tried struct {
	*Experiment
	At      record.Instant // the beginning of its day
	Effects []Effect       // one for each weekly series that has data on either side, in the order of the metrics
}

// Effect is a weekly series before and after an experiment: so many whole weeks on each side, the week that
// the experiment cuts in neither.
type Effect struct {
	Metric        *Metric
	Series        string // the chart of it among the metric's
	Title         string // what is counted
	Unit          Unit
	Result        Result
	Before, After Side
	Low, High     float64  // the 95 % interval of the difference of the means, where the result is Changed or Unchanged
	Others        []string // experiments that its weeks overlap with
	Says          string
	Good          Mood  // of a change, where the series says which way is worse
	Chart         Chart // the weeks of both sides, with the mean of each
}

// Side is the weeks on one side of an experiment.
type Side struct {
	Period         // of all of its weeks
	Weeks  int     // whole weeks
	N      int     // those with data
	Mean   float64 // of these; 0 where there are none
}

// Difference is the mean after less the mean before.
func (e *Effect) Difference() float64 { return e.After.Mean - e.Before.Mean }

// Result says what became of a series at an experiment.
type Result uint8

// The results.
const (
	TooEarly  Result = iota // fewer than 8 whole weeks have gone by since
	TooFew                  // fewer than 8 weeks with data on a side, and time will not bring more
	Unchanged               // no difference that chance would not make: the interval holds 0
	Changed
)

// String is the result's permanent name.
func (r Result) String() string {
	return [...]string{"too-early", "too-few", "unchanged", "changed"}[r]
}

// sideFewest and sideMost bound the whole weeks on each side of an experiment. They are as many as the series
// has on both sides, a quarter of a year at most, and fewer where another experiment would come between, but
// for that not fewer than eight.
const (
	sideFewest = xmrFewest
	sideMost   = 13
)

// begun are the experiments that began before as-of, oldest first, without what came of them.
func (n *Night) begun() []Tried {
	var ts []Tried
	for i := range n.Policy.Experiments {
		e := &n.Policy.Experiments[i]
		if at := e.Date.Start(n.Zone); at < n.AsOf {
			ts = append(ts, Tried{Experiment: e, At: at})
		}
	}
	slices.SortStableFunc(ts, func(a, b Tried) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID)) })
	return ts
}

// tried are the experiments that began before as-of, oldest first, with what each weekly series shows.
func (n *Night) tried(figures []Figure) []Tried {
	ts := n.begun()
	var b bootstrap
	for i := range ts {
		for k := range figures {
			f := &figures[k]
			for j := range f.Weekly {
				if e, ok := n.effect(ts, i, &f.Weekly[j], &b); ok {
					e.Metric = f.Metric
					ts[i].Effects = append(ts[i].Effects, e)
				}
			}
		}
	}
	return ts
}

// effect compares one series before and after the i-th experiment; not ok where it is of later weeks only, or
// has nothing but 0 and weeks without data on both sides.
func (n *Night) effect(ts []Tried, i int, w *Weekly, b *bootstrap) (Effect, bool) {
	at := ts[i].At
	ends, _ := slices.BinarySearchFunc(w.Weeks, at, func(p Period, t record.Instant) int { // how many weeks end by then
		if p.To <= t {
			return -1
		}
		return 1
	})
	if ends == 0 { // it began before anything was counted
		return Effect{}, false
	}
	begins := ends // the first week that begins then or later
	if begins < len(w.Weeks) && w.Weeks[begins].From < at {
		begins++
	}
	size := min(sideMost, ends, len(w.Weeks)-begins)
	for _, o := range ts { // other experiments shorten the sides
		for ; size > sideFewest && o.At != at; size-- {
			if o.At <= w.Weeks[ends-size].From || o.At >= w.Weeks[begins+size-1].To {
				break
			}
		}
	}
	e := Effect{Series: w.Name, Title: w.subject(), Unit: w.Unit}
	side := func(from, to int) (s Side, vs []float64) {
		s.Weeks = to - from
		for k := from; k < to; k++ {
			if v := w.Values[k]; v.Known {
				vs = append(vs, v.Value)
			}
		}
		if s.N = len(vs); s.N > 0 {
			s.Mean = mean(vs)
		}
		if from < to {
			s.Period = Period{From: w.Weeks[from].From, To: w.Weeks[to-1].To, Label: w.Weeks[from].Label + " to " + w.Weeks[to-1].Label}
		}
		return s, vs
	}
	// Where one side is too short, the other shows what it has all the same.
	left, right := max(size, min(ends, sideFewest)), max(size, min(len(w.Weeks)-begins, sideFewest))
	var before, after []float64
	e.Before, before = side(ends-left, ends)
	e.After, after = side(begins, begins+right)
	if e.Before.N == 0 && e.After.N == 0 || e.Before.Mean == 0 && e.After.Mean == 0 {
		return e, false
	}
	for _, o := range ts {
		if o.Experiment != ts[i].Experiment && o.At > e.Before.From && o.At < e.After.To {
			e.Others = append(e.Others, o.Name)
		}
	}
	switch {
	case e.Before.N < sideFewest:
		e.Result = TooFew
	case e.After.Weeks < sideFewest:
		e.Result = TooEarly
	case e.After.N < sideFewest:
		e.Result = TooFew
	default:
		e.Low, e.High = b.interval(before, after)
		if e.Result = Unchanged; e.Low > 0 || e.High < 0 {
			e.Result = Changed
			e.Good = w.better(e.Low > 0)
		}
	}
	e.Says = e.say(w)
	e.Chart = n.effectChart(&e, w, ends-left, begins+right)
	return e, true
}

// better says whether it is good that a series went up, or down.
func (w *Weekly) better(up bool) Mood {
	switch {
	case w.Worse == 0:
		return Neutral
	case up == (w.Worse > 0):
		return Bad
	}
	return Good
}

// say is what became of the series, in a sentence without the name of the experiment.
func (e *Effect) say(w *Weekly) string {
	var s string
	switch e.Result {
	case TooEarly:
		s = fmt.Sprintf("%s: too early to tell, with %s of data since (%d wanted)", e.Title, plural(fmt.Sprint(e.After.N), "week"), sideFewest)
		if e.After.N > 0 {
			s += fmt.Sprintf("; %s before, %s so far", w.rate(e.Before.Mean), w.rate(e.After.Mean))
		}
	case TooFew:
		s = fmt.Sprintf("%s: too few weeks with data to compare, %d before and %d after (%d wanted on each side)", e.Title, e.Before.N, e.After.N, sideFewest)
	case Unchanged:
		s = fmt.Sprintf("%s: no clear difference, %s before and %s after (%s)", e.Title, w.rate(e.Before.Mean), w.rate(e.After.Mean), e.interval())
	default:
		s = fmt.Sprintf("%s: %s, from %s to %s (%s)", e.Title, w.Unit.direction(e.Low > 0), w.rate(e.Before.Mean), w.rate(e.After.Mean), e.interval())
	}
	if len(e.Others) > 0 && (e.Result == Changed || e.Result == Unchanged) {
		s += fmt.Sprintf("; these weeks overlap with “%s”, and which of them did it cannot be told", strings.Join(e.Others, "” and “"))
	}
	return s + "."
}

// interval is the difference with what it rests on.
func (e *Effect) interval() string {
	return fmt.Sprintf("difference %s, 95 %% interval %s, n = %d and %d weeks", e.DifferenceText(), e.IntervalText(), e.Before.N, e.After.N)
}

// DifferenceText is the mean after less the mean before: "−1.9", of shares "+16 points"; [NoData] where the two
// were not compared.
func (e *Effect) DifferenceText() string {
	if e.Result != Changed && e.Result != Unchanged {
		return NoData
	}
	if e.Unit == Share {
		return e.signed(e.Difference()) + " points"
	}
	return e.signed(e.Difference())
}

// IntervalText is the 95 % interval of the difference: "−2.9 to −0.9".
func (e *Effect) IntervalText() string {
	if e.Result != Changed && e.Result != Unchanged {
		return NoData
	}
	return e.signed(e.Low) + " to " + e.signed(e.High)
}

// signed writes a difference of the series' unit with its sign; of shares the points of a percent.
func (e *Effect) signed(v float64) string {
	s := e.Unit.Format(record.Num(v))
	if e.Unit == Share {
		s = decimal(100*v, 0)
	}
	if v > 0 && s != "0" {
		s = "+" + s
	}
	return s
}

// MeanOf is the mean of a side in words.
func (e *Effect) MeanOf(s *Side) string { return e.Unit.Format(s.Number()) }

// Number is the side's mean; absent where no week has data.
func (s *Side) Number() record.Number {
	if s.N == 0 {
		return record.Number{}
	}
	return record.Num(s.Mean)
}

// String is which weeks a side is, and how many of them have data.
func (s *Side) String() string {
	switch {
	case s.Weeks == 0:
		return "none"
	case s.N < s.Weeks:
		return fmt.Sprintf("%s, %d of %d with data", s.Label, s.N, s.Weeks)
	}
	return fmt.Sprintf("%s, %d", s.Label, s.N)
}

// Summary says how many series an experiment changed, and of how many that cannot be told.
func (t *Tried) Summary() string {
	var by [Changed + 1]int
	for i := range t.Effects {
		by[t.Effects[i].Result]++
	}
	if compared := by[Changed] + by[Unchanged]; compared > 0 {
		s := fmt.Sprintf("Of %s compared, %d changed and %d did not.", counted(compared, "weekly series", "weekly series"), by[Changed], by[Unchanged])
		if by[TooEarly] > 0 {
			s += fmt.Sprintf(" For %d it is too early to tell.", by[TooEarly])
		}
		return s
	}
	if by[TooEarly] > 0 {
		return fmt.Sprintf("It is too early to tell: a comparison wants %d whole weeks on each side.", sideFewest)
	}
	return fmt.Sprintf("Nothing can be compared: no series has %d weeks with data on both sides.", sideFewest)
}

// BeforeAfterDoc is how experiments are judged, for people.
const BeforeAfterDoc = "Each weekly series is compared by its means over whole weeks, as many before as after, 13 at most; the week that an experiment begins in belongs to neither side unless it begins with it. Where another experiment lies closer, the sides are shorter, but not under 8 weeks, and where they overlap with one it is said. The 95 % interval of the difference is drawn from these weeks again and again (a bootstrap of 10,000 resamples). What is called a change has an interval without 0; whether the experiment made it, and whether it is what was hoped for, is for the team to say."

// ByLuck says how many of the comparisons would show a change if there were none; "" where nothing was compared. The
// interval of so few weeks is a little too short: of 8 on each side it leaves out 0 in about one of ten, of 13 in one of
// fourteen (drawn from equal normal and Poisson weeks).
func (r *Report) ByLuck() string {
	all, changed := 0, 0
	for i := range r.Tried {
		for j := range r.Tried[i].Effects {
			switch r.Tried[i].Effects[j].Result {
			case Changed:
				changed++
				all++
			case Unchanged:
				all++
			}
		}
	}
	if all == 0 {
		return ""
	}
	return fmt.Sprintf("Of all %s %d show a change. Between one in twenty and one in ten, here %s to %s, would do so by luck alone.", counted(all, "comparison", "comparisons"), changed, decimal(float64(all)/20, 0), decimal(float64(all)/10, 0))
}

// effectChart draws the weeks from one to another with the mean of each side.
func (n *Night) effectChart(e *Effect, w *Weekly, from, to int) Chart {
	weeks := w.Weeks[from:to]
	c := Chart{Name: e.Series, Title: e.Title, Kind: Line, Unit: e.Unit, XUnit: Text, X: labels(weeks), Marks: n.experiments(weeks), Edges: edges(weeks)}
	before := Series{Name: "before", Title: "Mean before", Kind: Line, Role: "centre", Values: make([]record.Number, len(weeks))}
	after := Series{Name: "after", Title: "Mean after", Kind: Line, Role: "centre", Values: make([]record.Number, len(weeks))}
	for i, p := range weeks {
		switch {
		case p.To <= e.Before.To:
			before.Values[i] = e.Before.Number()
		case e.After.Weeks > 0 && p.From >= e.After.From:
			after.Values[i] = e.After.Number()
		}
	}
	c.Lines = []Series{{Name: "count", Title: e.Title, Role: "count", Values: w.Values[from:to]}, before, after}
	return c
}

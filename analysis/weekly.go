package analysis

// What a weekly series shows: its XmR chart, begun anew after each experiment, and the same in a sentence
// for those who will look at it together.

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// WeeklyDoc is how a weekly series is read, for people; it stands below the definition of each metric that has one.
const WeeklyDoc = "**Is it real?** The charts with a mean and limits are XmR charts (Shewhart; Wheeler, *Understanding Variation*, 1993) of the latest 52 whole ISO weeks: centre x̄, limits x̄ ± 2.66 · mean|xᵢ − xᵢ₋₁|, the lower one floored at 0. A **signal** is a week outside the limits, or 8 in a row on one side of the centre; all else is routine variation, and chasing it helps nobody. " +
	"Empty weeks are 0; weeks that the sources cannot speak for, and shares and medians of fewer than 5, are no data. A declared experiment begins the limits anew with the first whole week after it, and under 8 weeks there are none. Where most weeks are alike (nothing at all, or all of it), or less than one comes in a week, these limits give false alarms: they are drawn, and not judged. That there is more or less since an experiment is said only where 8 weeks in a row lie on one side of the mean of before and, besides, the 95 % interval of the difference of the means before and after (a bootstrap, as for the experiments themselves, of the same weeks) leaves out 0 (two sides of 8 weeks with data at least, and so never fewer than ten): the mean of before is an estimate, and a run alone would often be luck. That something is rising or falling, where the test of Mann and Kendall finds it (two-sided p < 0.05, ten weeks or more; ties and continuity corrected). The test takes each week for independent of the one before, and of twenty series without any trend about one shows one by luck alone."

// course is how a weekly series went.
type course struct {
	*Weekly
	night     *Night
	weeks     []Period
	values    []record.Number
	stretches []behaviour
}

// news is how many weeks a signal is news for: what is older, people have talked about.
const news = 4

// trendLevel is the p under which a trend is said to be one.
const trendLevel = 0.05

// course reads a weekly series, and sets what it says.
func (n *Night) course(w *Weekly) *course {
	c := &course{Weekly: w, night: n, weeks: lastOf(w.Weeks, xmrMost), values: lastOf(w.Values, xmrMost)}
	var restarts []int
	for _, e := range n.Policy.Experiments {
		if i := c.restart(e.Date.Start(n.Zone)); i > 0 {
			restarts = append(restarts, i)
		}
	}
	slices.Sort(restarts)
	c.stretches = xmr(c.values, slices.Compact(restarts))
	if w.Unit == Share {
		for i := range c.stretches {
			c.stretches[i].upper = min(1, c.stretches[i].upper)
		}
	}
	w.Says, w.Mood = c.say()
	return c
}

// restart is the first whole week after a change; 0 where there is none, or it is the first of all.
func (c *course) restart(at record.Instant) int {
	i := slices.IndexFunc(c.weeks, func(w Period) bool { return w.From >= at })
	if at >= c.night.AsOf {
		return 0
	}
	return max(0, i)
}

// last is the stretch that runs; nil where there is no week.
func (c *course) last() *behaviour {
	if len(c.stretches) == 0 {
		return nil
	}
	return &c.stretches[len(c.stretches)-1]
}

// draw is the chart: every week, the centre and the limits of each stretch, and the signals. Of a single week
// there is nothing to draw.
func (c *course) draw() Chart {
	points := 0
	for _, v := range c.values {
		points += bit(v.Known)
	}
	if points < 2 {
		return Chart{}
	}
	centre := Series{Name: "centre", Title: "Mean", Kind: Line, Role: "centre", Values: make([]record.Number, len(c.weeks))}
	upper := Series{Name: "upper", Title: "Upper limit", Kind: Line, Role: "limit", Values: make([]record.Number, len(c.weeks))}
	lower := Series{Name: "lower", Title: "Lower limit", Kind: Line, Role: "limit", Values: make([]record.Number, len(c.weeks))}
	drawn := Chart{Name: c.Name, Title: c.subject() + ", by week", Kind: Line, Unit: c.Unit, XUnit: Text, X: labels(c.weeks), Marks: c.night.experiments(c.weeks), Edges: edges(c.weeks), Note: c.Says}
	for _, b := range c.stretches {
		for i := b.from; b.known && i < b.to; i++ {
			centre.Values[i], upper.Values[i], lower.Values[i] = record.Num(b.centre), record.Num(b.upper), record.Num(b.lower)
		}
		if c.flat(&b) {
			continue
		}
		for _, s := range b.signals {
			drawn.Marks = append(drawn.Marks, Mark{X: c.weeks[s.at].Label, Y: c.values[s.at], Title: c.why(&b, s), Role: "signal"})
		}
	}
	drawn.Lines = []Series{{Name: "count", Title: c.subject(), Role: "count", Values: c.values}, centre, upper, lower}
	if !slices.ContainsFunc(c.stretches, func(b behaviour) bool { return b.known }) {
		drawn.Lines = drawn.Lines[:1]
	}
	return drawn
}

// why says what makes a signal one.
func (c *course) why(b *behaviour, s signal) string {
	switch {
	case s.run > 0 && s.above:
		return fmt.Sprintf("%d in a row above the mean, since %s", s.run, c.weeks[s.since].Label)
	case s.run > 0:
		return fmt.Sprintf("%d in a row below the mean, since %s", s.run, c.weeks[s.since].Label)
	case s.above:
		return fmt.Sprintf("%s, above the upper limit of %s", c.number(c.values[s.at].Value), c.number(b.upper))
	}
	return fmt.Sprintf("%s, below the lower limit of %s", c.number(c.values[s.at].Value), c.number(b.lower))
}

// say is the sentence: what changed since the last experiment, what the weeks since then show, and whether
// the latest signal is good news.
func (c *course) say() (string, Mood) {
	b := c.last()
	if b == nil {
		return "There is no whole week to look at yet.", Neutral
	}
	since := "since " + c.weeks[b.from].From.In(c.night.Zone).Format("2 January 2006")
	if names := c.began(b); names != "" {
		since = fmt.Sprintf("since “%s” (%s)", names, c.weeks[b.from].Label)
	}
	var was *behaviour
	if k := len(c.stretches); k > 1 && c.stretches[k-2].n > 0 {
		was = &c.stretches[k-2]
	}
	switch {
	case b.n == 0 && was == nil:
		return fmt.Sprintf("%s: no week has data %s.", c.subject(), since), Neutral
	case b.n == 0:
		return fmt.Sprintf("%s: no week has data %s; %s before.", c.subject(), since, c.rate(was.centre)), Neutral
	case !b.known && was != nil:
		return fmt.Sprintf("%s: %s %s, %s before; with %d of %d weeks it is too early to tell.", c.subject(), c.rate(b.centre), since, c.rate(was.centre), b.n, xmrFewest), Neutral
	case !b.known:
		return fmt.Sprintf("%s: %s %s; with %d of %d weeks it is too early to tell.", c.subject(), c.rate(b.centre), since, b.n, xmrFewest), Neutral
	}
	said := c.change(b, was, since)
	at, word := c.extreme(b)
	switch {
	case at < 0:
		return said + fmt.Sprintf(" All %d weeks are alike.", b.n) + c.trend(b), Neutral
	case c.flat(b):
		why := "most of these weeks are alike"
		if c.Unit == Items && b.centre < 1 {
			why = "less than one comes in a week"
		}
		said += fmt.Sprintf(" Where %s, the limits give false alarms: no week is judged by them.", why)
		if c.Rare {
			said += " “" + daysBetween.Title + "” tells more."
		}
		return said + c.trend(b), Neutral
	case len(b.signals) > 0:
		s := latest(b.signals)
		return said + fmt.Sprintf(" The latest signal is %s (%s).", c.weeks[s.at].Label, c.why(b, s)) + c.trend(b), c.mood(b, s)
	}
	said += fmt.Sprintf(" No signal in %d weeks: ups and downs between %s and %s are routine variation, the %s week (%s, %s) too.",
		b.n, c.number(b.lower), c.number(b.upper), word, c.weeks[at].Label, c.number(c.values[at].Value))
	return said + c.trend(b), Neutral
}

// change says what is different since the experiment that the stretch began with. That anything is needs a
// signal of the weeks since by the limits of before, [xmrRun] in a row on one side of the mean of then, and a
// difference of the means whose interval leaves out 0. The mean of then is an estimate of few weeks: without
// any change a run on one side of it comes in one of twenty series, and where few weeks are behind it in one
// of four.
func (c *course) change(b, was *behaviour, since string) string {
	switch {
	case was == nil && len(c.stretches) == 1 && len(b.signals) == 0 && !c.flat(b):
		return fmt.Sprintf("%s: no real change %s, %s.", c.subject(), since, c.rate(b.centre))
	case was == nil:
		return fmt.Sprintf("%s: %s %s.", c.subject(), c.rate(b.centre), since)
	case !was.known:
		return fmt.Sprintf("%s: %s %s; the %s before had %s, too few weeks to compare with.", c.subject(), c.rate(b.centre), since, plural(fmt.Sprint(was.n), "week"), c.rate(was.centre))
	}
	if c.flat(b) && c.flat(was) {
		return fmt.Sprintf("%s: %s %s, %s before; such weeks do not tell whether that is a change.", c.subject(), c.rate(b.centre), since, c.rate(was.centre))
	}
	longest := signal{}
	for _, s := range was.signalsIn(c.values, b.from, b.to) {
		if s.run > longest.run && s.above == (b.centre > was.centre) {
			longest = s
		}
	}
	if longest.run == 0 {
		return fmt.Sprintf("%s: no real change %s, %s before and %s since.", c.subject(), since, c.rate(was.centre), c.rate(b.centre))
	}
	side := "below"
	if longest.above {
		side = "above"
	}
	run := fmt.Sprintf("%d in a row %s the mean of before", longest.run, side)
	e, ok := c.effect(b)
	switch {
	case !ok:
		return fmt.Sprintf("%s: no clear change %s, %s before and %s since; there are %s, and too few weeks with data on each side to compare their means.", c.subject(), since, c.rate(was.centre), c.rate(b.centre), run)
	case e.Result != Changed || longest.above != (e.Low > 0):
		return fmt.Sprintf("%s: no clear change %s, %s before and %s since; there are %s, but the means of the weeks before and after do not bear it out (%s).", c.subject(), since, c.rate(was.centre), c.rate(b.centre), run, e.interval())
	}
	return fmt.Sprintf("%s: %s %s, from %s to %s (%s; %s).", c.subject(), c.Unit.direction(longest.above), since, c.number(was.centre), c.rate(b.centre), run, e.interval())
}

// effect compares the weeks before and after the last experiment that the stretch began with; not ok where there
// is nothing to compare.
func (c *course) effect(b *behaviour) (e Effect, ok bool) {
	ts := c.night.begun()
	for i := range ts {
		if b.from > 0 && c.restart(ts[i].At) == b.from {
			e, ok = c.night.effect(ts, i, c.Weekly, &bootstrap{})
		}
	}
	return e, ok && (e.Result == Changed || e.Result == Unchanged)
}

// flat says whether most weeks of a stretch are alike: nothing at all, or all of it; or a count comes less than
// once a week. The limits take for granted that weeks lie on both sides of the mean; here they give false alarms,
// and of counts the time between events tells more (D. J. Wheeler, Working with Rare Events, Quality Digest,
// October 2011).
func (c *course) flat(b *behaviour) bool {
	alike := 0
	for _, v := range c.values[b.from:b.to] {
		alike += one(v.Known && (v.Value == 0 || c.Unit == Share && v.Value == 1))
	}
	return 2*alike > b.n || c.Unit == Items && b.centre < 1
}

// trend is what Mann and Kendall say of the weeks of the running stretch, else of all that are drawn; "" where
// they say nothing. A slow drift may never be a signal, least of all where experiments begin the limits anew.
func (c *course) trend(b *behaviour) string {
	for _, w := range []struct {
		from int
		name string
	}{{b.from, "Over these weeks"}, {0, fmt.Sprintf("Over all %d weeks", len(c.weeks))}} {
		var vs []float64
		for _, v := range c.values[w.from:b.to] {
			if v.Known {
				vs = append(vs, v.Value)
			}
		}
		if len(vs) < Enough {
			continue
		}
		if tau, p := mannKendall(vs); p < trendLevel {
			word := "rising"
			if tau < 0 {
				word = "falling"
			}
			return fmt.Sprintf(" %s the trend is %s (Mann–Kendall τ = %s, p %s, n = %d).", w.name, word, decimal(tau, 2), probability(p), len(vs))
		}
	}
	return ""
}

// probability writes p with its sign.
func probability(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return "= " + decimal(p, 3)
}

// mood is what the latest signal is while it is news: good or bad where the series says which is which.
func (c *course) mood(b *behaviour, s signal) Mood {
	switch {
	case c.Worse == 0 || b.to-s.at > news || b.n < Enough:
		return Neutral
	case s.above == (c.Worse > 0):
		return Bad
	}
	return Good
}

// extreme is the week of a stretch that people will remember: the worst, or the highest where neither side
// is; −1 where all weeks are alike.
func (c *course) extreme(b *behaviour) (at int, word string) {
	sign, word := 1.0, "highest"
	if c.Worse != 0 {
		sign, word = float64(c.Worse), "worst"
	}
	at, most, least := -1, math.Inf(-1), math.Inf(1)
	for i := b.from; i < b.to; i++ {
		if v := c.values[i]; v.Known {
			if x := sign * v.Value; x >= most {
				at, most = i, x
			}
			least = min(least, sign*v.Value)
		}
	}
	if most == least {
		return -1, ""
	}
	return at, word
}

// began are the experiments that a stretch began with, as they are called; "" for none.
func (c *course) began(b *behaviour) string {
	var names []string
	for _, e := range c.night.Policy.Experiments {
		if b.from > 0 && c.restart(e.Date.Start(c.night.Zone)) == b.from {
			names = append(names, e.Name)
		}
	}
	return strings.Join(names, "” and “")
}

// subject is what is counted.
func (w *Weekly) subject() string { return strings.TrimSuffix(w.Title, ", by week") }

// rate writes a mean of weeks, number a single one.
func (w *Weekly) rate(v float64) string {
	switch w.Unit {
	case Share, Duration, Work, Each:
		return w.Unit.Format(record.Num(v))
	}
	return w.number(v) + " a week"
}

func (w *Weekly) number(v float64) string {
	return w.Unit.Format(record.Num(v))
}

// direction is what a number of the unit became when it went up, or down.
func (u Unit) direction(up bool) string {
	words := [2]string{"fewer", "more"}
	switch u {
	case Share, Duration, Work, Each, Hours, Points, ItemDays:
		words = [2]string{"lower", "higher"}
	}
	return words[bit(up)]
}

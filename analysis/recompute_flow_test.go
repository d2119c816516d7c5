package analysis

// Work in progress, overload and flow, counted again day by day and week by week (recompute_test.go).

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

func (n *recounted) figure(name string) Figure {
	i := slices.IndexFunc(n.r.Figures, func(f Figure) bool { return f.Name == name })
	if i < 0 {
		n.Fatalf("there is no figure %s", name)
	}
	return n.r.Figures[i]
}

func (n *recounted) part(f Figure, group, name string) (Value, bool) {
	for _, p := range f.Parts {
		if p.Group == group && p.Name == name {
			return p.Value, true
		}
	}
	return Value{}, false
}

// chart is the numbers of a chart by the name of a line, and its axis; a line that is not drawn is all 0.
func (n *recounted) chart(f Figure, name string) (x []string, line func(string) []record.Number) {
	for _, c := range f.Charts {
		if c.Name == name {
			return c.X, func(id string) []record.Number {
				for _, s := range c.Lines {
					if s.Name == id {
						return s.Values
					}
				}
				return numbers(make([]int, len(c.X)))
			}
		}
	}
	return nil, nil
}

func (n *recounted) table(f Figure, name string) [][]Cell {
	for _, t := range f.Tables {
		if t.Name == name {
			return t.Rows
		}
	}
	return nil
}

// count counts lives.
func (n *recounted) count(of func(*recountLife) bool) int {
	k := 0
	for _, l := range n.lives {
		k += bit(of(l))
	}
	return k
}

// midnightAfter is when the local day after the one that t lies in begins.
func midnightAfter(t record.Instant) record.Instant {
	l := t.In(recountZone)
	return localDay(l.Year(), l.Month(), l.Day()+1)
}

// first is the first creation.
func (n *recounted) first() record.Instant {
	first := n.asOf
	for _, l := range n.lives {
		first = min(first, l.created)
	}
	return first
}

// dayEnds are the ends of the local days from the first creation on that are over at as-of.
func (n *recounted) dayEnds() []record.Instant {
	var ends []record.Instant
	for end := midnightAfter(n.first()); end <= n.asOf; end = midnightAfter(end) {
		ends = append(ends, end)
	}
	return ends
}

// lastWholeMonth is the month before the one that as-of lies in; nothing of it where an office day of it was over
// before the day of the first creation.
func (n *recounted) lastWholeMonth() (from, to record.Instant) {
	l := n.asOf.In(recountZone)
	from, to = localDay(l.Year(), l.Month()-1, 1), localDay(l.Year(), l.Month(), 1)
	for end := midnightAfter(from); end <= n.first() && end <= to; end = midnightAfter(end) {
		if officeDay((end - 1).In(recountZone)) {
			return from, from
		}
	}
	return from, to
}

// weekStarts are the Mondays of the whole weeks after the first creation that are over.
func (n *recounted) weekStarts() []record.Instant {
	var weeks []record.Instant
	for day := localDay(2026, 2, 16); weekAfter(day) <= n.asOf; day = weekAfter(day) {
		if day >= n.first() {
			weeks = append(weeks, day)
		}
	}
	return weeks
}

func weekAfter(monday record.Instant) record.Instant {
	l := monday.In(recountZone)
	return localDay(l.Year(), l.Month(), l.Day()+7)
}

var recountClasses = []string{"fire", "bug", "feature", "ask", "unclassified"}

func TestWorkInProgressAgreesWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	overloaded := 0
	checkUntil(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		wip, open, ends := n.figure("wip"), n.figure("backlog"), n.dayEnds()
		busy := func(l *recountLife) bool { return l.inProgress(n.asOf) }
		n.same("in progress", wip.Headline.Number.Value, n.count(busy))
		n.same("open", open.Headline.Number.Value, n.count(func(l *recountLife) bool { return l.open(n.asOf) }))
		for _, class := range recountClasses {
			v, _ := n.part(wip, "class", class)
			n.same("in progress as "+class, v.N, n.count(func(l *recountLife) bool { return busy(l) && l.now().class == class }))
			v, _ = n.part(open, "class", class)
			n.same("open as "+class, v.N, n.count(func(l *recountLife) bool { return l.open(n.asOf) && l.now().class == class }))
		}
		for _, stage := range []string{"queue", "doing", "back"} {
			v, _ := n.part(wip, "stage", stage)
			n.same("in progress in "+stage, v.N, n.count(func(l *recountLife) bool { return busy(l) && l.now().stage == stage }))
		}
		for _, c := range []struct {
			f  Figure
			in func(*recountLife, record.Instant) bool
		}{{wip, (*recountLife).inProgress}, {open, (*recountLife).open}} {
			days, classes := n.chart(c.f, "by-class")
			_, stages := n.chart(c.f, "by-stage")
			if days == nil {
				n.same("days on which nothing was in", c.f.Name, c.f.Name)
				for _, end := range ends {
					n.same(c.f.Name+" without a chart", 0, n.count(func(l *recountLife) bool { return c.in(l, end-1) }))
				}
				continue
			}
			n.same("days of "+c.f.Name, len(days), len(ends))
			for i, end := range ends {
				n.same("day", days[i], (end - 1).In(recountZone).Format("2006-01-02"))
				for _, class := range recountClasses {
					n.same(c.f.Name+" of "+class+" on "+days[i], classes(class)[i].Value, n.count(func(l *recountLife) bool { return c.in(l, end-1) && l.at(end-1).class == class }))
				}
				for _, stage := range []string{"queue", "doing", "back", "unmapped-odd"} {
					if stages != nil {
						n.same(c.f.Name+" in "+stage+" on "+days[i], stages(stage)[i].Value, n.count(func(l *recountLife) bool { return c.in(l, end-1) && l.at(end-1).stage == stage }))
					}
				}
			}
		}

		from, to := n.lastWholeMonth()
		days, over, excess := 0, 0, 0
		for _, end := range ends {
			if end-1 < from || end-1 >= to || !officeDay((end - 1).In(recountZone)) {
				continue
			}
			days++
			above := n.count(func(l *recountLife) bool { return l.inProgress(end - 1) }) - recountLimit(end-1)
			over, excess = over+bit(above > 0), excess+max(0, above)
		}
		overloaded += over
		load := n.figure("overload")
		n.same("overloaded days", [2]float64{load.Headline.Ratio.Num, load.Headline.Ratio.Den}, [2]int{over, days})
		for _, row := range n.table(load, "months") {
			if row[0].Text == from.In(recountZone).Format("2006-01") {
				n.same("the month's working days, overload and excess", [3]float64{row[1].Num.Value, row[2].Num.Value, row[3].Num.Value}, [3]int{days, over, excess})
			}
		}
	}, &overloaded)
}

// within counts instants of [from, to).
func instantsIn(of []record.Instant, from, to record.Instant) int {
	k := 0
	for _, at := range of {
		k += bit(from <= at && at < to)
	}
	return k
}

func TestFlowAgreesWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		flow, weeks := n.figure("flow"), n.weekStarts()
		rows := n.table(flow, "weeks")
		n.same("whole weeks", len(rows), len(weeks))
		charts := map[string]func(string) []record.Number{}
		for _, name := range []string{"arrivals", "departures", "throughput"} {
			if _, line := n.chart(flow, name); line != nil {
				charts[name] = line
			} else {
				charts[name] = func(string) []record.Number { return numbers(make([]int, len(weeks))) }
			}
		}
		sum, net := 0, map[string]int{}
		for i, from := range weeks {
			to := weekAfter(from)
			created := n.count(func(l *recountLife) bool { return from <= l.created && l.created < to })
			reopened, done := 0, 0
			for _, l := range n.lives {
				reopened, done = reopened+instantsIn(l.reopened, from, to), done+instantsIn(l.done, from, to)
			}
			finished := func(l *recountLife) bool { return from <= l.finished && l.finished < to }
			discarded := n.count(func(l *recountLife) bool { return finished(l) && l.discarded })
			var row []float64
			for _, c := range rows[i][1:] {
				row = append(row, c.Num.Value)
			}
			year, week := from.In(recountZone).ISOWeek()
			n.same("week", rows[i][0].Text, weekName(year, week))
			n.same(rows[i][0].Text, row, []int{created, reopened, done, discarded, created + reopened - done})
			if i >= len(weeks)-13 {
				sum += created + reopened - done
			}
			for _, class := range recountClasses {
				in, out, through := 0, 0, 0
				for _, l := range n.lives {
					if l.now().class != class {
						continue
					}
					in += bit(from <= l.created && l.created < to) + instantsIn(l.reopened, from, to)
					out += instantsIn(l.done, from, to)
					through += bit(finished(l) && !l.discarded)
				}
				n.same("arrivals of "+class, charts["arrivals"](class)[i].Value, in)
				n.same("departures of "+class, charts["departures"](class)[i].Value, out)
				n.same("throughput of "+class, charts["throughput"](class)[i].Value, through)
				if i >= len(weeks)-13 {
					net[class] += in - out
				}
			}
		}
		for _, class := range recountClasses {
			if v, ok := n.part(flow, "class", class); ok {
				n.near("mean net flow of "+class, v.Number.Value, float64(net[class])/float64(min(13, len(weeks))))
			} else {
				n.same("net flow of "+class+", of which there is no part", 0, net[class])
			}
		}
		if k := min(13, len(weeks)); k > 0 {
			n.near("mean net flow", flow.Headline.Number.Value, float64(sum)/float64(k))
		}
	})
}

func weekName(year, week int) string {
	return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006") + "-W" + string(rune('0'+week/10)) + string(rune('0'+week%10))
}

// near holds two numbers to each other that were added up in another order.
func (n *recounted) near(what string, night, counted float64) {
	n.Helper()
	if math.Abs(night-counted) > 1e-6*max(1, math.Abs(counted)) {
		n.Fatalf("as of %s: %s: the night says %v, counting %v", n.asOf, what, night, counted)
	}
}

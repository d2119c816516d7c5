package analysis

// What falls due next (METRICS.md, section 3): at risk, by time left; paused, with what is left; late,
// by how much.

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

var dueNext = Metric{
	Name: "due-next", Title: "Due next", Chapter: "Promises", Unit: Items, Counts: "promises due",
	Question: "What is due next?",
	Doc: `Every promise that is not yet decided, and every one that was missed and is still to be kept. An item with two promises stands here with both, if it comes to that.

- **At risk**: the clock is running; by the time left until due. What is left is working time of the clock's calendar; for dates, of the team's own.
- **Paused**: the clock is stopped, with the working time that will be left when it runs again.
- **Late**: missed and still not done; by working time past due.

Undecided promises of a tracker that can speak only up to 60 days before as-of are an archive's: they are left out, and listed.

The headline counts the promises that fall due by the end of the team's next working day: today and the working day after it, or on a day off the next two.`,
	Measure: func(n *Night) Answer { return n.whatIsNext() },
}

// pledge is an undecided or missed promise of an open item.
type pledge struct {
	it *Item
	v  *Verdict
	to string // "respond" or "resolve"
}

func (n *Night) whatIsNext() Answer {
	risk, paused, late, archived := n.pledges()
	until, day := n.nextWorkingDays(2)
	soon := 0
	for soon < len(risk) && risk[soon].v.Due < until {
		soon++
	}
	a := Answer{RowUnit: Work} // left
	for _, p := range archived {
		a.Left = append(a.Left, Row{Item: p.it, Why: "to " + p.to + "; its tracker can speak only up to " + n.date(p.it.Until-1)})
	}
	a.Headline = Value{Unit: Items, Number: record.Num(float64(soon)), N: soon, Period: Period{From: n.AsOf, To: until, Label: "by the end of " + day}}
	if len(risk) > 0 {
		a.Sentence = fmt.Sprintf("Next: %s (%s) by %s. ", risk[0].it.Key, risk[0].to, n.moment(risk[0].v.Due))
	}
	a.Sentence += standingSentence(len(risk), len(paused), len(late))
	for _, p := range risk {
		a.Rows = append(a.Rows, Row{Item: p.it, Num: record.Num(p.v.Left.Seconds()), Why: fmt.Sprintf("to %s by %s", p.to, n.clock(p.v.Due))})
	}
	a.Parts = n.pledgeParts(risk[:soon], a.Headline.Period)
	a.Charts = []Chart{n.dueByDay(risk)}
	a.Tables = n.pledgeTables(risk, paused, late)
	return a
}

// standingSentence counts promises by where they stand: 7 promises are running, 1 is paused, 2 are open
// and late.
func standingSentence(running, paused, late int) string {
	are := func(n int, none, one, some string) string {
		switch n {
		case 0:
			return none + " is"
		case 1:
			return "1" + one + " is"
		}
		return strconv.Itoa(n) + some + " are"
	}
	return fmt.Sprintf("%s running, %s paused, %s open and late.", are(running, "No promise", " promise", " promises"), are(paused, "none", "", ""), are(late, "none", "", ""))
}

// moment writes an instant in the team's zone for a sentence: Mon 2 Nov 17:30, or the end of Mon 2 Nov.
// The year is said where it is not that of as-of.
func (n *Night) moment(t record.Instant) string {
	if calendar.DateOf(t, n.Zone).End(n.Zone) == t {
		return "the end of " + n.dayOf(t)
	}
	return n.dayOf(t) + t.In(n.Zone).Format(" 15:04")
}

func (n *Night) dayOf(t record.Instant) string {
	l := t.In(n.Zone)
	if l.Year() != n.AsOf.In(n.Zone).Year() {
		return l.Format("Mon 2 Jan 2006")
	}
	return l.Format("Mon 2 Jan")
}

// pledges are the promises of open items: running by due, paused by what is left, late by how late. Those
// of archives stand apart: what their trackers knew last is nothing to plan a day by.
func (n *Night) pledges() (risk, paused, late, archived []pledge) {
	for _, it := range n.Items {
		for _, p := range [...]pledge{{it, &it.Respond, "respond"}, {it, &it.Resolve, "resolve"}} {
			undecided := p.v.Outcome == Running || p.v.Outcome == Stopped
			switch {
			case undecided && n.archived(it):
				archived = append(archived, p)
			case p.v.Outcome == Running:
				risk = append(risk, p)
			case p.v.Outcome == Stopped:
				paused = append(paused, p)
			case p.v.Outcome == Missed && it.Open() && !(p.v == &it.Respond && it.Responded != 0):
				late = append(late, p)
			}
		}
	}
	slices.SortStableFunc(risk, func(x, y pledge) int { return cmp.Compare(x.v.Due, y.v.Due) })
	slices.SortStableFunc(paused, func(x, y pledge) int { return cmp.Compare(x.v.Left, y.v.Left) })
	slices.SortStableFunc(late, func(x, y pledge) int { return cmp.Compare(y.v.Late, x.v.Late) })
	return risk, paused, late, archived
}

// nextWorkingDays is the end of the most-th working day of the team from as-of's own day on, and its
// name. A team that has no working day for a year gets that year.
func (n *Night) nextWorkingDays(most int) (record.Instant, string) {
	d := calendar.DateOf(n.AsOf, n.Zone)
	for range 366 {
		if n.Policy.Working.WorkingDay(d) {
			if most--; most == 0 {
				break
			}
		}
		d = calendar.AddDays(d, 1)
	}
	end := d.End(n.Zone) + 1
	return end, n.dayOf(end - 1)
}

func (n *Night) pledgeParts(soon []pledge, p Period) []Part {
	var ps []Part
	for _, c := range n.classes() {
		var rows []Row
		for _, s := range soon {
			if s.it.Class() == c {
				rows = append(rows, Row{Item: s.it, Num: record.Num(s.v.Left.Seconds()), Why: "to " + s.to})
			}
		}
		if len(rows) > 0 {
			ps = append(ps, Part{Name: c.ClassID(), Group: "class", Title: c.Title(), Rows: rows,
				Value: Value{Unit: Items, Number: record.Num(float64(len(rows))), N: len(rows), Period: p}})
		}
	}
	return ps
}

// dueByDay draws how many of the running promises fall due on each of the coming days.
func (n *Night) dueByDay(risk []pledge) Chart {
	days := n.periods(calendar.Days(), n.AsOf, n.AsOf.Add(21*24*60*60*1e9))
	c := Chart{Name: "by-day", Title: "Falling due, by day and class", Kind: Stacked, Unit: Items, XUnit: Day, X: labels(days),
		Note: "Running promises only; what is paused falls due later than it would today."}
	for _, class := range n.classes() {
		counts, any := make([]int, len(days)), false
		for _, p := range risk {
			if i := find(days, p.v.Due); i >= 0 && p.it.Class() == class {
				counts[i]++
				any = true
			}
		}
		if any {
			c.Lines = append(c.Lines, Series{Name: class.ClassID(), Title: class.Title(), Role: "class", Values: numbers(counts)})
		}
	}
	return c
}

func (n *Night) pledgeTables(risk, paused, late []pledge) []Table {
	table := func(name, title string, ps []pledge, columns []Column, cells func(pledge) []Cell) Table {
		t := Table{Name: name, Title: title, Columns: append([]Column{{"item", "Item", Text}, {"promise", "Promise", Text}}, columns...)}
		for _, p := range ps {
			t.Rows = append(t.Rows, append([]Cell{{Item: p.it}, {Text: p.to + ": " + p.v.Target.Text}}, cells(p)...))
		}
		return t
	}
	moment := func(t record.Instant) Cell { return Cell{Text: n.clock(t)} }
	work := func(seconds float64) Cell { return Cell{Num: record.Num(seconds)} }
	return []Table{
		table("at-risk", "At risk: the clock is running", risk, []Column{{"due", "Due", Text}, {"left", "Left", Work}},
			func(p pledge) []Cell { return []Cell{moment(p.v.Due), work(p.v.Left.Seconds())} }),
		table("late", "Late: missed and still open", late, []Column{{"due", "Was due", Text}, {"late", "Late by", Work}},
			func(p pledge) []Cell { return []Cell{moment(p.v.Due), work(p.v.Late.Seconds())} }),
		table("paused", "Paused: the clock is stopped", paused, []Column{{"stage", "In", Text}, {"left", "Left", Work}},
			func(p pledge) []Cell { return []Cell{{Text: stageName(p.it.Stage())}, work(p.v.Left.Seconds())} }),
	}
}

package analysis

// How a promise adds up: the clock that its verdict was fallen by, stretch by stretch.

import (
	"fmt"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Account is a promise reckoned up. The working time of its stretches up to the due comes to Used, and of
// those after it to Late: of a missed one Used is the goal, of an undecided one the goal less what is left.
type Account struct {
	Verdict   Verdict
	Dues      []DueChange // how it came to be due when it is; empty where nothing was ever promised
	Calendar  string      // that the clock counts on; "" for a date, which has no clock
	From      record.Instant
	To        record.Instant
	Goal      time.Duration
	Used      time.Duration
	Late      time.Duration
	Stretches []Stretch // they meet, and lead from From to To
}

// Stretch is a piece of an item's life in which its clock did one thing.
type Stretch struct {
	From, To record.Instant
	Stage    *Stage
	Clock    string        // "runs", "stands still", "done" or "late"
	Work     time.Duration // that it adds: to what is used, or to how late it is
	Adds     time.Duration // what it adds between the whole seconds that From and To are written in
	Off      []string      // holidays and closed days in it
}

// account reckons a promise of an item up.
func account(p *Policy, it *Item, d duty) Account {
	r := recorder{at: it.Created, end: it.Until}
	e := engine{p: p, it: it, duty: d, recorder: &r}
	e.run()
	a := Account{Verdict: it.Resolve}
	if d == respond {
		a.Verdict = it.Respond
	}
	if !e.promised {
		return a
	}
	a.Dues = r.trace.Dues
	v := &a.Verdict
	pr := e.now.promise
	if pr.calendar == nil || v.Outcome == Unpromised || v.Outcome == Uncounted {
		if v.Outcome == Missed {
			a.Late = v.Late
		}
		return a
	}
	a.Calendar, a.Goal = pr.calendar.Name(), pr.goal
	a.From, a.To = max(pr.from, it.Created), it.Until
	switch {
	case v.Outcome == Met || v.Outcome == Withdrawn:
		a.To = v.Decided
	case d == resolve && it.Finished != 0:
		a.To = it.Finished
	}
	if d == respond && it.Responded != 0 {
		a.To = min(a.To, it.Responded)
	}
	a.To = max(a.To, a.From) // answered before this was promised
	for i, s := range it.Stages {
		from, to := max(s.At, a.From), a.To
		if i+1 < len(it.Stages) {
			to = min(to, it.Stages[i+1].At)
		}
		if v.Outcome == Missed && from < v.Due && v.Due < to {
			a.add(&e, s.Is, from, v.Due, false)
			from = v.Due
		}
		a.add(&e, s.Is, from, to, v.Outcome == Missed && from >= v.Due)
	}
	return a
}

// add reckons up one stretch in one stage.
func (a *Account) add(e *engine, stage *Stage, from, to record.Instant, late bool) {
	if from >= to {
		return
	}
	s := Stretch{From: from, To: to, Stage: stage, Clock: "runs"}
	counts := !e.stops(stage.Kind)
	switch {
	case stage.Kind == Done:
		s.Clock, counts = "done", false
	case late:
		s.Clock, counts = "late", true
	case !counts:
		s.Clock = "stands still"
	}
	if counts {
		c := e.now.promise.calendar
		s.Work, s.Adds = c.Between(from, to), c.Between(shown(from), shown(to))
		for x := range c.Spells(from, to) {
			if day := strings.TrimPrefix(x.Why, "holiday: "); !x.Working && x.Why != "off hours" && (len(s.Off) == 0 || s.Off[len(s.Off)-1] != day) {
				s.Off = append(s.Off, day)
			}
		}
	}
	sum := &a.Used
	if late {
		sum = &a.Late
	}
	*sum += s.Work
	a.Stretches = append(a.Stretches, s)
}

// shown is an instant as it is written: the second that it lies in. Times that stand beside written instants
// are those between them, so that whoever subtracts finds what is written.
func shown(t record.Instant) record.Instant { return t - t%record.Instant(time.Second) }

// written sums up what the stretches are written to add; where they say nothing of how late it is, the verdict does.
func (a *Account) written() (used, late time.Duration) {
	for _, s := range a.Stretches {
		if s.Clock == "late" {
			late += s.Adds
		} else {
			used += s.Adds
		}
	}
	if late == 0 {
		late = a.Verdict.Late
	}
	return used, late
}

// Total is the line under a promise: what was used of what there was, when it was due, and the verdict.
func (n *Night) Total(a *Account) string {
	v, left := &a.Verdict, a.Verdict.Left
	used, late := a.written()
	var s []string
	if a.Calendar != "" {
		s = append(s, fmt.Sprintf("%s of %s used", a.Exact(used), a.Exact(a.Goal)))
		left = max(0, a.Goal-used)
		if v.Outcome == Missed && used != a.Goal || v.Outcome != Missed && used > a.Goal {
			s[0] += " (the clock counts parts of seconds, which are not written)"
		}
	}
	if v.Due != 0 {
		s = append(s, "due "+n.Exactly(v.Due))
	}
	switch v.Outcome {
	case Unpromised:
		s = append(s, "nothing is promised")
	case Running:
		s = append(s, "the clock runs, "+a.Exact(left)+" left")
	case Stopped:
		s = append(s, "the clock stands still, "+a.Exact(left)+" left")
	case Met:
		if s = append(s, "met"); v.Thanks {
			s[len(s)-1] += ", only thanks to pauses"
		}
	case Missed:
		s = append(s, "missed, late by "+a.Exact(late))
	case Withdrawn:
		s = append(s, "withdrawn on "+n.Exactly(v.Decided))
	case Uncounted:
		s = append(s, "not counted: its history is not known")
	}
	return strings.Join(s, ", ")
}

// Exactly writes an instant in the team's zone, to the second where it has seconds: 2026-10-05 17:30.
func (n *Night) Exactly(t record.Instant) string {
	if t%record.Instant(time.Minute) == 0 {
		return n.clock(t)
	}
	if s := n.clock(t); strings.HasSuffix(s, "end of day") {
		return s
	}
	return t.In(n.Zone).Format("2006-01-02 15:04:05")
}

// Exact writes a time of the account's: by the calendar that always runs it is elapsed time.
func (a *Account) Exact(d time.Duration) string {
	if a.Calendar == "always" {
		return ExactElapsed(d)
	}
	return Exact(d)
}

// ExactElapsed writes elapsed time as [Exact] does, from two days on with days of 24 hours: 47 h 5 min, 12 d 6 h.
// Working time has no days, since a working day is a different length on every calendar.
func ExactElapsed(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < 0:
		return "−" + ExactElapsed(-d)
	case d < 2*day:
		return Exact(d)
	case d%day < time.Second:
		return fmt.Sprintf("%d d", d/day)
	}
	return fmt.Sprintf("%d d %s", d/day, Exact(d%day))
}

// Exact writes a time in whole seconds, so that what is written adds up: 12 h 30 min, 5 min 7 s, 0 s.
func Exact(d time.Duration) string {
	if d < 0 {
		return "−" + Exact(-d)
	}
	var s []string
	for _, u := range [...]struct {
		n    time.Duration
		name string
	}{{d / time.Hour, "h"}, {d % time.Hour / time.Minute, "min"}, {d % time.Minute / time.Second, "s"}} {
		if u.n > 0 || u.name == "s" && len(s) == 0 {
			s = append(s, fmt.Sprintf("%d %s", u.n, u.name))
		}
	}
	return strings.Join(s, " ")
}

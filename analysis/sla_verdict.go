package analysis

// Verdicts: how a promise is decided, and what is said of it at the end of its replay.

import (
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// meet decides at t what a due that has just come into force leaves nothing to decide about: it was
// answered by then, or the due has passed. Nothing is decided before it was promised.
func (e *engine) meet(t record.Instant) {
	switch {
	case e.due == 0:
	case e.replied != 0 && e.replied <= e.due:
		e.decide(Met, t)
		e.final = true
	case e.due < t:
		e.miss(t)
	}
}

// miss decides at t, for good.
func (e *engine) miss(t record.Instant) {
	e.decide(Missed, t)
	e.final = true
}

func (e *engine) decide(o Outcome, t record.Instant) {
	if c := e.now.promise.calendar; c != nil && o == Met && !e.running && e.left > 0 { // met while the clock stood still
		e.due = c.Add(t, e.left)
	}
	e.verdict = Verdict{
		Outcome: o, Target: e.now.target, Due: e.due, Decided: t,
		Class: e.class, Severity: e.it.Severities.At(t), Moved: e.date.moved,
	}
}

// close is the verdict at Until.
func (e *engine) close() Verdict {
	it, v := e.it, e.verdict
	switch v.Outcome {
	case Unpromised:
		last := max(it.Created, it.Until-1)
		v = Verdict{Target: e.now.target, Class: it.Classes.At(last), Severity: it.Severities.At(last), Moved: e.date.moved}
		switch {
		case !e.promised:
		case e.due == 0:
			v.Outcome, v.Decided = Withdrawn, e.lost
		case e.done:
			v.Outcome, v.Decided = Withdrawn, e.doneAt
		case !e.running && e.now.promise.calendar != nil:
			v.Outcome, v.Left = Stopped, e.left
			v.Due = e.now.promise.calendar.Add(it.Until, e.left) // if it ran on from here
		default:
			v.Outcome, v.Due = Running, e.due
			v.Left = e.workingTime().Between(it.Until, e.due)
		}
	case Met:
		if e.duty == resolve && it.Discarded {
			v.Outcome = Withdrawn
		}
	case Missed:
		v.Late = e.late()
	}
	if it.Coarse != "" && e.promised && !e.suffices() {
		v = Verdict{Outcome: Uncounted, Target: v.Target, Class: v.Class, Severity: v.Severity}
	}
	return v
}

// suffices says whether a coarse item's own times are enough to judge it: its clock needs a policy
// without pauses, a date needs the time it was closed, and an answer its history. When it was reopened is
// a guess in a history with holes: on that hangs how long a clock stood still, and whether a class or a
// due date that was changed since the item was first done was changed in time. A date that stood passes all
// the same.
func (e *engine) suffices() bool {
	it := e.it
	switch {
	case e.duty == respond, it.Finished != 0 && it.Finished.Sub(it.Closed).Abs() > closedApart:
		return false
	case len(it.Reopened) > 0 && (e.clocked || len(after(it.Classes, it.Done[0])) > 0 || len(after(it.Dues, it.Done[0])) > 0):
		return false
	}
	if !e.clocked {
		return true
	}
	for _, v := range e.p.Flow {
		for i := range v.Is {
			if v.Is[i].Kind == Paused {
				return false
			}
		}
	}
	return true
}

// closedApart is how far the event that closed an item and the tracker's own word of when may be apart and
// still speak of one act: Jira dates a resolution some milliseconds before the change that it came with.
const closedApart = time.Minute

// late is the working time past due until what was promised was done, or until now.
func (e *engine) late() time.Duration {
	it, c, due := e.it, e.workingTime(), e.verdict.Due
	end := it.Until
	if e.duty == respond && it.Responded != 0 && it.Responded < end {
		end = it.Responded
	}
	var sum time.Duration
	for from, to := range it.spells(func(k StageKind) bool { return k == Done }) {
		sum += c.Between(max(from, due), min(to, end))
	}
	return sum
}

// workingTime is the calendar that what is left and what is late are counted on.
func (e *engine) workingTime() *calendar.Calendar {
	if c := e.now.promise.calendar; c != nil {
		return c
	}
	return e.p.Working
}

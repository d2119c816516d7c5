package analysis

// SLA traces: why an item is where it is (METRICS.md, section 3). A trace is recorded by the engine
// that judges, so it cannot tell another story than the verdict.

import (
	"fmt"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// Trace is how one promise of an item came to its verdict. Its segments meet, and lead from creation
// to the answer or the finish, or else to where the item is judged to.
type Trace struct {
	Segments []Segment
	Dues     []DueChange
	Verdict  Verdict
}

// Segment is a stretch of an item's life in which its clock ran, or stood still for one cause.
type Segment struct {
	From, To record.Instant
	Running  bool   // towards the target. A date comes nearer at all hours
	Cause    string // the stage's name; or "off hours", "holiday: …", "closed", "done", "no promise"
	Stage    *Stage // nil in an item that has none
	Class    *Class
}

// DueChange is a moment at which the item came to be due at another time.
type DueChange struct {
	At     record.Instant
	Due    record.Instant // 0: never
	Target Target
	Class  *Class
	Why    string
}

// Trace explains both promises of an item.
func (n *Night) Trace(it *Item) (respondTrace, resolveTrace Trace) {
	return trace(n.Policy, it, respond), trace(n.Policy, it, resolve)
}

func trace(p *Policy, it *Item, d duty) Trace {
	end := it.Until
	switch {
	case d == respond && it.Responded != 0:
		end = min(end, it.Responded)
	case it.Finished != 0:
		end = min(end, it.Finished)
	}
	r := recorder{at: it.Created, end: end}
	e := engine{p: p, it: it, duty: d, recorder: &r}
	e.run()
	r.trace.Verdict = judgeDuty(p, it, d)
	return r.trace
}

// recorder writes a trace while the engine runs.
type recorder struct {
	trace   Trace
	at, end record.Instant
}

// elapse records what the engine's clock did from the last time until t.
func (r *recorder) elapse(e *engine, t record.Instant) {
	t = min(t, r.end)
	if r.at >= t {
		return
	}
	s := Segment{From: r.at, To: t, Stage: e.stage, Class: e.class}
	r.at = t
	switch c := e.now.promise.calendar; {
	case e.done:
		s.Cause = "done"
		r.add(s)
	case e.due == 0:
		s.Cause = "no promise"
		r.add(s)
	case c == nil:
		s.Running, s.Cause = true, stageName(e.stage)
		r.add(s)
	case !e.running:
		s.Cause = stageName(e.stage)
		r.add(s)
	default:
		r.hours(c, s)
	}
}

// hours records a stretch of a running clock by the hours of its calendar.
func (r *recorder) hours(c *calendar.Calendar, s Segment) {
	for x := range c.Spells(s.From, s.To) {
		s.From, s.To, s.Running, s.Cause = x.From, x.To, x.Working, x.Why
		if x.Working {
			s.Cause = stageName(s.Stage)
		}
		r.add(s)
	}
}

func (r *recorder) add(s Segment) {
	if n := len(r.trace.Segments); n > 0 {
		last := &r.trace.Segments[n-1]
		if last.Running == s.Running && last.Cause == s.Cause && last.Stage == s.Stage && last.Class == s.Class {
			last.To = s.To
			return
		}
	}
	r.trace.Segments = append(r.trace.Segments, s)
}

func stageName(s *Stage) string {
	if s == nil {
		return "open"
	}
	return s.Name
}

// tell records that the item is due at another time from t on.
func (e *engine) tell(t record.Instant, why string) {
	if e.recorder != nil {
		e.recorder.trace.Dues = append(e.recorder.trace.Dues, DueChange{At: t, Due: e.due, Target: *e.now.target, Class: e.class, Why: why})
	}
}

func reclassified(from, to *Class, due record.Instant, why string) string {
	s := fmt.Sprintf("from %s to %s", from.Title(), to.Title())
	if due == 0 {
		return s + ": no promise"
	}
	return s + ": " + why
}

func resumed(reopened bool) string {
	if reopened {
		return "reopened, with what was left"
	}
	return "the clock stood still"
}

func redated(was, is record.Date) string {
	switch {
	case is == "":
		return fmt.Sprintf("the due date %s was taken away", was)
	case was == "":
		return fmt.Sprintf("the due date %s was set", is)
	}
	return fmt.Sprintf("the due date moved from %s to %s", was, is)
}

package analysis

// The SLA clock (METRICS.md, section 3): when each promise of an item falls due, and what became of
// it. One engine replays an item's stages, classes and due dates from creation; with a recorder
// (sla_trace.go) the same replay explains itself. What a target comes to is in sla_due.go.
//
// Where the contract leaves a reading open, these were chosen:
//
//   - An item is undecided up to and including its due instant: finished at due is met, reclassified
//     at due is in time.
//   - Of several things at one instant the class comes first, then the due date, the answer, the
//     stage: an item closed and reclassified in one act is judged as what it was by then. At a
//     reopening the stage comes first, because what changed while the item was done applies with it.
//   - The due that a target had when it was left goes on moving with the stops, as if the target had
//     never been left. Two targets that promise the same are one target, whatever their classes.
//   - Where a reclassification keeps the old due, it keeps the old clock with its calendar.
//   - A date that had passed before the item came under it promises nothing: the old due stays, and a
//     date set later is the first one. A date that is set to a day already past is missed at the
//     instant of setting; one that was past at creation, at creation.
//   - A date that passed while the item was done is missed at reopening also where the class was changed
//     meanwhile: the item comes back to what it was held to, and then changes.
//   - Of the dates an item had while it was done only the one it is reopened with counts, as one move.
//     A date that passed unaltered has passed, whatever it was moved to afterwards. A date that was
//     taken away in time and set again later was moved, unless it is the same date.
//   - Nothing is decided before it was promised: an item that comes under a target after it was answered
//     meets it, or misses it, at that instant.
//   - An item that is done before anybody answered it has nobody left to answer: its respond promise
//     is withdrawn, unless it is reopened, or answered all the same. Of a discarded item an answer
//     changes nothing; like every resolution, that it was discarded counts as it is at as-of.
//   - Late is working time past due in which the item was not done, on the calendar of the clock; for
//     dates on the team's own.
//   - Met only thanks to pauses looks at every stop: pauses, and time spent done before a reopening.

import (
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// duty is one of the two promises of an item.
type duty uint8

const (
	resolve duty = iota // kept by finishing
	respond             // kept by the first answer
)

// sla judges both promises of an item.
func sla(p *Policy, it *Item) {
	it.Respond = judgeDuty(p, it, respond)
	it.Resolve = judgeDuty(p, it, resolve)
}

func judgeDuty(p *Policy, it *Item, d duty) Verdict {
	e := engine{p: p, it: it, duty: d}
	v := e.run()
	if v.Outcome == Met && e.stopped {
		without := engine{p: p, it: it, duty: d, unstoppable: true}
		v.Thanks = without.run().Outcome != Met
	}
	return v
}

// engine replays one promise of one item.
type engine struct {
	p           *Policy
	it          *Item
	duty        duty
	unstoppable bool           // the clock never stops: what would have been without the stops
	recorder    *recorder      // nil unless somebody wants to know
	eased       *[]easing      // likewise
	terms       *Target        // what every class promises instead; nil: what it does promise
	signed      record.Instant // whose version of the targets holds; 0: that of the creation

	class  *Class
	now    held           // what it is held to
	before []held         // what it was held to earlier
	due    record.Instant // 0 is never; while a clock stands still, as it was when it stopped
	left   time.Duration  // of a clock, at since; 0 for dates
	since  record.Instant
	date   trackerDate

	stage   *Stage
	running bool // not in a stage that stops clocks
	stopped bool // ever, before it was decided
	done    bool
	doneAt  record.Instant
	replied record.Instant // the first answer, once it was given

	verdict  Verdict
	final    bool           // nothing can change the verdict any more
	promised bool           // there ever was a due
	clocked  bool           // a clock had a say, ever
	lost     record.Instant // when the last due was lost
}

// run replays the item up to its Until and no further.
func (e *engine) run() Verdict {
	it := e.it
	e.running = true
	e.class = it.Classes.At(it.Created)
	e.now.target = e.targetOf(e.class)
	e.now.promise, _ = e.offer(e.now.target, it.Created)
	e.hold(it.Created)
	e.tell(it.Created, "created")
	if it.Created < it.Until {
		e.meet(it.Created)
	}

	stages, classes, dues := it.Stages, after(it.Classes, it.Created), after(it.Dues, it.Created)
	answer := it.Responded
	if e.duty != respond {
		answer = 0
	}
	for !e.final || e.recorder != nil {
		t := it.Until
		for _, at := range [...]record.Instant{next(stages), next(classes), next(dues), answer} {
			if at != 0 && at < t {
				t = at
			}
		}
		e.elapse(t)
		if t >= it.Until {
			break
		}
		if next(classes) == t {
			if !e.done { // changes while done apply at reopening
				e.reclassify(t, classes[0].Is)
			}
			classes = classes[1:]
		}
		if next(dues) == t {
			e.redate(t, dues[0].Is)
			dues = dues[1:]
		}
		for next(stages) == t && e.done {
			e.enter(t, stages[0].Is)
			stages = stages[1:]
		}
		if answer == t {
			e.answer(t)
			answer = 0
		}
		for next(stages) == t {
			e.enter(t, stages[0].Is)
			stages = stages[1:]
		}
	}
	return e.close()
}

// next is when the first step comes; 0 if there is none.
func next[T any](l Timeline[T]) record.Instant {
	if len(l) == 0 {
		return 0
	}
	return l[0].At
}

// after is the timeline without its steps up to t.
func after[T any](l Timeline[T], t record.Instant) Timeline[T] {
	for len(l) > 0 && l[0].At <= t {
		l = l[1:]
	}
	return l
}

// elapse lets time pass until t with nothing happening before it: what falls due on the way is missed.
func (e *engine) elapse(t record.Instant) {
	if e.recorder != nil {
		e.recorder.elapse(e, t)
	}
	if e.undecided() && !e.done && e.overdue(t) {
		e.miss(e.due)
	}
}

func (e *engine) undecided() bool { return !e.final && e.verdict.Outcome == Unpromised }

// overdue says whether the due has passed at t. That of a clock that stands still has not, unless the
// clock was stopped with nothing left; nothing is ever left of a date.
func (e *engine) overdue(t record.Instant) bool {
	return e.due != 0 && e.due < t && (e.running || e.left <= 0)
}

// hold makes the present promise count from t, the clock taken as running from t.
func (e *engine) hold(t record.Instant) {
	had := e.due
	e.due, e.left = e.reach(e.now.promise, t)
	e.since = t
	e.promised = e.promised || e.due != 0
	e.clocked = e.clocked || e.now.promise.calendar != nil
	if e.due == 0 && had != 0 {
		e.lost = t
	}
}

// spend takes the working time since the last reckoning off what is left.
func (e *engine) spend(t record.Instant) {
	if c := e.now.promise.calendar; c != nil && e.running {
		e.left -= c.Between(e.since, t)
	}
	e.since = t
}

// reclassify applies a change of class at c.
func (e *engine) reclassify(c record.Instant, to *Class) {
	from, target := e.class, e.targetOf(to)
	e.class = to
	if !e.undecided() || sameTarget(target, e.now.target) {
		return
	}
	e.spend(c)
	e.leave()
	old, oldDue, left := e.now.promise, e.due, e.left
	was := old
	switch {
	case old.calendar != nil:
		oldDue = old.calendar.Add(c, e.left)
	case old.tracker: // if it is kept, then as it is: later moves are not about the new target
		old = promise{date: e.due}
	}
	e.now.target = target
	why := "counted from creation"
	if before, ok := e.heldBefore(target); ok {
		e.now.promise, why = before, "the due it had before"
	} else {
		full, fullDue := e.offer(target, c)
		e.clocked = e.clocked || full.calendar != nil // that a date stays is found by holding it against this clock
		if !full.tracker {
			fullDue, _ = e.reach(full, c)
		}
		e.now.promise = full
		if earlier(fullDue, oldDue) {
			fresh := e.afresh(full, target, c)
			freshDue, _ := e.reach(fresh, c)
			switch {
			case earlier(freshDue, oldDue):
				e.now.promise, why = fresh, "tighter, so counted from the change"
			case freshDue == 0:
				e.now.promise, why = old, "what it promises had passed, so the due so far stays"
			default:
				e.now.promise, why = old, "tighter, and the due so far comes first"
			}
		}
	}
	e.hold(c)
	if e.recorder != nil {
		e.tell(c, reclassified(from, to, e.due, why))
	}
	if e.eased != nil {
		e.ease(c, from, was, oldDue, left)
	}
	e.meet(c)
}

// redate applies a change of the tracker's due date at t.
func (e *engine) redate(t record.Instant, to record.Date) {
	if e.final || !e.date.movable(t) {
		return
	}
	if e.done { // to what, is seen at reopening
		e.date.loose = true
		return
	}
	was := e.date.is
	e.date.set(to, e.p.Zone)
	if e.now.target.Kind != TrackerDue || !e.undecided() {
		return
	}
	e.now.promise = promise{tracker: true} // whatever it was held to before
	e.hold(t)
	if e.recorder != nil {
		e.tell(t, redated(was, to))
	}
	e.meet(t)
}

// answer applies the first answer at t. To a date that passed while the item was done it comes too
// late, and still misses nothing that was open.
func (e *engine) answer(t record.Instant) {
	e.replied = t
	if e.done && e.it.Discarded && e.doneAt == e.it.Finished {
		return
	}
	if e.undecided() && e.due != 0 && !e.overdue(t) {
		e.decide(Met, t)
		e.final = true
	}
}

// enter applies a change of stage at t.
func (e *engine) enter(t record.Instant, s *Stage) {
	done := s.Kind == Done
	stops := (done || s.Kind == Paused) && !e.unstoppable
	reopened := e.done && !done
	if done && !e.done {
		e.doneAt = t
		if e.duty == resolve && e.undecided() && e.due != 0 {
			e.decide(Met, t) // until it is reopened
		}
	}
	e.stage, e.done = s, done
	if stops && e.running {
		e.spend(t)
		e.running = false
	}
	if s.Kind == Paused || done && e.duty == respond {
		e.stopped = true
	}
	if reopened {
		e.reopen(t)
	}
	if !stops && !e.running {
		e.running, e.since = true, t
		if c := e.now.promise.calendar; c != nil && e.undecided() {
			if due := c.Add(t, e.left); due != e.due {
				e.due = due
				e.tell(t, resumed(reopened))
			}
		}
	}
	if reopened {
		e.reclassify(t, e.it.Classes.At(t))
	}
}

// reopen makes a met item undecided again at t, with the due date it has by now. Past its date it is
// missed at once.
func (e *engine) reopen(t record.Instant) {
	if e.final {
		return
	}
	e.verdict = Verdict{}
	e.stopped = true
	was := e.date.is
	if e.date.loose {
		e.date.loose = false
		e.date.set(e.it.Dues.At(t), e.p.Zone)
	}
	if e.now.target.Kind == TrackerDue && e.date.is != "" { // it may have been set meanwhile
		e.now.promise = promise{tracker: true}
	}
	dated := e.now.promise.calendar == nil
	if dated {
		had := e.due
		if e.hold(t); e.due != had && e.recorder != nil {
			e.tell(t, "while it was done, "+redated(was, e.date.is))
		}
	}
	if dated || e.overdue(t) {
		class := e.class
		e.class = e.it.Classes.At(t)
		if e.meet(t); e.undecided() {
			e.class = class // until it is reclassified
		}
	}
}

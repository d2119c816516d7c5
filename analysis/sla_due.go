package analysis

// What a target comes to: promises, and when they fall due (METRICS.md, section 3).

import (
	"cmp"
	"math"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// promise is what a target comes to when an item is put under it: a working time counted by the clock
// from some instant on, or a date. The zero promise is none and never falls due.
type promise struct {
	calendar *calendar.Calendar // of a working time
	from     record.Instant
	goal     time.Duration
	tracker  bool           // the tracker's due date, wherever it is moved
	date     record.Instant // the end of a release's day
}

// held is a target with the promise it came to.
type held struct {
	target  *Target
	promise promise
}

// targetOf is what a class promises this item, by the version in force at its creation.
func (e *engine) targetOf(c *Class) *Target {
	var targets Versions[Target]
	switch {
	case e.terms != nil:
		return e.terms
	case c == nil:
	case e.duty == respond:
		targets = c.Respond
	default:
		targets = c.Resolve
	}
	if v := targets.in(cmp.Or(e.signed, e.it.Created)); v != nil {
		return &v.Is
	}
	return &e.p.unpromised
}

// offer is what a target promises from c on to an item that has not been under it, counted from
// creation: it may have passed. Of the tracker's due date it tells when that is.
func (e *engine) offer(t *Target, c record.Instant) (full promise, date record.Instant) {
	created := e.it.Created
	switch t.Kind {
	case WorkingTime:
		full = promise{calendar: t.Calendar, from: created, goal: t.length(created)}
	case TrackerDue:
		return promise{tracker: true}, e.date.track(e.it.Dues.At(c), c, c == created, e.p.Zone)
	case NextRelease:
		full.date = nextRelease(e.p, t.Train, created, created)
	}
	return full, 0
}

// afresh is what the target that made an offer promises where it is counted from c.
func (e *engine) afresh(full promise, t *Target, c record.Instant) promise {
	switch t.Kind {
	case WorkingTime:
		full.from = c
	case NextRelease:
		full.date = nextRelease(e.p, t.Train, e.it.Created, c)
	}
	return full
}

// reach is when a promise falls due with the stops there were up to now and none after, and what is
// left of its clock now.
func (e *engine) reach(p promise, now record.Instant) (due record.Instant, left time.Duration) {
	switch {
	case p.tracker:
		return e.date.end, 0
	case p.calendar == nil:
		return p.date, 0
	case p.goal <= 0:
		return p.from, 0
	}
	left = p.goal
	for from, to := range e.it.spells(e.stops) {
		from, to = max(from, p.from), min(to, now)
		w := p.calendar.Between(from, to)
		if w >= left {
			return p.calendar.Add(from, left), 0
		}
		left -= w
	}
	return p.calendar.Add(now, left), left
}

// stops says whether clocks stand still in stages of a kind.
func (e *engine) stops(k StageKind) bool { return (k == Paused || k == Done) && !e.unstoppable }

// spells are the stretches of an item's life outside the stages of some kinds, oldest first, the last
// one open-ended.
func (it *Item) spells(outside func(StageKind) bool) func(yield func(from, to record.Instant) bool) {
	return func(yield func(from, to record.Instant) bool) {
		from, inside := it.Created, true
		for _, s := range it.Stages {
			if out := outside(s.Is.Kind); out && inside {
				if s.At > from && !yield(from, s.At) {
					return
				}
				inside = false
			} else if !out && !inside {
				from, inside = s.At, true
			}
		}
		if inside {
			yield(from, math.MaxInt64)
		}
	}
}

// leave remembers what the item was held to, for when it comes back.
func (e *engine) leave() {
	for i := range e.before {
		if sameTarget(e.before[i].target, e.now.target) {
			e.before[i] = e.now
			return
		}
	}
	e.before = append(e.before, e.now)
}

func (e *engine) heldBefore(t *Target) (promise, bool) {
	for _, h := range e.before {
		if sameTarget(h.target, t) {
			if t.Kind == TrackerDue && e.date.is != "" {
				return promise{tracker: true}, true
			}
			return h.promise, true
		}
	}
	return promise{}, false
}

// length is the working time that a target promises to an item created at t. Days that do not come
// out even are rounded to the nanosecond.
func (t Target) length(created record.Instant) time.Duration {
	if t.Days == 0 {
		return t.Time
	}
	return time.Duration(math.Round(t.Days * float64(t.Calendar.Day(created))))
}

// sameTarget says whether two targets promise the same, whatever their words.
func sameTarget(a, b *Target) bool {
	if a == b {
		return true
	}
	x, y := *a, *b
	x.Text, y.Text = "", ""
	return x == y
}

// earlier compares dues, of which 0 is never.
func earlier(a, b record.Instant) bool { return a != 0 && (b == 0 || a < b) }

// trackerDate is the tracker's due date as promises honour it: from when the item first comes under
// it, a move counts only while the date has not passed.
type trackerDate struct {
	since record.Instant // when the item came under it; 0 if it never did
	is    record.Date    // "" is none
	end   record.Instant // of its local day
	last  record.Date    // the last one there was
	moved int32
	loose bool // changed in time while the item was done: it is what it will be at reopening
}

// track puts the item under the date it has at c, unless it is under it already, and is when that
// date falls due. One that has passed at c is not taken up, except at creation.
func (d *trackerDate) track(is record.Date, c record.Instant, creation bool, zone *time.Location) record.Instant {
	if d.since != 0 {
		return d.end
	}
	d.since = c
	d.set(is, zone)
	end := d.end
	if end < c && !creation {
		*d = trackerDate{since: c}
	}
	return end
}

// movable says whether a change of the date at t is honoured. At the instant of coming under it there
// is nothing to move: the date was taken up as it was after that instant.
func (d *trackerDate) movable(t record.Instant) bool {
	return d.since != 0 && d.since != t && (d.is == "" || d.end >= t)
}

// set gives the date, and counts it as a move from the last one there was.
func (d *trackerDate) set(to record.Date, zone *time.Location) {
	d.is, d.end = to, to.End(zone)
	if d.end <= 0 { // none, or what the tracker wrote there is no date
		d.is, d.end = "", 0
		return
	}
	if d.last != "" && d.last != d.is {
		d.moved++
	}
	d.last = d.is
}

// nextRelease is the end of the day of the first release of a train that comes at least its notice
// after the local day of t, by the plan in force at creation; 0 if none is planned.
func nextRelease(p *Policy, train string, created, t record.Instant) record.Instant {
	if plan := p.Releases.in(created); plan != nil {
		if r := plan.Is.next(train, calendar.DayAt(t, p.Zone)); r != nil {
			return r.end
		}
	}
	return 0
}

package main

// The team at work, ten minutes at a time: new work is looked at, handed out or pulled, done, paused,
// reviewed, closed, and sometimes reopened. What the figures say in the end is not written anywhere; it
// follows from the habits.

import "slices"

func newWorld() (*world, error) {
	cal, err := newCalendar()
	if err != nil {
		return nil, err
	}
	w := &world{cal: cal, team: newTeam(), customers: newCustomers(), r: stream("work")}
	w.arrivals()
	w.noise()
	births := w.items
	w.items = nil
	for w.t = cal.from; w.t < cal.to; w.t += tickLen {
		w.h = w.habits(w.t)
		if (w.t-cal.from)%day == 0 {
			// A stream for each day, so that a change on one does not redraw the next. The fifth of a dozen
			// tellings that were tried reads best.
			w.r = stream("work of 5 " + cal.day(w.t))
		}
		for len(births) > 0 && births[0].born < w.t+tickLen {
			w.born(births[0])
			births = births[1:]
		}
		for len(w.alarms) > 0 && w.alarms[0].at < w.t+tickLen {
			w.fire(w.alarms[0])
			w.alarms = w.alarms[1:]
		}
		w.wake()
		l := cal.local(w.t)
		if !cal.workday(l) {
			continue
		}
		if l.Minute() == 0 {
			w.session(l.Hour())
		}
		for _, m := range w.team {
			if w.present(m, w.t) {
				w.work(m)
			}
		}
	}
	w.end()
	return w, nil
}

// some is a moment in the present ten minutes.
func (w *world) some() int64 { return w.t + int64(w.r.below(int(tickLen))) }

// born lets an item into the world.
func (w *world) born(it *item) {
	w.items = append(w.items, it)
	if it.script {
		return // its acts are written
	}
	w.open = append(w.open, it)
	it.promise = w.promised(it, it.born)
}

// promised is when an item is due by the policy, in office minutes from the start of the story; 0 for
// no promise. It is what the team goes by; the policy's own reckoning is firebreak's.
func (w *world) promised(it *item, t int64) int64 {
	now := w.cal.work(t)
	by := func(r release) int64 {
		if r.date == "" {
			return 0
		}
		return w.cal.work(w.cal.endOf(r.date))
	}
	switch {
	case it.kind == "Incident" && it.paged != nil, it.kind == "Incident" && it.priority == "Blocker":
		return now + 1 // at once
	case (it.kind == "Bug" || it.kind == "Incident") && (it.priority == "Blocker" || it.priority == "Critical"):
		return now + 3*workdayMinutes
	case it.kind == "Bug" && (it.priority == "Major" || slices.Contains(it.labels, "sev3")):
		return by(w.nextRelease("maintenance", w.cal.day(it.born)))
	case it.kind == "Bug":
		return by(w.nextRelease("major", w.cal.day(it.born)))
	case it.kind == "Support Request":
		return now + 5*workdayMinutes
	case it.due != "":
		return w.cal.work(w.cal.endOf(it.due))
	}
	return 0
}

// slack is how many office minutes are left until work on an item would have to start. Work without a
// date is taken to want doing within five weeks.
func (w *world) slack(it *item) int64 {
	p := it.promise
	if p == 0 {
		p = w.cal.work(it.born) + 25*workdayMinutes
	}
	if it.kind == "Bug" && it.priority != "Critical" && it.priority != "Blocker" {
		p -= 4 * workdayMinutes // nobody wants to finish on the day of the release
	}
	return p - w.cal.work(w.t) - int64(it.effort/1000)*3/2
}

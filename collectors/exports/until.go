package exports

// How far a file speaks for: the newest instant at which its tool wrote something, unless that has not
// come yet.

import (
	"cmp"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Until says that the file speaks for what was at least up to at, where that is not seen in the records
// handed over: by one that was left out, or by an event that changes nothing. An instant after
// [Set].Latest says nothing.
func (f *File) Until(at record.Instant) {
	if !f.future(at) {
		f.run.cursor.Horizon = max(f.run.cursor.Horizon, at)
	}
}

func (f *File) future(at record.Instant) bool {
	latest := f.run.set.Latest
	return latest != 0 && at > latest
}

// touch takes an instant at which a record was written, and doubts one that has not come: a clock that
// was wrong or a hand that slipped must not make a whole wiki speak for the year 2099.
func (f *File) touch(name, what string, at record.Instant) {
	f.Until(at)
	f.await(name, what, at)
}

// await doubts an instant that has not come.
func (f *File) await(name, what string, at record.Instant) {
	if !f.future(at) {
		return
	}
	f.Doubt(f.at.Place(), "%s says it was %s on %s, which has not come yet; it is kept and moves no horizon", name, what, at.Time().Format(time.DateOnly))
}

// issueUntil takes the instants at which the tracker wrote something in an issue. What people enter as
// an instant, such as when booked work began, may lie in the future and never moves the horizon.
func (f *File) issueUntil(is *record.Issue) {
	name := is.ID
	for i := range is.Copies {
		c := &is.Copies[i]
		name = cmp.Or(c.Key, name)
		f.touch(name, "created", c.Created)
		f.touch(name, "updated", c.Updated)
		f.touch(name, "closed", c.Closed)
	}
	f.await(name, "changed", f.newest(len(is.Changes), func(i int) record.Instant { return is.Changes[i].At }))
	f.await(name, "commented", f.newest(len(is.Comments), func(i int) record.Instant { return is.Comments[i].At }))
	var booked record.Instant
	for i := range is.Worklogs {
		booked = max(booked, is.Worklogs[i].Started)
	}
	f.await(name, "worked on", booked)
}

// newest is the last of n instants. Those that have come move the horizon, each by itself.
func (f *File) newest(n int, at func(int) record.Instant) (last record.Instant) {
	for i := range n {
		f.Until(at(i))
		last = max(last, at(i))
	}
	return last
}

func (f *File) pageUntil(p *record.Page) {
	name := "page " + cmp.Or(p.Number, p.ID)
	f.touch(name, "triggered", p.Triggered)
	f.touch(name, "acknowledged", p.Acked)
	f.touch(name, "resolved", p.Resolved)
	if p.Updated != max(p.Triggered, p.Acked, p.Resolved) { // where the pager tells it
		f.touch(name, "updated", p.Updated)
	}
}

package record

// How two copies of a page become one.

import (
	"cmp"
	"slices"
	"time"
)

// MergePages joins two records of the same page. One that knows the page wins over a log without it, then
// the later (updated, content), except for what only ever happens once: the first acknowledgement and the
// last resolution that any copy knew stay, and so do the issues that any copy named, the events, the most
// escalations that any counted, and what never changes (number, address, key, origin). Absent is not empty:
// the title, service and urgency are each of the latest copy that tells one, and of two that tell an
// acknowledgement or an end of the same second, which one export rounds and another does not, the one that
// names a person stays. An end after which the log says that the page was reopened is none. Like [Merge] it
// is commutative, associative and idempotent, and MergePages(p, p) is p in its normal form.
func MergePages(a, b Page) Page {
	m := a
	if cmp.Or(bit(a.Triggered != 0)-bit(b.Triggered != 0), cmp.Compare(a.Updated, b.Updated), cmp.Compare(a.Triggered, b.Triggered)) < 0 {
		m = b
	}
	m.Title, m.Told.Title = word(&m, a.Title, a.told(a.Told.Title), b.Title, b.told(b.Told.Title))
	m.Service, m.Told.Service = word(&m, a.Service, a.told(a.Told.Service), b.Service, b.told(b.Told.Service))
	m.Urgency, m.Told.Urgency = word(&m, a.Urgency, a.told(a.Told.Urgency), b.Urgency, b.told(b.Told.Urgency))
	m.Number, m.URL = max(a.Number, b.Number), max(a.URL, b.URL)
	m.Key, m.Origin = max(a.Key, b.Key), max(a.Origin, b.Origin)
	m.Acked, m.AckedBy = a.Acked, a.AckedBy
	if cmp.Or(bit(b.Acked == 0)-bit(a.Acked == 0), cmp.Compare(second(b.Acked), second(a.Acked)), bit(len(a.AckedBy) > 0)-bit(len(b.AckedBy) > 0),
		cmp.Compare(b.Acked, a.Acked), slices.CompareFunc(a.AckedBy, b.AckedBy, comparePerson)) < 0 {
		m.Acked, m.AckedBy = b.Acked, b.AckedBy
	}
	m.Resolved, m.ResolvedBy, m.AutoClosed = a.Resolved, a.ResolvedBy, a.AutoClosed
	if cmp.Or(cmp.Compare(second(a.Resolved), second(b.Resolved)), bit(a.ResolvedBy.Known())-bit(b.ResolvedBy.Known()),
		cmp.Compare(a.Resolved, b.Resolved), comparePerson(a.ResolvedBy, b.ResolvedBy), bit(a.AutoClosed)-bit(b.AutoClosed)) < 0 {
		m.Resolved, m.ResolvedBy, m.AutoClosed = b.Resolved, b.ResolvedBy, b.AutoClosed
	}
	m.MergedInto = max(a.MergedInto, b.MergedInto)
	m.Escalated = max(a.Escalated, b.Escalated)
	m.Issues = union(a.Issues, b.Issues)
	m.Events = unionEvents(a.Events, b.Events)
	for _, e := range m.Events {
		if e.Kind == EventReopened && second(e.At) > second(m.Resolved) {
			m.Resolved, m.ResolvedBy, m.AutoClosed = 0, Person{}, false
		}
	}
	m.Told.First = other(earliest(cmp.Or(a.Told.First, a.Triggered), cmp.Or(b.Told.First, b.Triggered)), m.Triggered)
	m.Told.Last = other(max(cmp.Or(a.Told.Last, a.Triggered), cmp.Or(b.Told.Last, b.Triggered)), m.Triggered)
	m.Told.Ended = other(earliest(cmp.Or(a.Told.Ended, a.Resolved), cmp.Or(b.Told.Ended, b.Resolved)), m.Resolved)
	return m
}

// earliest is the earlier of two instants, of which none is no instant.
func earliest(a, b Instant) Instant {
	if a == 0 || b == 0 {
		return a + b
	}
	return min(a, b)
}

// other is an instant, 0 where it is the page's own.
func other(i, own Instant) Instant {
	if i == own {
		return 0
	}
	return i
}

// Contradicted is what copies of a page told otherwise, further than apart from each other: when it was triggered,
// or when it ended, unless the log says that it was opened again. It is 0 and 0 where they agree.
func (p *Page) Contradicted(apart time.Duration) (triggered, ended [2]Instant) {
	if p.Told == (Told{}) {
		return
	}
	if from, to := cmp.Or(p.Told.First, p.Triggered), cmp.Or(p.Told.Last, p.Triggered); to.Sub(from) > apart {
		triggered = [2]Instant{from, to}
	}
	if from := cmp.Or(p.Told.Ended, p.Resolved); p.Resolved != 0 && p.Resolved.Sub(from) > apart &&
		!slices.ContainsFunc(p.Events, func(e Event) bool { return e.Kind == EventReopened }) {
		ended = [2]Instant{from, p.Resolved}
	}
	return triggered, ended
}

// told is the instant that a word of the page is from. It is never 0, which stands for the page's own.
func (p *Page) told(at Instant) Instant { return max(cmp.Or(at, p.Updated), 1) }

// word is the later of two words, of one instant the greater, and when it was told if not by the page itself.
func word(m *Page, a string, aAt Instant, b string, bAt Instant) (string, Instant) {
	if cmp.Or(bit(a != "")-bit(b != ""), cmp.Compare(aAt, bAt), cmp.Compare(a, b)) < 0 {
		a, aAt = b, bAt
	}
	if a == "" || aAt == m.told(0) {
		return a, 0
	}
	return a, aAt
}

// second is the whole second that an instant lies in.
func second(i Instant) Instant { return i / 1e9 }

// unionEvents unites by id; of two that differ, the greater stays. Those without an id are told apart by their
// content.
func unionEvents(a, b []Event) []Event {
	if len(a) == 0 && len(b) == 0 {
		return nil
	}
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y Event) int { return cmp.Or(cmp.Compare(x.ID, y.ID), -compareEvent(x, y)) })
	all = slices.CompactFunc(all, func(x, y Event) bool { return x.ID == y.ID && (x.ID != "" || x == y) })
	slices.SortFunc(all, func(x, y Event) int {
		return cmp.Or(cmp.Compare(x.At, y.At), compareID(x.ID, y.ID), compareEvent(x, y))
	})
	return all
}

// compareEvent puts a reopening last, so that none is lost to another event of its id: an end before it is no
// end in whatever order copies come.
func compareEvent(x, y Event) int {
	return cmp.Or(bit(x.Kind == EventReopened)-bit(y.Kind == EventReopened), cmp.Compare(x.At, y.At), cmp.Compare(x.Kind, y.Kind), comparePerson(x.By, y.By), comparePerson(x.To, y.To), cmp.Compare(x.How, y.How))
}

package paging

// One event of a calendar, and when it is: DTSTART with DTEND or DURATION, again by RRULE and RDATE, without
// EXDATE, and otherwise where an event of its UID has its RECURRENCE-ID. One with RANGE=THISANDFUTURE says
// so of all that come later as well, up to the next such one: as much earlier or later as it is itself, as
// long, and of the same people (RFC 5545, 3.2.13 and 3.8.4.4).

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// icalEvent is one VEVENT.
type icalEvent struct {
	place      string
	calendar   string    // the name of the one that it is in
	local      *icalZone // and its zone, for times without one
	properties []icalProperty

	uid        string
	start      icalTime
	length     icalLength
	recurrence icalTime // of the one that it stands for; the zero time for an event of its own
	onward     bool     // and for all later ones
	updated    record.Instant
	cancelled  bool
	used       bool // in place of one that comes again
	who        *icalWho
}

// get is the first property of a name, ok whether there is one.
func (e *icalEvent) get(name string) (icalProperty, bool) {
	for _, p := range e.properties {
		if p.name == name {
			return p, true
		}
	}
	return icalProperty{}, false
}

func (e *icalEvent) text(name string) string {
	p, ok := e.get(name)
	if !ok {
		return ""
	}
	return p.Value
}

// keep reads when an event is. One without a beginning is left out.
func (r *icalReader) keep(e *icalEvent) {
	r.local = e.local
	e.uid = e.text("UID")
	e.cancelled = strings.EqualFold(e.text("STATUS"), "CANCELLED")
	for _, name := range []string{"LAST-MODIFIED", "DTSTAMP", "CREATED"} {
		if p, ok := e.get(name); ok {
			if t, ok := r.time(p, p.Value); ok {
				e.updated = max(e.updated, t.instant())
			}
		}
	}
	p, ok := e.get("DTSTART")
	if ok {
		e.start, ok = r.time(p, p.Value)
	}
	if !ok || e.start.instant() == 0 && e.start.reading > 0 {
		r.leaveEvent(e, "it has no beginning that can be read")
		return
	}
	if p, ok := e.get("RECURRENCE-ID"); ok {
		e.onward = strings.EqualFold(p.param("RANGE"), "THISANDFUTURE")
		if e.recurrence, ok = r.time(p, p.Value); !ok {
			r.leaveEvent(e, "what it stands for cannot be read")
			return
		}
		if e.recurrence.date && !e.start.date {
			e.recurrence.reading += mod(e.start.reading, 86400)
		}
		r.moved[e.uid] = append(r.moved[e.uid], e)
	}
	if !r.lasts(e) {
		return
	}
	r.events = append(r.events, e)
}

func (r *icalReader) leaveEvent(e *icalEvent, format string, args ...any) {
	r.Left("unreadable")
	r.Doubt(e.place, "left out: the event %q: "+format, append([]any{excerpt(e.text("SUMMARY"), 60)}, args...)...)
}

// lasts reads how long an event is; false if that is no time at all.
func (r *icalReader) lasts(e *icalEvent) bool {
	if e.cancelled {
		return true
	}
	if p, ok := e.get("DTEND"); ok {
		end, ok := r.time(p, p.Value)
		switch {
		case !ok:
			r.leaveEvent(e, "its end cannot be read")
			return false
		case end.zone == e.start.zone:
			e.length.clock = end.reading - e.start.reading
		default:
			e.length.time = end.seconds() - e.start.seconds()
		}
	} else if p, ok := e.get("DURATION"); ok {
		if e.length, ok = duration(p.Value); !ok {
			r.leaveEvent(e, "its DURATION %q cannot be read", excerpt(p.Value, 30))
			return false
		}
	} else if e.start.date {
		e.length.clock = 86400
	}
	if e.length.clock+e.length.time <= 0 {
		r.leaveEvent(e, "it lasts no time")
		return false
	}
	return true
}

// event tells every shift of an event.
func (r *icalReader) event(e *icalEvent) {
	r.local = e.local
	var starts, not []icalTime
	again := false
	for _, p := range e.properties {
		switch p.name {
		case "RRULE":
			again = true
			starts = append(starts, r.recurring(e, p)...)
		case "RDATE":
			for _, v := range strings.Split(p.Value, ",") {
				v, _, _ = strings.Cut(v, "/") // a period: as long as the event, all the same
				if t, ok := r.time(p, v); ok {
					again = true
					starts = append(starts, t)
				}
			}
		case "EXDATE":
			for _, v := range strings.Split(p.Value, ",") {
				if t, ok := r.time(p, v); ok {
					not = append(not, t)
				}
			}
		case "EXRULE":
			r.Doubt(strconv.Itoa(p.line), "EXRULE is of an older standard, and is not followed: the shifts that it takes out are told")
		}
	}
	starts = append(starts, e.start)
	slices.SortStableFunc(starts, func(a, b icalTime) int { return cmp.Compare(a.seconds(), b.seconds()) })
	starts = slices.CompactFunc(starts, func(a, b icalTime) bool { return a.seconds() == b.seconds() })

	instants, days := map[int64]bool{}, map[int64]bool{}
	for _, t := range not {
		if t.date && !e.start.date {
			days[t.reading] = true
		} else {
			instants[t.seconds()] = true
		}
	}
	instead := map[int64]*icalEvent{}
	var onward []*icalEvent // in their order
	moved := r.moved[e.uid]
	slices.SortStableFunc(moved, func(a, b *icalEvent) int { return cmp.Compare(a.updated, b.updated) })
	for _, m := range moved {
		at := m.recurrence.seconds()
		if before := instead[at]; before != nil {
			before.used = true // overtaken by this one
		}
		instead[at] = m
	}
	for _, m := range instead {
		if m.onward {
			onward = append(onward, m)
		}
	}
	slices.SortFunc(onward, func(a, b *icalEvent) int { return cmp.Compare(a.recurrence.seconds(), b.recurrence.seconds()) })
	var since *icalEvent // the last of them so far
	for _, t := range starts {
		if again {
			if r.emitted++; r.emitted > occurrences {
				r.exhaust(e.place)
				return
			}
		}
		at := t.seconds()
		for len(onward) > 0 && onward[0].recurrence.seconds() <= at {
			since, onward = onward[0], onward[1:]
		}
		switch m := instead[at]; {
		case m != nil:
			m.used = true
			r.one(m, e, m.start, t)
		case instants[at] || days[t.reading-mod(t.reading, 86400)]:
			r.one(&icalEvent{cancelled: true, updated: e.updated}, e, t, t)
		case since != nil:
			r.one(since, e, since.shifted(t), t)
		default:
			r.one(e, e, t, t)
		}
	}
}

// shifted is when one of the event that this stands in for begins, if it is moved as far as this one is.
func (e *icalEvent) shifted(t icalTime) icalTime {
	here := func(t icalTime) int64 { // what this event's clock shows
		if t.zone == e.start.zone {
			return t.reading
		}
		at := t.seconds()
		return at + e.start.zone.east(at)
	}
	moved := e.start
	moved.reading += here(t) - here(e.recurrence)
	return moved
}

// recurring are the beginnings of an event by its rule, without its own.
func (r *icalReader) recurring(e *icalEvent, p icalProperty) []icalTime {
	rule, err := parseRule(p.Value)
	if err != nil {
		r.Doubt(strconv.Itoa(p.line), "only the first shift is told, as the rule %q cannot be followed: %v", excerpt(p.Value, 80), err)
		return nil
	}
	if r.exhausted {
		return nil
	}
	limit := int64(r.newest.Add(eighteenMonths) / 1e9)
	var all []icalTime
	rule.expand(e.start.reading, limit+86400, &r.patience, func(reading int64) bool {
		t := e.start
		t.reading = reading
		at := t.seconds()
		if at > limit || rule.ends(reading, at) || len(all) > occurrences {
			return false
		}
		all = append(all, t)
		return true
	})
	if r.patience < 0 {
		r.exhaust(e.place)
	}
	return all
}

// exhaust says, once, that the calendar asks for too much.
func (r *icalReader) exhaust(place string) {
	if !r.exhausted {
		r.exhausted = true
		r.Gap("shifts from line "+place+" on", "its events come again more often than any rota's do; export a shorter span")
	}
}

// icalEventOf is the event that the shift of an id is of: the UID, which stands before the time.
func icalEventOf(id string) string {
	if at := plannedTime.FindAllStringIndex(id, -1); at != nil {
		return id[:at[len(at)-1][0]]
	}
	return id
}

var plannedTime = regexp.MustCompile(` \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)

// one tells one shift: the event that says who and how long, the one that it belongs to, when it begins, and
// when it was to begin. Its identity is the last, so that it stays the same shift wherever it is moved.
func (r *icalReader) one(e, of *icalEvent, start, planned icalTime) {
	at := planned.instant()
	if at == 0 { // before 1970
		return
	}
	s := record.Shift{Ref: record.Ref{Tracker: r.tracker}, From: start.instant(), Updated: e.updated}
	who := r.whose(of)
	if e.place != "" {
		who = r.whose(e)
	}
	id := cmp.Or(of.uid, of.text("SUMMARY")) + " " + at.String()
	if e.cancelled {
		r.Left("cancelled")
		s.ID, s.Rota, s.Role, s.To = id, who.rota, who.role, s.From
		r.Shift(s)
		return
	}
	switch {
	case who.role == "":
		r.Left("on-call beyond the second level")
		return
	case len(who.people) == 0:
		r.leaveEvent(e, "it names nobody who is on call")
		return
	case len(who.people) > 1:
		r.Doubt(e.place, "the event %q has %d people; each is told as on call", excerpt(e.text("SUMMARY"), 60), len(who.people))
	}
	s.Rota, s.Role, s.To = who.rota, who.role, e.length.end(start)
	for i, p := range who.people {
		if s.ID = id; i > 0 {
			s.ID += " " + cmp.Or(p.Account, p.Name)
		}
		s.Person = p
		r.shift(e.place, s)
	}
}

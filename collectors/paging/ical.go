package paging

// iCalendar: the rota as a calendar has it, in a file or the saved answer of a feed (RFC 5545).
//
// Where it comes from: PagerDuty, Opsgenie, JSM and Grafana give every schedule a feed, and many a team
// keeps its rota in Google Calendar or Outlook. PagerDuty's events were looked at as programs that read
// them quote them; the others are read by the documentation and RFC 5545.
//
// An event is a shift. Who is on call, in which role and rota is in ical_who.go; when, in ical_event.go
// (one event), ical_rule.go (the ones that come again) and ical_zone.go (on which clock). Tasks, alarms
// and free-busy times are nobody's shift.
//
// What comes again without an end is told up to eighteen months after the newest instant of the file: of
// its events' beginnings and changes, and of when it was written or, if later, read. Files are read again
// each year for that.
//
// A cancelled event is told as a shift of nobody that lasts no time, so that it replaces the one that an
// older copy of the calendar told. One that was deleted or moved is called off likewise when the calendar is
// read again under the same name, and so is a correction believed that bears no new stamp; what a calendar
// no longer tells because it is over stays. A feed that is saved under a new name each time is a new calendar
// each time: then only newer stamps and cancellations overrule, and what was deleted stays on call. See
// [exports.File.Rota].

import (
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

func icalFormats() []format {
	return []format{{tool: "ical", name: "on-call calendar", calendar: readCalendar}}
}

// What a calendar may cost to read. A rota of fifty years of daily shifts has some 20,000.
const (
	eighteenMonths = 548 * 24 * time.Hour
	occurrences    = 100_000    // shifts of events that come again, in one file
	patience       = 20_000_000 // days, and events on them, looked at for that
)

// icalReader is one calendar while it is read.
type icalReader struct {
	*file
	lines []icalLine

	name  string               // of the calendar, of the last so far where a file has several
	local *icalZone            // the zone of times without one
	zones map[string]*icalZone // by the calendar's name for them; nil for a name that is none
	rules map[string][]icalObservance

	events    []*icalEvent
	moved     map[string][]*icalEvent // by UID: single ones of an event that comes again, with RECURRENCE-ID
	naive     bool                    // times without a zone were doubted
	strange   map[string]bool         // so were those of zones of these names
	newest    record.Instant
	emitted   int
	patience  int
	exhausted bool
}

func readCalendar(f *file) {
	var now record.Instant
	if f.latest != 0 {
		now = f.latest.Add(-24 * time.Hour)
	}
	f.Rota(now, icalEventOf)
	r := &icalReader{file: f, zones: map[string]*icalZone{}, rules: map[string][]icalObservance{}, moved: map[string][]*icalEvent{}, strange: map[string]bool{}, patience: patience}
	r.lines = r.unfold(f.Text())
	r.components()
	for _, e := range r.events {
		r.newest = max(r.newest, e.start.instant(), e.updated)
	}
	r.newest = max(r.newest, now)
	n := 0
	for _, e := range r.events {
		if e.recurrence.line == 0 {
			n++
			r.event(e)
		}
	}
	for _, e := range r.events {
		if e.recurrence.line != 0 && !e.used { // its event is not in the file, or was not expected then
			n++
			if e.onward {
				r.Doubt(e.place, "a change of this and all following events is taken for a change of this one: which they are is not in the file")
			}
			r.one(e, e, e.start, e.recurrence)
		}
	}
	if n == 0 && !f.Settled() {
		f.Doubt("", "the calendar holds no event")
	}
}

// components walks over the parts of the text and keeps the events and zones.
func (r *icalReader) components() {
	var open []string // names of the components that have begun
	var whole []*icalEvent
	var event *icalEvent   // where VEVENT is open
	var zone *icalTimezone // where VTIMEZONE is

	leave := func(at int, ended bool) { // a component, and with it whatever began in it and has no end of its own
		for i := len(open) - 1; i >= at; i-- {
			switch {
			case open[i] == "VEVENT" && i == at && ended:
				event.calendar, event.local = r.name, r.local
				whole = append(whole, event)
				event = nil
			case open[i] == "VEVENT":
				r.Left("unreadable")
				r.Doubt(event.place, "left out: the event has no end")
				event = nil
			case open[i] == "VTIMEZONE":
				r.rules[zone.id] = zone.observances
				if zone.location != "" && r.zones[zone.id] == nil {
					r.zones[zone.id] = loadZone(zone.location)
				}
				zone = nil
			}
		}
		open = open[:at]
	}
	for _, l := range r.lines {
		name, rest, ok := splitName(l.text)
		if !ok {
			r.Doubt(l.place(), "%q is no line of a calendar; passed over", excerpt(l.text, 60))
			continue
		}
		inner := ""
		if len(open) > 0 {
			inner = open[len(open)-1]
		}
		switch kind := strings.ToUpper(strings.TrimSpace(strings.TrimPrefix(rest, ":"))); {
		case name == "BEGIN":
			if at := index(open, kind); at >= 0 && (kind == "VEVENT" || kind == "VTIMEZONE") { // never one in another
				leave(at, false)
			}
			switch kind {
			case "VEVENT":
				event = &icalEvent{place: l.place()}
			case "VTIMEZONE":
				zone = &icalTimezone{}
			case "STANDARD", "DAYLIGHT":
				if zone != nil {
					zone.observances = append(zone.observances, icalObservance{place: l.place()})
				}
			case "VTODO", "VJOURNAL", "VFREEBUSY":
				r.Left(strings.ToLower(strings.TrimPrefix(kind, "V")))
			case "VCALENDAR":
				r.name, r.local = "", nil
			}
			open = append(open, kind)
		case name == "END":
			at := index(open, kind)
			if at < 0 {
				r.Doubt(l.place(), "END:%s without its beginning; passed over", kind)
				continue
			}
			leave(at, true)
		case inner == "VEVENT" && eventNeeds[name]:
			if p, ok := r.property(l, name, rest); ok {
				event.properties = append(event.properties, p)
			}
		case inner == "VTIMEZONE":
			switch name {
			case "TZID":
				zone.id = strings.TrimPrefix(rest, ":")
			case "X-LIC-LOCATION":
				zone.location = strings.TrimPrefix(rest, ":")
			}
		case (inner == "STANDARD" || inner == "DAYLIGHT") && zone != nil && len(zone.observances) > 0:
			if p, ok := r.property(l, name, rest); ok {
				o := &zone.observances[len(zone.observances)-1]
				o.properties = append(o.properties, p)
			}
		case inner == "VCALENDAR" && name == "X-WR-CALNAME":
			if p, ok := r.property(l, name, rest); ok {
				r.name = strings.TrimSpace(p.Value)
			}
		case inner == "VCALENDAR" && name == "X-WR-TIMEZONE":
			if z := r.zone(strings.TrimSpace(strings.TrimPrefix(rest, ":"))); r.file.zone == nil && z != nil {
				r.local = z
			}
		}
	}
	for _, e := range whole { // now that all zones are known, wherever they stand
		r.keep(e)
	}
	if len(open) > 0 {
		r.Gap("whatever follows the last line", "the calendar ends inside of "+open[len(open)-1]+", as where a download was cut; export it again")
	}
}

// eventNeeds are the properties of an event that a shift is told by.
var eventNeeds = map[string]bool{
	"UID": true, "SUMMARY": true, "STATUS": true, "ATTENDEE": true, "ORGANIZER": true,
	"DTSTART": true, "DTEND": true, "DURATION": true, "RRULE": true, "RDATE": true, "EXDATE": true, "EXRULE": true, "RECURRENCE-ID": true,
	"LAST-MODIFIED": true, "DTSTAMP": true, "CREATED": true,
}

// index is where the innermost component of a name stands, −1 if none is open.
func index(open []string, name string) int {
	for i := len(open) - 1; i >= 0; i-- {
		if open[i] == name {
			return i
		}
	}
	return -1
}

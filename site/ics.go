package site

// Calendars: on-call.ics, so that everybody's own calendar knows who has the pager, and
// improvements.ics, so that nobody has to remember what was promised for when (RFC 5545).
//
// An event keeps its UID from night to night, so that a calendar program which follows the file moves
// what it has instead of doubling it; DTSTAMP is as-of. Shifts are in UTC, so they need no VTIMEZONE;
// improvements are whole days, which have no zone. They are events and not to-dos because the programs
// of most people show no VTODO of a calendar they follow.

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/firebreak/firebreak/analysis/postmortem"
)

const (
	onCallICS       = "on-call.ics"
	improvementsICS = "improvements.ics"
)

// lookBack is how long a shift stays in the calendar after it is over.
const lookBack = 90 * 24 * time.Hour

// mostCalendarEvents is how many a calendar holds: a phone reads it every few hours.
const mostCalendarEvents = 2000

func (b *builder) calendars() error {
	b.tree.add(onCallICS, func(w io.Writer) error { return writeCalendar(w, b.onCallCalendar()) })
	b.tree.add(improvementsICS, func(w io.Writer) error { return writeCalendar(w, b.improvementsCalendar()) })
	return nil
}

func (b *builder) onCallCalendar() *ics.Calendar {
	cal := b.newCalendar(b.Title + ": on call")
	shifts := b.report.Shifts
	shifts = shifts[max(0, len(shifts)-mostCalendarEvents):] // by their beginning: the oldest go
	for i := range shifts {
		s := &shifts[i]
		if s.To <= s.From || s.To < b.report.AsOf.Add(-lookBack) {
			continue
		}
		e := b.newEvent(cal, "shift", s.Ref.String())
		e.SetStartAt(s.From.Time())
		e.SetEndAt(s.To.Time())
		summary := b.person(s.Person) + ": " + s.Role
		if s.Rota != "" {
			summary += " (" + s.Rota + ")"
		}
		e.SetSummary(calendarText(summary, 200))
	}
	return notEmpty(cal)
}

func (b *builder) improvementsCalendar() *ics.Calendar {
	cal := b.newCalendar(b.Title + ": improvements")
	titles := map[string]string{}
	for _, p := range b.report.Postmortems {
		titles[p.ID] = p.Title
	}
	n := 0
	for i := range b.report.Backlog {
		im := &b.report.Backlog[i]
		due, err := time.Parse(time.DateOnly, string(im.Due))
		if err != nil || !im.Open() || n == mostCalendarEvents {
			continue
		}
		n++
		b.dueEvent(cal, im, due, titles[im.Postmortem])
	}
	return notEmpty(cal)
}

// dueEvent is the day on which an improvement is due.
func (b *builder) dueEvent(cal *ics.Calendar, im *postmortem.Improvement, due time.Time, from string) {
	e := b.newEvent(cal, "improvement", im.ID)
	e.SetAllDayStartAt(due)
	e.SetAllDayEndAt(due.AddDate(0, 0, 1)) // exclusive, RFC 5545 section 3.6.1
	owner := "no owner"
	if im.Owner != "" {
		owner = b.member(im.Owner)
	}
	state := "Due"
	if im.Overdue(b.report.AsOf) {
		state = "Overdue"
	}
	e.SetSummary(calendarText(fmt.Sprintf("%s: %s (%s)", state, im.What, owner), 300))
	about := fmt.Sprintf("%s\nOwner: %s\nState: %s", im.What, owner, im.State)
	if im.Issue != "" {
		about += "\nIssue: " + im.Issue
	}
	if from != "" {
		about += "\nFrom the postmortem: " + from
	}
	e.SetDescription(calendarText(about, 2000))
	if base := strings.TrimSuffix(b.BaseURL, "/"); web(base) {
		e.SetURL(base + "/" + postmortemPlace(im.Postmortem))
	}
}

func (b *builder) newCalendar(name string) *ics.Calendar {
	cal := ics.NewCalendarFor("firebreak")
	cal.SetProductId("-//firebreak//wiki//EN")
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(calendarText(name, 120))
	cal.SetRefreshInterval("PT6H")
	cal.SetXPublishedTTL("PT6H")
	return cal
}

// newEvent adds an event whose UID follows from what it is about, and from the team: two teams' files
// read into one calendar must not overwrite each other.
func (b *builder) newEvent(cal *ics.Calendar, kind, id string) *ics.VEvent {
	sum := sha256.Sum256([]byte(b.policy.Team.Name + "\n" + kind + "\n" + id))
	e := cal.AddEvent(kind + "-" + hex.EncodeToString(sum[:16]) + "@firebreak")
	e.SetDtStampTime(b.report.AsOf.Time())
	e.SetTimeTransparency(ics.TransparencyTransparent) // it does not make anybody busy
	return e
}

// notEmpty gives a calendar without events the one component that RFC 5545 section 3.6 asks for.
func notEmpty(cal *ics.Calendar) *ics.Calendar {
	if len(cal.Components) == 0 {
		utc := cal.AddTimezone("Etc/UTC").AddStandard()
		utc.SetProperty(ics.ComponentPropertyDtStart, "19700101T000000")
		utc.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), "+0000")
		utc.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), "+0000")
	}
	return cal
}

// writeCalendar writes lines of at most 75 octets that end in CR LF.
func writeCalendar(w io.Writer, cal *ics.Calendar) error {
	return cal.SerializeTo(w, ics.WithNewLineWindows)
}

// calendarText is foreign text for a property of TEXT: its line ends are LF, which is written as \n,
// and every other control character, which RFC 5545 has no place for, is U+FFFD.
func calendarText(t string, most int) string {
	t = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(t)
	return short(printable(t), most)
}

// subscription is the address that calendar programs follow a calendar by; "" where nobody knows where
// the wiki will be served.
func (b *builder) subscription(file string) string {
	base := strings.TrimSuffix(b.BaseURL, "/")
	if !web(base) {
		return ""
	}
	_, rest, _ := strings.Cut(base, "://")
	return "webcal://" + rest + "/" + file
}

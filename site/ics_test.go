package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// calendar reads a calendar back as a calendar program does, and holds it to what RFC 5545 asks for.
func calendar(t interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}, text string) *ics.Calendar {
	t.Helper()
	if !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(text, "END:VCALENDAR\r\n") || !utf8.ValidString(text) {
		t.Fatalf("not a calendar: %.200q", text)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line of %d octets, section 3.1 has 75: %q", len(line), line)
		}
		if line == "" || !utf8.ValidString(line) || strings.IndexFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) >= 0 {
			t.Errorf("a line that is empty, cut within a letter or has control characters: %q", line)
		}
	}
	cal, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatalf("it does not read back: %v", err)
	}
	uids := map[string]bool{}
	for _, e := range cal.Events() {
		if e.Id() == "" || uids[e.Id()] {
			t.Errorf("UID %q is empty or there twice", e.Id())
		}
		uids[e.Id()] = true
		for _, need := range []ics.ComponentProperty{ics.ComponentPropertyDtstamp, ics.ComponentPropertyDtStart, ics.ComponentPropertyDtEnd, ics.ComponentPropertySummary} {
			if len(e.GetProperties(need)) != 1 {
				t.Errorf("%s has %s %d times", e.Id(), need, len(e.GetProperties(need)))
			}
		}
	}
	if len(cal.Components) == 0 {
		t.Errorf("section 3.6 asks for a component")
	}
	return cal
}

func said(e *ics.VEvent, p ics.ComponentProperty) string {
	if v := e.GetProperty(p); v != nil {
		return v.Value
	}
	return ""
}

func TestTheRotaIsACalendar(t *testing.T) {
	in := input(t, 20)
	text := read(t, build(t, in), onCallICS)
	cal := calendar(t, text)
	var got []string
	for _, e := range cal.Events() {
		from, _ := e.GetStartAt()
		to, _ := e.GetEndAt()
		stamp, _ := e.GetDtStampTime()
		got = append(got, fmt.Sprint(said(e, ics.ComponentPropertySummary), " ", from.Format(time.RFC3339), " ", to.Format(time.RFC3339), " ", stamp.Format(time.RFC3339)))
	}
	want := []string{"Maya Lindqvist: superhero 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z " + asOf, "Tomas Okafor: sidekick 2026-11-02T10:00:00Z 2026-11-09T10:00:00Z " + asOf}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	later := input(t, 20)
	later.Report.AsOf = later.Report.AsOf.Add(24 * time.Hour)
	again := calendar(t, read(t, build(t, later), onCallICS))
	for i, e := range cal.Events() {
		if e.Id() != again.Events()[i].Id() {
			t.Errorf("a shift is another one the next night: %s, %s", e.Id(), again.Events()[i].Id())
		}
	}
	if !strings.Contains(text, "METHOD:PUBLISH\r\n") || !strings.Contains(text, "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n") {
		t.Error(text)
	}
}

func TestImprovementsAreWholeDaysOfACalendar(t *testing.T) {
	in := input(t, 20)
	in.BaseURL = "https://wiki.example/orders/"
	cal := calendar(t, read(t, build(t, in), improvementsICS))
	if n := len(cal.Events()); n != 1 {
		t.Fatalf("%d events; one improvement is open", n)
	}
	e := cal.Events()[0]
	start, end := e.GetProperty(ics.ComponentPropertyDtStart), e.GetProperty(ics.ComponentPropertyDtEnd)
	if start.Value != "20260401" || end.Value != "20260402" || start.ICalParameters["VALUE"][0] != "DATE" || end.ICalParameters["VALUE"][0] != "DATE" {
		t.Error(start, end)
	}
	if got := said(e, ics.ComponentPropertySummary); got != "Overdue: One owner for every bill (Tomas Okafor)" {
		t.Error(got)
	}
	if got := said(e, ics.ComponentPropertyUrl); got != "https://wiki.example/orders/postmortems/2026-03-fax/index.html" {
		t.Error(got)
	}
	page := read(t, build(t, in), onCallPlace)
	if !strings.Contains(page, "<code>webcal://wiki.example/orders/on-call.ics</code>") {
		t.Error("nothing says how to follow the calendar")
	}
}

func TestACalendarWithoutEventsIsStillOne(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, nil, nil)
	in.Report.Shifts = nil
	tree := build(t, in)
	for _, file := range []string{onCallICS, improvementsICS} {
		if cal := calendar(t, read(t, tree, file)); len(cal.Events()) != 0 {
			t.Errorf("%s has events", file)
		}
	}
}

// Names and titles come from other people's systems.
func TestForeignWordsStayTheirWordsInACalendar(t *testing.T) {
	base := input(t, 1)
	check := func(t interface {
		Helper()
		Errorf(string, ...any)
		Fatalf(string, ...any)
	}, words string) {
		t.Helper()
		b := &builder{Input: Input{Title: words}, report: &analysis.Report{Night: &analysis.Night{AsOf: base.Report.AsOf}}, policy: base.Report.Policy}
		b.report.Shifts = []record.Shift{{Ref: record.Ref{Tracker: words, ID: words}, Rota: words, Role: words, Person: record.Person{Name: words, Account: words}, From: b.report.AsOf, To: b.report.AsOf + 3600e9}}
		b.report.Backlog = []postmortem.Improvement{{ID: words, What: words, Owner: words, Issue: words, Due: "2026-12-31", State: postmortem.Chosen, Postmortem: words}}
		for _, c := range []*ics.Calendar{b.onCallCalendar(), b.improvementsCalendar()} {
			var out strings.Builder
			if err := writeCalendar(&out, c); err != nil {
				t.Fatalf("%v", err)
			}
			events := calendar(t, out.String()).Events()
			if len(events) != 1 {
				t.Fatalf("%d events from %q", len(events), words)
			}
			want := calendarText(words, 60)
			if got := said(events[0], ics.ComponentPropertySummary); len(words) < 60 && !strings.Contains(got, want) {
				t.Errorf("%q became %q", want, got)
			}
			for _, p := range []ics.ComponentProperty{"ATTENDEE", "ATTACH", "ORGANIZER"} {
				if events[0].GetProperty(p) != nil {
					t.Errorf("%q wrote a property of its own: %s", words, p)
				}
			}
		}
	}
	for _, words := range []string{
		"plain", "commas, semicolons; colons: and \\ backslashes \\n \\, \\;", "two\nlines", "dos\r\nlines\rmac", "🔥🧑‍🚒 " + strings.Repeat("🔥", 40), strings.Repeat("ß", 200), strings.Repeat("long words ", 30),
		"x\r\nATTENDEE:mailto:a@b.example\r\nEND:VEVENT", "nul \x00 esc \x1b del \x7f", "broken \xff\xfe", "\u2028\u202e right to left", `"quoted"`, " leading and trailing ", "",
	} {
		check(t, words)
	}
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.String().Draw(t, "words")) })
}

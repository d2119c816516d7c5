package paging

// A calendar that is read night after night.

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"pgregory.net/rapid"
)

// rotaNights is what a ledger has of the calendars of a folder after some nights.
type rotaNights struct {
	files  fstest.MapFS
	now    time.Time
	cursor record.Cursor
	shifts map[record.Ref]record.Shift
	said   []string // gaps of the last night
}

func newRotaNights() *rotaNights {
	return &rotaNights{files: fstest.MapFS{}, now: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC), shifts: map[record.Ref]record.Shift{}}
}

// night is one with these events in a file, after which who is on call is told; "-" is no file any more.
func (n *rotaNights) night(t *testing.T, name string, events ...string) string {
	t.Helper()
	n.now = n.now.Add(24 * time.Hour)
	text := strings.Join(events, "")
	if text == "-" {
		delete(n.files, name)
	} else {
		n.files[name] = &fstest.MapFile{Data: []byte("BEGIN:VCALENDAR\nX-WR-CALNAME:Orders\n" + text + "END:VCALENDAR\n"), ModTime: n.now.Add(-time.Hour)}
	}
	return n.again(t)
}

// again is a night in which no file has changed.
func (n *rotaNights) again(t *testing.T) string {
	t.Helper()
	n.said = nil
	s := Files{Tracker: "pager", Tool: "ical", Zone: time.UTC, Set: exports.Set{Source: "rota", FS: n.files, Patterns: []string{"."}, Latest: record.At(n.now.Add(24 * time.Hour))}}
	for b, err := range s.Fetch(context.Background(), n.cursor) {
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range b.Shifts {
			n.shifts[s.Ref] = record.MergeShifts(n.shifts[s.Ref], s)
		}
		for _, g := range b.Gaps {
			n.said = append(n.said, g.What+": "+g.Why)
		}
		n.cursor = b.Cursor
	}
	var b record.Batch
	for _, s := range n.shifts {
		b.Shifts = append(b.Shifts, s)
	}
	return strings.Join(rota(b), "|")
}

// ev is an event; days of November are enough.
func ev(uid, who string, from, to int, lines ...string) string {
	day := func(d int) string { return time.Date(2026, 11, d, 9, 0, 0, 0, time.UTC).Format("20060102T150405Z") }
	return fmt.Sprintf("BEGIN:VEVENT\nUID:%s\nSUMMARY:%s\nDTSTART:%s\nDTEND:%s\n%sEND:VEVENT\n", uid, who, day(from), day(to), strings.Join(append(lines, ""), "\n"))
}

func dated(d int) string { return fmt.Sprintf("DTSTAMP:202611%02dT000000Z", d) }

func TestACalendarReadAgainOverrulesItself(t *testing.T) {
	const al, maya = "Al 9 Nov 09:00–16 Nov 09:00", "Maya 16 Nov 09:00–30 Nov 09:00"
	for name, c := range map[string]struct {
		nights []string
		want   []string
	}{
		"one is deleted": {
			[]string{ev("1", "Al", 9, 16, dated(1)) + ev("2", "Maya", 16, 30, dated(1)), ev("1", "Al", 9, 16, dated(24))},
			[]string{al + "|" + maya, al}},
		"and comes back, as it was": {
			[]string{ev("1", "Al", 9, 16, dated(1)) + ev("2", "Maya", 16, 30, dated(1)), ev("1", "Al", 9, 16, dated(1)), ev("1", "Al", 9, 16, dated(1)) + ev("2", "Maya", 16, 30, dated(1))},
			[]string{al + "|" + maya, al, al + "|" + maya}},
		"the only one that is left is over, a future one is deleted": {
			[]string{ev("1", "Bo", 30, 37) + ev("2", "Cy", 37, 44) + ev("3", "Al", 44, 51), ev("2", "Cy", 37, 44) + ev("3", "Al", 44, 51), ""},
			[]string{"Al 14 Dec 09:00–21 Dec 09:00|Bo 30 Nov 09:00–7 Dec 09:00|Cy 7 Dec 09:00–14 Dec 09:00", "Al 14 Dec 09:00–21 Dec 09:00|Cy 7 Dec 09:00–14 Dec 09:00", ""}},
		"one is moved": {
			[]string{ev("2", "Maya", 16, 30, dated(1)), ev("2", "Maya", 30, 37, dated(24))},
			[]string{maya, "Maya 30 Nov 09:00–7 Dec 09:00"}},
		"the past is forgotten": {
			[]string{ev("1", "Al", 9, 16) + ev("2", "Maya", 16, 30), ev("2", "Maya", 16, 30), ev("3", "Bo", 30, 37)},
			[]string{al + "|" + maya, al + "|" + maya, al + "|Bo 30 Nov 09:00–7 Dec 09:00|" + maya}},
		"a series is moved by a day": {
			[]string{ev("1", "Al", 24, 25, "RRULE:FREQ=WEEKLY;COUNT=3", dated(1)), ev("1", "Al", 25, 26, "RRULE:FREQ=WEEKLY;COUNT=3", dated(2))},
			[]string{"Al 1 Dec 09:00–2 Dec 09:00|Al 24 Nov 09:00–25 Nov 09:00|Al 8 Dec 09:00–9 Dec 09:00", "Al 2 Dec 09:00–3 Dec 09:00|Al 25 Nov 09:00–26 Nov 09:00|Al 9 Dec 09:00–10 Dec 09:00"}},
		"a series is moved by an hour": {
			[]string{ev("1", "Al", 9, 16, "RRULE:FREQ=WEEKLY;COUNT=3"), strings.ReplaceAll(ev("1", "Al", 9, 16, "RRULE:FREQ=WEEKLY;COUNT=3"), "T09", "T10")},
			[]string{"Al 16 Nov 09:00–23 Nov 09:00|Al 23 Nov 09:00–30 Nov 09:00|" + al, "Al 16 Nov 10:00–23 Nov 10:00|Al 23 Nov 10:00–30 Nov 10:00|Al 9 Nov 10:00–16 Nov 10:00"}},
		"another person, and no stamp": {
			[]string{ev("1", "Zoe", 16, 30), ev("1", "Al", 16, 30), ev("1", "Cy", 16, 30)},
			[]string{"Zoe 16 Nov 09:00–30 Nov 09:00", "Al 16 Nov 09:00–30 Nov 09:00", "Cy 16 Nov 09:00–30 Nov 09:00"}},
		"another person, and the same stamp": {
			[]string{ev("1", "Zoe", 16, 30, dated(1)), ev("1", "Al", 16, 30, dated(1)), ev("1", "Al", 16, 31, dated(1))},
			[]string{"Zoe 16 Nov 09:00–30 Nov 09:00", "Al 16 Nov 09:00–30 Nov 09:00", "Al 16 Nov 09:00–1 Dec 09:00"}},
		"one is taken out, and no stamp": {
			[]string{ev("1", "Al", 24, 25, "RRULE:FREQ=WEEKLY;COUNT=3"), ev("1", "Al", 24, 25, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261201T090000Z")},
			[]string{"Al 1 Dec 09:00–2 Dec 09:00|Al 24 Nov 09:00–25 Nov 09:00|Al 8 Dec 09:00–9 Dec 09:00", "Al 24 Nov 09:00–25 Nov 09:00|Al 8 Dec 09:00–9 Dec 09:00"}},
		"two people become one": {
			[]string{ev("1", "", 16, 30, "ATTENDEE;CN=Al:mailto:al@x", "ATTENDEE;CN=Bo:mailto:bo@x"), ev("1", "", 16, 30, "ATTENDEE;CN=Bo:mailto:bo@x")},
			[]string{"Al 16 Nov 09:00–30 Nov 09:00|Bo 16 Nov 09:00–30 Nov 09:00", "Bo 16 Nov 09:00–30 Nov 09:00"}},
		"what cannot be read takes nothing back": {
			[]string{ev("1", "Al", 9, 16) + ev("2", "Maya", 16, 30), ev("1", "Al", 9, 16) + "BEGIN:VEVENT\n", "BEGIN:VEVENT\nUID:2\nSUMMARY:Maya\nEND:VEVENT\n"},
			[]string{al + "|" + maya, al, al}}, // the event without an end is left out, and so is gone: the calendar has an end
	} {
		n := newRotaNights()
		for i, events := range c.nights {
			if got := n.night(t, "rota.ics", events); got != c.want[i] {
				t.Errorf("%s, night %d:\n got %s\nwant %s", name, i+1, got, c.want[i])
			}
			if got := n.again(t); got != c.want[i] {
				t.Errorf("%s, after night %d:\n got %s\nwant %s", name, i+1, got, c.want[i])
			}
		}
		before := n.again(t)
		n.cursor = "" // everything anew
		if got := n.again(t); got != before {
			t.Errorf("%s, read in full:\n got %s\nwant %s", name, got, before)
		}
	}
}

// TestTheLastStateOfACalendarIsWhatIsKept, whatever was in the ones before and whatever their stamps say.
func TestTheLastStateOfACalendarIsWhatIsKept(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := newRotaNights()
		for range rapid.IntRange(1, 5).Draw(rt, "nights") {
			text, want, first := "", map[string]bool{}, 40
			for _, uid := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"1", "2", "3", "4"}), rapid.ID).Draw(rt, "events") {
				who := rapid.SampledFrom([]string{"Al", "Maya", "Zoe"}).Draw(rt, "who") + uid
				from, days := rapid.IntRange(15, 40).Draw(rt, "from"), rapid.IntRange(1, 9).Draw(rt, "days")
				var more []string
				if d := rapid.IntRange(0, 3).Draw(rt, "stamp"); d > 0 {
					more = []string{dated(d)}
				}
				text += ev(uid, who, from, from+days, more...)
				want[rota(collect(t, aCalendar("BEGIN:VCALENDAR\n"+ev(uid, who, from, from+days)+"END:VCALENDAR\n")))[0]] = true
				first = min(first, from)
			}
			got := n.night(t, "rota.ics", text)
			for _, line := range strings.Split(got, "|") {
				if begin, err := time.Parse("2 Jan 2006", strings.Join(strings.Fields(line + " - - -")[1:3], " ")+" 2026"); !want[line] && line != "" && (err != nil || begin.Day() >= first && begin.Month() == 11) {
					rt.Fatalf("%q is kept and was not told; all is\n%s", line, got)
				}
				delete(want, line)
			}
			if len(want) > 0 {
				rt.Fatalf("%v are told, but kept is\n%s", want, got)
			}
		}
	})
}

func TestACalendarThatWasCutTakesNothingBack(t *testing.T) {
	n := newRotaNights()
	whole := n.night(t, "rota.ics", ev("1", "Al", 9, 16)+ev("2", "Maya", 16, 30))
	if got := n.night(t, "rota.ics", ev("1", "Al", 9, 16)+"BEGIN:VEVENT\nBEGIN:VCALENDAR\n"); got != whole || len(n.said) != 1 {
		t.Errorf("%s, %v", got, n.said)
	}
	if got := n.night(t, "rota.ics", ev("1", "Al", 9, 16)); strings.Contains(got, "Maya") || len(n.said) != 0 {
		t.Errorf("%s, %v", got, n.said)
	}
}

func TestWhatAnotherCalendarTellsStays(t *testing.T) {
	n := newRotaNights()
	n.night(t, "a.ics", ev("1", "Al", 9, 16)+ev("2", "Maya", 16, 30))
	both := n.night(t, "b.ics", ev("2", "Maya", 16, 30))
	if got := n.night(t, "a.ics", ev("1", "Al", 9, 16)); got != both {
		t.Errorf("%s, which b.ics still tells", got)
	}
	if got := n.night(t, "b.ics", ev("3", "Bo", 16, 17)); strings.Contains(got, "Maya") {
		t.Errorf("%s, which no file tells any more", got)
	}
	before := n.again(t)
	if got := n.night(t, "b.ics", "-"); got != before {
		t.Errorf("%s, where a file is gone", got)
	}
}

// TestTheCursorOfALongRotaStaysSmall, and the horizon is what stamps say, not when a file was written.
func TestTheCursorOfALongRotaStaysSmall(t *testing.T) {
	n := newRotaNights()
	n.night(t, "rota.ics", ev("1", "Al", 1, 2, "RRULE:FREQ=HOURLY;COUNT=20000"))
	if len(n.cursor) > 1<<20 || len(n.said) > 0 {
		t.Errorf("%d bytes, %v", len(n.cursor), n.said)
	}
	if strings.Contains(string(n.cursor), `"horizon":"2026`) {
		t.Errorf("it speaks for more than it tells: %s", n.cursor[:200])
	}
}

package paging

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// aCalendar is a source of one calendar.
func aCalendar(text string) Files {
	fsys := fstest.MapFS{"rota.ics": {Data: []byte(text), ModTime: time.Unix(1, 0)}}
	return Files{Tracker: "pager", Tool: "ical", Zone: time.UTC, Set: exports.Set{Source: "rota", FS: fsys, Patterns: []string{"rota.ics"}}}
}

// anEvent is a calendar of one event.
func anEvent(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Maya\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

func TestCalendarsKeepTheContractOfSources(t *testing.T) {
	collectortest.Run(t, collectortest.Harness{Source: func(testing.TB) collectors.Source {
		return aCalendar(anEvent("DTSTAMP:20260301T000000Z", "DTSTART:20260302T100000Z", "DTEND:20260303T100000Z", "RRULE:FREQ=DAILY;COUNT=700"))
	}})
}

// someRule is a rule of the sort that rotas have, and of many that they have not.
func someRule(t *rapid.T) string {
	freq := rapid.SampledFrom([]string{"HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq")
	s := "FREQ=" + freq + fmt.Sprintf(";INTERVAL=%d", rapid.IntRange(1, 40).Draw(t, "interval"))
	if rapid.Bool().Draw(t, "counted") {
		s += fmt.Sprintf(";COUNT=%d", rapid.IntRange(1, 30).Draw(t, "count"))
	}
	part := func(name string, of *rapid.Generator[int]) {
		if rapid.IntRange(0, 3).Draw(t, name+"?") > 0 {
			return
		}
		var vs []string
		for _, v := range rapid.SliceOfNDistinct(of, 1, 3, rapid.ID).Draw(t, name) {
			vs = append(vs, fmt.Sprint(v))
		}
		s += ";" + name + "=" + strings.Join(vs, ",")
	}
	signed := func(most int) *rapid.Generator[int] {
		return rapid.IntRange(-most, most).Filter(func(v int) bool { return v != 0 })
	}
	part("BYMONTH", rapid.IntRange(1, 12))
	part("BYMONTHDAY", signed(31))
	if freq == "YEARLY" {
		part("BYYEARDAY", signed(365))
	}
	part("BYHOUR", rapid.IntRange(0, 23))
	part("BYMINUTE", rapid.IntRange(0, 59))
	if rapid.IntRange(0, 2).Draw(t, "BYDAY?") == 0 {
		nth := ""
		if (freq == "MONTHLY" || freq == "YEARLY") && rapid.Bool().Draw(t, "nth?") {
			nth = fmt.Sprint(signed(4).Draw(t, "nth")) // beyond the length of a month rrule-go panics
		}
		var vs []string
		for _, v := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}), 1, 4, rapid.ID).Draw(t, "BYDAY") {
			vs = append(vs, nth+v)
		}
		s += ";BYDAY=" + strings.Join(vs, ",")
	}
	if freq == "MONTHLY" || freq == "YEARLY" { // weekly, rrule-go counts the first week's positions from its first day on
		part("BYSETPOS", signed(5))
	}
	if freq == "WEEKLY" {
		s += ";WKST=" + rapid.SampledFrom([]string{"MO", "SU", "WE"}).Draw(t, "WKST")
	}
	return s
}

// TestRulesAreExpandedAsRRuleGoDoes, in UTC and over three years.
func TestRulesAreExpandedAsRRuleGoDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2024, 1, rapid.IntRange(1, 400).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), 0, 0, time.UTC)
		text := someRule(t)
		limit := start.AddDate(3, 0, 0)
		rule, err := parseRule(text)
		if strings.Contains(text, "HOURLY") && (strings.Contains(text, "BYSETPOS") || strings.Contains(text, "BYHOUR")) {
			t.Skip("rrule-go may never end")
		}
		if err != nil {
			t.Fatal(text, err)
		}
		var got []time.Time
		steps := patience
		rule.expand(start.Unix(), limit.Unix(), &steps, func(at int64) bool {
			got = append(got, time.Unix(at, 0).UTC())
			return true
		})
		option, err := rrule.StrToROption(text)
		if err != nil {
			t.Fatal(err)
		}
		option.Dtstart, option.Until = start, limit
		oracle, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatal(err)
		}
		if want := oracle.All(); !slices.EqualFunc(got, want, time.Time.Equal) {
			t.Fatalf("%s from %s (%s): %d, not %d\ngot  %v\nwant %v", text, start, start.Weekday(), len(got), len(want), got[:min(5, len(got))], want[:min(5, len(want))])
		}
	})
}

// TestWeeklyShiftsKeepTheirHour over changes to daylight saving, on both ends.
func TestWeeklyShiftsKeepTheirHour(t *testing.T) {
	for _, name := range []string{"Pacific/Chatham", "America/New_York"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Skip("no zones here: ", err)
		}
		b := collect(t, aCalendar(anEvent("DTSTART;TZID="+name+":20260105T093000", "DTEND;TZID="+name+":20260112T093000", "RRULE:FREQ=WEEKLY;COUNT=60")))
		if len(b.Shifts) != 60 || len(b.Doubts) > 0 {
			t.Fatalf("%d shifts, %v", len(b.Shifts), b.Doubts)
		}
		for i, s := range b.Shifts {
			if l := s.From.In(zone); l.Format("Mon 15:04") != "Mon 09:30" {
				t.Errorf("%s begins at %s", name, l)
			}
			if i > 0 && b.Shifts[i-1].To != s.From {
				t.Errorf("%s: from %s to %s nobody is on call", name, b.Shifts[i-1].To, s.From)
			}
		}
	}
}

// TestABombOfRecurrencesIsAGap: nothing that a calendar asks for takes long.
func TestABombOfRecurrencesIsAGap(t *testing.T) {
	minutes := make([]string, 60)
	for i := range minutes {
		minutes[i] = fmt.Sprint(i)
	}
	for name, text := range map[string]string{
		"every minute of two hundred years": anEvent("DTSTART:20000101T000000Z", "DURATION:PT1M", "RRULE:FREQ=HOURLY;BYMINUTE="+strings.Join(minutes, ","), "RDATE:22000101T000000Z"),
		"a thousand events of fifty years": strings.Repeat(anEvent("DTSTART:19710101T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"), 1000) +
			anEvent("DTSTART:20260101T000000Z", "DURATION:PT1H"),
		"a thousand 30ths of February": strings.Repeat(anEvent("DTSTART:19710101T000000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), 1500) +
			anEvent("DTSTART:20260101T000000Z", "DURATION:PT1H"),
	} {
		begin := time.Now()
		b := collect(t, aCalendar(text))
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("%s took %s", name, took)
		}
		if len(b.Gaps) == 0 || !strings.Contains(b.Gaps[0].Why, "come again") {
			t.Errorf("%s: %d shifts, gaps %v", name, len(b.Shifts), b.Gaps)
		}
	}
}

// TestAnHourThatNeverComesIsNoShift: rrule-go looks for it for ever.
func TestAnHourThatNeverComesIsNoShift(t *testing.T) {
	b := collect(t, aCalendar(anEvent("DTSTART:20260302T100000Z", "DTEND:20260302T120000Z", "RRULE:FREQ=HOURLY;INTERVAL=24;BYHOUR=5")))
	if len(b.Shifts) != 1 {
		t.Errorf("%d shifts", len(b.Shifts))
	}
}

// TestCalendarsWithoutAnEndReachEighteenMonths beyond the newest instant, or beyond today.
func TestCalendarsWithoutAnEndReachEighteenMonths(t *testing.T) {
	s := aCalendar(anEvent("DTSTART:20200106T100000Z", "DTEND:20200113T100000Z", "RRULE:FREQ=WEEKLY"))
	last := func() record.Instant {
		b := collect(t, s)
		return b.Shifts[len(b.Shifts)-1].From
	}
	at := func(y int, m time.Month, d int) record.Instant {
		return record.At(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
	}
	if l := last(); l < at(2021, 6, 28) || l > at(2021, 7, 8) {
		t.Errorf("the last shift is on %s", l)
	}
	s.Latest = at(2026, 11, 24)
	if l := last(); l < at(2028, 5, 15) || l > at(2028, 5, 26) {
		t.Errorf("read in November 2026, the last shift is on %s", l)
	}
}

// rota is who is on call when, of shifts that last any time.
func rota(b record.Batch) (all []string) {
	for _, s := range b.Shifts {
		if s.From < s.To {
			all = append(all, fmt.Sprintf("%s %s–%s", s.Person.Name, s.From.Time().Format("2 Jan 15:04"), s.To.Time().Format("2 Jan 15:04")))
		}
	}
	slices.Sort(all)
	return all
}

// TestAChangeOfThisAndAllFollowing moves, lengthens and hands over what comes later, up to the next such one.
func TestAChangeOfThisAndAllFollowing(t *testing.T) {
	series := []string{"DTSTART;TZID=Europe/Berlin:20260302T100000", "DTEND;TZID=Europe/Berlin:20260302T180000", "RRULE:FREQ=WEEKLY;COUNT=6"} // to summer time on 29 March
	change := func(lines ...string) string { return strings.Replace(anEvent(lines...), "SUMMARY:Maya\r\n", "", 1) }
	for name, c := range map[string]struct{ text, want string }{
		"a person": {change("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260316T100000", "SUMMARY:Al", "DTSTART;TZID=Europe/Berlin:20260316T100000", "DTEND;TZID=Europe/Berlin:20260316T180000"),
			"Al 16 Mar 09:00–16 Mar 17:00|Al 23 Mar 09:00–23 Mar 17:00|Al 30 Mar 08:00–30 Mar 16:00|Al 6 Apr 08:00–6 Apr 16:00|Maya 2 Mar 09:00–2 Mar 17:00|Maya 9 Mar 09:00–9 Mar 17:00"},
		"a day and two hours later, for an hour, told in UTC": {change("RECURRENCE-ID;RANGE=THISANDFUTURE:20260316T090000Z", "SUMMARY:Al", "DTSTART;TZID=Europe/Berlin:20260317T120000", "DURATION:PT1H"),
			"Al 17 Mar 11:00–17 Mar 12:00|Al 24 Mar 11:00–24 Mar 12:00|Al 31 Mar 10:00–31 Mar 11:00|Al 7 Apr 10:00–7 Apr 11:00|Maya 2 Mar 09:00–2 Mar 17:00|Maya 9 Mar 09:00–9 Mar 17:00"},
		"twice, a single one, and one taken out": {change("RECURRENCE-ID;RANGE=THISANDFUTURE:20260330T080000Z", "SUMMARY:Bo", "DTSTART:20260330T080000Z", "DURATION:PT1H") +
			change("RECURRENCE-ID;RANGE=THISANDFUTURE:20260309T090000Z", "SUMMARY:Al", "DTSTART:20260309T090000Z", "DURATION:PT1H") +
			change("RECURRENCE-ID:20260406T080000Z", "SUMMARY:Cy", "DTSTART:20260406T080000Z", "DURATION:PT2H"),
			"Al 16 Mar 09:00–16 Mar 10:00|Al 23 Mar 09:00–23 Mar 10:00|Al 9 Mar 09:00–9 Mar 10:00|Bo 30 Mar 08:00–30 Mar 09:00|Cy 6 Apr 08:00–6 Apr 10:00|Maya 2 Mar 09:00–2 Mar 17:00"},
		"an end to all": {change("RECURRENCE-ID;RANGE=THISANDFUTURE:20260309T090000Z", "STATUS:CANCELLED", "DTSTART:20260309T090000Z"),
			"Maya 2 Mar 09:00–2 Mar 17:00"},
		"two of one, of which the later stands last": {change("DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260309T090000Z", "SUMMARY:Zoe", "DTSTART:20260309T090000Z", "DURATION:PT1H") +
			change("DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260309T090000Z", "SUMMARY:Al", "DTSTART:20260309T090000Z", "DURATION:PT1H") +
			change("RECURRENCE-ID;RANGE=THISANDFUTURE:20260316T090000Z", "STATUS:CANCELLED", "DTSTART:20260309T090000Z"),
			"Al 9 Mar 09:00–9 Mar 10:00|Maya 2 Mar 09:00–2 Mar 17:00"},
	} {
		b := collect(t, aCalendar(anEvent(series...)+c.text))
		if got := strings.Join(rota(b), "|"); got != c.want || len(b.Doubts) > 0 {
			t.Errorf("%s: %v\n got %s\nwant %s", name, b.Doubts, got, c.want)
		}
	}
	alone := collect(t, aCalendar(change("RECURRENCE-ID;RANGE=THISANDFUTURE:20260309T090000Z", "SUMMARY:Al", "DTSTART:20260309T090000Z", "DURATION:PT1H")))
	if len(rota(alone)) != 1 || len(alone.Doubts) != 1 {
		t.Errorf("%v, %v", rota(alone), alone.Doubts)
	}
}

// TestAReadingThatComesTwiceIsTheFirst, also half a day from Greenwich.
func TestAReadingThatComesTwiceIsTheFirst(t *testing.T) {
	for zone, want := range map[string]string{"Pacific/Auckland": "Maya 4 Apr 13:30–4 Apr 15:30", "Pacific/Apia": "Maya 4 Apr 13:30–4 Apr 14:30"} {
		b := collect(t, aCalendar(anEvent("DTSTART;TZID="+zone+":20260405T023000", "DTEND;TZID="+zone+":20260405T033000")))
		if got := strings.Join(rota(b), "|"); got != want {
			t.Errorf("%s: %s, not %s", zone, got, want)
		}
	}
}

// TestComponentsInAnyOrder: whatever begins and ends where, no event is lost without a word.
func TestComponentsInAnyOrder(t *testing.T) {
	parts := []string{"VEVENT", "VEVENT", "VTIMEZONE", "STANDARD", "VALARM", "VCALENDAR", "VTODO"}
	rapid.Check(t, func(rt *rapid.T) {
		var text strings.Builder
		text.WriteString("BEGIN:VCALENDAR\n")
		events, others := 0, 0
		for range rapid.IntRange(1, 12).Draw(rt, "lines") {
			part := rapid.SampledFrom(parts).Draw(rt, "part")
			if rapid.Bool().Draw(rt, "ends") {
				fmt.Fprintf(&text, "END:%s\n", part)
				continue
			}
			fmt.Fprintf(&text, "BEGIN:%s\n", part)
			switch part {
			case "VEVENT":
				events++
				fmt.Fprintf(&text, "UID:%d\nDTSTART:20260302T100000Z\nDTEND:20260303T100000Z\nSUMMARY:Maya\n", events)
			case "VTIMEZONE":
				text.WriteString("TZID:X\n")
			case "VTODO":
				others++
			}
		}
		b := collect(t, aCalendar(text.String()))
		told := len(b.Shifts)
		for _, n := range b.Tallies[0].Left {
			told += n
		}
		if told != events+others && len(b.Gaps) == 0 {
			rt.Fatalf("%d of %d events\n%s%v", told-others, events, text.String(), b.Doubts)
		}
	})
}

func FuzzCalendar(f *testing.F) {
	f.Add(anEvent("DTSTART;TZID=Europe/Berlin:20260302T100000", "DTEND:20260303T100000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO,2TU;BYSETPOS=-1", "EXDATE:20260309T090000Z", "RDATE;VALUE=PERIOD:20260401T090000Z/PT1H"))
	f.Add(anEvent("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=YEARLY;BYDAY=-53MO;BYWEEKNO=-1,53;COUNT=3", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260302", "STATUS:CANCELLED"))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:-023000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=X:20260302T100000\nDURATION:P1DT2H\nATTENDEE;CN=\"a\":mailto:b@c\nEND:VEVENT\n")
	f.Add("BEGIN:VTIMEZONE\nTZID:X\nBEGIN:VTIMEZONE\nTZID:Y\nBEGIN:STANDARD\nEND:VTIMEZONE\nEND:VTIMEZONE\n" + anEvent("DTSTART;TZID=X:20260302T100000", "DTEND:20260303T100000Z"))
	f.Add("BEGIN:VEVENT\nDTSTART:20260302T100000Z\nBEGIN:VEVENT\nDTSTART:20260302T100000Z\nDTEND:20260303T100000Z\nBEGIN:VALARM\nSUMMARY:Bo\nBEGIN:VTIMEZONE\nEND:VEVENT\nEND:VTIMEZONE\nEND:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\nEND:VALARM\n")
	f.Fuzz(func(t *testing.T, text string) {
		b := collect(t, aCalendar("BEGIN:VCALENDAR\n"+text))
		for _, s := range b.Shifts {
			if s.ID == "" || s.From == 0 || s.To < s.From || s.To == s.From && s.Person.Known() || s.Role != superhero && s.Role != sidekick && s.Person.Known() {
				t.Errorf("%+v", s)
			}
		}
	})
}

func BenchmarkCalendar(b *testing.B) { // ten years of a daily rota, every day written out
	var text strings.Builder
	text.WriteString("BEGIN:VCALENDAR\r\n")
	for d := range 3650 {
		at := time.Date(2016, 1, 1+d, 9, 0, 0, 0, time.UTC)
		fmt.Fprintf(&text, "BEGIN:VEVENT\r\nUID:%d\r\nDTSTART;TZID=Europe/Berlin:%s\r\nDTEND;TZID=Europe/Berlin:%s\r\nATTENDEE;CN=Maya:mailto:maya@example.com\r\nSUMMARY:On Call - Maya - Orders\r\nEND:VEVENT\r\n",
			d, at.Format("20060102T150405"), at.AddDate(0, 0, 1).Format("20060102T150405"))
	}
	text.WriteString("END:VCALENDAR\r\n")
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if n := len(collect(b, aCalendar(text.String())).Shifts); n != 3650 {
			b.Fatal(n)
		}
	}
}

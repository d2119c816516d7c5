package calendar

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/rickar/cal/v2/us"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

const hour = time.Hour

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// local reads "2026-11-26 09:00" in a zone.
func local(t testing.TB, l *time.Location, s string) record.Instant {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, l)
	if err != nil {
		t.Fatal(err)
	}
	return record.At(at)
}

// weekdays is the same hours from Monday to Friday.
func weekdays(spans ...Span) (w [7][]Span) {
	for d := time.Monday; d <= time.Friday; d++ {
		w[d] = spans
	}
	return w
}

func everyDay(spans ...Span) (w [7][]Span) {
	for d := range w {
		w[d] = spans
	}
	return w
}

func office(t testing.TB, zoneName, holidays string) *Calendar {
	t.Helper()
	c, err := New("office", zone(t, zoneName), []Version{{Week: weekdays(Span{9 * hour, 17*hour + 30*time.Minute}), Holidays: holidays, Closed: []record.Date{"2026-12-24"}}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWorkingTimeIsWhatTheHoursSay(t *testing.T) {
	ny := office(t, "America/New_York", "us")
	for _, x := range []struct {
		a, b string
		want time.Duration
		why  string
	}{
		{"2026-10-05 09:00", "2026-10-05 17:30", 8*hour + 30*time.Minute, "a Monday"},
		{"2026-10-05 08:00", "2026-10-05 10:00", hour, "from before opening"},
		{"2026-10-05 17:00", "2026-10-06 09:30", hour, "over a night"},
		{"2026-10-02 17:00", "2026-10-05 09:30", hour, "over a weekend"},
		{"2026-11-25 17:00", "2026-11-27 09:30", hour, "over Thanksgiving"},
		{"2026-07-02 17:00", "2026-07-06 09:30", hour, "Independence Day on a Saturday is kept on the Friday"},
		{"2021-12-30 17:00", "2022-01-03 09:30", hour, "New Year's Day on a Saturday is kept on the last day of the year before"},
		{"2026-12-23 17:00", "2026-12-28 09:30", hour, "over a closed day and Christmas"},
		{"2026-10-30 17:00", "2026-11-02 09:30", hour, "over a weekend of 49 hours"},
		{"2026-10-03 00:00", "2026-10-05 00:00", 0, "a weekend"},
		{"2026-10-06 00:00", "2026-10-05 00:00", 0, "backwards"},
	} {
		if got := ny.Between(local(t, ny.zone, x.a), local(t, ny.zone, x.b)); got != x.want {
			t.Errorf("%s to %s, %s: %s, want %s", x.a, x.b, x.why, got, x.want)
		}
	}
}

func TestHoursAreCountedAsTheyElapseOverDaylightSaving(t *testing.T) {
	// In New York the clock jumps from 02:00 to 03:00 on 2026-03-08 and from 02:00 back to 01:00 on 2026-11-01.
	at := func(h, m int) time.Duration { return time.Duration(h)*hour + time.Duration(m)*time.Minute }
	for _, x := range []struct {
		span Span
		day  string
		want time.Duration
	}{
		{Span{at(22, 0), at(6, 0)}, "2026-03-07", 7 * hour},
		{Span{at(22, 0), at(6, 0)}, "2026-10-31", 9 * hour},
		{Span{0, at(24, 0)}, "2026-03-08", 23 * hour},
		{Span{0, at(24, 0)}, "2026-11-01", 25 * hour},
		{Span{at(2, 30), at(5, 0)}, "2026-03-08", 2 * hour}, // an opening that does not come: from 03:00
		{Span{at(1, 0), at(2, 30)}, "2026-03-08", 1 * hour}, // a closing that does not come: to 03:00
		{Span{at(2, 0), at(3, 0)}, "2026-03-08", 0},
		{Span{at(1, 30), at(3, 0)}, "2026-11-01", 2*hour + 30*time.Minute}, // opens at the first 01:30
		{Span{at(0, 0), at(1, 30)}, "2026-11-01", 1*hour + 30*time.Minute}, // closes at the first 01:30
		{Span{at(9, 0), at(17, 30)}, "2026-11-01", 8*hour + 30*time.Minute},
	} {
		var w [7][]Span
		d, _ := DayOf(record.Date(x.day))
		w[weekday(d)] = []Span{x.span}
		c, err := New("x", zone(t, "America/New_York"), []Version{{Week: w}})
		if err != nil {
			t.Fatal(err)
		}
		a := record.Date(x.day).Start(c.zone)
		if got := c.Between(a, a.Add(48*hour)); got != x.want {
			t.Errorf("%s of %s: %s, want %s", x.span, x.day, got, x.want)
		}
	}
}

func TestHoursBelongToTheDayTheyBeginOn(t *testing.T) {
	l := zone(t, "Europe/Berlin")
	var w [7][]Span
	w[time.Thursday] = []Span{{22 * hour, 6 * hour}}
	w[time.Friday] = []Span{{22 * hour, 6 * hour}}
	c, err := New("night", l, []Version{
		{Week: w, Closed: []record.Date{"2026-10-09"}}, // a Friday
		{From: "2026-10-23", Week: everyDay(Span{8 * hour, 10 * hour})},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		from, to string
		want     time.Duration
		why      string
	}{
		{"2026-10-02 00:00", "2026-10-03 00:00", 8 * hour, "Friday: the rest of Thursday's shift and the beginning of its own"},
		{"2026-10-08 12:00", "2026-10-11 00:00", 8 * hour, "closed on Friday: Thursday's shift ends in the morning, Friday's never begins"},
		{"2026-10-22 12:00", "2026-10-23 07:00", 8 * hour, "a shift begun under the old hours is finished under them"},
		{"2026-10-23 07:00", "2026-10-24 00:00", 2 * hour, "the new hours from their date on"},
	} {
		if got := c.Between(local(t, l, x.from), local(t, l, x.to)); got != x.want {
			t.Errorf("%s: %s, want %s", x.why, got, x.want)
		}
	}
	for d, want := range map[record.Date]bool{"2026-10-01": true, "2026-10-02": true, "2026-10-03": false, "2026-10-09": false, "2026-10-24": true, "": false} {
		if got := c.WorkingDay(d); got != want {
			t.Errorf("working day %q: %v", d, got)
		}
	}
	if got := c.Day(local(t, l, "2026-10-22 23:59")); got != 8*hour {
		t.Errorf("a day of the old hours is %s", got)
	}
	if got := c.Day(local(t, l, "2026-10-23 00:00")); got != 2*hour {
		t.Errorf("a day of the new hours is %s", got)
	}
}

func TestADayIsTheLongestOfTheWeekUnlessDeclared(t *testing.T) {
	w := weekdays(Span{8 * hour, 12 * hour}, Span{11 * hour, 16 * hour})
	w[time.Friday] = []Span{{8 * hour, 12 * hour}}
	c, err := New("x", time.UTC, []Version{{Week: w}, {From: "2026-01-01", Week: w, Day: 7 * hour}})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Day(record.Date("2025-06-01").Start(time.UTC)); got != 8*hour {
		t.Errorf("longest: %s", got)
	}
	if got := c.Day(record.Date("2026-06-01").Start(time.UTC)); got != 7*hour {
		t.Errorf("declared: %s", got)
	}
	if got := Always(time.UTC).Day(1); got != 24*hour {
		t.Errorf("always: %s", got)
	}
}

func TestADueMomentIsTheFirstThatWillDo(t *testing.T) {
	c := office(t, "America/New_York", "us")
	for _, x := range []struct {
		from string
		d    time.Duration
		want string
	}{
		{"2026-10-05 09:00", 8*hour + 30*time.Minute, "2026-10-05 17:30"}, // closing time, not the next opening
		{"2026-10-05 17:30", time.Minute, "2026-10-06 09:01"},
		{"2026-10-02 17:00", time.Hour, "2026-10-05 09:30"},
		{"2026-11-25 12:00", 3 * 8 * hour, "2026-12-01 10:30"}, // 5:30 + 0 (Thanksgiving) + 8:30 + 8:30 + 1:30
		{"2026-10-03 12:00", 0, "2026-10-03 12:00"},
		{"2026-10-03 12:00", -hour, "2026-10-03 12:00"},
	} {
		if got := c.Add(local(t, c.zone, x.from), x.d); got != local(t, c.zone, x.want) {
			t.Errorf("%s and %s: %s, want %s", x.from, x.d, got.In(c.zone), x.want)
		}
	}
	for _, c := range []*Calendar{c, Always(time.UTC)} {
		if got := c.Add(local(t, time.UTC, "2026-10-05 09:00"), 1<<63-1); got != 0 {
			t.Errorf("%s: a promise of 292 years falls due at %s", c.name, got)
		}
	}
}

func TestSpellsSayWhyNobodyWorks(t *testing.T) {
	c := office(t, "America/New_York", "us")
	var got []string
	for s := range c.Spells(local(t, c.zone, "2026-11-25 17:00"), local(t, c.zone, "2026-11-27 09:30")) {
		got = append(got, fmt.Sprintf("%s %s %s", s.From.In(c.zone).Format("Jan 2 15:04"), s.To.In(c.zone).Format("Jan 2 15:04"), s.Why))
	}
	want := []string{
		"Nov 25 17:00 Nov 25 17:30 ",
		"Nov 25 17:30 Nov 26 00:00 off hours",
		"Nov 26 00:00 Nov 27 00:00 holiday: Thanksgiving Day",
		"Nov 27 00:00 Nov 27 09:00 off hours",
		"Nov 27 09:00 Nov 27 09:30 ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestNewNamesEveryFault(t *testing.T) {
	_, err := New("office", nil, []Version{
		{From: "2026-02-30", Week: everyDay(Span{9 * hour, 9 * hour}), Holidays: "xx", Day: 25 * hour},
		{From: "2025-01-01", Closed: []record.Date{"soon"}},
		{From: "2025-01-01", Week: everyDay(Span{9 * hour, 25 * hour})},
		{From: "2025-01-02", Week: everyDay(Span{-hour, 9 * hour}, Span{24 * hour, 9 * hour}, Span{9 * hour, -hour}), Day: -hour},
	})
	for _, want := range []string{
		"has no time zone", `version from "2026-02-30": not a date`, "Sunday 09:00-09:00 has no length; a whole day is 00:00-24:00", `no holidays are known for "xx"; known are ar,`,
		"a working day of 25h0m0s", `version from "2025-01-01" does not come after`, `closed "soon"`, "has no working hours at all", "hours lie between 00:00 and 24:00",
		"Sunday 24:00-09:00: hours lie", "a working day of -1h0m0s",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	if _, err := New("round", time.UTC, []Version{{Week: everyDay(Span{0, 24 * hour}), Day: 24 * hour}}); err != nil {
		t.Error(err)
	}
	if _, err := New("empty", time.UTC, nil); err == nil {
		t.Error("a calendar without hours is accepted")
	}
}

func TestEveryCountryHasHolidays(t *testing.T) {
	for _, code := range Countries() {
		days, ok := holidaysOf(strings.ToUpper(code))
		a, _ := DayOf("2026-01-01")
		if n := len(holidaysBetween(days, a, a)); !ok || n < 15 { // three years of them
			t.Errorf("%s: %d holidays in three years", code, n)
		}
	}
}

func TestHolidaysOfEnglandIn2022(t *testing.T) { // gov.uk/bank-holidays: moved, substituted and extra ones in one year
	days, _ := holidaysOf("gb")
	first, _ := DayOf("2022-01-01")
	last, _ := DayOf("2022-12-31")
	var got []string
	for d, name := range holidaysBetween(days, first, last) {
		if first <= d && d <= last {
			got = append(got, string(dateOf(d))+" "+strings.TrimPrefix(name, "holiday: "))
		}
	}
	slices.Sort(got)
	want := []string{
		"2022-01-03 New Year's Day", "2022-04-15 Good Friday", "2022-04-18 Easter Monday", "2022-05-02 Early May Bank Holiday", "2022-06-02 Spring Bank Holiday",
		"2022-06-03 Platinum Jubilee Bank Holiday", "2022-08-29 Summer Bank Holiday", "2022-12-26 Boxing Day", "2022-12-27 Christmas Day",
	}
	slices.Sort(want)
	if len(got) != len(want) {
		t.Fatalf("got  %q\nwant %q", got, want)
	}
	for i := range got {
		if got[i][:10] != want[i][:10] {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
}

// A holiday may be told as so many days after another one.
func TestADayAfterAnotherIsKeptTheDayAfter(t *testing.T) {
	if day, ok := observed(us.DayAfterThanksgivingDay, 2026); !ok || dateOf(day) != "2026-11-27" {
		t.Errorf("%s", dateOf(day))
	}
}

func TestTheFarFutureHasHoursToo(t *testing.T) { // Go's ZoneBounds is wrong about 2040-12-31
	c := office(t, "America/New_York", "us")
	if got := c.Between(local(t, c.zone, "2040-12-31 00:00"), local(t, c.zone, "2041-01-02 12:00")); got != 8*hour+30*time.Minute+3*hour {
		t.Errorf("%s", got)
	}
	if got := c.Between(local(t, c.zone, "1970-01-02 00:00"), 1<<63-1); got < 292*240*8*hour {
		t.Errorf("292 years have %s", got)
	}
}

// Tables are made for 417 days at a time. One ends in an evening in New York, on 2025-12-10 at 18:57:33.93, and no question
// must show where.
func TestNothingIsLostWhereTwoTablesMeet(t *testing.T) {
	l := zone(t, "America/New_York")
	c, err := New("evening", l, []Version{{Week: everyDay(Span{18 * hour, 20 * hour})}})
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) record.Instant { return local(t, l, s) }
	seam := record.Instant(49) << bucketBits
	if seam < at("2025-12-10 18:57") || seam > at("2025-12-10 18:58") {
		t.Fatalf("tables meet at %s", seam.In(l))
	}
	if got := c.Between(at("2025-12-10 00:00"), at("2025-12-12 00:00")); got != 4*hour {
		t.Errorf("two evenings have %s", got)
	}
	if got := c.Between(at("2023-01-01 00:00"), at("2027-01-01 00:00")); got != (3*365+366)*2*hour {
		t.Errorf("four years have %s", got)
	}
	if got := c.Add(at("2023-01-01 00:00"), (3*365+366)*2*hour); got != at("2026-12-31 20:00") {
		t.Errorf("all of four years is due at %s", got.In(l))
	}
	opened := at("2025-12-10 18:00")
	for _, d := range []time.Duration{seam.Sub(opened) - 1, seam.Sub(opened), seam.Sub(opened) + 1, 2 * hour} {
		if got := c.Add(opened, d); got != opened.Add(d) {
			t.Errorf("%s after opening is due at %s", d, got.In(l))
		}
	}
	if got := c.Add(opened, 3*hour); got != at("2025-12-11 19:00") {
		t.Errorf("three hours are due at %s", got.In(l))
	}
	if !c.Working(seam-1) || !c.Working(seam) || c.Working(opened-1) || c.Working(at("2025-12-10 20:00")) {
		t.Error("the evening is open from its beginning to its end")
	}
	var got []Spell
	for s := range c.Spells(opened-1, at("2025-12-10 20:00")+1) {
		got = append(got, s)
	}
	want := []Spell{{opened - 1, opened, false, "off hours"}, {opened, at("2025-12-10 20:00"), true, ""}, {at("2025-12-10 20:00"), at("2025-12-10 20:00") + 1, false, "off hours"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// By the rule of 2007, which the zone file ends with, the clocks of New York change on 2038-03-14 and 2040-11-04.
func TestClocksChangeBeyondTheZoneFile(t *testing.T) {
	c, err := New("night", zone(t, "America/New_York"), []Version{{Week: everyDay(Span{22 * hour, 6 * hour})}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		evening string
		want    time.Duration
	}{{"2037-03-07", 7 * hour}, {"2038-03-13", 7 * hour}, {"2038-11-06", 9 * hour}, {"2040-03-10", 7 * hour}, {"2040-11-03", 9 * hour}, {"2040-12-30", 8 * hour}, {"2040-12-31", 8 * hour}, {"2041-03-09", 7 * hour}} {
		noon := local(t, c.zone, x.evening+" 12:00")
		if got := c.Between(noon, noon.Add(24*hour)); got != x.want {
			t.Errorf("the night of %s has %s, want %s", x.evening, got, x.want)
		}
		if got := c.Add(noon, x.want); got.In(c.zone).Format("15:04") != "06:00" {
			t.Errorf("the night of %s ends at %s", x.evening, got.In(c.zone))
		}
	}
}

func TestOneCalendarServesManyGoroutines(t *testing.T) {
	c := office(t, "Pacific/Chatham", "nz")
	want := office(t, "Pacific/Chatham", "nz").Between(0, 1<<61)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := c.Between(0, 1<<61); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
	wg.Wait()
}

// The rest holds the tables to an oracle that knows nothing of them: it walks the zone's clock minute
// by minute.

var zones = []string{
	"UTC", "America/New_York", "Europe/Berlin", "Pacific/Chatham", "Asia/Kolkata", "Africa/Casablanca",
	"Australia/Lord_Howe", // half an hour of daylight saving
	"America/Havana",      // changes at midnight, both ways
	"America/Sao_Paulo",   // midnight was skipped until 2018
	"America/St_Johns",    // changed at 00:01 until 2011
	"Antarctica/Troll",    // two hours
	"Pacific/Apia",        // had no 2011-12-30
}

// someCalendar draws a calendar with one or two versions of odd hours, closed days around at, and
// perhaps holidays.
func someCalendar(t *rapid.T, at record.Instant) (*Calendar, []Version) {
	l, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	span := rapid.Custom(func(t *rapid.T) Span {
		from := rapid.IntRange(0, 24*60-1).Draw(t, "from")
		to := rapid.IntRange(0, 24*60).Filter(func(to int) bool { return to != from }).Draw(t, "to")
		return Span{time.Duration(from) * time.Minute, time.Duration(to) * time.Minute}
	})
	day := DayAt(at, l)
	closed := rapid.SliceOfN(rapid.Map(rapid.IntRange(-3, 6), func(n int) record.Date { return dateOf(day + n) }), 0, 3)
	var versions []Version
	for i := range rapid.IntRange(1, 2).Draw(t, "versions") {
		v := Version{Holidays: rapid.SampledFrom([]string{"", "us", "de-by"}).Draw(t, "holidays"), Closed: closed.Draw(t, "closed")}
		if i > 0 {
			v.From = dateOf(day + rapid.IntRange(-2, 4).Draw(t, "change"))
		}
		for d := range v.Week {
			v.Week[d] = rapid.SliceOfN(span, 0, 2).Draw(t, "spans")
		}
		v.Week[weekday(day)] = append(v.Week[weekday(day)], span.Draw(t, "span"))
		versions = append(versions, v)
	}
	c, err := New("some", l, versions)
	if err != nil {
		t.Fatal(err)
	}
	return c, versions
}

// someInstant draws a whole minute, half the time near a change of the clocks.
func someInstant(t *rapid.T) record.Instant {
	at := record.Instant(rapid.Int64Range(1262304000/60, 2272147200/60).Draw(t, "minute") * 60e9) // 2010 to 2041
	if rapid.Bool().Draw(t, "near a change") {
		l, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "clock"))
		if err != nil {
			t.Fatal(err)
		}
		if _, end := at.In(l).ZoneBounds(); !end.IsZero() {
			at = record.At(end).Add(time.Duration(rapid.IntRange(-3000, 3000).Draw(t, "off")) * time.Minute)
			at -= at % record.Instant(time.Minute) // some zones' data end in 2038, amid a minute
		}
	}
	return at
}

// minutes is the working time in [a, b) by brute force: open is worked out by walking the clock of
// the zone from long before each opening.
func minutes(c *Calendar, versions []Version, a, b record.Instant) int {
	reading := func(t record.Instant) int64 {
		l := t.In(c.zone)
		return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC).Unix()
	}
	first := func(want int64) record.Instant {
		at := record.Instant((want - 30*3600) * 1e9)
		for reading(at) < want {
			at = at.Add(time.Minute)
		}
		return at
	}
	open := map[record.Instant]bool{}
	for day := DayAt(a, c.zone) - 2; day <= DayAt(b, c.zone)+1; day++ {
		v := versions[0]
		for _, x := range versions[1:] {
			if x.From <= dateOf(day) {
				v = x
			}
		}
		days, _ := holidaysOf(v.Holidays)
		if slices.Contains(v.Closed, dateOf(day)) || holidaysBetween(days, day, day)[day] != "" {
			continue
		}
		for _, s := range v.Week[weekday(day)] {
			end := s.To
			if end <= s.From {
				end += 24 * hour
			}
			for at, end := first(int64(day)*86400+int64(s.From.Seconds())), first(int64(day)*86400+int64(end.Seconds())); at < end; at = at.Add(time.Minute) {
				if a <= at && at < b {
					open[at] = true
				}
			}
		}
	}
	return len(open)
}

func againstTheOracle(t *rapid.T) {
	a := someInstant(t)
	c, versions := someCalendar(t, a)
	b := a.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "minutes")) * time.Minute)
	if got, want := c.Between(a, b), time.Duration(minutes(c, versions, a, b))*time.Minute; got != want {
		t.Fatalf("%s to %s: %s, want %s", a.In(c.zone), b.In(c.zone), got, want)
	}
}

func TestBetweenAgreesWithWalkingTheClock(t *testing.T) { rapid.Check(t, againstTheOracle) }

func FuzzBetweenAgreesWithWalkingTheClock(f *testing.F) { f.Fuzz(rapid.MakeFuzz(againstTheOracle)) }

// arithmetic holds Between, Add, Working and Spells to one another, to the nanosecond and over years.
func arithmetic(t *rapid.T) {
	a := someInstant(t)
	c, _ := someCalendar(t, a)
	a += record.Instant(rapid.Int64Range(0, 60e9).Draw(t, "ns"))
	b := a.Add(time.Duration(rapid.Int64Range(0, int64(1200*24*hour)).Draw(t, "ab")))
	e := b.Add(time.Duration(rapid.Int64Range(0, int64(72*hour)).Draw(t, "bc")))
	ab, bc := c.Between(a, b), c.Between(b, e)
	if ab+bc != c.Between(a, e) {
		t.Fatalf("W(a,b) + W(b,c) = %s, W(a,c) = %s", ab+bc, c.Between(a, e))
	}
	if bc < 0 || bc > e.Sub(b) {
		t.Fatalf("W(b,c) = %s of %s", bc, e.Sub(b))
	}
	d := time.Duration(rapid.Int64Range(1, int64(4000*hour)).Draw(t, "d"))
	due := c.Add(a, d)
	if due == 0 { // so much working time may not come before the end of time
		if left := c.Between(a, record.Date("2261-12-01").Start(time.UTC)); left >= d {
			t.Fatalf("Add(%s, %s) is never, and until December 2261 are %s", a, d, left)
		}
	} else if c.Between(a, due) != d || c.Between(a, due-1) != d-1 {
		t.Fatalf("Add(%s, %s) = %s: %s are worked until then, %s until just before", a, d, due, c.Between(a, due), c.Between(a, due-1))
	}
	at, sum := b, time.Duration(0)
	for s := range c.Spells(b, e) {
		if s.From != at || s.To <= s.From || s.Working != (s.Why == "") || s.Working != c.Working(s.From) || s.Working != c.Working(s.To-1) {
			t.Fatalf("after %s comes the spell %+v", at, s)
		}
		if at = s.To; s.Working {
			sum += s.To.Sub(s.From)
		}
	}
	if at != e && b != e || sum != bc {
		t.Fatalf("spells reach %s of %s and hold %s of %s", at, e, sum, bc)
	}
}

func TestArithmeticAgreesWithItself(t *testing.T) { rapid.Check(t, arithmetic) }

func FuzzArithmeticAgreesWithItself(f *testing.F) { f.Fuzz(rapid.MakeFuzz(arithmetic)) }

func BenchmarkBetween(b *testing.B) {
	c := office(b, "America/New_York", "us")
	a := local(b, c.zone, "2026-03-05 11:00")
	b.ReportAllocs()
	for i := range b.N {
		at := a.Add(time.Duration(i%4000) * hour)
		c.Between(at, at.Add(50*hour))
	}
}

func BenchmarkAdd(b *testing.B) {
	c := office(b, "America/New_York", "us")
	a := local(b, c.zone, "2026-03-05 11:00")
	b.ReportAllocs()
	for i := range b.N {
		c.Add(a.Add(time.Duration(i%4000)*hour), 25*hour+30*time.Minute)
	}
}

func BenchmarkFirstQuestion(b *testing.B) { // what building the table of a year costs
	a := record.Date("2026-03-05").Start(time.UTC)
	b.ReportAllocs()
	for range b.N {
		c := office(b, "America/New_York", "us")
		c.Between(a, a.Add(50*hour))
	}
}

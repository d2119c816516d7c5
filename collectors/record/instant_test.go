package record_test

import (
	"math"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestDaysBeginWhereTheClocksSaySo(t *testing.T) {
	for _, c := range []struct{ zone, day, start, end string }{
		// The hour after midnight is skipped.
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00", "2018-11-04T23:59:59.999999999-02:00"},
		{"Asia/Beirut", "2025-03-30", "2025-03-30T01:00:00+03:00", "2025-03-30T23:59:59.999999999+03:00"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00", "2026-04-24T23:59:59.999999999+03:00"},
		{"Africa/Cairo", "2026-04-23", "2026-04-23T00:00:00+02:00", "2026-04-23T23:59:59.999999999+02:00"},
		{"America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00", "2026-03-08T23:59:59.999999999-04:00"},
		// Midnight comes twice: clocks go back from 01:00 to 00:00, or from 00:00 into the day before.
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-01T23:59:59.999999999-05:00"},
		{"America/Sao_Paulo", "2018-02-17", "2018-02-17T00:00:00-02:00", "2018-02-17T23:59:59.999999999-03:00"},
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T00:00:00-03:00", "2018-02-18T23:59:59.999999999-03:00"},
		{"America/St_Johns", "2010-11-07", "2010-11-07T00:00:00-02:30", "2010-11-07T23:59:59.999999999-03:30"}, // back at 00:01
		// Odd offsets, and a shift at an odd time of the day.
		{"Pacific/Chatham", "2026-04-05", "2026-04-05T00:00:00+13:45", "2026-04-05T23:59:59.999999999+12:45"},
		{"Pacific/Chatham", "2026-09-27", "2026-09-27T00:00:00+12:45", "2026-09-27T23:59:59.999999999+13:45"},
		{"Australia/Lord_Howe", "2026-04-05", "2026-04-05T00:00:00+11:00", "2026-04-05T23:59:59.999999999+10:30"},
		{"Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59.999999999+01:00"},
		{"UTC", "2024-02-29", "2024-02-29T00:00:00Z", "2024-02-29T23:59:59.999999999Z"},
		// Samoa had no 30 December: the day begins where the next one does and has no length.
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00", "2011-12-30T23:59:59.999999999-24:00"},
	} {
		loc, day := zone(t, c.zone), record.Date(c.day)
		start, err := time.Parse(time.RFC3339, c.start)
		if err != nil {
			t.Fatal(err)
		}
		if got := day.Start(loc); got != record.At(start) {
			t.Errorf("%s in %s starts at %s; want %s", c.day, c.zone, got.In(loc), c.start)
		}
		if c.zone == "Pacific/Apia" {
			if day.End(loc) != day.Start(loc)-1 {
				t.Errorf("%s in %s ends at %s; want no length", c.day, c.zone, day.End(loc).In(loc))
			}
			continue
		}
		end, err := time.Parse(time.RFC3339Nano, c.end)
		if err != nil {
			t.Fatal(err)
		}
		if got := day.End(loc); got != record.At(end) {
			t.Errorf("%s in %s ends at %s; want %s", c.day, c.zone, got.In(loc), c.end)
		}
	}
}

var oddZones = []string{"UTC", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "America/Havana", "Pacific/Chatham", "Australia/Lord_Howe",
	"America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Europe/London", "Africa/Casablanca", "Antarctica/Troll", "Asia/Tehran", "America/Scoresbysund"}

// The definition, searched for second by second around where it can be.
func TestMidnightIsTheFirstInstantThatShowsTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(oddZones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		day := time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 90*365).Draw(t, "day"))
		got := record.Midnight(day.Year(), day.Month(), day.Day(), loc)
		shows := func(i record.Instant) bool { // that day's 00:00, or later
			l := i.In(loc)
			return !time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC).Before(day)
		}
		if !shows(got) {
			t.Fatalf("midnight of %s in %s is %s, before that day", day.Format(time.DateOnly), loc, got.In(loc))
		}
		for i := got - 1; i > got.Add(-3*time.Hour); i = i.Add(-time.Minute) {
			if shows(i) {
				t.Fatalf("midnight of %s in %s is %s, but the clocks show that day already at %s", day.Format(time.DateOnly), loc, got.In(loc), i.In(loc))
			}
		}
	})
}

// Days leave no hole and never overlap.
func TestADayEndsJustBeforeTheNextBegins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(oddZones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		day := time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 90*365).Draw(t, "day"))
		this, next := record.Date(day.Format(time.DateOnly)), record.Date(day.AddDate(0, 0, 1).Format(time.DateOnly))
		if this.End(loc)+1 != next.Start(loc) || this.End(loc)+1 < this.Start(loc) {
			t.Fatalf("%s in %s is %s to %s, the next day begins at %s", this, loc, this.Start(loc).In(loc), this.End(loc).In(loc), next.Start(loc).In(loc))
		}
	})
}

// Go loses its way on the last day of a leap year, from when on its tables give way to rules.
func TestTheLastDayOfALeapYearHasAnEnd(t *testing.T) {
	for _, zone := range oddZones {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []record.Date{"2040-12-30", "2040-12-31", "2041-01-01", "2041-01-02", "2056-12-31"} {
			start, end := d.Start(loc), d.End(loc)
			if first, last := start.In(loc).Format(time.DateTime), end.In(loc).Format(time.DateTime); first != string(d)+" 00:00:00" || last != string(d)+" 23:59:59" || end+1-start != record.Instant(24*time.Hour) {
				t.Errorf("%s in %s is %s to %s", d, zone, first, last)
			}
		}
	}
}

func TestWhatIsNoDateHasNoInstants(t *testing.T) {
	for _, d := range []record.Date{"", "2026-13-01", "tomorrow", "0001-01-01", "2300-01-01"} {
		if d.Start(time.UTC) != 0 || d.End(time.UTC) != 0 {
			t.Errorf("%q: %v to %v; want none", d, d.Start(time.UTC), d.End(time.UTC))
		}
	}
	if _, err := record.ParseDate("31.3.2026"); err == nil {
		t.Error("31.3.2026 was taken for a date")
	}
}

func TestInstantsOutsideOfTheirRangeAreNone(t *testing.T) {
	for s, want := range map[string]bool{
		"0001-01-01T00:00:00Z": false, "1969-12-31T23:59:59Z": false, "1970-01-01T00:00:01Z": true, "1969-12-31T20:00:00-05:00": true,
		"2261-12-31T23:59:59.999999999Z": true, "2262-01-01T00:00:00Z": false, "2262-01-01T00:00:00+01:00": true, "9999-12-31T00:00:00Z": false,
	} {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		i := record.At(at)
		if (i != 0) != want {
			t.Errorf("%s is instant %d", s, i)
		}
		if want && !i.Time().Equal(at) {
			t.Errorf("%s came back as %s", s, i)
		}
	}
	if !record.Instant(0).Time().IsZero() || !record.Instant(0).In(time.UTC).IsZero() {
		t.Error("no instant has a time")
	}
}

func TestInstantsReadWhatTheyWrote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := record.Instant(rapid.Int64Range(0, 9_214_646_399_999_999_999).Draw(t, "instant"))
		b, err := i.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back record.Instant
		if err := back.UnmarshalText(b); err != nil || back != i {
			t.Fatalf("%d was written as %s and read as %d, %v", i, b, back, err)
		}
	})
	var i record.Instant
	if i.UnmarshalText([]byte("yesterday")) == nil {
		t.Error("yesterday was taken for an instant")
	}
}

func TestNumbersThatAreNoneAreAbsent(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if record.Num(v).Known {
			t.Errorf("%v is known", v)
		}
	}
	if s := record.Num(math.Copysign(0, -1)).String(); s != "0" {
		t.Errorf("negative zero prints %q", s)
	}
	if s := record.Num(2.50).String(); s != "2.5" {
		t.Errorf("2.50 prints %q", s)
	}
	if s := (record.Number{}).String(); s != "" {
		t.Errorf("an absent number prints %q", s)
	}
}

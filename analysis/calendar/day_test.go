package calendar

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

func labels(ps []Period) (out []string) {
	for _, p := range ps {
		out = append(out, p.Label)
	}
	return out
}

func TestCutGivesWholePeriodsInTheZone(t *testing.T) {
	l := zone(t, "America/New_York")
	from, to := local(t, l, "2026-10-30 12:00"), local(t, l, "2026-11-02 00:00")
	for _, x := range []struct {
		unit Unit
		want []string
	}{
		{Days(), []string{"2026-10-30", "2026-10-31", "2026-11-01"}}, // to is exclusive
		{Weeks(), []string{"2026-W44"}},
		{Months(), []string{"2026-10", "2026-11"}},
		{Iterations(14, "2026-11-01"), []string{"2026-10-18", "2026-11-01"}},
		{Iterations(14, "2027-11-01"), []string{"2026-10-19"}},
	} {
		if got := labels(Cut(l, x.unit, from, to)); !slices.Equal(got, x.want) {
			t.Errorf("got %q, want %q", got, x.want)
		}
	}
	if day := Cut(l, Days(), from, to)[2]; day.To.Sub(day.From) != 25*hour {
		t.Errorf("2026-11-01 has %s", day.To.Sub(day.From))
	}
	if got := labels(Cut(time.UTC, Weeks(), record.Date("2026-12-31").Start(time.UTC), record.Date("2027-01-05").Start(time.UTC))); !slices.Equal(got, []string{"2026-W53", "2027-W01"}) {
		t.Errorf("ISO weeks over the year: %q", got)
	}
}

func TestADayThatAZoneSkippedIsNoDay(t *testing.T) {
	l := zone(t, "Pacific/Apia")
	got := labels(Cut(l, Days(), local(t, l, "2011-12-29 12:00"), local(t, l, "2011-12-31 12:00")))
	if !slices.Equal(got, []string{"2011-12-29", "2011-12-31"}) {
		t.Errorf("%q", got)
	}
}

func TestPeriodsMeetAndBeginAtMidnight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		from := someInstant(t)
		to := from.Add(time.Duration(rapid.IntRange(1, 200*24*60).Draw(t, "minutes")) * time.Minute)
		u := rapid.SampledFrom([]Unit{Days(), Weeks(), Months(), Iterations(10, "2020-02-29")}).Draw(t, "unit")
		ps := Cut(l, u, from, to)
		if ps[0].From > from || from >= ps[0].To || ps[len(ps)-1].From >= to || to > ps[len(ps)-1].To {
			t.Fatalf("%v does not cover %s to %s", ps, from, to)
		}
		for i, p := range ps {
			if i > 0 && ps[i-1].To != p.From {
				t.Fatalf("%v and %v do not meet", ps[i-1], p)
			}
			d := DateOf(p.From, l)
			if DateOf(p.From-1, l) >= d && l.String() != "Pacific/Apia" {
				t.Fatalf("%s is not where %s begins", p.From.In(l), d)
			}
			if want := d.Start(l); p.From != want {
				t.Fatalf("%v begins at %s, record.Midnight says %s", p.Label, p.From.In(l), want.In(l))
			}
		}
	})
}

func TestDatesAddUp(t *testing.T) {
	for _, x := range []struct {
		d    record.Date
		n    int
		want record.Date
	}{{"2028-02-28", 1, "2028-02-29"}, {"2026-01-01", -1, "2025-12-31"}, {"1969-12-31", 1, "1970-01-01"}, {"soon", 1, ""}} {
		if got := AddDays(x.d, x.n); got != x.want {
			t.Errorf("%s and %d days is %s, want %s", x.d, x.n, got, x.want)
		}
	}
}

// A handover at 02:30 is at 03:00 where the clocks skip it, and at the first 02:30 or 01:30 where they show it twice.
func TestAReadingIsAtTheFirstInstantThatShowsIt(t *testing.T) {
	ny := zone(t, "America/New_York")
	for _, x := range []struct {
		day     record.Date
		reading time.Duration
		want    string // in UTC
	}{
		{"2026-03-08", 90 * time.Minute, "2026-03-08 06:30"},
		{"2026-03-08", 150 * time.Minute, "2026-03-08 07:00"}, // skipped
		{"2026-03-08", 3 * hour, "2026-03-08 07:00"},
		{"2026-03-07", 27 * hour, "2026-03-08 07:00"},        // of the day after
		{"2026-11-01", 90 * time.Minute, "2026-11-01 05:30"}, // of two
		{"2026-11-01", 2 * hour, "2026-11-01 07:00"},
		{"2038-03-14", 150 * time.Minute, "2038-03-14 07:00"}, // beyond the last change that the zone file lists
		{"2040-12-31", 9 * hour, "2040-12-31 14:00"},          // about which Go's ZoneBounds is wrong
	} {
		if got, want := At(x.day, x.reading, ny), local(t, time.UTC, x.want); got != want {
			t.Errorf("%s of %s: %s, want %s", x.reading, x.day, got.In(time.UTC), want.In(time.UTC))
		}
	}
	if got := At("soon", hour, ny); got != 0 {
		t.Errorf("no date is at %s", got.In(ny))
	}
}

func TestWhatIsNoIterationIsADay(t *testing.T) {
	from, to := record.Date("2026-03-02").Start(time.UTC), record.Date("2026-03-04").Start(time.UTC)
	for _, u := range []Unit{Iterations(0, "2026-03-01"), Iterations(-7, "2026-03-01"), Iterations(7, "soon"), Iterations(1, "2026-03-01")} {
		if got := labels(Cut(time.UTC, u, from, to)); !slices.Equal(got, []string{"2026-03-02", "2026-03-03"}) {
			t.Errorf("%q", got)
		}
	}
	if got := Cut(time.UTC, Days(), to, to); got != nil {
		t.Errorf("no time at all has the days %q", labels(got))
	}
}

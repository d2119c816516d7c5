package analysis

import (
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// TestAMonthIsWholeWhenNoWorkingDayOfItLacks has a team in New York that works on weekdays, and an as-of in March 2026.
// Sunday 1 February is a day off; 31 January is a Saturday.
func TestAMonthIsWholeWhenNoWorkingDayOfItLacks(t *testing.T) {
	p, complaints := ReadPolicy("policy.yaml", []byte(`team: {name: Young, zone: America/New_York}
calendars: {office: {week: {mon-fri: 09:00-17:00}, closed: [2026-03-02]}}
working: office
stages: [{id: open, name: Open, kind: waiting, statuses: [New]}, {id: done, name: Done, kind: done, statuses: [Done]}]
classes:
  - {id: bug, name: Bug, kind: problem, when: 'true'}
`))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	asOf := record.At(time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC))
	for first, want := range map[string]struct {
		last   bool   // February is whole
		begins string // the month that history begins in
	}{
		"2026-01-31T12:00:00Z": {true, "2026-01"},
		"2026-02-01T04:30:00Z": {true, "2026-01"}, // half an hour before midnight of 31 January
		"2026-02-01T15:00:00Z": {true, ""},
		"2026-02-02T23:00:00Z": {true, ""}, // Monday, late: of its morning nothing is missed
		"2026-02-03T14:00:00Z": {false, "2026-02"},
		"2026-02-28T14:00:00Z": {false, "2026-02"},
		"2026-03-03T14:00:00Z": {false, ""}, // Tuesday; Monday was closed
		"2026-03-04T14:00:00Z": {false, "2026-03"},
	} {
		at, err := time.Parse(time.RFC3339, first)
		if err != nil {
			t.Fatal(err)
		}
		n := &Night{Policy: p, Zone: p.Zone, AsOf: asOf, known: asOf, began: record.At(at)}
		n.opens = n.opening()
		month, begins := n.lastMonth(), ""
		for _, m := range n.months(24) {
			if m.Begins {
				begins += m.Label
			}
		}
		if whole := month.From < month.To; whole != want.last || whole != (n.unknown(month) == "") || begins != want.begins {
			t.Errorf("from %s on: February is whole: %v, history begins in %q; want %v", first, whole, begins, want)
		}
		for _, w := range n.weeks(52) {
			if w.Begins || w.From < n.first() {
				t.Errorf("from %s on: %s is among the whole weeks", first, w.Label)
			}
		}
		for _, d := range n.periods(calendar.Days(), n.first(), asOf) {
			if d.Begins {
				t.Errorf("from %s on: history begins inside the day %s", first, d.Label)
			}
		}
	}
}

// TestWhatATrackerCannotTellToItsEndSaysSo has an as-of of Friday 20 March at noon in New York, where 1 March begins at
// 05:00 in UTC and, since the clocks went forward on the 8th, 20 March at 04:00.
func TestWhatATrackerCannotTellToItsEndSaysSo(t *testing.T) {
	p := sound(t, "working: office\n")
	utc := func(s string) record.Instant {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return record.At(at)
	}
	asOf := utc("2026-03-20T16:00:00Z")
	for known, want := range map[string]struct {
		months, weeks, days Edges
		last                string // the last month's name where it stands by itself
	}{
		"2026-03-20T16:00:00Z": {Edges{Partial: 1, Begins: true}, Edges{}, Edges{}, "February 2026"},
		"2026-03-20T04:00:00Z": {Edges{Partial: 1, Begins: true, Ends: 1}, Edges{}, Edges{}, "February 2026"},
		"2026-03-20T03:59:59Z": {Edges{Partial: 1, Begins: true, Ends: 1}, Edges{}, Edges{Ends: 1}, "February 2026"},
		"2026-03-16T03:59:59Z": {Edges{Partial: 1, Begins: true, Ends: 1}, Edges{Ends: 1}, Edges{Ends: 5}, "February 2026"}, // Sunday 15 March, just before midnight
		"2026-03-01T05:00:00Z": {Edges{Partial: 1, Begins: true, Ends: 1}, Edges{Ends: 3}, Edges{Ends: 19}, "February 2026"},
		"2026-03-01T04:59:59Z": {Edges{Partial: 1, Begins: true, Ends: 2}, Edges{Ends: 3}, Edges{Ends: 20}, "February 2026, not told to the end"},
	} {
		n := &Night{Policy: p, Zone: p.Zone, AsOf: asOf, known: utc(known), began: utc("2026-01-14T14:00:00Z")}
		n.opens = n.opening()
		if got := edges(n.months(24)); got != want.months {
			t.Errorf("known up to %s, months: %+v, want %+v", known, got, want.months)
		}
		if got := edges(n.weeks(52)); got != want.weeks {
			t.Errorf("known up to %s, weeks: %+v, want %+v", known, got, want.weeks)
		}
		if got := edges(n.days(52)); got != want.days {
			t.Errorf("known up to %s, days: %+v, want %+v", known, got, want.days)
		}
		if got := n.lastMonth(); got.title() != want.last || (got.From < got.To) == got.Ends {
			t.Errorf("known up to %s, the last month is %q, whole: %v", known, got.title(), got.From < got.To)
		}
		for _, next := range n.toCome() {
			if next.Ends {
				t.Errorf("known up to %s, of %s more should be told, which is to come", known, next.Label)
			}
		}
	}
}

// Monday's planning is about the week that began at midnight, as long as nobody has worked in it.
func TestAWeekInWhichNobodyWorkedYetIsStillToBePlanned(t *testing.T) {
	p := sound(t, "working: office\n") // Monday to Friday 09:00–17:00 in New York
	for at, want := range map[string]string{
		"2026-03-08T20:00:00-04:00": "2026-W11", // Sunday
		"2026-03-09T00:00:00-04:00": "2026-W11",
		"2026-03-09T06:39:00-04:00": "2026-W11",
		"2026-03-09T09:00:00-04:00": "2026-W11",
		"2026-03-09T09:01:00-04:00": "2026-W12",
		"2026-03-13T18:00:00-04:00": "2026-W12",
	} {
		asOf, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		n := &Night{Policy: p, Zone: p.Zone, AsOf: record.At(asOf)}
		next := n.toCome()
		if len(next) == 0 || next[0].Label != want || next[0].Partial {
			t.Errorf("at %s the next week is %v, want %s", at, next, want)
		}
	}
}

// TestAnExperimentOnTheDayOfAHandoverIsMarkedAtTheShiftThatBeginsOnIt has shifts of a week from Monday at ten.
func TestAnExperimentOnTheDayOfAHandoverIsMarkedAtTheShiftThatBeginsOnIt(t *testing.T) {
	at := func(day, hour int) record.Instant {
		return record.At(time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC))
	}
	shifts := []Period{{From: at(2, 10), To: at(9, 10), Label: "2"}, {From: at(9, 10), To: at(16, 10), Label: "9"}}
	n := &Night{Zone: time.UTC, AsOf: at(30, 0)}
	for day, want := range map[record.Date]string{"2026-03-01": "", "2026-03-02": "2", "2026-03-03": "2", "2026-03-08": "2", "2026-03-09": "9", "2026-03-15": "9", "2026-03-16": "9", "2026-03-17": ""} {
		n.Policy = &Policy{Experiments: []Experiment{{Name: "e", Date: day}}}
		got := ""
		for _, m := range n.experiments(shifts) {
			got += m.X
		}
		if got != want {
			t.Errorf("%s is marked at %q, want %q", day, got, want)
		}
	}
}

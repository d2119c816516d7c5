package calendar_test

import (
	"fmt"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// A promise of eight working hours, made the afternoon before Thanksgiving, falls due on Friday.
func Example() {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		fmt.Println(err)
		return
	}
	var week [7][]calendar.Span
	for d := time.Monday; d <= time.Friday; d++ {
		week[d] = []calendar.Span{{From: 9 * time.Hour, To: 17*time.Hour + 30*time.Minute}}
	}
	office, err := calendar.New("office", newYork, []calendar.Version{{Week: week, Holidays: "us"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	made := record.At(time.Date(2026, 11, 25, 16, 0, 0, 0, newYork))
	due := office.Add(made, 8*time.Hour)
	fmt.Println(due.In(newYork).Format("Mon Jan 2 15:04"))
	fmt.Println(office.Between(made, due))
	for s := range office.Spells(made, due) {
		why := s.Why
		if s.Working {
			why = "working"
		}
		fmt.Println(s.From.In(newYork).Format("Mon 15:04"), s.To.Sub(s.From), why)
	}
	// Output:
	// Fri Nov 27 15:30
	// 8h0m0s
	// Wed 16:00 1h30m0s working
	// Wed 17:30 6h30m0s off hours
	// Thu 00:00 24h0m0s holiday: Thanksgiving Day
	// Fri 00:00 9h0m0s off hours
	// Fri 09:00 6h30m0s working
}

// Figures are cut into whole weeks of the team's own zone.
func ExampleCut() {
	from := record.At(time.Date(2026, 12, 30, 0, 0, 0, 0, time.UTC))
	for _, p := range calendar.Cut(time.UTC, calendar.Weeks(), from, from.Add(7*24*time.Hour)) {
		fmt.Println(p.Label, calendar.DateOf(p.From, time.UTC))
	}
	// Output:
	// 2026-W53 2026-12-28
	// 2027-W01 2027-01-04
}

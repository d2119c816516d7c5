package analysis

// On call: what is asleep.

import (
	"testing"
	"time"
)

func TestSleepMayGoOverMidnightOrNot(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, to time.Duration
		clock    string // in Berlin
		want     bool
	}{
		{22 * time.Hour, 7 * time.Hour, "21:59", false}, {22 * time.Hour, 7 * time.Hour, "22:00", true},
		{22 * time.Hour, 7 * time.Hour, "00:00", true}, {22 * time.Hour, 7 * time.Hour, "06:59", true},
		{22 * time.Hour, 7 * time.Hour, "07:00", false}, {22 * time.Hour, 7 * time.Hour, "12:00", false},
		{1 * time.Hour, 8*time.Hour + 30*time.Minute, "00:59", false}, {1 * time.Hour, 8*time.Hour + 30*time.Minute, "01:00", true},
		{1 * time.Hour, 8*time.Hour + 30*time.Minute, "08:29", true}, {1 * time.Hour, 8*time.Hour + 30*time.Minute, "08:30", false},
		{1 * time.Hour, 8*time.Hour + 30*time.Minute, "23:00", false},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-07-01 "+c.clock, berlin)
		if err != nil {
			t.Fatal(err)
		}
		if p := (PagePolicy{SleepFrom: c.from, SleepTo: c.to}); p.asleep(at) != c.want {
			t.Errorf("%s between %s and %s is asleep: %v", c.clock, c.from, c.to, !c.want)
		}
	}
}

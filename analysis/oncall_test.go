package analysis

// On call: what is asleep, and what is answered at once.

import (
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/firebreak/firebreak/collectors/record"
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

// Who answers at once has answered after no time, which is not nothing.
func TestAPageAnsweredAtOnceHasATime(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/nights/edges.txt")
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for _, f := range ar.Files {
		text[f.Name] = string(f.Data)
	}
	for _, f := range Run(tellNight(t, text)).Figures {
		if f.Name == "page-answer" && (len(f.Rows) != 1 || f.Rows[0].Num != record.Num(0)) {
			t.Errorf("the page of SUP-1 was answered after %v", f.Rows)
		}
	}
}

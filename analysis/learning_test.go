package analysis

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

var updateLearning = flag.Bool("update-learning", false, "accept what the nights with postmortems say now")

// The nights of testdata/learning are told like those of night_test.go, with pages under postmortems/.
func TestLearningIsCountedAsTold(t *testing.T) {
	files, err := filepath.Glob("testdata/learning/*.txt")
	if err != nil || len(files) < 2 {
		t.Fatal("no nights in testdata/learning", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text := map[string]string{}
			for _, f := range ar.Files {
				text[f.Name] = string(f.Data)
			}
			in := tellNight(t, text)
			for _, f := range ar.Files {
				if strings.HasPrefix(f.Name, "postmortems/") {
					p, _ := postmortem.Read(f.Name, f.Data, postmortem.Team{Zone: in.Policy.Zone})
					in.Postmortems = append(in.Postmortems, p)
				}
			}
			got := dumpNight(Run(in), strings.Fields(text["ask"]))
			if *updateLearning {
				ar.Files[len(ar.Files)-1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(strings.Split(text["want"], "\n"), strings.Split(got, "\n")); d != "" {
				t.Errorf("want −, got + (accept with -update-learning):\n%s", d)
			}
			slices.Reverse(in.Postmortems)
			if again := dumpNight(Run(in), strings.Fields(text["ask"])); got != again {
				t.Errorf("the order of the pages changes the figures:\n%s", cmp.Diff(strings.Split(got, "\n"), strings.Split(again, "\n")))
			}
		})
	}
}

func TestADeadlineIsTheEndOfAWorkingDay(t *testing.T) {
	ny, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	week := [7][]calendar.Span{}
	for d := time.Monday; d <= time.Friday; d++ {
		week[d] = []calendar.Span{{From: 9 * time.Hour, To: 17 * time.Hour}}
	}
	office, err := calendar.New("office", ny, []calendar.Version{{Week: week, Closed: []record.Date{"2026-03-10"}}})
	if err != nil {
		t.Fatal(err)
	}
	n := &Night{Zone: ny, Policy: &Policy{Working: office}}
	for _, c := range []struct {
		finished string
		days     int
		want     record.Date
	}{
		{"2026-03-06T12:00", 0, "2026-03-06"},
		{"2026-03-06T12:00", 1, "2026-03-09"},
		{"2026-03-06T12:00", 2, "2026-03-11"}, // the 10th is closed
		{"2026-03-07T04:59", 1, "2026-03-09"}, // still Friday in New York
		{"2026-03-07T05:00", 1, "2026-03-09"}, // Saturday
		{"2026-03-08T12:00", 5, "2026-03-16"}, // over the change of the clocks
	} {
		if got := n.workingDaysAfter(moment(t, c.finished), c.days); got != c.want.End(ny) {
			t.Errorf("%d working days after %s is %s, not the end of %s", c.days, c.finished, got, c.want)
		}
	}
	never, err := calendar.New("never", ny, []calendar.Version{{Week: [7][]calendar.Span{{{From: 0, To: time.Hour}}}, Closed: nil}})
	if err != nil {
		t.Fatal(err)
	}
	n.Policy.Working = never
	if got := n.workingDaysAfter(moment(t, "2026-03-06T12:00"), 2); got != record.Date("2026-03-15").End(ny) {
		t.Errorf("with one working day a week the second is %s", got)
	}
}

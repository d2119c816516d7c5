package analysis

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// timed are the points of an axis of time: days, weeks and months as they are called everywhere.
var timed = regexp.MustCompile(`^\d{4}-(W\d\d|\d\d|\d\d-\d\d)$`)

// TestExperimentsStandOnEveryChartOfTime declares one in the middle of each chart with an axis of time, for
// every night that is told in a file, and looks for its mark.
func TestExperimentsStandOnEveryChartOfTime(t *testing.T) {
	files, err := filepath.Glob("testdata/nights/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no nights", err)
	}
	seen, missing := map[string]bool{}, map[string]string{}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := map[string]string{}
		for _, f := range ar.Files {
			text[f.Name] = string(f.Data)
		}
		plain := Run(tellNight(t, text))
		var days []record.Date
		for _, f := range plain.Figures {
			for _, c := range f.Charts {
				if d := middle(c.X); d != "" && !slices.Contains(days, d) && d.Start(plain.Zone) < plain.AsOf {
					days = append(days, d)
				}
			}
		}
		for _, d := range days {
			in := tellNight(t, text)
			in.Policy.Experiments = append(in.Policy.Experiments, Experiment{ID: "marked", Name: "the marked one", Date: d})
			for _, f := range Run(in).Figures {
				for _, c := range f.Charts {
					if middle(c.X) != d || future[f.Name+"/"+c.Name] {
						continue
					}
					seen[f.Name+"/"+c.Name] = true
					if !slices.ContainsFunc(c.Marks, func(m Mark) bool { return m.Role == "experiment" && m.Title == "the marked one" }) {
						missing[f.Name+"/"+c.Name] = filepath.Base(file) + " of " + string(d)
					}
				}
			}
		}
	}
	for _, name := range sortedKeys(missing) {
		t.Errorf("%s has no mark in %s", name, missing[name])
	}
	if len(seen) < 30 {
		t.Errorf("only %d charts were looked at", len(seen))
	}
}

// future are charts of what is to come: nothing was declared there.
var future = map[string]bool{"due-next/by-day": true}

// middle is a day at the middle of an axis of time; "" if it is none.
func middle(x []string) record.Date {
	if len(x) == 0 || !timed.MatchString(x[0]) || !timed.MatchString(x[len(x)-1]) {
		return ""
	}
	switch p := x[len(x)/2]; {
	case p == x[0] && len(p) == len("2026-10-01"): // a point of a day may begin in the middle of it
		return ""
	case strings.Contains(p, "W"):
		return weekDay(p)
	case len(p) == len("2026-10"):
		return record.Date(p + "-01")
	default:
		return record.Date(p)
	}
}

// weekDay is the Monday of a week: 2026-W10.
func weekDay(week string) record.Date {
	for _, p := range calendar.Cut(time.UTC, calendar.Weeks(), record.Date(week[:4]+"-01-01").Start(time.UTC), record.Date(week[:4]+"-12-31").Start(time.UTC)) {
		if p.Label == week {
			return calendar.DateOf(p.From, time.UTC)
		}
	}
	return ""
}

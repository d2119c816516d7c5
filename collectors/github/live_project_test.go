package github_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/collectortest/fakegithub"
	"github.com/firebreak/firebreak/collectors/github"
	"github.com/firebreak/firebreak/collectors/record"
)

// TestProjectsAreToldAsTheyAre goes through nights in which cards move, issues change, and both, and
// compares what has been merged with what is true: an open issue has its project's status, its points, and
// a history that ends there. Whether the moves leave events or not.
func TestProjectsAreToldAsTheyAre(t *testing.T) {
	for name, silent := range map[string]bool{"with events": false, "without the events that GitHub forgets": true} {
		t.Run(name, func(t *testing.T) {
			hub := fakegithub.New(fakegithub.Options{Repos: []string{"acme/orders"}, Issues: 250, PullShare: 0.4, Projects: 2,
				NoStatuses: silent, Token: collectortest.Token, Now: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)})
			config := github.Live{Repos: []string{"acme/orders"}, Projects: []string{"acme/1", "acme/2"}}
			have := map[string]record.Issue{}
			var cursor record.Cursor
			doubts := 0
			for range 6 {
				l := reader(t, hub, config)
				for b, err := range l.Fetch(t.Context(), cursor) {
					if err != nil {
						t.Fatal(err)
					}
					for _, g := range b.Gaps {
						t.Errorf("gap: %v", g)
					}
					for _, d := range b.Doubts {
						if strings.Contains(d.What, "without an event") {
							doubts++
						}
					}
					for _, is := range b.Issues {
						have[is.ID] = record.Merge(have[is.ID], is)
					}
					cursor = b.Cursor
				}
				compare(t, hub, have)
				if t.Failed() {
					return
				}
				hub.Advance(12 * time.Hour)
				hub.Move(7)
				hub.Change(5)
				hub.Move(3)
				hub.Advance(12 * time.Hour)
			}
			if silent != (doubts > 0) {
				t.Errorf("%d doubts of moves without events", doubts)
			}
		})
	}
}

func compare(t *testing.T, hub *fakegithub.Hub, have map[string]record.Issue) {
	t.Helper()
	truth := hub.Truth()
	statuses, points := 0, 0
	for id, want := range truth {
		is, ok := have[id]
		if !ok {
			t.Errorf("%s is missing", want.Key())
			continue
		}
		f := is.Facts()
		status := cmp.Or(want.Status, "open")
		if want.State == "closed" {
			status = "closed"
		}
		if f.Status.Name != status || f.Title != want.Title {
			t.Errorf("%s is %q (%q), want %q (%q)", want.Key(), f.Status.Name, f.Title, status, want.Title)
		}
		if want.Status != "" && want.State == "open" {
			statuses++
		}
		if want.Points != nil {
			points++
			if !f.Points.Known || f.Points.Value != *want.Points {
				t.Errorf("%s has %s points, want %v", want.Key(), f.Points, *want.Points)
			}
		} else if f.Points.Known {
			t.Errorf("%s has %s points, want none", want.Key(), f.Points)
		}
		last := "open"
		for _, c := range is.Changes {
			if c.Field == record.FieldStatus {
				last = c.To
			}
		}
		if last != status {
			t.Errorf("%s: its history ends in %q, it is %q: %v", want.Key(), last, status, is.Changes)
		}
		if !slices.IsSortedFunc(is.Changes, func(a, b record.Change) int { return cmp.Compare(a.At, b.At) }) {
			t.Errorf("%s: changes out of order", want.Key())
		}
	}
	if statuses < 10 || points < 10 {
		t.Errorf("only %d issues with a status and %d with points: the fake is too poor for this", statuses, points)
	}
}

package analysis

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/collectors/record"
)

func TestTheTrackersOwnClocksAreToldAsFarAsTheyAreKnown(t *testing.T) {
	p := lawfulPolicy(t)
	horizon := lawStart.Add(40 * 24 * time.Hour)
	day := func(n int) record.Instant { return lawStart.Add(time.Duration(n) * 24 * time.Hour) }
	answered := record.SLA{Name: "Time to first response", Started: day(1), Stopped: day(2), Due: day(3), Goal: 8 * time.Hour, Elapsed: 7 * time.Hour}
	again := record.SLA{Name: "Time to first response", Started: day(4), Stopped: day(30), Due: day(5), Goal: 8 * time.Hour, Elapsed: 90 * time.Hour, Breached: true}
	running := record.SLA{Name: "Time to resolution", Started: day(1), Due: day(50), Goal: 80 * time.Hour, Elapsed: 60 * time.Hour}
	is := record.Issue{Ref: record.Ref{Tracker: "t", ID: "1"}, HistoryTo: 1, CommentsTo: 1, Seen: day(38), Copies: []record.Copy{{
		Parts: record.HasCore | record.HasSLAs, Key: "LAW-1", Created: day(1), Updated: day(37), Status: record.Status{Name: "New"},
		SLAs: []record.SLA{answered, again, running}}}}
	ask := func(is record.Issue, asOf record.Instant) *Item {
		t.Helper()
		r := lawReport(p, []record.Issue{is}, nil, horizon, asOf)
		if len(r.Items) != 1 {
			t.Fatalf("%d items", len(r.Items))
		}
		return r.Items[0]
	}
	want := func(it *Item, said record.Instant, slas ...record.SLA) {
		t.Helper()
		if d := cmp.Diff(slas, it.TrackerSLAs); d != "" {
			t.Errorf("the clocks (-want +got):\n%s", d)
		}
		if it.TrackerSaid != said {
			t.Errorf("told at %s; want %s", it.TrackerSaid, said)
		}
	}
	want(ask(is, 0), day(38), answered, again, running)
	want(ask(is, horizon.Add(9*time.Hour)), day(38), answered, again, running)
	file := is
	file.Seen = 0 // an export tells of the last update
	want(ask(file, 0), day(37), answered, again, running)
	// Of the past only what had stopped by then is known: how the others stood has been overwritten.
	want(ask(is, day(31)), 0, answered, again)
	want(ask(is, day(30)), 0, answered)
	want(ask(is, day(2)), 0)
}

package site

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

func TestTheTrackersOwnClocksStandBesideOurVerdict(t *testing.T) {
	in := input(t, 3)
	at := instant(t, "2026-11-01T15:00:00Z")
	it := in.Report.Items[0]
	it.Rest = &analysis.Rest{TrackerSaid: at.Add(5 * time.Hour)} // not the one that others share
	it.TrackerSLAs = []record.SLA{
		{Name: "Time to <b>respond</b>", Started: at, Stopped: at.Add(time.Hour), Due: at.Add(4 * time.Hour), Goal: 4 * time.Hour, Elapsed: time.Hour},
		{Name: "Late", Started: at, Stopped: at.Add(9 * time.Hour), Due: at.Add(4 * time.Hour), Goal: 4 * time.Hour, Elapsed: 9 * time.Hour, Breached: true},
		{Name: "Later", Started: at, Due: at.Add(4 * time.Hour), Goal: 4 * time.Hour, Elapsed: 5 * time.Hour, Breached: true},
		{Name: "Late and paused", Started: at, Elapsed: 5 * time.Hour, Breached: true, Paused: true},
		{Name: "Paused", Started: at, Goal: 30 * time.Minute, Paused: true},
		{Name: "Running", Started: at, Goal: 100 * time.Hour, Due: at.Add(400 * time.Hour), Elapsed: 90 * time.Minute},
	}
	tree := build(t, in)
	page := read(t, tree, itemPlace(it.Tracker, it.Key))
	text := words(page)
	for _, want := range []string{
		"This is the tracker’s word, by its own goals and calendars, as it stood at Sun 1 Nov 2026, 15:00 . It counts in no figure of ours but the one that compares the two .",
		"Clock The tracker’s verdict Ours Elapsed Goal Due Time to <b>respond</b> from Sun 1 Nov 2026, 10:00 to Sun 1 Nov 2026, 11:00 met not compared: no promise of ours is matched to this clock 1 h 4 h Sun 1 Nov 2026, 14:00",
		"Late from Sun 1 Nov 2026, 10:00 to Sun 1 Nov 2026, 19:00 breached not compared: no promise of ours is matched to this clock 9 h 4 h Sun 1 Nov 2026, 14:00",
		"Later from Sun 1 Nov 2026, 10:00 breached, still running not compared: no promise of ours is matched to this clock 5 h 4 h Sun 1 Nov 2026, 14:00",
		"Late and paused from Sun 1 Nov 2026, 10:00 breached, now paused not compared: no promise of ours is matched to this clock 5 h – –",
		"Paused from Sun 1 Nov 2026, 10:00 paused not compared: no promise of ours is matched to this clock 0 h 30 min –",
		"Running from Sun 1 Nov 2026, 10:00 running not compared: no promise of ours is matched to this clock 1 h 30 min 100 h Wed 18 Nov 2026, 02:00",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the entry does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(page, "<b>respond") {
		t.Error("the name of a clock reaches the entry as it is")
	}
	if other := read(t, tree, itemPlace(in.Report.Items[1].Tracker, in.Report.Items[1].Key)); strings.Contains(other, "own SLA clocks") {
		t.Error("an item whose tracker keeps no clocks speaks of them")
	}

	var got struct{ Items []map[string]any }
	if err := json.Unmarshal([]byte(read(t, tree, reportPlace)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Items) != 3 || got.Items[0]["tracker_said"] != "2026-11-01T20:00:00Z" || got.Items[1]["tracker_said"] != nil || got.Items[1]["tracker_slas"] != nil {
		t.Errorf("report.json: %v", got.Items)
	}
	slas, _ := got.Items[0]["tracker_slas"].([]any)
	var verdicts []string
	for _, s := range slas {
		verdicts = append(verdicts, fmt.Sprint(s.(map[string]any)["verdict"]))
	}
	if s := strings.Join(verdicts, " "); s != "met breached breached breached paused running" {
		t.Fatalf("report.json: the verdicts are %s", s)
	}
	want := map[string]any{"name": "Late", "started": "2026-11-01T15:00:00Z", "stopped": "2026-11-02T00:00:00Z", "due": "2026-11-01T19:00:00Z",
		"goal": 14400., "elapsed": 32400., "verdict": "breached", "paused": false}
	if d := cmp.Diff(want, slas[1]); d != "" {
		t.Errorf("report.json (-want +got):\n%s", d)
	}
}

func TestAnEntryTellsABoundedNumberOfCycles(t *testing.T) {
	in := input(t, 1)
	in.Report.Items[0].Rest = &analysis.Rest{} // not the one that others share
	for n := range 3 * mostClocks {
		in.Report.Items[0].TrackerSLAs = append(in.Report.Items[0].TrackerSLAs, record.SLA{Name: fmt.Sprint("cycle ", n), Started: 1, Stopped: 2})
	}
	page := words(read(t, build(t, in), itemPlace("tickets", in.Report.Items[0].Key)))
	if n := strings.Count(page, "cycle "); n != mostClocks || !strings.Contains(page, fmt.Sprintf("… and %d more", 2*mostClocks)) {
		t.Errorf("%d cycles on the entry; want %d and word of the others", n, mostClocks)
	}
}

func TestAnEntrySaysWhyTheTrackerDisagrees(t *testing.T) {
	in := input(t, 30)
	for _, it := range in.Report.Items {
		if it.Resolve.Outcome != analysis.Met {
			continue
		}
		it.Rest = &analysis.Rest{TrackerSLAs: []record.SLA{
			{Name: "Time to resolution", Started: it.Created, Stopped: it.Finished, Goal: time.Minute, Elapsed: time.Hour, Breached: true},
			{Name: "Time to resolution", Started: it.Finished.Add(time.Second), Stopped: it.Finished.Add(2 * time.Second), Goal: time.Hour, Elapsed: time.Second},
		}}
		cycles := in.Report.Cycles(it)
		if cycles[0].Reason != analysis.OtherPolicy || !cycles[1].Agrees {
			t.Fatalf("%+v", cycles)
		}
		text := words(read(t, build(t, in), itemPlace(it.Tracker, it.Key)))
		for _, want := range []string{"breached met policy: its goal is 1 min, ours ", "met agrees 1 s 1 h"} {
			if !strings.Contains(text, want) {
				t.Errorf("the entry does not say %q:\n%s", want, text)
			}
		}
		return
	}
	t.Fatal("no item kept its promise")
}

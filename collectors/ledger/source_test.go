package ledger

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/collectors/record"
)

func source(t *testing.T, l *Ledger) Source {
	t.Helper()
	sources, err := l.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		if s.Name == "s" {
			return s
		}
	}
	t.Fatal("the ledger does not know the source s")
	return Source{}
}

func mustStart(t *testing.T, l *Ledger, at record.Instant) {
	t.Helper()
	if err := l.StartRun(t.Context(), "s", at); err != nil {
		t.Fatal(err)
	}
}

func mustEnd(t *testing.T, l *Ledger, at record.Instant, outcome Outcome, gaps ...record.Gap) {
	t.Helper()
	if err := l.EndRun(t.Context(), "s", at, outcome, record.Spent{}, gaps...); err != nil {
		t.Fatal(err)
	}
}

func TestTheStateOfASourceIsToldWhole(t *testing.T) {
	l := openNew(t)
	mustStart(t, l, 10)
	mustSave(t, l, record.Batch{Issues: busyIssues(0, 3), Pages: []record.Page{{Ref: record.Ref{Tracker: "p", ID: "1"}}}, Cursor: "one", Horizon: 9,
		Doubts: []record.Doubt{{Place: "b.csv:7", What: "no date"}}})
	mustSave(t, l, record.Batch{Cursor: "two", Horizon: 5,
		Tallies: []record.Tally{{Part: "b.csv", Kind: "jira csv", Read: 3, Left: map[string]int{"unreadable": 1, "empty": 2}, Changes: 4}, {Part: "a.json", Kind: "jira"}},
		Gaps:    []record.Gap{{What: "c.json", Why: "not JSON"}}})
	if err := l.EndRun(t.Context(), "s", 20, Complete, record.Spent{Requests: 7, Waited: time.Minute}, record.Gap{What: "issues before 2020", Why: "not permitted", At: 20}); err != nil {
		t.Fatal(err)
	}
	want := Source{Name: "s", Cursor: "two", Horizon: 9, Last: Run{Started: 10, Ended: 20, Outcome: Complete, Records: 4, Changes: 120, Requests: 7, Waited: time.Minute}, Good: 20,
		Tallies: []record.Tally{{Part: "a.json", Kind: "jira"}, {Part: "b.csv", Kind: "jira csv", Read: 3, Left: map[string]int{"unreadable": 1, "empty": 2}, Changes: 4}},
		Doubts:  []record.Doubt{{Source: "s", Place: "b.csv:7", What: "no date"}},
		Gaps:    []record.Gap{{Source: "s", What: "c.json", Why: "not JSON"}, {Source: "s", What: "issues before 2020", Why: "not permitted", At: 20}},
	}
	if d := cmp.Diff(want, source(t, l)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if err := l.EndRun(t.Context(), "s", 30, Complete, record.Spent{}); err == nil {
		t.Error("a run that was not started ended")
	}
}

func TestAGapStandsUntilARunGetsToTheEnd(t *testing.T) {
	l := openNew(t)
	gaps := func() (what []string) {
		for _, g := range source(t, l).Gaps {
			what = append(what, fmt.Sprint(g.What, " since ", int64(g.At), ": ", g.Why))
		}
		return what
	}
	want := func(want ...string) {
		t.Helper()
		if d := cmp.Diff(want, gaps()); d != "" {
			t.Errorf("gaps (-want +got):\n%s", d)
		}
	}
	mustStart(t, l, 1)
	mustSave(t, l, record.Batch{Gaps: []record.Gap{{What: "a.json", Why: "truncated", At: 1}}})
	mustEnd(t, l, 2, Complete)
	want("a.json since 1: truncated")

	mustStart(t, l, 3) // fails before it comes to a.json
	mustEnd(t, l, 4, Failed, record.Gap{What: "the rest", Why: "401", At: 4})
	want("a.json since 1: truncated", "the rest since 4: 401")

	mustStart(t, l, 5) // fails again in the same way
	mustEnd(t, l, 6, Failed, record.Gap{What: "the rest", Why: "403", At: 6})
	want("a.json since 1: truncated", "the rest since 4: 403")

	mustStart(t, l, 7) // gets through, but another file is broken
	mustSave(t, l, record.Batch{Gaps: []record.Gap{{What: "b.json", Why: "empty", At: 7}}})
	mustEnd(t, l, 8, Complete)
	want("b.json since 7: empty")

	mustStart(t, l, 9)
	mustEnd(t, l, 10, Complete)
	want()
	if s := source(t, l); s.Good != 10 {
		t.Errorf("the last good run ended at %d; want 10", s.Good)
	}
}

func TestDoubtsGoWhenTheirPartIsReadAgain(t *testing.T) {
	l := openNew(t)
	want := func(want ...string) {
		t.Helper()
		var got []string
		for _, d := range source(t, l).Doubts {
			got = append(got, d.Place+" "+d.What)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("doubts (-want +got):\n%s", d)
		}
	}
	doubts := func(place ...string) (list []record.Doubt) {
		for _, p := range place {
			list = append(list, record.Doubt{Place: p, What: "odd"})
		}
		return list
	}
	a, ab := []record.Tally{{Part: "a"}}, []record.Tally{{Part: "ab"}}
	mustSave(t, l, record.Batch{Doubts: doubts("a:1", "a")})
	mustSave(t, l, record.Batch{Doubts: doubts("a:2"), Tallies: a})
	mustSave(t, l, record.Batch{Doubts: doubts("ab:1"), Tallies: ab})
	want("a odd", "a:1 odd", "a:2 odd", "ab:1 odd")

	// Read again, and cut in the midst: nothing is taken back before the part is read whole.
	mustSave(t, l, record.Batch{Doubts: doubts("a:3")})
	want("a odd", "a:1 odd", "a:2 odd", "a:3 odd", "ab:1 odd")
	// Taken up where it was cut: what the first half said stays, what the older reading said goes.
	mustSave(t, l, record.Batch{Doubts: doubts("a:4"), Tallies: a})
	want("a:3 odd", "a:4 odd", "ab:1 odd")
	// Mended.
	mustSave(t, l, record.Batch{Tallies: a})
	want("ab:1 odd")

	// What no tally ever covers goes with the next run that gets to the end.
	mustStart(t, l, 1)
	mustSave(t, l, record.Batch{Doubts: doubts("GET /field")})
	mustEnd(t, l, 2, Complete)
	want("GET /field odd", "ab:1 odd")
	mustStart(t, l, 3)
	mustEnd(t, l, 4, Failed)
	want("GET /field odd", "ab:1 odd")
	mustStart(t, l, 5)
	mustEnd(t, l, 6, Complete)
	want("ab:1 odd")
}

func TestDoubtsStandInTheOrderOfTheirPlaces(t *testing.T) {
	l := openNew(t)
	want := []record.Doubt{
		{Source: "s", What: "of the source"},
		{Source: "s", Place: "a.json", What: "of the file"},
		{Source: "s", Place: "a.json:record 2", What: "x"},
		{Source: "s", Place: "a.json:record 2", What: "y"},
		{Source: "s", Place: "a.json:record 10 (SUP-3)", What: "x"},
		{Source: "s", Place: "a.json:record 010 (SUP-4)", What: "x"},
		{Source: "s", Place: "a.json:…", What: "3 more of this sort"},
		{Source: "s", Place: "a2.json:10", What: "x"},
		{Source: "s", Place: "a10.json:2", What: "x"},
	}
	mixed := slices.Clone(want)
	slices.Reverse(mixed)
	mustSave(t, l, record.Batch{Doubts: mixed})
	if d := cmp.Diff(want, source(t, l).Doubts); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestDoubtsDoNotGrowWithoutBound(t *testing.T) {
	l := openNew(t)
	for n := range 3 {
		var b record.Batch
		for i := range doubtLimit/2 + 1 {
			b.Doubts = append(b.Doubts, record.Doubt{Place: fmt.Sprint("f:", n*doubtLimit+i), What: "not a record"})
		}
		mustSave(t, l, b)
	}
	s := source(t, l)
	if len(s.Doubts) != doubtLimit+1 || s.Doubts[0].Place != "" {
		t.Errorf("%d doubts, the first %v; want %d and one that says there are more", len(s.Doubts), s.Doubts[0], doubtLimit)
	}
}

func TestARunThatWasCutOffIsNamedInterrupted(t *testing.T) {
	l := openNew(t)
	mustStart(t, l, 1)
	mustSave(t, l, record.Batch{Issues: busyIssues(0, 2)})
	path := l.path
	l.Close() // as good as a kill: the run has not ended
	l = openAt(t, path)
	if got, want := source(t, l).Last, (Run{Started: 1, Outcome: Interrupted, Records: 2, Changes: 80}); got != want {
		t.Errorf("last run %+v; want %+v", got, want)
	}
}

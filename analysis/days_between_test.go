package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// between judges emergencies that come so many days after each other, the first at the beginning of 2026-W02,
// as of so many days after the last.
func between(t *testing.T, running float64, gaps ...float64) *Report {
	t.Helper()
	return Run(rare(t, running, gaps...))
}

// rare is what [between] judges.
func rare(t *testing.T, running float64, gaps ...float64) Input {
	t.Helper()
	p, complaints := ReadPolicy("policy.yaml", []byte(`
team: {name: Rare, zone: Europe/Berlin}
calendars: {office: {week: {mon-fri: 09:00-17:00}}}
working: office
stages: [{id: queue, name: Queue, kind: waiting, statuses: [New]}, {id: done, name: Done, kind: done, statuses: [Done]}]
severities: [{level: 1, name: Bad, when: 'true'}]
classes: [{id: fire, name: Fire, kind: incident, when: 'true'}]
streaks: [{id: odd, name: Odd, when: 'key endsWith "1"'}]
experiments: [{id: x, name: Second superhero, date: 2026-01-08}]
`))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	var issues []record.Issue
	at := trendMonday
	tell := func() {
		c := record.Copy{Parts: 1<<13 - 1, Key: fmt.Sprintf("F-%d", len(issues)+1), Status: record.Status{Name: "New"}, Created: at}
		issues = append(issues, record.Issue{Ref: record.Ref{Tracker: "t", ID: c.Key}, HistoryTo: 1, Copies: []record.Copy{c}})
	}
	after := func(days float64) record.Instant { return at.Add(time.Duration(days * float64(24*time.Hour))) }
	tell()
	for _, g := range gaps {
		at = after(g)
		tell()
	}
	asOf := after(running)
	return Input{Policy: p, AsOf: asOf, Issues: slices.Values(issues), Sources: []SourceState{{Name: "t", Tracker: "t", Horizon: asOf}}}
}

func rowOf(t *testing.T, f Figure, event string) []Cell {
	t.Helper()
	for _, row := range f.Tables[0].Rows {
		if row[0].Text == event {
			return row
		}
	}
	t.Fatalf("no row for %q", event)
	return nil
}

// TestTheLimitsOfRareEventsAreThoseOfTheirRoots has gaps of 1 and of 2^3.6 days by turns, whose roots are 1 and 2:
// mean 1.5, mean moving range 1, limits 1.5 ± 2.66, the lower floored at 0. Raised again: 1.5^3.6 = 4.30, 4.16^3.6 = 169.33.
func TestTheLimitsOfRareEventsAreThoseOfTheirRoots(t *testing.T) {
	long := math.Pow(2, 3.6)
	f := figureOf(t, between(t, 3, 1, long, 1, long, 1, long, 1, long), "days-between")
	row := rowOf(t, f, "Emergencies")
	for i, want := range map[int]float64{1: 9, 2: 8, 3: 1, 4: 0, 5: 4.3046, 6: 169.3308, 7: 3} {
		if got := row[i].Num; !got.Known || math.Abs(got.Value-want) > 0.001 {
			t.Errorf("%s is %v, want %v", f.Tables[0].Columns[i].Name, got, want)
		}
	}
	if want := "Emergencies: half came within 1 day of the one before (n = 8); 3 days since the last one, still running. No signal: gaps between 0 and 169.3 days are routine variation."; f.Sentence != want {
		t.Errorf("%q, want %q", f.Sentence, want)
	}
	c := f.Charts[0]
	if len(c.X) != 8 || c.X[0] != "2026-01-06" || len(c.Lines) != 4 {
		t.Errorf("%v with %d lines", c.X, len(c.Lines))
	}
	// It fell into the second gap, from the 6th to the 18th.
	if len(c.Marks) != 1 || c.Marks[0].X != "2026-01-18" {
		t.Errorf("marks %+v", c.Marks)
	}
}

func TestTheRunningGapIsNoPointAndMayBeASignal(t *testing.T) {
	for _, c := range []struct {
		running float64
		says    string
	}{
		{1, "1 day since the last one, still running. No signal: gaps between 1 and 1 day are routine variation."},
		{2, "2 days since the last one, still running. That is longer than the upper limit of 1 day: a signal."},
	} {
		f := figureOf(t, between(t, c.running, 1, 1, 1, 1, 1, 1, 1, 1), "days-between")
		if !strings.HasSuffix(f.Sentence, c.says) || len(f.Charts[0].X) != 8 || f.Headline.N != 8 {
			t.Errorf("%q with %d points, want %q", f.Sentence, len(f.Charts[0].X), c.says)
		}
	}
}

func TestFewRareEventsSayHowFew(t *testing.T) {
	for _, c := range []struct {
		gaps []float64
		says string
	}{
		{nil, "Emergencies: one, so there is no gap yet; 5.5 days since the last one, still running."},
		{[]float64{4, 2}, "Emergencies: 4 days and 2 days from one to the next; 5.5 days since the last one, still running. With 2 of 8 gaps it is too early to tell what is usual."},
	} {
		if f := figureOf(t, between(t, 5.5, c.gaps...), "days-between"); f.Sentence != c.says {
			t.Errorf("%q, want %q", f.Sentence, c.says)
		}
	}
	// Of F-1, F-11, F-21 and so on the streak tells: ten gaps of two days apart. Four gaps have no median.
	for events, median := range map[int]record.Number{5: {}, 6: record.Num(20)} {
		f := figureOf(t, between(t, 1, slices.Repeat([]float64{2}, 10*(events-1))...), "days-between")
		if row := rowOf(t, f, "Odd"); row[1].Num.Value != float64(events) || row[3].Num != median {
			t.Errorf("the streak's row is %+v", row)
		}
	}
}

func TestGapsThatBecomeLongerAreSaidToBy(t *testing.T) {
	grow := []float64{1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.4, 2.6, 2.8}
	s := figureOf(t, between(t, 1, grow...), "days-between").Sentence
	if want := " From gap to gap they are getting longer (Mann–Kendall τ = 1, p < 0.001, n = 10)."; !strings.HasSuffix(s, want) {
		t.Errorf("%q, want %q", s, want)
	}
	if s := figureOf(t, between(t, 1, grow[:9]...), "days-between").Sentence; strings.Contains(s, "Mann") {
		t.Errorf("nine gaps are no trend: %q", s)
	}
}

// TestDaysBetweenAreOf24Hours crosses the night of 29 March, which has 23 hours in Berlin.
func TestDaysBetweenAreOf24Hours(t *testing.T) {
	f := figureOf(t, between(t, 1, 82, 2), "days-between") // to 28 and 30 March, 01:00 and 02:00 there
	if got := f.Charts[0].Lines[0].Values[1]; got.Value != 2 {
		t.Errorf("%v days, want 2", got)
	}
}

// TestTheRunningGapEndsWhereItsTrackerStopsSpeaking has eight gaps of a day told by one tracker, beside another that
// speaks up to as-of and never told of an emergency.
func TestTheRunningGapEndsWhereItsTrackerStopsSpeaking(t *testing.T) {
	for _, c := range []struct {
		behind, running int // days from its horizon to as-of, and from the last event to as-of
		says            string
	}{
		{0, 1, "; 1 day since the last one, still running. No signal: gaps between 1 and 1 day are routine variation."},
		{4, 5, "; 1 day since the last one, up to 2026-01-14, still running. No signal: gaps between 1 and 1 day are routine variation."},
		{59, 61, "; 2 days since the last one, up to 2026-01-15, still running. That is longer than the upper limit of 1 day: a signal."},
		{3789, 3790, "; the trackers that told of them speak no longer, so there is no running gap. No signal: gaps between 1 and 1 day are routine variation."},
	} {
		in := rare(t, float64(c.running), 1, 1, 1, 1, 1, 1, 1, 1)
		in.Sources = []SourceState{
			{Name: "old", Tracker: "t", Horizon: in.AsOf.Add(-time.Duration(c.behind)*24*time.Hour - time.Millisecond)},
			{Name: "new", Tracker: "u", Horizon: in.AsOf},
		}
		f := figureOf(t, Run(in), "days-between")
		if !strings.HasSuffix(f.Sentence, c.says) {
			t.Errorf("%q, want %q at its end", f.Sentence, c.says)
		}
		for _, p := range f.Parts {
			if p.Name == "emergency-running" && p.Value.Number.Known != (c.behind < 60) {
				t.Errorf("%d days behind the running gap is %v", c.behind, p.Value.Number)
			}
		}
	}
}

// TestAnArchiveBesideItsSuccessorLetsTheGapRun has the last event told by the tracker that speaks.
func TestAnArchiveBesideItsSuccessorLetsTheGapRun(t *testing.T) {
	in := rare(t, 100, 1, 1)
	issues := slices.Collect(in.Issues)
	issues[2].Ref.Tracker = "u"
	in.Sources = []SourceState{{Name: "old", Tracker: "t", Horizon: in.AsOf.Add(-98 * 24 * time.Hour)}, {Name: "new", Tracker: "u", Horizon: in.AsOf.Add(-time.Hour)}}
	in.Issues = slices.Values(issues)
	if s := figureOf(t, Run(in), "days-between").Sentence; !strings.Contains(s, "; 100 days since the last one, still running.") {
		t.Errorf("%q", s)
	}
}

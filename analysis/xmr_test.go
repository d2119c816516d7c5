package analysis

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

func weeksOf(vs ...float64) []record.Number {
	var ns []record.Number
	for _, v := range vs {
		ns = append(ns, record.Num(v)) // NaN is no data
	}
	return ns
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestXmRLimitsAreThoseOfTheBook(t *testing.T) {
	// x̄ = 40/10 = 4; moving ranges 1 2 1 3 2 1 2 0 0, mean 12/9; limits 4 ± 2.66 · 12/9.
	b := xmr(weeksOf(3, 4, 2, 3, 6, 4, 3, 5, 5, 5), nil)[0]
	if !near(b.centre, 4) || !near(b.averageMoving, 12.0/9) || !near(b.upper, 4+2.66*12.0/9) || !near(b.lower, 4-2.66*12.0/9) {
		t.Errorf("centre %v, mean moving range %v, limits %v to %v", b.centre, b.averageMoving, b.lower, b.upper)
	}
	if len(b.signals) != 0 {
		t.Errorf("routine variation is no signal: %v", b.signals)
	}
}

func TestXmRSignals(t *testing.T) {
	outside := xmr(weeksOf(2, 3, 2, 3, 6, 3, 2, 3, 30, 2), nil)[0]
	if len(outside.signals) == 0 || outside.signals[0].at != 8 {
		t.Errorf("the week of 30 is a signal: %+v", outside)
	}
	run := xmr(weeksOf(1, 2, 1, 2, 1, 2, 1, 2, 5, 6, 5, 6, 5, 6, 5, 6), nil)[0]
	want := map[int]bool{7: true, 15: true} // eight below, then eight above the centre of 3.5
	if len(run.signals) != 2 || !want[run.signals[0].at] || !want[run.signals[1].at] {
		t.Errorf("two runs of eight: %+v", run.signals)
	}
	// A week on the centre breaks the run: the mean of this is exactly 2.
	if b := xmr(weeksOf(1, 1, 1, 1, 2, 1, 1, 1, 3, 3, 3, 3, 2, 3, 3, 3), nil)[0]; len(b.signals) != 0 {
		t.Errorf("no run of eight, so no signal: %+v", b)
	}
}

func TestXmRNeedsEightWeeks(t *testing.T) {
	if b := xmr(weeksOf(1, 2, 3, 1, 2, 3, 1), nil)[0]; b.known {
		t.Errorf("seven weeks have no limits: %+v", b)
	}
	if b := xmr(weeksOf(1, 2, 3, 1, 2, 3, 1, 3), nil)[0]; !b.known || b.n != 8 || !near(b.centre, 2) {
		t.Errorf("eight weeks have limits: %+v", b)
	}
	if b := xmr(weeksOf(1, 2, 3, 1, math.NaN(), 2, 3, 1), nil)[0]; b.known || b.n != 7 {
		t.Errorf("a week without data is no week: %+v", b)
	}
}

// What is below nothing may be below the lower limit: ten weeks of a net flow around −2. x̄ = −2, moving ranges all 2.
func TestXmRLimitsMayLieBelowNothing(t *testing.T) {
	b := xmr(weeksOf(-1, -3, -1, -3, -1, -3, -1, -3, -1, -3), nil)[0]
	if !near(b.centre, -2) || !near(b.lower, -2-2.66*2) || !near(b.upper, -2+2.66*2) {
		t.Errorf("centre %v, limits %v to %v", b.centre, b.lower, b.upper)
	}
}

// Four weeks, one without data, and four more on the same side of the centre of 3.5 are no run of eight; nor is the
// week without data a signal, though 0 would lie below the lower limit of 3.5 − 2.66 · 16/13.
func TestAWeekWithoutDataBreaksARunAndIsNoSignal(t *testing.T) {
	b := xmr(weeksOf(1, 2, 1, 2, math.NaN(), 2, 1, 2, 1, 5, 6, 5, 6, math.NaN(), 6, 5, 6, 5), nil)[0]
	if !b.known || b.n != 16 || !near(b.centre, 3.5) || !near(b.lower, 3.5-2.66*16/13) || len(b.signals) != 0 {
		t.Errorf("centre %v, lower limit %v of %d weeks, signals %+v", b.centre, b.lower, b.n, b.signals)
	}
}

func TestAnExperimentRestartsTheLimits(t *testing.T) {
	bs := xmr(weeksOf(9, 9, 9, 9, 9, 9, 9, 9, 1, 1, 1, 1, 1, 1, 1, 1), []int{8})
	if len(bs) != 2 || !near(bs[0].centre, 9) || !near(bs[1].centre, 1) || len(bs[1].signals) != 0 {
		t.Errorf("two stretches of their own: %+v", bs)
	}
}

func TestXmRStretchesCoverEveryWeekOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := numbers(rapid.SliceOfN(rapid.IntRange(0, 20), 1, 60).Draw(t, "counts"))
		restarts := rapid.SliceOfN(rapid.IntRange(1, 59), 0, 4).Draw(t, "restarts")
		slices.Sort(restarts)
		at := 0
		for _, b := range xmr(counts, clip(restarts, len(counts))) {
			if b.from != at || b.to <= b.from {
				t.Fatalf("stretch [%d,%d) after %d", b.from, b.to, at)
			}
			if b.known && !(b.lower >= 0 && b.lower <= b.centre && b.centre <= b.upper) {
				t.Fatalf("limits out of order: %+v", b)
			}
			at = b.to
		}
		if at != len(counts) {
			t.Fatalf("covered %d of %d", at, len(counts))
		}
	})
}

func TestExperimentsRestartTheLimitsInWhateverOrderTheyAreDeclared(t *testing.T) {
	n := &Night{Policy: &Policy{Zone: time.UTC}, Zone: time.UTC, AsOf: lawStart.Add(200 * 24 * time.Hour)}
	weeks := n.periods(calendar.Weeks(), lawStart, n.AsOf)
	counts := make([]record.Number, len(weeks))
	for i := range counts {
		counts[i] = record.Num(float64(i % 3))
	}
	early, late := Experiment{Date: "2026-04-06"}, Experiment{Date: "2026-06-01"}
	n.Policy.Experiments = []Experiment{late, early}
	if c := n.course(&Weekly{Name: "x", Title: "X", Weeks: weeks, Values: counts}); len(c.stretches) != 3 {
		t.Errorf("%d stretches, want 3", len(c.stretches))
	}
}

func clip(vs []int, n int) []int {
	var out []int
	for _, v := range vs {
		if v < n {
			out = append(out, v)
		}
	}
	return out
}

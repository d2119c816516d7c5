package analysis

// Before and after an experiment, counted again from the records (recompute_test.go): whole weeks on each side, their
// means, and the interval of the difference.

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// TestBeforeAndAfterAgreeWithRecounting draws arrivals over up to forty weeks, across both changes of the clocks, and
// one experiment in them.
func TestBeforeAndAfterAgreeWithRecounting(t *testing.T) {
	compared := 0
	checkUntil(t, func(t *rapid.T) {
		const begin = 8 // weeks after the first Monday at the earliest
		day := time.Date(2026, 1, 5+rapid.IntRange(7*begin, 7*30).Draw(t, "day"), 0, 0, 0, 0, recountZone)
		p, complaints := ReadPolicy("policy.yaml", []byte(recountPolicy+"experiments: [{id: x, name: X, date: "+day.Format(time.DateOnly)+"}]\n"))
		if strict.Failed(complaints) {
			t.Fatal(complaints)
		}
		asOf := localDay(2026, 1, 5+rapid.IntRange(7*10, 7*40).Draw(t, "as-of")).Add(time.Duration(rapid.IntRange(0, 47).Draw(t, "half hours")) * halfHour)
		first := localDay(2026, 1, 5)
		var issues []record.Issue
		var created []record.Instant
		for i := range rapid.IntRange(20, 80).Draw(t, "issues") {
			at := first.Add(time.Duration(rapid.IntRange(0, 40*7*48).Draw(t, "created")) * halfHour)
			if i == 0 {
				at = first // the weeks begin with it
			}
			if rapid.IntRange(0, 9).Draw(t, "on the edge") == 0 { // exactly at the beginning of a week
				l := at.In(recountZone)
				at = localDay(l.Year(), l.Month(), l.Day()-(int(l.Weekday())+6)%7)
			}
			key := fmt.Sprintf("LAW-%d", i)
			issues = append(issues, record.Issue{Ref: record.Ref{Tracker: "t", ID: key}, HistoryTo: 1, Copies: []record.Copy{{Parts: 1<<13 - 1, Key: key, Created: at, Status: record.Status{Name: "New"}}}})
			if at < asOf {
				created = append(created, at)
			}
		}
		r := lawNight(p, issues, asOf)

		// The sides: whole weeks that end by then, and whole weeks that begin then or later.
		var before, after []float64
		at := record.At(day)
		for monday := first; weekAfter(monday) <= asOf; monday = weekAfter(monday) {
			came := 0.0
			for _, c := range created {
				came += float64(bit(monday <= c && c < weekAfter(monday)))
			}
			switch {
			case weekAfter(monday) <= at:
				before = append(before, came)
			case monday >= at:
				after = append(after, came)
			}
		}
		if k := min(13, len(before), len(after)); k >= 8 {
			before, after = before[len(before)-k:], after[:k]
		}
		if len(r.Tried) == 0 {
			if at < asOf {
				t.Fatal("the experiment has begun, and is not told of")
			}
			return
		}
		i := slices.IndexFunc(r.Tried[0].Effects, func(e Effect) bool { return e.Metric.Name == "flow" && e.Series == "weekly-arrivals" })
		if i < 0 {
			if len(before) >= 8 && len(after) >= 8 && plainMean(before)+plainMean(after) > 0 {
				t.Fatalf("arrivals of %d weeks and %d weeks are not compared", len(before), len(after))
			}
			return
		}
		e := r.Tried[0].Effects[i]
		if len(before) < 8 || len(after) < 8 {
			if e.Result != TooEarly && e.Result != TooFew {
				t.Fatalf("%d weeks and %d weeks are %v", len(before), len(after), e.Result)
			}
			return
		}
		compared++
		if e.Before.Mean != plainMean(before) || e.After.Mean != plainMean(after) || e.Before.N != len(before) || e.After.N != len(after) {
			t.Fatalf("%v of %d weeks before and %v of %d after, counting %v and %v", e.Before.Mean, e.Before.N, e.After.Mean, e.After.N, before, after)
		}
		low, high := plainInterval(before, after)
		if e.Low != low || e.High != high || (e.Result == Changed) != (low > 0 || high < 0) {
			t.Fatalf("%v, %v to %v, counting %v to %v", e.Result, e.Low, e.High, low, high)
		}
	}, &compared)
}

func plainMean(of []float64) float64 {
	sum := 0.0
	for _, v := range of {
		sum += v
	}
	return sum / float64(len(of))
}

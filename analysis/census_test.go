package analysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
	"pgregory.net/rapid"
)

// TestTheEndOfADayCountsWhatIsOpenThen holds the census to the items' own timelines, at the ends of days, weeks and
// months.
func TestTheEndOfADayCountsWhatIsOpenThen(t *testing.T) {
	p := lawfulPolicy(t)
	by := map[string]func(state) (string, bool){
		"everything": func(state) (string, bool) { return "", true },
		"stage":      func(s state) (string, bool) { return s.stage.ID, true },
		"class":      func(s state) (string, bool) { return s.class.ClassID(), s.progress },
		"severity":   func(s state) (string, bool) { return fmt.Sprint(s.severity), s.severity < 3 },
	}
	rapid.Check(t, func(t *rapid.T) {
		n := lawNight(p, drawIssues(t), lawStart.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "as-of"))*time.Hour)).Night
		unit := rapid.SampledFrom([]calendar.Unit{calendar.Days(), calendar.Weeks(), calendar.Months()}).Draw(t, "unit")
		ps := n.periods(unit, lawStart.Add(-40*24*time.Hour), n.AsOf.Add(40*24*time.Hour))
		for name, pick := range by {
			got := n.endOfDay(ps, pick)
			for i, day := range ps {
				want, end := map[string]int{}, day.To-1
				for _, it := range n.Items {
					if !it.openAt(end) || end >= n.AsOf {
						continue
					}
					if g, ok := pick(state{it.Stages.At(end), it.Classes.At(end), it.Severities.At(end), it.Started != 0 && it.Started <= end}); ok {
						want[g]++
					}
				}
				for g := range got.counts {
					if got.of(g)[i] != want[g] {
						t.Fatalf("by %s: %d of %q at the end of %s, not %d", name, got.of(g)[i], g, day.Label, want[g])
					}
					delete(want, g)
				}
				if len(want) > 0 {
					t.Fatalf("by %s: at the end of %s there is nothing of %v", name, day.Label, want)
				}
			}
		}
	})
}

// TestOnlyWhatIsOverIsPassedOver says that nothing came, moved or was finished after t of what lasting leaves out,
// and that it keeps nothing else.
func TestOnlyWhatIsOverIsPassedOver(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := lawNight(p, drawIssues(t), lawStart.Add(55*24*time.Hour)).Night
		at := lawStart.Add(time.Duration(rapid.IntRange(-24, 60*24).Draw(t, "t")) * time.Hour)
		var want []*Item
		for _, it := range n.Items {
			later := append(slices.Concat(it.Done, it.Reopened), it.Created, it.Finished, it.Stages[len(it.Stages)-1].At)
			if it.Open() || slices.Max(later) > at {
				want = append(want, it)
			}
		}
		if got := slices.Collect(n.lasting(at)); !slices.Equal(got, want) {
			t.Fatalf("%d items last beyond %d, not %d", len(got), at, len(want))
		}
	})
}

func TestAnInstantIsFoundInPeriodsOfAnyLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ps []Period
		at := record.Instant(rapid.Int64Range(-50, 50).Draw(t, "begin"))
		for _, long := range rapid.SliceOfN(rapid.SampledFrom([]record.Instant{0, 1, 2, 7, 7, 7, 8, 1000}), 0, 12).Draw(t, "lengths") {
			ps = append(ps, Period{From: at, To: at + long})
			at += long
		}
		t0 := record.Instant(rapid.Int64Range(-60, 8000).Draw(t, "t"))
		if got, want := find(ps, t0), slices.IndexFunc(ps, func(p Period) bool { return p.holds(t0) }); got != want {
			t.Fatalf("%d is found in period %d of %v, not %d", t0, got, ps, want)
		}
	})
}

func TestARulerFindsWhatABinarySearchFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		far := rapid.SampledFrom([]int64{3, 100, 1 << 40, 1 << 62}).Draw(t, "far")
		at := rapid.SliceOfN(rapid.Map(rapid.Int64Range(-far, far-1), func(v int64) record.Instant { return record.Instant(v) }), 0, 40).Draw(t, "instants")
		slices.Sort(at)
		r := newRuler(at)
		for _, x := range append(at, record.Instant(rapid.Int64Range(-far-1, far).Draw(t, "t"))) {
			for _, x := range []record.Instant{x - 1, x, x + 1} {
				if want, _ := slices.BinarySearch(at, x); r.first(x) != want {
					t.Fatalf("%d stands at %d of %v, not at %d", x, r.first(x), at, want)
				}
			}
		}
	})
}

func TestRowsAlikeStayInTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []Row
		for i, v := range rapid.SliceOf(rapid.Float64Range(-2, 2)).Draw(t, "numbers") {
			rows = append(rows, Row{Num: record.Num(math.Round(v)), Why: fmt.Sprint(i)})
		}
		want := slices.Clone(rows)
		slices.SortStableFunc(want, func(a, b Row) int { return cmp.Compare(b.Num.Value, a.Num.Value) })
		if got := largestFirst(rows); !slices.Equal(got, want) {
			t.Fatalf("%v, not %v", got, want)
		}
	})
}

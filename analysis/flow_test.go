package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// figureNamed is the figure of that name.
func figureNamed(t interface{ Fatal(...any) }, r *Report, name string) *Figure {
	i := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Name == name })
	if i < 0 {
		t.Fatal("no metric ", name)
	}
	return &r.Figures[i]
}

func TestTheBandsOfADayAddUpToEverythingCreated(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := lawNight(p, drawIssues(t), lawStart.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "as-of"))*time.Hour)).Night
		days := n.days(rapid.IntRange(1, 60).Draw(t, "days"))
		bands := n.bands(days)
		open := n.endOfDay(days, func(state) (string, bool) { return "", true }).of("")
		for i, d := range days {
			created, all, waits := 0, 0, 0
			for _, it := range n.Items {
				created += bit(it.Created < d.To)
			}
			for k, s := range n.flow.stages {
				in := 0
				for _, it := range n.Items {
					at := it.Stages.At(d.To - 1)
					in += bit(at != nil && at.ID == s.ID)
				}
				if bands[k][i] != in {
					t.Fatalf("at the end of %s the band of %s is %d, and %d items are in it", d.Label, s.ID, bands[k][i], in)
				}
				all += bands[k][i]
				if s.Kind != Done {
					waits += bands[k][i]
				}
			}
			if all != created || waits != open[i] {
				t.Fatalf("at the end of %s the bands are %d of %d created, the open ones %d of a backlog of %d", d.Label, all, created, waits, open[i])
			}
		}
	})
}

func TestTheTimeInAllStagesIsTheTimeFromCreationToTheEnd(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		r := lawNight(p, drawIssues(t), lawStart.Add(55*24*time.Hour))
		whole, n := 0.0, 0
		for _, it := range r.Items {
			if it.Open() {
				continue
			}
			last := it.Created
			it.visits(func(s *Stage, from, to record.Instant) {
				if from != last || to < from || it.Stages.At(to-1) != s && from != to {
					t.Fatalf("%s: a visit of %s from %s to %s after %s", it.Key, s.ID, from, to, last)
				}
				last = to
			})
			if last != it.Finished {
				t.Fatalf("%s: the visits end at %s, it was finished at %s", it.Key, last, it.Finished)
			}
			if !it.Discarded && it.Coarse == "" {
				whole += it.Finished.Sub(it.Created).Seconds()
				n++
			}
		}
		f := figureNamed(t, r, "time-in-stage")
		sum := 0.0
		for _, part := range f.Parts {
			sum += part.Value.Ratio.Num
			if part.Value.Ratio.Den != whole || part.Value.N != n {
				t.Fatalf("%s is part of %v s of %d items, not of %v s of %d", part.Name, part.Value.Ratio.Den, part.Value.N, whole, n)
			}
		}
		if len(f.Parts) > 0 && math.Abs(sum-whole) > 1e-6 {
			t.Fatalf("the stages add up to %v s of %v s", sum, whole)
		}
	})
}

func TestEnteredLessLeftIsHowAStageGrew(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := lawNight(p, drawIssues(t), lawStart.Add(55*24*time.Hour)).Night
		from := lawStart.Add(time.Duration(rapid.IntRange(0, 50*24).Draw(t, "from")) * time.Hour)
		to := from.Add(time.Duration(rapid.IntRange(0, 5*24).Draw(t, "long")) * time.Hour)
		crossed := n.crossed(Period{From: from, To: to})
		for i, s := range n.flow.stages {
			grew := 0
			for _, it := range n.Items {
				in := func(at record.Instant) bool { is := it.Stages.At(at); return is != nil && is.ID == s.ID }
				grew += bit(in(to-1)) - bit(in(from-1))
			}
			if c := crossed[i]; from < to && c.in-c.out != grew {
				t.Fatalf("%s: %d entered, %d left, it grew by %d", s.ID, c.in, c.out, grew)
			}
		}
	})
}

func TestClassesOfTheFlowAddUpToTheTotal(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		r := lawReport(p, drawIssues(t), drawPages(t), lawStart.Add(55*24*time.Hour), lawStart.Add(55*24*time.Hour))
		if len(r.Items) == 0 {
			return
		}
		for _, name := range []string{"stalled", "unowned"} {
			f := figureNamed(t, r, name)
			sum := 0
			for _, part := range f.Parts {
				if part.Group == "class" {
					sum += part.Value.N
				}
			}
			if f.Headline.Number.Known && (float64(sum) != f.Headline.Number.Value || len(f.Rows) != sum) {
				t.Fatalf("%s: classes add up to %d, the total is %v, the rows are %d", name, sum, f.Headline, len(f.Rows))
			}
		}
		if open := figureNamed(t, r, "unowned"); len(open.Charts) > 0 && open.Charts[0].Name == "open" {
			for i, day := range r.days(182) {
				want, got := 0, 0.0
				for _, it := range r.Items {
					want += bit(it.openAt(day.To-1) && len(it.Assignees.At(day.To-1)) == 0)
				}
				for _, l := range open.Charts[0].Lines {
					got += l.Values[i].Value
				}
				if got != float64(want) {
					t.Fatalf("at the end of %s %v are drawn as unowned, and %d are", day.Label, got, want)
				}
			}
		}
		f := figureNamed(t, r, "cumulative-flow")
		grew := 0.0
		for _, row := range f.Rows {
			grew += row.Num.Value
		}
		if f.Headline.Number.Known && f.Headline.Number.Value != grew {
			t.Fatalf("the items behind the cumulative flow add up to %v, the headline says %v", grew, f.Headline.Number.Value)
		}
		active, whole := 0.0, 0.0
		f = figureNamed(t, r, "flow-efficiency")
		for _, part := range f.Parts {
			active, whole = active+part.Value.Ratio.Num, whole+part.Value.Ratio.Den
		}
		if all := f.Headline.Ratio; all.Num > all.Den || math.Abs(all.Num-active) > 1e-6 || math.Abs(all.Den-whole) > 1e-6 {
			t.Fatalf("classes are active for %v of %v s, all for %v of %v s", active, whole, all.Num, all.Den)
		}
		for _, table := range figureNamed(t, r, "unowned").Tables {
			for _, row := range table.Rows { // created: from the start, taken, not yet, done without
				if v := func(i int) float64 { return row[i].Num.Value }; v(1) != v(2)+v(3)+v(8)+v(9) {
					t.Fatalf("%s: %v were created, and became %v, %v, %v and %v", row[0].Text, v(1), v(2), v(3), v(8), v(9))
				}
			}
		}
	})
}

func TestEveryMoveIsOneOfThree(t *testing.T) {
	p := lawfulPolicy(t)
	place := func(s *Stage) int {
		return slices.IndexFunc(p.Flow[0].Is, func(x Stage) bool { return x.ID == s.ID })
	}
	rapid.Check(t, func(t *rapid.T) {
		for _, it := range lawNight(p, drawIssues(t), lawStart.Add(55*24*time.Hour)).Items {
			var reopened []record.Instant
			moves := 0
			it.turns(&places{p.Flow, map[*Stage][]int{}}, func(at record.Instant, from, to *Stage, b bearing) {
				moves++
				earlier := place(from) >= 0 && place(to) >= 0 && place(to) < place(from)
				switch {
				case b == reopen:
					reopened = append(reopened, at)
				case b == back && (!earlier || from.Kind == Done), b == returned && (!earlier || from.Kind != Paused), b == onward && earlier && from.Kind != Done && from.Kind != Paused:
					t.Fatalf("%s: %s to %s at %s is %d", it.Key, from.ID, to.ID, at, b)
				}
			})
			if moves != len(it.Stages)-1 || !slices.Equal(reopened, it.Reopened) {
				t.Fatalf("%s: %d moves between %d stages, reopened %v, not %v", it.Key, moves, len(it.Stages), reopened, it.Reopened)
			}
		}
	})
}

// TestAMoveFollowsTheOrderOfItsDay: from 100 on review comes before doing.
func TestAMoveFollowsTheOrderOfItsDay(t *testing.T) {
	queue, doing, review, vendor := Stage{ID: "queue"}, Stage{ID: "doing", Kind: Active}, Stage{ID: "review", Kind: Active}, Stage{ID: "vendor", Kind: Paused}
	p := &places{Versions[[]Stage]{{Is: []Stage{queue, doing, review, vendor}}, {From: 100, Is: []Stage{queue, review, doing, vendor}}}, map[*Stage][]int{}}
	odd := &Stage{ID: "unmapped-odd", Fallback: true}
	for _, c := range []struct {
		at               record.Instant
		from, to, before *Stage
		want             bearing
	}{
		{50, &review, &doing, nil, back}, {50, &doing, &review, nil, onward},
		{150, &review, &doing, nil, onward}, {150, &doing, &review, nil, back},
		{100, &doing, &review, nil, onward}, // the policy moved it
		{50, &doing, odd, nil, onward}, {50, odd, &queue, nil, onward},
		{50, &vendor, &doing, &doing, returned}, {50, &vendor, &review, &doing, returned}, {50, &vendor, &queue, &doing, back},
		{50, &vendor, &doing, nil, back}, // born with the supplier: nothing to return to
		{50, &vendor, &doing, odd, back},
	} {
		if got := p.bearing(c.at, c.from, c.to, c.before); got != c.want {
			t.Errorf("at %d from %s to %s: %d, not %d", c.at, c.from.ID, c.to.ID, got, c.want)
		}
	}
	if got := (&places{of: map[*Stage][]int{}}).bearing(50, &review, &doing, nil); got != onward {
		t.Errorf("without a policy of stages a move is %d", got)
	}
}

func TestALargeHistoryIsDrawnInItsShape(t *testing.T) {
	p := lawfulPolicy(t)
	asOf := lawStart.Add(90 * 24 * time.Hour)
	n := &Night{Policy: p, Zone: p.Zone, AsOf: asOf}
	slowest := map[string]float64{}
	for i := range 30_000 {
		end := asOf.Add(-time.Duration(i*4+1) * time.Minute)
		it := &Item{Look: &Look{}, Ref: record.Ref{Tracker: "t", ID: fmt.Sprint(i)}, Created: end.Add(-time.Duration(i*7919%50_000) * time.Minute), Until: asOf, Finished: end}
		it.Started = it.Created
		n.Items = append(n.Items, it)
		day := n.date(end)
		slowest[day] = max(slowest[day], end.Sub(it.Started).Seconds())
	}
	h := n.history(n.trailing(90))
	c := n.cycleDots(h)
	dots := 0
	drawn := map[string]float64{}
	for _, l := range c.Lines {
		dots += len(l.Dots)
		for _, d := range l.Dots {
			drawn[c.X[d.At]] = max(drawn[c.X[d.At]], d.Y)
		}
	}
	if len(h.rows) != 30_000 || dots > mostDots || dots < mostDots*8/10 {
		t.Errorf("%d of %d items are drawn", dots, len(h.rows))
	}
	for day, v := range slowest {
		if drawn[day] != v {
			t.Errorf("of %s the slowest took %v s, and %v s is drawn", day, v, drawn[day])
		}
	}
	if want := fmt.Sprintf("Of the 30000 items %d are drawn", dots); !strings.Contains(c.Note, want) {
		t.Errorf("the chart says %q, not that %s", c.Note, want)
	}
	if got := evenly([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 4); !slices.Equal(got, []int{0, 3, 6, 9}) {
		t.Error(got)
	}
	if got := evenly([]int{1, 2}, 4); !slices.Equal(got, []int{1, 2}) {
		t.Error(got)
	}
}

// BenchmarkFlow measures the figures of flow over a large history: how long for each item of it.
func BenchmarkFlow(b *testing.B) {
	n := manyWays(b, 200_000)
	for i := range Metrics {
		m := &Metrics[i]
		if m.Chapter != "Flow" {
			continue
		}
		b.Run(m.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Measure(n)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(n.Items)), "ns/item")
		})
	}
}

// manyWays is a night of so many items over three years: each waits, is worked on, waits at the
// requester's, is worked on and done; one in a hundred is still open, one in fifty was reopened.
func manyWays(b *testing.B, items int) *Night {
	p, complaints := ReadPolicy("policy.yaml", []byte(lawPolicy))
	if strict.Failed(complaints) {
		b.Fatal(complaints)
	}
	stages := p.Flow[0].Is
	queue, doing, back, done := &stages[0], &stages[1], &stages[2], &stages[3]
	const span = 3 * 365 * 24 * time.Hour
	asOf := lawStart.Add(span)
	n := &Night{Policy: p, Zone: p.Zone, AsOf: asOf}
	for i := range items {
		created := lawStart.Add(span / time.Duration(items) * time.Duration(i))
		it := &Item{Ref: record.Ref{Tracker: "t", ID: fmt.Sprintf("%07d", i)}, Key: fmt.Sprint("T-", i), Created: created, Until: asOf, Look: &Look{}, Rest: &Rest{}}
		at := created
		enter := func(s *Stage, after time.Duration) {
			if at = at.Add(after * time.Duration(1+i%37) / 18); at < asOf {
				it.Stages = append(it.Stages, Step[*Stage]{at, s})
			}
		}
		enter(queue, 0)
		enter(doing, 4*time.Hour)
		enter(back, 20*time.Hour)
		enter(doing, 9*time.Hour)
		if i%100 != 0 {
			enter(done, 7*time.Hour)
		}
		if i%50 == 1 {
			enter(queue, 30*time.Hour)
			enter(doing, 8*time.Hour)
			enter(done, 8*time.Hour)
		}
		for k, s := range it.Stages {
			switch {
			case s.Is.Kind == Done:
				it.Done = append(it.Done, s.At)
			case k > 0 && it.Stages[k-1].Is.Kind == Done:
				it.Reopened = append(it.Reopened, s.At)
			case s.Is.Kind == Active && it.Started == 0:
				it.Started = s.At
			}
			it.Changed = s.At
		}
		if len(it.Done) > 0 && it.Stage().Kind == Done {
			it.Finished = it.Done[len(it.Done)-1]
		}
		it.Classes = Timeline[*Class]{{created, &p.Classes[i%len(p.Classes)]}}
		it.Severities = Timeline[int]{{created, 1 + i%2}}
		it.Assignees = Timeline[[]string]{{created, nil}}
		if i%3 != 0 && it.Started != 0 {
			it.Assignees = append(it.Assignees, Step[[]string]{it.Started, []string{"ada"}})
		}
		n.Items = append(n.Items, it)
	}
	n.index()
	return n
}

package analysis

// How long things took, and what lies still, counted again (recompute_test.go).

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// nearestRank is the smallest value with at least percent in a hundred of them no larger.
func nearestRank(of []float64, percent int) float64 {
	best := math.Inf(1)
	for _, v := range of {
		below := 0
		for _, w := range of {
			below += bit(w <= v)
		}
		if below*100 >= percent*len(of) {
			best = min(best, v)
		}
	}
	return best
}

func TestCycleTimesAgreeWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		f := n.figure("cycle-time")
		var want [][]any
		for _, class := range append(slices.Clone(recountClasses), "") {
			var cycle, lead []float64
			for _, l := range n.lives { // sixty days: all of them lie in the trailing ninety
				if l.finished == 0 || l.discarded || class != "" && l.now().class != class {
					continue
				}
				lead = append(lead, l.finished.Sub(l.created).Seconds())
				if l.started != 0 && !l.coarse {
					cycle = append(cycle, l.finished.Sub(l.started).Seconds())
				}
			}
			if class == "" {
				n.same("cycle times", [2]int{f.Headline.N, f.Headline.Of}, [2]int{len(cycle), len(lead)})
				n.same("left out", len(f.Left), len(lead)-len(cycle))
			}
			if len(lead) == 0 {
				continue
			}
			row := []any{len(cycle)}
			for _, q := range []int{50, 70, 85, 95} {
				if v := nearestRank(cycle, q); len(cycle) > 0 {
					row = append(row, v)
				} else {
					row = append(row, 0)
				}
			}
			want = append(want, append(row, nearestRank(lead, 85)))
		}
		rows := n.table(f, "percentiles")
		if len(want) == 0 {
			return
		}
		n.same("classes with cycle times", len(rows), len(want))
		for i, row := range rows {
			var got []any
			for _, c := range row[1:] {
				got = append(got, c.Num.Value)
			}
			n.same(row[0].Text, got, want[i])
		}
	})
}

// halfHours calls f for each half hour from creation to the last end, those in done before a reopening included.
func (l *recountLife) halfHours(f func(at record.Instant, s recountState)) {
	for at := l.created; at < l.finished; at = at.Add(halfHour) {
		f(at, l.at(at))
	}
}

func TestTimesInStagesAgreeWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		inStage, whole, active, started := map[string]float64{}, 0.0, 0.0, 0.0
		passed, worked := 0, 0
		for _, l := range n.lives {
			if l.finished == 0 || l.discarded || l.coarse {
				continue
			}
			passed++
			whole += l.finished.Sub(l.created).Seconds()
			l.halfHours(func(at record.Instant, s recountState) { inStage[s.stage] += halfHour.Seconds() })
			if l.started == 0 || l.started == l.finished {
				continue
			}
			worked++
			started += l.finished.Sub(l.started).Seconds()
			l.halfHours(func(at record.Instant, s recountState) {
				if s.kind == Active {
					active += halfHour.Seconds()
				}
			})
		}
		f := n.figure("time-in-stage")
		entered, left := map[string]int{}, map[string]int{}
		for _, l := range n.lives {
			for i, v := range l.visits {
				if entered[v.stage]++; i > 0 {
					left[l.visits[i-1].stage]++
				}
			}
		}
		for _, stage := range []string{"queue", "doing", "back", "unmapped-odd"} {
			if v, ok := n.part(f, "stage", stage); ok {
				n.near("time in "+stage, v.Ratio.Num, inStage[stage])
				n.near("time in all stages", v.Ratio.Den, whole)
				n.same("items that passed", v.N, passed)
			} else if inStage[stage] > 0 {
				n.Fatalf("the night knows no time in %s, counting %v", stage, inStage[stage])
			}
		}
		names := map[string]string{"Queue": "queue", "Doing": "doing", "Back": "back", "Done": "done", "Odd": "unmapped-odd"}
		for _, row := range n.table(f, "stages") {
			if id := names[row[0].Text]; id != "" {
				k := len(row)
				n.same("entered and left "+id, [2]float64{row[k-3].Num.Value, row[k-2].Num.Value}, [2]int{entered[id], left[id]})
			}
		}
		most := ""
		for _, stage := range []string{"queue", "doing", "back"} {
			if most == "" || inStage[stage] > inStage[most] {
				most = stage
			}
		}
		if inStage[most] > inStage["unmapped-odd"] && passed > 0 {
			n.near("time in the bottleneck", f.Headline.Ratio.Num, inStage[most])
		}
		e := n.figure("flow-efficiency")
		n.same("items that were worked on", e.Headline.N, worked)
		if worked > 0 {
			n.near("active time", e.Headline.Ratio.Num, active)
			n.near("time since started", e.Headline.Ratio.Den, started)
		}
	})
}

func TestWhatLiesStillAgreesWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	still := 0
	checkUntil(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		var quiet, nobodys, old, ages int
		byClass, cycles := map[string]int{}, map[string][]float64{}
		for _, l := range n.lives {
			if l.finished != 0 && !l.discarded && !l.coarse && l.started != 0 {
				took := l.finished.Sub(l.started).Seconds()
				cycles[l.now().class], cycles[""] = append(cycles[l.now().class], took), append(cycles[""], took)
			}
		}
		for _, l := range n.lives {
			if l.open(n.asOf) && len(l.now().assignees) == 0 {
				nobodys++
				byClass[l.now().class]++
			}
			if !l.inProgress(n.asOf) || l.coarse {
				continue
			}
			working := 0.0
			for at := l.touched; at < n.asOf; at = at.Add(halfHour) {
				if officeOpen(at) {
					working += 0.5
				}
			}
			quiet += bit(working >= 5*8.5)
			ages++
			history := cycles[l.now().class]
			if len(history) < 10 {
				history = cycles[""]
			}
			old += bit(len(history) >= 10 && n.asOf.Sub(l.started).Seconds() > nearestRank(history, 85))
		}
		still += quiet
		f := n.figure("stalled")
		n.same("stalled", len(f.Rows), quiet)
		n.same("in progress with an age", len(n.figure("aging-wip").Rows), ages)
		if v := n.figure("aging-wip").Headline; v.Number.Known {
			n.same("too old", v.Number.Value, old)
		}
		u := n.figure("unowned")
		n.same("unowned", u.Headline.Number.Value, nobodys)
		for _, class := range recountClasses {
			v, _ := n.part(u, "class", class)
			n.same("unowned as "+class, v.N, byClass[class])
		}
		var waits []float64
		born, waiting, without := 0, 0, 0
		for _, l := range n.lives {
			if l.coarse {
				continue
			}
			taken := l.started
			for _, s := range l.states {
				if len(s.assignees) > 0 && (taken == 0 || s.at < taken) {
					taken = s.at
				}
			}
			switch {
			case taken == l.created:
				born++
			case taken != 0:
				waits = append(waits, taken.Sub(l.created).Seconds())
			case l.open(n.asOf):
				waiting++
			default:
				without++
			}
		}
		for name, want := range map[string]int{"born": born, "waiting": waiting, "without": without} {
			v, _ := n.part(u, "trailing-90-days", name)
			n.same(name, v.N, want)
		}
		for name, q := range map[string]int{"p50": 50, "p85": 85} {
			if v, _ := n.part(u, "trailing-90-days", name); len(waits) > 0 {
				n.same("taken within", v.Number.Value, nearestRank(waits, q))
			}
		}
	}, &still)
}

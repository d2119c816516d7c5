package analysis

// Severities over time, limits, and what went back, counted again (recompute_test.go).

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTrendsAgreeWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	limits := 0
	checkUntil(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		from, to := n.lastWholeMonth()
		mix, kinds := n.figure("severity-mix"), n.figure("kind-mix")
		inMonth := func(l *recountLife) bool { return from <= l.created && l.created < to }
		months, created := n.chart(mix, "created")
		_, open := n.chart(mix, "open")
		for severity := range 3 {
			id := "sev-" + string(rune('0'+severity))
			k := n.count(func(l *recountLife) bool { return inMonth(l) && l.now().severity == severity })
			if v, _ := n.part(mix, "severity", id); v.Number.Known {
				n.same("created in the month as "+id, v.Number.Value, k)
			}
			for i, month := range months {
				day, _ := time.Parse("2006-01", month)
				a, b := localDay(day.Year(), day.Month(), 1), localDay(day.Year(), day.Month()+1, 1)
				n.same("created in "+month+" as "+id, created(id)[i].Value, n.count(func(l *recountLife) bool { return a <= l.created && l.created < b && l.now().severity == severity }))
				if b <= n.asOf && open != nil {
					n.same("open at the end of "+month+" as "+id, open(id)[i].Value, n.count(func(l *recountLife) bool { return l.open(b-1) && l.at(b-1).severity == severity }))
				}
			}
		}
		for kind, class := range map[string]string{"incident": "fire", "problem": "bug", "request": "ask", "feature": "feature", "unclassified": "unclassified"} {
			if v, _ := n.part(kinds, "kind", kind); v.Number.Known {
				n.same("created in the month as "+kind, v.Number.Value, n.count(func(l *recountLife) bool { return inMonth(l) && l.now().class == class }))
			}
		}

		// The weekly counts of severities 1 and 2 that are support, and their limits.
		f, weeks := n.figure("severity-trend"), n.weekStarts()
		var counts []float64
		for _, a := range weeks {
			counts = append(counts, float64(n.count(func(l *recountLife) bool {
				return a <= l.created && l.created < weekAfter(a) && supportWork(l.now().class) && l.now().severity > 0
			})))
		}
		x, line := n.chart(f, "serious")
		if x == nil {
			if len(weeks) > 1 {
				n.Fatalf("%d weeks, and no chart", len(weeks))
			}
			return
		}
		n.same("weeks of the chart", len(x), len(counts))
		sum, moving := 0.0, 0.0
		for i, c := range counts {
			n.same("serious in "+x[i], line("count")[i].Value, c)
			sum += c
			if i > 0 {
				moving += math.Abs(c - counts[i-1])
			}
		}
		if k := float64(len(counts)); k >= 8 {
			limits++
			centre, half := sum/k, 2.66*moving/(k-1)
			for i := range counts {
				n.near("centre", line("centre")[i].Value, centre)
				n.near("upper limit", line("upper")[i].Value, centre+half)
				n.near("lower limit", line("lower")[i].Value, max(0, centre-half))
			}
		} else {
			n.same("limits of few weeks", line("upper")[0].Value, 0)
		}
	}, &limits)
}

// stagePlace is the place of a stage in the workflow of t; −1 of what has none.
func stagePlace(stage string) int {
	for i, s := range []string{"queue", "doing", "back", "done"} {
		if s == stage {
			return i
		}
	}
	return -1
}

func TestWhatWentBackAgreesWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		f, weeks := n.figure("backward-moves"), n.weekStarts()
		if len(weeks) == 0 {
			return
		}
		from, to := weeks[0], weekAfter(weeks[len(weeks)-1]) // under thirteen of them
		var back, returned, reopened int
		sent, lost := 0, 0.0
		for _, l := range n.lives {
			before := ""
			for i, v := range l.visits {
				if i == 0 {
					continue
				}
				was := l.visits[i-1]
				if was.kind != Paused {
					before = was.stage
				}
				a, b := stagePlace(was.stage), stagePlace(v.stage)
				switch {
				case v.at < from || v.at >= to:
				case was.kind == Done && v.kind != Done:
					reopened++
				case v.at == newFlow: // what the policy moved did not move
				case a < 0 || b < 0 || b >= a || v.kind == Done:
				case was.kind == Paused && before != "" && before != "done" && stagePlace(before) >= 0 && b >= stagePlace(before):
					returned++
				default:
					back++
				}
			}
			if l.coarse {
				continue
			}
			for i, v := range l.visits {
				if v.stage == "back" {
					sent++
					end := n.asOf
					if i+1 < len(l.visits) {
						end = l.visits[i+1].at
					}
					lost += end.Sub(v.at).Hours() / 24
				}
			}
		}
		if len(weeks) <= 13 {
			n.near("backward moves a week", f.Headline.Number.Value, float64(back)/float64(len(weeks)))
			for name, want := range map[string]int{"backward": back, "returned": returned, "reopened": reopened} {
				v, _ := n.part(f, "move", name)
				n.same(name, v.N, want)
			}
		}
		n.same("sent back", n.figure("sent-back").Headline.Number.Value, sent)
		v, _ := n.part(n.figure("sent-back"), "trailing-90-days", "lost")
		n.near("days lost to it", v.Number.Value, lost)
	})
}

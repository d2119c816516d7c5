package analysis

// Promises and capacity, counted again (recompute_test.go). The clock itself is walked half hour by half hour
// by the words of sla_walk_test.go, over a life that was counted from the records.

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// walked is the life as the walk of the clock takes it.
func (l *recountLife) walked(p *Policy) *Item {
	it := &Item{Created: l.created, Until: l.until, Responded: l.responded, Finished: l.finished, Discarded: l.discarded}
	for _, v := range l.visits {
		it.Stages = append(it.Stages, Step[*Stage]{v.at, &Stage{ID: v.stage, Kind: v.kind}})
	}
	for i, s := range l.states {
		var class *Class
		for k := range p.Classes {
			if p.Classes[k].ID == s.class {
				class = &p.Classes[k]
			}
		}
		if i == 0 || s.class != l.states[i-1].class {
			it.Classes = append(it.Classes, Step[*Class]{s.at, class})
		}
		if i == 0 || s.severity != l.states[i-1].severity {
			it.Severities = append(it.Severities, Step[int]{s.at, s.severity})
		}
		if i == 0 && s.due != "" || i > 0 && s.due != l.states[i-1].due {
			it.Dues = append(it.Dues, Step[record.Date]{s.at, s.due})
		}
	}
	return it
}

// clockedBefore says whether a life was in a class whose promise a clock decides, before t: what a date has
// decided stays decided, whatever the class becomes.
func (l *recountLife) clockedBefore(t record.Instant) bool {
	return slices.ContainsFunc(l.states, func(s recountState) bool {
		return s.at < t && (s.class == "fire" || s.class == "bug" || s.class == "ask")
	})
}

func TestPromisesAgreeWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	w := &slaTestWorld{t: t, policy: p}
	met, missed := 0, 0
	checkUntil(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		from, to := n.lastWholeMonth()
		for _, d := range []duty{respond, resolve} {
			f, trailing := n.figure("sla-resolve"), [2]int{}
			if d == respond {
				f = n.figure("sla-respond")
			}
			all, byClass, bySeverity := [2]int{}, map[string][2]int{}, map[int][2]int{}
			for _, l := range n.lives {
				it := n.r.Find(l.key)
				v := it.Resolve
				if d == respond {
					v = it.Respond
				}
				if l.coarse {
					if (v.Outcome == Met || v.Outcome == Missed) && l.clockedBefore(v.Decided) {
						n.Fatalf("%s is coarse, and its promise to %s is judged: %s", l.key, d, short(v))
					}
					if v.Outcome != Met && v.Outcome != Missed {
						continue
					}
				}
				k := slaWalk{w: w, it: l.walked(p), d: d}
				k.walk()
				if k.outcome() != v.Outcome && !l.coarse {
					n.Fatalf("as of %s: %s: the promise to %s is %s, walking says %v\n%s", n.asOf, l.key, d, short(v), k.outcome(), w.tellLife(k.it))
				}
				if v.Outcome != Met && v.Outcome != Missed {
					continue
				}
				n.same(l.key+" decided", v.Decided, k.decided)
				n.same(l.key+" due", v.Due, k.at)
				if v.Outcome == Missed {
					n.same(l.key+" late", v.Late, l.late(k.at, k.now.counts, d))
				}
				i := bit(v.Outcome == Missed)
				trailing[i]++ // sixty days
				if from <= k.decided && k.decided < to {
					all[i]++
					c, s := byClass[k.as.ClassID()], bySeverity[l.at(k.decided).severity]
					c[i]++
					s[i]++
					byClass[k.as.ClassID()], bySeverity[l.at(k.decided).severity] = c, s
				}
			}
			met, missed = met+trailing[0], missed+trailing[1]
			holds := func(what string, v Value, k [2]int) {
				n.same(what, [2]float64{v.Ratio.Num, v.Ratio.Den}, [2]int{k[0], k[0] + k[1]})
			}
			holds("attainment of the month", f.Headline, all)
			v, _ := n.part(f, "trailing-90-days", "all")
			holds("attainment of the trailing 90 days", v, trailing)
			for class, k := range byClass {
				v, _ := n.part(f, "class", class)
				holds("attainment of "+class, v, k)
			}
			for severity, k := range bySeverity {
				v, _ := n.part(f, "severity", "sev-"+string(rune('0'+severity)))
				holds("attainment of a severity", v, k)
			}
		}
	}, &met, &missed)
}

// late walks the working time past due in which it was not done, on the calendar of the clock; for dates on the
// team's own.
func (l *recountLife) late(due record.Instant, counts Target, d duty) (sum time.Duration) {
	end := l.until
	if d == respond && l.responded != 0 {
		end = l.responded
	}
	for t := l.created; t < end; t = t.Add(halfHour) {
		working := officeOpen(t)
		if counts.Kind == WorkingTime {
			working = counts.Calendar.Working(t)
		}
		if working && l.at(t).kind != Done {
			sum += max(0, t.Add(halfHour).Sub(max(t, due)))
		}
	}
	return sum
}

func TestCapacityAgreesWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		f := n.figure("support-share")
		from, to := n.lastWholeMonth()
		to = min(to, n.asOf)
		var items, points, hours, attention, rota [2]float64
		add := func(to *[2]float64, class string, v float64) {
			to[1] += v
			if supportWork(class) {
				to[0] += v
			}
		}
		for _, l := range n.lives {
			if from <= l.finished && l.finished < to && !l.discarded {
				add(&items, l.now().class, 1)
				if l.points.Known {
					add(&points, l.now().class, l.points.Value)
				}
			}
			for _, w := range l.booked {
				if from <= w.Started && w.Started < to {
					add(&hours, l.at(max(w.Started, l.created)).class, float64(w.Seconds)/3600)
				}
			}
		}
		for at := from; at < to; at = at.Add(halfHour) {
			if !officeOpen(at) {
				continue
			}
			for m, who := range []string{"ada", "bob"} {
				if who == "bob" && bobIsAway <= at && at < bobIsBack {
					continue
				}
				if at >= n.first() {
					rota[1] += 0.5
					if turn := turnAt(at); turn >= 0 && turn%2 == m {
						rota[0] += 0.5
					}
				}
				var classes []string
				for _, l := range n.lives {
					if s := l.at(at); l.open(at) && s.kind == Active && slices.Contains(s.assignees, who) {
						classes = append(classes, s.class)
					}
				}
				for _, class := range classes {
					add(&attention, class, 0.5/float64(len(classes)))
				}
			}
		}
		for name, want := range map[string][2]float64{"items": items, "points": points, "hours": hours, "attention": attention, "rota": rota} {
			v, ok := n.part(f, "method", name)
			if !ok {
				n.Fatalf("there is no method %s", name)
			}
			if name == "rota" && want[0] == 0 {
				continue // that nobody is known to be on call is no data
			}
			n.near("support by "+name, v.Ratio.Num, want[0])
			n.near("all by "+name, v.Ratio.Den, want[1])
			n.same("data by "+name, v.Number.Known, want[1] > 0)
		}
	})
}

// turnAt is the turn that t lies in, from 0 on, handed over on Mondays at ten; −1 before the first.
func turnAt(t record.Instant) int {
	k := -1
	for at := turnsBegin; record.At(at) <= t; at = at.AddDate(0, 0, 7) {
		k++
	}
	return k
}

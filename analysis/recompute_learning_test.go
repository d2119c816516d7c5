package analysis

// Intake, repeats and what owes a postmortem, counted again (recompute_test.go).

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// onService says whether the life is of a service, by its labels.
func (l *recountLife) onService(id string) bool { return slices.Contains(l.labels, id) }

// alike says whether two titles have one fingerprint: the two about the disk do.
func alike(a, b string) bool { return a == b || a[1:4] == "isk" && b[1:4] == "isk" }

func TestIntakeAgreesWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		f := n.figure("ready")
		from, to := n.lastWholeMonth()
		var all, month [2]int
		byClass := map[string][2]int{}
		for _, l := range n.lives {
			s := l.now()
			if !supportWork(s.class) {
				continue
			}
			whole := bit((l.onService("api") || l.onService("db")) && s.due != "")
			all[0], all[1] = all[0]+whole, all[1]+1
			if from <= l.created && l.created < to {
				month[0], month[1] = month[0]+whole, month[1]+1
			}
			byClass[s.class] = [2]int{byClass[s.class][0] + whole, byClass[s.class][1] + 1}
		}
		holds := func(what string, v Value, k [2]int) {
			n.same(what, [2]float64{v.Ratio.Num, v.Ratio.Den}, k)
		}
		holds("ready", f.Headline, all)
		v, _ := n.part(f, "period", "last-month")
		holds("ready of the last month", v, month)
		for class, k := range byClass {
			v, _ := n.part(f, "class", class)
			holds("ready as "+class, v, k)
		}
	})
}

func TestRepeatsAgreeWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		incidents, repeats := 0, 0
		for _, l := range n.lives {
			if l.now().class != "fire" {
				continue
			}
			incidents++
			repeats += bit(slices.ContainsFunc(n.lives, func(was *recountLife) bool {
				same := was.onService("api") && l.onService("api") || was.onService("db") && l.onService("db")
				return was != l && same && was.now().class == "fire" && was.finished != 0 && !was.discarded && was.finished < l.created && alike(was.title, l.title)
			}))
		}
		f := n.figure("repeats")
		n.same("repeats", [2]float64{f.Headline.Ratio.Num, f.Headline.Ratio.Den}, [2]int{repeats, incidents})
	})
}

func TestWhatOwesAPostmortemAgreesWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	fell := 0
	checkUntil(t, func(t *rapid.T) {
		n := recountNight(t, p)
		if len(n.lives) == 0 {
			return
		}
		from, to := n.lastWholeMonth()
		due, dueInMonth, waiting := 0, 0, 0
		for _, l := range n.lives {
			if l.discarded || !slices.ContainsFunc(l.states, func(s recountState) bool { return s.class == "fire" }) {
				continue
			}
			if len(l.done) == 0 {
				waiting++
				continue
			}
			day := midnightAfter(l.done[0])
			for left := 5; left > 0; day = midnightAfter(day) { // the five working days after the day it was first done
				left -= bit(officeDay(day.In(recountZone)))
			}
			switch end := day - 1; {
			case end >= n.asOf:
				waiting++
			default:
				due++
				dueInMonth += bit(from <= end && end < min(to, n.asOf))
			}
		}
		fell += due
		f := n.figure("postmortem-coverage")
		n.same("postmortems due", [2]float64{f.Headline.Ratio.Num, f.Headline.Ratio.Den}, [2]int{0, due})
		v, _ := n.part(f, "period", "last-month")
		n.same("postmortems due in the month", v.Ratio.Den, dueInMonth)
		n.same("waited for", len(f.Left), waiting)
	}, &fell)
}

package analysis

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestTheAdviceHasItsReason goes through the advice in its order. Sixty-five visits, five a week: forty of one
// week and twenty-five of two, so that the median takes 5 places and 85 % take 10.
func TestTheAdviceHasItsReason(t *testing.T) {
	const oneWeek, twoWeeks = 7 * 24 * 3600.0, 14 * 24 * 3600.0
	times := slices.Concat(slices.Repeat([]float64{oneWeek}, 40), slices.Repeat([]float64{twoWeeks}, 25))
	for _, c := range []struct {
		name           string
		in, limit      int
		over           int // of 65 working days
		goal, bound    float64
		weeks, members int
		stage          bool
		what, why      string
		advised, out   int
	}{
		{name: "12 weeks", in: 65, limit: 12, weeks: 12, what: "too early to tell", why: "13 whole weeks"},
		{name: "9 visits", in: 9, limit: 12, weeks: 13, what: "too early to tell", why: "there are 13 and 9", out: 9},
		{name: "more comes in", in: 72, limit: 12, weeks: 13, what: "cannot tell", why: "Finish before starting"},
		{name: "less comes in", in: 58, limit: 12, weeks: 13, what: "cannot tell", why: "58 came in and 65 left"},
		{name: "a tenth is no difference", in: 71, limit: 12, weeks: 13, what: "lower to 10", advised: 10},
		{name: "no limit", in: 65, weeks: 13, what: "begin with 10", advised: 10},
		{name: "nobody keeps to it", in: 65, limit: 12, over: 14, weeks: 13, what: "keep 12", why: "14 of 65 working days", advised: 12},
		{name: "a fifth is not more than a fifth", in: 65, limit: 12, over: 13, weeks: 13, what: "lower to 10", advised: 10},
		{name: "the policy's own bound", in: 65, limit: 12, over: 13, bound: 0.1, weeks: 13, what: "keep 12", advised: 12},
		{name: "too high", in: 65, limit: 11, weeks: 13, what: "lower to 10", advised: 10},
		{name: "between", in: 65, limit: 10, weeks: 13, what: "keep 10", why: "between", advised: 10},
		{name: "below the median", in: 65, limit: 4, weeks: 13, what: "keep 4", why: "below what half", advised: 4},
		{name: "a goal that is met", in: 65, limit: 12, goal: 14, weeks: 13, what: "keep 12", why: "is the goal", advised: 12},
		{name: "a goal that is missed", in: 65, limit: 10, goal: 9.8, weeks: 13, what: "lower to 7", why: "if each takes 9 d 19 h", advised: 7},
		{name: "goals are the team's", in: 65, limit: 10, goal: 9.8, weeks: 13, stage: true, what: "keep 10", advised: 10},
		{name: "a place for every two", in: 65, limit: 40, weeks: 13, members: 25, what: "lower to 13", advised: 13},
	} {
		out := cmp.Or(c.out, 65)
		p := lawfulPolicy(t)
		p.Targets = Goals{Cycle: c.goal, Overload: c.bound}
		v := &visits{name: "team", limits: Always(c.limit), in: c.in, out: out, times: times[:out], over: c.over, days: 65}
		if c.stage {
			v.name = "doing"
		}
		n := &Night{Policy: p, AsOf: lawStart}
		got := n.advise(v, c.weeks, c.members)
		if got.what != c.what || !strings.Contains(got.why, c.why) || got.limit != c.advised {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestWhatIsInProgressIsWhatCameLessWhatLeft holds the visits to the counts at the ends of days that the other
// metrics draw, and the time inside to them hour by hour.
func TestWhatIsInProgressIsWhatCameLessWhatLeft(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		issues := drawIssues(t)
		n := lawNight(p, issues, lawStart.Add(61*24*time.Hour)).Night
		days := n.days(40)
		if len(days) == 0 {
			return
		}
		period := Period{From: days[0].From, To: days[len(days)-1].To}
		parts, _, _ := n.passed(period, days)
		if want := n.endOfDay(days, inProgress).of("team"); !slices.Equal(parts[0].counts, want) {
			t.Fatalf("%v at the ends of days, not %v", parts[0].counts, want)
		}
		begin, end, inside := 0, 0, 0.0
		for _, it := range n.Items {
			if it.Coarse != "" {
				continue
			}
			it.stretches(n.AsOf, func(s stretch) {
				if !s.progress {
					return
				}
				begin += one(s.from < period.From && period.From <= s.to)
				end += one(s.from < period.To && (period.To < s.to || s.to == n.AsOf))
				if a, b := max(s.from, period.From), min(s.to, period.To, it.Until); a < b {
					inside += b.Sub(a).Seconds()
				}
			})
		}
		v := parts[0]
		if len(v.times) != v.out || v.inside != inside {
			t.Fatalf("%d times of %d, %v inside, not %v", len(v.times), v.out, v.inside, inside)
		}
		if begin+v.in-v.out != end {
			t.Fatalf("%d at the beginning, %d in, %d out, and %d at the end", begin, v.in, v.out, end)
		}
	})
}

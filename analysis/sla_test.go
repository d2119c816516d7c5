package analysis

// What must hold of every promise, whatever the life of the item (METRICS.md, section 3).

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

var slaDuties = []duty{respond, resolve}

func TestSLATraceSegmentsAddUpToTheItemsLife(t *testing.T) {
	w := slaWorld(t, slaLives)
	rapid.Check(t, func(t *rapid.T) {
		it := someLife(t, w, slaClasses)
		for _, d := range slaDuties {
			tr := trace(w.policy, it, d)
			at := it.Created
			for _, s := range tr.Segments {
				if s.From != at || s.To <= s.From || s.Cause == "" || s.Class != it.Classes.At(s.From) && !s.done() {
					t.Fatalf("%s: after %s comes %+v\n%s", d, w.show(at), s, w.tellLife(it))
				}
				at = s.To
			}
			end := it.Until
			if it.Finished != 0 {
				end = it.Finished
			}
			if d == respond && it.Responded != 0 {
				end = it.Responded
			}
			if at != end {
				t.Fatalf("%s: segments end at %s, not at %s\n%s", d, w.show(at), w.show(end), w.tellLife(it))
			}
		}
	})
}

// done says whether a segment is one in which a change of class waits for reopening.
func (s Segment) done() bool { return s.Cause == "done" }

func TestSLATraceCountsWhatTheVerdictCounts(t *testing.T) {
	w := slaWorld(t, slaLives)
	rapid.Check(t, func(t *rapid.T) {
		it := someLife(t, w, []string{"asap"}) // one clock, so that segments and what is left add up to the target
		tr := trace(w.policy, it, resolve)
		var ran time.Duration
		for _, s := range tr.Segments {
			if s.Running {
				ran += s.To.Sub(s.From)
			}
		}
		goal := it.Class().Resolve.At(it.Created).length(it.Created)
		switch v := tr.Verdict; v.Outcome {
		case Running, Stopped:
			if ran+v.Left != goal {
				t.Fatalf("%s ran, %s are left of %s\n%s", ran, v.Left, goal, w.tellLife(it))
			}
		case Met:
			if ran > goal {
				t.Fatalf("met after %s of %s\n%s", ran, goal, w.tellLife(it))
			}
		case Missed:
			if ran < goal {
				t.Fatalf("missed after %s of %s\n%s", ran, goal, w.tellLife(it))
			}
		}
	})
}

func TestWhatIsDecidedStaysSo(t *testing.T) {
	w := slaWorld(t, slaLives)
	rapid.Check(t, func(t *rapid.T) {
		whole := someLife(t, w, slaClasses)
		whole.Discarded = false // a resolution counts as it is at as-of
		early := whole.upTo(whole.someTime(t))
		cut := *whole
		cut.Until = early.Until
		for _, d := range slaDuties {
			then, now := judgeDuty(w.policy, early, d), judgeDuty(w.policy, whole, d)
			if v := judgeDuty(w.policy, &cut, d); !sameVerdict(v, then) {
				t.Fatalf("%s: later events leak into %s: %s, without them %s\n%s", d, w.show(early.Until), w.verdict(early, v), w.verdict(early, then), w.tellLife(whole))
			}
			if then.Outcome == Missed && !sameVerdict(then, now) {
				t.Fatalf("%s: it was %s at %s, and then %s\n%s", d, w.verdict(early, then), w.show(early.Until), w.verdict(whole, now), w.tellLife(whole))
			}
			if (now.Outcome == Met || now.Outcome == Missed) && now.Decided < early.Until && !sameVerdict(then, now) {
				t.Fatalf("%s: %s, but at %s it was %s\n%s", d, w.verdict(whole, now), w.show(early.Until), w.verdict(early, then), w.tellLife(whole))
			}
		}
	})
}

// sameVerdict compares all but how late it is by now.
func sameVerdict(a, b Verdict) bool {
	a.Late, b.Late = 0, 0
	return a == b
}

func TestFlippingBuysAndCostsNothing(t *testing.T) {
	w := slaWorld(t, slaLives)
	kinds := rapid.SampledFrom([]string{"asap", "request", "quick", "night", "dated", "maint"})
	rapid.Check(t, func(t *rapid.T) {
		home, away := kinds.Draw(t, "home"), kinds.Draw(t, "away")
		straight := someLife(t, w, []string{home})
		flipped := *straight
		c1 := straight.someTime(t)
		c2 := c1.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "for")) * slaStep)
		flipped.Classes = append(Timeline[*Class]{straight.Classes[0]}, Step[*Class]{c1, w.class(away)}, Step[*Class]{c2, w.class(home)})
		if doneWithin(straight, c1, c2) { // it is reopened under what it was held to when it was done
			return
		}
		for _, d := range slaDuties {
			a, b := judgeDuty(w.policy, straight, d), judgeDuty(w.policy, &flipped, d)
			if a.Outcome == Unpromised || a.Outcome == Withdrawn || b.Class != w.class(home) || b.Decided != 0 && b.Decided == c1 {
				continue
			}
			if a.Outcome != b.Outcome || a.Due != b.Due && a.Outcome != Met || a.Left != b.Left {
				t.Fatalf("%s: %s, but as %s from %s to %s: %s\n%s", d, w.verdict(straight, a), away, w.show(c1), w.show(c2), w.verdict(&flipped, b), w.tellLife(straight))
			}
		}
	})
}

func doneWithin(it *Item, from, to record.Instant) bool {
	for _, s := range it.Stages {
		if s.Is.Kind == Done && s.At <= to && s.At >= from {
			return true
		}
	}
	return it.Stages.At(from).Kind == Done
}

func TestAPauseNeverMakesAClockFallDueEarlier(t *testing.T) {
	w := slaWorld(t, slaLives)
	rapid.Check(t, func(t *rapid.T) {
		it := someLife(t, w, []string{rapid.SampledFrom([]string{"asap", "request", "quick", "night"}).Draw(t, "of")})
		paused := *it
		paused.Stages = append(Timeline[*Stage](nil), it.Stages...)
		i := rapid.IntRange(0, len(it.Stages)-1).Draw(t, "pause")
		if paused.Stages[i].Is.Kind == Done {
			return
		}
		paused.Stages[i].Is = w.stages["Waiting"]
		for _, d := range slaDuties {
			a, b := judgeDuty(w.policy, it, d), judgeDuty(w.policy, &paused, d)
			if b.Outcome == Missed && a.Outcome != Missed || a.Outcome == Met && b.Outcome != Met || a.Outcome == b.Outcome && b.Due < a.Due {
				t.Fatalf("%s: %s, but paused at %s: %s\n%s", d, w.verdict(it, a), w.show(it.Stages[i].At), w.verdict(&paused, b), w.tellLife(it))
			}
		}
	})
}

func TestATighteningIsNeitherMissedAtOnceNorALoosening(t *testing.T) {
	w := slaWorld(t, slaLives)
	rapid.Check(t, func(t *rapid.T) {
		it := someLife(t, w, slaClasses)
		for i, s := range it.Classes {
			c := s.At
			if i == 0 || c <= it.Created {
				continue
			}
			for _, d := range slaDuties {
				before, tr := judgeDuty(w.policy, it.upTo(c), d), trace(w.policy, it.upTo(c+1), d)
				if before.Outcome != Running || before.Due == c || it.Dues.At(c) != it.Dues.At(c-1) {
					continue
				}
				last := tr.Dues[len(tr.Dues)-1]
				if last.At != c || strings.HasSuffix(last.Why, "the due it had before") || strings.Contains(last.Why, "from creation") {
					continue
				}
				if tr.Verdict.Outcome == Missed {
					t.Fatalf("%s: missed in the change at %s\n%s", d, w.show(c), w.tellLife(it))
				}
				if tr.Verdict.Outcome == Running && tr.Verdict.Due > before.Due {
					t.Fatalf("%s: due %s, after a tightening %s\n%s", d, w.show(before.Due), w.show(tr.Verdict.Due), w.tellLife(it))
				}
			}
		}
	})
}

func TestAnItemWithoutAnyRecordOfItsStagesIsRunning(t *testing.T) {
	w := slaWorld(t, slaLives)
	it := &Item{Look: &Look{}, Created: w.time("2026-03-02 10:00"), Until: w.time("2026-03-03 00:00")}
	it.Classes = Timeline[*Class]{{it.Created, w.class("asap")}}
	sla(w.policy, it)
	if it.Resolve.Outcome != Running || it.Resolve.Due != w.time("2026-03-05 10:00") {
		t.Error(w.verdict(it, it.Resolve))
	}
	if tr := trace(w.policy, it, resolve); len(tr.Segments) != 2 || tr.Segments[0].Cause != "open" {
		t.Errorf("%+v", tr.Segments)
	}
}

func TestAnItemOfALaterHorizonIsNotJudged(t *testing.T) { // its own source speaks for an earlier time
	w := slaWorld(t, slaLives)
	it := w.item("2026-03-02 10:00 created as dated due 2026-02-27", w.time("2026-03-03 00:00"))
	it.Until = w.time("2026-03-01 00:00")
	sla(w.policy, it)
	if it.Resolve.Outcome == Missed && it.Resolve.Decided >= it.Until {
		t.Error(w.verdict(it, it.Resolve))
	}
}

func BenchmarkJudge(b *testing.B) {
	w := slaWorld(b, slaLives)
	for _, x := range []struct{ name, life string }{
		{"straight", `
			2026-03-02 10:00 created as asap
			2026-03-02 11:00 answered
			2026-03-02 11:00 stage Doing
			2026-03-04 11:00 stage Review
			2026-03-05 09:30 stage Done`},
		{"ten-stages-two-classes", `
			2026-03-02 10:00 created as asap
			2026-03-02 11:00 stage Doing
			2026-03-02 11:30 answered
			2026-03-02 15:00 stage Waiting
			2026-03-03 09:00 stage Doing
			2026-03-03 10:00 class request
			2026-03-03 14:00 stage Review
			2026-03-04 09:00 stage Doing
			2026-03-04 12:00 stage Waiting
			2026-03-05 16:00 stage Review
			2026-03-06 10:00 stage Done
			2026-03-09 10:00 stage Doing
			2026-03-09 15:00 stage Review
			2026-03-10 09:30 stage Done`},
		{"no-promise", `
			2026-03-02 10:00 created as idea
			2026-03-02 11:00 stage Doing
			2026-03-06 10:00 stage Done`},
	} {
		it := w.item(x.life, w.time("2026-04-01 00:00"))
		b.Run(x.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				sla(w.policy, it)
			}
		})
	}
}

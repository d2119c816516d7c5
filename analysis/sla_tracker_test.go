package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// slaContrasts are lives with what the tracker's clocks say of them, worked out by hand. The class asap promises a
// day of eight and a half hours, from 09:00 to 17:30. A line "clock NAME FROM [TO] goal elapsed" is a cycle, with
// "breached" and "due TIME" behind it; "until" is as-of.
var slaContrasts = []struct{ name, life, clocks, want string }{
	{"both met", `
2026-11-02 09:00 created as asap
2026-11-02 12:00 stage Done`,
		"Time to resolution|2026-11-02 09:00|2026-11-02 12:00|8h30m|3h",
		"met agrees"},
	{"stopped at another transition: of 9 h 30 min it counts 6 h", `
2026-11-02 09:00 created as asap
2026-11-02 15:00 stage Review
2026-11-03 10:00 stage Done`,
		"time to RESOLUTION|2026-11-02 09:00|2026-11-02 15:00|8h30m|6h",
		"missed cycle: its clock ran from 2026-11-02 09:00 to 2026-11-02 15:00; ours from 2026-11-02 09:00 to 2026-11-03 10:00"},
	{"6 h of another goal", `
2026-11-02 09:00 created as asap
2026-11-02 15:00 stage Done`,
		"Time to resolution|2026-11-02 09:00|2026-11-02 15:00|4h|6h|breached|2026-11-02 13:00",
		"met policy: its goal is 4 h, ours 8 h 30 min"},
	{"it ran through our pause: 1 h and 8 h 30 min of Waiting", `
2026-11-02 09:00 created as asap
2026-11-02 10:00 stage Waiting
2026-11-03 10:00 stage Done`,
		"Time to resolution|2026-11-02 09:00|2026-11-03 10:00|8h30m|9h30m|breached|2026-11-02 17:30",
		"met pause: its clock counted 9 h 30 min in its cycle, ours 1 h: it ran in Waiting, where ours stood still"},
	{"it pauses in Review: 11 h 30 min less 4 h", `
2026-11-02 09:00 created as asap
2026-11-02 10:00 stage Review
2026-11-02 14:00 stage Doing
2026-11-03 12:00 stage Done`,
		"Time to resolution|2026-11-02 09:00|2026-11-03 12:00|8h30m|7h30m||2026-11-03 13:00",
		"missed pause: its clock counted 7 h 30 min in its cycle, ours 11 h 30 min: it stood still in Review, where ours ran"},
	{"it counts the night: 20 h for 4 h 30 min", `
2026-11-02 16:00 created as asap
2026-11-03 12:00 stage Done`,
		"Time to resolution|2026-11-02 16:00|2026-11-03 12:00|8h30m|20h|breached|2026-11-03 00:30",
		"met calendar: its clock counted 20 h in its cycle, ours 4 h 30 min: it has other working hours"},
	{"its day ends at 17:00: 8 h 15 min for 8 h 45 min", `
2026-11-02 09:00 created as asap
2026-11-03 09:15 stage Done`,
		"Time to resolution|2026-11-02 09:00|2026-11-03 09:15|8h30m|8h15m||2026-11-03 09:30",
		"missed calendar: its clock counted 8 h 15 min in its cycle, ours 8 h 45 min: it has other working hours"},
	{"stopped two hours later, and an hour and a half less to spare", `
2026-11-02 09:00 created as asap
2026-11-02 15:00 stage Done`,
		"Time to resolution|2026-11-02 09:00|2026-11-02 17:00|7h|8h|breached|2026-11-02 16:00",
		"met several: no single difference leads to its verdict"},
	{"started again at the reopening: 2 h and 7 h 30 min", `
2026-11-02 09:00 created as asap
2026-11-02 11:00 stage Done
2026-11-03 09:00 stage Doing
2026-11-03 16:30 stage Done`,
		"Time to resolution|2026-11-02 09:00|2026-11-02 11:00|8h30m|2h\nTime to resolution|2026-11-03 09:00|2026-11-03 16:30|8h30m|7h30m",
		"met agrees\nmissed cycle: its clock ran from 2026-11-03 09:00 to 2026-11-03 16:30; ours from 2026-11-02 09:00 to 2026-11-03 16:30"},
	{"breached and running, where we have until the evening", `
2026-11-04 09:00 created as request`,
		"Time to resolution|2026-11-04 09:00||8h|11h|breached|2026-11-04 17:00",
		"running policy: its goal is 8 h, ours 17 h"},
	{"not decided yet", `
2026-11-04 09:00 created as request`,
		"Time to resolution|2026-11-04 09:00||40h|11h",
		"running left out: the tracker has not decided it yet"},
	{"nothing is promised", `
2026-11-02 09:00 created as idea
2026-11-02 12:00 stage Done`,
		"Time to resolution|2026-11-02 09:00|2026-11-02 12:00|8h|3h",
		" left out: we promise nothing here"},
	{"discarded", `
2026-11-02 09:00 created as asap
2026-11-02 12:00 stage Done
2026-11-02 12:00 discarded`,
		"Time to resolution|2026-11-02 09:00|2026-11-02 12:00|8h|3h",
		"withdrawn left out: our promise was withdrawn: the item lost it, or was discarded"},
	{"another clock", `
2026-11-02 09:00 created as asap`,
		"Time to approve|2026-11-02 09:00|2026-11-02 12:00|8h|3h",
		" left out: no promise of ours is matched to this clock"},
	{"another act is the first answer: after 1 h 15 min for 30 min", `
2026-11-02 09:00 created as asap
2026-11-02 09:30 answered
2026-11-02 12:00 stage Done`,
		"Time to first response|2026-11-02 09:00|2026-11-02 10:15|1h|1h15m|breached|2026-11-02 10:00",
		"met cycle: its clock ran from 2026-11-02 09:00 to 2026-11-02 10:15; ours from 2026-11-02 09:00 to 2026-11-02 09:30"},
	{"a date of ours", `
2026-11-02 09:00 created as dated due 2026-11-04
2026-11-03 17:00 stage Done`,
		"Time to resolution|2026-11-02 09:00|2026-11-03 17:00|4h|16h30m|breached|2026-11-02 13:00",
		"met policy: its goal is 4 h of working time; ours is due"},
	{"it tells no more than its verdict", `
2026-11-02 09:00 created as asap
2026-11-02 12:00 stage Done`,
		"Time to resolution|||0s|0s|breached",
		"met several: no single difference leads to its verdict"},
	{"missed by us, and then discarded within its goal", `
2026-11-02 09:00 created as asap
2026-11-03 12:00 stage Done
2026-11-03 12:00 discarded`,
		"Time to resolution|2026-11-02 09:00|2026-11-03 12:00|17h|11h30m",
		"missed policy: its goal is 17 h, ours 8 h 30 min"},
}

// contrastNight is the night of all contrasts; the n-th item is of the n-th.
func contrastNight(t testing.TB) *Night {
	t.Helper()
	var lives []string
	for _, c := range slaContrasts {
		lives = append(lives, c.life+"\n")
	}
	n := slaNight(t, slaNightPolicy, strings.Join(lives, "--\n"), "2026-11-05 12:00")
	n.Policy.SLANames = SLANames{defaultRespondSLAs(), defaultResolveSLAs()}
	w := slaTestWorld{t: t, policy: n.Policy}
	at := func(s string) record.Instant {
		if s == "" {
			return 0
		}
		return w.time(s)
	}
	for i, c := range slaContrasts {
		n.Items[i].Rest, n.Items[i].Look = &Rest{TrackerSaid: n.AsOf - 1}, &Look{}
		for line := range strings.Lines(c.clocks) {
			f := append(strings.Split(strings.TrimSpace(line), "|"), "", "")
			goal, err1 := time.ParseDuration(f[3])
			elapsed, err2 := time.ParseDuration(f[4])
			if err1 != nil || err2 != nil {
				t.Fatal(line)
			}
			s := record.SLA{Name: f[0], Started: at(f[1]), Stopped: at(f[2]), Goal: goal, Elapsed: elapsed, Breached: f[5] == "breached", Due: at(f[6])}
			n.Items[i].TrackerSLAs = append(n.Items[i].TrackerSLAs, s)
		}
	}
	return n
}

func TestWhereTheTrackerDisagreesTheReasonIsFound(t *testing.T) {
	n := contrastNight(t)
	for i, c := range slaContrasts {
		var got []string
		for _, x := range n.Cycles(n.Items[i]) {
			s := x.Ours.Outcome.String() + " "
			switch {
			case x.Skipped != "":
				s += "left out: " + x.Skipped
			case x.Agrees:
				s += "agrees"
			default:
				s += fmt.Sprintf("%s: %s", x.Reason, x.Because)
			}
			got = append(got, s)
		}
		if d := cmp.Diff(c.want, strings.Join(got, "\n")); d != "" {
			t.Errorf("%s: want −, got +\n%s", c.name, d)
		}
	}
}

func TestTheShareOfAgreementIsOfTheCyclesThatBothDecided(t *testing.T) {
	a := slaTracker.Measure(contrastNight(t))
	// Of 19 cycles one is not decided, one is of a clock that nothing is matched to, and two are of items that promise
	// nothing. Of the others the first agrees, and the first of the item that was reopened.
	if r := a.Headline.Ratio; r.Num != 2 || r.Den != 15 || a.Headline.Of != 17 {
		t.Errorf("headline %+v %+v", a.Headline, r)
	}
	if want := "In the trailing 90 days the tracker's clocks and our verdicts agree on 2 of 15 decided cycles (13 %); where not, because of: cycle 3, policy 4, pause 2, calendar 2, several 2."; a.Sentence != want {
		t.Errorf("%q, want %q", a.Sentence, want)
	}
	if len(a.Rows) != 15 || len(a.Left) != 2 || len(a.Tables[0].Rows) != 13 || len(a.Doubts) != 1 {
		t.Errorf("%d rows, %d left out, %d differ, doubts %q", len(a.Rows), len(a.Left), len(a.Tables[0].Rows), a.Doubts)
	}
	sums := map[string]float64{}
	for _, p := range a.Parts {
		if p.Group == "reason" {
			sums["reasons"] += p.Value.Number.Value
		} else if p.Group == "promise" {
			sums["cycles"] += p.Value.Ratio.Den
		}
	}
	if sums["reasons"] != 13 || sums["cycles"] != 15 {
		t.Errorf("the parts do not add up: %v", sums)
	}
	if row := a.Tables[0].Rows[0]; row[0].Item.Key != "SUP-17" { // decided when it was read, which is last
		t.Errorf("the latest is %s", row[0].Item.Key)
	}
}

func TestATrackerWithoutClocksIsNoData(t *testing.T) {
	n := slaNight(t, slaNightPolicy, "2026-11-05 09:00 created as request", "2026-11-05 12:00")
	n.Items[0].Rest = &Rest{}
	if a := slaTracker.Measure(n); a.Headline.String() != NoData || a.Sentence != "No tracker told of SLA clocks of its own." || len(a.Tables)+len(a.Charts) > 0 {
		t.Errorf("%s, %q", a.Headline, a.Sentence)
	}
	n.Items[0].TrackerSLAs = []record.SLA{{Name: "Time to approve", Started: 1, Stopped: 2}}
	if a := slaTracker.Measure(n); a.Headline.String() != NoData || !strings.HasPrefix(a.Sentence, "The tracker's clocks are matched to no promise of ours") {
		t.Errorf("%s, %q", a.Headline, a.Sentence)
	}
}

// A tracker that does just what we do agrees in every cycle of one clock.
func TestATrackerThatKeepsOurPromiseAgrees(t *testing.T) {
	w := slaWorld(t, slaLives)
	w.policy.SLANames = SLANames{Resolve: []string{"x"}}
	rapid.Check(t, func(t *rapid.T) {
		it := someLife(t, w, []string{"asap"})
		n := &Night{Policy: w.policy, Zone: w.policy.Zone, AsOf: it.Until, known: it.Until}
		v := judgeDuty(w.policy, it, resolve)
		if v.Outcome != Met && v.Outcome != Missed || len(it.Reopened) > 0 || it.Finished == 0 {
			return
		}
		own := record.SLA{Name: "x", Started: it.Created, Stopped: it.Finished, Goal: v.Target.length(it.Created), Breached: v.Outcome == Missed, Due: v.Due}
		for _, s := range trace(w.policy, it, resolve).Segments {
			if s.Running {
				own.Elapsed += s.To.Sub(s.From)
			}
		}
		it.Rest = &Rest{TrackerSLAs: []record.SLA{own}}
		if c := n.Cycles(it)[0]; !c.Agrees || c.Skipped != "" {
			t.Fatalf("%+v\n%s", c, w.tellLife(it))
		}
		// And one with half its goal, or twice, either agrees or has the policy for its reason.
		other := own
		other.Goal = rapid.SampledFrom([]time.Duration{own.Goal / 2, own.Goal * 2}).Draw(t, "goal")
		if own.Elapsed == other.Goal {
			return
		}
		other.Breached = own.Elapsed > other.Goal
		it.TrackerSLAs = []record.SLA{other}
		if c := n.Cycles(it)[0]; !c.Agrees && c.Reason != OtherPolicy {
			t.Fatalf("%s: %s\n%s", c.Reason, c.Because, w.tellLife(it))
		}
	})
}

func TestEveryReasonIsExplained(t *testing.T) {
	n := contrastNight(t)
	var seen []Reason
	for _, it := range n.Items {
		for _, c := range n.Cycles(it) {
			if c.Reason != "" && !slices.Contains(seen, c.Reason) {
				seen = append(seen, c.Reason)
			}
		}
	}
	if len(seen) != len(reasons) {
		t.Errorf("of %d reasons the cases show %v", len(reasons), seen)
	}
}

// What many items have alike is kept once: an item as it might have been is none of theirs.
func TestAnItemAsItMightHaveBeenChangesNoOther(t *testing.T) {
	shared := &Look{Coarse: "its export carries no history"}
	it, other := &Item{Look: shared, Rest: &Rest{}, Created: 1, Until: 9}, &Item{Look: shared, Rest: &Rest{}}
	as := it.spanning(resolve, 2, 4, nil)
	if as.Coarse != "" || as.Created != 2 || as.Finished != 4 {
		t.Errorf("coarse %q, from %d to %d", as.Coarse, as.Created, as.Finished)
	}
	if it.Coarse != shared.Coarse || other.Coarse == "" {
		t.Errorf("the item is now %q, another %q", it.Coarse, other.Coarse)
	}
}

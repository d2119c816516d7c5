package analysis

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// slaEased are changes of class around the limit of what is shortly before due. A day of the office has eight and a half
// hours, so that of the promise of a day half is 4 h 15 min, and of that of two days a whole one is 8 h 30 min. As-of is
// Thursday, 5 November 2026, 12:00.
//
//   - SUP-1 has an hour and a half left when it becomes a request: due a day later. It is open, and would be missed.
//   - SUP-2 has 4 h 30 min left: half of the promise is still to come.
//   - SUP-3 has 4 h 15 min left, which is not more than half. It was finished by 17:30 all the same.
//   - SUP-4, due on Tuesday at 17:30, loses its promise with 5 h 30 min left, which is less than a day.
//   - SUP-5 was missed before it was changed, which bought nothing.
//   - SUP-6 comes to a tighter promise.
//   - SUP-7 is paused with an hour left, and changed in the pause: of two days 7 h 30 min are used.
//   - SUP-8 was changed long ago.
//   - SUP-9 is due by Wednesday, and loses that on Wednesday at 10:00.
//   - SUP-10 is changed while it is done, with 1 h 30 min left, which counts from its reopening on Tuesday at 10:00.
//   - SUP-11 has a quarter of an hour of its promised answer left when it becomes a request, which promises none.
const slaEased = `
2026-11-02 09:00 created as asap sev 1
2026-11-02 16:00 sev 2
2026-11-02 16:00 class request
--

2026-11-02 09:00 created as asap
2026-11-02 13:00 class request
--

2026-11-02 09:00 created as asap
2026-11-02 13:15 class request
2026-11-02 17:00 stage Done
--

2026-11-02 09:00 created as request
2026-11-03 12:00 class idea
2026-11-04 12:00 stage Done
--

2026-10-26 09:00 created as asap
2026-10-27 09:00 class request
--

2026-11-02 09:00 created as request
2026-11-03 17:00 class asap
--

2026-11-02 09:00 created as asap
2026-11-02 16:30 stage Waiting
2026-11-04 10:00 class request
--

2026-07-06 09:00 created as asap
2026-07-06 17:00 class request
--

2026-11-02 09:00 created as dated due 2026-11-04
2026-11-04 10:00 class idea
--

2026-11-02 09:00 created as asap
2026-11-02 16:00 stage Done
2026-11-03 09:00 class request
2026-11-03 10:00 stage New
--

2026-11-02 09:00 created as asap
2026-11-02 09:45 class request
`

func TestPromisesMadeEasierShortlyBeforeDueAreListed(t *testing.T) {
	n := slaNight(t, slaNightPolicy, slaEased, "2026-11-05 12:00")
	table := func(a Answer) (rows []string) {
		i := slices.IndexFunc(a.Tables, func(t Table) bool { return t.Name == "eased" })
		if i < 0 {
			return nil
		}
		for _, r := range a.Tables[i].Rows {
			s := r[0].Item.Key
			for _, c := range r[1:] {
				if s += " | " + c.Text; c.Num.Known {
					s += Work.Format(c.Num)
				}
			}
			rows = append(rows, s)
		}
		return rows
	}
	a := slaResolve.Measure(n)
	want := []string{
		"SUP-7 | 2026-11-04 10:00 | asap → request | 1 h | 2026-11-04 11:00 | 2026-11-05 11:00 | in time so far, paused",
		"SUP-9 | 2026-11-04 10:00 | dated → idea | 7 h 30 min | 2026-11-04, end of day | never | missed",
		"SUP-4 | 2026-11-03 12:00 | request → idea | 5 h 30 min | 2026-11-03 17:30 | never | missed",
		"SUP-10 | 2026-11-03 10:00 | asap → request | 1 h 30 min | 2026-11-03 11:30 | 2026-11-04 11:30 | missed",
		"SUP-1 | 2026-11-02 16:00 | asap, Sev 1 – Bad → request, Sev 2 – Mild | 1 h 30 min | 2026-11-02 17:30 | 2026-11-03 17:30 | missed",
		"SUP-3 | 2026-11-02 13:15 | asap → request | 4 h 15 min | 2026-11-02 17:30 | 2026-11-03 17:30 | met",
	}
	if d := cmp.Diff(want, table(a)); d != "" {
		t.Errorf("want −, got +:\n%s", d)
	}
	said := "6 promises were made easier shortly before due in the trailing 90 days, by a change of class; without that 4 of them would have been missed. All are listed."
	if !slices.Contains(a.Doubts, said) {
		t.Errorf("doubts %q", a.Doubts)
	}
	r := slaRespond.Measure(n)
	want = []string{"SUP-11 | 2026-11-02 09:45 | asap → request | 15 min | 2026-11-02 10:00 | never | missed"}
	if d := cmp.Diff(want, table(r)); d != "" {
		t.Errorf("respond: want −, got +:\n%s", d)
	}
	// Of October there is nothing, whatever was changed since.
	if row := a.Tables[1].Rows[8]; row[0].Text != "Made easier shortly before due, in October 2026" || row[1].Num.Value != 0 {
		t.Errorf("%+v", row)
	}
	if early := slaResolve.Measure(slaNight(t, slaNightPolicy, slaEased, "2026-11-02 16:00")); len(table(early)) != 1 {
		t.Errorf("what was changed at as-of is known already: %q", table(early))
	}
}

func TestAnEasingIsAChangeOfAnUndecidedPromiseToALaterDue(t *testing.T) {
	w := slaWorld(t, slaLives)
	rapid.Check(t, func(t *rapid.T) {
		it := someLife(t, w, slaClasses)
		for _, d := range slaDuties {
			dues := trace(w.policy, it, d).Dues
			for _, x := range easings(w.policy, it, d) {
				before, after := judgeDuty(w.policy, it.upTo(x.at), d), judgeDuty(w.policy, it.upTo(x.at+1), d)
				if before.Outcome == Missed && before.Due < x.at || x.is != 0 && x.is <= x.was || x.was < x.at || x.left < 0 {
					t.Fatalf("%s at %s: due %s, then %s; it was %s and became %s\n%s", d, w.show(x.at), w.show(x.was), w.show(x.is), w.verdict(it, before), w.verdict(it, after), w.tellLife(it))
				}
				if !slices.ContainsFunc(dues, func(c DueChange) bool { return c.At == x.at && c.Due == x.is && strings.HasPrefix(c.Why, "from ") }) {
					t.Fatalf("%s: the trace does not tell of the change at %s\n%s", d, w.show(x.at), w.tellLife(it))
				}
				if left := w.policy.Working.Between(x.at, x.was); x.left > max(left, 24*time.Hour) {
					t.Fatalf("%s: %s left of %s\n%s", d, x.left, left, w.tellLife(it))
				}
			}
		}
	})
}

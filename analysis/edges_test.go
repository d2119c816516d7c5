package analysis

// What stands exactly on an edge: at the limit, at midnight, at the first instant of a month, at the end of a window.
// Every want was worked out by hand from METRICS.md.

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

const edgePolicy = `
team: {name: Edges, zone: America/New_York, members: [{id: ada, name: Ada}]}
calendars: {office: {week: {mon-fri: 09:00-17:00}}}
working: office
limit: 1
stages:
  - {id: new, name: New, kind: waiting, statuses: [New]}
  - {id: doing, name: Doing, kind: active, statuses: [Doing], limit: 1}
  - {id: done, name: Done, kind: done, statuses: [Done]}
severities: [{level: 1, name: Bad, when: 'priority == "High"'}]
classes: [{id: bug, name: Bug, kind: problem, when: 'true', limit: 1}]
`

func edgeNight(t *testing.T, asOf, issues string) *Report {
	t.Helper()
	return Run(tellNight(t, map[string]string{"policy.yaml": edgePolicy, "as-of": asOf, "issues": issues}))
}

func partIn(t *testing.T, f *Figure, group, name string) Part {
	t.Helper()
	i := slices.IndexFunc(f.Parts, func(p Part) bool { return p.Group == group && p.Name == name })
	if i < 0 {
		t.Fatalf("%s has no part %s %s", f.Name, group, name)
	}
	return f.Parts[i]
}

// TestAtTheLimitIsNotAboveIt: one item is in progress all of March, and one is what the team, the class and the stage
// allow.
func TestAtTheLimitIsNotAboveIt(t *testing.T) {
	r := edgeNight(t, "2026-04-15T12:00:00Z", "A-1 2026-02-02T15:00 status=Doing")
	f := figureIn(r, "wip")
	if f.Good != Good {
		t.Errorf("the team is at its limit, and the mood is %v", f.Good)
	}
	if p := partIn(t, f, "class", "bug"); p.Value.N != 1 || p.Good == Bad {
		t.Errorf("%d bugs of 1: mood %v", p.Value.N, p.Good)
	}
	if p := partIn(t, f, "stage", "doing"); p.Value.N != 1 || p.Good == Bad {
		t.Errorf("%d in Doing of 1: mood %v", p.Value.N, p.Good)
	}
	f = figureIn(r, "overload") // March 2026 has 22 days from Monday to Friday
	if f.Headline.Ratio.Num != 0 || f.Headline.Ratio.Den != 22 || len(f.Rows) != 0 {
		t.Errorf("%v of %v days overloaded, %d items crowded", f.Headline.Ratio.Num, f.Headline.Ratio.Den, len(f.Rows))
	}
	weeks := f.Weekly[0].Values
	if len(weeks) < 8 || slices.ContainsFunc(weeks, func(v record.Number) bool { return !v.Known || v.Value != 0 }) {
		t.Errorf("weeks with overloaded days: %s", runs(weeks))
	}
}

// TestFinishedAtMidnightWasThereAtTheEndOfTheDay: the end of a day is the instant just before the next local midnight.
// As-of is Monday 1 June; of the 182 days that are drawn the first is 1 December, and midnight after it is 5:00 UTC.
func TestFinishedAtMidnightWasThereAtTheEndOfTheDay(t *testing.T) {
	r := edgeNight(t, "2026-06-01T12:00:00Z", `
A-0 2025-11-03T15:00 status=New
A-1 2025-11-30T15:00 status=Doing
  2025-12-02T05:00 ada status Done
`)
	c := figureIn(r, "wip").Charts[0]
	if c.X[0] != "2025-12-01" || runs(c.Lines[0].Values) != "1 181×0" {
		t.Errorf("from %s on %s in progress, want 1 on the first day", c.X[0], runs(c.Lines[0].Values))
	}
}

// TestTheFirstInstantOfAMonthIsOfThatMonth: in New York April begins at 4:00 UTC.
func TestTheFirstInstantOfAMonthIsOfThatMonth(t *testing.T) {
	r := edgeNight(t, "2026-05-01T04:00:00Z", `
A-1 2026-03-10T15:00 priority=High status=New
A-2 2026-04-01T03:59 priority=High status=New
A-3 2026-04-01T04:00 priority=High status=New
A-4 2026-05-01T03:59 priority=High status=New
A-5 2026-05-01T04:00 priority=High status=New
`)
	f := figureIn(r, "severity-mix")
	c := f.Charts[slices.IndexFunc(f.Charts, func(c Chart) bool { return c.Name == "created" })]
	i := slices.IndexFunc(c.Lines, func(s Series) bool { return s.Name == "sev-1" })
	if got := runs(c.Lines[i].Values); strings.Join(c.X, " ") != "2026-03 2026-04" || got != "2×2" {
		t.Errorf("created in %v: %s; want 2 in March and 2 in April, and A-5 at as-of in none", c.X, got)
	}
	if v := partIn(t, f, "severity", "sev-1").Value; v.Number.Value != 2 || v.Period.Label != "April 2026" {
		t.Errorf("%v in %s, want 2 in April, which is over", v.Number.Value, v.Period.Label)
	}
}

// TestWhoHadItFromTheStartDidNotTakeIt: five items were taken two hours after they came, and five were somebody's from
// the start; by month half of those that were taken were taken within two hours.
func TestWhoHadItFromTheStartDidNotTakeIt(t *testing.T) {
	var b strings.Builder
	for _, day := range []string{"02", "03", "04", "05", "06"} {
		b.WriteString("A-" + day + " 2026-03-" + day + "T15:00 status=New\n  2026-03-" + day + "T17:00 ada assignee ada\n")
		b.WriteString("B-" + day + " 2026-03-" + day + "T15:00 status=New assignee=ada\n")
	}
	f := figureIn(edgeNight(t, "2026-04-15T12:00:00Z", b.String()), "unowned")
	c := f.Charts[slices.IndexFunc(f.Charts, func(c Chart) bool { return c.Name == "by-month" })]
	for _, l := range c.Lines {
		if got := l.Values[0]; !got.Known || got.Value != 2*3600 {
			t.Errorf("%s in March: %v, want two hours", l.Name, got)
		}
	}
	if born := partIn(t, f, "trailing-90-days", "born").Value; born.N != 5 {
		t.Errorf("%d were somebody's from the start, want 5", born.N)
	}
}

// TestADateMayBeMovedUpToItsEnd: the end is the instant just before midnight, and a date has passed only behind it.
func TestADateMayBeMovedUpToItsEnd(t *testing.T) {
	created := record.At(time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC))
	var d trackerDate
	end := d.track("2026-03-09", created, true, time.UTC)
	if end != record.At(time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC))-1 {
		t.Fatalf("the date ends at %s", end)
	}
	if !d.movable(end) || d.movable(end+1) || d.movable(created) {
		t.Errorf("movable at its end: %v, just after: %v, as it came: %v", d.movable(end), d.movable(end+1), d.movable(created))
	}
}

// TestAFifthOfALongPromiseIsLittle: of ten working days of 8 h 30 min a fifth is 17 h. Due is Friday the 13th at 17:30,
// so on Thursday at 9:00 that much is left, and on Wednesday at 17:00 half an hour more.
func TestAFifthOfALongPromiseIsLittle(t *testing.T) {
	n := slaNight(t, `
zone America/New_York
calendar office mon-fri 09:00-17:30
working office
class long: resolve 10d on office
class idea: respond 9d on office
`, `
2026-11-02 09:00 created as long
2026-11-12 09:00 class idea
--

2026-11-02 09:00 created as long
2026-11-11 17:00 class idea
`, "2026-11-20 12:00")
	a := slaResolve.Measure(n)
	i := slices.IndexFunc(a.Tables, func(t Table) bool { return t.Name == "eased" })
	if i < 0 || len(a.Tables[i].Rows) != 1 || a.Tables[i].Rows[0][0].Item.Key != "SUP-1" || a.Tables[i].Rows[0][3].Num.Value != 17*3600 {
		t.Errorf("made easier: %+v, want SUP-1 with 17 h left and nothing else", a.Tables)
	}
}

// TestTheTrailingDaysBeginWithTheirFirstInstant: 90 days of 24 hours before Thursday, 5 November, 12:00 it was Friday,
// 7 August, 13:00, as clocks went back between. Of a promise of 6 hours 2 were left then, which is not more than half.
func TestTheTrailingDaysBeginWithTheirFirstInstant(t *testing.T) {
	for changed, want := range map[string]int{"13:00": 1, "12:59": 0} {
		n := slaNight(t, `
zone America/New_York
calendar office mon-fri 09:00-17:30
working office
class short: resolve 6h on office
class idea: respond 9d on office
`, `
2026-08-07 09:00 created as short
2026-08-07 `+changed+` class idea
`, "2026-11-05 12:00")
		rows := 0
		for _, table := range slaResolve.Measure(n).Tables {
			if table.Name == "eased" {
				rows = len(table.Rows)
			}
		}
		if rows != want {
			t.Errorf("changed at %s: %d are listed, want %d", changed, rows, want)
		}
	}
}

// TestAnIterationThatBeginsWithTheFirstItemIsWhole: Monday 2 March begins in New York at 5:00 UTC.
func TestAnIterationThatBeginsWithTheFirstItemIsWhole(t *testing.T) {
	for created, want := range map[string]string{"2026-03-02T05:00": "2026-W10 2026-W11 2026-W12", "2026-03-02T05:01": "2026-W11 2026-W12"} {
		r := edgeNight(t, "2026-03-23T12:00:00Z", "A-1 "+created+" status=New")
		if got := strings.Join(labels(r.pastIterations(6)), " "); got != want {
			t.Errorf("first item %s: %s, want %s", created, got, want)
		}
	}
}

// TestNinetyDaysAreRemembered: what was put out in [created − 90·24 h, created) is repeated, and nothing else.
func TestNinetyDaysAreRemembered(t *testing.T) {
	created := record.At(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	first := created.Add(-90 * 24 * time.Hour)
	for ended, want := range map[record.Instant]int{first - 1: -1, first: 0, created - 1: 0, created: -1} {
		if got := repeats([]record.Instant{ended}, created); got != want {
			t.Errorf("put out %s before: %d, want %d", created.Sub(ended), got, want)
		}
	}
}

// TestARunningGapIsASignalAboveTheUpperLimit, in days, and neither above the centre nor above the limit's root.
func TestARunningGapIsASignalAboveTheUpperLimit(t *testing.T) {
	for days, want := range map[float64]bool{10.5: false, 29.9: false, 30.1: true} {
		r := rarity{runs: true, running: days, b: behaviour{known: true, centre: transformed(10), upper: transformed(30)}}
		if r.overdue() != want {
			t.Errorf("%v days of 30: %v", days, r.overdue())
		}
	}
}

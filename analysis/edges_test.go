package analysis

// What stands exactly on an edge: at the limit, at midnight, at the first instant of a month, at the end of a window.
// Every want was worked out by hand from METRICS.md.

import (
	"fmt"
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

// TestTheReserveIsTheMedianAndThe85thPercentileOfTheShares: in the w-th of so many weeks ten items of a point each were
// finished, and w of them were bugs. Of six shares the median is the third and the 85th percentile the sixth (5.1
// rounded up), of seven the fourth and again the sixth (5.95).
func TestTheReserveIsTheMedianAndThe85thPercentileOfTheShares(t *testing.T) {
	for weeks, want := range map[int]struct{ p50, p85 float64 }{6: {0.3, 0.6}, 7: {0.4, 0.6}} {
		var b strings.Builder
		b.WriteString("A-0 2026-03-01T15:00 status=New\n")
		for w := 1; w <= weeks; w++ {
			day := time.Date(2026, 3, 4+7*(w-1), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			for i := range 10 {
				kind := "Story"
				if i < w {
					kind = "Bug"
				}
				fmt.Fprintf(&b, "A-%d%d %sT14:00 type=%s points=1 status=New\n  %sT15:00 ada status Done\n", w, i, day, kind, day)
			}
		}
		policy := strings.Replace(edgePolicy, "classes: [{id: bug, name: Bug, kind: problem, when: 'true', limit: 1}]", `classes:
  - {id: bug, name: Bug, kind: problem, when: type == "Bug"}
  - {id: story, name: Story, kind: feature, when: 'true'}
capacity: {method: items, iterations: `+fmt.Sprint(weeks)+`}`, 1)
		asOf := time.Date(2026, 3, 2+7*weeks, 12, 0, 0, 0, time.UTC).Format(time.RFC3339)
		f := figureIn(Run(tellNight(t, map[string]string{"policy.yaml": policy, "as-of": asOf, "issues": b.String()})), "capacity-reserve")
		if f.Headline.N != weeks || f.Headline.Number.Value != want.p85 || !strings.Contains(f.Sentence, "half of them no more than "+percent(want.p50)) {
			t.Errorf("%d weeks: %v of n = %d, want %v: %s", weeks, f.Headline.Number.Value, f.Headline.N, want.p85, f.Sentence)
		}
		for _, table := range f.Tables {
			for _, row := range table.Rows {
				switch {
				case table.Name == "methods" && row[0].Text == methods[slices.IndexFunc(methods, func(m method) bool { return m.name == "items" })].title:
					if row[2].Num.Value != want.p50 || row[3].Num.Value != want.p85 {
						t.Errorf("%d weeks: %v and %v in the table, want %v", weeks, row[2].Num.Value, row[3].Num.Value, want)
					}
				case table.Name == "ways" && row[0].Text == "A placeholder story":
					if !strings.HasPrefix(row[1].Text, "6") {
						t.Errorf("%d weeks: a placeholder of %s, want 6 points", weeks, row[1].Text)
					}
				}
			}
		}
	}
}

// TestAPointOnTheCentreBreaksTheRun, and is no part of one that has been signalled.
func TestAPointOnTheCentreBreaksTheRun(t *testing.T) {
	b := behaviour{centre: 5, lower: 0, upper: 10}
	for points, want := range map[string]string{"666666665": "run of 8 at 7", "66666665666": "", "666666666": "run of 9 at 8"} {
		var values []record.Number
		for _, c := range points {
			values = append(values, record.Num(float64(c-'0')))
		}
		var got []string
		for _, s := range b.signalsIn(values, 0, len(values)) {
			got = append(got, fmt.Sprintf("run of %d at %d", s.run, s.at))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %v, want %q", points, got, want)
		}
	}
}

// TestPreventionIsOfTheMonthFromItsFirstInstant: April begins in New York on the 1st at 4:00 UTC, and May does. One
// improvement and one emergency are of the first instant of either.
func TestPreventionIsOfTheMonthFromItsFirstInstant(t *testing.T) {
	f := figureIn(Run(tellNight(t, map[string]string{
		"policy.yaml": strings.Replace(edgePolicy, "{id: bug, name: Bug, kind: problem, when: 'true', limit: 1}", `{id: fire, name: Fire, kind: incident, when: severity == 1}, {id: bug, name: Bug, kind: problem, when: 'true'}`, 1),
		"as-of":       "2026-05-10T12:00:00Z",
		"issues": `
A-1 2026-04-01T04:00 priority=High status=New
A-2 2026-05-01T04:00 priority=High status=New
A-3 2026-03-10T15:00 status=New
  2026-04-01T04:00 ada status Done
A-4 2026-03-10T15:00 status=New
  2026-05-01T04:00 ada status Done
`,
		"postmortem/one.md": "---\ntitle: One\nincidents: [A-1]\nstatus: published\npublished: 2026-04-20\n---\n\n## Improvements\n\n| What | Issue |\n|---|---|\n| alarm | A-3 |\n| disks | A-4 |\n",
	})), "prevention-ratio")
	if f.Headline.Number.Value != 1 || f.Headline.N != 1 {
		t.Errorf("%v for each of %d: %s", f.Headline.Number.Value, f.Headline.N, f.Sentence)
	}
}

// TestTheLatestWarningCounts, and that of the incident's own postmortem does not.
func TestTheLatestWarningCounts(t *testing.T) {
	post := func(incident, published string) string {
		return "---\ntitle: " + published + "\nincidents: [" + incident + "]\nstatus: published\npublished: " + published + "\n---\n\n## Other areas of risk\n\n- The API may be next\n"
	}
	r := Run(tellNight(t, map[string]string{
		"policy.yaml": strings.Replace(edgePolicy, "kind: problem", "kind: incident", 1) + "services: [{id: api, name: The API}]\n",
		"as-of":       "2026-05-10T12:00:00Z",
		"issues":      "A-1 2026-03-01T15:00 status=New\nA-2 2026-03-20T15:00 status=New labels=api\n",

		"postmortem/early.md": post("A-1", "2026-03-02"), "postmortem/late.md": post("A-1", "2026-03-10"), "postmortem/own.md": post("A-2", "2026-03-15"),
	}))
	o := r.foresee(r.Find("A-2"), r.warnings(r.gazetteer(r.incidents())))
	if o == nil || o.page.Title != "2026-03-10" || o.also != 1 {
		t.Errorf("foreseen by %+v, want that of 10 March, and another", o)
	}
}

// TestAPageAtTheHandoverIsOfTheNextShift.
func TestAPageAtTheHandoverIsOfTheNextShift(t *testing.T) {
	r := Run(tellNight(t, map[string]string{"policy.yaml": edgePolicy, "as-of": "2026-03-20T12:00:00Z",
		"shifts": "2026-03-02T10:00 2026-03-09T10:00 ada\n2026-03-09T10:00 2026-03-16T10:00 bob\n",
		"pages":  "P1 2026-03-02T10:00 api one\nP2 2026-03-09T09:59 api two\nP3 2026-03-09T10:00 api three\nP4 2026-03-15T10:00 api four\nP5 2026-03-16T10:00 api five\n"}))
	stints, pages, alone, _ := r.stints(r.trailing(90))
	if len(stints) != 2 || stints[0].pages != 2 || stints[1].pages != 2 || pages != 5 || alone != 1 {
		t.Errorf("%d shifts %+v, %d pages, %d of nobody", len(stints), stints, pages, alone)
	}
}

// TestEightWeeksAreEnoughForASideOfAnExperiment, which has not begun at its own instant.
func TestEightWeeksAreEnoughForASideOfAnExperiment(t *testing.T) {
	for weeks, want := range map[int]Result{7: TooFew, 8: Changed} {
		day := record.Date(trendMonday.Add(time.Duration(weeks) * 7 * 24 * time.Hour).Time().Format(time.DateOnly))
		if e := compared(Items, slices.Concat(repeated(4, weeks), repeated(1, 9)), day)[0].Effects[0]; e.Result != want {
			t.Errorf("%d weeks before: %v, want %v", weeks, e.Result, want)
		}
	}
	n := &Night{Policy: &Policy{Zone: time.UTC, Experiments: []Experiment{{ID: "x", Date: "2026-03-16"}}}, Zone: time.UTC, AsOf: record.Date("2026-03-16").Start(time.UTC)}
	if len(n.begun()) != 0 {
		t.Error("an experiment that begins at as-of has begun")
	}
	if n.AsOf++; len(n.begun()) != 1 {
		t.Error("an experiment that began just before as-of has not")
	}
}

// TestAWindowEndsBeforeItsEnd: what came at the first instant of a window is in it, what came at its end is not.
func TestAWindowEndsBeforeItsEnd(t *testing.T) {
	if got := burned([][]blaze{{{at: 9}, {at: 10}, {at: 19}, {at: 20}}}, 10, 20); got != 2 {
		t.Errorf("%d of 10 and 19", got)
	}
}

// TestNoRangeMovesOverAGap: between a week before a gap and one behind it nobody knows what happened.
func TestNoRangeMovesOverAGap(t *testing.T) {
	points := slices.Concat(repeated(9, 1), make([]record.Number, 1), repeated(1, 8))
	if b := xmrStretch(points, 0, len(points)); b.n != 9 || b.averageMoving != 0 {
		t.Errorf("n = %d, moving range %v; want 9 and 0", b.n, b.averageMoving)
	}
}

// TestADeadlineIsOfThePeriodThatHoldsIt, if it lies before as-of.
func TestADeadlineIsOfThePeriodThatHoldsIt(t *testing.T) {
	n := &Night{AsOf: 100}
	for _, c := range []struct {
		deadline, to record.Instant
		want         bool
	}{{9, 50, false}, {10, 50, true}, {49, 50, true}, {50, 50, false}, {99, 200, true}, {100, 200, false}, {100, 100, false}} {
		if got := n.decided(&lesson{deadline: c.deadline}, Period{From: 10, To: c.to}); got != c.want {
			t.Errorf("deadline %d in [10, %d) as of 100: %v", c.deadline, c.to, got)
		}
	}
}

// TestAnExperimentIsMarkedOnceItHasBegun: at its own instant it has not.
func TestAnExperimentIsMarkedOnceItHasBegun(t *testing.T) {
	at := record.Date("2026-03-16").Start(time.UTC)
	n := &Night{Policy: &Policy{Experiments: []Experiment{{ID: "x", Name: "X", Date: "2026-03-16"}}}, Zone: time.UTC}
	for asOf, want := range map[record.Instant]int{at: 0, at + 1: 1} {
		if n.AsOf = asOf; len(n.experiments([]Period{{From: at, To: at + 10, Label: "w"}})) != want {
			t.Errorf("as of %s: not %d marks", asOf, want)
		}
	}
}

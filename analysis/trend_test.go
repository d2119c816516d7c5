package analysis

// Whether it is getting worse: counts a week, told as a list of numbers, and what the trend says of them.

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// trendMonday is the beginning of the first week of every trend: 2026-W02.
var trendMonday = record.At(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC))

// trend judges weeks in which so many serious problems came in, each at the first instant of its week, as
// of the end of the last of them and so much later.
func trend(t *testing.T, counts []int, experiments string, later time.Duration) *Report {
	t.Helper()
	return trendWith(t, "severities: [{level: 1, name: Bad, when: 'true'}]\npostmortems: {worst: 1, days: 5}", counts, experiments, later)
}

func trendWith(t *testing.T, severities string, counts []int, experiments string, later time.Duration) *Report {
	t.Helper()
	p, complaints := ReadPolicy("policy.yaml", []byte(severities+`
team: {name: Trend, zone: UTC}
calendars: {office: {week: {mon-fri: 09:00-17:00}}}
working: office
stages: [{id: queue, name: Queue, kind: waiting, statuses: [New]}, {id: done, name: Done, kind: done, statuses: [Done]}]
classes: [{id: bug, name: Bug, kind: problem, when: 'true'}]
experiments: [`+experiments+`]
`))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	var issues []record.Issue
	for week, k := range counts {
		for i := range k {
			c := record.Copy{Parts: 1<<13 - 1, Key: fmt.Sprintf("T-%d-%d", week, i), Status: record.Status{Name: "New"}, Created: trendMonday.Add(time.Duration(week) * 7 * 24 * time.Hour)}
			issues = append(issues, record.Issue{Ref: record.Ref{Tracker: "t", ID: c.Key}, HistoryTo: 1, Copies: []record.Copy{c}})
		}
	}
	asOf := trendMonday.Add(time.Duration(len(counts))*7*24*time.Hour + later)
	return Run(Input{Policy: p, AsOf: asOf, Issues: slices.Values(issues), Sources: []SourceState{{Name: "t", Tracker: "t", Horizon: asOf}}})
}

func figureOf(t *testing.T, r *Report, name string) Figure {
	t.Helper()
	i := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Name == name })
	if i < 0 {
		t.Fatal("no figure", name)
	}
	return r.Figures[i]
}

// TestWithoutSeveritiesNobodyKnowsWhatIsSerious: weeks without serious items would be all of them.
func TestWithoutSeveritiesNobodyKnowsWhatIsSerious(t *testing.T) {
	r := trendWith(t, "", []int{2, 3, 2, 3, 2, 3, 2, 3, 2, 3}, "", 0)
	if f := figureOf(t, r, "severity-mix"); f.Headline.Number.Known || len(f.Charts) > 0 || len(f.Parts) > 0 || !strings.HasPrefix(f.Sentence, "The policy has no severities") {
		t.Errorf("the mix says %v, %q, in %d charts", f.Headline, f.Sentence, len(f.Charts))
	}
	f := figureOf(t, r, "severity-trend")
	if f.Headline.Number.Known || f.Good != Neutral || !strings.HasPrefix(f.Sentence, "The policy has no severities") {
		t.Errorf("it says %v, %q", f.Headline, f.Sentence)
	}
	if len(f.Charts) != 1 || f.Charts[0].Name != "support" && f.Charts[0].Name != "weekly-support" {
		t.Errorf("charts %v", f.Charts)
	}
}

// TestASignalIsGoodOrBadNewsWhileItIsNews works the limits out by hand: x̄ ± 2.66 · mean|xᵢ − xᵢ₋₁|.
func TestASignalIsGoodOrBadNewsWhileItIsNews(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts []int
		mood   Mood
		says   string
	}{
		// Mean 20/12 = 1.7, moving range 8/11 = 0.73: the upper limit is 3.6.
		{"a week far above is bad", []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9}, Bad, "The latest signal is 2026-W13 (9, above the upper limit of 3.6)"},
		// Mean 55/12 = 4.6, moving range 5/11 = 0.45: the lower limit is 3.4.
		{"a week far below is good", []int{5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0}, Good, "The latest signal is 2026-W13 (0, below the lower limit of 3.4)"},
		// Mean 18/10 = 1.8, moving range 8/9 = 0.9: the upper limit is 4.2. Ten weeks are enough.
		{"of ten weeks", []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 9}, Bad, "The latest signal is 2026-W11 (9, above the upper limit of 4.2)"},
		// Mean 17/9 = 1.9, moving range 8/8 = 1: the upper limit is 4.5. Nine weeks are a signal, and no judgement.
		{"of nine weeks", []int{1, 1, 1, 1, 1, 1, 1, 1, 9}, Neutral, "The latest signal is 2026-W10 (9, above the upper limit of 4.5)"},
		// Mean 26/12 = 2.2, moving range 23/11 = 2.1: the upper limit is 7.7. The signal is of the last four weeks.
		{"four weeks old", []int{1, 2, 1, 2, 1, 2, 1, 2, 9, 2, 1, 2}, Bad, "The latest signal is 2026-W10 (9, above the upper limit of 7.7)"},
		// Mean 27/13 = 2.1, moving range 24/12 = 2: the upper limit is 7.4. The same, a week later.
		{"five weeks old", []int{1, 2, 1, 2, 1, 2, 1, 2, 9, 2, 1, 2, 1}, Neutral, "The latest signal is 2026-W10 (9, above the upper limit of 7.4)"},
		// Mean 18/12 = 1.5, moving range 11/11 = 1: between 0 and 4.2.
		{"up and down", []int{1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2}, Neutral, "no real change since 5 January 2026, 1.5 a week. No signal in 12 weeks: ups and downs between 0 and 4.2 are routine variation, the worst week (2026-W13, 2) too."},
		{"of seven weeks", []int{1, 1, 1, 1, 1, 1, 9}, Neutral, "with 7 of 8 weeks it is too early to tell"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := figureOf(t, trend(t, c.counts, "", 0), "severity-trend")
			if f.Good != c.mood || !strings.Contains(f.Sentence, c.says) {
				t.Errorf("%q, mood %d; want %q, mood %d", f.Sentence, f.Good, c.says, c.mood)
			}
		})
	}
}

// This team has stated no goal, so nothing can be on it.
func TestNobodyIsOnAGoalThatWasNeverStated(t *testing.T) {
	moods := map[Mood]string{Good: "better than usual", Bad: "worse than usual"}
	seen := 0
	for _, counts := range [][]int{{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9}, {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0}} {
		for _, f := range trend(t, counts, "", 0).Figures {
			if f.Good == Neutral {
				continue
			}
			seen++
			if got := f.Verdict(f.Good); got != moods[f.Good] {
				t.Errorf("%s is said to be %q", f.Name, got)
			}
			if got := (&KeptFigure{Name: f.Name, Mood: f.Good}).mood(); got != ", "+moods[f.Good] {
				t.Errorf("%s was kept as %q", f.Name, got)
			}
		}
	}
	if seen == 0 {
		t.Error("no figure has a mood")
	}
	if got := (&KeptFigure{Name: "sla-resolve", Mood: Good}).mood(); got != ", on goal" {
		t.Errorf("a goal that is met: %q", got)
	}
}

// A weekly series' own line, and so the column of its data, is called by what it counts.
func TestWeeksAreCalledByWhatTheyCount(t *testing.T) {
	seen := 0
	for _, f := range trend(t, []int{1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2}, "", 0).Figures {
		for _, w := range f.Weekly {
			i := slices.IndexFunc(f.Charts, func(c Chart) bool { return c.Name == w.Name })
			if i < 0 {
				continue
			}
			seen++
			if got := f.Charts[i].Lines[0].Title; got != strings.TrimSuffix(w.Title, ", by week") {
				t.Errorf("%s counts %q in a column %q", f.Name, w.Title, got)
			}
		}
	}
	if seen < 5 {
		t.Errorf("%d weekly series were drawn", seen)
	}
}

// TestLimitsBeginAnewWithTheFirstWholeWeekOfAnExperiment has ten weeks of 2 (2026-W02 to W11), and ten
// of 4. The first of 4 is the one from Monday 16 March on.
func TestLimitsBeginAnewWithTheFirstWholeWeekOfAnExperiment(t *testing.T) {
	counts := []int{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}
	const before, during = "2026-W11", "2026-W12"
	for _, c := range []struct {
		date   string
		centre string
		marked string
	}{
		{"2026-03-16", "10×2 10×4", during},    // a Monday: its own week is whole
		{"2026-03-15", "10×2 10×4", before},    // the Sunday before
		{"2026-03-17", "11×2.182 9×4", during}, // 24/11: the week is cut by it, and belongs to what was before
		{"2026-05-25", "20×3", ""},             // as-of: not yet
		{"2025-12-01", "20×3", ""},             // before anything is known
	} {
		t.Run(c.date, func(t *testing.T) {
			f := figureOf(t, trend(t, counts, "{id: x, name: Second superhero, date: "+c.date+"}", 0), "severity-trend")
			chart := f.Charts[0]
			if got := runs(chart.Lines[1].Values); chart.Lines[1].Name != "centre" || got != c.centre {
				t.Errorf("the centre is %s, want %s", got, c.centre)
			}
			var marked string
			for _, m := range chart.Marks {
				if m.Role == "experiment" {
					marked += m.X
				}
			}
			if marked != c.marked {
				t.Errorf("marked at %q, want %q", marked, c.marked)
			}
		})
	}
}

// TestWhatIsDeclaredForLaterIsNotDrawn has the running month on the axis, and a day of it to come.
func TestWhatIsDeclaredForLaterIsNotDrawn(t *testing.T) {
	asOf := trendMonday.Add(14*24*time.Hour + 12*time.Hour) // Monday 19 January, noon
	for date, want := range map[string]int{"2026-01-19": 1, "2026-01-20": 0} {
		r := trend(t, []int{1, 1}, "{id: x, name: X, date: "+date+"}", 12*time.Hour)
		chart := figureOf(t, r, "kind-mix").Charts[0]
		if r.AsOf != asOf || len(chart.X) != 1 || chart.Partial != 1 || len(chart.Marks) != want {
			t.Errorf("as of %s a change on %s is marked %d times on %v; want %d", r.AsOf, date, len(chart.Marks), chart.X, want)
		}
	}
}

// TestAPeriodThatEndsAtAsOfIsOver looks at a month at its last nanosecond, at its end, and after it.
func TestAPeriodThatEndsAtAsOfIsOver(t *testing.T) {
	n := Night{Zone: time.UTC}
	end := record.At(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	for late, want := range map[record.Instant]string{-1: "January 2026", 0: "February 2026", 1: "February 2026"} {
		n.AsOf = end + late
		if got := n.lastMonth().Label; got != want {
			t.Errorf("at %s the last month is %s, want %s", n.AsOf, got, want)
		}
		n.Items = []*Item{{Created: end.Add(-24 * time.Hour)}}
		months := n.months(24)
		if got := months[0].Partial; got != (late < 0) {
			t.Errorf("at %s February is partial: %v", n.AsOf, got)
		}
		if got := len(months); got != 1+bit(late > 0) {
			t.Errorf("at %s there are %d months", n.AsOf, got)
		}
	}
}

// TestWhatChangedSinceAnExperimentNeedsASignal judges twelve weeks before a change of Monday 30 March, and the
// weeks since by the limits of before. Before: 4 5 3 4 4 5 3 4 4 5 3 4, mean 48/12 = 4.
func TestWhatChangedSinceAnExperimentNeedsASignal(t *testing.T) {
	before := []int{4, 5, 3, 4, 4, 5, 3, 4, 4, 5, 3, 4}
	for _, c := range []struct {
		name  string
		since []int
		says  string
	}{
		// Mean 16/8 = 2, moving range 7/7 = 1: to 4.7.
		{"eight below", []int{2, 3, 2, 1, 2, 1, 2, 3}, "fewer since “Second superhero” (2026-W14), from 4 to 2 a week (8 in a row below the mean of before; difference −2, 95 % interval −2.6 to −1.2, n = 8 and 8 weeks). No signal in 8 weeks: ups and downs between 0 and 4.7 are routine variation, the worst week (2026-W21, 3) too."},
		// A week on the mean of before breaks the run: 7 below, and that.
		{"seven below", []int{2, 3, 2, 1, 2, 1, 2, 4}, "no real change since “Second superhero” (2026-W14), 4 a week before and 2.1 a week since."},
		{"nine above", []int{6, 7, 6, 5, 6, 7, 6, 5, 6}, "more since “Second superhero” (2026-W14), from 4 to 6 a week (9 in a row above the mean of before; difference +2, 95 % interval +1.4 to +2.6, n = 9 and 9 weeks)."},
		{"up and down", []int{5, 3, 5, 3, 5, 3, 5, 3}, "no real change since “Second superhero” (2026-W14), 4 a week before and 4 a week since."},
		{"seven weeks", []int{0, 0, 0, 0, 0, 0, 0}, "0 a week since “Second superhero” (2026-W14), 4 a week before; with 7 of 8 weeks it is too early to tell."},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := figureOf(t, trend(t, slices.Concat(before, c.since), "{id: x, name: Second superhero, date: 2026-03-30}", 0), "severity-trend")
			if want := "Severity 1 support items created: " + c.says; !strings.HasPrefix(f.Sentence, want) {
				t.Errorf("%q, want %q", f.Sentence, want)
			}
		})
	}
}

// TestARunAloneIsNoChange has a mean of before, 4, that weeks of 8 and of nothing make: eight weeks of 3 lie below it,
// and might as well be what was.
func TestARunAloneIsNoChange(t *testing.T) {
	counts := []int{8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 3, 3, 3, 3, 3, 3, 3, 3}
	f := figureOf(t, trend(t, counts, "{id: x, name: X, date: 2026-03-30}", 0), "severity-trend")
	if want := "no clear change since “X” (2026-W14), 4 a week before and 3 a week since; there are 8 in a row below the mean of before, but the means of the weeks before and after do not bear it out (difference −1, 95 % interval −4 to +2, n = 8 and 8 weeks)."; !strings.Contains(f.Sentence, want) || f.Good != Neutral {
		t.Errorf("%q, want %q", f.Sentence, want)
	}
}

// TestATrendIsClaimedOnlyWhereThereIsOne rises by one in three weeks, and then goes up and down.
func TestATrendIsClaimedOnlyWhereThereIsOne(t *testing.T) {
	for _, c := range []struct {
		counts []int
		says   string
	}{
		// 66 pairs, 12 tied; the other 54 all rise: τ = 54/√(66·54) = 0.9.
		{[]int{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}, "Over these weeks the trend is rising (Mann–Kendall τ = 0.9, p < 0.001, n = 12)."},
		{[]int{4, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1}, "Over these weeks the trend is falling (Mann–Kendall τ = −0.9, p < 0.001, n = 12)."},
		{[]int{1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2}, ""},
		{[]int{1, 2, 3, 4, 5, 6, 7, 8, 9}, ""}, // nine weeks are no verdict
	} {
		s := figureOf(t, trend(t, c.counts, "", 0), "severity-trend").Sentence
		if said := strings.Contains(s, "Mann"); said != (c.says != "") || !strings.HasSuffix(s, c.says) {
			t.Errorf("%v: %q, want %q", c.counts, s, c.says)
		}
	}
}

// TestWhatComesLessThanOnceAWeekIsNotJudgedByWeeks has three in twelve weeks, and then eight weeks without one.
func TestWhatComesLessThanOnceAWeekIsNotJudgedByWeeks(t *testing.T) {
	counts := []int{1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}
	f := figureOf(t, trend(t, counts, "{id: x, name: X, date: 2026-03-30}", 0), "severity-trend")
	if want := "0 a week since “X” (2026-W14), 0.3 a week before; such weeks do not tell whether that is a change. All 8 weeks are alike."; !strings.Contains(f.Sentence, want) || f.Good != Neutral {
		t.Errorf("%q, want %q", f.Sentence, want)
	}
	// Mean 5/20, moving range 7/19: the upper limit is 1.2, and the week of two lies above it.
	// That is drawn, and is no signal.
	f = figureOf(t, trend(t, []int{1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}, "", 0), "severity-trend")
	if want := "Severity 1 support items created: 0.2 a week since 5 January 2026. Where less than one comes in a week, the limits give false alarms: no week is judged by them. “Days between rare events” tells more."; f.Sentence != want || f.Good != Neutral {
		t.Errorf("%q, want %q", f.Sentence, want)
	}
	if w := f.Weekly[1]; w.Name != "support" || !strings.Contains(w.Says, "no week is judged") || strings.Contains(w.Says, "tells more") {
		t.Errorf("of support items, between which no days are told: %q", w.Says)
	}
	drawn := f.Charts[slices.IndexFunc(f.Charts, func(c Chart) bool { return c.Name == "serious" })]
	if len(drawn.Lines) != 4 || slices.ContainsFunc(drawn.Marks, func(m Mark) bool { return m.Role == "signal" }) {
		t.Errorf("lines %d, marks %v", len(drawn.Lines), drawn.Marks)
	}
}

package analysis

import (
	"slices"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
	"pgregory.net/rapid"
)

// TestWithoutAHistoryWhatWasInProgressLiesBetweenWhatIsSaid takes the histories of some open items away: what was in
// progress in truth is at least what is counted, and at most that and what is said not to be known; a day called
// overloaded was so, and one called not overloaded was not.
func TestWithoutAHistoryWhatWasInProgressLiesBetweenWhatIsSaid(t *testing.T) {
	p := lawfulPolicy(t)
	lost, doubtful := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		issues := drawIssues(t)
		asOf := lawStart.Add(61 * 24 * time.Hour)
		whole := lawNight(p, issues, asOf).Night
		poor := slices.Clone(issues)
		for i := range poor {
			if it := whole.Find(poor[i].Copies[0].Key); it == nil || !it.Open() || !rapid.Bool().Draw(t, "without") {
				continue
			}
			poor[i].Changes, poor[i].HistoryTo = nil, 0
			lost++
		}
		n := lawNight(p, poor, asOf).Night
		days := n.periods(calendar.Days(), n.first(), n.AsOf)
		days = overOnly(days)
		if len(days) == 0 {
			return
		}
		truth, said, not := whole.endOfDay(days, inProgress).of("team"), n.endOfDay(days, inProgress).of("team"), n.unseenOf(days, nil)
		for i, d := range days {
			if truth[i] < said[i] || truth[i] > said[i]+not.items[i] {
				t.Fatalf("at the end of %s %d were in progress, and %d are said to have been, of %d nothing is known", d.Label, truth[i], said[i], not.items[i])
			}
			for limit := range 4 {
				over, known := above(said[i], not.items[i], limit)
				if known && over != (truth[i] > limit) {
					t.Fatalf("at the end of %s %d were in progress: above %d is said to be %v", d.Label, truth[i], limit, over)
				}
				doubtful += one(!known)
			}
		}
		stages := n.bands(days)
		all := n.endOfDay(days, func(s state) (string, bool) { return s.place(), true })
		for k, s := range n.flow.stages {
			if s.Kind != Done && !slices.Equal(stages[k], all.of(s.ID)) {
				t.Fatalf("in %s: %v in the cumulative flow, %v in the backlog", s.ID, stages[k], all.of(s.ID))
			}
		}
	})
	if lost == 0 || doubtful == 0 {
		t.Errorf("%d items lost their history, and of %d days it is not known", lost, doubtful)
	}
}

// TestADayOfWhichNoHistoryTellsHasNoCount has an export without histories beside a tracker with them, which begins
// on the fourth of five days in New York: before that there is no count in progress, and none is 0.
func TestADayOfWhichNoHistoryTellsHasNoCount(t *testing.T) {
	p := lawfulPolicy(t)
	day := func(d int) record.Instant { return lawStart.Add(time.Duration(d)*24*time.Hour + 10*time.Hour) }
	issue := func(key, status string, created int, history record.Instant, changes ...record.Change) record.Issue {
		return record.Issue{Ref: record.Ref{Tracker: "t", ID: key}, HistoryTo: history, CommentsTo: 1, Changes: changes,
			Copies: []record.Copy{{Parts: 1<<13 - 1, Key: key, Created: day(created), Updated: day(created), Status: record.Status{Name: status}}}}
	}
	n := lawNight(p, []record.Issue{
		issue("OLD-1", "Doing", 0, 0),
		issue("NEW-1", "Doing", 3, 1, record.Change{At: day(4), Field: record.FieldStatus, From: "New", To: "Doing"}),
	}, lawStart.Add(6*24*time.Hour)).Night
	f := n.measure(&wip)
	if chart := f.Charts[0]; runs(chart.Lines[0].Values) != "3×– 0 1" || len(chart.Lines) != 3 || chart.Lines[2].Name != unseenStage || runs(chart.Lines[2].Values) != "5×1" {
		t.Errorf("%v", chart.Lines)
	}
	if f.Headline.Number != record.Num(2) { // it is known of now: both are being worked on
		t.Errorf("%v are in progress", f.Headline.Number)
	}
	if open := n.measure(&backlogSize).Charts[0]; len(open.Lines) != 1 || runs(open.Lines[0].Values) != "3×1 2×2" {
		t.Errorf("open: %v", open.Lines)
	}
}

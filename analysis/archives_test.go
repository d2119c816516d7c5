package analysis

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// TestUnownedSaysHowManyOfAnArchiveAreLeftOut has three open items without an assignee, one of them of the tracker
// that speaks up to as-of.
func TestUnownedSaysHowManyOfAnArchiveAreLeftOut(t *testing.T) {
	in := rare(t, 150, 1, 1)
	issues := slices.Collect(in.Issues)
	issues[2].Ref.Tracker = "u"
	in.Issues = slices.Values(issues)
	in.Sources = []SourceState{{Name: "old", Tracker: "t", Horizon: in.AsOf.Add(-2 * archive)}, {Name: "new", Tracker: "u", Horizon: in.AsOf}}
	f := figureOf(t, Run(in), "unowned")
	if want := "1 item is open without an assignee, 1 of them support. 2 more are in archives (trackers that tell nothing of the last 60 days) and left out."; !strings.HasPrefix(f.Sentence, want) || len(f.Left) != 2 {
		t.Errorf("%q with %d left out, want %q", f.Sentence, len(f.Left), want)
	}
	if f.Headline.Number != record.Num(1) {
		t.Errorf("headline %v", f.Headline.Number)
	}
}

// TestATrackerIsAnArchiveForItsItemsAndForTheWeeksAlike has one whose last event is known up to a millisecond before
// what is 60 days before as-of, and a millisecond more.
func TestATrackerIsAnArchiveForItsItemsAndForTheWeeksAlike(t *testing.T) {
	for late, want := range map[time.Duration]bool{archive: false, archive + time.Millisecond: true} {
		in := rare(t, 150, 1, 1)
		in.Sources = []SourceState{{Name: "old", Tracker: "t", Horizon: in.AsOf.Add(-late)}}
		r := Run(in)
		if got := len(figureOf(t, r, "unowned").Left) > 0; got != want {
			t.Errorf("%s late: its items are an archive's: %v", late, got)
		}
		if got := r.known == r.AsOf; got != want {
			t.Errorf("%s late: it blanks no weeks: %v", late, got)
		}
	}
}

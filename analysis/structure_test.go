package analysis

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// teamOf is a night of people who each worked on so many support items and so many features in the last month.
func teamOf(t *testing.T, work ...[2]int) *Night {
	t.Helper()
	p := &Policy{Zone: time.UTC, Classes: []Class{{ID: "ask", Kind: Request}, {ID: "feature", Kind: Feature}}, Team: Team{Bots: []string{"robot"}}}
	asOf := record.At(time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC))
	n := &Night{Policy: p, Zone: time.UTC, AsOf: asOf, team: newRoster(&p.Team)}
	doing := &Stage{Kind: Active}
	for who, counts := range work {
		for kind, k := range counts {
			for i := range k {
				at := asOf.Add(-time.Duration(i+2) * time.Hour)
				n.Items = append(n.Items, &Item{Look: &Look{}, Created: at, Started: at, Changed: at, Stages: Timeline[*Stage]{{At: at, Is: doing}}, Classes: Timeline[*Class]{{At: at, Is: &p.Classes[kind]}},
					Assignees: Timeline[[]string]{{At: at, Is: []string{fmt.Sprint("person ", who), "robot"}}}})
			}
		}
	}
	return n
}

func TestWhatATeamIsCalled(t *testing.T) {
	both, support, feature, nearly := [2]int{3, 3}, [2]int{5, 0}, [2]int{0, 5}, [2]int{1, 10} // one in eleven is not a tenth
	for _, c := range []struct {
		work []([2]int)
		want string
		told bool
	}{
		{[][2]int{both, both, both}, "cannot tell", false}, // three people
		{[][2]int{both, both, both, both}, "one team", true},
		{[][2]int{both, both, both, feature}, "one team", true},
		{[][2]int{both, both, nearly, feature}, "mixed", true},
		{[][2]int{support, support, feature, nearly}, "separate teams", true},
		{[][2]int{support, feature, feature, feature}, "features alone", true}, // one person at support is no team
		{[][2]int{support, support, support, feature}, "support alone", true},
		{[][2]int{support, both, feature, nearly}, "mixed", true},
		{[][2]int{{1, 0}, {1, 0}, {0, 1}, {0, 1}}, "cannot tell", true}, // four items
	} {
		a := teamOf(t, c.work...).teamStructure()
		if got := a.Tables[0].Rows[0][1].Text; got != c.want || a.Headline.Number.Known != c.told {
			t.Errorf("%v is %q (%s), want %q", c.work, got, a.Sentence, c.want)
		}
		if !c.told && (len(a.Parts) > 0 || len(a.Charts) > 0 || len(a.Rows) > 0) {
			t.Errorf("of %d people something is told: %+v", len(c.work), a)
		}
	}
}

// TestWhatIsForgottenIsNobodysWork: thirty days after its last change, if it is still open.
func TestWhatIsForgottenIsNobodysWork(t *testing.T) {
	n := teamOf(t, [2]int{1, 0}, [2]int{1, 0}, [2]int{1, 0}, [2]int{1, 0})
	old := func(it *Item, days int) {
		it.Created = n.AsOf.Add(-time.Duration(days) * 24 * time.Hour)
		it.Started, it.Changed = it.Created, it.Created
		it.Stages[0].At, it.Classes[0].At, it.Assignees[0].At = it.Created, it.Created, it.Created
	}
	old(n.Items[0], 119) // untouched until a day after the period began
	old(n.Items[1], 121)
	old(n.Items[2], 121)
	n.Items[2].Changed = n.AsOf.Add(-time.Hour)
	old(n.Items[3], 121)
	n.Items[3].Finished = n.AsOf.Add(-time.Hour)
	if now, _, _ := n.crews(n.trailing(90), nil); now.support != 3 || now.items != 3 {
		t.Errorf("%+v", now)
	}
}

// TestAnItemIsCountedOnceForAPerson: whatever stages it goes through.
func TestAnItemIsCountedOnceForAPerson(t *testing.T) {
	n := teamOf(t, [2]int{1, 9})
	it := n.Items[0]
	doing := it.Stages[0].Is
	for k := range 5 { // in and out of review
		it.Stages = append(it.Stages, Step[*Stage]{it.Created.Add(time.Duration(2*k+1) * time.Minute), &Stage{}}, Step[*Stage]{it.Created.Add(time.Duration(2*k+2) * time.Minute), doing})
	}
	months := n.months(24)
	now, by, rows := n.crews(n.trailing(90), months)
	if now != (crew{both: 1, items: 10}) || by[len(by)-1] != (crew{both: 1}) || len(rows) != 10 {
		t.Errorf("%+v, %+v, %d items", now, by, len(rows))
	}
}

func TestHowThePagerTurns(t *testing.T) {
	for _, c := range []struct {
		name, shifts, want string
	}{
		{"nobody", "", "cannot tell"},
		{"too short", "2026-02-01T00:00 2026-03-01T00:00 ada", "cannot tell"},
		{"one", "2025-11-01T00:00 2026-03-31T00:00 ada", "one hero"},
		{"nearly one", "2025-11-01T00:00 2026-03-01T00:00 ada\n2026-03-01T00:00 2026-03-31T00:00 bob", "one hero"},
		{"two in turn", "2025-12-01T00:00 2026-01-30T00:00 ada\n2026-01-30T00:00 2026-03-31T00:00 bob", "a pair"},
		{"three in turn", "2025-12-01T00:00 2026-01-10T00:00 ada\n2026-01-10T00:00 2026-02-20T00:00 bob\n2026-02-20T00:00 2026-03-31T00:00 cy", "rotating"},
		{"each has their own", "2025-12-01T00:00 2026-03-31T00:00 ada A\n2025-12-01T00:00 2026-03-31T00:00 bob B", "fixed"},
	} {
		p := policyWith(t, "UTC", "rota: {start: 2027-01-04, superheroes: [ada, bob]}")
		n := planned(p, moment(t, "2026-03-31T00:00"), tellShifts(t, c.shifts)...)
		a := n.teamStructure()
		if got := a.Tables[0].Rows[1][1].Text; got != c.want {
			t.Errorf("%s: %q (%s), want %q", c.name, got, a.Sentence, c.want)
		}
		for _, who := range []string{"ada", "bob", "cy"} {
			if strings.Contains(strings.ToLower(a.Sentence), who) {
				t.Errorf("%s: %s", c.name, a.Sentence)
			}
		}
	}
}

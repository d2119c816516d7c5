package postmortem

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/collectors/record"
)

const someImprovements = `---
title: One
incidents: [A-1]
status: published
published: 2026-03-09
started: 2026-03-04 14:05
---
## Improvements
| What | Owner | Date | Issue | State | Finished | Reason |
|---|---|---|---|---|---|---|
| later     | m | 2026-05-01 |     | doing | | |
| sooner    | m | 2026-04-01 |     | chosen | | |
| no date   | m |            |     | | | |
| done      | m | 2026-04-01 |     | done | 2026-04-01 | |
| late      | m | 2026-04-01 |     | done | 2026-04-02 | |
| declined  | m | 2026-04-01 |     | declined | | no |
| finished there | m | 2026-04-01 | X-1 | doing | | |
| open there     | m | 2026-04-01 | X-2 | done | 2026-03-20 | |
| dropped there  | m | 2026-04-01 | X-3 | doing | | |
| unknown there  | m | 2026-04-01 | X-4 | done | 2026-03-20 | |
`

func TestALinkedImprovementTakesTheStateOfItsIssue(t *testing.T) {
	team := Team{Zone: zone(t, "America/New_York")}
	one, _ := Read("one.md", []byte(someImprovements), team)
	two, _ := Read("two.md", []byte("## Improvements\n\n- [ ] from a list\n"), team)
	issues := map[string]IssueState{
		"X-1": {Done: true, Finished: at(t, "2026-04-02T03:59:00Z")}, // still the 1st in New York
		"X-2": {},
		"X-3": {Done: true, Discarded: true, Finished: at(t, "2026-04-02T03:59:00Z")},
	}
	backlog := Backlog([]*Postmortem{two, one}, func(key string) (IssueState, bool) {
		is, ok := issues[key]
		return is, ok
	})
	asOf := at(t, "2026-04-02T04:00:00Z")
	var got strings.Builder
	for _, im := range backlog {
		fmt.Fprintf(&got, "%-14s %-8s %-10s due %-10s finished %-10s linked %-5v overdue %-5v on time %v\n",
			im.What, im.State, im.Postmortem, im.Due, im.Finished, im.Linked, im.Overdue(asOf), im.OnTime())
	}
	want := `
sooner         chosen   one        due 2026-04-01 finished            linked false overdue true  on time false
open there     doing    one        due 2026-04-01 finished            linked true  overdue true  on time false
later          doing    one        due 2026-05-01 finished            linked false overdue false on time false
no date        proposed one        due            finished            linked false overdue false on time false
from a list    proposed two        due            finished            linked false overdue false on time false
done           done     one        due 2026-04-01 finished 2026-04-01 linked false overdue false on time true
late           done     one        due 2026-04-01 finished 2026-04-02 linked false overdue false on time false
declined       declined one        due 2026-04-01 finished            linked false overdue false on time false
finished there done     one        due 2026-04-01 finished 2026-04-01 linked true  overdue false on time true
dropped there  declined one        due 2026-04-01 finished            linked true  overdue false on time false
unknown there  done     one        due 2026-04-01 finished 2026-03-20 linked false overdue false on time true
`[1:]
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if one.Improvements[6].State != Doing {
		t.Error("the page itself was changed")
	}
}

func TestNothingOverdueBeforeItsDayIsOver(t *testing.T) {
	im := Improvement{State: Doing, DueAt: record.Date("2026-04-01").End(zone(t, "America/New_York"))}
	if im.Overdue(at(t, "2026-04-02T03:59:59Z")) || !im.Overdue(at(t, "2026-04-02T04:00:00Z")) {
		t.Error("overdue does not begin with the next day of the team's zone")
	}
}

func TestAnEarlierAsOfKnowsNothingLater(t *testing.T) {
	team := Team{Zone: zone(t, "America/New_York")}
	one, _ := Read("one.md", []byte(someImprovements), team)
	draft, _ := Read("draft.md", []byte("---\nstarted: 2026-04-01 12:00\n---\n"), team)
	undated, _ := Read("undated.md", []byte("## Improvements\n- x\n"), team)
	posts := []*Postmortem{one, draft, undated}
	ids := func(instant string) (ids []string) {
		for _, p := range AsOf(posts, at(t, instant)) {
			ids = append(ids, p.ID)
		}
		return ids
	}
	for instant, want := range map[string][]string{
		"2026-03-10T03:59:59Z": {"undated"}, // the 9th is not over in New York
		"2026-03-10T04:00:00Z": {"one", "undated"},
		"2026-04-01T16:00:00Z": {"one", "undated"},
		"2026-04-01T16:00:01Z": {"one", "draft", "undated"},
	} {
		if got := ids(instant); !slices.Equal(got, want) {
			t.Errorf("at %s the pages are %v, and are %v", instant, got, want)
		}
	}
	then := AsOf(posts, at(t, "2026-04-02T04:00:00Z"))[0]
	if then.Improvements[3].State != Done || then.Improvements[4].State != Doing || then.Improvements[4].Finished != "" {
		t.Errorf("what is finished on the 1st is done on the 2nd, what is finished on the 2nd is not: %+v", then.Improvements[3:5])
	}
	if one.Improvements[4].State != Done {
		t.Error("the page itself was changed")
	}
}

func TestPagesOfOneIDAreToldApart(t *testing.T) {
	text := []byte("## Improvements\n- x\n")
	var posts []*Postmortem
	for _, file := range []string{"b/fax.md", "a/fax.md", "fax-2.md", "c/fax.md"} {
		p, _ := Read(file, text, Team{})
		posts = append(posts, p)
	}
	complaints := Distinct(posts)
	var got []string
	for _, p := range posts {
		got = append(got, p.File+" "+p.ID+" "+p.Improvements[0].ID+" "+p.Improvements[0].Postmortem)
	}
	want := []string{"b/fax.md fax-3 fax-3-1 fax-3", "a/fax.md fax fax-1 fax", "fax-2.md fax-2 fax-2-1 fax-2", "c/fax.md fax-4 fax-4-1 fax-4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(complaints) != 2 || complaints[0].File != "b/fax.md" || !strings.Contains(complaints[0].What, "a/fax.md") {
		t.Errorf("complaints: %v", complaints)
	}
	if more := Distinct(posts); len(more) != 0 {
		t.Errorf("still not distinct: %v", more)
	}
}

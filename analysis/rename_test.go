package analysis

import (
	"slices"
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
)

// Jira answers in the names of its reader's language, and its histories keep those of their time. The
// policy is written in the names of now.
func TestWhatWasRenamedIsReadByItsNameOfNow(t *testing.T) {
	policy := sound(t, `team: {name: T, zone: UTC, members: [{id: ada, name: Ada}]}
stages: [{id: open, name: Open, kind: waiting, statuses: [Open]}, {id: done, name: Done, kind: done, statuses: [Done]}]
severities: [{level: 1, name: High, when: 'priority == "Hoch"'}]
classes: [{id: task, name: Task, kind: request, when: 'type == "任务"'}, {id: bug, name: Bug, kind: problem, when: 'type == "Bug"'}]
discarded: [重复]
`)
	at := func(h int) record.Instant { return day("2026-03-02") + record.Instant(h*3_600_000) }
	change := func(h int, field, from, fromID, to, toID string) record.Change {
		return record.Change{ID: field + string(rune('a'+h)), At: at(h), By: record.Person{Account: "ada"}, Field: field, From: from, FromID: fromID, To: to, ToID: toID}
	}
	tell := func(updated int, changes ...record.Change) *Item {
		t.Helper()
		r := Run(Input{Policy: policy, AsOf: at(100), Sources: []SourceState{{Name: "t", Tracker: "t", Kind: "jira", Horizon: at(99)}},
			Issues: slices.Values([]record.Issue{{
				Ref: record.Ref{Tracker: "t", ID: "1"}, Changes: changes, HistoryTo: at(99),
				Copies: []record.Copy{{Key: "T-1", Title: "x", Created: at(0), Updated: at(updated), Closed: at(9), Type: "任务", Priority: "Hoch", Resolution: "重复",
					Status: record.Status{Name: "Done"}}},
			}})})
		return r.Items[0]
	}
	end := change(9, record.FieldStatus, "Open", "", "Done", "")
	type held struct {
		First, Last string
		Severity    int
		Discarded   bool
	}
	for _, c := range []struct {
		name    string
		updated int
		changes []record.Change
		want    held
	}{
		{"the last change leads to today's name, without ids", 9, []record.Change{change(2, record.FieldType, "Bug", "", "Task", ""), change(9, record.FieldResolution, "", "", "Duplicate", ""), end}, held{"bug", "task", 1, true}},
		{"and with them every earlier change of the same id", 9, []record.Change{
			change(1, record.FieldType, "Task", "10", "Bug", "11"), change(2, record.FieldType, "Bug", "11", "Task", "10"),
			change(3, record.FieldPriority, "High", "2", "Low", "4"), change(4, record.FieldPriority, "Low", "4", "High", "2"), end,
		}, held{"task", "task", 1, true}},
		{"a copy that is older than the change tells nothing of it", 1, []record.Change{change(2, record.FieldType, "Task", "", "Bug", ""), end}, held{"unclassified", "bug", 1, true}},
	} {
		it := tell(c.updated, c.changes...)
		got := held{Severity: int(it.Severities.Last()), Discarded: it.Discarded}
		got.First, got.Last = it.Classes.At(it.Created).ClassID(), it.Class().ClassID()
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// A name is only known to be that of the present where nothing can have happened between the change and the copy
// that tells it.
func TestOnlyWhatACopySaysOfALastChangeIsANameOfNow(t *testing.T) {
	policy := sound(t, `team: {name: T, zone: UTC}
stages: [{id: open, name: Open, kind: waiting, statuses: [Open]}, {id: done, name: Done, kind: done, statuses: [Done]}]
severities: [{level: 1, name: High, when: 'priority == "High"'}, {level: 2, name: Low, when: 'priority == "Low"'}]
classes: [{id: bug, name: Bug, kind: problem, when: 'type == "Defect"'}, {id: task, name: Task, kind: request, when: 'true'}]
`)
	at := func(h int) record.Instant { return day("2026-03-02") + record.Instant(h*3_600_000) }
	copied := func(h int, parts record.Parts, priority string) record.Copy {
		return record.Copy{Parts: parts, Key: "T-1", Title: "x", Created: at(0), Updated: at(h), Type: "Defect", Priority: priority, Status: record.Status{Name: "Open"}}
	}
	raised := record.Change{ID: "1", At: at(5), Field: record.FieldPriority, From: "Low", FromID: "4", To: "High", ToID: "2"}
	for _, c := range []struct {
		name     string
		is       record.Issue
		first    string
		was, now int
	}{
		{"an older copy tells of a priority that was raised since, a newer one of none", record.Issue{
			Copies: []record.Copy{copied(9, 0, ""), copied(2, record.HasPriority, "Low")}, HistoryTo: at(9), Changes: []record.Change{raised}}, "bug", 2, 1},
		{"a copy from after the end of the history may tell of a change that is not in it", record.Issue{
			Copies: []record.Copy{copied(9, record.HasPriority, "Low")}, HistoryTo: at(6), Changes: []record.Change{raised}}, "bug", 2, 1},
		{"a type that was renamed and left came back by the name of now", record.Issue{
			Copies: []record.Copy{copied(9, record.HasPriority, "Low")}, HistoryTo: at(9), Changes: []record.Change{
				{ID: "1", At: at(5), Field: record.FieldType, From: "Bug", FromID: "1", To: "Task", ToID: "2"},
				{ID: "2", At: at(7), Field: record.FieldType, From: "Task", FromID: "2", To: "Defect", ToID: "1"}}}, "bug", 2, 2},
	} {
		c.is.Ref = record.Ref{Tracker: "t", ID: "1"}
		it := Run(Input{Policy: policy, AsOf: at(100), Sources: []SourceState{{Name: "t", Tracker: "t", Kind: "jira", Horizon: at(99)}},
			Issues: slices.Values([]record.Issue{c.is})}).Items[0]
		first, was, is := it.Classes.At(it.Created).ClassID(), it.Severities.At(it.Created), it.Severity()
		if first != c.first || was != c.was || is != c.now {
			t.Errorf("%s: created as a %s of severity %d, %d now; want %s, %d, %d", c.name, first, was, is, c.first, c.was, c.now)
		}
	}
}

// What no record keeps moves no judgement, and a reader that tells of it tells nothing that came late.
func TestAChangeOfNothingThatIsKeptDoesNotComeLate(t *testing.T) {
	policy := sound(t, `team: {name: T, zone: UTC}
stages: [{id: open, name: Open, kind: waiting, statuses: [Open]}, {id: done, name: Done, kind: done, statuses: [Done]}]
classes: [{id: any, name: Any, kind: problem, when: 'true'}]
`)
	now := day("2026-03-04")
	night := func(asOf record.Instant, earlier []Earlier, changes ...record.Change) *Report {
		return Run(Input{Policy: policy, AsOf: asOf, Earlier: earlier, Sources: []SourceState{{Name: "t", Tracker: "t", Kind: "jira", Horizon: asOf}},
			Issues: slices.Values([]record.Issue{{Ref: record.Ref{Tracker: "t", ID: "1"}, HistoryTo: asOf, Changes: changes,
				Copies: []record.Copy{{Key: "T-1", Title: "x", Created: day("2026-03-02"), Updated: day("2026-03-03"), Status: record.Status{Name: "Open"}}}}})})
	}
	then := night(now, nil).Keep()
	for field, late := range map[string]int{record.FieldOther: 0, record.FieldTitle: 1} {
		r := night(now+1000, []Earlier{{Name: "night", Then: then}}, record.Change{ID: "1", At: day("2026-03-03"), Field: field})
		rows := 0
		for _, l := range r.Changed[0].Lists {
			if l.Name == "late" {
				rows = len(l.Rows)
			}
		}
		if rows != late {
			t.Errorf("%s: %d items have history that came late, want %d: %s", field, rows, late, r.Changed[0].Sentence)
		}
	}
}

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

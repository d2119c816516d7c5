package analysis

import (
	"testing"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

const wordsPolicy = `
team: {name: Small, zone: Europe/Berlin}
calendars: {office: {week: {mon-fri: 09:00-17:00}}}
working: office
stages:
  - {name: Intake, kind: waiting, statuses: [New, "10042"], when: 'tracker == "code" and category == "todo" and not assigned'}
  - {name: Doing, kind: active, statuses: [In Progress], labels: [wip], when: 'tracker == "code" and category == "todo" and assigned'}
  - {name: Reply, kind: paused, when: 'status == "Waiting for customer" and "vip" in labels'}
  - {name: Done, kind: done, statuses: [Done]}
severities:
  - {level: 1, name: One, when: [{when: 'priority == "P0"'}, {from: 2026-01-01, when: 'priority in ["Blocker", "Highest"] or lower(field["Bug severity"]) == "s1"'}]}
  - {level: 2, name: Two, when: 'priority startsWith "High" or any(labels, lower(#) matches "^sev[12]$")'}
classes:
  - {id: bug, name: Bug, kind: problem, when: 'type != "Epic" and type in ["Bug", "Incident"]'}
  - {id: ask, name: Ask, kind: request, when: '"Q" in split(field.kind, ", ") or trim(title) endsWith "?"'}
services: [{id: api, name: Partner API, aliases: [partner-api]}]
`

func words(t *testing.T, tracker string) *Words {
	t.Helper()
	p, cs := ReadPolicy("policy.yaml", []byte(wordsPolicy))
	if strict.Failed(cs) {
		t.Fatal(cs)
	}
	return p.Words(tracker)
}

func TestAStatusIsKnownByNameIdOrRule(t *testing.T) {
	for _, c := range []struct {
		tracker string
		status  record.Status
		kind    StageKind
		known   bool
	}{
		{"tickets", record.Status{Name: "new"}, Waiting, true},
		{"tickets", record.Status{ID: "10042", Name: "Neu"}, Waiting, true},
		{"tickets", record.Status{ID: "3", Name: "Review", Category: record.Doing}, Active, false},
		{"tickets", record.Status{Name: "Cancelled", Category: record.Done}, Done, false},
		{"tickets", record.Status{Name: "Open", Category: record.Todo}, Waiting, false},
		{"code", record.Status{Name: "open", Category: record.Todo}, Waiting, true}, // by the rule
		{"code", record.Status{Name: "closed", Category: record.Done}, Done, false},
		{"tickets", record.Status{Name: "Waiting for customer", Category: record.Doing}, Active, true}, // named, though more is asked
	} {
		kind, known := words(t, c.tracker).Stage(c.status)
		if kind != c.kind || known != c.known {
			t.Errorf("%s %+v: %v, known %v; want %v, %v", c.tracker, c.status, kind, known, c.kind, c.known)
		}
	}
}

func TestAWordIsNamedWhereARuleComparesWithIt(t *testing.T) {
	w := words(t, "tickets")
	for _, c := range []struct {
		fact, word string
		parts      []RulePart
		want       bool
	}{
		{"priority", "Blocker", nil, true},
		{"priority", "Highest", []RulePart{SeverityRules}, true},
		{"priority", "Highest", []RulePart{ClassRules}, false},
		{"priority", "High", nil, true}, // startsWith
		{"priority", "P0", nil, false},  // only an older version of the rule
		{"priority", "Low", nil, false},
		{"priority", "blocker", nil, false}, // rules compare exactly
		{"field.Bug severity", "S1", nil, true},
		{"field.Bug severity", "S2", nil, false},
		{"labels", "SEV2", nil, true},
		{"labels", "sev3", nil, false},
		{"labels", "vip", nil, true},
		{"labels", "WIP", []RulePart{StageRules}, true},
		{"labels", "Partner-API", nil, true}, // a service's alias
		{"type", "Epic", nil, true},
		{"type", "Incident", []RulePart{ClassRules}, true},
		{"type", "Story", nil, false},
		{"field.kind", "Q", nil, true},
		{"title", "Why?", nil, true},
		{"title", "", nil, false},
	} {
		if got := w.Names(c.fact, c.word, c.parts...); got != c.want {
			t.Errorf("%s %q in %v: %v, want %v", c.fact, c.word, c.parts, got, c.want)
		}
	}
	for fact, want := range map[string]bool{"priority": true, "labels": true, "field.Bug severity": true, "type": false, "points": false} {
		if got := w.Looks(fact, SeverityRules); got != want {
			t.Errorf("severities look at %s: %v, want %v", fact, got, want)
		}
	}
	if !w.Looks("assigned") || w.Looks("due") {
		t.Error("assigned is looked at, due is not")
	}
}

func TestWhatBecomesOfAWordThatNothingNames(t *testing.T) {
	w := words(t, "tickets")
	if got := w.Severity(Facts{Priority: "Highest"}); got != 1 {
		t.Errorf("Highest is severity %d, want 1", got)
	}
	if got := w.Severity(Facts{Priority: "Low"}); got != 0 {
		t.Errorf("Low is severity %d, want none", got)
	}
	if c := w.Class(Facts{Type: "Bug"}); c.ClassID() != "bug" {
		t.Errorf("a Bug is %s", c.ClassID())
	}
	if c := w.Class(Facts{Type: "Story"}); c != nil {
		t.Errorf("a Story is %s, want unclassified", c.ClassID())
	}
}

func TestAnEmptyPolicyKnowsNothing(t *testing.T) {
	w := new(Policy).Words("tickets")
	if _, known := w.Stage(record.Status{Name: "New"}); known || w.Names("type", "Bug") || w.Looks("type") {
		t.Error("it knows something")
	}
	if w.Severity(Facts{}) != 0 || w.Class(Facts{}) != nil {
		t.Error("it judges")
	}
}

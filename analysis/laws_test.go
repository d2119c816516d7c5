package analysis

// Laws that hold for every night, whatever the team, the tracker and the history (rapid draws them).

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

const lawPolicy = `
team: {name: Laws, zone: America/New_York, members: [{id: ada, name: Ada}, {id: bob, name: Bob}], bots: [robot]}
calendars: {office: {week: {mon-fri: 09:00-17:30}, holidays: us}}
working: office
stages:
  - {id: queue, name: Queue, kind: waiting, statuses: [New]}
  - {id: doing, name: Doing, kind: active, statuses: [Doing], labels: [wip]}
  - {id: back, name: Back, kind: paused, statuses: [Back]}
  - {id: done, name: Done, kind: done, statuses: [Done]}
limit: [{limit: 3}, {from: 2026-03-15, limit: 1}]
severities:
  - {level: 1, name: Bad, when: 'priority == "High"'}
  - {level: 2, name: Mild, when: 'priority == "Mid"'}
classes:
  - {id: fire, name: Fire, kind: incident, when: severity == 1, respond: 1h on always, resolve: 8h on office, limit: 1}
  - {id: bug, name: Bug, kind: problem, when: severity == 2, respond: 1 working day on office, resolve: 3 working days on office}
  - {id: feature, name: Feature, kind: feature, when: '"feature" in labels', resolve: by the due date}
discarded: [Duplicate]
capacity: attention
postmortems: {worst: 1, days: 5}
goals: {sla: 90%}
experiments: [{id: x, name: X, date: 2026-03-16}]
streaks: [{id: fire, name: Fire, when: severity == 1}]
`

var lawStart = record.At(time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC))

// drawIssues draws histories over sixty days around the change to daylight saving time.
func drawIssues(t *rapid.T) []record.Issue {
	statuses := []string{"New", "Doing", "Back", "Done", "Odd"}
	priorities := []string{"High", "Mid", "Low"}
	at := func(name string) record.Instant {
		return lawStart.Add(time.Duration(rapid.IntRange(0, 60*24*4).Draw(t, name)) * 15 * time.Minute)
	}
	pick := func(name string, of []string) string { return rapid.SampledFrom(of).Draw(t, name) }
	var all []record.Issue
	for i := range rapid.IntRange(0, 8).Draw(t, "issues") {
		c := record.Copy{Parts: 1<<13 - 1, Key: fmt.Sprintf("L-%d", i+1), Created: at("created"), Status: record.Status{Name: pick("status", statuses)}, Priority: pick("priority", priorities)}
		if rapid.Bool().Draw(t, "feature") {
			c.Labels = []string{"feature"}
		}
		if rapid.Bool().Draw(t, "due") {
			c.Due = "2026-03-20"
		}
		c.Points = record.Num(float64(rapid.IntRange(0, 8).Draw(t, "points")))
		is := record.Issue{Ref: record.Ref{Tracker: "t", ID: c.Key}, HistoryTo: 1, CommentsTo: 1}
		var times []record.Instant
		for range rapid.IntRange(0, 8).Draw(t, "changes") {
			times = append(times, at("at"))
		}
		slices.Sort(times)
		for k, when := range times {
			ch := record.Change{ID: fmt.Sprint(k), At: max(when, c.Created), By: record.Person{Account: pick("by", []string{"ada", "bob", "robot", "cust"})}}
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0, 1:
				ch.Field, ch.From, ch.To = record.FieldStatus, c.Status.Name, pick("to", statuses)
				c.Status.Name = ch.To
			case 2:
				ch.Field, ch.From, ch.To = record.FieldPriority, c.Priority, pick("to", priorities)
				c.Priority = ch.To
			case 3:
				ch.Field, ch.To = record.FieldAssignee, pick("to", []string{"ada", "bob"})
				if slices.ContainsFunc(c.Assignees, func(p record.Person) bool { return p.Account == ch.To }) {
					ch.From, ch.To = ch.To, ""
					c.Assignees = slices.DeleteFunc(slices.Clone(c.Assignees), func(p record.Person) bool { return p.Account == ch.From })
				} else {
					c.Assignees = append(slices.Clone(c.Assignees), record.Person{Account: ch.To})
				}
			case 4:
				ch.Field, ch.To = record.FieldLabel, "wip"
				if slices.Contains(c.Labels, "wip") {
					ch.From, ch.To = "wip", ""
				}
				c.Labels = add(remove(slices.Clone(c.Labels), ch.From), ch.To)
			}
			c.Updated = ch.At
			is.Changes = append(is.Changes, ch)
		}
		is.Copies = []record.Copy{c}
		all = append(all, is)
	}
	return all
}

func lawNight(t *rapid.T, p *Policy, issues []record.Issue, asOf record.Instant) *Report {
	return Run(Input{Policy: p, AsOf: asOf, Issues: slices.Values(issues), Sources: []SourceState{{Name: "t", Tracker: "t", Horizon: asOf}},
		Statuses: []TrackerStatus{{"t", record.Status{Name: "Odd", Category: record.Doing}}}})
}

func lawfulPolicy(t *testing.T) *Policy {
	p, complaints := ReadPolicy("policy.yaml", []byte(lawPolicy))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	return p
}

// everyFigure is the whole report as text.
func everyFigure(r *Report) string {
	ask := []string{"items"}
	for _, f := range r.Figures {
		ask = append(ask, f.Name)
	}
	s := dumpNight(r, ask)
	for _, it := range r.Items {
		s += fmt.Sprintf("%s %+v %+v\n", it.Key, short(it.Respond), short(it.Resolve))
	}
	return s
}

func short(v Verdict) string {
	return fmt.Sprintf("%d due %s decided %s left %s late %s thanks %v moved %d", v.Outcome, v.Due, v.Decided, v.Left, v.Late, v.Thanks, v.Moved)
}

func TestInputOrderNeverMatters(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		issues := drawIssues(t)
		asOf := lawStart.Add(50 * 24 * time.Hour)
		a := everyFigure(lawNight(t, p, issues, asOf))
		slices.Reverse(issues)
		if d := cmp.Diff(a, everyFigure(lawNight(t, p, issues, asOf))); d != "" {
			t.Fatal(d)
		}
	})
}

func TestWhatComesAfterAsOfChangesNothing(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		issues := drawIssues(t)
		asOf := lawStart.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "asOf")) * time.Hour)
		whole := everyFigure(lawNight(t, p, issues, asOf))
		var known []record.Issue // the same ledger as it was at as-of
		for _, is := range issues {
			c := is.Copies[0]
			if c.Created >= asOf {
				continue
			}
			for len(is.Changes) > 0 && is.Changes[len(is.Changes)-1].At >= asOf {
				ch := is.Changes[len(is.Changes)-1]
				is.Changes = is.Changes[:len(is.Changes)-1]
				switch ch.Field {
				case record.FieldStatus:
					c.Status.Name = ch.From
				case record.FieldPriority:
					c.Priority = ch.From
				case record.FieldLabel:
					c.Labels = add(remove(slices.Clone(c.Labels), ch.To), ch.From)
				case record.FieldAssignee:
					c.Assignees = slices.DeleteFunc(slices.Clone(c.Assignees), func(p record.Person) bool { return p.Account == ch.To })
					if ch.From != "" {
						c.Assignees = append(c.Assignees, record.Person{Account: ch.From})
					}
				}
			}
			is.Copies = []record.Copy{c}
			known = append(known, is)
		}
		if d := cmp.Diff(whole, everyFigure(lawNight(t, p, known, asOf))); d != "" {
			t.Fatal(d)
		}
	})
}

func TestTheBacklogIsWhatCameInLessWhatWasDone(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := lawNight(t, p, drawIssues(t), lawStart.Add(55*24*time.Hour)).Night
		days := n.days(60)
		open := n.endOfDay(days, func(stretch) (string, bool) { return "", true }).of("")
		for i, d := range days {
			want := 0
			for _, it := range n.Items {
				if it.Created < d.To {
					want++
				}
				for _, at := range it.Reopened {
					if at < d.To {
						want++
					}
				}
				for _, at := range it.Done {
					if at < d.To {
						want--
					}
				}
			}
			if open[i] != want {
				t.Fatalf("at the end of %s %d are open, but created + reopened − done is %d", d.Label, open[i], want)
			}
		}
	})
}

func TestClassesAddUpToTheTotal(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		r := lawNight(t, p, drawIssues(t), lawStart.Add(55*24*time.Hour))
		for _, f := range r.Figures {
			if f.Name != "wip" && f.Name != "backlog" {
				continue
			}
			sum := 0
			for _, part := range f.Parts {
				if part.Group == "class" {
					sum += part.Value.N
				}
			}
			if float64(sum) != f.Headline.Number.Value || len(f.Rows) != sum {
				t.Fatalf("%s: classes add up to %d, the total is %v, the rows are %d", f.Name, sum, f.Headline, len(f.Rows))
			}
		}
	})
}

func TestAttentionIsNeverMoreThanThereIs(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := lawNight(t, p, drawIssues(t), lawStart.Add(55*24*time.Hour)).Night
		period := n.trailing(60)
		l := n.attention([]Period{period})[0]
		_, all := l.sums(n)
		there := 2 * p.Working.Between(period.From, period.To).Hours()
		if diff := all + l.uncovered - there; diff > 1e-6 || diff < -1e-6 {
			t.Fatalf("covered %v and uncovered %v of %v hours", all, l.uncovered, there)
		}
	})
}

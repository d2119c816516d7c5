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
		c := record.Copy{Parts: 1<<13 - 1, Key: fmt.Sprintf("LAW-%d", i+1), Created: at("created"), Status: record.Status{Name: pick("status", statuses)}, Priority: pick("priority", priorities)}
		if rapid.Bool().Draw(t, "feature") {
			c.Labels = []string{"feature"}
		}
		if rapid.Bool().Draw(t, "due") {
			c.Due = "2026-03-20"
		}
		c.Points = record.Num(float64(rapid.IntRange(0, 8).Draw(t, "points")))
		is := record.Issue{Ref: record.Ref{Tracker: "t", ID: c.Key}, HistoryTo: 1, CommentsTo: 1, WorklogsTo: 1}
		moved, ended := false, record.Instant(0)
		var times []record.Instant
		for range rapid.IntRange(0, 8).Draw(t, "changes") {
			times = append(times, at("at"))
		}
		slices.Sort(times)
		for k, when := range times {
			ch := record.Change{ID: fmt.Sprint(k), At: max(when, c.Created), By: record.Person{Account: pick("by", []string{"ada", "bob", "robot", "cust"})}}
			switch rapid.IntRange(0, 6).Draw(t, "what") {
			case 0, 1:
				ch.Field, ch.From, ch.To = record.FieldStatus, c.Status.Name, pick("to", statuses)
				if c.Status.Name, moved = ch.To, true; ch.To == "Done" {
					ended = ch.At
				}
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
			case 5:
				ch.Field, ch.From, ch.To = record.FieldResolution, c.Resolution, pick("to", []string{"", "Fixed", "Duplicate"})
				c.Resolution = ch.To
			case 6:
				ch.Field, ch.From, ch.To = record.FieldPoints, c.Points.String(), pick("to", []string{"", "1", "5"})
				c.Points = points(ch.To)
			}
			c.Updated = ch.At
			is.Changes = append(is.Changes, ch)
		}
		for k := range rapid.IntRange(0, 2).Draw(t, "comments") {
			is.Comments = append(is.Comments, record.Comment{ID: fmt.Sprint(k), At: at("said"), By: record.Person{Account: pick("by", []string{"ada", "robot", "cust"})}})
		}
		for k := range rapid.IntRange(0, 2).Draw(t, "worklogs") {
			is.Worklogs = append(is.Worklogs, record.Worklog{ID: fmt.Sprint(k), Started: at("worked"), Seconds: int64(rapid.IntRange(0, 9).Draw(t, "hours")) * 3600})
		}
		switch closes := rapid.Bool().Draw(t, "closed"); {
		case !closes || c.Status.Name != "Done":
		case ended != 0:
			c.Closed = ended
		case !moved: // no event tells of the end, nor of how it ended
			c.Closed, c.Resolution = at("closed at"), pick("ended", []string{"Fixed", "Duplicate"})
			is.Changes = slices.DeleteFunc(is.Changes, func(ch record.Change) bool { return ch.Field == record.FieldResolution })
		}
		if rapid.IntRange(0, 9).Draw(t, "gone") == 0 {
			is.Gone = at("gone at")
		}
		is.Copies = []record.Copy{c}
		all = append(all, is)
	}
	return all
}

// drawPages draws alerts, some of which name an issue, repeat each other or were merged.
func drawPages(t *rapid.T) []record.Page {
	var all []record.Page
	pick := func(name string, of []string) string { return rapid.SampledFrom(of).Draw(t, name) }
	for i := range rapid.IntRange(0, 6).Draw(t, "pages") {
		at := lawStart.Add(time.Duration(rapid.IntRange(0, 60*24*4).Draw(t, "triggered")) * 15 * time.Minute)
		later := func(name string) record.Instant {
			return at.Add(time.Duration(rapid.IntRange(0, 7*24*4).Draw(t, name)) * 15 * time.Minute)
		}
		p := record.Page{Ref: record.Ref{Tracker: "pager", ID: fmt.Sprintf("P%d", i)}, Triggered: at, Service: pick("service", []string{"api", "db"}), Key: pick("key", []string{"", "disk"}), Title: pick("title", []string{"down", "LAW-1 is down", "LAW-2 is down"})}
		if rapid.Bool().Draw(t, "acked") {
			p.Acked, p.AckedBy = later("acked at"), []record.Person{{Account: pick("by", []string{"ada", "stranger"})}}
		}
		if rapid.Bool().Draw(t, "resolved") {
			p.Resolved, p.AutoClosed = later("resolved at"), rapid.Bool().Draw(t, "auto")
		}
		if rapid.IntRange(0, 3).Draw(t, "merged") == 0 {
			p.MergedInto = pick("into", []string{"P0", "P1", "P9"})
		}
		all = append(all, p)
	}
	return all
}

func lawNight(p *Policy, issues []record.Issue, asOf record.Instant) *Report {
	return lawReport(p, issues, nil, asOf, asOf)
}

func lawReport(p *Policy, issues []record.Issue, pages []record.Page, horizon, asOf record.Instant) *Report {
	return Run(Input{Policy: p, AsOf: asOf, Issues: slices.Values(issues), Pages: slices.Values(pages), Sources: []SourceState{{Name: "t", Tracker: "t", Horizon: horizon}},
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
	ask := []string{"items", "facts", "doubts", "unjoined", "shifts"}
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
		issues, pages := drawIssues(t), drawPages(t)
		asOf := lawStart.Add(50 * 24 * time.Hour)
		a := everyFigure(lawReport(p, issues, pages, asOf, asOf))
		slices.Reverse(issues)
		slices.Reverse(pages)
		if d := cmp.Diff(a, everyFigure(lawReport(p, issues, pages, asOf, asOf))); d != "" {
			t.Fatal(d)
		}
	})
}

// TestWhatComesAfterAsOfChangesNothing compares a ledger with the same ledger as it was. The tracker can
// speak for what was up to its own horizon, the pager for everything.
func TestWhatComesAfterAsOfChangesNothing(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		issues, pages := drawIssues(t), drawPages(t)
		asOf := lawStart.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "asOf")) * time.Hour)
		horizon := asOf.Add(-time.Duration(rapid.SampledFrom([]int{0, 0, 1, 30, 100, 1500}).Draw(t, "behind")) * time.Hour)
		whole := everyFigure(lawReport(p, issues, pages, horizon, asOf))
		var known []record.Issue
		for _, is := range issues {
			if is.Copies[0].Created < asOf {
				known = append(known, issueAsOf(is, min(asOf, horizon+1), asOf))
			}
		}
		var rang []record.Page
		for _, page := range pages {
			if page.Triggered < asOf {
				rang = append(rang, pageAsOf(page, asOf))
			}
		}
		if d := cmp.Diff(whole, everyFigure(lawReport(p, known, rang, horizon, asOf))); d != "" {
			t.Fatal(d)
		}
	})
}

// issueAsOf is what a ledger knew of an issue before end; its disappearance, before asOf.
func issueAsOf(is record.Issue, end, asOf record.Instant) record.Issue {
	c := is.Copies[0]
	moved := slices.ContainsFunc(is.Changes, func(ch record.Change) bool { return ch.Field == record.FieldStatus })
	undated := c.Resolution != "" && !slices.ContainsFunc(is.Changes, func(ch record.Change) bool { return ch.Field == record.FieldResolution })
	end = max(end, c.Created+1) // what came with its creation came with it
	for len(is.Changes) > 0 && is.Changes[len(is.Changes)-1].At >= end {
		ch := is.Changes[len(is.Changes)-1]
		is.Changes = is.Changes[:len(is.Changes)-1]
		switch ch.Field {
		case record.FieldStatus:
			c.Status.Name = ch.From
		case record.FieldPriority:
			c.Priority = ch.From
		case record.FieldResolution:
			c.Resolution = ch.From
		case record.FieldPoints:
			c.Points = points(ch.From)
		case record.FieldLabel:
			c.Labels = add(remove(slices.Clone(c.Labels), ch.To), ch.From)
		case record.FieldAssignee:
			c.Assignees = slices.DeleteFunc(slices.Clone(c.Assignees), func(p record.Person) bool { return p.Account == ch.To })
			if ch.From != "" {
				c.Assignees = append(c.Assignees, record.Person{Account: ch.From})
			}
		}
	}
	if c.Closed >= end {
		if c.Status.Name == "Done" && !moved {
			c.Status.Name = beforeHistory // the tracker says when it was closed, and not what it was until then
			if undated {
				c.Resolution = ""
			}
		}
		c.Closed = 0
	}
	is.Comments = slices.DeleteFunc(slices.Clone(is.Comments), func(cm record.Comment) bool { return cm.At >= end })
	is.Worklogs = slices.DeleteFunc(slices.Clone(is.Worklogs), func(w record.Worklog) bool { return w.Started >= end })
	if is.Gone >= asOf {
		is.Gone = 0
	}
	is.Copies = []record.Copy{c}
	return is
}

// pageAsOf is what a pager knew of a page at asOf.
func pageAsOf(p record.Page, asOf record.Instant) record.Page {
	if p.Acked >= asOf {
		p.Acked, p.AckedBy = 0, nil
	}
	if p.Resolved >= asOf {
		p.Resolved, p.AutoClosed = 0, false
	}
	return p
}

func TestTheBacklogIsWhatCameInLessWhatWasDone(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := lawNight(p, drawIssues(t), lawStart.Add(55*24*time.Hour)).Night
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

func TestNumbersBehindAFigureHaveAUnit(t *testing.T) {
	p := lawfulPolicy(t)
	ranked := []string{"severity-trend", "severity-mix", "postmortem-coverage"} // their numbers are severities
	rapid.Check(t, func(t *rapid.T) {
		for _, f := range lawNight(p, drawIssues(t), lawStart.Add(61*24*time.Hour)).Figures {
			for _, row := range f.Rows {
				if row.Num.Known && f.RowUnit == "" && !slices.Contains(ranked, f.Name) {
					t.Fatalf("%s says %v of %s, and not of what", f.Name, row.Num.Value, row.Item.Key)
				}
			}
		}
	})
}

func TestClassesAddUpToTheTotal(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		r := lawNight(p, drawIssues(t), lawStart.Add(55*24*time.Hour))
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
		n := lawNight(p, drawIssues(t), lawStart.Add(55*24*time.Hour)).Night
		period := n.trailing(60)
		l := n.attention([]Period{period})[0]
		_, all := l.sums(n)
		there := 2 * p.Working.Between(period.From, period.To).Hours()
		if diff := all + l.uncovered - there; diff > 1e-6 || diff < -1e-6 {
			t.Fatalf("covered %v and uncovered %v of %v hours", all, l.uncovered, there)
		}
	})
}

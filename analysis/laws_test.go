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
  - {id: back, name: Back, kind: paused, statuses: [Back], sent_back: true}
  - {id: done, name: Done, kind: done, statuses: [Done]}
iterations: {days: 14, start: 2026-02-16}
ready: [{needs: [service, due]}]
customers: reporter
limit: [{limit: 3}, {from: 2026-03-15, limit: 1}]
severities:
  - {level: 1, name: Bad, when: 'priority == "High"'}
  - {level: 2, name: Mild, when: 'priority == "Mid"'}
classes:
  - {id: fire, name: Fire, kind: incident, when: severity == 1, respond: 1h on always, resolve: 8h on office, limit: 1}
  - {id: bug, name: Bug, kind: problem, when: severity == 2, respond: 1 working day on office, resolve: 3 working days on office}
  - {id: feature, name: Feature, kind: feature, when: '"feature" in labels', resolve: by the due date}
discarded: [Duplicate]
services: [{id: api, name: The API}, {id: db, name: Database}]
channels: [{id: mail, name: Mail, when: '"mail" in labels'}]
pages: {join: 480h}
capacity: {method: attention, iterations: 3}
postmortems: {worst: 1, days: 5}
goals: {sla: 90%}
experiments: [{id: x, name: X, date: 2026-03-16}]
streaks: [{id: fire, name: Fire, when: severity == 1}]
`

// lawRota is apart, for nights with a rota of their own.
const lawRota = `rota: {name: Turns, days: 7, start: 2026-02-16, handover: 10:00, superheroes: [ada, bob]}
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
		for _, label := range []string{"api", "db", "mail"} {
			if rapid.Bool().Draw(t, label) {
				c.Labels = append(c.Labels, label)
			}
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
		c.Reporter = record.Person{Account: pick("reporter", []string{"", "ada", "robot", "cust"})}
		if to := pick("duplicate", []string{"", "", "", "LAW-1", "LAW-2"}); to != "" {
			c.Links = append(c.Links, record.Link{Kind: "duplicates", To: to})
		}
		if rapid.IntRange(0, 9).Draw(t, "gone") == 0 {
			is.Gone = at("gone at")
		}
		is.Copies = []record.Copy{c}
		all = append(all, is)
	}
	return all
}

// checkUntil checks a hundred nights, and a hundred more until each kind of thing the test is about has been counted
// three times: which of them the first hundred hold is luck.
func checkUntil(t *testing.T, law func(*rapid.T), counted ...*int) {
	t.Helper()
	for range 20 {
		if rapid.Check(t, law); !slices.ContainsFunc(counted, func(n *int) bool { return *n < 3 }) {
			return
		}
	}
	for i, n := range counted {
		t.Errorf("in 2000 nights, what is counted as number %d came up %d times", i+1, *n)
	}
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
		p := record.Page{Ref: record.Ref{Tracker: "pager", ID: fmt.Sprintf("P%d", i)}, Triggered: at, Service: pick("service", []string{"api", "db"}), Key: pick("key", []string{"", "disk"}), Title: pick("title", []string{"down", "LAW-1 is down", "LAW-2 is down", "LAW-1 and LAW-2 are down"})}
		p.Origin = pick("origin", []string{"", record.ByMonitor, record.ByPerson})
		people := []string{"ada", "bob", "stranger", "robot"}
		switch log := drawLog(t, at, people); {
		case len(log) > 0: // a pager with a log tells what is in it, and perhaps a little more
			p.Events = log
			summary(&p)
			p.Escalated += rapid.IntRange(0, 1).Draw(t, "undated")
		default:
			if rapid.Bool().Draw(t, "acked") {
				p.Acked, p.AckedBy = later("acked at"), []record.Person{{Account: pick("by", people)}}
			}
			if rapid.Bool().Draw(t, "resolved") {
				p.Resolved, p.AutoClosed = later("resolved at"), rapid.Bool().Draw(t, "auto")
			}
			p.Escalated = rapid.IntRange(0, 2).Draw(t, "escalated")
		}
		merged := slices.ContainsFunc(p.Events, func(e record.Event) bool { return e.Kind == record.EventMerged })
		if merged || rapid.IntRange(0, 3).Draw(t, "merged") == 0 {
			p.MergedInto = pick("into", []string{"P0", "P1", "P9"})
		}
		all = append(all, p)
	}
	return all
}

// drawLog draws the pager's log of a page; often it has none.
func drawLog(t *rapid.T, from record.Instant, people []string) []record.Event {
	if rapid.Bool().Draw(t, "no log") {
		return nil
	}
	kinds := []string{record.EventAcknowledged, record.EventAcknowledged, record.EventEscalated, record.EventResolved, record.EventReopened, record.EventMerged}
	var log []record.Event
	for k := range rapid.IntRange(0, 6).Draw(t, "lines") {
		e := record.Event{ID: fmt.Sprint(k), At: from.Add(time.Duration(rapid.IntRange(0, 30*24).Draw(t, "at")) * time.Hour), Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		if e.Kind == record.EventAcknowledged || rapid.Bool().Draw(t, "told who") {
			e.By = record.Person{Account: rapid.SampledFrom(people).Draw(t, "who")}
		}
		log = append(log, e)
	}
	slices.SortStableFunc(log, func(a, b record.Event) int { return int(a.At.Sub(b.At)) })
	return log
}

// summary is what a pager tells beside its log: what had happened by the end of it.
func summary(p *record.Page) {
	p.Acked, p.AckedBy, p.Resolved, p.ResolvedBy, p.AutoClosed, p.Escalated = 0, nil, 0, record.Person{}, false, 0
	step := record.Instant(0)
	for _, e := range p.Events {
		switch e.Kind {
		case record.EventAcknowledged:
			if p.Acked == 0 {
				p.Acked = e.At
			}
			if !slices.Contains(p.AckedBy, e.By) {
				p.AckedBy = append(p.AckedBy, e.By)
			}
		case record.EventEscalated:
			if e.At != step {
				p.Escalated, step = p.Escalated+1, e.At
			}
		case record.EventResolved:
			p.Resolved, p.ResolvedBy, p.AutoClosed = e.At, e.By, !e.By.Known()
		case record.EventReopened:
			p.Resolved, p.ResolvedBy, p.AutoClosed = 0, record.Person{}, false
		}
	}
}

func lawNight(p *Policy, issues []record.Issue, asOf record.Instant) *Report {
	return lawReport(p, issues, nil, asOf, asOf)
}

func lawReport(p *Policy, issues []record.Issue, pages []record.Page, horizon, asOf record.Instant) *Report {
	return Run(lawRecords(p, issues, pages, horizon, asOf))
}

func lawRecords(p *Policy, issues []record.Issue, pages []record.Page, horizon, asOf record.Instant) Input {
	return Input{Policy: p, AsOf: asOf, Issues: slices.Values(issues), Pages: slices.Values(pages), Sources: []SourceState{{Name: "t", Tracker: "t", Horizon: horizon}},
		Statuses: []TrackerStatus{{"t", record.Status{Name: "Odd", Category: record.Doing}}}}
}

func lawfulPolicy(t *testing.T) *Policy {
	p, complaints := ReadPolicy("policy.yaml", []byte(lawPolicy+lawRota))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	return p
}

// everyFigure is the whole report as text.
func everyFigure(r *Report) string {
	ask := []string{"items", "facts", "pages", "doubts", "unjoined", "shifts", "fires"}
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

// pageAsOf is what a pager knew of a page at asOf. What it does not date it is taken to have known.
func pageAsOf(p record.Page, asOf record.Instant) record.Page {
	if p.Events == nil {
		if p.Acked >= asOf {
			p.Acked, p.AckedBy = 0, nil
		}
		if p.Resolved >= asOf {
			p.Resolved, p.AutoClosed = 0, false
		}
		return p
	}
	whole := p
	summary(&whole)
	undated := p.Escalated - whole.Escalated
	for len(p.Events) > 0 && p.Events[len(p.Events)-1].At >= asOf {
		if p.Events[len(p.Events)-1].Kind == record.EventMerged {
			p.MergedInto = "" // and what it was merged into before, if it was, nobody knows
		}
		p.Events = p.Events[:len(p.Events)-1]
	}
	summary(&p)
	p.Escalated += undated
	return p
}

func TestTheBacklogIsWhatCameInLessWhatWasDone(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := lawNight(p, drawIssues(t), lawStart.Add(55*24*time.Hour)).Night
		days := n.days(60)
		open := n.endOfDay(days, func(state) (string, bool) { return "", true }).of("")
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
		issues, pages := drawIssues(t), drawPages(t)
		asOf := lawStart.Add(61 * 24 * time.Hour)
		for _, f := range lawNightOf(p, issues, pages, drawTexts(t, pages, p.Zone), afterAll, asOf, asOf).Figures {
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

// TestEveryPageIsOfOneFire: of one, or of none and unjoined, and what was merged is of the same as what it was
// merged into. Every incident is of one, and of that of each of its pages, unless it came when that was over.
func TestEveryPageIsOfOneFire(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		asOf := lawStart.Add(61 * 24 * time.Hour)
		r := lawReport(p, drawIssues(t), drawPages(t), asOf, asOf)
		pages, items := map[*Page]*Fire{}, map[*Item]*Fire{}
		for _, f := range r.Fires {
			for _, page := range f.Pages {
				if pages[page] != nil {
					t.Fatalf("%s is of %s and of %s", page.ID, pages[page].ID, f.ID)
				}
				pages[page] = f
			}
			for _, it := range f.Items {
				if items[it] != nil || r.FireOf(it) != f {
					t.Fatalf("%s is of %s, and of another", it.Key, f.ID)
				}
				items[it] = f
			}
			if f.To != 0 && f.To < f.From {
				t.Fatalf("%s was over before it began", f.ID)
			}
		}
		for _, page := range r.Pages {
			if page.Into != nil && pages[page] != pages[page.Into] {
				t.Fatalf("%s was merged into %s and is of another fire", page.ID, page.Into.ID)
			}
			if page.Into == nil && (pages[page] == nil) != slices.Contains(r.Unjoined, page) {
				t.Fatalf("%s is of a fire and unjoined, or neither", page.ID)
			}
			for _, it := range page.Items {
				if pages[page] != items[it] && (it.Kind() != Incident || it == page.first() || atOnce(it, page.first())) {
					t.Fatalf("%s and %s are joined and of two fires", page.ID, it.Key)
				}
			}
		}
		for _, it := range r.Items {
			if it.Kind() == Incident && items[it] == nil {
				t.Fatalf("the incident %s is of no fire", it.Key)
			}
		}
	})
}

// TestSuggestionsCountNowhere compares a night with one that suggests nothing: only the list of suggestions
// differs.
func TestSuggestionsCountNowhere(t *testing.T) {
	p := lawfulPolicy(t)
	silent := *p
	silent.Pages.Join = 0
	suggested := 0
	checkUntil(t, func(t *rapid.T) {
		issues, pages := drawIssues(t), drawPages(t)
		asOf := lawStart.Add(61 * 24 * time.Hour)
		text := func(p *Policy) string {
			r := lawReport(p, issues, pages, asOf, asOf)
			suggested += bit(len(r.Suggested) > 0)
			r.Suggested = nil
			for i := range r.Figures {
				f := &r.Figures[i]
				f.Tables = slices.DeleteFunc(f.Tables, func(t Table) bool { return f.Name == "outside-pager" && t.Name == "suggested" })
			}
			return everyFigure(r)
		}
		if d := cmp.Diff(text(&silent), text(p)); d != "" {
			t.Fatal(d)
		}
	}, &suggested)
}

func TestServicesAddUpToTheTotal(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		asOf := lawStart.Add(61 * 24 * time.Hour)
		r := lawReport(p, drawIssues(t), drawPages(t), asOf, asOf)
		sums := map[string]float64{}
		parts := map[string]Value{}
		for _, f := range r.Figures {
			for _, part := range f.Parts {
				parts[f.Name+" "+part.Name] = part.Value
			}
			parts[f.Name] = f.Headline
			for _, table := range f.Tables {
				if table.Name != "by-service" {
					continue
				}
				for _, row := range table.Rows {
					for i, c := range table.Columns {
						sums[f.Name+" "+c.Name] += row[i].Num.Value
					}
				}
			}
		}
		is := func(column string, total float64) {
			if sums[column] != total {
				t.Fatalf("%s of the services add up to %v, and the total is %v", column, sums[column], total)
			}
		}
		pages := parts["interruptions pages"].Number.Value
		for _, of := range []string{"interruptions pages", "page-answer pages", "page-hours pages"} {
			is(of, pages)
		}
		is("interruptions interruptions", parts["interruptions interruptions"].Number.Value)
		is("interruptions no-action", parts["interruptions no-action"].Number.Value)
		is("page-answer acknowledged", float64(parts["page-answer"].N))
		is("page-answer never", parts["interruptions never"].Number.Value)
		is("page-answer resolved", pages-parts["page-answer open"].Number.Value)
		if pages > 0 {
			is("page-hours sleep", parts["page-hours sleep"].Ratio.Num)
			is("page-hours off-hours", parts["page-hours off-hours"].Ratio.Num)
		}
		year := 0.0
		for _, who := range []string{"monitor", "human", "unknown"} {
			is("detected-by "+who, parts["detected-by "+who+"-365"].Number.Value)
			year += parts["detected-by "+who+"-365"].Number.Value
		}
		is("detected-by emergencies", year)
	})
}

// TestTheNearestAreSuggestedFirst holds the suggestions against the plainest way to find them: of all pairs that
// are left the nearest, again and again.
func TestTheNearestAreSuggestedFirst(t *testing.T) {
	a, b := &Service{ID: "a", Name: "A"}, &Service{ID: "b", Name: "B"}
	services := [][]*Service{{a}, {b}, {a, b}, nil}
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.Permutation(func() []int {
			var all []int
			for i := range 60 {
				all = append(all, i*i)
			}
			return all
		}()).Draw(t, "times")
		next := func() record.Instant {
			at := times[0]
			times = times[1:]
			return lawStart.Add(time.Duration(at) * time.Minute)
		}
		n := &Night{Policy: &Policy{Pages: PagePolicy{Join: time.Duration(rapid.IntRange(1, 500).Draw(t, "within")) * time.Minute}}}
		fire := &Class{ID: "fire", Kind: Incident}
		for i := range rapid.IntRange(0, 10).Draw(t, "items") {
			n.Items = append(n.Items, &Item{Ref: record.Ref{ID: fmt.Sprint("I", i)}, Created: next(), Classes: Timeline[*Class]{{Is: fire}}, Look: &Look{Services: rapid.SampledFrom(services).Draw(t, "services")}})
		}
		for i := range rapid.IntRange(0, 15).Draw(t, "pages") {
			n.Pages = append(n.Pages, &Page{Ref: record.Ref{ID: fmt.Sprint("P", i)}, Triggered: next(), Of: rapid.SampledFrom([]*Service{a, b, nil}).Draw(t, "of")})
		}
		slices.SortFunc(n.Pages, func(a, b *Page) int { return int(a.Triggered.Sub(b.Triggered)) })
		n.suggest()
		var got, want []time.Duration
		taken := map[any]bool{}
		for _, s := range n.Suggested {
			if taken[s.Page] || taken[s.Item] || !slices.Contains(s.Item.Services, s.Page.Of) {
				t.Fatalf("%s and %s are suggested, and should not be", s.Page.ID, s.Item.ID)
			}
			taken[s.Page], taken[s.Item] = true, true
			got = append(got, away(s.Page, s.Item))
		}
		clear(taken)
		for {
			var page *Page
			var item *Item
			for _, it := range n.Items {
				for _, p := range n.Pages {
					if taken[p] || taken[it] || p.Of == nil || !slices.Contains(it.Services, p.Of) || away(p, it) >= n.Policy.Pages.Join {
						continue
					}
					if page != nil && away(p, it) == away(page, item) {
						t.Skip("two pairs as near as each other: either may be taken")
					}
					if page == nil || away(p, it) < away(page, item) {
						page, item = p, it
					}
				}
			}
			if page == nil {
				break
			}
			taken[page], taken[item] = true, true
			want = append(want, away(page, item))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("suggested are pairs %v apart, the nearest are %v apart", got, want)
		}
	})
}

func away(p *Page, it *Item) time.Duration {
	return max(p.Triggered.Sub(it.Created), it.Created.Sub(p.Triggered))
}

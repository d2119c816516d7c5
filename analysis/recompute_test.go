package analysis

// An independent recomputation of a night, written from the definitions and from nothing else: slow,
// obvious, and from the records. What the policy below says is said again in Go, by hand: no rule,
// calendar, timeline or engine of the product is asked. Everything falls on half hours, so that time can be
// walked half hour by half hour. Histories run over the change of the clocks on 2026-03-08, a closed day, an
// absence, night shifts, and versions of stages, limits, targets and rules.

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

const recountPolicy = `
team: {name: Recount, zone: America/New_York, members: [{id: ada, name: Ada}, {id: bob, name: Bob, absent: [2026-03-10..2026-03-12]}], bots: [robot]}
calendars:
  office: {week: {mon-fri: 09:00-17:30}, closed: [2026-03-17]}
  night: {week: {sun-sat: 22:00-06:00}}
working: office
stages:
  - stages:
      - {id: queue, name: Queue, kind: waiting, statuses: [New]}
      - {id: doing, name: Doing, kind: active, statuses: [Doing], labels: [wip]}
      - {id: back, name: Back, kind: paused, statuses: [Back], sent_back: true}
      - {id: done, name: Done, kind: done, statuses: [Done]}
  - from: 2026-03-20
    stages:
      - {id: queue, name: Queue, kind: waiting, statuses: [New, Odd]}
      - {id: doing, name: Doing, kind: active, statuses: [Doing], labels: [wip]}
      - {id: back, name: Back, kind: paused, statuses: [Back], sent_back: true}
      - {id: done, name: Done, kind: done, statuses: [Done]}
limit: [{limit: 2}, {from: 2026-03-15, limit: 1}]
severities:
  - {level: 1, name: Bad, when: 'priority == "High"'}
  - {level: 2, name: Mild, when: 'priority == "Mid"'}
classes:
  - {id: fire, name: Fire, kind: incident, when: severity == 1, respond: 1h on always, resolve: 8h on office}
  - id: bug
    name: Bug
    kind: problem
    when: [{when: severity == 2}, {from: 2026-03-12, when: severity == 2 and not ("feature" in labels)}]
    respond: 2h on night
    resolve: [{target: 3 working days on office}, {from: 2026-03-10, target: 1 working day on office}]
  - {id: feature, name: Feature, kind: feature, when: '"feature" in labels', resolve: by the due date}
  - {id: ask, name: Ask, kind: request, when: '"mail" in labels', respond: 4h on office, resolve: 10h on night}
discarded: [Duplicate]
rota: {name: Turns, days: 7, start: 2026-02-16, handover: 10:00, superheroes: [ada, bob]}
postmortems: {worst: 2, days: 5}
`

const halfHour = 30 * time.Minute

var recountZone, _ = time.LoadLocation("America/New_York")

// the policy's dates, again and by hand: local midnights.
var (
	newFlow    = localDay(2026, 3, 20)
	newLimit   = localDay(2026, 3, 15)
	newRule    = localDay(2026, 3, 12)
	newTarget  = localDay(2026, 3, 10)
	bobIsAway  = localDay(2026, 3, 10)
	bobIsBack  = localDay(2026, 3, 13)
	turnsBegin = time.Date(2026, 2, 16, 10, 0, 0, 0, recountZone)
)

func localDay(y int, m time.Month, d int) record.Instant {
	return record.At(time.Date(y, m, d, 0, 0, 0, 0, recountZone))
}

// officeOpen and nightOpen are the calendars.
func officeOpen(t record.Instant) bool {
	l := t.In(recountZone)
	clock := l.Hour()*60 + l.Minute()
	return officeDay(l) && clock >= 9*60 && clock < 17*60+30
}

func officeDay(l time.Time) bool {
	return l.Weekday() != time.Saturday && l.Weekday() != time.Sunday && l.Format("2006-01-02") != "2026-03-17"
}

func recountLimit(t record.Instant) int {
	if t >= newLimit {
		return 1
	}
	return 2
}

// recountState is one state of an issue, from its instant on.
type recountState struct {
	at        record.Instant
	stage     string
	kind      StageKind
	severity  int
	class     string
	assignees []string
	due       record.Date
}

// recountLife is what is known of one issue, from its records.
type recountLife struct {
	key                          string
	created, until               record.Instant
	states                       []recountState // one an instant, after the last change of it
	visits                       []recountState // one an entry into a stage, of no length too
	done, reopened               []record.Instant
	responded, started, finished record.Instant
	discarded                    bool
	coarse                       bool
	touched                      record.Instant
	points                       record.Number
	booked                       []record.Worklog
}

// at is the last state that began at t or before.
func (l *recountLife) at(t record.Instant) recountState {
	var s recountState
	for _, x := range l.states {
		if x.at <= t {
			s = x
		}
	}
	return s
}

func (l *recountLife) now() recountState { return l.at(l.until) }

func (l *recountLife) open(t record.Instant) bool { return l.created <= t && l.at(t).kind != Done }

func (l *recountLife) inProgress(t record.Instant) bool {
	return l.open(t) && l.started != 0 && l.started <= t
}

// support says whether a class is one of support work.
func supportWork(class string) bool { return class == "fire" || class == "bug" || class == "ask" }

func recountStage(status string, labels []string, t record.Instant) (string, StageKind) {
	switch {
	case status == "Done":
		return "done", Done
	case slices.Contains(labels, "wip"), status == "Doing":
		return "doing", Active
	case status == "New", status == "Odd" && t >= newFlow:
		return "queue", Waiting
	case status == "Back":
		return "back", Paused
	case status == "Odd": // no stage gathers it, and the tracker calls it in progress
		return "unmapped-odd", Active
	}
	return "before", Waiting // nothing tells what it was before its history
}

func recountClass(severity int, labels []string, created record.Instant) string {
	feature := slices.Contains(labels, "feature")
	switch {
	case severity == 1:
		return "fire"
	case severity == 2 && (created < newRule || !feature):
		return "bug"
	case feature:
		return "feature"
	case slices.Contains(labels, "mail"):
		return "ask"
	}
	return "unclassified"
}

// recount tells the life of an issue up to asOf; nil if there was none.
func recount(is record.Issue, asOf record.Instant) *recountLife {
	c := is.Copies[0]
	if c.Created >= asOf || is.Gone != 0 && is.Gone < asOf {
		return nil
	}
	l := &recountLife{key: c.Key, created: c.Created, until: asOf}

	// The fields at creation: the first change of a field tells what it was before; a list is undone.
	status, priority, resolution, due, points := c.Status.Name, c.Priority, c.Resolution, string(c.Due), c.Points.String()
	labels, assignees := slices.Clone(c.Labels), []string{}
	for _, p := range c.Assignees {
		assignees = append(assignees, p.Account)
	}
	moved := false
	for i := len(is.Changes) - 1; i >= 0; i-- {
		ch := is.Changes[i]
		switch ch.Field {
		case record.FieldStatus:
			status, moved = ch.From, true
		case record.FieldPriority:
			priority = ch.From
		case record.FieldResolution:
			resolution = ch.From
		case record.FieldDue:
			due = ch.From
		case record.FieldPoints:
			points = ch.From
		case record.FieldLabel:
			labels = exchange(labels, ch.To, ch.From)
		case record.FieldAssignee:
			assignees = exchange(assignees, ch.To, ch.From)
		}
	}
	changes := slices.Clone(is.Changes)
	if status == "Done" && !moved { // no event tells of its end
		if c.Closed > c.Created {
			l.coarse = c.Closed < asOf
			status = "?"
			if resolution != "" && !slices.ContainsFunc(changes, func(ch record.Change) bool { return ch.Field == record.FieldResolution }) {
				changes = append(changes, record.Change{At: c.Closed, Field: record.FieldResolution, To: resolution})
				resolution = ""
			}
			changes = append(changes, record.Change{At: c.Closed, Field: record.FieldStatus, To: "Done"})
			slices.SortStableFunc(changes, func(a, b record.Change) int { return cmp.Compare(a.At, b.At) })
		}
	}

	answered := func(t record.Instant) {
		if t < asOf && (l.responded == 0 || t < l.responded) {
			l.responded = max(t, l.created)
		}
	}
	mover, put := "", ""
	enter := func(t record.Instant) {
		id, kind := recountStage(status, labels, t)
		if n := len(l.visits); n > 0 && l.visits[n-1].stage == id && l.visits[n-1].kind == kind {
			return
		}
		if (mover == "ada" || mover == "bob") && kind != Waiting {
			answered(t)
		}
		l.visits = append(l.visits, recountState{at: t, stage: id, kind: kind})
	}
	apply := func(ch record.Change, t record.Instant) {
		switch ch.Field {
		case record.FieldStatus:
			status = ch.To
		case record.FieldPriority:
			priority = ch.To
		case record.FieldResolution:
			resolution = ch.To
		case record.FieldDue:
			due = ch.To
		case record.FieldPoints:
			points = ch.To
		case record.FieldLabel:
			labels = exchange(labels, ch.From, ch.To)
		case record.FieldAssignee:
			assignees = exchange(assignees, ch.From, ch.To)
			if ch.To != "" && t > l.created && (ch.By.Account == "ada" || ch.By.Account == "bob") {
				answered(t)
			}
		}
		if id, _ := recountStage(status, labels, t); id != put {
			if put, mover = id, ch.By.Account; t == l.created {
				mover = "" // set by creating it
			}
		}
	}
	for t := l.created; t < asOf; t = t.Add(halfHour) {
		var now []record.Change
		for _, ch := range changes {
			if ch.At == t {
				now = append(now, ch)
			}
		}
		if len(now) == 0 && t != l.created && t != newFlow {
			continue
		}
		if id, _ := recountStage(status, labels, t); id != put {
			put, mover = id, "" // creation or the policy puts it there
		}
		if t == l.created {
			enter(t)
		}
		others := func(ch record.Change) bool { return ch.Field != record.FieldStatus }
		if t != l.created { // fields are judged once, after the last of them, and a move is judged with them
			slices.SortStableFunc(now, func(a, b record.Change) int { return bit(others(b)) - bit(others(a)) })
		}
		for _, ch := range now {
			if apply(ch, t); !others(ch) {
				enter(t)
			}
			l.touched = max(l.touched, ch.At)
		}
		enter(t)
		last := l.visits[len(l.visits)-1]
		last.at, last.severity, last.due, last.assignees = t, map[string]int{"High": 1, "Mid": 2}[priority], record.Date(due), slices.Clone(assignees)
		last.class = recountClass(last.severity, labels, l.created)
		l.states = append(l.states, last)
	}
	for i, v := range l.visits {
		was := i > 0 && l.visits[i-1].kind == Done
		if v.kind == Done && !was {
			l.done = append(l.done, v.at)
		}
		if v.kind != Done && was {
			l.reopened = append(l.reopened, v.at)
		}
		if v.kind == Active && l.started == 0 {
			l.started = v.at
		}
	}
	if l.now().kind == Done {
		l.finished, l.discarded = l.done[len(l.done)-1], resolution == "Duplicate"
	}
	if l.finished != 0 && len(l.done) == 1 && l.visits[0].kind == Done { // done from the start: no event tells of it
		l.coarse = true
	}
	for _, cm := range is.Comments {
		if who := cm.By.Account; (who == "ada" || who == "bob") && who != c.Reporter.Account {
			answered(cm.At)
		}
		if cm.At < asOf {
			l.touched = max(l.touched, cm.At)
		}
	}
	for _, w := range is.Worklogs {
		if w.Started < asOf {
			l.booked, l.touched = append(l.booked, w), max(l.touched, w.Started)
		}
	}
	l.touched = max(l.touched, l.created)
	l.points = recountPoints(points)
	return l
}

func recountPoints(s string) record.Number {
	var v float64
	if _, err := fmt.Sscan(s, &v); err != nil {
		return record.Number{}
	}
	return record.Num(v)
}

// exchange takes one value out of a list and puts another in.
func exchange(list []string, out, in string) []string {
	var is []string
	for _, v := range list {
		if v != out && v != in {
			is = append(is, v)
		}
	}
	if in != "" {
		is = append(is, in)
	}
	return is
}

// drawRecount draws issues whose every instant is a half hour, with due dates that move, and an as-of.
func drawRecount(t *rapid.T) ([]record.Issue, record.Instant) {
	floor := func(at record.Instant) record.Instant { return at - at%record.Instant(halfHour) }
	issues := drawIssues(t)
	for i := range issues {
		is := &issues[i]
		c := &is.Copies[0]
		c.Links, c.Created, c.Closed, is.Gone = nil, floor(c.Created), floor(c.Closed), floor(is.Gone)
		if rapid.Bool().Draw(t, "moves its date") {
			at, to := lawStart.Add(time.Duration(rapid.IntRange(0, 60*48).Draw(t, "when"))*halfHour), rapid.SampledFrom([]record.Date{"", "2026-03-09", "2026-04-01"}).Draw(t, "to")
			is.Changes = append(is.Changes, record.Change{ID: "due", At: max(at, c.Created), Field: record.FieldDue, From: string(c.Due), To: string(to), By: record.Person{Account: "ada"}})
			c.Due = to
		}
		for k := range is.Changes {
			is.Changes[k].At = floor(is.Changes[k].At)
		}
		slices.SortStableFunc(is.Changes, func(a, b record.Change) int { return cmp.Compare(a.At, b.At) })
		for k := range is.Comments {
			is.Comments[k].At = floor(is.Comments[k].At)
		}
		for k := range is.Worklogs {
			is.Worklogs[k].Started = floor(is.Worklogs[k].Started)
		}
	}
	return issues, lawStart.Add(time.Duration(rapid.IntRange(1, 62*48).Draw(t, "as-of")) * halfHour)
}

// recounted is a night, and the same night counted again.
type recounted struct {
	*rapid.T
	asOf  record.Instant
	r     *Report
	lives []*recountLife
}

func recountNight(t *rapid.T, p *Policy) *recounted {
	issues, asOf := drawRecount(t)
	n := &recounted{T: t, asOf: asOf, r: lawNight(p, issues, asOf)}
	for _, is := range issues {
		if l := recount(is, asOf); l != nil {
			n.lives = append(n.lives, l)
		}
	}
	return n
}

func readRecountPolicy(t *testing.T) *Policy {
	p, complaints := ReadPolicy("policy.yaml", []byte(recountPolicy))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	return p
}

// same fails where the night says something else than counting.
func (n *recounted) same(what string, night, counted any) {
	n.Helper()
	if a, b := fmt.Sprint(night), fmt.Sprint(counted); a != b {
		n.Fatalf("as of %s: %s: the night says %s, counting %s", n.asOf, what, a, b)
	}
}

func TestLivesAgreeWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := recountNight(t, p)
		n.same("items", len(n.r.Items), len(n.lives))
		for _, l := range n.lives {
			it := n.r.Find(l.key)
			n.same(l.key+" responded", it.Responded, l.responded)
			n.same(l.key+" started", it.Started, l.started)
			n.same(l.key+" finished", it.Finished, l.finished)
			n.same(l.key+" done", it.Done, l.done)
			n.same(l.key+" reopened", it.Reopened, l.reopened)
			n.same(l.key+" discarded", it.Discarded, l.discarded)
			n.same(l.key+" coarse", it.Coarse != "", l.coarse)
			n.same(l.key+" points", it.Points, l.points)
			for at := l.created; at < n.asOf; at = at.Add(halfHour) {
				s := l.at(at)
				is := recountState{kind: it.Stages.At(at).Kind, class: it.Classes.At(at).ClassID(), severity: it.Severities.At(at), assignees: it.Assignees.At(at), due: it.Dues.At(at)}
				if is.kind != s.kind || is.class != s.class || is.severity != s.severity || is.due != s.due || !slices.Equal(sortedCopy(is.assignees), sortedCopy(s.assignees)) {
					t.Fatalf("%s at %s: the night says %+v, counting %+v", l.key, at, is, s)
				}
			}
		}
	})
}

func sortedCopy(of []string) []string { return slices.Sorted(slices.Values(of)) }

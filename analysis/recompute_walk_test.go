package analysis

// The life of an issue, counted from its records (recompute_test.go).

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

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
	title                        string
	labels                       []string // at as-of
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
	l.points, l.title, l.labels = recountPoints(points), c.Title, labels
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

package analysis

// The life of an item (METRICS.md, section 1): an issue's history is replayed from its creation to
// as-of, and the policy's rules are asked wherever something they look at changed.

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// judge turns issues into items. It is cheap to make, keeps scratch space between issues, and is for
// one goroutine.
type judge struct {
	policy   *Policy
	classify *classifier
	asOf     record.Instant
	horizons map[string]record.Instant // by tracker
	team     *roster
	pages    *pageIndex
	category map[statusKey]string // the tracker's own category, learned from its issues

	facts   Facts // the issue as it stood at the instant being judged
	changes []record.Change
	status  record.Status
	lines   timelines // of the item before

	put   *Stage         // where the changes so far have put the issue
	hand  bool           // the change that put it there was a person's own
	moved record.Instant // when a person first moved it into a stage that is no queue
}

// timelines are those of one item. They grow in the judge's scratch space and are kept at their size:
// most items have more steps than a slice grown for them one by one, and memory for twice as many.
type timelines struct {
	stages     Timeline[*Stage]
	classes    Timeline[*Class]
	severities Timeline[int]
	assignees  Timeline[[]string]
	dues       Timeline[record.Date]
}

// lend gives the item empty timelines with room to grow.
func (l *timelines) lend(it *Item) {
	it.Stages, it.Classes, it.Severities, it.Assignees, it.Dues = l.stages[:0], l.classes[:0], l.severities[:0], l.assignees[:0], l.dues[:0]
}

// keep takes them back, and leaves the item its own.
func (l *timelines) keep(it *Item) {
	*l = timelines{it.Stages, it.Classes, it.Severities, it.Assignees, it.Dues}
	it.Stages, it.Classes, it.Severities, it.Assignees, it.Dues = slices.Clone(l.stages), slices.Clone(l.classes), slices.Clone(l.severities), slices.Clone(l.assignees), slices.Clone(l.dues)
}

// statusKey finds a status of one tracker by its folded name.
type statusKey struct{ tracker, name string }

// item judges one issue; nil if it did not exist yet at as-of.
func (j *judge) item(is *record.Issue) *Item {
	c := is.Facts()
	if c.Created == 0 || c.Created >= j.asOf || (is.Gone != 0 && is.Gone < j.asOf) {
		return nil
	}
	it := &Item{
		Ref: is.Ref, Key: c.Key, Aliases: is.Aliases, URL: c.URL, Project: c.Project,
		Created: c.Created, Until: j.asOf, Reporter: j.team.id(c.Reporter),
	}
	if h := j.horizons[is.Tracker]; h != 0 {
		it.Until = min(it.Until, h.Add(time.Millisecond))
	}
	it.Pages = j.pages.of(is, &c, j.asOf)

	j.changes = append(j.changes[:0], is.Changes...)
	j.mend(is, &c, it)
	j.rewind(is, &c)
	j.lines.lend(it)
	j.replay(it)
	j.lines.keep(it)
	j.settle(is, &c, it)
	j.respond(is, &c, it)
	sla(j.policy, it)
	return it
}

// mend makes the history consistent with the newest copy. Where the last change of the status does
// not lead to the status the issue has, or where there is no history at all, the missing step is put
// where the tracker's own dates put it, and the item is coarse: its clock cannot be followed.
func (j *judge) mend(is *record.Issue, c *record.Copy, it *Item) {
	last := -1
	for i, ch := range j.changes {
		if ch.Field == record.FieldStatus {
			last = i
		}
	}
	done := j.isDone(is.Tracker, c)
	if last >= 0 {
		if ch := j.changes[last]; sameStatus(ch.ToID, ch.To, c.Status) {
			if is.HistoryTo == 0 {
				it.Coarse = "its export cuts its history short"
			}
			return
		}
		at := c.Updated
		if done && c.Closed > j.changes[last].At {
			at = c.Closed
		}
		at = max(at, j.changes[last].At)
		j.insert(record.Change{At: at, Field: record.FieldStatus, From: j.changes[last].To, FromID: j.changes[last].ToID, To: c.Status.Name, ToID: c.Status.ID})
		if at < j.asOf {
			it.Coarse = "its history does not lead to its present status"
		}
		return
	}
	// Done without any event for it: finished when the tracker says, else at creation (see settle).
	if done && c.Closed > c.Created {
		j.insert(record.Change{At: c.Closed, Field: record.FieldStatus, From: beforeHistory, To: c.Status.Name, ToID: c.Status.ID})
		if c.Closed < j.asOf {
			it.Coarse = unseenEnd
			return
		}
	}
	if is.HistoryTo == 0 {
		it.Coarse = "its export carries no history"
	}
}

const unseenEnd = "no event tells when it was done"

// beforeHistory is the status of an issue at a time that no record speaks of. No policy names it, so
// it falls back to a queue.
const beforeHistory = "(before its history)"

func (j *judge) insert(ch record.Change) {
	i, _ := slices.BinarySearchFunc(j.changes, ch, func(a, b record.Change) int {
		if a.At <= b.At {
			return -1
		}
		return 1
	})
	j.changes = slices.Insert(j.changes, i, ch)
}

func (j *judge) isDone(tracker string, c *record.Copy) bool {
	j.facts = Facts{Tracker: tracker, Status: c.Status.Name}
	j.status = c.Status
	return j.stage(c.Updated).Kind == Done
}

func sameStatus(id, name string, s record.Status) bool {
	if id != "" && s.ID != "" {
		return id == s.ID
	}
	return strings.EqualFold(name, s.Name)
}

// rewind sets the facts to what they were at creation: a field with history had its first change's
// From; one without has held since creation; a list is the present one with its changes undone.
func (j *judge) rewind(is *record.Issue, c *record.Copy) {
	f := &j.facts
	*f = Facts{
		Tracker: is.Tracker, Key: c.Key, Project: c.Project, Type: c.Type, Status: c.Status.Name,
		Priority: c.Priority, Resolution: c.Resolution, Title: c.Title, Text: c.Text, Milestone: c.Milestone,
		Reporter: j.team.id(c.Reporter), Due: string(c.Due),
		Labels: slices.Clone(c.Labels), Components: slices.Clone(c.Components), FixVersions: slices.Clone(c.FixVersions),
		Field: c.Fields,
	}
	if c.Points.Known {
		f.Points = c.Points.Value
	}
	for _, p := range c.Assignees {
		f.Assignees = append(f.Assignees, j.team.id(p))
	}
	j.status = c.Status
	cloned := false
	for i := len(j.changes) - 1; i >= 0; i-- {
		ch := &j.changes[i]
		if list := j.list(ch.Field); list != nil {
			from, to := j.values(ch)
			if to != "" {
				*list = remove(*list, to)
			}
			if from != "" {
				*list = add(*list, from)
			}
			continue
		}
		// Walking backwards, the last one set is the first change's From.
		if strings.HasPrefix(ch.Field, record.FieldCustom) && !cloned {
			if f.Field, cloned = maps.Clone(f.Field), true; f.Field == nil {
				f.Field = map[string][]string{}
			}
		}
		j.set(ch.Field, ch.From, ch.FromID)
	}
	f.Assigned = len(f.Assignees) > 0
}

// replay walks forward from creation to as-of and asks the policy's rules wherever facts changed.
func (j *judge) replay(it *Item) {
	f := &j.facts
	pages := it.Pages
	page := func(at record.Instant) {
		for len(pages) > 0 && pages[0].Triggered <= at {
			f.Paged = true
			f.Pagers = add(f.Pagers, pages[0].Service)
			pages = pages[1:]
		}
	}
	i := 0
	// Changes stamped with the creation itself, or before it, are still changes: they come after the
	// initial values and before the first judgement of class and severity.
	page(it.Created)
	j.moved, j.put, j.hand = 0, j.stage(it.Created), false
	j.enter(it, it.Created, j.put)
	for i < len(j.changes) && j.changes[i].At <= it.Created {
		j.apply(it, &j.changes[i], it.Created)
		i++
	}
	j.weigh(it, it.Created)
	seen := it.Created
	for {
		var at record.Instant
		if i < len(j.changes) {
			at = j.changes[i].At
		}
		if len(pages) > 0 && (at == 0 || pages[0].Triggered < at) {
			at = pages[0].Triggered
		}
		if v := j.policy.Flow.after(seen); v != 0 && (at == 0 || v < at) {
			at = v // the stages themselves change, with or without an event
		}
		if at == 0 || at >= j.asOf {
			break
		}
		page(at)
		if j.moved == 0 {
			j.put, j.hand = j.stage(at), false // a page, or the policy, puts it there
		}
		for i < len(j.changes) && j.changes[i].At == at {
			j.apply(it, &j.changes[i], at)
			i++
		}
		j.weigh(it, at)
		seen = at
	}
}

// apply makes one change of the facts. A change of status enters a stage at once, even one that is
// left in the same instant; everything else is judged after the last change of the instant.
//
// Who put it into a stage is asked of every single change, until a person was the first to: of several
// acts in one second only the one that moved it is a move. What is stamped with the creation itself was
// set by creating it.
func (j *judge) apply(it *Item, ch *record.Change, at record.Instant) {
	if list := j.list(ch.Field); list != nil {
		from, to := j.values(ch)
		*list = remove(*list, from)
		*list = add(*list, to)
		if ch.Field == record.FieldAssignee {
			j.facts.Assigned = len(*list) > 0
		}
	} else {
		j.set(ch.Field, ch.To, ch.ToID)
	}
	if j.moved != 0 && ch.Field != record.FieldStatus {
		return
	}
	s := j.stage(at)
	if s != j.put {
		j.put, j.hand = s, ch.At != it.Created && j.team.person(ch.By)
	}
	if ch.Field == record.FieldStatus {
		j.enter(it, at, s)
	}
}

// enter puts the present stage on the timeline, unless it is there already: the same stage of another
// version of the policy is no entry.
func (j *judge) enter(it *Item, at record.Instant, s *Stage) {
	if n := len(it.Stages); n > 0 {
		if is := it.Stages[n-1].Is; is == s || is.ID == s.ID && is.Kind == s.Kind {
			return
		}
	}
	it.Stages = append(it.Stages, Step[*Stage]{at, s})
	if j.moved == 0 && j.hand && s.Kind != Waiting {
		j.moved = at
	}
}

// weigh asks for everything that is judged once an instant: stage by label or rule, severity, class,
// assignees and due date.
func (j *judge) weigh(it *Item, at record.Instant) {
	f := &j.facts
	j.enter(it, at, j.stage(at))
	f.Severity = 0
	sev := j.classify.severityAt(f, it.Created)
	f.Severity = sev
	push(&it.Severities, at, sev)
	push(&it.Classes, at, j.classify.classAt(f, it.Created))
	push(&it.Dues, at, record.Date(f.Due))
	if n := len(it.Assignees); n == 0 || !slices.Equal(it.Assignees[n-1].Is, f.Assignees) {
		it.Assignees = append(it.Assignees, Step[[]string]{at, slices.Clone(f.Assignees)})
	}
}

// push appends a step where the value changed; of two at one instant the last one stays.
func push[T comparable](l *Timeline[T], at record.Instant, v T) {
	n := len(*l)
	if n > 0 && (*l)[n-1].Is == v {
		return
	}
	if n > 0 && (*l)[n-1].At == at {
		(*l)[n-1].Is = v
		return
	}
	*l = append(*l, Step[T]{at, v})
}

func (j *judge) stage(at record.Instant) *Stage {
	s := j.status
	if s.Category == "" {
		s.Category = j.category[statusKey{j.facts.Tracker, strings.ToLower(s.Name)}]
	}
	return j.classify.stageAt(&j.facts, s, at)
}

// settle fills what follows from the timelines and from the facts at as-of.
func (j *judge) settle(is *record.Issue, c *record.Copy, it *Item) {
	f := &j.facts
	it.Title, it.Type, it.Status, it.Priority = f.Title, f.Type, f.Status, f.Priority
	it.Due = record.Date(f.Due)
	if c.Points.Known || f.Points != 0 {
		it.Points = record.Num(f.Points)
	}
	if c.Closed < j.asOf {
		it.Closed = c.Closed
	}
	it.Changed = it.Created
	for i := range j.changes {
		if at := j.changes[i].At; at < j.asOf {
			it.Changed = max(it.Changed, at)
		}
	}
	for _, cm := range is.Comments {
		if cm.At < j.asOf {
			it.Changed = max(it.Changed, cm.At)
		}
	}
	it.Booked = make([]Booking, 0, len(is.Worklogs))
	for _, w := range is.Worklogs {
		if w.Started < j.asOf {
			it.Booked = append(it.Booked, Booking{w.Started, w.Seconds})
		}
	}
	for i, s := range it.Stages {
		done := s.Is.Kind == Done
		before := i > 0 && it.Stages[i-1].Is.Kind == Done
		switch {
		case done && !before:
			it.Done = append(it.Done, s.At)
		case !done && before:
			it.Reopened = append(it.Reopened, s.At)
		}
		if s.Is.Kind == Active && it.Started == 0 {
			it.Started = s.At
		}
	}
	if last := it.Stages.Last(); last.Kind == Done {
		it.Finished = it.Done[len(it.Done)-1]
		if it.Finished == it.Created && it.Stages[0].Is.Kind == Done && it.Coarse == "" {
			it.Coarse = unseenEnd
		}
		it.Discarded = j.classify.discarded(f.Resolution)
	}
	it.Services = j.classify.services(f)
	it.Channel = j.classify.channel(f)
	it.Customer = j.classify.customer(f)
	it.Missing = j.classify.readyMissing(it.Class(), f)
	for i := range j.policy.Streaks {
		if j.classify.streak(i, f, it.Class()) {
			it.Events = append(it.Events, &j.policy.Streaks[i])
		}
	}
}

// respond finds the first act by a person of the team. What was set at creation, and what a machine
// did, is no answer. Histories may begin before creation, where issues were imported or clocks
// disagree: a move or a comment from then counts from creation on, as somebody had the issue in hand
// by then; an assignment has to come after it.
func (j *judge) respond(is *record.Issue, c *record.Copy, it *Item) {
	first := record.Instant(0)
	saw := func(at record.Instant) {
		if at != 0 && at < j.asOf && (first == 0 || at < first) {
			first = at
		}
	}
	saw(j.moved)
	for i := range j.changes {
		ch := &j.changes[i]
		if first != 0 && ch.At >= first {
			break
		}
		if ch.Field == record.FieldAssignee && ch.To != "" && ch.At > it.Created && j.team.person(ch.By) {
			saw(ch.At)
		}
	}
	reporter := j.team.id(c.Reporter)
	for _, cm := range is.Comments {
		if j.team.person(cm.By) && j.team.id(cm.By) != reporter {
			saw(cm.At)
		}
	}
	for _, p := range it.Pages {
		saw(p.Acked)
	}
	if first != 0 {
		it.Responded = max(first, it.Created)
	}
}

// list is the facts' slice for a field that is a list, nil for one with a single value.
func (j *judge) list(field string) *[]string {
	switch field {
	case record.FieldAssignee:
		return &j.facts.Assignees
	case record.FieldLabel:
		return &j.facts.Labels
	case record.FieldComponent:
		return &j.facts.Components
	case record.FieldFixVersion:
		return &j.facts.FixVersions
	}
	return nil
}

// values are a list change's values in the form that the facts hold.
func (j *judge) values(ch *record.Change) (from, to string) {
	if ch.Field != record.FieldAssignee {
		return ch.From, ch.To
	}
	id := func(account, name string) string {
		if account == "" && name == "" {
			return ""
		}
		return j.team.id(record.Person{Account: cmp.Or(account, name), Name: name})
	}
	return id(ch.FromID, ch.From), id(ch.ToID, ch.To)
}

// set gives a field with a single value.
func (j *judge) set(field, value, id string) {
	f := &j.facts
	switch field {
	case record.FieldStatus:
		f.Status = value
		j.status = record.Status{ID: id, Name: value}
	case record.FieldResolution:
		f.Resolution = value
	case record.FieldPriority:
		f.Priority = value
	case record.FieldType:
		f.Type = value
	case record.FieldTitle:
		f.Title = value
	case record.FieldMilestone:
		f.Milestone = value
	case record.FieldDue:
		f.Due = value
	case record.FieldPoints:
		f.Points = number(value)
	case record.FieldKey:
		f.Key = value
	default:
		if name, ok := strings.CutPrefix(field, record.FieldCustom); ok {
			f.Field[name] = []string{value}
		}
	}
}

func number(s string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		return 0
	}
	return v
}

func add(list []string, v string) []string {
	if v == "" || slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

func remove(list []string, v string) []string {
	if v == "" {
		return list
	}
	return slices.DeleteFunc(list, func(x string) bool { return x == v })
}

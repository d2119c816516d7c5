package analysis

// An issue's history: made consistent, rewound to creation, and how one change of it is read.

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// mend makes the history consistent with the newest copy. Where the last change of the status does
// not lead to the status the issue has, or where there is no history at all, the missing step is put
// where the tracker's own dates put it, and the item is coarse: its clock cannot be followed.
func (j *judge) mend(is *record.Issue, c *record.Copy, it *Item) {
	last := -1
	for i := range j.changes {
		if j.changes[i].Field == record.FieldStatus {
			last = i
		}
	}
	if last >= 0 {
		if ch := &j.changes[last]; sameStatus(ch.ToID, ch.To, c.Status) {
			if is.HistoryTo == 0 {
				it.Coarse = "its export cuts its history short"
			}
			return
		}
		at := c.Updated
		if c.Closed > j.changes[last].At && j.isDone(is.Tracker, c) {
			at = c.Closed
		}
		at = max(at, j.changes[last].At)
		j.resolve(c, at)
		j.insert(record.Change{At: at, Field: record.FieldStatus, From: j.changes[last].To, FromID: j.changes[last].ToID, To: c.Status.Name, ToID: c.Status.ID})
		if at < it.Until || is.HistoryTo == 0 { // where nothing says how far it is whole, the hole may be anywhere in it
			it.Coarse = "its history does not lead to its present status"
		}
		return
	}
	// Done without any event for it: finished when the tracker says, else at creation (see settle).
	if c.Closed > c.Created && j.isDone(is.Tracker, c) {
		j.resolve(c, c.Closed)
		j.insert(record.Change{At: c.Closed, Field: record.FieldStatus, From: beforeHistory, To: c.Status.Name, ToID: c.Status.ID})
		if c.Closed < it.Until {
			it.Coarse = unseenEnd
			return
		}
	}
	if is.HistoryTo == 0 {
		it.Coarse = "its export carries no history"
	}
}

// resolve dates a resolution that no event dates: it came with the end.
func (j *judge) resolve(c *record.Copy, at record.Instant) {
	if c.Resolution != "" && !slices.ContainsFunc(j.changes, func(ch record.Change) bool { return ch.Field == record.FieldResolution }) {
		j.insert(record.Change{At: at, Field: record.FieldResolution, To: c.Resolution})
	}
}

// rename reads the names of the present for what a tracker renamed, or tells in another language today:
// a history keeps the names of its time, and the policy is written in those of now. What a field's last
// change led to is what the copy says that tells of the field, and what has the same id is the same thing.
// Where the history does not reach as far as that copy, the field may have changed once more, and nothing
// is known of its names.
func (j *judge) rename(is *record.Issue, c *record.Copy) {
	fields := [...]struct {
		name, now string
		part      record.Parts
	}{{record.FieldType, c.Type, 0}, {record.FieldPriority, c.Priority, record.HasPriority}, {record.FieldResolution, c.Resolution, record.HasResolution}}
	for _, f := range fields {
		last := len(j.changes) - 1
		for last >= 0 && j.changes[last].Field != f.name {
			last--
		}
		if last < 0 || f.now == "" {
			continue
		}
		told := c.Updated
		if k := slices.IndexFunc(is.Copies, func(c record.Copy) bool { return c.Parts&f.part == f.part }); k >= 0 {
			told = is.Copies[k].Updated
		}
		if j.changes[last].At <= told && told <= is.HistoryTo {
			j.renameTo(f.now, last)
		}
	}
}

// renameTo gives what a change led to another name, and what has the same id in other changes of the field.
func (j *judge) renameTo(now string, last int) {
	field, id, copied := j.changes[last].Field, j.changes[last].ToID, false
	for i := range last + 1 {
		ch := &j.changes[i]
		if ch.Field != field {
			continue
		}
		from, to := ch.From, ch.To
		if id != "" && ch.FromID == id {
			from = now
		}
		if i == last || id != "" && ch.ToID == id {
			to = now
		}
		if from == ch.From && to == ch.To {
			continue
		}
		if !copied {
			j.changes, copied = slices.Clone(j.changes), true
		}
		j.changes[i].From, j.changes[i].To = from, to
	}
}

// newest is the last instant that anything is known of the issue.
func newest(is *record.Issue, c *record.Copy) record.Instant {
	last := max(c.Created, c.Updated, c.Closed)
	for i := range is.Changes {
		last = max(last, is.Changes[i].At)
	}
	for _, cm := range is.Comments {
		last = max(last, cm.At)
	}
	return last
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
	j.facts.blank()
	j.touch(allFacts)
	j.facts.Tracker, j.facts.Status = tracker, c.Status.Name
	j.status = j.categorised(c.Status)
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
	f.blank()
	j.touch(allFacts)
	*f = Facts{
		Tracker: is.Tracker, Key: c.Key, Project: c.Project, Type: c.Type, Status: c.Status.Name,
		Priority: c.Priority, Resolution: c.Resolution, Title: c.Title, Text: c.Text, Milestone: c.Milestone,
		Reporter: j.team.who(c.Reporter).id, Due: string(c.Due),
		Labels: append(f.Labels, c.Labels...), Components: append(f.Components, c.Components...),
		FixVersions: append(f.FixVersions, c.FixVersions...), Assignees: f.Assignees,
		Field: c.Fields,
	}
	j.points = c.Points
	f.Points = c.Points.Value
	for _, p := range c.Assignees {
		f.Assignees = add(f.Assignees, j.team.who(p).id) // two accounts of one member are one assignee
	}
	j.status = j.categorised(c.Status)
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
		return j.team.who(record.Person{Account: cmp.Or(account, name), Name: name}).id
	}
	return id(ch.FromID, ch.From), id(ch.ToID, ch.To)
}

// set gives a field with a single value.
func (j *judge) set(field, value, id string) {
	f := &j.facts
	switch field {
	case record.FieldStatus:
		f.Status = value
		j.status = j.categorised(record.Status{ID: id, Name: value})
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
		j.points = points(value)
		f.Points = j.points.Value
	case record.FieldKey:
		f.Key = value
	default:
		if name, ok := strings.CutPrefix(field, record.FieldCustom); ok {
			f.Field[name] = []string{value}
		}
	}
}

func points(s string) record.Number {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		return record.Number{}
	}
	return record.Num(v)
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

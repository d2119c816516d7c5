package github

// The timeline of an issue → changes and comments.

import (
	"cmp"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// event is one entry of a timeline: what it is called, when it was, and its members as they stand in
// the file.
type event struct {
	what string
	at   record.Instant

	id, actor, user, assigner                           jsontext.Value
	label, assignee, milestone, rename, kind, was       jsontext.Value
	reason                                              jsontext.Value
	subIssue, parentIssue, blockedBy, blocking, created jsontext.Value
}

func parseEvent(v jsontext.Value) (e event) {
	for name, m := range members(v) {
		switch name {
		case "event":
			e.what = text(m)
		case "id":
			e.id = m
		case "created_at":
			e.created = m
		case "submitted_at": // of a review, which has no created_at
			if e.created == nil {
				e.created = m
			}
		case "actor":
			e.actor = m
		case "user":
			e.user = m
		case "assigner":
			e.assigner = m
		case "label":
			e.label = m
		case "assignee":
			e.assignee = m
		case "milestone":
			e.milestone = m
		case "rename":
			e.rename = m
		case "issue_type":
			e.kind = m
		case "prev_issue_type":
			e.was = m
		case "state_reason":
			e.reason = m
		case "sub_issue":
			e.subIssue = m
		case "parent_issue":
			e.parentIssue = m
		case "blocked_by":
			e.blockedBy = m
		case "blocking":
			e.blocking = m
		}
	}
	e.at, _ = instant(e.created)
	return e
}

// by is who did it. In the list of /events (not in the timeline) an assignment has the assignee as
// its actor, and says who made it as assigner.
func (e *event) by() record.Person {
	for _, v := range []jsontext.Value{e.assigner, e.user, e.actor} {
		if p := person(v); p.Known() {
			return p
		}
	}
	return record.Person{}
}

// replay is an issue's state while its timeline is read. An issue is created open; what it carried of
// labels, milestone and type before the first event that speaks of them is not known here and not
// needed: a change says what it changed from.
type replay struct {
	*reader
	is        *record.Issue
	now       *record.Copy
	closed    bool
	reason    string // why it is closed, where the events say so
	title     string // by the last event that changed it
	milestone string
	moved     bool // milestone is known
	labels    []label
	moving    bool // the timeline is newer than the issue, so they may differ
}

// timeline fills in the changes, comments and links that the events tell of. The history is complete up
// to the issue's last update, or to the newest event where that is later, unless it contradicts the
// snapshot: then it is taken for cut off, and complete no further than its newest event.
func (r *reader) timeline(is *record.Issue, now *record.Copy, timeline jsontext.Value) {
	var events []event
	newest := now.Created
	for v := range elements(timeline) {
		e := parseEvent(v)
		if e.at == 0 {
			if e.what != "committed" { // one of a pull request's commits, dated by its author
				r.doubt("issue %s: its event %q (id %s) is left out: its created_at is %s", now.Key, e.what, shown(e.id), shown(e.created))
			}
			continue
		}
		newest = max(newest, e.at)
		events = append(events, e)
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	p := &replay{reader: r, is: is, now: now}
	for i := range events {
		p.event(&events[i])
	}
	is.HistoryTo = max(newest, now.Updated)
	p.moving = r.afterwards && newest > now.Updated
	p.settleLabels()
	if why := p.contradiction(); why != "" && !p.moving {
		r.doubt("issue %s: %s; its timeline is taken for cut off after %s", now.Key, why, newest)
		is.HistoryTo = newest
	}
	is.CommentsTo = is.HistoryTo
}

// event takes one event. Those that change nothing that is kept (subscribed, referenced, locked …) are
// passed over.
func (p *replay) event(e *event) {
	switch e.what {
	case "commented":
		by := person(e.user)
		if !by.Known() {
			by = person(e.actor)
		}
		p.is.Comments = append(p.is.Comments, record.Comment{ID: e.name(), At: e.at, By: by})
	case "closed":
		if !p.closed { // the commit and the person who closed it may each leave an event
			p.change(e, "", record.FieldStatus, "open", "closed")
		}
		p.closed = true
		if e.reason != nil { // archivers of before 2022 and their libraries drop it
			p.resolve(e, cmp.Or(text(e.reason), "completed"))
		}
	case "reopened":
		if p.closed {
			p.change(e, "", record.FieldStatus, "closed", "open")
		}
		p.closed = false
		p.resolve(e, "")
	case "labeled", "unlabeled":
		p.label(e)
	case "assigned", "unassigned":
		who := text(member(e.assignee, "login"))
		switch {
		case who == "":
			p.empty(e)
		case e.what == "assigned":
			p.change(e, "", record.FieldAssignee, "", who)
		default:
			p.change(e, "", record.FieldAssignee, who, "")
		}
	case "renamed":
		from, to := text(member(e.rename, "from")), text(member(e.rename, "to"))
		if from == "" && to == "" {
			p.empty(e)
			return
		}
		p.title = to
		p.change(e, "", record.FieldTitle, from, to)
	case "milestoned", "demilestoned":
		p.setMilestone(e)
	case "issue_type_added", "issue_type_changed", "issue_type_removed":
		from, to := text(member(e.was, "name")), text(member(e.kind, "name"))
		if e.what == "issue_type_removed" {
			from, to = cmp.Or(from, to), ""
		}
		if from == to {
			p.empty(e)
			return
		}
		p.change(e, "", record.FieldType, from, to)
	case "sub_issue_added":
		p.link("sub-issue", e.subIssue, true)
	case "sub_issue_removed":
		p.link("sub-issue", e.subIssue, false)
	case "parent_issue_added":
		p.link("parent", e.parentIssue, true)
	case "parent_issue_removed":
		p.link("parent", e.parentIssue, false)
	case "blocked_by_added":
		p.link("blocked by", e.blockedBy, true)
	case "blocked_by_removed":
		p.link("blocked by", e.blockedBy, false)
	case "blocking_added":
		p.link("blocks", e.blocking, true)
	case "blocking_removed":
		p.link("blocks", e.blocking, false)
	}
}

// change adds a change. An event that changes two fields makes two, told apart by a suffix of the id;
// one that changes a value to itself makes none.
func (p *replay) change(e *event, suffix, field, from, to string) {
	if from == to {
		return
	}
	c := record.Change{ID: e.name() + suffix, At: e.at, By: e.by(), Field: field, From: from, To: to}
	if field == record.FieldStatus || field == record.FieldAssignee {
		c.FromID, c.ToID = from, to
	}
	p.is.Changes = append(p.is.Changes, c)
}

// name is the event's id, or something as lasting for the few kinds that have none.
func (e *event) name() string {
	if id := text(e.id); id != "" {
		return id
	}
	return e.what + "@" + e.at.String()
}

// empty says that an event was left out because the export doesn't carry what it changed.
func (p *replay) empty(e *event) {
	p.doubt("issue %s: its event %q of %s does not say of what, and is left out", p.now.Key, e.what, e.at)
}

func (p *replay) resolve(e *event, reason string) {
	if reason != p.reason {
		p.change(e, "/resolution", record.FieldResolution, p.reason, reason)
	}
	p.reason = reason
}

// setMilestone takes a move from one milestone to another, which leaves an event for each, in either
// order.
func (p *replay) setMilestone(e *event) {
	title := text(member(e.milestone, "title"))
	switch {
	case title == "":
		p.empty(e)
	case e.what == "milestoned":
		p.change(e, "", record.FieldMilestone, p.milestone, title)
		p.milestone, p.moved = title, true
	case !p.moved || p.milestone == title:
		p.change(e, "", record.FieldMilestone, title, "")
		p.milestone, p.moved = "", true
	}
}

func (p *replay) link(kind string, other jsontext.Value, added bool) {
	key := keyOf(text(member(other, "html_url")))
	if repo := text(member(member(other, "repository"), "full_name")); key == "" && repo != "" {
		key = repo + "#" + text(member(other, "number"))
	}
	if key == "" {
		return // the list itself is asked for elsewhere; the event is only a hint of it
	}
	l := record.Link{Kind: kind, To: key}
	at := slices.Index(p.now.Links, l)
	switch {
	case added && at < 0:
		p.now.Links = append(p.now.Links, l)
	case !added && at >= 0:
		p.now.Links = slices.Delete(p.now.Links, at, at+1)
	}
}

// contradiction is in what the end of the timeline is not the snapshot, "" if in nothing.
func (p *replay) contradiction() string {
	switch closed := p.now.Status.ID == "closed"; {
	case p.closed && !closed:
		return "its last event of state closed it, but it is open"
	case !p.closed && closed:
		return "it is closed, but no event closed it"
	case p.title != "" && p.title != p.now.Title:
		return "its last title by the timeline is not its title"
	}
	return ""
}

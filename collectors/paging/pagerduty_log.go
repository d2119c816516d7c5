package paging

// PagerDuty: log entries, of GET /log_entries, GET /incidents/{id}/log_entries, or inside of incidents.
//
// The kinds of entries are those of PagerDuty's API description (github.com/PagerDuty/api-schema,
// reference/REST, LogEntry); priority_change_log_entry with channel.new_priority is not in it and is read
// by many programs. An entry names its incident, and holds all of it where include[]=incidents was asked
// for; otherwise the log adds what happened to pages that another file tells.
//
// The newest entry comes first, and times are cut to the second, so that the order within a second is
// not known. An assign_log_entry is written for the first assignment, too: then nobody has done it. Of
// an escalation to several people there is an entry for each.

import (
	"cmp"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// pagerDutyKinds is what happened, by the kind of entry. Those that are left out say nothing about the
// page: that PagerDuty logs no further acknowledgements, that somebody was asked to help, and the like.
var pagerDutyKinds = map[string]string{
	"trigger":                record.EventTriggered,
	"notify":                 record.EventNotified,
	"acknowledge":            record.EventAcknowledged,
	"unacknowledge":          record.EventUnacknowledged,
	"escalate":               record.EventEscalated,
	"repeat_escalation_path": record.EventEscalated,
	"assign":                 record.EventReassigned,
	"reassign":               record.EventReassigned,
	"delegate":               record.EventReassigned,
	"snooze":                 record.EventSnoozed,
	"urgency_change":         record.EventChanged,
	"priority_change":        record.EventChanged,
	"annotate":               record.EventNoted,
	"merge":                  record.EventMerged,
	"reopen":                 record.EventReopened,
	"resolve":                record.EventResolved,
}

func isPagerDutyLog(o object, member string) bool {
	if member == "" {
		o = pagerDutyUnwrapped(o, "log_entry")
		if list := o.list("log_entries"); len(list) > 0 && !o.has("id") {
			o = list[0]
		}
	}
	return isPagerDutyThing(o, "log_entry") && o.has("created_at")
}

// pagerDutyLog is the log entries of one file while they are read.
type pagerDutyLog struct {
	*file
	pages   chronicle
	windows pagerDutyWindows
}

func newPagerDutyLog(f *file) objectReader { return &pagerDutyLog{file: f, pages: chronicle{file: f}} }

func (r *pagerDutyLog) object(o object, member string) {
	if list := o.list("log_entries"); member == "" && !o.has("id") && len(list) > 0 {
		for _, one := range list {
			r.entry(one)
		}
		r.windows.rest(o, len(list))
		return
	}
	if member == "" {
		o = pagerDutyUnwrapped(o, "log_entry")
	}
	r.windows.records++
	r.entry(o)
}

func (r *pagerDutyLog) rest(o object) { r.windows.rest(o, 0) }

func (r *pagerDutyLog) end() {
	r.pages.end()
	r.windows.end(r.file, "log entries")
}

func (r *pagerDutyLog) entry(o object) {
	in := o.in("incident")
	id := in.text("id")
	if id == "" {
		o.leave("it names no incident")
		return
	}
	p := record.Page{Ref: record.Ref{ID: id}}
	if in.has("created_at", "status") {
		p = pagerDutyIncident(in)
		if in.text("status") != "resolved" {
			p.Resolved, p.ResolvedBy, p.AutoClosed = 0, record.Person{}, false
		}
	}
	if !pagerDutyEntry(o, &p) {
		r.Left("log entry of another kind")
	}
	r.pages.add(o.place, p)
}

// pagerDutyEntry adds what a log entry tells to its page, and says whether it tells anything of it.
func pagerDutyEntry(o object, p *record.Page) bool {
	sort := strings.TrimSuffix(strings.TrimSuffix(o.text("type"), "_reference"), "_log_entry")
	kind, agent := pagerDutyKinds[sort], o.in("agent")
	e := record.Event{ID: o.text("id"), At: o.time("created_at"), Kind: kind, By: pagerDutyPerson(agent)}
	if kind == "" || e.At == 0 {
		return false
	}
	switch sort {
	case "trigger":
		p.Origin = cmp.Or(p.Origin, pagerDutyOrigin(agent))
		e.How = o.text("channel", "type")
	case "notify":
		e.To = pagerDutyPerson(o.in("user"))
		e.How = cmp.Or(o.text("channel", "notification", "type"), o.text("channel", "type"))
	case "escalate", "delegate", "repeat_escalation_path":
		e.How = o.text("channel", "type")
	case "snooze":
		e.How = o.text("channel", "duration") // seconds
	case "urgency_change":
		e.How = cmp.Or(o.text("urgency"), o.text("channel", "new_urgency"))
	case "priority_change":
		e.How = pagerDutyName(o.in("channel", "new_priority"))
	}
	for i, a := range o.list("assignees") {
		if e.To = pagerDutyPerson(a); i > 0 {
			e.ID = o.text("id") + " " + e.To.Account
		}
		p.Events = append(p.Events, e)
	}
	if len(o.list("assignees")) == 0 {
		p.Events = append(p.Events, e)
	}
	return true
}

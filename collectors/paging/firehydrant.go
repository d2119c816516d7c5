package paging

// FireHydrant: GET /v1/incidents ({"data": […], "pagination": {…}}), or a list of its incidents, or a CSV
// with columns of these names.
//
// Documented at docs.firehydrant.com/reference; seen in answers of a trial account. milestones say when
// what happened: started, detected, acknowledged, investigating, identified, mitigated, resolved. Severities
// are the team's own, and three are FireHydrant's: UNSET, MAINTENANCE and GAMEDAY.

import (
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// fireHydrantFormats is FireHydrant's part of the table of formats.
func fireHydrantFormats() []format {
	return []format{{
		tool: "firehydrant", name: "firehydrant incidents", members: []string{"data"},
		table: func(t table) bool { return t.columns("current_milestone", "created_at") },
		rows:  asRows(fireHydrant),
		holds: func(o object, _ string) bool {
			return o.has("current_milestone") || o.has("milestones", "incident_url")
		},
		objects: fireHydrant,
	}}
}

func fireHydrant(f *file) objectReader {
	return &fireHydrantIncidents{listed{file: f, what: "FireHydrant incidents"}}
}

type fireHydrantIncidents struct{ listed }

func (l *fireHydrantIncidents) rest(o object) {
	l.answered(o.count("pagination", "count"), o.text("pagination", "next"))
}

func (l *fireHydrantIncidents) object(o object, _ string) {
	l.n++
	severity := o.text("severity")
	switch severity {
	case "GAMEDAY":
		l.Left(leftDrill)
		return
	case "MAINTENANCE":
		l.Left(leftMaintenance)
		return
	}
	p := record.Page{
		Ref:       record.Ref{ID: o.text("id")},
		Number:    o.text("number"),
		URL:       o.text("incident_url"),
		Title:     o.text("name"),
		Urgency:   firstWord(severity, o.text("priority")),
		Triggered: o.time("created_at"),
	}
	if strings.HasSuffix(o.text("created_by", "source"), "_user") {
		p.Origin = record.ByPerson
	}
	for _, list := range []string{"services", "functionalities"} {
		for _, s := range o.list(list) {
			p.Service = firstWord(p.Service, s.text("name"))
		}
	}
	for _, ticket := range o.list("incident_tickets") {
		for _, a := range ticket.list("attachments") {
			if u := a.text("href_url"); u != "" && ticket.text("type") == "incident" {
				p.Issues = append(p.Issues, u)
			}
		}
	}
	for _, m := range o.list("milestones") {
		milestone(&p, m.text("id"), m.text("type"), m.time("occurred_at"))
		p.Updated = max(p.Updated, m.time("updated_at"))
	}
	now := o.text("current_milestone")
	o.declared(p, now == "resolved" || now == "closed" || strings.HasPrefix(now, "retrospective") || strings.HasPrefix(now, "postmortem"))
}

package paging

// Opsgenie's incidents: GET v1/incidents, documented at docs.opsgenie.com/docs/incident-api, and what
// exporters add to them: the timeline (GET v2/incident-timelines/{id}/entries) as a member "timelines".
// Seen in answers of three trial accounts.
//
// An incident alerts its responders by alerts of its own, which name it (opsgenie.go). It is triggered at
// createdAt and resolved by its timeline's IncidentResolved, or IncidentClosed if that is all; without a
// timeline at impactEndDate, which the resolution sets, and which a person may correct later. An impact
// that began before the incident was declared is not when anybody was paged. Acknowledged is an incident
// where one of its responders' alerts was; the timeline tells that without a name, where the API did it.

import (
	"cmp"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

type opsgenieIncidents struct{ opsgenieList }

func (r *opsgenieIncidents) object(o object, _ string) {
	r.n++
	o = opsgenieOne(o)
	p := record.Page{
		Ref:       record.Ref{ID: o.text("id")},
		Number:    o.text("tinyId"),
		URL:       o.text("links", "web"),
		Title:     o.text("message"),
		Urgency:   o.text("priority"),
		Triggered: o.time("createdAt"),
		Updated:   o.time("updatedAt"),
		Service:   strings.Join(o.texts("impactedServices"), ", "),
		Issues:    named(o.in("extraProperties"), o.in("details")),
	}
	over := strings.EqualFold(o.text("status"), "resolved") || strings.EqualFold(o.text("status"), "closed")
	var resolved, closed record.Event
	for _, entry := range o.list("timelines") {
		e := record.Event{ID: entry.text("id"), At: entry.time("eventTime")}
		kind := entry.text("actor", "type")
		if name := entry.text("actor", "name"); strings.EqualFold(kind, "user") && !opsgenieSystem(name, "", "") {
			e.By = record.Person{Name: name}
		}
		what := entry.text("type")
		e.ID = cmp.Or(e.ID, what+" "+e.At.String())
		switch strings.ToLower(what) {
		case "incidentopened":
			e.Kind = record.EventTriggered
			if e.By.Known() {
				p.Origin = record.ByPerson
			}
		case "responderalertacked", "responderalertacknowledged":
			e.Kind = record.EventAcknowledged
			if p.Acked == 0 || e.At < p.Acked {
				p.Acked, p.AckedBy = e.At, nil
				if e.By.Known() {
					p.AckedBy = []record.Person{e.By}
				}
			}
		case "incidentresolved":
			e.Kind = record.EventResolved
			if e.At > resolved.At {
				resolved = e
			}
		case "incidentclosed":
			e.Kind = record.EventResolved
			if e.At > closed.At {
				closed = e
			}
		case "incidentreopened":
			e.Kind = record.EventReopened
		case "incidentresponderuseradded", "incidentresponderteamadded":
			e.Kind = record.EventNotified
		case "incidentpriorityupdated", "incidentprioritychanged":
			e.Kind = record.EventChanged
		case "incidentnoteadded", "noteadded":
			e.Kind = record.EventNoted
		}
		if e.Kind != "" && e.At != 0 {
			p.Events = append(p.Events, e)
		}
	}
	// Whoever resolves an incident has its alerts acknowledged by the API within a second: that is no answer.
	if resolved.At != 0 && p.Acked >= resolved.At {
		p.Acked, p.AckedBy = 0, nil
	}
	if over {
		end := resolved
		if end.At == 0 {
			end = closed
		}
		p.Resolved, p.ResolvedBy = end.At, end.By
		if p.Resolved == 0 {
			p.Resolved = o.time("impactEndDate")
		}
		if p.Resolved == 0 {
			o.doubt("incident %s is %s, but does not say since when; read as open", p.ID, o.text("status"))
		}
	}
	o.page(o.place, p)
}

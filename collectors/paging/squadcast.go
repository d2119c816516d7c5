package paging

// Squadcast: the incidents of Incidents > Export, JSON or CSV, and of GET /v3/incidents/export; and the
// events of incidents, which are alerts that belong to one and are only counted.
//
// Documented at support.squadcast.com; seen in answers of a trial account. "0001-01-01T00:00:00Z" is a time
// that has not come. logs say what happened (triggered, reassigned, acknowledged, resolved …), with the id
// of whom it went to: the one who acknowledges or resolves takes it on. A suppressed incident notified
// nobody and is left out.

import (
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// squadcastFormats is Squadcast's part of the table of formats.
func squadcastFormats() []format {
	return []format{{
		tool: "squadcast", name: "squadcast incidents", members: []string{"incidents", "data"},
		table: func(t table) bool {
			return t.columns("alert_source", "created_at") || t.columns("tta_(ms)", "created_at")
		},
		rows:    asRows(squadcast),
		holds:   func(o object, _ string) bool { return o.has("alert_source", "created_at") || o.has("tta (ms)") },
		objects: squadcast,
	}, {
		tool: "squadcast", name: "squadcast events", members: []string{"events"},
		holds:   func(o object, _ string) bool { return o.has("incident_id", "alert_source_id") },
		objects: func(f *file) objectReader { return squadcastEvents{f} },
	}}
}

func squadcast(f *file) objectReader { return squadcastIncidents{f} }

type squadcastIncidents struct{ *file }

func (squadcastIncidents) rest(object) {}
func (squadcastIncidents) end()        {}

func (s squadcastIncidents) object(o object, _ string) {
	if o.text("status") == "suppressed" {
		s.Left("suppressed")
		return
	}
	p := record.Page{
		Ref:       record.Ref{ID: o.text("id")},
		URL:       o.text("url"),
		Title:     o.text("title"),
		Service:   o.text("service"),
		Urgency:   o.text("priority"),
		Origin:    squadcastOrigin(o.text("alert_source")),
		Triggered: o.time("created_at"),
		Acked:     o.time("acknowledged_at"),
		Resolved:  o.time("resolved_at"),
	}
	for _, l := range o.list("logs") {
		e := record.Event{At: l.time("time")}
		var who record.Person
		if l.text("assignedTo") == "user" {
			who = record.Person{Account: l.text("id")}
		}
		action := l.text("action")
		e.ID = action + " " + e.At.String() // they have none of their own
		switch action {
		case "triggered":
			e.Kind, e.To = record.EventTriggered, who
		case "reassigned":
			e.Kind, e.To = record.EventReassigned, who
		case "escalated":
			e.Kind, e.To = record.EventEscalated, who
		case "acknowledged":
			e.Kind, e.By = record.EventAcknowledged, who
		case "resolved":
			e.Kind, e.By = record.EventResolved, who
		case "reopened":
			e.Kind, e.By = record.EventReopened, who
		case "note_created":
			e.Kind, e.By = record.EventNoted, who
		case "priority_updated", "priority_changed":
			e.Kind, e.By = record.EventChanged, who
		default: // tags, post-mortems, tasks: nothing of how it was answered
			continue
		}
		if e.At != 0 {
			p.Events = append(p.Events, e)
		}
	}
	recount(&p)
	status := o.text("status")
	if p.Resolved == 0 && status == "resolved" && p.Triggered != 0 {
		o.doubt("incident %s is resolved, but does not say when; read as open", p.ID)
	}
	s.page(o.place, p)
}

// squadcastOrigin is who raises what comes from such a source. An API and a webhook may be anybody's.
func squadcastOrigin(source string) string {
	s := strings.ToLower(source)
	switch {
	case s == "squadcast ui":
		return record.ByPerson
	case s == "", strings.Contains(s, "api"), strings.Contains(s, "webhook"), strings.Contains(s, "email"):
		return ""
	}
	return record.ByMonitor
}

// squadcastEvents counts the alerts that incidents are made of.
type squadcastEvents struct{ *file }

func (s squadcastEvents) object(object, string) { s.Left(leftEvent) }
func (squadcastEvents) rest(object)             {}
func (squadcastEvents) end()                    {}

package paging

// incident.io: GET /v2/incidents ({"incidents": […], "pagination_meta": {…}}) and /v2/incident_updates, or
// lists of them, or a CSV with columns of these names.
//
// Documented at api-docs.incident.io; no export of a real account was at hand, so this is written to the
// documentation. When things happened is in incident_timestamp_values, whose names the team may choose;
// those that a new account has are understood ("Reported at", "Accepted at", "Resolved at" …), and any
// other is a step of the log. mode tells drills from the real thing: standard, retrospective, test,
// tutorial, stream.

import (
	"cmp"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// incidentIOFormats is incident.io's part of the table of formats.
func incidentIOFormats() []format {
	return []format{{
		tool: "incident_io", name: "incident.io incidents", members: []string{"incidents"},
		table: func(t table) bool { return t.columns("reference", "mode", "created_at") },
		rows:  asRows(incidentIO),
		holds: func(o object, _ string) bool {
			return o.has("reference", "mode") || o.has("reference", "incident_status")
		},
		objects: incidentIO,
	}, {
		tool: "incident_io", name: "incident.io updates", members: []string{"incident_updates"},
		holds:   func(o object, _ string) bool { return o.has("incident_id", "new_incident_status") },
		objects: func(f *file) objectReader { return &incidentIOUpdates{listed{file: f, what: "incident.io updates"}} },
	}}
}

func incidentIO(f *file) objectReader {
	return &incidentIOIncidents{listed{file: f, what: "incident.io incidents"}}
}

type incidentIOIncidents struct{ listed }

func (l *incidentIOIncidents) rest(o object) {
	l.answered(o.count("pagination_meta", "total_record_count"), o.text("pagination_meta", "after"))
}

func (l *incidentIOIncidents) object(o object, _ string) {
	l.n++
	switch o.text("mode") {
	case "test", "tutorial":
		l.Left(leftDrill)
		return
	case "retrospective":
		l.Left(leftAfterwards)
		return
	case "stream":
		l.Left(leftPart)
		return
	}
	p := record.Page{
		Ref:       record.Ref{ID: o.text("id")},
		Number:    o.text("reference"),
		URL:       o.text("permalink"),
		Title:     o.text("name"),
		Service:   incidentIOService(o),
		Urgency:   firstWord(o.text("severity", "name"), o.text("severity")),
		Updated:   o.time("updated_at"),
		Triggered: o.time("created_at"),
	}
	creator := o.in("creator")
	switch {
	case creator.value("user") != nil:
		p.Origin = record.ByPerson
	case creator.value("alert") != nil:
		p.Origin = record.ByMonitor
	}
	if issue := cmp.Or(o.text("external_issue_reference", "issue_permalink"), o.text("external_issue_reference", "issue_name")); issue != "" {
		p.Issues = []string{issue}
	}
	for _, t := range o.list("incident_timestamp_values") {
		name := strings.TrimSuffix(lower(t.text("incident_timestamp", "name")), " at")
		milestone(&p, "", name, t.time("value", "value"))
	}
	for _, name := range []string{"accepted", "resolved"} { // the columns of a CSV
		milestone(&p, "", name, o.time(name+"_at"))
	}
	category := o.text("incident_status", "category")
	if p.Resolved == 0 && (category == "declined" || category == "canceled") {
		for _, e := range p.Events { // nobody will resolve it
			if e.How == category {
				p.Resolved = e.At
			}
		}
	}
	o.declared(p, category == "closed" || category == "learning")
}

// incidentIOService is what the incident's own field for it says; its name is the team's.
func incidentIOService(o object) string {
	for _, entry := range o.list("custom_field_entries") {
		switch lower(entry.text("custom_field", "name")) {
		case "service", "services", "affected service", "affected services", "impacted service", "impacted services":
		default:
			continue
		}
		for _, v := range entry.list("values") {
			if s := firstWord(v.text("value_catalog_entry", "name"), v.text("value_option", "value"), v.text("value_text")); s != "" {
				return s
			}
		}
	}
	return ""
}

type incidentIOUpdates struct{ listed }

func (l *incidentIOUpdates) rest(o object) {
	l.answered(o.count("pagination_meta", "total_record_count"), o.text("pagination_meta", "after"))
}

func (l *incidentIOUpdates) object(o object, _ string) {
	l.n++
	at, id := o.time("created_at"), o.text("incident_id")
	if at == 0 || id == "" {
		o.leave("the update is of no incident, or of no time")
		return
	}
	e := record.Event{ID: o.text("id"), At: at, Kind: record.EventNoted, How: o.text("new_incident_status", "name")}
	e.By = record.Person{Account: o.text("updater", "user", "id"), Name: o.text("updater", "user", "name")}
	events := []record.Event{e}
	if severity := o.text("new_severity", "name"); severity != "" {
		e.ID, e.Kind, e.How = e.ID+" severity", record.EventChanged, severity
		events = append(events, e)
	}
	l.log(id, events...)
}

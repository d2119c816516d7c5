package paging

// Rootly: GET /v1/incidents in JSON:API ({"data": [{"id", "type": "incidents", "attributes": {…}}], "meta":
// {…}}), or a CSV with columns that are called as the attributes are.
//
// Documented at docs.rootly.com/api-reference; no export of a real account was at hand, so this is written
// to the documentation. kind tells drills, maintenance and what was entered afterwards from the rest:
// normal, normal_sub, test, test_sub, example, example_sub, backfilled, scheduled, scheduled_sub.

import (
	"cmp"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// rootlyFormats is Rootly's part of the table of formats.
func rootlyFormats() []format {
	return []format{{
		tool: "rootly", name: "rootly incidents", members: []string{"data"},
		table:   func(t table) bool { return t.columns("sequential_id", "kind", "created_at") },
		rows:    asRows(rootly),
		holds:   func(o object, _ string) bool { return o.text("type") == "incidents" && o.has("attributes") },
		objects: rootly,
	}}
}

func rootly(f *file) objectReader { return &rootlyIncidents{listed{file: f, what: "Rootly incidents"}} }

type rootlyIncidents struct{ listed }

func (l *rootlyIncidents) rest(o object) {
	l.answered(o.count("meta", "total_count"), o.text("links", "next"))
}

func (l *rootlyIncidents) object(o object, _ string) {
	l.n++
	a := o
	if o.has("attributes") {
		a = o.in("attributes")
	}
	switch kind := strings.TrimSuffix(a.text("kind"), "_sub"); kind {
	case "test", "example":
		l.Left(leftDrill)
		return
	case "scheduled":
		l.Left(leftMaintenance)
		return
	case "backfilled":
		l.Left(leftAfterwards)
		return
	}
	p := record.Page{
		Ref:        record.Ref{ID: cmp.Or(o.text("id"), numbered("rootly", a.text("sequential_id")))},
		Number:     a.text("sequential_id"),
		URL:        cmp.Or(a.text("url"), a.text("short_url")),
		Title:      a.text("title"),
		Urgency:    firstWord(rootlyName(a.in("severity")), a.text("severity")),
		Updated:    a.time("updated_at"),
		Triggered:  a.time("created_at"),
		ResolvedBy: rootlyPerson(a.in("resolved_by")),
		MergedInto: a.text("duplicate_incident_id"),
	}
	switch a.text("source") {
	case "web", "slack", "email", "mobile":
		p.Origin = record.ByPerson
	}
	services := append(a.list("services"), a.list("services", "data")...)
	if len(services) > 0 {
		p.Service = rootlyName(services[0])
	} else {
		p.Service = a.text("services")
	}
	for _, key := range []string{"jira_issue", "github_issue", "gitlab_issue", "linear_issue"} {
		if issue := cmp.Or(a.text(key+"_url"), a.text(key+"_key")); issue != "" {
			p.Issues = append(p.Issues, issue)
		}
	}
	for _, name := range []string{"started", "detected", "acknowledged", "mitigated", "resolved", "cancelled", "closed"} {
		milestone(&p, "", name, a.time(name+"_at"))
	}
	if p.Resolved == 0 && a.text("status") == "cancelled" { // nobody will resolve it
		p.Resolved = a.time("cancelled_at")
	}
	for i := range p.Events {
		if p.Events[i].Kind == record.EventResolved {
			p.Events[i].By = p.ResolvedBy
		}
	}
	a.declared(p, a.text("status") == "resolved" || a.text("status") == "closed")
}

// rootlyName is what a severity or a service is called, with or without JSON:API around it.
func rootlyName(o object) string {
	return cmp.Or(o.text("data", "attributes", "name"), o.text("attributes", "name"), o.text("name"))
}

func rootlyPerson(o object) record.Person {
	if o.has("data") {
		o = o.in("data")
	}
	p := record.Person{Account: o.text("id")}
	if o.has("attributes") {
		o = o.in("attributes")
	}
	p.Name = cmp.Or(o.text("full_name"), o.text("name"))
	return p
}

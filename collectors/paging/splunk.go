package paging

// Splunk On-Call, formerly VictorOps: incidents of GET api-reporting/v2/incidents (and v1), {"offset",
// "limit", "total", "incidents": […]}, and of GET api-public/v1/incidents, or a list of them.
//
// Documented at portal.victorops.com/public/api-docs.html; seen in answers of a trial account. Numbers are
// written as words there. By default the reporting calls answer resolved incidents only, up to 15 minutes
// late: what is open is then not in the file, which does not say so.
//
// What happened is in transitions: triggered, acknowledged, resolved, each with `at` and, where a person did
// it, `by` (seen: a user's name; "SYSTEM" for the tool itself is unconfirmed). Without a resolved transition
// an incident whose currentPhase is resolved is doubted: lastAlertTime is not when it ended. An incident
// that paged no user, no team and no policy notified nobody, and is left out.

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// splunkFormats is Splunk On-Call's part of the table of formats.
var splunkFormats = []format{{
	tool: "splunk_oncall", name: "splunk on-call incidents", members: []string{"incidents"},
	holds: func(o object, _ string) bool {
		return o.has("incidentNumber", "startTime") || o.has("incidentNumber", "transitions")
	},
	objects: func(f *file) objectReader { return &splunkIncidents{listed{file: f, what: "Splunk On-Call incidents"}} },
}}

type splunkIncidents struct{ listed }

func (s *splunkIncidents) rest(o object) { s.answered(o.count("total"), "") }

func (s *splunkIncidents) object(o object, _ string) {
	s.n++
	p := record.Page{
		Ref:       record.Ref{ID: numbered("splunk", o.text("incidentNumber"))},
		Number:    o.text("incidentNumber"),
		URL:       cmp.Or(o.text("incidentLink"), o.text("url")),
		Title:     cmp.Or(o.text("entityDisplayName"), o.text("service"), o.text("entityId")),
		Service:   cmp.Or(o.text("service"), o.text("routingKey")),
		Key:       o.text("entityId"),
		Urgency:   strings.ToLower(o.text("entityState")),
		Triggered: o.time("startTime"),
		Updated:   o.time("lastAlertTime"),
	}
	for i, t := range o.list("transitions") {
		e := record.Event{At: t.time("at")}
		if by := t.text("by"); by != "" && !strings.EqualFold(by, "system") {
			e.By = record.Person{Account: by}
		}
		switch strings.ToLower(t.text("name")) {
		case "triggered":
			e.Kind = record.EventTriggered
			if p.Triggered == 0 || e.At != 0 && e.At < p.Triggered {
				p.Triggered = e.At
			}
		case "acknowledged", "acked":
			e.Kind = record.EventAcknowledged
			if e.By.Known() && (p.Acked == 0 || e.At < p.Acked) {
				p.Acked, p.AckedBy = e.At, []record.Person{e.By}
			}
		case "unacknowledged", "unacked":
			e.Kind = record.EventUnacknowledged
		case "rerouted":
			e.Kind = record.EventReassigned
		case "resolved":
			e.Kind = record.EventResolved
			if e.At > p.Resolved {
				p.Resolved, p.ResolvedBy, p.AutoClosed = e.At, e.By, !e.By.Known()
			}
		default:
			o.doubt("incident %s has a transition %q, which this version does not know; passed over", p.ID, t.text("name"))
			continue
		}
		if e.At == 0 {
			continue
		}
		p.Updated = max(p.Updated, e.At)
		e.ID = fmt.Sprintf("%d/%s/%d", e.At, e.Kind, i)
		p.Events = append(p.Events, e)
	}
	phase := strings.ToLower(o.text("currentPhase"))
	switch phase {
	case "resolved":
		if p.Resolved == 0 {
			o.doubt("incident %s is resolved, but none of its transitions says since when; read as open", p.ID)
		}
	case "acknowledged", "acked":
		if p.Acked == 0 {
			o.doubt("incident %s is acknowledged, but none of its transitions says since when and by whom; read as never", p.ID)
		}
		p.Resolved = 0
	default: // triggered again
		if phase != "" {
			p.Resolved = 0
		}
	}
	if p.Acked == 0 && o.has("pagedUsers", "pagedTeams") &&
		len(o.texts("pagedUsers"))+len(o.texts("pagedTeams"))+len(o.list("pagedPolicies")) == 0 {
		o.Left("notified nobody")
		o.Until(p.Updated)
		return
	}
	o.page(o.place, p)
}

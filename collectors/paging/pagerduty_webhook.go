package paging

// PagerDuty: webhooks of version 3, as a receiver writes them down: {"event": {…}}, one after another.
//
// The payload and the types of events are documented at developer.pagerduty.com/docs/webhooks-overview
// (github.com/PagerDuty/developer-docs, docs/webhooks/01-Overview.md). An event tells the incident in its
// state then, with `number` for incident_number, and when it happened and who did it; not when the
// incident was acknowledged or resolved before, which other lines tell. Webhooks are delivered at least
// once, and perhaps out of order: events go by their id and time. No recording of a real account was
// found, so the reader is written to the documentation.

import (
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// pagerDutyHappened is what happened, by the type of event. The rest (responders, status updates,
// workflows, services) say nothing about the page.
var pagerDutyHappened = map[string]string{
	"incident.triggered":        record.EventTriggered,
	"incident.acknowledged":     record.EventAcknowledged,
	"incident.unacknowledged":   record.EventUnacknowledged,
	"incident.escalated":        record.EventEscalated,
	"incident.reassigned":       record.EventReassigned,
	"incident.delegated":        record.EventReassigned,
	"incident.priority_updated": record.EventChanged,
	"incident.annotated":        record.EventNoted,
	"incident.reopened":         record.EventReopened,
	"incident.resolved":         record.EventResolved,
}

func isPagerDutyWebhook(o object, member string) bool {
	return member == "" && o.in("event").has("event_type", "occurred_at", "data")
}

// pagerDutyWebhooks is the webhooks of one file while they are read.
type pagerDutyWebhooks struct {
	*file
	pages chronicle
}

func newPagerDutyWebhooks(f *file) objectReader {
	return &pagerDutyWebhooks{file: f, pages: chronicle{file: f}}
}

func (r *pagerDutyWebhooks) rest(object) {}

func (r *pagerDutyWebhooks) end() { r.pages.end() }

func (r *pagerDutyWebhooks) object(o object, _ string) {
	e := o.in("event")
	kind, about := e.text("event_type"), e.in("data")
	if !strings.HasPrefix(kind, "incident.") {
		r.Left("about no page") // a service, or the test that a new subscription sends
		return
	}
	at := e.time("occurred_at")
	var p record.Page
	if about.has("created_at", "status") {
		p = pagerDutyIncident(about)
		p.Updated = max(p.Updated, at)
		// Nothing here says when it ended, but the event that ended it.
		p.Resolved, p.ResolvedBy, p.AutoClosed = 0, record.Person{}, false
	} else {
		p.ID = about.text("incident", "id")
	}
	if p.ID == "" || at == 0 {
		o.leave("it names no incident, or no time such as 2026-03-31T14:05:00Z at which it happened: %q", e.text("occurred_at"))
		return
	}
	ev := record.Event{ID: e.text("id"), At: at, Kind: pagerDutyHappened[kind], By: pagerDutyPerson(e.in("agent"))}
	switch kind {
	case "incident.triggered":
		p.Origin = pagerDutyOrigin(e.in("agent"))
	case "incident.priority_updated":
		ev.How = pagerDutyName(about.in("priority"))
	case "incident.escalated", "incident.reassigned", "incident.delegated":
		if to := about.list("assignees"); len(to) > 0 {
			ev.To = pagerDutyPerson(to[0])
		}
	}
	if ev.Kind != "" {
		p.Events = append(p.Events, ev)
	} else {
		r.Left("webhook of another kind")
	}
	r.pages.add(o.place, p)
}

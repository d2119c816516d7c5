package fakepager

// How things are written.

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

// ref is a reference to a thing.
func ref(id, kind, summary string) object {
	return object{"id": id, "type": kind + "_reference", "summary": summary,
		"self": "https://api.pagerduty.com/" + kind + "s/" + id, "html_url": "https://acme.pagerduty.com/" + kind + "s/" + id}
}

func user(id string) object { return ref(id, "user", "Person "+id) }

// agent is who did something: a user, a service, or null.
func agent(id string) any {
	switch {
	case id == "":
		return nil
	case strings.HasPrefix(id, "S"):
		return ref(id, "service", "Service "+id)
	}
	return user(id)
}

func (is *incident) json(include []string) object {
	service := fmt.Sprintf("S%d", is.service)
	acks := []object{}
	for _, a := range is.acks {
		acks = append(acks, object{"at": stamp(a.at), "acknowledger": user(a.by)})
	}
	o := object{
		"id": is.id, "type": "incident", "summary": fmt.Sprintf("[#%d] %s", is.number, is.title),
		"self": "https://api.pagerduty.com/incidents/" + is.id, "html_url": "https://acme.pagerduty.com/incidents/" + is.id,
		"incident_number": is.number, "title": is.title, "created_at": stamp(is.created), "updated_at": stamp(is.updated), "status": is.status,
		"incident_key": fmt.Sprintf("key-%d", is.number), "service": ref(service, "service", "Service "+service), "assignments": []object{},
		"last_status_change_at": stamp(is.changed), "resolved_at": stamp(is.resolved), "last_status_change_by": agent(is.by),
		"acknowledgements": acks, "urgency": is.urgency, "priority": nil, "resolve_reason": nil,
		"first_trigger_log_entry": object{"id": "R", "type": "trigger_log_entry_reference", "summary": "Triggered"},
	}
	if is.merged != "" {
		o["resolve_reason"] = object{"type": "merge_resolve_reason", "incident": ref(is.merged, "incident", "")}
	}
	if slices.Contains(include, "first_trigger_log_entries") {
		by := service
		if is.byHand {
			by = "U1"
		}
		o["first_trigger_log_entry"] = object{"id": "R", "type": "trigger_log_entry", "agent": agent(by), "created_at": stamp(is.created)}
	}
	return o
}

func (e *entry) json(include []string) object {
	o := object{
		"id": e.id, "type": e.kind + "_log_entry", "summary": e.kind, "created_at": stamp(e.at), "agent": agent(e.by),
		"channel": object{"type": e.channel}, "incident": ref(e.incident.id, "incident", e.incident.title),
		"service": ref(fmt.Sprintf("S%d", e.incident.service), "service", ""), "teams": []object{},
	}
	if slices.Contains(include, "incidents") {
		o["incident"] = e.incident.json(nil)
	}
	if e.kind == "notify" {
		o["user"] = user(e.to[0])
	} else if len(e.to) > 0 {
		list := []object{}
		for _, id := range e.to {
			list = append(list, user(id))
		}
		o["assignees"] = list
	}
	return o
}

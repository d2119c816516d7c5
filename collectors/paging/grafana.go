package paging

// Grafana OnCall, and Grafana IRM that succeeds it (OnCall's open source was archived in March 2026): alert
// groups of GET api/v1/alert_groups, {"count", "next", "results": […], "page_size", "total_pages"}, or a
// list of them.
//
// Documented at grafana.com/docs/oncall/latest/oncall-api-reference/alertgroups; OnCall's source code names
// the same members, and more: team_id, labels [{key: {name}, value: {name}}]. IRM's are taken to be the
// same (unconfirmed). No answer of a real account was at hand; the documented one is no valid JSON (a comma
// before a bracket).
//
// A group that resolved_by names nobody for was resolved by its source or by a rule. People and
// integrations go by their ids, as the API does not tell their names here. The payload of the last alert
// says who raised it: a person's direct page has a member oncall with author_username, anything else came
// through an integration. Whether a route had an escalation chain at all, and so whether anybody was
// notified, the API does not tell: each group is taken for a page.

import (
	"cmp"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// grafanaFormats is Grafana's part of the table of formats.
var grafanaFormats = []format{{
	tool: "grafana_oncall", name: "grafana alert groups", members: []string{"results"},
	holds: func(o object, _ string) bool {
		return o.has("id", "integration_id", "created_at") && (o.has("alerts_count") || o.has("route_id"))
	},
	objects: func(f *file) objectReader { return &grafanaGroups{listed{file: f, what: "Grafana alert groups"}} },
}}

type grafanaGroups struct{ listed }

func (g *grafanaGroups) rest(o object) { g.answered(o.count("count"), o.text("next")) }

func (g *grafanaGroups) object(o object, _ string) {
	g.n++
	p := record.Page{
		Ref:       record.Ref{ID: o.text("id")},
		URL:       cmp.Or(o.text("permalinks", "web"), o.text("permalinks", "slack"), o.text("permalinks", "telegram")),
		Title:     o.text("title"),
		Service:   o.text("integration_id"),
		Triggered: o.time("created_at"),
		Acked:     o.time("acknowledged_at"),
		Resolved:  o.time("resolved_at"),
	}
	label := map[string]string{}
	for _, l := range o.list("labels") {
		label[strings.ToLower(l.text("key", "name"))] = l.text("value", "name")
	}
	p.Service = cmp.Or(label["service_name"], label["service"], p.Service)
	p.Urgency = cmp.Or(label["severity"], label["priority"])
	if who := o.text("acknowledged_by"); who != "" {
		p.AckedBy = []record.Person{{Account: who}}
		if p.Acked == 0 {
			o.doubt("alert group %s was acknowledged, but does not say when; read as never", p.ID)
		}
	}
	who := o.text("resolved_by")
	p.ResolvedBy, p.AutoClosed = record.Person{Account: who}, who == ""
	switch state := strings.ToLower(o.text("state")); {
	case state == "resolved" && p.Resolved == 0:
		o.doubt("alert group %s is resolved, but does not say when; read as open", p.ID)
	case state != "resolved" && state != "":
		p.Resolved = 0
	}
	if at := o.time("silenced_at"); at != 0 {
		p.Events = []record.Event{{ID: "silenced", At: at, Kind: record.EventSnoozed}}
	}
	for _, name := range []string{"last_alert", "latest_alert"} {
		switch payload := o.in(name, "payload"); {
		case payload.text("oncall", "author_username") != "":
			p.Origin = record.ByPerson
		case len(payload.members) > 0:
			p.Origin = cmp.Or(p.Origin, record.ByMonitor)
		}
	}
	o.page(o.place, p)
}

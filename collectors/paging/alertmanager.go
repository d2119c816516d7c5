package paging

// Prometheus Alertmanager, and Grafana's, Mimir's and others that speak like it: the messages that its
// webhook sends (version 4), saved as they came, a line each or one a file; and the list of GET
// api/v2/alerts (or v1's, in "data").
//
// Documented at prometheus.io/docs/alerting/latest/configuration (webhook_config) and in the OpenAPI
// description in its repository. Alertmanager notifies; it knows nobody who acknowledges.
//
// Which alerts are pages: a webhook's message was sent to its receiver, so each alert in one notified. Of
// the list, those that are active and have a receiver; what is silenced or inhibited (state suppressed) or
// not yet routed (unprocessed) notified nobody, is left out and counted. Whether a receiver is a pager or a
// chat room Alertmanager does not know: export what goes to the pager.
//
// An alert is sent again as long as it fires, and once when it is over. It is one page, known by its
// fingerprint and startsAt. While it fires, endsAt is 0001-01-01 in a message, and in the list the time at
// which it will be over unless it is heard of again: neither is an end. Its key is the group that was
// notified of it, since a group is one interruption. A fingerprint that is missing (before 0.22) is
// computed from the labels, as Prometheus does: FNV-1a of the sorted names and values, each followed by the
// byte 255.

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// alertmanagerFormats is Alertmanager's part of the table of formats. The alerts of a message are no list
// of records: what they have in common stands around them.
var alertmanagerFormats = []format{
	{
		tool: "alertmanager", name: "alertmanager webhook messages",
		holds: func(o object, member string) bool {
			return o.has("alerts", "receiver") && (o.has("groupKey") || o.has("groupLabels")) ||
				member == "alerts" && o.has("labels", "startsAt", "generatorURL")
		},
		objects: func(f *file) objectReader { return newAlertmanager(f) },
	},
	{
		tool: "alertmanager", name: "alertmanager alerts", members: []string{"data"},
		holds: func(o object, member string) bool {
			return member != "alerts" && o.has("labels", "startsAt", "fingerprint")
		},
		objects: func(f *file) objectReader { return newAlertmanager(f) },
	},
}

type alertmanager struct {
	*file
	truncated int
}

// newAlertmanager reads messages: that an alert is told otherwise later is how it ends.
func newAlertmanager(f *file) *alertmanager {
	f.moves = true
	return &alertmanager{file: f}
}

func (a *alertmanager) rest(object) {}

func (a *alertmanager) end() {
	if a.truncated > 0 {
		a.Gap(fmt.Sprintf("%d alerts of large groups", a.truncated), "the messages were cut (truncatedAlerts); raise max_alerts of the webhook")
	}
}

func (a *alertmanager) object(o object, _ string) {
	if !o.has("alerts") {
		a.listed(o)
		return
	}
	a.truncated += o.count("truncatedAlerts")
	alerts := o.list("alerts")
	if len(alerts) == 0 {
		o.leave("the message holds no alert")
	}
	for _, alert := range alerts {
		p := a.alert(alert)
		p.Key = cmp.Or(o.text("groupKey"), p.Key)
		if cmp.Or(alert.text("status"), o.text("status")) == "resolved" {
			p.Resolved, p.AutoClosed = alert.time("endsAt"), true
		}
		a.page(o.place, p)
	}
}

// listed is an alert of the list.
func (a *alertmanager) listed(o object) {
	p := a.alert(o)
	p.Updated = o.time("updatedAt")
	switch state := cmp.Or(o.text("status", "state"), o.text("status")); {
	case state == "suppressed", len(o.texts("status", "silencedBy"))+len(o.texts("status", "inhibitedBy")) > 0:
		o.Left("silenced or inhibited")
		return
	case state == "unprocessed", o.has("receivers") && len(o.texts("receivers"))+len(o.list("receivers")) == 0:
		o.Left("notified nobody")
		return
	case state == "resolved":
		p.Resolved, p.AutoClosed = o.time("endsAt"), true
	}
	if end := o.time("endsAt"); p.Updated != 0 && end != 0 && end <= p.Updated {
		p.Resolved, p.AutoClosed = end, true
	}
	a.page(o.place, p)
}

// alert is what an alert says of itself.
func (a *alertmanager) alert(o object) record.Page {
	labels, notes := o.in("labels"), o.in("annotations")
	first := func(of object, names ...string) string {
		for _, n := range names {
			if s := of.text(n); s != "" {
				return s
			}
		}
		return ""
	}
	p := record.Page{
		URL:       o.text("generatorURL"),
		Title:     first(labels, "alertname"),
		Service:   first(labels, "service", "service_name", "app", "application", "job"),
		Key:       cmp.Or(o.text("fingerprint"), labelPrint(labels)),
		Urgency:   first(labels, "severity", "priority"),
		Origin:    record.ByMonitor,
		Triggered: o.time("startsAt"),
		Issues:    named(notes, labels),
	}
	if s := first(notes, "summary", "title", "message"); s != "" && s != p.Title {
		p.Title = strings.TrimPrefix(p.Title+": "+s, ": ")
	}
	if p.Triggered != 0 {
		p.ID = p.Key + "/" + p.Triggered.String()
	}
	return p
}

// labelPrint is the fingerprint of a set of labels.
func labelPrint(labels object) string {
	h := fnv.New64a()
	for _, name := range labels.names() {
		h.Write([]byte(name + "\xff" + scalar(labels.value(name)) + "\xff"))
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

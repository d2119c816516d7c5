package main

// The pager's log entries, as GET /log_entries gives them: who was called in what way, who answered, when
// a page went up the path. The log reaches back to the first fire review; before, nobody exported it.

import (
	"slices"
	"time"
)

// entry is one log entry.
type entry struct {
	at      int64
	kind    string
	agent   *account // who did it; nil where the service or the pager did
	channel string   // how
	told    string   // of a notification: the way it took
	to      *member  // who was notified, or assigned
	page    *page
}

// pagerLog are the log entries as JSON, the newest first.
func (w *world) pagerLog() []byte {
	var all []entry
	for _, p := range w.pages {
		if w.cal.day(p.at) >= fireReview {
			all = append(all, p.log()...)
		}
	}
	all = slices.DeleteFunc(all, func(e entry) bool { return e.at >= w.cal.to })
	slices.SortStableFunc(all, func(a, b entry) int { return int(a.at - b.at) })
	slices.Reverse(all)
	j := &jsonWriter{b: []byte("{\"log_entries\":[\n")}
	for _, e := range all {
		e.write(j)
		j.b = append(j.b, ",\n"...)
	}
	j.b = append(j.b[:len(j.b)-2], "\n]}\n"...)
	return j.b
}

// log is what happened to a page, in the order in which it did. Somebody is called by push at once, by
// telephone after a minute; nobody answers for a quarter of an hour, and it is the next one's. What is of
// low urgency is a mail.
func (p *page) log() []entry {
	es := []entry{{at: p.at, kind: "trigger", channel: "api", page: p}}
	quiet := p.resolved
	if p.acked != 0 {
		quiet = p.acked
	}
	call := func(m *member, at int64) {
		steps := []struct {
			way   string
			after int64
		}{{"push_notification", 4}, {"phone_notification", minute + 5}}
		if p.low {
			steps = steps[:1]
			steps[0].way = "email_notification"
		}
		for _, s := range steps {
			if at+s.after < quiet {
				es = append(es, entry{at: at + s.after, kind: "notify", channel: "auto", told: s.way, to: m, page: p})
			}
		}
	}
	call(p.assigned[0], p.at)
	for i := range p.escalated {
		at := p.at + int64(i+1)*15*minute
		if at >= quiet {
			break
		}
		next := p.assigned[min(i+1, len(p.assigned)-1)]
		es = append(es, entry{at: at, kind: "escalate", channel: "timeout", to: next, page: p})
		call(next, at)
	}
	if p.acked != 0 {
		es = append(es, entry{at: p.acked, kind: "acknowledge", agent: p.by.account, channel: "mobile", page: p})
	}
	if p.resolved != 0 {
		e := entry{at: p.resolved, kind: "resolve", agent: p.resolvedBy, channel: "website", page: p}
		if p.auto {
			e.agent, e.channel = nil, "api"
		}
		es = append(es, e)
	}
	return es
}

func (e *entry) write(j *jsonWriter) {
	user := func(name, id, who string) {
		j.k(name).obj()
		j.k("id").str(id)
		j.k("type").str("user_reference")
		j.k("summary").str(who)
		j.end()
	}
	id := pageID(stream("log " + e.page.id + e.kind + e.told + itoa(int(e.at))))
	j.obj()
	j.k("id").str("R" + id[1:])
	j.k("type").str(e.kind + "_log_entry")
	j.k("created_at").str(time.Unix(e.at, 0).UTC().Format(time.RFC3339))
	if e.agent != nil {
		user("agent", e.agent.pager, e.agent.name)
	} else {
		j.k("agent").obj()
		j.k("id").str(e.page.service.pagerID)
		j.k("type").str("service_reference")
		j.k("summary").str(e.page.service.pager)
		j.end()
	}
	j.k("channel").obj()
	j.k("type").str(e.channel)
	if e.told != "" {
		j.k("notification").obj()
		j.k("type").str(e.told)
		j.k("status").str("success")
		j.end()
	}
	j.end()
	switch {
	case e.kind == "notify":
		user("user", e.to.pager, e.to.name)
	case e.to != nil:
		j.k("assignees").arr()
		j.obj()
		j.k("id").str(e.to.pager)
		j.k("type").str("user_reference")
		j.k("summary").str(e.to.name)
		j.end()
		j.ary()
	}
	j.k("incident").obj()
	j.k("id").str(e.page.id)
	j.k("type").str("incident_reference")
	j.k("summary").str("[#" + itoa(e.page.number) + "]")
	j.end()
	j.end()
}

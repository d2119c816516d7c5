package main

// The scripted part of the story: the dozen incidents that the postmortems in content/postmortems tell,
// and the improvements that came of them. Their keys and times are fixed, because the postmortems cite
// them; content_test.go holds both to it.

import (
	"strings"
)

// scene is a scripted issue. Times are local.
type scene struct {
	n        int // the number in its key
	code     bool
	kind     string
	priority string
	service  string
	by       string // the reporter
	channel  string
	labels   string
	customer int // index into customerNames, -1 for none
	at       string
	title    string
	text     string
	due      string
	points   int
	pages    []scenePage
	steps    []step
}

// scenePage is a page of a scripted incident. join says how the two know of each other: "title", "link"
// or "".
type scenePage struct {
	at, service, alert string
	ack                string // a local time, "" for never
	who                string
	resolved           string
	auto               bool
	escalated          int
	to                 string // who was called; "" is whoever was on duty
	join               string
}

// step is something that was done to a scripted issue: "take", "start", "info", "vendor", "review",
// "done", "dropped", "duplicate", "reopen", "prio X", "label x", "version x", or ": words" for a comment.
type step struct{ at, who, what string }

func (w *world) scripted() []*item {
	var all []*item
	for _, s := range append(scenesOf(improvements), scenes...) {
		all = append(all, w.stage(s))
	}
	return all
}

// everybody finds an account by id or first name.
func (w *world) everybody(id string) *account {
	switch id {
	case "helen":
		return helen
	case "priya":
		return priya
	case "gus":
		return gus
	case "chloe":
		return chloe
	case "pager":
		return pagerd
	case "robot":
		return robot
	}
	for i := range w.customers {
		if w.customers[i].who.name == id {
			return w.customers[i].who
		}
	}
	return w.named(id)[0].account
}

func (w *world) stage(s scene) *item {
	r := stream("scene " + s.title)
	at := func(t string) int64 { return w.cal.at(t) + int64(r.below(50)) }
	it := &item{
		script: true, code: s.code, n: s.n, kind: s.kind, priority: s.priority, status: stNew, service: serviceNamed(s.service),
		born: at(s.at), reporter: w.everybody(s.by), channel: s.channel, labels: splitWords(s.labels), title: s.title, text: s.text,
		due: s.due, points: s.points, begun: true,
	}
	if s.customer > 0 {
		it.customer = &w.customers[s.customer-1]
	}
	switch s.kind {
	case "Incident":
		it.flavour = fOutage
		if strings.Contains(s.labels, "restart") {
			it.flavour = fRestart
		}
	case "Support Request":
		it.flavour = fRequest
	default:
		it.flavour = fFeature
	}
	if !s.code {
		it.components = []string{it.service.component}
	} else {
		it.flavour = fCodeTask
	}
	for _, sp := range s.pages {
		p := &page{title: sp.alert, service: serviceNamed(sp.service), at: at(sp.at), auto: sp.auto, escalated: sp.escalated}
		p.assigned = w.onDuty(p.at)
		if sp.to != "" {
			p.assigned = w.named(splitWords(sp.to)...)
		} else if w.cal.day(p.at) >= secondOnCall && sp.escalated == 0 {
			p.assigned = p.assigned[:1]
		}
		if sp.ack != "" {
			p.acked, p.by = at(sp.ack), w.named(sp.who)[0]
			p.resolvedBy = p.by.account
		}
		if sp.resolved != "" {
			p.resolved = at(sp.resolved)
		}
		switch sp.join {
		case "title":
			p.title, p.item, it.paged = "[%k] "+p.title, it, p
		case "link":
			it.text += "\n\nhttps://hearthline.pagerduty.com/incidents/%p"
			p.item, it.paged = it, p
		}
		w.pages = append(w.pages, p)
	}
	it.promise = w.promised(it, it.born)
	for _, st := range s.steps {
		t, who := at(st.at), w.everybody(st.who)
		verb, arg, _ := strings.Cut(st.what, " ")
		switch verb {
		case ":":
			it.say(t, who, arg)
		case "take":
			it.assign(t, who, who)
			if s.code {
				it.status = stDoing
			} else {
				it.setStatus(t, who, stDoing)
			}
		case "ready":
			it.setStatus(t, who, stReady)
		case "review":
			it.setStatus(t, who, stReview)
		case "vendor":
			it.setStatus(t, who, stVendor)
		case "resume":
			it.setStatus(t, who, stDoing)
		case "done":
			it.finish(t, who, "Done")
		case "duplicate":
			it.finish(t, who, "Duplicate")
		case "dropped":
			it.finish(t, who, "Won't Do")
		case "reopen":
			it.reopen(t, who)
		case "prio":
			it.set(t, who, aPriority, &it.priority, arg)
		case "label":
			it.label(t, who, arg)
		case "version":
			it.version(t, who, arg)
		default:
			panic("samplegen: a scene has no step " + st.what)
		}
	}
	if it.done != 0 {
		w.decide(it, it.done)
	}
	return it
}

package postmortem

// Front matter: the facts at the top of a page, between two lines of ---, and what is checked of them.

import (
	"bytes"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// frontMatter splits the facts off the page and reads them. Front matter that is not closed is text:
// it must not swallow the page.
func (p *page) frontMatter() {
	p.ID = idOf(p.File)
	text, ok := p.split()
	if !ok {
		return
	}
	doc := strict.ReadAt(p.File, text, 2)
	f := facts{page: p, top: doc.Map(), moments: map[string]strict.Node{}}
	f.read()
	f.lint()
	p.complaints = append(p.complaints, doc.Complaints()...)
}

// split finds the front matter and sets where the body begins.
func (p *page) split() (text []byte, ok bool) {
	rest, ok := bytes.CutPrefix(p.Text, []byte("---"))
	first := lineEnd(p.Text, 0)
	if !ok || len(bytes.TrimSpace(rest[:first-3])) > 0 {
		if len(bytes.TrimSpace(p.Text)) > 0 {
			p.hint(0, "the page has no front matter; the facts (incidents, severity, started, status …) go between two lines of --- at its top")
		}
		return nil, false
	}
	for at := first; at < len(p.Text); at = lineEnd(p.Text, at) {
		line := string(bytes.TrimRight(p.Text[at:lineEnd(p.Text, at)], " \t\n"))
		if line == "---" || line == "..." {
			p.Body = lineEnd(p.Text, at)
			return p.Text[first:at], true
		}
	}
	p.say(0, "the front matter that begins here is not closed, so none of it is read; end it with a line of ---")
	return nil, false
}

// facts reads the facts of one page.
type facts struct {
	page    *page
	top     *strict.Map
	moments map[string]strict.Node
}

// given is the value of a key. A key without a value is a blank in a form, not a mistake.
func (f *facts) given(key string) strict.Node {
	if f.top.Blank(key) {
		return strict.Node{}
	}
	return f.top.Get(key)
}

func (f *facts) read() {
	p := f.page
	if id := f.given("id").ID(); id != "" {
		p.ID = id
	}
	p.Title = f.given("title").Text()
	incidents := f.given("incidents").List()
	if len(incidents) == 0 && f.top.Given() {
		f.top.Warn("the page names no incident, so it counts for none; write incidents: [SUP-123]")
	}
	for _, n := range incidents {
		key := n.Text()
		if key == "" {
			continue
		}
		if k := keyOf(key); k != "" {
			p.Incidents = append(p.Incidents, k)
		} else {
			n.Complain("%q is not the key of an issue; a key reads SUP-123 or acme/orders#45", key)
		}
	}
	levels := p.team.Levels
	if levels == 0 {
		levels = 9
	}
	p.Severity = f.given("severity").Int(1, levels)
	p.Services = f.given("services").Texts()
	p.Supplier = f.given("supplier").Text()
	p.Impact = f.given("impact").Text()
	p.Authors = f.given("authors").Texts()
	for _, n := range f.given("artifacts").List() {
		if !n.IsMap() {
			if url := n.Text(); url != "" {
				p.Artifacts = append(p.Artifacts, Artifact{Title: url, URL: url})
			}
			continue
		}
		m := n.Map()
		a := Artifact{Title: m.Get("title").Text(), URL: m.Need("url").Text()}
		if a.Title == "" {
			a.Title = a.URL
		}
		if a.URL != "" {
			p.Artifacts = append(p.Artifacts, a)
		}
	}
	p.Started, p.Detected = f.instant("started"), f.instant("detected")
	p.Mitigated, p.Resolved = f.instant("mitigated"), f.instant("resolved")
	p.Published = record.Date(f.given("published").Date())
	switch f.given("status").OneOf("draft", "published") {
	case "published":
		p.Draft = false
	case "":
		p.Draft = p.Published == "" || f.top.Has("status")
	}
	if !p.Draft {
		p.At = p.Published.End(p.zones.team)
	}
}

// instant reads a moment: RFC 3339, or a local time with the zone behind it where it is not the team's.
func (f *facts) instant(key string) record.Instant {
	n := f.given(key)
	f.moments[key] = n
	s := n.Text()
	if s == "" {
		return 0
	}
	m, ok := f.page.zones.exact(s)
	switch {
	case !ok && m.year != 0 && !m.timed:
		n.Complain("%s wants a time as well: %04d-%02d-%02d 14:05", key, m.year, m.month, m.day)
		return 0
	case !ok:
		n.Complain("%q is not a time; a time reads 2026-03-04 14:05, or 2026-03-04 14:05 America/New_York where it is not the team's zone, or 2026-03-04T14:05:00Z", s)
		return 0
	case m.lost != "":
		n.Complain(unknownZone, m.lost)
		return 0
	}
	at := m.instant(f.page.zones.team)
	if m.shifty != "" {
		n.Warn("the local time %s %s; write the offset too, as in 2026-03-04T14:05:00-05:00", s, m.shifty)
	}
	return at
}

// lint checks the facts against each other.
func (f *facts) lint() {
	p := f.page
	steps := []struct {
		name string
		at   record.Instant
	}{{"started", p.Started}, {"detected", p.Detected}, {"mitigated", p.Mitigated}, {"resolved", p.Resolved}}
	for i, s := range steps {
		for _, before := range steps[:i] {
			// Harm may well have ended before anybody knew that it was an incident.
			if s.at != 0 && before.at > s.at && !(before.name == "detected" && s.name == "mitigated") {
				f.moments[s.name].Warn("%s is before %s (%s)", s.name, before.name, before.at.In(p.zones.team).Format("2006-01-02 15:04"))
				break
			}
		}
	}
	switch {
	case !p.Draft && p.Published == "":
		f.given("status").Warn("the page is published and does not say when, so it counts as never published; add published: 2026-03-31")
	case p.Draft && p.Published != "":
		f.given("published").Warn("the page has a day of publication and is still a draft; make it status: published, or it counts as not published")
	}
}

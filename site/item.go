package site

// An entry for each item: what was promised, where it stands, and what happened to it. There are as
// many as issues, so they are written by hand into the shell that all of them share, and only while
// they are being published.

import (
	"io"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
)

// items puts the entry of every item, and a stub under every key that one had before.
func (b *builder) items() error {
	b.tree.Files = slices.Grow(b.tree.Files, len(b.report.Items)+len(b.report.Items)/8)
	b.told = map[*analysis.Item][]*postmortem.Postmortem{}
	for _, p := range b.report.Postmortems {
		for _, key := range p.Incidents {
			if it := b.report.Find(key); it != nil && !slices.Contains(b.told[it], p) {
				b.told[it] = append(b.told[it], p)
			}
		}
	}
	for _, it := range b.report.Items {
		if err := b.story(b.itemPlace(it), "items", it); err != nil {
			return err
		}
		for _, alias := range it.Aliases {
			if !strings.EqualFold(alias, it.Key) && b.report.Find(alias) == it { // in another case it is the same place to some systems
				b.stub(itemPlace(it.Tracker, alias), alias, b.itemPlace(it))
			}
		}
	}
	b.indexItems()
	return nil
}

// stub puts an entry that points on to where an item lives now.
func (b *builder) stub(place, key, target string) {
	to := root(place) + target
	s := b.sheet(place)
	s.raw("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0; url=").text(to).raw(`"><title>`).text(key)
	s.raw(` has moved</title><p><a href="`).text(to).raw(`">`).text(key).raw(" has another key now</a></p></html>\n")
	b.tree.put(place, s.b)
}

// story puts the entry of an item at a place, in the section of the wiki that the place belongs to.
func (b *builder) story(place, section string, it *analysis.Item) error {
	shell, err := b.shell(place, section, false)
	if err != nil {
		return err
	}
	b.tree.add(place, func(w io.Writer) error {
		s := sheet{b: room(w), root: root(place), zone: b.zone}
		title := it.Key + " " + it.Title
		s.b = shell.open(s.b, title)
		b.tell(&s, section, it)
		s.b = shell.close(s.b, title)
		_, err := w.Write(s.b)
		return err
	})
	return nil
}

// tell writes the body of an item's entry, or with what the pager and the postmortem know, of an
// incident's.
func (b *builder) tell(s *sheet, section string, it *analysis.Item) {
	s.raw(`<p class="kicker"><a href="`, s.root, section, `/index.html">`)
	incident, isIncident := b.incidents[it]
	if section == "incidents" {
		s.raw("Incidents")
	} else {
		s.raw("Items")
	}
	s.raw("</a> · ").text(it.Key).raw(" · ").text(it.Type).raw("</p>\n<h1")
	if len(it.Title) > 160 {
		s.raw(` class="long"`)
	}
	s.raw(">").title(it.Title).raw(`</h1>`+"\n"+`<p class="tags"><a class="tag slot-`, b.palette.Class(it.Class()), `" href="`, s.root).text(classPlace(it.Class())).raw(`">`).text(it.Class().Title()).raw("</a> ")
	b.severityTag(s, it.Severity())
	s.raw(" ")
	b.stageTag(s, it.Stage())
	if it.Discarded {
		s.raw(` <span class="tag slot-unclassified">discarded</span>`)
	}
	s.raw("</p>\n")
	if it.Coarse != "" {
		s.raw(`<p class="doubt">Its clocks cannot be followed: `).text(it.Coarse).raw(".</p>\n")
	}
	b.promises(s, it)
	b.facts(s, it)
	s.raw(`<p class="more">`)
	if web(it.URL) {
		s.out(it.URL, "In the tracker")
	}
	if section == "items" && isIncident {
		s.raw(` <a href="`, s.root).text(incident).raw(`">As an incident</a>`)
	} else if section == "incidents" {
		s.raw(` <a href="`, s.root).text(b.itemPlace(it)).raw(`">As an item</a>`)
	}
	for _, p := range b.told[it] {
		s.raw(` <a href="`, s.root).text(postmortemPlace(p.ID)).raw(`">Postmortem: `).text(short(p.Title, 80)).raw("</a>")
	}
	s.raw("</p>\n")
	b.ask(s, it)
	b.clocks(s, it)
	b.life(s, it)
	if section == "incidents" {
		f := b.report.FireOf(it)
		b.timeline(s, it, f)
		b.wayUp(s, f)
	} else {
		b.happened(s, it)
	}
	b.trace(s, it)
	b.pages(s, it)
	b.suggestions(s, it)
}

// promises writes where the two promises stand.
func (b *builder) promises(s *sheet, it *analysis.Item) {
	if it.Respond.Outcome == analysis.Unpromised && it.Resolve.Outcome == analysis.Unpromised {
		return
	}
	s.raw(`<dl class="promises">`)
	for _, p := range []struct {
		name string
		v    *analysis.Verdict
	}{{"Respond", &it.Respond}, {"Resolve", &it.Resolve}} {
		if p.v.Outcome == analysis.Unpromised {
			continue
		}
		s.raw(`<div class="`, outcomeClass(p.v.Outcome), `"><dt>`, p.name).raw("</dt><dd><strong>")
		b.outcome(s, p.v)
		s.raw("</strong>")
		if p.v.Target.Text != "" {
			s.raw(" · ").text(p.v.Target.Text)
		}
		if p.v.Due != 0 && p.v.Outcome != analysis.Running {
			s.raw(" · due ").moment(p.v.Due)
		}
		if p.v.Moved > 0 {
			s.raw(" · date moved ").number(int(p.v.Moved)).raw("×")
		}
		s.raw("</dd></div>")
	}
	s.raw("</dl>\n")
}

// facts writes what is known of the item besides.
func (b *builder) facts(s *sheet, it *analysis.Item) {
	s.raw(`<dl class="facts">`)
	put := func(name, value string) {
		if value != "" {
			s.raw("<div><dt>", name, "</dt><dd>").title(short(value, 200)).raw("</dd></div>")
		}
	}
	put("Status", it.Status)
	put("Priority", it.Priority)
	if who := it.Assigned(); len(who) > 0 {
		names := make([]string, len(who))
		for i, id := range who {
			names[i] = b.member(id)
		}
		put("Owner", strings.Join(names, ", "))
	}
	put("Customer", b.customer(it))
	put("Channel", b.channel(it.Channel))
	services := make([]string, len(it.Services))
	for i, svc := range it.Services {
		services[i] = svc.Name
	}
	if len(services) > 1 {
		put("Services", strings.Join(services, ", "))
	} else {
		put("Service", strings.Join(services, ""))
	}
	if it.Points.Known {
		put("Points", analysis.Points.Format(it.Points))
	}
	if it.Due != "" {
		put("Due date", day(it.Due))
	}
	if len(it.Missing) > 0 {
		put("Not ready, missing", strings.Join(it.Missing, ", "))
	}
	if len(it.Aliases) > 0 {
		put("Keys before", strings.Join(it.Aliases, ", "))
	}
	s.raw("</dl>\n")
}

// ask writes the reply to paste, where something is missing that somebody should be asked for.
func (b *builder) ask(s *sheet, it *analysis.Item) {
	reply := b.report.Ask(it)
	if reply == "" {
		return
	}
	s.raw(`<section class="ask"><h2 id="ask">A reply to paste</h2>` + "\n" + `<p>`).text("It lacks what the definition of ready asks for: " + strings.Join(it.Missing, ", ") + ". This asks for exactly that.").raw("</p>\n")
	s.raw(`<pre class="reply" tabindex="0">`).text(reply).raw("</pre></section>\n")
}

// customer is who the item is for. Where the policy takes the reporter for it, that is a person who neither owns
// anything here nor is on call: the metrics count them, and nothing names them.
func (b *builder) customer(it *analysis.Item) string {
	if b.policy.Customer == "reporter" {
		return ""
	}
	return it.Customer
}

func (b *builder) channel(id string) string {
	for i := range b.policy.Channels {
		if b.policy.Channels[i].ID == id {
			return b.policy.Channels[i].Name
		}
	}
	return id
}

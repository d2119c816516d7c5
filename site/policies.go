package site

// The policy, in words: what the file says, part by part, in the order that somebody new asks about
// it; and below it the file itself, because that is what every number comes from.

import (
	"cmp"
	"html/template"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// policiesView is what policies.html is given.
type policiesView struct {
	Team   string
	Hash   string
	Text   string
	Jump   []navView
	Tables []tableView
}

func (b *builder) policies() error {
	p := b.policy
	v := policiesView{Team: p.Team.Name, Hash: p.Hash, Text: p.Text}
	put := func(id, title, note string, table template.HTML) {
		v.Tables = append(v.Tables, tableView{ID: id, Title: title, Note: note, Table: table})
		v.Jump = append(v.Jump, navView{Title: title, Href: "#" + id})
	}
	put("promises", "Classes of service, and what each promises", "Rules are tried in this order; the first that holds takes the item.", b.policyClasses())
	if len(p.Severities) > 0 {
		put("severities", "Severities", "1 is the worst. Severity follows these rules, never the tracker’s priority.", b.policySeverities())
	}
	put("stages", "Stages of work", "A queue waits, a paused stage stops the clock of a promise.", b.policyStages())
	put("time", "Time and limits", "", b.policyTime())
	if len(p.Rota) > 0 || len(p.Escalation) > 0 {
		put("on-call", "Who is on call, and who is next", "", b.policyRota())
	}
	if len(p.Channels)+len(p.Paths)+len(p.Ready) > 0 {
		put("channels", "How work comes in, and who is told", "", b.policyChannels())
	}
	if len(p.Services) > 0 {
		put("services", "Services", "", b.policyServices())
	}
	if plan := p.Releases.At(b.report.AsOf); len(plan.Releases)+len(plan.Trains) > 0 {
		put("releases", "Releases", "", b.policyReleases())
	}
	put("learning", "Learning and reviewing", "", b.policyLearning())
	if len(p.Experiments) > 0 {
		put("experiments", "Experiments", "Declared changes in how we work, each with the day it began.", b.policyExperiments())
	}
	put("team", "The team", "", b.policyTeam())
	v.Jump = append(v.Jump, navView{Title: "The file itself", Href: "#file"})
	b.index(policiesPlace, "Policies", "Classes, targets, calendars, stages, limits, severities, rota.", "List")
	return b.entry(policiesPlace, "policies", "Policies", "policies", v, false)
}

// versions writes a part that changes over time: each state with the day it holds from.
func versions[T any](b *builder, s *sheet, vs analysis.Versions[T], write func(T)) {
	for i, v := range vs {
		if i > 0 {
			s.raw(`<br>`)
		}
		if v.From != 0 {
			s.raw(`<span class="detail">from `).text(v.From.In(b.zone).Format("2 Jan 2006")).raw("</span> ")
		}
		write(v.Is)
	}
}

func (b *builder) rules(s *sheet, vs analysis.Versions[*analysis.Rule]) {
	versions(b, s, vs, func(r *analysis.Rule) {
		if t := ruleText(r); t != "" {
			s.raw("<code>").text(t).raw("</code>")
		}
	})
}

func (b *builder) policyClasses() template.HTML {
	s := b.sheet(policiesPlace)
	s.list("Classes of service", "Class", "When", "Respond", "Resolve", "Limit")
	target := func(t analysis.Target) { s.text(t.Text) }
	for i := range b.policy.Classes {
		c := &b.policy.Classes[i]
		s.raw(`<tr><th scope="row"><span class="chip slot-`, b.palette.Class(c), `" aria-hidden="true"></span> <a href="`, s.root).text(classPlace(c)).raw(`">`).text(c.Name).raw("</a>")
		if c.About != "" {
			s.raw(`<br><span class="detail">`).text(c.About).raw("</span>")
		}
		s.raw(`</th><td data-head="When">`)
		b.rules(s, c.When)
		s.raw(`</td><td data-head="Respond">`)
		versions(b, s, c.Respond, target)
		s.raw(`</td><td data-head="Resolve">`)
		versions(b, s, c.Resolve, target)
		s.raw(`</td><td data-head="Limit">`)
		b.limits(s, c.Limit)
		s.raw("</td></tr>\n")
	}
	return s.end().html()
}

func (b *builder) limits(s *sheet, vs analysis.Versions[int]) {
	versions(b, s, vs, func(n int) {
		if n > 0 {
			s.number(n)
		}
	})
}

func (b *builder) policySeverities() template.HTML {
	s := b.sheet(policiesPlace)
	s.begin("Severities", "Severity", "Name", "When")
	for _, v := range b.policy.Severities {
		s.raw(`<tr><th scope="row">`)
		b.severityTag(s, v.Level)
		s.raw("</th><td>").text(v.Name).raw("</td><td>")
		b.rules(s, v.When)
		s.raw("</td></tr>\n")
	}
	return s.end().html()
}

func (b *builder) policyStages() template.HTML {
	s := b.sheet(policiesPlace)
	s.list("Stages", "Stage", "Kind", "What it gathers", "Limit")
	flow := b.policy.Flow.At(b.report.AsOf)
	for i := range flow {
		st := &flow[i]
		s.raw(`<tr><th scope="row">`)
		b.stageTag(s, st)
		s.raw(`</th><td data-head="Kind">`).raw(st.Kind.String())
		if st.SentBack {
			s.raw(", sent back")
		}
		s.raw(`</td><td data-head="What it gathers">`).text(strings.Join(st.Statuses, ", "))
		if len(st.Labels) > 0 {
			s.raw(" labels: ").text(strings.Join(st.Labels, ", "))
		}
		if t := ruleText(st.When); t != "" {
			s.raw(" <code>").text(t).raw("</code>")
		}
		s.raw(`</td><td data-head="Limit">`)
		b.limits(s, st.Limit)
		s.raw("</td></tr>\n")
	}
	s.end()
	if n := len(b.policy.Flow); n > 1 {
		s.raw(`<p class="detail">This is how the stages are now; the file has `).number(n).raw(" versions of them.</p>")
	}
	return s.html()
}

// pairs writes a list of facts.
func (b *builder) pairs(write func(s *sheet, put func(name string, value func()))) template.HTML {
	s := b.sheet(policiesPlace)
	s.raw(`<dl class="pairs">`)
	write(s, func(name string, value func()) {
		s.raw("<div><dt>").text(name).raw("</dt><dd>")
		value()
		s.raw("</dd></div>\n")
	})
	return s.raw("</dl>").html()
}

func (b *builder) policyTime() template.HTML {
	p := b.policy
	html := b.pairs(func(s *sheet, put func(string, func())) {
		put("Zone", func() { s.text(b.zone.String()) })
		if p.Working != nil {
			put("Our working time", func() { s.text(p.Working.Name()) })
		}
		if p.Iterations.Days > 0 {
			put("Iterations", func() { s.number(p.Iterations.Days).raw(" days, counted from ").text(day(p.Iterations.Start)) })
		}
		if len(p.Limit) > 0 {
			put("In progress at once, the whole team", func() { b.limits(s, p.Limit) })
		}
		if len(p.Discarded) > 0 {
			put("Resolutions that discard", func() { s.text(strings.Join(p.Discarded, ", ")) })
		}
		if p.Capacity != "" {
			put("Support capacity is measured by", func() { s.text(p.Capacity) })
			put("The reserve for the next iteration goes by", func() { s.text(count(p.Reserve, "whole iteration", "whole iterations")) })
		}
		if len(p.SLANames.Respond)+len(p.SLANames.Resolve) > 0 {
			put("The tracker’s clocks that we compare with", func() {
				s.text(cmp.Or(strings.Join(p.SLANames.Respond, ", "), "none")).raw(" (to respond), ")
				s.text(cmp.Or(strings.Join(p.SLANames.Resolve, ", "), "none")).raw(" (to finish)")
			})
		}
		goals := []struct {
			name  string
			value float64
		}{{"Goal: promises kept, at least", p.Targets.SLA}, {"Goal: working days overloaded, at most", p.Targets.Overload}, {"Goal: support’s share of capacity, at most", p.Targets.Support}}
		for _, g := range goals {
			if g.value > 0 {
				put(g.name, func() { s.text(analysis.Share.Format(record.Num(g.value))) })
			}
		}
		if d := p.Targets.Cycle; d > 0 {
			put("Goal: 85 % of what was started finished within", func() { s.text(analysis.Days.Format(record.Num(d))) })
		}
	})
	if text := part(p.Text, "calendars"); text != "" {
		html += template.HTML(appendText([]byte("<h3>Calendars</h3>\n<pre><code>"), text)) + "</code></pre>"
	}
	return html
}

// part is a top-level part of the policy file, as written.
func part(text, name string) string {
	var b strings.Builder
	in := false
	for line := range strings.Lines(text) {
		if c := line[0]; c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '#' && c != '-' {
			in = strings.HasPrefix(line, name+":")
		}
		if in && !strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	return strings.TrimSpace(b.String())
}

package site

// The parts of the policy that are about people: who is on call, how work comes in, who learns what.

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

func (b *builder) policyRota() template.HTML {
	p := b.policy
	return b.pairs(func(s *sheet, put func(string, func())) {
		for _, v := range p.Rota {
			r := v.Is
			name := "Rota"
			if r.Name != "" {
				name = r.Name
			}
			if v.From != 0 {
				name += ", from " + v.From.In(b.zone).Format("2 Jan 2006")
			}
			put(name, func() {
				s.raw("superheroes ").text(b.names(r.Superheroes))
				if len(r.Sidekicks) > 0 {
					s.raw("; sidekicks ").text(b.names(r.Sidekicks))
				}
				s.raw("; ").number(r.Days).raw(" days each, counted from ").text(day(r.Start)).raw(", handing over at ").text(clock(r.Handover))
				for _, o := range r.Overrides {
					s.raw("<br>").text(b.member(o.Who)).raw(" is ").text(o.Role).raw(" from ").moment(o.From).raw(" to ").moment(o.To)
				}
			})
		}
		for _, e := range p.Escalation {
			name := "At once"
			if e.After > 0 {
				name = "After " + span(e.After)
			}
			put(name, func() { s.text(e.To).raw(", by ").text(e.How) })
		}
	})
}

// clock is a time of day.
func clock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d/time.Hour), int(d%time.Hour/time.Minute))
}

// span is a length of time as the policy has them: minutes and hours.
func span(d time.Duration) string { return analysis.Duration.Format(record.Num(d.Seconds())) }

func (b *builder) names(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = b.member(id)
	}
	return strings.Join(names, ", ")
}

func (b *builder) className(id string) string {
	for i := range b.policy.Classes {
		if b.policy.Classes[i].ID == id {
			return b.policy.Classes[i].Name
		}
	}
	return id
}

func (b *builder) classNames(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = b.className(id)
	}
	return strings.Join(names, ", ")
}

func (b *builder) policyChannels() template.HTML {
	p := b.policy
	return b.pairs(func(s *sheet, put func(string, func())) {
		for _, c := range p.Channels {
			put("Comes in by "+c.Name, func() {
				if len(c.For) > 0 {
					s.raw("for ").text(b.classNames(c.For))
				} else {
					s.raw("no class is asked to come this way")
				}
				if t := ruleText(c.When); t != "" {
					s.raw(" <code>").text(t).raw("</code>")
				}
			})
		}
		for _, r := range p.Ready {
			name := "Ready to start: all support"
			if len(r.Classes) > 0 {
				name = "Ready to start: " + b.classNames(r.Classes)
			}
			put(name, func() {
				s.raw("needs ").text(strings.Join(r.Needs, ", "))
				for i, need := range r.Needs {
					if words := r.Ask[need]; words != "" && slices.Index(r.Needs, need) == i {
						s.raw("; asks for ").text(need).raw(" as “").text(words).raw("”")
					}
				}
			})
		}
		for _, c := range p.Paths {
			put("Told: "+c.Who, func() { s.text(c.How).raw(", ").text(c.When) })
		}
	})
}

func (b *builder) policyServices() template.HTML {
	s := b.sheet(policiesPlace)
	s.list("Services", "Service", "Also called", "Owner")
	for _, v := range b.policy.Services {
		s.raw(`<tr><th scope="row">`).text(v.Name).raw(`</th><td data-head="Also called">`).text(strings.Join(v.Aliases, ", ")).raw(`</td><td data-head="Owner">`).text(b.member(v.Owner)).raw("</td></tr>\n")
	}
	return s.end().html()
}

func (b *builder) policyReleases() template.HTML {
	s := b.sheet(policiesPlace)
	plan := b.policy.Releases.At(b.report.AsOf)
	for i := range plan.Trains {
		t := &plan.Trains[i]
		s.raw("<p>The ").text(t.Train).raw(" train takes its dates from the releases that ").text(t.Tracker).raw(" knows")
		if t.Project != "" {
			s.raw(" of ").text(t.Project)
		}
		if t.Match != nil {
			s.raw(" and whose names match <code>").text(t.Match.String()).raw("</code>")
		}
		s.raw(", as they are planned now.</p>\n")
	}
	if len(plan.Trains) == 0 {
		s.list("Releases", "Release", "Train", "Date", ">Notice, in days")
	} else {
		s.list("Releases", "Release", "Train", "Date", ">Notice, in days", "Dated by")
	}
	for _, r := range plan.Releases {
		s.raw(`<tr><th scope="row">`).text(r.Name).raw(`</th><td data-head="Train">`).text(r.Train).raw(`</td><td data-head="Date">`).text(day(r.Date)).raw(`</td><td class="n" data-head="Notice, in days">`).number(r.Notice)
		if len(plan.Trains) > 0 {
			s.raw(`</td><td data-head="Dated by">`).text(cmp.Or(r.Tracker, "the policy"))
		}
		s.raw("</td></tr>\n")
	}
	return s.end().html()
}

func (b *builder) policyLearning() template.HTML {
	p := b.policy
	return b.pairs(func(s *sheet, put func(string, func())) {
		if p.Postmortems.Worst > 0 {
			put("A postmortem is owed", func() {
				s.raw("for incidents of severity 1")
				if p.Postmortems.Worst > 1 {
					s.raw(" to ").number(p.Postmortems.Worst)
				}
				s.raw(", within ").text(count(p.Postmortems.Days, "working day", "working days")).raw(" of the first finish")
			})
		}
		if p.Pages.Window > 0 {
			put("Pages of one interruption", func() {
				s.raw("closer than ").text(span(p.Pages.Window)).raw(" to the one before")
			})
		}
		if p.Pages.SleepFrom != p.Pages.SleepTo {
			put("Sleeping hours", func() { s.text(clock(p.Pages.SleepFrom)).raw(" to ").text(clock(p.Pages.SleepTo)) })
		}
		if p.Pages.Join > 0 {
			put("May be one fire", func() {
				s.raw("a page and an emergency of one service, closer than ").text(span(p.Pages.Join)).raw(" to each other: suggested, and counted nowhere")
			})
		}
		if p.Pages.Origin != "" {
			put("Who raises a page", func() { s.raw("a ").text(p.Pages.Origin).raw(", where the pager does not say") })
		}
		for _, r := range p.Review {
			put(r.Name, func() {
				s.raw("every ").text(r.Every)
				if r.About != "" {
					s.raw(": ").text(r.About)
				}
			})
		}
		for _, k := range p.Streaks {
			put("Counted days without: "+k.Name, func() { s.raw("<code>").text(ruleText(k.When)).raw("</code>") })
		}
	})
}

func (b *builder) policyExperiments() template.HTML {
	s := b.sheet(policiesPlace)
	s.list("Experiments", "Since", "Experiment", "About", "Expected")
	for _, e := range b.policy.Experiments {
		s.raw(`<tr><th scope="row" class="day">`).text(day(e.Date)).raw("</th><td>")
		if slices.ContainsFunc(b.report.Tried, func(t analysis.Tried) bool { return t.ID == e.ID }) {
			s.raw(`<a href="`, s.root, beforeAfterPlace, "#").text(experimentID(&e)).raw(`">`).text(e.Name).raw("</a>")
		} else {
			s.text(e.Name)
		}
		s.raw(`</td><td data-head="About">`).text(e.About).raw(`</td><td data-head="Expected">`).text(e.Expect).raw("</td></tr>\n")
	}
	return s.end().html()
}

func (b *builder) policyTeam() template.HTML {
	s := b.sheet(policiesPlace)
	s.list("The team", "Member", "Accounts", "On the team")
	for _, m := range b.policy.Team.Members {
		s.raw(`<tr><th scope="row">`).text(m.Name).raw(`</th><td data-head="Accounts">`).text(strings.Join(m.Accounts, ", ")).raw(`</td><td data-head="On the team">`)
		if m.From != 0 {
			s.raw("from ").text(m.From.In(b.zone).Format("2 Jan 2006")).raw(" ")
		}
		if m.Until != 0 {
			s.raw("until ").text(m.Until.In(b.zone).Format("2 Jan 2006"))
		}
		s.raw("</td></tr>\n")
	}
	s.end()
	if len(b.policy.Team.Bots) > 0 {
		s.raw(`<p class="detail">Not people: `).text(strings.Join(b.policy.Team.Bots, ", ")).raw(".</p>")
	}
	return s.html()
}

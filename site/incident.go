package site

// What an incident's entry tells beyond an item's: one timeline of all who know of the fire, each line
// saying who tells it, and the way up the escalation path as it was planned and as it went. People stand
// here in their roles: who was called matters to the next one on call, a name does not.

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// Who tells a line of the timeline.
const (
	fromTracker    = "tracker"
	fromPager      = "pager"
	fromPostmortem = "postmortem"
	fromPolicy     = "policy" // what the policy makes of what the others tell
)

// What of a fire stands on one entry: an alert that went off a thousand times under one key is one fire.
const (
	mostToldPages = 40  // pages in the timeline
	mostLines     = 240 // lines of it
	mostWays      = 4   // pages whose way up is told
	mostRungs     = 60  // lines of one way
)

// timeline writes what happened in the fire that an item is of, whoever tells it, oldest first.
func (b *builder) timeline(s *sheet, it *analysis.Item, f *analysis.Fire) {
	items, pages := []*analysis.Item{it}, it.Pages
	if f != nil {
		items, pages = f.Items, f.Pages
	}
	var es []event
	for _, of := range items {
		from := len(es)
		es = b.events(es, of)
		for i := from; i < len(es); i++ {
			es[i].from = cmp.Or(es[i].from, fromTracker)
			if of != it {
				es[i].of = of.Key
			}
		}
	}
	for _, p := range pages[:min(mostToldPages, len(pages))] {
		es = b.pageEvents(es, p, len(pages) > 1)
	}
	for _, p := range b.told[it] {
		for _, e := range p.Events {
			if e.At != 0 {
				es = append(es, event{at: e.At, atDay: e.Day, from: fromPostmortem, name: short(e.Text, 400)})
			}
		}
	}
	slices.SortStableFunc(es, func(x, y event) int { return cmp.Compare(x.at, y.at) })
	s.raw("<h2>What happened</h2>\n")
	if len(pages) > mostToldPages {
		s.raw(`<p class="detail">The first `).number(mostToldPages).raw(" of ").number(len(pages)).raw(" pages are told here.</p>\n")
	}
	s.raw("<ol class=\"story joined\">\n")
	cut := max(0, len(es)-mostLines)
	var last event
	for i, e := range es {
		if cut > 0 && mostLines/2 <= i && i < mostLines/2+cut {
			if i == mostLines/2 {
				s.raw("<li>… ").number(cut).raw(" lines are left out here …")
			}
			continue
		}
		if i > 0 && e.at == last.at && (e.from == fromTracker || e.from == fromPolicy) && last.from == e.from && e.of == last.of {
			s.raw(", ")
		} else {
			b.lineStart(s, &e)
		}
		b.lineText(s, &e)
		last = e
	}
	s.raw("\n</ol>\n")
}

func (b *builder) lineStart(s *sheet, e *event) {
	s.raw("<li>")
	if e.atDay {
		s.raw(`<time datetime="`).text(e.at.In(b.zone).Format("2006-01-02")).raw(`">`).text(e.at.In(b.zone).Format("Mon 2 Jan 2006")).raw("</time>")
	} else {
		s.moment(e.at)
	}
	s.raw(` <span class="from from-`, e.from, `">`, e.from, "</span> ")
	if e.of != "" {
		s.raw(`<span class="detail">`).title(e.of).raw("</span> ")
	}
}

func (b *builder) lineText(s *sheet, e *event) {
	s.raw(e.what)
	switch {
	case e.slot != "":
		s.tag(e.slot, e.name)
	case e.name != "":
		s.title(e.name)
	}
}

// pageEvents appends what the pager tells of a page; named says whether each line must say of which.
func (b *builder) pageEvents(es []event, p *analysis.Page, named bool) []event {
	of := ""
	if named {
		of = pageName(p)
	}
	for _, r := range b.report.Climb(p) {
		if r.Event == nil {
			continue
		}
		e := event{at: r.At, from: fromPager, of: of, what: b.deed(r.Event, p)}
		if r.Event.Kind == record.EventTriggered {
			e.what, e.name = "Paged: ", short(p.Title, 200)
		}
		es = append(es, e)
	}
	return es
}

// deed is an event of the pager's log in words of our own: roles, and no foreign word.
func (b *builder) deed(e *record.Event, p *analysis.Page) string {
	by, to := b.someone(e.By, e.At), b.someone(e.To, e.At)
	with := func(verb, joint, who string) string {
		if who == "" {
			return verb
		}
		return verb + joint + who
	}
	switch e.Kind {
	case record.EventTriggered:
		return with("Triggered", " by ", by)
	case record.EventNotified:
		return with("Notified", " ", to)
	case record.EventAcknowledged:
		return with("Acknowledged", " by ", by)
	case record.EventUnacknowledged:
		return "No longer acknowledged"
	case record.EventEscalated:
		return with("Escalated", " to ", to)
	case record.EventReassigned:
		return with("Reassigned", " to ", to)
	case record.EventSnoozed:
		return with("Snoozed", " by ", by)
	case record.EventChanged:
		return "Changed"
	case record.EventNoted:
		return with("Note written", " by ", by)
	case record.EventMerged:
		return "Merged"
	case record.EventReopened:
		return with("Reopened", " by ", by)
	case record.EventResolved:
		if by == "" && p.AutoClosed {
			return "Resolved by itself"
		}
		return with("Resolved", " by ", by)
	}
	return "Something the pager has no word for"
}

// ways are the pagers' words for how they reached somebody, or were answered, in ours.
var ways = map[string]string{
	"api": "through its API", "auto": "by a machine", "email": "by e-mail", "email_notification": "by e-mail", "mobile": "in the app", "phone": "by phone", "phone_notification": "by phone",
	"push": "by push message", "push_notification": "by push message", "sms": "by SMS", "sms_notification": "by SMS", "timeout": "by timeout", "voice": "by phone", "web": "on its site", "website": "on its site",
}

// way writes how an event came about. A word that is not known stands as the pager wrote it.
func way(s *sheet, e *record.Event) {
	if e.How == "" {
		return
	}
	s.raw(` <span class="detail">`)
	if known := ways[strings.ToLower(e.How)]; known != "" {
		s.text(known)
	} else if sec, err := strconv.Atoi(e.How); err == nil && e.Kind == record.EventSnoozed {
		s.text("for " + analysis.Duration.Format(record.Num(float64(sec))))
	} else {
		s.title(short(e.How, 80))
	}
	s.raw("</span>")
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return count(n, "time", "times")
}

// someone is a person in their role: "the superhero".
func (b *builder) someone(who record.Person, at record.Instant) string {
	if !who.Known() {
		return ""
	}
	switch role := b.report.RoleOf(who, at); {
	case role == analysis.Superhero || role == analysis.Sidekick:
		return "the " + role
	case role != "":
		return "somebody on call"
	case who.Bot:
		return "a machine"
	case b.report.Ours(who):
		return "somebody else of the team"
	}
	return "somebody outside the team"
}

// wayUp writes the escalation path of the fire's pages: what the policy plans, what really happened.
func (b *builder) wayUp(s *sheet, f *analysis.Fire) {
	if f == nil {
		return
	}
	var pages []*analysis.Page
	more := 0
	for _, p := range f.Pages {
		if p.Into != nil {
			continue
		}
		if len(pages) < mostWays {
			pages = append(pages, p)
		} else {
			more++
		}
	}
	if len(pages) == 0 {
		return
	}
	s.raw("<section class=\"wayup\"><h2>The way up</h2>\n")
	for _, p := range pages {
		s.raw("<h3>")
		b.pageTitle(s, p)
		s.raw("</h3>\n")
		if len(p.Events) == 0 {
			s.raw(`<p class="detail">The pager’s log of it was not exported: what happened is what the page itself says.`)
			if p.Escalated > 0 {
				s.raw(" It was escalated ").text(times(p.Escalated)).raw(".")
			}
			s.raw("</p>\n")
		}
		rungs := b.report.Climb(p)
		s.begin("The way up of "+pageName(p), ">After", "Planned", "What happened")
		for _, r := range rungs[:min(mostRungs, len(rungs))] {
			s.raw(`<tr><th scope="row" class="n">`).text(analysis.Duration.Format(record.Num(r.After.Seconds()))).raw("</th><td>")
			if r.Plan != nil {
				s.text(r.Plan.To)
				if r.Plan.How != "" {
					s.raw(", by ").text(r.Plan.How)
				}
				if !r.Needed {
					s.raw(` <span class="detail">not needed</span>`)
				}
				s.raw("</td><td>")
			} else {
				s.raw("</td><td>").text(b.deed(r.Event, p))
				way(s, r.Event)
			}
			s.raw("</td></tr>\n")
		}
		s.end().raw("\n")
		if len(rungs) > mostRungs {
			s.raw(`<p class="detail">The first `).number(mostRungs).raw(" of ").number(len(rungs)).raw(" lines.</p>\n")
		}
	}
	if more > 0 {
		s.raw(`<p class="detail">`).text(count(more, "further page", "further pages")).raw(" of this fire are in the table of its pages.</p>\n")
	}
	s.raw("</section>\n")
}

// suggestions writes which pages may belong to an item, which is no join until somebody says so.
func (b *builder) suggestions(s *sheet, it *analysis.Item) {
	found := b.suggested[it]
	if len(found) == 0 {
		return
	}
	s.raw("<section class=\"suggested\"><h2>May belong to it</h2>\n<p class=\"quiet\">A suggestion, counted nowhere: name the key in the page, or the page in the issue, and it is certain.</p>\n")
	s.list("Suggested pages", "Page", "Service", "Triggered", "Why")
	for _, g := range found[:min(mostPages, len(found))] {
		s.raw(`<tr><th scope="row">`)
		b.pageTitle(s, g.Page)
		s.raw("</th><td>")
		b.pageService(s, g.Page)
		s.raw("</td><td>").moment(g.Page.Triggered).raw("</td><td>").text(g.Why).raw("</td></tr>\n")
	}
	s.end().raw("</section>\n")
}

package site

// Why an item is where it is: what the rules saw, its stages, and the story of its clocks. Only open items
// and those finished lately have it on their entry; of the others there are too many, and nobody argues
// about them any more.

import (
	"strings"

	"github.com/firebreak/firebreak/analysis"
)

// traced says whether the entry of an item tells why it is where it is.
func (b *builder) traced(it *analysis.Item) bool {
	return it.Open() || int64(b.report.AsOf)-int64(it.Finished) < recent
}

// mostStretches is how many stretches of a clock, stages, or judgements an entry tells.
const mostStretches = 40

// trace writes why the item is where it is.
func (b *builder) trace(s *sheet, it *analysis.Item) {
	if !b.traced(it) {
		return
	}
	x := b.report.Explain(it)
	b.saw(s, &x)
	b.stays(s, &x)
	if len(x.Respond.Dues)+len(x.Resolve.Dues) > 0 && it.Coarse == "" {
		s.raw("<details class=\"trace\"><summary>How it came to be due then</summary>\n")
		b.account(s, "Respond", "responding", &x.Respond)
		b.account(s, "Resolve", "resolving", &x.Resolve)
		s.raw("</details>\n")
	}
	b.ties(s, &x)
}

// saw writes what every rule saw, up to the one that held.
func (b *builder) saw(s *sheet, x *analysis.Explanation) {
	if len(x.Judged) == 0 {
		return
	}
	s.raw("<details class=\"trace\"><summary>What the rules saw</summary>\n")
	s.list("What the rules saw", "Rule", "Held", "Asked", "What it saw")
	for i := range x.Judged {
		if i == mostStretches {
			s.raw(`<tr><th scope="row" colspan="4">… and `).number(len(x.Judged) - i).raw(" more changes</th></tr>\n")
			break
		}
		g := &x.Judged[i]
		s.raw(`<tr><th scope="row" colspan="4">`).second(g.At).raw(": ")
		if g.Severities != nil {
			b.severityTag(s, g.Severity)
			s.raw(" ")
		}
		if g.Classes != nil {
			s.tag(b.palette.Class(g.Class), g.Class.Title())
		}
		why := "created"
		if len(g.Why) > 0 {
			why = strings.Join(g.Why, "; ")
		}
		s.raw(` <span class="detail">`).title(short(why, 300)).raw("</span></th></tr>\n")
		b.asked(s, g.Severities)
		b.asked(s, g.Classes)
	}
	s.end().raw("</details>\n")
}

func (b *builder) asked(s *sheet, rules []analysis.Asked) {
	for i := range rules {
		a := &rules[i]
		s.raw("<tr><td>").text(a.Name).raw(`</td><td data-head="Held">`)
		switch {
		case a.Held:
			s.raw("yes")
		case a.Fault != "":
			s.raw(`no <span class="detail">could not be answered: `).text(short(a.Fault, 200)).raw("</span>")
		default:
			s.raw("no")
		}
		s.raw(`</td><td data-head="Asked"><code>`).text(a.Text).raw(`</code></td><td data-head="What it saw">`)
		for k, f := range a.Saw {
			if k > 0 {
				s.raw(", ")
			}
			s.text(f.Name).raw(" is ").title(short(f.Value, 120))
		}
		s.raw("</td></tr>\n")
	}
}

// stays writes the stages an item went through, and what was done to it.
func (b *builder) stays(s *sheet, x *analysis.Explanation) {
	s.raw("<details class=\"trace\"><summary>Its stages, and what was done</summary>\n")
	s.list("Its stages", "Entered", "Left", "Stage", ">Elapsed", ">Working time", "By")
	for i := range x.Stays {
		if i == mostStretches {
			s.raw(`<tr><th scope="row" colspan="6">… and `).number(len(x.Stays) - i).raw(" more</th></tr>\n")
			break
		}
		y := &x.Stays[i]
		s.raw(`<tr><th scope="row" data-head="Entered">`).second(y.From).raw(`</th><td data-head="Left">`).second(y.To).raw("</td><td>")
		b.stageTag(s, y.Stage)
		if y.Waits != "" {
			s.raw(` <span class="detail">`, y.Waits, "</span>")
		}
		s.raw(`</td><td class="n" data-head="Elapsed">`)
		if y.To != 0 || y.Stage.Kind != analysis.Done {
			s.text(analysis.ExactElapsed(y.Elapsed)).raw(`</td><td class="n" data-head="Working time">`).text(analysis.Exact(y.Work))
		} else {
			s.raw(`–</td><td class="n" data-head="Working time">–`)
		}
		s.raw(`</td><td data-head="By">`).title(short(y.How, 160))
		if y.By != "" {
			s.raw(` <span class="detail">`, y.By, "</span>")
		}
		s.raw("</td></tr>\n")
	}
	s.end().raw("\n")
	s.list("What was done", "When", "What", "By")
	for _, d := range append(x.Deeds, x.Passed...) {
		s.raw(`<tr><th scope="row">`).second(d.At).raw("</th><td>", d.What, `</td><td data-head="By">`).title(short(d.How, 160))
		if d.By != "" {
			s.raw(` <span class="detail">`, d.By, "</span>")
		}
		s.raw("</td></tr>\n")
	}
	s.end().raw("</details>\n")
}

// account writes how a promise came to its verdict: each change of its due, and its clock, stretch by stretch.
func (b *builder) account(s *sheet, name, doing string, a *analysis.Account) {
	if len(a.Dues) == 0 || len(a.Dues) == 1 && a.Dues[0].Due == 0 {
		return // nothing was ever promised
	}
	s.list(name, name, "Due", "Because")
	for _, d := range a.Dues {
		s.raw(`<tr><th scope="row" data-head="`, name, `">from `).second(d.At).raw(`</th><td data-head="Due">`)
		if d.Due == 0 {
			s.raw("never")
		} else {
			s.second(d.Due)
		}
		s.raw(`</td><td data-head="Because">`).text(d.Why)
		if d.Target.Text != "" {
			s.raw(` <span class="detail">`).text(d.Target.Text).raw("</span>")
		}
		s.raw("</td></tr>\n")
	}
	s.end().raw("\n")
	if len(a.Stretches) > 0 {
		b.clock(s, "The clock of "+doing, a)
	}
	s.raw(`<p class="quiet">`)
	if a.Calendar != "" {
		s.raw("On the calendar ").text(a.Calendar).raw(": ")
	}
	s.text(b.report.Total(a)).raw(".</p>\n")
}

// clock writes what each stretch of a clock adds.
func (b *builder) clock(s *sheet, name string, a *analysis.Account) {
	s.list(name, "From", "To", "Stage", name, ">Adds")
	for i := range a.Stretches {
		if i == mostStretches {
			s.raw(`<tr><th scope="row" colspan="5">… and `).number(len(a.Stretches) - i).raw(" more</th></tr>\n")
			break
		}
		x := &a.Stretches[i]
		s.raw(`<tr><th scope="row" data-head="From">`).second(x.From).raw(`</th><td data-head="To">`).second(x.To).raw("</td><td>")
		b.stageTag(s, x.Stage)
		s.raw(`</td><td data-head="Clock">`, x.Clock)
		if len(x.Off) > 0 {
			s.raw(` <span class="detail">not on `).text(strings.Join(x.Off, ", ")).raw("</span>")
		}
		s.raw(`</td><td class="n" data-head="Adds">`).text(a.Exact(x.Adds)).raw("</td></tr>\n")
	}
	s.end().raw("\n")
}

// ties writes who waits for whom, as the tracker's links tell.
func (b *builder) ties(s *sheet, x *analysis.Explanation) {
	if len(x.Ties) == 0 {
		return
	}
	s.raw("<details class=\"trace\"><summary>What it is linked to</summary>\n")
	s.begin("What it is linked to", "Link", "Item", "Stage")
	for i := range x.Ties {
		if i == mostStretches {
			s.raw(`<tr><th scope="row" colspan="3">… and `).number(len(x.Ties) - i).raw(" more</th></tr>\n")
			break
		}
		y := &x.Ties[i]
		s.raw(`<tr><th scope="row">`).title(short(y.Kind, 80))
		if y.Says != "" {
			s.raw(` <span class="detail">`, y.Says, "</span>")
		}
		s.raw("</th><td>")
		if y.Item != nil {
			b.itemLink(s, y.Item, true)
			s.raw("</td><td>")
			b.stageTag(s, y.Item.Stage())
		} else {
			s.title(short(y.To, 120)).raw(`</td><td>not known here`)
		}
		s.raw("</td></tr>\n")
	}
	s.end().raw("</details>\n")
}

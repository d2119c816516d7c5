package site

// The tracker's own SLA clocks on an item's entry, beside our verdicts: whether they agree, and if not, why
// (analysis/sla_tracker.go).

import (
	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// mostClocks is how many cycles an entry tells. An issue that was reopened a hundred times is still one.
const mostClocks = 20

// clocks writes what the tracker's own clocks say.
func (b *builder) clocks(s *sheet, it *analysis.Item) {
	if len(it.TrackerSLAs) == 0 {
		return
	}
	s.raw("<section class=\"theirs\"><h2>The tracker’s own SLA clocks</h2>\n<p class=\"quiet\">This is the tracker’s word, by its own goals and calendars")
	if it.TrackerSaid != 0 {
		s.raw(", as it stood at ").moment(it.TrackerSaid)
	}
	s.raw(". It counts in no figure of ours but <a href=\"", s.root).text(metricPlace("sla-tracker")).raw("\">the one that compares the two</a>.</p>\n")
	s.list("The tracker’s own SLA clocks", "Clock", "The tracker’s verdict", "Ours", ">Elapsed", ">Goal", "Due")
	cycles := b.report.Cycles(it)
	cut := max(0, len(it.TrackerSLAs)-mostClocks)
	for i := range it.TrackerSLAs[:len(it.TrackerSLAs)-cut] {
		c := &it.TrackerSLAs[i]
		s.raw(`<tr><th scope="row">`).title(short(c.Name, 120)).raw(` <span class="detail">from `).moment(c.Started)
		if c.Stopped != 0 {
			s.raw(" to ").moment(c.Stopped)
		}
		word, class := theirVerdict(c)
		s.raw(`</span></th><td><span class="`, class, `">`, word)
		switch {
		case c.Breached && c.Paused:
			s.raw(", now paused")
		case c.Breached && c.Stopped == 0:
			s.raw(", still running")
		}
		s.raw(`</span></td><td data-head="Ours">`)
		ours(s, &cycles[i])
		s.raw(`</td><td class="n" data-head="Elapsed">`).text(analysis.Work.Format(record.Num(c.Elapsed.Seconds()))).raw(`</td><td class="n" data-head="Goal">`)
		if c.Goal > 0 {
			s.text(analysis.Work.Format(record.Num(c.Goal.Seconds())))
		} else {
			s.raw("–")
		}
		s.raw(`</td><td data-head="Due">`).moment(c.Due).raw("</td></tr>\n")
	}
	if cut > 0 {
		s.raw(`<tr><th scope="row" colspan="6">… and `).number(cut).raw(" more</th></tr>\n")
	}
	s.end().raw("</section>\n")
}

// ours writes what we say of a cycle, and why it is not what the tracker says.
func ours(s *sheet, c *analysis.Cycle) {
	switch {
	case c.Skipped != "":
		s.raw(`<span class="detail">not compared: `).text(c.Skipped).raw("</span>")
	case c.Agrees:
		s.raw("agrees")
	default:
		s.raw(`<span class="`, c.Ours.Outcome.String(), `">`).text(c.Says()).raw(`</span> <span class="detail">`).text(string(c.Reason)).raw(": ").text(c.Because).raw("</span>")
	}
}

// theirVerdict is the tracker's verdict on a cycle in a word, and the class of its looks.
func theirVerdict(c *record.SLA) (word, class string) {
	switch {
	case c.Breached:
		return "breached", "missed"
	case c.Stopped != 0:
		return "met", "met"
	case c.Paused:
		return "paused", "running"
	}
	return "running", "running"
}

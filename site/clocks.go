package site

// The tracker's own SLA clocks on an item's entry. They are the tracker's word: nothing here judges
// them, and no figure counts them.

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
	s.raw(". It may differ from our verdict, and counts in no figure.</p>\n")
	s.list("The tracker’s own SLA clocks", "Clock", "The tracker’s verdict", ">Elapsed", ">Goal", "Due")
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
		s.raw(`</span></td><td class="n" data-head="Elapsed">`).text(analysis.Work.Format(record.Num(c.Elapsed.Seconds()))).raw(`</td><td class="n" data-head="Goal">`)
		if c.Goal > 0 {
			s.text(analysis.Work.Format(record.Num(c.Goal.Seconds())))
		} else {
			s.raw("–")
		}
		s.raw(`</td><td data-head="Due">`).moment(c.Due).raw("</td></tr>\n")
	}
	if cut > 0 {
		s.raw(`<tr><th scope="row" colspan="5">… and `).number(cut).raw(" more</th></tr>\n")
	}
	s.end().raw("</section>\n")
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

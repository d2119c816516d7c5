package site

// Why an item is due when it is: the story of its clock. Only open items and those finished lately
// have it on their entry; of the others there are too many, and nobody argues about them any more.

import (
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// traced says whether the entry of an item tells its SLA traces.
func (b *builder) traced(it *analysis.Item) bool {
	return it.Open() || int64(b.report.AsOf)-int64(it.Finished) < recent
}

// stretch is a piece of a trace without its nights and weekends.
type stretch struct {
	from, to record.Instant
	stage    *analysis.Stage
	clock    string
	hours    bool     // it runs in working hours only
	off      []string // the holidays in it
}

// mostStretches is how many an entry tells.
const mostStretches = 40

// trace writes how both promises came to their verdicts.
func (b *builder) trace(s *sheet, it *analysis.Item) {
	if it.Coarse != "" || it.Respond.Outcome == analysis.Unpromised && it.Resolve.Outcome == analysis.Unpromised || !b.traced(it) {
		return
	}
	respond, resolve := b.report.Trace(it)
	s.raw("<details class=\"trace\"><summary>How it came to be due then</summary>\n")
	for _, p := range []struct {
		name  string
		trace *analysis.Trace
	}{{"Respond", &respond}, {"Resolve", &resolve}} {
		if len(p.trace.Dues) == 0 || len(p.trace.Dues) == 1 && p.trace.Dues[0].Due == 0 {
			continue // nothing was ever promised
		}
		s.begin(p.name, p.name, "Due", "Because")
		for _, d := range p.trace.Dues {
			s.raw(`<tr><th scope="row">from `).moment(d.At).raw("</th><td>")
			if d.Due == 0 {
				s.raw("never")
			} else {
				s.moment(d.Due)
			}
			s.raw("</td><td>").text(d.Why)
			if d.Target.Text != "" {
				s.raw(` <span class="detail">`).text(d.Target.Text).raw("</span>")
			}
			s.raw("</td></tr>\n")
		}
		s.end().raw("\n")
	}
	stretches := stretchesOf(&resolve)
	s.begin("The clock of resolving", "From", "To", "Stage", "Clock of resolving")
	for i := range stretches {
		if i == mostStretches {
			s.raw(`<tr><th scope="row" colspan="4">… and `).number(len(stretches) - i).raw(" more</th></tr>\n")
			break
		}
		x := &stretches[i]
		s.raw(`<tr><th scope="row">`).moment(x.from).raw("</th><td>").moment(x.to).raw("</td><td>")
		b.stageTag(s, x.stage)
		s.raw("</td><td>").raw(x.clock)
		if x.hours {
			s.raw(" in working hours")
		}
		if len(x.off) > 0 {
			s.raw(` <span class="detail">not on `).text(strings.Join(x.off, ", ")).raw("</span>")
		}
		s.raw("</td></tr>\n")
	}
	s.end().raw("</details>\n")
}

// stretchesOf joins the segments of a trace that differ only in whether anybody was at work.
func stretchesOf(t *analysis.Trace) []stretch {
	var all []stretch
	for _, g := range t.Segments {
		clock, off := "runs", ""
		switch {
		case g.Cause == "done", g.Cause == "no promise":
			clock = g.Cause
		case !g.Running && g.Stage != nil && g.Cause == g.Stage.Name:
			clock = "stands still"
		case !g.Running && g.Cause != "off hours":
			off = strings.TrimPrefix(g.Cause, "holiday: ")
		}
		if n := len(all); n == 0 || all[n-1].clock != clock || all[n-1].stage != g.Stage {
			all = append(all, stretch{from: g.From, stage: g.Stage, clock: clock})
		}
		last := &all[len(all)-1]
		last.to = g.To
		last.hours = last.hours || clock == "runs" && !g.Running
		if off != "" && (len(last.off) == 0 || last.off[len(last.off)-1] != off) {
			last.off = append(last.off, off)
		}
	}
	return all
}

package main

// The story's own reckoning, by quarter: what the simulation itself knows of what it told. firebreak's
// figures follow METRICS.md and the policy; these are here to tune the story by, and for the tests.

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// chapter is a stretch of the story.
type chapter struct {
	name                       string
	from, to                   string
	created, support, restarts int
	met, missed                int
	pages, sleep               int
	overloaded, workdays       int
	open                       int
	kept                       [fOdd + 1][2]int // by flavour: met, missed
}

var chapterDates = []string{"2025-05-01", "2025-08-01", "2025-11-01", "2026-02-01", "2026-05-01", "2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01", "2026-11-03"}

func (w *world) truth() []chapter {
	var all []chapter
	for i := 1; i < len(chapterDates); i++ {
		c := chapter{name: chapterDates[i-1] + "…", from: chapterDates[i-1], to: chapterDates[i]}
		a, b := w.cal.at(c.from), w.cal.at(c.to)
		for _, it := range w.items {
			if it.pull {
				continue
			}
			if it.born >= a && it.born < b {
				c.created++
				if it.support() {
					c.support++
				}
				if hasLabel(it.labels, "restart") {
					c.restarts++
				}
			}
			if it.decided >= a && it.decided < b {
				if it.broken {
					c.missed++
					c.kept[it.flavour][1]++
				} else {
					c.kept[it.flavour][0]++
					c.met++
				}
			}
			if it.born < b && (it.closed == 0 || it.closed >= b) {
				c.open++
			}
		}
		for _, p := range w.pages {
			if p.at >= a && p.at < b {
				c.pages++
				if w.sleeping(p.at) {
					c.sleep++
				}
			}
		}
		for t := a; t < b && t < w.cal.to; t += day {
			if !w.cal.workday(w.cal.local(t + 12*hour)) {
				continue
			}
			c.workdays++
			limit := 16
			if t >= w.cal.at("2026-01-05") {
				limit = 14
			}
			if t >= w.cal.at("2026-07-06") {
				limit = 12
			}
			if w.running(t+20*hour) > limit {
				c.overloaded++
			}
		}
		all = append(all, c)
	}
	return all
}

// running counts what was started and not done at t.
func (w *world) running(t int64) int {
	n := 0
	for _, it := range w.items {
		if it.pull || it.born > t {
			continue
		}
		status, active := stNew, false
		for i := range it.log {
			a := &it.log[i]
			if a.at > t {
				break
			}
			if a.what == aStatus {
				status = a.to
			}
			if it.code && a.what == aAssignee && a.person != nil {
				active = true
			}
			active = active || status == stDoing || status == stReview
		}
		if active && status != stDone {
			n++
		}
	}
	return n
}

func hasLabel(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// tell prints the truth as a table.
func (w *world) tell(out io.Writer) {
	tw := tabwriter.NewWriter(out, 2, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "from\tcreated\tsupport\tmet\tmissed\tmet %\trestarts\tpages\tasleep\toverloaded\tworkdays\topen at end\t")
	for _, c := range w.truth() {
		fmt.Fprintf(tw, "%s\t%d\t%d %%\t%d\t%d\t%d %%\t%d\t%d\t%d\t%d\t%d\t%d\t\n", c.from, c.created, 100*c.support/max(1, c.created),
			c.met, c.missed, 100*c.met/max(1, c.met+c.missed), c.restarts, c.pages, c.sleep, c.overloaded, c.workdays, c.open)
	}
	fmt.Fprintln(tw, "\nfrom\trestart\toutage\tasap\tmaintenance\tmajor\trequest\tfeature\tcode bug\t")
	for _, c := range w.truth() {
		fmt.Fprintf(tw, "%s\t", c.from)
		for _, k := range c.kept[:fCodeTask] {
			fmt.Fprintf(tw, "%d+%d\t", k[0], k[1])
		}
		fmt.Fprintln(tw)
	}
	tw.Flush()
}

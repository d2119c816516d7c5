package analysis

// The weekly series of metrics that look at months or days otherwise: what is counted is theirs, and only the
// weeks are cut here.

import "github.com/firebreak/firebreak/collectors/record"

// longWeeks is ten years of weeks.
const longWeeks = 522

// wholeWeeks are the weeks that a weekly series is made of: all whole ones from the first item on, ten years
// at most. A comparison with what was before an experiment wants more of them than are drawn.
func (n *Night) wholeWeeks() []Period { return n.weeks(longWeeks) }

// ofWeeks are the values of weeks, or other periods; no data where the trackers cannot speak for one.
func (n *Night) ofWeeks(weeks []Period, vs []record.Number) []record.Number {
	for i, w := range weeks {
		if !n.tells(w) {
			vs[i] = record.Number{}
		}
	}
	return vs
}

// ofPagerWeeks are the same of pagers: where they can speak for a part of a week only, a count is of no week.
func (n *Night) ofPagerWeeks(weeks []Period, vs []record.Number) []record.Number {
	for i, w := range weeks {
		if !n.heard.whole(w) {
			vs[i] = record.Number{}
		}
	}
	return vs
}

// sharesOf are k of n by week, blank where n is too small for a share.
func sharesOf(k, n []int) []record.Number {
	vs := make([]record.Number, len(k))
	for i := range k {
		vs[i] = shareOf(k[i], n[i], Period{}).point()
	}
	return vs
}

// mediansOf are the medians of weeks, blank where there are too few values.
func mediansOf(values [][]float64) []record.Number {
	vs := make([]record.Number, len(values))
	for i, of := range values {
		if len(of) >= Fewest {
			vs[i] = record.Num(Percentile(of, 0.5))
		}
	}
	return vs
}

// flowByWeek are arrivals and throughput. What comes in is neither good nor bad.
func (n *Night) flowByWeek() []Weekly {
	weeks := n.wholeWeeks()
	in, through := make([]int, len(weeks)), make([]int, len(weeks))
	add := func(to []int, t record.Instant) {
		if i := find(weeks, t); i >= 0 {
			to[i]++
		}
	}
	for _, it := range n.Items {
		add(in, it.Created)
		for _, t := range it.Reopened {
			add(in, t)
		}
		if !it.Open() && !it.Discarded {
			add(through, it.Finished)
		}
	}
	return []Weekly{
		{Name: "weekly-arrivals", Title: "Arrivals", Unit: Items, Weeks: weeks, Values: n.ofWeeks(weeks, numbers(in))},
		{Name: "weekly-throughput", Title: "Throughput", Unit: Items, Weeks: weeks, Values: n.ofWeeks(weeks, numbers(through)), Worse: -1},
	}
}

// cycleByWeek is the median cycle time of what was finished in each week.
func (n *Night) cycleByWeek() Weekly {
	weeks := n.wholeWeeks()
	times := make([][]float64, len(weeks))
	for _, it := range n.Items {
		if !it.Open() && !it.Discarded && it.Coarse == "" && it.Started != 0 {
			if i := find(weeks, it.Finished); i >= 0 {
				times[i] = append(times[i], it.Finished.Sub(it.Started).Seconds())
			}
		}
	}
	return Weekly{Name: "weekly-median", Title: "Median cycle time", Unit: Duration, Weeks: weeks, Values: n.ofWeeks(weeks, mediansOf(times)), Worse: 1}
}

// keptByWeek is the share of promises kept of what was decided in each week.
func (n *Night) keptByWeek(w vow) Weekly {
	weeks := n.wholeWeeks()
	met, all := make([]int, len(weeks)), make([]int, len(weeks))
	for _, it := range n.Items {
		if v := w.of(it); v.Outcome == Met || v.Outcome == Missed {
			if i := find(weeks, v.Decided); i >= 0 {
				met[i] += one(v.Outcome == Met)
				all[i]++
			}
		}
	}
	return Weekly{Name: "weekly-kept", Title: w.kept, Unit: Share, Weeks: weeks, Values: n.ofWeeks(weeks, sharesOf(met, all)), Worse: -1}
}

// answerByWeek is the median time to acknowledge of the pages of each week.
func (n *Night) answerByWeek() Weekly {
	weeks := n.pagerWeeks(longWeeks)
	times := make([][]float64, len(weeks))
	for _, p := range n.Pages {
		if p.Into == nil && p.Acked != 0 && p.Acked >= p.Triggered {
			if i := find(weeks, p.Triggered); i >= 0 {
				times[i] = append(times[i], p.Acked.Sub(p.Triggered).Seconds())
			}
		}
	}
	return Weekly{Name: "weekly-acknowledge", Title: "Median time to acknowledge", Unit: Duration, Weeks: weeks, Values: n.ofPagerWeeks(weeks, mediansOf(times)), Worse: 1}
}

// pagesByWeek are pages, the interruptions that they make, and those in sleeping hours.
func (n *Night) pagesByWeek() []Weekly {
	weeks := n.pagerWeeks(longWeeks)
	pages, breaks, asleep := make([]int, len(weeks)), make([]int, len(weeks)), make([]int, len(weeks))
	for _, p := range n.Pages {
		if p.Into != nil {
			continue
		}
		if i := find(weeks, p.Triggered); i >= 0 {
			pages[i]++
			breaks[i] += one(p.Breaks)
			asleep[i] += one(n.Asleep(p))
		}
	}
	weekly := func(name, title string, counts []int) Weekly {
		return Weekly{Name: name, Title: title, Unit: Items, Weeks: weeks, Values: n.ofPagerWeeks(weeks, numbers(counts)), Worse: 1}
	}
	return []Weekly{weekly("weekly-interruptions", "Interruptions", breaks), weekly("weekly-pages", "Pages", pages), weekly("weekly-sleep", "Pages in sleeping hours", asleep)}
}

// idleByWeek is the share of pages that resolved themselves before anybody acknowledged them.
func (n *Night) idleByWeek() Weekly {
	weeks := n.pagerWeeks(longWeeks)
	alone, told := make([]int, len(weeks)), make([]int, len(weeks))
	for _, p := range n.Pages {
		if p.Into == nil && !p.Mute {
			if i := find(weeks, p.Triggered); i >= 0 {
				alone[i] += one(p.NoAction())
				told[i]++
			}
		}
	}
	return Weekly{Name: "weekly-no-action", Title: "Pages that resolved themselves, never acknowledged", Unit: Share, Weeks: weeks, Values: n.ofPagerWeeks(weeks, sharesOf(alone, told)), Worse: 1}
}

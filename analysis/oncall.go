package analysis

// The pager: how often it interrupts somebody (METRICS.md, section 7). How fast it is answered is in
// answer.go, at what hour it goes in hours.go.

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

var interruptions = Metric{
	Name: "interruptions", Title: "Pages and interruptions", Chapter: "On call", Unit: PerWeek, Counts: "interruptions", Alone: true,
	Question: "How often does the pager go, and at what hour?",
	Doc: "A **page** is one alert that notified somebody; a page merged into another is that other. A page that comes less than the policy's window after the previous one of its key (its service where it has none, by the policy's name for it) belongs to the same **interruption**, and one with neither is its own; so a storm of alerts is one for as long as it lasts. " +
		"The headline is interruptions a week, over the last 13 whole weeks that the pagers can speak for. A pager can speak from the first of its pages that was read to as-of, and a live one that never had a page for all the time that it was asked for; one that has told of nothing for more than 14 days only up to the last that it told of. Where no pager can speak there is no data, which is not no page. " +
		"**Time to acknowledge** is by a person, median and 90th percentile over the pages that were; those never acknowledged are counted beside them. **Sleep** is the policy's sleeping hours on the responder's clock; **no action** is resolved by itself, or by a machine, and never acknowledged by a person. " +
		"What the pager's log dates at as-of or later (an acknowledgement, an end, a reopening, a step up the path, a merge) has not happened yet; what no log dates (words, urgency, merges without a line of it) stays as it is told now.",
	Measure: func(n *Night) Answer {
		weeks := n.pagerWeeks(78)
		pages, breaks, sleeping := make([]int, len(weeks)), make([]int, len(weeks)), make([]int, len(weeks))
		var heard []int // weeks that the pagers can speak for
		for i, w := range weeks {
			if n.heard.whole(w) {
				heard = append(heard, i)
			}
			for _, p := range n.rang(w) {
				pages[i]++
				if p.Breaks {
					breaks[i]++
				}
				if n.Asleep(p) {
					sleeping[i]++
				}
			}
		}
		t90 := n.trailing(90)
		ps := n.rang(t90)
		all := sum(ps)
		asleep, breaking := 0, 0
		for _, p := range ps {
			if n.Asleep(p) {
				asleep++
			}
			if p.Breaks {
				breaking++
			}
		}
		heard = lastOf(heard, 13)
		a := Answer{Headline: Value{Unit: PerWeek, N: len(heard)}, Doubts: slices.Concat(all.doubts(t90), n.heard.doubts(n))}
		switch {
		case len(n.heard.pagers) == 0:
			a.Sentence = noPager
		case len(heard) == 0:
			a.Sentence = cmp.Or(n.silent(t90), "There is no whole week to look at yet.")
		default:
			sum := 0
			for _, i := range heard {
				sum += breaks[i]
			}
			a.Headline.Number = record.Num(float64(sum) / float64(len(heard)))
			a.Headline.Period = Period{From: weeks[heard[0]].From, To: weeks[heard[len(heard)-1]].To, Label: lastWeeks(len(heard))}
			often := fmt.Sprintf("The pager interrupted somebody %s a week", plural(decimal(a.Headline.Number.Value, 1), "time"))
			switch silent := n.silent(t90); {
			case silent != "":
				a.Sentence = fmt.Sprintf("%s in the %s that it tells of. %s", often, a.Headline.Period.Label, silent)
			case all.pages == 0:
				a.Sentence = fmt.Sprintf("%s; nobody was paged in the %s.", often, t90.Label)
			default:
				a.Sentence = fmt.Sprintf("%s; in the %s %d of %s in sleeping hours%s.", often, t90.Label, asleep, counted(all.pages, "page came", "pages came"), all.needed())
			}
		}
		number := func(name, title string, v int) Part {
			return Part{Name: name, Group: "trailing-90-days", Title: title, Value: countOf(v, t90)}
		}
		if n.silent(t90) == "" {
			a.Parts = []Part{
				{Name: "ack-p50", Group: "trailing-90-days", Title: "Acknowledged within, half of them", Value: all.ack(0.5, t90)},
				{Name: "ack-p90", Group: "trailing-90-days", Title: "Acknowledged within, 90 %", Value: all.ack(0.9, t90)},
				{Name: "never", Group: "trailing-90-days", Title: "Never acknowledged", Value: all.known(all.never, t90)}, number("sleep", "In sleeping hours", asleep),
				{Name: "no-action", Group: "trailing-90-days", Title: "No action", Value: all.known(all.idle, t90)},
				number("pages", "Pages", all.pages), number("interruptions", "Interruptions", breaking),
			}
		}
		if len(n.heard.pagers) == 0 {
			return a
		}
		a.Charts = []Chart{{Name: "by-week", Title: "Pages and interruptions, by week", Kind: Line, Unit: Items, XUnit: Text, X: labels(weeks),
			Lines: []Series{{Name: "pages", Title: "Pages", Role: "pages", Values: n.heard.known(weeks, pages)}, {Name: "interruptions", Title: "Interruptions", Role: "interruptions", Values: n.heard.known(weeks, breaks)}, {Name: "sleep", Title: "Pages in sleeping hours", Role: "sleep", Values: n.heard.known(weeks, sleeping)}},
			Marks: n.pagerMarks(weeks), Edges: edges(weeks), Note: "More than two incidents in a 12-hour shift leave no time to follow up (Beyer et al., Site Reliability Engineering, ch. 11)."}}
		a.Weekly = n.pagesByWeek()
		a.Tables = interruptionTable(ps, t90)
		for _, p := range n.rang(a.Headline.Period) {
			for _, it := range p.Items {
				a.Rows = append(a.Rows, Row{Item: it, Why: p.Service + ": " + p.Title})
			}
		}
		return a
	},
}

// interruptionTable counts by service. An interruption is the service's whose page began it.
func interruptionTable(ps []*Page, p Period) []Table {
	if len(ps) == 0 {
		return nil
	}
	t := Table{Name: "by-service", Title: "By service, " + p.Label, Columns: []Column{{"service", "Service", Text}, {"pages", "Pages", Items}, {"interruptions", "Interruptions", Items}, {"no-action", "No action", Items}}}
	services, of := split(ps, (*Page).at)
	for _, s := range services {
		breaks := 0
		for _, p := range of[s] {
			if p.Breaks {
				breaks++
			}
		}
		t.Rows = append(t.Rows, []Cell{titled(s), num(len(of[s])), num(breaks), idle(of[s])})
	}
	return []Table{t}
}

package analysis

// The pager, as far as one export tells: pages, interruptions, how fast somebody answered, whose sleep
// it cost (METRICS.md, section 7).

import (
	"fmt"

	"github.com/firebreak/firebreak/collectors/record"
)

var interruptions = Metric{
	Name: "interruptions", Title: "Pages and interruptions", Chapter: "On call", Unit: PerWeek,
	Question: "How often does the pager go, and at what hour?",
	Doc: "A **page** is one alert that notified somebody; a page merged into another is that other. A page that comes less than the policy's window after the previous one of its key (its service where it has none) belongs to the same **interruption**. " +
		"**Time to acknowledge** is by a person, median and 90th percentile over the pages that were; those never acknowledged are counted beside them. **Sleep** is the policy's sleeping hours in the team's zone; **no action** is resolved by itself and never acknowledged.",
	Measure: func(n *Night) Answer {
		weeks := n.weeks(78)
		pages, breaks := make([]int, len(weeks)), make([]int, len(weeks))
		sleeping := make([]int, len(weeks))
		t90 := n.trailing(90)
		var acks []float64
		never, count, asleep, idle := 0, 0, 0, 0
		for i := range n.Pages {
			p := n.Pages[i]
			if p.Into != nil {
				continue
			}
			w := find(weeks, p.Triggered)
			sleep := n.Asleep(p)
			if w >= 0 {
				pages[w]++
				if p.Breaks {
					breaks[w]++
				}
				if sleep {
					sleeping[w]++
				}
			}
			if p.Triggered < t90.From {
				continue
			}
			count++
			if sleep {
				asleep++
			}
			if p.Acked != 0 {
				acks = append(acks, p.Acked.Sub(p.Triggered).Seconds())
			} else {
				never++
				if p.AutoClosed {
					idle++
				}
			}
		}
		var a Answer
		last13 := 0
		k := min(13, len(weeks))
		for _, v := range breaks[len(breaks)-k:] {
			last13 += v
		}
		a.Headline = Value{Unit: PerWeek, N: k}
		switch {
		case len(n.Pages) == 0:
			a.Sentence = "No export of the pager has been read."
		case k == 0:
			a.Sentence = "There is no whole week to look at yet."
		default:
			a.Headline.Number = record.Num(float64(last13) / float64(k))
			a.Headline.Period = Period{From: weeks[len(weeks)-k].From, To: weeks[len(weeks)-1].To, Label: fmt.Sprintf("last %d whole weeks", k)}
			a.Sentence = fmt.Sprintf("The pager interrupted somebody %s times a week; in the trailing 90 days %d of %d pages came in sleeping hours and %d needed no action.", decimal(a.Headline.Number.Value, 1), asleep, count, idle)
		}
		at := func(q float64) Value {
			v := Value{Unit: Duration, N: len(acks), Of: count, Period: t90}
			if len(acks) > 0 {
				v.Number = record.Num(Percentile(acks, q))
			}
			return v
		}
		number := func(name, title string, v int) Part {
			return Part{Name: name, Group: "trailing-90-days", Title: title, Value: countOf(v, t90)}
		}
		a.Parts = []Part{
			{Name: "ack-p50", Group: "trailing-90-days", Title: "Acknowledged within, half of them", Value: at(0.5)},
			{Name: "ack-p90", Group: "trailing-90-days", Title: "Acknowledged within, 90 %", Value: at(0.9)},
			number("never", "Never acknowledged", never), number("sleep", "In sleeping hours", asleep), number("no-action", "No action", idle),
		}
		if len(n.Pages) > 0 {
			a.Charts = []Chart{{Name: "by-week", Title: "Pages and interruptions, by week", Kind: Line, Unit: Items, XUnit: Text, X: labels(weeks),
				Lines: []Series{{Name: "pages", Title: "Pages", Role: "pages", Values: numbers(pages)}, {Name: "interruptions", Title: "Interruptions", Role: "interruptions", Values: numbers(breaks)}, {Name: "sleep", Title: "Pages in sleeping hours", Role: "sleep", Values: numbers(sleeping)}},
				Marks: n.experiments(weeks), Note: "More than two incidents in a 12-hour shift leave no time to follow up (Beyer et al., Site Reliability Engineering, ch. 11)."}}
		}
		for _, it := range n.Items {
			for _, p := range it.Pages {
				if a.Headline.Period.holds(p.Triggered) {
					a.Rows = append(a.Rows, Row{Item: it, Why: p.Service + ": " + p.Title})
				}
			}
		}
		return a
	},
}

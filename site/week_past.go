package site

// This week in past years, on the front page and on the entry of every week.

import (
	"fmt"

	"github.com/firebreak/firebreak/analysis"
)

// pastView is the same week of an earlier year.
type pastView struct {
	Title, Href string
	Detail      string
	Fires       []navView // its emergencies
	More        string
}

// mostPast is how many emergencies of an earlier week are named; the rest are on its entry.
const mostPast = 4

// pastYears are the weeks of the same number, as far as anything is known of them.
func (b *builder) pastYears(place, week string) []pastView {
	var vs []pastView
	for _, p := range analysis.PastYears(b.weeks, week) {
		v := pastView{Title: "A year ago, " + p.Label}
		if p.Years > 1 {
			v.Title = fmt.Sprintf("%d years ago, %s", p.Years, p.Label)
		}
		if b.places[weekPlace(p.Label)] {
			v.Href = root(place) + weekPlace(p.Label)
		}
		switch pages := len(p.Pages); {
		case p.Told && pages > 0:
			v.Detail = count(pages, "page", "pages")
			if p.Asleep > 0 {
				v.Detail += fmt.Sprintf(", %d in sleeping hours", p.Asleep)
			}
		case p.Told && len(p.Incidents) == 0:
			v.Detail = "nothing burned"
		case !p.Told && len(p.Incidents) == 0:
			continue
		}
		for _, it := range p.Incidents[:min(mostPast, len(p.Incidents))] {
			v.Fires = append(v.Fires, navView{Title: it.Key + " " + short(it.Title, 80), Href: root(place) + b.incidents[it]})
		}
		if more := len(p.Incidents) - mostPast; more > 0 {
			v.More = fmt.Sprintf("and %d more", more)
		}
		vs = append(vs, v)
	}
	return vs
}

package analysis

// Improvements by age and by service: what is decided and lies.

import (
	"cmp"
	"slices"
	"time"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// decidedAt is when each postmortem's improvements were decided: when it was published, or, of a draft,
// when its incident began; 0 where it tells neither.
func (n *Night) decidedAt() map[string]record.Instant {
	at := map[string]record.Instant{}
	for _, p := range n.Postmortems {
		at[p.ID] = cmp.Or(p.At, p.Started, p.Detected, p.Mitigated, p.Resolved)
	}
	return at
}

// improvementAges are the ages of the open ones, in seconds.
func (n *Night) improvementAges(all []postmortem.Improvement) []float64 {
	since := n.decidedAt()
	var ages []float64
	for i := range all {
		if at := since[all[i].Postmortem]; at != 0 && all[i].Open() {
			ages = append(ages, n.AsOf.Sub(at).Seconds())
		}
	}
	return ages
}

// ageChart counts the open ones by age, those that are overdue apart.
func (n *Night) ageChart(all []postmortem.Improvement) Chart {
	const day = 24 * time.Hour
	bands := []struct {
		title string
		below time.Duration
	}{{"under 30 days", 30 * day}, {"30 to 89 days", 90 * day}, {"90 to 179 days", 180 * day}, {"180 days and more", 1 << 62}, {"not known", 0}}
	c := Chart{Name: "by-age", Title: "Open improvements, by age", Kind: Stacked, Unit: Items, XUnit: Text,
		Note: "One that is older than half a year is either not wanted or not possible: decline it with the reason, or make it smaller."}
	overdue, open := make([]int, len(bands)), make([]int, len(bands))
	since := n.decidedAt()
	for i := range all {
		im := &all[i]
		if !im.Open() {
			continue
		}
		band := len(bands) - 1
		if at := since[im.Postmortem]; at != 0 {
			age := n.AsOf.Sub(at)
			for band = 0; age >= bands[band].below; band++ {
			}
		}
		if im.Overdue(n.AsOf) {
			overdue[band]++
		} else {
			open[band]++
		}
	}
	last := len(bands)
	if overdue[last-1]+open[last-1] == 0 {
		last--
	}
	for _, b := range bands[:last] {
		c.X = append(c.X, b.title)
	}
	c.Lines = []Series{{Name: "overdue", Title: "Overdue", Role: "bad", Values: numbers(overdue[:last])}, {Name: "open", Title: "Not due yet, or without a date", Role: "active", Values: numbers(open[:last])}}
	return c
}

// improvementServices counts them by the services of their postmortems.
func (n *Night) improvementServices(all []postmortem.Improvement) Table {
	const nowhere = "No service named"
	services := map[string][]string{}
	for _, p := range n.Postmortems {
		for _, name := range p.Services {
			shown, _ := n.placeOf(name)
			if !slices.Contains(services[p.ID], shown) {
				services[p.ID] = append(services[p.ID], shown)
			}
		}
	}
	type count struct {
		all, overdue int
		by           map[postmortem.State]int
	}
	counts := map[string]*count{}
	for i := range all {
		im := &all[i]
		of := services[im.Postmortem]
		if len(of) == 0 {
			of = []string{nowhere}
		}
		for _, name := range of {
			c := counts[name]
			if c == nil {
				c = &count{by: map[postmortem.State]int{}}
				counts[name] = c
			}
			c.all++
			c.overdue += one(im.Overdue(n.AsOf))
			c.by[im.State]++
		}
	}
	t := Table{Name: "services", Title: "By service", Columns: []Column{{"service", "Service", Text}, {"all", "All", Items}, {"proposed", "Proposed", Items}, {"chosen", "Chosen", Items}, {"doing", "Being done", Items},
		{"done", "Done", Items}, {"declined", "Declined", Items}, {"overdue", "Overdue", Items}}}
	names := sortedKeys(counts)
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(one(a == nowhere), one(b == nowhere)), cmp.Compare(counts[b].overdue, counts[a].overdue), cmp.Compare(counts[b].all, counts[a].all))
	})
	for _, name := range names {
		c := counts[name]
		row := []Cell{{Text: name}, num(c.all)}
		for _, s := range postmortem.States() {
			row = append(row, num(c.by[s]))
		}
		t.Rows = append(t.Rows, append(row, num(c.overdue)))
	}
	return t
}

// placeOf is the place that a name means, and how it is shown.
func (n *Night) placeOf(name string) (shown string, p place) {
	for i := range n.Policy.Services {
		if s := &n.Policy.Services[i]; s.GoesBy(name) {
			return s.Name, place{service: s}
		}
	}
	return name, place{name: fold(name)}
}

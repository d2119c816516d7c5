package analysis

// Whether the rota can bear it: how many people take turns, and when nobody is there.

import (
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// rotaSize is how many people take turns, and how many should at least.
type rotaSize struct{ people, sites, least int }

func (n *Night) rotaSize() rotaSize {
	from, to := n.AsOf.Add(-coverBefore), n.AsOf.Add(ahead)
	seen := map[string]bool{}
	var east []int
	for _, s := range n.Shifts {
		id := n.team.id(s.Person)
		if s.To <= from || s.From >= to || seen[id] {
			continue
		}
		seen[id] = true
		_, e := n.AsOf.In(n.home(s.Person)).Zone()
		east = append(east, e)
	}
	slices.Sort(east)
	sites, begin := 0, 0
	for i, e := range east {
		if i == 0 || e-begin >= sitesApart {
			sites, begin = sites+1, e
		}
	}
	r := rotaSize{len(seen), sites, rotaOneSite}
	if sites > 1 {
		r.least = rotaMoreSites * sites
	}
	return r
}

// home is the zone that somebody lives in: the member's own, else the team's.
func (n *Night) home(p record.Person) *time.Location {
	if m := n.team.member(p); m != nil && m.Zone != nil {
		return m.Zone
	}
	return n.Zone
}

// uncoveredTime is how long there was no superhero in a period.
func (n *Night) uncoveredTime(p Period) Value {
	var open []Span
	for _, g := range n.Uncovered {
		if g.Role == Superhero {
			open = append(open, g.Span)
		}
	}
	sum := time.Duration(0)
	for _, g := range within(Span{p.From, p.To}, union(open)) {
		sum += g.To.Sub(g.From)
	}
	return Value{Unit: Duration, Number: record.Num(sum.Seconds()), Period: p}
}

// coverTable is the gaps in cover.
func (n *Night) coverTable() Table {
	t := Table{Name: "cover", Title: "Gaps in cover, from 90 days before to 8 weeks after", Columns: []Column{{"from", "From", Moment}, {"to", "To", Moment}, {"length", "Length", Duration}, {"role", "Without a", Text}, {"rota", "Rota", Text}, {"why", "Why", Text}}}
	for _, g := range n.Uncovered {
		why := "nobody is on shift"
		if g.Absent != "" {
			why = "whoever is on shift is " + g.Why
		}
		if g.Beyond {
			why += ", and may be so for longer"
		}
		t.Rows = append(t.Rows, []Cell{when(g.From), when(g.To), {Num: record.Num(g.To.Sub(g.From).Seconds())}, {Text: g.Role}, {Text: g.Rota}, {Text: why}})
	}
	return t
}

// absentNow says which shifts from as-of on are of somebody who is not there.
func (n *Night) absentNow() string {
	var when []string
	for _, g := range n.Uncovered {
		if g.Absent != "" && g.Why != WhyTwice && g.To > n.AsOf {
			when = append(when, n.date(max(g.From, n.AsOf)))
		}
	}
	if len(when) == 0 {
		return ""
	}
	return "Somebody who is away or not in the team is on call from " + strings.Join(slices.Compact(when), ", ") + "; an override in the policy's rota, or in the pager, says who takes over."
}

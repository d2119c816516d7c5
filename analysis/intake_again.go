package analysis

// Requests that come again and again (METRICS.md, section 8, "Self-service candidates"): what people keep
// asking us for is a missing button.

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// oftenEnough is how many requests of one kind in a year make it a candidate: one is chance, two may be.
const oftenEnough = 3

// errand is the support requests of one type with one fingerprint.
type errand struct {
	kind  string // the tracker's type
	print string
	items []*Item // by creation
}

// last is the request that came last.
func (e *errand) last() *Item { return e.items[len(e.items)-1] }

// cost is what was booked on its requests, in hours, and on how many of them anything was; and how many
// customers asked.
func (e *errand) cost() (hours float64, booked, customers int) {
	seen := map[string]bool{}
	for _, it := range e.items {
		seconds := int64(0)
		for _, b := range it.Booked {
			seconds += b.Seconds
		}
		hours, booked = hours+float64(seconds)/3600, booked+one(len(it.Booked) > 0)
		if it.Customer != "" {
			seen[fold(it.Customer)] = true
		}
	}
	return hours, booked, len(seen)
}

// errands groups the support requests created in a period, the most frequent first; of those, all says how
// many there are, and silent those whose title has no word in it.
func (n *Night) errands(p Period) (es []*errand, all int, silent []*Item) {
	by := map[string]map[string]*errand{} // by type and fingerprint
	var buf []byte
	for it := range n.during(p) {
		if !p.holds(it.Created) || it.Kind() != Request {
			continue
		}
		all++
		if buf = appendFingerprint(buf[:0], it.Title); !telling(string(buf)) {
			silent = append(silent, it)
			continue
		}
		kind := by[it.Type]
		if kind == nil {
			kind = map[string]*errand{}
			by[it.Type] = kind
		}
		e := kind[string(buf)]
		if e == nil {
			e = &errand{kind: it.Type, print: string(buf)}
			kind[e.print] = e
			es = append(es, e)
		}
		e.items = append(e.items, it)
	}
	for _, e := range es {
		slices.SortStableFunc(e.items, func(a, b *Item) int { return cmp.Compare(a.Created, b.Created) })
	}
	slices.SortFunc(es, func(a, b *errand) int {
		return cmp.Or(cmp.Compare(len(b.items), len(a.items)), cmp.Compare(b.last().Created, a.last().Created), cmp.Compare(a.kind, b.kind), cmp.Compare(a.print, b.print))
	})
	return es, all, silent
}

var selfService = Metric{
	Name: "self-service", Title: "Self-service candidates", Chapter: "Intake", Unit: Share, Counts: "of a kind that keeps coming",
	Question: "What do people keep asking us for that they could do themselves?",
	Doc: "Support requests (of a class of the kind *request* at as-of) created in the trailing 365 days, grouped by the tracker's type and the fingerprint of the title. A group of three or more is a **candidate**: the third of a kind is a missing feature. The share is of all these requests. " +
		"The **fingerprint** of a title is that of *Repeats*: numbers and names with a digit in them become `#`, so “reset password of store 112” and “Reset password of store 7” are one. Requests whose title has no word in it are like no other: they are counted, and listed. " +
		"**Hours** are all worklogs booked on the requests of the group before as-of, and stand beside how many of them carry any; where nobody books time there are none. **Customers** is how many different ones the tracker names.",
	Measure: func(n *Night) Answer {
		year, t90 := n.trailing(365), n.trailing(90)
		es, all, silent := n.errands(year)
		var again share
		candidates := es
		for i, e := range es {
			if len(e.items) < oftenEnough {
				candidates = es[:i]
				break
			}
			again.so += len(e.items)
		}
		again.of = all
		a := Answer{Headline: again.value(year)}
		hours, booked := 0.0, 0
		for _, e := range candidates {
			h, k, _ := e.cost()
			hours, booked = hours+h, booked+k
			for _, it := range e.items {
				a.Rows = append(a.Rows, Row{Item: it, Why: e.print})
			}
		}
		for _, it := range silent {
			a.Left = append(a.Left, Row{Item: it, Why: "its title has no word in it"})
		}
		switch {
		case all == 0:
			a.Sentence = fmt.Sprintf("No support request came in during the %s.", year.Label)
		case len(candidates) == 0:
			a.Sentence = fmt.Sprintf("Of %s in the %s no three are alike.", counted(all, "support request", "support requests"), year.Label)
		default:
			a.Sentence = fmt.Sprintf("Of %s in the %s, %d are of %s that came three times or more", counted(all, "support request", "support requests"), year.Label, again.so, counted(len(candidates), "kind", "kinds"))
			if booked > 0 {
				a.Sentence += fmt.Sprintf("; %s were booked on %d of them", Hours.Format(record.Num(hours)), booked)
			}
			a.Sentence += "."
		}
		a.Parts = []Part{
			{Name: "candidates", Group: "trailing-365-days", Title: "Kinds that come again and again", Value: countOf(len(candidates), year)},
			{Name: "hours", Group: "trailing-365-days", Title: "Hours booked on them", Value: bookedHours(hours, booked, again.so, year)},
		}
		if len(candidates) > 0 {
			a.Tables = []Table{errandTable(n, candidates, t90)}
			a.Charts = []Chart{n.errandChart(candidates)}
		}
		return a
	},
}

// bookedHours are hours with the items they rest on; none booked is no data, since nobody may book.
func bookedHours(hours float64, booked, of int, p Period) Value {
	v := Value{Unit: Hours, N: booked, Of: of, Period: p}
	if booked > 0 {
		v.Number = record.Num(hours)
	}
	return v
}

// errandRows is how many candidates a table lists.
const errandRows = 100

func errandTable(n *Night, es []*errand, t90 Period) Table {
	t := Table{Name: "candidates", Title: "What people keep asking for, trailing 365 days", Columns: []Column{{"request", "The last of them", Text}, {"fingerprint", "Alike in", Text}, {"type", "Type", Text}, {"times", "Times", Items},
		{"recent", "Trailing 90 days", Items}, {"hours", "Hours booked", Hours}, {"booked", "on", Items}, {"customers", "Customers", Items}, {"last", "Last", Day}}}
	if len(es) > errandRows {
		t.Title = fmt.Sprintf("%s, %d of %d", t.Title, errandRows, len(es))
		es = es[:errandRows]
	}
	for _, e := range es {
		hours, booked, customers := e.cost()
		recent := 0
		for _, it := range e.items {
			recent += one(t90.holds(it.Created))
		}
		spent := Cell{Text: "—"}
		if booked > 0 {
			spent = Cell{Num: record.Num(hours)}
		}
		t.Rows = append(t.Rows, []Cell{{Text: e.last().Key, Item: e.last()}, {Text: e.print}, titled(e.kind), num(len(e.items)), num(recent), spent, num(booked), num(customers), {Text: n.date(e.last().Created)}})
	}
	return t
}

// errandChart draws the five most frequent ones.
func (n *Night) errandChart(es []*errand) Chart {
	months := n.months(12)
	c := Chart{Name: "by-month", Title: "The most frequent ones, by month", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Marks: n.experiments(months), Edges: edges(months),
		Note: "One that goes away has become a button, or nobody needs it any more."}
	for i, e := range es[:min(5, len(es))] {
		counts := make([]int, len(months))
		for _, it := range e.items {
			if m := find(months, it.Created); m >= 0 {
				counts[m]++
			}
		}
		c.Lines = append(c.Lines, Series{Name: fmt.Sprintf("candidate-%d", i+1), Title: e.last().Title, Role: "errand", Values: numbers(counts)})
	}
	return c
}

package analysis

// The same by customer, where the tracker or the CRM it is linked to names one.

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// client is what one customer asked of us, in support items.
type client struct {
	name   string // as last written; "" for those that name none
	last   record.Instant
	came   int // in the trailing 90 days
	year   int // in the trailing 365 days
	fires  int // of these, incidents
	open   int // at as-of
	missed int // promises that were missed in the trailing 90 days
	booked int // in the trailing 90 days: items with hours
	hours  float64
	back   int   // sent back, entries in the trailing 90 days
	ready  share // of those that came in the trailing 90 days and of which anything is asked
}

// quiet says whether there is nothing to tell of it now.
func (c *client) quiet() bool {
	return c.year == 0 && c.open == 0 && c.missed == 0 && c.booked == 0 && c.back == 0
}

var customers = Metric{
	Name: "customers", Title: "By customer", Chapter: "Intake", Unit: Items, Counts: "customers asked for support",
	Question: "Who needs us, and do we keep our promises to them?",
	Doc: "Support items by the customer that the policy's `customers:` finds in the tracker (a field that a CRM fills, a label, a component), without regard to case; those that name none stand together as *not named*. " +
		"**Came in** counts items created in the period, **open** those open at as-of but for what an archive tells of; **promises missed** are verdicts on response and resolution, by when they fell; **hours** are worklogs booked in the period; **sent back** counts entries into stages marked `sent_back`, but for those of items whose clocks cannot be followed; **ready** is the share of those that came in of which the definition of ready asks anything and that have all of it. " +
		"The headline is the number of customers with an item created in the trailing 90 days, based on the items that name one. " +
		"A policy that takes the **reporter** for the customer names people: they are counted, and never listed.",
	Measure: func(n *Night) Answer {
		t90, year := n.trailing(90), n.trailing(365)
		needs := map[*Class]bool{}
		for _, c := range n.classes() {
			needs[c] = len(n.Policy.needs(c)) > 0
		}
		found, unnamed := map[string]*client{}, &client{}
		folded := map[string]string{} // names as written are few, and folding each of a million is not cheap
		for _, it := range n.Items {
			if !it.Kind().Support() {
				continue
			}
			c := unnamed
			if it.Customer != "" {
				key, known := folded[it.Customer]
				if !known {
					key = fold(it.Customer)
					folded[it.Customer] = key
				}
				if c = found[key]; c == nil {
					c = &client{}
					found[key] = c
				}
				if it.Created > c.last || it.Created == c.last && (c.name == "" || it.Customer < c.name) {
					c.name, c.last = it.Customer, it.Created
				}
			}
			c.take(n, it, t90, year, needs[it.Class()])
		}
		all := make([]*client, 0, len(found))
		asking, named, total := 0, 0, unnamed.came
		for _, c := range found {
			all = append(all, c)
			asking, named, total = asking+one(c.came > 0), named+c.came, total+c.came
		}
		a := Answer{Headline: Value{Unit: Items, N: named, Of: total, Period: t90}}
		if named > 0 {
			a.Headline.Number = record.Num(float64(asking))
		}
		switch {
		case n.Policy.Customer == "":
			a.Sentence = "The policy does not say where a customer's name is found (`customers:`)."
			return a
		case len(found) == 0:
			a.Sentence = "No support item names a customer."
			return a
		}
		a.Sentence = fmt.Sprintf("In the %s %s for support, with %s; %s in that time name none.", t90.Label, counted(asking, "customer asked", "customers asked"), counted(named, "item", "items"), counted(unnamed.came, "item", "items"))
		if n.Policy.Customer == "reporter" {
			a.Doubts = []string{"The policy takes the reporter for the customer. Reporters are people, and nobody is listed here: a field or a label that names the customer would show more."}
			return a
		}
		slices.SortFunc(all, func(x, y *client) int {
			return cmp.Or(cmp.Compare(y.came, x.came), cmp.Compare(y.year, x.year), cmp.Compare(fold(x.name), fold(y.name)), cmp.Compare(x.name, y.name))
		})
		all = slices.DeleteFunc(all, (*client).quiet)
		for it := range n.during(t90) {
			if t90.holds(it.Created) && it.Kind().Support() {
				if it.Customer == "" {
					a.Left = append(a.Left, Row{Item: it, Why: "it names no customer"})
				} else {
					a.Rows = append(a.Rows, Row{Item: it, Why: it.Customer})
				}
			}
		}
		slices.SortStableFunc(a.Rows, func(x, y Row) int { return cmp.Compare(fold(x.Why), fold(y.Why)) })
		a.Tables = []Table{clientTable(all, unnamed, t90)}
		a.Charts = []Chart{clientChart(all, t90)}
		return a
	},
}

// take counts one item for its customer.
func (c *client) take(n *Night, it *Item, t90, year Period, asked bool) {
	if t90.holds(it.Created) {
		c.came++
		if asked {
			c.ready.add(len(it.Missing) == 0)
		}
	}
	if year.holds(it.Created) {
		c.year++
		c.fires += one(it.Kind() == Incident)
	}
	c.open += one(it.Open() && !n.archived(it))
	for _, v := range []*Verdict{&it.Respond, &it.Resolve} {
		c.missed += one(v.Outcome == Missed && t90.holds(v.Decided))
	}
	if it.Coarse == "" {
		for s := range n.back(it) {
			c.back += one(t90.holds(s.from))
		}
	}
	any := false
	for _, b := range it.Booked {
		if t90.holds(b.At) {
			c.hours, any = c.hours+float64(b.Seconds)/3600, true
		}
	}
	c.booked += one(any)
}

// clientTable lists the customers, and last what names none. Its counts add up to all of them.
func clientTable(all []*client, unnamed *client, p Period) Table {
	t := Table{Name: "customers", Title: "By customer; where it does not say otherwise, " + p.Label, Columns: []Column{{"customer", "Customer", Text}, {"came", "Came in", Items}, {"year", "in 365 days", Items}, {"incidents", "of these incidents", Items},
		{"open", "Open now", Items}, {"missed", "Promises missed", Items}, {"hours", "Hours booked", Hours}, {"back", "Sent back", Items}, {"ready", "Ready", Share}}}
	rows := all
	if len(rows) > mostPages {
		t.Title = fmt.Sprintf("%s: %d of %d", t.Title, mostPages, len(all))
		rows = rows[:mostPages]
	}
	for _, c := range append(slices.Clone(rows), unnamed) {
		if c == unnamed && c.quiet() {
			continue
		}
		hours := Cell{Text: "—"}
		if c.booked > 0 {
			hours = Cell{Num: record.Num(c.hours)}
		}
		t.Rows = append(t.Rows, []Cell{{Text: cmp.Or(c.name, "Not named")}, num(c.came), num(c.year), num(c.fires), num(c.open), num(c.missed), hours, num(c.back), partCell(c.ready.value(p))})
	}
	return t
}

// clientChart draws the twelve that ask most.
func clientChart(all []*client, p Period) Chart {
	c := Chart{Name: "asking", Title: "Support items of those who ask most, " + p.Label, Kind: Bar, Unit: Items, XUnit: Text,
		Note: "Who asks most may use most, or suffer most: the promises missed and what is open stand in the table."}
	came, missed := Series{Name: "came", Title: "Came in"}, Series{Name: "missed", Title: "Promises missed", Role: "bad"}
	for _, a := range all[:min(12, len(all))] {
		if a.came == 0 && a.missed == 0 {
			continue
		}
		c.X = append(c.X, a.name)
		came.Values, missed.Values = append(came.Values, record.Num(float64(a.came))), append(missed.Values, record.Num(float64(a.missed)))
	}
	c.Lines = []Series{came, missed}
	return c
}

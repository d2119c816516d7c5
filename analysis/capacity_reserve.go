package analysis

// What to keep free for support in the next iteration, and the three ways to plan it.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

var capacityReserve = Metric{
	Name: "capacity-reserve", Title: "Reserve for support", Chapter: "Capacity", Unit: Share, Counts: "of the next iteration's capacity",
	Question: "How much of the next iteration do we keep free for support?",
	Doc: "Support's share of each of the last whole iterations (ISO weeks where the policy has no iterations), by every method of *Share of capacity that support takes*, and of these shares the **median** and the **85th percentile** (nearest rank). The policy says how many iterations (`capacity: {method: …, iterations: 6}`, 6 unless it says otherwise) and which method the headline goes by. " +
		"The headline is the 85th percentile: with that much kept free, about one iteration in seven needs more (of 6 iterations or fewer it is the highest share of all, which says less); with the median, every second one. An iteration with fewer than 5 items by a method has no share by it; with fewer than 3 iterations that have one there is no reserve, and where there are fewer than the policy asks for it is said. That it is a percentage from 3 iterations on and not from 5 is because it is one of the shares themselves, each of 5 items or more, and none of the iterations.\n\n" +
		"Three ways to plan it, with the numbers filled in. Take one of them, not all three:\n\n" +
		"- **From the rota**: person-days of the next whole iteration, the reserve × the working time of all members less absences, in working days of the calendar. Whoever has the pager counts as on call for all of their working time; what is more than theirs has to come from somebody else.\n" +
		"- **A placeholder story**: the 85th percentile of the points of the support items finished in an iteration. Where too few carry points, of the hours that were booked on support; where none are booked, of the hours of attention.\n" +
		"- **A WIP limit**: the reserve × the team's limit in force, rounded up: so many places stay free of features.",
	Measure: (*Night).capacityReserve,
}

// reserveFewest is how many iterations make a percentile worth planning with.
const reserveFewest = 3

// reserve is what support took in the past iterations by one method.
type reserve struct {
	method
	shares  []record.Number // by iteration; unknown where too few items
	taken   []float64       // the known shares
	amounts []float64       // support, in the method's unit, of the iterations with a share
}

func (n *Night) reserveBy(m method, past []Period) reserve {
	r := reserve{method: m}
	for i, l := range m.measure(n, past) {
		v := n.share(l, past[i], m)
		r.shares = append(r.shares, v.point())
		if p := v.point(); p.Known {
			support, _ := l.sums(n)
			r.taken, r.amounts = append(r.taken, p.Value), append(r.amounts, support)
		}
	}
	return r
}

func (r *reserve) enough() bool { return len(r.taken) >= reserveFewest }

// amount is a percentile of what support took, as people write it.
func (r *reserve) amount(p float64) string {
	return r.unit.Format(record.Num(Percentile(r.amounts, p)))
}

// pastIterations are the last whole ones that everything is known of.
func (n *Night) pastIterations(most int) []Period {
	first := n.first()
	past := n.spoken(overOnly(n.periods(n.planned(), first, n.AsOf)))
	if len(past) > 0 && past[0].From < first {
		past = past[1:]
	}
	return lastOf(past, most)
}

func (n *Night) capacityReserve() Answer {
	past, next := n.pastIterations(n.Policy.Reserve), n.toCome()
	unit, units := "iteration", "iterations"
	if n.Policy.Iterations.Days == 0 {
		unit, units = "ISO week", "ISO weeks"
	}
	p := Period{Label: "last whole " + unit}
	if len(past) != 1 {
		p.Label = fmt.Sprintf("last %d whole %s", len(past), units)
	}
	if len(past) > 0 {
		p.From, p.To = past[0].From, past[len(past)-1].To
	}
	a := Answer{Headline: Value{Unit: Share, Of: n.Policy.Reserve, Period: p}}
	by := map[string]*reserve{}
	table := Table{Name: "methods", Title: "By method, " + p.Label, Columns: []Column{{"method", "Method", Text}, {"n", upperFirst(units) + " with a share", Items}, {"p50", "Median share", Share}, {"p85", "85 % of them at most", Share}, {"amount-p50", "Support, median", Text}, {"amount-p85", "Support, 85 %", Text}}}
	each := Table{Name: "iterations", Title: "Support's share of each " + unit, Columns: []Column{{"iteration", upperFirst(unit), Text}}}
	for _, d := range past {
		each.Rows = append(each.Rows, []Cell{{Text: d.Label}})
	}
	chart := Chart{Name: "shares", Title: "Support's share of each " + unit + ", by method", Kind: Line, Unit: Share, XUnit: Text, X: labels(past), Marks: n.experiments(past), Note: "Where the methods disagree, plan with the one that the policy names, and ask what the others see that it does not."}
	for _, m := range methods {
		r := n.reserveBy(m, past)
		by[m.name] = &r
		row := []Cell{{Text: m.title}, num(len(r.taken)), {}, {}, {Text: NoData}, {Text: NoData}}
		each.Columns = append(each.Columns, Column{m.name, m.title, Share})
		for i, v := range r.shares {
			each.Rows[i] = append(each.Rows[i], Cell{Num: v})
		}
		if r.enough() {
			row[2].Num, row[3].Num = record.Num(Percentile(r.taken, 0.5)), record.Num(Percentile(r.taken, 0.85))
			row[4].Text, row[5].Text = r.amount(0.5), r.amount(0.85)
			a.Parts = append(a.Parts, Part{Name: m.name, Group: "method", Title: m.title, Value: Value{Unit: Share, Number: row[3].Num, N: len(r.taken), Of: n.Policy.Reserve, Period: p}})
		}
		if len(r.taken) > 0 {
			chart.Lines = append(chart.Lines, Series{Name: m.name, Title: m.title, Role: "method", Values: r.shares})
		}
		table.Rows = append(table.Rows, row)
	}
	r := by[cmp.Or(n.Policy.Capacity, "attention")]
	a.Charts, a.Tables = []Chart{chart}, []Table{table, each}
	a.Headline.N = len(r.taken)
	if !r.enough() {
		a.Sentence = fmt.Sprintf("Too early to tell: by %s there is a share of %s, and it takes %d.", strings.ToLower(r.title), counted(len(r.taken), unit, units), reserveFewest)
		return a
	}
	half, most := Percentile(r.taken, 0.5), Percentile(r.taken, 0.85)
	a.Headline.Number = record.Num(most)
	a.Sentence = fmt.Sprintf("Keep %s of the next %s free for support: by %s %s took no more than that, and half of them no more than %s.",
		percent(most), unit, strings.ToLower(r.title), lastAtMost(len(r.taken), units), percent(half))
	if len(r.taken) < n.Policy.Reserve {
		a.Doubts = append(a.Doubts, fmt.Sprintf("The policy asks for %s, and only %d have a share by %s.", counted(n.Policy.Reserve, "whole "+unit, "whole "+units), len(r.taken), strings.ToLower(r.title)))
	}
	if len(next) > 0 {
		a.Tables = slices.Insert(a.Tables, 0, n.threeWays(next[0], most, half, by, len(r.taken), unit, units))
		a.Doubts = append(a.Doubts, n.unknownCall(next[0])...)
	}
	return a
}

// lastAtMost says of how many of the last iterations the 85th percentile is not exceeded.
func lastAtMost(k int, units string) string {
	if all := atMost(k, 0.85, ""); all != "" {
		return fmt.Sprintf("all of the last %d %s", k, units)
	}
	return fmt.Sprintf("85 %% of the last %d %s", k, units)
}

// threeWays are the three ways to plan the reserve, each as a text to paste.
func (n *Night) threeWays(next Period, most, half float64, by map[string]*reserve, k int, unit, units string) Table {
	t := Table{Name: "ways", Title: "Three ways to plan it, to paste one of", Columns: []Column{{"way", "Way", Text}, {"plan", "Plan", Text}, {"text", "Text", Text}}}
	row := func(way, plan, text string) {
		t.Rows = append(t.Rows, []Cell{{Text: way}, {Text: plan}, {Text: text}})
	}
	when := n.date(next.From) + " to " + n.date(next.To-1)
	because := fmt.Sprintf("%s stayed within %s, half of them within %s", lastAtMost(k, units), percent(most), percent(half))

	c := n.capacityOf(next)
	day := n.Policy.Working.Day(next.From).Seconds()
	days := func(v float64) string { return decimal(v/day, 1) }
	there := c.all - c.absent
	switch need := most * there; {
	case there <= 0:
		row("From the rota", NoData, "The policy names no members who are there in the next "+unit+".")
	case c.onCall == 0:
		row("From the rota", days(need)+" person-days", fmt.Sprintf("%s: of %s person-days %s are for support (%s). Nobody is known to be on call yet: name who has them.", when, days(there), days(need), because))
	case c.onCall >= need:
		row("From the rota", days(need)+" person-days", fmt.Sprintf("%s: of %s person-days %s are for support (%s). The superhero's %s cover that; nobody else plans any.", when, days(there), days(need), because, days(c.onCall)))
	default:
		row("From the rota", days(need)+" person-days", fmt.Sprintf("%s: of %s person-days %s are for support (%s). %s of them are the superhero's; the other %s come from the sidekick and whoever is asked, and nobody plans features in them.", when, days(there), days(need), because, days(c.onCall), days(need-c.onCall)))
	}

	story := "A placeholder story"
	placed := false
	for _, name := range []string{"points", "hours", "attention"} {
		if r := by[name]; r.enough() && !placed {
			placed = true
			of := map[string]string{"points": "finished support items carried that much", "hours": "that much was booked on support", "attention": "support had that much of our attention"}[name]
			row(story, r.amount(0.85), fmt.Sprintf("Support, %s: %s. In %s %s or less, in half of them %s or less. Nothing is planned into it; what is left at the end is pulled from the top of the backlog.", when, r.amount(0.85), lastAtMost(len(r.taken), units), of, r.amount(0.5)))
		}
	}
	if !placed {
		row(story, NoData, "Neither points nor hours nor assignments say how much support takes in "+article(unit)+".")
	}

	if limit := n.Policy.Limit.At(n.AsOf); limit > 0 {
		places := min(limit, int(math.Ceil(most*float64(limit)-1e-9)))
		row("A WIP limit", counted(places, "place", "places")+" of "+fmt.Sprint(limit), fmt.Sprintf("%s: of our limit of %d in progress %s free for support: no feature is started while %s (%s).",
			when, limit, counted(places, "place stays", "places stay"), counted(limit-places, "feature is in progress", "features are in progress"), because))
	} else {
		row("A WIP limit", NoData, "The policy has no limit on work in progress to keep places of.")
	}
	return t
}

// article is a word with its article.
func article(word string) string {
	if strings.ContainsRune("aeiouAEIOU", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

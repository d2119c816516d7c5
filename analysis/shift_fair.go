package analysis

// How evenly being on call falls: shifts, nights, weekends and holidays, as distributions over people who
// are not named; and what a superhero is kept from being one by.

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// fewestPeople is how many people a distribution over persons needs, so that nobody is found in it.
const fewestPeople = 4

// burden is what one person had of being on call.
type burden struct {
	shifts   int
	nights   int
	weekends int // Saturdays and Sundays
	holidays int
}

// measures of a burden, in the order they are told.
var burdens = []struct {
	name, title string
	of          func(burden) int
}{
	{"shifts", "Shifts", func(b burden) int { return b.shifts }},
	{"nights", "Nights", func(b burden) int { return b.nights }},
	{"weekends", "Weekend days", func(b burden) int { return b.weekends }},
	{"holidays", "Holidays", func(b burden) int { return b.holidays }},
}

var rotaFairness = Metric{
	Name: "rota-fairness", Title: "How evenly on-call falls", Chapter: "On call", Unit: Each, Alone: true, Counts: "nights, half of the people at most",
	Question: "Do shifts, nights and weekends fall evenly?",
	Doc: "Of the superheroes' shifts in the trailing 182 days, for each person who had one: how many **shifts** they began; **nights**, which are whose on call in the middle of the policy's sleeping hours; **weekend days**, Saturdays and Sundays, whose on call at noon; and **holidays** of the team's working calendar likewise. Days and nights are those of where the person lives; whoever is on call in two rotas at once has each of them once. " +
		"Told are the least, the median and the most of all persons, and each person's numbers under a letter instead of a name, in an order by a hash of the numbers alone, so that it says nothing that they don't and the letters are dealt anew every night; both only for four people or more. Nothing is corrected for people who joined, left or were absent, and nothing ranks.\n\n" +
		"**Attention to features** is the superheroes' attention (see *Share of capacity that support takes*) within their shifts' working time that went to feature work: whoever has the pager should not have to. Where it would be that of one person alone, it is not told.",
	Measure: (*Night).rotaFairness,
}

func (n *Night) rotaFairness() Answer {
	var a Answer
	p := n.trailing(182)
	people := n.burdens(p)
	a.Headline = Value{Unit: Each, N: len(people), Period: p}
	_, features, several := n.heroesAttention(p)
	switch {
	case len(people) == 0:
		a.Sentence = "No shift is known in the trailing 182 days."
	case len(people) < fewestPeople:
		a.Headline.N = 0
		a.Sentence = fmt.Sprintf("%s took turns in the trailing 182 days: too few to tell how evenly without telling who.", plural(fmt.Sprint(len(people)), "person"))
		if len(people) > 1 {
			a.Sentence = fmt.Sprintf("%d people took turns in the trailing 182 days: too few to tell how evenly without telling who.", len(people))
		}
	default:
		table := Table{Name: "spread", Title: "Between the one who had least and the one who had most", Columns: []Column{{"what", "Of each person", Text}, {"least", "Least", Items}, {"median", "Half had at most", Items}, {"most", "Most", Items}, {"all", "All together", Items}}}
		chart := Chart{Name: "people", Title: "On call in the trailing 182 days, by person", Kind: Bar, Unit: Items, XUnit: Text, Note: "Persons have letters instead of names, dealt anew every night. Look at the heights, not for the person."}
		for i := range people {
			chart.X = append(chart.X, "Person "+letter(i))
		}
		var said []string
		for _, m := range burdens {
			var vs []float64
			var ks []int
			all := 0
			for _, b := range people {
				vs, ks, all = append(vs, float64(m.of(b))), append(ks, m.of(b)), all+m.of(b)
			}
			least, median, most := slices.Min(vs), Percentile(vs, 0.5), slices.Max(vs)
			for _, x := range []struct {
				name, title string
				v           float64
			}{{"least", "least", least}, {"median", "half had at most", median}, {"most", "most", most}} {
				a.Parts = append(a.Parts, Part{Name: m.name + "-" + x.name, Group: m.name, Title: m.title + ", " + x.title, Value: Value{Unit: Each, Number: record.Num(x.v), N: len(people), Period: p}})
			}
			table.Rows = append(table.Rows, []Cell{{Text: m.title}, {Num: record.Num(least)}, {Num: record.Num(median)}, {Num: record.Num(most)}, num(all)})
			chart.Lines = append(chart.Lines, Series{Name: m.name, Title: m.title, Role: m.name, Values: numbers(ks)})
			said = append(said, fmt.Sprintf("%s %s", strings.ToLower(m.title), fromTo(least, most)))
			if m.name == "nights" {
				a.Headline.Number = record.Num(median)
			}
		}
		a.Tables, a.Charts = []Table{table}, []Chart{chart}
		a.Sentence = fmt.Sprintf("%d people took turns in the trailing 182 days; between the one with least and the one with most: %s.", len(people), strings.Join(said, ", "))
	}
	if several {
		a.Parts = append(a.Parts, Part{Name: "feature-attention", Group: "superhero", Title: "Superheroes' attention that went to features", Value: features})
	}
	return a
}

// letter is the i-th of A to Z, AA, AB …
func letter(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return letter(i/26-1) + letter(i%26)
}

// fromTo writes a range.
func fromTo(least, most float64) string {
	if least == most {
		return decimal(least, 1)
	}
	return decimal(least, 1) + " to " + decimal(most, 1)
}

// hero is somebody who was a superhero in a period.
type hero struct {
	person record.Person
	shifts int    // begun in it
	on     []Span // a [union]: in two rotas at once nobody has a night twice
}

// heroes are the superheroes of a period, by who they are.
func (n *Night) heroes(p Period) map[string]*hero {
	by := map[string]*hero{}
	seen := map[record.Ref]bool{}
	for _, s := range n.Shifts {
		span := Span{max(s.From, p.From), min(s.To, p.To)}
		if s.Role != Superhero || span.From >= span.To {
			continue
		}
		id := n.team.id(s.Person)
		h := by[id]
		if h == nil {
			h = &hero{person: s.Person}
			by[id] = h
		}
		if s.From >= p.From && !seen[s.Ref] {
			seen[s.Ref] = true
			h.shifts++
		}
		h.on = append(h.on, span)
	}
	for _, h := range by {
		h.on = union(h.on)
	}
	return by
}

// burdens is what each person who was a superhero in the period had of it, in an order by a hash of the numbers
// and of nothing else. One of who they are could be computed by whoever knows the team, since the policy that
// names its members is published; one of the numbers tells nothing beyond them, and is no ranking either.
func (n *Night) burdens(p Period) []burden {
	sleep := n.Policy.Pages.SleepTo - n.Policy.Pages.SleepFrom
	if sleep <= 0 {
		sleep += 24 * time.Hour
	}
	midnight := n.Policy.Pages.SleepFrom + sleep/2
	by := n.heroes(p)
	var all []burden
	for _, id := range sortedKeys(by) {
		h := by[id]
		b, home := burden{shifts: h.shifts}, n.home(h.person)
		for _, span := range h.on {
			last := calendar.AddDays(calendar.DateOf(span.To, home), 1)
			for d := calendar.AddDays(calendar.DateOf(span.From, home), -2); d <= last; d = calendar.AddDays(d, 1) {
				if span.Holds(calendar.At(d, midnight, home)) {
					b.nights++
				}
				noon := calendar.At(d, 12*time.Hour, home)
				if !span.Holds(noon) {
					continue
				}
				if w := noon.In(home).Weekday(); w == time.Saturday || w == time.Sunday {
					b.weekends++
				}
				if n.holiday(d) {
					b.holidays++
				}
			}
		}
		all = append(all, b)
	}
	shuffled := func(b burden) uint64 {
		h := fnv.New64a()
		for _, m := range burdens {
			fmt.Fprintf(h, "%s %d\n", m.name, m.of(b))
		}
		return h.Sum64()
	}
	slices.SortStableFunc(all, func(a, b burden) int { return cmp.Compare(shuffled(a), shuffled(b)) })
	return all
}

// holiday says whether a day is a holiday of the team's working calendar, wherever it dawns.
func (n *Night) holiday(d record.Date) bool {
	noon := calendar.At(d, 12*time.Hour, n.Policy.Working.Zone())
	for s := range n.Policy.Working.Spells(noon, noon+1) {
		return strings.HasPrefix(s.Why, "holiday: ")
	}
	return false
}

// heroesAttention is where the superheroes' attention within their shifts went, the share of it that went to
// features, and whether it is that of more than one person: one person's is nobody else's business.
func (n *Night) heroesAttention(p Period) (l load, v Value, several bool) {
	sum := newLoads([]Period{p})
	support, all, people := 0.0, 0.0, 0
	by := n.heroes(p)
	for _, id := range sortedKeys(by) {
		if n.team.member(by[id].person) == nil {
			continue
		}
		work := n.busyWork(p.From)[id]
		for _, on := range by[id].on {
			n.divide(work, []Period{{From: on.From, To: on.To}}, nil, sum)
		}
		before := all
		if support, all = sum[0].sums(n); all > before {
			people++
		}
	}
	l = sum[0]
	v = Value{Unit: Share, N: len(l.items), Period: p, Ratio: &Ratio{Num: all - support, Den: all, Unit: Hours}}
	if all > 0 {
		v.Number = record.Num((all - support) / all)
	}
	return l, v, people > 1
}

package analysis

// Which team structure the data shows: whether the same people do support and features, and how the pager turns.
// It counts people and names nobody.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// The bounds of what a structure is called.
const (
	bothFrom     = 0.1                     // of somebody's items, for a kind of work to be theirs
	everybody    = 0.75                    // of the people do both: one team
	apart        = 0.25                    // of the people do both at most: two teams
	heroShare    = 2. / 3                  // of the time on call, for one person to be the only hero
	forgotten    = 30 * 24 * time.Hour     // without a change, for what is still assigned to somebody in an active stage
	enoughOnCall = 10 * 7 * 24 * time.Hour // of somebody on call, to call it anything
)

var teamStructure = Metric{
	Name: "team-structure", Title: "Team structure", Chapter: "Capacity", Unit: Share, Counts: "of the people did both support and features", Alone: true,
	Question: "Do the same people keep it alive and build what is next?",
	Doc: "**Who does what.** A person worked on an item in a period if it was assigned to them in an active stage at some time in it; the kind of work is that of the class held then, and everything that is no support is feature work. People are the members that the policy names, where it names none everybody whom something was assigned to, machines left out. What has not changed for " + span(forgotten.Seconds()) + " and is still open counts as forgotten from then on. " +
		fmt.Sprintf("Somebody does **both** where each of the two kinds is at least %s of the items that they worked on. The headline is the share of people who do both, of those who worked on anything in the trailing 90 days. Below %d people, and in months with fewer, nothing is told, because a count of three people tells who. ", percent(bothFrom), fewestPeople) +
		fmt.Sprintf("It is **one team** from %s of the people on, **separate teams** up to %s where at least two people do support alone and two features alone, **support alone** or **features alone** where %s of them do nothing else; everything between is **mixed**. It is called nothing below %d items.\n\n", percent(everybody), percent(apart), percent(everybody), Enough) +
		fmt.Sprintf("**How the pager turns.** Of the superheroes' time on call in the trailing 182 days: **one hero**, where one person had more than %s of it; **fixed**, where several people have it and no rota was ever handed from one to another; **a pair**, where two take turns; **rotating**, where three or more do. Below %s with somebody on call it is called nothing. The length of a shift is the median of those that ended in the period. How much whoever had most of it had is told of %d people or more: a share of their time on call, and not of so few people.\n\n", percent(heroShare), span(enoughOnCall.Seconds()), fewestPeople) +
		"Nobody is named and nothing ranks. None of the structures is the right one; each has its price, and changing one is an experiment with a date.",
	Measure: (*Night).teamStructure,
}

// hands is what one person worked on in one period.
type hands struct {
	support, feature         int
	lastSupport, lastFeature *Item // items come one after the other, each with several stretches
}

func (h *hands) take(it *Item, support bool) {
	if support && h.lastSupport != it {
		h.support, h.lastSupport = h.support+1, it
	} else if !support && h.lastFeature != it {
		h.feature, h.lastFeature = h.feature+1, it
	}
}

// crew is how many people did what in one period.
type crew struct{ both, support, feature, items int }

func (c crew) people() int { return c.both + c.support + c.feature }

func (c *crew) add(h hands) {
	all := float64(h.support + h.feature)
	switch {
	case all == 0:
		return
	case float64(h.support) < bothFrom*all:
		c.feature++
	case float64(h.feature) < bothFrom*all:
		c.support++
	default:
		c.both++
	}
}

// crews counts them in the trailing period and in each of the months, in one pass.
func (n *Night) crews(trailing Period, months []Period) (now crew, by []crew, rows []Row) {
	member := map[string]bool{}
	for i := range n.Policy.Team.Members {
		member[n.Policy.Team.Members[i].ID] = true
	}
	type worker struct {
		now hands
		by  []hands
	}
	workers := map[string]*worker{}
	first := trailing.From
	if len(months) > 0 {
		first = min(first, months[0].From)
	}
	for it := range n.lasting(first) {
		if it.Started == 0 {
			continue
		}
		kinds := [2]bool{}
		it.stretches(n.AsOf, func(s stretch) {
			if it.Open() {
				s.to = min(s.to, it.Changed.Add(forgotten))
			}
			if s.stage.Kind != Active || s.to <= first || s.to <= s.from {
				return
			}
			support := s.class.kind().Support()
			it.assigned(s.from, s.to, func(from, to record.Instant, who []string) {
				for _, w := range who {
					p, asked := workers[w]
					if !asked {
						if (len(member) == 0 || member[w]) && !n.team.machine(record.Person{Account: w}) {
							p = &worker{by: make([]hands, len(months))}
						}
						workers[w] = p
					}
					if p == nil { // a machine, or nobody of the team
						continue
					}
					if to > trailing.From {
						p.now.take(it, support)
						kinds[bit(support)] = true
					}
					k := find(months, max(from, first))
					for ; k >= 0 && k < len(months) && months[k].From < to; k++ {
						p.by[k].take(it, support)
					}
				}
			})
		})
		if kinds[0] || kinds[1] {
			now.items++
			rows = append(rows, Row{Item: it, Why: it.Class().Title()})
		}
	}
	by = make([]crew, len(months))
	for _, w := range workers { // sums of whole numbers: their order does not matter
		if w == nil {
			continue
		}
		now.add(w.now)
		for k := range by {
			by[k].add(w.by[k])
		}
	}
	return now, by, rows
}

// turning is how the pager went round.
type turning struct {
	name   string // what it is called; "" where too little is known
	people int
	rotas  int
	shifts int
	length Value         // of a shift
	time   time.Duration // with somebody on call, each person's added up
	most   float64       // the share of whoever had most of it
}

func (n *Night) turning(p Period) turning {
	by := n.heroes(p)
	t := turning{people: len(by), length: Value{Unit: Duration, Period: p}}
	most := time.Duration(0)
	for _, h := range by {
		mine := time.Duration(0)
		for _, s := range h.on {
			mine += s.To.Sub(s.From)
		}
		t.time, most = t.time+mine, max(most, mine)
	}
	if t.time > 0 {
		t.most = float64(most) / float64(t.time)
	}
	holds := map[string]string{} // the rota's only person, "" where there were several
	var lengths []float64
	for _, s := range n.Shifts {
		if s.Role != Superhero || s.To <= p.From || s.From >= p.To {
			continue
		}
		id := n.team.id(s.Person)
		if only, ok := holds[s.Rota]; ok && only != id {
			id = ""
		}
		holds[s.Rota] = id
		if s.To <= p.To {
			lengths = append(lengths, s.To.Sub(s.From).Seconds())
		}
	}
	t.rotas, t.shifts, t.length.N = len(holds), len(lengths), len(lengths)
	if len(lengths) > 0 {
		t.length.Number = record.Num(Percentile(lengths, 0.5))
	}
	handed := false
	for _, only := range holds {
		handed = handed || only == ""
	}
	switch {
	case t.time < enoughOnCall:
	case t.most > heroShare:
		t.name = "one hero"
	case !handed:
		t.name = "fixed"
	case t.people == 2:
		t.name = "a pair"
	default:
		t.name = "rotating"
	}
	return t
}

// name is what the division of work is called; "" where too little is known.
func (c crew) name() string {
	n := float64(c.people())
	switch {
	case c.people() < fewestPeople || c.items < Enough:
		return ""
	case float64(c.both) >= everybody*n:
		return "one team"
	case float64(c.both) <= apart*n && c.support >= 2 && c.feature >= 2:
		return "separate teams"
	case float64(c.support) >= everybody*n:
		return "support alone"
	case float64(c.feature) >= everybody*n:
		return "features alone"
	}
	return "mixed"
}

func (n *Night) teamStructure() Answer {
	t90, t182, months := n.trailing(90), n.trailing(182), n.months(24)
	c, by, rows := n.crews(t90, months)
	t := n.turning(t182)
	a := Answer{Headline: Value{Unit: Share, Period: t90}}
	table := Table{Name: "structure", Title: "What it is, and what would make it another", Columns: []Column{{"question", "Asked", Text}, {"answer", "Answer", Text}, {"said", "What it rests on", Text}, {"otherwise", "It would be another", Text}}}

	work, workSaid := c.name(), ""
	switch people := c.people(); {
	case len(n.Items) == 0:
		workSaid = noTracker
	case people == 0:
		workSaid = fmt.Sprintf("Nothing that was in an active stage in the %s was assigned to anybody of the team.", t90.Label)
	case people < fewestPeople:
		workSaid = fmt.Sprintf("%s on anything in the %s: too few to tell what they did without telling who.", counted(people, "person worked", "people worked"), t90.Label)
	default:
		a.Headline, a.Rows = shareOf(c.both, people, t90), rows
		workSaid = fmt.Sprintf("In the %s %d of %d people did both support and features, %d support alone and %d features alone, over %s.", t90.Label, c.both, people, c.support, c.feature, counted(c.items, "item", "items"))
		for _, x := range []struct {
			name, title string
			k           int
		}{{"both", "Both", c.both}, {"support", "Support alone", c.support}, {"features", "Features alone", c.feature}} {
			a.Parts = append(a.Parts, Part{Name: x.name, Group: "work", Title: x.title, Value: countOf(x.k, t90)})
		}
	}
	other := map[string]string{
		"one team":       fmt.Sprintf("Mixed, below %s of the people who do both.", percent(everybody)),
		"mixed":          fmt.Sprintf("One team, from %s on; separate teams, up to %s with two people at each kind of work alone.", percent(everybody), percent(apart)),
		"support alone":  fmt.Sprintf("Mixed, below %s of the people who do support alone.", percent(everybody)),
		"features alone": fmt.Sprintf("Mixed, below %s of the people who do features alone.", percent(everybody)),
		"separate teams": fmt.Sprintf("Mixed, above %s of the people who do both, or with fewer than two at one kind of work alone.", percent(apart)),
		"one hero":       fmt.Sprintf("Rotating, once nobody has more than %s of the time on call.", percent(heroShare)),
		"fixed":          "Rotating, once a rota is handed from one person to another.",
		"a pair":         "Rotating, once a third person takes turns.",
		"rotating":       fmt.Sprintf("One hero, if somebody had more than %s of the time on call; fixed, if no rota were handed over for 182 days.", percent(heroShare)),
		"":               "It takes more than is known.",
	}
	called := func(name string) string {
		if name == "" {
			return "cannot tell"
		}
		return name
	}
	table.Rows = append(table.Rows, []Cell{{Text: "Who does what"}, {Text: called(work)}, {Text: workSaid}, {Text: other[work]}})

	turnSaid := "Nobody is known to have been on call in the " + t182.Label + "."
	if t.people > 0 {
		turnSaid = fmt.Sprintf("In the %s %s on call as superhero", t182.Label, counted(t.people, "person was", "people were"))
		if t.length.Number.Known {
			turnSaid += fmt.Sprintf(", in %s of %s (median)", plural(fmt.Sprint(t.shifts), "shift"), Duration.Format(t.length.Number))
		}
		if t.rotas > 1 {
			turnSaid += fmt.Sprintf(", in %d rotas", t.rotas)
		}
		a.Parts = append(a.Parts, Part{Name: "turns", Group: "rota", Title: "People who were superhero", Value: countOf(t.people, t182)},
			Part{Name: "length-p50", Group: "rota", Title: "Length of a shift, half of them at most", Value: t.length})
		if t.people >= fewestPeople {
			turnSaid += fmt.Sprintf("; whoever had most had %s of the time, and even would be %s", percent(t.most), percent(1/float64(t.people)))
			a.Parts = append(a.Parts, Part{Name: "most", Group: "rota", Title: "Of the time on call, whoever had most", Value: Value{Unit: Share, Number: record.Num(t.most), N: t.people, Period: t182}})
		}
		turnSaid += "."
	}
	table.Rows = append(table.Rows, []Cell{{Text: "How the pager turns"}, {Text: called(t.name)}, {Text: turnSaid}, {Text: other[t.name]}})
	a.Tables = []Table{table}

	a.Sentence = workSaid + " " + turnSaid
	if work != "" || t.name != "" {
		var is []string
		if work != "" {
			is = append(is, work)
		}
		if t.name != "" {
			is = append(is, "the pager is "+map[string]string{"one hero": "one hero's", "fixed": "fixed", "a pair": "a pair's", "rotating": "rotating"}[t.name])
		}
		a.Sentence = strings.ToUpper(is[0][:1]) + strings.Join(is, "; ")[1:] + ". " + a.Sentence
	}
	if slices.ContainsFunc(by, func(c crew) bool { return c.people() >= fewestPeople }) {
		a.Charts = []Chart{crewChart(n, months, by)}
	}
	return a
}

// crewChart draws how many people did what. Months of too few people are blank.
func crewChart(n *Night, months []Period, by []crew) Chart {
	c := Chart{Name: "by-month", Title: "People by what they worked on, by month", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Marks: n.experiments(months), Edges: edges(months),
		Note: fmt.Sprintf("People, not items. Months in which fewer than %d worked on anything are left blank.", fewestPeople)}
	for _, s := range []struct {
		name, title, role string
		of                func(crew) int
	}{{"both", "Both", "both", func(c crew) int { return c.both }}, {"support", "Support alone", "support", func(c crew) int { return c.support }}, {"features", "Features alone", "features", func(c crew) int { return c.feature }}} {
		line := Series{Name: s.name, Title: s.title, Role: s.role}
		for _, m := range by {
			v := record.Number{}
			if m.people() >= fewestPeople {
				v = record.Num(float64(s.of(m)))
			}
			line.Values = append(line.Values, v)
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

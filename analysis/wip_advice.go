package analysis

// Advice on the limits of work in progress, with its reason: what Little's law makes of the team's own weeks.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

const (
	adviceWeeks = 13 // a quarter: long enough that one holiday is not all of it
	// adviceTenth and adviceSlack say when as much leaves as comes in. The two never agree to the item.
	adviceTenth = 0.1
	adviceSlack = 2
	// adviceOverload is the share of working days above a limit from which on nobody keeps to it, unless
	// the policy names one.
	adviceOverload = 0.2
)

var wipAdvice = Metric{
	Name: "wip-advice", Title: "Advice on WIP limits", Chapter: "Load", Unit: Items, Counts: "the advised limit of the team",
	Question: "Is our limit on work in progress the right one?",
	Doc: "Little's law: over a time in which as much leaves as comes in, the items in progress are, on average, the items that leave in a week × the weeks that each spends in progress (J. D. C. Little, *A proof for the queuing formula L = λW*, Operations Research 9, 1961; D. J. Anderson, *Kanban*, 2010, for its use in limits). Read backwards it says how many places a team's own pace takes.\n\n" +
		"Looked at are the last 13 whole weeks. A **visit** is a stretch in which an item is in progress (for a stage: in progress and in that stage) without leaving; reopened, it is a new one, and discarded items took a place as well; what was entered and left in one instant was entered all the same, and is a visit of no length. **Left** are the visits that ended in those weeks, with the elapsed time of each. " +
		"**Places at the median** are left a week × the time in weeks within which half of them left, **places at 85 %** the same with the time within which 85 % of them did. Where the policy has a goal (`goals: {cycle_days: …}`: 85 % of what was started is finished within so many days), **places for the goal** are left a week × those days: with more than that in progress, on average, it cannot be kept.\n\n" +
		"The advice, of the first of these that holds:\n\n" +
		"- **too early to tell**: fewer than 13 whole weeks, or fewer than 10 visits that ended in them.\n" +
		"- **cannot tell**: what came in and what left differ by more than a tenth of what left, and by more than 2. Little's law does not hold then, and any number made with it would be wrong. Where more comes in than leaves, no limit helps until one is kept.\n" +
		"- **begin with N**: there is no limit; N are the places for the goal, else at 85 %.\n" +
		"- **keep**: more than a fifth of the working days (or the policy's own goal for overload) ended above the limit. A limit that nobody keeps to is not made better by a lower number.\n" +
		"- **keep**: the goal is met as it is: 85 % left within it.\n" +
		"- **lower to N**: the limit is above the places for the goal, else above those at 85 %: it leaves room for more than the pace takes. That is an average, and on some days there is more: at the end of how many working days the limit was reached is said beside it.\n" +
		"- **keep**: everything else.\n\n" +
		"N is rounded up, and for the team never less than one place for every two members: below that people wait for work instead of work for people. It is advice to try something for a few weeks, as an experiment of the policy, and not a target; the law says nothing about what a person can hold in their head, which mostly is less. Items without a history are left out of the visits and listed; they count among the days above the limit, as they do in *Overload*.",
	Measure: (*Night).wipAdvice,
}

// visits are what passed through one part of the flow in the weeks looked at.
type visits struct {
	name, title string
	limits      Versions[int]
	in, out     int
	inside      float64   // item-seconds
	times       []float64 // seconds of each visit that ended
	counts      []int     // in it at the end of each day; differences while they are counted
	over, days  int       // working days above a limit, and all with one
	full        int       // working days at the limit or above it

	from, to record.Instant // the visit that is being followed; to is 0 where there is none
}

// places are how many items a flow holds at once that lets so many go a week, each after so many seconds.
func (v *visits) places(seconds float64) float64 {
	return v.weekly(v.out) * seconds / oneWeek.Seconds()
}

func (v *visits) weekly(k int) float64 { return float64(k) / adviceWeeks }

const oneWeek = 7 * 24 * time.Hour

// balanced says whether as much left as came in.
func (v *visits) balanced() bool {
	d := math.Abs(float64(v.in - v.out))
	return d <= max(adviceSlack, adviceTenth*float64(v.out))
}

// follow adds a stay to the visit that is going on, or begins one. Coarse items are counted at the end of
// days, and their visits are not known.
func (v *visits) follow(it *Item, from, to record.Instant, in bool, p Period, ends []record.Instant) {
	if !in {
		v.leave(it, p, true)
		return
	}
	if v.to == 0 {
		v.from = from
	}
	v.to = to
	a, _ := slices.BinarySearch(ends, from)
	b, _ := slices.BinarySearch(ends, to)
	if a < b {
		v.counts[a]++
		v.counts[b]--
	}
}

// leave ends the visit that is going on; it may be going on still.
func (v *visits) leave(it *Item, p Period, ended bool) {
	from, to := v.from, v.to
	if v.to = 0; to == 0 || it.Coarse != "" {
		return
	}
	v.in += one(p.holds(from))
	if ended && p.holds(to) {
		v.out++
		v.times = append(v.times, to.Sub(from).Seconds())
	}
	if a, b := max(from, p.From), min(to, p.To, it.Until); a < b {
		v.inside += b.Sub(a).Seconds()
	}
}

// passed follows every item through the team and through its stages with a limit.
func (n *Night) passed(p Period, days []Period) (parts []*visits, rows, left []Row) {
	parts = []*visits{{name: "team", title: "The team", limits: n.Policy.Limit}}
	for _, st := range n.stages() {
		if st.Limit.At(n.AsOf) > 0 && st.Kind != Done {
			parts = append(parts, &visits{name: st.ID, title: st.Name, limits: st.Limit})
		}
	}
	ends := make([]record.Instant, len(days))
	for i, d := range days {
		ends[i] = d.To - 1
	}
	for _, v := range parts {
		v.counts = make([]int, len(days)+1)
	}
	for it := range n.during(p) {
		if it.Started == 0 || !it.Open() && it.Finished < p.From {
			continue
		}
		if it.Coarse != "" {
			left = append(left, Row{Item: it, Why: it.Coarse})
		}
		before := parts[0].out
		active := false
		for i, s := range it.Stages {
			to := n.AsOf
			if i+1 < len(it.Stages) {
				to = it.Stages[i+1].At
			}
			active = active || s.Is.Kind == Active
			progress := s.Is.Kind != Done && (it.Started < s.At || it.Started == s.At && active)
			for k, v := range parts {
				v.follow(it, s.At, to, progress && (k == 0 || s.Is.ID == v.name), p, ends)
			}
		}
		for _, v := range parts {
			v.leave(it, p, v.to != n.AsOf)
		}
		if k := parts[0].out - before; k > 0 {
			rows = append(rows, Row{Item: it, Num: record.Num(total(parts[0].times[before:])), Why: it.Class().Title()})
		}
	}
	for _, v := range parts {
		for i := 1; i < len(v.counts); i++ {
			v.counts[i] += v.counts[i-1]
		}
		v.counts = v.counts[:len(days)]
		for i, d := range days {
			if l := v.limits.At(d.To - 1); l > 0 && n.Policy.Working.WorkingDay(record.Date(d.Label)) {
				v.days++
				v.over += one(v.counts[i] > l)
				v.full += one(v.counts[i] >= l)
			}
		}
	}
	return parts, rows, left
}

// advice is what to do about one limit, and why.
type advice struct {
	what  string
	why   string
	limit int // advised; 0 where there is nothing to advise
}

func (n *Night) advise(v *visits, weeks, members int) advice {
	limit := v.limits.At(n.AsOf)
	least := 1
	goal := 0.0
	if v.name == "team" {
		least, goal = max(1, (members+1)/2), n.Policy.Targets.Cycle*24*3600
	}
	if weeks < adviceWeeks || v.out < Enough {
		return advice{what: "too early to tell", why: fmt.Sprintf("it takes %d whole weeks and %d visits that ended in them; there are %d and %d", adviceWeeks, Enough, weeks, v.out)}
	}
	if !v.balanced() {
		why := fmt.Sprintf("%d came in and %d left: Little's law does not hold, and a number made with it would be wrong", v.in, v.out)
		if v.in > v.out {
			why += ". Finish before starting"
		}
		return advice{what: "cannot tell", why: why}
	}
	p50, p85 := Percentile(v.times, 0.5), Percentile(v.times, 0.85)
	up := func(places float64) int { return max(least, int(math.Ceil(places-1e-9))) }
	places, wanted := v.places(p85), "those at 85 %"
	most, by := up(places), fmt.Sprintf("%s a week fill %s on average even if each takes the %s that 85 %% left within", decimal(v.weekly(v.out), 1), plural(decimal(places, 1), "place"), elapsed(p85))
	if goal > 0 {
		places, wanted = v.places(goal), "those for the goal"
		most, by = up(places), fmt.Sprintf("%s a week fill %s if each takes %s, which is the goal: with more in progress it cannot be kept", decimal(v.weekly(v.out), 1), plural(decimal(places, 1), "place"), elapsed(goal))
	}
	bound := cmp.Or(n.Policy.Targets.Overload, adviceOverload)
	keep := func(why string) advice { return advice{"keep " + fmt.Sprint(limit), why, limit} }
	switch {
	case limit <= 0:
		return advice{fmt.Sprintf("begin with %d", most), by, most}
	case v.days >= Enough && float64(v.over) > bound*float64(v.days):
		return keep(fmt.Sprintf("%d of %d working days ended above it: keep to it before changing it", v.over, v.days))
	case goal > 0 && p85 <= goal:
		return keep("85 % left within " + elapsed(p85) + ", and " + elapsed(goal) + " is the goal")
	case limit > most:
		return advice{fmt.Sprintf("lower to %d", most), fmt.Sprintf("%s. The limit of %d was reached at the end of %d of %s", by, limit, v.full, counted(v.days, "working day", "working days")), most}
	case float64(limit) < v.places(p50):
		return keep("it is below what half of them take already; a lower one would only be passed by")
	}
	return keep(fmt.Sprintf("it lies between the places at the median (%s) and %s (%s; a limit of %d has room for them)", decimal(v.places(p50), 1), wanted, decimal(places, 1), most))
}

func (n *Night) wipAdvice() Answer {
	weeks := n.spoken(n.weeks(adviceWeeks))
	p := Period{From: n.AsOf, To: n.AsOf, Label: lastWeeks(len(weeks))}
	if len(weeks) > 0 {
		p.From, p.To = weeks[0].From, weeks[len(weeks)-1].To
	}
	days := n.periods(calendar.Days(), p.From, p.To)
	members := 0
	for i := range n.Policy.Team.Members {
		m := &n.Policy.Team.Members[i]
		members += one(m.From <= n.AsOf && (m.Until == 0 || n.AsOf < m.Until))
	}
	a := Answer{RowUnit: Duration}
	var parts []*visits
	parts, a.Rows, a.Left = n.passed(p, days)
	a.Rows = largestFirst(a.Rows)

	said := Table{Name: "advice", Title: "The advice", Columns: []Column{{"part", "Where", Text}, {"limit", "Limit now", Items}, {"advice", "Advice", Text}, {"why", "Why", Text}}}
	sums := Table{Name: "arithmetic", Title: "The arithmetic, " + p.Label, Columns: []Column{{"part", "Where", Text}, {"in", "Came in", Items}, {"out", "Left", Items}, {"weekly", "Left a week", Each},
		{"p50", "Half within", Duration}, {"p85", "85 % within", Duration}, {"places-p50", "Places at the median", Each}, {"places-p85", "Places at 85 %", Each}, {"places-goal", "Places for the goal", Each}, {"overloaded", "Working days above the limit", Text}}}
	for i, v := range parts {
		limit, adv := v.limits.At(n.AsOf), n.advise(v, len(weeks), members)
		of := record.Number{Value: float64(adv.limit), Known: adv.limit > 0}
		value := Value{Unit: Items, Number: of, N: v.out, Period: p}
		now := Cell{Text: "none"}
		if limit > 0 {
			now = num(limit)
		}
		said.Rows = append(said.Rows, []Cell{{Text: v.title}, now, {Text: adv.what}, {Text: adv.why}})
		number := func(x float64, known bool) Cell { return Cell{Num: record.Number{Value: x, Known: known}} }
		row := []Cell{{Text: v.title}, num(v.in), num(v.out), number(v.weekly(v.out), len(weeks) == adviceWeeks)}
		known := v.out > 0 && len(weeks) == adviceWeeks
		p50, p85 := 0.0, 0.0
		if v.out > 0 {
			p50, p85 = Percentile(v.times, 0.5), Percentile(v.times, 0.85)
		}
		goal := n.Policy.Targets.Cycle * 24 * 3600
		above := Cell{Text: "no limit"}
		if v.days > 0 {
			above.Text = fmt.Sprintf("%d of %d", v.over, v.days)
		}
		sums.Rows = append(sums.Rows, append(row, number(p50, v.out > 0), number(p85, v.out > 0), number(v.places(p50), known), number(v.places(p85), known), number(v.places(goal), known && goal > 0 && i == 0), above))
		if i > 0 {
			a.Parts = append(a.Parts, Part{Name: v.name, Group: "stage", Title: v.title + ": " + adv.what, Value: value})
			continue
		}
		a.Headline = value
		switch {
		case adv.limit == 0:
			a.Sentence = fmt.Sprintf("%s: %s.", strings.ToUpper(adv.what[:1])+adv.what[1:], adv.why)
		default:
			a.Sentence = fmt.Sprintf("%s: %s. In the %s %s items a week left, half of them within %s and 85 %% within %s, which takes %s to %s places.", strings.ToUpper(adv.what[:1])+adv.what[1:], adv.why,
				p.Label, decimal(v.weekly(v.out), 1), elapsed(p50), elapsed(p85), decimal(v.places(p50), 1), decimal(v.places(p85), 1))
		}
		if adv.what == "cannot tell" {
			a.Doubts = append(a.Doubts, fmt.Sprintf("Little's law holds only where as much leaves as comes in. In the %s %d items came into progress and %d left it.", p.Label, v.in, v.out))
		}
	}
	a.Tables = []Table{said, sums, n.conditions(parts[0], p)}
	a.Charts = []Chart{n.placesChart(parts[0], days, len(weeks))}
	return a
}

// conditions are what the advice rests on, with what the numbers say of each.
func (n *Night) conditions(v *visits, p Period) Table {
	t := Table{Name: "conditions", Title: "When it would be wrong", Columns: []Column{{"condition", "It rests on", Text}, {"numbers", "The numbers", Text}, {"holds", "Holds", Text}}}
	holds := func(ok bool) Cell { return Cell{Text: [...]string{"no", "yes"}[one(ok)]} }
	t.Rows = append(t.Rows, []Cell{{Text: "As much leaves as comes in"}, {Text: fmt.Sprintf("%d came in, %d left", v.in, v.out)}, holds(v.balanced())})
	span := p.To.Sub(p.From).Seconds()
	if v.out > 0 && span > 0 {
		mean, law := v.inside/span, v.places(total(v.times)/float64(v.out))
		t.Rows = append(t.Rows, []Cell{{Text: "In progress is left a week × weeks in progress, all by their averages"},
			{Text: fmt.Sprintf("%s by the law, %s as it was", decimal(law, 1), decimal(mean, 1))}, holds(math.Abs(law-mean) <= max(1, adviceTenth*mean))})
	}
	return t
}

// placesChart draws what was in progress day by day against the limit and what the arithmetic makes of it.
func (n *Night) placesChart(v *visits, days []Period, weeks int) Chart {
	limits := Series{Name: "limit", Title: "Team limit", Kind: Line, Role: "limit"}
	for _, d := range days {
		l := n.Policy.Limit.At(d.To - 1)
		limits.Values = append(limits.Values, record.Number{Value: float64(l), Known: l > 0})
	}
	c := Chart{Name: "places", Title: "In progress at the end of each day, and the places it takes", Kind: Line, Unit: Items, XUnit: Day, X: labels(days), Marks: n.experiments(days), Edges: edges(days),
		Lines: []Series{{Name: "team", Title: "In progress", Values: numbers(v.counts)}, limits}, Note: "A limit below the lower of the two horizontal lines would mostly be passed by; one above the upper leaves room for more than the pace takes on average."}
	if weeks == adviceWeeks && v.out >= Enough && v.balanced() {
		c.Marks = append(c.Marks, Mark{Y: record.Num(v.places(Percentile(v.times, 0.5))), Title: "places at the median", Role: "goal"},
			Mark{Y: record.Num(v.places(Percentile(v.times, 0.85))), Title: "places at 85 %", Role: "goal"})
	}
	return c
}

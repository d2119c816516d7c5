package analysis

// Does our tracker agree (METRICS.md, section 3)? The cycles of the tracker's own SLA clocks beside our verdicts, in
// figures. How one cycle is compared is in sla_tracker.go.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

var slaTracker = Metric{
	Name: "sla-tracker", Title: "Our promises and the tracker’s clocks", Chapter: "Promises", Unit: Share,
	Question: "Does our tracker agree?",
	Doc: `Of the cycles that the tracker's own SLA clocks have decided, such as Jira Service Management keeps, the share in which our verdict is the same: met by both, or missed by both. The headline is of the trailing 90 days. The tracker's verdict counts in no other figure.

- A clock is matched to a promise by its name: by default *Time to first response* to responding, *Time to resolution* and *Time to done* to resolving; the policy may name others under ` + "`sla_names`" + `. Clocks of other names are listed and not compared.
- A **cycle** is decided when the tracker stopped it, or breached: then when it fell due, else when the tracker was read. Of a past as-of only those count that had stopped by then, because the tracker keeps nothing of how the others stood.
- **Ours** is the verdict as it stood before the tracker started the same clock again, or as it stands. Undecided on our side where the tracker has decided is no agreement.
- Left out and listed: items of which we promise nothing, whose promise was withdrawn, or whose history is not known.

Where the two differ, our promise is reckoned once more with one thing of the tracker's at a time in the place of ours, and as if nothing were ever discarded, of which its clocks know nothing. The first that leads to the tracker's verdict is the reason; a minute more or less is no difference.

1. **Cycle**: its start and stop. It waited for another transition, started again at a reopening, or took another act for the first answer.
2. **Policy**: its goal, as working time on our calendar.
3. **Pause**: the time it counted. It differs from ours by just the time that the item spent in one stage, or in a few: the tracker's clock stood still there and ours ran, or the other way round.
4. **Calendar**: the time it counted, where pauses do not explain it: other working hours, holidays or zone.
5. **Several**: none of these alone.`,
	Measure: func(n *Night) Answer { return n.agreement() },
}

// reasons are the reasons with what each means.
var reasons = [...]struct {
	Reason
	title, means string
}{
	{OtherCycle, "Cycle", "The tracker started or stopped its clock at other times"},
	{OtherPolicy, "Policy", "The tracker has another goal"},
	{OtherPause, "Pause", "The tracker's clock stood still where ours ran, or ran where ours stood still"},
	{OtherCalendar, "Calendar", "The tracker counts other hours as working time"},
	{Several, "Several", "None of these alone"},
}

// clockTally counts the cycles of one clock.
type clockTally struct {
	promise                          string
	agreed, decided, running, others int
}

// ourCycle is a cycle of an item.
type ourCycle struct {
	it *Item
	Cycle
}

// agreements is what one pass over the items finds out about the tracker's clocks.
type agreements struct {
	recent, month  Period
	months         []Period
	byMonth        []kept // agreed is met
	in90, inMonth  kept
	promise        map[string]kept
	reason         map[Reason]int
	clocks         map[string]*clockTally // in the trailing 90 days; by name
	behind         []ourCycle             // decided in the trailing 90 days
	left           []Row
	cycles, others int
}

func (n *Night) agreement() Answer {
	g := &agreements{recent: n.trailing(90), month: n.lastMonth(), months: n.months(24), promise: map[string]kept{}, reason: map[Reason]int{}, clocks: map[string]*clockTally{}}
	g.byMonth = make([]kept, len(g.months))
	for _, it := range n.Items {
		if len(it.TrackerSLAs) > 0 {
			for _, c := range n.Cycles(it) {
				g.enter(it, c)
			}
		}
	}
	a := Answer{Headline: shareOf(g.in90.met, g.in90.n(), g.recent), Sentence: g.sentence(), Left: g.left}
	if len(g.left) > 0 {
		a.Headline.Of = a.Headline.N + len(g.left)
	}
	if g.cycles == 0 {
		return a
	}
	slices.SortStableFunc(g.behind, func(x, y ourCycle) int { return cmp.Or(one(x.Agrees)-one(y.Agrees), cmp.Compare(y.At, x.At)) })
	for i := range g.behind {
		a.Rows = append(a.Rows, Row{Item: g.behind[i].it, Why: g.behind[i].told()})
	}
	a.Parts, a.Charts, a.Tables = g.parts(), g.charts(n), g.tables(n)
	if g.others > 0 {
		a.Doubts = append(a.Doubts, fmt.Sprintf("%s of clocks that no promise of ours is matched to are not compared. The policy can name them under sla_names.", plural(fmt.Sprint(g.others), "cycle")))
	}
	return a
}

func (g *agreements) enter(it *Item, c Cycle) {
	g.cycles++
	t := g.clocks[c.Name]
	if t == nil {
		t = &clockTally{promise: c.Promise}
		g.clocks[c.Name] = t
	}
	recent := g.recent.holds(c.At)
	switch {
	case c.Promise == "":
		g.others++
		t.others++
		return
	case c.At == 0:
		t.running++
		return
	case c.Skipped != "":
		if recent {
			g.left = append(g.left, Row{Item: it, Why: c.Name + ": " + c.Skipped})
		}
		return
	}
	k := kept{missed: 1}
	if c.Agrees {
		k = kept{met: 1}
	}
	plus := func(to *kept) { to.met, to.missed = to.met+k.met, to.missed+k.missed }
	if i := find(g.months, c.At); i >= 0 {
		plus(&g.byMonth[i])
	}
	if g.month.holds(c.At) {
		plus(&g.inMonth)
	}
	if !recent {
		return
	}
	plus(&g.in90)
	p := g.promise[c.Promise]
	plus(&p)
	g.promise[c.Promise] = p
	t.decided++
	t.agreed += k.met
	if !c.Agrees {
		g.reason[c.Reason]++
	}
	g.behind = append(g.behind, ourCycle{it, c})
}

func (g *agreements) sentence() string {
	k := g.in90
	switch {
	case g.cycles == 0:
		return "No tracker told of SLA clocks of its own."
	case g.cycles == g.others:
		return "The tracker's clocks are matched to no promise of ours: the policy can name them under sla_names."
	case k.n() == 0:
		return "In the trailing 90 days the tracker's clocks decided nothing that we promise."
	}
	s := fmt.Sprintf("In the trailing 90 days the tracker's clocks and our verdicts agree on %d of %s", k.met, plural(fmt.Sprint(k.n()), "decided cycle"))
	if k.n() >= Fewest {
		s += fmt.Sprintf(" (%s)", percent(float64(k.met)/float64(k.n())))
	}
	var why []string
	for _, r := range reasons {
		if c := g.reason[r.Reason]; c > 0 {
			why = append(why, fmt.Sprintf("%s %d", strings.ToLower(r.title), c))
		}
	}
	if len(why) > 0 {
		s += "; where not, because of: " + strings.Join(why, ", ")
	}
	return s + "."
}

// theirs is the tracker's verdict in a word.
func (c *Cycle) theirs() string {
	if c.Breached {
		return "breached"
	}
	return "met"
}

// Says is our verdict in a few words.
func (c *Cycle) Says() string {
	switch c.Ours.Outcome {
	case Running, Stopped:
		return "in time so far"
	}
	return c.Ours.Outcome.String()
}

func (x *ourCycle) told() string {
	s := fmt.Sprintf("%s: the tracker says %s, we say %s", x.Name, x.theirs(), x.Says())
	if !x.Agrees {
		s += fmt.Sprintf("; %s: %s", x.Reason, x.Because)
	}
	return s
}

func (g *agreements) parts() []Part {
	var ps []Part
	for _, p := range []string{"respond", "resolve"} {
		if k := g.promise[p]; k.n() > 0 {
			part := Part{Name: p, Group: "promise", Title: "To " + p, Value: shareOf(k.met, k.n(), g.recent)}
			for i := range g.behind {
				if x := &g.behind[i]; x.Promise == p {
					part.Rows = append(part.Rows, Row{Item: x.it, Why: x.told()})
				}
			}
			ps = append(ps, part)
		}
	}
	for _, r := range reasons {
		if c := g.reason[r.Reason]; c > 0 {
			ps = append(ps, Part{Name: string(r.Reason), Group: "reason", Title: r.title, Value: countOf(c, g.recent)})
		}
	}
	return append(ps, Part{Name: "month", Group: "period", Title: g.month.Label, Value: shareOf(g.inMonth.met, g.inMonth.n(), g.month)})
}

func (g *agreements) charts(n *Night) []Chart {
	agreed, not := Series{Name: "agreed", Title: "Agreed", Role: "good"}, Series{Name: "disagreed", Title: "Disagreed", Role: "bad"}
	for _, k := range g.byMonth {
		agreed.Values = append(agreed.Values, record.Num(float64(k.met)))
		not.Values = append(not.Values, record.Num(float64(k.missed)))
	}
	return []Chart{{
		Name: "by-month", Title: "Cycles that the tracker decided, by month", Kind: Stacked, Unit: Items, XUnit: Text,
		X: labels(g.months), Edges: edges(g.months), Lines: []Series{agreed, not}, Marks: n.experiments(g.months),
		Note: "A change in the tracker's settings, or in the policy, shows as a step.",
	}}
}

func (g *agreements) tables(n *Night) []Table {
	why := Table{Name: "disagreements", Title: "Where they differ, " + g.recent.Label, Columns: []Column{
		{"item", "Item", Text}, {"clock", "Clock", Text}, {"decided", "Decided", Text}, {"tracker", "The tracker says", Text}, {"ours", "We say", Text},
		{"reason", "Reason", Text}, {"because", "Because", Text}, {"elapsed", "It counted", Work}, {"goal", "Its goal", Work},
	}}
	for i := range g.behind {
		x := &g.behind[i]
		if x.Agrees {
			continue
		}
		goal := Cell{}
		if x.Goal > 0 {
			goal.Num = record.Num(x.Goal.Seconds())
		}
		why.Rows = append(why.Rows, []Cell{{Item: x.it}, {Text: x.Name}, {Text: n.clock(x.At)}, {Text: x.theirs()}, {Text: x.Says()},
			{Text: string(x.Reason)}, {Text: x.Because}, {Num: record.Num(x.Elapsed.Seconds())}, goal})
	}
	by := Table{Name: "reasons", Title: "By reason, " + g.recent.Label, Columns: []Column{{"reason", "Reason", Text}, {"means", "What it means", Text}, {"cycles", "Cycles", Items}}}
	for _, r := range reasons {
		by.Rows = append(by.Rows, []Cell{{Text: r.title}, {Text: r.means}, num(g.reason[r.Reason])})
	}
	clocks := Table{Name: "clocks", Title: "The tracker's clocks", Columns: []Column{
		{"clock", "Clock", Text}, {"promise", "Our promise", Text}, {"decided", "Decided, " + g.recent.Label, Items}, {"agreed", "Agreed", Items}, {"running", "Not decided", Items}, {"other", "Not compared", Items},
	}}
	for _, name := range sortedKeys(g.clocks) {
		t := g.clocks[name]
		clocks.Rows = append(clocks.Rows, []Cell{{Text: name}, {Text: cmp.Or(t.promise, "none")}, num(t.decided), num(t.agreed), num(t.running), num(t.others)})
	}
	return []Table{why, by, clocks}
}

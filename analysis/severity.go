package analysis

// Severity, class and kind over time (METRICS.md, section 6).

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

var severityTrend = Metric{
	Name: "severity-trend", Title: "Is it getting worse?", Chapter: "Trends", Unit: PerWeek, Goalless: true,
	Question: "Are serious problems becoming more or fewer, and is the change real?",
	Doc: "Support items of the severities that owe a postmortem, counted by the ISO week of their creation, with the severity held at as-of. The latest 52 whole weeks at most; empty weeks are 0, weeks inside a gap no data. " +
		"It is an **XmR chart** (Shewhart; Wheeler, *Understanding Variation*): centre x̄, limits x̄ ± 2.66 · mean|xᵢ − xᵢ₋₁|, the lower one floored at 0. " +
		"A signal is a week outside the limits, or 8 in a row on one side of the centre (a week on the centre breaks the run). Everything else is routine variation, and chasing it makes things worse. " +
		"A declared experiment restarts the limits with the first whole week after it; under 8 weeks there are none. A policy without severities gives no data.",
	Measure: func(n *Night) Answer {
		worst := max(n.Policy.Postmortems.Worst, 1)
		weeks := n.wholeWeeks()
		grave := func(it *Item) bool {
			return it.Kind().Support() && it.Severity() >= 1 && it.Severity() <= worst
		}
		serious, _ := n.created(weeks, grave)
		all, _ := n.created(weeks, func(it *Item) bool { return it.Kind().Support() })
		name := "Severity 1"
		if worst > 1 {
			name += "–" + strconv.Itoa(worst)
		}
		a := Answer{Headline: Value{Unit: PerWeek}, Weekly: []Weekly{
			{Name: "serious", Title: name + " support items created", Unit: Items, Weeks: weeks, Values: serious, Worse: 1, Rare: worst == 1},
			{Name: "support", Title: "All support items created", Unit: Items, Weeks: weeks, Values: all, Worse: 1},
		}}
		if len(n.Policy.Severities) == 0 { // a week without serious items would be every week
			a.Weekly = a.Weekly[1:]
			a.Sentence = "The policy has no severities, so nobody can tell what is serious."
			return a
		}
		c := n.course(&a.Weekly[0])
		a.Sentence, a.Good = c.Says, c.Mood
		b := c.last()
		if b == nil {
			return a
		}
		if b.n > 0 {
			a.Headline.Number = record.Num(b.centre)
		}
		a.Headline.N = b.n
		from, to := c.weeks[b.from], c.weeks[b.to-1]
		a.Headline.Period = Period{From: from.From, To: to.To, Label: from.Label + " to " + to.Label}
		for it := range n.during(a.Headline.Period) {
			if a.Headline.Period.holds(it.Created) && grave(it) {
				a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(float64(it.Severity())), Why: n.severityName(it.Severity())})
			}
		}
		slices.SortStableFunc(a.Rows, func(x, y Row) int {
			return cmp.Or(cmp.Compare(x.Num.Value, y.Num.Value), cmp.Compare(y.Item.Created, x.Item.Created))
		})
		return a
	},
}

func (n *Night) severityName(level int) string {
	for _, s := range n.Policy.Severities {
		if s.Level == level {
			return fmt.Sprintf("Sev %d – %s", level, s.Name)
		}
	}
	if level == 0 {
		return "No severity"
	}
	return fmt.Sprintf("Sev %d", level)
}

// levels are the policy's severities, worst first, and "none".
func (n *Night) levels() []int {
	var ls []int
	for _, s := range n.Policy.Severities {
		ls = append(ls, s.Level)
	}
	slices.Sort(ls)
	return append(slices.Compact(ls), 0)
}

var severityMix = Metric{
	Name: "severity-mix", Title: "Severity over time", Chapter: "Trends", Unit: Items, Counts: "items created",
	Question: "What burns, and how badly?",
	Doc: "All items created in each month and ISO week by their severity at as-of, and open at each month's end by their severity **as it was then**. " +
		"Severity is the policy's rule, never the tracker's priority. Changes of severity after intake are counted and listed: a quiet downgrade must be visible. A policy without severities gives no data.",
	Measure: func(n *Night) Answer {
		months, weeks, month := n.months(24), n.weeks(52), n.lastMonth()
		a := Answer{Headline: Value{Unit: Items}}
		if len(n.Policy.Severities) == 0 { // every chart would be of one colour
			a.Sentence = "The policy has no severities, so nobody can tell how badly it burns."
			return a
		}
		up, down := 0, 0
		var changes afterIntake
		for it := range n.during(month) {
			if month.holds(it.Created) {
				a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(float64(it.Severity())), Why: n.severityName(it.Severity())})
			}
		}
		for _, it := range slices.Backward(n.Items) {
			for k := 1; k < len(it.Severities); k++ {
				was, is := it.Severities[k-1].Is, it.Severities[k].Is
				if is == 0 || was != 0 && is > was {
					down++
				} else {
					up++
				}
				changes.add(it, k, it.Severities[k].At)
			}
		}
		open := n.endOfDay(months, func(s state) (string, bool) { return strconv.Itoa(s.severity), true })
		inMonths, inWeeks, inMonth := createdBy(n, months, (*Item).Severity), createdBy(n, weeks, (*Item).Severity), createdBy(n, []Period{month}, (*Item).Severity)
		var byMonth, byWeek, atEnd []Series
		for _, l := range n.levels() {
			id, title := "sev-"+strconv.Itoa(l), n.severityName(l)
			series := func(vs []record.Number) Series { return Series{Name: id, Title: title, Role: "severity", Values: vs} }
			if vs := inMonths[l]; vs != nil {
				byMonth = append(byMonth, series(vs))
			}
			if vs := inWeeks[l]; vs != nil {
				byWeek = append(byWeek, series(vs))
			}
			if _, any := open.counts[strconv.Itoa(l)]; any {
				vs := numbers(open.of(strconv.Itoa(l)))
				for i := range vs {
					if months[i].Partial { // its end has not come
						vs[i] = record.Number{}
					}
				}
				atEnd = append(atEnd, series(vs))
			}
			a.Parts = append(a.Parts, Part{Name: id, Group: "severity", Title: title, Value: n.countedIn(month, inMonth[l])})
		}
		a.Headline = n.createdIn(month, func(*Item) bool { return true })
		a.Sentence = fmt.Sprintf("%s created in %s. Since the beginning severity was raised %s after intake and lowered %s.", counted(a.Headline.N, "item was", "items were"), month.Label, counted(up, "time", "times"), counted(down, "time", "times"))
		if !a.Headline.Number.Known {
			a.Sentence = cmp.Or(n.unknown(month), fmt.Sprintf("How many items were created in %s is not known.", month.Label))
		}
		a.Charts = []Chart{
			{Name: "created", Title: "Created, by month and severity", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Lines: byMonth, Marks: n.experiments(months), Edges: edges(months), Note: "By the severity each item has today."},
			{Name: "open", Title: "Open at the end of each month, by severity", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Lines: atEnd, Marks: n.experiments(months), Edges: atEnds(months), Note: "By the severity each item had then."},
			{Name: "by-week", Title: "Created, by week and severity", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(weeks), Lines: byWeek, Marks: n.experiments(weeks), Edges: edges(weeks), Note: "The last 52 whole weeks."},
		}
		a.Tables = changes.table("Severity changed after intake", func(c change) (day, was, is string) {
			return n.date(c.at), n.severityName(c.item.Severities[c.step-1].Is), n.severityName(c.item.Severities[c.step].Is)
		})
		return a
	},
}

// date is the local day of t.
func (n *Night) date(t record.Instant) string { return string(calendar.DateOf(t, n.Zone)) }

var kindMix = Metric{
	Name: "kind-mix", Title: "Kinds of work over time", Chapter: "Trends", Unit: Items, Counts: "items created",
	Question: "What kind of work comes in?",
	Doc:      "Items created in each month and ISO week by kind (incident, problem, request: support; feature) and by class of service, as they stand at as-of. An item that no rule takes is Unclassified. Changes of class after intake are counted and listed.",
	Measure: func(n *Night) Answer {
		months, weeks := n.months(24), n.weeks(52)
		var a Answer
		kinds := []Kind{Incident, Problem, Request, Feature, Unknown}
		titles := map[Kind]string{Incident: "Incidents", Problem: "Problems", Request: "Requests", Feature: "Features", Unknown: "Unclassified"}
		var byKind, byKindWeek, byClass, byClassWeek []Series
		month := n.lastMonth()
		inMonths, inWeeks, inMonth := createdBy(n, months, (*Item).Kind), createdBy(n, weeks, (*Item).Kind), createdBy(n, []Period{month}, (*Item).Kind)
		for _, k := range kinds {
			name := cmp.Or(string(k), "unclassified")
			if vs := inMonths[k]; vs != nil {
				byKind = append(byKind, Series{Name: name, Title: titles[k], Role: "kind", Values: vs})
			}
			if vs := inWeeks[k]; vs != nil {
				byKindWeek = append(byKindWeek, Series{Name: name, Title: titles[k], Role: "kind", Values: vs})
			}
			a.Parts = append(a.Parts, Part{Name: name, Group: "kind", Title: titles[k], Value: n.countedIn(month, inMonth[k])})
		}
		ofClass, ofClassInWeeks := createdBy(n, months, (*Item).Class), createdBy(n, weeks, (*Item).Class)
		for _, c := range n.classes() {
			if vs := ofClass[c]; vs != nil {
				byClass = append(byClass, Series{Name: c.ClassID(), Title: c.Title(), Role: "class", Values: vs})
			}
			if vs := ofClassInWeeks[c]; vs != nil {
				byClassWeek = append(byClassWeek, Series{Name: c.ClassID(), Title: c.Title(), Role: "class", Values: vs})
			}
		}
		a.Headline = n.createdIn(month, func(*Item) bool { return true })
		support := n.createdIn(month, func(it *Item) bool { return it.Kind().Support() })
		var changes afterIntake
		for it := range n.during(month) {
			if month.holds(it.Created) {
				a.Rows = append(a.Rows, Row{Item: it, Why: it.Class().Title()})
			}
		}
		for _, it := range slices.Backward(n.Items) {
			for k := 1; k < len(it.Classes); k++ {
				changes.add(it, k, it.Classes[k].At)
			}
		}
		a.Tables = changes.table("Class changed after intake", func(c change) (day, was, is string) {
			return n.date(c.at), c.item.Classes[c.step-1].Is.Title(), c.item.Classes[c.step].Is.Title()
		})
		a.Sentence = fmt.Sprintf("%s in during %s, %s of them support. Since the beginning the class of an item was changed %s after intake.", counted(a.Headline.N, "item came", "items came"), month.Label, support, counted(changes.count, "time", "times"))
		if !a.Headline.Number.Known {
			a.Sentence = cmp.Or(n.unknown(month), fmt.Sprintf("How many items came in during %s is not known.", month.Label))
		}
		a.Charts = []Chart{
			{Name: "by-kind", Title: "Created, by month and kind", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Lines: byKind, Marks: n.experiments(months), Edges: edges(months), Note: "What arrives decides what is left for features."},
			{Name: "by-class", Title: "Created, by month and class", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Lines: byClass, Marks: n.experiments(months), Edges: edges(months), Note: "The same by class of service."},
			{Name: "by-week", Title: "Created, by week and kind", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(weeks), Lines: byKindWeek, Marks: n.experiments(weeks), Edges: edges(weeks), Note: "The last 52 whole weeks."},
			{Name: "by-class-and-week", Title: "Created, by week and class", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(weeks), Lines: byClassWeek, Marks: n.experiments(weeks), Edges: edges(weeks), Note: "The same by class of service."},
		}
		return a
	},
}

var unclassified = Metric{
	Name: "unclassified", Title: "Unclassified", Chapter: "Trust", Unit: Items, Counts: "items that no class takes",
	Question: "What does our policy not know about?",
	Doc:      "Items that no class's rule takes. They are in no promise and in no class, and they are counted here so that they cannot disappear. The table lists the statuses that no stage of the policy gathers: they fall back to the tracker's own category.",
	Measure: func(n *Night) Answer {
		var a Answer
		for _, it := range n.Items {
			if it.Class() == nil {
				a.Rows = append(a.Rows, Row{Item: it, Why: fmt.Sprintf("type %q, status %q", it.Type, it.Status)})
			}
		}
		a.Headline = countOf(len(a.Rows), n.now())
		if a.Sentence = fmt.Sprintf("%d of %s no class.", len(a.Rows), counted(len(n.Items), "item fits", "items fit")); len(a.Rows) == 0 {
			a.Sentence = "Every item fits a class."
		}
		t := Table{Name: "statuses", Title: "Statuses that no stage gathers", Columns: []Column{{"tracker", "Tracker", Text}, {"status", "Status", Text}, {"items", "Items ever in it", Items}}}
		for _, u := range n.unmapped() {
			t.Rows = append(t.Rows, []Cell{{Text: u.Tracker}, {Text: u.Name}, num(u.Items)})
		}
		if len(t.Rows) > 0 {
			a.Tables = []Table{t}
		}
		return a
	},
}

package analysis

// Sent back: how often work had to wait for something that should have come with it, and for how long
// (METRICS.md, section 8).

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// stay is one stretch of an item in a stage that asks its reporter for something.
type stay struct {
	item  *Item
	class *Class // held when it began
	stage *Stage
	from  record.Instant
	to    record.Instant // so far, where it is not over
	over  bool
}

// within is how many seconds of the stay lie in a period.
func (s *stay) within(p Period) float64 {
	return max(0, min(s.to, p.To).Sub(max(s.from, p.From)).Seconds())
}

// back are the item's entries into stages that are marked sent_back.
func (n *Night) back(it *Item) iter.Seq[stay] {
	return func(yield func(stay) bool) {
		for i, s := range it.Stages {
			if !s.Is.SentBack {
				continue
			}
			st := stay{item: it, class: it.Classes.At(s.At), stage: s.Is, from: s.At, to: max(s.At, min(it.Until, n.AsOf))}
			if i+1 < len(it.Stages) {
				st.to, st.over = it.Stages[i+1].At, true
			}
			if !yield(st) {
				return
			}
		}
	}
}

// wasBack says whether the item was ever sent back.
func (it *Item) wasBack() bool {
	return slices.ContainsFunc(it.Stages, func(s Step[*Stage]) bool { return s.Is.SentBack })
}

// waits adds up the stays of a period.
type waits struct {
	entries int       // that began in it
	lost    float64   // seconds of any that lie in it
	ended   []float64 // how long those took that ended in it, in seconds
}

func (w *waits) add(s *stay, p Period) {
	w.entries += one(p.holds(s.from))
	w.lost += s.within(p)
	if s.over && p.holds(s.to) {
		w.ended = append(w.ended, s.to.Sub(s.from).Seconds())
	}
}

// inDays are seconds as a number of days.
func inDays(seconds float64) record.Number { return record.Num(seconds / (24 * 3600)) }

var sentBack = Metric{
	Name: "sent-back", Title: "Sent back", Chapter: "Intake", Unit: Items, Counts: "times work was sent back",
	Question: "How often do we have to ask, and what does it cost?",
	Doc: "Entries into a stage that the policy marks `sent_back`, by the class held at the entry; an item that is sent back twice is counted twice, and from one such stage into another is an entry of its own. " +
		"**Days lost** are the elapsed days that items lay in these stages within the period, nights and weekends included: it is the one who asked for help who waits. **How long** is the median (nearest rank) of the stays that ended in the period. " +
		"**Sent back at all** is the share of the support items created in the period that were sent back at least once until as-of. " +
		"The **reporting group** is the way in that the policy's rules tell of the item, else the tracker's project it was opened in. " +
		"Items whose clocks cannot be followed are left out, and listed.",
	Measure: func(n *Night) Answer {
		t90, month := n.trailing(90), n.lastMonth()
		months, weeks := n.months(24), n.wholeWeeks()
		var quarter waits
		byClass, byGroup := map[*Class]*waits{}, map[string]*waits{}
		perMonth, perWeek := map[*Class][]int{}, make([]int, len(weeks))
		lost := make([]float64, len(months))
		lying, all := 0, 0
		a := Answer{RowUnit: Duration}
		take := func(s *stay) {
			all++
			lying += one(!s.over && s.item.Open() && !n.archived(s.item))
			if m := find(months, s.from); m >= 0 {
				if perMonth[s.class] == nil {
					perMonth[s.class] = make([]int, len(months))
				}
				perMonth[s.class][m]++
			}
			for m := monthOf(months, s.from); m < len(months) && months[m].From < s.to; m++ {
				lost[m] += s.within(Period{From: months[m].From, To: min(months[m].To, n.AsOf)})
			}
			if w := find(weeks, s.from); w >= 0 {
				perWeek[w]++
			}
			if s.to < t90.From {
				return
			}
			if t90.holds(s.from) {
				a.Rows = append(a.Rows, Row{Item: s.item, Num: record.Num(s.to.Sub(s.from).Seconds()), Why: n.stayed(s)})
			}
			if byClass[s.class] == nil {
				byClass[s.class] = &waits{}
			}
			g := n.group(s.item)
			if byGroup[g] == nil {
				byGroup[g] = &waits{}
			}
			for _, w := range []*waits{&quarter, byClass[s.class], byGroup[g]} {
				w.add(s, t90)
			}
		}
		for _, it := range n.Items {
			switch {
			case it.Coarse == "":
				for s := range n.back(it) {
					take(&s)
				}
			case it.wasBack():
				a.Left = append(a.Left, Row{Item: it, Why: it.Coarse})
			}
		}
		a.Rows = largestFirst(a.Rows)
		a.Headline = countOf(quarter.entries, t90)
		a.Sentence = n.backSentence(&quarter, lying, all, t90)
		part := func(group, name, title string, v Value) {
			a.Parts = append(a.Parts, Part{Name: name, Group: group, Title: title, Value: v})
		}
		const q = "trailing-90-days"
		part(q, "lost", "Days lost", Value{Unit: ItemDays, Number: inDays(quarter.lost), N: quarter.entries, Period: t90})
		part(q, "stay-p50", "How long, half of those that came back", median(quarter.ended, t90))
		part(q, "lying", "Waiting for an answer now", countOf(lying, n.now()))
		part("created", "ever", "Sent back at all, of support items created in the "+t90.Label, n.everBack(t90))
		part("created", "ever-last-month", "Sent back at all, of support items created in "+month.Label, n.everBack(month))
		for _, c := range n.classes() {
			if w := byClass[c]; w != nil {
				part("class", c.ClassID(), c.Title(), countOf(w.entries, t90))
			}
		}
		if len(byClass) > 0 {
			a.Tables = []Table{backTable("classes", "By class of service, "+t90.Label, "Class", classTitles(n.classes(), byClass), t90),
				backTable("groups", "By reporting group, "+t90.Label, "Reporting group", byGroupTitles(byGroup), t90)}
		}
		if all > 0 {
			a.Charts = n.backCharts(months, perMonth, lost)
		}
		a.Weekly = []Weekly{{Name: "weekly", Title: "Sent back, by week", Unit: Items, Weeks: weeks, Values: n.asTold(weeks, perWeek), Worse: 1}}
		return a
	},
}

// monthOf is the first of the periods that ends after t.
func monthOf(ps []Period, t record.Instant) int {
	i, _ := slices.BinarySearchFunc(ps, t, func(p Period, t record.Instant) int {
		if p.To <= t {
			return -1
		}
		return 1
	})
	return i
}

// median is the middle one of some durations in seconds.
func median(seconds []float64, p Period) Value {
	return secondsOf(seconds, 0.5, 0, p)
}

// everBack is the share of the support items created in a period that were ever sent back, of those whose
// clocks can be followed.
func (n *Night) everBack(p Period) Value {
	var s share
	of := 0
	for it := range n.during(p) {
		if !p.holds(it.Created) || !it.Kind().Support() {
			continue
		}
		of++
		if it.Coarse == "" {
			s.add(it.wasBack())
		}
	}
	v := s.value(p)
	v.Of = of
	return v
}

func (n *Night) backSentence(w *waits, lying, all int, p Period) string {
	switch {
	case !slices.ContainsFunc(n.everyStage(), func(s Stage) bool { return s.SentBack }):
		return "No stage of the policy is marked `sent_back`, so what is sent back cannot be told."
	case all == 0:
		return "Nothing has been sent back yet."
	}
	s := fmt.Sprintf("In the %s work was sent back %s and lay there for %s", p.Label, counted(w.entries, "time", "times"), Days.Format(inDays(w.lost)))
	switch longest := secondsOf(w.ended, 1, 0, p).Number; {
	case len(w.ended) >= Fewest:
		s += fmt.Sprintf("; half of what came back took no longer than %s", Duration.Format(median(w.ended, p).Number))
	case len(w.ended) == 1:
		s += fmt.Sprintf("; the one that came back took %s", Duration.Format(longest))
	case len(w.ended) > 1:
		s += fmt.Sprintf("; the %d that came back took no longer than %s", len(w.ended), Duration.Format(longest))
	}
	return s + fmt.Sprintf(". %s for an answer now.", counted(lying, "item waits", "items wait"))
}

// stayed says when it was sent back, and how it stands.
func (n *Night) stayed(s *stay) string {
	text := s.stage.Name + " from " + n.date(s.from)
	if s.over {
		return text + " to " + n.date(s.to)
	}
	return text + ", still there"
}

// named waits are a row of a table.
type namedWaits struct {
	name string
	*waits
}

func classTitles(classes []*Class, by map[*Class]*waits) (rows []namedWaits) {
	for _, c := range classes {
		if by[c] != nil {
			rows = append(rows, namedWaits{c.Title(), by[c]})
		}
	}
	return rows
}

func byGroupTitles(by map[string]*waits) (rows []namedWaits) {
	for _, g := range sortedKeys(by) {
		rows = append(rows, namedWaits{g, by[g]})
	}
	slices.SortStableFunc(rows, func(a, b namedWaits) int { return cmp.Compare(b.lost, a.lost) })
	return rows
}

// backTable lists entries and what they cost. Its counts add up to all of them.
func backTable(name, title, word string, rows []namedWaits, p Period) Table {
	t := Table{Name: name, Title: title, Columns: []Column{{"name", word, Text}, {"entries", "Sent back", Items}, {"lost", "Days lost", ItemDays}, {"ended", "Came back", Items}, {"stay-p50", "Half of them within", Duration}}}
	for _, r := range rows {
		within := Cell{Text: "—"}
		if v := median(r.ended, p).Number; v.Known {
			within = Cell{Num: v}
		}
		t.Rows = append(t.Rows, []Cell{{Text: r.name}, num(r.entries), {Num: inDays(r.lost)}, num(len(r.ended)), within})
	}
	return t
}

// backCharts draw the entries and the days lost.
func (n *Night) backCharts(months []Period, perMonth map[*Class][]int, lost []float64) []Chart {
	entries := Chart{Name: "by-month", Title: "Sent back, by month and class", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Marks: n.experiments(months), Edges: edges(months),
		Note: "Each is a question that the form could have asked."}
	for _, c := range n.classes() {
		if counts := perMonth[c]; counts != nil {
			entries.Lines = append(entries.Lines, Series{Name: c.ClassID(), Title: c.Title(), Role: "class", Values: numbers(counts)})
		}
	}
	line := Series{Name: "lost", Title: "Days lost", Role: "bad"}
	for _, seconds := range lost {
		line.Values = append(line.Values, inDays(seconds))
	}
	return []Chart{entries, {Name: "lost", Title: "Days that items lay waiting for an answer, by month", Kind: Bar, Unit: ItemDays, XUnit: Text, X: labels(months), Lines: []Series{line},
		Marks: n.experiments(months), Edges: edges(months), Note: "In the month in which they lay there: what was sent back in March and answered in May stands in all three."}}
}

package analysis

// Learning: whether what burned is written up while it is remembered (METRICS.md, section 9). Whether
// what was decided then gets done is in improvement.go.

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// lesson is an incident that owes a postmortem, and what became of that.
type lesson struct {
	item     *Item
	finished record.Instant         // for the first time; 0 while it never was
	deadline record.Instant         // 0 while it never was finished
	page     *postmortem.Postmortem // the one published first; else a draft; else nil
}

// inTime says whether a postmortem was published by the deadline.
func (l *lesson) inTime() bool { return l.page != nil && l.page.At != 0 && l.page.At <= l.deadline }

// late says whether one was published, after it.
func (l *lesson) late() bool { return l.page != nil && l.page.At != 0 && l.page.At > l.deadline }

// lessons are the incidents that owe a postmortem, by deadline, those that were never finished last;
// and the keys that pages name and no source knows.
func (n *Night) lessons() (ls []lesson, unknown []string) {
	pages := map[*Item]*postmortem.Postmortem{}
	for _, p := range n.Postmortems {
		for _, key := range p.Incidents {
			it := n.Find(key)
			if it == nil {
				unknown = append(unknown, fmt.Sprintf("The postmortem “%s” names %s, and no source knows it: it counts for no incident.", p.Title, key))
				continue
			}
			if was := pages[it]; was == nil || was.At == 0 && p.At != 0 || p.At != 0 && p.At < was.At {
				pages[it] = p
			}
		}
	}
	owe := n.Policy.Postmortems
	for _, it := range n.Items {
		incident := slices.ContainsFunc(it.Classes, func(s Step[*Class]) bool { return s.Is.kind() == Incident })
		severe := slices.ContainsFunc(it.Severities, func(s Step[int]) bool { return s.Is >= 1 && s.Is <= owe.Worst })
		if !incident || !severe || it.Discarded {
			continue
		}
		l := lesson{item: it, page: pages[it]}
		if len(it.Done) > 0 {
			l.finished = it.Done[0]
			l.deadline = n.workingDaysAfter(l.finished, owe.Days)
		}
		ls = append(ls, l)
	}
	slices.SortStableFunc(ls, func(a, b lesson) int {
		never := func(l lesson) int {
			if l.deadline == 0 {
				return 1
			}
			return 0
		}
		return cmp.Or(never(a)-never(b), cmp.Compare(a.deadline, b.deadline), cmp.Compare(a.item.Created, b.item.Created))
	})
	return ls, unknown
}

// workingDaysAfter is the end of the local day that is the nth working day of the team after the day
// of t.
func (n *Night) workingDaysAfter(t record.Instant, days int) record.Instant {
	d := calendar.DateOf(t, n.Zone)
	for tries := 0; days > 0 && tries < 3660; tries++ { // a calendar may have no working day at all
		if d = calendar.AddDays(d, 1); n.Policy.Working == nil || n.Policy.Working.WorkingDay(d) {
			days--
		}
	}
	return d.End(n.Zone)
}

// worst is the worst severity the item ever held.
func (it *Item) worst() int {
	worst := 0
	for _, s := range it.Severities {
		if s.Is > 0 && (worst == 0 || s.Is < worst) {
			worst = s.Is
		}
	}
	return worst
}

// covered counts the lessons whose deadline lies in the period and before as-of, and those of them that
// were written up in time.
func (n *Night) covered(ls []lesson, p Period, want func(*lesson) bool) Value {
	in, all := 0, 0
	for i := range ls {
		if l := &ls[i]; n.decided(l, p) && want(l) {
			all++
			if l.inTime() {
				in++
			}
		}
	}
	v := Value{Unit: Share, N: all, Period: p, Ratio: ratio(in, all)}
	if all > 0 {
		v.Number = record.Num(float64(in) / float64(all))
	}
	return v
}

func (n *Night) decided(l *lesson, p Period) bool {
	return l.deadline != 0 && l.deadline >= p.From && l.deadline < p.To && l.deadline < n.AsOf
}

var postmortemCoverage = Metric{
	Name: "postmortem-coverage", Title: "Postmortems written", Chapter: "Learning", Unit: Share, Counts: "in time",
	Question: "Do we write up what burned, while we still remember it?",
	Doc: "An item owes a postmortem when it ever was an incident and ever held one of the severities that the policy names, the worst it ever held, and was not discarded. Its deadline is the end of the Nth working day of the team after the day it was finished for the **first** time; reopening it does not move that. " +
		"Coverage of a period is the share of those whose deadline lies in it, and has passed, with a postmortem published by then. A draft is not published, and a day of publication counts from its end. " +
		"Those without one, and those whose clock is still running, are listed.",
	Measure: func(n *Night) Answer {
		ls, unknown := n.lessons()
		quarter, month := n.trailing(90), n.lastMonth()
		any := func(*lesson) bool { return true }
		a := Answer{Headline: n.covered(ls, quarter, any), Doubts: unknown}
		running, without := 0, 0
		for i := range ls {
			l := &ls[i]
			switch {
			case l.deadline == 0 || l.deadline >= n.AsOf:
				if l.page == nil || l.page.At == 0 {
					running++
				}
				a.Left = append(a.Left, Row{Item: l.item, Why: n.lessonState(l)})
			case n.decided(l, quarter):
				a.Rows = append(a.Rows, Row{Item: l.item, Num: record.Num(float64(l.item.worst())), Why: n.lessonState(l)})
			}
			if l.deadline != 0 && l.deadline < n.AsOf && (l.page == nil || l.page.At == 0) {
				without++
			}
		}
		r := a.Headline.Ratio
		switch owe := n.Policy.Postmortems; {
		case owe.Worst == 0:
			a.Sentence = "The policy asks for no postmortems."
		case r.Den == 0:
			a.Sentence = fmt.Sprintf("No postmortem fell due in the %s; %s being waited for.", quarter.Label, counted(running, "is", "are"))
		default:
			a.Sentence = fmt.Sprintf("Of %s that fell due in the %s, %s published within %s; since the beginning %s none, and %s being waited for.",
				counted(int(r.Den), "postmortem", "postmortems"), quarter.Label, counted(int(r.Num), "was", "were"), counted(owe.Days, "working day", "working days"), counted(without, "incident has", "incidents have"), counted(running, "is", "are"))
		}
		a.Parts = []Part{{Name: "last-month", Group: "period", Title: month.Label, Value: n.covered(ls, month, any)}}
		for level := 1; level <= n.Policy.Postmortems.Worst; level++ {
			a.Parts = append(a.Parts, Part{Name: fmt.Sprintf("sev-%d", level), Group: "severity", Title: n.severityName(level),
				Value: n.covered(ls, quarter, func(l *lesson) bool { return l.item.worst() == level })})
		}
		if len(ls) > 0 {
			a.Charts = []Chart{n.lessonChart(ls)}
			a.Tables = []Table{n.lessonTable(ls)}
		}
		return a
	},
}

// lessonState says where an incident's postmortem stands.
func (n *Night) lessonState(l *lesson) string {
	on := func(t record.Instant) string { return string(calendar.DateOf(t, n.Zone)) }
	switch {
	case l.inTime(), l.deadline == 0 && l.page != nil && l.page.At != 0:
		return "published " + on(l.page.At)
	case l.late():
		return "published late, " + on(l.page.At)
	case l.deadline == 0 && !l.item.Open():
		return "finished before anything was recorded"
	case l.deadline == 0:
		return "not finished yet"
	}
	state := "none"
	if l.page != nil {
		state = "a draft"
	}
	if l.deadline >= n.AsOf {
		return state + ", due " + on(l.deadline)
	}
	return state + ", was due " + on(l.deadline)
}

// lessonChart counts the deadlines of each month by what became of them.
func (n *Night) lessonChart(ls []lesson) Chart {
	months := n.months(24)
	in, late, none := make([]int, len(months)), make([]int, len(months)), make([]int, len(months))
	for i := range ls {
		l := &ls[i]
		m := find(months, l.deadline)
		if m < 0 || l.deadline >= n.AsOf {
			continue
		}
		switch {
		case l.inTime():
			in[m]++
		case l.late():
			late[m]++
		default:
			none[m]++
		}
	}
	return Chart{Name: "by-month", Title: "Postmortems due, by month", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months),
		Note: "Each incident stands in the month of its deadline.",
		Lines: []Series{
			{Name: "in-time", Title: "Published in time", Role: "good", Values: numbers(in)},
			{Name: "late", Title: "Published late", Role: "late", Values: numbers(late)},
			{Name: "none", Title: "Not published", Role: "bad", Values: numbers(none)},
		}, Marks: n.experiments(months), Edges: edges(months)}
}

// lessonTable lists every incident that owes one, the latest deadline first.
func (n *Night) lessonTable(ls []lesson) Table {
	t := Table{Name: "incidents", Title: "Incidents that owe a postmortem", Columns: []Column{
		{"incident", "Incident", Text}, {"severity", "Worst severity", Text}, {"finished", "First finished", Day}, {"due", "Due", Day}, {"postmortem", "Postmortem", Text}, {"state", "State", Text}}}
	for _, l := range slices.Backward(ls) {
		row := []Cell{{Text: l.item.Key, Item: l.item}, {Text: n.severityName(l.item.worst())}, {Text: "—"}, {Text: "—"}, {Text: "—"}, {Text: n.lessonState(&l)}}
		if l.deadline != 0 {
			row[2].Text, row[3].Text = string(calendar.DateOf(l.finished, n.Zone)), string(calendar.DateOf(l.deadline, n.Zone))
		}
		if l.page != nil {
			row[4].Text = l.page.Title
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// counted is "1 improvement was", "2 improvements were".
func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n) + " " + more
}

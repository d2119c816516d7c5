package analysis

// How the answers about promises are laid out: rows, parts, charts and tables.

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/firebreak/firebreak/collectors/record"
)

// attainmentRows are the items decided in the month: the missed ones first, the latest of them at the
// top, then those met only thanks to pauses.
func (n *Night) attainmentRows(b *books) []Row {
	items := slices.Clone(b.behind)
	rank := func(v *Verdict) int {
		switch {
		case v.Outcome == Missed:
			return 0
		case v.Thanks:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(items, func(x, y *Item) int {
		v, w := b.of(x), b.of(y)
		return cmp.Or(cmp.Compare(rank(v), rank(w)), cmp.Compare(w.Late, v.Late), cmp.Compare(w.Decided, v.Decided))
	})
	rows := make([]Row, len(items))
	for i, it := range items {
		rows[i] = n.verdictRow(it, b.of(it))
	}
	return rows
}

// verdictRow tells a verdict in a few words. Its number is how late the item is, in working seconds.
func (n *Night) verdictRow(it *Item, v *Verdict) Row {
	r := Row{Item: it}
	due := fmt.Sprintf("due %s as %s", n.clock(v.Due), v.Class.Title())
	if v.Outcome == Missed {
		r.Num = record.Num(v.Late.Seconds())
		r.Why = fmt.Sprintf("missed: %s, late by %s", due, Work.Format(r.Num))
	} else {
		r.Why = fmt.Sprintf("met on %s, %s", n.clock(v.Decided), due)
	}
	if v.Thanks {
		r.Why += "; only thanks to pauses"
	}
	if v.Moved > 0 {
		r.Why += fmt.Sprintf("; its due date was moved %s", times(int(v.Moved)))
	}
	return r
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return strconv.Itoa(n) + " times"
}

// clock writes an instant in the team's zone, such that words sort as instants do: 2026-10-05 17:30, or
// 2026-10-05, end of day.
func (n *Night) clock(t record.Instant) string {
	l := t.In(n.Zone)
	if record.Midnight(l.Year(), l.Month(), l.Day()+1, n.Zone)-1 == t {
		return l.Format("2006-01-02") + ", end of day"
	}
	return l.Format("2006-01-02 15:04")
}

// attainmentParts are the last whole month by class and severity, the trailing 90 days, and every
// month.
func (n *Night) attainmentParts(b *books, goal float64) []Part {
	var ps []Part
	part := func(name, group, title string, k kept, p Period, rows []Row) {
		ps = append(ps, Part{Name: name, Group: group, Title: title, Value: k.value(p), Good: k.mood(goal), Rows: rows})
	}
	for _, c := range n.classes() {
		if k, ok := b.inMonth.class[c]; ok || b.promises(c) {
			part(c.ClassID(), "class", c.Title(), k, b.month, b.rowsOf(func(v *Verdict) bool { return v.Class == c }))
		}
	}
	for _, l := range n.levels() {
		if k, ok := b.inMonth.severity[l]; ok {
			part("sev-"+strconv.Itoa(l), "severity", n.severityName(l), k, b.month, b.rowsOf(func(v *Verdict) bool { return v.Severity == l }))
		}
	}
	part("all", "trailing-90-days", "All classes", b.in90.all, b.recent, nil)
	for _, c := range n.classes() {
		if k, ok := b.in90.class[c]; ok {
			part(c.ClassID(), "trailing-90-days", c.Title(), k, b.recent, nil)
		}
	}
	for i, m := range b.months {
		part(m.Label, "month", m.Label, b.byMonth[i].all, m, nil)
	}
	return ps
}

// promises says whether a class ever promised this.
func (b *books) promises(c *Class) bool {
	if c == nil {
		return false
	}
	for _, v := range b.targets(c) {
		if v.Is.Kind != NoTarget {
			return true
		}
	}
	return false
}

// rowsOf are the month's rows whose verdict is wanted.
func (b *books) rowsOf(want func(*Verdict) bool) []Row {
	var rows []Row
	for _, r := range b.rows {
		if want(b.of(r.Item)) {
			rows = append(rows, r)
		}
	}
	return rows
}

func (n *Night) attainmentCharts(b *books, goal float64) []Chart {
	marks := n.experiments(b.months)
	var goals []Mark
	if goal > 0 {
		goals = []Mark{{Y: record.Num(goal), Title: "goal: at least " + percent(goal), Role: "goal"}}
	}
	all := Series{Name: "all", Title: "All classes"}
	met, missed := Series{Name: "met", Title: "Met", Role: "good"}, Series{Name: "missed", Title: "Missed", Role: "bad"}
	for _, m := range b.byMonth {
		all.Values = append(all.Values, m.all.point())
		met.Values = append(met.Values, record.Num(float64(m.all.met)))
		missed.Values = append(missed.Values, record.Num(float64(m.all.missed)))
	}
	var classes []Series
	for _, c := range n.classes() {
		s, any := Series{Name: c.ClassID(), Title: c.Title(), Role: "class"}, false
		for _, m := range b.byMonth {
			k := m.class[c]
			any = any || k.n() > 0
			s.Values = append(s.Values, k.point())
		}
		if any {
			classes = append(classes, s)
		}
	}
	blank := fmt.Sprintf("Months in which fewer than %d items were decided are left blank.", Fewest)
	chart := Chart{Unit: Share, XUnit: Text, X: labels(b.months), Edges: edges(b.months)}
	month, class, counts := chart, chart, chart
	month.Name, month.Title, month.Kind, month.Lines = "by-month", "Share met of what was decided, by month", Line, []Series{all}
	month.Note, month.Marks = blank, append(goals, marks...)
	class.Name, class.Title, class.Kind, class.Lines = "by-class", "Share met, by month and class", Line, classes
	class.Note, class.Marks = blank+" The class is the one held when the verdict fell.", month.Marks
	counts.Name, counts.Title, counts.Kind, counts.Lines = "decided", "What was decided, by month", Stacked, []Series{met, missed}
	counts.Note, counts.Unit, counts.Marks = "An open item counts as missed from the day it fell due.", Items, marks
	return []Chart{month, class, counts}
}

func (n *Night) attainmentTables(b *books) []Table {
	classes := Table{Name: "classes", Title: "By class", Columns: []Column{
		{"class", "Class", Text}, {"month-met", "Met in " + b.month.Label, Items}, {"month-missed", "Missed", Items}, {"month-share", "Share met", Share},
		{"recent-met", "Met in the trailing 90 days", Items}, {"recent-missed", "Missed", Items}, {"recent-share", "Share met", Share},
		{"open", "Open and in time", Items}, {"paused", "Of these paused", Items}, {"late", "Open and late", Items},
	}}
	ofMonth := func(k int) Cell {
		if b.month.From == b.month.To {
			return Cell{Text: NoData}
		}
		return num(k)
	}
	line := func(title string, month, recent kept, s standing) {
		classes.Rows = append(classes.Rows, []Cell{
			{Text: title}, ofMonth(month.met), ofMonth(month.missed), month.cell(), num(recent.met), num(recent.missed), recent.cell(),
			num(s.running + s.paused), num(s.paused), num(s.late),
		})
	}
	var now standing
	for _, c := range n.classes() {
		s := b.standing[c]
		now = standing{now.running + s.running, now.paused + s.paused, now.late + s.late}
		if b.inMonth.class[c].n() > 0 || b.in90.class[c].n() > 0 || s != (standing{}) {
			line(c.Title(), b.inMonth.class[c], b.in90.class[c], s)
		}
	}
	line("All classes", b.inMonth.all, b.in90.all, now)

	months := Table{Name: "months", Title: "By month", Columns: []Column{
		{"month", "Month", Text}, {"met", "Met", Items}, {"missed", "Missed", Items}, {"share", "Share met", Share}, {"low", "95 % interval from", Share}, {"high", "to", Share},
	}}
	for i, m := range b.months {
		k := b.byMonth[i].all
		row := []Cell{{Text: m.title()}, num(k.met), num(k.missed), k.cell(), {}, {}}
		if k.n() >= Fewest {
			low, high := Wilson(k.met, k.n())
			row[4].Num, row[5].Num = record.Num(low), record.Num(high)
		}
		months.Rows = append(months.Rows, row)
	}

	beside := Table{Name: "beside", Title: "Counted beside it", Columns: []Column{{"what", "What", Text}, {"items", "Items", Items}}}
	for _, x := range []struct {
		what string
		n    Cell
	}{
		{"Open and in time, the clock running", num(now.running)},
		{"Open and in time, paused", num(now.paused)},
		{"Open and late", num(now.late)},
		{"Met only thanks to pauses, in " + b.month.Label, ofMonth(b.thanks)},
		{"Withdrawn in " + b.month.Label, ofMonth(b.withdrawn)},
		{"Due date moved before it passed, decided in " + b.month.Label + " or open", num(b.moved)},
		{"History not known, of " + b.month.Label, ofMonth(b.uncounted)},
		{"Waiting for a date to be set, open", num(b.unplanned)},
		{"Made easier shortly before due, in " + b.month.Label, ofMonth(b.easedInMonth)},
	} {
		beside.Rows = append(beside.Rows, []Cell{{Text: x.what}, x.n})
	}
	tables := []Table{classes, beside, months}
	if len(b.eased) > 0 {
		tables = append(tables, n.easedTable(b))
	}
	return tables
}

package analysis

// What changed since an earlier instant, and why: the night held against what an earlier one kept. What is
// new is told from what was so already and only became known since.
//
// Why a verdict or a class is another one than was kept, the first of these that holds says: something
// happened to the item since; something from before became known since; the policy was edited; firebreak
// itself was. Where nothing of these is known of the item, its source could not speak for the instant, or
// tells of it differently.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Difference is what is different from an earlier instant.
type Difference struct {
	Name     string // of the [Earlier] instant
	Since    record.Instant
	Again    bool     // nothing was kept of it: judged by what is known today
	Sentence string   // the counts, in one sentence
	Notes    []string // what the comparison rests on, and what was edited
	Lists    []Table  // only those that have rows
}

// contrast is a night against an earlier one.
type contrast struct {
	*Report
	e    *Earlier
	then *Kept
	slot int // of Item.told

	class                                     map[string]string // id to name
	edited                                    bool              // the policy is another one
	updated                                   bool              // firebreak is another one
	breaches, flips, moved, fresh, gone, late Table
	kept, finished, edits                     Table
	opened                                    int
	strangers                                 map[string]int // items from before of trackers that nobody read then
	latePages                                 int
}

func newTable(name, title string, columns ...Column) Table {
	return Table{Name: name, Title: title, Columns: columns}
}

// since compares the night with an earlier one; slot says where items have counted what was before it.
func (r *Report) since(e *Earlier, slot int) Difference {
	text := func(name, title string) Column { return Column{name, title, Text} }
	item, why := text("item", "Item"), text("why", "Why")
	c := contrast{
		Report: r, e: e, then: e.Then, slot: slot, class: map[string]string{}, strangers: map[string]int{},
		edited:   !e.Again && e.Then.Policy != r.PolicyHash,
		updated:  !e.Again && e.Then.Program != "" && r.Program != "" && e.Then.Program != r.Program,
		breaches: newTable("breaches", "Promises missed since", item, text("promise", "Promise"), text("class", "Class"), Column{"due", "Due", Moment}, Column{"late", "Late by", Work}),
		flips:    newTable("flipped", "Verdicts that are another one now", item, text("promise", "Promise"), text("then", "Then"), text("now", "Now"), why),
		moved:    newTable("reclassified", "Class or severity is another one now", item, text("what", "What"), text("then", "Then"), text("now", "Now"), why),
		fresh:    newTable("new", "New since", item, text("class", "Class"), text("severity", "Severity"), Column{"created", "Created", Moment}),
		gone:     newTable("gone", "Gone since", text("item", "Item"), text("class", "Class"), text("promise", "Promise, then")),
		kept:     newTable("kept", "Promises kept since", item, text("promise", "Promise"), text("class", "Class"), Column{"decided", "Kept", Moment}),
		finished: newTable("finished", "Finished since", item, text("class", "Class"), Column{"finished", "Finished", Moment}),
		late:     newTable("late", "History from before that became known since", item, Column{"then", "Changes known then", Items}, Column{"now", "Changes known now", Items}, why),
	}
	for _, cl := range r.Policy.Classes {
		c.class[cl.ID] = cl.Name
	}
	c.class["unclassified"] = (*Class)(nil).Title()
	if c.edited && c.then.Rules != nil {
		c.edits = edits(c.then.Rules, r.Policy.rules())
	}
	c.items()
	return c.told()
}

// items walks over both nights' items, which are in the same order.
func (c *contrast) items() {
	old := c.then.Items
	for _, it := range c.Items {
		for len(old) > 0 && old[0].Ref.Compare(it.Ref) < 0 {
			c.lost(&old[0])
			old = old[1:]
		}
		if len(old) > 0 && old[0].Ref == it.Ref {
			c.item(it, &old[0])
			old = old[1:]
		} else {
			c.item(it, nil)
		}
	}
	for i := range old {
		c.lost(&old[i])
	}
	if !c.e.Again && c.then.Trackers != nil {
		for tracker, k := range c.pagesBefore(c.then.AsOf) {
			if was, ok := c.then.Trackers[tracker]; ok {
				c.latePages += max(0, k.Pages-was.Pages)
			}
		}
	}
}

// item holds an item against what was kept of it; nil if nothing was.
func (c *contrast) item(it *Item, was *KeptItem) {
	since := c.then.AsOf
	if it.Finished >= since {
		c.finished.Rows = append(c.finished.Rows, []Cell{{Item: it}, {Text: it.Class().Title()}, when(it.Finished)})
	}
	if was == nil {
		if it.Created >= since {
			c.opened++
			c.fresh.Rows = append(c.fresh.Rows, []Cell{{Item: it}, {Text: it.Class().Title()}, {Text: c.severity(it.Severity())}, when(it.Created)})
		} else if k, known := c.then.Trackers[it.Tracker]; c.then.Trackers != nil && (!known || k.Horizon == 0) {
			c.strangers[it.Tracker]++
		} else {
			c.late.Rows = append(c.late.Rows, []Cell{{Item: it}, {Text: "not the item itself"}, num(int(it.told[c.slot])), {Text: cmp.Or(c.behind(it), "it was not in the ledger")}})
		}
		was = &KeptItem{}
	} else {
		if more := int(it.told[c.slot]) - was.Events; !c.e.Again && c.then.Trackers != nil && more != 0 {
			why := c.behind(it)
			if more < 0 {
				why = "its source tells less of it than then"
			}
			c.late.Rows = append(c.late.Rows, []Cell{{Item: it}, num(was.Events), num(int(it.told[c.slot])), {Text: cmp.Or(why, "it was not in the ledger")}})
		}
		if id := it.Class().ClassID(); id != was.Class {
			at := lastStep(it.Classes, since)
			c.moved.Rows = append(c.moved.Rows, []Cell{{Item: it}, {Text: "class"}, {Text: c.className(was.Class)}, {Text: it.Class().Title()}, {Text: c.why(it, was, at, "changed")}})
		}
		if s := it.Severity(); s != was.Severity {
			at := lastStep(it.Severities, since)
			c.moved.Rows = append(c.moved.Rows, []Cell{{Item: it}, {Text: "severity"}, {Text: c.severity(was.Severity)}, {Text: c.severity(s)}, {Text: c.why(it, was, at, "changed")}})
		}
	}
	c.promise(it, was, "to finish", &it.Resolve, was.Resolve.Outcome)
	c.promise(it, was, "to respond", &it.Respond, was.Respond.Outcome)
}

// promise holds a verdict against the one that was kept.
func (c *contrast) promise(it *Item, was *KeptItem, which string, now *Verdict, then Outcome) {
	since := c.then.AsOf
	settled := then == Met || then == Missed
	fell := now.Outcome == Met || now.Outcome == Missed
	switch {
	case now.Outcome == then:
		return
	case fell && now.Decided >= since && !settled:
		if now.Outcome == Met {
			c.kept.Rows = append(c.kept.Rows, []Cell{{Item: it}, {Text: which}, {Text: now.Class.Title()}, when(now.Decided)})
			return
		}
		c.breaches.Rows = append(c.breaches.Rows, []Cell{{Item: it}, {Text: which}, {Text: now.Class.Title()}, when(now.Due), {Num: record.Num(now.Late.Seconds())}})
		return
	case was.Tracker == "", !settled && !fell:
		return
	}
	at, how := record.Instant(0), ""
	switch k := len(it.Reopened); {
	case settled && k > 0 && it.Reopened[k-1] >= since:
		at, how = it.Reopened[k-1], "reopened"
	case settled && it.Discarded && it.Finished >= since:
		at, how = it.Finished, "closed as discarded"
	case lastStep(it.Classes, since) != 0:
		at, how = lastStep(it.Classes, since), "class changed"
	}
	c.flips.Rows = append(c.flips.Rows, []Cell{{Item: it}, {Text: which}, {Text: cmp.Or(then.String(), "none")}, {Text: cmp.Or(now.Outcome.String(), "none")}, {Text: c.why(it, was, at, how)}})
}

// why is the reason that a judgement is another one: what happened to the item since, or what else is known
// to differ.
func (c *contrast) why(it *Item, was *KeptItem, at record.Instant, how string) string {
	if at != 0 {
		return how + " on " + at.In(c.Zone).Format("2 Jan 2006, 15:04")
	}
	if c.e.Again {
		return "what happened since"
	}
	if more := int(it.told[c.slot]) - was.Events; c.then.Trackers != nil && more > 0 {
		return counted(more, "change from before became known since", "changes from before became known since")
	}
	var reasons []string
	if c.edited {
		reasons = append(reasons, "the policy was edited")
	}
	if c.updated {
		reasons = append(reasons, "firebreak was updated")
	}
	if reasons != nil {
		return strings.Join(reasons, ", and ")
	}
	return cmp.Or(c.behind(it), "its source tells it differently now")
}

// behind says that the item's source could not speak for the earlier instant.
func (c *contrast) behind(it *Item) string {
	k, ok := c.then.Trackers[it.Tracker]
	if !ok || k.Horizon >= c.then.AsOf.Add(-time.Millisecond) {
		return ""
	}
	return "its source could speak only up to " + k.Horizon.In(c.Zone).Format("2 Jan 2006, 15:04")
}

// lost notes an item that was kept and is not there now.
func (c *contrast) lost(was *KeptItem) {
	c.gone.Rows = append(c.gone.Rows, []Cell{{Text: was.Key}, {Text: c.className(was.Class)}, {Text: cmp.Or(was.Resolve.Outcome.String(), "none")}})
}

// lastStep is when a timeline last changed, if that was not before t, nor its beginning; else 0.
func lastStep[T any](l Timeline[T], t record.Instant) record.Instant {
	if n := len(l); n > 1 && l[n-1].At >= t {
		return l[n-1].At
	}
	return 0
}

func (c *contrast) className(id string) string { return cmp.Or(c.class[id], id) }

func (c *contrast) severity(level int) string {
	if level == 0 {
		return "none"
	}
	return c.severityName(level)
}

// told puts it all into words.
func (c *contrast) told() Difference {
	to := Difference{Name: c.e.Name, Since: c.then.AsOf, Again: c.e.Again, Notes: c.notes()}
	slices.SortStableFunc(c.breaches.Rows, func(a, b []Cell) int { return cmp.Compare(a[3].Num.Value, b[3].Num.Value) })
	for _, l := range []*Table{&c.flips, &c.moved} { // an edited policy may turn what is years old
		slices.SortStableFunc(l.Rows, func(a, b []Cell) int { return cmp.Compare(b[0].Item.Created, a[0].Item.Created) })
	}
	for _, l := range []*Table{&c.kept, &c.finished} {
		at := len(l.Columns) - 1
		slices.SortStableFunc(l.Rows, func(a, b []Cell) int { return cmp.Compare(b[at].Num.Value, a[at].Num.Value) })
	}
	slices.SortStableFunc(c.fresh.Rows, func(a, b []Cell) int { return cmp.Compare(b[3].Num.Value, a[3].Num.Value) })
	figures := c.figures("figures", "Figures that read differently", "Then", "Now", c.then, c.keptFigures())
	lists := []Table{c.edits, c.breaches, c.flips, c.moved, c.gone, c.late, figures}
	if c.e.Today != nil {
		t := c.figures("policy", "What was said of "+c.then.AsOf.In(c.Zone).Format("2 January 2006, 15:04")+", and what would be said of it today", "As kept", "Today", c.then, c.e.Today.Figures)
		if len(t.Rows) == 0 && c.edited {
			to.Notes = append(to.Notes, "By today’s policy, and by what is known today, every figure of then would read the same.")
		}
		lists = append(lists, t)
	}
	for _, l := range append(lists, c.fresh, c.kept, c.finished) {
		if len(l.Rows) > 0 {
			to.Lists = append(to.Lists, l)
		}
	}
	var parts []string
	say := func(n int, one, more string) {
		if n > 0 {
			parts = append(parts, counted(n, one, more))
		}
	}
	say(len(c.breaches.Rows), "promise was missed", "promises were missed")
	say(len(c.kept.Rows), "promise was kept", "promises were kept")
	say(len(c.flips.Rows), "verdict is another one now", "verdicts are another one now")
	say(len(c.moved.Rows), "class or severity changed", "classes or severities changed")
	say(c.opened, "item is new", "items are new")
	say(len(c.finished.Rows), "item was finished", "items were finished")
	say(len(c.gone.Rows), "item is gone", "items are gone")
	say(len(c.late.Rows), "item has history that came late", "items have history that came late")
	say(len(figures.Rows), "figure reads differently", "figures read differently")
	to.Sentence = fmt.Sprintf("Since %s: ", to.Since.In(c.Zone).Format("Monday, 2 January 2006, 15:04"))
	switch n := len(parts); n {
	case 0:
		to.Sentence += "nothing changed."
	case 1:
		to.Sentence += parts[0] + "."
	default:
		to.Sentence += strings.Join(parts[:n-1], ", ") + " and " + parts[n-1] + "."
	}
	return to
}

// notes say what the comparison rests on.
func (c *contrast) notes() []string {
	var ns []string
	date := func(t record.Instant) string { return t.In(c.Zone).Format("2 January 2006, 15:04") }
	switch {
	case c.e.Again:
		ns = append(ns, fmt.Sprintf("No night was kept of %s: how it stood then was judged again, by today’s policy and by what is known today. What came late, and what an edit of the policy moved, cannot be seen this way.", date(c.then.AsOf)))
	case c.e.Asked != 0 && c.e.Asked != c.then.AsOf:
		ns = append(ns, fmt.Sprintf("No night was kept of %s; this is the latest one before it.", date(c.e.Asked)))
	}
	if c.e.Note != "" {
		ns = append(ns, c.e.Note)
	}
	switch {
	case c.edited && c.then.Rules != nil && len(c.edits.Rows) == 0:
		ns = append(ns, "The policy was edited since, and not in its classes, severities, stages or limits.")
	case c.edited:
		ns = append(ns, "The policy was edited since.")
	}
	if c.updated {
		ns = append(ns, fmt.Sprintf("Firebreak was updated since, from %s to %s: a figure may be computed in another way.", c.then.Program, c.Program))
	}
	if !c.e.Again && c.then.Trackers == nil {
		ns = append(ns, "That night was kept by an earlier firebreak: whether history came late cannot be told from it.")
	}
	for _, tracker := range sortedKeys(c.strangers) {
		ns = append(ns, fmt.Sprintf("Nothing had been read of %s then: %s with it.", tracker, counted(c.strangers[tracker], "item from before came", "items from before came")))
	}
	if c.latePages > 0 {
		ns = append(ns, fmt.Sprintf("%s off before then and became known since.", counted(c.latePages, "page went", "pages went")))
	}
	return ns
}

// figures are the headlines that read differently, with what they were.
func (c *contrast) figures(name, title, then, now string, was *Kept, is []KeptFigure) Table {
	t := Table{Name: name, Title: title, Columns: []Column{{"figure", "Figure", Text}, {"then", then, Text}, {"now", now, Text}, {"change", "Change", Text}, {"rests-on", "Rests on", Text}, {"period", "Period", Text}}}
	var turned [][]Cell // good or bad now, and not so then: they come first
	for i := range is {
		f := &is[i]
		old := was.figure(f.Name)
		if old == nil {
			continue
		}
		a, b := old.Headline, f.Headline
		left, right := c.write(a), c.write(b)
		if left == right && old.Mood == f.Mood {
			continue
		}
		rests := ""
		if a.N != b.N {
			rests = fmt.Sprintf("%d → %d", a.N, b.N)
		} else if b.N > 0 {
			rests = fmt.Sprint(b.N)
		}
		period := b.Period.Label
		if a.Period.Label != "" && a.Period.Label != period {
			period = a.Period.Label + " → " + period
		}
		row := []Cell{{Text: f.Title, Metric: FindMetric(f.Name)}, {Text: left + old.mood()}, {Text: right + f.mood()}, {Text: difference(a, b)}, {Text: rests}, {Text: period}}
		if old.Mood != f.Mood {
			turned = append(turned, row)
			continue
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rows = append(turned, t.Rows...)
	return t
}

// write is a headline in words; a moment is written in the team's zone.
func (c *contrast) write(v Value) string {
	if v.Unit == Moment && v.Number.Known {
		return record.Instant(v.Number.Value).In(c.Zone).Format("2 Jan 2006, 15:04")
	}
	return v.String()
}

// mood is what the figure's mood is called, to stand behind its headline.
func (f *KeptFigure) mood() string {
	m := FindMetric(f.Name)
	if m == nil || f.Mood == Neutral {
		return ""
	}
	return ", " + m.Verdict(f.Mood)
}

// difference is how far a headline moved; "" where one of them has no number, or is a share of too few.
func difference(a, b Value) string {
	if !a.Number.Known || !b.Number.Known || a.Unit != b.Unit || a.small() || b.small() {
		return ""
	}
	d := b.Number.Value - a.Number.Value
	sign := "+"
	if d < 0 {
		sign = "−"
	}
	switch a.Unit {
	case Text, Moment, Day, "":
		return ""
	case Share:
		digits, least := 1, "less than 0.1 points"
		if !strings.Contains(a.String()+b.String(), ".") { // a tenth beside whole ones contradicts their rounding
			digits, least = 0, "less than a point"
		}
		s := decimal(math.Abs(100*d), digits)
		if s == "0" {
			return least
		}
		return sign + plural(s, "point")
	}
	moved := a.Unit.Format(record.Num(math.Abs(d)))
	if moved == a.Unit.Format(record.Num(0)) {
		return ""
	}
	return sign + moved
}

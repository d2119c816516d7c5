package analysis

// What changed, in words: the counts, what the comparison rests on, and the figures that read differently.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

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
	if little, ok := strings.CutPrefix(moved, "under "); ok {
		return "less than " + little
	}
	return sign + moved
}

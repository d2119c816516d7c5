package analysis

// Quiet downgrades (METRICS.md, sections 2 and 3): promises that were made easier shortly before they fell due. Such a
// change may well be right; it is the quiet one that nobody is to overlook.
//
// What is "shortly before" the contract leaves open. Here it is with a fifth of the promise's working time left, or with
// a working day of its calendar left, whichever is more, yet never with more than half of the promise: what is sorted out
// in the first half of an hour's promise is triage.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// easing is a change of class to a promise that falls due later, or never.
type easing struct {
	it       *Item
	at       record.Instant
	from, to *Class
	left     time.Duration  // working time of the promise it had
	was, is  record.Instant // when it was due, and is since then; 0: never
	without  Verdict        // what would have become of it without the change
}

// ease notes that the change at c made the promise easier, if it did and if little of it was left.
func (e *engine) ease(c record.Instant, from *Class, old promise, was record.Instant, left time.Duration) {
	if was == 0 || e.due != 0 && e.due <= was {
		return
	}
	k, whole := old.calendar, old.goal
	if k == nil {
		k = e.p.Working
		left, whole = k.Between(c, was), k.Between(e.it.Created, was)
	}
	if left <= min(max(whole/5, k.Day(c)), whole/2) {
		*e.eased = append(*e.eased, easing{it: e.it, at: c, from: from, to: e.class, left: max(0, left), was: was, is: e.due})
	}
}

// easings are those of one promise of an item.
func easings(p *Policy, it *Item, d duty) []easing {
	var found []easing
	e := engine{p: p, it: it, duty: d, eased: &found}
	e.run()
	for i := range found {
		without := *it
		step := len(it.Classes) - 1
		for it.Classes[step].At > found[i].at {
			step--
		}
		without.Classes = slices.Delete(slices.Clone(it.Classes), step, step+1)
		found[i].without = judgeDuty(p, &without, d)
	}
	return found
}

// ease finds the easings of an item since the beginning of the trailing 90 days.
func (b *books) ease(n *Night, it *Item) {
	since := b.recent.From
	last := it.Classes[len(it.Classes)-1].At
	if k := len(it.Reopened); k > 0 { // what was changed while it was done counts from then
		last = max(last, it.Reopened[k-1])
	}
	if len(it.Classes) < 2 || last < since || it.Coarse != "" {
		return
	}
	for _, x := range easings(n.Policy, it, b.duty) {
		if x.at < since {
			continue
		}
		b.eased = append(b.eased, x)
		b.easedInMonth += one(b.month.holds(x.at))
	}
}

// easedDoubt says how many promises were made easier, and what it did to the share.
func (b *books) easedDoubt() string {
	missed := 0
	for i := range b.eased {
		missed += one(b.eased[i].without.Outcome == Missed)
	}
	if len(b.eased) == 1 {
		return fmt.Sprintf("1 promise was made easier shortly before due in the trailing 90 days, by a change of class; without that it would be: %s. It is listed.", b.eased[0].wouldBe())
	}
	return fmt.Sprintf("%d promises were made easier shortly before due in the trailing 90 days, by a change of class; without that %d of them would have been missed. All are listed.", len(b.eased), missed)
}

// easedTable lists them, the latest first.
func (n *Night) easedTable(b *books) Table {
	t := Table{Name: "eased", Title: "Made easier shortly before due, " + b.recent.Label, Columns: []Column{
		{"item", "Item", Text}, {"at", "Changed", Text}, {"change", "From → to", Text}, {"left", "Was left", Work}, {"was", "Was due", Text}, {"due", "Due since", Text}, {"without", "Without the change", Text},
	}}
	slices.SortStableFunc(b.eased, func(x, y easing) int { return int(min(1, max(-1, y.at.Sub(x.at)))) })
	for i := range b.eased {
		x := &b.eased[i]
		due := "never"
		if x.is != 0 {
			due = n.clock(x.is)
		}
		t.Rows = append(t.Rows, []Cell{{Item: x.it}, {Text: n.clock(x.at)},
			{Text: n.classAndSeverity(x.from, x.it.Severities.At(x.at-1)) + " → " + n.classAndSeverity(x.to, x.it.Severities.At(x.at))},
			{Num: record.Num(x.left.Seconds())}, {Text: n.clock(x.was)}, {Text: due}, {Text: x.wouldBe()}})
	}
	return t
}

func (n *Night) classAndSeverity(c *Class, severity int) string {
	if severity == 0 {
		return c.Title()
	}
	return c.Title() + ", " + n.severityName(severity)
}

// wouldBe is the verdict without the change, in a few words.
func (x *easing) wouldBe() string {
	switch v := &x.without; v.Outcome {
	case Met, Missed:
		return v.Outcome.String()
	case Running, Stopped:
		return strings.TrimSpace("in time so far, " + v.Outcome.String())
	}
	return "not decided"
}

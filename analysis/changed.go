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

package analysis

// Are promises kept (METRICS.md, section 3): attainment of the promises to finish and to respond. How
// the answer is laid out is in sla_layout.go, what falls due next in sla_next.go.

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/firebreak/firebreak/collectors/record"
)

var slaResolve = Metric{
	Name: "sla-resolve", Title: "Promises kept", Chapter: "Promises", Unit: Share,
	Question: "Are we keeping our promises?",
	Doc:      "Whether items were finished by their guideline dates: the share met of what was decided." + slaDoc,
	Measure:  func(n *Night) Answer { return n.attainment(vowToFinish()) },
}

var slaRespond = Metric{
	Name: "sla-respond", Title: "Promises to respond kept", Chapter: "Promises", Unit: Share,
	Question: "Does everybody get an answer in time?",
	Doc: "Whether items got their first answer in time: the share met of what was decided. " +
		"The first answer is the first move out of the queue, assignment after creation, comment by someone other than the reporter, or acknowledgement of a linked page, by a person of the team. A move or a comment from before creation, as imports have them, counts from creation on; what was set at creation does not count. " +
		"An item that was done before anybody answered it is withdrawn, unless it is reopened, or answered all the same without having been discarded." + slaDoc,
	Measure: func(n *Night) Answer { return n.attainment(vowToRespond()) },
}

// slaDoc is how the clock is read, for people.
const slaDoc = `

- **Attainment** is met / (met + missed) over the items *decided* in the period: the headline is the last whole month, and the trailing 90 days stand beside it. Class and severity are those held when the verdict fell.
- The **clock** runs from creation, in the working time of the target's calendar. It stops while the item is in a paused stage and while it is done; a reopened item resumes with what was left.
- **Due** is the first instant at which the clock reaches the target. A date means the end of that day; stops do not move dates. A due date that the tracker moved before it passed is honoured and counted as moved; later moves are ignored. Of the dates it had while the item was done, the one it is reopened with counts.
- An item is **decided** when the promise is kept, or at due, whichever comes first. An open item is missed on the day it falls due. A reopened item is undecided again if it was met; once missed, it stays missed; past its date it is missed at reopening.
- **Reclassified** to a target that would fall due no earlier, the item is due by the new target counted from creation. To a tighter one, by the new target counted from the change, yet never later than before. Back to a target it had before, by the due it had. So no change of class is missed at the instant it is made, and flipping to and fro buys nothing.
- **Made easier shortly before due**: a change of class, or of the severity that it follows from, to a target that falls due later or never, made while undecided and with little left: a fifth of the promise's working time or a working day of its calendar, whichever is more, but never more than half of the promise. These are counted and listed, with what the verdict would be without the change. Such a change may well be right; it is not to be overlooked.
- Targets are those in force when the item was created.
- A **release** is the first of its train at least its notice after creation, by the plan in force then. Where a train takes its dates from a tracker, these are the dates of the versions or milestones as they are planned now: trackers tell nothing of what a date was before, so a release that moves takes its promises with it. One without a date, or put away without being released, promises nothing.
- **Withdrawn**: undecided when it lost its target or was discarded. **Met only thanks to pauses**: it would not have been met had the clock never stopped, in a pause or between being done and reopened. **Late** is working time past due in which the item was not done.
- Items whose history is not known are out of every promise that a clock decides; a date can be judged from the time they were closed. Where the policy knows no pause, a clock can, too, of what was never reopened; and nothing is judged that was changed after it had been done, and reopened at a time that is not known.
- Several things done at one instant count in this order: class, due date, answer, stage; a reopening comes before them. A date that had passed before an item came under it promises nothing, and one set to a day already past is missed when it is set. An item that comes under a target after it was answered is decided then.`

// vow is one of an item's two promises as figures look at it.
type vow struct {
	done    string // "finished"
	duty    duty
	kept    string // what is counted of it by week
	targets func(*Class) Versions[Target]
	of      func(*Item) *Verdict
	pending func(*Item) bool           // what was promised has not been done
	moment  func(*Item) record.Instant // stands for the decision of an item that cannot be judged
}

func vowToFinish() vow {
	return vow{
		done:    "finished",
		kept:    "Promises kept",
		targets: func(c *Class) Versions[Target] { return c.Resolve },
		of:      func(it *Item) *Verdict { return &it.Resolve },
		pending: (*Item).Open,
		moment:  func(it *Item) record.Instant { return it.Finished },
	}
}

func vowToRespond() vow {
	return vow{
		done:    "answered",
		duty:    respond,
		kept:    "Promises to respond kept",
		targets: func(c *Class) Versions[Target] { return c.Respond },
		of:      func(it *Item) *Verdict { return &it.Respond },
		pending: func(it *Item) bool { return it.Open() && it.Responded == 0 },
		moment:  func(it *Item) record.Instant { return it.Created },
	}
}

// kept counts verdicts.
type kept struct{ met, missed int }

func (k kept) n() int { return k.met + k.missed }

func (k kept) value(p Period) Value {
	v := Value{Unit: Share, Ratio: ratio(k.met, k.n()), N: k.n(), Period: p}
	if k.n() > 0 {
		v.Number = record.Num(float64(k.met) / float64(k.n()))
	}
	return v
}

// point is the share on a chart: nothing of fewer than a share is shown of.
func (k kept) point() record.Number {
	if k.n() < Fewest {
		return record.Number{}
	}
	return record.Num(float64(k.met) / float64(k.n()))
}

// cell is the share in a table: of fewer than a share is shown of, the counts.
func (k kept) cell() Cell {
	if k.n() > 0 && k.n() < Fewest {
		return Cell{Text: fmt.Sprintf("%d of %d", k.met, k.n())}
	}
	return Cell{Num: k.point()}
}

// mood is how the share stands against the team's goal, once there is enough to tell.
func (k kept) mood(goal float64) Mood {
	switch {
	case goal <= 0 || k.n() < Enough:
		return Neutral
	case float64(k.met) >= goal*float64(k.n()):
		return Good
	}
	return Bad
}

// decided counts the verdicts of one period.
type decided struct {
	all      kept
	class    map[*Class]kept
	severity map[int]kept
}

func (d *decided) add(v *Verdict) {
	if d.class == nil {
		d.class, d.severity = map[*Class]kept{}, map[int]kept{}
	}
	one := kept{missed: 1}
	if v.Outcome == Met {
		one = kept{met: 1}
	}
	plus := func(k kept) kept { return kept{k.met + one.met, k.missed + one.missed} }
	d.all, d.class[v.Class], d.severity[v.Severity] = plus(d.all), plus(d.class[v.Class]), plus(d.severity[v.Severity])
}

// standing counts pending items by where their promise stands.
type standing struct{ running, paused, late int }

// books is what one pass over the items finds out about one of their promises.
type books struct {
	vow
	month, recent          Period // the last whole month, the trailing 90 days
	months                 []Period
	inMonth, in90          decided
	byMonth                []decided
	standing               map[*Class]standing
	behind                 []*Item // decided in the month
	rows                   []Row   // of these
	left                   []Row
	withdrawn, thanks      int // in the month
	moved                  int // decided in the month, or pending
	uncounted, uncounted90 int
	unplanned              int      // pending
	eased                  []easing // in the trailing 90 days
	easedInMonth           int
}

// attainment answers how well a promise was kept.
func (n *Night) attainment(w vow) Answer {
	b := &books{vow: w, month: n.lastMonth(), recent: n.trailing(90), months: n.months(24), standing: map[*Class]standing{}}
	b.byMonth = make([]decided, len(b.months))
	for _, it := range n.Items {
		b.enter(it)
		b.ease(n, it)
	}
	b.rows = n.attainmentRows(b)
	goal := n.Policy.Targets.SLA
	a := Answer{
		Headline: b.inMonth.all.value(b.month), Good: b.inMonth.all.mood(goal), Sentence: b.sentence(goal, n.unknown(b.month)),
		Parts: n.attainmentParts(b, goal), Charts: n.attainmentCharts(b, goal), Tables: n.attainmentTables(b),
		Rows: b.rows, RowUnit: Work, Left: b.left, // by how much each is late
		Weekly: []Weekly{n.keptByWeek(w)},
	}
	if b.uncounted > 0 {
		a.Headline.Of = a.Headline.N + b.uncounted
	}
	if b.uncounted+b.uncounted90 > 0 {
		a.Doubts = append(a.Doubts, fmt.Sprintf("The history of some promised items is not known: %s of %s and %s of the %s could not be judged and are left out.",
			things(b.uncounted), b.month.Label, things(b.uncounted90), b.recent.Label))
	}
	if len(b.eased) > 0 {
		a.Doubts = append(a.Doubts, b.easedDoubt())
	}
	if b.unplanned > 0 {
		a.Doubts = append(a.Doubts, fmt.Sprintf("%s without a date: no due date, or no release planned. Nothing is promised until there is one; they are listed.", things(b.unplanned)))
	}
	return a
}

// things is "1 item", "12 items".
func things(n int) string { return plural(strconv.Itoa(n), "item") }

// enter books one item.
func (b *books) enter(it *Item) {
	v := b.of(it)
	pending := b.pending(it)
	s := b.standing[it.Class()]
	switch v.Outcome {
	case Met, Missed:
		if i := find(b.months, v.Decided); i >= 0 {
			b.byMonth[i].add(v)
		}
		if b.recent.holds(v.Decided) {
			b.in90.add(v)
		}
		if b.month.holds(v.Decided) {
			b.inMonth.add(v)
			b.behind = append(b.behind, it)
			b.thanks += one(v.Thanks)
			b.moved += one(v.Moved > 0)
		}
		s.late += one(pending && v.Outcome == Missed)
	case Running:
		s.running++
		b.moved += one(v.Moved > 0)
	case Stopped:
		s.paused++
	case Withdrawn:
		b.withdrawn += one(b.month.holds(v.Decided))
	case Uncounted:
		at := b.moment(it)
		in, in90 := b.month.holds(at), b.recent.holds(at)
		b.uncounted += one(in)
		b.uncounted90 += one(in90)
		if in || in90 {
			b.left = append(b.left, Row{Item: it, Why: it.Coarse})
		}
	case Unpromised:
		if why := undated(v.Target); why != "" && pending {
			b.unplanned++
			b.left = append(b.left, Row{Item: it, Why: why})
		}
	}
	if s != (standing{}) {
		b.standing[it.Class()] = s
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// holds says whether t lies in the period.

// undated is why a target came to no promise; "" if there is no target.
func undated(t *Target) string {
	switch t.Kind {
	case TrackerDue:
		return "it has no due date"
	case NextRelease:
		return "no " + t.Train + " release is planned that far ahead"
	}
	return ""
}

func (b *books) sentence(goal float64, unknown string) string {
	k, r := b.inMonth.all, b.in90.all
	s := cmp.Or(unknown, fmt.Sprintf("In %s no promise fell due and none was kept.", b.month.Label))
	if k.n() == 0 && b.uncounted > 0 {
		s = fmt.Sprintf("Of %s nothing could be judged: the history of %s is not known.", b.month.Label, counted(b.uncounted, "promised item", "promised items"))
	}
	if k.n() > 0 {
		s = fmt.Sprintf("In %s, %d of %s %s in time", b.month.Label, k.met, counted(k.n(), "item was", "items were"), b.done)
		if mood := k.mood(goal); mood == Bad && percent(k.point().Value) == percent(goal) {
			s += fmt.Sprintf(", just under the goal of %s", percent(goal)) // 94.6 % reads 95 %
		} else if mood != Neutral {
			s += fmt.Sprintf("; the goal is %s", percent(goal))
		}
		s += "."
	}
	if r.n() > 0 {
		s += fmt.Sprintf(" Trailing 90 days: %d of %d", r.met, r.n())
		if r.n() >= Fewest {
			s += fmt.Sprintf(" (%s)", percent(float64(r.met)/float64(r.n())))
		}
		s += "."
	}
	return s
}

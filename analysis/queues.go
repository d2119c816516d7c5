package analysis

// Two queues, one team: support and features side by side, and whether one is served at the other's cost.

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// The queues. What fits no class is a queue of its own: shown, and in neither of the two.
const (
	supportQueue = iota
	featureQueue
	unclassifiedQueue
	queueCount
)

// queueNames are their permanent names, and queueTitles what people call them.
var (
	queueNames  = [queueCount]string{"support", "feature", "unclassified"}
	queueTitles = [queueCount]string{"Support", "Features", "Unclassified"}
)

// queueOf is the queue that a class stands in.
func queueOf(c *Class) int {
	switch {
	case c == nil:
		return unclassifiedQueue
	case c.Kind.Support():
		return supportQueue
	}
	return featureQueue
}

// queue is what happened to one of them in each week, and how it stood at the week's end.
type queue struct {
	came, left, moved []int // moved: came from the other queues by a change of class, less what went there
	open, progress    []int
	oldest            []record.Instant // creation of the oldest open item; 0 where none is open, and before the weeks that are drawn
	cycles            [][]float64      // cycle times of what was finished, in seconds
}

// queueWindow is the number of weeks that are held against as many before them: a quarter.
const queueWindow = 13

var twoQueues = Metric{
	Name: "two-queues", Title: "Two queues, one team", Chapter: "Flow", Unit: Share, Counts: "support, of all open items",
	Question: "Does one queue grow at the other's cost?",
	Doc: "The **support queue** holds incidents, problems and requests, the **feature queue** everything else that has a class; Unclassified items are shown as a third and are in neither. An item stands in a queue by the class it held then: a change of class moves it from one to the other, and is counted as **moved**. " +
		"Per whole ISO week, the latest 52 of them: **came** is created and reopened, **left** is every entry into done (discarded items included), by the class held in the queue, so that open at the end of a week = open at its beginning + came − left + moved. Open, in progress (active, or waiting or paused after having been active) and the age of the oldest open item (since its creation) are those at the end of the week. " +
		"**Cycle time** is of the items finished in the week, from the first active stage to the last entry into done; discarded items, items that were never active and items without a history are left out, and weeks with fewer than 5 are blank. The headline is support's share of all that is open at as-of.\n\n" +
		"One queue is said to **grow at the other's cost** only if the last 13 whole weeks, held against the 13 before them, show all of this: the other's share of what left rose, with a 95 % interval of the difference that does not hold 0 (R. G. Newcombe, *Interval estimation for the difference between independent proportions*, Statistics in Medicine 17, 1998, method 10); this queue had fewer items leave than before; and it grew. At least 10 items have to have left in each of the two. That is what the numbers can show; why it is so, only people can say. " +
		"Open items are a stock, and each week's depends on the week before: whether its ups and downs are real is asked of what came and left, and not of it.",
	Measure: (*Night).twoQueues,
}

func (n *Night) twoQueues() Answer {
	weeks := n.spoken(n.wholeWeeks())
	qs := n.queues(weeks)
	a := Answer{RowUnit: Duration} // how long each is open
	var open, progress [queueCount]int
	var oldest [queueCount]record.Instant
	for it := range n.open() {
		q := queueOf(it.Class())
		open[q]++
		progress[q] += one(it.Started != 0)
		if oldest[q] == 0 || it.Created < oldest[q] {
			oldest[q] = it.Created
		}
		a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(n.AsOf.Sub(it.Created).Seconds()), Why: queueTitles[q]})
	}
	slices.SortStableFunc(a.Rows, func(x, y Row) int {
		return cmp.Or(queueOf(x.Item.Class())-queueOf(y.Item.Class()), cmp.Compare(y.Num.Value, x.Num.Value))
	})
	a.Headline = shareOf(open[supportQueue], open[supportQueue]+open[featureQueue]+open[unclassifiedQueue], n.now())
	a.Sentence = fmt.Sprintf("%s and %s are open", counted(open[supportQueue], "support item", "support items"), counted(open[featureQueue], "feature", "features"))
	if k := open[unclassifiedQueue]; k > 0 {
		a.Sentence += fmt.Sprintf(", and %d unclassified", k)
	}
	a.Sentence += ". " + n.whichPays(qs, weeks)

	window := min(queueWindow, len(weeks))
	last := weeks[len(weeks)-window:]
	p := Period{Label: lastWeeks(window)}
	if window > 0 {
		p.From, p.To = last[0].From, last[window-1].To
	}
	table := Table{Name: "queues", Title: "Side by side", Columns: []Column{{"queue", "Queue", Text}, {"open", "Open", Items}, {"progress", "In progress", Items}, {"oldest", "The oldest, since its creation", Duration},
		{"came", "Came, " + p.Label, Items}, {"left", "Left", Items}, {"moved", "Moved here", Items}, {"cycle-p50", "Cycle time, half within", Duration}, {"cycle-p85", "85 % within", Duration}, {"cycle-n", "Of finished", Items}}}
	line := func(name, title string, unit Unit, value func(*queue, int) record.Number) Chart {
		shown := lastOf(weeks, xmrMost)
		c := Chart{Name: name, Title: title, Kind: Line, Unit: unit, XUnit: Text, X: labels(shown), Marks: n.experiments(shown), Edges: edges(shown)}
		for i := range qs {
			if qs[i].empty() {
				continue
			}
			s := Series{Name: queueNames[i], Title: queueTitles[i], Role: "queue"}
			for w := len(weeks) - len(shown); w < len(weeks); w++ {
				s.Values = append(s.Values, value(&qs[i], w))
			}
			c.Lines = append(c.Lines, s)
		}
		return c
	}
	for i := range qs {
		q := &qs[i]
		a.Parts = append(a.Parts, Part{Name: queueNames[i], Group: "queue", Title: queueTitles[i], Value: countOf(open[i], n.now())})
		if q.empty() && open[i] == 0 {
			continue
		}
		row := []Cell{{Text: queueTitles[i]}, num(open[i]), num(progress[i]), {}}
		if open[i] > 0 {
			row[3].Num = record.Num(n.AsOf.Sub(oldest[i]).Seconds())
		}
		from := len(weeks) - window
		cycles := slices.Concat(q.cycles[from:]...)
		at := func(p float64) Cell { return Cell{Num: secondsOf(cycles, p, 0, Period{}).Number} }
		table.Rows = append(table.Rows, append(row, num(total(q.came[from:])), num(total(q.left[from:])), num(total(q.moved[from:])), at(0.5), at(0.85), num(len(cycles))))
		if i == unclassifiedQueue || q.empty() {
			continue
		}
		title := queueTitles[i]
		a.Weekly = append(a.Weekly,
			Weekly{Name: queueNames[i] + "-came", Title: title + " that came in", Unit: Items, Weeks: weeks, Values: numbers(q.came), Worse: one(i == supportQueue)},
			Weekly{Name: queueNames[i] + "-left", Title: title + " that left", Unit: Items, Weeks: weeks, Values: numbers(q.left)})
	}
	a.Tables = []Table{table}
	stock := func(vs func(*queue) []int) func(*queue, int) record.Number {
		return func(q *queue, w int) record.Number { return record.Num(float64(vs(q)[w])) }
	}
	a.Charts = []Chart{
		line("open", "Two queues: open at the end of each week", Items, stock(func(q *queue) []int { return q.open })),
		line("progress", "In progress at the end of each week", Items, stock(func(q *queue) []int { return q.progress })),
		line("oldest", "Age of the oldest open item at the end of each week", Duration, func(q *queue, w int) record.Number {
			if q.oldest[w] == 0 {
				return record.Number{}
			}
			return record.Num(weeks[w].To.Sub(q.oldest[w]).Seconds())
		}),
		line("cycle", "Cycle time, half of what was finished in the week within", Duration, func(q *queue, w int) record.Number {
			if len(q.cycles[w]) < Fewest {
				return record.Number{}
			}
			return record.Num(Percentile(q.cycles[w], 0.5))
		}),
	}
	a.Charts[0].Note = "The same people serve both: one line that climbs while the other falls is worth asking about."
	a.Charts[1].Note = "Where the team's hands are."
	a.Charts[2].Note = "A line that climbs by a week every week is an item that nobody will ever take. Decline it, or do it."
	a.Charts[3].Note = fmt.Sprintf("Weeks in which fewer than %d of a queue were finished are left blank.", Fewest)
	return a
}

// empty says whether nothing was ever in the queue.
func (q *queue) empty() bool {
	return !slices.ContainsFunc(q.came, func(k int) bool { return k != 0 }) && !slices.ContainsFunc(q.left, func(k int) bool { return k != 0 }) &&
		!slices.ContainsFunc(q.open, func(k int) bool { return k != 0 }) && !slices.ContainsFunc(q.moved, func(k int) bool { return k != 0 })
}

func total[T int | float64](vs []T) (sum T) {
	for _, v := range vs {
		sum += v
	}
	return sum
}

// queues follows every item through the queues it stood in.
func (n *Night) queues(weeks []Period) []queue {
	k := len(weeks)
	qs := make([]queue, queueCount)
	open := n.endOfDay(weeks, func(s state) (string, bool) { return queueNames[queueOf(s.class)], true })
	progress := n.endOfDay(weeks, func(s state) (string, bool) { return queueNames[queueOf(s.class)], s.progress })
	for i, name := range queueNames {
		qs[i] = queue{make([]int, k), make([]int, k), make([]int, k), open.of(name), progress.of(name), make([]record.Instant, k), make([][]float64, k)}
	}
	count := func(t record.Instant, f func(w int)) {
		if w := find(weeks, t); w >= 0 {
			f(w)
		}
	}
	var ends []record.Instant // of the weeks that are drawn
	for _, w := range lastOf(weeks, xmrMost) {
		ends = append(ends, w.To-1)
	}
	for it := range n.during(weeks...) {
		class := func(t record.Instant) *queue { return &qs[queueOf(it.Classes.At(max(t, it.Created)))] }
		count(it.Created, func(w int) { class(it.Created).came[w]++ })
		for _, t := range it.Reopened {
			count(t, func(w int) { class(t).came[w]++ })
		}
		for _, t := range it.Done {
			count(t, func(w int) { class(t - 1).left[w]++ })
		}
		if !it.Open() && !it.Discarded && it.Coarse == "" && it.Started != 0 {
			count(it.Finished, func(w int) {
				q := class(it.Finished - 1)
				q.cycles[w] = append(q.cycles[w], it.Finished.Sub(it.Started).Seconds())
			})
		}
		if len(it.Classes) < 2 && !it.Open() && it.Finished <= ends[0] {
			continue // it never moved, and was over before
		}
		was, until := -1, record.Instant(0)
		it.stretches(n.AsOf, func(s stretch) {
			q := queueOf(s.class)
			if s.from == until && was >= 0 && was != q && !slices.Contains(it.Reopened, s.from) {
				count(s.from, func(w int) {
					qs[was].moved[w]--
					qs[q].moved[w]++
				})
			}
			was, until = q, s.to
			from, _ := slices.BinarySearch(ends, s.from)
			to, _ := slices.BinarySearch(ends, s.to)
			for w := from; w < to; w++ {
				if o := &qs[q].oldest[k-len(ends)+w]; *o == 0 || it.Created < *o {
					*o = it.Created
				}
			}
		})
	}
	return qs
}

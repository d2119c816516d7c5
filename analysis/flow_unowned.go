package analysis

// Who has it: open items without an assignee, and how long it takes until somebody says "I've got it"
// (METRICS.md, section 4).

import (
	"fmt"

	"github.com/firebreak/firebreak/collectors/record"
)

// taken is when the item was first somebody's: assigned, or in an active stage; 0 if it never was.
func (it *Item) taken() record.Instant {
	first := it.Started
	for i := range it.Assignees {
		if len(it.Assignees[i].Is) > 0 {
			if at := it.Assignees[i].At; first == 0 || at < first {
				first = at
			}
			break
		}
	}
	return first
}

// ownerless calls f for the pieces of a stretch in which nobody was assigned to the item.
func (it *Item) ownerless(s stretch, f func(from, to record.Instant)) {
	from := s.from
	it.assigned(s.from, s.to, func(a, b record.Instant, _ []string) {
		if from < a {
			f(from, a)
		}
		from = b
	})
	if from < s.to {
		f(from, s.to)
	}
}

// uptake is how some items were taken.
type uptake struct {
	n       int       // all of them
	born    int       // somebody's from the start
	waits   []float64 // seconds until they were taken
	waiting int       // open, and nobody's yet
	without int       // done, without ever having been anybody's
}

func (u *uptake) add(it *Item) {
	u.n++
	switch at := it.taken(); {
	case at == it.Created:
		u.born++
	case at != 0:
		u.waits = append(u.waits, at.Sub(it.Created).Seconds())
	case it.Open():
		u.waiting++
	default:
		u.without++
	}
}

var unowned = Metric{
	Name: "unowned", Title: "Unowned items", Chapter: "Flow", Unit: Items, Counts: "open without an assignee",
	Question: "What is nobody's, and how long until somebody says \"I've got it\"?",
	Doc: "**Unowned** are the items that are open and have no assignee at as-of, those included that were taken from somebody. " +
		"**Until somebody took it** is the elapsed time from creation to the first assignment, whoever made it, or to the first entry into an active stage, whichever came first: percentiles over the items created in the trailing 90 days that were taken. " +
		"Beside them stand those that were somebody's from the start (assigned or begun by creating them: how long people hesitate cannot be seen from them), those that nobody took yet, and those that were done without having been anybody's. While some are not taken yet the percentiles are too short rather than too long. " +
		"For items whose history is missing the time is not known, and they are listed; so are the open ones of trackers that can speak only up to 60 days before as-of.",
	Measure: func(n *Night) Answer {
		p := n.trailing(90)
		months := n.months(24)
		times := make([][]float64, len(months))
		a := Answer{RowUnit: Duration} // since each was created
		all, byClass := &uptake{}, map[*Class]*uptake{}
		now, support := map[*Class]int{}, 0
		coarse := 0
		var archives []Row
		days := n.days(182)
		daily := newTally(days)
		for _, it := range n.Items {
			c := it.Class()
			if !daily.over(it) && !n.archived(it) {
				it.stretches(n.AsOf, func(s stretch) {
					it.ownerless(s, func(from, to record.Instant) { daily.add(s.class.ClassID(), from, to) })
				})
			}
			if it.Open() && len(it.Assigned()) == 0 {
				if n.archived(it) {
					archives = append(archives, Row{Item: it, Why: "its tracker can speak only up to " + n.date(it.Until-1)})
				} else {
					now[c]++
					support += bit(c.kind().Support())
					a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(it.Until.Sub(it.Created).Seconds()), Why: it.Stage().Name})
				}
			}
			recent := p.holds(it.Created)
			if it.Coarse != "" {
				if recent {
					coarse++
					a.Left = append(a.Left, Row{Item: it, Why: "when it was taken is not known: " + it.Coarse})
				}
				continue
			}
			if i := find(months, it.Created); i >= 0 {
				if at := it.taken(); at > it.Created {
					times[i] = append(times[i], at.Sub(it.Created).Seconds())
				}
			}
			if recent {
				all.add(it)
				if byClass[c] == nil {
					byClass[c] = &uptake{}
				}
				byClass[c].add(it)
			}
		}
		a.Rows = largestFirst(a.Rows)
		a.Headline = countOf(len(a.Rows), n.now())
		a.Sentence = fmt.Sprintf("%s open without an assignee, %d of them support.", counted(len(a.Rows), "item is", "items are"), support) + n.apart(archives)
		a.Left = append(archives, a.Left...)
		if len(all.waits) >= Fewest {
			a.Sentence += fmt.Sprintf(" Of %s created in the %s and then taken, half were taken within %s, 85 %% within %s; %s not taken yet.", counted(len(all.waits), "item", "items"), p.Label,
				secondsOf(all.waits, 0.5, 0, p), secondsOf(all.waits, 0.85, 0, p), counted(all.waiting, "is", "are"))
		} else if all.n == 0 && coarse > 0 {
			a.Sentence += fmt.Sprintf(" Of what was created in the %s the history is not known, and so not how long until somebody took it.", p.Label)
		} else if all.n == 0 {
			a.Sentence += fmt.Sprintf(" Nothing was created in the %s.", p.Label)
		} else {
			a.Sentence += fmt.Sprintf(" Of %s created in the %s %s taken since; %s not taken yet.", counted(all.n, "item", "items"), p.Label, counted(len(all.waits), "was", "were"), counted(all.waiting, "is", "are"))
		}
		for _, c := range n.classes() {
			a.Parts = append(a.Parts, Part{Name: c.ClassID(), Group: "class", Title: c.Title(), Value: countOf(now[c], n.now())})
		}
		part := func(name, title string, v Value) {
			a.Parts = append(a.Parts, Part{Name: name, Group: "trailing-90-days", Title: title, Value: v})
		}
		for _, q := range quartet {
			part(q.name, "Taken within, "+q.title+" of those taken", secondsOf(all.waits, q.share, all.n+coarse, p))
		}
		part("born", "Somebody's from the start", countOf(all.born, p))
		part("waiting", "Nobody took it yet", countOf(all.waiting, p))
		part("without", "Done without having been anybody's", countOf(all.without, p))
		table := Table{Name: "classes", Title: "Created in the " + p.Label + ", until somebody took it", Columns: []Column{{"class", "Class", Text}, {"n", "Created", Items}, {"born", "From the start", Items}, {"taken", "Taken", Items}}}
		for _, q := range quartet {
			table.Columns = append(table.Columns, Column{q.name, q.title + " within", Duration})
		}
		table.Columns = append(table.Columns, Column{"waiting", "Not yet", Items}, Column{"without", "Done without", Items})
		line := func(title string, u *uptake) {
			row := []Cell{{Text: title}, num(u.n), num(u.born), num(len(u.waits))}
			for _, q := range quartet {
				row = append(row, Cell{Num: secondsOf(u.waits, q.share, 0, p).Number})
			}
			table.Rows = append(table.Rows, append(row, num(u.waiting), num(u.without)))
		}
		for _, c := range n.classes() {
			if u := byClass[c]; u != nil {
				line(c.Title(), u)
			}
		}
		if all.n > 0 {
			line("All", all)
		}
		chart := n.halfAndMost(months, times)
		chart.Name, chart.Title = "by-month", "Until somebody took it, by month of creation"
		chart.Note = fmt.Sprintf("Of those that were taken after their creation. Months with fewer than %d of them are left blank; of the newest some may be taken yet.", Fewest)
		a.Tables = []Table{table}
		a.Charts = []Chart{{Name: "open", Title: "Open without an assignee at the end of each day, by class", Kind: Stacked, Unit: Items, XUnit: Day, X: labels(days), Lines: n.byClass(daily.sum()), Marks: n.experiments(days), Edges: edges(days),
			Note: "What is pulled is nobody's for a while; what stays nobody's is forgotten, or should be declined."}, chart}
		return a
	},
}

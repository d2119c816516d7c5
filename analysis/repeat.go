package analysis

// Repeats: incidents that burn again although they were put out (METRICS.md, section 7).

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// remembered is how long what was put out is remembered.
const remembered = 90 * 24 * time.Hour

// repeats is the index, in the sorted instants at which something was put out, of the last one that t repeats:
// before t, and within what is remembered. −1 if it repeats none.
func repeats(ended []record.Instant, t record.Instant) int {
	if i, _ := slices.BinarySearch(ended, t); i > 0 && t.Sub(ended[i-1]) <= remembered {
		return i - 1
	}
	return -1
}

// incidents are the items that are incidents at as-of, by creation.
func (n *Night) incidents() []*Item {
	var all []*Item
	for _, it := range n.Items {
		if it.Kind() == Incident {
			all = append(all, it)
		}
	}
	slices.SortStableFunc(all, func(a, b *Item) int { return cmp.Compare(a.Created, b.Created) })
	return all
}

// places are where an incident burns, each with the name to show: its services, and those components that
// are none.
func (it *Item) places() iter.Seq2[string, place] {
	return func(yield func(string, place) bool) {
		for _, s := range it.Services {
			if !yield(s.Name, place{service: s}) {
				return
			}
		}
		for i, c := range it.Components {
			name := fold(c)
			known := slices.ContainsFunc(it.Services, func(s *Service) bool { return s.GoesBy(name) })
			again := slices.ContainsFunc(it.Components[:i], func(c string) bool { return fold(c) == name })
			if !known && !again && !yield(c, place{name: name}) {
				return
			}
		}
	}
}

// GoesBy says whether a name is one of the service's: its id, its name or an alias, whatever their case.
func (s *Service) GoesBy(name string) bool {
	name = fold(name)
	return fold(s.ID) == name || fold(s.Name) == name || slices.ContainsFunc(s.Aliases, func(a string) bool { return fold(a) == name })
}

// again finds for each incident the one it repeats: the one that was put out last before it.
func again(incidents []*Item) map[*Item]*Item {
	type burned struct {
		ended []record.Instant
		items []*Item
	}
	out := map[burrow]*burned{}
	each := func(it *Item, do func(burrow)) {
		if print := Fingerprint(it.Title); telling(print) {
			for _, p := range it.places() {
				do(burrow{p, print})
			}
		}
	}
	byEnd := slices.Clone(incidents)
	slices.SortStableFunc(byEnd, func(a, b *Item) int { return cmp.Compare(a.Finished, b.Finished) })
	for _, it := range byEnd {
		if it.Open() || it.Discarded {
			continue
		}
		each(it, func(b burrow) {
			if out[b] == nil {
				out[b] = &burned{}
			}
			out[b].ended, out[b].items = append(out[b].ended, it.Finished), append(out[b].items, it)
		})
	}
	repeated := map[*Item]*Item{}
	for _, it := range incidents {
		each(it, func(b burrow) {
			if o := out[b]; o != nil {
				if i := repeats(o.ended, it.Created); i >= 0 && (repeated[it] == nil || o.items[i].Finished > repeated[it].Finished) {
					repeated[it] = o.items[i]
				}
			}
		})
	}
	return repeated
}

var repeatRate = Metric{
	Name: "repeats", Title: "Repeats", Chapter: "On call", Unit: Share,
	Question: "Do we put out the same fire again?",
	Doc: "A **repeat** is an incident (at as-of) on the same service or component, and with the fingerprint, of an undiscarded one that was finished in the 90 days (of 24 hours) before it was created. The repeat rate of a period is repeats ÷ incidents, of those created in it. " +
		"The **fingerprint** of a title: Unicode NFKC, lower case; tokens with a digit become `#`, other runs of what is no letter one space. A token ends at white space, brackets, quotes and `, ; = | < >`, so that a host, a time or an id is one; several in a row are one `#`. A title of which nothing else is left is like no other. " +
		"**What keeps coming back** counts pages as well: the pages and incidents of one service or component with one fingerprint, a page that is joined to one of these incidents not apart from it, where one came within 90 days after another had ended. " +
		"**The improvement** is the one finished last, else the one due last, that the postmortem of one of its incidents has decided; where there is no such, one of a postmortem of the same service, which may be about something else. " +
		"**Before** and **after** are how often it came in a week, in equal windows of up to 13 weeks around the end of the improvement; where one would be shorter than 5 weeks it is too early to tell.",
	Measure: func(n *Night) Answer {
		incidents := n.incidents()
		repeated := again(incidents)
		quarter, month := n.trailing(90), n.lastMonth()
		share := func(p Period) Value {
			k, of := 0, 0
			for _, it := range incidents {
				if p.holds(it.Created) {
					of++
					if repeated[it] != nil {
						k++
					}
				}
			}
			return shareOf(k, of, p)
		}
		a := Answer{Headline: share(quarter)}
		months := n.months(24)
		counts, fresh := make([]int, len(months)), make([]int, len(months))
		nowhere := 0
		for _, it := range incidents {
			m := find(months, it.Created)
			was := repeated[it]
			if m >= 0 && was != nil {
				counts[m]++
			} else if m >= 0 {
				fresh[m]++
			}
			if !quarter.holds(it.Created) {
				continue
			}
			if was != nil {
				a.Rows = append(a.Rows, Row{Item: it, Why: fmt.Sprintf("as %s, finished %s", was.Key, n.date(was.Finished))})
			}
			if len(it.Services) == 0 && len(it.Components) == 0 {
				nowhere++
				a.Left = append(a.Left, Row{Item: it, Why: "it names neither a service nor a component"})
			}
		}
		if nowhere > 0 {
			a.Doubts = []string{fmt.Sprintf("Of %s %s neither a service nor a component: such are counted, and cannot be known for repeats.", counted(a.Headline.N, "incident", "incidents"), counted(nowhere, "names", "name"))}
		}
		r := a.Headline.Ratio
		switch {
		case r.Den == 0:
			a.Sentence = fmt.Sprintf("There was no incident in the %s.", quarter.Label)
		default:
			a.Sentence = fmt.Sprintf("Of %s in the %s, %d repeated one that had been put out in the 90 days before it.", counted(int(r.Den), "incident", "incidents"), quarter.Label, int(r.Num))
		}
		a.Parts = []Part{
			{Name: "last-month", Group: "period", Title: month.Label, Value: share(month)},
			{Name: "moles", Group: "moles", Title: "What came back in the " + quarter.Label, Value: countOf(len(n.recentMoles()), quarter)},
		}
		if len(incidents) > 0 {
			shares := make([]record.Number, len(months))
			for i := range months {
				shares[i] = shareOf(counts[i], counts[i]+fresh[i], months[i]).point()
			}
			a.Charts = []Chart{
				{Name: "by-month", Title: "Incidents, by month", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months),
					Note:  "A repeat is a fire that was put out and not prevented.",
					Lines: []Series{{Name: "repeats", Title: "Repeats", Role: "bad", Values: numbers(counts)}, {Name: "first", Title: "For the first time in 90 days", Role: "neutral", Values: numbers(fresh)}},
					Marks: n.experiments(months), Edges: edges(months)},
				{Name: "rate", Title: "Repeat rate, by month", Kind: Line, Unit: Share, XUnit: Text, X: labels(months),
					Note:  fmt.Sprintf("Months with fewer than %d incidents are left blank.", Fewest),
					Lines: []Series{{Name: "rate", Title: "Repeats", Values: shares}}, Marks: n.experiments(months), Edges: edges(months)},
			}
		}
		if len(n.Moles) > 0 {
			a.Tables = []Table{n.moleTable()}
		}
		return a
	},
}

// recentMoles are those that came in the trailing 90 days.
func (n *Night) recentMoles() []*Mole {
	i := slices.IndexFunc(n.Moles, func(m *Mole) bool { return m.Recent == 0 })
	if i < 0 {
		return n.Moles
	}
	return n.Moles[:i]
}

// moleRows is how many moles the table shows.
const moleRows = 100

// moleTable lists what keeps coming back, the worst first.
func (n *Night) moleTable() Table {
	t := Table{Name: "moles", Title: "What keeps coming back", Columns: []Column{
		{"title", "Title", Text}, {"service", "Where", Text}, {"recent", "Trailing 90 days", Items}, {"times", "Ever", Items}, {"repeats", "Came back", Items}, {"last", "Last", Day},
		{"improvement", "Last improvement", Text}, {"finished", "Finished", Day}, {"tie", "Tied by", Text}, {"before", "Before", PerWeek}, {"after", "After", PerWeek}}}
	for _, m := range n.Moles[:min(len(n.Moles), moleRows)] {
		row := []Cell{{Text: m.Title}, {Text: cmp.Or(m.Service, "—")}, num(m.Recent), num(m.Times), num(m.Repeats), {Text: n.date(m.Last)}}
		if im := m.Improvement; im != nil {
			rate := func(v Value) Cell {
				if !v.Number.Known {
					return Cell{Text: m.Verdict()}
				}
				return Cell{Num: v.Number}
			}
			row = append(row, Cell{Text: im.What}, Cell{Text: cmp.Or(string(im.Finished), "—")}, Cell{Text: m.Tie}, rate(m.Before), rate(m.After))
		} else {
			row = append(row, Cell{Text: "none"}, Cell{Text: "—"}, Cell{Text: "—"}, Cell{Text: "—"}, Cell{Text: "—"})
		}
		t.Rows = append(t.Rows, row)
	}
	if more := len(n.Moles) - moleRows; more > 0 {
		t.Title += fmt.Sprintf(", the worst %d of %d", moleRows, len(n.Moles))
	}
	return t
}

package analysis

// Who told us first: a monitor or a person (METRICS.md, section 7).

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// Detection is who told of a fire first.
type Detection uint8

// Who told first. What a page is that does not say who raised it, the policy may say for all of them
// (pages: origin); where it does not, nobody knows.
const (
	DetectedUnknown Detection = iota
	DetectedByMonitor
	DetectedByHuman
)

func (d Detection) String() string { return [...]string{"unknown", "monitor", "human"}[d] }

// word is one telling of a fire: a page, or an issue.
type word struct {
	at   record.Instant
	by   Detection
	page *Page
	item *Item
}

// Detected says who told of a fire first.
func (n *Night) Detected(f *Fire) Detection { return n.firstWord(f).by }

// firstWord is the first telling of a fire. A page has to come before the first human report to count for
// the monitor; of what a machine wrote into a tracker nobody was told until a page went off, or a person
// saw it. Where a fire has an incident, only incidents are reports of it: a bug that it is linked to may
// be older by a year.
func (n *Night) firstWord(f *Fire) word {
	var first word
	rank := map[Detection]int{DetectedByHuman: 0, DetectedUnknown: 1, DetectedByMonitor: 2}
	saw := func(w word) {
		if first.at == 0 || cmp.Or(cmp.Compare(w.at, first.at), cmp.Compare(rank[w.by], rank[first.by])) < 0 {
			first = w
		}
	}
	for _, p := range f.Pages {
		w := word{at: p.Triggered, page: p}
		switch cmp.Or(p.Origin, n.Policy.Pages.Origin) {
		case record.ByMonitor:
			w.by = DetectedByMonitor
		case record.ByPerson:
			w.by = DetectedByHuman
		}
		saw(w)
	}
	incident := len(f.Items) > 0 && f.Items[0].Kind() == Incident
	for _, it := range f.Items {
		if it.Machine || incident && it.Kind() != Incident {
			continue
		}
		w := word{at: it.Created, item: it}
		if it.Reporter != "" {
			w.by = DetectedByHuman
		}
		saw(w)
	}
	return first
}

// emergencies are the fires of a period that hold an incident which was not thrown away. One with several
// pages, or several reports, is one.
func (n *Night) emergencies(p Period) []*Fire {
	var fs []*Fire
	for _, f := range n.Fires {
		if f.incident && p.holds(f.From) {
			fs = append(fs, f)
		}
	}
	return fs
}

// tellings are fires by who told of them first.
type tellings struct {
	monitor, human, unknown int
	presumed                int // by monitor or person only because the policy says so of all pages that do not say
}

func (n *Night) tell(fs []*Fire) tellings {
	var c tellings
	for _, f := range fs {
		w := n.firstWord(f)
		switch w.by {
		case DetectedByMonitor:
			c.monitor++
		case DetectedByHuman:
			c.human++
		default:
			c.unknown++
		}
		if w.by != DetectedUnknown && w.page != nil && w.page.Origin == "" {
			c.presumed++
		}
	}
	return c
}

func (c tellings) all() int { return c.monitor + c.human + c.unknown }

// share is how many of those of which it is known a monitor told first; no data where of more than one in
// ten it is not. A person who told first is always known, and a monitor is not: what is left of many unknown
// ones would speak for people.
func (c tellings) share(p Period) Value {
	if 10*c.unknown > c.all() {
		return Value{Unit: Share, N: c.monitor + c.human, Of: c.all(), Period: p}
	}
	v := shareOf(c.monitor, c.monitor+c.human, p)
	v.Of = c.all()
	return v
}

var detectedBy = Metric{
	Name: "detected-by", Title: "Who told us first", Chapter: "On call", Unit: Share, Counts: "told by a monitor first",
	Question: "Does the system tell us, or do the people who use it?",
	Doc: "Of the emergencies of a period: **monitor**, where a page that a monitor raised came before the first human report; else **human**; else **unknown**. An emergency is one fire: an incident with everything that is joined to it for certain, counted once, by the instant at which it was first told of. Incidents that name the same page are one only where they were open at one time. Those whose every incident was discarded are left out. " +
		"A human report is an incident written by a person, or a page that a person raised; what a machine wrote into the tracker is neither. At the same instant, the person was first. " +
		"Most pagers' exports do not say who raised a page. One that does not is neither a monitor's nor a person's: where it came first, the emergency is **unknown** and in no share, unless the policy says what such pages are (`pages: {origin: monitor}`), and then the figure says how many rest on the policy's word. Where a person's report came before every page, it does not matter who raised them. " +
		"The share is of those of which it is known, and there is none where of more than one in ten it is not: that a person told first always shows, so what is left would speak for people. Nor is there one where no export of a pager has been read: then no monitor had a chance to be first.",
	Measure: func(n *Night) Answer {
		t90, year := n.trailing(90), n.trailing(365)
		quarter, all := n.emergencies(t90), n.emergencies(year)
		c, y := n.tell(quarter), n.tell(all)
		first := func(c tellings, p Period) Value {
			if len(n.heard.pagers) == 0 {
				return Value{Unit: Share, N: 0, Of: c.all(), Period: p}
			}
			return c.share(p)
		}
		a := Answer{Headline: first(c, t90), RowUnit: Duration, Doubts: n.heard.doubts(n)}
		switch {
		case len(quarter) == 0:
			a.Sentence = fmt.Sprintf("There was no emergency in the %s.", t90.Label)
		case len(n.heard.pagers) == 0:
			a.Sentence = noPager + fmt.Sprintf(" Whether a monitor knew of the %s in the %s before a person told of them cannot be told.", counted(len(quarter), "emergency", "emergencies"), t90.Label)
			if len(quarter) == 1 {
				a.Sentence = noPager + fmt.Sprintf(" Whether a monitor knew of the emergency in the %s before a person told of it cannot be told.", t90.Label)
			}
		default:
			a.Sentence = fmt.Sprintf("In the %s a monitor told first of %s, and a person of %d", t90.Label, counted(c.monitor, "emergency", "emergencies"), c.human)
			if c.unknown > 0 {
				a.Sentence += fmt.Sprintf("; of %d it is not known", c.unknown)
			}
			a.Sentence += "."
		}
		for _, f := range quarter {
			w := n.firstWord(f)
			if row := (Row{Item: f.Items[0], Why: n.firstSaid(f, w)}); w.by == DetectedUnknown {
				a.Left = append(a.Left, row)
			} else {
				a.Rows = append(a.Rows, row)
			}
		}
		number := func(group, name, title string, k int, p Period) Part {
			return Part{Name: name, Group: group, Title: title, Value: countOf(k, p)}
		}
		const q, r = "trailing-90-days", "trailing-365-days"
		a.Parts = []Part{
			number(q, "monitor", "Monitor", c.monitor, t90), number(q, "human", "Human", c.human, t90), number(q, "unknown", "Unknown", c.unknown, t90),
			{Name: "share-365", Group: r, Title: "Monitor first", Value: first(y, year)},
			number(r, "monitor-365", "Monitor", y.monitor, year), number(r, "human-365", "Human", y.human, year), number(r, "unknown-365", "Unknown", y.unknown, year),
		}
		if y.presumed > 0 {
			a.Doubts = append(a.Doubts, fmt.Sprintf("The pager does not say who raised the page that told of %d of %s in the %s first. The policy says that such pages are a %s's, and that is all this rests on.", y.presumed, counted(len(all), "emergency", "emergencies"), year.Label, n.Policy.Pages.Origin))
		}
		if y.unknown > 0 && n.Policy.Pages.Origin == "" {
			a.Doubts = append(a.Doubts, fmt.Sprintf("Of %d of %s in the %s nobody can say who told first: a page came that does not say who raised it, a report that does not say by whom, or a machine wrote it down and nobody was paged. If nobody pages by hand, the policy can say so: pages: {origin: monitor}.", y.unknown, counted(len(all), "emergency", "emergencies"), year.Label))
		}
		if len(all) > 0 {
			a.Charts = []Chart{n.tellingsByMonth()}
			a.Tables = []Table{n.tellingsByService(all, year), n.peopleFirst(all, year)}
		}
		return a
	},
}

// firstSaid says who told of a fire first, and how long the other took.
func (n *Night) firstSaid(f *Fire, w word) string {
	var s string
	switch {
	case w.page != nil && w.by == DetectedUnknown:
		s = "a page that does not say who raised it"
	case w.page != nil:
		s = "a page, raised by a " + w.by.String()
	case w.item != nil && w.by == DetectedUnknown:
		s = "a report that does not say by whom"
	case w.item != nil:
		s = "a person's report, " + w.item.Key
	default:
		return "written by a machine, and nobody was paged"
	}
	s += " on " + w.at.In(n.Zone).Format("2006-01-02 15:04")
	if w.item == nil {
		return s
	}
	switch {
	case len(f.Pages) == 0:
		return s + "; nobody was paged"
	case f.Pages[0].Triggered == w.at:
		return s + ", and a page in the same moment"
	}
	return s + "; the first page came " + elapsed(f.Pages[0].Triggered.Sub(w.at).Seconds()) + " later"
}

// tellingsByMonth draws who told first.
func (n *Night) tellingsByMonth() Chart {
	months := n.months(24)
	count := [3][]int{make([]int, len(months)), make([]int, len(months)), make([]int, len(months))}
	for _, f := range n.Fires {
		if m := find(months, f.From); f.incident && m >= 0 {
			count[n.Detected(f)][m]++
		}
	}
	c := Chart{Name: "by-month", Title: "Emergencies, by month and who told of them first", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Marks: n.experiments(months), Edges: edges(months),
		Lines: []Series{
			{Name: "monitor", Title: "A monitor", Role: "good", Values: numbers(count[DetectedByMonitor])}, {Name: "human", Title: "A person", Role: "bad", Values: numbers(count[DetectedByHuman])},
		}, Note: "What people tell first is where a monitor is missing."}
	if slices.Max(append(count[DetectedUnknown], 0)) > 0 {
		c.Lines = append(c.Lines, Series{Name: "unknown", Title: "Not known", Role: "discarded", Values: numbers(count[DetectedUnknown])})
	}
	return c
}

// tellingsByService counts emergencies by the service of their worst incident. Its counts add up to all.
func (n *Night) tellingsByService(fs []*Fire, p Period) Table {
	of := map[string][]*Fire{}
	for _, f := range fs {
		s := "no service"
		if it := f.Items[0]; len(it.Services) > 0 {
			s = it.Services[0].Name
		} else if len(f.Pages) > 0 {
			s = named(f.Pages[0].at())
		}
		of[s] = append(of[s], f)
	}
	t := Table{Name: "by-service", Title: "By service, " + p.Label, Columns: []Column{{"service", "Service", Text}, {"emergencies", "Emergencies", Items}, {"monitor", "Monitor", Items}, {"human", "Human", Items}, {"unknown", "Unknown", Items}}}
	services := sortedKeys(of)
	slices.SortStableFunc(services, func(a, b string) int { return cmp.Compare(len(of[b]), len(of[a])) })
	for _, s := range services {
		c := n.tell(of[s])
		t.Rows = append(t.Rows, []Cell{{Text: s}, num(len(of[s])), num(c.monitor), num(c.human), num(c.unknown)})
	}
	return t
}

// peopleFirst lists the emergencies that people had to tell of: each is a monitor that could be.
func (n *Night) peopleFirst(fs []*Fire, p Period) Table {
	t := Table{Name: "people-first", Title: "Told of by people first, " + p.Label, Columns: []Column{{"item", "Emergency", Text}, {"at", "Reported", Moment}, {"page", "First page after", Duration}}}
	for _, f := range slices.Backward(fs) {
		w := n.firstWord(f)
		if w.by != DetectedByHuman {
			continue
		}
		row := []Cell{{Text: f.Items[0].Key, Item: f.Items[0]}, when(w.at), {Text: "no page"}}
		if len(f.Pages) > 0 {
			row[2] = Cell{Num: record.Num(f.Pages[0].Triggered.Sub(w.at).Seconds())}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

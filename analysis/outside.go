package analysis

// What came another way: emergencies that did not come through the pager, and pages that nobody wrote down
// (METRICS.md, section 7). The ways in that all support work comes by are in intake_channels.go.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

var outsidePager = Metric{
	Name: "outside-pager", Title: "Outside the pager", Chapter: "On call", Unit: Share,
	Question: "Do emergencies come through one door?",
	Doc: "The share of emergencies without a page: fires that hold an incident, counted once, and no page that is joined to it **for certain**. A page that several incidents name is of the one reported nearest to it, and of those that were open together with that: one that came when it was over is an emergency of its own. Certain is a key, an address or an id: the page names the issue (a key within an address only where the issue's own address is of the same host, or not known), the issue links to the page, or the postmortem of that one incident names it. " +
		"What only came at the same time is **suggested** and never counted: an emergency without a page and a page without an issue, of one service, less than the policy's `pages: join` apart (2 h unless it says otherwise), the nearest first, each at most once. Whoever writes the key on one side makes it certain. " +
		"Emergencies from before the first page that was read, and from after the pagers fell silent for more than 14 days, are left out: no page of them could be known.",
	Measure: func(n *Night) Answer {
		t90, year := n.trailing(90), n.trailing(365)
		a := Answer{Headline: Value{Unit: Share, Period: t90}, Doubts: n.heard.doubts(n)}
		out, in, early := n.throughTheDoor(n.emergencies(t90))
		a.Headline = shareOf(len(out), len(out)+len(in), t90)
		a.Headline.Of = len(out) + len(in) + len(early)
		yearOut, yearIn, _ := n.throughTheDoor(n.emergencies(year))
		switch {
		case len(n.heard.pagers) == 0:
			a.Sentence = noPager + " Whether emergencies come through it cannot be told."
		case len(out)+len(in) == 0 && len(early) > 0:
			a.Sentence = fmt.Sprintf("Of %s in the %s no pager that was read can tell.", counted(len(early), "emergency", "emergencies"), t90.Label)
		case len(out)+len(in) == 0:
			a.Sentence = fmt.Sprintf("There was no emergency in the %s.", t90.Label)
		default:
			a.Sentence = fmt.Sprintf("In the %s %d of %s outside the pager.", t90.Label, len(out), counted(len(out)+len(in), "emergency came", "emergencies came"))
		}
		why := func(f *Fire) string {
			way := "by a way that no channel of the policy knows"
			if c := n.channel(f.Items[0].Channel); c != nil {
				way = "through " + c.Name
			}
			return f.Items[0].Created.In(n.Zone).Format("2006-01-02 15:04") + ", " + way
		}
		for _, f := range out {
			a.Rows = append(a.Rows, Row{Item: f.Items[0], Why: why(f)})
		}
		for _, f := range early {
			a.Left = append(a.Left, Row{Item: f.Items[0], Why: "no pager that was read can speak for then"})
		}
		a.Parts = []Part{{Name: "outside-365", Group: "trailing-365-days", Title: "Emergencies outside the pager", Value: shareOf(len(yearOut), len(yearOut)+len(yearIn), year)}}
		ps := n.rang(t90)
		lost := slices.DeleteFunc(slices.Clone(ps), func(p *Page) bool { return len(p.Items) > 0 })
		a.Parts = append(a.Parts, Part{Name: "unjoined", Group: "trailing-90-days", Title: "Pages that no issue has", Value: shareOf(len(lost), len(ps), t90)})
		if astray := n.astray(lost); astray != "" {
			a.Doubts = append(a.Doubts, astray)
		}
		a.Charts = []Chart{n.doorByMonth()}
		a.Tables = append(a.Tables, n.outsideTable(yearOut, year)...)
		if t := n.suggestionTable(); len(t.Rows) > 0 {
			a.Tables = append(a.Tables, t)
		}
		if len(lost) > 0 {
			slices.Reverse(lost)
			a.Tables = append(a.Tables, n.pageTable("unjoined", "Pages that no issue has, the latest first", lost))
		}
		return a
	},
}

// astray says which issues pages name that nobody has; "" where there is none.
func (n *Night) astray(ps []*Page) string {
	k, seen := 0, map[string]bool{}
	for _, p := range ps {
		names := n.Misnamed(p)
		k += one(len(names) > 0)
		for _, s := range names {
			seen[s] = true
		}
	}
	names := sortedKeys(seen)
	if more := len(names) - 5; more > 0 {
		names = append(names[:5], fmt.Sprintf("%d more", more))
	}
	if k == 0 {
		return ""
	}
	return fmt.Sprintf("%s an issue that there is not: %s. It was mistyped, or is of a tracker that was not read.", counted(k, "page of the period names", "pages of the period name"), strings.Join(names, ", "))
}

// throughTheDoor deals emergencies out: those without a page, those with one, and those of a time that no
// pager speaks for.
func (n *Night) throughTheDoor(fs []*Fire) (out, in, early []*Fire) {
	for _, f := range fs {
		switch {
		case len(f.Pages) > 0:
			in = append(in, f)
		case !n.heard.Holds(f.From):
			early = append(early, f)
		default:
			out = append(out, f)
		}
	}
	return out, in, early
}

// channel is the way in of that id.
func (n *Night) channel(id string) *Channel {
	for i := range n.Policy.Channels {
		if n.Policy.Channels[i].ID == id {
			return &n.Policy.Channels[i]
		}
	}
	return nil
}

// doorByMonth draws emergencies with and without a page.
func (n *Night) doorByMonth() Chart {
	months := n.months(24)
	with, without, early := make([]int, len(months)), make([]int, len(months)), make([]int, len(months))
	for i, m := range months {
		o, in, e := n.throughTheDoor(n.emergencies(m))
		with[i], without[i], early[i] = len(in), len(o), len(e)
	}
	c := Chart{Name: "by-month", Title: "Emergencies, by month and door", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Marks: n.experiments(months), Edges: edges(months),
		Lines: []Series{{Name: "pager", Title: "With a page", Role: "good", Values: numbers(with)}, {Name: "outside", Title: "Outside the pager", Role: "bad", Values: numbers(without)}},
		Note:  "An emergency that came another way waited for somebody to look there."}
	if slices.ContainsFunc(early, func(k int) bool { return k > 0 }) {
		c.Lines = append(c.Lines, Series{Name: "unknown", Title: "No pager speaks for then", Role: "discarded", Values: numbers(early)})
	}
	return c
}

// outsideTable lists the emergencies without a page, the latest first.
func (n *Night) outsideTable(fs []*Fire, p Period) []Table {
	if len(fs) == 0 {
		return nil
	}
	t := Table{Name: "outside", Title: "Emergencies without a page, " + p.Label, Columns: []Column{{"item", "Emergency", Text}, {"at", "Reported", Moment}, {"channel", "Channel", Text}}}
	for _, f := range slices.Backward(fs) {
		it, title := f.Items[0], "Not told"
		if c := n.channel(it.Channel); c != nil {
			title = c.Name
		}
		t.Rows = append(t.Rows, []Cell{{Text: it.Key, Item: it}, when(it.Created), {Text: title}})
	}
	return []Table{t}
}

// suggestionTable lists the joins that nobody has confirmed, the latest first.
func (n *Night) suggestionTable() Table {
	t := Table{Name: "suggested", Title: "May belong together, and counted nowhere", Columns: []Column{{"item", "Emergency", Text}, {"page", "Page", Text}, {"at", "Went off", Moment}, {"title", "Page's title", Text}, {"why", "Why", Text}}}
	for _, s := range slices.Backward(n.Suggested) {
		if len(t.Rows) == mostPages {
			t.Title = fmt.Sprintf("%s, the latest %d of %d", t.Title, mostPages, len(n.Suggested))
			break
		}
		t.Rows = append(t.Rows, []Cell{{Text: s.Item.Key, Item: s.Item}, {Text: cmp.Or(s.Page.Number, s.Page.ID)}, when(s.Page.Triggered), titled(s.Page.Title), {Text: s.Why}})
	}
	return t
}

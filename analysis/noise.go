package analysis

// Pages that nobody needed (METRICS.md, section 7): what the pager knows of it beside what people judged.

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

var pageNoise = Metric{
	Name: "page-noise", Title: "Pages that nobody needed", Chapter: "On call", Unit: Share, Alone: true,
	Question: "How many pages called somebody for nothing?",
	Doc: "Two answers side by side. **By people**: the person on call puts a verdict behind each page of the week (`firebreak triage`). *Fixed*, *looked, fine now* and *too early to call* say that somebody acted; " +
		"*known work*, *threshold wrong*, *check faulty*, *duplicate* and *not ours* say that nobody had to. **Noise** is the share of the judged pages for which nobody had to act. " +
		"**By the pager**: no action is a page that resolved itself, or that a machine did, and that no person ever acknowledged; pages of a pager that tells of no acknowledgements at all are left out of it. The pager is blind both ways: a page that was acknowledged half asleep and needed nothing is none of these, and one that passed while somebody was already at it is.\n\n" +
		"Pages are those triggered in the trailing 90 days; one that was merged into another is that other. Verdicts are as they stand in the files now, whenever they were given. " +
		"How many pages were judged at all stands beside it, since whoever judges only the annoying ones finds more noise. **Contradictions** are listed: judged fixed, yet resolved by itself and never acknowledged; judged threshold wrong or check faulty, yet an emergency was opened for it.",
	Measure: func(n *Night) Answer { return newHush(n).answer(n) },
}

// hush is what one pass over the pages finds out about which of them nobody needed.
type hush struct {
	period                    Period
	weeks                     []Period
	acted, needless, unjudged []int // by week
	alone                     []int // resolved by itself, never acknowledged
	told                      []int // their pager says whether they were acknowledged
	all                       calls
	services                  map[string]*calls
	verdicts                  map[triage.Verdict]*calls
	quiet                     []*Page // judged that nobody had to act
	odd                       []oddity
}

// calls counts pages.
type calls struct {
	name                             string
	pages, told, alone, judged, idle int // told: their pager says whether they were acknowledged; idle: nobody had to act
}

// aloneCell is how many resolved themselves, where any pager tells of that.
func (c *calls) aloneCell() Cell {
	if c.told == 0 && c.pages > 0 {
		return Cell{Text: "—"}
	}
	return num(c.alone)
}

// oddity is a verdict that something else contradicts.
type oddity struct {
	page *Page
	why  string
}

func newHush(n *Night) *hush {
	h := &hush{period: n.trailing(90), weeks: n.pagerWeeks(78), services: map[string]*calls{}, verdicts: map[triage.Verdict]*calls{}}
	for _, to := range []*[]int{&h.acted, &h.needless, &h.unjudged, &h.alone, &h.told} {
		*to = make([]int, len(h.weeks))
	}
	for _, p := range n.Pages {
		if p.Into != nil {
			continue
		}
		if w := find(h.weeks, p.Triggered); w >= 0 {
			switch v := p.verdict(); {
			case v == "":
				h.unjudged[w]++
			case v.Noise():
				h.needless[w]++
			default:
				h.acted[w]++
			}
			h.alone[w] += one(p.NoAction())
			h.told[w] += one(!p.Mute)
		}
		if h.period.holds(p.Triggered) {
			h.enter(p)
		}
	}
	return h
}

// enter books a page of the period.
func (h *hush) enter(p *Page) {
	v := p.verdict()
	s := h.services[p.at()]
	if s == nil {
		s = &calls{name: p.at()}
		h.services[p.at()] = s
	}
	of := h.verdicts[v]
	if of == nil {
		of = &calls{}
		h.verdicts[v] = of
	}
	for _, c := range []*calls{&h.all, s, of} {
		c.pages++
		c.told += one(!p.Mute)
		c.alone += one(p.NoAction())
		c.judged += one(v != "")
		c.idle += one(v.Noise())
	}
	if v.Noise() {
		h.quiet = append(h.quiet, p)
	}
	burned := slices.ContainsFunc(p.Items, func(it *Item) bool { return it.Kind() == Incident && !it.Discarded })
	switch {
	case v == "fixed" && p.NoAction():
		h.odd = append(h.odd, oddity{p, "it resolved itself, and nobody acknowledged it"})
	case (v == "threshold-wrong" || v == "check-faulty") && burned:
		h.odd = append(h.odd, oddity{p, "an emergency was opened for it"})
	}
}

func (h *hush) answer(n *Night) Answer {
	c := h.all
	a := Answer{Headline: shareOf(c.idle, c.judged, h.period), Sentence: n.silent(h.period), Doubts: n.heard.doubts(n)}
	if len(n.heard.pagers) > 0 {
		a.Charts, a.Weekly = []Chart{h.chart(n)}, []Weekly{n.idleByWeek()}
	}
	if a.Sentence != "" {
		return a
	}
	a.Sentence = h.sentence()
	if c.judged > 0 && c.judged < c.pages {
		a.Headline.Of = c.pages
	}
	alone := shareOf(c.alone, c.told, h.period)
	if c.told > 0 && c.told < c.pages {
		alone.Of = c.pages
	}
	a.Parts = []Part{
		{Name: "pages", Group: "trailing-90-days", Title: "Pages", Value: countOf(c.pages, h.period)},
		{Name: "judged", Group: "trailing-90-days", Title: "Judged by a person", Value: shareOf(c.judged, c.pages, h.period)},
		{Name: "no-action", Group: "trailing-90-days", Title: "Resolved by itself, never acknowledged", Value: alone},
		{Name: "contradictions", Group: "trailing-90-days", Title: "Contradictions", Value: countOf(len(h.odd), h.period)},
	}
	for _, k := range triage.Verdicts {
		v := 0
		if of := h.verdicts[k.ID]; of != nil {
			v = of.pages
		}
		a.Parts = append(a.Parts, Part{Name: string(k.ID), Group: "verdict", Title: k.Title, Value: countOf(v, h.period)})
	}
	for _, p := range h.quiet {
		for _, it := range p.Items {
			a.Rows = append(a.Rows, Row{Item: it, Why: p.verdict().Title() + ": " + p.at() + ": " + p.Title})
		}
	}
	if silent := c.pages - c.told; silent > 0 {
		a.Doubts = append(a.Doubts, fmt.Sprintf("Of %s the pager tells of no acknowledgements: whether anybody was needed only people can say.", counted(silent, "page", "pages")))
	}
	if c.judged > 0 && 2*c.judged < c.pages {
		a.Doubts = append(a.Doubts, fmt.Sprintf("Only %d of %s judged, perhaps the annoying ones.", c.judged, counted(c.pages, "page was", "pages were")))
	}
	if len(h.odd) > 0 {
		a.Doubts = append(a.Doubts, fmt.Sprintf("%s not fit what the pager or a tracker tells: see the contradictions.", counted(len(h.odd), "verdict does", "verdicts do")))
	}
	if c.pages > 0 {
		a.Tables = []Table{h.byService(), h.byVerdict(), h.needlessPages(), h.contradictions()}
		a.Tables = slices.DeleteFunc(a.Tables, func(t Table) bool { return len(t.Rows) == 0 })
	}
	return a
}

func (h *hush) sentence() string {
	c := h.all
	alone := fmt.Sprintf("%d of %d resolved themselves before anybody acknowledged them", c.alone, c.told)
	switch {
	case c.pages == 0:
		return fmt.Sprintf("The pager did not go in the %s.", h.period.Label)
	case c.judged == 0 && c.told == 0:
		return fmt.Sprintf("Of the %s of the %s nobody has said whether they needed a person.", counted(c.pages, "page", "pages"), h.period.Label)
	case c.judged == 0:
		return fmt.Sprintf("Nobody has judged a page of the %s; by the pager, %s.", h.period.Label, alone)
	}
	s := fmt.Sprintf("In the %s people judged %d of %s: for %d of them nobody had to act.", h.period.Label, c.judged, counted(c.pages, "page", "pages"), c.idle)
	if c.told > 0 {
		s += " By the pager, " + alone + "."
	}
	return s
}

func (h *hush) chart(n *Night) Chart {
	alone := n.heard.known(h.weeks, h.alone)
	for w := range alone {
		if h.told[w] == 0 && h.acted[w]+h.needless[w]+h.unjudged[w] > 0 {
			alone[w] = record.Number{}
		}
	}
	return Chart{Name: "by-week", Title: "Did it need a person? Pages by week", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(h.weeks),
		Lines: []Series{
			{Name: "acted", Title: "Somebody acted", Role: "good", Values: n.heard.known(h.weeks, h.acted)},
			{Name: "needless", Title: "Nobody had to", Role: "bad", Values: n.heard.known(h.weeks, h.needless)},
			{Name: "unjudged", Title: "Not judged", Role: "waiting", Values: n.heard.known(h.weeks, h.unjudged)},
			{Name: "no-action", Title: "Resolved by itself, never acknowledged", Kind: Line, Role: "no-action", Values: alone},
		},
		Marks: n.pagerMarks(h.weeks), Edges: edges(h.weeks), Note: "A page that nobody needed teaches people not to believe the next one."}
}

// shareCell is k of n in a column of shares: of fewer than a share is shown of, the counts.
func shareCell(k, n int) Cell {
	switch {
	case n == 0:
		return Cell{Text: "—"}
	case n < Fewest:
		return Cell{Text: fmt.Sprintf("%d of %d", k, n)}
	}
	return Cell{Num: record.Num(float64(k) / float64(n))}
}

// byService has the services with the most pages that nobody needed first.
func (h *hush) byService() Table {
	t := Table{Name: "by-service", Title: "By service, " + h.period.Label, Columns: []Column{{"service", "Service", Text}, {"pages", "Pages", Items},
		{"no-action", "Resolved by itself, never acknowledged", Items}, {"judged", "Judged", Items}, {"needless", "Nobody had to act", Items}, {"share", "Of those judged", Share}}}
	var all []*calls
	for _, name := range sortedKeys(h.services) {
		all = append(all, h.services[name])
	}
	slices.SortStableFunc(all, func(a, b *calls) int {
		return cmp.Or(cmp.Compare(b.idle, a.idle), cmp.Compare(b.alone, a.alone), cmp.Compare(b.pages, a.pages))
	})
	for _, c := range all {
		t.Rows = append(t.Rows, []Cell{{Text: cmp.Or(c.name, "—")}, num(c.pages), c.aloneCell(), num(c.judged), num(c.idle), shareCell(c.idle, c.judged)})
	}
	return t
}

func (h *hush) byVerdict() Table {
	t := Table{Name: "by-verdict", Title: "By verdict, " + h.period.Label, Columns: []Column{{"verdict", "Verdict", Text}, {"action", "Did somebody act?", Text},
		{"pages", "Pages", Items}, {"no-action", "Of these resolved by itself, never acknowledged", Items}}}
	row := func(v triage.Verdict, title, action string) {
		c := h.verdicts[v]
		if c == nil {
			c = &calls{}
		}
		t.Rows = append(t.Rows, []Cell{{Text: title}, {Text: action}, num(c.pages), c.aloneCell()})
	}
	for _, k := range triage.Verdicts {
		action := "nobody had to"
		if k.Action {
			action = "yes"
		}
		row(k.ID, k.Title, action)
	}
	row("", "Not judged", "—")
	return t
}

// longestList is how many pages a table of them names.
const longestList = 100

func (h *hush) needlessPages() Table {
	t := Table{Name: "needless", Title: "Pages for which nobody had to act", Columns: []Column{{"at", "When", Moment}, {"service", "Service", Text}, {"title", "Page", Text},
		{"verdict", "Verdict", Text}, {"note", "Note", Text}}}
	if more := len(h.quiet) - longestList; more > 0 {
		t.Title += fmt.Sprintf(", the newest %d of %d", longestList, len(h.quiet))
	}
	for _, p := range slices.Backward(lastOf(h.quiet, longestList)) {
		t.Rows = append(t.Rows, []Cell{{Num: record.Num(float64(p.Triggered))}, {Text: cmp.Or(p.at(), "—")}, {Text: cmp.Or(p.Title, "—")}, {Text: p.verdict().Title()}, {Text: cmp.Or(p.Triage.Note, "—")}})
	}
	return t
}

func (h *hush) contradictions() Table {
	t := Table{Name: "contradictions", Title: "Contradictions", Columns: []Column{{"at", "When", Moment}, {"service", "Service", Text}, {"title", "Page", Text},
		{"verdict", "Judged", Text}, {"yet", "Yet", Text}, {"line", "Judged in", Text}}}
	for _, o := range slices.Backward(lastOf(h.odd, longestList)) {
		p := o.page
		t.Rows = append(t.Rows, []Cell{{Num: record.Num(float64(p.Triggered))}, {Text: cmp.Or(p.at(), "—")}, {Text: cmp.Or(p.Title, "—")}, {Text: p.verdict().Title()}, {Text: o.why}, {Text: p.Triage.Place()}})
	}
	return t
}

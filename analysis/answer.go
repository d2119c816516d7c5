package analysis

// How fast somebody answers the pager, and how long it takes until it is over (METRICS.md, section 7).

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// answers is what became of some pages.
type answers struct {
	pages   int
	acks    []float64 // seconds until a person acknowledged it
	undated int       // acknowledged, and nobody knows when
	mute    int       // of a pager that tells of no acknowledgements
	never   int       // not acknowledged by as-of
	idle    int       // of those: resolved by itself
	fixes   []float64 // seconds until it was resolved
	open    int
	crooked int // acknowledged or resolved before it went off: the clocks of two programs
}

func (s *answers) add(p *Page) {
	s.pages++
	crooked := false
	switch {
	case p.Mute:
		s.mute++
	case p.Acked >= p.Triggered:
		s.acks = append(s.acks, p.Acked.Sub(p.Triggered).Seconds())
	case p.Acked != 0:
		crooked = true
	case p.answered():
		s.undated++
	default:
		s.never++
		if p.AutoClosed {
			s.idle++
		}
	}
	switch {
	case p.Resolved >= p.Triggered:
		s.fixes = append(s.fixes, p.Resolved.Sub(p.Triggered).Seconds())
	case p.Resolved != 0:
		crooked = true
	default:
		s.open++
	}
	if crooked {
		s.crooked++
	}
}

// sum adds pages up. The times are put in order once, as every percentile of them would.
func sum(ps []*Page) *answers {
	s := &answers{}
	for _, p := range ps {
		s.add(p)
	}
	slices.Sort(s.acks)
	slices.Sort(s.fixes)
	return s
}

// told are the pages whose pager tells whether somebody acknowledged them.
func (s *answers) told() int { return s.pages - s.mute }

// known is a count of them; no data where none of the pages is one.
func (s *answers) known(k int, p Period) Value {
	if s.pages > 0 && s.told() == 0 {
		return Value{Unit: Items, Period: p}
	}
	return countOf(k, p)
}

// needed says in a sentence how many of them needed no action.
func (s *answers) needed() string {
	switch {
	case s.told() == 0:
		return ", and whether any needed an action is not told"
	case s.mute > 0:
		return fmt.Sprintf(", and of the %d whose acknowledgements are told %d needed no action", s.told(), s.idle)
	}
	return fmt.Sprintf(" and %d needed no action", s.idle)
}

// idle is the cell of how many pages needed no action, of those whose pager tells.
func idle(ps []*Page) Cell {
	none, told := 0, len(ps) == 0
	for _, p := range ps {
		none, told = none+one(p.NoAction()), told || !p.Mute
	}
	if !told {
		return Cell{Text: "—"}
	}
	return num(none)
}

// ack and fix are percentiles, of as many as there are.
func (s *answers) ack(q float64, p Period) Value { return secondsOf(s.acks, q, s.pages, p) }
func (s *answers) fix(q float64, p Period) Value { return secondsOf(s.fixes, q, s.pages, p) }

func secondsOf(vs []float64, q float64, of int, p Period) Value {
	v := Value{Unit: Duration, N: len(vs), Of: of, Period: p}
	if len(vs) > 0 {
		v.Number = record.Num(Percentile(vs, q))
	}
	return v
}

// doubts are what has to be known of the times.
func (s *answers) doubts(p Period) []string {
	var ds []string
	if s.mute > 0 {
		ds = append(ds, fmt.Sprintf("Acknowledgements are not told of %d of %s in the %s: the export of their pager has none. They are not counted as never acknowledged, and nobody can say whether they needed one.", s.mute, counted(s.pages, "page", "pages"), p.Label))
	}
	if s.undated > 0 {
		ds = append(ds, fmt.Sprintf("Of %s in the %s it is known that somebody acknowledged it, and not when.", counted(s.undated, "page", "pages"), p.Label))
	}
	if s.crooked > 0 {
		ds = append(ds, fmt.Sprintf("In the %s %s acknowledged or resolved before going off, by the pager's own times: those times are left out.", p.Label, counted(s.crooked, "page was", "pages were")))
	}
	return ds
}

// rang are the pages of a period, without those that were merged into others.
func (n *Night) rang(p Period) []*Page {
	at := func(t record.Instant) int {
		i, _ := slices.BinarySearchFunc(n.Pages, t, func(p *Page, t record.Instant) int { return cmp.Compare(p.Triggered, t) })
		return i
	}
	var ps []*Page
	for _, p := range n.Pages[at(p.From):at(p.To)] {
		if p.Into == nil {
			ps = append(ps, p)
		}
	}
	return ps
}

// split deals pages out by a word, the one with the most of them first.
func split(ps []*Page, by func(*Page) string) (words []string, of map[string][]*Page) {
	of = map[string][]*Page{}
	for _, p := range ps {
		of[by(p)] = append(of[by(p)], p)
	}
	words = sortedKeys(of)
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(len(of[b]), len(of[a])) })
	return words, of
}

// named is a word of the pager, or that it has none.
func named(word string) string { return cmp.Or(strings.TrimSpace(word), "not told") }

// when is a moment to the second: finer ones have no exact number.
func when(t record.Instant) Cell {
	return Cell{Num: record.Num(float64(t - t%record.Instant(time.Second)))}
}

// titled is a text that may be missing.
func titled(s string) Cell { return Cell{Text: cmp.Or(strings.TrimSpace(s), "—")} }

// mostPages is how many pages a table lists: who wants all of a million has the export.
const mostPages = 200

// pageTable lists pages in the order given, and says so where there are more.
func (n *Night) pageTable(name, title string, ps []*Page) Table {
	t := Table{Name: name, Title: title, Columns: []Column{{"page", "Page", Text}, {"at", "Went off", Moment}, {"service", "Service", Text}, {"title", "Title", Text},
		{"acknowledged", "Acknowledged after", Duration}, {"resolved", "Resolved after", Duration}, {"item", "Item", Text}}}
	if len(ps) > mostPages {
		t.Title = fmt.Sprintf("%s, %d of %d", title, mostPages, len(ps))
		ps = ps[:mostPages]
	}
	after := func(p *Page, at record.Instant) Cell {
		if at < p.Triggered {
			return Cell{Text: "—"}
		}
		return Cell{Num: record.Num(at.Sub(p.Triggered).Seconds())}
	}
	for _, p := range ps {
		row := []Cell{{Text: cmp.Or(p.Number, p.ID)}, when(p.Triggered), titled(p.at()), titled(p.Title), after(p, p.Acked), after(p, p.Resolved), {Text: "—"}}
		if len(p.Items) > 0 {
			row[6] = Cell{Text: p.Items[0].Key, Item: p.Items[0]}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

const noPager = "No export of the pager has been read."

var pageAnswer = Metric{
	Name: "page-answer", Title: "Time to acknowledge and resolve", Chapter: "On call", Unit: Duration, Counts: "until half were acknowledged", Alone: true,
	Question: "How soon is somebody there, and how soon is it over?",
	Doc: "**Time to acknowledge** runs from when the page went off to the first acknowledgement by a person; **time to resolve** to the pager's own resolve event, never to when it was last touched. Both are elapsed time, median and 90th percentile (nearest rank, so of fewer than 10 the longest) over the pages that were, by the day on which the page went off; a page merged into another is that other. " +
		"There is no mean: one forgotten page would be all of it. **Never acknowledged** counts pages that nobody had acknowledged by as-of, those that resolved by themselves and those that somebody resolved without acknowledging included. " +
		"An acknowledgement by a machine (one of the policy's `bots`, or what the pager says is one) is nobody's; where a person followed, the pager's log tells when, and without one it is known that somebody acknowledged the page, and not when. " +
		"Where a pager's export tells of no acknowledgement of any page at all (some plans leave the columns out), none of its pages counts as never acknowledged: that nobody answered is not known, and the figure says of how many. " +
		"**Before it went on** is the share acknowledged before the second step of the policy's escalation path. A time before the page itself is a clock gone wrong, and is left out.",
	Measure: func(n *Night) Answer {
		t90 := n.trailing(90)
		ps := n.rang(t90)
		all := sum(ps)
		a := Answer{Headline: all.ack(0.5, t90), RowUnit: Duration, Doubts: slices.Concat(all.doubts(t90), n.heard.doubts(n)), Charts: n.answerCharts(), Weekly: []Weekly{n.answerByWeek()}}
		if a.Sentence = n.silent(t90); a.Sentence != "" {
			return a
		}
		switch {
		case len(ps) == 0:
			a.Sentence = fmt.Sprintf("Nobody was paged in the %s.", t90.Label)
		case len(all.acks) == 0:
			a.Sentence = fmt.Sprintf("Of %s in the %s no acknowledgement by a person is known.", counted(all.pages, "page", "pages"), t90.Label)
		case len(all.acks) == 1:
			a.Sentence = fmt.Sprintf("In the %s, the one page that a person acknowledged was acknowledged within %s; %d of %d never were.", t90.Label, Duration.Format(all.ack(0.5, t90).Number), all.never, all.told())
		default:
			a.Sentence = fmt.Sprintf("In the %s, of %d pages that a person acknowledged half were acknowledged within %s and %s within %s; %d of %d never were.", t90.Label,
				len(all.acks), Duration.Format(all.ack(0.5, t90).Number), atMost(len(all.acks), 0.9, "nine in ten"), Duration.Format(all.ack(0.9, t90).Number), all.never, all.told())
		}
		part := func(name, title string, v Value) Part {
			return Part{Name: name, Group: "trailing-90-days", Title: title, Value: v}
		}
		a.Parts = []Part{
			part("ack-p50", "Acknowledged within, half of them", all.ack(0.5, t90)), part("ack-p90", "Acknowledged within, "+atMost(len(all.acks), 0.9, "90 %"), all.ack(0.9, t90)),
			part("resolve-p50", "Resolved within, half of them", all.fix(0.5, t90)), part("resolve-p90", "Resolved within, "+atMost(len(all.fixes), 0.9, "90 %"), all.fix(0.9, t90)),
			part("never", "Never acknowledged", shareOf(all.never, all.told(), t90)), part("open", "Not resolved yet", countOf(all.open, t90)),
		}
		if step := n.secondStep(); step > 0 {
			k := 0
			for _, v := range all.acks {
				if v < step.Seconds() {
					k++
				}
			}
			a.Parts = append(a.Parts, part("before-escalation", "Acknowledged before it went on, in "+Duration.Format(record.Num(step.Seconds())), shareOf(k, len(all.acks)+all.never, t90)))
		}
		if services, of := split(ps, (*Page).at); len(services) > 0 {
			a.Tables = append(a.Tables, answerTable("by-service", "By service, "+t90.Label, Column{"service", "Service", Text}, services, of))
		}
		if urgencies, of := split(ps, func(p *Page) string { return named(p.Urgency) }); len(urgencies) > 1 {
			a.Tables = append(a.Tables, answerTable("by-urgency", "By the pager's urgency, "+t90.Label, Column{"urgency", "Urgency", Text}, urgencies, of))
		}
		if len(ps) > 0 {
			a.Tables = append(a.Tables, n.pageTable("pages", "The pages, those that waited longest first", n.byWait(ps)))
		}
		for _, p := range ps {
			for _, it := range p.Items {
				row := Row{Item: it, Why: p.at() + ": " + p.Title}
				if p.Acked >= p.Triggered && p.Acked != 0 {
					row.Num = record.Num(p.Acked.Sub(p.Triggered).Seconds())
				}
				a.Rows = append(a.Rows, row)
			}
		}
		return a
	},
}

// byWait are pages by how long they waited for somebody, the longest first.
func (n *Night) byWait(ps []*Page) []*Page {
	type waited struct {
		wait time.Duration
		page *Page
	}
	ws := make([]waited, len(ps))
	for i, p := range ps {
		ws[i] = waited{p.Acked.Sub(p.Triggered), p}
		if p.Acked == 0 && !p.Mute && !p.answered() {
			ws[i].wait = n.AsOf.Sub(p.Triggered)
		} else if p.Acked < p.Triggered {
			ws[i].wait = 0
		}
	}
	slices.SortStableFunc(ws, func(a, b waited) int { return cmp.Compare(b.wait, a.wait) })
	slow := make([]*Page, len(ps))
	for i := range ws {
		slow[i] = ws[i].page
	}
	return slow
}

// secondStep is when a page goes on to somebody else by the policy; 0 where it says nothing of that.
func (n *Night) secondStep() time.Duration {
	for _, s := range n.Policy.Escalation {
		if s.After > 0 {
			return s.After
		}
	}
	return 0
}

// answerTable is what became of pages, a row for each word. Its counts add up to all of them.
func answerTable(name, title string, first Column, words []string, of map[string][]*Page) Table {
	t := Table{Name: name, Title: title, Columns: []Column{first, {"pages", "Pages", Items}, {"acknowledged", "Acknowledged", Items}, {"ack-p50", "Half of them in", Duration}, {"ack-p90", "90 % in", Duration},
		{"never", "Never", Items}, {"unknown", "Not told", Items}, {"resolved", "Resolved", Items}, {"resolve-p50", "Half of them in", Duration}, {"resolve-p90", "90 % in", Duration}}}
	for _, w := range words {
		s := sum(of[w])
		at := func(vs []float64, q float64) Cell { return Cell{Num: secondsOf(vs, q, 0, Period{}).Number} }
		t.Rows = append(t.Rows, []Cell{titled(w), num(s.pages), num(len(s.acks)), at(s.acks, 0.5), at(s.acks, 0.9), num(s.never), num(s.pages - len(s.acks) - s.never),
			num(len(s.fixes)), at(s.fixes, 0.5), at(s.fixes, 0.9)})
	}
	return t
}

// answerCharts draws the percentiles by month.
func (n *Night) answerCharts() []Chart {
	months := n.pagerMonths(24)
	marks := n.pagerMarks(months)
	series := func(name, title string) Series { return Series{Name: name, Title: title} }
	ack := Chart{Name: "acknowledge", Title: "Time to acknowledge, by month", Kind: Line, Unit: Duration, XUnit: Text, X: labels(months), Marks: marks, Edges: edges(months),
		Lines: []Series{series("p50", "Half within"), series("p90", "90 % within")}, Note: "Half that stays while the 90 % rise: somebody is there at once, unless it is the wrong one."}
	fix := Chart{Name: "resolve", Title: "Time to resolve, by month", Kind: Line, Unit: Duration, XUnit: Text, X: labels(months), Marks: marks, Edges: edges(months),
		Lines: []Series{series("p50", "Half within"), series("p90", "90 % within")}, Note: "Of all pages that were resolved, by whomever; those that resolve by themselves are the short ones."}
	for _, m := range months {
		s := sum(n.rang(m))
		for i, q := range []float64{0.5, 0.9} {
			ack.Lines[i].Values = append(ack.Lines[i].Values, s.ack(q, m).Number)
			fix.Lines[i].Values = append(fix.Lines[i].Values, s.fix(q, m).Number)
		}
	}
	return []Chart{ack, fix}
}

package analysis

// What a shift brings: pages, interruptions and incidents per shift, as a distribution; and whether the
// rota is large enough for what it has to bear.

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// The bounds of B. Beyer, C. Jones, J. Petoff, N. R. Murphy (eds.), Site Reliability Engineering, O'Reilly 2016,
// ch. 11, "Being On-Call": at most two incidents in a 12-hour shift, as each takes some six hours with its
// postmortem; at least eight people for the rota of one site, six for each of two.
const (
	stretchLength = 12 * time.Hour
	stretchMost   = 2
	rotaOneSite   = 8
	rotaMoreSites = 6
	sitesApart    = 6 * 60 * 60 // seconds: closer zones cannot spare each other the night
)

const ofSRE = "Beyer et al., Site Reliability Engineering, 2016, ch. 11"

var shiftLoad = Metric{
	Name: "shift-load", Title: "Load of a shift", Chapter: "On call", Unit: Each, Alone: true, Counts: "interruptions, half of the shifts at most",
	Question: "What does it mean to be on call for a shift?",
	Doc: "Looked at are the superheroes' **shifts** that ended in the trailing 90 days, whoever told of them: the pager and calendars first, the policy's rota for the rest. A shift that somebody took over in part is several. " +
		"A page belongs to the shift in which it was triggered; where several rotas have somebody on call, to the one of whoever acknowledged it first, else to the first rota by name. Of a shift that no pager can speak for from its beginning to its end (see *Pages and interruptions*) nothing is counted. An **interruption** begins with a page that does not repeat an earlier one. An **incident** is a fire that holds an incident which was not discarded, or that only a postmortem tells of, counted once and where it began, in the shift of whoever answered its first page; or an interruption that was joined to nothing.\n\n" +
		"Each shift is cut into **stretches** of 12 hours from its beginning; a last one that is shorter counts as one. More than two incidents in one leave no time for what each needs: to be solved, followed up and written down (" + ofSRE + "). " +
		"A **rota** has everybody who is on call in it, as superhero or sidekick, from 90 days before as-of to 8 weeks after it. The same chapter asks for at least eight people at one site, and six at each of several; zones that are at least six hours apart count as different sites.\n\n" +
		"A **gap in cover** is time in which nobody is on call in a role that has been declared, or only somebody who by the policy is away, no longer in the team or not yet in it, or a sidekick who is the superhero at the same time; of the sidekick only while the rota has one. Looked at are 90 days before as-of and 8 weeks after it, in which a plan is taken as it is known now, a version of the rota that has yet to begin included; when a gap ends that reaches to the end of the 8 weeks is not known.\n\n" +
		"The numbers are facts with thresholds and no score. No person is named and nothing ranks.",
	Measure: (*Night).shiftLoad,
}

// stint is a shift with what it brought.
type stint struct {
	record.Shift
	told          bool // the pagers can speak for all of it
	pages, breaks int
	incidents     []record.Instant
	fires         []*Fire
}

// overloaded is 12 hours of a shift, with what came in them.
type overloaded struct {
	from      record.Instant
	incidents int
	first     *Fire // of one of them; nil if none was written down
}

// over are those of its stretches of 12 hours that had too many incidents, and how many it has in all.
func (s *stint) over() (over []overloaded, of int) {
	all := make([]overloaded, (s.To.Sub(s.From)+stretchLength-1)/stretchLength)
	for i := range all {
		all[i].from = s.From.Add(time.Duration(i) * stretchLength)
	}
	in := func(t record.Instant) *overloaded { return &all[t.Sub(s.From)/stretchLength] }
	for _, t := range s.incidents {
		in(t).incidents++
	}
	for _, f := range s.fires {
		if o := in(f.From); o.first == nil {
			o.first = f
		}
	}
	for _, o := range all {
		if o.incidents > stretchMost {
			over = append(over, o)
		}
	}
	return over, len(all)
}

// turn is a superhero's shift; stint is which of those that ended in the period it is, −1 if none.
type turn struct {
	record.Shift
	stint int
}

// stints are the superheroes' shifts that ended in the period, with what came in them; and what came when
// nobody is known to have been on call.
func (n *Night) stints(p Period) (stints []stint, pages, alone int, left []*Fire) {
	first := p.To
	var turns []turn
	for _, s := range n.Shifts {
		if s.Role != Superhero {
			continue
		}
		turns = append(turns, turn{s, -1})
		if s.To > p.From && s.To <= p.To {
			turns[len(turns)-1].stint = len(stints)
			stints = append(stints, stint{Shift: s})
			first = min(first, s.From)
		}
	}
	// at says whether somebody is on call, and gives the stint of the one whom it is booked to, if it is one of
	// those that ended.
	var running []turn
	next := 0
	at := func(t record.Instant, who []record.Person) (s *stint, known bool) {
		for ; next < len(turns) && turns[next].From <= t; next++ {
			running = append(running, turns[next])
		}
		running = slices.DeleteFunc(running, func(s turn) bool { return s.To <= t })
		if len(running) == 0 {
			return nil, false
		}
		answered := func(s *turn) int { return one(len(who) > 0 && n.team.id(s.Person) == n.team.id(who[0])) }
		best := &running[0]
		for i := range running[1:] {
			if s := &running[1+i]; cmp.Or(answered(best)-answered(s), cmp.Compare(s.Rota, best.Rota)) < 0 {
				best = s
			}
		}
		if best.stint < 0 {
			return nil, true
		}
		return &stints[best.stint], true
	}
	held := map[*Page]bool{} // by a postmortem alone
	for _, f := range n.Fires {
		if len(f.Items) == 0 {
			for _, pg := range f.Pages {
				held[pg] = true
			}
		}
	}
	for _, pg := range n.Pages {
		if pg.Into != nil || pg.Triggered < min(first, p.From) {
			continue
		}
		s, known := at(pg.Triggered, pg.AckedBy)
		in := p.holds(pg.Triggered)
		if in {
			pages++
			if !known {
				alone++
			}
		}
		if s == nil {
			continue
		}
		s.pages++
		if pg.Breaks {
			s.breaks++
			if len(pg.Items) == 0 && !held[pg] {
				s.incidents = append(s.incidents, pg.Triggered)
			}
		}
	}
	running, next = nil, 0
	for _, f := range n.Fires {
		if f.From < min(first, p.From) || !f.burned() {
			continue
		}
		var who []record.Person
		if len(f.Pages) > 0 {
			who = f.Pages[0].AckedBy
		}
		s, known := at(f.From, who)
		switch {
		case s != nil:
			s.incidents, s.fires = append(s.incidents, f.From), append(s.fires, f)
		case !known && p.holds(f.From) && len(f.Items) > 0:
			left = append(left, f)
		}
	}
	return stints, pages, alone, left
}

// burned says whether a fire was an incident: by an issue that was not discarded, or, where no issue says that it
// was one, by a postmortem.
func (f *Fire) burned() bool {
	return f.incident || len(f.Postmortems) > 0 && (len(f.Items) == 0 || f.Items[0].Kind() != Incident)
}

// cell is the fire in a table: its worst issue, else its postmortem; nil is one that nobody wrote down.
func (f *Fire) cell() Cell {
	switch {
	case f == nil:
		return Cell{Text: "written down nowhere"}
	case len(f.Items) == 0:
		return Cell{Text: cmp.Or(f.Postmortems[0].Title, f.Postmortems[0].ID)}
	}
	return Cell{Text: f.Items[0].Key, Item: f.Items[0]}
}

func (n *Night) shiftLoad() Answer {
	var a Answer
	t90 := n.trailing(90)
	stints, pages, alone, left := n.stints(t90)
	heard := 0 // shifts that the pagers can speak for
	var breaks, paged, lengths []float64
	over, of := 0, 0
	moment := func(t record.Instant) string { return t.In(n.Zone).Format("Mon 2 Jan 2006, 15:04") }
	busy := Table{Name: "over", Title: "Stretches of 12 hours with more than two incidents", Columns: []Column{{"from", "From", Moment}, {"rota", "Rota", Text}, {"incidents", "Incidents", Items}, {"worst", "One of them", Text}}}
	for i := range stints {
		s := &stints[i]
		lengths = append(lengths, s.To.Sub(s.From).Seconds())
		for _, f := range s.fires {
			if len(f.Items) > 0 {
				a.Rows = append(a.Rows, Row{Item: f.Items[0], Why: "in the shift from " + moment(s.From)})
			}
		}
		if s.told = n.heard.whole(Period{From: s.From, To: s.To}); !s.told {
			continue
		}
		heard++
		breaks, paged = append(breaks, float64(s.breaks)), append(paged, float64(s.pages))
		bad, all := s.over()
		over, of = over+len(bad), of+all
		for _, o := range bad {
			busy.Rows = append(busy.Rows, []Cell{when(o.from), {Text: s.Rota}, num(o.incidents), o.first.cell()})
		}
	}
	for _, f := range left {
		a.Left = append(a.Left, Row{Item: f.Items[0], Why: "nobody is known to have been on call"})
	}
	at := func(vs []float64, q float64, u Unit) Value {
		v := Value{Unit: u, N: len(vs), Period: t90}
		if len(vs) > 0 {
			v.Number = record.Num(Percentile(vs, q))
		}
		return v
	}
	a.Headline = at(breaks, 0.5, Each)
	if heard < len(stints) {
		a.Headline.Of = len(stints)
	}
	stretches := shareOf(over, of, t90)
	size := n.rotaSize()
	part := func(name, title string, v Value) Part {
		return Part{Name: name, Group: "trailing-90-days", Title: title, Value: v}
	}
	a.Parts = []Part{
		part("interruptions-p90", "Interruptions, nine shifts of ten at most", at(breaks, 0.9, Each)),
		part("pages-p50", "Pages, half of the shifts at most", at(paged, 0.5, Each)), part("pages-p90", "Pages, nine shifts of ten at most", at(paged, 0.9, Each)),
		part("length-p50", "Length of a shift, half of them at most", at(lengths, 0.5, Duration)),
		part("over", "Stretches of 12 hours with more than two incidents", stretches),
		part("uncovered", "Time with no superhero, or an absent one", n.uncoveredTime(t90)),
		{Name: "rota-size", Group: "rota", Title: "People who take turns", Value: countOf(size.people, n.now())},
		{Name: "rota-least", Group: "rota", Title: "People that a rota needs at least (" + ofSRE + ")", Value: countOf(size.least, n.now())},
	}
	switch {
	case len(n.Shifts) == 0:
		a.Sentence = "Nobody is known to be on call: neither the pager, nor a calendar, nor the policy's rota tells."
		a.Parts = nil
		return a
	case len(stints) == 0:
		a.Sentence = "No shift has ended in the trailing 90 days."
	case heard == 0:
		why := n.silent(t90)
		if why == "" {
			why = "The pagers tell of none of them whole."
		}
		a.Sentence = fmt.Sprintf("What the %s brought that ended in the trailing 90 days is not known. %s", plural(fmt.Sprint(len(stints)), "shift"), why)
	default:
		told := plural(fmt.Sprint(heard), "shift")
		if heard < len(stints) {
			told = fmt.Sprintf("the %d of %d shifts that the pagers tell of whole", heard, len(stints))
		}
		a.Sentence = fmt.Sprintf("Of %s in the trailing 90 days half had at most %s; %d of %d stretches of 12 hours had more than two incidents.",
			told, plural(decimal(a.Headline.Number.Value, 1), "interruption"), over, of)
		a.Charts = []Chart{loadSpread(breaks, paged), n.loadByShift(stints)}
	}
	if size.people < size.least {
		a.Sentence += fmt.Sprintf(" %s turns; %s wants at least %d for %s.", counted(size.people, "person takes", "people take"), ofSRE, size.least, plural(fmt.Sprint(size.sites), "site"))
	}
	if len(busy.Rows) > 0 {
		a.Tables = []Table{busy}
	}
	if cover := n.coverTable(); len(cover.Rows) > 0 {
		a.Tables = append(a.Tables, cover)
	}
	a.Doubts = n.heard.doubts(n)
	if alone > 0 {
		a.Doubts = append(a.Doubts, fmt.Sprintf("%d of %s came when nobody is known to have been on call, and so in no shift.", alone, counted(pages, "page", "pages")))
	}
	if n.crowded > 0 {
		a.Doubts = append(a.Doubts, fmt.Sprintf("%s another of the same rota and role, and only counts where that one does not reach: the one that was told later goes before, then the one that begins later.", counted(n.crowded, "shift overlaps", "shifts overlap")))
	}
	if gaps := n.absentNow(); gaps != "" {
		a.Doubts = append(a.Doubts, gaps)
	}
	return a
}

// loadSpread is how many shifts had how many of something.
func loadSpread(breaks, pages []float64) Chart {
	bounds := []float64{0, 1, 2, 4, 8, 16}
	names := []string{"0", "1", "2", "3–4", "5–8", "9–16", "17 or more"}
	count := func(vs []float64) []record.Number {
		ks := make([]int, len(names))
		for _, v := range vs {
			i, _ := slices.BinarySearch(bounds, v)
			ks[i]++
		}
		return numbers(ks)
	}
	return Chart{Name: "spread", Title: "Shifts, by how often the pager went in them", Kind: Bar, Unit: Items, XUnit: Text, X: names,
		Lines: []Series{{Name: "interruptions", Title: "Interruptions", Role: "interruptions", Values: count(breaks)}, {Name: "pages", Title: "Pages", Role: "pages", Values: count(pages)}},
		Note:  "Each bar counts shifts. A long tail on the right is a rota in which luck decides who sleeps."}
}

// loadByShift is the shifts one after another. Of those that no pager can speak for nothing is drawn.
func (n *Night) loadByShift(stints []stint) Chart {
	var shifts []Period // from the beginning of each to that of the next
	var pages, breaks, incidents []record.Number
	for _, s := range lastOf(stints, 60) {
		if k := len(shifts); k > 0 {
			shifts[k-1].To = s.From
		}
		shifts = append(shifts, Period{From: s.From, To: s.To, Label: n.date(s.From)})
		count := func(k int) record.Number {
			if !s.told {
				return record.Number{}
			}
			return record.Num(float64(k))
		}
		pages, breaks, incidents = append(pages, count(s.pages)), append(breaks, count(s.breaks)), append(incidents, count(len(s.incidents)))
	}
	return Chart{Name: "by-shift", Title: "Shift by shift", Kind: Bar, Unit: Items, XUnit: Text, X: labels(shifts), Marks: n.experiments(shifts),
		Lines: []Series{{Name: "pages", Title: "Pages", Role: "pages", Values: pages}, {Name: "interruptions", Title: "Interruptions", Role: "interruptions", Values: breaks}, {Name: "incidents", Title: "Incidents", Role: "incidents", Values: incidents}},
		Note:  "By the day each shift began. Whose it was is in the rota, and does not matter here."}
}

package analysis

// The detectors of the radar that look at the pager, at emergencies and at the rota.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// noIssues is what it takes where no tracker was read.
const noIssues = "No issue of a tracker has been read; it takes a tracker."

// hm writes an instant to the minute, in the team's zone.
func (n *Night) hm(t record.Instant) string { return t.In(n.Zone).Format("2006-01-02 15:04") }

// span writes a time from the first bound of a pattern: 15 min.
func span(seconds float64) string { return Duration.Format(record.Num(seconds)) }

func (n *Night) unclearOnCall(p *Pattern) Finding {
	t90 := n.trailing(90)
	first := slices.IndexFunc(n.Shifts, func(s record.Shift) bool { return s.Role == Superhero })
	if first < 0 || n.Shifts[first].From >= n.AsOf {
		return cannot("Nobody is known to have been on call; it takes shifts of the pager or of a calendar, or a rota: in the policy.")
	}
	known := t90
	known.From = max(known.From, n.Shifts[first].From)
	open := n.uncoveredTime(t90).Number.Value
	var clues []Clue
	for _, g := range n.Uncovered {
		for _, s := range within(Span{t90.From, t90.To}, []Span{g.Span}) {
			if g.Role == Superhero {
				why := "nobody was on shift"
				if g.Absent != "" {
					why = "whoever was on shift was " + g.Why
				}
				clues = append(clues, Clue{What: "from " + n.hm(s.From) + " to " + n.hm(s.To), Why: why})
			}
		}
	}
	alone, others, answered := n.answeredBy(known)
	for _, pg := range alone {
		clues = append(clues, Clue{Page: pg, Why: "came on " + n.hm(pg.Triggered) + ", when nobody is known to have been on call"})
	}
	seen := open > p.at("gap") || float64(len(alone)) >= p.at("alone")
	said := fmt.Sprintf("In the %s somebody had the pager at all times.", t90.Label)
	if open > 0 || len(alone) > 0 {
		said = fmt.Sprintf("In the %s nobody had the pager for %s in all, and %s then.", t90.Label, span(open), counted(len(alone), "page came", "pages came"))
	}
	switch {
	case answered == 0:
		said += " Whether those answer who are on call is not known."
	case answered < Enough:
		said += fmt.Sprintf(" Only %s by a person: too few to say whether those answer who are on call.", counted(answered, "page was answered", "pages were answered"))
	default:
		said += fmt.Sprintf(" Of the pages that a person answered, somebody who was not on call was first at %s.", ofAll(len(others), answered))
		if more(len(others), answered, p.at("others")) {
			seen = true
			for _, pg := range others {
				clues = append(clues, Clue{Page: pg, Why: "on " + n.hm(pg.Triggered) + " somebody answered who was not on call"})
			}
		}
	}
	if !seen && answered < Enough {
		return cannot("%s It takes %d pages that a person answered, under a name that the rota knows.", said, Enough)
	}
	return found(seen, said, clues)
}

// answeredBy are the pages of a period that came when nobody was the superhero, those that somebody answered first
// who was not on call, and how many a person answered at all; 0 where none of those who answered is ever on call,
// because then the pager and the rota call people by different names.
func (n *Night) answeredBy(period Period) (alone, others []*Page, answered int) {
	var running []record.Shift
	next, ours := 0, 0
	for _, pg := range n.rang(period) {
		for ; next < len(n.Shifts) && n.Shifts[next].From <= pg.Triggered; next++ {
			running = append(running, n.Shifts[next])
		}
		running = slices.DeleteFunc(running, func(s record.Shift) bool { return s.To <= pg.Triggered })
		if !slices.ContainsFunc(running, func(s record.Shift) bool { return s.Role == Superhero }) {
			alone = append(alone, pg)
			continue
		}
		if len(pg.AckedBy) == 0 || pg.Acked < pg.Triggered {
			continue
		}
		answered++
		id := n.team.id(pg.AckedBy[0])
		on := func(s record.Shift) bool { return n.team.id(s.Person) == id }
		mine := slices.ContainsFunc(running, on)
		for k := next; !mine && k < len(n.Shifts) && n.Shifts[k].From <= pg.Acked; k++ { // it was handed over meanwhile
			mine = on(n.Shifts[k])
		}
		if mine {
			ours++
		} else {
			others = append(others, pg)
		}
	}
	if ours == 0 {
		return alone, nil, 0
	}
	return alone, others, answered
}

func (n *Night) emailEmergencies(p *Pattern) Finding {
	mail := map[string]bool{}
	for _, c := range n.Policy.Channels {
		if c.When != nil && strings.Contains(fold(c.ID+" "+c.Name), "mail") {
			mail[c.ID] = true
		}
	}
	t182 := n.trailing(182)
	fires := n.emergencies(t182)
	switch {
	case len(n.Items) == 0:
		return cannot(noIssues)
	case len(n.Policy.Channels) == 0:
		return cannot("No source names channels; it takes channels: in the policy, with a rule for what comes by mail.")
	case len(mail) == 0:
		return cannot("No channel of the policy is a mailbox; it takes one with “mail” in its name, and a rule for what came through it.")
	case len(fires) == 0:
		return cannot("There was no emergency in the %s.", t182.Label)
	}
	var clues []Clue
	untold := 0
	for _, f := range slices.Backward(fires) {
		it := f.Items[0]
		switch {
		case len(f.Pages) > 0:
		case mail[it.Channel]:
			clues = append(clues, Clue{Item: it, Why: "came by mail on " + n.hm(it.Created) + ", and no page told of it"})
		case it.Channel == "":
			untold++
		}
	}
	if len(clues) == 0 && 2*untold > len(fires) {
		return cannot("Of %d of %s in the %s no rule of the policy knows the channel.", untold, counted(len(fires), "emergency", "emergencies"), t182.Label)
	}
	said := fmt.Sprintf("Of %s in the %s %d came by mail alone.", counted(len(fires), "emergency", "emergencies"), t182.Label, len(clues))
	return found(float64(len(clues)) >= p.at("mailed"), said, clues)
}

func (n *Night) silenceBefore(p *Pattern) Finding {
	t90 := n.trailing(90)
	if why := n.silent(t90); why != "" {
		return cannot("%s It takes an export of the pager, with its acknowledgements.", why)
	}
	limit := time.Duration(p.at("wait")) * time.Second
	type waited struct {
		page *Page
		long time.Duration
		why  string
	}
	var late []waited
	of, mute := 0, 0
	for _, pg := range n.rang(t90) {
		var long time.Duration
		why := "acknowledged after "
		switch {
		case pg.Mute:
			mute++
			continue
		case pg.answered() && pg.Acked < pg.Triggered: // by whom is known, and not when; or by another clock
			continue
		case pg.Acked != 0:
			long = pg.Acked.Sub(pg.Triggered)
		case pg.Resolved != 0 && pg.Resolved < pg.Triggered:
			continue
		case pg.Resolved != 0:
			why = "never acknowledged, and over after "
			if long = pg.Resolved.Sub(pg.Triggered); pg.AutoClosed && long <= limit {
				continue
			}
		default:
			why = "not acknowledged for "
			if long = n.AsOf.Sub(pg.Triggered); long <= limit {
				continue
			}
		}
		if of++; long > limit {
			late = append(late, waited{pg, long, why})
		}
	}
	switch {
	case of < Enough && mute > of:
		return cannot("The pager tells of no acknowledgements of %s in the %s; it takes an export that has them.", counted(mute, "page", "pages"), t90.Label)
	case of < Enough:
		return few(of, "pages that somebody could answer", t90)
	}
	slices.SortStableFunc(late, func(a, b waited) int { return cmp.Compare(b.long, a.long) })
	var clues []Clue
	for _, w := range late {
		clues = append(clues, Clue{Page: w.page, Why: w.why + span(w.long.Seconds()) + ", on " + n.hm(w.page.Triggered)})
	}
	said := fmt.Sprintf("Of the pages of the %s that somebody could answer, %s waited longer than %s.", t90.Label, ofAll(len(late), of), span(p.at("wait")))
	return found(more(len(late), of, p.at("late")), said, clues)
}

func (n *Night) whackAMole(p *Pattern) Finding {
	t90 := n.trailing(90)
	if len(n.Items) == 0 && n.silent(t90) != "" {
		return cannot("Neither a tracker nor a pager tells of the %s.", t90.Label)
	}
	if len(n.rang(t90)) == 0 && !slices.ContainsFunc(n.Items, func(it *Item) bool { return it.Kind() == Incident && t90.holds(it.Created) }) {
		return cannot("There was neither an incident nor a page in the %s.", t90.Label)
	}
	var clues []Clue
	for _, m := range n.recentMoles() {
		if float64(m.Recent) < p.at("times") {
			break // the worst come first
		}
		c := Clue{Why: fmt.Sprintf("“%s”, %s: came %s in 90 days, %s ever; ", m.Title, cmp.Or(m.Service, "no service told"), counted(m.Recent, "time", "times"), counted(m.Times, "time", "times"))}
		if m.Improvement == nil {
			c.Why += "nothing was decided about it"
		} else {
			c.Why += "the last improvement: " + m.Improvement.What + ", " + string(m.Improvement.State)
		}
		if k := len(m.Items); k > 0 && m.Items[k-1].Created >= t90.From {
			c.Item = m.Items[k-1]
		} else if k := len(m.Pages); k > 0 {
			c.Page = m.Pages[k-1]
		} else {
			c.What = m.Title
		}
		clues = append(clues, c)
	}
	said := fmt.Sprintf("In the %s %s %d times or more.", t90.Label, counted(len(clues), "thing came", "things came"), int(p.at("times")))
	return found(len(clues) > 0, said, clues)
}

func (n *Night) blindMonitoring(p *Pattern) Finding {
	t182 := n.trailing(182)
	if len(n.heard.pagers) == 0 {
		return cannot("%s Whether a monitor knew first cannot be told; it takes an export of the pager.", noPager)
	}
	of, human, unknown := 0, 0, 0
	var clues []Clue
	fires := n.emergencies(t182)
	for _, f := range slices.Backward(fires) {
		if !n.heard.Holds(f.From) {
			continue
		}
		of++
		switch w := n.firstWord(f); w.by {
		case DetectedByHuman:
			human++
			clues = append(clues, Clue{Item: f.Items[0], Why: n.firstSaid(f, w)})
		case DetectedUnknown:
			unknown++
		}
	}
	said := fmt.Sprintf("Of %s in the %s that a pager can speak for, a person told first of %s", counted(of, "emergency", "emergencies"), t182.Label, ofAll(human, of))
	if unknown > 0 {
		said += fmt.Sprintf("; of %d it is not known", unknown)
	}
	switch {
	case of < Enough:
		return few(of, "emergencies that a pager can speak for", t182)
	case more(human, of, p.at("human")):
		return found(true, said+".", clues)
	case more(human+unknown, of, p.at("human")):
		return cannot("%s. It takes who raised the pages: if nobody pages by hand, the policy can say pages: {origin: monitor}.", said)
	}
	return found(false, said+".", nil)
}

func (n *Night) smallRota(*Pattern) Finding {
	r := n.rotaSize()
	if r.people == 0 {
		return cannot("Nobody is known to be on call; it takes shifts of the pager or of a calendar, or a rota: in the policy.")
	}
	said := fmt.Sprintf("%s turns at %s; it takes %d.", counted(r.people, "person takes", "people take"), plural(fmt.Sprint(r.sites), "site"), r.least)
	return found(r.people < r.least, said, []Clue{{What: "the rota from 90 days before to 8 weeks after", Why: fmt.Sprintf("%s missing", counted(r.least-r.people, "person is", "people are"))}})
}

func (n *Night) heroOnFeatures(p *Pattern) Finding {
	t182 := n.trailing(182)
	l, v, several := n.heroesAttention(t182)
	switch {
	case len(n.Items) == 0:
		return cannot(noIssues)
	case !slices.ContainsFunc(n.Shifts, func(s record.Shift) bool { return s.Role == Superhero && s.From < n.AsOf }):
		return cannot("Nobody is known to have been on call; it takes shifts of the pager or of a calendar, or a rota: in the policy.")
	case !several:
		return cannot("Nothing, or of one person alone, is known of what superheroes worked on in the %s; it takes issues in active stages that are assigned to members.", t182.Label)
	case v.N < Enough:
		return few(v.N, "items that superheroes worked on", t182)
	}
	var clues []Clue
	for _, row := range l.rows() {
		if slices.ContainsFunc(row.Item.Classes, func(s Step[*Class]) bool { return !s.Is.kind().Support() }) { // it may have become support later
			clues = append(clues, Clue{Item: row.Item, Why: "somebody who had the pager worked on it"})
		}
	}
	said := fmt.Sprintf("In the %s %s of the superheroes’ attention went to features (%s), over %s.", t182.Label, percent(v.Number.Value), v.Ratio.parts(), counted(v.N, "item", "items"))
	return found(v.Number.Value > p.at("features"), said, clues)
}

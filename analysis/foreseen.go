package analysis

// Foreseen: incidents where an earlier postmortem had pointed, under Other areas of risk (METRICS.md,
// section 9).

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// warning is a place that a postmortem named under Other areas of risk.
type warning struct {
	page *postmortem.Postmortem
	says string // the sentence or the point of a list that names it
}

// gazetteer finds the names of places in prose.
type gazetteer struct {
	byName  map[string][]place // by the words of a name
	longest int                // words of a name
}

// gazetteer knows the services of the policy, and the components that incidents are on.
func (n *Night) gazetteer(incidents []*Item) *gazetteer {
	g := &gazetteer{byName: map[string][]place{}}
	learn := func(name string, p place) {
		words := proseWords(name)
		if key := strings.Join(words, " "); key != "" && !slices.Contains(g.byName[key], p) {
			g.byName[key] = append(g.byName[key], p)
			g.longest = max(g.longest, len(words))
		}
	}
	for i := range n.Policy.Services {
		s := &n.Policy.Services[i]
		for _, name := range append([]string{s.ID, s.Name}, s.Aliases...) {
			learn(name, place{service: s})
		}
	}
	for _, it := range incidents {
		for shown, p := range it.places() {
			if p.service == nil {
				learn(shown, p)
			}
		}
	}
	return g
}

// proseWords are the words of a text in lower case: runs of letters and digits.
func proseWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// in are the places that a text names, each once.
func (g *gazetteer) in(text string) []place {
	var found []place
	words := proseWords(text)
	for i := range words {
		for k := 1; k <= g.longest && i+k <= len(words); k++ {
			for _, p := range g.byName[strings.Join(words[i:i+k], " ")] {
				if !slices.Contains(found, p) {
					found = append(found, p)
				}
			}
		}
	}
	return found
}

// bullets are the paragraphs and the points of the lists of a text, without their marks.
func bullets(prose string) []string {
	var all []string
	open := false
	for line := range strings.Lines(prose) {
		line = strings.TrimSpace(line)
		item, isItem := strings.CutPrefix(line, "- ")
		if !isItem {
			item, isItem = strings.CutPrefix(line, "* ")
		}
		switch {
		case line == "":
			open = false
		case isItem || !open:
			all, open = append(all, item), true
		default:
			all[len(all)-1] += " " + item
		}
	}
	for i := range all {
		all[i] = strings.NewReplacer("**", "", "`", "").Replace(all[i])
	}
	return all
}

// warnings are the places that published postmortems named under Other areas of risk, in the text or in an
// improvement that answers that question; by publication.
func (n *Night) warnings(g *gazetteer) map[place][]warning {
	all := map[place][]warning{}
	pages := slices.Clone(n.Postmortems)
	slices.SortStableFunc(pages, func(a, b *postmortem.Postmortem) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID)) })
	for _, p := range pages {
		if p.At == 0 {
			continue
		}
		warn := func(text string) {
			for _, where := range g.in(text) {
				if ws := all[where]; len(ws) == 0 || ws[len(ws)-1].page != p {
					all[where] = append(ws, warning{p, text})
				}
			}
		}
		for _, s := range p.Sections {
			if s.Kind == postmortem.Other {
				for _, point := range bullets(string(p.Prose(s))) {
					warn(point)
				}
			}
		}
		for _, im := range p.Improvements {
			if im.Question == postmortem.Other {
				warn(im.What)
			}
		}
	}
	return all
}

// omen is an incident that was foreseen.
type omen struct {
	item *Item
	warning
	also  int    // other postmortems that had pointed there before
	where string // the place
	place place
	ahead time.Duration // from the publication to the incident
}

// foresee finds the latest warning of each incident; nil where there was none.
func (n *Night) foresee(it *Item, all map[place][]warning) *omen {
	var o *omen
	seen := map[*postmortem.Postmortem]bool{}
	for shown, where := range it.places() {
		for _, w := range all[where] {
			if w.page.At >= it.Created || slices.ContainsFunc(w.page.Incidents, func(key string) bool { return n.Find(key) == it }) {
				continue
			}
			seen[w.page] = true
			if o == nil || w.page.At > o.page.At {
				o = &omen{item: it, warning: w, where: shown, place: where, ahead: it.Created.Sub(w.page.At)}
			}
		}
	}
	if o != nil {
		o.also = len(seen) - 1
	}
	return o
}

var foreseen = Metric{
	Name: "foreseen", Title: "Foreseen", Chapter: "Learning", Unit: Share, Counts: "of the incidents of a new kind",
	Question: "Does it burn where we had said that it might?",
	Doc: "An incident (at as-of, not discarded) on a service or component that an earlier postmortem named under **Other areas of risk**: in the text of that section, or in an improvement that answers that question. Earlier is published before the incident was created; a draft warned nobody, and a postmortem of the incident itself foresaw nothing. A place is named where its id, its name or one of its aliases stands there as whole words, without regard to case. Naming is all that can be seen: whether it is what burned in the end, people have to say. " +
		"Where most places have been named, pointing at them is no feat: how many of the policy's services a published postmortem had named when the period began, and how many by as-of, is said beside the share. An incident that is like an earlier one (the same place and fingerprint, see *Repeats*) had **burned before**: that it burns again is known, and no foresight. It is counted apart. " +
		"The share is of the other incidents that name a place, created in the trailing 365 days. **Days between** run from the publication to the incident; where several postmortems had pointed there, the latest counts, and the others are told of. " +
		"**The improvement** is that of the same postmortem, under the same question, which names the place, else the others under that question; with its state at as-of, and whether it was done before the incident came.",
	Measure: func(n *Night) Answer {
		year, t90 := n.trailing(365), n.trailing(90)
		incidents := slices.DeleteFunc(n.incidents(), func(it *Item) bool { return it.Discarded })
		g := n.gazetteer(incidents)
		all := n.warnings(g)
		backlog := map[string][]*postmortem.Improvement{}
		for _, im := range n.backlog() {
			if im.Question == postmortem.Other {
				backlog[im.Postmortem] = append(backlog[im.Postmortem], &im)
			}
		}
		var a Answer
		months := n.months(24)
		seen, unseen, known := make([]int, len(months)), make([]int, len(months)), make([]int, len(months))
		var s, quarter share
		var omens []*omen
		nowhere, again := 0, 0
		burned := map[burrow]bool{}
		for _, it := range incidents {
			m := find(months, it.Created)
			if len(it.Services) == 0 && len(it.Components) == 0 {
				if year.holds(it.Created) {
					nowhere++
					a.Left = append(a.Left, Row{Item: it, Why: "it names neither a service nor a component"})
				}
				continue
			}
			if it.burnedBefore(burned) {
				again += one(year.holds(it.Created))
				if m >= 0 {
					known[m]++
				}
				continue
			}
			o := n.foresee(it, all)
			if m >= 0 {
				seen[m], unseen[m] = seen[m]+one(o != nil), unseen[m]+one(o == nil)
			}
			if t90.holds(it.Created) {
				quarter.add(o != nil)
			}
			if !year.holds(it.Created) {
				continue
			}
			if s.add(o != nil); o != nil {
				omens = append(omens, o)
				a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(days24(o.ahead)), Why: o.where + ", named by “" + o.page.Title + "”"})
			}
		}
		a.RowUnit = Days
		a.Headline = s.value(year)
		a.Headline.Of = s.of + again + nowhere
		if len(n.Postmortems) == 0 { // nobody could have pointed anywhere, which is not the same as having pointed elsewhere
			a.Headline, quarter = Value{Unit: Share, Period: year}, share{}
		}
		a.Parts = []Part{{Name: "trailing-90-days", Group: "period", Title: "Trailing 90 days", Value: quarter.value(t90)}}
		switch {
		case len(n.Postmortems) == 0:
			a.Sentence = "No postmortem has been written yet, so nothing can have been foreseen."
		case s.of+again == 0:
			a.Sentence = fmt.Sprintf("There was no incident on a known service or component in the %s.", year.Label)
		default:
			a.Sentence = fmt.Sprintf("Of %s of a new kind in the %s, %d %s on a service that an earlier postmortem had named under Other areas of risk; %d more had burned before.", counted(s.of, "incident", "incidents"), year.Label, s.so, agree(s.so, "was", "were"), again)
			if k := len(n.Policy.Services); k > 0 {
				then, now := 0, 0
				for i := range n.Policy.Services {
					if ws := all[place{service: &n.Policy.Services[i]}]; len(ws) > 0 {
						then, now = then+one(ws[0].page.At < year.From), now+1
					}
				}
				a.Sentence += fmt.Sprintf(" Of %s in the policy %d had been named so when those days began, and %d by their end.", counted(k, "service", "services"), then, now)
			}
		}
		if s.of+again > 0 {
			a.Charts = []Chart{{Name: "by-month", Title: "Incidents by month, foreseen or not", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months),
				Note:  "What was foreseen and burned all the same asked for an improvement that nobody chose, or that came too late.",
				Lines: []Series{{Name: "foreseen", Title: "Foreseen", Role: "bad", Values: numbers(seen)}, {Name: "new", Title: "Nobody had pointed there", Role: "neutral", Values: numbers(unseen)}, {Name: "again", Title: "Had burned before", Role: "discarded", Values: numbers(known)}},
				Marks: n.experiments(months), Edges: edges(months)}}
		}
		if len(omens) > 0 {
			a.Tables = []Table{n.omenTable(omens, backlog, g)}
		}
		return a
	},
}

// burnedBefore says whether a like incident is among those that burned so far, and adds it to them.
func (it *Item) burnedBefore(burned map[burrow]bool) bool {
	print := Fingerprint(it.Title)
	if !telling(print) {
		return false
	}
	before := false
	for _, p := range it.places() {
		b := burrow{p, print}
		before = before || burned[b]
		burned[b] = true
	}
	return before
}

// days24 is a duration in whole and broken days of 24 hours.
func days24(d time.Duration) float64 { return d.Hours() / 24 }

// omenTable lists what was foreseen, the latest first.
func (n *Night) omenTable(omens []*omen, backlog map[string][]*postmortem.Improvement, g *gazetteer) Table {
	t := Table{Name: "foreseen", Title: "Foreseen, trailing 365 days", Columns: []Column{{"incident", "Incident", Text}, {"created", "Came", Day}, {"where", "Where", Text}, {"said", "What was said", Text},
		{"postmortem", "Postmortem", Text}, {"published", "Published", Day}, {"ahead", "Days between", Days}, {"improvement", "The improvement", Text}}}
	for _, o := range slices.Backward(omens) {
		title := o.page.Title
		if o.also > 0 {
			title += fmt.Sprintf(" (and %d before it)", o.also)
		}
		t.Rows = append(t.Rows, []Cell{{Text: o.item.Key, Item: o.item}, {Text: n.date(o.item.Created)}, {Text: o.where}, {Text: o.says}, {Text: title}, {Text: string(o.page.Published)},
			{Num: record.Num(days24(o.ahead))}, {Text: n.averted(o, backlog[o.page.ID], g)}})
		if len(t.Rows) == mostPages {
			t.Title += fmt.Sprintf(", the latest %d of %d", mostPages, len(omens))
			break
		}
	}
	return t
}

// averted says what became of the improvements that should have averted it.
func (n *Night) averted(o *omen, all []*postmortem.Improvement, g *gazetteer) string {
	if len(all) == 0 {
		return "none was decided"
	}
	var named []*postmortem.Improvement
	for _, im := range all {
		if slices.Contains(g.in(im.What), o.place) {
			named = append(named, im)
		}
	}
	if len(named) > 0 {
		all = named
	}
	var states []string
	for _, im := range all {
		state := string(im.State)
		switch {
		case im.State == postmortem.Done && im.FinishedAt != 0 && im.FinishedAt < o.item.Created:
			state = "done before it came"
		case im.State == postmortem.Done && im.FinishedAt != 0:
			state = "done after it came"
		case im.Overdue(n.AsOf):
			state += ", overdue"
		}
		states = append(states, im.What+": "+state)
	}
	return strings.Join(states, "; ")
}

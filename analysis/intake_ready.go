package analysis

// Intake: whether what comes in brings what the work on it needs (METRICS.md, section 8). What is asked
// back for is in intake_ask.go, and what that costs in intake_back.go.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// asks says whether this part of the definition of ready is for a class; without classes it is for all
// support work.
func (r *Ready) asks(c *Class) bool {
	if len(r.Classes) == 0 {
		return c.kind().Support()
	}
	return c != nil && slices.Contains(r.Classes, c.ID)
}

// needs are the facts that the definition of ready asks of a class; none where it asks nothing of it.
func (p *Policy) needs(c *Class) []string {
	var all []string
	for i := range p.Ready {
		if p.Ready[i].asks(c) {
			for _, name := range p.Ready[i].Needs {
				if !slices.Contains(all, name) {
					all = append(all, name)
				}
			}
		}
	}
	return all
}

// share counts how many of some things are so.
type share struct{ so, of int }

func (s *share) add(so bool) { s.so, s.of = s.so+one(so), s.of+1 }

func (s share) value(p Period) Value { return shareOf(s.so, s.of, p) }

// shares counts by a word, those with the most things first.
type shares map[string]*share

func (s shares) at(word string) *share {
	if s[word] == nil {
		s[word] = &share{}
	}
	return s[word]
}

func (s shares) words() []string {
	words := sortedKeys(s)
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(s[b].of, s[a].of) })
	return words
}

// group is whom an item's reporter comes through: the way in that the policy's rules tell, else the
// tracker's project. A way in has a form and somebody who looks after it, so it is who can mend what is
// missing again and again.
func (n *Night) group(it *Item) string {
	if c := n.channel(it.Channel); c != nil {
		return c.Name
	}
	if it.Project != "" {
		return "project " + it.Project
	}
	return "Not told"
}

var ready = Metric{
	Name: "ready", Title: "Ready at intake", Chapter: "Intake", Unit: Share, Counts: "with all that is asked of them",
	Question: "Does what comes in bring what we need?",
	Doc: "An item is **ready** when every field that the policy's definition of ready asks of its class is there; both as at as-of, so what was asked for and answered is ready. The share is of the support items created in the period, discarded ones included; those of a class of which nothing is asked cannot lack anything: they are left out, and listed. " +
		"**By class** is the class at as-of. The **reporting group** is the way in that the policy's rules tell of the item, else the tracker's project it was opened in: it is whose form, or whose habit, can be mended. No reporter is counted. " +
		"**Missing most** are the fields, each with the share of the items that it is asked of and that lack it. " +
		"**To ask for** are the open ones that lack something, each with a reply to paste into the tracker; what an archive tells of (a tracker that speaks only up to 60 days before as-of) is nobody's to answer any more, and is not among them.",
	Measure: func(n *Night) Answer {
		t90, month := n.trailing(90), n.lastMonth()
		months := n.months(24)
		needs := map[*Class][]string{}
		for _, c := range n.classes() {
			needs[c] = n.Policy.needs(c)
		}
		var quarter, last share
		monthly := make([]share, len(months))
		byClass, byGroup, fields := map[*Class]*share{}, shares{}, shares{}
		var lacking, complete []Row
		a := Answer{}
		for it := range n.during(append([]Period{t90, month}, months...)...) {
			if !it.Kind().Support() {
				continue
			}
			needed, whole := needs[it.Class()], len(it.Missing) == 0
			recent := t90.holds(it.Created)
			if len(needed) == 0 {
				if recent {
					a.Left = append(a.Left, Row{Item: it, Why: "nothing is asked of " + it.Class().Title()})
				}
				continue
			}
			if i := find(months, it.Created); i >= 0 {
				monthly[i].add(whole)
			}
			if month.holds(it.Created) {
				last.add(whole)
			}
			if !recent {
				continue
			}
			quarter.add(whole)
			if byClass[it.Class()] == nil {
				byClass[it.Class()] = &share{}
			}
			byClass[it.Class()].add(whole)
			byGroup.at(n.group(it)).add(whole)
			for _, name := range needed {
				fields.at(name).add(slices.Contains(it.Missing, name))
			}
			if whole {
				complete = append(complete, Row{Item: it, Why: "ready"})
			} else {
				lacking = append(lacking, Row{Item: it, Why: "lacks " + wanting(it.Missing)})
			}
		}
		a.Rows = slices.Concat(lacking, complete)
		a.Headline = quarter.value(t90)
		a.Headline.Of = quarter.of + len(a.Left)
		toAsk := n.toAsk()
		a.Sentence = n.readySentence(quarter, fields, len(toAsk), t90)
		a.Parts = append(a.Parts, Part{Name: "last-month", Group: "period", Title: month.Label, Value: last.value(month)})
		for _, c := range n.classes() {
			if len(needs[c]) > 0 && c.kind().Support() {
				s := byClass[c]
				if s == nil {
					s = &share{}
				}
				a.Parts = append(a.Parts, Part{Name: c.ClassID(), Group: "class", Title: c.Title(), Value: s.value(t90)})
			}
		}
		a.Tables = []Table{shareTable("groups", "By reporting group, "+t90.Label, "Reporting group", "Ready", byGroup, t90)}
		missing := shareTable("missing", "Missing most, "+t90.Label, "Field", "Missing", fields, t90)
		slices.SortStableFunc(missing.Rows, func(x, y []Cell) int { return cmp.Compare(y[2].Num.Value, x[2].Num.Value) })
		a.Tables = append(a.Tables, missing)
		if len(toAsk) > 0 {
			a.Tables = append(a.Tables, n.askTable(toAsk))
		}
		a.Charts = []Chart{readyChart(months, monthly, n.experiments(months))}
		return a
	},
}

// readySentence says how many were ready, what lacked most, and how many wait for a question.
func (n *Night) readySentence(s share, fields shares, toAsk int, p Period) string {
	var text string
	switch {
	case len(n.Policy.Ready) == 0:
		return "The policy has no definition of ready (`ready:`), so nothing can be missing."
	case s.of == 0:
		text = fmt.Sprintf("No support item of which anything is asked came in during the %s.", p.Label)
	default:
		text = fmt.Sprintf("Of %s that came in during the %s, %d %s all that is asked of them", counted(s.of, "support item", "support items"), p.Label, s.so, agree(s.so, "has", "have"))
		worst, most := "", 0
		for _, name := range sortedKeys(fields) {
			if fields[name].so > most {
				worst, most = name, fields[name].so
			}
		}
		if most > 0 {
			text += fmt.Sprintf("; %s is missing most, from %d", n.Policy.calls(worst), most)
		}
		text += "."
	}
	if toAsk > 0 {
		text += fmt.Sprintf(" %s to be asked for something now.", counted(toAsk, "open item wants", "open items want"))
	}
	return text
}

// agree is the verb for so many.
func agree(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// wanting joins names as a person would: a, b and c.
func wanting(names []string) string {
	if k := len(names); k > 1 {
		return strings.Join(names[:k-1], ", ") + " and " + names[k-1]
	}
	return strings.Join(names, "")
}

// shareTable is a share for each word. A share of fewer than [Fewest] is left blank, and its counts stand
// beside it.
func shareTable(name, title, word, so string, all shares, p Period) Table {
	t := Table{Name: name, Title: title, Columns: []Column{{"name", word, Text}, {"items", "Items", Items}, {"so", so, Items}, {"share", "Share", Share}}}
	for _, w := range all.words() {
		t.Rows = append(t.Rows, []Cell{{Text: w}, num(all[w].of), num(all[w].so), partCell(all[w].value(p))})
	}
	return t
}

// partCell is a share as a cell, blank where it is of fewer than [Fewest].
func partCell(v Value) Cell {
	if x := v.point(); x.Known {
		return Cell{Num: x}
	}
	return Cell{Text: "—"}
}

// readyChart draws what came in, ready and not, and the share.
func readyChart(months []Period, monthly []share, marks []Mark) Chart {
	whole, lacking := make([]int, len(months)), make([]int, len(months))
	for i, s := range monthly {
		whole[i], lacking[i] = s.so, s.of-s.so
	}
	return Chart{Name: "by-month", Title: "Support items by the month they came in, and whether they are ready", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months),
		Note:  "As the items are now: of the latest month, what has been asked for and not answered yet is still missing.",
		Lines: []Series{{Name: "ready", Title: "Ready", Role: "good", Values: numbers(whole)}, {Name: "lacking", Title: "Something is missing", Role: "bad", Values: numbers(lacking)}},
		Marks: marks, Edges: edges(months)}
}

// toAsk are the open support items that lack something, the oldest first.
func (n *Night) toAsk() []*Item {
	var all []*Item
	for it := range n.open() {
		if n.lacks(it) {
			all = append(all, it)
		}
	}
	slices.SortStableFunc(all, func(a, b *Item) int { return cmp.Compare(a.Created, b.Created) })
	return all
}

// lacks says whether somebody should be asked for what an item misses.
func (n *Night) lacks(it *Item) bool {
	return it.Open() && len(it.Missing) > 0 && it.Kind().Support() && !n.archived(it)
}

// askTable lists them with a reply to paste.
func (n *Night) askTable(items []*Item) Table {
	t := Table{Name: "to-ask", Title: "To ask for: open and not ready", Columns: []Column{{"item", "Item", Text}, {"group", "Reporting group", Text}, {"open", "Open for", Duration}, {"missing", "Missing", Text}, {"reply", "A reply to paste", Text}}}
	if len(items) > mostPages {
		t.Title = fmt.Sprintf("%s, the oldest %d of %d", t.Title, mostPages, len(items))
		items = items[:mostPages]
	}
	for _, it := range items {
		t.Rows = append(t.Rows, []Cell{{Text: it.Key, Item: it}, {Text: n.group(it)}, {Num: record.Num(n.AsOf.Sub(it.Created).Seconds())}, {Text: wanting(it.Missing)}, {Text: n.Ask(it)}})
	}
	return t
}

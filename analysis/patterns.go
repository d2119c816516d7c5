package analysis

// The pattern radar: the known anti-patterns of production support, each looked for in what is known. A detector
// says clear, seen or that it cannot tell, with what shows it; there is no score of all of them, because a team
// mends one habit at a time. The detectors of the pager and the rota are in patterns_pager.go, those of the work
// in patterns_work.go, those of what was agreed and learned in patterns_learning.go.

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// Sight is what a detector says.
type Sight string

// What a detector can say.
const (
	PatternSeen   Sight = "seen"
	PatternClear  Sight = "clear"
	PatternUntold Sight = "cannot tell"
)

// Pattern is one known anti-pattern and how it is looked for.
type Pattern struct {
	Name   string // permanent
	Title  string
	About  string // what it is, and what is looked at
	First  string // what to try first
	Bounds []Bound
	detect func(*Night, *Pattern) Finding
}

// Bound is a threshold of a detector.
type Bound struct {
	name string
	What string // in words that the number follows: "of emergencies a person told first of, at most"
	Is   float64
	Unit Unit
}

// String is the threshold as it is printed.
func (b Bound) String() string { return b.What + ": " + b.Unit.Format(record.Num(b.Is)) }

// at is the threshold of that name. The table is a constant of the program, so a name that is not in it is a fault
// of this file.
func (p *Pattern) at(name string) float64 {
	for _, b := range p.Bounds {
		if b.name == name {
			return b.Is
		}
	}
	panic("analysis: the pattern " + p.Name + " has no bound " + name)
}

// Finding is what was found of one pattern on one night.
type Finding struct {
	*Pattern
	Sight Sight
	Said  string // the numbers that it rests on; of what cannot be told, what it would take
	Clues []Clue // what shows it, the worst first; at most [mostClues]
	All   int    // how many there are of them
}

// Clue is a piece of evidence: an issue, a page, a postmortem, or something that only words tell of.
type Clue struct {
	Item       *Item
	Page       *Page
	Postmortem string // the id of one
	What       string // of what is none of these: a week, a stretch of time, a part of the policy
	Why        string
}

// mostClues is how many pieces of evidence a finding keeps: a retrospective looks at a handful.
const mostClues = 12

// found is the answer of a detector that found out.
func found(seen bool, said string, clues []Clue) Finding {
	f := Finding{Sight: PatternClear, Said: said}
	if seen {
		f.Sight, f.All, f.Clues = PatternSeen, len(clues), clues[:min(len(clues), mostClues)]
	}
	return f
}

// cannot is the answer of one that could not, and what it would take.
func cannot(format string, args ...any) Finding {
	return Finding{Sight: PatternUntold, Said: fmt.Sprintf(format, args...)}
}

// few is the answer where there are too few to judge, of the nouns.
func few(n int, nouns string, p Period) Finding {
	return cannot("Of %s there were only %d in the %s; it takes %d to judge.", nouns, n, p.Label, Enough)
}

// ofAll writes a share with its counts; of few, the counts alone.
func ofAll(k, n int) string {
	if n < Fewest {
		return fmt.Sprintf("%d of %d", k, n)
	}
	return fmt.Sprintf("%d of %d (%s)", k, n, percent(float64(k)/float64(n)))
}

// more says whether the share of k in n is above a bound. It is asked only where n is enough.
func more(k, n int, bound float64) bool { return float64(k) > bound*float64(n) }

var patterns = []Pattern{
	{
		Name: "unclear-on-call", Title: "It is unclear who is on call",
		About:  "Time in which nobody, or somebody who is away, had the pager; pages that came then; and pages that somebody answered first who was not on call. Looked at are the trailing 90 days, from the first shift that is known on.",
		First:  "Write the next eight weeks down where everybody looks, with one name for each hour, and let the pager follow that plan.",
		Bounds: []Bound{{"gap", "time without a superhero, at most", 3600, Duration}, {"alone", "pages that came then, fewer than", 3, Items}, {"others", "of the pages that a person answered, by somebody not on call, at most", 0.25, Share}},
		detect: (*Night).unclearOnCall,
	},
	{
		Name: "email-emergencies", Title: "Emergencies come by e-mail",
		About:  "Emergencies of the trailing 182 days that no page told of and whose channel is a mailbox: one whose id or name in the policy has “mail” in it. Mail wakes nobody, and waits until somebody looks.",
		First:  "Let the address answer by itself: “if orders are lost, call this number”. Give those who wrote the number before the next time.",
		Bounds: []Bound{{"mailed", "emergencies by mail, fewer than", 1, Items}},
		detect: (*Night).emailEmergencies,
	},
	{
		Name: "silence", Title: "Silence before somebody answers",
		About:  "Pages of the trailing 90 days that nobody had acknowledged within the bound. One that resolved by itself within it is left out, since there was nobody to wait for; one that somebody resolved without acknowledging was answered then.",
		First:  "Page one person, and the next one after a time that everybody knows. Practise it once with each new superhero, through a silent phone.",
		Bounds: []Bound{{"wait", "waited longer than", 15 * 60, Duration}, {"late", "of the pages, at most", 0.1, Share}},
		detect: (*Night).silenceBefore,
	},
	{
		Name: "whack-a-mole", Title: "Whack-a-mole",
		About:  "What came back again and again: pages and incidents of one service whose titles differ in nothing but numbers (see *Repeats*), so often in the trailing 90 days.",
		First:  "Take the worst one, alone. Save the evidence before the restart, and give one person a week for what lets it happen.",
		Bounds: []Bound{{"times", "came in 90 days fewer times than", 3, Items}},
		detect: (*Night).whackAMole,
	},
	{
		Name: "blind-monitoring", Title: "Blind monitoring",
		About:  "Emergencies of the trailing 182 days of which a person told first (see *Who told us first*). Those of which it is not known who did count on either side until it makes no difference.",
		First:  "For each one below, ask what could have known sooner, and alert on what customers notice instead of on what machines do.",
		Bounds: []Bound{{"human", "of the emergencies a person told first of, at most", 0.25, Share}},
		detect: (*Night).blindMonitoring,
	},
	{
		Name: "several-intakes", Title: "Several intakes",
		About:  "The ways in that problems and requests of the trailing 90 days came by, where a way counts from the bound on. Emergencies have a door of their own, and are not among them.",
		First:  "Choose one way in, and let every other one say where it is. Whoever asks in the chat gets a link, kindly, each time.",
		Bounds: []Bound{{"way", "a way in from", 0.1, Share}, {"ways", "ways in, at most", 1, Items}},
		detect: (*Night).severalIntakes,
	},
	{
		Name: "no-steps", Title: "Problems without steps",
		About:  "Problems created in the trailing 90 days, without the discarded ones, that do not say how to see them: what the definition of ready asks for and whose name has “step” or “repro” in it is missing at as-of.",
		First:  "Let the form ask for the steps, with an example of a good answer. Send back what has none on the same day, with the reply from the playbook.",
		Bounds: []Bound{{"missing", "without steps, at most", 0.25, Share}},
		detect: (*Night).noSteps,
	},
	{
		Name: "upset-predictability", Title: "Support upsets predictability",
		About:  "The last 26 whole weeks, by how many support items came in or were reopened: in the half with more of them, how many items of feature work get finished (median), against the half with fewer? A difference is believed only where Kendall’s rank correlation of the two counts (τ-b, normal approximation with ties) is negative at the one-sided 5 % level.",
		First:  "Plan with what support really takes (see *Capacity of the next iteration*), and keep the fires to the superhero, so that the others are left alone.",
		Bounds: []Bound{{"weeks", "whole weeks to look at, at least", 20, Items}, {"drop", "features finished in heavy weeks for each in light ones, at least", 0.75, Each}},
		detect: (*Night).upsetPredictability,
	},
	{
		Name: "hidden-support", Title: "Hidden support work",
		About:  "Interruptions of the trailing 90 days that a person answered and no issue or postmortem tells of; and support items finished in them that were never in an active stage, so that nobody saw anybody at it.",
		First:  "Write down whatever takes longer than a quarter of an hour, in one line. Move it to the left while you are at it, and the board shows what support takes.",
		Bounds: []Bound{{"pages", "of the interruptions that a person answered, without an issue, at most", 0.5, Share}, {"items", "of the support items finished, never seen in work, at most", 0.25, Share}},
		detect: (*Night).hiddenSupport,
	},
	{
		Name: "no-metrics", Title: "No metrics",
		About:  "What the policy in force says to steer by: a promise for each class of support work, a limit on work in progress, a goal, and a meeting that looks at them.",
		First:  "Begin with one promise: how long a support request may take. Look at it together every other week, and change the promise when it is wrong.",
		Bounds: []Bound{{"lacking", "of the four, missing fewer than", 2, Items}},
		detect: (*Night).noMetrics,
	},
	{
		Name: "no-triage-training", Title: "Nobody learned to triage",
		About:  "Support items created in the trailing 90 days whose class or severity was changed to another after somebody of the team had first looked at them. What had none before and got one is triage, not a change of mind; those whose clocks cannot be followed are left out.",
		First:  "Triage ten old issues together, each alone first, and talk about those that came out differently. Write what settled it into the policy.",
		Bounds: []Bound{{"changed", "judged anew after the first look, at most", 0.2, Share}},
		detect: (*Night).noTriageTraining,
	},
	{
		Name: "small-rota", Title: "Too few people in the rota",
		About:  "Who is on call as superhero or sidekick, from 90 days before as-of to 8 weeks after it, against " + ofSRE + ": eight people at one site, six at each of several (see *Load of a shift*).",
		First:  "Let the next one watch a week as a sidekick. Until the rota is large enough, cut the pages at night rather than the nights of sleep.",
		Bounds: []Bound{{"one", "people at one site, at least", rotaOneSite, Items}, {"several", "people at each of several, at least", rotaMoreSites, Items}},
		detect: (*Night).smallRota,
	},
	{
		Name: "hero-on-features", Title: "The superhero is kept on features",
		About:  "Where the superheroes’ attention went within their shifts’ working time (see *How evenly on-call falls*), in the trailing 182 days; told of two people or more, together.",
		First:  "Hand the superhero’s features over on the morning of the handover. Without a fire, the job is to make it easier for the next one.",
		Bounds: []Bound{{"features", "of the superheroes’ attention, features take at most", 0.25, Share}},
		detect: (*Night).heroOnFeatures,
	},
	{
		Name: "poor-communication", Title: "Poor communication",
		About:  "Whether the policy says who is told what during an incident (`communication:`); and of the support items whose promise of a first answer was decided in the trailing 90 days, those that missed it: whoever asked heard nothing in time.",
		First:  "Agree on who writes the first line, where, and when the next one comes. “We know, we are at it, next news at ten” is enough.",
		Bounds: []Bound{{"late", "of the first answers, late at most", 0.25, Share}},
		detect: (*Night).poorCommunication,
	},
	{
		Name: "no-risk-follow-up", Title: "Other areas of risk are not followed up",
		About:  "What postmortems decided under *Other areas of risk*: improvements that are open and overdue by longer than the bound; and those still open without an owner or a date. A postmortem that decides nothing there is counted where most of them do not.",
		First:  "Choose one of those below again, aloud, with an owner and a date, or decline it with the reason. Both are decisions.",
		Bounds: []Bound{{"overdue", "overdue by at most", 30 * 24 * 3600, Duration}, {"kept", "of them overdue so long, or without owner or date, fewer than", 1, Items}, {"silent", "of the postmortems published in 365 days, without one, at most", 0.5, Share}},
		detect: (*Night).noRiskFollowUp,
	},
}

// radar looks for every pattern.
func (n *Night) radar() []Finding {
	fs := make([]Finding, len(patterns))
	for i := range patterns {
		p := &patterns[i]
		fs[i] = p.detect(n, p)
		fs[i].Pattern = p
	}
	return fs
}

var patternRadar = Metric{
	Name: "patterns", Title: "Pattern radar", Chapter: "Learning", Unit: Items, Alone: true, Counts: "known anti-patterns are seen",
	Question: "Which bad habits of production support do we have?",
	Doc:      patternDoc(),
	Measure: func(n *Night) Answer {
		var a Answer
		count := map[Sight]int{}
		table := Table{Name: "patterns", Title: "What was looked for", Columns: []Column{{"pattern", "Pattern", Text}, {"sight", "Found", Text}, {"said", "What it rests on", Text}, {"bounds", "Thresholds", Text}, {"first", "What to try first", Text}}}
		clues := Table{Name: "evidence", Title: "What shows it", Columns: []Column{{"pattern", "Pattern", Text}, {"evidence", "Evidence", Text}, {"why", "Why", Text}}}
		for _, sight := range []Sight{PatternSeen, PatternUntold, PatternClear} {
			for i := range n.Radar {
				f := &n.Radar[i]
				if f.Sight != sight {
					continue
				}
				count[sight]++
				first := "—"
				if sight == PatternSeen {
					first = f.First
				}
				table.Rows = append(table.Rows, []Cell{{Text: f.Title}, {Text: string(sight)}, {Text: f.Said}, {Text: f.Thresholds()}, {Text: first}})
				for _, c := range f.Clues {
					clues.Rows = append(clues.Rows, []Cell{{Text: f.Title}, c.cell(), {Text: cmp.Or(c.Why, "—")}})
					if c.Item != nil {
						a.Rows = append(a.Rows, Row{Item: c.Item, Why: f.Title + ": " + c.Why})
					}
				}
			}
		}
		told := count[PatternSeen] + count[PatternClear]
		a.Headline = Value{Unit: Items, N: told, Period: n.now()}
		if told < len(patterns) {
			a.Headline.Of = len(patterns)
		}
		if told > 0 {
			a.Headline.Number = record.Num(float64(count[PatternSeen]))
			a.Sentence = fmt.Sprintf("Of %s that can be told, %s seen.", counted(told, "anti-pattern", "anti-patterns"), counted(count[PatternSeen], "is", "are"))
		} else {
			a.Sentence = "None of the known anti-patterns can be told from what was read."
		}
		if k := count[PatternUntold]; k > 0 && told > 0 {
			a.Sentence += fmt.Sprintf(" %d cannot be told yet.", k)
		}
		for _, s := range []struct {
			sight Sight
			title string
		}{{PatternSeen, "Seen"}, {PatternClear, "Clear"}, {PatternUntold, "Cannot tell"}} {
			a.Parts = append(a.Parts, Part{Name: strings.ReplaceAll(string(s.sight), " ", "-"), Group: "found", Title: s.title, Value: countOf(count[s.sight], n.now())})
		}
		a.Tables = []Table{table}
		if len(clues.Rows) > 0 {
			a.Tables = append(a.Tables, clues)
		}
		return a
	},
}

func patternDoc() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Each known anti-pattern of production support has a detector. It is **seen** where a threshold is passed, **clear** where it could have been and is not, and else it **cannot be told**, with what it would take. A share is judged from %d on; a count is of a period that the sources can speak for. The headline counts those seen, of those that can be told. There is no score and no weight: one habit, mended, is worth more than all of them discussed. At most %d pieces of evidence are kept of each.\n\n", Enough, mostClues)
	for i := range patterns {
		p := &patterns[i]
		fmt.Fprintf(&b, "- **%s.** %s Thresholds: %s.\n", p.Title, p.About, p.Thresholds())
	}
	return b.String()
}

// Thresholds are the bounds in a line.
func (p *Pattern) Thresholds() string {
	var all []string
	for _, b := range p.Bounds {
		all = append(all, b.String())
	}
	return strings.Join(all, "; ")
}

// cell is the evidence in a table.
func (c *Clue) cell() Cell {
	switch {
	case c.Item != nil:
		return Cell{Text: c.Item.Key, Item: c.Item}
	case c.Page != nil:
		return Cell{Text: strings.TrimSpace(cmp.Or(c.Page.Number, c.Page.ID) + " " + c.Page.Title)}
	}
	return Cell{Text: c.What}
}

package analysis

// The pulse: what people say about on call, beside what the figures say (analysis/pulse).

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/analysis/pulse"
	"github.com/firebreak/firebreak/collectors/record"
)

// felt keeps the months that were over at as-of: of the one that is running not everybody has been asked.
func (n *Night) felt(months []*pulse.Month) {
	for _, m := range months {
		if _, to, ok := pulse.Span(m.Month, n.Zone); ok && to <= n.AsOf {
			n.Pulse = append(n.Pulse, m)
		}
	}
	slices.SortStableFunc(n.Pulse, func(a, b *pulse.Month) int { return cmp.Compare(a.Month, b.Month) })
}

// sustainable is the question that the headline answers.
const sustainable = "keep-up"

// favourable is how many answered 4 or 5; no data where there are too few answers to show.
func favourable(a *pulse.Answers, p Period) Value {
	if a == nil || !a.Shown() {
		return Value{Unit: Share, Period: p}
	}
	return shareOf(a.Good(), a.N(), p)
}

var pulseOf = Metric{
	Name: "pulse", Title: "Pulse", Chapter: "Load", Unit: Share, Counts: "favourable", Alone: true,
	Question: "Can we keep this up, and how is on call?",
	Doc: fmt.Sprintf("Answers that everybody gives without a name, once a month, from 1 (the worst) to 5 (the best); the files `%s/2026-10%s` hold nothing but how many gave which. **Favourable** is the share of 4 and 5. The headline is that of *Can we keep this up?* in the latest month with a file that was over at as-of. ", pulse.Folder, pulse.Ext) +
		fmt.Sprintf("Of a question with fewer than %d answers in a month nothing is shown but that there are too few: nobody is to be recognised. There is no mean, since 1 to 5 are words and no amounts, and nothing is told by person, role or rota. ", pulse.Fewest) +
		"Beside it stand the outcomes of the same months: **pages in sleeping hours** (as in *At what hour*; no data where no pager can speak for the month) and the share of **working days overloaded** (as in *Overload*). Where people and figures disagree, the people are right, and a figure is missing.",
	Measure: func(n *Night) Answer {
		a := Answer{Headline: Value{Unit: Share}}
		if len(n.Pulse) == 0 {
			a.Sentence = fmt.Sprintf("Nobody has been asked yet: `firebreak new pulse` writes a file to fill in, one for a month, into content/%s.", pulse.Folder)
			return a
		}
		months, files := n.pulseMonths()
		latest, month := files[len(files)-1], months[len(months)-1]
		month.Label, month.Begins, month.Ends = month.From.In(n.Zone).Format("January 2006"), false, false // people answered for all of it
		a.Headline = favourable(latest.To(sustainable), month)
		a.Sentence = pulseSentence(latest, month)
		for _, q := range pulse.Questions {
			if answers := latest.To(q.ID); answers != nil {
				a.Parts = append(a.Parts, Part{Name: q.ID, Group: "question", Title: q.Title, Value: favourable(answers, month)})
			}
		}
		good := Chart{Name: "favourable", Title: "Favourable answers, by month", Kind: Line, Unit: Share, XUnit: Text, X: labels(months), Marks: n.experiments(months),
			Note: "4 and 5 of five. Months without a file, and those with too few answers to show, are blank."}
		for _, q := range pulse.Questions {
			line := Series{Name: q.ID, Title: q.Title}
			any := false
			for i, m := range months {
				v := record.Number{}
				if f := files[i]; f != nil {
					v = favourable(f.To(q.ID), m).point()
				}
				line.Values = append(line.Values, v)
				any = any || v.Known
			}
			if any {
				good.Lines = append(good.Lines, line)
			}
		}
		asleep, over := n.beside(months)
		a.Charts = []Chart{good,
			{Name: "asleep", Title: "Beside it: pages in sleeping hours", Kind: Bar, Unit: Items, XUnit: Text, X: labels(months), Lines: []Series{asleep}, Marks: n.pagerMarks(months), Note: "What the pager knows of the same months."},
			{Name: "overload", Title: "Beside it: working days overloaded", Kind: Bar, Unit: Share, XUnit: Text, X: labels(months), Lines: []Series{over}, Marks: n.experiments(months), Edges: edges(months), Note: "What the limits on work in progress say of the same months."}}
		a.Tables = []Table{pulseTable(months, files, asleep, over)}
		return a
	},
}

// pulseMonths are the months from the first file to the last, at most 24, each with its file; nil where there
// is none.
func (n *Night) pulseMonths() ([]Period, []*pulse.Month) {
	from, _, _ := pulse.Span(n.Pulse[0].Month, n.Zone)
	_, to, _ := pulse.Span(n.Pulse[len(n.Pulse)-1].Month, n.Zone)
	months := lastOf(n.periods(calendar.Months(), from, to), 24)
	files := make([]*pulse.Month, len(months))
	for _, f := range n.Pulse {
		if at, _, _ := pulse.Span(f.Month, n.Zone); find(months, at) >= 0 {
			files[find(months, at)] = f
		}
	}
	return months, files
}

// pulseSentence says what was answered in the latest month.
func pulseSentence(m *pulse.Month, p Period) string {
	var said []string
	for _, id := range []string{sustainable, "on-call"} {
		switch a := m.To(id); {
		case a == nil:
		case !a.Shown():
			said = append(said, fmt.Sprintf("“%s” has too few answers in %s to show any.", a.Title, p.Label))
		default:
			said = append(said, fmt.Sprintf("In %s %d of %d said 4 or 5 to “%s”, and %d said 1 or 2.", p.Label, a.Good(), a.N(), a.Title, a.Counts[0]+a.Counts[1]))
		}
	}
	if said == nil {
		return fmt.Sprintf("In %s nobody was asked whether we can keep this up.", p.Label)
	}
	return strings.Join(said, " ")
}

// beside are the outcomes of the months: pages in sleeping hours, and the share of working days overloaded.
func (n *Night) beside(months []Period) (asleep, over Series) {
	asleep, over = Series{Name: "asleep", Title: "Pages in sleeping hours", Role: "sleep"}, Series{Name: "overloaded", Title: "Working days overloaded", Role: "overload"}
	counts := make([]int, len(months))
	for i, m := range months {
		for _, p := range n.rang(m) {
			counts[i] += one(n.Asleep(p))
		}
	}
	asleep.Values = n.heard.known(months, counts)
	days := overOnly(n.periods(calendar.Days(), max(n.first(), months[0].From), months[len(months)-1].To))
	team := n.endOfDay(days, inProgress).of("team")
	for _, m := range months {
		s := n.overloads(days, team, n.Policy.Limit.At, m)
		over.Values = append(over.Values, shareOf(s.over, s.days, m).point())
	}
	return asleep, over
}

// pulseTable lists the answers, the latest month first.
func pulseTable(months []Period, files []*pulse.Month, asleep, over Series) Table {
	t := Table{Name: "answers", Title: "The answers", Columns: []Column{{"month", "Month", Text}, {"question", "Question", Text}, {"n", "Answers", Text},
		{"1", "1", Items}, {"2", "2", Items}, {"3", "3", Items}, {"4", "4", Items}, {"5", "5", Items}, {"favourable", "4 or 5", Share}, {"asleep", "Pages asleep", Items}, {"overloaded", "Days overloaded", Share}}}
	blank := func(x record.Number) Cell {
		if !x.Known {
			return Cell{Text: "—"}
		}
		return Cell{Num: x}
	}
	for i := len(months) - 1; i >= 0; i-- {
		if files[i] == nil {
			continue
		}
		for j := range files[i].Answers {
			a := &files[i].Answers[j]
			row := []Cell{{Text: months[i].Label}, {Text: a.Title}}
			if a.Shown() {
				row = append(row, Cell{Text: fmt.Sprint(a.N())})
				for _, k := range a.Counts {
					row = append(row, num(k))
				}
			} else {
				row = append(row, Cell{Text: "too few to show"})
				for range a.Counts {
					row = append(row, Cell{Text: "—"})
				}
			}
			t.Rows = append(t.Rows, append(row, blank(favourable(a, months[i]).point()), blank(asleep.Values[i]), blank(over.Values[i])))
		}
	}
	return t
}

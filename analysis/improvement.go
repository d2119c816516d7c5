package analysis

// What postmortems decided to improve: whether it gets done, and whether that keeps up with what burns
// (METRICS.md, section 9).

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

var improvements = Metric{
	Name: "improvements", Title: "Improvements", Chapter: "Learning", Unit: Share, Counts: "done on time", Alone: true,
	Question: "Do we do what we decided to do?",
	Doc: "All improvements of all postmortems. One that is linked to an issue of a tracker takes its state from there: done when the issue is, declined when it was discarded. " +
		"**On time** is the share done by their date, of those whose date lies in the period and has passed; what was declined with a reason is left out. **Overdue**: still open although its day is over, in the team's zone, until it is done or declined with a reason: one that was declined without any is open, and overdue for ever. " +
		"**With owner and date**: of all that are not declined with a reason. An improvement answers one of five questions: Detect, React, Quick fix, Prevent, Other areas of risk. " +
		"**Age** of an open one is the time since its postmortem was published; of a draft's, since its incident began. **By service** it counts for each service that its postmortem names, so these counts may add up to more than all.",
	Measure: func(n *Night) Answer {
		all := n.backlog()
		quarter, month := n.trailing(90), n.monthBefore()
		onTime := func(p Period) Value {
			in, due := 0, 0
			for i := range all {
				im := &all[i]
				if im.State == postmortem.Declined && !im.Open() || im.DueAt < p.From || im.DueAt >= p.To || im.DueAt >= n.AsOf || im.DueAt == 0 {
					continue
				}
				due++
				if im.OnTime() {
					in++
				}
			}
			v := Value{Unit: Share, N: due, Period: p, Ratio: ratio(in, due)}
			if due > 0 {
				v.Number = record.Num(float64(in) / float64(due))
			}
			return v
		}
		a := Answer{Headline: onTime(quarter)}
		count := map[postmortem.State]int{}
		overdue, ready, mute, undated, open := 0, 0, 0, 0, 0
		for i := range all {
			im := &all[i]
			count[im.State]++
			open += one(im.Open())
			overdue += one(im.Overdue(n.AsOf))
			mute += one(im.State == postmortem.Declined && im.Open())
			undated += one(im.State == postmortem.Done && im.FinishedAt == 0)
			if (im.State != postmortem.Declined || im.Open()) && im.Owner != "" && im.Due != "" {
				ready++
			}
			if it := n.Find(im.Issue); it != nil {
				a.Rows = append(a.Rows, Row{Item: it, Why: im.What})
			}
		}
		kept := len(all) - count[postmortem.Declined] + mute
		now := Period{To: n.AsOf, Label: "now"}
		part := func(name, title string, v int) Part {
			return Part{Name: name, Group: "state", Title: title, Value: Value{Unit: Items, Number: record.Num(float64(v)), N: v, Period: now}}
		}
		owned := Value{Unit: Share, N: kept, Period: now, Ratio: ratio(ready, kept)}
		if kept > 0 {
			owned.Number = record.Num(float64(ready) / float64(kept))
		}
		a.Parts = []Part{
			part("open", "Open", open), part("overdue", "Overdue", overdue),
			part("proposed", "Proposed", count[postmortem.Proposed]), part("chosen", "Chosen", count[postmortem.Chosen]), part("doing", "Being done", count[postmortem.Doing]),
			part("done", "Done", count[postmortem.Done]), part("declined", "Declined", count[postmortem.Declined]),
			{Name: "owned", Group: "care", Title: "With owner and date", Value: owned},
			{Name: "last-month", Group: "period", Title: "Done on time, " + month.Label, Value: onTime(month)},
		}
		if r := a.Headline.Ratio; len(all) == 0 {
			a.Sentence = "No postmortem has decided an improvement yet."
		} else if r.Den == 0 {
			a.Sentence = fmt.Sprintf("%s open, %d overdue; none fell due in the %s.", counted(open, "improvement is", "improvements are"), overdue, quarter.Label)
		} else {
			a.Sentence = fmt.Sprintf("%s open, %d overdue; of %d that fell due in the %s, %s done on time.", counted(open, "improvement is", "improvements are"), overdue, int(r.Den), quarter.Label, counted(int(r.Num), "was", "were"))
		}
		if mute > 0 {
			a.Doubts = append(a.Doubts, fmt.Sprintf("%s declined without a reason, and open until somebody writes one down.", counted(mute, "improvement was", "improvements were")))
		}
		if undated > 0 {
			a.Doubts = append(a.Doubts, fmt.Sprintf("Of %s nobody wrote down when: done, but never on time.", counted(undated, "finished improvement", "finished improvements")))
		}
		if len(all) > 0 {
			ages := n.improvementAges(all)
			a.Parts = append(a.Parts, Part{Name: "age-p50", Group: "age", Title: "Age, half of the open ones at most", Value: secondsOf(ages, 0.5, open, now)})
			a.Charts = []Chart{questionChart(all), n.ageChart(all)}
			a.Tables = []Table{n.improvementServices(all), n.backlogTable(all)}
		}
		return a
	},
}

// questionChart counts improvements by the question they answer.
func questionChart(all []postmortem.Improvement) Chart {
	c := Chart{Name: "by-question", Title: "Improvements, by question", Kind: Stacked, Unit: Items, XUnit: Text,
		Note: "Much under Quick fix and little under Prevent is a team that gets better at putting out the same fire."}
	questions := postmortem.Questions()
	for _, q := range questions {
		c.X = append(c.X, q.Title())
	}
	if slices.ContainsFunc(all, func(i postmortem.Improvement) bool { return !slices.Contains(questions, i.Question) }) {
		questions = append(questions, postmortem.Prose)
		c.X = append(c.X, "No question")
	}
	for _, s := range []struct {
		name, title, role string
		states            []postmortem.State
	}{
		{"proposed", "Proposed", "waiting", []postmortem.State{postmortem.Proposed}},
		{"chosen", "Chosen", "active", []postmortem.State{postmortem.Chosen, postmortem.Doing}},
		{"finished", "Finished", "good", []postmortem.State{postmortem.Done}},
		{"declined", "Declined", "discarded", []postmortem.State{postmortem.Declined}},
	} {
		counts := make([]int, len(questions))
		for _, im := range all {
			if q := slices.Index(questions, im.Question); slices.Contains(s.states, im.State) {
				if q < 0 {
					q = len(questions) - 1
				}
				counts[q]++
			}
		}
		c.Lines = append(c.Lines, Series{Name: s.name, Title: s.title, Role: s.role, Values: numbers(counts)})
	}
	return c
}

// backlogTable lists every improvement.
func (n *Night) backlogTable(all []postmortem.Improvement) Table {
	t := Table{Name: "backlog", Title: "All improvements", Columns: []Column{
		{"id", "Id", Text}, {"what", "What", Text}, {"question", "Question", Text}, {"owner", "Owner", Text}, {"due", "Due", Day}, {"state", "State", Text},
		{"finished", "Finished", Day}, {"issue", "Issue", Text}, {"postmortem", "Postmortem", Text}, {"reason", "Reason", Text}}}
	text := func(s string) Cell { return Cell{Text: cmp.Or(s, "—")} }
	for i := range all {
		im := &all[i]
		state := string(im.State)
		if im.Overdue(n.AsOf) {
			state += ", overdue"
		}
		issue := text(im.Issue)
		issue.Item = n.Find(im.Issue)
		t.Rows = append(t.Rows, []Cell{text(im.ID), text(im.What), text(im.Question.Title()), text(im.Owner), text(string(im.Due)), text(state),
			text(string(im.Finished)), issue, text(im.Postmortem), text(im.Reason)})
	}
	return t
}

var preventionRatio = Metric{
	Name: "prevention-ratio", Title: "Prevention and emergencies", Chapter: "Learning", Unit: Each, Counts: "improvements for each emergency",
	Question: "Do we prevent faster than it burns?",
	Doc: "Improvements finished in a month, for each emergency created in it (items that are incidents at as-of). In a month without an emergency there is no ratio, nor where the policy has no class of the kind incident. " +
		"An improvement linked to an issue was finished when the issue was. It is not a goal: one good improvement is worth more than ten small ones. It shows whether there is any time left for them at all.",
	Measure: func(n *Night) Answer {
		months := n.months(24)
		month, texts := n.lastMonth(), n.monthBefore()
		var a Answer
		finished, burned := make([]int, len(months)), make([]int, len(months))
		done, fires, unknown := 0, 0, 0
		for _, im := range n.backlog() {
			switch {
			case im.State != postmortem.Done:
				continue
			case im.FinishedAt == 0:
				unknown++
				continue
			}
			if m := find(months, im.FinishedAt); m >= 0 {
				finished[m]++
			}
			if texts.holds(im.FinishedAt) {
				done++
				if it := n.Find(im.Issue); it != nil {
					a.Rows = append(a.Rows, Row{Item: it, Why: "finished: " + im.What})
				}
			}
		}
		for it := range n.during(append([]Period{month}, months...)...) {
			if it.Kind() != Incident {
				continue
			}
			if m := find(months, it.Created); m >= 0 {
				burned[m]++
			}
			if month.holds(it.Created) {
				fires++
				a.Rows = append(a.Rows, Row{Item: it, Why: "emergency: " + it.Title})
			}
		}
		per := func(done, fires int) record.Number {
			if fires == 0 {
				return record.Number{}
			}
			return record.Num(float64(done) / float64(fires))
		}
		a.Headline = Value{Unit: Each, Number: per(done, fires), N: fires, Period: month}
		a.Sentence = fmt.Sprintf("In %s %s finished, and %s.", month.Label, counted(done, "improvement was", "improvements were"), counted(fires, "emergency arrived", "emergencies arrived"))
		if !n.Policy.knowsEmergencies() {
			a.Headline = Value{Unit: Each, Period: month}
			a.Sentence = fmt.Sprintf("%s In %s %s finished.", noEmergencies, month.Label, counted(done, "improvement was", "improvements were"))
			return a
		}
		if !n.tells(month) {
			a.Headline = Value{Unit: Each, Period: month}
			a.Sentence = fmt.Sprintf("How many emergencies arrived in %s is not known; %s finished.", month.Label, counted(done, "improvement was", "improvements were"))
		}
		if unknown > 0 {
			a.Doubts = []string{fmt.Sprintf("Of %s nobody wrote down when: they stand in no month.", counted(unknown, "finished improvement", "finished improvements"))}
		}
		ratios := make([]record.Number, len(months))
		table := Table{Name: "months", Title: "By month", Columns: []Column{{"month", "Month", Text}, {"finished", "Improvements finished", Items}, {"emergencies", "Emergencies", Items}, {"ratio", "For each emergency", Each}}}
		for i, m := range months {
			ratios[i] = per(finished[i], burned[i])
			table.Rows = append(table.Rows, []Cell{{Text: m.title()}, num(finished[i]), num(burned[i]), {Num: ratios[i]}})
		}
		a.Charts = []Chart{
			{Name: "by-month", Title: "Improvements finished and emergencies, by month", Kind: Bar, Unit: Items, XUnit: Text, X: labels(months),
				Note:  "Where the emergencies stand higher for months, there is no time left to prevent them.",
				Lines: []Series{{Name: "finished", Title: "Improvements finished", Role: "good", Values: numbers(finished)}, {Name: "emergencies", Title: "Emergencies", Role: "bad", Values: numbers(burned)}},
				Marks: n.experiments(months), Edges: edges(months)},
			{Name: "ratio", Title: "Improvements finished for each emergency, by month", Kind: Line, Unit: Each, XUnit: Text, X: labels(months),
				Note:  "A month without an emergency has no ratio.",
				Lines: []Series{{Name: "ratio", Title: "For each emergency", Values: ratios}}, Marks: n.experiments(months), Edges: edges(months)},
		}
		a.Tables = []Table{table}
		return a
	},
}

package analysis

// Moves back in the workflow: work that was thought to be further than it was.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// bearing is what one move of an item was.
type bearing uint8

const (
	onward   bearing = iota // or to where nobody knows the place of
	back                    // to an earlier stage
	returned                // out of a pause, to where it was before or further
	reopen                  // out of done
)

// places is where each stage stands in the workflow, by version of the policy; −1 where it does not.
type places struct {
	flow Versions[[]Stage]
	of   map[*Stage][]int
}

func (p *places) at(s *Stage, version int) int {
	is, ok := p.of[s]
	if !ok {
		for _, v := range p.flow {
			is = append(is, slices.IndexFunc(v.Is, func(x Stage) bool { return x.ID == s.ID }))
		}
		p.of[s] = is
	}
	if version < 0 {
		return -1
	}
	return is[version]
}

// version is the index of the one in force at t (−1 where there is none), and whether it began in that very instant.
func (p *places) version(t record.Instant) (int, bool) {
	i := len(p.flow) - 1
	for i > 0 && p.flow[i].From > t {
		i--
	}
	return i, i > 0 && p.flow[i].From == t
}

// turns calls f for every move of the item.
func (it *Item) turns(p *places, f func(at record.Instant, from, to *Stage, t bearing)) {
	var before *Stage // the last one that was no pause
	for i := range it.Stages {
		to := it.Stages[i].Is
		if i > 0 {
			from, at := it.Stages[i-1].Is, it.Stages[i].At
			if from.Kind != Paused {
				before = from
			}
			f(at, from, to, p.bearing(at, from, to, before))
		}
	}
}

func (p *places) bearing(at record.Instant, from, to, before *Stage) bearing {
	v, began := p.version(at)
	switch {
	case from.Kind == Done && to.Kind != Done:
		return reopen
	case to.Kind == Done || began: // what a new version of the policy moves did not move
		return onward
	}
	a, b := p.at(from, v), p.at(to, v)
	if a < 0 || b < 0 || b >= a {
		return onward
	}
	if from.Kind == Paused && before != nil && before.Kind != Done {
		if was := p.at(before, v); was >= 0 && b >= was {
			return returned
		}
	}
	return back
}

// mostPairs is how many pairs of stages a chart of moves shows apart, mostMoves how many weeks.
const mostPairs, mostMoves = 7, xmrMost

var backwardMoves = Metric{
	Name: "backward-moves", Title: "Backward moves", Chapter: "Flow", Unit: PerWeek, Counts: "moves to an earlier stage",
	Question: "How often does work go back?",
	Doc: "A **backward move** leads from one stage to an earlier one in the order of the policy that was in force. Every move counts, so one item can make several. " +
		"The end of a pause is none: out of a paused stage back to where the item was before, or further, is a **return** and counted beside; to an earlier stage than that, it is a backward move. " +
		"**Reopening** (out of done) is counted apart. Moves between stages of which the policy does not know the order are not counted, nor is what a new version of the policy moved. " +
		"The headline is the mean of the last 13 whole ISO weeks that the trackers can speak for. Items whose history is missing count as far as it goes.",
	Measure: func(n *Night) Answer {
		long := n.spoken(n.wholeWeeks())
		weeks := lastOf(long, mostMoves)
		drawn := len(long) - len(weeks) // where these begin
		recent := max(0, len(long)-13)
		type pair struct{ from, to int }
		type moves struct {
			weekly        []int
			recent, total int
		}
		pairs := map[pair]*moves{}
		backs, reopens, returns := make([]int, len(long)), make([]int, len(long)), make([]int, len(long))
		of := &places{n.Policy.Flow, map[*Stage][]int{}}
		var a Answer
		unplaced := 0
		for _, it := range n.Items {
			if len(long) == 0 || len(it.Stages) < 2 || it.Stages[len(it.Stages)-1].At < long[0].From {
				continue
			}
			mine, ways := 0, []string(nil)
			it.turns(of, func(at record.Instant, from, to *Stage, t bearing) {
				if t == onward && at < weeks[0].From {
					return
				}
				w := find(long, at)
				if w < 0 {
					return
				}
				switch t {
				case onward:
					if v, _ := of.version(at); to.Kind != Done && (of.at(from, v) < 0 || of.at(to, v) < 0) {
						unplaced++
					}
				case returned:
					returns[w]++
				case reopen:
					reopens[w]++
				case back:
					backs[w]++
					if w < drawn {
						return
					}
					k := pair{n.flow.at[from], n.flow.at[to]}
					if pairs[k] == nil {
						pairs[k] = &moves{weekly: make([]int, len(weeks))}
					}
					pairs[k].weekly[w-drawn]++
					pairs[k].total++
					if w >= recent {
						pairs[k].recent++
						mine++
						ways = append(ways, from.Name+" → "+to.Name)
					}
				}
			})
			if mine > 0 {
				a.Rows = append(a.Rows, Row{Item: it, Num: record.Num(float64(mine)), Why: strings.Join(lastOf(ways, 5), ", ")})
			}
		}
		a.RowUnit = Items
		a.Rows = largestFirst(a.Rows)
		k := len(long) - recent
		a.Headline = Value{Unit: PerWeek, N: k, Period: Period{Label: lastWeeks(k)}}
		a.Sentence = "There is no whole week to look at yet."
		if k == 0 {
			return a
		}
		total := func(vs []int) (sum int) {
			for _, v := range vs[recent:] {
				sum += v
			}
			return sum
		}
		a.Headline.Number = record.Num(float64(total(backs)) / float64(k))
		a.Headline.Period.From, a.Headline.Period.To = long[recent].From, long[len(long)-1].To
		a.Sentence = fmt.Sprintf("In the %s there %s", lastWeeks(k), counted(total(backs), "backward move", "backward moves"))
		a.Sentence = strings.Replace(a.Sentence, "there ", "there "+plurally(total(backs), "was ", "were "), 1)
		if len(a.Rows) > 0 {
			a.Sentence += " of " + counted(len(a.Rows), "item", "items")
		}
		a.Sentence += fmt.Sprintf(", and %s.", counted(total(reopens), "reopening", "reopenings"))
		for _, x := range []struct {
			name, title string
			vs          []int
		}{{"backward", "Backward moves", backs}, {"reopened", "Reopened", reopens}, {"returned", "Returned from a pause", returns}} {
			a.Parts = append(a.Parts, Part{Name: x.name, Group: "move", Title: x.title, Value: countOf(total(x.vs), a.Headline.Period)})
		}
		ways := make([]pair, 0, len(pairs))
		for w := range pairs {
			ways = append(ways, w)
		}
		slices.SortFunc(ways, func(x, y pair) int {
			return cmp.Or(cmp.Compare(pairs[y].recent, pairs[x].recent), cmp.Compare(pairs[y].total, pairs[x].total), cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to))
		})
		table := Table{Name: "pairs", Title: "From where to where", Columns: []Column{{"from", "From", Text}, {"to", "Back to", Text}, {"recent", strings.ToUpper(lastWeeks(k)[:1]) + lastWeeks(k)[1:], Items}, {"all", strings.ToUpper(lastWeeks(len(weeks))[:1]) + lastWeeks(len(weeks))[1:], Items}}}
		chart := Chart{Name: "by-week", Title: "Backward moves, from where to where", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(weeks), Marks: n.experiments(weeks), Edges: edges(weeks), Note: "What goes back was further in the tracker than in truth."}
		rest := make([]int, len(weeks))
		for i, w := range ways {
			from, to, m := n.flow.stages[w.from], n.flow.stages[w.to], pairs[w]
			table.Rows = append(table.Rows, []Cell{{Text: from.Name}, {Text: to.Name}, num(m.recent), num(m.total)})
			if i < mostPairs {
				chart.Lines = append(chart.Lines, Series{Name: from.ID + "-to-" + to.ID, Title: from.Name + " → " + to.Name, Values: numbers(m.weekly)})
				continue
			}
			for j, v := range m.weekly {
				rest[j] += v
			}
		}
		if len(ways) > mostPairs {
			chart.Lines = append(chart.Lines, Series{Name: "others", Title: "Others", Values: numbers(rest)})
		}
		if unplaced > 0 {
			a.Doubts = append(a.Doubts, fmt.Sprintf("%s in the %s led from or to a stage whose place in the workflow the policy does not tell, and could not be judged.", counted(unplaced, "move", "moves"), lastWeeks(len(weeks))))
		}
		a.Charts, a.Tables = []Chart{chart}, []Table{table}
		a.Weekly = []Weekly{
			{Name: "weekly", Title: "Backward moves", Unit: Items, Weeks: long, Values: numbers(backs), Worse: 1},
			{Name: "weekly-reopened", Title: "Items reopened", Unit: Items, Weeks: long, Values: numbers(reopens), Worse: 1},
		}
		return a
	},
}

package analysis

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// TestEmergenciesCostWhatAWalkThroughEveryQuarterHourFinds walks over random histories, over a holiday and
// the change to daylight saving time, and asks of every quarter of an hour who waited for what.
func TestEmergenciesCostWhatAWalkThroughEveryQuarterHourFinds(t *testing.T) {
	p := lawfulPolicy(t)
	team := *p
	team.Team.Members = slices.Clone(p.Team.Members)
	team.Team.Members[1].Absent = []Span{{lawStart.Add(20 * 24 * time.Hour), lawStart.Add(27 * 24 * time.Hour)}}
	costly := 0
	checkUntil(t, func(t *rapid.T) {
		issues := drawIssues(t)
		if rapid.Bool().Draw(t, "ada has both hands full") { // what is drawn blindly seldom holds up anything
			for i, priority := range []string{"High", "Mid"} {
				at := lawStart.Add(time.Duration(rapid.IntRange(0, 50*24*4).Draw(t, "begun")) * 15 * time.Minute)
				issues = append(issues, record.Issue{Ref: record.Ref{Tracker: "t", ID: priority}, HistoryTo: 1, Copies: []record.Copy{{Parts: 1<<13 - 1, Key: fmt.Sprintf("HANDS-%d", i), Created: at,
					Status: record.Status{Name: "Doing"}, Priority: priority, Assignees: []record.Person{{Account: "ada"}}}}})
			}
		}
		r := lawNight(&team, issues, lawStart.Add(55*24*time.Hour))
		n := r.Night
		f := figure(r, "emergency-cost")
		const step = 15 * time.Minute
		held, most, burned := map[*Item]float64{}, map[*Item]float64{}, map[*Item]bool{} // by emergency
		waited, byClass, bound := map[*Item]float64{}, map[string]float64{}, 0.0
		for at := lawStart; at < n.AsOf; at = at.Add(step) {
			days := n.Policy.Working.Between(at, at.Add(step)).Seconds() / n.Policy.Working.Day(n.AsOf).Seconds()
			var burning []*Item
			on := map[string][]*Item{} // by who is on it
			for _, it := range n.Items {
				if it.Coarse != "" || at < it.Created || at >= it.Until || it.Classes.At(at).kind() != Incident {
					continue
				}
				st := it.Stages.At(at)
				if st.Kind == Done || st.Kind == Paused {
					continue
				}
				burning, burned[it] = append(burning, it), true
				for _, who := range it.Assignees.At(at) {
					away := slices.ContainsFunc(team.Team.Members, func(m Member) bool {
						return m.ID == who && slices.ContainsFunc(m.Absent, func(s Span) bool { return s.Holds(at) })
					})
					if st.Kind == Active && !away {
						on[who] = append(on[who], it)
					}
				}
			}
			if days == 0 {
				continue
			}
			for _, it := range n.Items {
				st := it.Stages.At(at)
				if it.Coarse != "" || at < it.Created || at >= it.Until || it.Classes.At(at).kind() == Incident || st.Kind == Done || st.Kind == Paused || it.Started == 0 || it.Started > at {
					continue
				}
				for _, fire := range burning {
					most[fire] += days
				}
				if len(burning) > 0 {
					bound += days
				}
				who := it.Assignees.At(at)
				fires := map[*Item]bool{}
				for _, w := range who {
					for _, fire := range on[w] {
						fires[fire] = true
					}
				}
				if st.Kind != Active || len(who) == 0 || slices.ContainsFunc(who, func(w string) bool { return len(on[w]) == 0 }) {
					continue
				}
				for fire := range fires {
					held[fire] += days / float64(len(fires))
				}
				waited[it] += days
				byClass[it.Classes.At(at).ClassID()] += days
			}
		}
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 1e-6 {
				t.Fatalf("%s: %v item-days, the walk finds %v", what, got, want)
			}
		}
		sum := func(by map[*Item]float64) (all float64) {
			for _, v := range by {
				all += v
			}
			return all
		}
		if len(burned) == 0 {
			if f.Headline.Number.Known || len(f.Rows) > 0 {
				t.Fatalf("nothing burned, and it cost %v", f.Headline)
			}
			return
		}
		costly += bit(sum(held) > 0)
		near("held up", f.Headline.Number.Value, sum(held))
		near("the upper bound", f.Parts[1].Value.Number.Value, bound)
		if f.Headline.Number.Value > f.Parts[1].Value.Number.Value+1e-9 {
			t.Fatalf("%v is more than its upper bound %v", f.Headline, f.Parts[1].Value)
		}
		for _, part := range f.Parts[2:] {
			near(part.Name, part.Value.Number.Value, byClass[part.Name])
			delete(byClass, part.Name)
		}
		if len(byClass) > 0 {
			t.Fatalf("classes that waited are missing: %v", byClass)
		}
		if len(f.Rows) != len(waited) {
			t.Fatalf("%d items waited, not %d", len(waited), len(f.Rows))
		}
		for _, row := range f.Rows {
			near(row.Item.Key, row.Num.Value, waited[row.Item])
		}
		if rows := f.Tables[0].Rows; len(rows) != len(burned) {
			t.Fatalf("%d emergencies burned, not %d", len(burned), len(rows))
		}
		for _, row := range f.Tables[0].Rows {
			near("held up by "+row[0].Text, row[2].Num.Value, held[row[0].Item])
			near("bound of "+row[0].Text, row[3].Num.Value, most[row[0].Item])
			if row[2].Num.Value > row[3].Num.Value+1e-9 {
				t.Fatalf("%s held up %v, more than its bound %v", row[0].Text, row[2].Num.Value, row[3].Num.Value)
			}
		}
		for i, c := range []string{"held-up", "upper-bound"} {
			months := 0.0
			for _, v := range f.Charts[0].Lines[i].Values {
				months += v.Value
			}
			near("the months of "+c, months, f.Parts[i].Value.Number.Value)
		}
	}, &costly)
}

func figure(r *Report, name string) *Figure {
	return &r.Figures[slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Name == name })]
}

// TestTheFirstOfSeveralFiresIsNamed: of those that burn in a segment the one that began first, where none does
// the next.
func TestTheFirstOfSeveralFiresIsNamed(t *testing.T) {
	p := lawfulPolicy(t)
	at := func(hour int) record.Instant { return lawStart.Add(time.Duration(hour) * time.Hour) }
	a, b, c := &Item{Look: &Look{}}, &Item{Look: &Look{}}, &Item{Look: &Look{}}
	l := newLane(p.Working, []burn{{Span{at(5), at(6)}, b}, {Span{at(1), at(8)}, a}, {Span{at(9), at(10)}, c}}, []record.Instant{at(0), at(12)})
	want := []*Item{a, a, a, c, c, nil} // from 1, 5, 6, 8, 9 and 10 o'clock on: nothing burns at 0 and 12
	if !slices.Equal(l.first, want) {
		t.Errorf("%v, not %v (a is %p, b %p, c %p)", l.first, want, a, b, c)
	}
}

package analysis

// The stages of the workflow as items passed through them, which several figures of flow are made of.

import (
	"cmp"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// ladder is every stage in its place: those in force in the policy's order, and after them, by their
// ids, all others that an item ever was in: those of earlier versions of the policy, and those that no
// stage gathers.
type ladder struct {
	stages []Stage
	at     map[*Stage]int // where in stages; versions of one stage stand at one place
}

func newLadder(flow []Stage, items []*Item) *ladder {
	l := &ladder{stages: slices.Clone(flow), at: map[*Stage]int{}}
	for _, it := range items {
		for i := range it.Stages {
			l.at[it.Stages[i].Is] = 0
		}
	}
	place := map[string]int{}
	for i := range l.stages {
		place[l.stages[i].ID] = i
	}
	var others []*Stage
	for s := range l.at {
		if _, known := place[s.ID]; !known {
			others = append(others, s)
		}
	}
	slices.SortFunc(others, func(a, b *Stage) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	for _, s := range others {
		if _, known := place[s.ID]; !known {
			place[s.ID] = len(l.stages)
			l.stages = append(l.stages, *s)
		}
	}
	for s := range l.at {
		l.at[s] = place[s.ID]
	}
	return l
}

// visits calls f for each stay of a finished item in a stage, from its creation to its end, in order. A
// stay of no length is one, too. Together they last as long as the item did.
func (it *Item) visits(f func(s *Stage, from, to record.Instant)) {
	end := len(it.Stages) - 1
	for end > 0 && it.Stages[end-1].Is.Kind == Done {
		end-- // from one done stage to the next it was finished already
	}
	for i := range end {
		f(it.Stages[i].Is, it.Stages[i].At, it.Stages[i+1].At)
	}
}

// crossings are how often a stage was entered and left.
type crossings struct{ in, out int }

// crossed counts, by place of the ladder, who entered and who left in the period. To be created is to enter.
func (n *Night) crossed(p Period) []crossings {
	cs := make([]crossings, len(n.flow.stages))
	for it := range n.during(p) {
		for i := len(it.Stages) - 1; i >= 0 && it.Stages[i].At >= p.From; i-- {
			if it.Stages[i].At >= p.To {
				continue
			}
			cs[n.flow.at[it.Stages[i].Is]].in++
			if i > 0 {
				cs[n.flow.at[it.Stages[i-1].Is]].out++
			}
		}
	}
	return cs
}

package analysis

// Cover: when nobody was, or will be, there to answer the pager.

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// CoverGap is a stretch in which nobody was on call in a role, or somebody who is not there.
type CoverGap struct {
	Rota, Role string // the rota that should have covered it, "" where several or none could have
	Span
	Absent string // the id of the member who is on shift and not there; "" where nobody is on shift
	Why    string // why that member is not there, in words that follow "is"; "" where nobody is on shift
	Beyond bool   // it goes on behind the time that is looked at: when it ends is not known
}

// Why a member who is on shift is not there.
const (
	WhyAway  = "away"
	WhyLeft  = "no longer in the team"
	WhyEarly = "not yet in the team"
	WhyTwice = "the superhero at the same time" // of a sidekick: one person is not two
)

// coverBefore is how far back gaps in cover are told. They are told as far into the future as shifts are.
const coverBefore = 90 * 24 * time.Hour

// uncoveredShifts are the gaps in cover, by their beginning. There are none before the first shift of a role,
// and for a role of which neither the pager nor the policy tells: who never declared a sidekick misses none.
// A superhero is needed at all times from then on; any other role while the policy's rota has one, or
// between the first and the last shift that the pager tells of.
func (n *Night) uncoveredShifts() []CoverGap {
	var gaps []CoverGap
	heroes := map[string][]Span{} // by who they are
	for _, role := range []string{Superhero, Sidekick} {
		var on, present []Span
		var aways []CoverGap
		rota := map[string]bool{}
		for _, s := range n.Shifts {
			if s.Role != role {
				continue
			}
			if s.Tracker != "policy" {
				rota[s.Rota] = true
			}
			shift := Span{s.From, s.To}
			on = append(on, shift)
			m, who := n.team.member(s.Person), n.team.id(s.Person)
			here := minus(shift, m.absences())
			gone := m.missing()
			if role == Superhero {
				heroes[who] = append(heroes[who], shift)
			} else if twice := union(heroes[who]); len(twice) > 0 {
				var alone []Span
				for _, h := range here {
					alone = append(alone, minus(h, twice)...)
					for _, t := range within(h, twice) {
						gone = append(gone, missing{t, WhyTwice})
					}
				}
				here = alone
			}
			present = append(present, here...)
			for _, a := range gone {
				for _, g := range within(shift, []Span{a.Span}) {
					aways = append(aways, CoverGap{Rota: s.Rota, Role: role, Span: g, Absent: who, Why: a.why})
				}
			}
		}
		on, present = union(on), union(present)
		for _, need := range n.needed(role, on) {
			for _, g := range minus(need, on) {
				gaps = append(gaps, CoverGap{Rota: n.rotaAt(g.From, rota), Role: role, Span: g})
			}
			for _, a := range aways {
				for _, g := range within(need, minus(a.Span, present)) {
					a.Span = g
					gaps = append(gaps, a)
				}
			}
		}
	}
	for i := range gaps {
		gaps[i].Beyond = gaps[i].To == n.AsOf.Add(ahead)
	}
	slices.SortStableFunc(gaps, func(a, b CoverGap) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.Role, a.Role), cmp.Compare(a.Rota, b.Rota), cmp.Compare(a.Absent, b.Absent))
	})
	return gaps
}

// needed is when somebody must be on call in a role.
func (n *Night) needed(role string, on []Span) []Span {
	if len(on) == 0 {
		return nil
	}
	window := Span{max(n.AsOf.Add(-coverBefore), on[0].From), n.AsOf.Add(ahead)}
	if role == Superhero {
		return within(window, []Span{window})
	}
	var need []Span
	for i := range n.Policy.Rota {
		if len(n.Policy.Rota[i].Is.crew(role)) > 0 {
			need = append(need, n.Policy.force(i))
		}
	}
	first, last := record.Instant(math.MaxInt64), record.Instant(0)
	for _, s := range n.Shifts {
		if s.Role == role && s.Tracker != "policy" {
			first, last = min(first, s.From), max(last, s.To)
		}
	}
	need = append(need, Span{first, last})
	return within(window, union(need))
}

// within are the parts of disjoint spans in the window.
func within(window Span, spans []Span) []Span {
	var in []Span
	for _, s := range spans {
		if s.From, s.To = max(s.From, window.From), min(s.To, window.To); s.From < s.To {
			in = append(in, s)
		}
	}
	return in
}

// rotaAt is the rota that should cover t: the policy's, else the only one that the pager tells of.
func (n *Night) rotaAt(t record.Instant, told map[string]bool) string {
	for i := range n.Policy.Rota {
		if n.Policy.force(i).Holds(t) {
			return n.Policy.Rota[i].Is.Name
		}
	}
	if len(told) == 1 {
		for name := range told {
			return name
		}
	}
	return ""
}

// missing is a time in which a member is not there, and why.
type missing struct {
	Span
	why string
}

// missing are the time before and after being of the team, and the days off between. Somebody who is no member
// is never known to be away.
func (m *Member) missing() []missing {
	if m == nil {
		return nil
	}
	all := []missing{{Span{0, m.From}, WhyEarly}}
	until := m.Until
	if until == 0 {
		until = math.MaxInt64
	}
	for _, a := range within(Span{m.From, until}, m.Absent) {
		all = append(all, missing{a, WhyAway})
	}
	return append(all, missing{Span{until, math.MaxInt64}, WhyLeft})
}

// absences are all of these together.
func (m *Member) absences() []Span {
	var all []Span
	for _, a := range m.missing() {
		all = append(all, a.Span)
	}
	return union(all)
}

// union is the same time as disjoint spans that do not touch, by their beginning.
func union(spans []Span) []Span {
	spans = slices.DeleteFunc(slices.Clone(spans), func(s Span) bool { return s.From >= s.To })
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	out := spans[:0]
	for _, s := range spans {
		if k := len(out) - 1; k >= 0 && s.From <= out[k].To {
			out[k].To = max(out[k].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// minus is what of s no span of a [union] holds.
func minus(s Span, spans []Span) []Span {
	i, _ := slices.BinarySearchFunc(spans, s.From, func(o Span, at record.Instant) int {
		if o.To <= at {
			return -1
		}
		return 1
	})
	var free []Span
	for at := s.From; at < s.To; i++ {
		if i == len(spans) || spans[i].From >= s.To {
			return append(free, Span{at, s.To})
		}
		if spans[i].From > at {
			free = append(free, Span{at, spans[i].From})
		}
		at = spans[i].To
	}
	return free
}

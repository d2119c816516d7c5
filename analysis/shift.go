package analysis

// Who is on call: the shifts of the night. What the pager or a calendar tells wins, and the policy's rota
// fills the rest.

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// ahead is how far into the future shifts are told: far enough to plan the next handovers.
const ahead = 8 * 7 * 24 * time.Hour

// OnCall are the shifts at t of a role, "" for all, superheroes first.
func (n *Night) OnCall(t record.Instant, role string) []record.Shift {
	var at []record.Shift
	for _, s := range n.Shifts {
		if s.From > t {
			break
		}
		if t < s.To && (role == "" || s.Role == role) {
			at = append(at, s)
		}
	}
	slices.SortStableFunc(at, func(a, b record.Shift) int {
		return cmp.Or(cmp.Compare(b.Role, a.Role), cmp.Compare(a.Rota, b.Rota))
	})
	return at
}

// Next is the first shift of a role, "" for any, that begins after as-of: where there is one, of somebody
// who is not on call in it already.
func (n *Night) Next(role string) (record.Shift, bool) {
	var any record.Shift
	found := false
	now := n.OnCall(n.AsOf, role)
	for _, s := range n.Shifts {
		if s.From <= n.AsOf || role != "" && s.Role != role {
			continue
		}
		if !slices.ContainsFunc(now, func(o record.Shift) bool { return n.team.id(o.Person) == n.team.id(s.Person) }) {
			return s, true
		}
		if !found {
			any, found = s, true
		}
	}
	return any, found
}

// plan settles who is on call from the first record on to [ahead] of as-of. A plan is taken as it is known
// now: a version of the rota that begins after as-of is who will be on call then.
func (n *Night) plan(told iter.Seq[record.Shift]) {
	from, to := n.AsOf, n.AsOf.Add(ahead)
	for _, it := range n.Items {
		from = min(from, it.Created)
	}
	for _, p := range n.Pages {
		from = min(from, p.Triggered)
	}
	n.rotaFrom = from
	byRota := map[rotaRole][]record.Shift{}
	if told == nil {
		told = func(func(record.Shift) bool) {}
	}
	for s := range told {
		if s.Role == "" { // whoever is on call without a word is who gets called
			s.Role = Superhero
		}
		if s.From < s.To && s.Person.Known() && s.To > from && s.From < to {
			k := rotaRole{s.Rota, s.Role}
			byRota[k] = append(byRota[k], s)
		}
	}
	n.Shifts, n.crowded = nil, 0
	covered := map[string][]Span{}
	for _, k := range sortedRotas(byRota) {
		settled, crowded := settle(byRota[k])
		n.Shifts, n.crowded = append(n.Shifts, settled...), n.crowded+crowded
		for _, s := range settled {
			covered[k.role] = append(covered[k.role], Span{s.From, s.To})
		}
	}
	for role, spans := range covered {
		covered[role] = union(spans)
	}
	for _, s := range n.Policy.Shifts(from, to) {
		for _, free := range minus(Span{s.From, s.To}, covered[s.Role]) {
			s.From, s.To = free.From, free.To
			n.Shifts = append(n.Shifts, s)
		}
	}
	slices.SortStableFunc(n.Shifts, compareShifts)
	n.Uncovered = n.uncoveredShifts()
}

// rotaRole is one role of one rota: at most one person at a time.
type rotaRole struct{ rota, role string }

func sortedRotas(m map[rotaRole][]record.Shift) []rotaRole {
	var ks []rotaRole
	for k := range m {
		ks = append(ks, k)
	}
	slices.SortFunc(ks, func(a, b rotaRole) int {
		return cmp.Or(cmp.Compare(b.role, a.role), cmp.Compare(a.rota, b.rota))
	})
	return ks
}

// settle makes the shifts of one role of one rota such that one person is on call at a time, and says how
// many had to give way. Of two that overlap, the one that was told later counts, as it stands for what
// the rota has become; of two told at once the one that begins later, as somebody who takes over for a
// night is written into the week of another.
func settle(ss []record.Shift) (settled []record.Shift, crowded int) {
	slices.SortFunc(ss, compareShifts)
	wins := func(a, b *record.Shift) bool {
		return cmp.Or(cmp.Compare(a.Updated, b.Updated), cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To), b.Ref.Compare(a.Ref)) > 0
	}
	var cuts []record.Instant
	for _, s := range ss {
		cuts = append(cuts, s.From, s.To)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var active []*record.Shift
	loser := map[*record.Shift]bool{}
	next := 0
	for i, at := range cuts[:max(0, len(cuts)-1)] {
		active = slices.DeleteFunc(active, func(s *record.Shift) bool { return s.To <= at })
		for ; next < len(ss) && ss[next].From <= at; next++ {
			active = append(active, &ss[next])
		}
		if len(active) == 0 {
			continue
		}
		best := active[0]
		for _, s := range active[1:] {
			if wins(s, best) {
				best = s
			}
		}
		for _, s := range active {
			if s != best && s.Person != best.Person {
				loser[s] = true
			}
		}
		if k := len(settled) - 1; k >= 0 && settled[k].To == at && settled[k].Ref == best.Ref {
			settled[k].To = cuts[i+1]
			continue
		}
		piece := *best
		piece.From, piece.To = at, cuts[i+1]
		settled = append(settled, piece)
	}
	return settled, len(loser)
}

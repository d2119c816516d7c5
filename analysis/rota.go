package analysis

// The rota of the policy, turned into shifts: who is the superhero when, who the sidekick.

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// The roles of a shift.
const (
	Superhero = "superhero"
	Sidekick  = "sidekick"
)

// Shifts are the stretches of the policy's rota that overlap [from, to), by their beginning. Two of one
// role never overlap. A turn lasts the rota's days from handover to handover, in local days, so that one
// over a change to daylight saving is an hour shorter. A version of the rota takes over at its own
// handover time on its date, or on its start where that is later, and the turn before it ends there. An
// override replaces whoever's turn it is.
func (p *Policy) Shifts(from, to record.Instant) []record.Shift {
	var all []record.Shift
	for i := range p.Rota {
		r, v := &p.Rota[i].Is, p.force(i)
		if v.From < to && v.To > from {
			all = append(all, p.turns(Superhero, r, v, from, to)...)
			all = append(all, p.turns(Sidekick, r, v, from, to)...)
		}
	}
	slices.SortStableFunc(all, compareShifts)
	return all
}

// force is when the i-th version of the rota puts people on call.
func (p *Policy) force(i int) Span {
	begins := func(i int) record.Instant {
		v := &p.Rota[i]
		first := v.Is.Start
		if i > 0 {
			first = max(first, calendar.DateOf(v.From, p.Zone))
		}
		return calendar.At(first, v.Is.Handover, p.Zone)
	}
	s := Span{begins(i), math.MaxInt64}
	for k := i + 1; k < len(p.Rota); k++ { // a later version may begin before one that it stands behind
		s.To = min(s.To, begins(k))
	}
	return s
}

// crew are the members who take turns in a role.
func (r *Rota) crew(role string) []string {
	if role == Sidekick {
		return r.Sidekicks
	}
	return r.Superheroes
}

// turns are the shifts of one role within force that overlap [from, to).
func (p *Policy) turns(role string, r *Rota, force Span, from, to record.Instant) []record.Shift {
	who := r.crew(role)
	if len(who) == 0 || r.Days < 1 || force.From == 0 {
		return nil
	}
	var all []record.Shift
	put := func(a, b record.Instant, id string) {
		if a, b = max(a, force.From), min(b, force.To); a < b && a < to && b > from {
			all = append(all, record.Shift{
				Ref:  record.Ref{Tracker: "policy", ID: role + " " + a.String()},
				Rota: r.Name, Role: role, Person: record.Person{Account: id}, From: a, To: b,
			})
		}
	}
	var over []Override
	for _, o := range r.Overrides {
		if o.Role == role {
			over = append(over, o)
		}
	}
	slices.SortFunc(over, func(a, b Override) int { return cmp.Compare(a.From, b.From) })

	at := func(turn int) record.Instant {
		return calendar.At(calendar.AddDays(r.Start, turn*r.Days), r.Handover, p.Zone)
	}
	// Local days are not all 24 h long, so the count begins a turn before the one that it comes to.
	turn := int(max(from, force.From).Sub(at(0))/(24*time.Hour))/r.Days - 1
	for turn = max(0, turn); ; turn++ {
		begin, end := at(turn), at(turn+1)
		if begin >= min(to, force.To) || end <= begin {
			break
		}
		free := begin
		for _, o := range over {
			if o.To <= begin || o.From >= end {
				continue
			}
			put(free, max(o.From, begin), who[turn%len(who)])
			free = max(free, min(o.To, end))
		}
		put(free, end, who[turn%len(who)])
	}
	for _, o := range over {
		put(o.From, o.To, o.Who)
	}
	return all
}

// compareShifts orders by beginning, and superheroes before sidekicks.
func compareShifts(a, b record.Shift) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.Role, a.Role), cmp.Compare(a.Rota, b.Rota), a.Ref.Compare(b.Ref))
}

package analysis

// The rota of the policy, turned into shifts: who is the superhero when, who the sidekick.

import (
	"cmp"
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

// Shifts are the stretches of the policy's rota that overlap [from, to), by their beginning. A turn
// lasts the rota's days from handover to handover, in local days, so that one over a change to
// daylight saving is an hour shorter; a new version of the rota begins its own turns, and an override
// replaces whoever's turn it is.
func (p *Policy) Shifts(from, to record.Instant) []record.Shift {
	var all []record.Shift
	for i, v := range p.Rota {
		begins, ends := from, to
		if i > 0 {
			begins = max(begins, v.From)
		}
		if i+1 < len(p.Rota) {
			ends = min(ends, p.Rota[i+1].From)
		}
		if begins < ends {
			all = append(all, p.turns(Superhero, v.Is.Superheroes, v.Is, begins, ends)...)
			all = append(all, p.turns(Sidekick, v.Is.Sidekicks, v.Is, begins, ends)...)
		}
	}
	slices.SortStableFunc(all, func(a, b record.Shift) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.Role, a.Role))
	})
	return all
}

// turns are the shifts of one role that overlap [from, to), whole.
func (p *Policy) turns(role string, who []string, r Rota, from, to record.Instant) []record.Shift {
	if len(who) == 0 || r.Days < 1 {
		return nil
	}
	var all []record.Shift
	put := func(a, b record.Instant, id string) {
		if a < b && a < to && b > from {
			all = append(all, record.Shift{
				Ref:  record.Ref{Tracker: "policy", ID: role + " " + a.String()},
				Rota: r.Name, Role: role, Person: record.Person{Account: id}, From: a, To: b,
			})
		}
	}
	at := func(turn int) record.Instant {
		d, err := time.Parse(time.DateOnly, string(calendar.AddDays(r.Start, turn*r.Days)))
		if err != nil {
			return 0
		}
		return record.At(time.Date(d.Year(), d.Month(), d.Day(), 0, int(r.Handover/time.Minute), 0, 0, p.Zone))
	}
	over := slices.Clone(r.Overrides)
	over = slices.DeleteFunc(over, func(o Override) bool { return o.Role != role })
	slices.SortFunc(over, func(a, b Override) int { return cmp.Compare(a.From, b.From) })
	for turn := max(0, int(from.Sub(at(0))/(24*time.Hour))/r.Days-1); ; turn++ {
		begin, end := at(turn), at(turn+1)
		if begin == 0 || begin >= to {
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

package analysis

// At what hour the pager goes: whose clock a page is judged by, what is asleep on it and what is outside
// working hours (METRICS.md, section 7).

import (
	"cmp"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// responder is the member whom a page got out of bed: who acknowledged it first; else whom the pager's own
// log says it notified first; else the superhero of that hour. Nil where none of them is a member.
func (n *Night) responder(p *Page) *Member {
	for _, who := range p.AckedBy {
		if m := n.team.member(who); m != nil {
			return m
		}
	}
	for i := range p.Events {
		if e := &p.Events[i]; e.Kind == record.EventNotified && e.To.Known() {
			if m := n.team.member(e.To); m != nil {
				return m
			}
		}
	}
	for i := range n.Shifts {
		if s := &n.Shifts[i]; s.Role == Superhero && s.From <= p.Triggered && p.Triggered < s.To {
			if m := n.team.member(s.Person); m != nil {
				return m
			}
		}
	}
	return nil
}

// clockOf is the zone that a page is judged in: the responder's, where the policy gives the member one of
// their own, else the team's.
func (n *Night) clockOf(p *Page) *time.Location {
	if !n.abroad {
		return n.Zone
	}
	if m := n.responder(p); m != nil && m.Zone != nil {
		return m.Zone
	}
	return n.Zone
}

// Asleep says whether a page came in the policy's sleeping hours, on the responder's clock.
func (n *Night) Asleep(p *Page) bool { return n.Policy.Pages.asleep(p.Triggered.In(n.clockOf(p))) }

// asleep says whether t is in sleeping hours on the team's clock.
func (n *Night) asleep(t record.Instant) bool { return n.Policy.Pages.asleep(t.In(n.Zone)) }

// asleep says whether the wall clock of t stands in sleeping hours, which may go over midnight.
func (p *PagePolicy) asleep(t time.Time) bool {
	clock := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	if p.SleepFrom <= p.SleepTo {
		return p.SleepFrom <= clock && clock < p.SleepTo
	}
	return clock >= p.SleepFrom || clock < p.SleepTo
}

// OffHours says whether a page came outside the team's working hours. Somebody with a clock of their own
// works the same hours by it: the page is judged at the instant at which the team's clock shows what theirs
// showed.
func (n *Night) OffHours(p *Page) bool {
	office := n.Policy.Working
	if office == nil {
		return false
	}
	at := p.Triggered
	if zone := n.clockOf(p); zone != n.Zone {
		l := at.In(zone)
		at = record.At(time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), cmp.Or(office.Zone(), n.Zone)))
	}
	return !office.Working(at)
}

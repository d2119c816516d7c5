package analysis

// A page as it was at as-of, and by whom: what its pager's log dates at as-of or later has not happened yet, and
// what a machine did no person has done. What the log does not date stays as it is told.

import (
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// happened sets what had become of a page by as-of.
func (r *reading) happened(v *Page, p *record.Page, asOf record.Instant) {
	later := p.Events
	if k := slices.IndexFunc(p.Events, func(e record.Event) bool { return e.At >= asOf }); k != 0 && len(p.Events) > 0 {
		if k < 0 {
			k = len(p.Events)
		}
		v.Events, later = p.Events[:k:k], p.Events[k:]
	}
	v.Escalated = max(p.Escalated-steps(later), steps(v.Events))
	if p.Acked < asOf {
		r.acknowledged(v, p, later)
	}
	if p.Resolved != 0 && p.Resolved < asOf {
		v.Resolved, v.ResolvedBy, v.AutoClosed = p.Resolved, p.ResolvedBy, p.AutoClosed
	} else { // it ended later, or was reopened: the end of before stood until then
		for i := range v.Events {
			switch e := &v.Events[i]; e.Kind {
			case record.EventResolved:
				v.Resolved, v.ResolvedBy, v.AutoClosed = e.At, e.By, !e.By.Known()
			case record.EventReopened:
				v.Resolved, v.ResolvedBy, v.AutoClosed = 0, record.Person{}, false
			}
		}
	}
	if v.ResolvedBy.Known() && r.person(v.ResolvedBy) == nil {
		v.AutoClosed = true
	}
}

// acknowledged sets which people had acknowledged a page, and when the first of them did: where a machine was
// before them, only the log tells.
func (r *reading) acknowledged(v *Page, p *record.Page, later []record.Event) {
	if p.Acked == 0 && len(p.AckedBy) == 0 {
		return
	}
	r.tells[p.Tracker] = true
	v.Acked = p.Acked
	if len(p.AckedBy) == 0 {
		return
	}
	v.AckedBy = r.person(p.AckedBy[0])
	first := v.AckedBy != nil
	for _, who := range p.AckedBy[1:] {
		if r.person(who) != nil && (by(v.Events, who) || !by(later, who)) {
			v.AckedBy = append(slices.Clip(v.AckedBy), who)
		}
	}
	if first {
		return
	}
	v.Acked = 0
	for i := range v.Events {
		if e := &v.Events[i]; e.Kind == record.EventAcknowledged && e.By.Known() && r.person(e.By) != nil {
			if v.Acked = e.At; !slices.Contains(v.AckedBy, e.By) {
				v.AckedBy = append(slices.Clip(v.AckedBy), e.By)
			}
			return
		}
	}
}

// person is a list of that person alone, the same for every page; nil for a machine.
func (r *reading) person(who record.Person) []record.Person {
	list, known := r.alone[who]
	if !known {
		if !r.team.machine(who) {
			list = []record.Person{who}
		}
		r.alone[who] = list
	}
	return list
}

// by says whether a log tells that somebody acknowledged.
func by(log []record.Event, who record.Person) bool {
	return slices.ContainsFunc(log, func(e record.Event) bool { return e.Kind == record.EventAcknowledged && e.By == who })
}

// steps are the times that a page went up the path by its log; to several people at once is once.
func steps(log []record.Event) int {
	k, last := 0, record.Instant(0)
	for i := range log {
		if e := &log[i]; e.Kind == record.EventEscalated && e.At != last {
			k, last = k+1, e.At
		}
	}
	return k
}

// mergedInto is the page that one had become part of by as-of; "" for one of its own.
func mergedInto(p *record.Page, asOf record.Instant) string {
	for _, e := range slices.Backward(p.Events) { // whatever became part of it before
		if e.Kind == record.EventMerged {
			if e.At >= asOf {
				return ""
			}
			break
		}
	}
	return p.MergedInto
}

package analysis

// The way up: whom the policy's escalation path would call about a page and when, and what the pager's
// log says really happened.

import (
	"cmp"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Rung is one step of a page's way up: planned by the policy, or an event of the pager's log.
type Rung struct {
	At     record.Instant
	After  time.Duration // since the page was triggered
	Plan   *Escalate     // nil for an event
	Needed bool          // of a plan: nobody had acknowledged or resolved the page before
	Event  *record.Event // nil for a plan
}

// Climb is a page's way up: the policy's steps and the pager's events in one order, an event before the
// step of the same instant. A step that lies beyond as-of is not on it, because nobody knows yet
// whether it is needed. Without a log, the acknowledgement and the end that the page itself tells
// stand for one.
func (n *Night) Climb(p *Page) []Rung {
	over := p.Acked
	if over == 0 || p.Resolved != 0 && p.Resolved < over {
		over = p.Resolved
	}
	var rungs []Rung
	events := p.Events
	if len(events) == 0 {
		events = told(p)
	}
	for i := range events {
		e := &events[i]
		rungs = append(rungs, Rung{At: e.At, After: e.At.Sub(p.Triggered), Event: e})
	}
	for i := range n.Policy.Escalation {
		step := &n.Policy.Escalation[i]
		if at := p.Triggered.Add(step.After); at < n.AsOf {
			rungs = append(rungs, Rung{At: at, After: step.After, Plan: step, Needed: over == 0 || at < over})
		}
	}
	slices.SortStableFunc(rungs, func(a, b Rung) int { return cmp.Compare(a.At, b.At) })
	return rungs
}

// told are the events that a page tells without a log.
func told(p *Page) []record.Event {
	es := []record.Event{{At: p.Triggered, Kind: record.EventTriggered}}
	if p.Acked != 0 {
		e := record.Event{At: p.Acked, Kind: record.EventAcknowledged}
		if len(p.AckedBy) > 0 {
			e.By = p.AckedBy[0]
		}
		es = append(es, e)
	}
	if p.Resolved != 0 {
		es = append(es, record.Event{At: p.Resolved, Kind: record.EventResolved, By: p.ResolvedBy})
	}
	return es
}

// RoleOf is the role in which a person was on call at t: that of a shift, "" if they had none.
func (n *Night) RoleOf(who record.Person, t record.Instant) string {
	id := n.team.id(who)
	if id == "" {
		return ""
	}
	for _, s := range n.OnCall(t, "") {
		if n.team.id(s.Person) == id {
			return s.Role
		}
	}
	return ""
}

// Ours says whether a person is of the team.
func (n *Night) Ours(who record.Person) bool { return n.team.person(who) }

package analysis

// The first answer to an item (METRICS.md, section 1, "responded").

import (
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// respond finds the first act by a person of the team. What was set at creation, and what a machine
// did, is no answer. Histories may begin before creation, where issues were imported or clocks
// disagree: a move or a comment from then counts from creation on, as somebody had the issue in hand
// by then; an assignment has to come after it.
func (j *judge) respond(is *record.Issue, it *Item) {
	first := record.Instant(0)
	saw := func(at record.Instant, how string) {
		if at != 0 && at < it.Until && (first == 0 || at < first) {
			first = at
			j.eye.answered(how)
		}
	}
	saw(j.moved, "moved into a stage that is no queue")
	for i := range j.changes {
		ch := &j.changes[i]
		if first != 0 && ch.At >= first {
			break
		}
		if ch.Field == record.FieldAssignee && ch.To != "" && ch.At > it.Created && j.team.who(ch.By).person {
			saw(ch.At, "assigned")
		}
	}
	for _, cm := range is.Comments {
		if by := j.team.who(cm.By); by.person && by.id != it.Reporter {
			saw(cm.At, "commented")
		}
	}
	for _, p := range it.Pages {
		saw(j.acknowledged(p), "acknowledged the page")
	}
	if first != 0 {
		it.Responded = max(first, it.Created)
	}
}

// acknowledged is when somebody of the team acknowledged a page; 0 if nobody did. Where a stranger was
// before them only the pager's log tells; without one it is taken to have been then.
func (j *judge) acknowledged(p *Page) record.Instant {
	if len(p.AckedBy) == 0 || j.team.person(p.AckedBy[0]) {
		return p.Acked
	}
	for i := range p.Events {
		if e := &p.Events[i]; e.Kind == record.EventAcknowledged && j.team.person(e.By) {
			return e.At
		}
	}
	if slices.ContainsFunc(p.AckedBy, j.team.person) {
		return p.Acked
	}
	return 0
}

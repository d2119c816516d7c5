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
		if len(p.AckedBy) == 0 || slices.ContainsFunc(p.AckedBy, j.team.person) {
			saw(p.Acked, "acknowledged the page")
		}
	}
	if first != 0 {
		it.Responded = max(first, it.Created)
	}
}

package postmortem

// The backlog: every improvement of every page, as it stands.

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// IssueState is what the tracker knows of an issue that an improvement is linked to.
type IssueState struct {
	Done      bool
	Discarded bool           // done without being done: a duplicate, won't do
	Finished  record.Instant // when, if it is done
}

// Backlog gathers the improvements of all pages. One that is linked to an issue the tracker knows
// takes its state from there, whatever the page says: done when the issue is, declined when it was
// discarded, and open again when it is open. What is open comes first, by date, those without a date
// last; then by postmortem and place on the page.
func Backlog(posts []*Postmortem, state func(key string) (IssueState, bool)) []Improvement {
	var all []Improvement
	for _, p := range posts {
		for _, im := range p.Improvements {
			if im.Issue != "" {
				if is, ok := state(im.Issue); ok {
					im.follow(is, p)
				}
			}
			all = append(all, im)
		}
	}
	slices.SortStableFunc(all, func(a, b Improvement) int {
		return cmp.Or(closed(a)-closed(b), undated(a)-undated(b), cmp.Compare(a.Due, b.Due), cmp.Compare(a.Postmortem, b.Postmortem), cmp.Compare(a.Line, b.Line), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// follow takes the state of the linked issue.
func (i *Improvement) follow(is IssueState, p *Postmortem) {
	i.Linked = true
	switch {
	case is.Done && is.Discarded:
		i.State = Declined
		if i.Reason == "" {
			i.Reason = fmt.Sprintf("%s was closed without being done", i.Issue)
		}
		i.Finished, i.FinishedAt = "", 0
	case is.Done:
		i.State, i.FinishedAt = Done, is.Finished
		i.Finished = day(is.Finished, p.zone)
	default:
		if !i.State.Open() {
			i.State = Doing
		}
		i.Finished, i.FinishedAt = "", 0
	}
}

func closed(i Improvement) int {
	if i.Open() {
		return 0
	}
	return 1
}

func undated(i Improvement) int {
	if i.Due != "" {
		return 0
	}
	return 1
}

// AsOf is the pages as they could be read at one instant: those published later are left out, and
// drafts of incidents that had not begun; an improvement finished later was not finished yet. The end
// of a day is later than any instant in it.
func AsOf(posts []*Postmortem, t record.Instant) []*Postmortem {
	var known []*Postmortem
	for _, p := range posts {
		if p.At >= t && p.At != 0 || p.began() >= t {
			continue
		}
		late := func(im Improvement) bool { return im.FinishedAt >= t }
		if slices.ContainsFunc(p.Improvements, late) {
			earlier := *p
			earlier.Improvements = slices.Clone(p.Improvements)
			for i := range earlier.Improvements {
				if im := &earlier.Improvements[i]; late(*im) {
					im.Finished, im.FinishedAt = "", 0
					if !im.State.Open() {
						im.State = Doing
					}
				}
			}
			p = &earlier
		}
		known = append(known, p)
	}
	return known
}

// began is the first instant that the facts name; 0 where they name none.
func (p *Postmortem) began() record.Instant {
	for _, t := range []record.Instant{p.Started, p.Detected, p.Mitigated, p.Resolved} {
		if t != 0 {
			return t
		}
	}
	return 0
}

// Distinct gives pages that share an id ids of their own, in the order of their files, and complains
// of each.
func Distinct(posts []*Postmortem) []strict.Complaint {
	byFile := slices.Clone(posts)
	slices.SortStableFunc(byFile, func(a, b *Postmortem) int { return cmp.Compare(a.File, b.File) })
	owner := make(map[string]*Postmortem, len(posts))
	for _, p := range byFile {
		if owner[p.ID] == nil {
			owner[p.ID] = p
		}
	}
	var complaints []strict.Complaint
	for _, p := range byFile {
		first := owner[p.ID]
		if first == p {
			continue
		}
		id := p.ID
		for n := 2; owner[id] != nil; n++ {
			id = fmt.Sprintf("%s-%d", p.ID, n)
		}
		complaints = append(complaints, strict.Complaint{File: p.File, Line: 1, What: fmt.Sprintf(
			"the id %q is that of %s too, so this page is called %s; give it an id: of its own", p.ID, first.File, id)})
		p.rename(id)
		owner[id] = p
	}
	return complaints
}

// rename gives a page another id, and its improvements those that follow from it.
func (p *Postmortem) rename(id string) {
	for i := range p.Improvements {
		im := &p.Improvements[i]
		im.ID, im.Postmortem = id+im.ID[len(p.ID):], id
	}
	p.ID = id
}

// day is the local day of an instant.
func day(t record.Instant, zone *time.Location) record.Date {
	if t == 0 {
		return ""
	}
	return record.Date(t.In(zone).Format(time.DateOnly))
}

package paging

// Logs: what a pager's log of a page says of the page itself, and pages that are told by many lines.

import (
	"cmp"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// recount reads out of a page's events what a summary of them would say: the first acknowledgement by a
// person and who acknowledged, the last end that stands, and how often it went up the path. Whatever the
// page knew before stays where the log knows less.
func recount(p *record.Page) {
	slices.SortStableFunc(p.Events, func(x, y record.Event) int { return cmp.Compare(x.At, y.At) })
	var by []record.Person
	var acked, resolved, escalated record.Instant
	var end record.Event
	steps := 0
	for _, e := range p.Events {
		switch e.Kind {
		case record.EventAcknowledged:
			if e.By.Known() {
				if acked == 0 {
					acked = e.At
				}
				if !slices.Contains(by, e.By) {
					by = append(by, e.By)
				}
			}
		case record.EventEscalated:
			if e.At != escalated { // to several people at once is once
				steps++
			}
			escalated = e.At
		case record.EventResolved:
			resolved, end = e.At, e
		case record.EventReopened:
			resolved = 0
		}
	}
	if acked != 0 && (p.Acked == 0 || acked <= p.Acked) {
		p.Acked, p.AckedBy = acked, by
	}
	if resolved != 0 && p.Resolved == 0 {
		p.Resolved = resolved
	}
	if resolved != 0 && !p.ResolvedBy.Known() {
		p.ResolvedBy, p.AutoClosed = end.By, !end.By.Known()
	}
	p.Escalated = max(p.Escalated, steps)
}

// chronicle gathers pages that a file tells in many lines, each in the state that it had then.
type chronicle struct {
	*file
	pages map[string]*told
	order []string
	lines int
}

// told is what was told of a page so far.
type told struct {
	page  record.Page
	place string // of its first line
}

// gathered is how many lines are held at a time. A page whose lines are further apart than that is
// handed over in parts, and merges where it is saved.
const gathered = 20_000

// add takes one line's word of a page: all of it, or, with Triggered 0, only what happened to it.
func (c *chronicle) add(place string, p record.Page) {
	t := c.pages[p.ID]
	if t == nil {
		if c.pages == nil {
			c.pages = map[string]*told{}
		}
		c.pages[p.ID] = &told{p, place}
		c.order = append(c.order, p.ID)
	} else {
		events := append(t.page.Events, p.Events...)
		t.page.Events, p.Events = nil, nil
		t.page = record.MergePages(t.page, p)
		t.page.Events = events
	}
	if c.lines++; c.lines >= gathered {
		c.moves = true
		c.end()
	}
}

// end hands over what was gathered.
func (c *chronicle) end() {
	for _, id := range c.order {
		t := c.pages[id]
		t.page = record.MergePages(t.page, t.page) // an event may have been told twice
		recount(&t.page)
		switch {
		case t.page.Triggered != 0:
			c.page(t.place, t.page)
		case len(t.page.Events) > 0:
			c.part(t.page)
		}
	}
	c.pages, c.order, c.lines = nil, nil, 0
}

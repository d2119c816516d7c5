package jira

// The lists inside of an issue: links, comments, worklogs.

import (
	"github.com/firebreak/firebreak/collectors/record"
)

// issueLinks reads the links to other issues. The words are the link type's own, in the direction that
// it has from here: "blocks" or "is blocked by".
func (d *decoder) issueLinks() {
	s := &d.s
	if !s.enter('[') {
		return
	}
	for s.element() {
		if !s.enter('{') {
			continue
		}
		var name, inward, outward, from, to string
		for s.member() {
			switch string(s.name) {
			case "type":
				if !s.enter('{') {
					continue
				}
				for s.member() {
					switch string(s.name) {
					case "name":
						name = d.word()
					case "inward":
						inward = d.word()
					case "outward":
						outward = d.word()
					default:
						s.skip()
					}
				}
			case "inwardIssue":
				from = d.memberOf("key")
			case "outwardIssue":
				to = d.memberOf("key")
			default:
				s.skip()
			}
		}
		add := func(kind, key string) {
			if kind == "" {
				kind = name
			}
			if key != "" {
				d.links = append(d.links, record.Link{Kind: kind, To: key})
			}
		}
		add(inward, from)
		add(outward, to)
	}
}

// entries reads a list with its paging, {"total": 3, "comments": […]}, each entry by read, and says
// how much of the list is there.
func (d *decoder) entries(names [2]string, read func()) (e extent, have, total int) {
	s := &d.s
	if !s.enter('{') {
		return absent, 0, 0
	}
	total = -1
	for s.member() {
		switch string(s.name) {
		case "total":
			b, _ := s.text()
			total = digits(b)
		case names[0], names[1]:
			if !s.enter('[') {
				continue
			}
			e = whole
			for s.element() {
				have++
				read()
			}
		default:
			s.skip()
		}
	}
	if e == whole && total > have {
		e = partial
	}
	return e, have, total
}

// readComments reads who commented and when.
func (d *decoder) readComments(st *state) {
	s := &d.s
	lost := false
	e, have, total := d.entries([2]string{"comments", ""}, func() {
		var c record.Comment
		if !s.enter('{') {
			return
		}
		for s.member() {
			switch string(s.name) {
			case "id":
				c.ID = d.str()
			case "author":
				c.By = d.person()
			case "created":
				c.At = d.dated("comment")
			case "jsdPublic":
				c.Private = c.Private || s.kind() == 'f'
				s.skip()
			case "visibility": // restricted to a group or role
				c.Private = c.Private || s.kind() == '{'
				s.skip()
			default:
				s.skip()
			}
		}
		if c.At == 0 {
			lost = true
			return
		}
		d.comments = append(d.comments, c)
	})
	if e == partial {
		d.doubt("the export has %d of its %d comments", have, total)
	}
	if lost {
		e = partial
	}
	st.comments = e
}

// readWorklogs reads who booked how much time, and for when.
func (d *decoder) readWorklogs(st *state) {
	s := &d.s
	lost := false
	e, have, total := d.entries([2]string{"worklogs", ""}, func() {
		var w record.Worklog
		if !s.enter('{') {
			return
		}
		for s.member() {
			switch string(s.name) {
			case "id":
				w.ID = d.str()
			case "author":
				w.By = d.person()
			case "started":
				w.Started = d.dated("worklog")
			case "timeSpentSeconds":
				b, _ := s.text()
				w.Seconds = int64(max(0, digits(b)))
			default:
				s.skip()
			}
		}
		if w.Started == 0 {
			lost = true
			return
		}
		d.worklogs = append(d.worklogs, w)
	})
	if e == partial {
		d.doubt("the export has %d of its %d worklogs", have, total)
	}
	if lost {
		e = partial
	}
	st.worklogs = e
}

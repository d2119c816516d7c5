package jira

// The lists inside of an issue: links, comments, worklogs.

import (
	"slices"
	"strconv"

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

// entries reads a list with its paging, {"total": 3, "comments": […]}, each entry by read, which says
// whether it could be read, and says how much of the list is there. What an export lacks of it is doubted.
func (d *decoder) entries(thing string, names []string, read func() bool) listed {
	s := &d.s
	if !s.enter('{') {
		return listed{}
	}
	e, have, total, broken := absent, 0, -1, false
	for s.member() {
		switch name := string(s.name); {
		case name == "total":
			b, _ := s.text()
			total = digits(b)
		case slices.Contains(names, name) && s.kind() == '[':
			e = max(e, whole)
			for s.enter('['); s.element(); {
				have++
				if s.kind() != '{' {
					s.skip()
					d.doubt("one of its " + thing + "s was left out: it is no object")
					broken = true
				} else if !read() {
					broken = true
				}
			}
		default:
			s.skip()
		}
	}
	if broken {
		e = partial
	}
	if e != absent && total > have {
		if !d.live {
			d.doubt("the export has %d of its %d "+thing+"s: the others are not known; export all of them", have, total)
		}
		e = partial
	}
	return listed{e, have, total, broken}
}

// readComments reads who commented and when.
func (d *decoder) readComments() {
	s := &d.s
	d.commented = d.entries("comment", []string{"comments"}, func() bool {
		var c record.Comment
		for s.enter('{'); s.member(); {
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
			return false
		}
		if c.ID == "" {
			c.ID = unnamed(c.At, c.By, func(id string) bool {
				return slices.ContainsFunc(d.comments, func(o record.Comment) bool { return o.ID == id })
			})
		}
		d.comments = append(d.comments, c)
		return true
	})
}

// readWorklogs reads who booked how much time, and for when.
func (d *decoder) readWorklogs() {
	s := &d.s
	d.worked = d.entries("worklog", []string{"worklogs"}, func() bool {
		var w record.Worklog
		for s.enter('{'); s.member(); {
			switch string(s.name) {
			case "id":
				w.ID = d.str()
			case "author":
				w.By = d.person()
			case "started":
				w.Started = d.dated("worklog")
			case "timeSpentSeconds":
				b, _ := s.text()
				if seconds, err := strconv.ParseInt(string(b), 10, 64); err == nil {
					w.Seconds = seconds
				} else if len(b) > 0 {
					d.doubt("the time %q of one of its worklogs is no number of seconds and was read as none", cut(string(b), 40))
				}
			default:
				s.skip()
			}
		}
		if w.Started == 0 {
			return false
		}
		if w.Seconds < 0 { // nothing is missing without it
			d.doubt(negative, w.Seconds)
			return true
		}
		if w.ID == "" {
			w.ID = unnamed(w.Started, w.By, func(id string) bool {
				return slices.ContainsFunc(d.worklogs, func(o record.Worklog) bool { return o.ID == id })
			})
		}
		d.worklogs = append(d.worklogs, w)
		return true
	})
}

// negative is the doubt of time that was booked and is less than none.
const negative = "one of its worklogs was left out: its time is %d seconds"

// unnamed is an id for a comment or worklog of which an export tells none: when and whose, and numbered
// where several are alike.
func unnamed(at record.Instant, by record.Person, taken func(id string) bool) string {
	first := "at " + at.String() + " " + by.Account
	id := first
	for n := 2; taken(id); n++ {
		id = first + " " + strconv.Itoa(n)
	}
	return id
}

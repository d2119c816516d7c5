package jira

// The fields of an issue.

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// readFields reads the member "fields".
func (d *decoder) readFields(st *state) {
	s, c := &d.s, st.c
	s.enter('{')
	for s.member() {
		switch string(s.name) {
		case "summary":
			c.Title = d.str()
		case "issuetype":
			c.Type = d.named()
		case "project":
			c.Project = d.memberOf("key")
		case "status":
			st.hasStatus = d.status(&c.Status)
		case "priority":
			if d.may("{", "priority", c, record.HasPriority) {
				c.Priority = d.named()
			}
		case "resolution":
			if d.may("{", "resolution", c, record.HasResolution) {
				c.Resolution = d.named()
			}
		case "resolutiondate":
			c.Parts |= record.HasResolution
			c.Closed = d.moment("resolutiondate")
		case "created":
			n := len(d.doubts)
			c.Created = d.moment("created")
			st.hasCreated = c.Created != 0 || len(d.doubts) > n
		case "updated":
			st.hasUpdated = true
			c.Updated = d.moment("updated")
		case "duedate":
			c.Parts |= record.HasDue
			c.Due = d.day()
		case "reporter":
			if d.may("{", "reporter", c, record.HasPeople) {
				c.Reporter = d.person()
			}
		case "assignee":
			if d.may("{", "assignee", c, record.HasPeople) {
				c.Assignees = nil
				if p := d.person(); p.Known() {
					c.Assignees = []record.Person{p}
				}
			}
		case "labels":
			if d.may("[", "labels", c, record.HasLabels) {
				c.Labels = d.wordList()
			}
		case "components":
			if d.may("[", "components", c, record.HasComponents) {
				c.Components = d.wordList()
			}
		case "fixVersions":
			if d.may("[", "fixVersions", c, record.HasVersions) {
				d.versions(c)
			}
		case "description":
			if d.may(`"{`, "description", c, record.HasText) {
				c.Text = d.plain()
			}
		case "issuelinks":
			if d.may("[", "issuelinks", c, record.HasLinks) {
				d.issueLinks()
			}
		case "parent":
			c.Parts |= record.HasLinks
			if key := d.memberOf("key"); key != "" {
				d.links = append(d.links, record.Link{Kind: "parent", To: key})
			}
		case "comment":
			d.readComments()
		case "worklog":
			d.readWorklogs()
		default:
			d.custom(c)
		}
	}
}

// custom reads a field that is not one of Jira's own: it may be an SLA clock, and it may be asked for.
func (d *decoder) custom(c *record.Copy) {
	s := &d.s
	id, start := s.name, s.i
	if name, told := d.slas[string(id)]; told || s.kind() == '{' && clockwork(s.raw()) {
		s.i = start
		d.sla(c, string(id), name)
	}
	s.name, s.i = id, start
	d.asked(c)
}

// may says that a part is there to be read: a value that begins as one of the given kinds does, or null.
// Anything else is doubted, and the part is absent.
func (d *decoder) may(kinds, field string, c *record.Copy, part record.Parts) bool {
	if k := d.s.kind(); k == 'n' || strings.IndexByte(kinds, k) >= 0 {
		c.Parts |= part
		return true
	}
	d.doubt("its field " + field + " is of a kind that Jira does not write, and was left out")
	d.s.skip()
	return false
}

// asked reads a field if it is one of those asked for.
func (d *decoder) asked(c *record.Copy) {
	s := &d.s
	wants := d.fields[string(s.name)]
	if len(wants) == 0 {
		s.skip()
		return
	}
	start := s.i
	for _, w := range wants {
		s.i = start
		*w.met = true
		if w.points {
			if n, ok := d.number(); ok && (!c.Points.Known || n.Known) { // of several points fields, the last that has a value
				c.Parts |= record.HasPoints
				c.Points = n
			}
			continue
		}
		c.Parts |= record.HasFields
		if c.Fields == nil {
			c.Fields = map[string][]string{}
		}
		d.list = d.list[:0]
		d.values(0)
		if len(d.list) > 0 || c.Fields[w.alias] == nil { // several fields may have one name: of them, one that has a value
			c.Fields[w.alias] = slices.Clone(d.list)
		}
	}
}

// moment reads an instant; null and "" are none.
func (d *decoder) moment(field string) record.Instant {
	at, spelled, ok := d.instant()
	if !ok {
		d.doubt("its "+field+" date %q is not one that Jira writes, or not between 1970 and 2261; it was left empty", spelled)
	}
	return at
}

// dated reads the instant of a thing that is nothing without one, such as a comment.
func (d *decoder) dated(thing string) record.Instant {
	at, spelled, ok := d.instant()
	if !ok {
		d.doubt("one of its "+thing+"s was left out: its date %q is not one that Jira writes, or not between 1970 and 2261", spelled)
	} else if at == 0 {
		d.doubt("one of its " + thing + "s was left out: it has no date")
	}
	return at
}

func (d *decoder) instant() (at record.Instant, spelled string, ok bool) {
	if d.s.kind() == 'n' {
		d.s.skip()
		return 0, "", true
	}
	b, ok := d.s.text()
	if ok && len(b) == 0 {
		return 0, "", true
	}
	if at, ok = instant(b); !ok {
		spelled = cut(string(b), 40)
	}
	return at, spelled, ok
}

// day reads a due date.
func (d *decoder) day() record.Date {
	b, ok := d.s.text()
	if !ok || len(b) == 0 {
		return ""
	}
	day, ok := date(b)
	if !ok {
		d.doubt("its due date %q is not one that Jira writes; it was left empty", cut(string(b), 40))
	}
	return day
}

// versions reads the fix versions, with their dates where they are told.
func (d *decoder) versions(c *record.Copy) {
	s := &d.s
	c.FixVersions, c.Releases = nil, nil
	if !s.enter('[') {
		c.Parts |= record.HasReleases // null: there is none
		return
	}
	told := true // by objects; a list of names tells nothing of dates
	for s.element() {
		var r record.Release
		if s.kind() == '{' {
			r = d.release()
		} else {
			r.Name, told = d.word(), false
		}
		if r.Name != "" {
			c.FixVersions = append(c.FixVersions, r.Name)
			c.Releases = append(c.Releases, r)
		}
	}
	if !told {
		c.Releases = nil
		return
	}
	c.Parts |= record.HasReleases
}

// release reads a version: {"name", "releaseDate": "2026-04-07", "released", "archived"}.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-versions/#api-rest-api-3-version-id-get
func (d *decoder) release() (r record.Release) {
	s := &d.s
	s.enter('{')
	for s.member() {
		switch string(s.name) {
		case "name":
			r.Name = d.word()
		case "releaseDate":
			b, ok := s.text()
			if !ok || len(b) == 0 {
				continue
			}
			if r.Date, ok = date(b); !ok {
				d.doubt("the release date %q of one of its fix versions is not one that Jira writes; it was left empty", cut(string(b), 40))
			}
		case "released":
			r.Released = s.kind() == 't'
			s.skip()
		case "archived":
			r.Archived = s.kind() == 't'
			s.skip()
		default:
			s.skip()
		}
	}
	return r
}

// plain reads a description.
func (d *decoder) plain() string {
	switch d.s.kind() {
	case '{':
		return d.document()
	case '"':
		raw := d.s.raw()
		return plainWiki(string(d.beginning(raw)))
	}
	d.s.skip()
	return ""
}

// beginning is the text of a string as far as a description of it is kept: unquoting a log of a
// megabyte for its first lines would be a waste.
func (d *decoder) beginning(raw []byte) []byte {
	if len(raw) > wikiEnough {
		i := 1
		for i < wikiEnough-12 {
			k := bytes.IndexByte(raw[i:wikiEnough-12], '\\')
			if k < 0 {
				i = wikiEnough - 12
				break
			}
			if i += k + 2; raw[i-1] == 'u' {
				i += 4
			}
		}
		for raw[i]&0xC0 == 0x80 { // not inside of a character
			i++
		}
		s := &d.s
		s.buf = append(append(s.buf[:0], raw[:i]...), '"')
		raw = bytes.Clone(s.buf)
	}
	b, _ := d.s.unquote(raw)
	return b
}

// number reads story points: a number, or one in a string as some add-ons have them.
func (d *decoder) number() (record.Number, bool) {
	if d.s.kind() == 'n' {
		d.s.skip()
		return record.Number{}, true
	}
	b, ok := d.s.text()
	if ok && len(b) == 0 {
		return record.Number{}, true
	}
	n, err := strconv.ParseFloat(string(b), 64)
	if !ok || err != nil {
		d.doubt("its story points %q are no number and were left out", cut(string(b), 40))
		return record.Number{}, false
	}
	if !believable(n) {
		d.doubt(unbelievable, cut(string(b), 40))
		return record.Number{}, false
	}
	return record.Num(n), true
}

// unbelievable is the doubt of points that are not believable.
const unbelievable = "its story points %q cannot be and were left out; they are 0 to 10,000"

// believable says whether a number can be the points of an issue. One issue of 1e308 would be the sum
// of all.
func believable(points float64) bool { return points >= 0 && points <= 10_000 }

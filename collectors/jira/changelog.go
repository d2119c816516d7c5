package jira

// The changelog of an issue: who changed which field, from what to what.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-changelog-get

import (
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// changelog reads the member "changelog" of an issue, or an answer of the changelog endpoint, whose
// list is called "values". Histories come newest first from Cloud and oldest first from Server; the
// search on Cloud cuts them at 40, and then total says so.
func (d *decoder) changelog(st *state) {
	d.logged = d.entries("change", []string{"histories", "values"}, func() bool { return d.history(st) })
}

// add notes a change: the kth that comes of the nth item of its entry. Its id will be the entry's, "."
// and both numbers with two digits each, so that changes of one instant sort as they came; of a custom
// field also our name for it, so that ids stay what they are whichever fields are asked for.
func (d *decoder) add(c record.Change, n, k int) {
	if k > 99 {
		k, c.ID = 99, "+"+strconv.Itoa(k)
	}
	d.changes = append(d.changes, c)
	d.nths = append(d.nths, n*100+k)
}

// history reads one entry: what one person changed at one moment. It says whether all of it was read.
func (d *decoder) history(st *state) bool {
	s := &d.s
	first := len(d.changes)
	d.nths = d.nths[:0]
	var id []byte
	var by record.Person
	var at record.Instant
	items := 0
	for s.enter('{'); s.member(); {
		switch string(s.name) {
		case "id":
			id = s.raw()
		case "author":
			by = d.person()
		case "created":
			at = d.dated("change")
		case "items":
			if !s.enter('[') {
				continue
			}
			for ; s.element(); items++ {
				d.item(st, items)
			}
		default:
			s.skip()
		}
	}
	if at == 0 {
		d.changes = d.changes[:first]
		return false
	}
	if items > 0 && len(d.changes) == first {
		d.add(record.Change{Field: record.FieldOther}, 0, 0)
	}
	if id, _ = s.unquote(id); len(id) == 0 {
		id = []byte("at " + at.String())
	}
	d.entry = id
	for i := first; i < len(d.changes); i++ {
		c := &d.changes[i]
		c.At, c.By = at, by
		d.ids = append(append(d.ids, id...), '.')
		if n := d.nths[i-first]; n < 10000 {
			d.ids = append(d.ids, byte('0'+n/1000), byte('0'+n/100%10), byte('0'+n/10%10), byte('0'+n%10))
		} else {
			d.ids = strconv.AppendInt(d.ids, int64(n), 10)
		}
		d.ids = append(d.ids, c.ID...)
		d.idEnds = append(d.idEnds, len(d.ids))
	}
	return true
}

// item reads one change of one field, the nth of its entry, into d.changes. Fields that nobody asked
// for are left: of an entry of nothing else only that there was one is kept.
func (d *decoder) item(st *state, n int) {
	s := &d.s
	if !s.enter('{') {
		return
	}
	var field, id, from, fromText, to, toText []byte // as they are spelled in the JSON
	for s.member() {
		switch string(s.name) {
		case "field":
			field = s.raw()
		case "fieldId":
			id = s.raw()
		case "from":
			from = s.raw()
		case "fromString":
			fromText = s.raw()
		case "to":
			to = s.raw()
		case "toString":
			toText = s.raw()
		default:
			s.skip()
		}
	}
	var c record.Change
	text := func(raw []byte) string {
		b, _ := s.unquote(raw)
		return d.keep(b)
	}
	name := bare(field)
	if len(bare(id)) > 0 { // names may be in the site's language; ids are not
		name = bare(id)
	}
	switch string(name) {
	case "status":
		c.Field = record.FieldStatus
		c.FromID, c.ToID = text(from), text(to)
	case "resolution":
		c.Field = record.FieldResolution
		c.FromID, c.ToID = text(from), text(to)
	case "priority":
		c.Field = record.FieldPriority
		c.FromID, c.ToID = text(from), text(to)
	case "issuetype":
		c.Field = record.FieldType
		c.FromID, c.ToID = text(from), text(to)
	case "summary":
		c.Field = record.FieldTitle
	case "duedate": // its texts are for people: "2021-01-25 00:00:00.0"
		c.Field = record.FieldDue
		fromText, toText = from, to
	case "Key", "issuekey":
		c.Field = record.FieldKey
		st.priorKeys = append(st.priorKeys, text(fromText))
	case "assignee":
		d.pair(c, n, record.FieldAssignee, text(fromText), text(toText), text(from), text(to))
		return
	case "Component", "components":
		d.pair(c, n, record.FieldComponent, text(fromText), text(toText), "", "")
		return
	case "Fix Version", "fixVersions":
		d.pair(c, n, record.FieldFixVersion, text(fromText), text(toText), "", "")
		return
	case "labels":
		d.labels(c, n, text(fromText), text(toText))
		return
	default:
		d.askedChange(c, n, name, bare(field), fromText, toText)
		return
	}
	c.From, c.To = text(fromText), text(toText)
	if c.Field == record.FieldDue {
		c.From, c.To = cut(c.From, 10), cut(c.To, 10)
	}
	d.add(c, n, 0)
}

// askedChange reads the change of a field if it is one of those asked for.
func (d *decoder) askedChange(c record.Change, n int, id, name, from, to []byte) {
	wants := d.fields[string(id)]
	if len(wants) == 0 && len(d.names) > 0 {
		wants = d.names[string(name)]
	}
	for _, w := range wants {
		b, _ := d.s.unquote(from)
		c.From = d.keep(b)
		b, _ = d.s.unquote(to)
		c.To = d.keep(b)
		c.Field, c.ID = record.FieldPoints, ""
		if !w.points {
			c.Field, c.ID = w.field, ":"+w.alias
		}
		d.add(c, n, 0)
	}
}

// pair adds a change of a field that is a list, as a removal and an addition.
func (d *decoder) pair(c record.Change, n int, field, from, to, fromID, toID string) {
	c.Field = field
	if from != "" || fromID != "" {
		gone := c
		gone.From, gone.FromID = from, fromID
		d.add(gone, n, 0)
	}
	if to != "" || toID != "" {
		c.To, c.ToID = to, toID
		d.add(c, n, 1)
	}
}

// labels adds the changes of labels, which Jira writes as all of them before and all of them after,
// separated by blanks.
func (d *decoder) labels(c record.Change, n int, from, to string) {
	before, after := strings.Fields(from), strings.Fields(to)
	c.Field = record.FieldLabel
	k := 0
	for _, l := range before {
		if !slices.Contains(after, l) {
			c.From, c.To = l, ""
			d.add(c, n, k)
			k++
		}
	}
	for _, l := range after {
		if !slices.Contains(before, l) {
			c.From, c.To = "", l
			d.add(c, n, k)
			k++
		}
	}
}

// bare is a string as it is spelled in the JSON, without its quotes; nothing for null.
func bare(raw []byte) []byte {
	if len(raw) < 2 || raw[0] != '"' {
		return nil
	}
	return raw[1 : len(raw)-1]
}

package jira

// One row of a CSV export → record.Issue.

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

func (t *table) doubt(format string, args ...any) {
	place := t.row.Place()
	if t.key != "" {
		place += " (" + t.key + ")"
	}
	t.f.Doubt(place, format, args...)
}

// keep is a cell's text, of its own: cells are parts of their row.
func (t *table) keep(cell string) string { return t.r.dec.keep([]byte(strings.TrimSpace(cell))) }

func (t *table) moment(what, cell string) record.Instant {
	at, ok := t.dates.instant(cell)
	if !ok {
		t.doubt("its "+what+" date %q is in no known form; it was left empty; set `layout:`", cut(cell, 40))
	}
	return at
}

// issue reads a row.
func (t *table) issue() {
	is := record.Issue{Ref: record.Ref{Tracker: t.r.src.Tracker}, Copies: make([]record.Copy, 1)}
	c := &is.Copies[0]
	c.Parts = partsOf(t.columns[:min(len(t.row.Cells), len(t.columns))])
	d := &t.r.dec
	d.links = d.links[:0]
	t.key = ""
	for i, cell := range t.row.Cells[:min(len(t.row.Cells), len(t.columns))] {
		if t.columns[i].column == colKey {
			t.key = strings.Clone(strings.TrimSpace(cell))
		}
	}
	if !t.keyed() {
		return
	}
	t.ragged()
	c.Key = t.key
	var assignee record.Person
	var comments, worklogs extent
	for i, cell := range t.row.Cells[:min(len(t.row.Cells), len(t.columns))] {
		h := &t.columns[i]
		switch h.column {
		case "":
			continue
		case colComment:
			comments = whole
		case colWorklog:
			worklogs = whole
		}
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		switch h.column {
		case colID:
			is.ID = strings.Clone(cell)
		case colType:
			c.Type = t.keep(cell)
		case colTitle:
			c.Title = strings.Clone(cell)
		case colText:
			c.Text = plainWiki(cut(cell, wikiEnough))
		case colProject:
			c.Project = t.keep(cell)
		case colStatus:
			c.Status.Name = t.keep(cell)
		case colCategory:
			t.category(c, cell)
		case colPriority:
			c.Priority = t.keep(cell)
		case colResolution:
			if !among(nothing, cell) {
				c.Resolution = t.keep(cell)
			}
		case colAssignee:
			if !among(nobody, cell) {
				assignee.Name = t.keep(cell)
			}
		case colAssigneeID:
			assignee.Account = t.keep(cell)
		case colReporter:
			if !among(nobody, cell) {
				c.Reporter.Name = t.keep(cell)
			}
		case colReporterID:
			c.Reporter.Account = t.keep(cell)
		case colCreated:
			c.Created = t.moment("created", cell)
		case colUpdated:
			c.Updated = t.moment("updated", cell)
		case colClosed:
			c.Closed = t.moment("resolved", cell)
		case colDue:
			day, ok := t.dates.day(cell)
			if !ok {
				t.doubt("its due date %q is in no known form; it was left empty; set `layout:`", cut(cell, 40))
			}
			c.Due = day
		case colLabel:
			for l := range strings.FieldsSeq(cell) { // older exports have all of them in one cell
				c.Labels = append(c.Labels, t.keep(strings.TrimRight(l, ",;")))
			}
		case colComponent:
			c.Components = append(c.Components, t.keep(cell))
		case colFixVersion:
			c.FixVersions = append(c.FixVersions, t.keep(cell))
		case colPoints:
			n, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64)
			if err != nil {
				t.doubt("its story points %q are no number and were left out", cut(cell, 40))
				continue
			}
			if !believable(n) {
				t.doubt(unbelievable, cut(cell, 40))
				continue
			}
			c.Points = record.Num(n)
		case colParent:
			if isKey(cell) {
				d.links = append(d.links, record.Link{Kind: "parent", To: strings.Clone(cell)})
			}
		case colInward:
			d.links = append(d.links, record.Link{Kind: h.name + " (inward)", To: strings.Clone(cell)})
		case colOutward:
			d.links = append(d.links, record.Link{Kind: h.name, To: strings.Clone(cell)})
		case colComment:
			t.comment(&is, cell)
		case colWorklog:
			t.worklog(&is, cell)
		case colField:
			if c.Fields == nil {
				c.Fields = map[string][]string{}
			}
			for _, alias := range h.wants {
				c.Fields[alias] = append(c.Fields[alias], t.keep(cell))
			}
		}
	}
	if t.blank(colCreated) {
		t.doubt(undated)
	}
	c.Reporter = account(c.Reporter)
	if a := account(assignee); a.Known() && a.Name != "" {
		c.Assignees = []record.Person{a}
	}
	is.ID = cmp.Or(is.ID, c.Key)
	if c.Project == "" {
		c.Project = t.keep(c.Key[:strings.LastIndexByte(c.Key, '-')])
	}
	if d.site != "" {
		c.Parts |= record.HasURL
		c.URL = d.site + c.Key
	}
	if c.Parts&record.HasLinks != 0 {
		for _, a := range addresses(c.Text) {
			d.links = append(d.links, record.Link{Kind: "url", To: a})
		}
		c.Links = slices.Clone(d.links)
	}
	is.CommentsTo = d.upTo(comments, c)
	is.WorklogsTo = d.upTo(worklogs, c)
	arrange(&is)
	t.f.Issue(is)
}

// blank says whether the row says nothing in any of the columns of one kind, and there is one.
func (t *table) blank(kind column) bool {
	found := false
	for i, cell := range t.row.Cells[:min(len(t.row.Cells), len(t.columns))] {
		if t.columns[i].column == kind {
			if strings.TrimSpace(cell) != "" {
				return false
			}
			found = true
		}
	}
	return found
}

// partsOf is what a row of these columns knows.
func partsOf(columns []header) record.Parts {
	parts := record.HasCore
	for i := range columns {
		switch columns[i].column {
		case colPriority:
			parts |= record.HasPriority
		case colResolution, colClosed:
			parts |= record.HasResolution
		case colAssignee, colReporter:
			parts |= record.HasPeople
		case colLabel:
			parts |= record.HasLabels
		case colComponent:
			parts |= record.HasComponents
		case colFixVersion:
			parts |= record.HasVersions
		case colDue:
			parts |= record.HasDue
		case colPoints:
			parts |= record.HasPoints
		case colText:
			parts |= record.HasText
		case colField:
			parts |= record.HasFields
		case colInward, colOutward, colParent:
			parts |= record.HasLinks
		}
	}
	return parts
}

// keyed says whether the row has the key of an issue.
func (t *table) keyed() bool {
	switch key := t.key; {
	case isKey(key):
		return true
	case strings.HasPrefix(t.row.Cells[0], "Generated at "):
		t.f.Left("the export's own footer")
		return false
	case key == "":
		t.doubt("left out: the row has no key")
	default:
		t.key = "" // it would name nothing
		t.doubt("left out: %q is no key of an issue; is a quote missing before it?", cut(key, 40))
	}
	t.f.Left("unreadable")
	return false
}

// isKey says whether s looks like SUP-123.
func isKey(s string) bool {
	i := strings.LastIndexByte(s, '-')
	if i < 1 || i+1 == len(s) || len(s) > 255 || digits([]byte(s[i+1:min(len(s), i+19)])) < 0 || len(s)-i > 19 {
		return false
	}
	for j, c := range []byte(s[:i]) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (j == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return true
}

// ragged doubts a row that is longer or shorter than the header.
func (t *table) ragged() {
	have, want := len(t.row.Cells), len(t.columns)
	if have < want {
		t.doubt("the row has %d cells, the header %d: the last ones are not known", have, want)
	}
	for i := want; i < have; i++ {
		if strings.TrimSpace(t.row.Cells[i]) != "" {
			t.doubt("the row has %d cells, the header %d: the last ones were left out", have, want)
			return
		}
	}
}

func (t *table) category(c *record.Copy, cell string) {
	for _, k := range []string{record.Todo, record.Doing, record.Done} {
		if among(categories[k], cell) {
			c.Status.Category = k
			return
		}
	}
	t.doubt("its status category %q is not known in any language here and was left empty", cut(cell, 40))
}

// account completes a person of whom the export has only the name: Server's exports have the account's
// name there.
func account(p record.Person) record.Person {
	if p.Account == "" {
		p.Account = p.Name
	}
	return p
}

// comment reads "18/jul/26 10:52 AM;712020:b488…;text".
func (t *table) comment(is *record.Issue, cell string) {
	when, rest, _ := strings.Cut(cell, ";")
	who, _, ok := strings.Cut(rest, ";")
	at, known := t.dates.instant(when)
	if !ok || !known || at == 0 {
		t.doubt("a comment was left out: %q does not begin with a date and a person", cut(cell, 40))
		return
	}
	p := record.Person{Account: t.keep(who)}
	id := unnamed(at, p, func(id string) bool {
		return slices.ContainsFunc(is.Comments, func(c record.Comment) bool { return c.ID == id })
	})
	is.Comments = append(is.Comments, record.Comment{ID: id, At: at, By: p})
}

// worklog reads "text;15/Feb/26 4:31 PM;7ad0d71c-…;3600"; the text may have semicolons of its own.
func (t *table) worklog(is *record.Issue, cell string) {
	parts := strings.Split(cell, ";")
	n := len(parts)
	if n < 4 {
		t.doubt("a worklog was left out: %q is not text, date, person and seconds", cut(cell, 40))
		return
	}
	at, known := t.dates.instant(parts[n-3])
	seconds, err := strconv.ParseInt(strings.TrimSpace(parts[n-1]), 10, 64)
	if err == nil && seconds < 0 {
		t.doubt(negative, seconds)
		return
	}
	if !known || at == 0 || err != nil {
		t.doubt("a worklog was left out: %q is not text, date, person and seconds", cut(cell, 40))
		return
	}
	p := record.Person{Account: t.keep(parts[n-2])}
	id := unnamed(at, p, func(id string) bool {
		return slices.ContainsFunc(is.Worklogs, func(w record.Worklog) bool { return w.ID == id })
	})
	is.Worklogs = append(is.Worklogs, record.Worklog{ID: id, Started: at, Seconds: seconds, By: p})
}

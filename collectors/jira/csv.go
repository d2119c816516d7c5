package jira

// Export files in CSV: one row an issue, columns by their headers, of which the same one may come many
// times. A CSV knows no history.
// https://support.atlassian.com/jira-software-cloud/docs/export-search-results-to-microsoft-excel/

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// table is a CSV file being read.
type table struct {
	r       *reader
	f       *exports.File
	columns []header
	parts   record.Parts
	dates   dates
	row     exports.Row
	key     string
}

// csv reads a file of CSV.
func (r *reader) csv(f *exports.File) {
	t := &table{r: r, f: f, dates: dates{zone: r.src.Zone, layout: r.src.Layout}}
	for _, a := range r.asked {
		a.met = false
	}
	rows := 0
	for row := range f.Rows() {
		t.row = row
		if t.columns == nil {
			if !t.begin(row.Cells) {
				return
			}
			t.decide()
			continue
		}
		if slices.IndexFunc(row.Cells, func(c string) bool { return strings.TrimSpace(c) != "" }) < 0 {
			continue
		}
		rows++
		t.issue()
	}
	if t.columns == nil {
		return
	}
	if rows == 0 {
		f.Doubt("", "it holds no issues: it has a header and no rows")
		return
	}
	if t.dates.zoneless && t.dates.zone == nil {
		f.Doubt("", "its dates have no zone and were read as UTC; set `zone:` to the exporting person's")
	}
	if t.dates.ambiguous != "" {
		f.Doubt("", "nothing in it tells whether %q begins with the day or the month; it was read as %s; set `layout:`",
			t.dates.ambiguous, map[bool]string{true: "the day", false: "the month"}[t.dates.dayFirst])
	}
	r.sayMissed(f)
}

// begin reads the header and says whether the file is Jira's.
func (t *table) begin(cells []string) bool {
	f := t.f
	t.columns = t.r.columns(cells)
	has := func(c column) bool {
		return slices.ContainsFunc(t.columns, func(h header) bool { return h.column == c })
	}
	if !has(colKey) {
		t.columns = nil
		t.foreign(cells)
		return false
	}
	f.Kind("jira csv")
	var missing []string
	for _, c := range []column{colType, colTitle, colStatus, colCreated, colUpdated} {
		if !has(c) {
			missing = append(missing, string(c))
		}
	}
	if len(missing) > 0 {
		f.Doubt("", "it has no column that is known as %s; name them with `columns:`%s", strings.Join(missing, ", "), t.unused("; not known are ", cells))
	}
	if !has(colID) {
		f.Doubt("", "it has no column of issue ids: its issues are known by their keys, and join with no other export of them")
	}
	for c, p := range map[column]record.Parts{
		colPriority: record.HasPriority, colResolution: record.HasResolution, colClosed: record.HasResolution,
		colAssignee: record.HasPeople, colReporter: record.HasPeople, colLabel: record.HasLabels,
		colComponent: record.HasComponents, colFixVersion: record.HasVersions, colDue: record.HasDue,
		colPoints: record.HasPoints, colText: record.HasText, colField: record.HasFields,
		colInward: record.HasLinks, colOutward: record.HasLinks, colParent: record.HasLinks,
	} {
		if has(c) {
			t.parts |= p
		}
	}
	t.parts |= record.HasCore
	return true
}

// unused are the headers that nothing is known of, as many as fit in a line, after an introduction.
func (t *table) unused(intro string, cells []string) string {
	var names []string
	for i, c := range cells {
		if i < len(t.columns) && t.columns[i].column != "" {
			continue
		}
		if len(names) == 12 {
			names = append(names, "…")
			break
		}
		names = append(names, strconv.Quote(cut(c, 40)))
	}
	if len(names) == 0 {
		return ""
	}
	return intro + strings.Join(names, ", ")
}

// foreign says what a file without a column of keys may be.
func (t *table) foreign(cells []string) {
	f := t.f
	has := func(names ...string) bool {
		for _, n := range names {
			if !slices.ContainsFunc(cells, func(c string) bool { return plainHeader(c) == n }) {
				return false
			}
		}
		return true
	}
	switch {
	case has("incident_number", "service_name"), has("service", "opened on"):
		f.Kind("PagerDuty incidents")
		f.Gap("everything", "it looks like PagerDuty's CSV of incidents, which is read by `kind: pagerduty`")
	case has("params", "data"):
		f.Kind("DevLake's raw table")
		f.Gap("everything", "it looks like a raw table of DevLake; export its column data as JSON Lines")
	case len(cells) < 3:
		f.Skipped("a text", "no export")
	default:
		f.Kind("csv")
		f.Gap("everything", "no column is known as the issue's key, and this is no CSV of Jira, or in a language not known here: name the columns with `columns:`; they are "+t.unused("", cells))
	}
}

// decide looks ahead for whether the day or the month comes first in dates of three numbers.
func (t *table) decide() {
	if t.dates.layout != "" {
		return
	}
	t.f.Glance(func(f *exports.File) {
		header := true
		for row := range f.Rows() {
			if header {
				header = false
				continue
			}
			for i, c := range row.Cells[:min(len(row.Cells), len(t.columns))] {
				switch t.columns[i].column {
				case colCreated, colUpdated, colClosed:
					if !t.dates.evidence(strings.TrimSpace(c)) {
						return
					}
				}
			}
		}
	})
}

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
	c.Parts = t.parts
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
	comments := 0
	for i, cell := range t.row.Cells[:min(len(t.row.Cells), len(t.columns))] {
		h := &t.columns[i]
		switch h.column {
		case "":
			continue
		case colComment:
			comments++
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
			c.Text = plainWiki(cell[:min(len(cell), wikiEnough)])
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
	if comments > 0 {
		is.CommentsTo = d.upTo(whole, c)
	}
	arrange(&is)
	t.f.Issue(is)
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
		t.doubt("the row has %d cells, the header %d: the last ones are taken as empty", have, want)
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
	id := unique("csv "+at.String()+" "+p.Account, func(id string) bool {
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
	if !known || at == 0 || err != nil || seconds < 0 {
		t.doubt("a worklog was left out: %q is not text, date, person and seconds", cut(cell, 40))
		return
	}
	p := record.Person{Account: t.keep(parts[n-2])}
	id := unique("csv "+at.String()+" "+p.Account, func(id string) bool {
		return slices.ContainsFunc(is.Worklogs, func(w record.Worklog) bool { return w.ID == id })
	})
	is.Worklogs = append(is.Worklogs, record.Worklog{ID: id, Started: at, Seconds: seconds, By: p})
}

// unique is an id for what has none in a CSV, numbered where several are alike.
func unique(id string, taken func(string) bool) string {
	for n, first := 2, id; taken(id); n++ {
		id = first + " " + strconv.Itoa(n)
	}
	return id
}

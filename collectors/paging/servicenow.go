package paging

// ServiceNow: its incidents are issues, with the history of an audit log where there is one.
//
// Two files are read. The first is a log with a row for each update of an incident, as in the event log of
// a real company at https://archive.ics.uci.edu/dataset/498, which this was written to. The other is the
// CSV of a list of incidents, a row each, under the fields' names or the English labels; no real one was at
// hand, so its columns are those of ServiceNow's documentation ("Incident Management", "Exporting list
// data"). A file is a log if it tells at least one incident in two states; else nothing is known of any
// history, and a record's HistoryTo is 0.
//
// What is read as what (all columns: see serviceNowFields):
//
//   - number is the id: both files have it, and it never moves, while sys_id is in neither by default.
//   - incident_state, or state, is the status; see serviceNowCategory.
//   - opened_at is the creation; where there is none, sys_created_at. Closed is resolved_at, else closed_at,
//     and the resolution is closed_code, both only of an incident that is done: the log has these three on
//     every row of an incident, from its first, as they were at its end.
//   - caller_id is the reporter: opened_by is who wrote the call down. sys_updated_by is who changed it.
//   - cmdb_ci is a component. What the vocabulary has no word for, made_sla and reopen_count among them, is a
//     custom field by its column's name.
//   - An update that changes nothing of all this is record.FieldOther: a work note, as a rule.
//   - a "?" is nothing.
//
// A log alone has no title; ServiceNow has no projects, and its comments are a text that nobody can take
// apart.

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// ServiceNow is exported incidents of ServiceNow as a source.
type ServiceNow struct {
	Tracker string         // the name that the records carry
	Zone    *time.Location // of the times, which have none; nil doubts them as UTC
	exports.Set
}

// serviceNowVersion is of the reader: files read by an older one are read again.
const serviceNowVersion = "servicenow/2"

// Fetch yields the issues of the files that since doesn't know; see [exports.Set.Fetch].
func (s ServiceNow) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	zone := "none"
	if s.Zone != nil {
		zone = s.Zone.String()
	}
	s.Options = fmt.Sprintf("%s %s %s", serviceNowVersion, s.Tracker, zone)
	return s.Set.Fetch(ctx, since, s.read)
}

// serviceNowLimit is how many rows ServiceNow exports unless told otherwise (glide.ui.export.limit); it
// leaves out the rest in silence.
const serviceNowLimit = 10_000

const serviceNowAdvice = "`kind: servicenow` reads a CSV of incidents, or of their updates, with the columns number, state and opened_at or sys_updated_on"

// read reads one file.
func (s ServiceNow) read(x *exports.File) {
	l := &incidentLog{sheet: sheet{File: x, zone: s.Zone}, tracker: s.Tracker, byNumber: map[string]int{}, wordOf: map[string]word{"": 0}, words: []string{""}}
	if x.Begins("BEGIN:VCALENDAR") || x.Format() == exports.JSON {
		x.NoExport(serviceNowAdvice)
		return
	}
	rows := 0
	for r := range x.Rows() {
		switch {
		case l.column == nil:
			if !l.header(r) {
				return
			}
		case l.repeats(r.Cells) || blank(r.Cells):
		default:
			rows++
			l.update(row{&l.sheet, r})
		}
	}
	if l.column == nil {
		return
	}
	if rows == 0 && !x.Settled() {
		x.Doubt("", "the export holds no incident")
	}
	if rows == serviceNowLimit {
		x.Gap("whatever follows row "+strconv.Itoa(rows), "ServiceNow exports that many rows and no more, without saying so; export shorter spans of time")
	}
	l.finish()
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// header reads the first row, and says whether the file is read.
func (l *incidentLog) header(r exports.Row) bool {
	l.table = newTable(r.Cells)
	if l.called(serviceNowNumber) == "" || l.called(serviceNowFields[statusColumn].columns) == "" ||
		l.called(serviceNowOpened) == "" && l.called(serviceNowCreated) == "" && l.called(serviceNowUpdated) == "" {
		l.strange(r)
		return false
	}
	l.Kind("servicenow incidents")
	l.number, l.opened, l.created = l.called(serviceNowNumber), l.called(serviceNowOpened), l.called(serviceNowCreated)
	l.updated, l.by, l.mods = l.called(serviceNowUpdated), l.called(serviceNowBy), l.called([]string{"sys_mod_count", "updates"})
	l.resolved, l.closed = l.called(serviceNowResolved), l.called(serviceNowClosed)
	for i, f := range serviceNowFields {
		l.fields[i] = l.called(f.columns)
		if l.fields[i] != "" {
			l.parts |= f.part
		}
	}
	if l.resolved != "" || l.closed != "" {
		l.parts |= record.HasResolution
	}
	l.parts |= record.HasCore
	if l.updated == "" {
		l.Doubt("", "it has no column sys_updated_on: when its incidents were changed last is not known")
	}
	l.lookAtDates()
	return true
}

// called is the first of the names that is a column's, "" for none.
func (l *incidentLog) called(names []string) string {
	for _, n := range names {
		if l.has(n) {
			return n
		}
	}
	return ""
}

// strange accounts for a file that is none of ServiceNow's incidents.
func (l *incidentLog) strange(r exports.Row) {
	name, kind := foreignTable(l.table)
	for _, ft := range formats() {
		if name == "" && ft.table != nil && ft.table(l.table) {
			name, kind = ft.name, ft.tool
		}
	}
	switch {
	case kind == "servicenow":
		l.Kind(name)
		l.Gap("incidents", "it has records of ServiceNow without the columns number, state and opened_at or sys_updated_on; export them, too")
	case name != "":
		l.Kind(name)
		l.Gap("incidents", "it looks like "+name+"; read it with `kind: "+kind+"`")
	case len(r.Cells) < 3 || l.LastRow() || !l.Meant(): // a sentence with commas
		l.NoExport(serviceNowAdvice)
	default:
		l.Kind("an unknown table")
		l.Gap("incidents", "its columns are "+excerpt(strings.Join(l.names, ","), 200)+"; "+serviceNowAdvice)
	}
}

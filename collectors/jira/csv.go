package jira

// Export files in CSV: one row an issue, columns by their headers, of which the same one may come many
// times. A CSV knows no history.
// https://support.atlassian.com/jira-software-cloud/docs/export-search-results-to-microsoft-excel/

import (
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/exports"
)

// table is a CSV file being read.
type table struct {
	r       *reader
	f       *exports.File
	columns []header
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
	if !t.has(colKey) {
		t.columns = nil
		t.foreign(cells)
		return false
	}
	f.Kind("jira csv")
	var missing []string
	for _, c := range []column{colType, colTitle, colStatus, colCreated, colUpdated} {
		if !t.has(c) {
			missing = append(missing, string(c))
		}
	}
	if len(missing) > 0 {
		f.Doubt("", "it has no column that is known as %s; name them with `columns:`%s", strings.Join(missing, ", "), t.unused("; not known are ", cells))
	}
	if !t.has(colID) {
		f.Doubt("", "it has no column of issue ids: its issues are known by their keys, and join with no other export of them")
	}
	return true
}

func (t *table) has(c column) bool {
	return slices.ContainsFunc(t.columns, func(h header) bool { return h.column == c })
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
	case len(cells) < 3 || f.LastRow():
		f.NoExport("")
	case !f.Meant():
		f.Skipped("a text", "no export")
	default:
		f.Kind("csv")
		f.Gap("everything", "no column is known as the issue's key, and this is no CSV of Jira, or in a language not known here: name the columns with `columns:`; they are "+t.unused("", cells))
	}
}

// decide looks ahead for whether the day or the month comes first in dates of three numbers.
func (t *table) decide() {
	if t.dates.layout != "" || !t.has(colCreated) && !t.has(colUpdated) && !t.has(colClosed) {
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

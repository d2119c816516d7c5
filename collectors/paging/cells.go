package paging

// Cells: what a row of an export says, by the names of the columns.

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// table finds the cells of a row by the names of their columns: an export's columns come and go, and
// people rearrange them.
type table struct {
	names  []string // as they are spelled, for messages
	column map[string]int
	twice  []string
}

func newTable(header []string) table {
	t := table{column: make(map[string]int, len(header))}
	for i, name := range header {
		name = strings.TrimSpace(name)
		t.names = append(t.names, strings.Clone(name))
		if _, twice := t.column[lower(name)]; twice {
			t.twice = append(t.twice, t.names[i])
			continue
		}
		t.column[lower(t.names[i])] = i
	}
	return t
}

func lower(name string) string { return strings.ToLower(name) }

func (t table) has(name string) bool {
	_, ok := t.column[lower(name)]
	return ok
}

// columns says whether all of these are columns, whatever spaces and capital letters are in their names.
func (t table) columns(names ...string) bool {
	for _, n := range names {
		if !slices.ContainsFunc(t.names, func(column string) bool { return memberName(column) == n }) {
			return false
		}
	}
	return true
}

// missing are those of the names that are no column.
func (t table) missing(names ...string) []string {
	var m []string
	for _, n := range names {
		if !t.has(n) {
			m = append(m, n)
		}
	}
	return m
}

// repeats says whether a row is the header again, as where exports were put one after another.
func (t table) repeats(row []string) bool {
	if len(row) != len(t.names) {
		return false
	}
	for i, name := range t.names {
		if strings.TrimSpace(row[i]) != name {
			return false
		}
	}
	return true
}

// sheet is one file while it is read.
type sheet struct {
	*exports.File
	table
	zone  *time.Location // of times without one; nil is not known
	naive bool           // times without a zone were doubted

	otherwise string // how else a time could be told in this file, for the doubt of one that is not
}

// row is one row of it.
type row struct {
	*sheet
	exports.Row
}

// text is what a cell says, "" where there is nothing or no such column. It is a copy, which doesn't
// keep the row in memory.
func (r *row) text(column string) string { return strings.Clone(r.cell(column)) }

// cell is the same without copying. Columns are named in lower case.
func (r *row) cell(column string) string {
	i, ok := r.column[column]
	if !ok || i >= len(r.Cells) {
		return ""
	}
	return strings.TrimSpace(r.Cells[i])
}

func (r *row) doubt(format string, args ...any) { r.Doubt(r.Place(), format, args...) }

// ragged leaves a row out that has not as many cells as the header, and says so: which of them is missing, or
// too many, nobody knows. Empty cells beyond the header, which spreadsheets write, are none.
func (r *row) ragged() bool {
	n := len(r.Cells)
	for n > len(r.names) && strings.TrimSpace(r.Cells[n-1]) == "" {
		n--
	}
	if n != len(r.names) {
		r.leave("the row has %d cells and the header %d", len(r.Cells), len(r.names))
	}
	return n != len(r.names)
}

// leave leaves the row out.
func (r *row) leave(format string, args ...any) {
	r.Left("unreadable")
	r.doubt("left out: "+format, args...)
}

// time is an instant that a record can do without.
func (r *row) time(column string) record.Instant {
	at, ok := r.instant(column)
	if !ok {
		r.doubt("%s is %q, not a time such as 2026-03-31T14:05:00+00:00; read as none", column, r.text(column))
	}
	return at
}

// instant is what a cell says of a time, 0 for "never"; false where it is no time in a known form.
func (r *row) instant(column string) (record.Instant, bool) {
	s := r.cell(column)
	zone := r.zone
	if zone == nil {
		zone = time.UTC
	}
	at, when := instant(s, zone)
	if when == local && r.zone == nil && !r.naive {
		r.naive = true
		r.doubt("times such as %q have no zone and were read as UTC; say `zone:` of the source in firebreak.yaml", strings.Clone(s))
	}
	return at, when != nonsense
}

// seconds is a length of time in a cell, at most some thirty years.
func (r *row) seconds(column string) (time.Duration, bool) {
	n, ok := r.amount(column, "a number of seconds")
	return time.Duration(n * float64(time.Second)), ok
}

// count is a whole number in a cell; 0 where there is none.
func (r *row) count(column string) int {
	n, _ := r.amount(column, "a number")
	return int(n)
}

func (r *row) amount(column, what string) (float64, bool) {
	s := r.cell(column)
	if s == "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n >= 0 && n < 1e9) {
		r.doubt("%s is %q, not %s; read as none", column, strings.Clone(s), what)
		return 0, false
	}
	return n, true
}

// people are the accounts of two cells, ids and names. What separates several of them is rarely
// documented: commas, semicolons and bars are taken for it. A name may hold a comma itself, so names
// count only where there are as many as ids.
func (r *row) people(ids, names string) []record.Person {
	idList, nameList := split(r.text(ids)), split(r.text(names))
	if len(idList) == 1 && len(nameList) > 0 {
		nameList = []string{r.text(names)}
	}
	var all []record.Person
	for i, id := range idList {
		p := record.Person{Account: id}
		if len(nameList) == len(idList) {
			p.Name = nameList[i]
		}
		all = append(all, p)
	}
	if len(idList) == 0 {
		for _, n := range nameList {
			all = append(all, record.Person{Name: n})
		}
	}
	return all
}

func split(s string) []string {
	var list []string
	for _, part := range strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ';' || c == '|' }) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// excerpt is at most limit bytes of s, for a message.
func excerpt(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

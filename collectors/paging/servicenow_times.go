package paging

// Times in ServiceNow's exports: as somebody's settings have them, and without a zone.

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// lookAtDates finds out whether the day or the month comes first in the file's dates. Everybody's own
// settings decide that in ServiceNow, in all of yyyy-MM-dd, dd-MM-yyyy, dd/MM/yyyy, dd.MM.yyyy and MM-dd-yyyy.
func (l *incidentLog) lookAtDates() {
	columns := []string{l.opened, l.created, l.updated, l.resolved, l.closed}
	example := ""
	l.Glance(func(x *exports.File) {
		first := true
		for r := range x.Rows() {
			for _, c := range columns {
				i, ok := l.column[c]
				if first || !ok || i >= len(r.Cells) {
					continue
				}
				a, b, _, ok := threeNumbers(r.Cells[i])
				switch {
				case !ok:
				case a > 12:
					example = ""
					return
				case b > 12:
					l.monthFirst = true
					return
				default:
					example = cmp.Or(example, strings.TrimSpace(r.Cells[i]))
				}
			}
			first = false
		}
	})
	if example != "" && !l.monthFirst {
		l.Doubt("", "nothing in it tells whether %q begins with the day or the month; it was read as the day", example)
	}
}

// threeNumbers are the numbers that "29-02-2016 01:16" begins with, and what follows them.
func threeNumbers(s string) (a, b int, rest string, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) < 10 || !strings.ContainsRune("-/.", rune(s[2])) || s[5] != s[2] {
		return 0, 0, "", false
	}
	a, errA := strconv.Atoi(s[:2])
	b, errB := strconv.Atoi(s[3:5])
	return a, b, s[6:], errA == nil && errB == nil && a > 0 && b > 0
}

// when reads a time; 0 is none.
func (l *incidentLog) when(r *row, column string) record.Instant {
	s := r.cell(column)
	if column == "" || s == "?" {
		return 0
	}
	a, b, rest, ok := threeNumbers(s)
	if !ok {
		return r.time(column)
	}
	if l.monthFirst {
		a, b = b, a
	}
	zone := l.zone
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range []string{"2006 15:04:05", "2006 15:04"} {
		t, err := time.Parse(layout, rest)
		if err != nil {
			continue
		}
		day := time.Date(t.Year(), time.Month(b), a, t.Hour(), t.Minute(), t.Second(), 0, zone)
		there := time.Date(t.Year(), time.Month(b), a, 0, 0, 0, 0, time.UTC).Day() == a // not 31-02
		if b > 12 || !there || record.At(day) == 0 {
			break
		}
		if l.zone == nil && !l.naive {
			l.naive = true
			r.doubt("times such as %q have no zone and were read as UTC; say `zone:` of the source in firebreak.yaml", strings.Clone(s))
		}
		return record.At(day)
	}
	r.doubt("%s is %q, not a time such as 29-02-2016 01:16; read as none", column, strings.Clone(s))
	return 0
}

package paging

// Times: what pagers write for an instant, and for one that has not come.

import (
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// The layouts of times with their zone and without. A form such as 1/2/2026 is not among them: nobody
// can say which of its numbers is the month.
var (
	zoned    = [...]string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 UTC"}
	zoneless = [...]string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04"}
)

// when is what a cell says of a time.
type when int

const (
	never    when = iota // empty, or a date that means "not yet"
	known                // an instant
	local                // an instant, if the zone is the one assumed
	nonsense             // no time in a known form
)

// instant reads a time; one without a zone is of zone.
func instant(s string, zone *time.Location) (record.Instant, when) {
	if s == "" || s == "0" || strings.HasPrefix(s, "0001-01-01") || strings.HasPrefix(s, "1970-01-01T00:00:00") {
		return 0, never
	}
	for _, layout := range zoned {
		if t, err := time.Parse(layout, s); err == nil {
			return given(t, known)
		}
	}
	for _, layout := range zoneless {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return given(t, local)
		}
	}
	return 0, nonsense
}

// epoch reads a number as the seconds or milliseconds since 1970, 0 where it is neither: no pager knows of a
// page before the year 2000 or after 2100, and a date that is written without its dashes is no number.
func epoch(s string) record.Instant {
	const from, to = 946_684_800, 4_102_444_800 // 2000 and 2100
	n, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil:
	case n >= from && n < to:
		return record.At(time.Unix(int64(n), 0))
	case n >= from*1000 && n < to*1000:
		return record.At(time.UnixMilli(int64(n)))
	}
	return 0
}

func given(t time.Time, w when) (record.Instant, when) {
	if at := record.At(t); at != 0 {
		return at, w
	}
	return 0, nonsense
}

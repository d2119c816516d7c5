package paging

// Times: what pagers write for an instant, and for one that has not come.

import (
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

func given(t time.Time, w when) (record.Instant, when) {
	if at := record.At(t); at != 0 {
		return at, w
	}
	return 0, nonsense
}

package record

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Instant is a moment in UTC, in nanoseconds since 1970-01-01T00:00:00Z; 0 is "none". It is a number
// rather than a time.Time because a hundred thousand timelines of them are compared, subtracted and
// stored every night, and because a number has no zone to be wrong about. It reaches from 1970 to
// 2262; readers of foreign formats turn anything outside into 0 and a doubt.
type Instant int64

// At is the instant of t; the zero time, and times before 1970 or after 2261, are 0.
func At(t time.Time) Instant {
	if s := t.Unix(); s < 0 || s >= year2262 {
		return 0
	}
	return Instant(t.UnixNano())
}

const year2262 = 9_214_646_400 // in seconds since 1970

// Time is i in UTC; the zero time where i is 0.
func (i Instant) Time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(i)).UTC()
}

// In is i in loc.
func (i Instant) In(loc *time.Location) time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(i)).In(loc)
}

// Add is d after i.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d) }

// Sub is the time from o to i.
func (i Instant) Sub(o Instant) time.Duration { return time.Duration(i - o) }

// String is RFC 3339 in UTC, "" for none.
func (i Instant) String() string {
	if i == 0 {
		return ""
	}
	return i.Time().Format(time.RFC3339Nano)
}

// MarshalText writes RFC 3339 in UTC, for JSON.
func (i Instant) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (i *Instant) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = 0
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return err
	}
	*i = At(t)
	return nil
}

// Date is a local calendar day without a time, as trackers write due dates: "2006-01-02", or "".
type Date string

// ParseDate reads "2006-01-02".
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("%q is not a date; a date reads 2026-03-31", s)
	}
	return Date(s), nil
}

// Start is the first instant of the day in loc; 0 where d is no date.
func (d Date) Start(loc *time.Location) Instant { return d.midnight(loc, 0) }

// End is the instant just before the next local midnight; 0 where d is no date.
func (d Date) End(loc *time.Location) Instant {
	next := d.midnight(loc, 1)
	if next == 0 {
		return 0
	}
	return next - 1
}

func (d Date) midnight(loc *time.Location, days int) Instant {
	if d == "" {
		return 0 // most have none, and an error for each costs more than all dates
	}
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	return Midnight(t.Year(), t.Month(), t.Day()+days, loc)
}

// Midnight is the first instant of a local day: the first at which the clocks there show that day's
// 00:00 or later. Where midnight is skipped by daylight saving, that is the end of the skipped hour;
// where it happens twice, the first; a day that was skipped whole (Samoa had no 2011-12-30) begins
// where the next one does.
func Midnight(y int, m time.Month, day int, loc *time.Location) Instant {
	// time.Date promises neither which of two midnights it takes nor on which side of a skipped one it
	// lands, so this goes through the stretches of equal offset, from one in which it is certainly
	// still the day before.
	midnight := time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Unix()
	for t := time.Unix(midnight-26*60*60, 0).In(loc); ; {
		_, offset := t.Zone()
		from, until := t.ZoneBounds()
		at := time.Unix(midnight-int64(offset), 0)
		if at.Before(from) {
			at = from
		}
		// Of the last day of a leap year beyond the table of a zone, Go says that its stretch was over before it
		// (go1.26, time.tzset counts 365 days). No clocks change then.
		if until.IsZero() || at.Before(until) || !until.After(t) {
			return At(at)
		}
		t = until
	}
}

// Number is a number that may be absent, which is not the same as zero. The zero value is absent.
type Number struct {
	Known bool
	Value float64
}

// Num is a known number; NaN and infinities are absent.
func Num(v float64) Number {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Number{}
	}
	return Number{true, v + 0} // no negative zero: it would be equal to zero and yet print otherwise
}

func (n Number) String() string {
	if !n.Known {
		return ""
	}
	return strconv.FormatFloat(n.Value, 'f', -1, 64)
}

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
	if y := t.Year(); y < 1970 || y > 2261 {
		return 0
	}
	return Instant(t.UnixNano())
}

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

// Start is the first instant of the day in loc.
func (d Date) Start(loc *time.Location) Instant { return d.midnight(loc, 0) }

// End is the instant just before the next local midnight.
func (d Date) End(loc *time.Location) Instant {
	if d == "" {
		return 0
	}
	return d.midnight(loc, 1) - 1
}

func (d Date) midnight(loc *time.Location, days int) Instant {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	return Midnight(t.Year(), t.Month(), t.Day()+days, loc)
}

// Midnight is the first instant of a local day. Where midnight is skipped by daylight saving, that
// is the end of the skipped hour; where it happens twice, the first.
func Midnight(y int, m time.Month, day int, loc *time.Location) Instant {
	t := time.Date(y, m, day, 0, 0, 0, 0, loc)
	want := time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
	if t.Day() != want.Day() { // skipped: time.Date fell back into the day before
		t = t.Add(time.Hour)
		t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), 0, 0, 0, loc)
	} else if e := t.Add(-time.Hour); e.Day() == t.Day() && e.Hour() == 0 { // twice
		t = e
	}
	return At(t)
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
	return Number{true, v}
}

func (n Number) String() string {
	if !n.Known {
		return ""
	}
	return strconv.FormatFloat(n.Value, 'f', -1, 64)
}

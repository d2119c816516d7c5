package calendar

// Local days: their numbers, their beginnings, and the periods that figures are cut into.

import (
	"fmt"
	"math"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

const daySeconds = 24 * 60 * 60

// DayOf is the number of days from 1970-01-01 to d; false where d is no date.
func DayOf(d record.Date) (int, bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, false
	}
	return int(t.Unix() / daySeconds), true
}

// DayAt is the number of the local day that t lies in, counted as by [DayOf].
func DayAt(t record.Instant, zone *time.Location) int {
	l := time.Unix(0, int64(t)).In(zone)
	_, off := l.Zone()
	return floor(l.Unix()+int64(off), daySeconds)
}

func floor(a, b int64) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return int(q)
}

func weekday(day int) time.Weekday { return time.Weekday(((day+4)%7 + 7) % 7) } // 1970-01-01 was a Thursday

func dateOf(day int) record.Date {
	return record.Date(time.Unix(int64(day)*daySeconds, 0).UTC().Format(time.DateOnly))
}

// DateOf is the local day that t lies in.
func DateOf(t record.Instant, zone *time.Location) record.Date { return dateOf(DayAt(t, zone)) }

// AddDays is the day n days after d, or before it where n is negative; "" where d is no date.
func AddDays(d record.Date, n int) record.Date {
	day, ok := DayOf(d)
	if !ok {
		return ""
	}
	return dateOf(day + n)
}

// Unit is what time is cut into: [Days], [Weeks], [Months] or [Iterations].
type Unit struct {
	months bool
	days   int
	start  int // the first day of one of them
	label  func(day int) string
}

// Days are local days, labelled 2026-10-05.
func Days() Unit { return Unit{days: 1, label: func(day int) string { return string(dateOf(day)) }} }

// Weeks are ISO weeks, from Monday, labelled 2026-W41.
func Weeks() Unit {
	return Unit{days: 7, start: 4, label: func(day int) string { // 1970-01-05 was a Monday
		y, w := time.Unix(int64(day)*daySeconds, 0).UTC().ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, w)
	}}
}

// Months are calendar months, labelled 2026-10.
func Months() Unit {
	return Unit{months: true, label: func(day int) string {
		return time.Unix(int64(day)*daySeconds, 0).UTC().Format("2006-01")
	}}
}

// Iterations are the team's planning periods, days long, one of which starts on start; they reach
// back before it as well. They are labelled by their first day. Less than one day, or a start that
// is no date, gives days.
func Iterations(days int, start record.Date) Unit {
	n, ok := DayOf(start)
	if !ok || days < 1 {
		return Days()
	}
	return Unit{days: days, start: n, label: Days().label}
}

// Period is one whole day, week, month or iteration, [From, To).
type Period struct {
	From, To record.Instant
	Label    string
}

// Cut is every period of the unit that has an instant in [from, to), whole, oldest first.
func Cut(zone *time.Location, u Unit, from, to record.Instant) []Period {
	if to <= from {
		return nil
	}
	var out []Period
	w := newWall(zone, int64(from)/1e9-40*daySeconds, int64(to)/1e9+40*daySeconds)
	for day := u.first(DayAt(from, zone)); ; {
		next := u.next(day)
		p := Period{w.midnight(day), w.midnight(next), u.label(day)}
		if p.From >= to {
			return out
		}
		if p.To > max(p.From, from) { // a day may be missing from the local calendar: Samoa had no 2011-12-30
			out = append(out, p)
		}
		day = next
	}
}

// first is the first day of the period that holds day.
func (u Unit) first(day int) int {
	if u.months {
		t := time.Unix(int64(day)*daySeconds, 0).UTC()
		return day - t.Day() + 1
	}
	return u.start + floor(int64(day-u.start), int64(u.days))*u.days
}

// next is the first day of the period after the one that begins on day.
func (u Unit) next(day int) int {
	if u.months {
		t := time.Unix(int64(day)*daySeconds, 0).UTC()
		return int(time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
	}
	return day + u.days
}

// wall turns readings of a zone's wall clock into instants, for readings within a known range.
type wall []offset

// offset is a stretch of time with one distance from UTC, all in seconds.
type offset struct{ from, to, east int64 }

// newWall knows the zone's wall clock between two instants, in seconds since 1970.
func newWall(zone *time.Location, from, to int64) wall {
	var w wall
	for at := from; ; {
		t := time.Unix(at, 0).In(zone)
		_, east := t.Zone()
		o := offset{at, math.MaxInt64, int64(east)}
		if _, end := t.ZoneBounds(); !end.IsZero() {
			if o.to = end.Unix(); o.to <= at {
				// Go 1.26 says this of the last day of a leap year after 2037, as it takes years to have 365 days
				// (time/zoneinfo.go, tzset). The offset is right all the same.
				o.to = at + 3600
			}
		}
		w = append(w, o)
		if o.to >= to {
			w[len(w)-1].to = math.MaxInt64
			return w
		}
		at = o.to
	}
}

// at is the first instant, in seconds, at which the wall clock shows the reading or later. A reading
// is the seconds since 1970-01-01T00:00:00 as the clock shows them.
func (w wall) at(reading int64) int64 {
	for _, o := range w {
		if t := max(reading-o.east, o.from); t < o.to {
			return t
		}
	}
	return math.MaxInt64
}

// At is the first instant at which the clocks of a zone show that reading of the day or a later one: a
// handover at 02:30 that daylight saving skips is at the end of the skipped hour, and one that comes twice
// is at the first. The reading is after midnight, as it stands on the clock; it may be more than 24 h. 0 where d is no
// date.
func At(d record.Date, reading time.Duration, zone *time.Location) record.Instant {
	n, ok := DayOf(d)
	if !ok {
		return 0
	}
	at := int64(n)*daySeconds + int64(reading/time.Second)
	return instant(newWall(zone, at-2*daySeconds, at+2*daySeconds).at(at))
}

// midnight is the first instant of a day; of a day that the zone skipped, that of the next.
func (w wall) midnight(day int) record.Instant { return instant(w.at(int64(day) * daySeconds)) }

// instant is seconds since 1970 as an Instant, held to what an Instant reaches.
func instant(seconds int64) record.Instant {
	const last = math.MaxInt64 / int64(time.Second)
	return record.Instant(max(0, min(seconds, last)) * int64(time.Second))
}

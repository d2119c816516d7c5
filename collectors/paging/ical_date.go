package paging

// Days on a clock.

import "time"

// icalDate is a day on a clock, by its number since 1970-01-01.
type icalDate struct {
	number           int64
	year, month, day int
}

func dateAt(reading int64) icalDate {
	t := time.Unix(reading, 0).UTC()
	y, m, d := t.Date()
	return icalDate{(reading - mod(reading, 86400)) / 86400, y, int(m), d}
}

func (d icalDate) next() icalDate {
	if d.day < 28 {
		d.number, d.day = d.number+1, d.day+1
		return d
	}
	return dateAt((d.number + 1) * 86400)
}

func (d icalDate) reading() int64  { return d.number * 86400 }
func (d icalDate) time() time.Time { return time.Unix(d.reading(), 0).UTC() }
func (d icalDate) weekday() int    { return int(mod(d.number+4, 7)) } // 1970-01-01 was a Thursday
func (d icalDate) yearday() int    { return d.time().YearDay() }
func (d icalDate) daysInMonth() int {
	return time.Date(d.year, time.Month(d.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
func (d icalDate) daysInYear() int { return time.Date(d.year, 12, 31, 0, 0, 0, 0, time.UTC).YearDay() }

// mod is the rest of a division, never negative.
func mod(a, b int64) int64 { return ((a % b) + b) % b }

package main

// Time in the story: seconds since 1970, cut into ten-minute ticks from the first day to the as-of
// moment. Local hours are New York's, with both changes of the clocks.

import (
	"fmt"
	"time"
	_ "time/tzdata" // the same zone rules on every machine
)

const (
	minute  = int64(60)
	hour    = 60 * minute
	day     = 24 * hour
	tickLen = 10 * minute
)

// calendar knows which moments of the story are working hours of the office.
type calendar struct {
	zone     *time.Location
	from, to int64 // the story is [from, to)
	open     []bool
	worked   []int64 // minutes of working time from the start of the story to each tick
	closed   map[string]bool
	read     map[string]int64 // what at has read before: the same few dates are asked for all the time
}

// holidays are those of the "us" calendar that the policy names, and the days that it closes the office
// on besides.
var holidays = []string{
	"2025-05-26", "2025-06-19", "2025-07-04", "2025-09-01", "2025-10-13", "2025-11-11", "2025-11-27", "2025-12-25",
	"2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12",
	"2026-11-11", "2026-11-26", "2026-12-25",
	"2025-11-28", "2025-12-24", "2025-12-26",
}

func newCalendar() (*calendar, error) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return nil, fmt.Errorf("the story's time zone: %w", err)
	}
	c := &calendar{zone: zone, closed: map[string]bool{}, read: map[string]int64{}}
	for _, d := range holidays {
		c.closed[d] = true
	}
	c.from = c.at("2025-05-01 00:00")
	c.to = c.at("2026-11-02 06:40")
	// The tables reach half a year further, for dates that are promised beyond the end.
	n := int((c.to-c.from)/tickLen) + 200*144
	c.open = make([]bool, n)
	c.worked = make([]int64, n+1)
	for i := range n {
		t := c.local(c.from + int64(i)*tickLen)
		m := t.Hour()*60 + t.Minute()
		c.open[i] = m >= 9*60 && m < 17*60+30 && c.workday(t)
		c.worked[i+1] = c.worked[i]
		if c.open[i] {
			c.worked[i+1] += tickLen / minute
		}
	}
	return c, nil
}

// at reads a local time as the story's scripts write it. Scripts are part of this program, so a time
// that cannot be read is a mistake in it.
func (c *calendar) at(s string) int64 {
	if t, ok := c.read[s]; ok {
		return t
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, c.zone); err == nil {
			c.read[s] = t.Unix()
			return t.Unix()
		}
	}
	panic("samplegen: not a local time: " + s)
}

func (c *calendar) local(t int64) time.Time { return time.Unix(t, 0).In(c.zone) }
func (c *calendar) day(t int64) string      { return c.local(t).Format(time.DateOnly) }

func (c *calendar) workday(t time.Time) bool {
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && !c.closed[t.Format(time.DateOnly)]
}

func (c *calendar) tick(t int64) int {
	return min(max(0, int((t-c.from)/tickLen)), len(c.open)-1)
}

// isOpen says whether t lies in office hours.
func (c *calendar) isOpen(t int64) bool { return c.open[c.tick(t)] }

// work is the office minutes from the start of the story to t.
func (c *calendar) work(t int64) int64 {
	i := c.tick(t)
	w := c.worked[i]
	if c.open[i] {
		w += (t - c.from - int64(i)*tickLen) / minute
	}
	return w
}

// endOf is the last second of a local day, given as 2006-01-02.
func (c *calendar) endOf(date string) int64 {
	t := c.local(c.at(date))
	return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, c.zone).Unix() - 1
}

// addDays is a local date so many days later.
func (c *calendar) addDays(date string, n int) string {
	t := c.local(c.at(date))
	return time.Date(t.Year(), t.Month(), t.Day()+n, 12, 0, 0, 0, c.zone).Format(time.DateOnly)
}

// nextOpen is the first moment at or after t in office hours.
func (c *calendar) nextOpen(t int64) int64 {
	i := c.tick(t)
	if c.open[i] {
		return t
	}
	for i < len(c.open)-1 && !c.open[i] {
		i++
	}
	return c.from + int64(i)*tickLen
}

const workdayMinutes = 510 // 09:00–17:30

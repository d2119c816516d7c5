package calendar

// Working time by cumulative tables: a lookup is one binary search among the spells of a year, where
// walking the days costs microseconds a query (LIBRARIES.md names a library that takes 2 ms a year).

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// table is the working time of one bucket.
type table struct {
	spells []spell       // apart from one another, ascending
	total  time.Duration // of all of them
	closed []dayOff      // the days that would have had hours, ascending
}

// dayOff is a day on which nothing begins whatever its weekday.
type dayOff struct {
	day int
	why string
}

// spell is a stretch of working time.
type spell struct {
	from, to record.Instant
	before   time.Duration // working time of the bucket before from
}

// Between is W_K(a,b): the working time in [a, b); 0 where b is not after a.
func (c *Calendar) Between(a, b record.Instant) time.Duration {
	if b <= a {
		return 0
	}
	if c.always {
		return b.Sub(a)
	}
	i, j := a>>bucketBits, b>>bucketBits
	sum := c.table(int(j)).until(b) - c.table(int(i)).until(a)
	for ; i < j; i++ {
		sum += c.table(int(i)).total
	}
	return sum
}

// Add is the first instant t at which Between(a, t) reaches d: the due moment of a promise of d made
// at a. It is a where d is not positive, and 0, which is never, where that much working time does
// not come before 2262.
func (c *Calendar) Add(a record.Instant, d time.Duration) record.Instant {
	if d <= 0 {
		return a
	}
	if c.always {
		if a > math.MaxInt64-record.Instant(d) {
			return 0
		}
		return a.Add(d)
	}
	i := int(a >> bucketBits)
	t := c.table(i)
	done := t.until(a)
	for t.total-done < d {
		d -= t.total - done
		done = 0
		if i++; i == len(c.buckets) {
			return 0
		}
		t = c.table(i)
	}
	return t.reach(done + d)
}

// Working says whether t lies in working time.
func (c *Calendar) Working(t record.Instant) bool {
	if c.always {
		return true
	}
	b := c.table(int(t >> bucketBits))
	i := b.after(t)
	return i > 0 && t < b.spells[i-1].to
}

// after is the index of the first spell that begins after t.
func (b *table) after(t record.Instant) int {
	i, j := 0, len(b.spells)
	for i < j {
		if m := int(uint(i+j) >> 1); b.spells[m].from <= t {
			i = m + 1
		} else {
			j = m
		}
	}
	return i
}

// until is the bucket's working time before t.
func (b *table) until(t record.Instant) time.Duration {
	i := b.after(t)
	if i == 0 {
		return 0
	}
	s := &b.spells[i-1]
	return s.before + min(t, s.to).Sub(s.from)
}

// reach is the first instant at which the bucket's working time is d, for 0 < d ≤ total.
func (b *table) reach(d time.Duration) record.Instant {
	i, j := 0, len(b.spells)
	for i < j {
		if m := int(uint(i+j) >> 1); b.spells[m].before < d {
			i = m + 1
		} else {
			j = m
		}
	}
	s := &b.spells[i-1]
	return s.from.Add(d - s.before)
}

// table is the working time of the i-th bucket. Instants before 1970 do not exist; they fall into
// the first bucket, before all its spells.
func (c *Calendar) table(i int) *table {
	i = max(i, 0)
	if t := c.buckets[i].Load(); t != nil {
		return t
	}
	t := c.build(i)
	c.buckets[i].Store(t)
	return t
}

func (c *Calendar) build(i int) *table {
	from := record.Instant(i) << bucketBits
	to := record.Instant(math.MaxInt64)
	if i+1 < len(c.buckets) {
		to = from + 1<<bucketBits
	}
	// A night shift may reach a day into the bucket, and a day's clock be 14 hours off.
	first, last := DayAt(from, c.zone)-2, DayAt(to, c.zone)+1
	w := newWall(c.zone, int64(first-2)*daySeconds, int64(last+3)*daySeconds)
	off := c.daysOff(first, last)
	t := &table{}
	for day := first; day <= last; day++ {
		v := c.at(day)
		week := v.week[weekday(day)]
		if len(week) == 0 {
			continue
		}
		if why := off(v, day); why != "" {
			t.closed = append(t.closed, dayOff{day, why})
			continue
		}
		for _, s := range week {
			midnight := int64(day) * daySeconds
			a := instant(w.at(midnight + int64(s.From/time.Second)))
			b := instant(w.at(midnight + int64(s.end()/time.Second)))
			if a, b = max(a, from), min(b, to); a < b {
				t.spells = append(t.spells, spell{from: a, to: b})
			}
		}
	}
	slices.SortFunc(t.spells, func(a, b spell) int { return cmp.Compare(a.from, b.from) })
	joined := t.spells[:0]
	for _, s := range t.spells {
		if n := len(joined); n > 0 && s.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, s.to)
			continue
		}
		joined = append(joined, s)
	}
	for i := range joined {
		joined[i].before = t.total
		t.total += joined[i].to.Sub(joined[i].from)
	}
	t.spells = slices.Clip(joined)
	return t
}

// daysOff answers, for a version and a day between first and last, why nothing begins on it; "" if
// something may.
func (c *Calendar) daysOff(first, last int) func(v *version, day int) string {
	days := make(map[*version]map[int]string, len(c.versions))
	for i := range c.versions {
		v := &c.versions[i]
		days[v] = holidaysBetween(v.holidays, first, last)
		for _, d := range v.closed {
			days[v][d] = "closed"
		}
	}
	return func(v *version, day int) string { return days[v][day] }
}

// off is why nothing begins on a day that would have had hours; "" if it has them, or never had.
func (c *Calendar) off(day int) string {
	t := c.table(int(instant(int64(day)*daySeconds) >> bucketBits))
	if i, ok := slices.BinarySearchFunc(t.closed, day, func(o dayOff, day int) int { return cmp.Compare(o.day, day) }); ok {
		return t.closed[i].why
	}
	return ""
}

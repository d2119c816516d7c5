// Package calendar is working-time arithmetic: how much of the time between two instants a team was
// there for, and when a promise of so many working hours falls due.
//
// Its words: a [Calendar] is a zone with weekly hours, less holidays and closed days, in one or more
// [Version]s; a [Span] is one opening of a weekday, from and to after local midnight; a [Spell] is a
// stretch of real time that is wholly working or wholly not. [Calendar.Between] is W_K(a,b) of
// METRICS.md, and [Calendar.Add] its inverse.
//
// Its one rule: hours are written on a wall clock and counted in real time. The wall clock's reading
// r is taken to come at the first instant at which the clock of the zone shows r or later. So an
// opening that daylight saving skips is at the end of the skipped hour, one that happens twice is
// at the first of them, a night shift over the change has 7 or 9 real hours, and what opens at one
// reading and what closes at it always meet.
//
// Hours belong whole to the day they begin on: a night shift 22:00–06:00 of Friday is Friday's up to
// Saturday 06:00. A holiday or closed day takes away what begins on it, and a new version of the
// calendar rules over what begins from its date on.
//
// Nothing here reads a clock. A Calendar is safe for concurrent use: its tables are built when first
// asked for and never change.
package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rickar/cal/v2"

	"github.com/firebreak/firebreak/collectors/record"
)

// Span is one opening of a weekday, [From, To) after local midnight as a wall clock shows it. From is
// at least 0 and less than 24 h. A To at or before From is on the next day (22:00–06:00); To may be
// 24 h. For a whole day write 0 to 24 h: a From equal to To is refused as a slip of the pen.
type Span struct{ From, To time.Duration }

// Version is one state of a calendar.
type Version struct {
	From     record.Date   // in force for what begins on this local day or later; "" is since ever
	Week     [7][]Span     // by time.Weekday; may overlap, an hour counts once
	Holidays string        // a code that Countries lists, in any case; "" is none
	Closed   []record.Date // days off beside the holidays
	Day      time.Duration // a working day, for targets that count days; 0 is the longest day of Week
}

// Calendar is a team's working time. The zero Calendar is not usable; see [New] and [Always].
type Calendar struct {
	name     string
	zone     *time.Location
	always   bool
	versions []version
	// One table for each stretch of 2^bucketBits ns since 1970: 256 of them reach to 2262. They are
	// built when first asked for, which takes some 30 µs each, so that a program whose issues lie in
	// two years pays for two; two goroutines that build the same one build the same thing.
	buckets [1 << (63 - bucketBits)]atomic.Pointer[table]
}

const bucketBits = 55 // 417 days

type version struct {
	from     int // first day, as DayOf counts
	week     [7][]Span
	holidays []*cal.Holiday
	closed   []int // days
	day      time.Duration
}

// New makes a calendar of one or more versions, oldest first. Before the date of the first version
// the first version applies. The error names every fault, one to a line.
func New(name string, zone *time.Location, versions []Version) (*Calendar, error) {
	c := &Calendar{name: name, zone: zone}
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("calendar %s: "+format, append([]any{name}, args...)...))
	}
	if zone == nil {
		fault("has no time zone; name an IANA zone such as Europe/Berlin")
	}
	if len(versions) == 0 {
		fault("has no hours; give it a week, such as mon-fri: 09:00-17:30")
	}
	for i, v := range versions {
		w := version{from: math.MinInt, week: v.Week, day: v.Day}
		if v.From != "" {
			d, ok := DayOf(v.From)
			if !ok {
				fault("version from %q: not a date; a date reads 2026-03-31", v.From)
			}
			w.from = d
		}
		if i > 0 && w.from <= c.versions[i-1].from {
			fault("version from %q does not come after the one from %q; versions are listed oldest first", v.From, versions[i-1].From)
		}
		longest := time.Duration(0)
		for day, spans := range v.Week {
			for _, s := range spans {
				if s.From < 0 || s.From >= 24*time.Hour || s.To < 0 || s.To > 24*time.Hour {
					fault("%s %s: hours lie between 00:00 and 24:00", time.Weekday(day), s)
				} else if s.From == s.To {
					fault("%s %s has no length; a whole day is 00:00-24:00", time.Weekday(day), s)
				}
			}
			longest = max(longest, length(spans))
		}
		if longest == 0 {
			fault("version from %q has no working hours at all; a promise on it could never fall due", v.From)
		}
		if v.Day < 0 || v.Day > 24*time.Hour {
			fault("a working day of %s; it lies between 0 and 24 h", v.Day)
		}
		w.day = cmp.Or(v.Day, longest)
		if v.Holidays != "" {
			ok := false
			if w.holidays, ok = holidaysOf(v.Holidays); !ok {
				fault("no holidays are known for %q; known are %s", v.Holidays, strings.Join(Countries(), ", "))
			}
		}
		for _, d := range v.Closed {
			n, ok := DayOf(d)
			if !ok {
				fault("closed %q: not a date; a date reads 2026-03-31", d)
			}
			w.closed = append(w.closed, n)
		}
		c.versions = append(c.versions, w)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return c, nil
}

// Always is the calendar that never closes; its days are 24 h long.
func Always(zone *time.Location) *Calendar {
	c := &Calendar{name: "always", zone: zone, always: true}
	v := version{from: math.MinInt, day: 24 * time.Hour}
	for d := range v.week {
		v.week[d] = []Span{{0, 24 * time.Hour}}
	}
	c.versions = []version{v}
	return c
}

// Name is the calendar's permanent name.
func (c *Calendar) Name() string { return c.name }

// Zone is where its wall clock hangs.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Day is the length of a working day by the version in force at t: the declared one, else the longest
// of its week. A span over a change of daylight saving counts as written.
func (c *Calendar) Day(t record.Instant) time.Duration {
	if len(c.versions) == 1 {
		return c.versions[0].day
	}
	return c.at(DayAt(t, c.zone)).day
}

// WorkingDay says whether any working hours begin on the local day d: not on a weekday without
// hours, a holiday or a closed day. It is false for what is no date.
func (c *Calendar) WorkingDay(d record.Date) bool {
	n, ok := DayOf(d)
	if !ok {
		return false
	}
	return len(c.at(n).week[weekday(n)]) > 0 && c.off(n) == ""
}

// at is the version in force on a day.
func (c *Calendar) at(day int) *version {
	i := len(c.versions) - 1
	for i > 0 && c.versions[i].from > day {
		i--
	}
	return &c.versions[i]
}

// end is where the span ends after its own midnight, which may be on the next day.
func (s Span) end() time.Duration {
	if s.To <= s.From {
		return s.To + 24*time.Hour
	}
	return s.To
}

// String is the span as the policy writes it: "09:00-17:30".
func (s Span) String() string { return clock(s.From) + "-" + clock(s.To) }

func clock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// length is how long spans are together, an hour counted once.
func length(spans []Span) time.Duration {
	var sum, reached time.Duration
	sorted := slices.SortedFunc(slices.Values(spans), func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	for _, s := range sorted {
		from := max(s.From, reached)
		if s.end() > from {
			sum += s.end() - from
			reached = s.end()
		}
	}
	return sum
}

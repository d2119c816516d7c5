package paging

// Times and lengths as a calendar writes them.

import (
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// icalTime is a time as the calendar has it: what a clock shows.
type icalTime struct {
	line    int // where it stands; 0 is no time
	reading int64
	zone    *icalZone
	date    bool // a whole day
}

// seconds is the time since 1970.
func (t icalTime) seconds() int64 { return t.zone.at(t.reading) }

// instant is the same; 0 for none, and before 1970 or after 2261.
func (t icalTime) instant() record.Instant {
	if t.line == 0 {
		return 0
	}
	return record.At(time.Unix(t.seconds(), 0))
}

// icalLength is how long an event lasts: first the clock goes on so far, then so much time passes.
//
// RFC 5545 has an event that comes again with a DTEND always last as many hours as the first, which would
// move the handover of a weekly shift over each change to daylight saving. Calendar programs show its end
// at the same hour each week, and so do we.
type icalLength struct {
	clock, time int64 // seconds
}

func (l icalLength) end(start icalTime) record.Instant {
	start.reading += l.clock
	return record.At(time.Unix(start.seconds()+l.time, 0))
}

// time reads a time: an instant with Z, one in the zone of TZID, one on the clock of the source, or a day.
func (r *icalReader) time(p icalProperty, value string) (icalTime, bool) {
	value = strings.TrimSpace(value)
	s, ok := reading(value)
	if !ok || s > 9_214_646_400 || s < -12_000_000_000 { // beyond record.Instant, and before 1590: 1601 is Outlook's "since ever"
		r.Doubt(strconv.Itoa(p.line), "%s is %q, not a time such as 20260302T090000Z; read as none", p.name, excerpt(value, 40))
		return icalTime{}, false
	}
	t := icalTime{line: p.line, reading: s, date: len(value) == 8}
	name := p.param("TZID")
	switch {
	case strings.HasSuffix(value, "Z"):
		t.zone = r.zone("UTC")
	case name != "" && !t.date:
		if t.zone = r.zone(name); t.zone == nil {
			t.zone = r.floating()
			if r.strange[name] {
				break
			}
			r.strange[name] = true
			r.Doubt(strconv.Itoa(p.line), "no time zone is called %q; its times are read in %s", excerpt(name, 60), r.floatingName())
		}
	default:
		t.zone = r.floating()
		if r.file.zone == nil && r.local == nil && !r.naive {
			r.naive = true
			r.Doubt(strconv.Itoa(p.line), "times and days such as %q have no zone and were read as UTC; say `zone:` of the source in firebreak.yaml", value)
		}
	}
	return t, true
}

// floating is the clock of times without a zone: the source's, else the one that the calendar names, else
// UTC.
func (r *icalReader) floating() *icalZone {
	if r.file.zone != nil {
		if r.local == nil {
			r.local = &icalZone{loc: r.file.zone}
		}
		return r.local
	}
	if r.local != nil {
		return r.local
	}
	return r.zone("UTC")
}

func (r *icalReader) floatingName() string {
	if z := r.floating(); z.loc != nil {
		return z.loc.String()
	}
	return "the calendar's own zone"
}

// duration reads P7D, P1W, PT12H, P1DT2H30M.
func duration(s string) (icalLength, bool) {
	var l icalLength
	s, found := strings.CutPrefix(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "+"), "P")
	days, clock, _ := strings.Cut(s, "T")
	add := func(s string, units map[byte]int64, sum *int64) bool {
		n, digits := int64(0), 0
		for i := range len(s) {
			switch unit := units[s[i]]; {
			case s[i] >= '0' && s[i] <= '9' && digits < 9:
				n, digits = n*10+int64(s[i]-'0'), digits+1
			case unit > 0 && digits > 0:
				*sum, n, digits = *sum+n*unit, 0, 0
			default:
				return false
			}
		}
		return digits == 0
	}
	ok := add(days, map[byte]int64{'W': 7 * 86400, 'D': 86400}, &l.clock) && add(clock, map[byte]int64{'H': 3600, 'M': 60, 'S': 1}, &l.time)
	const century = 100 * 366 * 86400
	return l, found && ok && l.clock+l.time > 0 && l.clock < century && l.time < century
}

// utcOffset reads +0530 and -053000 as seconds.
func utcOffset(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if (len(s) != 5 && len(s) != 7) || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	var digits [6]int64
	for i, c := range []byte(s[1:]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		digits[i] = int64(c - '0')
	}
	n := (digits[0]*10+digits[1])*3600 + (digits[2]*10+digits[3])*60 + digits[4]*10 + digits[5]
	if s[0] == '-' {
		n = -n
	}
	return n, n > -26*3600 && n < 26*3600
}

// reading is what a clock shows, in seconds since 1970-01-01T00:00:00 on it: 20260302T090000, with or
// without a Z, or 20260302.
func reading(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{"20060102T150405", "20060102T150405Z", "20060102"} {
		if len(s) == len(layout) {
			if t, err := time.Parse(layout, s); err == nil {
				return t.Unix(), true
			}
		}
	}
	return 0, false
}

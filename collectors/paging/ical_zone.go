package paging

// On which clock a calendar's times stand: IANA zones, also behind a vendor's prefix; Windows' names; and
// the rules that a file brings itself, as VTIMEZONE. A name that the time zone database knows goes before
// the file's own rules, as calendar programs do it: files keep rules of years ago.

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// icalZone is a clock: a zone of the database, or the changes that a file tells.
type icalZone struct {
	loc     *time.Location
	first   int64 // seconds east of UTC before the first change
	changes []icalChange
}

// icalChange is when a clock was set, in seconds since 1970, and how many seconds east of UTC it is since.
type icalChange struct{ at, east int64 }

func (z *icalZone) east(at int64) int64 {
	if z.loc != nil {
		_, east := time.Unix(at, 0).In(z.loc).Zone()
		return int64(east)
	}
	i, found := slices.BinarySearchFunc(z.changes, at, func(c icalChange, at int64) int { return cmp.Compare(c.at, at) })
	if found {
		return z.changes[i].east
	}
	if i == 0 {
		return z.first
	}
	return z.changes[i-1].east
}

// at is when the clock shows a reading, both in seconds since 1970-01-01T00:00:00. A reading that comes
// twice is the first of them; one that is skipped is as far after the change as it would have been (RFC
// 5545, 3.3.5).
func (z *icalZone) at(reading int64) int64 {
	before := z.east(reading - 26*3600)
	at := reading - before
	if z.east(at) == before {
		return at
	}
	if after := reading - z.east(at); z.east(after) == z.east(at) {
		return after
	}
	return at
}

// icalTimezone is a VTIMEZONE.
type icalTimezone struct {
	id, location string
	observances  []icalObservance
}

// icalObservance is a STANDARD or DAYLIGHT of it.
type icalObservance struct {
	place      string
	properties []icalProperty
}

// zone is the clock of a name; nil, and a doubt the first time, if there is none such.
func (r *icalReader) zone(name string) *icalZone {
	if z, known := r.zones[name]; known && (z != nil || r.rules[name] == nil) {
		return z
	}
	z := loadZone(name)
	if z == nil && len(r.rules[name]) > 0 {
		z = r.observed(r.rules[name])
	}
	r.zones[name] = z
	return z
}

// loadZone finds the zone of the database that a name means; nil if none.
func loadZone(name string) *icalZone {
	if iana := windowsZones()[strings.ToLower(name)]; iana != "" {
		name = iana
	}
	for name != "" && len(name) < 200 { // /citadel.org/20210210_1/Europe/Berlin: a vendor's prefix
		if !strings.EqualFold(name, "local") && !strings.HasPrefix(name, "/") {
			if loc, err := time.LoadLocation(name); err == nil {
				return &icalZone{loc: loc}
			}
		}
		_, rest, found := strings.Cut(name, "/")
		if !found {
			return nil
		}
		name = rest
	}
	return nil
}

// far is how far the rules of a zone are followed; after it the clock stays as it is. In seconds.
const far = 2_524_608_000 + 50*366*86400 // some time in 2100

// observed is the clock of a file's own rules; nil where they cannot be read.
func (r *icalReader) observed(observances []icalObservance) *icalZone {
	z := &icalZone{}
	begin := int64(far)
	for _, o := range observances {
		var start int64
		var from, to int64
		var rule string
		var dates []int64
		fine := [3]bool{}
		for _, p := range o.properties {
			switch p.name {
			case "DTSTART":
				start, fine[0] = reading(p.Value)
			case "TZOFFSETFROM":
				from, fine[1] = utcOffset(p.Value)
			case "TZOFFSETTO":
				to, fine[2] = utcOffset(p.Value)
			case "RRULE":
				rule = p.Value
			case "RDATE":
				for v := range strings.SplitSeq(p.Value, ",") {
					if d, ok := reading(v); ok {
						dates = append(dates, d)
					}
				}
			}
		}
		if fine != [3]bool{true, true, true} {
			r.Doubt(o.place, "a rule of the calendar's own time zone has no DTSTART, TZOFFSETFROM or TZOFFSETTO that can be read; passed over")
			continue
		}
		if start < begin {
			begin, z.first = start, from
		}
		dates = append(dates, start)
		if rule != "" {
			ru, err := parseRule(rule)
			if err != nil {
				r.Doubt(o.place, "the rule %q of the calendar's own time zone cannot be followed: %v", excerpt(rule, 80), err)
			} else {
				ru.expand(start, far, &r.patience, func(at int64) bool {
					if ru.until != 0 && ru.ends(at, at-from) {
						return false
					}
					dates = append(dates, at)
					return true
				})
			}
		}
		for _, at := range dates {
			z.changes = append(z.changes, icalChange{at - from, to})
		}
	}
	if len(z.changes) == 0 {
		return nil
	}
	slices.SortStableFunc(z.changes, func(a, b icalChange) int { return cmp.Compare(a.at, b.at) })
	return z
}

package paging

// Events that come again: RRULE (RFC 5545, 3.3.10). The rule is read and checked by rrule-go and expanded
// here, day by day: that iterator goes on to the year 9999 for a 30 February, and for ever for an hour that
// never comes, and calendars come from anywhere. In UTC both say the same, which a test holds them to.
//
// Everything is in readings of the event's own clock, seconds since 1970-01-01T00:00:00 on it, so that
// what is at 09:00 stays at 09:00.

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// icalRule is an RRULE.
type icalRule struct {
	rrule.ROption
	weekdays []int // BYDAY as weekdays of [time], for those without a number
	nth      []icalNth
	until    int64 // 0: none
	utc, day bool  // until is an instant, or a whole day, rather than a reading
}

// icalNth is the n-th weekday of a month or year, from its end where n is negative.
type icalNth struct{ n, weekday int }

// parseRule reads a rule. A rule that no rota has, of every minute or of Easter, is refused.
func parseRule(s string) (*icalRule, error) {
	r := &icalRule{}
	var rest []string
	for part := range strings.SplitSeq(strings.ToUpper(strings.TrimSpace(s)), ";") {
		switch k, v, _ := strings.Cut(part, "="); k {
		case "":
		case "UNTIL":
			u, ok := reading(v)
			if !ok {
				return nil, fmt.Errorf("UNTIL=%s is no time", excerpt(v, 30))
			}
			r.until, r.utc, r.day = u, strings.HasSuffix(v, "Z"), len(v) == 8
			if u == 0 {
				return nil, errors.New("it ends in 1970")
			}
		case "BYEASTER", "RSCALE", "SKIP":
			return nil, fmt.Errorf("%s is not understood", k)
		default:
			rest = append(rest, part)
		}
	}
	o, err := rrule.StrToROption(strings.Join(rest, ";"))
	if err != nil {
		return nil, err
	}
	if _, err := rrule.NewRRule(*o); err != nil {
		return nil, err
	}
	r.ROption = *o
	for i := range o.Byweekday {
		w := &o.Byweekday[i]
		if day := (w.Day() + 1) % 7; w.N() == 0 || o.Freq > rrule.MONTHLY {
			r.weekdays = append(r.weekdays, day)
		} else {
			r.nth = append(r.nth, icalNth{w.N(), day})
		}
	}
	switch {
	case o.Freq > rrule.HOURLY:
		return nil, fmt.Errorf("no shift comes anew %s", strings.ToLower(o.Freq.String()))
	case o.Freq == rrule.HOURLY && len(o.Bysetpos) > 0:
		return nil, errors.New("BYSETPOS of an hourly rule is not understood")
	case len(o.Byweekno) > 0 && (o.Freq != rrule.YEARLY || o.Wkst != rrule.MO):
		return nil, errors.New("BYWEEKNO is understood of yearly rules with weeks from Monday")
	case o.Interval > 10_000:
		return nil, errors.New("its INTERVAL is longer than a lifetime")
	}
	if o.Interval < 1 {
		r.Interval = 1
	}
	return r, nil
}

// ends says whether an occurrence comes after the rule's end; reading is the event's clock, at the instant.
func (r *icalRule) ends(reading, at int64) bool {
	switch {
	case r.until == 0:
		return false
	case r.utc:
		return at > r.until
	case r.day:
		return reading >= r.until+86400
	}
	return reading > r.until
}

// expand calls f with the readings of a rule that begins at start, in order and up to limit, until f says no
// or the patience is over.
func (r *icalRule) expand(start, limit int64, patience *int, f func(reading int64) bool) {
	count := r.Count
	emit := func(at int64) bool {
		*patience--
		if at < start {
			return true
		}
		if at > limit || *patience < 0 || !f(at) {
			return false
		}
		count--
		return r.Count == 0 || count > 0
	}
	if r.Freq == rrule.HOURLY {
		r.hourly(start, limit, patience, emit)
		return
	}
	first := dateAt(start)
	r.complete(first)
	clock := r.clock(start)
	var set []int64 // of the period, where only some positions of it count
	period := r.period(first, first)
	flush := func() bool {
		for _, at := range positions(set, r.Bysetpos) {
			if !emit(at) {
				return false
			}
		}
		set = set[:0]
		return true
	}
	begin := first
	if len(r.Bysetpos) > 0 {
		begin = r.beginning(first) // positions count from the beginning of the period
	}
	for d := begin; ; d = d.next() {
		p := r.period(first, d)
		over := d.reading() > limit && (len(r.Bysetpos) == 0 || p != period) // the last period's set is whole
		if *patience--; over || *patience < 0 {
			break
		}
		if len(r.Bysetpos) > 0 && p != period {
			if !flush() {
				return
			}
			period = p
		}
		if p%r.Interval != 0 || !r.holds(d) {
			continue
		}
		for _, s := range clock {
			if at := d.reading() + s; len(r.Bysetpos) > 0 {
				*patience--
				set = append(set, at)
			} else if !emit(at) {
				return
			}
		}
	}
	flush()
}

// hourly steps from hour to hour.
func (r *icalRule) hourly(start, limit int64, patience *int, emit func(int64) bool) {
	minutes, seconds := r.Byminute, r.Bysecond
	if len(minutes) == 0 {
		minutes = []int{int(mod(start, 3600) / 60)}
	}
	if len(seconds) == 0 {
		seconds = []int{int(mod(start, 60))}
	}
	slices.Sort(minutes)
	slices.Sort(seconds)
	for hour := start - mod(start, 3600); hour <= limit; hour += int64(r.Interval) * 3600 {
		if *patience--; *patience < 0 {
			return
		}
		if len(r.Byhour) > 0 && !slices.Contains(r.Byhour, int(mod(hour, 86400)/3600)) || !r.holds(dateAt(hour)) {
			continue
		}
		for _, m := range minutes {
			for _, s := range seconds {
				if !emit(hour + int64(m)*60 + int64(s)) {
					return
				}
			}
		}
	}
}

// complete fills in what a rule takes from its first occurrence.
func (r *icalRule) complete(first icalDate) {
	if len(r.Byweekno)+len(r.Byyearday)+len(r.Bymonthday)+len(r.Byweekday) > 0 {
		return
	}
	switch r.Freq {
	case rrule.YEARLY:
		if len(r.Bymonth) == 0 {
			r.Bymonth = []int{first.month}
		}
		r.Bymonthday = []int{first.day}
	case rrule.MONTHLY:
		r.Bymonthday = []int{first.day}
	case rrule.WEEKLY:
		r.weekdays = []int{first.weekday()}
	}
}

// clock are the times of day of a rule, in seconds after midnight.
func (r *icalRule) clock(start int64) []int64 {
	or := func(vs []int, v int64) []int {
		if len(vs) == 0 {
			return []int{int(v)}
		}
		return vs
	}
	var all []int64
	for _, h := range or(r.Byhour, mod(start, 86400)/3600) {
		for _, m := range or(r.Byminute, mod(start, 3600)/60) {
			for _, s := range or(r.Bysecond, mod(start, 60)) {
				all = append(all, int64(h)*3600+int64(m)*60+int64(s))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// period is which of the rule's days, weeks, months or years d lies in, counted from that of first.
func (r *icalRule) period(first, d icalDate) int {
	switch r.Freq {
	case rrule.YEARLY:
		return d.year - first.year
	case rrule.MONTHLY:
		return (d.year-first.year)*12 + d.month - first.month
	case rrule.WEEKLY:
		return int(r.weekStart(d)-r.weekStart(first)) / 7
	}
	return int(d.number - first.number)
}

// beginning is the first day of the period that d lies in.
func (r *icalRule) beginning(d icalDate) icalDate {
	switch r.Freq {
	case rrule.YEARLY:
		return dateAt(time.Date(d.year, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
	case rrule.MONTHLY:
		return dateAt((d.number - int64(d.day-1)) * 86400)
	case rrule.WEEKLY:
		return dateAt(r.weekStart(d) * 86400)
	}
	return d
}

// weekStart is the number of the first day of d's week.
func (r *icalRule) weekStart(d icalDate) int64 {
	return d.number - mod(int64(d.weekday()-(r.Wkst.Day()+1)), 7)
}

// holds says whether a day fulfils every BY part.
func (r *icalRule) holds(d icalDate) bool {
	counted := func(list []int, at, of int) bool {
		return len(list) == 0 || slices.Contains(list, at) || slices.Contains(list, at-of-1)
	}
	if len(r.Bymonth) > 0 && !slices.Contains(r.Bymonth, d.month) || !counted(r.Bymonthday, d.day, d.daysInMonth()) || !counted(r.Byyearday, d.yearday(), d.daysInYear()) {
		return false
	}
	if len(r.Byweekno) > 0 {
		year, week := d.time().ISOWeek()
		_, last := time.Date(year, 12, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
		if !counted(r.Byweekno, week, last) {
			return false
		}
	}
	if len(r.weekdays)+len(r.nth) == 0 || slices.Contains(r.weekdays, d.weekday()) {
		return true
	}
	at, of := d.day, d.daysInMonth()
	if r.Freq == rrule.YEARLY && len(r.Bymonth) == 0 {
		at, of = d.yearday(), d.daysInYear()
	}
	return slices.ContainsFunc(r.nth, func(x icalNth) bool {
		return x.weekday == d.weekday() && (x.n == (at-1)/7+1 || x.n == -((of-at)/7+1))
	})
}

// positions are those elements of a sorted set, counted from 1, or from its end where negative; all of them
// where none are named.
func positions(set []int64, at []int) []int64 {
	if len(at) == 0 {
		return set
	}
	var some []int64
	for _, p := range at {
		if p < 0 {
			p += len(set) + 1
		}
		if p >= 1 && p <= len(set) {
			some = append(some, set[p-1])
		}
	}
	slices.Sort(some)
	return slices.Compact(some)
}

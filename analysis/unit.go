package analysis

// How numbers are written for people. There is one way to write each unit, and it is here.

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// NoData is what is written where there is no number: never 0, and never 100 %.
const NoData = "no data"

// Fewest is the n under which a share is written as its counts, and Enough the n under which nothing
// is judged good, bad, better or worse (METRICS.md, section 0).
const (
	Fewest = 5
	Enough = 10
)

// Format writes a number of unit u. Moments need a zone and are written by [Moment] values' owners:
// here they are RFC 3339 in UTC.
func (u Unit) Format(n record.Number) string {
	if !n.Known {
		return NoData
	}
	v := n.Value
	switch u {
	case Share:
		return percent(v)
	case Duration:
		return elapsed(v)
	case Work:
		return worked(v)
	case Moment:
		return record.Instant(v).Time().Format(time.RFC3339)
	case Hours:
		return decimal(v, 1) + " h"
	case Days:
		if v > 0 && v < 0.05 {
			return "under 0.1 days"
		}
		return plural(decimal(v, 1), "day")
	case PerWeek:
		return decimal(v, 1) + " a week"
	case Items:
		return decimal(v, 1)
	case Points:
		return plural(decimal(v, 1), "point")
	case ItemDays:
		if v > 0 && v < 0.05 {
			return "under 0.1"
		}
		return decimal(v, 1)
	}
	return decimal(v, 2)
}

// String is the value as a headline: a share of fewer than [Fewest] items is its counts.
func (v Value) String() string {
	if r := v.Ratio; r != nil {
		if r.Den == 0 {
			return NoData
		}
		if v.small() {
			return r.parts()
		}
	}
	return v.Unit.Format(v.Number)
}

// Detail is what stands in small beside the headline: numerator and denominator, interval, n, and the
// period. It may be empty.
func (v Value) Detail() string {
	var s []string
	if r := v.Ratio; r != nil && r.Den > 0 {
		if !v.small() {
			s = append(s, r.parts())
			if r.Counts {
				s = append(s, fmt.Sprintf("95 %% interval %.0f–%.0f %%", 100*r.Low, 100*r.High))
			}
		}
	} else if v.N > 0 && v.Unit != Items {
		s = append(s, "n = "+strconv.Itoa(v.N))
	}
	if v.Of > v.N {
		s = append(s, fmt.Sprintf("based on %d of %d", v.N, v.Of))
	}
	if v.Period.Label != "" {
		s = append(s, v.Period.title())
	}
	return strings.Join(s, " · ")
}

// Counted is what the headline is a number of, in the singular where it is 1 or 1 less.
func (f *Figure) Counted() string {
	if strings.TrimPrefix(f.Headline.String(), "−") != "1" {
		return f.Counts
	}
	for _, many := range [...]string{"anti-patterns are", "customers", "improvements", "interruptions", "items", "item-days", "moves", "nights", "promises", "times"} {
		if before, after, ok := strings.Cut(f.Counts, many); ok {
			one, are := strings.CutSuffix(many, " are")
			one = strings.TrimSuffix(one, "s")
			if are {
				one += " is"
			}
			return before + one + after
		}
	}
	return f.Counts
}

// small says whether the value is a share of too few to be one.
func (v Value) small() bool {
	return v.Ratio != nil && (v.Ratio.Counts && v.Ratio.Den < Fewest || !v.Ratio.Counts && v.N < Fewest)
}

// parts are the share's numerator and denominator: 41 of 44, 31.5 of 98 h.
func (r *Ratio) parts() string {
	if r.Unit == Duration && r.Den >= daySeconds {
		return daysOf(r.Num, r.Den)
	}
	if r.Unit == Duration || r.Unit == Work { // written in several units, so each has its own
		return r.Unit.Format(record.Num(r.Num)) + " of " + r.Unit.Format(record.Num(r.Den))
	}
	den := decimal(r.Den, 1)
	if r.Unit != "" {
		den = r.Unit.Format(record.Num(r.Den))
	}
	return decimal(r.Num, 1) + " of " + den
}

const daySeconds = 24 * 60 * 60

// daysOf writes one time as a part of another that is longer than a day, in the same days, since nobody divides
// 465 d 22 h by 1159 d 7 h. What is too little for a tenth of a day, or lacks too little, is told as what it is.
func daysOf(sec, of float64) string {
	const tenth = daySeconds / 10
	whole := Days.Format(record.Num(of / daySeconds))
	switch lacks := of - sec; {
	case sec > 0 && sec < tenth:
		return elapsed(sec) + " of " + whole
	case lacks > 0 && lacks < tenth:
		return "all but " + elapsed(lacks) + " of " + whole
	}
	return decimal(sec/daySeconds, 1) + " of " + whole
}

// percent writes a share, rounded to whole percents; above 90 % to tenths, since that is where promises
// live and 94.6 % is not yet 95 %. Only all is 100 % and only none is 0 %.
func percent(v float64) string {
	p := v * 100
	digits := 0
	if p > 90 || p > 0 && p < 0.5 {
		digits = 1
	}
	s := strconv.FormatFloat(p, 'f', digits, 64)
	switch {
	case p < 100 && s == "100.0":
		s = "99.9"
	case p > 0 && s == "0.0":
		s = "0.1"
	}
	return strings.TrimSuffix(s, ".0") + " %"
}

// decimal writes v with at most so many digits after the point, and a thin space every three before it
// where there are more than four.
func decimal(v float64, digits int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', digits, 64)
	whole, frac, _ := strings.Cut(s, ".")
	frac = strings.TrimRight(frac, "0")
	if len(whole) > 4 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "\u202f" + whole[i:]
		}
	}
	if frac != "" {
		whole += "." + frac
	}
	if v < 0 && whole != "0" {
		return "−" + whole
	}
	return whole
}

func plural(n, word string) string {
	if n == "1" {
		return n + " " + word
	}
	return n + " " + word + "s"
}

// elapsed writes seconds in the two largest units that matter: 45 s, 12 min, 3 h 20 min, 4 d 6 h.
func elapsed(sec float64) string {
	if sec < 0 {
		return "−" + elapsed(-sec)
	}
	d := time.Duration(sec * float64(time.Second))
	switch {
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + " s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	case d < 24*time.Hour:
		return two(int(d/time.Hour), "h", int(d%time.Hour/time.Minute), "min")
	}
	return two(int(d/(24*time.Hour)), "d", int(d%(24*time.Hour)/time.Hour), "h")
}

// worked writes working seconds in hours: a working day is a different length on every calendar.
func worked(sec float64) string {
	if sec < 0 {
		return "−" + worked(-sec)
	}
	d := time.Duration(sec * float64(time.Second))
	if d == 0 { // nobody is absent for 0 s
		return "0 h"
	}
	if d < time.Minute {
		return strconv.Itoa(int(d/time.Second)) + " s"
	}
	if d < time.Hour {
		return strconv.Itoa(int(d/time.Minute)) + " min"
	}
	return two(int(d/time.Hour), "h", int(d%time.Hour/time.Minute), "min")
}

func two(a int, ua string, b int, ub string) string {
	if b == 0 {
		return fmt.Sprintf("%d %s", a, ua)
	}
	return fmt.Sprintf("%d %s %d %s", a, ua, b, ub)
}

package calendar

// Spells: time told as an SLA trace tells it, working or not and why not.

import (
	"cmp"
	"iter"

	"github.com/firebreak/firebreak/collectors/record"
)

// Spell is a stretch of time, [From, To), that is working or is not.
type Spell struct {
	From, To record.Instant
	Working  bool
	Why      string // of one that is not: "off hours", "closed", "holiday: Thanksgiving Day"
}

// Spells tells [a, b) as a sequence of spells that meet, oldest first. A day on which hours would have
// begun but for a holiday or a closed day is told by that name from midnight to midnight; every other
// time that is not working is off hours.
func (c *Calendar) Spells(a, b record.Instant) iter.Seq[Spell] {
	return func(yield func(Spell) bool) {
		if a >= b {
			return
		}
		if c.always {
			yield(Spell{a, b, true, ""})
			return
		}
		var last Spell // held back until the next one differs
		put := func(s Spell) bool {
			if s.From >= s.To {
				return true
			}
			if s.From == last.To && s.Working == last.Working && s.Why == last.Why {
				last.To = s.To
				return true
			}
			ok := last.To == 0 || yield(last)
			last = s
			return ok
		}
		at := a
		for i := int(a >> bucketBits); i <= int(b>>bucketBits); i++ {
			t := c.table(i)
			for _, s := range t.spells[max(0, t.after(at)-1):] {
				if s.from >= b {
					break
				}
				if s.to <= at {
					continue
				}
				if !c.idle(at, s.from, put) || !put(Spell{max(at, s.from), min(b, s.to), true, ""}) {
					return
				}
				at = s.to
			}
		}
		if c.idle(at, b, put) {
			yield(last)
		}
	}
}

// idle tells [a, b), none of which is working, day by day.
func (c *Calendar) idle(a, b record.Instant, put func(Spell) bool) bool {
	if a >= b {
		return true
	}
	w := newWall(c.zone, int64(a)/1e9-2*daySeconds, int64(b)/1e9+2*daySeconds)
	for day := DayAt(a, c.zone) - 1; a < b; day++ {
		next := min(b, w.midnight(day+1))
		if next <= a {
			continue
		}
		if !put(Spell{a, next, false, cmp.Or(c.off(day), "off hours")}) {
			return false
		}
		a = next
	}
	return true
}

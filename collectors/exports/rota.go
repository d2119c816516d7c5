package exports

// Rotas: of a calendar that is read again, what it no longer tells is as much as what it tells.

import (
	"cmp"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// rota is a file that tells whole shifts, while it is read.
type rota struct {
	now   record.Instant
	event func(id string) string
	told  map[record.Ref]record.Shift
	order []record.Ref
}

// rotaKept is how many shifts of a file the cursor remembers, the latest ones: a week each for forty years.
const rotaKept = 2000

// Rota says, before the first shift, that the file is the whole rota and each shift in it a whole one. Its
// later state then overrules its earlier ones, whatever its stamps say: a shift that it told before and tells
// no more is told to end where it begins, which is no shift, and one that it tells otherwise replaces the one
// before. One that has no stamp is of when the file was written.
//
// Calendars forget what is long over. So a shift is only gone if it begins after something that the file
// still tells, or after now, if that is known; or if its event is still told, at another time, and it ends
// after the beginning of that, or after now. event is which event the shift of an id is of.
//
// All of that goes by the file's name. Of one that is saved under a new name each week, every copy is a rota
// of its own, and none takes back what another told.
func (f *File) Rota(now record.Instant, event func(id string) string) {
	f.rota = &rota{now: now, event: event, told: map[record.Ref]record.Shift{}}
}

func (o *rota) add(f *File, s record.Shift) {
	s.Updated = cmp.Or(s.Updated, f.path.modified)
	if before, twice := o.told[s.Ref]; twice {
		f.Left("same record twice")
		s = record.MergeShifts(before, s)
	} else {
		o.order = append(o.order, s.Ref)
	}
	o.told[s.Ref] = s
}

// settle hands over the shifts of a rota that was read, and those that are gone from it.
func (f *File) settle() {
	o, c, name := f.rota, &f.run.cursor, f.path.full
	before := map[record.Ref]record.Shift{}
	for _, s := range c.Shifts[name] {
		before[s.Ref] = s
	}
	since := o.now
	events := map[string]record.Instant{} // since when each is told
	var kept []record.Shift
	for _, ref := range o.order {
		s := o.told[ref]
		if b, again := before[ref]; again && s.Updated <= b.Updated {
			if s.Updated = b.Updated; s != b {
				s.Updated++
			}
		}
		delete(before, ref)
		since = earlier(since, s.From)
		events[o.event(s.ID)] = earlier(cmp.Or(events[o.event(s.ID)], o.now), s.From)
		kept = append(kept, s)
		put(f, 's', ref, &f.run.batch.Shifts, s, record.MergeShifts)
	}
	whole := !f.missing && (len(kept) > 0 || f.tally.Left["unreadable"] == 0) && since != 0
	elsewhere := f.run.shiftsBeside(name)
	for _, s := range c.Shifts[name] {
		if _, untold := before[s.Ref]; !untold {
			continue
		}
		event, told := events[o.event(s.ID)]
		gone := s.From >= since || told && s.To > event
		if whole && gone && s.From < s.To {
			if elsewhere[s.Ref] { // the other file's, from now on
				continue
			}
			s = record.Shift{Ref: s.Ref, From: s.From, To: s.From, Updated: s.Updated + 1}
			f.run.batch.Shifts = append(f.run.batch.Shifts, s)
		}
		kept = append(kept, s)
	}
	slices.SortFunc(kept, func(a, b record.Shift) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID)) })
	if len(kept) == 0 {
		return
	}
	if c.Shifts == nil {
		c.Shifts = map[string][]record.Shift{}
	}
	c.Shifts[name] = kept[max(0, len(kept)-rotaKept):]
}

// earlier is the first of two instants, of which the one may be unknown.
func earlier(a, b record.Instant) record.Instant { return min(cmp.Or(a, b), b) }

// shiftsBeside are the shifts that other files of the set told.
func (r *run) shiftsBeside(name string) map[record.Ref]bool {
	all := map[record.Ref]bool{}
	for other, shifts := range r.cursor.Shifts {
		for _, s := range shifts {
			if other != name && s.From < s.To {
				all[s.Ref] = true
			}
		}
	}
	return all
}

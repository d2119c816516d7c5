package paging

// PagerDuty: who was and will be on call, of GET /oncalls and of schedules, GET /schedules/{id} or GET
// /schedules with include[]=final_schedule.
//
// Both are documented in PagerDuty's API description (github.com/PagerDuty/api-schema, reference/REST,
// Oncall, Schedule). A schedule's final_schedule is who is on call after all layers and overrides. On
// which level of an escalation policy its people are only the on-calls say: those of the first are the
// superheroes, of the second the sidekicks, and of further ones nobody on call in our sense. A schedule
// without on-calls beside it is read as the superheroes', and that is said.
//
// An on-call without an end is somebody who always stands in the policy: no shift. Entries are cut at
// the bounds of the period asked for unless overflow=true was said; that cannot be seen from here.
//
// A shift goes by its schedule, beginning and person in both, so that they merge; see [record.MergeShifts].

import (
	"cmp"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// The roles of a shift.
const (
	superhero = "superhero"
	sidekick  = "sidekick"
)

// pagerDutyRole is the role of a level of an escalation policy, "" beyond the second.
func pagerDutyRole(level int) string {
	switch level {
	case 1:
		return superhero
	case 2:
		return sidekick
	}
	return ""
}

// pagerDutyShift is one entry of a schedule; one that is no shift has no person.
func pagerDutyShift(schedule string, name string, o object) record.Shift {
	who := pagerDutyPerson(o.in("user"))
	s := record.Shift{
		Rota: name, Person: who,
		From: o.time("start"), To: o.time("end"),
	}
	s.ID = schedule + " " + s.From.String() + " " + who.Account
	return s
}

// shift hands over a shift, unless it is none.
func (f *file) shift(place string, s record.Shift) {
	switch {
	case !s.Person.Known() || s.From == 0 || s.To == 0:
		f.Left("no shift")
	case s.To <= s.From:
		f.Left("unreadable")
		f.Doubt(place, "left out: the shift of %s in %s ends at %s, and begins at %s", cmp.Or(s.Person.Name, s.Person.Account), s.Rota, s.To, s.From)
	default:
		s.Tracker = f.tracker
		f.Shift(s)
	}
}

func isPagerDutyOncall(o object, member string) bool {
	if list := o.list("oncalls"); member == "" && len(list) > 0 {
		o = list[0]
	}
	return o.has("escalation_level", "user") && (o.has("escalation_policy") || o.has("schedule"))
}

// pagerDutyOncalls is the on-calls of one file while they are read.
type pagerDutyOncalls struct {
	*file
	windows pagerDutyWindows
	shifts  map[string]*oncall
	order   []string // of their ids
}

// oncall is a shift, and the lowest level on which it was told: a schedule may be on several, of several
// policies, and who is first somewhere is first.
type oncall struct {
	record.Shift
	level int
	place string
}

func newPagerDutyOncalls(f *file) objectReader {
	return &pagerDutyOncalls{file: f, shifts: map[string]*oncall{}}
}

func (r *pagerDutyOncalls) object(o object, member string) {
	if list := o.list("oncalls"); member == "" && len(list) > 0 {
		for _, one := range list {
			r.oncall(one)
		}
		r.windows.rest(o, len(list))
		return
	}
	r.windows.records++
	r.oncall(o)
}

func (r *pagerDutyOncalls) rest(o object) { r.windows.rest(o, 0) }

func (r *pagerDutyOncalls) end() {
	for _, id := range r.order {
		s := r.shifts[id]
		if s.Role = pagerDutyRole(s.level); s.Role == "" {
			r.Left("on-call beyond the second level")
			continue
		}
		r.shift(s.place, s.Shift)
	}
	r.shifts, r.order = map[string]*oncall{}, nil
	r.windows.end(r.file, "on-calls")
}

func (r *pagerDutyOncalls) oncall(o object) {
	level := o.count("escalation_level")
	schedule := cmp.Or(o.text("schedule", "id"), o.text("escalation_policy", "id"))
	s := pagerDutyShift(schedule, cmp.Or(pagerDutyName(o.in("schedule")), pagerDutyName(o.in("escalation_policy"))), o)
	if before := r.shifts[s.ID]; before != nil {
		before.level = min(before.level, level)
		r.Left("same record twice")
		return
	}
	r.shifts[s.ID] = &oncall{s, level, o.place}
	r.order = append(r.order, s.ID)
}

func isPagerDutySchedule(o object, member string) bool {
	if member == "" {
		o = pagerDutyUnwrapped(o, "schedule")
		if list := o.list("schedules"); len(list) > 0 && !o.has("id") {
			o = list[0]
		}
	}
	return o.text("type") == "schedule" && (o.has("final_schedule") || o.has("schedule_layers") || o.has("escalation_policies"))
}

// pagerDutySchedules is the schedules of one file while they are read.
type pagerDutySchedules struct {
	*file
	windows pagerDutyWindows
}

func newPagerDutySchedules(f *file) objectReader { return &pagerDutySchedules{file: f} }

func (r *pagerDutySchedules) object(o object, member string) {
	if list := o.list("schedules"); member == "" && !o.has("id") && len(list) > 0 {
		for _, one := range list {
			r.schedule(one)
		}
		r.windows.rest(o, len(list))
		return
	}
	if member == "" {
		o = pagerDutyUnwrapped(o, "schedule")
	}
	r.windows.records++
	r.schedule(o)
}

func (r *pagerDutySchedules) rest(o object) { r.windows.rest(o, 0) }

func (r *pagerDutySchedules) end() { r.windows.end(r.file, "schedules") }

func (r *pagerDutySchedules) schedule(o object) {
	name := pagerDutyName(o)
	if !o.in("final_schedule").has("rendered_schedule_entries") {
		r.Left("schedule without its shifts")
		o.doubt("the schedule %s has no final_schedule, so none of its shifts is known; ask for it with include[]=final_schedule, since and until", name)
		return
	}
	shifts := pagerDutyFinal(o)
	for _, s := range shifts {
		s.Role = superhero
		r.shift(o.place, s)
	}
	if len(shifts) > 0 {
		o.doubt("the schedule %s does not say on which level of an escalation policy its people are; they are read as the first, unless GET /oncalls lies beside it", name)
	}
}

// pagerDutyFinal are the shifts of a schedule, without their role.
func pagerDutyFinal(o object) []record.Shift {
	var all []record.Shift
	for _, e := range o.list("final_schedule", "rendered_schedule_entries") {
		all = append(all, pagerDutyShift(o.text("id"), pagerDutyName(o), e))
	}
	slices.SortStableFunc(all, func(x, y record.Shift) int { return cmp.Compare(x.From, y.From) })
	return all
}

package paging

// Opsgenie's and JSM's schedules: GET v2/schedules/{id}/timeline and JSM's v1/schedules/{id}/timeline, with
// finalTimeline.rotations[].periods[]: the rota after overrides and forwardings, past and to come.
// Documented at docs.opsgenie.com/docs/schedule-api and developer.atlassian.com/cloud/jira/service-desk-ops
// (API group schedules); programs that read them agree on the members.
//
// A period has no id of its own; a shift goes by schedule, rotation, beginning and person. A period that
// was moved is therefore another shift than before. The live source says of the former one that it ends
// where it begins; an export cannot, so that two exports of different days may tell of both.
//
// Opsgenie knows nothing of first and second: a rotation, or a schedule, whose name says secondary, backup,
// shadow or sidekick is the second person's; any other is the first's.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

type opsgenieTimelines struct{ *file }

func (t *opsgenieTimelines) rest(object) {}
func (t *opsgenieTimelines) end()        {}

func (t *opsgenieTimelines) object(o object, _ string) {
	whole := o
	o = opsgenieOne(o)
	if !o.has("finalTimeline") {
		o.leave("it is no timeline of a schedule: it has no finalTimeline")
		return
	}
	// The live source puts the schedule beside the timeline, and says when it was told.
	schedule := cmp.Or(o.text("_parent", "name"), whole.text("schedule", "name"), o.text("schedule", "name"), o.text("name"))
	id := cmp.Or(o.text("_parent", "id"), whole.text("schedule", "id"), o.text("schedule", "id"), o.text("id"), schedule)
	told := whole.time("told")
	for _, rotation := range o.list("finalTimeline", "rotations") {
		name := rotation.text("name")
		rota := strings.TrimPrefix(strings.TrimSuffix(schedule+" / "+name, " / "), " / ")
		key := id + "/" + cmp.Or(rotation.text("id"), name)
		for _, p := range rotation.list("periods") {
			from, to := p.time("startDate"), p.time("endDate")
			who := opsgenieOnCall(p)
			switch {
			case from == 0 || to == 0 || to <= from:
				o.Left("unreadable")
				o.doubt("left out: a period of %s goes from %q to %q", rota, p.text("startDate"), p.text("endDate"))
				continue
			case len(who) == 0:
				o.Left("nobody on call")
				continue
			}
			for _, w := range who {
				t.Shift(record.Shift{
					Ref:  record.Ref{Tracker: t.tracker, ID: key + "/" + from.String() + "/" + cmp.Or(w.Account, w.Name)},
					Rota: rota, Person: w, Role: roleOf(name, schedule), From: from, To: to, Updated: told,
				})
			}
		}
	}
}

// opsgenieOnCall are the people of a period: those that a team or an escalation was resolved to, where it
// says, or the one that it names. A team by itself is nobody in particular.
func opsgenieOnCall(p object) []record.Person {
	all := append(p.list("flattenedResponders"), p.list("flattenedRecipients")...)
	if len(all) == 0 {
		all = []object{p.in("responder"), p.in("recipient")}
	}
	var people []record.Person
	for _, r := range all {
		who := record.Person{Account: cmp.Or(r.text("username"), r.text("id")), Name: cmp.Or(r.text("displayName"), r.text("fullName"), r.text("name"))}
		if kind := strings.ToLower(r.text("type")); !who.Known() || kind != "user" && kind != "" {
			continue
		}
		if strings.Contains(who.Name, "@") { // Opsgenie names users by their address
			who.Account, who.Name = who.Name, ""
		}
		if !slices.Contains(people, who) {
			people = append(people, who)
		}
	}
	return people
}

// roleOf is the role that names of a rota speak of.
func roleOf(names ...string) string {
	all := strings.ToLower(strings.Join(names, " "))
	for _, second := range []string{"secondary", "backup", "back-up", "shadow", "sidekick", "second"} {
		if strings.Contains(all, second) {
			return "sidekick"
		}
	}
	return "superhero"
}

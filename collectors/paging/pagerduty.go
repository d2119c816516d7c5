package paging

// PagerDuty: which of its exports are read, and what they share.
//
// An incident of PagerDuty is a page. Its exports differ in what they know of one:
//
//	                       acknowledged  events  origin  issues  times
//	Reports CSV            first         -       -       -       with their zone
//	Insights CSV           first         -       -       -       without, mostly
//	Analytics raw JSON     first         -       -       -       without; time_zone says
//	REST incidents JSON    while open    -       if asked if asked with their zone
//	log entries JSON       all           all     yes     -       with their zone
//	webhook v3 lines       all           some    yes     -       with their zone
//
// so several of one account are worth reading side by side: they merge by the incident's id. Where the
// formats come from is said in the file of each.

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// pagerDuty is the tool's name.
const pagerDuty = "pagerduty"

// pagerDutyFormats are the exports of PagerDuty. Those that are told by more of their names come first.
func pagerDutyFormats() []format {
	return []format{
		{tool: pagerDuty, name: "pagerduty report", table: isPagerDutyReport, rows: newPagerDutyReport},
		{tool: pagerDuty, name: "pagerduty insights", table: isPagerDutyInsights, rows: newPagerDutyInsights},
		{tool: pagerDuty, name: "pagerduty webhook", holds: isPagerDutyWebhook, objects: newPagerDutyWebhooks},
		{tool: pagerDuty, name: "pagerduty on-calls", members: []string{"oncalls"}, holds: isPagerDutyOncall, objects: newPagerDutyOncalls},
		{tool: pagerDuty, name: "pagerduty schedules", members: []string{"schedules"}, holds: isPagerDutySchedule, objects: newPagerDutySchedules},
		{tool: pagerDuty, name: "pagerduty log entries", members: []string{"log_entries"}, holds: isPagerDutyLog, objects: newPagerDutyLog},
		{tool: pagerDuty, name: "pagerduty analytics", members: []string{"data"}, holds: isPagerDutyAnalytics, objects: newPagerDutyAnalytics},
		{tool: pagerDuty, name: "pagerduty incidents", members: []string{"incidents"}, holds: isPagerDutyIncident, objects: newPagerDutyIncidents},
	}
}

// isPagerDutyThing says whether an object is one of PagerDuty's of such a kind: all of them name their
// type, some as a reference (https://developer.pagerduty.com/docs, "Types", "References").
func isPagerDutyThing(o object, kind string) bool {
	t := strings.TrimSuffix(o.text("type"), "_reference")
	return o.has("id") && (t == kind || strings.HasSuffix(t, "_"+kind))
}

// pagerDutyPerson is who a reference names: a user. Services, integrations and the pager itself, which
// stand in the same places, are nobody.
func pagerDutyPerson(o object) record.Person {
	if !strings.HasPrefix(o.text("type"), "user") {
		return record.Person{}
	}
	return record.Person{Account: o.text("id"), Name: pagerDutyName(o)}
}

// pagerDutyName is what a thing is called: by its name where all of it was asked for, by its summary in
// a reference.
func pagerDutyName(o object) string { return cmp.Or(o.text("name"), o.text("summary")) }

// pagerDutyOrigin is who raised a page, by the agent that triggered it.
func pagerDutyOrigin(agent object) string {
	switch t := agent.text("type"); {
	case t == "":
		return ""
	case strings.HasPrefix(t, "user"):
		return record.ByPerson
	}
	return record.ByMonitor
}

// pagerDutyRow is what a row of a report knows of a page, besides the page: the lengths of time that are
// told instead of instants, and what the columns are called in a message.
type pagerDutyRow struct {
	record.Page
	created, resolved string        // the names of the two columns
	ackAfter          time.Duration // from created to the first acknowledgement
	acked             bool          // ackAfter is told
	hasAck            bool          // it could have been
	acks              int           // how often it was acknowledged
	resolveAfter      time.Duration
	took              bool // resolveAfter is told
	hasResolved       bool // there is such a column
	auto              string
	hasResolver       bool // there are columns that would name one
}

// page is the page that the row is of. What it cannot believe is handed to doubt.
func (r *pagerDutyRow) page(doubt func(format string, args ...any)) record.Page {
	p := &r.Page
	switch {
	case r.acked:
		p.Acked = p.Triggered.Add(r.ackAfter)
	case r.hasAck && (len(p.AckedBy) > 0 || r.acks > 0):
		doubt("page %s was acknowledged, but not after how long; read as never", p.ID)
	}
	switch {
	case p.Resolved == 0 && !r.hasResolved && r.took: // not in the list of columns that PagerDuty documents
		p.Resolved = p.Triggered.Add(r.resolveAfter)
	case p.Resolved == 0 && r.took:
		doubt("page %s has seconds_to_resolve, but no %s; read as open", p.ID, r.resolved)
	case p.Resolved < p.Triggered: // never, or doubted where all pages are
	case r.took && (p.Resolved.Sub(p.Triggered)-r.resolveAfter).Abs() > 2*time.Second:
		doubt("page %s: seconds_to_resolve is %d, but %s is %d seconds after %s; %s was taken",
			p.ID, int(r.resolveAfter.Seconds()), r.resolved, int(p.Resolved.Sub(p.Triggered).Seconds()), r.created, r.resolved)
	}
	if p.Resolved == 0 {
		return *p
	}
	switch strings.ToLower(r.auto) {
	case "1", "true":
		p.AutoClosed = true
	case "", "0", "false":
		p.AutoClosed = !p.ResolvedBy.Known() && r.hasResolver
	default:
		doubt("page %s: auto_resolved is %q, neither 0 nor 1; read as 0", p.ID, r.auto)
	}
	return *p
}

// pagerDutyIDs are two lists as one of persons; names count where there are as many as ids.
func pagerDutyIDs(ids, names []string) []record.Person {
	var all []record.Person
	for i, id := range ids {
		p := record.Person{Account: id}
		if len(names) == len(ids) {
			p.Name = names[i]
		}
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

func first(all []record.Person) record.Person {
	if len(all) == 0 {
		return record.Person{}
	}
	return all[0]
}

package paging

// PagerDuty: the raw incidents of Analytics (POST /analytics/raw/incidents), and the CSV of Insights,
// which shows the same figures.
//
// The JSON is as PagerDuty's API description has it (github.com/PagerDuty/api-schema, reference/REST,
// AnalyticsRawIncident). Its times have no zone: they are in the one that time_zone names, which stands
// at the end of the answer, after the data; the answer for a single incident has it at the beginning,
// and times with a zone. The description's own example contradicts itself (an incident that took 600
// seconds by its times has seconds_to_resolve 3305), so that is doubted and the times are taken.
// updated_at is when the figures were computed, up to a day later, and not read.
//
// The header of the CSV could not be confirmed, and no file of a real account was found: its columns are
// looked for by the names of the JSON's members, in any case and with blanks for underscores, and the
// Reports' names of the same things. A file that is read by these says so.

import (
	"cmp"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// pagerDutyInsightsNames are other names of the columns, which PagerDuty's pages use for them.
var pagerDutyInsightsNames = [...][2]string{
	{"incident_id", "id"}, {"number", "incident_number"}, {"#", "incident_number"}, {"title", "description"}, {"incident_title", "description"},
	{"service", "service_name"}, {"created_on", "created_at"}, {"resolved_on", "resolved_at"},
	{"acknowledged_by_user_ids", "acknowledged_user_ids"}, {"acknowledged_by_user_names", "acknowledged_user_names"},
	{"acknowledge_count", "acknowledgement_count"},
}

// insights is a table whose columns go by the names of the JSON's members.
func insights(t table) table {
	named := table{names: t.names, column: map[string]int{}}
	for i, name := range t.names {
		name = strings.ReplaceAll(lower(strings.TrimSpace(name)), " ", "_")
		if !named.has(name) {
			named.column[name] = i
		}
	}
	for _, n := range pagerDutyInsightsNames {
		if i, ok := named.column[n[0]]; ok && !named.has(n[1]) {
			named.column[n[1]] = i
		}
	}
	return named
}

// isPagerDutyInsights asks for what a page cannot do without, and for a figure that only Analytics has.
func isPagerDutyInsights(t table) bool {
	n := insights(t)
	return n.has("created_at") && (n.has("id") || n.has("incident_number")) &&
		(n.has("seconds_to_engage") || n.has("seconds_to_mobilize") || n.has("business_hour_interruptions") || n.has("engaged_seconds") ||
			n.has("seconds_to_first_ack") && n.has("acknowledged_user_names"))
}

// pagerDutyInsights is one such CSV while it is read.
type pagerDutyInsights struct{ *file }

func newPagerDutyInsights(f *file) rowReader {
	f.column = insights(f.sheet.table).column
	f.Doubt("1", "the columns of an Insights export are not documented; they were read by their names, so compare some pages with the pager")
	if m := f.missing("id", "description", "service_name", "seconds_to_first_ack", "resolved_at", "urgency"); len(m) > 0 {
		f.Gap("the columns "+strings.Join(m, ", "), "the pages are told without them; export them as well, or download the CSV of Analytics > Reports")
	}
	return pagerDutyInsights{f}
}

func (f pagerDutyInsights) end() {}

func (f pagerDutyInsights) row(r row) {
	if r.ragged() {
		return
	}
	number := r.text("incident_number")
	id := cmp.Or(r.text("id"), numbered(pagerDuty, number))
	triggered, _ := r.instant("created_at")
	if id == "" || triggered == 0 {
		r.leave("its id is %q and its created_at %q, not a time such as 2026-03-31T14:05:00", id, r.text("created_at"))
		return
	}
	list := func(column string) []string {
		return split(strings.Trim(strings.ReplaceAll(r.text(column), `"`, ""), "[]"))
	}
	p := pagerDutyRow{
		created: "created_at", resolved: "resolved_at",
		Page: record.Page{
			Ref: record.Ref{ID: id}, Number: number,
			Title: r.text("description"), Service: r.text("service_name"), Urgency: r.text("urgency"),
			Triggered: triggered, AckedBy: pagerDutyIDs(list("acknowledged_user_ids"), list("acknowledged_user_names")),
			Resolved: r.time("resolved_at"), ResolvedBy: first(r.people("resolved_by_user_id", "resolved_by_user_name")),
			Escalated: r.count("escalation_count"),
		},
		hasAck: f.has("seconds_to_first_ack"), hasResolved: f.has("resolved_at"),
		acks: r.count("acknowledgement_count"), auto: r.text("auto_resolved"),
		hasResolver: f.has("resolved_by_user_id") || f.has("resolved_by_user_name"),
	}
	p.ackAfter, p.acked = r.seconds("seconds_to_first_ack")
	p.resolveAfter, p.took = r.seconds("seconds_to_resolve")
	f.page(r.Place(), p.page(r.doubt))
}

func isPagerDutyAnalytics(o object, member string) bool {
	if member == "" && o.has("data") { // the answer for one incident, or a whole answer inside of a list
		if list := o.list("data"); len(list) > 0 {
			return isPagerDutyAnalytics(list[0], "data")
		}
		o = o.in("data")
	}
	return o.has("id", "incident_number", "created_at", "service_name") && (o.has("seconds_to_resolve") || o.has("seconds_to_engage"))
}

// pagerDutyAnalytics is the answers of one file while they are read.
type pagerDutyAnalytics struct {
	*file
	zones []string // of the answers that hold incidents, in order
	at    int      // the answer that is read
	piece *exports.Piece
}

func newPagerDutyAnalytics(f *file) objectReader {
	a := &pagerDutyAnalytics{file: f}
	if f.Format() == exports.JSON {
		f.Glance(func(x *exports.File) {
			some := false
			for v := range x.JSON("data") {
				if !v.Page {
					some = some || v.Member == "data"
				} else if some {
					a.zones = append(a.zones, newObject(f, "", v.JSON).text("time_zone"))
					some = false
				}
			}
		})
	}
	return a
}

func (a *pagerDutyAnalytics) object(o object, member string) {
	if member == "" && o.has("data") {
		zone := a.named(o, o.text("time_zone"))
		if list := o.list("data"); len(list) > 0 {
			for _, one := range list {
				a.incident(one, zone)
			}
			a.answered(o)
			return
		}
		a.incident(o.in("data"), zone)
		return
	}
	name := ""
	if member == "data" && a.at < len(a.zones) {
		name = a.zones[a.at]
	}
	a.incident(o, a.named(o, name))
}

// named is a zone by its name, nil where the file names none.
func (a *pagerDutyAnalytics) named(o object, name string) *time.Location {
	if name == "" || name == "Local" {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		o.doubt("the zone %q is not known here; times without one are read in the source's", name)
		return nil
	}
	return zone
}

func (a *pagerDutyAnalytics) rest(o object) {
	a.at++
	a.answered(o)
}

// answered takes what an answer says of the list that it is a piece of: which filters it was asked for, and
// whether there are more. Where it begins it does not tell.
func (a *pagerDutyAnalytics) answered(o object) {
	a.piece = &exports.Piece{List: "incidents of PagerDuty's Analytics", Of: string(o.value("filters"))}
	if o.is("more") {
		a.piece.Next = cmp.Or(o.text("last"), "more")
	}
}

func (a *pagerDutyAnalytics) end() {
	if a.piece != nil {
		a.Piece(*a.piece)
	}
}

func (a *pagerDutyAnalytics) incident(o object, zone *time.Location) {
	id := o.text("id")
	triggered := o.timeIn(zone, "created_at")
	if id == "" || triggered == 0 {
		o.leave("its id is %q and its created_at %q, not a time such as 2026-03-31T14:05:00", id, o.text("created_at"))
		return
	}
	p := pagerDutyRow{
		created: "created_at", resolved: "resolved_at",
		Page: record.Page{
			Ref: record.Ref{ID: id}, Number: o.text("incident_number"),
			Title: o.text("description"), Service: o.text("service_name"), Urgency: o.text("urgency"),
			Triggered: triggered, AckedBy: pagerDutyIDs(o.texts("acknowledged_user_ids"), o.texts("acknowledged_user_names")),
			Resolved: o.timeIn(zone, "resolved_at"), ResolvedBy: record.Person{Account: o.text("resolved_by_user_id"), Name: o.text("resolved_by_user_name")},
			Escalated: o.count("escalation_count"),
		},
		hasAck: true, hasResolved: true, acks: o.count("acknowledgement_count"), auto: o.text("auto_resolved"),
		hasResolver: o.has("resolved_by_user_id"),
	}
	p.ackAfter, p.acked = o.seconds("seconds_to_first_ack")
	p.resolveAfter, p.took = o.seconds("seconds_to_resolve")
	a.page(o.place, p.page(o.doubt))
}

package paging

// PagerDuty: incidents as the REST API answers them, GET /incidents and GET /incidents/{id}.
//
// The members are those of PagerDuty's API description (github.com/PagerDuty/api-schema, reference/REST,
// Incident); what real answers have besides, or leave out, was seen in public recordings:
//
//   - acknowledgements are those that hold: the list is empty as soon as the incident is resolved, or
//     the acknowledgement has timed out. So when a page was acknowledged is known from its log, which
//     may stand inside of the incident as log_entries, or in a file of its own (pagerduty_log.go).
//   - resolved_at is missing from older answers, or null. Then last_status_change_at is the end of an
//     incident whose status is resolved, by its definition; this is said, as updated_at is not.
//   - external_references, with the tickets that an integration has made, is not in the description and
//     comes where include[]=external_references was asked for; programs read summary, external_id and
//     external_url of each.
//   - an incident that was merged into another is resolved by resolve_reason, which names the other.
//   - first_trigger_log_entry tells who raised the page where it was asked for whole.
//
// Times have their zone, with microseconds or without.

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

func isPagerDutyIncident(o object, member string) bool {
	if member == "" {
		o = pagerDutyUnwrapped(o, "incident")
		if list := o.list("incidents"); len(list) > 0 {
			o = list[0]
		}
	}
	return o.has("id", "created_at", "status") && (o.has("incident_number") || o.text("type") == "incident")
}

// pagerDutyUnwrapped is an object, or the one that is wrapped in it under a name.
func pagerDutyUnwrapped(o object, name string) object {
	if in := o.in(name); !o.has("id") && in.has("id") {
		return in
	}
	return o
}

// pagerDutyIncidents is the incidents of one file while they are read.
type pagerDutyIncidents struct {
	*file
	windows pagerDutyWindows
	dated   bool // the end of one was dated by its status

	oldest, newest record.Instant // when one was triggered
}

func newPagerDutyIncidents(f *file) objectReader { return &pagerDutyIncidents{file: f} }

func (r *pagerDutyIncidents) object(o object, member string) {
	if list := o.list("incidents"); member == "" && !o.has("id") && len(list) > 0 {
		for _, one := range list {
			r.incident(one)
		}
		r.windows.rest(o, len(list))
		return
	}
	if member == "" {
		o = pagerDutyUnwrapped(o, "incident")
	}
	r.windows.records++
	r.incident(o)
}

func (r *pagerDutyIncidents) rest(o object) {
	if o.has("id", "status", "created_at") { // a single incident, out of which its log was taken
		r.incident(o)
		return
	}
	r.windows.rest(o, 0)
}

// end doubts incidents that span six months: that is as much as PagerDuty answers unless date_range=all is asked
// for, and it does not say that there were earlier ones.
func (r *pagerDutyIncidents) end() {
	r.windows.end(r.file, "incidents")
	if days := int(r.newest.Sub(r.oldest).Hours() / 24); r.windows.answers > 0 && days >= 175 && days <= 184 {
		r.Doubt("", "its incidents span %d days, and PagerDuty answers six months at most; if there were earlier ones, ask for them by since and until", days)
	}
}

func (r *pagerDutyIncidents) incident(o object) {
	p := pagerDutyIncident(o)
	for _, e := range o.list("log_entries") {
		pagerDutyEntry(e, &p)
	}
	if first := o.in("first_trigger_log_entry"); first.has("agent") {
		p.Origin = pagerDutyOrigin(first.in("agent"))
	}
	recount(&p)
	if status := o.text("status"); status == "resolved" && p.Resolved == 0 {
		if o.value("resolved_at") == nil {
			p.Resolved = o.time("last_status_change_at")
		}
		if p.Resolved != 0 && !r.dated {
			r.dated = true
			o.doubt("page %s is resolved and has no resolved_at, as in answers of older versions; when its status last changed is read as its end, here and in the others", p.ID)
		} else if p.Resolved == 0 {
			o.doubt("page %s is resolved, but not when; read as open", p.ID)
		}
		pagerDutyResolver(o, &p)
	} else if status != "resolved" && p.Resolved != 0 {
		o.doubt("page %s has an end, %s, and its status is %q; read as open", p.ID, p.Resolved, status)
		p.Resolved = 0
	}
	if p.Triggered != 0 && (r.oldest == 0 || p.Triggered < r.oldest) {
		r.oldest = p.Triggered
	}
	r.newest = max(r.newest, p.Triggered)
	r.page(o.place, p)
}

// pagerDutyIncident is what an incident says of itself, without its log.
func pagerDutyIncident(o object) record.Page {
	p := record.Page{
		Ref:        record.Ref{ID: o.text("id")},
		Number:     cmp.Or(o.text("incident_number"), o.text("number")), // the latter in webhooks
		URL:        o.text("html_url"),
		Title:      cmp.Or(o.text("title"), o.text("description"), o.text("summary")),
		Service:    pagerDutyName(o.in("service")),
		Key:        o.text("incident_key"),
		Urgency:    o.text("urgency"),
		Updated:    o.time("updated_at"),
		Triggered:  o.time("created_at"),
		Resolved:   o.time("resolved_at"),
		MergedInto: o.text("resolve_reason", "incident", "id"),
	}
	for _, a := range o.list("acknowledgements") {
		who := pagerDutyPerson(a.in("acknowledger"))
		if at := a.time("at"); at != 0 && who.Known() {
			if p.Acked == 0 || at < p.Acked {
				p.Acked = at
			}
			if !slices.Contains(p.AckedBy, who) {
				p.AckedBy = append(p.AckedBy, who)
			}
		}
	}
	if p.Resolved != 0 {
		pagerDutyResolver(o, &p)
	}
	for _, ref := range o.list("external_references") {
		if to := cmp.Or(ref.text("external_url"), ref.text("external_id"), ref.text("summary")); to != "" && !slices.Contains(p.Issues, to) {
			p.Issues = append(p.Issues, to)
		}
	}
	slices.Sort(p.Issues)
	return p
}

// pagerDutyResolver notes who resolved a page: a person, or what has no name among persons, and then it
// was resolved by itself.
func pagerDutyResolver(o object, p *record.Page) {
	by := o.in("last_status_change_by")
	if who := pagerDutyPerson(by); who.Known() {
		p.ResolvedBy, p.AutoClosed = who, false
	} else if by.text("type") != "" && !p.ResolvedBy.Known() {
		p.AutoClosed = true
	}
}

// pagerDutyOffset is how far a list can be read by offset: beyond it the API answers 400, "Offset+limit
// exceeds maximum allowed value of 10000" (developer.pagerduty.com/docs/pagination).
const pagerDutyOffset = 10_000

// pagerDutyWindows sees whether the answers of one file are all of the list that was asked for.
type pagerDutyWindows struct {
	records int
	answers int
	more    bool   // the last answer said that there are more
	from    string // the offset that the first answer told
	reached int    // the highest offset that an answer told, with its records
}

// rest takes what an answer says of itself, and of how many records that were not counted before.
func (w *pagerDutyWindows) rest(o object, records int) {
	w.records += records
	if o.has("more") {
		w.more = o.is("more")
		w.answers++
	}
	if o.has("offset", "limit") {
		if w.from == "" {
			w.from = o.text("offset")
		}
		w.reached = max(w.reached, o.count("offset")+o.count("limit"))
	}
}

// end says where the list ended before its end. That it ends at the very limit is told by the number of
// its records, too, as a program that asks for answers may keep the records only.
func (w *pagerDutyWindows) end(f *file, what string) {
	switch {
	case w.more && w.reached >= pagerDutyOffset, !w.more && w.records == pagerDutyOffset:
		f.Gap(what+" after the 10,000th", "PagerDuty lists no more than that at a time; ask for shorter periods, such as a file for each month")
	case w.answers > 0:
		p := exports.Piece{List: what, From: w.from}
		if w.more {
			p.Next = "more"
			if w.reached > 0 {
				p.Next = strconv.Itoa(w.reached)
			}
		}
		f.Piece(p)
	}
}

package paging

// PagerDuty: the CSV of Analytics > Reports, "Download CSV".
//
// Its columns and the cut at 20,000 rows are documented in PagerDuty's support pages on reports
// ("Exporting Advanced Reporting Data to CSV", "CSV Fields"); their order, resolved_on, urgency and the
// form of the times (2023-02-26T00:10:04+00:00) were taken from programs that read the file. No export
// of a real account is public, so nothing here was tried on one: columns go by their names, and what is
// not understood is said.
//
// A resolved incident that names no resolver and has auto_resolved 0 was resolved by its integration:
// the check that had failed succeeded again. So it was resolved by itself, whatever auto_resolved says,
// which seems to mean the service's time-out only.
//
// Plans without advanced reporting export seven columns that know neither ids nor titles nor
// acknowledgements; they are read as far as they go.

import (
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// pagerDutyLimit is where PagerDuty ends a CSV without a word.
const pagerDutyLimit = 20_000

// pagerDutyHeader is what the header should be, to the documentation's order.
const pagerDutyHeader = "id,incident_number,description,service_id,service_name,escalation_policy_id,escalation_policy_name," +
	"created_on,resolved_on,seconds_to_first_ack,seconds_to_resolve,auto_resolved,escalation_count,auto_escalation_count," +
	"acknowledge_count,assignment_count,acknowledged_by_user_ids,acknowledged_by_user_names,assigned_to_user_ids," +
	"assigned_to_user_names,resolved_by_user_id,resolved_by_user_name,urgency"

// pagerDutyBasic is which column of the short report is which of the full one.
var pagerDutyBasic = [...][2]string{
	{"#", "incident_number"}, {"Service", "service_name"}, {"Opened On", "created_on"}, {"Resolved On", "resolved_on"},
	{"Resolve By", "resolved_by_user_name"}, {"#Escalations", "escalation_count"}, {"Duration", "duration"},
}

// isPagerDutyReport asks for what a page cannot do without, and for one name that only PagerDuty has.
func isPagerDutyReport(t table) bool {
	return t.has("#") && t.has("opened on") ||
		t.has("created_on") && (t.has("id") || t.has("incident_number")) &&
			slices.ContainsFunc([]string{"seconds_to_first_ack", "seconds_to_resolve", "resolved_on", "service_name", "auto_resolved", "escalation_policy_name"}, t.has)
}

// pagerDutyReport is one report while it is read.
type pagerDutyReport struct {
	*file
	rows int // since the last header
}

func newPagerDutyReport(f *file) rowReader {
	r := &pagerDutyReport{file: f}
	if f.has("#") && f.has("opened on") {
		f.Kind("pagerduty report, basic plan")
		for _, c := range pagerDutyBasic {
			if i, ok := f.column[lower(c[0])]; ok && !f.has(c[1]) {
				f.column[c[1]] = i
			}
		}
		f.Gap("ids, titles, urgencies and acknowledgements of the pages",
			"it is the short report of a plan without advanced reporting; the pages go by their number. The full report's columns are "+pagerDutyHeader)
		return r
	}
	if m := f.missing("id", "description", "service_name", "seconds_to_first_ack"); len(m) > 0 {
		f.Gap("the columns "+strings.Join(m, ", "), "the pages are told without them; the columns of a PagerDuty report are "+pagerDutyHeader)
	}
	if !f.has("resolved_on") && !f.has("seconds_to_resolve") {
		f.Gap("the columns resolved_on and seconds_to_resolve", "all pages seem to be open; the columns of a PagerDuty report are "+pagerDutyHeader)
	}
	if m := f.missing("urgency", "auto_resolved", "escalation_count", "acknowledged_by_user_ids", "resolved_by_user_id"); len(m) > 0 {
		f.Doubt("1", "the report has no column %s; the pages are told without", strings.Join(m, ", "))
	}
	var strange []string
	for _, name := range f.names {
		if !strings.Contains(","+pagerDutyHeader+",", ","+lower(name)+",") {
			strange = append(strange, strconv.Quote(name))
		}
	}
	if len(strange) > 0 {
		f.Doubt("1", "columns that this version does not know were passed over: %s", strings.Join(strange, ", "))
	}
	if len(f.twice) > 0 {
		f.Doubt("1", "columns that are there twice were read where they are first: %s", strings.Join(f.twice, ", "))
	}
	return r
}

// end is where one report ends.
func (f *pagerDutyReport) end() {
	if f.rows == pagerDutyLimit || f.rows+f.Broken() == pagerDutyLimit {
		f.Gap("pages after the 20,000th", "PagerDuty ends a CSV there without a word; export shorter periods, such as a file for each month")
	}
	f.rows = 0
}

// row reads one page.
func (f *pagerDutyReport) row(r row) {
	f.rows++
	if r.ragged() {
		return
	}
	id := r.text("id")
	if id == "" {
		id = numbered(pagerDuty, r.text("incident_number"))
	}
	triggered, _ := r.instant("created_on")
	if id == "" || triggered == 0 {
		r.leave("its id is %q and its created_on %q, not a time such as 2026-03-31T14:05:00+00:00", id, r.text("created_on"))
		return
	}
	p := pagerDutyRow{
		created: "created_on", resolved: "resolved_on",
		Page: record.Page{
			Ref:        record.Ref{ID: id},
			Number:     r.text("incident_number"),
			Title:      r.text("description"),
			Service:    r.text("service_name"),
			Urgency:    r.text("urgency"),
			Triggered:  triggered,
			AckedBy:    r.people("acknowledged_by_user_ids", "acknowledged_by_user_names"),
			Resolved:   r.time("resolved_on"),
			ResolvedBy: first(r.people("resolved_by_user_id", "resolved_by_user_name")),
			Escalated:  r.count("escalation_count"),
		},
		hasAck: f.has("seconds_to_first_ack"), hasResolved: f.has("resolved_on"),
		acks: r.count("acknowledge_count"), auto: r.cell("auto_resolved"),
		hasResolver: f.has("resolved_by_user_id") && f.has("resolved_by_user_name"),
	}
	p.ackAfter, p.acked = r.seconds("seconds_to_first_ack")
	p.resolveAfter, p.took = r.seconds("seconds_to_resolve")
	f.page(r.Place(), p.page(r.doubt))
}

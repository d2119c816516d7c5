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
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// pagerDutyVersion is of this reader: files read by an older one are read again.
const pagerDutyVersion = "pagerduty/2"

// pagerDutyLimit is where PagerDuty ends a CSV without a word.
const pagerDutyLimit = 20_000

// PagerDuty is exported Reports as a source.
type PagerDuty struct {
	Tracker string         // the name that the records carry
	Zone    *time.Location // of times without one, which the Reports have not; nil doubts them as UTC
	exports.Set
}

// Fetch yields the pages of the files that since doesn't know; see [exports.Set.Fetch].
func (s PagerDuty) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	zone := "none"
	if s.Zone != nil {
		zone = s.Zone.String()
	}
	s.Options = fmt.Sprintf("%s %s %s", pagerDutyVersion, s.Tracker, zone)
	return s.Set.Fetch(ctx, since, s.read)
}

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

// pagerDutyFile is one file while it is read.
type pagerDutyFile struct {
	sheet
	tracker string
	rows    int // since the last header
	seed    maphash.Seed
	first   map[string]firstRow // by id
}

// firstRow is where an id was first, and what its row said.
type firstRow struct {
	line int
	sum  uint64
}

func (s PagerDuty) read(file *exports.File) {
	switch file.Format() {
	case exports.JSON:
		other := anotherJSON(file)
		if !file.Settled() {
			file.Kind("not a PagerDuty report")
			file.Gap("pages", cmp.Or(other, "it is JSON; download the CSV of PagerDuty's Analytics > Reports"))
		}
		return
	case exports.CSV:
	default:
		return
	}
	f := &pagerDutyFile{
		sheet: sheet{File: file, zone: s.Zone}, tracker: s.Tracker,
		seed: maphash.MakeSeed(), first: map[string]firstRow{},
	}
	for r := range file.Rows() {
		switch {
		case f.column == nil:
			if !f.header(r.Cells) {
				return
			}
		case f.repeats(r.Cells):
			f.ended()
		default:
			f.row(row{&f.sheet, r})
		}
	}
	f.ended()
	if len(f.first) == 0 && f.column != nil {
		f.Doubt("", "the export holds no page")
	}
}

// header takes the first row, and says whether the others can be read.
func (f *pagerDutyFile) header(cells []string) bool {
	f.table = newTable(cells)
	f.Kind("pagerduty report")
	if f.has("#") && f.has("Opened On") {
		f.Kind("pagerduty report, basic plan")
		for _, c := range pagerDutyBasic {
			if i, ok := f.column[lower(c[0])]; ok && !f.has(c[1]) {
				f.column[c[1]] = i
			}
		}
		f.Gap("ids, titles, urgencies and acknowledgements of the pages",
			"it is the short report of a plan without advanced reporting; the pages go by their number. The full report's columns are "+pagerDutyHeader)
		return true
	}
	if !f.has("created_on") || !f.has("id") && !f.has("incident_number") {
		other := anotherTable(f.table)
		if other == "" && (len(cells) < 3 || f.LastRow() || !f.Meant()) {
			f.NoExport("download the CSV of PagerDuty's Analytics > Reports")
			return false
		}
		f.Kind("not a PagerDuty report")
		f.Gap("pages", cmp.Or(other, "its columns are "+excerpt(strings.Join(f.names, ","), 200)+"; a PagerDuty report's are "+pagerDutyHeader))
		return false
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
	return true
}

// ended is called where one report ends.
func (f *pagerDutyFile) ended() {
	if f.rows == pagerDutyLimit {
		f.Gap("pages after the 20,000th", "PagerDuty ends a CSV there without a word; export shorter periods, such as a file for each month")
	}
	f.rows = 0
}

// row reads one page.
func (f *pagerDutyFile) row(r row) {
	f.rows++
	if len(r.Cells) != len(f.names) {
		r.leave("the row has %d cells and the header %d", len(r.Cells), len(f.names))
		return
	}
	id := r.text("id")
	if id == "" {
		id = r.text("incident_number")
	}
	triggered, _ := r.instant("created_on")
	if id == "" || triggered == 0 {
		r.leave("its id is %q and its created_on %q, not a time such as 2026-03-31T14:05:00+00:00", id, r.text("created_on"))
		return
	}
	p := record.Page{
		Ref:       record.Ref{Tracker: f.tracker, ID: id},
		Number:    r.text("incident_number"),
		Title:     r.text("description"),
		Service:   r.text("service_name"),
		Urgency:   r.text("urgency"),
		Triggered: triggered,
		Escalated: r.count("escalation_count"),
	}
	f.acknowledged(r, &p)
	f.resolved(r, &p)
	p.Updated = max(p.Triggered, p.Acked, p.Resolved) // the newest of what the row can know
	f.repeated(r, id)
	f.Page(p)
}

// repeated doubts a page that the file tells twice and not the same.
func (f *pagerDutyFile) repeated(r row, id string) {
	var h maphash.Hash
	h.SetSeed(f.seed)
	for _, c := range r.Cells {
		h.WriteString(c)
		h.WriteByte(0)
	}
	now := firstRow{r.Line, h.Sum64()}
	was, twice := f.first[id]
	if !twice {
		f.first[id] = now
	} else if was.sum != now.sum {
		r.doubt("page %s is in line %d as well, and not the same; merged, by the first acknowledgement and the last resolution", id, was.line)
	}
}

func (f *pagerDutyFile) acknowledged(r row, p *record.Page) {
	p.AckedBy = r.people("acknowledged_by_user_ids", "acknowledged_by_user_names")
	after, ok := r.seconds("seconds_to_first_ack")
	switch {
	case ok:
		p.Acked = p.Triggered.Add(after)
	case f.has("seconds_to_first_ack") && (len(p.AckedBy) > 0 || r.count("acknowledge_count") > 0):
		r.doubt("page %s was acknowledged, but not after how long; read as never", p.ID)
		p.AckedBy = nil
	}
}

func (f *pagerDutyFile) resolved(r row, p *record.Page) {
	at := r.time("resolved_on")
	after, ok := r.seconds("seconds_to_resolve")
	switch {
	case at == 0 && !f.has("resolved_on") && ok: // not in the list of columns that PagerDuty documents
		at = p.Triggered.Add(after)
	case at == 0 && ok:
		r.doubt("page %s has seconds_to_resolve, but no resolved_on; read as open", p.ID)
	case at == 0:
	case at < p.Triggered:
		r.doubt("page %s was resolved at %s, before it was created at %s; read as open", p.ID, at, p.Triggered)
		at = 0
	case ok && (at.Sub(p.Triggered)-after).Abs() > 2*time.Second:
		r.doubt("page %s: seconds_to_resolve is %d, but resolved_on is %d seconds after created_on; resolved_on was taken", p.ID, int(after.Seconds()), int(at.Sub(p.Triggered).Seconds()))
	}
	if at == 0 {
		return
	}
	p.Resolved = at
	if who := r.people("resolved_by_user_id", "resolved_by_user_name"); len(who) > 0 {
		p.ResolvedBy = who[0]
	}
	switch auto := strings.ToLower(r.text("auto_resolved")); auto {
	case "1", "true":
		p.AutoClosed = true
	case "", "0", "false":
		p.AutoClosed = !p.ResolvedBy.Known() && f.has("resolved_by_user_id") && f.has("resolved_by_user_name")
	default:
		r.doubt("page %s: auto_resolved is %q, neither 0 nor 1; read as 0", p.ID, auto)
	}
}

package paging

// Opsgenie's alerts as a table: the web's "Download as CSV", and what scripts make of the API. The web's
// header is not documented and no such file is public, so columns are found by the names that the API and
// the web use for their content, however their words are joined and spelt. A table whose columns are called
// otherwise can be named column by column in firebreak.yaml.
//
// A time to acknowledge or to close is an instant, or as in the API the milliseconds since the creation.

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// opsgenieColumns are what the columns may be called, in lower case without what separates their words.
var opsgenieColumns = map[string][]string{
	"id":          {"alertid", "id"},
	"number":      {"tinyid", "alerttinyid"},
	"alias":       {"alias", "alertalias"},
	"message":     {"message", "alertmessage", "alert"},
	"status":      {"status", "alertstatus"},
	"priority":    {"priority", "alertpriority"},
	"created":     {"createdat", "createdatutc", "creationtime", "createdtime", "created", "alertcreatedat"},
	"updated":     {"updatedat", "updatedatutc", "updated", "lastupdatedat"},
	"acked":       {"acknowledgedat", "ackedat", "acktime", "reportacktime", "acknowledgetime", "acknowledgementtime", "acknowledgedtime"},
	"ackedby":     {"acknowledgedby", "ackedby", "reportacknowledgedby"},
	"closed":      {"closedat", "closetime", "reportclosetime", "closedtime", "closingtime"},
	"closedby":    {"closedby", "reportclosedby"},
	"integration": {"integrationname", "integration"},
	"type":        {"integrationtype"},
	"source":      {"source", "alertsource"},
	"entity":      {"entity", "alertentity"},
	"incident":    {"detailsincidentid", "incidentid"},
}

// plainName is a column's name without what separates its words.
func plainName(name string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, lower(name))
}

// opsgenieTable finds the columns: ours to the table's.
func opsgenieTable(t table) map[string]string {
	theirs := map[string]string{}
	for _, n := range t.names {
		if _, twice := theirs[plainName(n)]; !twice {
			theirs[plainName(n)] = lower(n)
		}
	}
	ours := map[string]string{}
	for our, names := range opsgenieColumns {
		for _, n := range names {
			if their, ok := theirs[n]; ok {
				ours[our] = their
				break
			}
		}
	}
	return ours
}

// isOpsgenieTable says so where an alert is named as only Opsgenie does, and created at some time.
func isOpsgenieTable(t table) bool {
	c := opsgenieTable(t)
	return c["created"] != "" && (c["number"] != "" || c["alias"] != "" && c["message"] != "" && c["priority"] != "")
}

type opsgenieRows struct {
	*file
	columns map[string]string
	n       int
	begun   bool
}

func newOpsgenieRows(f *file) *opsgenieRows {
	return &opsgenieRows{file: f, columns: opsgenieTable(f.table)}
}

// begin says once what the table lacks.
func (o *opsgenieRows) begin() {
	o.begun = true
	if o.columns["acked"] == "" {
		o.Gap("the times of acknowledgement", "no column is called acknowledgedAt or ackTime; name it with `columns:` in firebreak.yaml if there is one")
	}
	if o.columns["closed"] == "" {
		o.Gap("the times of closing", "no column is called closedAt or closeTime, and all alerts seem to be open; name it with `columns:` in firebreak.yaml if there is one")
	}
}

func (o *opsgenieRows) row(r row) {
	if !o.begun {
		o.begin()
	}
	o.n++
	if r.ragged() {
		return
	}
	cell := func(our string) string { return r.text(o.columns[our]) }
	p := record.Page{
		Ref:        record.Ref{ID: cmp.Or(cell("id"), numbered("opsgenie", cell("number")))},
		Number:     cell("number"),
		Title:      cell("message"),
		Key:        cell("alias"),
		Urgency:    cell("priority"),
		Service:    cmp.Or(cell("entity"), cell("integration"), cell("source")),
		Origin:     opsgenieOrigin(cell("type")),
		MergedInto: cell("incident"),
		Updated:    o.when(r, "updated", 0),
		Triggered:  o.when(r, "created", 0),
	}
	if p.Key == p.ID {
		p.Key = ""
	}
	p.Acked = o.when(r, "acked", p.Triggered)
	if who := cell("ackedby"); p.Acked != 0 && who != "" {
		if opsgenieSystem(who, cell("integration"), cell("type")) {
			p.Acked = 0
		} else {
			p.AckedBy = []record.Person{opsgeniePerson(who)}
		}
	}
	if status := cell("status"); status == "" || strings.EqualFold(status, "closed") {
		p.Resolved = o.when(r, "closed", p.Triggered)
		switch who := cell("closedby"); {
		case p.Resolved == 0 && status != "" && o.columns["closed"] != "":
			r.doubt("alert %s is closed, but does not say when; read as open", p.ID)
		case who != "" && opsgenieSystem(who, cell("integration"), cell("type")):
			p.AutoClosed = true
		case who != "":
			p.ResolvedBy = opsgeniePerson(who)
		}
	}
	o.page(r.Place(), p)
}

// when is an instant: a time, the seconds or milliseconds since 1970, or the milliseconds since another
// instant. Of a number that may be either of the last two, the column's name decides: "closedAt" is an instant,
// and "closeTime" is the API's length of time.
func (o *opsgenieRows) when(r row, our string, since record.Instant) record.Instant {
	column := o.columns[our]
	s := r.cell(column)
	n, err := strconv.ParseFloat(s, 64)
	at := epoch(s)
	long := since != 0 && err == nil && n > 0 && n < 1e11
	switch {
	case at != 0 && !(long && strings.HasSuffix(plainName(column), "time")):
		return at
	case long:
		return since.Add(time.Duration(n) * time.Millisecond)
	}
	return r.time(column)
}

func (o *opsgenieRows) end() {
	if o.n == opsgenieLimit || o.n+o.Broken() == opsgenieLimit {
		o.Gap("alerts after the 20,000th", "Opsgenie ends a list there without a word; export shorter periods, such as a file for each month")
	}
	o.n = 0
}

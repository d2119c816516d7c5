package paging

// Opsgenie, and the operations of Jira Service Management that succeed it (sales ended in June 2025, the
// API in April 2027): alerts as GET v2/alerts and GET v2/alerts/{id} answer them, and GET
// jsm/ops/api/{cloudId}/v1/alerts. A file is an answer, a list of answers or of alerts, or lines of either.
//
// Documented at docs.opsgenie.com/docs/alert-api and developer.atlassian.com/cloud/jira/service-desk-ops
// (API group alerts); Opsgenie's own client libraries agree. Both are one tool here: the members of JSM's
// alerts are those of Opsgenie's, but that the integration is two texts, and that there is no report.
//
// An alert does not say when it was closed: its report counts the milliseconds from createdAt to the
// acknowledgement and to the close. `acknowledged` is false again once an alert is closed, so the report
// alone tells. JSM's alerts have no report, so that one needs the alert's log (opsgenie_log.go); without
// either it is open as far as anybody can tell, and doubted. updatedAt is never taken for an end: notes and
// tags move it.
//
// Users are told by their e-mail address. What else closes alerts is not documented: "System" (auto-close
// policies), the name or type of the alert's own integration, whose check succeeded again, and words such as
// "Alert API" are taken for nobody (unconfirmed). An alert that names no responder at all, and that nobody
// owned or acknowledged, notified nobody: it is no page, left out and counted.
//
// The alerts that Opsgenie raises for an incident name it in their details (incident-id): they are taken for
// merged into it, or each fire would be counted twice and more.

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// opsgenieFormats is Opsgenie's part of the table of formats.
var opsgenieFormats = []format{
	{
		tool: "opsgenie", name: "opsgenie incidents", members: []string{"data"},
		holds: func(o object, _ string) bool {
			o = opsgenieOne(o)
			return o.has("tinyId", "createdAt") && (o.has("impactStartDate") || o.has("impactedServices"))
		},
		objects: func(f *file) objectReader {
			return &opsgenieIncidents{opsgenieList{file: f, what: "Opsgenie incidents"}}
		},
	},
	{
		tool: "opsgenie", name: "opsgenie alerts", members: []string{"data"},
		holds:   func(o object, _ string) bool { return isOpsgenieAlert(o) && !o.has("integrationType") },
		objects: func(f *file) objectReader { return &opsgenieAlerts{opsgenieList{file: f, what: "Opsgenie alerts"}} },
	},
	{
		tool: "opsgenie", name: "jsm operations alerts", members: []string{"values"},
		holds:   func(o object, _ string) bool { return isOpsgenieAlert(o) },
		objects: func(f *file) objectReader { return &opsgenieAlerts{opsgenieList{file: f, what: "Opsgenie alerts"}} },
	},
	{
		tool: "opsgenie", name: "opsgenie alert log", members: []string{"data", "values"},
		holds:   func(o object, _ string) bool { return o.has("log", "createdAt") },
		objects: func(f *file) objectReader { return &opsgenieLogs{file: f} },
	},
	{
		tool: "opsgenie", name: "opsgenie schedule timeline",
		holds:   func(o object, _ string) bool { return opsgenieOne(o).has("finalTimeline") },
		objects: func(f *file) objectReader { return &opsgenieTimelines{file: f} },
	},
	{
		tool: "opsgenie", name: "opsgenie alert table",
		table: isOpsgenieTable,
		rows:  func(f *file) rowReader { return newOpsgenieRows(f) },
	},
}

// opsgenieOne is the record of an answer about one, {"data": {…}}, or the record itself.
func opsgenieOne(o object) object {
	if d := o.in("data"); len(d.members) > 0 {
		return d
	}
	return o
}

func isOpsgenieAlert(o object) bool {
	o = opsgenieOne(o)
	return o.has("tinyId", "createdAt") && (o.has("alias") || o.has("acknowledged")) && !o.has("impactStartDate")
}

// opsgenieLimit is where a list of Opsgenie's ends without a word: offset and limit together.
const opsgenieLimit = 20_000

// opsgenieList counts the records of a file, and knows whether more of them are elsewhere.
type opsgenieList struct {
	*file
	what  string
	n     int
	piece *exports.Piece
}

// rest takes the addresses that an answer names: of the next one, and of the last one, which it is itself where
// there is no next.
func (l *opsgenieList) rest(o object) {
	next := cmp.Or(o.text("paging", "next"), o.text("links", "next"))
	from, _ := opsgenieOffset(cmp.Or(o.text("paging", "last"), o.text("links", "last")))
	if next != "" {
		offset, limit := opsgenieOffset(next)
		next, from = cmp.Or(offset, next), ""
		if n, err := strconv.Atoi(offset); err == nil && limit > 0 {
			from = strconv.Itoa(n - limit)
		}
	}
	if l.piece == nil {
		l.piece = &exports.Piece{List: l.what, From: from}
	}
	l.piece.Next = next
}

// opsgenieOffset is where the answer at an address begins, "" where it does not tell, and how long it may be.
func opsgenieOffset(address string) (offset string, limit int) {
	u, err := url.Parse(address)
	if err != nil {
		return "", 0
	}
	limit, _ = strconv.Atoi(cmp.Or(u.Query().Get("limit"), u.Query().Get("size")))
	return u.Query().Get("offset"), limit
}

func (l *opsgenieList) end() {
	switch {
	case l.n == opsgenieLimit:
		l.Gap("alerts after the 20,000th", "Opsgenie ends a list there without a word; export shorter periods, such as a file for each month")
	case l.piece != nil:
		l.Piece(*l.piece)
	}
}

// opsgenieAlerts reads alerts.
type opsgenieAlerts struct{ opsgenieList }

func (a *opsgenieAlerts) object(o object, _ string) {
	a.n++
	if o = opsgenieOne(o); !o.has("createdAt") {
		o.leave("it is no alert of Opsgenie: it has no createdAt")
		return
	}
	p := record.Page{
		Ref:       record.Ref{ID: o.text("id")},
		Number:    o.text("tinyId"),
		Title:     o.text("message"),
		Key:       o.text("alias"),
		Urgency:   o.text("priority"),
		Triggered: o.time("createdAt"),
		Updated:   o.time("updatedAt"),
		Issues:    named(o.in("details"), o.in("extraProperties"), o.in("extra_properties")),
	}
	if p.Key == p.ID {
		p.Key = "" // the alias of an alert that was given none
	}
	p.MergedInto = cmp.Or(o.text("details", "incident-id"), o.text("extraProperties", "incident-id"))
	integration, kind := opsgenieIntegration(o)
	p.Service = cmp.Or(o.text("entity"), integration, o.text("source"))
	p.Origin = opsgenieOrigin(kind)

	p.Events = opsgenieLog(o)
	recount(&p)
	if after, ok := o.after("report", "ackTime"); ok {
		p.Acked, p.AckedBy = p.Triggered.Add(after), nil
		if who := o.text("report", "acknowledgedBy"); opsgenieSystem(who, integration, kind) {
			p.Acked = 0 // by no person
		} else if who != "" {
			p.AckedBy = []record.Person{opsgeniePerson(who)}
		}
	} else if p.Acked == 0 && o.is("acknowledged") {
		o.doubt("alert %s is acknowledged, but does not say when; read as never. Its log would tell", p.ID)
	}
	switch after, ok := o.after("report", "closeTime"); {
	case !strings.EqualFold(o.text("status"), "closed"):
		p.Resolved = 0 // opened again
	case ok:
		p.Resolved, p.ResolvedBy = p.Triggered.Add(after), record.Person{}
		who := o.text("report", "closedBy")
		if p.AutoClosed = opsgenieSystem(who, integration, kind); !p.AutoClosed {
			p.ResolvedBy = opsgeniePerson(who)
		}
	case p.Resolved == 0:
		o.doubt("alert %s is closed, but does not say when; read as open. Its log would tell", p.ID)
	}
	if o.has("responders") && len(o.list("responders"))+len(o.list("teams")) == 0 &&
		o.text("owner")+o.text("ownerTeamId") == "" && p.Acked == 0 && !o.is("acknowledged") {
		o.Left("notified nobody")
		o.Until(p.Updated)
		return
	}
	o.page(o.place, p)
}

// after is a length of time in milliseconds; false where there is none.
func (o object) after(path ...string) (time.Duration, bool) {
	n, ok := o.number(path...)
	if !ok || !(n >= 0 && n < 1e12) {
		if ok {
			o.doubt("%s is %v, not a length of time in milliseconds; read as none", strings.Join(path, "."), n)
		}
		return 0, false
	}
	return time.Duration(n) * time.Millisecond, true
}

// opsgenieIntegration is the name and type of what raised an alert: an object, or JSM's two texts.
func opsgenieIntegration(o object) (name, kind string) {
	return cmp.Or(o.text("integration", "name"), o.text("integrationName")), cmp.Or(o.text("integration", "type"), o.text("integrationType"))
}

// opsgenieOrigin is who raises alerts through an integration of this type. "API" is what both people's
// alerts and scripts come through, and "Email" is anybody's: they say nothing.
func opsgenieOrigin(kind string) string {
	switch strings.ToLower(kind) {
	case "", "api", "email", "default", "webhook", "slack", "slackapp", "msteams", "mattermost":
		return ""
	case "incomingcall":
		return record.ByPerson
	}
	return record.ByMonitor
}

// opsgenieSystem says whether a name is of no person: see the comment of the file.
func opsgenieSystem(who, integration, kind string) bool {
	if strings.Contains(who, "@") {
		return false
	}
	for _, s := range []string{"", "system", "opsgenie", "api", "alert api", "alertapi", "auto close", "auto-close", "auto close policy", integration, kind} {
		if strings.EqualFold(strings.TrimSpace(who), s) {
			return true
		}
	}
	return false
}

// opsgeniePerson is a user by the one text that names them, an e-mail address as a rule.
func opsgeniePerson(who string) record.Person {
	if strings.Contains(who, "@") || who != "" && !strings.Contains(who, " ") {
		return record.Person{Account: who}
	}
	return record.Person{Name: who}
}

var (
	issueKey = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,19}-[1-9][0-9]{0,9}$`)

	// issueNames are the names of custom properties that are meant for an issue, in lower case and without
	// what separates their words. Integrations differ in them, and none is documented.
	issueNames = []string{
		"issue", "issuekey", "issueurl", "issuelink", "jira", "jirakey", "jiraurl", "jiralink", "jiraissue", "jiraissuekey", "jiraissueurl",
		"jiraissuelink", "jiraticket", "jiraticketkey", "jiraticketurl", "linkedissue", "linkedissues", "ticket", "ticketkey", "ticketurl",
		"github", "githubissue", "githubissueurl",
	}
)

// named are the keys and URLs of issues in the properties that are meant for them.
func named(properties ...object) []string {
	var all []string
	for _, p := range properties {
		for _, name := range p.names() {
			plain := strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "", ".", "", ":", "").Replace(name))
			if !slices.Contains(issueNames, plain) {
				continue
			}
			for _, word := range strings.FieldsFunc(p.text(name), func(c rune) bool { return c == ',' || c == ';' || c == ' ' || c == '\n' }) {
				if issueKey.MatchString(word) || strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://") {
					all = append(all, word)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

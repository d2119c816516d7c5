package main

// What firebreak.yaml says of a pager: exports of a tool or of none, or the service itself.

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/paging"
	"github.com/firebreak/firebreak/collectors/record"
)

// pagerFiles reads how exports are read that say too little of themselves.
func (r *sourceReader) pagerFiles() {
	if role := r.Get("role"); role.Given() {
		r.Role = role.OneOf("superhero", "sidekick")
	}
	columns := r.Get("columns")
	if l := r.Get("layout"); l.Given() && columns.Given() && r.Layout != "" {
		if omits := paging.LayoutOmits(r.Layout); omits != nil {
			l.Complain("%q tells nothing of %s; a layout shows how 2 January 2006, 15:04:05 is written, such as 02.01.2006 15:04", r.Layout, strings.Join(omits, ", "))
		} else if letter := otherNotation.FindString(r.Layout); letter != "" {
			l.Complain("%q stands in the layout as it is and not for a part of a time; a layout shows how 2 January 2006, 15:04:05 is written, such as 02.01.2006 15:04", letter)
		}
	}
	if !columns.Given() {
		if l := r.Get("layout"); l.Given() {
			l.Complain("layout is of the times in the columns that `columns:` names, and there are none")
		}
		return
	}
	if r.Kind != "paging" {
		r.Key("columns").Complain("the columns of %s are known; `kind: paging` with columns: reads an export of no tool", r.Kind)
	}
	names := paging.MappingNames()
	for name := range columns.Map().Each() {
		if !slices.Contains(names, name) {
			columns.Map().Key(name).Complain("columns of a page have no %q; they are %s%s", name, strings.Join(names, ", "), strict.DidYouMean(name, names...))
		}
	}
	has := func(name string) bool { return r.Columns[name] != "" }
	if has("updates") && !has("updates.at") {
		columns.Complain("updates are a list, and which of their members is the time? It reads  updates.at: \"created_at\"")
	}
	if !has("triggered") && !has("updates") {
		columns.Complain("which column says when a page was triggered? It reads  columns: {triggered: \"Opened at\"}")
	}
}

// otherNotation is how layouts are written elsewhere: dd.mm.yyyy, %d.%m.%Y.
var otherNotation = regexp.MustCompile(`(?i)%[a-z]|dd|mm|yy|hh`)

var (
	pagerDutyID = regexp.MustCompile(`^[A-Z0-9]{4,20}$`)
	operations  = regexp.MustCompile(`^https?://[^/]+/jsm/ops/api/[0-9a-f-]{36}$`)
)

// pager reads what is asked of PagerDuty, Opsgenie, or the operations of Jira Service Management.
func (r *sourceReader) pager(here use) {
	s, at := r.Live, r.Get("url")
	if u := r.webAddress(at); u != nil {
		s.URL = u.Scheme + "://" + u.Host + strings.TrimRight(u.Path, "/")
	}
	if at.Given() && !r.token() {
		r.Complain("%s names no token: token_env: %s_TOKEN", r.Name, strings.ToUpper(r.Kind))
	}
	if here&pagerdutyLive != 0 {
		if s.URL == "" {
			s.URL = "https://api.pagerduty.com"
		}
		s.Services, s.Teams = r.ids("services"), r.ids("teams")
		if since := r.Get("since"); since.Given() {
			day, err := time.Parse(time.DateOnly, since.Date())
			if s.Since = record.At(day); err != nil {
				s.Since = 0
			}
		}
		if strings.HasSuffix(s.URL, ".pagerduty.com") && !strings.HasPrefix(s.URL, "https://api.") {
			at.Complain("the address of the API is wanted: https://api.pagerduty.com, or https://api.eu.pagerduty.com; leave it out for the first")
		}
		return
	}
	s.Query, s.Email = r.Get("query").Text(), r.email()
	if l := r.Get("logs"); l.Given() {
		s.Logs = l.Bool()
	}
	if s.URL == "" {
		s.URL = "https://api.opsgenie.com"
	}
	switch jsm := strings.Contains(s.URL, "/jsm/ops"); {
	case strings.HasSuffix(s.URL, ".app.opsgenie.com"):
		at.Complain("the address of the API is wanted: https://api.opsgenie.com, or https://api.eu.opsgenie.com")
	case jsm && !operations.MatchString(s.URL):
		at.Complain("the operations of Jira Service Management read https://api.atlassian.com/jsm/ops/api/ and the site's cloudId, which stands in https://acme.atlassian.net/_edge/tenant_info")
	case jsm && s.Email == "":
		at.Complain("the operations of Jira Service Management are asked with an e-mail address and its API token; write email: bot@acme.com")
	case !jsm && s.Email != "":
		r.Key("email").Complain("Opsgenie is asked with the key of an API integration alone; email: is for https://api.atlassian.com/jsm/ops/api/<cloudId>")
	}
}

// ids are those of a key, in PagerDuty's form.
func (r *sourceReader) ids(key string) []string {
	var ids []string
	for _, x := range r.Get(key).List() {
		if id := x.Text(); pagerDutyID.MatchString(id) {
			ids = append(ids, id)
		} else if id != "" {
			x.Complain("%q is no id of PagerDuty's; it is what follows the last / of its address, such as PIJ90N7", id)
		}
	}
	return ids
}

package paging

// Files of another tool: what they look like, and which `kind:` of source reads them.

import (
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/go-json-experiment/json/jsontext"
)

// anotherTable says whose export has such a header, "" if nobody knows.
func anotherTable(t table) string {
	switch {
	case t.has("issue key"), t.has("issue type") && t.has("summary"), t.has("clave de incidencia"), t.has("vorgangsschlüssel"), t.has("clé de ticket"):
		return "it looks like issues exported from Jira; read it with `kind: jira`"
	case t.has("created_at") && t.has("incident_number") && t.has("seconds_to_engage"):
		return "it looks like PagerDuty's Insights or analytics data, whose times have no zone; download the CSV of Analytics > Reports"
	case t.has("tinyid"), t.has("alertid") && t.has("alias"):
		return "it looks like alerts of Opsgenie, which this version does not read"
	case t.has("sys_created_at"), t.has("sys_created_on"):
		return "it looks like records of ServiceNow, which firebreak does not read"
	}
	return ""
}

// anotherObject says whose export has such a JSON object, "" if nobody knows.
func anotherObject(v jsontext.Value) string {
	d := jsontext.NewDecoder(strings.NewReader(string(v)), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := d.ReadToken(); err != nil || v.Kind() != '{' {
		return ""
	}
	var names []string
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return ""
		}
		names = append(names, name.String())
		if d.SkipValue() != nil {
			return ""
		}
	}
	has := func(all ...string) bool {
		return !slices.ContainsFunc(all, func(n string) bool { return !slices.Contains(names, n) })
	}
	switch {
	case has("incident_number"), has("error"):
		return "it looks like an answer of PagerDuty's API, which this version does not read; download the CSV of Analytics > Reports"
	case has("key", "fields"):
		return "it looks like issues exported from Jira; read it with `kind: jira`"
	case has("issue", "events"), has("number", "state", "html_url"), has("number", "state", "repository_url"):
		return "it looks like issues exported from GitHub; read it with `kind: github`"
	case has("tinyId"):
		return "it looks like alerts of Opsgenie, which this version does not read"
	case has("fingerprint", "startsAt"):
		return "it looks like alerts of Prometheus, which this version does not read"
	}
	return ""
}

// anotherJSON says whose export a JSON file is, "" if nobody knows. Its first record tells.
func anotherJSON(f *exports.File) string {
	for v := range f.JSON("issues", "incidents", "alerts", "data", "items", "values") {
		return anotherObject(v.JSON)
	}
	return ""
}

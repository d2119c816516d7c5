package paging

// Files of no pager: whose they are, and what is to be done about them.

import "slices"

// elsewhere are the members that hold records in the exports of other sources, and in reference data.
var elsewhere = []string{"issues", "items", "values", "teams", "services", "users", "priorities", "escalation_policies"}

// foreignTable says what export of no pager has such a header, and which `kind:` of source reads it; ""
// if nobody knows.
func foreignTable(t table) (name, kind string) {
	switch {
	case t.has("issue key"), t.has("issue type") && t.has("summary"), t.has("clave de incidencia"), t.has("vorgangsschlüssel"), t.has("clé de ticket"):
		return "issues exported from Jira", "jira"
	case serviceNow(t):
		return "records of ServiceNow", "servicenow"
	}
	return "", ""
}

// foreignObject says the same of a JSON object.
func foreignObject(o object, member string) (name, kind string) {
	switch {
	case o.has("key", "fields"):
		return "issues exported from Jira", "jira"
	case o.has("issue", "events"), o.has("number", "state", "html_url"), o.has("number", "state", "repository_url"):
		return "issues exported from GitHub", "github"
	}
	return "", ""
}

// serviceNow says whether a table is of ServiceNow, whose own columns all have such names:
// https://www.servicenow.com/docs, "System fields".
func serviceNow(t table) bool {
	return t.has("number") && slices.ContainsFunc([]string{"sys_created_at", "sys_created_on", "sys_updated_at", "sys_updated_on", "sys_mod_count"}, t.has)
}

// reference says whether an object only says what something is called: a team, a service, a person, a
// priority. Such lists lie beside exports, as the services' answers refer to them by id.
func reference(o object, member string) bool {
	if slices.Contains([]string{"teams", "services", "users", "priorities", "escalation_policies"}, member) {
		return true
	}
	some := func(names ...string) bool { return slices.ContainsFunc(names, func(n string) bool { return o.has(n) }) }
	return some("name", "summary") && some("slug", "self", "links", "_selfUrl", "email") && !some("status", "state", "title", "message", "incident")
}

// refusal says whether an object is a service's word that there is no answer.
func refusal(o object) bool {
	for _, n := range []string{"error", "errors", "errorMessages", "error_description"} {
		if o.has(n) {
			return true
		}
	}
	return o.has("message") && len(o.members) <= 4
}

package fakegithub

// For the tests of the schema: a query for everything that it holds.

import (
	"maps"
	"slices"
	"strings"
)

// EveryField is, for each field of each type that can be reached, a query that asks for it.
func (h *Hub) EveryField() map[string]string {
	list := map[string]string{}
	roots := map[string]string{
		"Repository":    `{repository(owner:"acme",name:"orders"){%s}}`,
		"Issue":         `{repository(owner:"acme",name:"orders"){issues(first:100){nodes{%s}}}}`,
		"PullRequest":   `{search(query:"is:pr",type:ISSUE,first:10){nodes{... on PullRequest{%s}}}}`,
		"Organization":  `{organization(login:"acme"){%s}}`,
		"User":          `{viewer{login} repository(owner:"acme",name:"orders"){issues(first:50){nodes{author{... on User{%s}}}}}}`,
		"RateLimit":     `{rateLimit{%s}}`,
		"ProjectV2":     `{organization(login:"acme"){projectV2(number:1){%s}}}`,
		"ProjectV2Item": `{organization(login:"acme"){projectV2(number:1){items(first:50){nodes{%s}}}}}`,
	}
	for _, kind := range h.schema["IssueTimelineItems"].of {
		roots[kind] = `{repository(owner:"acme",name:"orders"){issues(first:100){nodes{timelineItems(first:100){nodes{... on ` + kind + `{%s}}}}}}}`
	}
	for _, kind := range h.schema["ProjectV2ItemFieldValue"].of {
		roots[kind] = `{organization(login:"acme"){projectV2(number:1){items(first:50){nodes{fieldValues(first:20){nodes{... on ` + kind + `{%s}}}}}}}}`
	}
	for _, kind := range h.schema["ProjectV2FieldConfiguration"].of {
		roots[kind] = `{organization(login:"acme"){projectV2(number:1){fields(first:50){nodes{... on ` + kind + `{%s}}}}}}`
	}
	for kind, root := range roots {
		for _, name := range slices.Sorted(maps.Keys(h.schema[kind].fields)) {
			m := h.schema[kind].fields[name]
			q := name
			if name == "issue" || name == "projectV2" {
				q += "(number:1)"
			}
			if name == "field" && kind == "ProjectV2" || name == "fieldValueByName" {
				q += `(name:"Status")`
			}
			if name == "projectV2" && kind != "Organization" {
				continue // none is of a repository or a person, which is an error
			}
			switch {
			case m.pages:
				q += "(first:3){totalCount nodes{__typename}}"
			case m.kind != "":
				q += "{__typename}"
			}
			list[kind+"."+name] = strings.Replace(root, "%s", q, 1)
		}
	}
	return list
}

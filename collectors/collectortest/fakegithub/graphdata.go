package fakegithub

// What GraphQL tells of accounts, repositories and issues.

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

func unresolved(format string, v string) *fault {
	return &fault{kind: "NOT_FOUND", message: strings.Replace(format, "%s", v, 1)}
}

func (x *execution) root() *object {
	return &object{kind: "Query", get: func(name string, args map[string]any) any {
		text := func(arg string) string { s, _ := args[arg].(string); return s }
		switch name {
		case "viewer":
			return x.person(0)
		case "rateLimit":
			return x.limits()
		case "repository":
			full := text("owner") + "/" + text("name")
			if r := x.h.find(cmp.Or(x.h.o.Renamed[full], full)); r != nil && x.readable(r) {
				return x.repository(r)
			}
			return unresolved("Could not resolve to a Repository with the name '%s'.", full)
		case "repositoryOwner", "organization", "user":
			login := text("login")
			owned := slices.ContainsFunc(x.h.repos, func(r *repo) bool { return strings.EqualFold(r.owner, login) })
			org := strings.EqualFold(login, x.h.o.Org)
			switch {
			case name == "organization" && !org:
				return unresolved("Could not resolve to an Organization with the login of '%s'.", login)
			case name == "user" && (org || !owned):
				return unresolved("Could not resolve to a User with the login of '%s'.", login)
			case !org && !owned:
				return nil
			}
			return x.owner(login)
		case "node":
			return x.find(text("id"))
		case "nodes":
			list, _ := args["ids"].([]any)
			if len(list) > 100 {
				return &fault{kind: "ARGUMENT_LIMIT", message: "You may not provide more than 100 node ids; you provided " + itoa(int64(len(list))) + "."}
			}
			found := []any{}
			for _, id := range list {
				s, _ := id.(string)
				found = append(found, x.find(s))
			}
			return found
		case "search":
			if text("type") != "ISSUE" && text("type") != "ISSUE_ADVANCED" {
				return &fault{message: "fakegithub does not know a search of type " + text("type")}
			}
			list, wrong := x.h.matching(text("query"), "", "")
			if wrong != nil { // GraphQL finds nothing where REST says why
				list = nil
			}
			list = list[:min(len(list), mostFound)]
			return counted(len(list), func(i int) *object { return x.issue(list[i]) })
		}
		return unanswered{}
	}}
}

// unanswered is a field of the schema that nothing answers: an oversight, and said to be one.
type unanswered struct{}

func (x *execution) limits() *object {
	limit := x.h.quota("graphql")
	used := x.h.used["graphql"] + x.cost
	return record("RateLimit", map[string]any{
		"limit": int64(limit), "cost": int64(x.cost), "used": int64(used % (limit + 1)), "remaining": int64(max(0, limit-used%(limit+1))),
		"resetAt": instant(x.h.window + 3600), "nodeCount": int64(x.check.nodes),
	})
}

func (x *execution) readable(r *repo) bool {
	a := x.h.may(r)
	return a == nil || a.status != 404
}

// find is what a node id is of.
func (x *execution) find(id string) any {
	for _, prefix := range []string{"I_kwDO", "PR_kwDO"} {
		if n, good := unnode(prefix, id); good {
			if is := x.h.byID[n]; is != nil && !is.gone && x.readable(is.repo) {
				return x.issue(is)
			}
		}
	}
	if n, good := unnode("PVTI_lADO", id); good {
		if is := x.h.byID[n]; is != nil && !is.gone && x.h.project(is) > 0 {
			return x.item(x.h.project(is), is)
		}
	}
	if n, good := unnode("PVT_kwDO", id); good && n >= 1 && n <= int64(x.h.o.Projects) {
		return x.project(int(n))
	}
	return unresolved("Could not resolve to a node with the global id of '%s'", id)
}

func (x *execution) person(who int) *object {
	login := people[who]
	kind := "User"
	if strings.HasSuffix(login, "[bot]") { // which GraphQL leaves out of the login
		kind, login = "Bot", strings.TrimSuffix(login, "[bot]")
	}
	id := int64(1_000_001 + who*7)
	return record(kind, map[string]any{"id": node("U_kgDO", id), "databaseId": id, "login": login, "url": x.web + "/" + login})
}

func (x *execution) owner(login string) *object {
	kind := "User"
	if strings.EqualFold(login, x.h.o.Org) {
		kind, login = "Organization", x.h.o.Org
	}
	return &object{kind: kind, get: func(name string, args map[string]any) any {
		switch name {
		case "id":
			return node("O_kgDO", ownerID(login))
		case "databaseId":
			return ownerID(login)
		case "login", "name":
			return login
		case "url":
			return x.web + "/" + login
		case "repositories":
			var list []*repo
			for _, r := range x.h.repos {
				if strings.EqualFold(r.owner, login) && x.readable(r) {
					list = append(list, r)
				}
			}
			return counted(len(list), func(i int) *object { return x.repository(list[i]) })
		case "issueTypes":
			return counted(len(types)-1, func(i int) *object { return x.kind(i + 1).(*object) })
		case "projectV2", "projectsV2":
			if x.h.o.Installation {
				return &fault{kind: "FORBIDDEN", message: "Resource not accessible by integration"}
			}
			n := x.h.o.Projects
			if kind == "User" {
				n = 0
			}
			if name == "projectsV2" {
				return counted(n, func(i int) *object { return x.project(i + 1) })
			}
			number, _ := args["number"].(int64)
			if number < 1 || number > int64(n) {
				return unresolved("Could not resolve to a ProjectV2 with the number %s.", itoa(number))
			}
			return x.project(int(number))
		}
		return unanswered{}
	}}
}

func (x *execution) repository(r *repo) *object {
	return &object{kind: "Repository", get: func(name string, args map[string]any) any {
		switch name {
		case "id":
			return node("R_kgDO", r.id)
		case "databaseId":
			return r.id
		case "name":
			return r.name
		case "nameWithOwner":
			return r.full()
		case "url":
			return x.web + "/" + r.full()
		case "isPrivate":
			return x.h.o.Token != ""
		case "isArchived":
			return false
		case "hasIssuesEnabled":
			return !x.h.disabled(r)
		case "updatedAt":
			return instant(x.h.o.Now.Unix() - day)
		case "owner":
			return x.owner(r.owner)
		case "issues":
			return x.issues(r, args)
		case "issue":
			n, _ := args["number"].(int64)
			if n < 1 || n > int64(len(r.issues)) || r.issues[n-1].gone || r.issues[n-1].pull {
				return unresolved("Could not resolve to an Issue with the number of %s.", itoa(n))
			}
			return x.issue(r.issues[n-1])
		case "labels":
			return counted(len(labels), func(i int) *object { return x.label(r, i) })
		case "milestones":
			return counted(len(milestones)-1, func(i int) *object { return x.milestone(r, i+1).(*object) })
		case "issueTypes":
			return counted(len(types)-1, func(i int) *object { return x.kind(i + 1).(*object) })
		case "projectV2":
			n, _ := args["number"].(int64)
			return unresolved("Could not resolve to a ProjectV2 with the number %s.", itoa(n))
		case "projectsV2":
			return counted(0, nil)
		}
		return unanswered{}
	}}
}

// issues are the issues of a repository; a disabled list is an empty one.
func (x *execution) issues(r *repo, args map[string]any) any {
	sel := selection{state: "all", created: true}
	if x.h.disabled(r) {
		return counted(0, nil)
	}
	if by, given := args["orderBy"].(map[string]any); given {
		switch by["field"] {
		case "UPDATED_AT":
			sel.created = false
		case "CREATED_AT":
		default:
			return &fault{message: "fakegithub does not know issues ordered otherwise"}
		}
		sel.desc = by["direction"] == "DESC"
	}
	states, labels := args["states"], args["labels"]
	if by, given := args["filterBy"].(map[string]any); given {
		for name, v := range by {
			switch name {
			case "since":
				s, _ := v.(string)
				t, err := time.Parse(time.RFC3339, s)
				if v != nil && err != nil {
					return &fault{message: "Could not coerce value " + s + " to DateTime"}
				}
				sel.since = t.Unix()
			case "states":
				states = v
			case "labels":
				labels = v
			default:
				return &fault{message: "fakegithub does not know issues by " + name}
			}
		}
	}
	if list := listed(states); len(list) == 1 {
		sel.state = strings.ToLower(list[0])
	}
	sel.labels = listed(labels)
	l := x.h.choose(r, sel)
	return &pages{
		n: len(l.issues), at: func(i int) *object { return x.issue(l.issues[i]) },
		cursor: func(i int) string { return cursor(l.key(l.issues[i]), l.issues[i].id) },
		after: func(c string) (int, bool) {
			key, id, good := uncursor(c)
			return l.after(key, id), good
		},
	}
}

// listed is an argument that is a list of words, or one of them.
func listed(v any) (list []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, e := range v {
			s, _ := e.(string)
			list = append(list, s)
		}
	}
	return list
}

func (x *execution) label(r *repo, l int) *object {
	return record("Label", map[string]any{"id": node("LA_kwDO", r.id*10+int64(l)), "name": labels[l].name, "color": labels[l].color, "description": orNil(labels[l].about)})
}

func (x *execution) milestone(r *repo, m int) any {
	if m == 0 {
		return nil
	}
	return record("Milestone", map[string]any{"id": node("MI_kwDO", r.id*10+int64(m)), "title": milestones[m], "number": int64(m), "state": "OPEN", "dueOn": orNil(milestoneDays[m])})
}

func (x *execution) kind(t int) any {
	if t == 0 {
		return nil
	}
	return record("IssueType", map[string]any{"id": node("IT_kwDO", 24_000_000+int64(t)), "name": types[t], "color": "GRAY", "isEnabled": true})
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

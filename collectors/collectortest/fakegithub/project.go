package fakegithub

// Projects: their items, fields and values, which only GraphQL tells with their history.

import (
	"cmp"
	"slices"
)

// fields of every project.
var fields = []struct{ kind, name, data string }{
	{"ProjectV2Field", "Title", "TITLE"},
	{"ProjectV2Field", "Assignees", "ASSIGNEES"},
	{"ProjectV2SingleSelectField", "Status", "SINGLE_SELECT"},
	{"ProjectV2Field", "Repository", "REPOSITORY"},
	{"ProjectV2Field", "Estimate", "NUMBER"},
	{"ProjectV2IterationField", "Sprint", "ITERATION"},
}

const (
	fieldTitle = iota
	fieldAssignees
	fieldStatus
	fieldRepository
	fieldEstimate
)

func (x *execution) project(n int) *object {
	return &object{kind: "ProjectV2", get: func(name string, args map[string]any) any {
		switch name {
		case "id":
			return node("PVT_kwDO", int64(n))
		case "databaseId":
			return int64(n) + 9_000
		case "fullDatabaseId":
			return itoa(int64(n) + 9_000)
		case "number":
			return int64(n)
		case "title":
			return "Board " + itoa(int64(n))
		case "url":
			return x.web + "/orgs/" + x.h.o.Org + "/projects/" + itoa(int64(n))
		case "closed":
			return false
		case "updatedAt":
			return instant(x.h.now)
		case "items":
			return x.items(n, args)
		case "fields":
			return counted(len(fields), func(i int) *object { return x.field(n, i) })
		case "field":
			for i, f := range fields {
				if f.name == args["name"] {
					return x.field(n, i)
				}
			}
			return nil
		}
		return unanswered{}
	}}
}

// items are what is in a project: first a draft, then issues and pull requests by their ids, at last one
// that the token may not see. A cursor is the id of an item, so that who comes and goes moves no other.
func (x *execution) items(n int, args map[string]any) any {
	if q, given := args["query"].(string); given && q != "" {
		return &fault{message: "fakegithub does not know items by a query"}
	}
	list := []*issue{nil}
	for _, r := range x.h.repos {
		for _, is := range r.issues {
			if !is.gone && x.h.project(is) == n {
				list = append(list, is)
			}
		}
	}
	slices.SortFunc(list, func(a, b *issue) int { return cmp.Compare(itemID(a), itemID(b)) })
	return &pages{
		n: len(list) + 1,
		at: func(i int) *object {
			if i == len(list) {
				return x.redacted(n)
			}
			return x.item(n, list[i])
		},
		cursor: func(i int) string {
			if i == len(list) {
				return cursor(1<<62, 0)
			}
			return cursor(itemID(list[i]), 0)
		},
		after: func(c string) (int, bool) {
			id, _, good := uncursor(c)
			if id == 1<<62 {
				return len(list) + 1, good
			}
			at, found := slices.BinarySearchFunc(list, id, func(is *issue, id int64) int { return cmp.Compare(itemID(is), id) })
			if found {
				at++
			}
			return at, good
		},
	}
}

// itemID is the id of an item, which in the fake is that of its issue; the draft has none.
func itemID(is *issue) int64 {
	if is == nil {
		return 1
	}
	return is.id
}

func (x *execution) redacted(n int) *object {
	return x.bare(n, 2, "REDACTED", nil)
}

// bare is an item of which nothing is known but when it came.
func (x *execution) bare(n int, id int64, kind string, content any) *object {
	return &object{kind: "ProjectV2Item", get: func(name string, _ map[string]any) any {
		switch name {
		case "id":
			return node("PVTI_lADO", id)
		case "databaseId":
			return id
		case "fullDatabaseId":
			return itoa(id)
		case "type":
			return kind
		case "isArchived":
			return false
		case "createdAt", "updatedAt":
			return instant(x.h.o.Now.Unix() - year)
		case "project":
			return x.project(n)
		case "content":
			return content
		case "fieldValueByName":
			return nil
		case "fieldValues":
			return counted(0, nil)
		}
		return unanswered{}
	}}
}

// item is an issue, a pull request or, for nil, a draft in a project.
func (x *execution) item(n int, is *issue) *object {
	at := instant(x.h.o.Now.Unix() - year)
	if is == nil {
		return x.bare(n, 1, "DRAFT_ISSUE", record("DraftIssue", map[string]any{"id": node("DI_lADO", 1), "title": "An idea", "createdAt": at, "updatedAt": at}))
	}
	if !x.readable(is.repo) {
		return x.bare(n, is.id, "REDACTED", nil)
	}
	kind := "ISSUE"
	if is.pull {
		kind = "PULL_REQUEST"
	}
	o := x.bare(n, is.id, kind, x.issue(is))
	bare, s := o.get, x.h.state(is)
	updated := max(s.moved, is.created)
	o.get = func(name string, args map[string]any) any {
		switch name {
		case "createdAt":
			return instant(is.created)
		case "updatedAt":
			return instant(updated)
		case "fieldValueByName":
			for i, f := range fields {
				if f.name == args["name"] {
					return orNothing(x.valueOf(n, is, s, i))
				}
			}
			return nil
		case "fieldValues":
			var list []*object
			for i := range fields {
				if v := x.valueOf(n, is, s, i); v != nil {
					list = append(list, v)
				}
			}
			return counted(len(list), func(i int) *object { return list[i] })
		}
		return bare(name, args)
	}
	return o
}

func orNothing(o *object) any {
	if o == nil {
		return nil
	}
	return o
}

// valueOf is what an issue has in a field of a project, nil if nothing.
func (x *execution) valueOf(n int, is *issue, s *state, f int) *object {
	at := instant(max(s.moved, is.created))
	v := map[string]any{
		"id": node("PVTF_lADO", is.id*10+int64(f)), "createdAt": instant(is.created), "updatedAt": at, "creator": x.person(0),
		"databaseId": is.id*10 + int64(f),
	}
	kind := ""
	switch f {
	case fieldTitle:
		kind, v["text"] = "ProjectV2ItemFieldTextValue", title(is, s.title)
	case fieldRepository:
		kind, v["repository"] = "ProjectV2ItemFieldRepositoryValue", x.repository(is.repo)
	case fieldStatus:
		if s.status == 0 {
			return nil
		}
		kind = "ProjectV2ItemFieldSingleSelectValue"
		v["name"], v["optionId"], v["color"] = statuses[s.status], option(s.status), "GRAY"
	case fieldEstimate:
		p := points(is)
		if p == nil || is.pull {
			return nil
		}
		kind, v["number"] = "ProjectV2ItemFieldNumberValue", *p
	default:
		return nil
	}
	return &object{kind: kind, get: func(name string, _ map[string]any) any {
		switch name {
		case "field":
			return x.field(n, f)
		case "item":
			return x.item(n, is)
		}
		return v[name]
	}}
}

// option is the id of a status.
func option(s uint16) string { return "47fc9e" + string(rune('a'+s)) + "4" }

func (x *execution) field(n, i int) *object {
	f := fields[i]
	id := int64(n)*1_000 + int64(i)
	v := map[string]any{"id": node("PVTF_lADO", id), "databaseId": id, "name": f.name, "dataType": f.data}
	if i == fieldStatus {
		list := []any{}
		for s := range statuses[1:] {
			list = append(list, record("ProjectV2SingleSelectFieldOption", map[string]any{
				"id": option(uint16(s + 1)), "name": statuses[s+1], "color": "GRAY", "description": "",
			}))
		}
		v["options"] = list
	}
	return record(f.kind, v)
}

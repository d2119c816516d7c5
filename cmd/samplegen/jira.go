package main

// Jira Cloud's shape: issues as POST /rest/api/3/search/jql answers them with expand=changelog, one a
// line. Users come without the addresses of their pictures, which nobody reads.

import (
	"strings"
	"time"
)

const jiraSite = "https://hearthline.atlassian.net"

// jiraWriter writes issues.
type jiraWriter struct {
	jsonWriter
	zone    *time.Location // of the user who exports
	ids     map[string]int // of labels' and versions' objects, given in order of appearance
	history int            // the next ids
	comment int
	worklog int
}

type status struct{ id, category, color, name string }

// Jira's own names for the categories of a status.
func statusOf(name string) status {
	switch name {
	case stNew:
		return status{"10010", "new", "blue-gray", "To Do"}
	case stInfo:
		return status{"10013", "new", "blue-gray", "To Do"}
	case stReady:
		return status{"10011", "new", "blue-gray", "To Do"}
	case stReopened:
		return status{"4", "new", "blue-gray", "To Do"}
	case stParked:
		return status{"10019", "new", "blue-gray", "To Do"}
	case stDoing:
		return status{"3", "indeterminate", "yellow", "In Progress"}
	case stReview:
		return status{"10014", "indeterminate", "yellow", "In Progress"}
	case stVendor:
		return status{"10015", "indeterminate", "yellow", "In Progress"}
	}
	return status{"10012", "done", "green", "Done"}
}

func categoryID(key string) int {
	switch key {
	case "new":
		return 2
	case "indeterminate":
		return 4
	}
	return 3
}

func priorityID(name string) string {
	for i, p := range []string{"Blocker", "Critical", "Major", "Minor", "Trivial"} {
		if p == name {
			return itoa(i + 1)
		}
	}
	return "3"
}

func typeID(name string) string {
	for i, p := range []string{"Incident", "Bug", "Support Request", "Story", "Task", "Improvement", "Question"} {
		if p == name {
			return itoa(10001 + i)
		}
	}
	return "10009"
}

func resolutionID(name string) string {
	for i, p := range []string{"Done", "Won't Do", "Duplicate", "Cannot Reproduce"} {
		if p == name {
			return itoa(10000 + i)
		}
	}
	return ""
}

func (j *jiraWriter) stamp(t int64) {
	j.sep()
	j.b = append(j.b, '"')
	j.b = time.Unix(t, t*7919%1000*1e6).In(j.zone).AppendFormat(j.b, "2006-01-02T15:04:05.000-0700")
	j.b = append(j.b, '"')
}

func (j *jiraWriter) stampOrNull(t int64) {
	if t == 0 {
		j.null()
		return
	}
	j.stamp(t)
}

func (j *jiraWriter) self(path ...string) {
	j.k("self").sep()
	j.b = append(append(j.b, '"'), jiraSite+"/rest/api/3/"...)
	for _, p := range path {
		j.b = append(j.b, p...)
	}
	j.b = append(j.b, '"')
}

func (j *jiraWriter) user(a *account) {
	if a == nil {
		j.null()
		return
	}
	j.obj()
	j.self("user?accountId=", a.jira)
	j.k("accountId").str(a.jira)
	j.k("displayName").str(a.name)
	j.k("active").truth(true)
	j.k("timeZone").str("America/New_York")
	j.k("accountType").str(a.kind)
	j.end()
}

// doc writes a text in Atlassian's document format: paragraphs, and lists where lines begin with a
// number and a dot.
func (j *jiraWriter) doc(text string) {
	if text == "" {
		j.null()
		return
	}
	j.obj().k("type").str("doc")
	j.k("version").num(1)
	j.k("content").arr()
	for _, block := range strings.Split(text, "\n\n") {
		if strings.HasPrefix(block, "1. ") {
			j.obj().k("type").str("orderedList")
			j.k("content").arr()
			for _, line := range strings.Split(block, "\n") {
				if _, rest, ok := strings.Cut(line, ". "); ok {
					line = rest
				}
				j.obj().k("type").str("listItem")
				j.k("content").arr()
				j.paragraph(line)
				j.ary().end()
			}
			j.ary().end()
			continue
		}
		j.paragraph(block)
	}
	j.ary().end()
}

func (j *jiraWriter) paragraph(text string) {
	j.obj().k("type").str("paragraph")
	j.k("content").arr()
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			j.obj().k("type").str("hardBreak")
			j.end()
		}
		j.obj().k("type").str("text")
		j.k("text").str(line)
		if strings.HasPrefix(line, "https://") && !strings.Contains(line, " ") {
			j.k("marks").arr().obj().k("type").str("link")
			j.k("attrs").obj().k("href").str(line)
			j.end().end().ary()
		}
		j.end()
	}
	j.ary().end()
}

// issue writes one issue.
func (j *jiraWriter) issue(it *item) {
	id := itoa(10000 + it.n)
	j.obj()
	j.k("expand").str("renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations")
	j.k("id").str(id)
	j.self("issue/", id)
	j.k("key").str(it.key())
	j.k("changelog")
	j.changelog(it)
	j.k("fields")
	j.fields(it, id)
	j.end()
}

// changelog is newest first, as the search answers it. Acts of one person in one second are one history.
func (j *jiraWriter) changelog(it *item) {
	var first []int // indexes into the log at which a history begins
	last := -1
	for i, a := range it.log {
		if a.what == aComment || a.what == aWorklog {
			continue
		}
		if last < 0 || it.log[last].at != a.at || it.log[last].who != a.who {
			first = append(first, i)
		}
		last = i
	}
	j.obj().k("startAt").num(0)
	j.k("maxResults").num(len(first))
	j.k("total").num(len(first))
	j.k("histories").arr()
	for n := len(first) - 1; n >= 0; n-- {
		a := it.log[first[n]]
		j.obj().k("id").str(itoa(j.history + n))
		j.k("author")
		j.user(a.who)
		j.k("created")
		j.stamp(a.at)
		j.k("items").arr()
		for i := first[n]; i < len(it.log) && (n+1 == len(first) || i < first[n+1]); i++ {
			if what := it.log[i].what; what != aComment && what != aWorklog {
				j.change(it, &it.log[i])
			}
		}
		j.ary().end()
	}
	j.history += len(first)
	j.ary().end()
}

func (j *jiraWriter) change(it *item, a *act) {
	field, fieldID, kind := a.what, a.what, "jira"
	var from, to string // the ids
	fromText, toText := a.from, a.to
	switch a.what {
	case aStatus:
		from, to = statusOf(a.from).id, statusOf(a.to).id
	case aAssignee:
		if a.was != nil {
			from, fromText = a.was.jira, a.was.name
		}
		if a.person != nil {
			to, toText = a.person.jira, a.person.name
		}
	case aPriority:
		from, to = priorityID(a.from), priorityID(a.to)
	case aType:
		from, to = typeID(a.from), typeID(a.to)
	case aResolution:
		from, to = resolutionID(a.from), resolutionID(a.to)
	case aComponent:
		fieldID, to = "components", componentID(a.to)
	case aVersion:
		fieldID, to = "fixVersions", versionID(a.to)
	case aDue:
		from, to = a.from, a.to
		if a.from != "" {
			fromText = a.from + " 00:00:00.0"
		}
		if a.to != "" {
			toText = a.to + " 00:00:00.0"
		}
	case aPoints:
		fieldID, kind = "customfield_10016", "custom"
	case aLink:
		fieldID = ""
		if n := len(it.links); n > 0 {
			to = it.links[n-1].to.key()
			toText = strings.ReplaceAll(a.to, "%k", to)
		}
	}
	j.obj().k("field").str(field)
	j.k("fieldtype").str(kind)
	if fieldID != "" {
		j.k("fieldId").str(fieldID)
	}
	if a.what == aLabels { // Jira gives the lists in words, and never null
		j.k("from").str("")
		j.k("fromString").str(fromText)
		j.k("to").str("")
		j.k("toString").str(toText)
		j.end()
		return
	}
	j.k("from").orNull(from)
	j.k("fromString").orNull(fromText)
	j.k("to").orNull(to)
	j.k("toString").orNull(toText)
	j.end()
}

func componentID(name string) string {
	for i, s := range services {
		if s.component == name {
			return itoa(10100 + i)
		}
	}
	return "10199"
}

func versionID(name string) string {
	for i, r := range releases {
		if r.name == name {
			return itoa(10300 + i)
		}
	}
	return "10399"
}

func (j *jiraWriter) fields(it *item, id string) {
	j.obj()
	j.k("summary").str(it.title)
	j.k("issuetype").obj()
	j.self("issuetype/", typeID(it.kind))
	j.k("id").str(typeID(it.kind))
	j.k("name").str(it.kind)
	j.k("subtask").truth(false)
	j.k("hierarchyLevel").num(0)
	j.end()
	j.k("project").obj()
	j.self("project/10000")
	j.k("id").str("10000")
	j.k("key").str("SUP")
	j.k("name").str("Orders support")
	j.k("projectTypeKey").str("software")
	j.k("simplified").truth(false)
	j.end()
	st := statusOf(it.status)
	j.k("status").obj()
	j.self("status/", st.id)
	j.k("name").str(it.status)
	j.k("id").str(st.id)
	j.k("statusCategory").obj()
	j.self("statuscategory/", itoa(categoryID(st.category)))
	j.k("id").num(categoryID(st.category))
	j.k("key").str(st.category)
	j.k("colorName").str(st.color)
	j.k("name").str(st.name)
	j.end().end()
	j.k("priority").obj()
	j.self("priority/", priorityID(it.priority))
	j.k("name").str(it.priority)
	j.k("id").str(priorityID(it.priority))
	j.end()
	j.k("resolution")
	if it.resolution == "" {
		j.null()
	} else {
		j.obj()
		j.self("resolution/", resolutionID(it.resolution))
		j.k("id").str(resolutionID(it.resolution))
		j.k("name").str(it.resolution)
		j.end()
	}
	j.k("resolutiondate")
	j.stampOrNull(it.closed)
	j.k("created")
	j.stamp(it.born)
	j.k("updated")
	j.stamp(it.updated())
	j.k("duedate").orNull(it.due)
	j.k("assignee")
	j.user(it.assignee)
	j.k("reporter")
	j.user(it.reporter)
	j.k("creator")
	j.user(it.reporter)
	j.k("labels").arr()
	for _, l := range it.labels {
		j.str(l)
	}
	j.ary()
	j.k("components").arr()
	for _, c := range it.components {
		j.obj()
		j.self("component/", componentID(c))
		j.k("id").str(componentID(c))
		j.k("name").str(c)
		j.end()
	}
	j.ary()
	j.k("fixVersions").arr()
	for _, v := range it.versions {
		j.obj()
		j.self("version/", versionID(v))
		j.k("id").str(versionID(v))
		j.k("name").str(v)
		j.k("archived").truth(false)
		for _, r := range releases {
			if r.name == v {
				j.k("released").truth(r.date <= "2026-11-01")
				j.k("releaseDate").str(r.date)
			}
		}
		j.end()
	}
	j.ary()
	j.k("issuelinks").arr()
	for i, l := range it.links {
		j.link(it, l, i)
	}
	j.ary()
	j.k("customfield_10016")
	if it.points == 0 {
		j.null()
	} else {
		j.raw(itoa(it.points) + ".0")
	}
	j.k("customfield_10050")
	if it.customer == nil {
		j.null()
	} else {
		j.obj()
		j.self("customFieldOption/", itoa(it.customer.id))
		j.k("value").str(it.customer.name)
		j.k("id").str(itoa(it.customer.id))
		j.end()
	}
	j.k("customfield_10061")
	j.doc(it.steps)
	j.k("description")
	j.doc(it.text)
	j.comments(it, id)
	j.worklogs(it, id)
	j.end()
}

func (it *item) updated() int64 {
	if n := len(it.log); n > 0 {
		return it.log[n-1].at
	}
	return it.born
}

func (j *jiraWriter) link(it *item, l link, i int) {
	j.obj().k("id").str(itoa(20000 + it.n*4 + i))
	j.k("type").obj().k("id").str("10002")
	j.k("name").str("Duplicate")
	j.k("inward").str("is duplicated by")
	j.k("outward").str("duplicates")
	j.end()
	j.k("outwardIssue").obj().k("id").str(itoa(10000 + l.to.n))
	j.k("key").str(l.to.key())
	j.end().end()
}

func (j *jiraWriter) comments(it *item, id string) {
	n := 0
	for i := range it.log {
		if it.log[i].what == aComment {
			n++
		}
	}
	j.k("comment").obj()
	j.k("comments").arr()
	for i := range it.log {
		a := &it.log[i]
		if a.what != aComment {
			continue
		}
		j.comment++
		cid := itoa(30000 + j.comment)
		j.obj()
		j.self("issue/", id, "/comment/", cid)
		j.k("id").str(cid)
		j.k("author")
		j.user(a.who)
		j.k("body")
		j.doc(it.worded(a.to))
		j.k("created")
		j.stamp(a.at)
		j.k("updated")
		j.stamp(a.at)
		j.k("jsdPublic").truth(true)
		j.end()
	}
	j.ary()
	j.self("issue/", id, "/comment")
	j.k("maxResults").num(n)
	j.k("total").num(n)
	j.k("startAt").num(0)
	j.end()
}

// worded is what was said, with the keys that were not known yet when it was.
func (it *item) worded(s string) string {
	if n := len(it.links); n > 0 {
		s = strings.ReplaceAll(s, "%k", it.links[n-1].to.key())
	}
	return s
}

func (j *jiraWriter) worklogs(it *item, id string) {
	n := 0
	for i := range it.log {
		if it.log[i].what == aWorklog {
			n++
		}
	}
	j.k("worklog").obj().k("startAt").num(0)
	j.k("maxResults").num(20)
	j.k("total").num(n)
	j.k("worklogs").arr()
	for i := range it.log {
		a := &it.log[i]
		if a.what != aWorklog {
			continue
		}
		j.worklog++
		wid := itoa(40000 + j.worklog)
		j.obj()
		j.self("issue/", id, "/worklog/", wid)
		j.k("author")
		j.user(a.who)
		j.k("created")
		j.stamp(a.at)
		j.k("updated")
		j.stamp(a.at)
		j.k("started")
		j.stamp(a.at - a.seconds)
		j.k("timeSpent").str(itoa(int(a.seconds/60)) + "m")
		j.k("timeSpentSeconds").num(int(a.seconds))
		j.k("id").str(wid)
		j.k("issueId").str(id)
		j.end()
	}
	j.ary().end()
}

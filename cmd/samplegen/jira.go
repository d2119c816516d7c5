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
	history int            // the next ids
	comment int
	worklog int
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

package main

// Histories: what was changed, in Jira's words.

import "strings"

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

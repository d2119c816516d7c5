package main

// GitHub's shape: one line an issue, {"type":"issue","issue":{…},"events":[…]}, the way the archivers of
// public repositories write issues with their timelines. Pull requests are among the issues, as in the
// API's own lists. The addresses are those of a GitHub Enterprise Server that does not exist.

import (
	"slices"
	"time"
)

const (
	codeHost = "https://code.hearthline.example"
	codeRepo = "hearthline/orders"
	codeAPI  = codeHost + "/api/v3/repos/" + codeRepo
	codeWeb  = codeHost + "/" + codeRepo
)

type githubWriter struct {
	jsonWriter
	event int
}

func (g *githubWriter) stamp(t int64) {
	g.sep()
	g.b = append(g.b, '"')
	g.b = time.Unix(t, 0).UTC().AppendFormat(g.b, "2006-01-02T15:04:05Z")
	g.b = append(g.b, '"')
}

func (g *githubWriter) user(a *account) {
	if a == nil {
		g.null()
		return
	}
	kind := "User"
	if a == ci {
		kind = "Bot"
	}
	g.obj().k("login").str(a.login)
	g.k("id").num(a.num)
	g.k("url").str(codeHost + "/api/v3/users/" + a.login)
	g.k("html_url").str(codeHost + "/" + a.login)
	g.k("type").str(kind)
	g.k("site_admin").truth(false)
	g.end()
}

func (g *githubWriter) label(name string) {
	g.obj().k("name").str(name)
	g.k("color").str(labelColor(name))
	g.end()
}

func labelColor(name string) string {
	switch name {
	case "bug":
		return "d73a4a"
	case "sev3", "sev4":
		return "fbca04"
	case "enhancement":
		return "a2eeef"
	}
	return "c5def5"
}

// The host's words for why something is closed.
func stateReason(resolution string) string {
	switch resolution {
	case "Done":
		return "completed"
	case "Duplicate":
		return "duplicate"
	case "":
		return ""
	}
	return "not_planned"
}

// record writes one line's worth: the issue and its timeline.
func (g *githubWriter) record(it *item) {
	kind, path := "issue", "/issues/"
	if it.pull {
		kind, path = "pull", "/pull/"
	}
	n := itoa(it.n)
	comments := 0
	for _, a := range it.log {
		if a.what == aComment {
			comments++
		}
	}
	var closer *account
	for _, a := range it.log {
		if a.what == aStatus && a.to == stDone {
			closer = a.who
		}
	}
	g.obj().k("type").str(kind)
	g.k("issue").obj()
	g.k("id").num(2_900_000_000 + it.n*3011)
	g.k("node_id").str("I_kwDOHr" + n)
	g.k("url").str(codeAPI + "/issues/" + n)
	g.k("repository_url").str(codeAPI)
	g.k("labels_url").str(codeAPI + "/issues/" + n + "/labels{/name}")
	g.k("comments_url").str(codeAPI + "/issues/" + n + "/comments")
	g.k("events_url").str(codeAPI + "/issues/" + n + "/events")
	g.k("html_url").str(codeWeb + path + n)
	g.k("number").num(it.n)
	state := "open"
	if it.closed != 0 {
		state = "closed"
	}
	g.k("state").str(state)
	g.k("state_reason")
	if it.closed == 0 || it.pull {
		g.null()
	} else {
		g.str(stateReason(it.resolution))
	}
	g.k("title").str(it.title)
	g.k("body").orNull(it.text)
	g.k("user")
	g.user(it.reporter)
	g.k("labels").arr()
	for _, l := range it.labels {
		g.label(l)
	}
	g.ary()
	g.k("assignee")
	g.user(it.assignee)
	g.k("assignees").arr()
	if it.assignee != nil {
		g.user(it.assignee)
	}
	g.ary()
	g.k("milestone").null()
	g.k("type")
	if it.pull {
		g.null()
	} else {
		g.obj().k("id").num(map[string]int{"Bug": 71, "Task": 72, "Feature": 73}[it.kind])
		g.k("name").str(it.kind)
		g.end()
	}
	g.k("author_association").str("MEMBER")
	g.k("locked").truth(false)
	g.k("active_lock_reason").null()
	g.k("comments").num(comments)
	g.k("closed_at")
	if it.closed == 0 {
		g.null()
	} else {
		g.stamp(it.closed)
	}
	g.k("closed_by")
	if it.closed == 0 {
		g.null()
	} else {
		g.user(closer)
	}
	g.k("created_at")
	g.stamp(it.born)
	g.k("updated_at")
	g.stamp(it.updated())
	if it.pull {
		g.k("draft").truth(false)
		g.k("pull_request").obj()
		g.k("url").str(codeAPI + "/pulls/" + n)
		g.k("html_url").str(codeWeb + path + n)
		g.k("diff_url").str(codeWeb + path + n + ".diff")
		g.k("patch_url").str(codeWeb + path + n + ".patch")
		g.k("merged_at")
		if it.closed == 0 {
			g.null()
		} else {
			g.stamp(it.closed)
		}
		g.end()
	}
	g.end()
	g.k("events").arr()
	g.timeline(it)
	g.ary().end()
}

func (g *githubWriter) timeline(it *item) {
	for _, l := range it.labels {
		g.open("labeled", it.born, it.reporter)
		g.k("label")
		g.label(l)
		g.end()
	}
	for i := range it.log {
		a := &it.log[i]
		switch a.what {
		case aAssignee:
			if a.was != nil {
				g.open("unassigned", a.at, a.who)
				g.k("assignee")
				g.user(a.was)
				g.end()
			}
			if a.person != nil {
				g.open("assigned", a.at, a.who)
				g.k("assignee")
				g.user(a.person)
				g.end()
			}
		case aComment:
			g.event += 7
			id := itoa(1_700_000_000 + g.event)
			g.obj().k("event").str("commented")
			g.k("id").num(1_700_000_000 + g.event)
			g.k("node_id").str("IC_kwDOHr" + itoa(g.event))
			g.k("url").str(codeAPI + "/issues/comments/" + id)
			g.k("actor")
			g.user(a.who)
			g.k("created_at")
			g.stamp(a.at)
			g.k("updated_at")
			g.stamp(a.at)
			g.k("author_association").str("MEMBER")
			g.k("body").str(it.worded(a.to))
			g.k("user")
			g.user(a.who)
			g.k("html_url").str(codeWeb + "/issues/" + itoa(it.n) + "#issuecomment-" + id)
			g.k("issue_url").str(codeAPI + "/issues/" + itoa(it.n))
			g.end()
		case aStatus:
			switch {
			case a.to == stDone:
				g.open("closed", a.at, a.who)
				g.k("state_reason")
				if it.pull {
					g.null()
				} else {
					g.str(stateReason(resolutionBefore(it.log[:i])))
				}
				g.end()
			case a.to == stReopened:
				g.open("reopened", a.at, a.who)
				g.end()
			}
		case aLabels:
			was, is := splitWords(a.from), splitWords(a.to)
			for _, l := range is {
				if !slices.Contains(was, l) {
					g.open("labeled", a.at, a.who)
					g.k("label")
					g.label(l)
					g.end()
				}
			}
			for _, l := range was {
				if !slices.Contains(is, l) {
					g.open("unlabeled", a.at, a.who)
					g.k("label")
					g.label(l)
					g.end()
				}
			}
		case aSummary:
			g.open("renamed", a.at, a.who)
			g.k("rename").obj().k("from").str(a.from)
			g.k("to").str(a.to)
			g.end().end()
		}
	}
}

// resolutionBefore is the last resolution that the log speaks of.
func resolutionBefore(log []act) string {
	for i := len(log) - 1; i >= 0; i-- {
		if log[i].what == aResolution {
			return log[i].to
		}
	}
	return "Done"
}

// open begins an event; its object is still to be ended.
func (g *githubWriter) open(what string, at int64, who *account) {
	g.event += 7
	g.obj().k("event").str(what)
	g.k("id").num(18_000_000_000 + g.event)
	g.k("node_id").str("EV_lADOHr" + itoa(g.event))
	g.k("url").str(codeAPI + "/issues/events/" + itoa(18_000_000_000+g.event))
	g.k("actor")
	g.user(who)
	g.k("commit_id").null()
	g.k("commit_url").null()
	g.k("created_at")
	g.stamp(at)
}

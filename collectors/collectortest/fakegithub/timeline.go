package fakegithub

// The timeline of an issue, in the several shapes of its entries, and the lists that are parts of it.

// names are what the REST API calls the kinds of events.
var names = [...]string{
	labeled: "labeled", unlabeled: "unlabeled", assigned: "assigned", unassigned: "unassigned", closed: "closed",
	reopened: "reopened", milestoned: "milestoned", demilestoned: "demilestoned", renamed: "renamed",
	typed: "issue_type_added", retyped: "issue_type_changed", untyped: "issue_type_removed", commented: "commented",
	crossReferenced: "cross-referenced", subscribed: "subscribed", mentioned: "mentioned", referenced: "referenced",
	subAdded: "sub_issue_added", parentAdded: "parent_issue_added", projectAdded: "added_to_project_v2",
	statusChanged: "project_v2_item_status_changed", transferred: "transferred",
}

// eventID is the id of the nth event of an issue.
func eventID(is *issue, n int) int64 { return 17_000_000_000 + (is.id-firstID)*1_000 + int64(n) }

// commentID is the id of the comment that is the nth event of an issue.
func commentID(is *issue, n int) int64 { return 3_000_000_000 + (is.id-firstID)*1_000 + int64(n) }

// said is the text of a comment.
func said(e event) string {
	return "Looked at the " + words[uint64(e.at)%uint64(len(words))] + " again."
}

// comments are the events that are comments, with their places in the history.
func comments(list []event) (at []int) {
	for i, e := range list {
		if e.kind == commented {
			at = append(at, i)
		}
	}
	return at
}

// shown are the places of the events that a list shows: the timeline all that left one, /events those
// that are neither comments nor references from elsewhere.
func (h *Hub) shown(list []event, timeline bool) (at []int) {
	for i, e := range list {
		if h.silent(e) || !timeline && (e.kind == commented || e.kind == crossReferenced) {
			continue
		}
		at = append(at, i)
	}
	return at
}

// event writes the nth event of an issue. In the list of /events an assignment is told the other way
// round: its actor is who was assigned.
func (h *Hub) event(w *writer, f face, is *issue, n int, e event, timeline bool) {
	switch e.kind {
	case commented:
		h.comment(w, f, is, n, e, true)
		return
	case crossReferenced:
		h.reference(w, f, is, e)
		return
	}
	r := is.repo
	w.object(func() {
		w.int("id", eventID(is, n))
		w.str("node_id", node("EV_lADO", eventID(is, n)))
		w.str("url", f.repo(r)+"/issues/events/"+itoa(eventID(is, n)))
		actor := e.who
		if !timeline && (e.kind == assigned || e.kind == unassigned) {
			actor = uint8(e.to)
			w.key("assigner")
			f.person(w, int(e.who))
		}
		w.key("actor")
		f.person(w, int(actor))
		w.str("event", names[e.kind])
		if e.kind == referenced {
			sha := "505b4eda55a6f1592500ec9c2b9dad9e4adf92a2"
			w.str("commit_id", sha)
			w.str("commit_url", f.repo(r)+"/commits/"+sha)
		} else {
			w.null("commit_id")
			w.null("commit_url")
		}
		w.when("created_at", e.at)
		switch e.kind {
		case labeled, unlabeled:
			l := labels[e.to]
			w.obj("label", func() {
				w.str("name", l.name)
				w.str("color", l.color)
			})
		case assigned, unassigned:
			w.key("assignee")
			f.person(w, int(e.to))
		case milestoned, demilestoned:
			w.obj("milestone", func() { w.str("title", milestones[e.to]) })
		case renamed:
			w.obj("rename", func() {
				w.str("from", title(is, e.from))
				w.str("to", title(is, e.to))
			})
		case closed:
			w.str("state_reason", reasons[e.to])
		case reopened:
			w.null("state_reason")
		case typed, retyped:
			w.key("issue_type")
			h.kind(w, int(e.to))
			if e.kind == retyped {
				w.key("prev_issue_type")
				h.kind(w, int(e.from))
			}
		case untyped: // what it was stands where the others say what it is
			w.key("prev_issue_type")
			h.kind(w, int(e.from))
		case subAdded, parentAdded:
			name := "sub_issue"
			if e.kind == parentAdded {
				name = "parent_issue"
			}
			w.key(name)
			h.relative(w, f, r.issues[e.other])
		}
		w.null("performed_via_github_app")
	})
}

// relative writes an issue in the short form that events have.
func (h *Hub) relative(w *writer, f face, is *issue) {
	s := h.state(is)
	w.object(func() {
		w.int("number", int64(is.number))
		w.str("title", title(is, s.title))
		w.str("state", s.name())
		w.strOrNull("state_reason", h.reason(s))
		w.key("repository")
		h.repository(w, f, is.repo, false)
		w.key("issue_type")
		if s.kind == 0 {
			w.word("null")
		} else {
			h.kind(w, int(s.kind))
		}
	})
}

// reference writes that another issue names this one. It has no id.
func (h *Hub) reference(w *writer, f face, is *issue, e event) {
	w.object(func() {
		w.key("actor")
		f.person(w, int(e.who))
		w.when("created_at", e.at)
		w.when("updated_at", e.at)
		w.obj("source", func() {
			w.str("type", "issue")
			w.key("issue")
			h.issue(w, f, is.repo.issues[e.other], false)
		})
		w.str("event", names[e.kind])
	})
}

// comment writes a comment, as an entry of the timeline or of the list of comments.
func (h *Hub) comment(w *writer, f face, is *issue, n int, e event, timeline bool) {
	id := commentID(is, n)
	w.object(func() {
		w.str("url", f.repo(is.repo)+"/issues/comments/"+itoa(id))
		w.str("html_url", f.web+"/"+is.repo.full()+"/"+place(is)+"#issuecomment-"+itoa(id))
		w.str("issue_url", f.repo(is.repo)+"/issues/"+itoa(int64(is.number)))
		w.int("id", id)
		w.str("node_id", node("IC_kwDO", id))
		w.key("user")
		f.person(w, int(e.who))
		w.when("created_at", e.at)
		w.when("updated_at", e.at)
		w.str("author_association", "CONTRIBUTOR")
		w.str("body", said(e))
		w.obj("reactions", func() {
			w.str("url", f.repo(is.repo)+"/issues/comments/"+itoa(id)+"/reactions")
			for _, name := range reactions {
				w.int(name, 0)
			}
		})
		w.null("performed_via_github_app")
		if timeline {
			w.str("event", names[commented])
			w.key("actor")
			f.person(w, int(e.who))
		}
	})
}

package fakegithub

// What GraphQL tells of issues and their histories.

import (
	"slices"
	"strings"
	"time"
)

// why is a reason for closing as GraphQL has it. Duplicates are only told apart if that is asked for (from the
// documentation, unconfirmed; what they are told as otherwise is a guess).
func why(reason string, args map[string]any) any {
	if reason == "duplicate" && args["enableDuplicate"] != true {
		reason = "not_planned"
	}
	return orNil(strings.ToUpper(reason))
}

// issue is an issue or a pull request.
func (x *execution) issue(is *issue) *object {
	var known *state
	now := func() *state {
		if known == nil {
			known = x.h.state(is)
		}
		return known
	}
	kind := "Issue"
	if is.pull {
		kind = "PullRequest"
	}
	return &object{kind: kind, get: func(name string, args map[string]any) any {
		switch name {
		case "id":
			return x.h.issueNode(is)
		case "databaseId": // 32 bits wide, which today's ids are not; null is the worst that can come of it (unconfirmed)
			if is.id > 1<<31-1 {
				return nil
			}
			return is.id
		case "fullDatabaseId": // a BigInt, which is a string
			return itoa(is.id)
		case "number":
			return int64(is.number)
		case "title":
			return title(is, now().title)
		case "body", "bodyText":
			return body(is)
		case "state":
			return strings.ToUpper(now().name())
		case "stateReason":
			return why(x.h.reason(now()), args)
		case "closed":
			return now().closed
		case "url":
			return x.web + "/" + is.repo.full() + "/" + place(is)
		case "createdAt":
			return instant(is.created)
		case "updatedAt":
			return instant(is.updated)
		case "closedAt":
			if now().closed {
				return instant(now().closedAt)
			}
			return nil
		case "author":
			return x.person(int(is.seed % uint64(len(people))))
		case "assignees":
			who := set(now().assignees)
			return counted(len(who), func(i int) *object { return x.person(who[i]) })
		case "labels":
			list := now().order
			return counted(len(list), func(i int) *object { return x.label(is.repo, int(list[i])) })
		case "milestone":
			return x.milestone(is.repo, int(now().milestone))
		case "issueType":
			return x.kind(int(now().kind))
		case "parent":
			if p := parent(is); p != nil && !p.gone {
				return x.issue(p)
			}
			return nil
		case "subIssues":
			c := child(is)
			if c == nil || c.gone {
				return counted(0, nil)
			}
			return counted(1, func(int) *object { return x.issue(c) })
		case "subIssuesSummary":
			sum := map[string]any{"total": int64(0), "completed": int64(0), "percentCompleted": int64(0)}
			if c := child(is); c != nil && !c.gone {
				if sum["total"] = int64(1); x.h.state(c).closed {
					sum["completed"], sum["percentCompleted"] = int64(1), int64(100)
				}
			}
			return record("SubIssuesSummary", sum)
		case "comments":
			list := x.h.history(is)
			at := comments(list)
			return counted(len(at), func(i int) *object { return x.event(is, at[i], list[at[i]]) })
		case "timelineItems":
			return x.timeline(is, args)
		case "repository":
			return x.repository(is.repo)
		case "projectItems":
			p := x.h.project(is)
			if p == 0 || x.h.o.Installation {
				return counted(0, nil)
			}
			return counted(1, func(int) *object { return x.item(p, is) })
		}
		return unanswered{}
	}}
}

// graphNames are what GraphQL calls the kinds of events.
var graphNames = [...]string{
	labeled: "LabeledEvent", unlabeled: "UnlabeledEvent", assigned: "AssignedEvent", unassigned: "UnassignedEvent", closed: "ClosedEvent",
	reopened: "ReopenedEvent", milestoned: "MilestonedEvent", demilestoned: "DemilestonedEvent", renamed: "RenamedTitleEvent",
	typed: "IssueTypeAddedEvent", retyped: "IssueTypeChangedEvent", untyped: "IssueTypeRemovedEvent", commented: "IssueComment",
	crossReferenced: "CrossReferencedEvent", subscribed: "SubscribedEvent", mentioned: "MentionedEvent", referenced: "ReferencedEvent",
	subAdded: "SubIssueAddedEvent", parentAdded: "ParentIssueAddedEvent", projectAdded: "AddedToProjectV2Event",
	statusChanged: "ProjectV2ItemStatusChangedEvent", transferred: "TransferredEvent",
}

// shout spells a type as itemTypes has it: PROJECT_V2_ITEM_STATUS_CHANGED_EVENT.
func shout(name string) string {
	var b strings.Builder
	for i, c := range name {
		if i > 0 && 'A' <= c && c <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(c)
	}
	return strings.ToUpper(b.String())
}

func (x *execution) timeline(is *issue, args map[string]any) any {
	wanted := map[string]bool{}
	for _, w := range listed(args["itemTypes"]) {
		if !slices.ContainsFunc(x.check.schema["IssueTimelineItems"].of, func(kind string) bool { return shout(kind) == w }) {
			return &fault{message: "Argument 'itemTypes' on Field 'timelineItems' has an invalid value (" + w + "). Expected type '[IssueTimelineItemsItemType!]'."}
		}
		wanted[w] = true
	}
	var since int64
	if s, given := args["since"].(string); given {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return &fault{message: "Could not coerce value " + s + " to DateTime"}
		}
		since = t.Unix()
	}
	list := x.h.history(is)
	var at []int
	for i, e := range list {
		if !x.h.silent(e) && e.at >= since && (len(wanted) == 0 || wanted[shout(graphNames[e.kind])]) {
			at = append(at, i)
		}
	}
	return counted(len(at), func(i int) *object { return x.event(is, at[i], list[at[i]]) })
}

// event is the nth event of an issue.
func (x *execution) event(is *issue, n int, e event) *object {
	return &object{kind: graphNames[e.kind], get: func(name string, args map[string]any) any {
		switch name {
		case "id":
			if e.kind == commented {
				return node("IC_kwDO", commentID(is, n))
			}
			return node("EV_lADO", eventID(is, n))
		case "databaseId", "fullDatabaseId":
			if e.kind == commented {
				if name == "fullDatabaseId" {
					return itoa(commentID(is, n))
				}
				return nil // too wide, as of an issue
			}
			return eventID(is, n)
		case "createdAt", "updatedAt":
			return instant(e.at)
		case "actor", "author":
			return x.person(int(e.who))
		case "url":
			return x.web + "/" + is.repo.full() + "/" + place(is) + "#event-" + itoa(eventID(is, n))
		case "body":
			return said(e)
		case "label":
			return x.label(is.repo, int(e.to))
		case "assignee":
			return x.person(int(e.to))
		case "milestoneTitle":
			return milestones[e.to]
		case "previousTitle":
			return title(is, e.from)
		case "currentTitle":
			return title(is, e.to)
		case "stateReason":
			if e.kind == reopened {
				return "REOPENED"
			}
			return why(reasons[e.to], args)
		case "issueType":
			if e.kind == untyped {
				return x.kind(int(e.from))
			}
			return x.kind(int(e.to))
		case "prevIssueType":
			return x.kind(int(e.from))
		case "subIssue", "parent", "source":
			return x.issue(is.repo.issues[e.other])
		case "project":
			if p := x.h.project(is); p > 0 && !x.h.o.Installation {
				return x.project(p)
			}
			return nil
		case "previousStatus":
			return statuses[e.from]
		case "status":
			return statuses[e.to]
		case "wasAutomated":
			return e.from == 0
		case "fromRepository":
			return nil
		}
		return unanswered{}
	}}
}

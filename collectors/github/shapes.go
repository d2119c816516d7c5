package github

// What a record of a file is: an issue in one of the shapes, a pull request, or something of another
// tool.

import (
	"cmp"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/go-json-experiment/json/jsontext"
)

// advice is how to get a file that this package reads.
const advice = "export with: gh api --paginate 'repos/OWNER/NAME/issues?state=all&per_page=100' > issues.json"

// The reasons for which a record is left out, as the Sources entry counts them.
const (
	leftPull       = "pull request"
	leftUnreadable = "unreadable"
	leftForeign    = "not an issue"
)

// reading is one file while it is read.
type reading struct {
	*exports.File
	tracker   string
	issues    int
	pulls     int
	timelines int
	broken    int               // issues left out
	foreign   int               // records that are no issue
	first     other             // what the first of them is
	where     string            // and its place
	keys      map[string]string // id by key
}

// value reads one record of the file.
func (f *reading) value(v exports.Value) {
	if v.Page {
		return // what a search says beside its items: their number
	}
	o := parseObject(v.JSON)
	var timeline jsontext.Value
	if o.issue.Kind() == '{' {
		if o.events.Kind() == '[' {
			timeline = o.events
		}
		o = parseObject(o.issue)
	}
	switch {
	case o.isPull():
		f.pulls++
		f.Left(leftPull)
		if at, ok := instant(o.updated); ok {
			f.Until(at)
		}
		return
	case !o.isIssue():
		f.other(v)
		return
	}
	r := reader{tracker: f.tracker, doubt: func(format string, args ...any) { f.Doubt(v.Place(), format, args...) }}
	is, ok := r.issue(&o, timeline)
	if !ok {
		f.broken++
		f.Left(leftUnreadable)
		return
	}
	f.issues++
	if timeline != nil {
		f.timelines++
		f.Until(is.HistoryTo)
	}
	key := is.Copies[0].Key
	if id, twice := f.keys[key]; twice && id != is.ID {
		r.doubt("two issues are called %s, with the ids %s and %s; both are kept: was the repository deleted and made again?", key, id, is.ID)
	}
	f.keys[key] = is.ID
	f.Issue(is)
}

// other takes a record that is no issue.
func (f *reading) other(v exports.Value) {
	f.foreign++
	f.Left(leftForeign)
	if f.foreign > 1 && (f.issues+f.pulls == 0 || f.foreign > manyForeign) {
		return
	}
	what := lookAlike(v.JSON)
	if f.foreign == 1 {
		f.first, f.where = what, v.Place()
	}
	if what.failed && f.issues+f.pulls > 0 {
		f.Gap("what was asked for at "+v.Place(), "it is "+what.what)
	}
}

// manyForeign is how many records that are no issues are looked at among issues: an error that ended an
// export is one of them, and a thousand of them are another list.
const manyForeign = 100

// finish says what the file was as a whole.
func (f *reading) finish() {
	switch {
	case f.timelines > 0:
		f.Kind("github issues with timelines")
	case f.issues > 0 || f.broken > 0:
		f.Kind("github issues")
	case f.pulls > 0:
		f.Kind("github pull requests")
	case f.foreign > 0:
		f.Kind("not a GitHub export")
		switch {
		case f.Settled():
		case f.first.what == "":
			f.NoExport(advice)
		case f.first.ours:
			f.Doubt("", "it holds no issues: it looks like %s", f.first.what)
		default:
			f.Gap("issues", "it looks like "+f.first.what)
		}
		return
	case f.Settled():
		return
	default:
		f.Kind("github issues")
		f.Doubt("", "the export holds no issue")
	}
	if f.foreign > 0 {
		f.Doubt(f.where, "left out, as it is not an issue but %s (so many of the file are not issues: %d)",
			cmp.Or(f.first.what, "an object without number, state and created_at"), f.foreign)
	}
}

// other is what a record is that is no issue, and what to do with it; "" if nobody knows.
type other struct {
	what   string
	ours   bool // one of GitHub's lists that hold no issues: nothing is lost by it
	failed bool // an error
}

// lookAlike recognises a record that is no issue.
func lookAlike(v jsontext.Value) other {
	has := map[string]jsontext.Value{}
	for name, m := range members(v) {
		has[name] = m
	}
	all := func(names ...string) bool {
		for _, n := range names {
			if has[n] == nil {
				return false
			}
		}
		return true
	}
	switch {
	case all("message", "documentation_url") || all("message", "status") && len(has) <= 4 || all("message") && len(has) == 1:
		return other{failed: true, what: "an error answer of the API (" + shown(has["message"]) + "); export it again"}
	case all("key", "fields"), all("issues", "startAt"), all("issues", "isLast"), all("issues", "nextPageToken"):
		return other{what: "an export of Jira; read it with `kind: jira`"}
	case all("errorMessages"):
		return other{failed: true, what: "an error answer of Jira (" + shown(has["errorMessages"]) + ")"}
	case all("incident_number"), all("incidents"):
		return other{what: "PagerDuty's incidents as JSON; download the CSV of Analytics > Reports and read it with `kind: pagerduty`"}
	case all("createdAt", "number"):
		return other{what: "the output of `gh issue list --json`, which lacks the ids; " + advice}
	case all("data") && member(has["data"], "repository") != nil:
		return other{what: "an answer of GitHub's GraphQL API; " + advice}
	case all("iid"):
		return other{what: "issues of GitLab, which firebreak does not read"}
	case all("event", "actor"):
		return other{ours: true, what: `a timeline without its issue; write {"issue": …, "events": […]}, a line for each issue`}
	case all("issue_url"):
		return other{ours: true, what: "the comments or events of issues without them; " + advice}
	case all("color", "name"):
		return other{ours: true, what: "GitHub's list of labels"}
	case all("open_issues", "closed_issues"):
		return other{ours: true, what: "GitHub's list of milestones"}
	case all("node_id", "url"):
		return other{ours: true, what: "another list of GitHub's; " + advice}
	}
	return other{}
}

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
	first     string            // what the first of them is, and its place
	where     string            //
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
		if f.foreign++; f.foreign == 1 {
			f.first, f.where = lookAlike(v.JSON), v.Place()
		}
		f.Left(leftForeign)
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
		f.Gap("issues", "it looks like "+cmp.Or(f.first, "something else than GitHub issues; "+advice))
		return
	default:
		f.Kind("github issues")
		f.Doubt("", "the export holds no issue")
	}
	if f.foreign > 0 {
		f.Doubt(f.where, "left out, as it is not an issue but %s (so many of the file are not issues: %d)",
			cmp.Or(f.first, "an object without number, state and created_at"), f.foreign)
	}
}

// lookAlike says what a record is that is no issue, and what to do with it; "" if nobody knows.
func lookAlike(v jsontext.Value) string {
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
	case all("message", "documentation_url") || all("message", "status") && len(has) <= 4:
		return "an error answer of the API (" + shown(has["message"]) + "); export it again"
	case all("key", "fields"), all("issues", "startAt"), all("issues", "isLast"), all("issues", "nextPageToken"):
		return "an export of Jira; read it with `kind: jira`"
	case all("incident_number"), all("incidents"):
		return "PagerDuty's incidents as JSON; download the CSV of Analytics > Reports and read it with `kind: pagerduty`"
	case all("createdAt", "number"):
		return "the output of `gh issue list --json`, which lacks the ids; " + advice
	case all("data") && member(has["data"], "repository") != nil:
		return "an answer of GitHub's GraphQL API; " + advice
	case all("iid"):
		return "issues of GitLab, which firebreak does not read"
	case all("event", "actor"):
		return `a timeline without its issue; write {"issue": …, "events": […]}, a line for each issue`
	}
	return ""
}

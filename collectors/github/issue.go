package github

// One issue object of the REST API → record.Issue.

import (
	"cmp"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// reader reads the records of one file. It judges nothing; what it cannot quite believe it says to
// doubt, in the form of fmt.Sprintf.
type reader struct {
	tracker string
	doubt   func(format string, args ...any)

	// afterwards says that a timeline was read after its issue, and so may know what the issue does not.
	afterwards bool
}

// issueObject is the members of an issue that are wanted, as they stand in the file; nil are those
// that it doesn't have. The last ones are of an object around an issue.
type issueObject struct {
	id, node, url, htmlURL, repositoryURL, repository jsontext.Value

	number, title, body, state, reason, kind jsontext.Value
	user, assignee, assignees                jsontext.Value
	labels, milestone, parent                jsontext.Value
	created, updated, closed                 jsontext.Value
	pull, head, openIssues                   jsontext.Value

	issue, events, pullAround jsontext.Value
}

func parseObject(v jsontext.Value) (o issueObject) {
	for name, m := range members(v) {
		switch name {
		case "id":
			o.id = m
		case "node_id":
			o.node = m
		case "url":
			o.url = m
		case "html_url":
			o.htmlURL = m
		case "repository_url":
			o.repositoryURL = m
		case "repository":
			o.repository = m
		case "number":
			o.number = m
		case "title":
			o.title = m
		case "body":
			o.body = m
		case "state":
			o.state = m
		case "state_reason":
			o.reason = m
		case "type":
			o.kind = m
		case "user":
			o.user = m
		case "assignee":
			o.assignee = m
		case "assignees":
			o.assignees = m
		case "labels":
			o.labels = m
		case "milestone":
			o.milestone = m
		case "parent_issue_url":
			o.parent = m
		case "created_at":
			o.created = m
		case "updated_at":
			o.updated = m
		case "closed_at":
			o.closed = m
		case "pull_request":
			o.pull = m
		case "head":
			o.head = m
		case "open_issues":
			o.openIssues = m
		case "issue":
			o.issue = m
		case "events", "timeline":
			o.events = m
		case "pull":
			o.pullAround = m
		}
	}
	return o
}

// isIssue says whether the object is an issue or a pull request at all: it has what an answer must
// have that was trimmed to the least, or nearly all of what an untrimmed one has that is damaged.
//
// A milestone has all of that too, and counts its issues.
func (o *issueObject) isIssue() bool {
	if o.openIssues != nil {
		return false
	}
	if present(o.number) && present(o.state) && present(o.created) {
		return true
	}
	n := 0
	for _, v := range []jsontext.Value{o.number, o.state, o.created, o.title, o.htmlURL} {
		if v != nil {
			n++
		}
	}
	return n >= 4
}

// isPull says whether the object is a pull request: GitHub lists them among the issues with a member
// pull_request, and by themselves (/pulls) with a head; github-metadata-backup writes one as "pull".
func (o *issueObject) isPull() bool {
	return present(o.pull) || present(o.head) || o.pullAround.Kind() == '{'
}

// parts is what the copy knows. A whole answer of the API holds every member, if as null; the known
// archivers leave out those that are null. An answer trimmed with jq holds what was asked for.
func (o *issueObject) parts() record.Parts {
	if o.body != nil && o.user != nil && o.labels != nil && o.assignees != nil && o.updated != nil {
		return record.HasCore | record.HasResolution | record.HasPeople | record.HasLabels |
			record.HasVersions | record.HasReleases | record.HasText | record.HasLinks | record.HasURL
	}
	parts := record.HasCore
	for _, p := range []struct {
		part record.Parts
		has  bool
	}{
		{record.HasResolution, o.reason != nil || o.closed != nil},
		{record.HasPeople, o.user != nil && (o.assignees != nil || o.assignee != nil)},
		{record.HasLabels, o.labels != nil},
		{record.HasVersions, o.milestone != nil},
		{record.HasReleases, o.milestone != nil && (!present(o.milestone) || member(o.milestone, "due_on") != nil)},
		{record.HasText, o.body != nil},
		{record.HasLinks, o.body != nil && o.parent != nil},
		{record.HasURL, o.htmlURL != nil},
	} {
		if p.has {
			parts |= p.part
		}
	}
	return parts
}

// issue is the record of an issue object and its timeline, which is nil where the export has none. It
// is false, with a doubt said, where the issue cannot be told.
func (r *reader) issue(o *issueObject, timeline jsontext.Value) (record.Issue, bool) {
	repo := repositoryOf(o)
	c := record.Copy{
		Parts:   o.parts(),
		Project: repo,
		Key:     repo + "#" + text(o.number),
		Title:   text(o.title),
		URL:     webAddress(text(o.htmlURL)),
	}
	created, ok := instant(o.created)
	if !ok || number(o.number) <= 0 {
		r.doubt("issue %s is left out: its created_at is %s and its number %s", c.Key, shown(o.created), shown(o.number))
		return record.Issue{}, false
	}
	c.Created = created
	if repo == "" {
		r.doubt("issue %s does not say which repository it is of; issues of two such repositories cannot be told apart", c.Key)
	}
	c.Updated = r.when(c.Key, "updated_at", o.updated)
	state := strings.ToLower(text(o.state))
	switch state {
	case "open":
		c.Status = record.Status{ID: state, Name: state, Category: record.Todo}
	case "closed":
		c.Status = record.Status{ID: state, Name: state, Category: record.Done}
		c.Closed = r.when(c.Key, "closed_at", o.closed)
		c.Resolution = text(o.reason)
		if timeline == nil && o.parts()&record.HasResolution != 0 && !present(o.closed) {
			r.doubt("issue %s is closed, but has no closed_at: when is not known", c.Key)
		}
	default:
		r.doubt("issue %s is left out: its state is %s, neither open nor closed", c.Key, shown(o.state))
		return record.Issue{}, false
	}
	c.Type = cmp.Or(text(member(o.kind, "name")), text(o.kind))
	c.Milestone = text(member(o.milestone, "title"))
	if c.Milestone != "" && c.Parts&record.HasReleases != 0 {
		c.Releases = []record.Release{r.release(c.Key, o.milestone)}
	}
	c.Reporter = person(o.user)
	c.Assignees = people(o.assignees)
	if o.assignees == nil && present(o.assignee) {
		c.Assignees = []record.Person{person(o.assignee)}
	}
	for l := range elements(o.labels) {
		if name := cmp.Or(text(member(l, "name")), text(l)); name != "" {
			c.Labels = append(c.Labels, name)
		}
	}
	body := plain(text(o.body))
	c.Text = excerpt(body, record.TextLimit)
	if parent := keyOf(text(o.parent)); parent != "" {
		c.Links = append(c.Links, record.Link{Kind: "parent", To: parent})
	}
	is := record.Issue{Ref: record.Ref{Tracker: r.tracker, ID: cmp.Or(text(o.id), text(o.node), text(o.url), c.Key)}}
	if timeline != nil {
		r.timeline(&is, &c, timeline)
	}
	c.Links = append(c.Links, addresses(body)...)
	is.Copies = []record.Copy{c}
	return is, true
}

// release is a milestone as a release. GitHub keeps a day and no time: it writes midnight on the west coast of
// America, which is the same day in UTC.
// https://docs.github.com/en/rest/issues/milestones#create-a-milestone
func (r *reader) release(key string, milestone jsontext.Value) record.Release {
	m := record.Release{Name: text(member(milestone, "title")), Released: text(member(milestone, "state")) == "closed"}
	if due := r.when(key, "due_on of the milestone", member(milestone, "due_on")); due != 0 {
		m.Date = record.Date(due.In(time.UTC).Format(time.DateOnly))
	}
	return m
}

// when is an instant that an issue can do without.
func (r *reader) when(key, field string, v jsontext.Value) record.Instant {
	at, ok := instant(v)
	if !ok && present(v) {
		r.doubt("issue %s: %s is %s, not a time such as 2026-03-31T14:05:00Z; read as not given", key, field, shown(v))
	}
	return at
}

// Package github reads issues of GitHub and GitHub Enterprise Server: from the service itself ([Live]),
// and from files that people exported with its REST API ([Files], `files:` in firebreak.yaml). One reader
// serves both, so an archive and the service give one record of an issue, with the same ids.
//
// What it reads of files, as arrays, pages, JSON Lines or single objects:
//
//   - the issue objects of GET /repos/{owner}/{repo}/issues, as `gh api --paginate` saves them, and of
//     GET /search/issues;
//   - the same with their timelines, an object {"issue": {…}, "events": […]} each, events as in
//     GET /repos/{owner}/{repo}/issues/{number}/timeline (what github-metadata-backup writes; a webhook
//     delivery of an issue has the same shape without events).
//
// What it asks the service for, one request after the other, as GitHub wishes:
//
//   - the list of issues of each repository, or of a search, in the order of their update, and the timeline
//     of each issue that changed: REST, see list for how a list is walked that moves meanwhile;
//   - once a week the ids of all issues, and how many there are: GraphQL, which lists issues without the
//     pull requests; REST, where there is no token;
//   - the items of Projects v2 with their status and number fields, and the events of a status: GraphQL.
//
// Formats: GitHub's OpenAPI description of the REST API, version 2022-11-28, its GraphQL schema, and
// recorded answers. What is from documentation or public threads and was seen in no recording says so
// beside the code.
//
// Its words are GitHub's. An issue is open (todo) or closed (done), and why it was closed is its
// resolution: completed, not_planned, duplicate; on a project, an open one has the status of its card. Its
// key is "owner/name#12", by the present name of the repository; its id is the API's id, which stays when
// the repository is renamed (an issue that is transferred to another gets a new one). Labels are the only
// severity, priority or component that GitHub knows, so they are left for the policy to judge. A sub-issue
// has a link to its parent.
//
// Its one rule: an issue is told as far as its source tells it. Without a timeline nothing is known of
// its history; an event that doesn't say what it changed changes nothing and is doubted; a pull
// request is recognised in every shape, counted and left out, for its work is seen in the issue that
// it closes; a project that the token may not read is a doubt, and the issues go on without it.
//
// Fields that GitHub got since go-github v60 (type, parent_issue_url, state_reason "duplicate") are why
// the objects are read by own means: see walk.go. Of the client its requests and its errors are used.
package github

import (
	"context"
	"iter"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// version is of this reader: files read by an older one are read again.
const version = "github/3"

// Files are exported files as a source.
type Files struct {
	Tracker string // the name that the records carry
	exports.Set
}

// Fetch yields the issues of the files that since doesn't know; see [exports.Set.Fetch].
func (s Files) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	s.Options = version + " " + s.Tracker
	return s.Set.Fetch(ctx, since, func(f *exports.File) { read(f, s.Tracker) })
}

// read reads one file.
func read(f *exports.File, tracker string) {
	if f.Format() != exports.JSON {
		if f.Format() == exports.CSV {
			f.NoExport(advice)
		}
		return
	}
	r := reading{File: f, tracker: tracker, keys: map[string]string{}}
	for v := range f.JSON("items") {
		r.value(v)
	}
	r.finish()
}

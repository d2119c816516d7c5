// Package github reads issues of GitHub and GitHub Enterprise Server, so far from files that people
// exported with the REST API: `kind: github` with `files:` in firebreak.yaml.
//
// What it reads, as arrays, pages, JSON Lines or single objects:
//
//   - the issue objects of GET /repos/{owner}/{repo}/issues, as `gh api --paginate` saves them, and of
//     GET /search/issues;
//   - the same with their timelines, an object {"issue": {…}, "events": […]} each, events as in
//     GET /repos/{owner}/{repo}/issues/{number}/timeline (what github-metadata-backup writes; a webhook
//     delivery of an issue has the same shape without events).
//
// Formats: GitHub's OpenAPI description of the REST API, version 2022-11-28, and recorded answers.
//
// Its words are GitHub's. An issue is open (todo) or closed (done), and why it was closed is its
// resolution: completed, not_planned, duplicate. Its key is "owner/name#12"; its id is the API's id,
// which stays when it is transferred. Labels are the only severity, priority or component that GitHub
// knows, so they are left for the policy to judge.
//
// Its one rule: an issue is told as far as the export tells it. Without a timeline nothing is known of
// its history; an event that doesn't say what it changed changes nothing and is doubted; a pull
// request is recognised in every shape, counted and left out, for its work is seen in the issue that
// it closes.
//
// Fields that GitHub got since go-github v60 (type, parent_issue_url, state_reason "duplicate") are why
// the objects are read by own means: see walk.go.
package github

import (
	"context"
	"iter"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// version is of this reader: files read by an older one are read again.
const version = "github/2"

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

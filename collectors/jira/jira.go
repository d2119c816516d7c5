// Package jira brings home issues of Jira, Cloud and Server (Data Center): from the service itself
// ([Live]: `kind: jira` with `url:` in firebreak.yaml) and from files that people exported ([Files]:
// `files:`). Both read an issue with the same eyes.
//
// A live site is one search, walked in the order of updates by package live; here is how a page of it is
// asked for, what is missing on it, and where that is fetched. Cloud is asked by tokens (cloud.go), Data
// Center by numbers (server.go), and histories, comments and worklogs that a page cuts off come after it,
// for many issues in one request where Jira allows it (complete.go, history.go). What was read in an
// API description or a public thread, and could not be tried on a live site, says so where it stands.
//
// Of files it reads:
//
//   - answers of the REST API, v2 and v3: pages of a search ({"issues": […]}), arrays of issues, single
//     issues, JSON Lines; with or without changelogs (expand=changelog), with wiki markup or Atlassian
//     documents for texts;
//   - CSV as Jira's "Export CSV (all fields)" and "(current fields)" write it, in the language of the
//     person who exported it.
//
// The words are Jira's own: the type, status, priority and resolution of an issue are the names that
// the site gives them, and only the category of a status is the tracker's fixed one. A custom field is
// kept where it is asked for, under the name that firebreak.yaml gives it. A [record.Change] is one item
// of a changelog; changes of fields that nobody asked for are left, as the updated date tells
// that it was touched.
//
// Its one rule: what Jira gives is believed as far as it goes. What an answer or an export lacks is absent
// and not empty; a changelog that was cut is no history; a date without a zone is read in the zone
// configured, or in UTC and doubted; an answer that is not the one asked for is an error, and no issue that
// cannot be read loses the others of its page.
//
// Formats: Atlassian's REST API references for Cloud v3 and Server 9, and recorded answers of both.
package jira

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// version is of this reader: files read by an older one are read again.
const version = "jira/5"

// Files are exported files as a source.
type Files struct {
	exports.Set // where the files are; Options is set by Fetch

	Tracker string // the name that the records carry

	// Site is where issues are browsed, "https://example.atlassian.net": an issue's address is the
	// site's, "/browse/" and its key. Without one it is derived from each issue's REST address.
	Site string

	// Fields are the custom fields to keep: our name → the field's id ("customfield_10042"), or its
	// name on the site ("Severity"), which JSON exports only tell with expand=names.
	Fields map[string]string

	// Points are ids or names of the fields that hold story points; of several, the last in an issue
	// that has a value counts. Without any: the names that Jira gives them.
	Points []string

	// For CSV. Columns maps a header to one of our column names (see [Columns]) or to "field." and one
	// of Fields' names, for headers in languages or of add-ons that are not known here. Zone is the
	// exporting person's, which dates are written in. Layout, in the notation of package time, is
	// tried for dates before all that are known here.
	Columns map[string]string
	Zone    *time.Location
	Layout  string
}

// pointsNames are what Jira calls its own fields for story points: in company-managed and in
// team-managed projects.
var pointsNames = []string{"Story Points", "Story points", "Story point estimate"}

// Fetch yields the issues of the files that since doesn't know; see [exports.Set.Fetch].
func (s Files) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	s.Options = s.options()
	return func(yield func(record.Batch, error) bool) {
		r := &reader{src: &s, asked: s.askings(), missed: map[string]bool{}}
		r.dec.tracker, r.dec.until = s.Tracker, s.ExportedAt
		if s.Site != "" {
			r.dec.site = strings.TrimSuffix(s.Site, "/") + "/browse/"
		}
		s.Set.Fetch(ctx, since, r.file)(yield)
	}
}

// options is everything that decides how a file is read.
func (s *Files) options() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q %q %q %q zone %t %v", version, s.Tracker, s.Site, s.Points, s.Layout, s.Zone != nil, s.Zone)
	for _, m := range []map[string]string{s.Fields, s.Columns} {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			fmt.Fprintf(&b, " %q=%q", k, m[k])
		}
	}
	return b.String()
}

// reader reads the files of one Fetch.
type reader struct {
	src    *Files
	dec    decoder
	asked  []*asking
	missed map[string]bool // fields that a file did not have, and it was said
}

func (r *reader) file(f *exports.File) {
	switch f.Format() {
	case exports.JSON:
		r.json(f)
	case exports.CSV:
		r.csv(f)
	}
}

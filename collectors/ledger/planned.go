// What issues tell of their tracker's releases, so that it can be asked of all of them without reading any.

package ledger

import (
	"context"
	"encoding/json"

	"github.com/firebreak/firebreak/collectors/record"
)

// release is one as the column releases holds it.
type release struct {
	Project  string      `json:"project,omitempty"`
	Name     string      `json:"name"`
	Date     record.Date `json:"date,omitempty"`
	Released bool        `json:"released,omitempty"`
	Archived bool        `json:"archived,omitempty"`
}

// releasesOf are the columns releases and releases_read of an issue: a JSON list, NULL where it tells of none, and
// when it was read.
func releasesOf(is *record.Issue) (told, read any) {
	var all []release
	for p := range is.Planned {
		all = append(all, release{p.Project, p.Name, p.Date, p.Released, p.Archived})
		read = int64(p.Read)
	}
	if all == nil {
		return nil, nil
	}
	text, _ := json.Marshal(all) // texts can always be written
	return string(text), read
}

// plannedSQL goes from each list of releases to the next, as there are few of them, and DISTINCT would walk over every
// issue; of each it looks for the last time that an issue told it which exists at that instant.
const plannedSQL = `WITH RECURSIVE told (list) AS (
		SELECT min(releases) FROM issue WHERE tracker = ?1 AND releases > ''
		UNION ALL SELECT (SELECT min(releases) FROM issue WHERE tracker = ?1 AND releases > told.list) FROM told WHERE told.list IS NOT NULL)
	SELECT told.list, i.releases_read FROM told CROSS JOIN issue AS i ON i.rowid = (
		SELECT rowid FROM issue WHERE tracker = ?1 AND releases = told.list AND created < ?2 AND (gone IS NULL OR gone >= ?2)
		ORDER BY releases_read DESC LIMIT 1)`

// Planned is what the issues of a tracker tell of its releases: each list that any of them has, and when it was read
// last. Issues count that exist at an instant: created before it, and not gone by then.
func (l *Ledger) Planned(ctx context.Context, tracker string, at record.Instant) ([]record.Planned, error) {
	type told struct {
		list string
		read record.Instant
	}
	lists, err := collect(ctx, l, "releases", func(t *told) []any { return []any{&t.list, &t.read} }, plannedSQL, tracker, int64(at))
	if err != nil {
		return nil, err
	}
	var all []record.Planned
	for _, t := range lists {
		var releases []release
		if err := json.Unmarshal([]byte(t.list), &releases); err != nil {
			return nil, l.fail("read releases", err)
		}
		for _, r := range releases {
			all = append(all, record.Planned{Tracker: tracker, Project: r.Project, Read: t.read,
				Release: record.Release{Name: r.Name, Date: r.Date, Released: r.Released, Archived: r.Archived}})
		}
	}
	return all, nil
}

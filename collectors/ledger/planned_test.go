package ledger

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/record/recordtest"
)

// beforeV4 takes a ledger back to the third schema.
const beforeV4 = "DROP INDEX issue_releases; ALTER TABLE issue DROP COLUMN releases; ALTER TABLE issue DROP COLUMN releases_read; PRAGMA user_version = 3;"

// toldByAll is what Planned says, found by reading every issue: each release as it is told by those that name the
// same ones, with the last time. Bytes that are no text are none in a column either.
func toldByAll(ctx context.Context, l *Ledger, tracker string, at record.Instant) ([]record.Planned, error) {
	last := map[string][]record.Planned{}
	for is, err := range l.Issues(ctx) {
		if err != nil {
			return nil, err
		}
		f := is.Facts()
		if is.Tracker != tracker || f.Created == 0 || f.Created >= at || is.Gone != 0 && is.Gone < at {
			continue
		}
		told := slices.Collect(is.Planned)
		timeless := slices.Clone(told)
		for i := range told {
			told[i].Project, told[i].Name = string([]rune(told[i].Project)), string([]rune(told[i].Name))
			timeless[i] = told[i]
			timeless[i].Read = 0
		}
		k := fmt.Sprint(timeless)
		if was := last[k]; len(told) > 0 && (was == nil || was[0].Read < told[0].Read) {
			last[k] = told
		}
	}
	var all []record.Planned
	for _, told := range last {
		all = append(all, told...)
	}
	return inOrder(all), nil
}

func inOrder(all []record.Planned) []record.Planned {
	slices.SortFunc(all, func(a, b record.Planned) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return all
}

// Whatever is saved, merged, read again, buried or brought back: the columns tell what the bodies tell, and those of a
// ledger that was brought up to date do, too.
func TestReleasesAreKnownWithoutReadingIssues(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := openAt(t, path)
	var trackers []string
	compared := 0
	same := func(t interface {
		Fatal(...any)
		Fatalf(string, ...any)
	}, ctx context.Context, tracker string) {
		for _, at := range []record.Instant{0, 1_700_000_000_000_000_000, 1_700_000_000_000_000_001, 1 << 62} {
			got, err := l.Planned(ctx, tracker, at)
			if err != nil {
				t.Fatal(err)
			}
			want, err := toldByAll(ctx, l, tracker, at)
			if err != nil {
				t.Fatal(err)
			}
			if d := gocmp.Diff(want, inOrder(got)); d != "" {
				t.Fatalf("%s as of %s (-read from all issues +known):\n%s", tracker, at, d)
			}
			compared += len(got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		tracker := fmt.Sprint("t", len(trackers))
		trackers = append(trackers, tracker)
		for range rapid.IntRange(1, 4).Draw(t, "batches") {
			var b record.Batch
			for range rapid.IntRange(0, 4).Draw(t, "issues") {
				ref := record.Ref{Tracker: tracker, ID: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "id")}
				is := recordtest.Issue(ref).Draw(t, "issue")
				for i := range is.Copies {
					c := &is.Copies[i]
					c.Created = max(c.Created, 1)
					if rapid.IntRange(0, 3).Draw(t, "knows releases") > 0 {
						c.Parts |= record.HasReleases
						c.Releases = rapid.SliceOfN(recordtest.Release(), 0, 2).Draw(t, "releases")
					}
				}
				b.Issues = append(b.Issues, is)
			}
			if err := l.Save(t.Context(), "s", b); err != nil {
				t.Fatal(err)
			}
		}
		same(t, t.Context(), tracker)
		same(t, t.Context(), "t")
	})
	if compared < 100 {
		t.Errorf("%d releases were compared, which proves little", compared)
	}
	l.Close()
	rawExec(t, path, beforeV4)
	l = openAt(t, path)
	for _, tracker := range trackers {
		same(t, t.Context(), tracker)
	}
}

// What no issue need be read for, no row need be either: the index answers.
func TestReleasesAreFoundInTheIndex(t *testing.T) {
	l := openNew(t)
	rows, err := l.db.Query("EXPLAIN QUERY PLAN "+plannedSQL, "t", 1)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	indexed := 0
	for rows.Next() {
		var id, parent, unused int
		var what string
		if err := rows.Scan(&id, &parent, &unused, &what); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(what, "issue") {
			continue
		}
		if strings.Contains(what, "USING COVERING INDEX issue_releases") {
			indexed++
		} else if !strings.Contains(what, "USING INTEGER PRIMARY KEY") { // the one that was found
			t.Error(what)
		}
	}
	if indexed != 3 {
		t.Errorf("%d of the three questions are answered by the index", indexed)
	}
}

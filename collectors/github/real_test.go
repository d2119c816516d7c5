package github

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// shared is a folder of the real exports, which are not part of the repository.
func shared(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("FIREBREAK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir, err := filepath.Abs(filepath.Join(root, "data", "github", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the real exports are not here (set FIREBREAK_SHARED to their folder): %v", err)
	}
	return dir
}

func realBatch(t testing.TB, name, pattern string) record.Batch {
	t.Helper()
	return collect(t, Files{Tracker: "real", Set: exports.Set{Source: "real", Dir: shared(t, name), Patterns: []string{pattern}}})
}

// TestRealTimelinesAreReadWhole holds the counts that the export's description gives: 341 issues, 208
// closed, 3,807 events.
func TestRealTimelinesAreReadWhole(t *testing.T) {
	b := realBatch(t, "bitcoin-core-gui", "*.jsonl.gz")
	for _, g := range b.Gaps {
		t.Error("gap:", g)
	}
	// One event of a type that the archiver's library doesn't know is all that cannot be told.
	if len(b.Doubts) != 1 {
		t.Errorf("%d doubts, want 1: %v", len(b.Doubts), b.Doubts)
	}
	got := map[string]int{"issues": len(b.Issues)}
	for _, is := range b.Issues {
		f := is.Facts()
		got[f.Status.Name]++
		got[f.Resolution]++
		got["comments"] += len(is.Comments)
		for _, c := range is.Changes {
			got[c.Field]++
			switch {
			case c.Field == record.FieldStatus:
				got["to "+c.To]++
			case c.Field == record.FieldLabel && c.To != "":
				got["labeled"]++
			case c.Field == record.FieldLabel:
				got["unlabeled"]++
			}
		}
		if is.HistoryTo < f.Updated || is.CommentsTo != is.HistoryTo {
			t.Errorf("%s: history up to %s, updated %s", f.Key, is.HistoryTo, f.Updated)
		}
	}
	// 223 events of closing make 220 changes: three issues were closed twice without being reopened,
	// by a commit and by hand in the same second.
	want := map[string]int{
		"issues": 341, "closed": 208, "open": 133, "completed": 198, "not_planned": 10, "": 133,
		"comments": 1332, "labeled": 410, "unlabeled": 45, record.FieldLabel: 455,
		record.FieldStatus: 232, "to closed": 220, "to open": 12, record.FieldTitle: 61,
		record.FieldAssignee: 5, record.FieldMilestone: 20,
	}
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%q: %d, want %d", k, got[k], n)
		}
		delete(got, k)
	}
	if len(got) > 0 {
		t.Errorf("more than expected: %v", got)
	}
	if len(b.Tallies) != 1 || b.Tallies[0].Read != 341 || b.Tallies[0].Changes != 773 {
		t.Errorf("tallies: %+v", b.Tallies)
	}
	if want := "2026-08-16T21:45:51Z"; b.Horizon.String() != want {
		t.Errorf("horizon %s, want %s", b.Horizon, want)
	}
}

// TestRealTimelinesReplayBackwards undoes the changes of each issue from its newest state: whatever a
// change says it changed to must be there, until the issue is as it was created: open.
func TestRealTimelinesReplayBackwards(t *testing.T) {
	b := realBatch(t, "bitcoin-core-gui", "*.jsonl.gz")
	for _, is := range b.Issues {
		f := is.Facts()
		state := map[string]string{record.FieldStatus: f.Status.Name, record.FieldTitle: f.Title, record.FieldMilestone: f.Milestone}
		sets := map[string][]string{record.FieldLabel: f.Labels}
		for _, a := range f.Assignees {
			sets[record.FieldAssignee] = append(sets[record.FieldAssignee], a.Account)
		}
		if !slices.IsSortedFunc(is.Changes, func(a, b record.Change) int { return cmp.Compare(a.At, b.At) }) {
			t.Errorf("%s: changes are out of order", f.Key)
		}
		for _, c := range slices.Backward(is.Changes) {
			if now, single := state[c.Field]; single {
				if now != c.To {
					t.Errorf("%s: change %s of %s to %q, but then it was %q", f.Key, c.ID, c.Field, c.To, now)
				}
				state[c.Field] = c.From
				continue
			}
			set := sets[c.Field]
			at := slices.Index(set, c.From+c.To)
			if added := c.To != ""; added != (at >= 0) {
				t.Errorf("%s: change %s adds to %s (%t) %q, but then there was %q", f.Key, c.ID, c.Field, added, c.From+c.To, set)
			} else if added {
				sets[c.Field] = slices.Delete(slices.Clone(set), at, at+1)
			} else {
				sets[c.Field] = append(slices.Clone(set), c.From)
			}
		}
		if state[record.FieldStatus] != "open" || len(sets[record.FieldAssignee]) > 0 || state[record.FieldMilestone] != "" {
			t.Errorf("%s was created %v %v", f.Key, state, sets)
		}
	}
}

// TestRealAnswersTellPullRequestsApart holds the counts that the export's description gives: 10,000
// answers, 3,922 of them pull requests, 9,991 closed.
func TestRealAnswersTellPullRequestsApart(t *testing.T) {
	b := realBatch(t, "rust-lang-rust", "*.json.gz")
	for _, g := range b.Gaps {
		t.Error("gap:", g)
	}
	if len(b.Doubts) != 3 { // three issues of 2011 are closed and have no closed_at
		t.Errorf("doubts: %v", b.Doubts)
	}
	read, pulls := 0, 0
	for _, y := range b.Tallies {
		read += y.Read
		pulls += y.Left[leftPull]
		if y.Kind != "github issues" || len(y.Left) > 1 {
			t.Errorf("tally %+v", y)
		}
	}
	if len(b.Tallies) != 10 || read != 6078 || pulls != 3922 {
		t.Errorf("%d files, %d issues, %d pull requests; want 10, 6078, 3922", len(b.Tallies), read, pulls)
	}
	got := map[string]int{}
	for _, is := range b.Issues {
		f := is.Facts()
		got["state "+f.Status.Name]++
		got["reason "+f.Resolution]++
		got["repository "+f.Project]++
		for _, l := range f.Labels {
			got["label "+l]++
		}
		if f.Closed != 0 {
			got["closed_at"]++
		}
		for _, r := range f.Releases {
			got["milestone "+r.Name+" "+string(r.Date)]++
		}
		if is.HistoryTo != 0 || len(f.Text) > record.TextLimit {
			t.Errorf("%s: history to %s, %d bytes of text", f.Key, is.HistoryTo, len(f.Text))
		}
	}
	for k, n := range map[string]int{
		"state closed": 6072, "state open": 6, "reason completed": 6070, "reason not_planned": 2, "reason ": 6,
		"repository rust-lang/rust": 6077, "repository rust-lang/rfcs": 1, "label I-crash": 259, "closed_at": 6069,
		"milestone 0.4 2012-09-14": 178, "milestone 1.0 2015-05-15": 108, "milestone 0.8 2013-10-01": 5, "milestone old 1.0 milestone ": 296,
	} {
		if got[k] != n {
			t.Errorf("%q: %d, want %d", k, got[k], n)
		}
	}
}

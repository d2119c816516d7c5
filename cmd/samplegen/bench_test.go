package main

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/jira"
	"github.com/firebreak/firebreak/collectors/paging"
)

// written runs the program and returns the files it has made, by their names.
func written(t *testing.T, args ...string) (dir string, files map[string][]byte) {
	t.Helper()
	dir, files = t.TempDir(), map[string][]byte{}
	if err := run(append(args, "--out", dir), &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"*", "*/*"} {
		names, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, name := range names {
			if text, err := os.ReadFile(name); err == nil {
				rel, _ := filepath.Rel(dir, name)
				files[rel] = text
			}
		}
	}
	return dir, files
}

func TestBenchmarksAreTheSameBytesEveryTime(t *testing.T) {
	for _, args := range [][]string{{"--bench", "50"}, {"--bench", "50", "--search"}, {"--entries", "20"}, {"--pages", "50"}} {
		_, a := written(t, args...)
		_, b := written(t, args...)
		if len(a) == 0 || !maps.EqualFunc(a, b, bytes.Equal) {
			t.Errorf("%v: %d files, and the second run's differ", args, len(a))
		}
	}
}

func TestPagesForBenchmarksAreReadWithoutADoubt(t *testing.T) {
	const n = pagesPerFile + 500 // two files
	dir, files := written(t, "--pages", strconv.Itoa(n))
	if len(files) != 2 {
		t.Errorf("%d files", len(files))
	}
	ids, acked, alone := map[string]bool{}, 0, 0
	src := paging.Files{Tracker: "bench", Set: exports.Set{Source: "bench", Dir: dir, Patterns: []string{"."}}}
	for batch, err := range src.Fetch(context.Background(), "") {
		if err != nil || len(batch.Doubts) > 0 || len(batch.Gaps) > 0 {
			t.Fatal(err, batch.Doubts, batch.Gaps)
		}
		for _, p := range batch.Pages {
			ids[p.ID] = true
			if p.Acked != 0 {
				acked++
			}
			if p.AutoClosed {
				alone++
			}
		}
	}
	if len(ids) != n || acked < n/2 || acked == n || alone < n/10 {
		t.Errorf("%d pages, %d acknowledged, %d resolved by themselves", len(ids), acked, alone)
	}
}

func TestIssuesForBenchmarksAreReadWithoutADoubt(t *testing.T) {
	const n = 2100 // two files
	for _, shape := range [][]string{nil, {"--search"}} {
		dir, files := written(t, append(shape, "--bench", "2100")...)
		bytes := 0
		for _, text := range files {
			bytes += len(text)
		}
		if each := bytes / n; each < 14_000 || each > 16_000 {
			t.Errorf("%v: an issue is %d bytes, not about 15,000", shape, each)
		}
		src := jira.Files{Tracker: "bench", Set: exports.Set{Source: "bench", Dir: dir, Patterns: []string{"."}}}
		done, changes := 0, 0
		keys := map[string]bool{}
		for batch, err := range src.Fetch(context.Background(), "") {
			if err != nil || len(batch.Doubts) > 0 || len(batch.Gaps) > 0 {
				t.Fatal(shape, err, batch.Doubts, batch.Gaps)
			}
			for _, i := range batch.Issues {
				f := i.Copies[0]
				keys[f.Key] = true
				changes += len(i.Changes)
				if f.Closed != 0 {
					done++
				}
				if len(i.Comments) == 0 || f.Text == "" {
					t.Fatalf("%v: %s is not what was written", shape, f.Key)
				}
			}
		}
		if len(keys) != n || done < n*9/10 || done == n || changes < 15*n || changes > 25*n {
			t.Errorf("%v: %d keys, %d done, %d changes", shape, len(keys), done, changes)
		}
	}
}

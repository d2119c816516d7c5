package github

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/exports"
)

func TestFilesKeepTheContractOfSources(t *testing.T) {
	fsys := fstest.MapFS{
		"a/plain.jsonl":      {Data: trimmed(1, 520)},
		"b/timelines.jsonl":  {Data: export(1000, 10, true)},
		"c/cut-off.jsonl.gz": {Data: packed(t, export(2000, 100, false))[:2000]},
		"d/empty.json":       {Data: []byte("[]")},
	}
	for _, f := range fsys {
		f.ModTime = time.Unix(1, 0)
	}
	collectortest.Run(t, collectortest.Harness{Source: func(testing.TB) collectors.Source {
		return Files{Tracker: "code", Set: exports.Set{Source: "code", FS: fsys, Patterns: []string{"**"}}}
	}})
}

// trimmed is n issues with the least that one must have, for tests that read them many times.
func trimmed(first, n int) []byte {
	var b bytes.Buffer
	for i := first; i < first+n; i++ {
		fmt.Fprintf(&b, `{"id":%d,"number":%[1]d,"state":"open","title":"x","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-%02dT00:00:00Z","html_url":"https://github.com/acme/orders/issues/%[1]d"}`+"\n",
			i, 1+i%28)
	}
	return b.Bytes()
}

func packed(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestATruncatedGzipKeepsWhatCameBefore(t *testing.T) {
	whole := packed(t, export(1, 600, false))
	for _, name := range []string{"f.json", "f.jsonl.gz"} { // what a file is called decides nothing
		fsys := fstest.MapFS{name: {Data: whole[:len(whole)*2/3]}}
		b := collect(t, Files{Tracker: "t", Set: exports.Set{Source: "t", FS: fsys, Patterns: []string{name}}})
		if n := len(b.Issues); n < 100 || n > 500 {
			t.Errorf("%s: %d issues of 600", name, n)
		}
		if len(b.Gaps) != 1 || !strings.Contains(b.Gaps[0].What, name) || !strings.Contains(b.Gaps[0].Why, "cut off") {
			t.Errorf("%s: gaps %v", name, b.Gaps)
		}
	}
}

package jira

import (
	"fmt"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/exports"
	"golang.org/x/tools/txtar"
)

// small is n issues in JSON Lines, small because the contract reads them dozens of times.
func small(n int) []byte {
	var b []byte
	for i := range n {
		b = fmt.Appendf(b, `{"id":"%d","key":"S-%d","fields":{"status":{"name":"Open"},"created":"2026-01-01T00:00:00.000+0000","updated":"2026-01-02T00:00:00.000+0000"},"changelog":{"total":1,"histories":[{"id":"%d","created":"2026-01-02T00:00:00.000+0000","items":[{"field":"labels","toString":"a b"}]}]}}`+"\n", 50000+i, i, i)
	}
	return b
}

// TestFilesKeepTheContractOfSources holds a folder of every shape, and of some batches, to what
// collectors.Source promises.
func TestFilesKeepTheContractOfSources(t *testing.T) {
	files := fstest.MapFS{
		"many.jsonl":  {Data: small(1100), ModTime: time.Unix(1, 0)},
		"page.json":   {Data: page(20), ModTime: time.Unix(1, 0)},
		"again.jsonl": {Data: small(30), ModTime: time.Unix(1, 0)}, // some of them once more
	}
	// In one file and far enough apart that they come in different batches; and with histories cut short.
	files["twice.jsonl"] = &fstest.MapFile{Data: append(small(520), small(3)...), ModTime: time.Unix(1, 0)}
	for _, name := range []string{"cloud", "server", "csv-english", "cut", "bad", "foreign"} {
		data, err := os.ReadFile("testdata/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			if f.Name != "want" {
				files[name+"/"+f.Name] = &fstest.MapFile{Data: f.Data, ModTime: time.Unix(1, 0)}
			}
		}
	}
	collectortest.Run(t, collectortest.Harness{Source: func(testing.TB) collectors.Source {
		return Files{Set: exports.Set{Source: "tickets", FS: files, Patterns: []string{"."}}, Tracker: "jira", Zone: time.UTC}
	}})
}

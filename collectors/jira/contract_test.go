package jira

import (
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/exports"
	"golang.org/x/tools/txtar"
)

// TestFilesKeepTheContractOfSources holds a folder of every shape, and of some batches, to what
// collectors.Source promises.
func TestFilesKeepTheContractOfSources(t *testing.T) {
	files := fstest.MapFS{
		"many.jsonl": {Data: lines(1100), ModTime: time.Unix(1, 0)},
		"page.json":  {Data: page(30), ModTime: time.Unix(1, 0)}, // the same issues once more
	}
	for _, name := range []string{"cloud", "server", "csv-english"} {
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

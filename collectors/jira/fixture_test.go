package jira

// Fixtures: testdata/*.txtar hold export files and, as "want", the records that come of them. Lines of
// the comment that begin with a setting's name set it. go test -update accepts what comes.

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "accept what the fixtures come to")

func TestFixtures(t *testing.T) {
	fixtures, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(fixtures) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, name := range fixtures {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			a := txtar.Parse(data)
			src := settings(t, string(a.Comment))
			files := fstest.MapFS{}
			want := -1
			for i, f := range a.Files {
				if f.Name == "want" {
					want = i
					continue
				}
				files[f.Name] = &fstest.MapFile{Data: f.Data, ModTime: time.Unix(1, 0)}
			}
			src.FS, src.Patterns = files, []string{"."}
			got := fetch(t, src, "").dump()
			if want < 0 {
				a.Files = append(a.Files, txtar.File{Name: "want"})
				want = len(a.Files) - 1
			}
			if *update {
				a.Files[want].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(a.Files[want].Data), got); diff != "" {
				t.Errorf("-want +got; go test -update accepts it\n%s", diff)
			}
		})
	}
}

// settings reads the settings in a fixture's comment.
func settings(t *testing.T, comment string) (s Files) {
	s.Fields, s.Columns = map[string]string{}, map[string]string{}
	for line := range strings.Lines(comment) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		left, right, _ := strings.Cut(value, " = ")
		var err error
		switch name {
		case "field":
			s.Fields[left] = right
		case "column":
			s.Columns[left] = right
		case "points":
			s.Points = append(s.Points, value)
		case "zone":
			s.Zone, err = time.LoadLocation(value)
		case "layout":
			s.Layout = value
		case "site":
			s.Site = value
		case "exported":
			var at time.Time
			at, err = time.Parse(time.RFC3339, value)
			s.ExportedAt = record.At(at)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

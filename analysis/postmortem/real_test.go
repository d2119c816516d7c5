package postmortem

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared is the folder of real data beside the checkout.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("FIREBREAK_SHARED")
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for dir = wd; ; dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			if dir == filepath.Dir(dir) {
				t.Fatal("no go.mod above the test")
			}
		}
		dir = filepath.Join(dir, "..", "shared")
	}
	dir = filepath.Join(dir, "data", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIPPED: the real postmortems are not here (%v); set FIREBREAK_SHARED to the folder that has data/%s", err, name)
	}
	return dir
}

// Seven organisations, none of which knew of this format: nothing is lost, and much is recognised. The
// table says what of each page.
func TestRealPostmortemsOfOthersCanBeRead(t *testing.T) {
	dir := shared(t, "postmortems")
	var table strings.Builder
	pages, timelines, improvements := 0, 0, 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "SOURCE.md" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		p, complaints := Read(filepath.ToSlash(name), text, Team{})
		checkWhole(t, p)
		var kinds []string
		for _, s := range p.Sections {
			if s.Kind != Prose && s.Kind != Preamble {
				kinds = append(kinds, string(s.Kind))
			}
		}
		dated := 0
		for _, e := range p.Events {
			if e.At != 0 {
				dated++
			}
		}
		hints := 0
		for _, c := range complaints {
			if c.Warning {
				hints++
			}
			if c.File != p.File || c.What == "" {
				t.Errorf("%s: complaint without a place: %v", name, c)
			}
		}
		fmt.Fprintf(&table, "%-46.46s %-44.44s events %2d/%2d  improvements %2d  complaints %2d hints %2d  %s\n",
			name, p.Title, dated, len(p.Events), len(p.Improvements), len(complaints)-hints, hints, strings.Join(kinds, " "))
		pages++
		if len(p.Events) > 0 {
			timelines++
		}
		improvements += len(p.Improvements)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pages, %d with events, %d improvements\n%s", pages, timelines, improvements, &table)
	// What is recognised today; a change that recognises less is a step back.
	if pages != 64 || timelines < 36 || improvements < 147 {
		t.Errorf("%d pages, %d with events, %d improvements; they were 64, 36 and 147", pages, timelines, improvements)
	}
}

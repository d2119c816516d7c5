package github

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "accept what the fixtures give now")

// TestFixtures reads the files of each testdata/*.txtar as one source and compares what came of them
// with the file "want" in it.
func TestFixtures(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fsys := fstest.MapFS{}
			want := -1
			for i, f := range ar.Files {
				if f.Name == "want" {
					want = i
					continue
				}
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			got := dump(collect(t, Files{Tracker: "code", Set: exports.Set{Source: "code", FS: fsys, Patterns: []string{"**"}}}))
			if *update {
				if want < 0 {
					ar.Files = append(ar.Files, txtar.File{Name: "want"})
					want = len(ar.Files) - 1
				}
				ar.Files[want].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 {
				t.Fatalf("%s has no file \"want\"; run go test with -update", name)
			}
			if diff := cmp.Diff(string(ar.Files[want].Data), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

// collect is all batches of a source as one.
func collect(t testing.TB, s Files) record.Batch {
	t.Helper()
	var all record.Batch
	for b, err := range s.Fetch(context.Background(), "") {
		if err != nil {
			t.Fatal(err)
		}
		all.Issues = append(all.Issues, b.Issues...)
		all.Doubts = append(all.Doubts, b.Doubts...)
		all.Gaps = append(all.Gaps, b.Gaps...)
		all.Tallies = append(all.Tallies, b.Tallies...)
		all.Cursor, all.Horizon = b.Cursor, b.Horizon
	}
	return all
}

// dump is a batch as a person reads it: every field that says something, in the order of its struct.
func dump(b record.Batch) string {
	var s strings.Builder
	for _, is := range b.Issues {
		fmt.Fprintf(&s, "issue %s", is.Ref)
		block(&s, reflect.ValueOf(is), "  ", "Ref")
		s.WriteString("\n\n")
	}
	for _, y := range b.Tallies {
		left := ""
		for _, why := range slices.Sorted(maps.Keys(y.Left)) {
			left += fmt.Sprintf(", %d left out as %s", y.Left[why], why)
		}
		fmt.Fprintf(&s, "tally %s (%s): %d read, %d changes%s\n", y.Part, y.Kind, y.Read, y.Changes, left)
	}
	for _, d := range b.Doubts {
		fmt.Fprintf(&s, "doubt %s\n", d)
	}
	for _, g := range b.Gaps {
		fmt.Fprintf(&s, "gap %s: %s: %s\n", g.Source, g.What, g.Why)
	}
	fmt.Fprintf(&s, "horizon %s\n", b.Horizon)
	return s.String()
}

func block(s *strings.Builder, v reflect.Value, indent string, but ...string) {
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		if f.IsZero() || slices.Contains(but, name) {
			continue
		}
		switch {
		case name == "Parts":
			fmt.Fprintf(s, "\n%s%s: %011b", indent, name, f.Uint())
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct:
			for j := range f.Len() {
				if name == "Copies" {
					fmt.Fprintf(s, "\n%sCopy:", indent)
					block(s, f.Index(j), indent+"  ", "Seen") // as the issue was
				} else {
					fmt.Fprintf(s, "\n%s%s:", indent, strings.TrimSuffix(name, "s"))
					line(s, f.Index(j))
				}
			}
		case f.Kind() == reflect.Struct:
			fmt.Fprintf(s, "\n%s%s:", indent, name)
			line(s, f)
		default:
			fmt.Fprintf(s, "\n%s%s: ", indent, name)
			value(s, f)
		}
	}
}

func line(s *strings.Builder, v reflect.Value) {
	for i := range v.NumField() {
		f := v.Field(i)
		switch {
		case f.IsZero():
		case f.Kind() == reflect.Struct:
			fmt.Fprintf(s, " %s={", v.Type().Field(i).Name)
			line(s, f)
			s.WriteString(" }")
		default:
			fmt.Fprintf(s, " %s=", v.Type().Field(i).Name)
			value(s, f)
		}
	}
}

func value(s *strings.Builder, v reflect.Value) {
	switch at, ok := v.Interface().(record.Instant); {
	case ok:
		s.WriteString(at.String())
	case v.Kind() == reflect.String:
		fmt.Fprintf(s, "%q", v)
	case v.Kind() == reflect.Slice:
		fmt.Fprintf(s, "%q", v)
	default:
		fmt.Fprint(s, v)
	}
}

package paging

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
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "accept what the fixtures give now")

// TestFixtures reads the files of each testdata/*.txtar as one source and compares what came of them
// with the file "want" in it. Lines such as "tool: opsgenie" and "zone: Europe/Berlin" in the fixture's
// comment are what firebreak.yaml would say of it; "tool: any" leaves the tool to be recognised.
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
			got := dump(collect(t, fixture(t, string(ar.Comment), exports.Set{Source: "pager", FS: fsys, Patterns: []string{"**"}})))
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

// fixture is the source that a fixture's comment describes.
func fixture(t testing.TB, comment string, set exports.Set) collectors.Source {
	t.Helper()
	said := map[string]string{}
	for line := range strings.Lines(comment) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			said[key] = value
		}
	}
	zone, err := time.LoadLocation(said["zone"])
	if err != nil {
		t.Skip("no zones here: ", err)
	}
	if said["zone"] == "" {
		zone = nil
	}
	if said["tool"] == "" {
		said["tool"] = pagerDuty
	}
	return Files{Tracker: "pager", Tool: strings.TrimPrefix(said["tool"], "any"), Zone: zone, Role: said["role"], Set: set}
}

// collect is all batches of a source as one.
func collect(t testing.TB, s collectors.Source) record.Batch {
	t.Helper()
	var all record.Batch
	for b, err := range s.Fetch(context.Background(), "") {
		if err != nil {
			t.Fatal(err)
		}
		all.Issues = append(all.Issues, b.Issues...)
		all.Pages = append(all.Pages, b.Pages...)
		all.Shifts = append(all.Shifts, b.Shifts...)
		all.Doubts = append(all.Doubts, b.Doubts...)
		all.Gaps = append(all.Gaps, b.Gaps...)
		all.Tallies = append(all.Tallies, b.Tallies...)
		all.Cursor, all.Horizon = b.Cursor, b.Horizon
	}
	return all
}

// dump is a batch as a person reads it: of a page, every field that says something.
func dump(b record.Batch) string {
	var s strings.Builder
	for _, p := range b.Pages {
		fmt.Fprintf(&s, "page %s\n", p.Ref)
		v := reflect.ValueOf(p)
		for i := range v.NumField() {
			f, name := v.Field(i), v.Type().Field(i).Name
			switch x := f.Interface().(type) {
			case record.Ref:
			case []record.Person:
				for _, who := range x {
					fmt.Fprintf(&s, "  %s: %q %q\n", name, who.Account, who.Name)
				}
			case record.Person:
				if x.Known() {
					fmt.Fprintf(&s, "  %s: %q %q\n", name, x.Account, x.Name)
				}
			case []record.Event:
				for _, e := range x {
					line := fmt.Sprintf("  %s: %s %s%s%s %s", name, e.At, e.Kind, who(" by ", e.By), who(" to ", e.To), e.How)
					fmt.Fprintln(&s, strings.TrimRight(line, " "))
				}
			case []string:
				if len(x) > 0 {
					fmt.Fprintf(&s, "  %s: %q\n", name, x)
				}
			case string:
				if x != "" {
					fmt.Fprintf(&s, "  %s: %q\n", name, x)
				}
			default:
				if !f.IsZero() {
					fmt.Fprintf(&s, "  %s: %v\n", name, x)
				}
			}
		}
	}
	for _, h := range b.Shifts {
		fmt.Fprintf(&s, "shift %s: %s %s, %s %s to %s\n", h.Ref, h.Rota, h.Role, who("", h.Person), h.From, h.To)
	}
	for _, y := range b.Tallies {
		left := ""
		for _, why := range slices.Sorted(maps.Keys(y.Left)) {
			left += fmt.Sprintf(", %d left out as %s", y.Left[why], why)
		}
		fmt.Fprintf(&s, "tally %s (%s): %d read%s\n", y.Part, y.Kind, y.Read, left)
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

// who is a person after a word, and nothing for nobody.
func who(word string, p record.Person) string {
	if !p.Known() {
		return ""
	}
	return strings.TrimRight(fmt.Sprintf("%s%s %s", word, p.Account, p.Name), " ")
}

// inOrder says what of a page comes before its beginning, unless copies contradict each other about that.
func inOrder(p record.Page) string {
	if at, _ := p.Contradicted(time.Minute); p.Triggered == 0 || at[0] != 0 {
		return ""
	}
	if p.Acked != 0 && p.Acked < p.Triggered || p.Resolved != 0 && p.Resolved < p.Triggered {
		return fmt.Sprintf("triggered %s, acknowledged %s, resolved %s", p.Triggered, p.Acked, p.Resolved)
	}
	return ""
}

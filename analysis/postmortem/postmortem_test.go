package postmortem

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/firebreak/firebreak/analysis/strict"
)

var update = flag.Bool("update", false, "accept the present output as right")

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// A fixture is a page and what is read of it: page.md (or another name) and want.
func TestPagesReadAsTheirFixturesSay(t *testing.T) {
	team := Team{Zone: zone(t, "America/New_York"), Names: []string{"Maya Lindqvist", "Tomas Okafor"}, Levels: 4}
	fixtures, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(fixtures) < 8 {
		t.Fatalf("%d fixtures, %v", len(fixtures), err)
	}
	for _, name := range fixtures {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Files) == 0 || len(a.Files) == 1 && !*update {
				t.Fatal("a fixture is a page and a file called want")
			}
			p, complaints := Read(a.Files[0].Name, a.Files[0].Data, team)
			checkWhole(t, p)
			got := dump(p, complaints)
			if *update {
				a.Files = append(a.Files[:1:1], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
				t.Errorf("(-want +got; accept with -update)\n%s", diff)
			}
		})
	}
}

// checkWhole says what is wrong with the way a page is cut up.
func checkWhole(t testing.TB, p *Postmortem) {
	t.Helper()
	at := p.Body
	for i, s := range p.Sections {
		if s.Start != at || s.Body < s.Start || s.End < s.Body {
			t.Fatalf("section %d of %s is [%d %d %d), and the one before it ends at %d", i, p.File, s.Start, s.Body, s.End, at)
		}
		at = s.End
	}
	if at != len(p.Text) || len(p.Sections) == 0 || p.Sections[0].Kind != Preamble {
		t.Fatalf("the sections of %s end at %d of %d", p.File, at, len(p.Text))
	}
	if p.ID == "" || p.Title == "" && len(bytes.TrimSpace(p.Text)) > 0 {
		t.Fatalf("%s has the id %q and the title %q", p.File, p.ID, p.Title)
	}
	ids := map[string]bool{}
	for _, im := range p.Improvements {
		if ids[im.ID] || im.ID == "" || im.Postmortem != p.ID || im.State == "" || im.Line < 1 {
			t.Fatalf("%s: %+v", p.File, im)
		}
		ids[im.ID] = true
	}
}

// dump is a page as a person can compare it.
func dump(p *Postmortem, complaints []strict.Complaint) string {
	var b strings.Builder
	field := func(name string, v any) {
		if s := strings.Trim(fmt.Sprint(v), "[]"); s != "" && s != "0" && s != "false" {
			fmt.Fprintf(&b, "%s: %v\n", name, v)
		}
	}
	field("id", p.ID)
	field("title", p.Title)
	field("incidents", p.Incidents)
	field("severity", p.Severity)
	field("services", p.Services)
	field("supplier", p.Supplier)
	field("impact", p.Impact)
	field("authors", p.Authors)
	field("artifacts", p.Artifacts)
	field("draft", p.Draft)
	field("published", p.Published)
	field("at", p.At)
	field("started", p.Started)
	field("detected", p.Detected)
	field("mitigated", p.Mitigated)
	field("resolved", p.Resolved)
	b.WriteString("\nsections\n")
	for _, s := range p.Sections {
		fmt.Fprintf(&b, "%4d  %-12s %q, level %d, %d bytes\n", s.Line, s.Kind, s.Title, s.Level, s.End-s.Body)
	}
	if len(p.Events) > 0 {
		b.WriteString("\nevents\n")
	}
	for _, e := range p.Events {
		at := e.At.String()
		if e.Day {
			at += " (day)"
		}
		fmt.Fprintf(&b, "%4d  %-26s %q  %s\n", e.Line, at, e.When, e.Text)
	}
	if len(p.Improvements) > 0 {
		b.WriteString("\nimprovements\n")
	}
	for _, im := range p.Improvements {
		fmt.Fprintf(&b, "%4d  %s: %s\n", im.Line, im.ID, im.What)
		fmt.Fprintf(&b, "      %s; question %q, owner %q, due %q, issue %q %q, finished %q, reason %q\n",
			im.State, im.Question, im.Owner, im.Due, im.Issue, im.Link, im.Finished, im.Reason)
	}
	b.WriteString("\ncomplaints\n")
	for _, c := range complaints {
		b.WriteString(c.String() + "\n")
	}
	return b.String()
}

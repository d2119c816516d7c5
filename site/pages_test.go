package site

// Page tests: testdata/pages/*.txt, each a folder of the team's in txtar and a script that anybody can
// extend. "issues" has a line for each issue (key, created, type, priority, title, then moves as
// status@instant); "script" says what entries must hold:
//
//	page: metrics/wip/index.html
//	contains "Work in progress"
//	not contains "NaN"
//	no page: items/tickets/SUP-2/index.html
//	complaint "there is no playbook/gone.md"

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/firebreak/firebreak/collectors/record"
)

func TestPagesSayWhatTheyMust(t *testing.T) {
	files, err := filepath.Glob("testdata/pages/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no page tests in testdata/pages", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := input(t, 1)
			texts, posts, script := map[string]string{}, map[string]string{}, ""
			var issues []record.Issue
			for _, f := range ar.Files {
				switch {
				case f.Name == "issues":
					issues = tell(t, string(f.Data))
				case f.Name == "script":
					script = string(f.Data)
				case strings.HasPrefix(f.Name, "postmortems/"):
					posts[f.Name] = string(f.Data)
					texts[f.Name] = string(f.Data)
				default:
					texts[f.Name] = string(f.Data)
				}
			}
			in.Report, in.Content = night(t, issues, posts), content(texts)
			run(t, build(t, in), file, script)
		})
	}
}

func tell(t *testing.T, text string) []record.Issue {
	t.Helper()
	var all []record.Issue
	for line := range strings.Lines(text) {
		w := strings.Fields(line)
		if len(w) < 5 {
			continue
		}
		title := []string{}
		var moves []string
		for _, s := range w[4:] {
			if strings.Contains(s, "@2") {
				moves = append(moves, s)
			} else {
				title = append(title, s)
			}
		}
		is := issue(t, w[0], w[2], w[3], strings.Join(title, " "), w[1])
		for _, m := range moves {
			status, at, _ := strings.Cut(m, "@")
			move(&is, instant(t, at), strings.ReplaceAll(status, "_", " "))
		}
		all = append(all, is)
	}
	return all
}

func run(t *testing.T, tree *Tree, file, script string) {
	t.Helper()
	page, place := "", ""
	n := 0
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		n++
		if line == "" || line[0] == '#' {
			continue
		}
		at := fmt.Sprintf("%s: line %d of the script", file, n)
		quoted := func(rest string) string {
			s, err := strconv.Unquote(rest)
			if err != nil {
				t.Fatalf("%s: %s is not a quoted string", at, rest)
			}
			return s
		}
		switch verb, rest, _ := strings.Cut(line, " "); verb {
		case "page:":
			place = rest
			page = read(t, tree, place)
		case "contains":
			if s := quoted(rest); !strings.Contains(page, s) {
				t.Errorf("%s: %s does not contain %q\n%s", at, place, s, page)
			}
		case "not":
			if s := quoted(strings.TrimPrefix(rest, "contains ")); strings.Contains(page, s) {
				t.Errorf("%s: %s contains %q", at, place, s)
			}
		case "no":
			if p := strings.TrimPrefix(rest, "page: "); func() bool { _, ok := tree.Find(p); return ok }() {
				t.Errorf("%s: there is a page %s", at, p)
			}
		case "complaint":
			s, found := quoted(rest), false
			for _, c := range tree.Complaints {
				found = found || strings.Contains(c.String(), s)
			}
			if !found {
				t.Errorf("%s: no complaint %q among %v", at, s, tree.Complaints)
			}
		default:
			t.Fatalf("%s: no verb %q", at, verb)
		}
	}
}

package main

// The plan of the house, held by a test: who may import whom, which rooms are pure, where the clock
// hangs, what stands at the top.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/firebreak/firebreak"

// doors says for every room which rooms of ours it may import. What is not here is forbidden.
var doors = map[string][]string{
	"collectors/record":                   {},
	"collectors/record/recordtest":        {"collectors/record"},
	"collectors/ledger":                   {"collectors/record"},
	"collectors/exports":                  {"collectors/record"},
	"collectors/transport":                {},
	"collectors/live":                     {"collectors/record"},
	"collectors/jira":                     {"collectors/record", "collectors/exports", "collectors/live", "collectors/transport"},
	"collectors/github":                   {"collectors/record", "collectors/exports", "collectors/live", "collectors/transport"},
	"collectors/paging":                   {"collectors/record", "collectors/exports", "collectors/live", "collectors/transport"},
	"collectors":                          {"collectors/record", "collectors/ledger"},
	"collectors/collectortest":            {"collectors", "collectors/record", "collectors/ledger", "collectors/live", "collectors/transport"},
	"collectors/collectortest/fakejira":   {"collectors/record"},
	"collectors/collectortest/fakegithub": {"collectors/record"},
	"collectors/collectortest/fakepager":  {"collectors/record"},
	"analysis/calendar":                   {"collectors/record"},
	"analysis/strict":                     {},
	"analysis/postmortem":                 {"collectors/record", "analysis/strict"},
	"analysis/triage":                     {"collectors/record", "analysis/strict"},
	"analysis/pulse":                      {"collectors/record", "analysis/strict"},
	"analysis":                            {"collectors/record", "analysis/calendar", "analysis/strict", "analysis/postmortem", "analysis/pulse", "analysis/triage"},
	"site/chart":                          {"analysis", "collectors/record"},
	"site":                                {"analysis", "analysis/calendar", "analysis/strict", "analysis/postmortem", "analysis/triage", "site/chart", "collectors/record"},
	"themes":                              {},
	"content":                             {},
	"cmd/samplegen":                       {},
}

// pure rooms have no files, no network, no log and no clock.
var pure = []string{"collectors/record", "analysis", "analysis/calendar", "analysis/strict", "analysis/postmortem", "analysis/pulse", "analysis/triage", "site/chart"}

// tops are the folders of the plan; dot-folders come on top of them.
var tops = []string{"cmd", "collectors", "analysis", "site", "content", "themes"}

func TestTheHouseKeepsItsPlan(t *testing.T) {
	root := "../.."
	eachFile(t, root, func(room, name string, f *ast.File, fset *token.FileSet) {
		test := strings.HasSuffix(name, "_test.go")
		for _, imp := range f.Imports {
			p, _ := strconv.Unquote(imp.Path.Value)
			at := fset.Position(imp.Pos())
			if ours, ok := strings.CutPrefix(p, module+"/"); ok && !test && room != "cmd/firebreak" {
				if allowed, known := doors[room]; !known {
					t.Errorf("%s: room %s is not in the plan; add it to doors, and to the README", at, room)
				} else if !slices.Contains(allowed, ours) {
					t.Errorf("%s: %s may not import %s; it may import %v", at, room, ours, allowed)
				}
			}
			if slices.Contains(pure, room) && !test && impure(p) {
				t.Errorf("%s: %s is a pure room and may not import %s", at, room, p)
			}
		}
	})
}

func impure(p string) bool {
	for _, bad := range []string{"os", "net", "log", "syscall", "io/ioutil", "math/rand", "math/rand/v2", "crypto/rand", "time/tzdata", "os/exec"} {
		if p == bad || strings.HasPrefix(p, bad+"/") {
			return true
		}
	}
	return false
}

func TestThereIsOneClock(t *testing.T) {
	eachFile(t, "../..", func(room, name string, f *ast.File, fset *token.FileSet) {
		// The clock of collectortest is that of a bubble of testing/synctest, in which no real time passes.
		if strings.HasSuffix(name, "_test.go") || room == "cmd/firebreak" || room == "collectors/transport" || room == "collectors/collectortest" {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Local"}, s.Sel.Name) {
					t.Errorf("%s: time.%s; the only clock is in cmd/firebreak, pass the instant in", fset.Position(s.Pos()), s.Sel.Name)
				}
			}
			return true
		})
	})
}

func TestNothingRegistersItself(t *testing.T) {
	eachFile(t, "../..", func(room, name string, f *ast.File, fset *token.FileSet) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: kinds of things are values in a table, not registrations by init", fset.Position(fn.Pos()))
			}
		}
	})
}

func TestTheFoldersAreThePlan(t *testing.T) {
	list, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	made := []string{"wiki", "public"} // what the commands write; git ignores them
	for _, d := range list {
		if d.IsDir() && !strings.HasPrefix(d.Name(), ".") && !slices.Contains(tops, d.Name()) && !slices.Contains(made, d.Name()) {
			t.Errorf("%s is a top-level folder outside the plan %v", d.Name(), tops)
		}
	}
}

func TestEveryRoomSaysWhatItIsFor(t *testing.T) {
	doc := map[string]bool{}
	eachFile(t, "../..", func(room, name string, f *ast.File, fset *token.FileSet) {
		if !strings.HasSuffix(name, "_test.go") {
			doc[room] = doc[room] || f.Doc != nil && len(f.Doc.Text()) > 100
		}
	})
	for room, ok := range doc {
		if !ok {
			t.Errorf("%s has no package comment that says what it is for", room)
		}
		for _, drawer := range []string{"util", "utils", "common", "types", "models", "helpers"} {
			if path.Base(room) == drawer {
				t.Errorf("%s is a drawer, not a chapter", room)
			}
		}
	}
}

// eachFile parses every Go file of the module.
func eachFile(t *testing.T, root string, f func(room, name string, file *ast.File, fset *token.FileSet)) {
	t.Helper()
	fset := token.NewFileSet()
	n := 0
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") {
			return nil
		}
		file, err := parser.ParseFile(fset, p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		n++
		f(path.Dir(rel), path.Base(rel), file, fset)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 20 {
		t.Fatalf("only %d Go files found below %s: is this the module's root?", n, root)
	}
}

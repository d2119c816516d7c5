package main

// The commands as anyone would type them: testdata/scripts/*.txtar.

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"firebreak": main})
}

func TestScripts(t *testing.T) {
	var f fakes
	testscript.Run(t, testscript.Params{
		Dir: "testdata/scripts",
		Setup: func(env *testscript.Env) error {
			env.Setenv("TZ", "Pacific/Chatham")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"sametree": sameTree,

			"fakejira": f.jira, "fakegithub": f.github, "fakepager": f.pager, "fake": f.move, "fill": f.fill,
		},
	})
}

// Whoever stops reading what a night tells does not end the night.
func TestANightOutlivesThePipeThatItTellsTo(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	out := filepath.Join(t.TempDir(), "wiki")
	c := exec.Command("firebreak", "demo", "--out", out)
	c.Stdout, c.Stderr = w, w
	if err := c.Run(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if _, err := os.Stat(filepath.Join(out, "index.html")); err != nil {
		t.Error(err)
	}
}

// exits runs a command that must end with a code: exits 2 firebreak check.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code command [args]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var e *exec.ExitError
		if !errors.As(err, &e) {
			ts.Fatalf("%v", err)
		}
		got = e.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// sameTree compares two folders byte by byte: sametree a b.
func sameTree(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: sametree a b")
	}
	read := func(dir string) map[string]string {
		files := map[string]string{}
		dir = ts.MkAbs(dir)
		ts.Check(filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(p)
			rel, _ := filepath.Rel(dir, p)
			files[rel] = string(b)
			return err
		}))
		return files
	}
	a, b := read(args[0]), read(args[1])
	if len(a) == 0 {
		ts.Fatalf("%s is empty", args[0])
	}
	differ := ""
	for name, text := range a {
		if b[name] != text {
			differ = name
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			differ = name
		}
	}
	if same := differ == ""; same == neg {
		ts.Fatalf("%s and %s: same is %v; %s differs", args[0], args[1], same, differ)
	}
}

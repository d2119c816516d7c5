package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// leaves is a small tree of files that say so.
func leaves(say string, n int) *Tree {
	var t Tree
	for i := range n {
		t.put(fmt.Sprintf("a/%03d/index.html", i), []byte(say))
	}
	t.put("index.html", []byte(say))
	if err := t.sort(); err != nil {
		panic(err)
	}
	return &t
}

// folder lists what is below dir, with what the files hold.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	m := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		m[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// alone checks that nothing lies beside the wiki.
func alone(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(dir) {
			t.Errorf("%s was left beside the wiki", e.Name())
		}
	}
}

func TestPublishingReplacesTheWholeWiki(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "wiki")
	if err := Publish(context.Background(), dir, leaves("yesterday", 300), nil); err != nil {
		t.Fatal(err)
	}
	if err := Publish(context.Background(), dir+"/", leaves("today", 200), nil); err != nil {
		t.Fatal(err)
	}
	got := folder(t, dir)
	if len(got) != 202 {
		t.Errorf("%d files, not 200 leaves, the front page and the marker", len(got))
	}
	for name, text := range got {
		if name != Marker && text != "today" {
			t.Errorf("%s says %q", name, text)
		}
	}
	alone(t, dir)
}

func TestWhateverFailsLeavesYesterdaysWikiStanding(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "wiki")
	if err := Publish(context.Background(), dir, leaves("yesterday", 300), nil); err != nil {
		t.Fatal(err)
	}
	before := folder(t, dir)
	tree := leaves("today", 300)
	tree.Files[250].Render = func(io.Writer) error { return errors.New("the ink has run out") }
	err := Publish(context.Background(), dir, tree, nil)
	if err == nil || !strings.Contains(err.Error(), "the ink has run out") || !strings.Contains(err.Error(), tree.Files[250].Path) || !strings.Contains(err.Error(), "nothing was published") {
		t.Errorf("error %v", err)
	}
	after := folder(t, dir)
	if len(after) != len(before) || after["index.html"] != "yesterday" {
		t.Error("yesterday's wiki has changed")
	}
	alone(t, dir)
}

func TestANightToldToStopLeavesYesterdaysWikiStanding(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "wiki")
	if err := Publish(context.Background(), dir, leaves("yesterday", 300), nil); err != nil {
		t.Fatal(err)
	}
	before := folder(t, dir)
	for _, at := range []int{0, 100, 301} { // before the first file, on the way, and behind the last
		ctx, cancel := context.WithCancel(context.Background())
		if at == 0 {
			cancel()
		}
		err := Publish(ctx, dir, leaves("today", 300), func(done, total int) {
			if done >= at {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "the wiki stands as it was") {
			t.Errorf("stopped at %d: error %v", at, err)
		}
		if after := folder(t, dir); !maps.Equal(before, after) {
			t.Errorf("stopped at %d: yesterday's wiki has changed", at)
		}
		alone(t, dir)
	}
}

func TestPublishingTellsNowAndThenHowFarItIs(t *testing.T) {
	told, last := 0, 0
	tree := leaves("today", 1000)
	err := Publish(context.Background(), filepath.Join(t.TempDir(), "wiki"), tree, func(done, total int) {
		if told++; done <= last || total != len(tree.Files) {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil || last != len(tree.Files) || told < 5 || told > 30 {
		t.Errorf("told %d times, at last %d of %d; error %v", told, last, len(tree.Files), err)
	}
}

func TestAFolderThatIsNoWikiIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.tex"), []byte("years of work"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := Publish(context.Background(), dir, leaves("today", 1), nil)
	if err == nil || !strings.Contains(err.Error(), "thesis.tex") || !strings.Contains(err.Error(), "empty it") {
		t.Errorf("error %v", err)
	}
	if got := folder(t, dir); got["thesis.tex"] != "years of work" || len(got) != 1 {
		t.Errorf("it was touched: %v", got)
	}
	file := filepath.Join(dir, "thesis.tex")
	if err := Publish(context.Background(), file, leaves("today", 1), nil); err == nil || !strings.Contains(err.Error(), "it is a file") {
		t.Errorf("error %v", err)
	}
	for _, nothing := range []string{"", "/"} {
		if err := Publish(context.Background(), nothing, leaves("today", 1), nil); err == nil {
			t.Errorf("%q was published to", nothing)
		}
	}
}

func TestAnEmptyFolderIsTaken(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "wiki")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Publish(context.Background(), dir, leaves("today", 1), nil); err != nil {
		t.Fatal(err)
	}
	alone(t, dir)
}

// What Publish would refuse is known before there is a tree, and to ask leaves nothing behind.
func TestWhetherThereCanBeAWikiIsKnownBefore(t *testing.T) {
	base := t.TempDir()
	if err := os.WriteFile(filepath.Join(base, "thesis.tex"), []byte("years of work"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(base, "link")); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{
		base:                                   "it holds",
		filepath.Join(base, "thesis.tex"):      "it is a file",
		filepath.Join(base, "thesis.tex", "w"): "not a directory",
		filepath.Join(base, "link"):            "a link to a folder that does not exist",
		"/":                                    "the root of a file system",
		"":                                     "no folder is given",
		filepath.Join(base, "w"):               "",
		filepath.Join(base, "a", "b", "w"):     "",
	} {
		switch err := Publishable(dir); {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: error %v, want %q", dir, err, want)
		}
	}
	if entries, err := os.ReadDir(base); err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if err := os.Chmod(base, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(base, 0o755)
	if err := Publishable(filepath.Join(base, "w")); os.Geteuid() != 0 && (err == nil || !strings.Contains(err.Error(), "cannot be written to")) {
		t.Errorf("in a folder that is only read: %v", err)
	}
}

func TestALinkToAWikiStaysALink(t *testing.T) {
	base := t.TempDir()
	dir, link := filepath.Join(base, "real", "wiki"), filepath.Join(base, "public")
	if err := Publish(context.Background(), dir, leaves("yesterday", 3), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := Publish(context.Background(), link, leaves("today", 3), nil); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link is gone")
	}
	if got := folder(t, dir)["index.html"]; got != "today" {
		t.Errorf("behind the link it says %q", got)
	}
	dangling := filepath.Join(base, "dangling")
	if err := os.Symlink(filepath.Join(base, "nowhere"), dangling); err != nil {
		t.Fatal(err)
	}
	if err := Publish(context.Background(), dangling, leaves("today", 3), nil); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("error %v", err)
	}
}

func TestANightCutOffInTheMiddleIsMended(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "wiki")
	if err := Publish(context.Background(), dir, leaves("yesterday", 3), nil); err != nil {
		t.Fatal(err)
	}
	// as between the two renames of a swap, with half a wiki beside it
	if err := os.Rename(dir, filepath.Join(base, ".wiki.firebreak-old")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(base, ".wiki.firebreak-new", "a"), 0o755); err != nil {
		t.Fatal(err)
	}
	broken := leaves("today", 3)
	broken.Files[0].Render = func(io.Writer) error { return errors.New("again") }
	if err := Publish(context.Background(), dir, broken, nil); err == nil {
		t.Fatal("no error")
	}
	if got := folder(t, dir)["index.html"]; got != "yesterday" {
		t.Errorf("the wiki says %q, not yesterday's", got)
	}
	if err := Publish(context.Background(), dir, leaves("today", 3), nil); err != nil {
		t.Fatal(err)
	}
	if got := folder(t, dir)["index.html"]; got != "today" {
		t.Errorf("the wiki says %q", got)
	}
	alone(t, dir)
}

func TestTwoRenamesWillDoWhereThereIsNoExchange(t *testing.T) {
	base := t.TempDir()
	fresh, dir, old := filepath.Join(base, "fresh"), filepath.Join(base, "wiki"), filepath.Join(base, "old")
	for _, d := range []string{fresh, dir} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d, "name"), []byte(filepath.Base(d)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := renames(fresh, dir, old); err != nil {
		t.Fatal(err)
	}
	if folder(t, dir)["name"] != "fresh" || folder(t, old)["name"] != "wiki" {
		t.Error("they did not change places")
	}
	if err := renames(filepath.Join(base, "nothing"), dir, filepath.Join(base, "old2")); err == nil {
		t.Error("nothing was put in place of the wiki")
	}
	if folder(t, dir)["name"] != "fresh" {
		t.Error("a failed swap lost the wiki")
	}
}

func TestTwoNightsAtOnceBothPublish(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "wiki")
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			if err := Publish(context.Background(), dir, leaves("today", 100), nil); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := folder(t, dir); len(got) != 102 {
		t.Errorf("%d files", len(got))
	}
	alone(t, dir)
}

func TestNoFileClimbsOutOfTheTree(t *testing.T) {
	for _, path := range []string{"../up.html", "a/../../up.html", "/etc/up.html", "a//b", "a/./b", "", "a/\x00b", `a\b`} {
		tree := &Tree{}
		tree.put(path, []byte("x"))
		if err := tree.sort(); err == nil {
			t.Errorf("%q is a place", path)
		}
	}
	tree := &Tree{}
	tree.put("a.html", nil)
	tree.put("a.html", nil)
	if err := tree.sort(); err == nil || !strings.Contains(err.Error(), "a.html") {
		t.Errorf("two files at one place: %v", err)
	}
}

func TestAFileMayBeReadTwice(t *testing.T) {
	tree := leaves("today", 1)
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		if err := tree.Files[0].Render(b); err != nil {
			t.Fatal(err)
		}
	}
	if one.String() != two.String() {
		t.Error("the second time it says something else")
	}
}

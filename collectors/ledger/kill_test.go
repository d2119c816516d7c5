// The promise of the package comment, kept under kill -9.

package ledger

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// killedEnv names the ledger that the child process writes, and says that it is one.
const killedEnv = "FIREBREAK_TEST_KILLED_LEDGER"

func TestMain(m *testing.M) {
	if path := os.Getenv(killedEnv); path != "" {
		saveForEver(path)
	}
	os.Exit(m.Run())
}

// killedBatch is the n-th batch of the child: new issues, and a change to those before.
func killedBatch(n int) record.Batch {
	b := record.Batch{Issues: busyIssues(n*10, n*10+10), Cursor: record.Cursor(strconv.Itoa(n)), Horizon: record.Instant(n + 1)}
	if n > 0 {
		for _, is := range busyIssues((n-1)*10, n*10) {
			is.Copies[0].Updated += record.Instant(n)
			is.Copies[0].Title = fmt.Sprint("changed by batch ", n)
			b.Issues = append(b.Issues, is)
		}
	}
	return b
}

// saveForEver saves batch after batch from where the ledger is, and says so after each.
func saveForEver(path string) {
	ctx := context.Background()
	fail := func(err error) {
		if err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
	}
	l, err := Open(ctx, path)
	fail(err)
	cursor, err := l.Cursor(ctx, "s")
	fail(err)
	n := 0
	if cursor != "" {
		if n, err = strconv.Atoi(string(cursor)); err == nil {
			n++
		}
		fail(err)
	}
	fail(l.StartRun(ctx, "s", record.Instant(n+1)))
	for ; ; n++ {
		fail(l.Save(ctx, "s", killedBatch(n)))
		fmt.Println(n)
	}
}

func TestAKilledProcessLosesNothingThatItSaved(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes for a few seconds")
	}
	path := filepath.Join(t.TempDir(), "ledger.db")
	acknowledged := -1
	for range 8 {
		acknowledged = max(acknowledged, killOnce(t, path, true))
		check(t, path, acknowledged)
	}
	if acknowledged < 10 {
		t.Errorf("only %d batches were saved in all: the test has proved little", acknowledged+1)
	}
}

func TestALedgerWhoseMakingWasKilledIsMadeAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes for a few seconds")
	}
	for n := range 8 {
		path := filepath.Join(t.TempDir(), fmt.Sprint(n), "ledger.db")
		check(t, path, killOnce(t, path, false))
	}
}

// killOnce lets a child save for a moment, kills it, and gives the last batch it acknowledged, -1 for
// none. The moment begins with the child's start, or with the first batch it acknowledges.
func killOnce(t *testing.T, path string, saved bool) int {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), killedEnv+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	killLater := sync.OnceFunc(func() {
		time.AfterFunc(time.Duration(rand.Int64N(int64(150*time.Millisecond))), func() { child.Process.Kill() })
	})
	if !saved {
		killLater()
	}
	lines := bufio.NewScanner(out)
	last := -1
	for lines.Scan() {
		if last, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatalf("the child said %q", lines.Text())
		}
		killLater()
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself")
	}
	return last
}

// check opens what the child left, and finds every acknowledged batch whole and the cursor at a batch
// that is there, with nothing of a later one.
func check(t *testing.T, path string, acknowledged int) {
	t.Helper()
	l := openAt(t, path)
	defer l.Close()
	var sound string
	if err := l.db.QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		t.Fatalf("integrity check: %s, %v", sound, err)
	}
	text, err := l.Cursor(t.Context(), "s")
	if err != nil {
		t.Fatal(err)
	}
	cursor := -1
	if text != "" {
		if cursor, err = strconv.Atoi(string(text)); err != nil {
			t.Fatal(err)
		}
	}
	if cursor < acknowledged {
		t.Fatalf("the cursor is %q after batch %d was acknowledged", text, acknowledged)
	}
	issues := mustRead(t, l).Issues
	if len(issues) != (cursor+1)*10 {
		t.Fatalf("the cursor says batch %d, but there are %d issues; want %d", cursor, len(issues), (cursor+1)*10)
	}
	if cursor < 0 {
		return
	}
	titles := map[string]string{}
	for _, is := range issues {
		titles[is.ID] = is.Copies[0].Title
	}
	for n := range cursor + 1 {
		for _, is := range busyIssues(n*10, n*10+10) {
			want := is.Copies[0].Title
			if n < cursor {
				want = fmt.Sprint("changed by batch ", n+1)
			}
			if titles[is.ID] != want {
				t.Fatalf("with the cursor at batch %d, issue %s of batch %d is %q; want %q", cursor, is.ID, n, titles[is.ID], want)
			}
		}
	}
	if s := source(t, l); s.Last.Outcome != Interrupted || s.Horizon != record.Instant(cursor+1) {
		t.Fatalf("state %+v; want an interrupted run and the horizon of batch %d", s, cursor)
	}
}

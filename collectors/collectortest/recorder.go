// Complaints that fail no test yet.

package collectortest

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// recorder keeps complaints instead of failing a test, so that a trial can be held against a source that
// is expected to fail, and so that one that fails can be made simpler and tried again.
type recorder struct {
	testing.TB
	complaints []string
	about      string // what is tried at present
}

// enough is how many complaints of one trial are kept.
const enough = 8

// run lets f happen until it ends or fails for good.
func (r *recorder) run(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

func (r *recorder) note(s string) {
	if len(r.complaints) < enough {
		r.complaints = append(r.complaints, r.about+s)
	}
}

func (r *recorder) Error(args ...any) { r.note(strings.TrimSuffix(fmt.Sprintln(args...), "\n")) }

func (r *recorder) Errorf(format string, args ...any) { r.note(fmt.Sprintf(format, args...)) }

func (r *recorder) Fatal(args ...any) { r.Error(args...); r.FailNow() }

func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); r.FailNow() }

func (r *recorder) Fail() { r.note("failed") }

func (r *recorder) FailNow() { runtime.Goexit() }

func (r *recorder) Failed() bool { return len(r.complaints) > 0 }

// guarded is a buffer that several goroutines write to.
type guarded struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (g *guarded) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.buf.Write(b)
}

func (g *guarded) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.buf.String()
}

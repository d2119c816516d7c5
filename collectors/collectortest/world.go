// A service, the ledger of one who collects from it, and the way between them.

package collectortest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/ledger"
	"github.com/firebreak/firebreak/collectors/record"
)

// lag is how far behind the beginning of a good night its horizon may be.
const lag = 10 * time.Minute

// indexing is how late a service's lists may be.
const indexing = time.Minute

// world is what one trial of a promise happens in. Its time is that of a bubble of testing/synctest: the
// service's clock and the machine's go on together, but for the skew between them.
type world struct {
	*recorder
	live    Live
	service Service
	ledger  *ledger.Ledger

	turn     chan struct{} // who holds it may move the service
	inStep   time.Time     // by the machine's clock, when the service's was last put forward
	requests int           // of the present night
	between  func(n int)   // moves the service before the n-th request of the night
	spoil    func(n int, r *http.Request) (Fault, bool)
	spoiled  *http.Request // the last one
	log      guarded

	unsure map[string]bool // ids of issues whose update does not tell of their last change
	newest map[string]record.Instant
}

// in makes a world, whose machine is that much ahead of the service, and lets f happen in it. It gives
// the complaints.
func in(t *testing.T, h Live, ahead time.Duration, f func(w *world)) []string {
	t.Helper()
	var complaints []string
	synctest.Test(t, func(t *testing.T) {
		rec := &recorder{TB: t}
		rec.run(func() {
			w := &world{recorder: rec, live: h, turn: make(chan struct{}, 1), unsure: map[string]bool{}, newest: map[string]record.Instant{}}
			w.service = h.New(w)
			first := time.Until(w.service.Now().Add(ahead))
			if first < 0 {
				w.Fatalf("the service's clock begins at %s, before time does in a bubble of testing/synctest", w.service.Now())
			}
			time.Sleep(first)
			w.inStep = time.Now()
			w.ledger = openLedger(w)
			w.pass(indexing)
			f(w)
		})
		complaints = rec.complaints
	})
	return complaints
}

// pass lets time go by, for everybody.
func (w *world) pass(d time.Duration) {
	time.Sleep(d)
	w.catchUp()
}

// catchUp puts the service's clock forward by what the machine's has gone since the last time.
func (w *world) catchUp() {
	if d := time.Since(w.inStep); d > 0 {
		w.service.Advance(d)
	}
	w.inStep = time.Now()
}

// RoundTrip is the way to the service. One request is answered at a time, and whole, so that the service
// may be moved between any two of them.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case w.turn <- struct{}{}:
	case <-r.Context().Done():
		closeBody(r)
		return nil, r.Context().Err()
	}
	defer func() { <-w.turn }()
	w.catchUp()
	w.requests++
	if w.between != nil {
		w.between(w.requests)
	}
	if w.spoil != nil {
		if f, ok := w.spoil(w.requests, r); ok {
			w.spoiled = r
			return f.Answer(w.service.Now(), r, Wire(w.service))
		}
	}
	resp, body, err := taken(r, Wire(w.service))
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func (w *world) source() collectors.Source {
	return w.live.Source(w, w.service, w, func(ctx context.Context, stream string) ([]string, error) {
		return w.ledger.Delivered(ctx, sourceName, stream)
	})
}

const sourceName = "source"

// night is what one run brought.
type night struct {
	Gaps     []record.Gap
	Batches  int
	Issues   []string // ids, in the order in which they came
	Requests int
}

// everything is a number of batches after which no walk is cut.
const everything = 1 << 30

// run is a night that is cut after so many batches, as by a power failure.
func (w *world) run(batches int) night {
	w.Helper()
	w.requests = 0
	began := w.service.Now()
	watched := &cutShort{Source: w.source(), left: batches}
	log := slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	gaps := collectors.Collect(w.Context(), log, w.ledger, time.Now, []collectors.Named{{Name: sourceName, Source: watched}}, nil)
	w.catchUp()
	w.audit(began, len(gaps) == 0)
	return night{Gaps: gaps, Batches: watched.batches, Issues: watched.issues, Requests: w.requests}
}

// good is a night in which nothing goes wrong.
func (w *world) good() night {
	w.Helper()
	n := w.run(everything)
	if len(n.Gaps) > 0 {
		w.Fatalf("a night in which the service answers well has gaps: %v", n.Gaps)
	}
	if s := w.state(); len(s.Gaps) > 0 {
		w.Errorf("after a night in which everything was read, gaps still stand in the ledger: %v", s.Gaps)
	}
	return n
}

// bad is a night in which requests are spoiled.
func (w *world) bad(spoil func(n int, r *http.Request) (Fault, bool)) night {
	w.Helper()
	w.spoil, w.spoiled = spoil, nil
	defer func() { w.spoil = nil }()
	return w.run(everything)
}

// busy is a night in which the service is moved before each request.
func (w *world) busy(between func(n int)) night {
	w.Helper()
	w.between = between
	defer func() { w.between = nil }()
	return w.good()
}

// cutShort is a source whose walk ends early.
type cutShort struct {
	collectors.Source
	left    int
	batches int
	issues  []string
}

func (c *cutShort) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	return func(yield func(record.Batch, error) bool) {
		for b, err := range c.Source.Fetch(ctx, since) {
			if err == nil {
				if c.left--; c.left < 0 {
					yield(record.Batch{}, errors.New("the power failed"))
					return
				}
				c.batches++
				for _, is := range b.Issues {
					c.issues = append(c.issues, is.ID)
				}
			}
			if !yield(b, err) {
				return
			}
		}
		if c.left == 0 {
			yield(record.Batch{}, errors.New("the power failed"))
		}
	}
}

// state is what the ledger knows of the source.
func (w *world) state() ledger.Source {
	w.Helper()
	sources, err := w.ledger.Sources(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	for _, s := range sources {
		if s.Name == sourceName {
			return s
		}
	}
	return ledger.Source{}
}

// issues are those of a ledger, by id.
func issues(t testing.TB, l *ledger.Ledger) map[string]record.Issue {
	t.Helper()
	all := map[string]record.Issue{}
	for is, err := range l.Issues(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := all[is.ID]; twice {
			t.Errorf("the ledger has issue %s under two trackers", is.ID)
		}
		all[is.ID] = is
	}
	return all
}

// updated is what an issue's newest copy says.
func updated(is record.Issue) (at record.Instant) {
	for _, c := range is.Copies {
		at = max(at, c.Updated)
	}
	return at
}

// audit checks what must hold after any night, however it went. Began is when it did, by the service's
// clock.
func (w *world) audit(began time.Time, good bool) {
	w.Helper()
	state, have, truth := w.state(), issues(w, w.ledger), w.service.Truth()
	now := record.At(w.service.Now())
	if state.Horizon > now {
		w.Errorf("the source speaks up to %s, but it is only %s by the service's clock", state.Horizon, now)
	}
	if good && state.Horizon < record.At(began.Add(-lag)) {
		w.Errorf("after a good night that began at %s by the service's clock, the source speaks only up to %q", record.At(began), state.Horizon)
	}
	for _, id := range slices.Sorted(maps.Keys(truth)) {
		is, found := have[id]
		switch at := truth[id].Updated; {
		case w.unsure[id]:
		case found && is.Gone != 0:
			w.Errorf("issue %s is there, but the ledger has a tombstone of it, dated %s", id, is.Gone)
		case at < state.Horizon.Add(-indexing) && (!found || updated(is) < at):
			w.Errorf("the source speaks up to %s, but the ledger knows issue %s, updated at %s, %s", state.Horizon, id, at, asOf(is, found))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.newest)) {
		if is, found := have[id]; !found || updated(is) < w.newest[id] {
			w.Errorf("issue %s was in the ledger as of %s before the night; after it %s", id, w.newest[id], asOf(is, found))
		}
	}
	for id, is := range have {
		w.newest[id] = updated(is)
	}
	var told strings.Builder
	told.WriteString(w.log.String())
	fmt.Fprintf(&told, "%+v", state)
	if strings.Contains(told.String(), Token) {
		w.Errorf("the token is in the log or the ledger")
	}
}

func asOf(is record.Issue, found bool) string {
	if !found {
		return "not at all"
	}
	return "as of " + updated(is).String()
}

// current checks that every issue of the service is in the ledger with its latest update and history.
func (w *world) current() {
	w.Helper()
	have := issues(w, w.ledger)
	for id, want := range byID(w.service.Truth()) {
		is, found := have[id]
		switch at := updated(is); {
		case !found:
			w.Errorf("issue %s, updated at %s, is not in the ledger", id, want.Updated)
		case is.Gone != 0:
			w.Errorf("issue %s is there, but the ledger has a tombstone of it, dated %s", id, is.Gone)
		case at != want.Updated && !w.unsure[id]:
			w.Errorf("issue %s was updated at %s; the ledger knows it as of %s", id, want.Updated, at)
		case len(is.Changes) != want.Changes:
			w.Errorf("issue %s, updated at %s, has a history of %d changes; the ledger has %d of them", id, want.Updated, want.Changes, len(is.Changes))
		}
	}
}

// complete checks that the ledger is current, and that every issue that is no more has a tombstone. It
// holds after a good night that had a roll call.
func (w *world) complete() {
	w.Helper()
	w.current()
	truth := w.service.Truth()
	for id, is := range byID(issues(w, w.ledger)) {
		if _, there := truth[id]; !there && is.Gone == 0 {
			w.Errorf("issue %s is no more, and the ledger has no tombstone of it", id)
		}
	}
}

// asIfUndisturbed checks that the records of what is there are those that somebody has who has never
// collected before and does it now. It ends the world: the service's clock goes on by what that takes.
func (w *world) asIfUndisturbed() {
	w.Helper()
	disturbed := issues(w, w.ledger)
	w.ledger, w.newest = openLedger(w), map[string]record.Instant{}
	w.good()
	for id, want := range byID(issues(w, w.ledger)) {
		got := disturbed[id]
		if d := cmp.Diff(timeless(want), timeless(got)); d != "" {
			w.Errorf("issue %s is not what it is for somebody who collects for the first time (-first time +here):\n%s", id, d)
			return // one shows what is wrong
		}
	}
}

// timeless is an issue without what depends on when it was read.
func timeless(is record.Issue) record.Issue {
	is.Seen, is.HistoryTo, is.CommentsTo, is.WorklogsTo = 0, 0, 0, 0
	is.Copies = slices.Clone(is.Copies)
	for i, c := range is.Copies {
		c.SLAs = slices.Clone(c.SLAs)
		for j := range c.SLAs {
			c.SLAs[j].Elapsed = 0
		}
		is.Copies[i] = c
	}
	return is
}

// moved is what doing it does to the service: the ids of issues that are new or other than before.
func (w *world) moved(do func()) []string {
	before := w.service.Truth()
	do()
	var ids []string
	for id, s := range byID(w.service.Truth()) {
		if b, was := before[id]; !was || b != s {
			ids = append(ids, id)
		}
	}
	return ids
}

// byID goes through a map in the order of its keys.
func byID[T any](m map[string]T) iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for _, id := range slices.Sorted(maps.Keys(m)) {
			if !yield(id, m[id]) {
				return
			}
		}
	}
}

// recorder keeps complaints instead of failing a test, so that a trial can be held against a source that
// is expected to fail, and so that one that fails can be made simpler and tried again.
type recorder struct {
	testing.TB
	complaints []string
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
		r.complaints = append(r.complaints, s)
	}
}

func (r *recorder) Error(args ...any)                 { r.note(strings.TrimSuffix(fmt.Sprintln(args...), "\n")) }
func (r *recorder) Errorf(format string, args ...any) { r.note(fmt.Sprintf(format, args...)) }
func (r *recorder) Fatal(args ...any)                 { r.Error(args...); r.FailNow() }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); r.FailNow() }
func (r *recorder) Fail()                             { r.note("failed") }
func (r *recorder) FailNow()                          { runtime.Goexit() }
func (r *recorder) Failed() bool                      { return len(r.complaints) > 0 }

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

// A service, the ledger of one who collects from it, and the way between them.

package collectortest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/ledger"
	"github.com/firebreak/firebreak/collectors/record"
)

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

	misdated map[string]bool           // ids of issues whose update does not tell of their last change
	returned map[string]bool           // of those that are back, which only a roll call tells
	newest   map[string]record.Instant // updates in the ledger, by id, as the last audit found them
	parts    map[string]bool           // what gaps said was missing, while the rest was read
}

// in makes a world, whose machine is that much ahead of the service, and lets f happen in it. It gives
// the complaints.
func in(t *testing.T, h Live, ahead time.Duration, f func(w *world)) []string {
	t.Helper()
	var complaints []string
	synctest.Test(t, func(t *testing.T) {
		rec := &recorder{TB: t}
		rec.run(func() {
			w := &world{recorder: rec, live: h, turn: make(chan struct{}, 1),
				misdated: map[string]bool{}, returned: map[string]bool{}, newest: map[string]record.Instant{}, parts: map[string]bool{}}
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
	watched := &cutShort{Source: w.source(), left: batches, parts: w.parts}
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
	parts   map[string]bool
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
				for _, g := range b.Gaps {
					c.parts[g.What] = true
				}
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

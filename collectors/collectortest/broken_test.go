package collectortest

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/record"
)

// brokenSource has a flaw: one that [reader] has in itself, or one that wrap gives it.
type brokenSource struct {
	flaw    flaw
	promise string // that it breaks
	wrap    func(collectors.Source) collectors.Source
}

func broken() []brokenSource {
	return []brokenSource{
		{flaw: "reads only the latest of a history", promise: "the first collection brings exactly what is there"},
		{flaw: "loses what slips between pages", promise: "what changes during a walk is not lost"},
		{flaw: "moves its watermark to now", promise: "a walk that is cut goes on where it was cut"},
		{flaw: "moves its watermark to now", promise: "a service that goes away in the middle loses nothing"},
		{flaw: "forgets the overlap", promise: "what changes during a walk is not lost"},
		{flaw: "ignores errors in the middle", promise: "a service that goes away in the middle loses nothing"},
		{flaw: "ignores errors in the middle", promise: "a fault that stays is a gap that says so, and is mended"},
		{flaw: "drops the roll call", promise: "what was changed, added and removed arrives"},
		{flaw: "calls the roll by page", promise: "what changes during a roll call is not lost, and nobody else is buried"},
		{flaw: "takes garbage for nothing", promise: "a fault that stays is a gap that says so, and is mended"},
		{flaw: "takes garbage for nothing", promise: "a fault that comes once loses nothing in silence"},
		{flaw: "uses this machine's clock", promise: "a clock that is wrong loses nothing"},
		{flaw: "believes a date from the future", promise: "a date from the future hides no later change"},
		{flaw: "gives up at once", promise: "a passing fault is survived without a gap"},
		{flaw: "tells the token", promise: "a fault that stays is a gap that says so, and is mended"},
		{flaw: "quotes what refuses it", promise: "a fault that stays is a gap that says so, and is mended"},
		{flaw: "leaves out whom the roll call finds", promise: "what comes back loses its tombstone"},
		{flaw: "goes on after the instant of the last one", promise: "a bulk edit larger than a page arrives, also when cut"},
		{flaw: "believes that an instant tells a state", promise: "two changes in one instant arrive, one read between them"},
		{flaw: "numbers all changes alike", promise: "records are whole, counted, and the same twice"},
		{flaw: "starts over every night", promise: "a night without change brings nothing and costs little",
			wrap: func(s collectors.Source) collectors.Source { return startsOver{s} }},
		{flaw: "starts over every night", promise: "a walk that is cut goes on where it was cut",
			wrap: func(s collectors.Source) collectors.Source { return startsOver{s} }},
		{flaw: "keeps the end of a context to itself", promise: "a context that ends stops it",
			wrap: func(s collectors.Source) collectors.Source { return endsInSilence{s} }},
		{flaw: "clears the table before it is laid again", promise: "reading everything again has no empty moment",
			wrap: func(s collectors.Source) collectors.Source { return clearsFirst{s} }},
	}
}

func TestTheSuiteCatchesWhatIsBroken(t *testing.T) {
	if Hurried() {
		t.Skip("with fewer trials, less is caught")
	}
	for _, c := range broken() {
		t.Run(string(c.flaw)+"/"+c.promise, func(t *testing.T) {
			h := tinyLive(c.flaw)
			if c.wrap != nil {
				honest := h.Source
				h.Source = func(t testing.TB, s Service, rt http.RoundTripper, delivered func(context.Context, string) ([]string, error)) collectors.Source {
					return c.wrap(honest(t, s, rt, delivered))
				}
			}
			first := &recorder{TB: t}
			first.run(func() {
				for _, p := range promises() {
					if p.claim == c.promise {
						p.hold(&suite{t: t, live: h, complain: func(s string) { first.Fatal(s) }})
					}
				}
			})
			if !first.Failed() {
				t.Fatalf("a source that %s keeps the promise %q", c.flaw, c.promise)
			}
			t.Log(strings.SplitN(first.complaints[0], "\n", 2)[0])
		})
	}
}

func TestEveryPromiseHasSomebodyWhoBreaksIt(t *testing.T) {
	for _, p := range promises() {
		if p.claim != "never a lost change" && !slices.ContainsFunc(broken(), func(b brokenSource) bool { return b.promise == p.claim }) {
			t.Errorf("nobody breaks the promise %q", p.claim)
		}
	}
}

func TestStoriesCatchWhatIsBroken(t *testing.T) {
	if Hurried() {
		t.Skip("with fewer trials, less is caught")
	}
	const many = 100 // as many as rapid tells where nothing holds it back
	for _, f := range []flaw{"reads only the latest of a history", "loses what slips between pages", "moves its watermark to now",
		"forgets the overlap", "ignores errors in the middle", "drops the roll call", "calls the roll by page", "takes garbage for nothing"} {
		t.Run(string(f), func(t *testing.T) {
			for n := range many {
				st := aStory().Example(n)
				if c := in(t, tinyLive(f), st.Ahead, st.play); len(c) > 0 {
					t.Logf("story %d: %s", n, c[0])
					return
				}
			}
			t.Errorf("%d stories do not tell that a source %s", many, f)
		})
	}
}

// startsOver has no use for a cursor.
type startsOver struct{ collectors.Source }

func (s startsOver) Fetch(ctx context.Context, _ record.Cursor) iter.Seq2[record.Batch, error] {
	return s.Source.Fetch(ctx, "")
}

// endsInSilence ends when its context does, and says nothing.
type endsInSilence struct{ collectors.Source }

func (s endsInSilence) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	return func(yield func(record.Batch, error) bool) {
		for b, err := range s.Source.Fetch(ctx, since) {
			if err != nil && errors.Is(err, ctx.Err()) || !yield(b, err) {
				return
			}
		}
	}
}

// clearsFirst buries everybody before it reads everything again, and digs them up one by one.
type clearsFirst struct{ collectors.Source }

func (s clearsFirst) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	return func(yield func(record.Batch, error) bool) {
		for b, err := range s.Source.Fetch(ctx, since) {
			if since == "" && err == nil && len(b.Issues) > 0 {
				stone := record.Batch{Stream: b.Stream, Horizon: b.Issues[0].Seen - 1}
				for n := range 150 {
					stone.Gone = append(stone.Gone, record.Ref{Tracker: "tiny", ID: tinyID(n + 1)})
				}
				if !yield(stone, nil) {
					return
				}
				since = "read"
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

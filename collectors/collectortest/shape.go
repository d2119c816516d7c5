// Promises of what a walk yields, and of how it ends.

package collectortest

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/collectors/record"
)

func wholeTwice(w *world) {
	list := w.fetch("")
	wholeAndCounted(w, list)
	for _, b := range list {
		for _, is := range b.Issues {
			if is.Seen == 0 || slices.ContainsFunc(is.Copies, func(c record.Copy) bool { return c.Seen != is.Seen }) {
				w.Errorf("issue %s does not say when the service delivered it", is.Ref)
			}
		}
	}
	save(w, w.ledger, list)
	want := dump(w, w.ledger)
	save(w, w.ledger, list)
	if d := cmp.Diff(want, dump(w, w.ledger)); d != "" {
		w.Errorf("the same batches once more change the ledger (-before +after):\n%s", d)
	}

	// On a source that was stopped before.
	source := w.source()
	for range source.Fetch(w.Context(), "") {
		break
	}
	var again []record.Issue
	for b, err := range source.Fetch(w.Context(), "") {
		if err != nil {
			w.Fatal(err)
		}
		again = append(again, b.Issues...)
	}
	var first []record.Issue
	for _, b := range list {
		first = append(first, b.Issues...)
	}
	if d := cmp.Diff(timelessAll(first), timelessAll(again)); d != "" {
		w.Errorf("asked again after a walk that was stopped at its first batch, the source yields something else (-first +again):\n%s", d)
	}
}

func timelessAll(list []record.Issue) []record.Issue {
	list = slices.Clone(list)
	for i := range list {
		list[i] = timeless(list[i])
	}
	return list
}

// fetch is everything that a walk yields.
func (w *world) fetch(since record.Cursor) []record.Batch {
	w.Helper()
	var list []record.Batch
	for b, err := range w.source().Fetch(w.Context(), since) {
		if err != nil {
			w.Fatal(err)
		}
		list = append(list, b)
	}
	return list
}

func contextsEnd(s *suite) {
	s.trial("before", 0, func(w *world) {
		ctx, cancel := context.WithCancel(w.Context())
		cancel()
		w.ends(ctx, w.requestsAtMost(0))
	})
	s.trial("during the first request", 0, func(w *world) {
		ctx, cancel := context.WithCancel(w.Context())
		w.between = func(int) { cancel() }
		w.ends(ctx, w.requestsAtMost(1))
	})
	s.trial("while an answer is awaited", 0, func(w *world) {
		ctx, cancel := context.WithTimeout(w.Context(), 20*time.Second)
		defer cancel()
		w.spoil = from(2, Fault{Answer: slow})
		w.ends(ctx, w.within(20*time.Second))
	})
	s.trial("while a limit is waited for", 0, func(w *world) {
		ctx, cancel := context.WithTimeout(w.Context(), 20*time.Second)
		defer cancel()
		w.spoil = from(2, Fault{Answer: status(429, "", "Retry-After", "1800")})
		w.ends(ctx, w.within(20*time.Second))
	})
	s.trial("after the second batch", 0, func(w *world) {
		ctx, cancel := context.WithCancel(w.Context())
		batches := 0
		for b, err := range w.source().Fetch(ctx, "") {
			if err != nil {
				if !errors.Is(err, context.Canceled) {
					w.Errorf("it ends with %v; want the context's error", err)
				}
				break
			}
			if batches++; batches == 2 {
				cancel()
			}
			if err := w.ledger.Save(w.Context(), sourceName, b); err != nil {
				w.Fatal(err)
			}
		}
		cancel()
		if batches > 3 {
			w.Errorf("it goes on for %d batches", batches-2)
		}
		w.good()
		w.current()
	})
}

// ends checks that a walk under a context that ends does so too, and says why.
func (w *world) ends(ctx context.Context, soon func()) {
	w.Helper()
	var last error
	for _, err := range w.source().Fetch(ctx, "") {
		last = err
	}
	if want := ctx.Err(); want == nil || !errors.Is(last, want) {
		w.Errorf("it ends with %v; want the context's error, %v", last, want)
	}
	soon()
}

func (w *world) requestsAtMost(n int) func() {
	return func() {
		if w.requests > n {
			w.Errorf("%d requests are made, %d of them for nobody", w.requests, w.requests-n)
		}
	}
}

func (w *world) within(d time.Duration) func() {
	began := time.Now()
	return func() {
		if took := time.Since(began); took > d+time.Second {
			w.Errorf("it ends only after %s; want at once, after %s", took, d)
		}
	}
}

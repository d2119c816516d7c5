// Promises of nights in which nothing goes wrong.

package collectortest

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
)

func firstCollection(w *world) {
	n := w.good()
	w.current()
	if ids := slices.Compact(slices.Sorted(slices.Values(n.Issues))); len(ids) != len(w.service.Truth()) {
		w.Errorf("%d issues were delivered; the service has %d", len(ids), len(w.service.Truth()))
	}
	if n.Batches < 4 {
		w.Errorf("the first collection has %d batches; the service must be made of several pages, for the other trials", n.Batches)
	}
	w.Logf("%d issues in %d batches for %d requests", len(n.Issues), n.Batches, n.Requests)
}

func quietNights(w *world) {
	first := w.good()
	want := issues(w, w.ledger)
	for _, after := range []time.Duration{5 * time.Minute, 24 * time.Hour, 24 * time.Hour} {
		w.pass(after)
		n := w.good()
		if after >= time.Hour && len(n.Issues) > 0 {
			w.Errorf("%s after everything was read, and nothing changed, issues %v are delivered", after, n.Issues)
		}
		if d := cmp.Diff(want, issues(w, w.ledger)); after >= time.Hour && d != "" {
			w.Errorf("%s after everything was read, and nothing changed, the ledger changes (-before +after):\n%s", after, d)
		}
		if n.Requests >= first.Requests {
			w.Errorf("a night without change takes %d requests; the first collection took %d", n.Requests, first.Requests)
		}
		w.current()
		want = issues(w, w.ledger)
		w.Logf("%d requests, %s after the night before", n.Requests, after)
	}
}

func everyday(w *world) {
	w.good()
	w.pass(time.Hour)
	moved := w.moved(func() {
		w.service.Change(3)
		w.service.Add(2)
	})
	w.pass(12 * time.Hour)
	n := w.good()
	w.current()
	if got := len(slices.Compact(slices.Sorted(slices.Values(n.Issues)))); got > len(moved) {
		w.Errorf("%d issues changed or were new; %d were read", len(moved), got)
	}
	w.Logf("%d requests for %d issues that changed or were new", n.Requests, len(moved))

	w.service.Remove(3)
	for range 2 {
		w.service.Change(1)
		w.pass(4 * 24 * time.Hour)
		n = w.good()
	}
	w.complete()
	w.Logf("%d requests in the night of the roll call", n.Requests)
	w.asIfUndisturbed()
}

func comesBack(w *world) {
	w.good()
	w.service.Remove(3)
	w.pass(8 * 24 * time.Hour)
	w.good()
	w.complete()
	w.restore(2)
	w.pass(8 * 24 * time.Hour)
	w.good()
	w.complete()
}

// restore brings back issues. Until the next roll call nobody can know.
func (w *world) restore(n int) {
	for _, id := range w.moved(func() { w.service.(Restorer).Restore(n) }) {
		w.returned[id] = true
	}
}

func bulkEdit(s *suite) {
	for _, cut := range []int{1, 3, everything} {
		s.trial(fmt.Sprintf("cut after batch %d", cut), 0, func(w *world) {
			w.good()
			w.pass(time.Hour)
			w.service.Change(len(w.service.Truth()))
			w.pass(2 * indexing)
			w.run(cut)
			w.pass(2 * indexing)
			w.good()
			w.current()
		})
	}
}

func sameInstant(w *world) {
	w.good()
	w.pass(time.Hour)
	w.hasty()
	w.pass(24 * time.Hour)
	w.good()
	w.current()
}

// breath is how long after an instant a service may still say of a change that it happened then: it
// tells seconds, and its clocks are several.
const breath = 5 * time.Second

// hasty is a night in which issues are changed again and again in one instant while they are read, and
// after that.
func (w *world) hasty() {
	w.Helper()
	repeater, can := w.service.(Repeater)
	if !can {
		return
	}
	var over time.Time
	w.busy(func(n int) {
		if n == 1 {
			over = w.service.Now().Add(breath)
			w.service.Change(3)
		} else if w.service.Now().Before(over) {
			repeater.Repeat()
		}
	})
	if w.service.Now().Before(over) {
		repeater.Repeat()
	}
}

// everythingAnew is `collect --full`: a walk from the beginning into a ledger that is full already.
func everythingAnew(w *world) {
	w.good()
	w.service.Remove(3)
	w.service.Change(5)
	w.service.Add(2)
	w.pass(24 * time.Hour)
	before := issues(w, w.ledger)
	for b, err := range w.source().Fetch(w.Context(), "") {
		if err != nil {
			w.Fatal(err)
		}
		if err := w.ledger.Save(w.Context(), sourceName, b); err != nil {
			w.Fatal(err)
		}
		truth, now := w.service.Truth(), issues(w, w.ledger)
		for id := range byID(before) {
			if _, there := truth[id]; there && now[id].Gone != 0 || len(now[id].Copies) == 0 {
				w.Fatalf("while everything is read again, issue %s vanishes", id)
			}
		}
	}
	w.complete()
	w.asIfUndisturbed()
}

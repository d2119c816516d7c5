// What must be in the ledger.

package collectortest

import (
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/collectors/ledger"
	"github.com/firebreak/firebreak/collectors/record"
)

// lag is how far behind the beginning of a good night its horizon may be.
const lag = 10 * time.Minute

// indexing is how late a service's lists may be.
const indexing = time.Minute

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
	// A source may speak for the rest while a part is missing, as long as it says so.
	partly := slices.ContainsFunc(state.Gaps, func(g record.Gap) bool { return w.parts[g.What] })
	for _, id := range slices.Sorted(maps.Keys(truth)) {
		is, found := have[id]
		switch at := truth[id].Updated; {
		case w.misdated[id], w.returned[id]:
		case found && is.Gone != 0:
			w.Errorf("issue %s is there, but the ledger has a tombstone of it, dated %s", id, is.Gone)
		case !partly && at < state.Horizon.Add(-indexing) && (!found || updated(is) < at):
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
	if tellsToken(told.String(), w.spoiled) {
		w.Errorf("the token is in the log or the ledger")
	}
}

// tellsToken says whether a text has the token in it, or the pair in base64 that r was authorised with.
func tellsToken(text string, r *http.Request) bool {
	if r != nil {
		if _, pair, _ := strings.Cut(r.Header.Get("Authorization"), " "); pair != "" && strings.Contains(text, pair) {
			return true
		}
	}
	return strings.Contains(text, Token)
}

func asOf(is record.Issue, found bool) string {
	if !found {
		return "not at all"
	}
	return "as of " + updated(is).String()
}

// current checks that every issue of the service is in the ledger with its latest update and history. It
// holds after any good night.
func (w *world) current() {
	w.Helper()
	have := issues(w, w.ledger)
	for id, want := range byID(w.service.Truth()) {
		if !w.returned[id] {
			is, found := have[id]
			w.compare(id, want, is, found)
		}
	}
}

// told is how many changes are known of which it is known what changed.
func told(is record.Issue) int {
	n := 0
	for _, c := range is.Changes {
		if c.Field != record.FieldOther {
			n++
		}
	}
	return n
}

func (w *world) compare(id string, want State, is record.Issue, found bool) {
	w.Helper()
	switch at := updated(is); {
	case !found:
		w.Errorf("issue %s, updated at %s, is not in the ledger", id, want.Updated)
	case is.Gone != 0:
		w.Errorf("issue %s is there, but the ledger has a tombstone of it, dated %s", id, is.Gone)
	case at != want.Updated && !w.misdated[id]:
		w.Errorf("issue %s was updated at %s; the ledger knows it as of %s", id, want.Updated, at)
	case told(is) != want.Changes:
		w.Errorf("issue %s, updated at %s, has a history of %d changes; the ledger has %d of them", id, want.Updated, want.Changes, told(is))
	}
}

// complete checks that the ledger is current, that every issue that is no more has a tombstone, and that
// none has one that came back. It holds after a good night that had a roll call.
func (w *world) complete() {
	w.Helper()
	clear(w.returned)
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
		c.Seen = 0
		c.SLAs = slices.Clone(c.SLAs)
		for j := range c.SLAs {
			if sla := &c.SLAs[j]; sla.Stopped == 0 { // it runs, or waits, and the issue is none the newer for it
				sla.Elapsed, sla.Breached, sla.Paused = 0, false, false
			}
		}
		is.Copies[i] = c
	}
	return is
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

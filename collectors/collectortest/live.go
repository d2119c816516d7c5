// The contract of live sources, one trial for each of its promises.

package collectortest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/collectors/record"
)

// RunLive checks a source of a live service against the contract. Each promise is held against a service
// and a ledger of its own, in a bubble of testing/synctest: hours of waiting take none.
func RunLive(t *testing.T, h Live) {
	for _, p := range promises() {
		t.Run(p.claim, func(t *testing.T) {
			if p.needs != nil && !p.needs(h.New(t)) {
				t.Skip("the fake service cannot do what this takes")
			}
			p.hold(&suite{t: t, live: h, complain: func(c string) { t.Error(c) }})
		})
	}
}

// promise is one thing that every live source promises.
type promise struct {
	claim string
	hold  func(*suite)
	needs func(Service) bool // what not every fake can do
}

// suite is one promise held against one source.
type suite struct {
	t        *testing.T
	live     Live
	complain func(string)
}

// trial lets f happen in a world of its own, whose machine is that much ahead of the service. What tells
// one trial of a promise from the next.
func (s *suite) trial(what string, ahead time.Duration, f func(*world)) {
	for _, c := range in(s.t, s.live, ahead, f) {
		if what != "" {
			c = what + ": " + c
		}
		s.complain(c)
	}
}

func promises() []promise {
	one := func(f func(w *world)) func(*suite) {
		return func(s *suite) { s.trial("", 0, f) }
	}
	return []promise{
		{claim: "the first collection brings exactly what is there", hold: one(firstCollection)},
		{claim: "a night without change brings nothing and costs little", hold: one(quietNights)},
		{claim: "what was changed, added and removed arrives", hold: one(everyday)},
		{claim: "what comes back loses its tombstone", hold: one(comesBack), needs: can[Restorer]},
		{claim: "a bulk edit larger than a page arrives, also when cut", hold: bulkEdit},
		{claim: "two changes in one instant arrive, one read between them", hold: one(sameInstant), needs: can[Repeater]},
		{claim: "a walk that is cut goes on where it was cut", hold: cutAnywhere},
		{claim: "a service that goes away in the middle loses nothing", hold: goesAway},
		{claim: "what changes during a walk is not lost", hold: changesDuringWalks},
		{claim: "what changes during a roll call is not lost, and nobody else is buried", hold: changesDuringRollCalls},
		{claim: "a passing fault is survived without a gap", hold: passingFaults},
		{claim: "a fault that comes once loses nothing in silence", hold: otherFaultsOnce},
		{claim: "a fault that stays is a gap that says so, and is mended", hold: stayingFaults},
		{claim: "a clock that is wrong loses nothing", hold: wrongClocks},
		{claim: "a date from the future hides no later change", hold: one(fromTheFuture), needs: can[Misdater]},
		{claim: "reading everything again has no empty moment", hold: one(everythingAnew)},
		{claim: "records are whole, counted, and the same twice", hold: one(wholeTwice)},
		{claim: "a context that ends stops it", hold: contextsEnd},
		{claim: "never a lost change", hold: neverALostChange},
	}
}

func can[T any](s Service) bool { _, ok := s.(T); return ok }

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
		w.unsure[id] = true
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

// spread are at most so many numbers from 1 to n, both ends among them.
func spread(n, most int) []int {
	if n <= 0 {
		return nil
	}
	var list []int
	for i := range most {
		list = append(list, 1+i*(n-1)/max(1, most-1))
	}
	return slices.Compact(list)
}

func cutAnywhere(s *suite) {
	var whole night
	s.trial("undisturbed", 0, func(w *world) { whole = w.good() })
	for _, cut := range append([]int{0}, spread(whole.Batches, 5)...) {
		s.trial(fmt.Sprintf("cut after batch %d of %d", cut, whole.Batches), 0, func(w *world) {
			w.run(cut)
			w.pass(time.Hour)
			w.service.Change(7)
			w.service.Add(2)
			w.pass(time.Hour)
			n := w.good()
			w.current()
			if most := len(whole.Issues) * 3 / 4; 2*cut > whole.Batches && cut > 2 && len(n.Issues) > most {
				w.Errorf("it reads %d of %d issues once more, as if nothing had been saved", len(n.Issues), len(whole.Issues))
			}
			w.service.Remove(2)
			w.pass(8 * 24 * time.Hour)
			w.run(cut) // of the night of the roll call, too
			w.good()
			w.complete()
			w.asIfUndisturbed()
		})
	}
}

func goesAway(s *suite) {
	var first, roll night
	s.trial("undisturbed", 0, func(w *world) {
		first = w.good()
		roll = w.nightOfTheRollCall()
	})
	gone := EveryFault()[0]
	for _, at := range spread(first.Requests, 6) {
		s.trial(fmt.Sprintf("from request %d of %d of the first collection", at, first.Requests), 0, func(w *world) {
			if n := w.bad(from(at, gone)); len(n.Gaps) == 0 {
				w.Errorf("a service that is away from request %d on leaves no gap", at)
			}
			w.service.Change(7)
			w.service.Add(2)
			w.pass(time.Hour)
			w.good()
			w.current()
		})
	}
	for _, at := range spread(roll.Requests, 6) {
		s.trial(fmt.Sprintf("from request %d of %d of a night with a roll call", at, roll.Requests), 0, func(w *world) {
			w.good()
			w.spoil = from(at, gone)
			w.nightOfTheRollCall()
			w.spoil = nil
			w.service.Change(3)
			w.pass(24 * time.Hour)
			w.good()
			w.complete()
		})
	}
}

// nightOfTheRollCall is one more than a week later, with something of everything to find. It may be
// spoiled.
func (w *world) nightOfTheRollCall() night {
	w.pass(4 * 24 * time.Hour)
	w.service.Change(10)
	w.service.Add(2)
	w.service.Remove(3)
	w.pass(4 * 24 * time.Hour)
	return w.run(everything)
}

// from spoils every request from the n-th on.
func from(n int, f Fault) func(int, *http.Request) (Fault, bool) {
	return func(i int, _ *http.Request) (Fault, bool) { return f, i >= n }
}

// movements is how often a service is moved in one walk at most: one that is moved for ever is walked for
// ever.
const movements = 40

func changesDuringWalks(s *suite) {
	for _, every := range []int{1, 2, 5} {
		s.trial(fmt.Sprintf("before each %d. request", every), 0, func(w *world) {
			move := func(n int) {
				if n%every == 0 && n/every <= movements {
					w.service.Change(2)
					if n/every%3 == 0 {
						w.service.Add(1)
					}
				}
			}
			w.busy(move)
			w.pass(24 * time.Hour)
			w.good()
			w.current()
			w.service.Change(len(w.service.Truth()) / 2)
			w.pass(time.Hour)
			w.busy(move)
			w.pass(24 * time.Hour)
			w.good()
			w.current()
		})
	}
}

func changesDuringRollCalls(s *suite) {
	for _, every := range []int{1, 2, 5} {
		s.trial(fmt.Sprintf("before each %d. request", every), 0, func(w *world) {
			w.good()
			w.pass(8 * 24 * time.Hour)
			w.busy(func(n int) {
				if n%every == 0 && n/every <= movements/2 {
					w.service.Remove(1)
					w.service.Change(1)
					w.service.Add(1)
				}
			})
			w.pass(24 * time.Hour)
			w.good()
			w.current()
			w.pass(7 * 24 * time.Hour)
			w.good()
			w.complete()
		})
	}
}

func passingFaults(s *suite) {
	var first night
	s.trial("undisturbed", 0, func(w *world) { first = w.good() })
	for _, f := range append(EveryFault(), s.live.Faults...) {
		if !f.Passing {
			continue
		}
		s.trial(f.Name, 0, func(w *world) {
			n := w.bad(func(n int, _ *http.Request) (Fault, bool) {
				// Each happens once: what follows it is its repetition.
				return f, n == 1 || n == 1+first.Requests/2 || n == first.Requests
			})
			if len(n.Gaps) > 0 {
				w.Errorf("it leaves a gap: %v", n.Gaps)
			}
			w.current()
		})
	}
}

func otherFaultsOnce(s *suite) {
	var first night
	s.trial("undisturbed", 0, func(w *world) { first = w.good() })
	for _, f := range append(EveryFault(), s.live.Faults...) {
		if f.Passing {
			continue
		}
		for _, at := range spread(first.Requests, 4) {
			s.trial(fmt.Sprintf("%s at request %d of %d", f.Name, at, first.Requests), 0, func(w *world) {
				n := w.bad(func(n int, _ *http.Request) (Fault, bool) { return f, n == at })
				if len(n.Gaps) == 0 {
					w.current()
				}
				w.pass(24 * time.Hour)
				w.good()
				w.current()
			})
		}
	}
}

func stayingFaults(s *suite) {
	for _, f := range append(EveryFault(), s.live.Faults...) {
		s.trial(f.Name+" from the first request on", 0, func(w *world) {
			w.good()
			w.service.Change(10)
			w.service.Add(2)
			w.pass(24 * time.Hour)
			before := w.state().Horizon
			n := w.bad(from(1, f))
			w.told(n, f)
			if at := w.state().Horizon; at != before {
				w.Errorf("a night without one good answer moves the horizon from %s to %s", before, at)
			}
			w.pass(24 * time.Hour)
			w.good()
			w.current()
		})
		s.trial(f.Name+" from the fourth request on", 0, func(w *world) {
			w.told(w.bad(from(4, f)), f)
			w.pass(24 * time.Hour)
			w.good()
			w.current()
		})
	}
}

// advice is a second clause or sentence.
var advice = regexp.MustCompile(`[;.?] \S`)

// told checks what the gaps of a spoiled night say.
func (w *world) told(n night, f Fault) {
	w.Helper()
	if len(n.Gaps) == 0 {
		w.Errorf("it leaves no gap")
	}
	if w.spoiled == nil {
		w.Fatalf("no request was spoiled")
	}
	for _, g := range n.Gaps {
		whole := g.What + ": " + g.Why
		switch {
		case g.Source != sourceName || g.What == "":
			w.Errorf("a gap that does not say of which source, or what is missing: %+v", g)
		case !named(whole, f.Says):
			w.Errorf("the gap does not say what was found (one of %q): %s", f.Says, whole)
		case !strings.Contains(whole, w.spoiled.URL.Host) && !strings.Contains(whole, w.spoiled.URL.Path):
			w.Errorf("the gap names neither the request's host %s nor its path %s: %s", w.spoiled.URL.Host, w.spoiled.URL.Path, whole)
		case !advice.MatchString(g.Why):
			w.Errorf("the gap does not say what to do, behind what happened: %s", whole)
		case strings.Contains(whole, Token):
			w.Errorf("the gap has the token in it: %s", whole)
		}
	}
}

func wrongClocks(s *suite) {
	for _, ahead := range []time.Duration{2 * time.Hour, -2 * time.Hour, 26 * time.Hour} {
		s.trial(fmt.Sprintf("this machine's is %s ahead", ahead), ahead, func(w *world) {
			w.good()
			w.current()
			for _, after := range []time.Duration{2 * indexing, time.Hour, 3 * time.Hour, 24 * time.Hour} {
				w.service.Change(3)
				w.service.Add(1)
				w.pass(after)
				w.good()
				w.current()
			}
			w.service.Remove(2)
			w.pass(8 * 24 * time.Hour)
			w.good()
			w.complete()
		})
	}
}

func fromTheFuture(w *world) {
	w.misdate(1, 50*365*24*time.Hour)
	w.good()
	for range 3 {
		w.service.Change(3)
		w.service.Add(1)
		w.pass(24 * time.Hour)
		w.misdate(1, 48*time.Hour)
		w.good()
		w.current()
	}
}

// misdate updates n issues with a date that is still that far away. What becomes of them later nobody
// can know.
func (w *world) misdate(n int, away time.Duration) {
	at := w.service.Now().Add(away)
	for _, id := range w.moved(func() { w.service.(Misdater).Misdate(n, at) }) {
		w.unsure[id] = true
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

func wholeTwice(w *world) {
	list := w.fetch("")
	wholeAndCounted(w, list)
	for _, b := range list {
		for _, is := range b.Issues {
			if is.Seen == 0 {
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

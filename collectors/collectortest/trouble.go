// Promises of faults and of clocks that are wrong.

package collectortest

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// some are the faults of a kind; where trials are dear, every fourth of them.
func some(faults []Fault, kind func(Fault) bool) (list []Fault) {
	n := 0
	for _, f := range faults {
		if kind(f) {
			if n%4 == 0 || !Hurried() {
				list = append(list, f)
			}
			n++
		}
	}
	return list
}

func passingFaults(s *suite) {
	var first night
	s.trial("undisturbed", 0, func(w *world) { first = w.good() })
	for _, f := range some(append(EveryFault(), s.live.Faults...), func(f Fault) bool { return f.Passing }) {
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
	for _, f := range some(append(EveryFault(), s.live.Faults...), func(f Fault) bool { return !f.Passing }) {
		for _, at := range spread(first.Requests, 3) {
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
	faults := some(append(EveryFault(), s.live.Faults...), func(Fault) bool { return true })
	s.trial("from the first request on", 0, func(w *world) {
		w.good()
		for _, f := range faults {
			w.about = f.Name + ": "
			w.service.Change(10)
			w.service.Add(2)
			w.pass(24 * time.Hour)
			before := w.state().Horizon
			w.told(w.bad(from(1, f)), f)
			if at := w.state().Horizon; at != before {
				w.Errorf("a night without one good answer moves the horizon from %s to %s", before, at)
			}
			w.pass(24 * time.Hour)
			w.good()
			w.current()
		}
	})
	for _, f := range faults {
		if f.Passing {
			continue // and is the transport's to give up on, wherever it comes
		}
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
		case tellsToken(whole, w.spoiled):
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
		w.misdate(1, 72*time.Hour)
		w.pass(24 * time.Hour)
		w.good()
		w.current()
	}
}

// misdate updates n issues with a date that is still that far away. What becomes of them later nobody
// can know.
func (w *world) misdate(n int, away time.Duration) {
	at := w.service.Now().Add(away)
	for _, id := range w.moved(func() { w.service.(Misdater).Misdate(n, at) }) {
		w.misdated[id] = true
	}
}

// Promises of nights that are cut, and of services that move while they are read.

package collectortest

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// spread are at most so many numbers from 1 to n, both ends among them.
func spread(n, most int) []int {
	if n <= 0 {
		return nil
	}
	if Hurried() {
		most = min(most, 2)
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
			w.again(func() { w.run(cut) })
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
	for _, at := range spread(first.Requests, 4) {
		s.trial(fmt.Sprintf("from request %d of %d of the first collection", at, first.Requests), 0, func(w *world) {
			if n := w.bad(from(at, gone)); len(n.Gaps) == 0 {
				w.Errorf("a service that is away from request %d on leaves no gap", at)
			}
			w.service.Change(7)
			w.service.Add(2)
			w.pass(time.Hour)
			w.good()
			w.current()
			w.again(func() {
				w.spoil = from(at, gone)
				w.run(everything)
				w.spoil = nil
			})
		})
	}
	for _, at := range spread(roll.Requests, 5) {
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

// again is a disturbed night once more, of a walk that is as long and not the first: no roll call after it
// makes up for what it loses.
func (w *world) again(disturbed func()) {
	w.Helper()
	w.service.Change(len(w.service.Truth()) / 2)
	w.pass(time.Hour)
	disturbed()
	w.pass(time.Hour)
	w.good()
	w.current()
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

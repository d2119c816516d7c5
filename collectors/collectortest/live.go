// The contract of live sources: its promises.

package collectortest

import (
	"testing"
	"time"
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

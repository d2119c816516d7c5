// What a fake of a live service must be able to do for the suite.

package collectortest

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/record"
)

// Service is a fake of a live service with a history of its own, which the suite moves. Its clock
// stands still but for what is said here; its answers carry it as their Date. Two services that are
// made and moved alike are alike. The suite moves it between requests, never while one is answered. Its
// lists may be up to a minute late, as those of a search index are.
type Service interface {
	http.Handler

	// Change updates n of the issues that there are, Add makes n new ones and Remove deletes n without
	// a trace. Which ones is the service's choice: spread over the old and the new, and other ones each
	// time. The issues of one call have one instant of update, as those of a bulk edit have; after it
	// the clock moves on by a few seconds.
	Change(n int)
	Add(n int)
	Remove(n int)

	Advance(time.Duration) // the clock
	Now() time.Time

	// Truth is every issue that there is, by the id that its record has.
	Truth() map[string]State
}

// State is what the record of an issue must say.
type State struct {
	Updated record.Instant // of the newest of its copies
	Changes int            // how many a complete history has, those of which only that they were is kept left out
}

// Restorer is a [Service] whose deleted issues can come back as they were.
type Restorer interface {
	// Restore brings back the n issues that were removed last. Nothing else about them changes: neither
	// their update nor their history tells.
	Restore(n int)
}

// Misdater is a [Service] that can have a wrong date in it, as an import or a broken plug-in leaves one.
type Misdater interface {
	// Misdate updates n issues as Change does, but says that it happened at that time.
	Misdate(n int, at time.Time)
}

// Repeater is a [Service] that can change an issue faster than its clock can tell.
type Repeater interface {
	// Repeat changes the issues of the last Change, Add or Misdate once more, in the same instant of
	// update: their histories are longer, and the clock does not move. The suite does it only within
	// five seconds.
	Repeat()
}

// Token is what sources under test authorise themselves with. The suite looks for it wherever it must
// not be.
const Token = "not-a-real-token"

// Live makes what [RunLive] needs.
type Live struct {
	// New makes a service of some hundreds of issues, so that every list takes several pages.
	New func(t testing.TB) Service

	// Source makes the source that reads the service, each time as a new process would: with a transport
	// of its own over rt, which leads to the service whatever host is asked, and with [Token]. It is
	// called, and the source used, in a bubble of testing/synctest, where pauses take no time and the
	// machine's clock is the suite's to set; so pauses, timeouts and patience are those of real life.
	Source func(t testing.TB, s Service, rt http.RoundTripper, delivered func(ctx context.Context, stream string) ([]string, error)) collectors.Source

	// Faults are those that only this service has, such as its own words for a rate limit. They come on
	// top of those that every service has.
	Faults []Fault
}

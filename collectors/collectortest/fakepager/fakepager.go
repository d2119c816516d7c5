// Package fakepager is a PagerDuty that can be had without one: an [http.Handler] that answers as its REST
// API does, over incidents that it makes up from a seed.
//
// Its words: an [Account] has a clock that stands still until it is moved, and incidents that change only
// when they are told to ([Account.Add], [Account.Change]). [Account.Truth] is what a client that lost
// nothing must have.
//
// It is written to PagerDuty's API description (github.com/PagerDuty/api-schema, reference/REST) and to
// developer.pagerduty.com/docs, and not to the client that it tests. Where they leave a doubt, it is the
// harder of the two for a client: both ends of a period are outside of it, include[] that the description
// does not know gives nothing, and a parameter that it does not know is refused.
//
// Its one rule: it is as strict as the API is documented to be. No list goes beyond 10,000 by offset, none
// of incidents spans more than six months, and without a period it is the last month.
package fakepager

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Options are how an account is set up.
type Options struct {
	Token     string        // who is let in
	Incidents int           // how many there are at first
	Span      time.Duration // over how long before Now: 450 days
	Seed      uint64        // of everything that is made up
	Now       time.Time     // where the clock stands at first
	Ceiling   int           // offset and limit together: 10,000
}

// Truth is what a record of an incident must say.
type Truth struct {
	Triggered, Acked, Resolved time.Time // the first acknowledgement, and the end that stands
	By                         string    // who acknowledged first
	MergedInto                 string
	Entries                    int // of its log that a page's events can hold
	Open                       bool
}

// Account is one PagerDuty. It may be asked by many at once.
type Account struct {
	opt Options

	mu        sync.Mutex
	now       time.Time
	rng       *rand.Rand
	incidents []*incident // by creation
	log       []*entry    // by time
	schedules []*schedule
	requests  []string
}

type incident struct {
	id       string
	number   int
	title    string
	service  int
	urgency  string
	status   string
	created  time.Time
	updated  time.Time
	changed  time.Time // of the status
	resolved time.Time
	by       string // who changed the status: a user's id, or the service's
	acks     []ack  // that hold
	merged   string // the id it was merged into
	byHand   bool
}

type ack struct {
	at time.Time
	by string
}

type entry struct {
	id       string
	kind     string
	at       time.Time
	by       string
	channel  string
	incident *incident
	to       []string
}

// schedule is a rota that changes each Monday at 9:00 UTC, with overrides.
type schedule struct {
	id, name  string
	level     int
	users     []string
	overrides []shift
}

type shift struct {
	from, to time.Time
	user     string
}

var users = []string{"U1", "U2", "U3", "U4"}

// New makes an account.
func New(o Options) *Account {
	if o.Now.IsZero() {
		o.Now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	}
	if o.Ceiling == 0 {
		o.Ceiling = 10_000
	}
	a := &Account{opt: o, rng: rand.New(rand.NewPCG(o.Seed, 1))}
	a.schedules = []*schedule{
		{id: "H1", name: "Support first", level: 1, users: users},
		{id: "H2", name: "Support second", level: 2, users: []string{"U2", "U3", "U4", "U1"}},
		{id: "H3", name: "Managers", level: 3, users: []string{"U4"}},
	}
	if o.Span == 0 {
		o.Span = 450 * 24 * time.Hour
	}
	o.Now = o.Now.UTC()
	begin := o.Now.Add(-o.Span)
	for i := range o.Incidents {
		a.now = begin.Add(o.Now.Sub(begin) / time.Duration(o.Incidents) * time.Duration(i))
		is := a.trigger()
		for a.rng.IntN(6) > 0 && is.status != "resolved" {
			a.now = a.now.Add(time.Duration(1+a.rng.IntN(20)) * time.Minute)
			a.step(is)
		}
	}
	slices.SortStableFunc(a.log, func(x, y *entry) int { return x.at.Compare(y.at) })
	a.now = o.Now
	return a
}

// Now is the account's clock.
func (a *Account) Now() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

// Advance moves the clock.
func (a *Account) Advance(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(d)
}

// Add triggers n incidents, some seconds apart.
func (a *Account) Add(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for range n {
		a.trigger()
		a.now = a.now.Add(time.Duration(a.rng.IntN(5)) * time.Second)
	}
}

// Change moves n incidents on, old and new ones.
func (a *Account) Change(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for range n {
		a.step(a.incidents[a.rng.IntN(len(a.incidents))])
		a.now = a.now.Add(time.Duration(a.rng.IntN(5)) * time.Second)
	}
}

// Burst lets n things happen to one incident, within one second.
func (a *Account) Burst(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for range n {
		a.step(a.incidents[0])
	}
}

// ResolveSilently ends an open incident without a word in the log, as where entries have been lost. It
// returns its id.
func (a *Account) ResolveSilently() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, is := range a.incidents {
		if is.status != "resolved" && is.created.Before(a.now.Add(-48*time.Hour)) {
			is.status, is.resolved, is.changed, is.updated, is.by, is.acks = "resolved", a.now, a.now, a.now, "U1", nil
			return is.id
		}
	}
	return ""
}

// Override puts somebody on call in place of another: in the schedule H1, for the day after tomorrow.
func (a *Account) Override(user string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	day := a.now.Truncate(24 * time.Hour).Add(48 * time.Hour)
	a.schedules[0].overrides = append(a.schedules[0].overrides, shift{day, day.Add(24 * time.Hour), user})
}

// DropOverrides takes all overrides back.
func (a *Account) DropOverrides() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.schedules[0].overrides = nil
}

// Requests are the questions asked so far, without their parameters.
func (a *Account) Requests() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.requests)
}

// Truth is every incident by its id.
func (a *Account) Truth() map[string]Truth {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := map[string]Truth{}
	for _, is := range a.incidents {
		all[is.id] = Truth{Triggered: is.created, Resolved: is.resolved, MergedInto: is.merged, Open: is.status != "resolved"}
	}
	for _, e := range a.log {
		t := all[e.incident.id]
		t.Entries += max(1, len(e.to))
		if e.kind == "acknowledge" && t.Acked.IsZero() {
			t.Acked, t.By = e.at, e.by
		}
		all[e.incident.id] = t
	}
	return all
}

// Shifts are who is on call in a period by the schedules of the first two levels.
func (a *Account) Shifts(from, to time.Time) map[string][]string {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := map[string][]string{}
	for _, s := range a.schedules[:2] {
		for _, e := range s.final(from, to) {
			all[s.name] = append(all[s.name], fmt.Sprintf("%s to %s %s", e.from.Format(time.RFC3339), e.to.Format(time.RFC3339), e.user))
		}
	}
	return all
}

var _ http.Handler = (*Account)(nil)

// Package fakejira is a Jira that can be had without one: an [http.Handler] that answers as Jira Cloud
// or as Jira Data Center does, over issues that it makes up from a seed.
//
// Its words: a [Site] is one Jira; it has a clock that stands still until it is moved, and issues that
// change only when they are told to ([Site.Change]). [Site.Truth] is what a client that lost nothing
// must have. An [Awkward] is one of the bad habits that services, proxies and imports have.
//
// It is written to Atlassian's OpenAPI description of Cloud v3 (1001.0.0), to recorded answers of real
// sites, and to public threads about what neither of them tells, and not to the client that it tests:
// nothing here may be made to suit that client. What is from documentation or memory alone, and could
// not be confirmed against a live site, says so where it stands.
//
// Its one rule: it is as strict as Jira is known to be, and where it is not known, as strict as Jira may
// be. It refuses what Jira refuses, in Jira's words; it answers with less where Jira may; it never
// answers with more, nor in a better order, than is promised.
package fakejira

import (
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options are how a Jira is set up. The zero value of each is said with it.
type Options struct {
	Cloud  bool      // Cloud, or else Data Center
	Issues int       // how many there are at first, three years of them
	Seed   uint64    // of everything that is made up
	Now    time.Time // where the clock stands at first: 2026-11-23 08:00 UTC

	// Token, and on Cloud the account's Email, are who is let in; without a Token everybody is. Anyone
	// else gets Jira's 401, or from a site that is open to Anonymous what nobody in particular may see:
	// no issues, and no error. (A Cloud site takes an expired token for nobody, too.)
	Email, Token string
	Anonymous    bool

	URL  string // where the site says that it is: https://acme.atlassian.net, https://jira.acme.example/jira
	Base string // what requests come under: the context path of a Data Center, "/jira", or a gateway's

	Zone      *time.Location // the account's: JQL is read, and dates are written, in it. UTC
	Locale    string         // "zh_CN" is the only one but English: names of statuses, types, fields
	Forbidden []string       // keys of projects that the account may not browse: SUP, OPS or WEB

	// PageCap is the most issues on one page of a search, whatever is asked: on Cloud 100, and 5000 of
	// ids alone; on Data Center 1000.
	PageCap int

	// Lag is how far the search index is behind the issues. Atlassian promises no number ("recent updates
	// might not be immediately visible").
	Lag time.Duration
}

// Site is one Jira. It may be asked by many at once.
type Site struct {
	opt   Options
	zone  *time.Location
	words *wording // in the account's language

	mu       sync.Mutex
	now      int64 // milliseconds since 1970, as all instants here
	rows     []row // by number of the issue; what the search index knows
	live     map[int]*issue
	keys     map[string]int // of issues that moved after they were made
	moved    int
	lagging  []reindex
	removed  []int
	latest   []int // issues of the last change
	walk     int   // the issue that the next change falls on
	changes  uint64
	version  int // of what a search may find
	searches []*found

	awkward  Awkward
	limited  int
	retry    time.Duration
	before   func(int, *http.Request)
	served   int
	requests map[string]int
	inflight int
	peak     int

	buffers sync.Pool // of *[]byte: answers, which are large and many
}

// New sets up a Jira.
func New(o Options) *Site {
	if o.Now.IsZero() {
		o.Now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	o.Base = strings.TrimSuffix(o.Base, "/")
	if o.URL == "" {
		o.URL = "https://acme.atlassian.net"
		if !o.Cloud {
			o.URL = "https://jira.acme.example" + o.Base
		}
	}
	s := &Site{opt: o, zone: o.Zone, now: o.Now.UnixMilli(), live: map[int]*issue{}, keys: map[string]int{}, requests: map[string]int{}}
	s.words = newWording(o)
	s.populate(o.Issues)
	return s
}

// Before sets what is called before the nth request since the start, counted from 1, is answered: to
// change things in the middle of a walk. It may call every method of the site.
func (s *Site) Before(f func(n int, r *http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = f
}

// Requests counts what was asked since the last [Site.Reset], by method and path without its variable
// parts: "GET /rest/api/3/issue/{id}/changelog".
func (s *Site) Requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.requests)
}

// Peak is how many requests were under way at once, at most, since the last [Site.Reset].
func (s *Site) Peak() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peak
}

// Reset forgets what was counted.
func (s *Site) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.requests)
	s.peak = s.inflight
}

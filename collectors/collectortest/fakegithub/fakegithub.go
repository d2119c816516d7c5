// Package fakegithub is a GitHub to test against: an [http.Handler] with the REST API that lists issues,
// their timelines and what doctor asks for, and as much of the GraphQL API as a client of issues and
// projects sensibly sends, at the paths of github.com or of an Enterprise Server.
//
//	hub := fakegithub.New(fakegithub.Options{Repos: []string{"acme/orders"}, Issues: 250, Now: now})
//	server := httptest.NewServer(hub)
//	hub.Change(3) // somebody works
//
// It is written to GitHub's OpenAPI description (version 2022-11-28), to recorded answers, and to public
// threads where the service differs from both, and knows nothing of our own client: what the two agree on,
// they agree on independently. Behaviour that is from documentation or memory only, and was never seen in
// a recording, says so beside the code that plays it.
//
// Its words are GitHub's. Everything in it follows from the seed: the same options and the same calls give
// the same bytes. An issue is a few numbers until it is asked for, so that 100,000 of them take 20 MB.
//
// Its one rule: what it does not model it refuses aloud, with 501 and what was asked, and never with an
// answer that might pass for the service's. Its clock is the service's clock: it stands still, but for a few
// seconds after each change.
package fakegithub

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options are what there is and how it behaves. The zero value of each is the default named with it.
type Options struct {
	Repos     []string  // "owner/name" each: acme/orders
	Issues    int       // in each of them, pull requests included: 50
	PullShare float64   // of those, how many are pull requests: none (half of them are in many real repositories)
	Seed      uint64    // of everything
	Now       time.Time // the service's clock: 2026-11-23 06:00 UTC
	Bulk      int       // so many issues of each repository were last updated in one and the same second

	Token  string   // the only one that is let in; "" lets everybody in, with all scopes of Scopes
	Scopes []string // of the token, which is a classic one: repo, read:org, read:project
	Quota  int      // requests an hour, of REST and of GraphQL each; 0 says 5,000 and never refuses

	Enterprise   bool   // the paths of an Enterprise Server, which has no rate limits
	DeepestPage  int    // of a list of issues that can be asked for by its number: 10
	Installation bool   // the token is of an app or of Actions: it has no scopes, and projects of organisations are not for it
	GraphLimited string // the type of error with which GraphQL says that its limit is reached: RATE_LIMIT, RATE_LIMITED; "" does not
	NoStatuses   bool   // project status changes since 2026-09-24 left no event (a fault of that day that was reported)

	Org       string            // an organisation, which has the repositories of that name: the owner of the first
	Forbidden []string          // repositories that are there, but not for this token: 404
	Disabled  []string          // repositories without issues: 410
	Renamed   map[string]string // former names of repositories: 301
	Projects  int               // of the organisation, each with a part of every second issue
}

// Hub is one GitHub. Its methods may be called while it serves.
type Hub struct {
	mu       sync.Mutex
	o        Options
	now      int64         // seconds
	over     time.Duration // of a second
	repos    []*repo
	byID     map[int64]*issue
	rng      *rand.Rand
	nextID   int64
	last     []*issue // touched by the last call
	removed  []*issue
	n        int // requests answered, for the hook
	requests map[string]int
	used     map[string]int // of the quota, by resource
	window   int64          // when the quota's hour began
	schema   map[string]*kindOf
	before   func(n int, w http.ResponseWriter, r *http.Request) bool
}

// repo is one repository.
type repo struct {
	id          int64
	owner, name string
	issues      []*issue // by number - 1, those that are gone included
	sorted      []*issue // by update, then id; nil after a change
	issuesOnly  []*issue // those of sorted that are no pull requests
	at          int      // its place in Hub.repos
	born        int      // so many issues were there from the beginning
}

func (r *repo) full() string { return r.owner + "/" + r.name }

// New makes a GitHub.
func New(o Options) *Hub {
	if len(o.Repos) == 0 {
		o.Repos = []string{"acme/orders"}
	}
	o.Issues = cmp.Or(o.Issues, 50)
	o.DeepestPage = cmp.Or(o.DeepestPage, 10)
	if o.Now.IsZero() {
		o.Now = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	}
	if o.Scopes == nil {
		o.Scopes = []string{"repo", "read:org", "read:project"}
	}
	if o.Org == "" {
		o.Org, _, _ = strings.Cut(o.Repos[0], "/")
	}
	h := &Hub{
		o: o, now: o.Now.Unix(), rng: rand.New(rand.NewPCG(o.Seed, 1)),
		byID: map[int64]*issue{}, requests: map[string]int{}, used: map[string]int{}, nextID: firstID, schema: schema(),
	}
	h.window = h.now
	for i, full := range o.Repos {
		owner, name, _ := strings.Cut(full, "/")
		r := &repo{id: 700_000_001 + int64(i)*1_337, owner: owner, name: name, at: i}
		h.repos = append(h.repos, r)
		h.populate(r)
	}
	return h
}

// Set changes the options of a running service: a permission withdrawn, a limit reached. What was made of
// Repos, Issues, PullShare, Seed, Bulk and Now is there already.
func (h *Hub) Set(change func(*Options)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(&h.o)
}

// Before sets a hook that is called before the nth request (from 1) is answered. If it returns true, it has
// answered. It runs without the lock, so it may change what is there; nil takes it away.
func (h *Hub) Before(hook func(n int, w http.ResponseWriter, r *http.Request) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.before = hook
}

// Requests are how many requests were answered by method and path template, such as
// "GET /repos/{owner}/{repo}/issues".
func (h *Hub) Requests() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.requests)
}

// Reset forgets the requests so far.
func (h *Hub) Reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n = 0
	clear(h.requests)
}

// Now is the service's clock.
func (h *Hub) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Unix(h.now, int64(h.over)).UTC()
}

// Advance moves the service's clock.
func (h *Hub) Advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	d += h.over
	h.now, h.over = h.now+int64(d/time.Second), d%time.Second
}

// Issue is what is true of an issue.
type Issue struct {
	Repo     string
	Number   int
	Title    string
	State    string // open or closed
	Updated  time.Time
	Changes  int // of fields, as the timeline tells them; closing changes two, the state and its reason
	Comments int
	Status   string   // in its project, "" if it is in none
	Statuses int      // changes of it that left an event
	Points   *float64 // in its project, nil if it has none
}

// Key is what the issue is called: "acme/orders#12".
func (i Issue) Key() string { return i.Repo + "#" + strconv.Itoa(i.Number) }

// Truth is what a reader should know by now, by id: all issues that the token may read. Pull requests are
// not among them.
func (h *Hub) Truth() map[string]Issue {
	h.mu.Lock()
	defer h.mu.Unlock()
	truth := map[string]Issue{}
	for _, is := range h.there() {
		if h.may(is.repo) != nil {
			continue
		}
		s := h.state(is)
		t := Issue{
			Repo: is.repo.full(), Number: is.number, Title: title(is, s.title), State: s.name(),
			Updated: time.Unix(is.updated, 0).UTC(), Changes: s.changes, Comments: s.comments,
		}
		if h.project(is) > 0 {
			t.Status, t.Statuses, t.Points = statuses[s.status], s.statuses, points(is)
		}
		truth[strconv.FormatInt(is.id, 10)] = t
	}
	return truth
}

// there are the issues that are not gone, without pull requests.
func (h *Hub) there() (list []*issue) {
	for _, r := range h.repos {
		for _, is := range r.issues {
			if !is.pull && !is.gone {
				list = append(list, is)
			}
		}
	}
	return list
}

func (h *Hub) touch(is *issue, at int64) {
	is.updated = at
	is.repo.sorted = nil
}

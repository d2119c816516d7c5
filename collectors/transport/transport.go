// Package transport is the one way to the network: an [http.RoundTripper] under the clients of every
// service, so that patience, manners and secrets are written once.
//
// Its words: an attempt is one request on the wire; a pause is the time before a fault is tried again,
// which we choose; a wait is time spent because the service asked for it (a rate limit); patience is how
// long all waits of one run may be together.
//
// Its one rule: whoever asks gets a whole answer or an error that says what to do. A body is read to its
// end within the attempt, so that an answer cut in the middle and a slow one are faults like a refused
// connection, and are tried again like one. A status that asks for patience is waited for; one that asks
// for a person (401, 404, 422 …) is the caller's to put into words.
//
//	what comes back                                          what is done
//	2xx, 3xx, 4xx and all that is not named below            handed to the caller, body whole
//	429                                                      waited for
//	403 with Retry-After, or with X-RateLimit-Remaining: 0,
//	    or whose message speaks of a rate limit              waited for; any other 403 is the caller's
//	503 with Retry-After                                     waited for
//	200 of …/graphql whose errors are a rate limit           waited for
//	500, 502, 504, 503 without Retry-After                   pause, again; after Attempts an [*Error]
//	refused, reset, cut, slow, unreadable gzip, no DNS       pause, again; after Attempts an [*Error]
//	no such host                                             the same, but three attempts at most
//	certificate, no TLS, 407, too large, bad URL or header   an [*Error] at once, with what to do
//	any with X-RateLimit-Remaining: 0                        as above; the next request waits for the reset
//	the caller's context ends                                the context's error, at once
//
// How long a wait is, is a table in answer.go; one beyond what is left of the patience is an [*Error] that
// says until when. What a limit says is heeded here and kept from the clients above, which would refuse
// to ask: see [Transport.RoundTrip].
//
// The token goes to the one origin it is for, never to where a redirect leads, and never into an error
// or the log.
//
// It is also the only room beside cmd with a clock: back-off needs one, and the difference between this
// machine's clock and the service's (by the Date of its answers) can be told by nobody else.
package transport

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/time/rate"
)

// Options are how a service wants to be asked. The zero value of each is the default named with it.
type Options struct {
	Service  string            // what errors and the log call it: the source's name in firebreak.yaml
	Origin   string            // scheme and host that the authorisation is for: "https://acme.atlassian.net"; a path is passed over
	Auth     Auth              // nothing: ask as anybody
	Agent    string            // User-Agent: "firebreak/v1.2.0 (+https://github.com/firebreak/firebreak)"; the client's own
	Base     http.RoundTripper // who carries an attempt: the network, with the environment's proxies and CA
	CA       []byte            // PEM certificates to trust beside the system's; of no use to a Base of one's own
	Pace     float64           // attempts a second at most: 10
	Timeout  time.Duration     // of one attempt, its body included: 60 s
	Attempts int               // for one request at most, those after a wait not counted: 6
	Pause    time.Duration     // before the second attempt, doubled for each further one up to a minute, and jittered: 1 s
	Patience time.Duration     // of all waits together: 75 min, which is one whole reset of GitHub
	MaxBody  int64             // bytes of an answer, uncompressed: 64 MiB
	Pool     *Pool             // who else may be asking the same service: nobody
	Log      *slog.Logger      // attempts at debug level, waits at info: nowhere
}

// Auth puts who is asking into a request. It is a function so that it prints as nothing.
type Auth func(*http.Request)

// Basic is a user and a token, as Jira Cloud wants them (an e-mail address and an API token). White space
// around them, such as the end of a token file's line, is no part of them.
func Basic(user, token string) Auth {
	user, token = strings.TrimSpace(user), strings.TrimSpace(token)
	return func(r *http.Request) { r.SetBasicAuth(user, token) }
}

// Bearer is a token alone, as GitHub and Jira Data Center want it. White space around it is no part of it.
func Bearer(token string) Auth {
	value := "Bearer " + strings.TrimSpace(token)
	return func(r *http.Request) { r.Header.Set("Authorization", value) }
}

// Keyed is a token after words of the service's own: "Token token=" of PagerDuty, "GenieKey " of Opsgenie.
// White space around the token is no part of it.
func Keyed(words, token string) Auth {
	value := words + strings.TrimSpace(token)
	return func(r *http.Request) { r.Header.Set("Authorization", value) }
}

// Transport asks one service, for one run: its patience does not come back. It is safe for concurrent
// use; all who ask share its pace and patience, and its pace is that of its [Pool].
type Transport struct {
	service  string
	origin   string // as originOf spells it
	auth     Auth
	secrets  func() []string // what auth sends
	agent    string
	base     http.RoundTripper
	desk     *desk
	timeout  time.Duration
	attempts int
	pause    time.Duration
	maxBody  int64
	log      *slog.Logger
	waits    waits
	sent     atomic.Int64

	clock  sync.Mutex
	served time.Time // the latest Date
	came   time.Time // when the latest answer came, by this machine's clock
	skew   time.Duration
}

// New makes the transport of one service. Its errors are those of a person's options: a CA that is no
// PEM, an origin that is no URL.
func New(o Options) (*Transport, error) {
	t := &Transport{
		service:  o.Service,
		auth:     o.Auth,
		agent:    o.Agent,
		base:     o.Base,
		timeout:  cmp.Or(o.Timeout, time.Minute),
		attempts: cmp.Or(o.Attempts, 6),
		pause:    cmp.Or(o.Pause, time.Second),
		maxBody:  cmp.Or(o.MaxBody, 64<<20),
		log:      cmp.Or(o.Log, slog.New(slog.DiscardHandler)),
	}
	t.waits.patience = cmp.Or(o.Patience, 75*time.Minute)
	pace := cmp.Or(o.Pace, 10)
	switch {
	case !(pace > 0) || t.timeout < 0 || t.attempts < 0 || t.pause < 0 || t.maxBody < 0 || t.waits.patience < 0:
		return nil, fmt.Errorf("%s: pace, timeout, attempts, pause, patience and the size of an answer are above 0", o.Service)
	case !httpguts.ValidHeaderFieldValue(o.Agent):
		return nil, fmt.Errorf("%s: the user agent %q holds what no header can carry", o.Service, o.Agent)
	}
	limit := rate.Limit(pace)
	if pace > 1e6 { // no pace at all; an infinite float would make NaN of the limiter's sums
		limit = rate.Inf
	}

	if o.Origin != "" {
		u, err := url.Parse(o.Origin)
		if err != nil { // its error quotes what it could not read, which may hold a password
			return nil, fmt.Errorf("%s: the address of the service is no URL; write it like https://acme.atlassian.net", o.Service)
		}
		if u.User != nil {
			return nil, fmt.Errorf("%s: the address of the service holds a user or a password; leave it out, the token comes from the environment or a file", o.Service)
		}
		if t.origin = originOf(u); t.origin == "" {
			return nil, fmt.Errorf("%s: %q is no address of a service; write it with http:// or https:// and a host, like https://acme.atlassian.net", o.Service, cut(o.Origin, 100))
		}
	} else if o.Auth != nil {
		return nil, errors.New(o.Service + ": there is an authorisation, and no origin that it is for")
	}
	t.secrets = secretsOf(o.Auth, o.Origin)
	pool, err := authorities(o.CA)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Service, err)
	}
	if t.base == nil {
		t.base = network(pool)
	}
	t.desk = o.Pool.desk(t.origin, t.known(), limit)
	return t, nil
}

// Spent is how many attempts were made, and how long somebody was waiting because the service asked for
// it. What several requests wait for at one time counts once.
func (t *Transport) Spent() (attempts int, waited time.Duration) {
	return int(t.sent.Load()), t.waits.waited(time.Now())
}

// Served is the service's own clock when it gave its latest answer, to the second; zero before the first.
// Of a service that tells no time, no answer having had a Date, it is this machine's: what such a source
// has read up to must be some instant, or it has none to go on from.
func (t *Transport) Served() time.Time {
	t.clock.Lock()
	defer t.clock.Unlock()
	if t.served.IsZero() {
		return t.came
	}
	return t.served
}

// Skew is how far the service's clock is ahead of this machine's, by the latest answer that had a Date;
// false before the first. It is as exact as a Date, which is cut to the second, and as the answer was fast.
func (t *Transport) Skew() (time.Duration, bool) {
	t.clock.Lock()
	defer t.clock.Unlock()
	return t.skew, !t.served.IsZero()
}

// CloseIdleConnections lets go of what is kept open for the next request.
func (t *Transport) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// tell keeps what an answer that arrived now says of the service's clock, and returns that clock. An
// answer without a Date, or of somebody in between (a proxy's 407 or 502), leaves it as it was.
func (t *Transport) tell(resp *http.Response, now time.Time) time.Time {
	t.clock.Lock()
	defer t.clock.Unlock()
	own := resp.StatusCode < 500 && resp.StatusCode != http.StatusProxyAuthRequired
	date, ok := dated(resp.Header)
	if own {
		t.came = now.Truncate(time.Second).UTC()
	}
	if !ok {
		return now.Add(t.skew).UTC()
	}
	if own {
		t.served, t.skew = date, date.Sub(now)
	}
	return date
}

// originOf spells scheme, host and port in one way; "" where it has none to speak of.
func originOf(u *url.URL) string {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if u.Hostname() == "" || scheme != "http" && scheme != "https" {
		return ""
	}
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// grow is d doubled n times, at most limit.
func grow(d time.Duration, n int, limit time.Duration) time.Duration {
	f := float64(d) * math.Pow(2, float64(n))
	if f >= float64(limit) {
		return limit
	}
	return time.Duration(f)
}

package fakegithub

// From a request to an answer: who may ask, what it costs, what has not changed since, and which part of
// the service answers.

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// answer is what a request is answered with.
type answer struct {
	status int
	header http.Header
	body   []byte
	kind   string // the resource whose quota it costs: core, search, graphql
	cost   int    // of it, 1 if 0
}

// request is one request while it is answered.
type request struct {
	face
	*http.Request
	path  []string // without the API's prefix, split and unescaped
	query url.Values
	route string // its template
}

// ServeHTTP answers.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.n++
	n, before := h.n, h.before
	h.mu.Unlock()
	if before != nil && before(n, w, r) {
		h.mu.Lock()
		h.requests[r.Method+" (answered by the hook)"]++
		h.mu.Unlock()
		return
	}
	h.mu.Lock()
	a := h.answer(r)
	h.mu.Unlock()
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		w.Write(a.body)
	}
}

func (h *Hub) answer(hr *http.Request) *answer {
	r := &request{Request: hr, query: hr.URL.Query(), face: h.face(hr)}
	graph := "/graphql"
	if h.o.Enterprise {
		graph = "/api/graphql"
	}
	var a *answer
	if hr.URL.Path == graph {
		r.route = graph
		if a = h.refused(r); a == nil {
			a = h.graph(r)
		}
		a.kind = "graphql"
	} else {
		a = h.rest(r)
	}
	h.requests[hr.Method+" "+r.route]++
	if a.header == nil {
		a.header = http.Header{}
	}
	hd := a.header
	hd.Set("Date", time.Unix(h.now, 0).UTC().Format(http.TimeFormat))
	hd.Set("Content-Type", "application/json; charset=utf-8")
	hd.Set("Server", "GitHub.com")
	hd.Set("X-Github-Media-Type", "github.v3; format=json")
	hd.Set("X-Github-Request-Id", "F49B:3822E6:1EB0EA:334184:"+strconv.Itoa(h.n))
	if h.o.Enterprise {
		hd.Set("X-Github-Enterprise-Version", "3.19.0")
	} else {
		hd.Set("X-Github-Api-Version-Selected", "2022-11-28")
	}
	if !h.o.Installation && hr.Header.Get("Authorization") != "" && a.status != http.StatusUnauthorized {
		hd.Set("X-Oauth-Scopes", strings.Join(h.o.Scopes, ", "))
		hd.Set("X-Accepted-Oauth-Scopes", "repo")
	}
	if a.status == http.StatusOK && hr.Method == http.MethodGet && a.kind == "core" {
		sum := sha256.Sum256(a.body)
		tag := `"` + hex.EncodeToString(sum[:]) + `"`
		hd.Set("Etag", "W/"+tag)
		hd.Set("Cache-Control", "private, max-age=60, s-maxage=60")
		hd.Set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With")
		if strings.TrimPrefix(hr.Header.Get("If-None-Match"), "W/") == tag {
			a.status, a.body = http.StatusNotModified, nil
			hd.Del("Content-Type")
		}
	}
	h.charge(a)
	return a
}

// face is how the request sees the service: by the name that it was asked by.
func (h *Hub) face(r *http.Request) face {
	scheme := "http://"
	if r.TLS != nil || strings.HasSuffix(r.Host, "github.com") {
		scheme = "https://"
	}
	f := face{api: scheme + r.Host, web: scheme + r.Host}
	switch {
	case h.o.Enterprise:
		f.api += "/api/v3"
	case r.Host == "api.github.com":
		f.web = "https://github.com"
	}
	return f
}

// quotas are requests an hour, by resource, as the service answers them to a token. Search has its 30 for
// a minute.
var quotas = map[string]int{"core": 5000, "search": 30, "graphql": 5000}

func (h *Hub) quota(kind string) int {
	if kind != "search" && h.o.Quota > 0 {
		return h.o.Quota
	}
	return quotas[kind]
}

// charge counts the answer against its quota and says what is left. What has not changed costs nothing,
// nor does asking for the limits.
func (h *Hub) charge(a *answer) {
	if h.o.Enterprise || a.kind == "" {
		return
	}
	h.roll()
	if a.status != http.StatusNotModified && a.status != http.StatusUnauthorized {
		h.used[a.kind] += max(1, a.cost)
	}
	limit := h.quota(a.kind)
	left := max(0, limit-h.used[a.kind])
	if h.o.Quota == 0 { // never ends
		left = limit - h.used[a.kind]%limit
	}
	a.header.Set("X-Ratelimit-Limit", strconv.Itoa(limit))
	a.header.Set("X-Ratelimit-Remaining", strconv.Itoa(left))
	a.header.Set("X-Ratelimit-Used", strconv.Itoa(limit-left))
	reset := h.window + 3600
	if a.kind == "search" {
		reset = h.now + 60
	}
	a.header.Set("X-Ratelimit-Reset", itoa(reset))
	a.header.Set("X-Ratelimit-Resource", a.kind)
}

// roll begins the next hour when this one is over.
func (h *Hub) roll() {
	if h.now >= h.window+3600 {
		h.window = h.now
		clear(h.used)
	}
}

// spent says whether a quota is used up.
func (h *Hub) spent(kind string) bool {
	h.roll()
	return h.o.Quota > 0 && !h.o.Enterprise && h.used[kind] >= h.quota(kind)
}

// limited is the answer where the quota is used up, nil where it is not.
func (h *Hub) limited(kind string) *answer {
	if !h.spent(kind) {
		return nil
	}
	a := failure(http.StatusForbidden, "API rate limit exceeded for user ID 1000001. If you reach out to GitHub Support for help, please include the request ID and timestamp.",
		"https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api")
	a.kind = kind
	return a
}

// SecondaryLimited is an answer of a secondary rate limit, for a hook: 403 or 429, with Retry-After or,
// where after is 0, without.
func SecondaryLimited(w http.ResponseWriter, status int, after time.Duration) {
	if after > 0 {
		w.Header().Set("Retry-After", itoa(int64(after/time.Second)))
	}
	failure(status, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
		"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits").write(w)
}

func (a *answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(a.status)
	w.Write(a.body)
}

// failure is an answer that says what is wrong.
func failure(status int, message, documentation string, errors ...map[string]string) *answer {
	var w writer
	w.object(func() {
		w.str("message", message)
		if errors != nil {
			w.arr("errors", func() {
				for _, e := range errors {
					w.object(func() {
						for _, k := range slices.Sorted(maps.Keys(e)) {
							w.str(k, e[k])
						}
					})
				}
			})
		}
		w.str("documentation_url", documentation)
		w.str("status", strconv.Itoa(status))
	})
	return &answer{status: status, body: w.b, kind: "core"}
}

const docs = "https://docs.github.com/rest"

func notFound() *answer { return failure(http.StatusNotFound, "Not Found", docs) }

// unknown refuses what the fake does not model, so that nobody takes its answer for the service's.
func unknown(what string) *answer {
	return failure(http.StatusNotImplemented, "fakegithub does not know "+what, docs)
}

// refused is the answer to whom the token does not let in, nil if it does.
func (h *Hub) refused(r *request) *answer {
	if h.o.Token == "" {
		return nil
	}
	given := r.Header.Get("Authorization")
	if given == "" {
		return failure(http.StatusUnauthorized, "Requires authentication", docs)
	}
	scheme, token, _ := strings.Cut(given, " ")
	if token != h.o.Token || !strings.EqualFold(scheme, "bearer") && !strings.EqualFold(scheme, "token") {
		return failure(http.StatusUnauthorized, "Bad credentials", docs)
	}
	return nil
}

// may is the answer to whom a repository is not shown, nil if it may be read.
func (h *Hub) may(r *repo) *answer {
	if slices.Contains(h.o.Forbidden, r.full()) || h.o.Token != "" && !h.o.Installation && !slices.Contains(h.o.Scopes, "repo") {
		return notFound()
	}
	if h.disabled(r) {
		return failure(http.StatusGone, "Issues are disabled for this repo", "https://docs.github.com/v3/issues/")
	}
	return nil
}

func (h *Hub) disabled(r *repo) bool { return slices.Contains(h.o.Disabled, r.full()) }

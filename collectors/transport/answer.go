package transport

// What an answer asks for: the table of the package comment.

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// kind is what is done about an answer.
type kind int

const (
	given   kind = iota // the caller's
	limited             // waited for
	broken              // tried again after a pause
	barred              // a proxy's refusal: an error at once
)

// verdict is what an answer asks for.
type verdict struct {
	kind     kind
	resource string        // whose limit it speaks of: "core", "search"; "" where it does not say
	reason   string        // what to call the limit
	scope    string        // which gate a limit shuts: the resource's, or "" for everybody's
	asked    time.Duration // how long the service asks to wait
	silent   bool          // it does not say how long
	empty    bool          // no request is left of the resource …
	reset    time.Duration // … for so long
}

// Waits that the service leaves to us. GitHub: "wait for at least one minute before retrying. If your
// request continues to fail due to a secondary rate limit, wait for an exponentially increasing amount of
// time" (docs.github.com, Rate limits for the REST API).
const (
	secondary = "secondary rate limit" // GitHub's word for the limits that no header foretells

	silence = time.Minute
	longest = time.Hour
)

// wait is how long to wait at the n-th limit that one request meets:
//
//	what the refusal says                             how long
//	Retry-After                                       so long
//	no request left, and a reset                      until the reset, by the answer's own Date, and a second
//	no token left, and an interval (a bucket)         the interval
//	429, and a reset of we know not what              until the reset, likewise
//	Retry-After: 0, a reset that has passed           Options.Pause
//	none of it, or a reset that nobody can believe    a minute; two the second time, then four …
//
// It grows with n even where the service says how long: one that says "0" or "1" each time and does not
// mean it is not asked for ever.
func (v verdict) wait(n int, pause time.Duration) time.Duration {
	if v.silent {
		return grow(silence, n-1, longest)
	}
	return max(v.asked, grow(pause, n-1, longest))
}

// judge reads an answer that was given at the instant served of the service's clock.
//
// Seen or documented, and told apart here:
//
//	GitHub primary      403 or 429, X-RateLimit-Remaining: 0, X-RateLimit-Reset: epoch seconds, -Resource
//	GitHub secondary    403 or 429, with Retry-After or without, with requests left or without the headers
//	GitHub GraphQL      200 with errors of type RATE_LIMITED (from the documentation, unconfirmed)
//	Jira Cloud          429, Retry-After, X-RateLimit-Reset: 2026-03-26T16:00Z, RateLimit-Reason
//	Jira Data Center    429, X-RateLimit-Remaining, -Interval-Seconds, -FillRate, retry-after: 0 while
//	                    tokens are left (from the documentation, unconfirmed)
//	PagerDuty           429, ratelimit-remaining: 0, ratelimit-reset: seconds (from the documentation,
//	                    unconfirmed)
//	any, and proxies    503 with Retry-After
func judge(resp *http.Response, body []byte, asked *http.Request, served time.Time) verdict {
	h := resp.Header
	v := verdict{resource: word(h.Get("X-Ratelimit-Resource"))}
	after, hasAfter := retryAfter(h, served)
	reset, hasReset := resetIn(h, served)
	none := strings.TrimSpace(h.Get("X-Ratelimit-Remaining")) == "0"
	if none {
		v.empty, v.reset = hasReset, reset
		if interval, ok := seconds(h.Get("X-Ratelimit-Interval-Seconds")); !hasReset && (ok || hasAfter) {
			v.empty, v.reset = true, cmp.Or(after, interval) // a bucket: an interval brings -FillRate tokens
		}
	}

	speaks := ""
	switch resp.StatusCode {
	case http.StatusOK:
		if strings.HasSuffix(asked.URL.Path, "/graphql") {
			speaks = graphqlLimit(body)
		}
		if speaks == "" {
			return v
		}
	case http.StatusForbidden:
		speaks = messageLimit(body)
		if speaks == "" && !none && !hasAfter {
			return v
		}
	case http.StatusTooManyRequests:
		speaks = messageLimit(body)
		if s, ok := seconds(h.Get("Ratelimit-Reset")); ok && !hasAfter && !hasReset {
			after, hasAfter = s, true
		}
	case http.StatusServiceUnavailable:
		if v.kind = broken; !hasAfter || after == 0 {
			return v
		}
		speaks = "down"
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		v.kind = broken
		return v
	case http.StatusProxyAuthRequired:
		v.kind = barred
		return v
	default:
		return v
	}

	v.kind = limited
	v.reason = cmp.Or(speaks, "rate limit")
	if reason := word(h.Get("Ratelimit-Reason")); reason != "" {
		v.reason = "rate limit " + reason
	}
	left := h.Get("X-Ratelimit-Remaining") != "" && !none
	switch {
	case after > 0:
		// It speaks of this very refusal. A reset beside it is of a quota, or of a minute (Jira), and an
		// interval fills the whole bucket where one token is enough.
		v.asked, v.empty = after, false
	case v.empty:
		v.scope, v.asked = v.resource, v.reset
		v.reason += of(v.resource)
	case hasAfter:
		v.asked = 0
	case hasReset && !left: // with requests left the reset is the primary limit's, and says nothing of this one
		v.asked = reset
	default:
		v.silent = true
	}
	return v
}

// of is " of core", and nothing of nothing.
func of(resource string) string {
	if resource == "" {
		return ""
	}
	return " of " + resource
}

// resourceOf guesses which of GitHub's limits a request counts against, since only answers say
// (docs.github.com, REST API endpoints for rate limits). On another service the guess is never shut.
func resourceOf(req *http.Request) string {
	p := req.URL.Path
	p = strings.TrimPrefix(p, "/api/v3") // GitHub Enterprise
	switch {
	case strings.HasSuffix(p, "/graphql"):
		return "graphql"
	case strings.HasPrefix(p, "/search/code"):
		return "code_search"
	case strings.HasPrefix(p, "/search/"):
		return "search"
	}
	return "core"
}

// messageLimit says which limit an error's message speaks of, "" where of none.
func messageLimit(body []byte) string {
	var said struct {
		Message string `json:"message"`
		URL     string `json:"documentation_url"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	return limitIn(said.Message, said.URL)
}

func limitIn(message, url string) string {
	message, url = strings.ToLower(message), strings.ToLower(url)
	switch {
	case strings.Contains(message, "secondary rate limit"), strings.Contains(message, "abuse detection"),
		strings.HasSuffix(url, "secondary-rate-limits"), strings.HasSuffix(url, "abuse-rate-limits"):
		return secondary
	case strings.Contains(message, "rate limit exceeded"):
		return "rate limit"
	}
	return ""
}

// graphqlLimit says which limit the errors of a GraphQL answer speak of.
func graphqlLimit(body []byte) string {
	// Nearly every answer ends here, without being decoded a second time.
	if !bytes.Contains(body, []byte(`"errors"`)) {
		return ""
	}
	var said struct {
		Errors []struct {
			Type    string `json:"type"`
			Message string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	for _, e := range said.Errors {
		if limit := limitIn(e.Message, ""); limit != "" {
			return limit
		}
		if e.Type == "RATE_LIMITED" || e.Type == "RATE_LIMIT" {
			return "rate limit"
		}
	}
	return ""
}

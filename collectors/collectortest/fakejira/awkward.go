package fakejira

// The bad habits of services, proxies and imports.

import (
	"net/http"
	"strconv"
	"time"
)

// Awkward is what a site does that it should not. Several may be set at once.
type Awkward struct {
	Login     bool   // every answer is a login page, with status 200
	SameToken bool   // Cloud: the token of a page leads to that page again, for ever
	OldShape  bool   // Cloud: pages as before 2025 and of some proxies: startAt and total, no token, no isLast
	NoLast    bool   // Cloud: isLast is missing
	Twice     bool   // the last issue of a page comes again as the first of the next one
	Retyped   string // id of an issue in which points, severity, labels and description are of other types
	Redated   string // id of an issue whose updated date is in another format: "23/Nov/26 9:15 AM"
}

// Set makes the site awkward, and the zero value makes it good again.
func (s *Site) Set(a Awkward) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.awkward = a
}

// Limit makes the next n requests answer 429: with Retry-After, or, where retry is 0, on Cloud only with
// the minute in which the limit is lifted.
func (s *Site) Limit(n int, retry time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limited, s.retry = n, retry
}

const login = `<!DOCTYPE html>
<html lang="en"><head><title>Log in to continue - Log in with Atlassian account</title></head>
<body><form id="form-login" method="post"><input name="username"><button id="login-submit">Continue</button></form></body></html>
`

// tooMany is a 429. The header names of Cloud and their ISO reset are from Atlassian's documentation of
// its rate limits, those of Data Center from its own; neither was seen live.
func (s *Site) tooMany(q *request) (int, []byte) {
	seconds := int((s.retry + time.Second - 1) / time.Second)
	h := q.header
	if s.opt.Cloud {
		if s.retry > 0 {
			h.Set("Retry-After", strconv.Itoa(seconds))
		}
		h.Set("X-RateLimit-Limit", "100")
		h.Set("X-RateLimit-Remaining", "0")
		h.Set("X-RateLimit-NearLimit", "true")
		h.Set("X-RateLimit-Reset", s.clock().Add(s.retry+time.Minute-1).Truncate(time.Minute).Format("2006-01-02T15:04Z"))
		h.Set("RateLimit-Reason", "jira-burst-based")
	} else {
		h.Set("X-RateLimit-Limit", "100")
		h.Set("X-RateLimit-Remaining", "0")
		h.Set("X-RateLimit-Interval-Seconds", "60")
		h.Set("X-RateLimit-FillRate", "10")
		h.Set("Retry-After", strconv.Itoa(seconds))
	}
	return s.wrong(http.StatusTooManyRequests, "Rate limit exceeded.")
}

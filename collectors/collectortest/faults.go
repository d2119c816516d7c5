// What networks and services do to an answer on its way.

package collectortest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Fault is one way in which a request goes wrong.
type Fault struct {
	Name string

	// Passing is for what a transport waits out or tries again: if it happens once, nobody need know.
	// Any other fault may cost the night a part, but then there is a gap that says so.
	Passing bool

	// Says are words of which the gap has at least one, whatever their case, where the fault stays: what
	// was found instead of an answer.
	Says []string

	// Answer is what the client gets for r; next is the service. Now is the service's clock.
	Answer func(now time.Time, r *http.Request, next http.RoundTripper) (*http.Response, error)
}

// Faults goes between a client and a service and spoils the requests that On picks, which it counts
// from 1. It is safe for use by several goroutines.
type Faults struct {
	Next http.RoundTripper
	Now  func() time.Time // the service's clock
	On   func(n int, r *http.Request) (Fault, bool)

	mu sync.Mutex
	n  int
}

// RoundTrip hands r on, or spoils it.
func (f *Faults) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	f.n++
	fault, spoil := f.On(f.n, r)
	f.mu.Unlock()
	if !spoil {
		return f.Next.RoundTrip(r)
	}
	return fault.Answer(f.Now(), r, f.Next)
}

// EveryFault are the faults that any service and the way to it can have.
func EveryFault() []Fault {
	return []Fault{
		{Name: "connection refused", Passing: true, Says: []string{"refused"}, Answer: fails("dial", syscall.ECONNREFUSED)},
		{Name: "connection reset", Passing: true, Says: []string{"reset"}, Answer: fails("read", syscall.ECONNRESET)},
		{Name: "an answer cut in the middle", Passing: true, Says: []string{"unexpected EOF", "cut"}, Answer: cut},
		{Name: "a body that never ends", Passing: true, Says: []string{"deadline", "timeout", "time out", "within", "slow"}, Answer: slow},
		{Name: "429 with Retry-After", Passing: true, Says: []string{"429", "limit"},
			Answer: status(429, "Too many requests", "Retry-After", "30")},
		{Name: "429 with Retry-After as a date", Passing: true, Says: []string{"429", "limit"},
			Answer: func(now time.Time, r *http.Request, next http.RoundTripper) (*http.Response, error) {
				return status(429, "Too many requests", "Retry-After", now.Add(time.Minute).UTC().Format(http.TimeFormat))(now, r, next)
			}},
		{Name: "429 without a word of when", Passing: true, Says: []string{"429", "limit"}, Answer: status(429, "Too many requests")},
		{Name: "502", Passing: true, Says: []string{"502"}, Answer: status(502, "<html><h1>Bad gateway</h1></html>", "Content-Type", "text/html")},
		{Name: "503", Passing: true, Says: []string{"503"}, Answer: status(503, "")},
		{Name: "503 with Retry-After", Passing: true, Says: []string{"503", "unavailable", "down"}, Answer: status(503, "down for maintenance", "Retry-After", "120")},
		{Name: "504", Passing: true, Says: []string{"504"}, Answer: status(504, "<html><h1>Gateway timeout</h1></html>", "Content-Type", "text/html")},

		{Name: "500", Says: []string{"500"}, Answer: status(500, `{"message":"Internal server error"}`)},
		{Name: "401", Says: []string{"401"}, Answer: status(401, `{"message":"Bad credentials","errorMessages":["Client must be authenticated to access this resource."]}`)},
		{Name: "403", Says: []string{"403"}, Answer: status(403, `{"message":"Resource not accessible by personal access token","errorMessages":["You do not have permission."]}`)},
		{Name: "400 of a gateway that quotes the token", Says: []string{"400"}, Answer: quoting},
		{Name: "JSON that breaks off, with status 200", Says: []string{"json", "unexpected", "cut"}, Answer: status(200, `{"issues":[{"id":"1","fie`)},
		{Name: "JSON of something else, with status 200", Says: []string{"json", "issues", "unexpected", "expected", "maintenance"},
			Answer: status(200, `{"maintenance":{"until":"tomorrow"}}`)},
		{Name: "a login page with status 200", Says: []string{"html", "login", "log in", "<"},
			Answer: status(200, "<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><form action=\"/login\"></form></body></html>", "Content-Type", "text/html; charset=utf-8")},
		{Name: "nothing at all with status 200", Says: []string{"empty", "nothing", "EOF", "json"}, Answer: status(200, "")},
	}
}

// GitHubLimits are GitHub's two rate limits in their disguises: each comes as 403 or 429, and the
// secondary one with or without Retry-After.
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
func GitHubLimits() []Fault {
	const (
		primary   = `{"message":"API rate limit exceeded for user ID 1.","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"}`
		secondary = `{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again.","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`
	)
	var list []Fault
	for _, code := range []int{403, 429} {
		list = append(list,
			Fault{Name: fmt.Sprintf("GitHub's primary limit as %d", code), Passing: true, Says: []string{strconv.Itoa(code), "rate limit"},
				Answer: func(now time.Time, r *http.Request, next http.RoundTripper) (*http.Response, error) {
					return status(code, primary, "X-Ratelimit-Limit", "5000", "X-Ratelimit-Remaining", "0", "X-Ratelimit-Used", "5000",
						"X-Ratelimit-Resource", "core", "X-Ratelimit-Reset", strconv.FormatInt(now.Add(20*time.Minute).Unix(), 10))(now, r, next)
				}},
			Fault{Name: fmt.Sprintf("GitHub's secondary limit as %d with Retry-After", code), Passing: true, Says: []string{strconv.Itoa(code), "rate limit"},
				Answer: status(code, secondary, "Retry-After", "60", "X-Ratelimit-Limit", "5000", "X-Ratelimit-Remaining", "4321")},
			Fault{Name: fmt.Sprintf("GitHub's secondary limit as %d without Retry-After", code), Passing: true, Says: []string{strconv.Itoa(code), "rate limit"},
				Answer: status(code, secondary, "X-Ratelimit-Limit", "5000", "X-Ratelimit-Remaining", "4321")},
		)
	}
	return list
}

// JiraLimits are the rate limits of Jira Cloud, whose reset is a time in ISO 8601 to the minute, and of
// Jira Data Center. https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
func JiraLimits() []Fault {
	return []Fault{
		{Name: "Jira's burst limit", Passing: true, Says: []string{"429", "limit"},
			Answer: status(429, "Rate limit exceeded.", "Retry-After", "5", "RateLimit-Reason", "jira-burst-based", "X-RateLimit-Limit", "100", "X-RateLimit-Remaining", "0")},
		{Name: "Jira's quota with a reset in ISO 8601 and no Retry-After", Passing: true, Says: []string{"429", "limit"},
			Answer: func(now time.Time, r *http.Request, next http.RoundTripper) (*http.Response, error) {
				reset := now.Add(20 * time.Minute).UTC().Truncate(time.Minute).Format("2006-01-02T15:04Z")
				return status(429, "Rate limit exceeded.", "RateLimit-Reason", "jira-quota-tenant-based",
					"X-RateLimit-Limit", "65000", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset)(now, r, next)
			}},
		{Name: "Data Center's token bucket", Passing: true, Says: []string{"429", "limit"},
			Answer: status(429, "Rate limit exceeded.", "Retry-After", "1", "X-RateLimit-Limit", "10", "X-RateLimit-Remaining", "0",
				"X-RateLimit-Interval-Seconds", "60", "X-RateLimit-FillRate", "10")},
	}
}

// fails is a request that gets no answer.
func fails(op string, errno syscall.Errno) func(time.Time, *http.Request, http.RoundTripper) (*http.Response, error) {
	return func(_ time.Time, r *http.Request, _ http.RoundTripper) (*http.Response, error) {
		closeBody(r)
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		return nil, &net.OpError{Op: op, Net: "tcp", Err: errno}
	}
}

// status is an answer of the fault's own, with headers in pairs.
func status(code int, body string, headers ...string) func(time.Time, *http.Request, http.RoundTripper) (*http.Response, error) {
	return func(now time.Time, r *http.Request, _ http.RoundTripper) (*http.Response, error) {
		return Wire(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.Header().Set("Content-Type", "application/json;charset=UTF-8")
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(code)
			io.WriteString(w, body)
		})).RoundTrip(r)
	}
}

// quoting is a refusal that quotes what the request is authorised with, as it came and as JSON may write
// it, too.
func quoting(now time.Time, r *http.Request, next http.RoundTripper) (*http.Response, error) {
	sent := r.Header.Get("Authorization")
	said := fmt.Sprintf("Bad Request: malformed header 'Authorization: %s' (%s)", sent, secretIn(sent))
	message, err := json.Marshal(said)
	if err != nil {
		return nil, err
	}
	escaped := bytes.ReplaceAll(bytes.ReplaceAll(message, []byte("-"), []byte(`\u002d`)), []byte("="), []byte(`\u003d`))
	return status(400, fmt.Sprintf(`{"message":%s,"errorMessages":[%s,%[2]s]}`, message, escaped))(now, r, next)
}

// secretIn is the secret in what a request is authorised with: the token, or the password of a pair.
func secretIn(authorization string) string {
	_, value, _ := strings.Cut(authorization, " ")
	if pair, err := base64.StdEncoding.DecodeString(value); err == nil {
		if _, password, ok := strings.Cut(string(pair), ":"); ok {
			return password
		}
	}
	return value
}

// cut is the service's own answer, of which the latter half never comes.
func cut(_ time.Time, r *http.Request, next http.RoundTripper) (*http.Response, error) {
	resp, whole, err := taken(r, next)
	if err != nil {
		return nil, err
	}
	resp.ContentLength = int64(max(len(whole), 2))
	resp.Header.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), failing{io.ErrUnexpectedEOF}))
	return resp, nil
}

// slow is the service's own answer, of which the latter half is awaited until somebody loses patience.
func slow(_ time.Time, r *http.Request, next http.RoundTripper) (*http.Response, error) {
	resp, whole, err := taken(r, next)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(r.Context())
	resp.Body = &arriving{
		Reader: io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), waiting{ctx}),
		close:  func() error { cancel(); return nil },
	}
	return resp, nil
}

// taken is the service's answer with its whole body.
func taken(r *http.Request, next http.RoundTripper) (*http.Response, []byte, error) {
	resp, err := next.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, body, err
}

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }

type waiting struct{ ctx context.Context }

func (w waiting) Read([]byte) (int, error) {
	<-w.ctx.Done()
	return 0, w.ctx.Err()
}

// named says whether s has one of the words, whatever their case.
func named(s string, words []string) bool {
	s = strings.ToLower(s)
	for _, w := range words {
		if strings.Contains(s, strings.ToLower(w)) {
			return true
		}
	}
	return false
}

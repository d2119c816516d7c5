package transport

// One request of a caller, and the attempts it takes. go-retryablehttp turns the wheel: it rewinds the
// body, pauses and ends with the context. What an attempt came to, whether there is another and how long
// the pause is, is decided here.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// RoundTrip asks until there is a whole answer, an error that asking again would not mend, or no more
// attempts or patience. Its errors are an [*Error], or the context's own where that has ended. All
// requests of firebreak are questions, so a POST (a search) is asked again like a GET.
//
// X-RateLimit-Remaining and X-RateLimit-Reset are not in the answer. What they ask for is done here, with
// the service's own clock and for all who ask. go-github v60 reads them, too: having seen a remaining 0
// it refuses to ask until this machine's clock has come to the reset, and returns an error where a wait
// of a minute was all that the service wanted.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	c := &call{t: t, asked: req, began: time.Now()}
	question := &retryablehttp.Request{Request: req.WithContext(req.Context())}
	if req.Body != nil && req.Body != http.NoBody {
		body, err := io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, c.fail(fmt.Errorf("the request's own body cannot be read: %w", err), "")
		}
		if err := question.SetBody(body); err != nil {
			return nil, c.fail(err, "")
		}
	}
	if req.URL == nil || originOf(req.URL) == "" {
		return nil, c.fail(errors.New("this is no address that can be asked"), "Write it with http:// or https:// and a host.")
	}
	engine := retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: c,
			// Where a redirect leads is for the caller's http.Client to follow: it comes here again, as a
			// request to another place, with no token unless that is the origin, too.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax:     math.MaxInt32, // again decides
		CheckRetry:   c.again,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return c.pause },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	defer c.leave()
	_, err := engine.Do(question)
	if c.done {
		return c.resp, nil
	}
	return nil, err
}

// call is one request of a caller under way. One goroutine at a time has it.
type call struct {
	t     *Transport
	asked *http.Request // as the caller made it: without the token
	began time.Time

	attempts int    // on the wire
	faults   int    // of them, those that are counted against Options.Attempts
	limits   int    // of them, those that met a limit
	turn     bool   // it is the one of its desk that asks
	status   int    // of the latest answer, 0 where the latest attempt brought none
	resource string // whose limit the latest answer spoke of

	resp  *http.Response // of the latest attempt, body whole; nil where there was none
	body  []byte
	came  time.Time // when its headers came
	err   error     // of the latest attempt
	done  bool      // resp is the caller's
	pause time.Duration
}

// RoundTrip is one attempt, for the engine. What came of it stays in the call, since the http.Client in
// between words errors anew, URL and all, and makes an error of an answer whose Location it cannot read.
func (c *call) RoundTrip(req *http.Request) (*http.Response, error) {
	c.resp, c.body, c.err = nil, nil, nil
	if c.err = c.t.admit(req.Context(), c); c.err == nil {
		c.resp, c.body, c.err = c.attempt(req)
	}
	return c.resp, c.err
}

// again judges the latest attempt: whether there is another, or which error there is instead.
func (c *call) again(ctx context.Context, _ *http.Response, engine error) (bool, error) {
	c.pause = 0
	defer c.leave() // when the gates are shut that the answer shuts
	switch {
	case c.err != nil && ctx.Err() != nil:
		return false, ctx.Err()
	case c.err != nil:
		if beyond, ok := c.err.(*Error); ok {
			return false, beyond // out of patience
		}
		c.status = 0
		f := faultOf(c.err)
		return c.repeat(f.most, c.err, f.remedy)
	case c.resp == nil: // the engine's own client would not even try
		return false, c.fail(engine, "")
	}
	c.status = c.resp.StatusCode
	now := c.came
	served := c.t.tell(c.resp, now)
	v := judge(c.resp, c.body, c.asked, served)
	c.resource = v.resource
	if v.empty {
		c.t.shut(v.resource, v.reset, now, served, c.t.Scrub("rate limit"+of(v.resource)))
	}
	switch v.kind {
	case limited:
		c.limits++
		c.t.shut(v.scope, v.wait(c.limits, c.t.pause), now, served, c.t.Scrub(v.reason))
		return true, nil
	case broken:
		return c.repeat(c.t.attempts, fmt.Errorf("answered %s%s", status(c.resp.StatusCode), c.said()), brokenRemedy)
	case barred:
		return false, c.fail(fmt.Errorf("a proxy in between answered %s", status(c.resp.StatusCode)), proxyRemedy)
	}
	c.resp.Request = c.asked
	c.resp.Header.Del("X-Ratelimit-Remaining")
	c.resp.Header.Del("X-Ratelimit-Reset")
	c.done = true
	return false, nil
}

// repeat pauses for another attempt, or ends where the most that this fault is worth have been made.
func (c *call) repeat(most int, err error, remedy string) (bool, error) {
	c.faults++
	if c.faults >= min(most, c.t.attempts) {
		return false, c.fail(err, remedy)
	}
	d := grow(c.t.pause, c.faults-1, max(time.Minute, c.t.pause))
	c.pause = d/2 + rand.N(d+1) // half to one and a half: those who failed together do not return together
	return true, nil
}

// attempt asks once, and reads the answer whole.
func (c *call) attempt(req *http.Request) (*http.Response, []byte, error) {
	t := c.t
	ctx, cancel := context.WithTimeout(req.Context(), t.timeout)
	defer cancel()
	out, err := c.dress(req.Clone(ctx))
	if err != nil {
		return nil, nil, err
	}
	c.attempts++
	t.sent.Add(1)
	began := time.Now()
	resp, err := t.base.RoundTrip(out)
	c.came = time.Now()
	code := 0
	var body []byte
	if err == nil {
		code = resp.StatusCode
		body, err = whole(resp, req.Method, t.maxBody)
	}
	if err != nil && req.Context().Err() == nil && ctx.Err() != nil {
		err = slow{after: t.timeout, code: code}
	}
	if t.log.Enabled(ctx, slog.LevelDebug) {
		t.log.LogAttrs(ctx, slog.LevelDebug, "request", c.attrs(code, len(body), time.Since(began), err)...)
	}
	if err != nil {
		return nil, nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if req.Method != http.MethodHead {
		resp.ContentLength = int64(len(body))
	}
	return resp, body, nil
}

package transport

// What goes out and what comes in: who asks, and a body to its end.

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// dress puts on what every attempt carries. out is a copy of the caller's request and stays here.
func (c *call) dress(out *http.Request) (*http.Request, error) {
	if c.t.agent != "" {
		out.Header.Set("User-Agent", c.t.agent)
	}
	// Asking for it ourselves, we unpack it ourselves, and so count what comes over the wire as well as
	// what it unpacks to, whoever carries the attempt.
	if out.Header.Get("Accept-Encoding") == "" && out.Header.Get("Range") == "" && out.Method != http.MethodHead {
		out.Header.Set("Accept-Encoding", "gzip")
	}
	// The Referer that http.Client adds to a redirect would tell another host what was asked for.
	out.Header.Del("Referer")
	if c.t.auth != nil && originOf(out.URL) == c.t.origin {
		c.t.auth(out)
		if !httpguts.ValidHeaderFieldValue(out.Header.Get("Authorization")) {
			return nil, errUnfit
		}
	}
	return out, nil
}

// whole reads an answer's body to its end and closes it.
func whole(resp *http.Response, method string, limit int64) ([]byte, error) {
	if resp.Body == nil {
		return nil, nil
	}
	defer resp.Body.Close()
	none := method == http.MethodHead || resp.StatusCode == http.StatusNoContent || resp.StatusCode == http.StatusNotModified
	if none {
		return nil, nil
	}
	if resp.ContentLength > limit {
		return nil, large{limit}
	}
	wire := &counter{r: resp.Body}
	var from io.Reader = wire
	encoding := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding")))
	switch encoding {
	case "", "identity":
	case "gzip", "x-gzip":
		if resp.Uncompressed {
			break
		}
		z, err := gzip.NewReader(wire)
		if errors.Is(err, io.EOF) && wire.n == 0 {
			from = wire // an empty body needs no packing
			break
		}
		if err != nil {
			return nil, torn{fmt.Errorf("the answer (%s) is not the gzip that it says it is: %w", status(resp.StatusCode), err)}
		}
		from = z
		resp.Uncompressed = true
		resp.Header.Del("Content-Encoding")
		resp.Header.Del("Content-Length")
	default:
		return nil, foreign{encoding}
	}
	var body bytes.Buffer
	if resp.ContentLength > 0 {
		body.Grow(int(min(resp.ContentLength, 1<<20)) + bytes.MinRead) // what it says, but no more on its word than a megabyte
	}
	n, err := body.ReadFrom(io.LimitReader(from, limit+1))
	switch {
	case err != nil:
		return nil, torn{fmt.Errorf("the answer (%s) was cut after %d bytes: %w", status(resp.StatusCode), n, err)}
	case n > limit:
		return nil, large{limit}
	case resp.ContentLength >= 0 && wire.n != resp.ContentLength:
		return nil, torn{fmt.Errorf("the answer (%s) has %d bytes where it says %d: %w", status(resp.StatusCode), wire.n, resp.ContentLength, io.ErrUnexpectedEOF)}
	}
	return body.Bytes(), nil
}

// counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

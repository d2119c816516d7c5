// The network, in memory.

package collectortest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
)

// Wire leads every request, whatever its host, to h, without a socket: what a client sees is what it
// would see of an [http.Server] (an answer shorter than its Content-Length is an unexpected end, a
// handler that panics with [http.ErrAbortHandler] a connection that broke, a request whose context ends
// an error at once), and in a bubble of testing/synctest nothing of it keeps time from passing. An
// answer has a Date only if h gives it one.
func Wire(h http.Handler) http.RoundTripper { return wire{h} }

type wire struct{ handler http.Handler }

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		closeBody(r)
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	body, in := io.Pipe()
	a := &answer{request: r, header: http.Header{}, body: in, started: make(chan struct{})}
	go func() {
		defer closeBody(r)
		err := serve(w.handler, a, served(ctx, r))
		if err == nil {
			err = context.Cause(ctx) // a handler that ends because its client has gone has not answered
		}
		a.end(err)
	}()
	// The reader must hear of the end of the context even while the handler says nothing.
	stop := context.AfterFunc(ctx, func() { in.CloseWithError(context.Cause(ctx)) })
	select {
	case <-a.started:
	case <-ctx.Done():
		cancel()
		return nil, ctx.Err()
	}
	if a.broken != nil {
		stop()
		cancel()
		return nil, a.broken
	}
	a.response.Body = &arriving{Reader: body, close: func() error {
		stop()
		cancel()
		return body.Close()
	}}
	return a.response, nil
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		r.Body.Close()
	}
}

// served is r as a server sees it.
func served(ctx context.Context, r *http.Request) *http.Request {
	s := r.Clone(ctx)
	if s.Body == nil {
		s.Body = http.NoBody
	}
	if s.Host == "" {
		s.Host = r.URL.Host
	}
	s.URL = &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	s.RequestURI = s.URL.RequestURI()
	s.RemoteAddr = "192.0.2.1:1234" // for documentation, RFC 5737
	if s.UserAgent() == "" {
		s.Header.Set("User-Agent", "Go-http-client/1.1")
	}
	return s
}

// serve gives what ended the answer before its time.
func serve(h http.Handler, a *answer, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = errors.New("connection reset by peer")
		default:
			err = fmt.Errorf("the fake service panicked: %v", p)
		}
	}()
	h.ServeHTTP(a, r)
	return nil
}

// answer is the server's side of a response.
type answer struct {
	request *http.Request
	header  http.Header
	body    *io.PipeWriter

	once     sync.Once
	started  chan struct{} // closed once response or broken is there
	response *http.Response
	broken   error
	declared int64 // Content-Length, -1 if the handler gave none
	written  int64
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	a.once.Do(func() {
		a.declared = -1
		if n, err := strconv.ParseInt(a.header.Get("Content-Length"), 10, 64); err == nil {
			a.declared = n
		}
		a.response = &http.Response{
			Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: a.header.Clone(), ContentLength: a.declared, Request: a.request,
		}
		close(a.started)
	})
}

// Write gives the client b, when it gets round to reading it.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.silent() {
		return 0, http.ErrBodyNotAllowed
	}
	if a.declared >= 0 && a.written+int64(len(b)) > a.declared {
		return 0, http.ErrContentLength
	}
	n, err := a.body.Write(b)
	a.written += int64(n)
	return n, err
}

// silent says that the answer has no body by the rules of HTTP.
func (a *answer) silent() bool {
	s := a.response.StatusCode
	return a.request.Method == http.MethodHead || s == http.StatusNoContent || s == http.StatusNotModified || s < 200
}

// Flush is there for handlers that ask for it; nothing is held back.
func (a *answer) Flush() { a.WriteHeader(http.StatusOK) }

// end is when the handler has returned, or was ended by err.
func (a *answer) end(err error) {
	if err != nil {
		a.once.Do(func() {
			a.broken = err
			close(a.started)
		})
		a.body.CloseWithError(err)
		return
	}
	a.WriteHeader(http.StatusOK)
	if !a.silent() && a.declared >= 0 && a.written < a.declared {
		a.body.CloseWithError(io.ErrUnexpectedEOF)
		return
	}
	a.body.Close()
}

// arriving is the client's side of a body.
type arriving struct {
	io.Reader
	once  sync.Once
	close func() error
	err   error
}

func (b *arriving) Close() error {
	b.once.Do(func() { b.err = b.close() })
	return b.err
}

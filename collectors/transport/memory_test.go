package transport

// A service in memory, for bubbles of fake time: what it is asked takes no time, so that all time that
// passes is pauses and waits.

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// serviceEpoch is what the service's clock shows when a bubble begins (whose own clock shows 2000-01-01):
// the two differ by decades, so that whatever is measured against the wrong one is far off.
var serviceEpoch = time.Date(2026, 3, 26, 15, 30, 0, 0, time.UTC)

var bubbleEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// serviceNow is the service's clock.
func serviceNow() time.Time { return serviceEpoch.Add(time.Since(bubbleEpoch)).UTC() }

// memory is a service that answers in memory. An empty header value takes the header away.
type memory struct {
	answer func(n int, r *http.Request) (answer, error) // n counts from 1

	mu   sync.Mutex
	seen []seen
}

type seen struct {
	at     time.Duration // since the bubble began
	header http.Header
	url    string
	body   string
}

type answer struct {
	status int
	header map[string]string
	body   string
}

func (m *memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
		r.Body.Close()
	}
	m.mu.Lock()
	m.seen = append(m.seen, seen{time.Since(bubbleEpoch), r.Header.Clone(), r.URL.String(), string(sent)})
	n := len(m.seen)
	m.mu.Unlock()
	a, err := m.answer(n, r)
	if err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	w.Header().Set("Date", serviceNow().Format(http.TimeFormat))
	for k, v := range a.header {
		if v == "" {
			w.Header().Del(k)
			continue
		}
		w.Header().Set(k, v)
	}
	w.WriteHeader(a.status)
	io.WriteString(w, a.body)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

// times is when each attempt was made.
func (m *memory) times() []time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	var at []time.Duration
	for _, s := range m.seen {
		at = append(at, s.at)
	}
	return at
}

// then answers in turn, the last for ever.
func then(list ...answer) func(int, *http.Request) (answer, error) {
	return func(n int, _ *http.Request) (answer, error) { return list[min(n, len(list))-1], nil }
}

var fine = answer{status: 200, body: `{"whole":true}`}

const origin = "https://tracker.example"

func must(t *testing.T, o Options) *Transport {
	t.Helper()
	if o.Service == "" {
		o.Service = "tickets"
	}
	if o.Origin == "" {
		o.Origin = origin
	}
	tr, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// get asks and returns the whole answer.
func get(t *testing.T, rt http.RoundTripper, path string) (int, string, error) {
	t.Helper()
	resp, err := (&http.Client{Transport: rt}).Get(origin + path)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("an answer was handed up whose body fails: %v", err)
	}
	return resp.StatusCode, string(body), nil
}

// in is an instant of the service's clock, as the header of an answer that is given now.
func in(d time.Duration) string { return fmt.Sprint(serviceNow().Add(d).Unix()) }

// fault of a test's own wire.
var errReset = errors.New("read: connection reset by peer")

package collectortest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// over is a request over the wire to h, and its body.
func over(ctx context.Context, h http.HandlerFunc, body string) (*http.Response, string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://user@acme.example:8443/a%2Fb?q=1", strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	resp, err := Wire(h).RoundTrip(r)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return resp, string(got), err
}

func TestTheWireCarriesRequestAndAnswer(t *testing.T) {
	resp, got, err := over(t.Context(), func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Method+" "+r.Host+" "+r.RequestURI+" "+r.URL.Path)
		w.WriteHeader(http.StatusTeapot)
		w.Header().Set("X-Late", "is not sent")
		io.WriteString(w, "you said ")
		w.Write(b)
	}, "hello")
	if err != nil || got != "you said hello" || resp.StatusCode != http.StatusTeapot || resp.Header.Get("X-Late") != "" {
		t.Errorf("answer %v, %q, %v", resp, got, err)
	}
	if seen := resp.Header.Get("X-Seen"); seen != "POST acme.example:8443 /a%2Fb?q=1 /a/b" {
		t.Errorf("the server saw %q", seen)
	}
}

func TestAnAnswerShorterThanItSaysIsCut(t *testing.T) {
	resp, got, err := over(t.Context(), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		io.WriteString(w, "hello")
	}, "")
	if got != "hello" || !errors.Is(err, io.ErrUnexpectedEOF) || resp.ContentLength != 10 {
		t.Errorf("%q, %v; want what came, and an unexpected end", got, err)
	}
}

func TestAnAnswerLongerThanItSaysIsRefused(t *testing.T) {
	var wrote error
	_, got, err := over(t.Context(), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "3")
		_, wrote = io.WriteString(w, "hello")
	}, "")
	if !errors.Is(wrote, http.ErrContentLength) || !errors.Is(err, io.ErrUnexpectedEOF) || got != "" {
		t.Errorf("writing says %v, reading %q, %v", wrote, got, err)
	}
}

func TestAHandlerThatBreaksOffIsABrokenConnection(t *testing.T) {
	if _, _, err := over(t.Context(), func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ""); err == nil {
		t.Error("before the answer began, there is no error")
	}
	_, got, err := over(t.Context(), func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "hel")
		panic(http.ErrAbortHandler)
	}, "")
	if got != "hel" || err == nil {
		t.Errorf("in the middle: %q, %v; want an error", got, err)
	}
}

func TestAnAnswerWithoutBodyHasNone(t *testing.T) {
	resp, got, err := over(t.Context(), func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotModified)
		if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
			t.Errorf("a body may be written to a 304: %v", err)
		}
	}, "")
	if err != nil || got != "" || resp.StatusCode != http.StatusNotModified {
		t.Errorf("%v, %q, %v", resp, got, err)
	}
}

// Each ends its bubble: nobody is left behind, on neither side.
func TestAContextThatEndsFreesBothSides(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"before the answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"in its middle": func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "hel")
			<-r.Context().Done()
		},
		"while it is written": func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := io.WriteString(w, "hel"); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
				defer cancel()
				if _, _, err := over(ctx, h, ""); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v; want the context's error", err)
				}
				if took := time.Since(began); took != 90*time.Second {
					t.Errorf("it took %s", took)
				}
				time.Sleep(time.Second)
			})
		})
	}
}

func TestABodyThatIsClosedFreesTheHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://acme.example/", nil)
		resp, err := Wire(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, strings.Repeat("x", 1<<20))
			<-r.Context().Done()
		})).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	})
}

func TestEachFaultIsWhatItSays(t *testing.T) {
	const answer = `{"issues":[{"id":"1"}]}`
	want := map[string]string{ // what a client reads, or how its reading fails
		"connection refused": "dial tcp: connection refused", "connection reset": "read tcp: connection reset by peer",
		"an answer cut in the middle": `200 {"issues":[ unexpected EOF`, "a body that never ends": `200 {"issues":[ context deadline exceeded`,
		"JSON that breaks off, with status 200": `200 {"issues":[{"id":"1","fie`, "JSON of something else, with status 200": `200 {"maintenance"`,
		"a login page with status 200": "200 <!DOCTYPE html>", "nothing at all with status 200": "200 ",
	}
	code := regexp.MustCompile(`\b[45]\d\d\b`)
	for _, f := range append(append(EveryFault(), GitHubLimits()...), JiraLimits()...) {
		t.Run(f.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				service := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, answer) })
				faults := &Faults{Next: Wire(service), Now: time.Now, On: func(n int, _ *http.Request) (Fault, bool) { return f, n == 2 }}
				ask := func() string {
					r, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://acme.example/", nil)
					resp, err := faults.RoundTrip(r)
					if err != nil {
						return err.Error()
					}
					defer resp.Body.Close()
					b, err := io.ReadAll(resp.Body)
					got := fmt.Sprint(resp.StatusCode, " ", string(b))
					if err != nil {
						got += " " + err.Error()
					}
					return got
				}
				before, bad, after := ask(), ask(), ask()
				if before != "200 "+answer || !strings.HasPrefix(after, "200 "+answer) && ctx.Err() == nil {
					t.Errorf("the requests before and after are answered with %q and %q", before, after)
				}
				start, ok := want[f.Name]
				if c := code.FindString(f.Name); !ok && c != "" {
					start, ok = c+" ", true
				} else if !ok {
					start = "429 " // Jira's, which have no number in their names
				}
				if !strings.HasPrefix(bad, start) {
					t.Errorf("it is %q; want %q", bad, start)
				}
			})
		})
	}
}

package transport

import (
	"bytes"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const token = "not-a-real-token"

// What is sent as authorisation appears in no error, however it is printed, nor in the log, even where
// the service or the wire repeats what it was sent.
func TestNoSecretIsEverPrinted(t *testing.T) {
	pair := base64.StdEncoding.EncodeToString([]byte("bot@acme.com:" + token))
	secrets := []string{token, pair, "sesame"}
	echo := func(r *http.Request) string {
		return "you sent " + r.Header.Get("Authorization") + ", that is " + token
	}
	faults := map[string]func(n int, r *http.Request) (answer, error){
		"wire": func(_ int, r *http.Request) (answer, error) { return answer{}, errors.New(echo(r)) },
		"layer": func(_ int, r *http.Request) (answer, error) {
			return answer{}, &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New(echo(r))}
		},
		"status": func(_ int, r *http.Request) (answer, error) {
			return answer{status: 500, body: fmt.Sprintf(`{"message":%q}`, echo(r))}, nil
		},
		"limit": func(_ int, r *http.Request) (answer, error) {
			return answer{status: 429, body: fmt.Sprintf(`{"message":%q}`, echo(r)), header: map[string]string{"Retry-After": "99999", "RateLimit-Reason": echo(r), "X-RateLimit-Resource": token, "X-RateLimit-Remaining": "0"}}, nil
		},
		"encoding": func(_ int, r *http.Request) (answer, error) {
			return answer{status: 200, body: "x", header: map[string]string{"Content-Encoding": token}}, nil
		},
		"fine": func(_ int, r *http.Request) (answer, error) { return fine, nil },
	}
	for name, fault := range faults {
		for _, auth := range []Auth{Basic("bot@acme.com", token), Bearer(token), Keyed("Token token=", token), Keyed("GenieKey ", token)} {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				o := Options{Service: "tickets", Origin: origin, Auth: auth, Base: &memory{answer: fault}, Attempts: 2,
					Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
				tr := must(t, o)
				req, _ := http.NewRequest("GET", origin+"/a?access_token=sesame&api-key=sesame&X=1&clientSecret=sesame&jwt=sesame&Pass%77ord=sesame", nil)
				req.URL.User = url.UserPassword("bot", "sesame")
				resp, err := tr.RoundTrip(req)
				if (err == nil) != (name == "fine") {
					t.Fatalf("%s: %v", name, err)
				}
				var e *Error
				errors.As(err, &e)
				printed := log.String()
				o.Base, o.Log = carrier{}, nil // the memory remembers what it was asked
				for _, x := range []any{err, e, o, must(t, o), resp} {
					for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
						printed += fmt.Sprintf(verb, x) + "\n"
					}
				}
				for wrapped := err; wrapped != nil; wrapped = errors.Unwrap(wrapped) {
					printed += fmt.Sprintf("%v %+v %#v\n", wrapped, wrapped, wrapped)
				}
				if resp != nil {
					printed += fmt.Sprintf("%+v %+v", resp.Request, resp.Header)
					printed = strings.ReplaceAll(printed, "sesame", "") // the caller's own request, as it made it
				}
				for _, secret := range secrets {
					if i := strings.Index(printed, secret); i >= 0 {
						t.Errorf("%s: %q is in …%s…", name, secret, printed[max(0, i-100):i+len(secret)])
					}
				}
				if !strings.Contains(log.String(), "X=1") || !strings.Contains(log.String(), "attempt=1") {
					t.Errorf("the log says nothing: %s", log.String())
				}
			})
		}
	}
}

func TestATokenThatNoHeaderCanCarryIsNotPrintedEither(t *testing.T) {
	m := &memory{answer: then(fine)}
	_, _, err := get(t, must(t, Options{Base: m, Auth: Bearer("not-a-real\ntoken")}), "/a")
	var e *Error
	if !errors.As(err, &e) || e.Attempts != 0 || len(m.seen) != 0 || strings.Contains(err.Error(), "not-a-real") || !strings.Contains(err.Error(), "line break") {
		t.Error(err)
	}
}

func TestALongQueryIsCut(t *testing.T) {
	u, _ := url.Parse("https://tracker.example/search?jql=" + url.QueryEscape(strings.Repeat("é", 500)) + "#part")
	if s := show(u); len(s) > 250 || !strings.HasSuffix(s, "…") || !strings.HasPrefix(s, "https://tracker.example/search?jql=%C3%A9%C3%A9") {
		t.Error(s)
	}
	u.RawQuery = "jql=" + strings.Repeat("é", 500)
	if s := show(u); strings.ContainsRune(s, '\uFFFD') || len(s) > 250 {
		t.Error(s)
	}
}

var update = flag.Bool("update", false, "accept what the errors say now")

// What a person reads, each kind of failure on its line: to be read as a whole when it changes.
func TestWhatErrorsSay(t *testing.T) {
	h := func(kv ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return m
	}
	var said strings.Builder
	for _, row := range []struct {
		name string
		answer
		err error
	}{
		{"status", answer{status: 502}, nil},
		{"status with a message", answer{status: 500, body: `{"errorMessages":["Internal error"]}`}, nil},
		{"proxy", answer{status: 407}, nil},
		{"primary limit", answer{status: 403, body: primaryBody, header: h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1774547400", "X-RateLimit-Resource", "core")}, nil},
		{"secondary limit", answer{status: 403, body: secondaryBody, header: h("Retry-After", "7200")}, nil},
		{"Jira's limit", answer{status: 429, header: h("X-RateLimit-Reset", "2026-03-27T00:00Z", "RateLimit-Reason", "jira-quota-tenant-based")}, nil},
		{"maintenance", answer{status: 503, header: h("Retry-After", "Thu, 26 Mar 2026 22:00:00 GMT")}, nil},
		{"too large", answer{status: 200, header: h("Content-Length", "99999999999")}, nil},
		{"short", answer{status: 200, header: h("Content-Length", "100"), body: "{"}, nil},
		{"encoding", answer{status: 200, header: h("Content-Encoding", "zstd")}, nil},
		{"slow", answer{}, slow{after: time.Minute}},
		{"slow to end", answer{}, slow{after: time.Minute, code: 200}},
		{"reset", answer{}, errReset},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := &memory{answer: func(int, *http.Request) (answer, error) { return row.answer, row.err }}
			req, _ := http.NewRequest("GET", origin+"/rest/api/3/field", nil)
			_, err := must(t, Options{Base: m}).RoundTrip(req)
			if err == nil {
				t.Fatal(row.name)
			}
			// The pauses are jittered.
			text := regexp.MustCompile(` times in \d+ s`).ReplaceAllString(err.Error(), " times in N s")
			fmt.Fprintf(&said, "%s\n\t%s\n", row.name, text)
		})
	}
	name := filepath.Join("testdata", "errors.txt")
	if *update {
		os.MkdirAll("testdata", 0o755)
		if err := os.WriteFile(name, []byte(said.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if said.String() != string(want) {
		t.Errorf("errors say now (-update accepts):\n%s", said.String())
	}
}

// One request through all layers, carried by memory: what the transport itself costs.
func BenchmarkRequest(b *testing.B) {
	body := `{"issues":[` + strings.Repeat(`{"id":"1"},`, 5000) + `{}]}`
	for name, c := range map[string]carrier{"small": {body: "{}"}, "55KB": {body: body}, "55KB packed": {body: packed(body), header: http.Header{"Content-Encoding": {"gzip"}}}} {
		b.Run(name, func(b *testing.B) {
			tr, err := New(Options{Service: "tickets", Origin: origin, Auth: Bearer(token), Agent: "firebreak/v0", Base: c, Pace: 1e9})
			if err != nil {
				b.Fatal(err)
			}
			req, _ := http.NewRequest("GET", origin+"/rest/api/3/search/jql?jql=project+%3D+SUP", nil)
			b.ReportAllocs()
			for b.Loop() {
				resp, err := tr.RoundTrip(req)
				if err != nil {
					b.Fatal(err)
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		})
	}
}

// carrier answers with as little as there is.
type carrier struct {
	body   string
	header http.Header
}

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	h := c.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Date", "Thu, 26 Mar 2026 15:30:00 GMT")
	return &http.Response{StatusCode: 200, Header: h, Body: io.NopCloser(strings.NewReader(c.body)), ContentLength: int64(len(c.body)), Request: r}, nil
}

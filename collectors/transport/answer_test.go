package transport

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	secondaryBody = `{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again.","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`
	primaryBody   = `{"message":"API rate limit exceeded for user ID 1.","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"}`
	forbiddenBody = `{"message":"Resource not accessible by personal access token","documentation_url":"https://docs.github.com/rest/issues/issues#list-repository-issues"}`
)

// The table of the package comment, a row for every disguise that is known: what a service answers, twice,
// before it answers well; when it is asked again; and what the caller gets.
func TestWhichAnswerLeadsToWhat(t *testing.T) {
	const (
		s      = time.Second
		m      = time.Minute
		pause  = -1 // a fault: a pause of its own, jittered
		direct = -2 // handed to the caller
	)
	h := func(kv ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return m
	}
	for _, row := range []struct {
		name   string
		path   string
		status int
		header func() map[string]string
		body   string
		first  time.Duration // until it is asked again
		second time.Duration // and once more
	}{
		{"ok", "/a", 200, nil, "{}", direct, 0},
		{"not modified", "/a", 304, nil, "", direct, 0},
		{"a redirect to nowhere", "/a", 302, func() map[string]string { return h("Location", "://%zz") }, "", direct, 0},
		{"bad request", "/a", 400, nil, `{"errorMessages":["Error in the JQL Query"]}`, direct, 0},
		{"not authorised", "/a", 401, nil, "", direct, 0},
		{"not found", "/a", 404, nil, "", direct, 0},
		{"gone", "/a", 410, nil, "", direct, 0},
		{"unprocessable", "/a", 422, nil, "", direct, 0},
		{"not implemented", "/a", 501, nil, "", direct, 0},
		{"a login page", "/a", 200, nil, "<html>rate limit exceeded</html>", direct, 0},

		// GitHub: no permission.
		{"forbidden", "/a", 403, nil, forbiddenBody, direct, 0},
		{"forbidden, with requests left", "/a", 403, func() map[string]string {
			return h("X-RateLimit-Remaining", "4999", "X-RateLimit-Reset", in(40*m))
		}, forbiddenBody, direct, 0},
		{"forbidden, in HTML", "/a", 403, nil, "<html>secondary rate limit</html>", direct, 0},

		// GitHub: the primary limit. A second is added to the reset.
		{"primary, 403", "/a", 403, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(10*m), "X-RateLimit-Resource", "core")
		}, primaryBody, 10*m + s, 10*m + s},
		{"primary, 429", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(10*m), "X-RateLimit-Resource", "core")
		}, primaryBody, 10*m + s, 10*m + s},
		{"primary of the search, 403", "/search/issues", 403, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(50*s), "X-RateLimit-Resource", "search")
		}, primaryBody, 51 * s, 51 * s},
		{"primary of a resource that nobody foresaw", "/a", 403, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(50*s), "X-RateLimit-Resource", "new_thing")
		}, primaryBody, 51 * s, 51 * s},
		{"primary without any header", "/a", 403, nil, primaryBody, 1 * m, 2 * m},
		{"primary, and Retry-After longer", "/a", 403, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(50*s), "Retry-After", "120")
		}, primaryBody, 120 * s, 120 * s},

		// GitHub: the secondary limits.
		{"secondary, 403, Retry-After", "/a", 403, func() map[string]string { return h("Retry-After", "90") }, secondaryBody, 90 * s, 90 * s},
		{"secondary, 429, Retry-After", "/a", 429, func() map[string]string { return h("Retry-After", "90") }, secondaryBody, 90 * s, 90 * s},
		{"secondary, 403, nothing", "/a", 403, nil, secondaryBody, 1 * m, 2 * m},
		{"secondary, 429, nothing", "/a", 429, nil, secondaryBody, 1 * m, 2 * m},
		{"secondary, requests left: the reset is another limit's", "/a", 403, func() map[string]string {
			return h("X-RateLimit-Remaining", "4999", "X-RateLimit-Reset", in(50*m))
		}, secondaryBody, 1 * m, 2 * m},
		{"secondary, 429, requests left: the reset is another limit's", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "4999", "X-RateLimit-Reset", in(50*m))
		}, "", 1 * m, 2 * m},
		{"secondary by its old name", "/a", 403, nil, `{"message":"You have triggered an abuse detection mechanism."}`, 1 * m, 2 * m},
		{"secondary by its address alone", "/a", 403, nil, `{"message":"Slow down","documentation_url":"https://docs.github.com/x#secondary-rate-limits"}`, 1 * m, 2 * m},
		{"secondary by its old address alone", "/a", 403, nil, `{"message":"Slow down","documentation_url":"https://developer.github.com/v3/#abuse-rate-limits"}`, 1 * m, 2 * m},
		{"GraphQL, primary", "/graphql", 200, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(10*m), "X-RateLimit-Resource", "graphql")
		}, `{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded for user ID 1."}]}`, 10*m + s, 10*m + s},
		{"GraphQL of an Enterprise server, secondary", "/api/graphql", 200, nil, `{"errors":[{"message":"You have exceeded a secondary rate limit."}]}`, 1 * m, 2 * m},
		{"GraphQL with another error", "/graphql", 200, nil, `{"data":{"title":"RATE_LIMITED, secondary rate limit"},"errors":[{"type":"FORBIDDEN","message":"no"}]}`, direct, 0},

		// Jira Cloud.
		{"Jira, Retry-After", "/a", 429, func() map[string]string {
			return h("Retry-After", "30", "X-RateLimit-Reset", serviceNow().Add(30*m).Format("2006-01-02T15:04Z"), "RateLimit-Reason", "jira-burst-based")
		}, "", 30 * s, 30 * s},
		{"Jira, a reset in minutes", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", serviceNow().Add(30*m).Format("2006-01-02T15:04Z"))
		}, "", 30*m + s, 30 * m},
		{"Jira, a reset and nothing else", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Reset", serviceNow().Add(30*m).Format("2006-01-02T15:04Z"))
		}, "", 30*m + s, 30 * m},
		{"Jira, the minute of the reset beside Retry-After", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "Retry-After", "5", "X-RateLimit-Reset", serviceNow().Add(time.Minute).Format("2006-01-02T15:04Z"))
		}, "", 5 * s, 5 * s},
		// Jira Data Center.
		{"Data Center, the next token long before the whole bucket", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Interval-Seconds", "60", "X-RateLimit-FillRate", "10", "Retry-After", "1")
		}, "", 1 * s, 2 * s},
		{"Data Center, no tokens and Retry-After 0", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Interval-Seconds", "5", "Retry-After", "0")
		}, "", 5 * s, 5 * s},
		{"Data Center, tokens on their way", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Interval-Seconds", "5", "X-RateLimit-FillRate", "10", "Retry-After", "7")
		}, "", 7 * s, 7 * s},
		{"Data Center, no Retry-After", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Interval-Seconds", "5", "X-RateLimit-FillRate", "10")
		}, "", 5 * s, 5 * s},
		{"Data Center, Retry-After 0", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "3", "Retry-After", "0")
		}, "", 1 * s, 2 * s},

		// PagerDuty.
		{"PagerDuty, seconds until the reset", "/a", 429, func() map[string]string {
			return h("ratelimit-limit", "960", "ratelimit-remaining", "0", "ratelimit-reset", "20")
		}, `{"error":{"message":"Rate Limit Exceeded","code":2020}}`, 20 * s, 20 * s},

		// Retry-After and resets in every spelling.
		{"Retry-After is a date of the service's clock", "/a", 429, func() map[string]string {
			return h("Retry-After", serviceNow().Add(40*s).Format(http.TimeFormat))
		}, "", 40 * s, 40 * s},
		{"Retry-After is a date that has passed", "/a", 429, func() map[string]string {
			return h("Retry-After", serviceNow().Add(-40*s).Format(http.TimeFormat))
		}, "", 1 * s, 2 * s},
		{"Retry-After is nonsense", "/a", 429, func() map[string]string { return h("Retry-After", "soon") }, "", 1 * m, 2 * m},
		{"Retry-After is negative", "/a", 429, func() map[string]string { return h("Retry-After", "-5") }, "", 1 * m, 2 * m},
		{"a reset in milliseconds", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(10*m)+"000")
		}, "", 10*m + s, 10*m + s},
		{"a reset in seconds from now", "/a", 429, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "20")
		}, "", 21 * s, 21 * s},
		{"a reset that has passed", "/a", 403, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(-10*m))
		}, primaryBody, 1 * s, 2 * s},
		{"a reset in a hundred years", "/a", 403, func() map[string]string {
			return h("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(100*365*24*time.Hour))
		}, primaryBody, 1 * m, 2 * m},
		{"no Date: the last one is good enough", "/a", 403, func() map[string]string {
			return h("Date", "", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(10*m))
		}, primaryBody, 10*m + s, 10*m + s},

		// Faults of the service.
		{"internal error", "/a", 500, nil, "", pause, pause},
		{"bad gateway", "/a", 502, nil, "", pause, pause},
		{"unavailable", "/a", 503, nil, "", pause, pause},
		{"unavailable, Retry-After 0", "/a", 503, func() map[string]string { return h("Retry-After", "0") }, "", pause, pause},
		{"unavailable, Retry-After", "/a", 503, func() map[string]string { return h("Retry-After", "90") }, "", 90 * s, 90 * s},
		{"gateway timeout", "/a", 504, nil, "", pause, pause},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &memory{}
				m.answer = func(n int, r *http.Request) (answer, error) {
					if n == 1 { // so that the service's clock is known
						return fine, nil
					}
					if n > 3 {
						return fine, nil
					}
					a := answer{status: row.status, body: row.body}
					if row.header != nil {
						a.header = row.header()
					}
					return a, nil
				}
				tr := must(t, Options{Base: m, Pace: 1e9})
				if _, _, err := get(t, tr, "/first"); err != nil {
					t.Fatal(err)
				}
				req, _ := http.NewRequest("GET", origin+row.path, nil)
				resp, err := tr.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				at := m.times()[1:]
				_, waited := tr.Spent()
				if row.first == direct {
					if len(at) != 1 || resp.StatusCode != row.status || waited != 0 {
						t.Fatalf("%d attempts, status %d, waited %v; the caller is to have it at once", len(at), resp.StatusCode, waited)
					}
					return
				}
				if resp.StatusCode != 200 || len(at) != 3 {
					t.Fatalf("status %d after %d attempts; it is to be asked until it answers", resp.StatusCode, len(at))
				}
				first, second := at[1]-at[0], at[2]-at[1]
				if row.first == pause {
					if first < 500*time.Millisecond || first > 1500*time.Millisecond || second < s || second > 3*s {
						t.Errorf("paused %v and %v, want about 1 s and 2 s", first, second)
					}
					if waited != 0 {
						t.Errorf("%v counted as a wait; nobody asked for it", waited)
					}
					return
				}
				if first != row.first || second != row.second {
					t.Errorf("waited %v and %v, want %v and %v", first, second, row.first, row.second)
				}
				if waited != first+second {
					t.Errorf("Spent says %v, it was %v", waited, first+second)
				}
			})
		})
	}
}

func TestAFaultThatLastsIsAnErrorThatSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{answer: then(answer{status: 503, body: `{"errorMessages":["Jira is being\n re-indexed"]}`})}
		tr := must(t, Options{Base: m})
		_, _, err := get(t, tr, "/rest/api/3/field")
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("got %v", err)
		}
		if e.Status != 503 || e.Attempts != 6 || len(m.seen) != 6 || !e.Until.IsZero() || e.Service != "tickets" ||
			e.Request != "GET https://tracker.example/rest/api/3/field" || e.Over < 15*time.Second || e.Over > 47*time.Second {
			t.Errorf("%+v after %d attempts", e, len(m.seen))
		}
		for _, part := range []string{"tickets", e.Request, "503 Service Unavailable", `"Jira is being re-indexed"`, "6 times"} {
			if !strings.Contains(e.Error(), part) {
				t.Errorf("%q does not say %q", e.Error(), part)
			}
		}
		if n, waited := tr.Spent(); n != 6 || waited != 0 {
			t.Errorf("spent %d attempts and %v", n, waited)
		}
	})
}

func TestTheStatusIsThatOfTheLastAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for broken, want := range map[int]int{1: 503, 2: 0} {
			m := &memory{answer: func(n int, _ *http.Request) (answer, error) {
				if n == broken {
					return answer{}, errReset
				}
				return answer{status: 503}, nil
			}}
			_, _, err := get(t, must(t, Options{Base: m, Attempts: 2}), "/a")
			var e *Error
			if !errors.As(err, &e) || e.Status != want {
				t.Errorf("%v: status %d, want %d", err, e.Status, want)
			}
		}
	})
}

func TestPausesGrowToAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{answer: func(int, *http.Request) (answer, error) { return answer{}, errReset }}
		tr := must(t, Options{Base: m, Attempts: 12})
		_, _, err := get(t, tr, "/a")
		if !errors.Is(err, errReset) {
			t.Errorf("%v does not unwrap to what happened", err)
		}
		at := m.times()
		if len(at) != 12 {
			t.Fatalf("%d attempts", len(at))
		}
		jittered := false
		for i := 1; i < len(at); i++ {
			d, want := at[i]-at[i-1], min(time.Second<<(i-1), time.Minute)
			if d < want/2 || d > want*3/2 {
				t.Errorf("pause %d is %v, want about %v", i, d, want)
			}
			jittered = jittered || d != want
		}
		if !jittered {
			t.Error("all who failed together come back together")
		}
	})
}

func TestAPOSTIsAskedAgainWithItsBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{answer: then(answer{status: 502}, answer{status: 429, header: map[string]string{"Retry-After": "3"}}, fine)}
		tr := must(t, Options{Base: m})
		resp, err := (&http.Client{Transport: tr}).Post(origin+"/rest/api/3/search/jql", "application/json", strings.NewReader(`{"jql":"project = SUP"}`))
		if err != nil || resp.StatusCode != 200 || len(m.seen) != 3 {
			t.Fatal(resp, err, len(m.seen))
		}
		for i, s := range m.seen {
			if s.body != `{"jql":"project = SUP"}` || s.header.Get("Content-Type") != "application/json" {
				t.Errorf("attempt %d: %q %v", i+1, s.body, s.header)
			}
		}
	})
}

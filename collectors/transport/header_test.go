package transport

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTimesAreReadInEverySpelling(t *testing.T) {
	served := time.Date(2026, 3, 26, 15, 30, 0, 0, time.UTC) // 1774539000
	const none = -1
	for _, row := range []struct {
		header, value string
		want          time.Duration
	}{
		{"Retry-After", "0", 0},
		{"Retry-After", " 90 ", 90 * time.Second},
		{"Retry-After", "1.5", 1500 * time.Millisecond},
		{"Retry-After", "86400", day},
		{"Retry-After", "86401", day},
		{"Retry-After", strings.Repeat("9", 400), day},
		{"Retry-After", "Thu, 26 Mar 2026 15:31:00 GMT", time.Minute},
		{"Retry-After", "Thursday, 26-Mar-26 15:31:00 GMT", time.Minute},
		{"Retry-After", "Thu Mar 26 15:31:00 2026", time.Minute},
		{"Retry-After", "Thu, 26 Mar 2020 15:31:00 GMT", 0},
		{"Retry-After", "Thu, 26 Mar 9999 15:31:00 GMT", day},
		{"Retry-After", "2026-03-26T15:31:00Z", time.Minute},
		{"Retry-After", "", none},
		{"Retry-After", "-1", none},
		{"Retry-After", "+1", none},
		{"Retry-After", "1e3", none},
		{"Retry-After", "NaN", none},
		{"Retry-After", "Inf", none},
		{"Retry-After", "1.2.3", none},
		{"Retry-After", ".", none},
		{"Retry-After", "a minute", none},

		{"X-RateLimit-Reset", "1774539060", 61 * time.Second},
		{"X-RateLimit-Reset", "1774539060.5", 61 * time.Second},
		{"X-RateLimit-Reset", "1774539060000", 61 * time.Second},
		{"X-RateLimit-Reset", "1774539060000000", 61 * time.Second},
		{"X-RateLimit-Reset", "1774539060000000000", 61 * time.Second},
		{"X-RateLimit-Reset", "60", 61 * time.Second},
		{"X-RateLimit-Reset", "0", 0},
		{"X-RateLimit-Reset", "1774539000", 0},
		{"X-RateLimit-Reset", "1774530000", 0},
		{"X-RateLimit-Reset", "2026-03-26T16:00Z", 30*time.Minute + time.Second},
		{"X-RateLimit-Reset", "2026-03-26T16:00:00Z", 30*time.Minute + time.Second},
		{"X-RateLimit-Reset", "2026-03-26T16:00:00.000Z", 30*time.Minute + time.Second},
		{"X-RateLimit-Reset", "2026-03-26T17:00+01:00", 30*time.Minute + time.Second},
		{"X-RateLimit-Reset", "2026-03-26T17:00:00+0100", 30*time.Minute + time.Second},
		{"X-RateLimit-Reset", "2026-03-26T17:00+0100", 30*time.Minute + time.Second},
		{"X-RateLimit-Reset", "Thu, 26 Mar 2026 16:00:00 GMT", 30*time.Minute + time.Second},
		{"X-RateLimit-Reset", "1774625400", day},                        // a day and the second
		{"X-RateLimit-Reset", "1774625401", none},                       // beyond
		{"X-RateLimit-Reset", "99999999", none},                         // three years from now
		{"X-RateLimit-Reset", strings.Repeat("9", 400), none},           // infinite
		{"X-RateLimit-Reset", "9223372036854775807", none},              // the end of int64
		{"X-RateLimit-Reset", "2526-03-26T16:00Z", none},                // in 500 years
		{"X-RateLimit-Reset", "2026-03-26T16:00", none},                 // no zone
		{"X-RateLimit-Reset", "", none},                                 //
		{"X-RateLimit-Reset", "tomorrow", none},                         //
		{"X-RateLimit-Reset", "-1774539060", none},                      //
		{"X-RateLimit-Reset", "1774539060; comment", none},              //
		{"X-RateLimit-Reset", "0001-01-01T00:00:00Z", 0},                // Go's zero time
		{"X-RateLimit-Reset", "1 774 539 060", none},                    //
		{"X-RateLimit-Reset", "\u0661\u0667\u0667\u0664", none},         // digits, but not ours
		{"X-RateLimit-Reset", "1774539060,1774539060", none},            // two headers joined
		{"X-RateLimit-Reset", "2026-03-26T16:00:00Z[UTC]", none},        //
		{"X-RateLimit-Reset", "2026-03-26t16:00z", none},                //
		{"X-RateLimit-Reset", " 1774539060\t", 61 * time.Second},        //
		{"X-RateLimit-Reset", "00000000001774539060", 61 * time.Second}, //
	} {
		h := http.Header{}
		h.Set(row.header, row.value)
		read := retryAfter
		if row.header != "Retry-After" {
			read = resetIn
		}
		d, ok := read(h, served)
		if !ok {
			d = none
		}
		if d != row.want {
			t.Errorf("%s: %q: %v, want %v", row.header, row.value, d, row.want)
		}
	}
}

// Whatever the headers and the message say: no panic, no wait below 0 or beyond a day, and an answer that
// is no refusal is the caller's.
func FuzzJudge(f *testing.F) {
	f.Add(403, "Thu, 26 Mar 2026 15:30:00 GMT", "90", "1774539060", "0", "5", "core", secondaryBody)
	f.Add(429, "", "Thu, 26 Mar 2026 15:31:00 GMT", "2026-03-26T16:00Z", "", "", "", primaryBody)
	f.Add(200, "x", "-1", strings.Repeat("9", 400), "0", "1e9", "graphql", `{"errors":[{"type":"RATE_LIMITED"}]}`)
	f.Add(503, "Thu, 26 Mar 0001 15:30:00 GMT", "0.1", "99999999999999999", "00", "9999999", "\x00", `[{`)
	f.Fuzz(func(t *testing.T, code int, date, after, reset, remaining, interval, resource, body string) {
		h := http.Header{"Date": {date}, "Retry-After": {after}, "X-Ratelimit-Reset": {reset}, "X-Ratelimit-Remaining": {remaining},
			"X-Ratelimit-Interval-Seconds": {interval}, "X-Ratelimit-Resource": {resource}, "Age": {interval}, "Ratelimit-Reason": {resource}}
		served, ok := dated(h)
		if !ok {
			served = serviceEpoch
		}
		for _, path := range []string{"/graphql", "/rest/api/3/field"} {
			asked, _ := http.NewRequest("GET", origin+path, nil)
			v := judge(&http.Response{StatusCode: code, Header: h}, []byte(body), asked, served)
			if v.asked < 0 || v.asked > day || v.reset < 0 || v.reset > day {
				t.Fatalf("%+v", v)
			}
			for n := 1; n < 100; n++ {
				if d := v.wait(n, time.Second); d < min(time.Second<<min(n-1, 30), longest) || d > day {
					t.Fatalf("%+v: wait %d is %v", v, n, d)
				}
			}
			refusal := code == 403 || code == 429 || code == 503 || path == "/graphql" && code == 200
			if v.kind == limited && (!refusal || v.reason == "") {
				t.Fatalf("status %d: %+v", code, v)
			}
			if len(v.resource) > 40 || strings.ContainsAny(v.resource, "\n\r\x00") {
				t.Fatalf("%q", v.resource)
			}
			(&call{t: &Transport{}, body: []byte(body)}).said()
		}
	})
}

// FuzzShow holds that an address keeps its secrets, however it is spelt.
func FuzzShow(f *testing.F) {
	f.Add("https://bot:not-a-real-token@tracker.example/a?jql=x&access_token=not-a-real-token#not-a-real-token")
	f.Add("https://tracker.example/a?%74oken=not-a-real-token&&=&a=%zz;b")
	f.Fuzz(func(t *testing.T, address string) {
		req, err := http.NewRequest("GET", address, nil)
		if err != nil {
			return
		}
		req.URL.User = nil
		plain := show(req.URL)
		q := req.URL.RawQuery
		req.URL.RawQuery = "Api-Token=sesame&" + q
		if s := show(req.URL); strings.Contains(s, "sesame") && !strings.Contains(plain, "sesame") {
			t.Error(s)
		}
		if len(plain) > len(req.URL.Scheme)+len(req.URL.Host)+len(req.URL.EscapedPath())+220 {
			t.Error(plain)
		}
	})
}

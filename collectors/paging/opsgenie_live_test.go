package paging

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

var _ interface {
	collectors.Source
	collectors.Metered
	collectors.Timed
	collectors.Discreet
} = (*OpsgenieLive)(nil)

// fakeOpsgenie is a service as Opsgenie and JSM document theirs, with what may go wrong.
type fakeOpsgenie struct {
	jsm     bool
	now     time.Time
	alerts  []*fakeAlert
	most    int           // of offset and limit together; 0 is Opsgenie's own 20,000
	atMost  int           // alerts an answer holds, whatever is asked for; 0 is 100
	floor   time.Duration // what it compares is cut to that
	hidden  string        // an alert that its index does not know yet
	deaf    bool          // it does not heed the query
	muddled bool          // it does not heed the order
	shift   time.Duration // of the rota, as somebody moved it
	closed  string        // a path that is answered with 403
	fault   func(n int, w http.ResponseWriter, r *http.Request) bool

	requests []string
}

type fakeAlert struct {
	id            string
	made, updated time.Time
	acked, closed time.Duration
}

const fakeKey = "not-a-real-key-0123456789"

func newFakeOpsgenie(jsm bool, n int) *fakeOpsgenie {
	s := &fakeOpsgenie{jsm: jsm, now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	at := s.now.Add(-20 * 24 * time.Hour)
	for i := range n {
		if i < 130 || i > 380 { // the others in one bulk edit
			at = at.Add(time.Minute + 7*time.Millisecond)
		}
		s.alerts = append(s.alerts, &fakeAlert{id: fmt.Sprintf("a%05d", i), made: at.Add(-time.Hour), updated: at, acked: time.Minute, closed: 30 * time.Minute})
	}
	return s
}

// touch updates an alert, as of now.
func (s *fakeOpsgenie) touch(i int) {
	s.now = s.now.Add(3 * time.Second)
	s.alerts[i%len(s.alerts)].updated = s.now.Truncate(time.Millisecond)
}

func (s *fakeOpsgenie) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests = append(s.requests, r.URL.Path)
	s.now = s.now.Add(time.Second)
	w.Header().Set("Date", s.now.UTC().Format(http.TimeFormat))
	if s.fault != nil && s.fault(len(s.requests), w, r) {
		return
	}
	user, pass, basic := r.BasicAuth()
	if s.jsm && (!basic || user != "bot@acme.example" || pass != fakeKey) || !s.jsm && r.Header.Get("Authorization") != "GenieKey "+fakeKey {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, `{"message":"Could not authenticate: %s"}`, r.Header.Get("Authorization"))
		return
	}
	if s.closed != "" && strings.HasSuffix(r.URL.Path, s.closed) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"message":"You are not authorized to access configurations"}`)
		return
	}
	path := r.URL.Path[strings.LastIndex(r.URL.Path, "/v")+1:]
	v, list, size := "v2/", "data", "limit"
	if s.jsm {
		v, list, size = "v1/", "values", "size"
	}
	q := r.URL.Query()
	switch path, ok := strings.CutPrefix(path, v); {
	case !ok:
		w.WriteHeader(http.StatusNotFound)
	case path == "alerts":
		n, _ := strconv.Atoi(q.Get(size))
		if s.atMost > 0 {
			n = min(n, s.atMost)
		}
		offset, _ := strconv.Atoi(q.Get("offset"))
		if offset+n > cmp.Or(s.most, opsgenieLimit) || q.Get("sort") != "updatedAt" {
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, `{"message":"Sum of offset and limit should be lower than 20000."}`)
			return
		}
		all := s.listed(q)
		page := all[min(offset, len(all)):min(offset+n, len(all))]
		if page == nil {
			page = []any{}
		}
		json.NewEncoder(w).Encode(map[string]any{list: page, "took": 0.1, "requestId": "x"})
	case strings.HasSuffix(path, "/logs"):
		id := strings.TrimSuffix(strings.TrimPrefix(path, "alerts/"), "/logs")
		logs := []any{}
		for _, a := range s.alerts {
			if a.id == id {
				for i, e := range []struct {
					after time.Duration
					said  string
				}{{0, "Alert created via API"}, {a.acked, "Alert acknowledged via web"}, {a.closed, "Alert closed via web"}} {
					logs = append(logs, map[string]any{"log": e.said, "type": "alertRecipient", "owner": "dana@acme.example", "createdAt": a.made.Add(e.after), "offset": fmt.Sprintf("%d_1", i)})
				}
			}
		}
		json.NewEncoder(w).Encode(map[string]any{list: logs})
	case path == "schedules":
		fmt.Fprintf(w, `{"%s":[{"id":"s1","name":"Orders","timezone":"UTC","enabled":true,"rotations":[]},{"id":"s2","name":"Old","enabled":false}]}`, list)
	case path == "schedules/s1/timeline":
		from, err := time.Parse(time.RFC3339, q.Get("date"))
		weeks, _ := strconv.Atoi(q.Get("interval"))
		if err != nil || q.Get("intervalUnit") != "weeks" {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		var periods []any
		for i := range weeks {
			at := from.Add(time.Duration(i)*7*24*time.Hour + s.shift)
			who := map[string]any{"id": "u1", "type": "user", "name": "dana@acme.example"}
			periods = append(periods, map[string]any{"startDate": at, "endDate": at.Add(7 * 24 * time.Hour), "type": "default", "recipient": who, "responder": who})
		}
		t := map[string]any{"finalTimeline": map[string]any{"rotations": []any{map[string]any{"id": "r1", "name": "Primary", "periods": periods}}}}
		if !s.jsm {
			t["_parent"] = map[string]any{"id": "s1", "name": "Orders", "enabled": true}
			t = map[string]any{"data": t}
		}
		json.NewEncoder(w).Encode(t)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

var sinceQuery = regexp.MustCompile(`^(?:\(teams: orders\) AND )?updatedAt >= (\d+)$`)

func (s *fakeOpsgenie) listed(q map[string][]string) []any {
	since := time.Time{}
	if m := sinceQuery.FindStringSubmatch(append(q["query"], "")[0]); m != nil && !s.deaf {
		ms, _ := strconv.ParseInt(m[1], 10, 64)
		since = time.UnixMilli(ms)
	} else if query := append(q["query"], "")[0]; m == nil && query != "" && query != "teams: orders" {
		panic("query " + query)
	}
	all := slices.Clone(s.alerts)
	slices.SortStableFunc(all, func(a, b *fakeAlert) int { return cmp.Or(a.updated.Compare(b.updated), cmp.Compare(a.id, b.id)) })
	if s.muddled {
		slices.Reverse(all)
	}
	var list []any
	for _, a := range all {
		if a.id == s.hidden || s.floor > 0 && a.updated.Truncate(s.floor).Before(since.Truncate(s.floor)) || s.floor == 0 && a.updated.Before(since) {
			continue
		}
		o := map[string]any{"id": a.id, "tinyId": a.id[1:], "alias": "k" + a.id, "message": "Alert " + a.id, "status": "closed", "acknowledged": s.jsm,
			"createdAt": a.made.UTC(), "updatedAt": a.updated.UTC(), "priority": "P1", "responders": []any{map[string]any{"type": "team", "id": "t"}}}
		if s.jsm {
			o["integrationType"], o["integrationName"] = "Datadog", "DD"
		} else {
			o["report"] = map[string]any{"ackTime": a.acked.Milliseconds(), "closeTime": a.closed.Milliseconds(), "acknowledgedBy": "dana@acme.example", "closedBy": "dana@acme.example"}
			o["integration"] = map[string]any{"id": "i", "name": "DD", "type": "Datadog"}
		}
		list = append(list, o)
	}
	return list
}

// source is the service as firebreak would be set up for it.
func (s *fakeOpsgenie) source(t testing.TB) *OpsgenieLive {
	l := &OpsgenieLive{Name: "pager", Tracker: "pager", URL: "https://api.eu.opsgenie.com"}
	auth, origin := transport.Keyed("GenieKey ", fakeKey), l.URL
	if s.jsm {
		l.URL, origin = "https://api.atlassian.com/jsm/ops/api/c0ffee", "https://api.atlassian.com"
		auth = transport.Basic("bot@acme.example", fakeKey)
	}
	tr, err := transport.New(transport.Options{Service: "pager", Origin: origin, Auth: auth, Base: collectortest.Wire(s), Agent: "firebreak/test"})
	if err != nil {
		t.Fatal(err)
	}
	l.HTTP = tr
	return l
}

// pagerNight is what a ledger has after some nights.
type pagerNight struct {
	cursor  record.Cursor
	pages   map[string]record.Page
	shifts  map[string]record.Shift
	said    string
	err     error
	horizon record.Instant
	tallies []record.Tally
	batches int
}

func (n *pagerNight) collect(ctx context.Context, l *OpsgenieLive) {
	if n.pages == nil {
		n.pages, n.shifts = map[string]record.Page{}, map[string]record.Shift{}
	}
	n.err, n.said, n.batches, n.tallies = nil, "", 0, nil
	for b, err := range l.Fetch(ctx, n.cursor) {
		if err != nil {
			n.err = err
			n.said += "error: " + err.Error() + "\n"
			continue
		}
		n.batches++
		n.cursor, n.horizon = b.Cursor, max(n.horizon, b.Horizon)
		n.tallies = append(n.tallies, b.Tallies...)
		for _, p := range b.Pages {
			n.pages[p.ID] = p
		}
		for _, h := range b.Shifts {
			n.shifts[h.ID] = h
		}
		for _, d := range b.Doubts {
			n.said += "doubt: " + d.String() + "\n"
		}
		for _, g := range b.Gaps {
			n.said += "gap: " + g.What + ": " + g.Why + "\n"
		}
	}
}

// missing compares what is known with what there is.
func (n *pagerNight) missing(s *fakeOpsgenie) string {
	var b strings.Builder
	for _, a := range s.alerts {
		p, ok := n.pages[a.id]
		switch {
		case !ok:
			fmt.Fprintf(&b, "%s is missing\n", a.id)
		case p.Updated != record.At(a.updated):
			fmt.Fprintf(&b, "%s is of %s, not of %s\n", a.id, p.Updated, a.updated)
		case p.Acked != record.At(a.made.Add(a.acked)) || p.Resolved != record.At(a.made.Add(a.closed)) || len(p.AckedBy) != 1 || p.ResolvedBy.Account != "dana@acme.example":
			fmt.Fprintf(&b, "%s: acknowledged %s, resolved %s\n", a.id, p.Acked, p.Resolved)
		}
	}
	if len(n.pages) > len(s.alerts) {
		fmt.Fprintf(&b, "%d pages of %d alerts\n", len(n.pages), len(s.alerts))
	}
	return b.String()
}

// both runs a test against either service, in a bubble where waiting takes no time.
func both(t *testing.T, test func(t *testing.T, jsm bool)) {
	for _, jsm := range []bool{false, true} {
		t.Run(map[bool]string{false: "Opsgenie", true: "JSM"}[jsm], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, jsm) })
		})
	}
}

func TestOpsgenieBringsEveryAlertAndThenOnlyWhatChanged(t *testing.T) {
	both(t, func(t *testing.T, jsm bool) {
		s := newFakeOpsgenie(jsm, 450)
		var n pagerNight
		l := s.source(t)
		n.collect(t.Context(), l)
		if miss := n.missing(s); miss != "" || n.said != "" {
			t.Fatalf("%s%s", miss, n.said)
		}
		if len(n.shifts) != opsgenieWeeks || n.horizon == 0 || len(n.tallies) != 2 || n.tallies[0].Read != 450 || n.tallies[1].Read != opsgenieWeeks {
			t.Errorf("%d shifts, horizon %s, tallies %+v", len(n.shifts), n.horizon, n.tallies)
		}
		for _, h := range n.shifts {
			if h.Rota != "Orders / Primary" || h.Role != "superhero" || h.Updated == 0 {
				t.Errorf("shift %+v", h)
			}
		}
		if spent := l.Spent(); spent.Requests != len(s.requests) {
			t.Errorf("%d requests counted of %d", spent.Requests, len(s.requests))
		}
		s.now, s.requests = s.now.Add(24*time.Hour), nil
		n.collect(t.Context(), s.source(t))
		if len(s.requests) > 5+10 || n.said != "" { // JSM: the logs of what was updated in the last ten minutes before
			t.Errorf("a quiet night takes %d requests: %v\n%s", len(s.requests), s.requests, n.said)
		}
		for i := range 20 {
			s.touch(i * 31)
		}
		n.collect(t.Context(), s.source(t))
		if miss := n.missing(s); miss != "" {
			t.Error(miss)
		}
	})
}

func TestAwkwardOpsgeniesAreReadAll(t *testing.T) {
	for name, awkward := range map[string]func(*fakeOpsgenie){
		"it answers less than it is asked for": func(s *fakeOpsgenie) { s.atMost = 17 },
		"one alert an answer":                  func(s *fakeOpsgenie) { s.atMost, s.alerts = 1, s.alerts[:40] },
		"it compares by the second":            func(s *fakeOpsgenie) { s.floor = time.Second },
		"it compares by the day":               func(s *fakeOpsgenie) { s.floor = 24 * time.Hour },
		"an alert is from the future":          func(s *fakeOpsgenie) { s.alerts[3].updated = s.now.Add(1000 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newFakeOpsgenie(false, 450)
				awkward(s)
				var n pagerNight
				n.collect(t.Context(), s.source(t))
				s.touch(7)
				n.collect(t.Context(), s.source(t))
				if miss := n.missing(s); miss != "" || n.err != nil {
					t.Errorf("%s%s", miss, n.said)
				}
			})
		})
	}
}

func TestAServiceThatCannotBeWalkedIsAnErrorAndNoSilence(t *testing.T) {
	for name, c := range map[string]struct {
		awkward func(*fakeOpsgenie)
		said    string
	}{
		"order": {func(s *fakeOpsgenie) { s.muddled = true }, "does not list alerts in the order of their updates"},
		"query": {func(s *fakeOpsgenie) { s.deaf = true }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newFakeOpsgenie(false, 450)
				c.awkward(s)
				var n pagerNight
				n.collect(t.Context(), s.source(t))
				if c.said != "" && (n.err == nil || !strings.Contains(n.said, c.said)) {
					t.Errorf("said %q", n.said)
				}
				if miss := n.missing(s); n.err == nil && miss != "" {
					t.Errorf("missing without a word: %s", miss)
				}
			})
		})
	}
}

func TestMoreAlertsInOneInstantThanAreListedAreAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newFakeOpsgenie(false, 450)
		at := s.now.Add(-time.Hour)
		for _, a := range s.alerts[:449] {
			a.made, a.updated = at, at
		}
		s.alerts[449].updated = at.Add(time.Minute)
		s.most = 300
		var n pagerNight
		l := s.source(t)
		l.most = s.most
		n.collect(t.Context(), l)
		if n.err != nil || !strings.Contains(n.said, "gap: alerts updated at 2026-11-23T07:00:00Z after the 300th") || len(n.pages) != 301 || n.pages["a00449"].ID == "" {
			t.Errorf("%d pages\n%.300s", len(n.pages), n.said)
		}
	})
}

func TestAWalkThatIsCutAnywhereGoesOnThere(t *testing.T) {
	both(t, func(t *testing.T, jsm bool) {
		whole := newFakeOpsgenie(jsm, 60)
		whole.atMost = 20
		var n pagerNight
		n.collect(t.Context(), whole.source(t))
		all := len(whole.requests)
		for cut := 1; cut <= all; cut += 1 + all/15 {
			s := newFakeOpsgenie(jsm, 60)
			s.atMost = 20
			s.fault = func(n int, w http.ResponseWriter, _ *http.Request) bool {
				if n >= cut {
					panic(http.ErrAbortHandler)
				}
				return false
			}
			var n pagerNight
			n.collect(t.Context(), s.source(t))
			if n.err == nil {
				t.Errorf("cut at %d of %d, and no error", cut, all)
			}
			first := len(n.pages)
			s.fault = nil
			s.requests = nil
			n.collect(t.Context(), s.source(t))
			if miss := n.missing(s); miss != "" || n.err != nil {
				t.Errorf("cut at %d: %s%s", cut, miss, n.said)
			}
			if first >= 40 && len(s.requests) >= all {
				t.Errorf("cut at %d with %d pages at home, everything is asked for again", cut, first)
			}
		}
	})
}

func TestWhatChangesDuringAWalkIsNotLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		jsm := rapid.Bool().Draw(rt, "jsm")
		at := rapid.SliceOfN(rapid.IntRange(1, 12), 0, 6).Draw(rt, "at")
		which := rapid.SliceOfN(rapid.IntRange(0, 59), 6, 6).Draw(rt, "which")
		synctest.Test(t, func(*testing.T) {
			s := newFakeOpsgenie(jsm, 60)
			s.atMost = 7
			s.fault = func(n int, _ http.ResponseWriter, _ *http.Request) bool {
				for i, k := range at {
					if k == n {
						s.touch(which[i])
					}
				}
				return false
			}
			var n pagerNight
			n.collect(context.Background(), s.source(t))
			s.fault = nil
			n.collect(context.Background(), s.source(t))
			if miss := n.missing(s); miss != "" || n.err != nil {
				rt.Errorf("%s%s", miss, n.said)
			}
		})
	})
}

func TestAnAlertThatTheIndexListsLateIsNotLost(t *testing.T) {
	both(t, func(t *testing.T, jsm bool) {
		s := newFakeOpsgenie(jsm, 20)
		var n pagerNight
		n.collect(t.Context(), s.source(t))
		s.touch(3)
		s.touch(5)
		s.hidden = s.alerts[3].id
		n.collect(t.Context(), s.source(t))
		s.hidden = ""
		n.collect(t.Context(), s.source(t))
		if miss := n.missing(s); miss != "" {
			t.Error(miss)
		}
	})
}

// TestFaultsOfOpsgenieAreSurvivedOrSaid lets each fault happen at each request, once or for good.
func TestFaultsOfOpsgenieAreSurvivedOrSaid(t *testing.T) {
	answer := func(status int, head, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			if k, v, ok := strings.Cut(head, ": "); ok {
				w.Header().Set(k, v)
			}
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	for _, c := range []struct {
		name     string
		do       func(http.ResponseWriter)
		survived bool
		said     string // where it stays
	}{
		{"429", answer(429, "Retry-After: 3", `{"message":"You are making too many requests!"}`), true, "429"},
		{"503", answer(503, "", ""), true, "503"},
		{"500", answer(500, "", `{"message":"oops"}`), true, "500"},
		{"a connection that breaks", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, true, "connection"},
		{"an answer that is cut", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "5000")
			fmt.Fprint(w, `{"data":[{"id":"a00001",`)
		}, true, "GET https://api"},
		{"garbage", answer(200, "", `{"data":[{"id":"a00001",`), false, "no JSON"},
		{"nothing", answer(200, "", ``), false, "empty"},
		{"other JSON", answer(200, "", `{"message":"Welcome"}`), false, "no list of"},
		{"a login page", answer(200, "", "<html><head><title>Log in &amp; go on</title></head></html>"), false, `("Log in & go on")`},
		{"a redirect", answer(302, "Location: https://id.example/login?key="+fakeKey, ""), false, "it leads to https://id.example/login"},
		{"an answer that quotes the key", answer(401, "", `{"message":"who is GenieKey `+fakeKey+`?"}`), false, "(secret)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			both(t, func(t *testing.T, jsm bool) {
				for _, at := range []int{1, 2, 3, 5} {
					s := newFakeOpsgenie(jsm, 20)
					s.atMost = 10
					for _, once := range []bool{true, false} {
						s.requests = nil
						s.fault = func(n int, w http.ResponseWriter, r *http.Request) bool {
							if n < at || n > at && once {
								return false
							}
							c.do(w)
							return true
						}
						var n pagerNight
						l := s.source(t)
						n.collect(t.Context(), l)
						if strings.Contains(n.said, fakeKey) || strings.Contains(string(n.cursor), fakeKey) {
							t.Fatalf("the key is told: %s", n.said)
						}
						switch miss := n.missing(s); {
						case once && c.survived && (miss != "" || n.said != ""):
							t.Errorf("at %d: %s%s", at, miss, n.said)
						case !once && n.err == nil && !strings.Contains(n.said, "gap") && !strings.Contains(n.said, "doubt"):
							t.Errorf("at %d for good: nothing is said; missing: %.200s", at, miss)
						case !once && at < 4 && !strings.Contains(n.said, c.said):
							t.Errorf("at %d for good, it says %s", at, n.said)
						case miss != "" && n.said == "":
							t.Errorf("at %d: missing without a word: %s", at, miss)
						}
						s.fault = nil
						n.collect(t.Context(), s.source(t))
						if miss := n.missing(s); miss != "" && !strings.Contains(miss, "acknowledged") || n.err != nil {
							t.Errorf("the night after, at %d once %t: %s%s", at, once, miss, n.said)
						}
					}
				}
			})
		})
	}
}

func TestSchedulesThatAreClosedAreAGapAndTheAlertsAreRead(t *testing.T) {
	both(t, func(t *testing.T, jsm bool) {
		for _, path := range []string{"/schedules", "/timeline"} {
			s := newFakeOpsgenie(jsm, 20)
			s.closed = path
			var n pagerNight
			n.collect(t.Context(), s.source(t))
			if miss := n.missing(s); miss != "" || n.err != nil || !strings.Contains(n.said, "gap: the shifts of ") || !strings.Contains(n.said, "403 Forbidden; You are not authorized") {
				t.Errorf("%s: %s%s", path, miss, n.said)
			}
		}
	})
}

func TestAShiftThatWasMovedIsToldToBeNone(t *testing.T) {
	both(t, func(t *testing.T, jsm bool) {
		s := newFakeOpsgenie(jsm, 1)
		var n pagerNight
		n.collect(t.Context(), s.source(t))
		s.shift = 12 * time.Hour
		s.closed = "/timeline" // a night that cannot tell buries nobody
		n.collect(t.Context(), s.source(t))
		none := func() (k int) {
			for _, h := range n.shifts {
				if h.From == h.To {
					k++
				}
			}
			return k
		}
		if k := none(); k != 0 {
			t.Errorf("%d shifts are none", k)
		}
		s.closed = ""
		n.collect(t.Context(), s.source(t))
		if k := none(); k != opsgenieWeeks || len(n.shifts) != 2*opsgenieWeeks || n.said != "" {
			t.Errorf("%d of %d shifts are none\n%s", k, len(n.shifts), n.said)
		}
	})
}

func TestAQueryAndAChangeOfItAreHeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newFakeOpsgenie(false, 20)
		var n pagerNight
		l := s.source(t)
		l.Query = "teams: orders"
		n.collect(t.Context(), l)
		if miss := n.missing(s); miss != "" || n.err != nil {
			t.Fatal(miss, n.said)
		}
		clear(n.pages)
		n.collect(t.Context(), s.source(t)) // another query: everything anew
		if miss := n.missing(s); miss != "" {
			t.Error(miss)
		}
	})
}

func TestOldAlertsOfJSMAreToldWithoutTheirLogsAndThatIsAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newFakeOpsgenie(true, 20)
		for _, a := range s.alerts[:5] {
			a.made = s.now.Add(-100 * 24 * time.Hour)
		}
		var n pagerNight
		n.collect(t.Context(), s.source(t))
		if len(n.pages) != 20 || !strings.Contains(n.said, "gap: when 5 alerts from before 2026-08-25 were acknowledged and closed") {
			t.Errorf("%d pages\n%s", len(n.pages), n.said)
		}
	})
}

func TestALogThatNeverEndsIsAGap(t *testing.T) {
	both(t, func(t *testing.T, jsm bool) {
		s := newFakeOpsgenie(jsm, 1)
		s.fault = func(n int, w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/logs") {
				return false
			}
			entry := fmt.Sprintf(`{"log":"Note added","type":"system","createdAt":"2026-11-20T08:00:00Z","offset":"%d"},`, n)
			list := strings.TrimSuffix(strings.Repeat(entry, opsgenieAtOnce), ",")
			fmt.Fprintf(w, `{"data":[%s],"values":[%s]}`, list, list)
			return true
		}
		n := pagerNight{}
		l := s.source(t)
		l.Logs = true
		n.collect(t.Context(), l)
		if want := "gap: what happened to alert a00000 after the 2000th entry of its log: no more than 20 answers are asked for one log"; len(n.pages) != 1 || !strings.Contains(n.said, want) {
			t.Errorf("%d pages\n%s", len(n.pages), n.said)
		}
	})
}

func TestSurveysOfOpsgenieSayWhatIsWrong(t *testing.T) {
	both(t, func(t *testing.T, jsm bool) {
		s := newFakeOpsgenie(jsm, 20)
		s.now = time.Now() // the bubble's, with which the service agrees
		v := s.source(t).Survey(t.Context())
		for _, c := range v.Checks {
			if c.Wrong != "" {
				t.Errorf("%+v", c)
			}
		}
		if len(v.Checks) != 3 || len(s.requests) > 4 {
			t.Errorf("%d requests, checks %+v", len(s.requests), v.Checks)
		}
		l := s.source(t)
		l.URL = "https://api.atlassian.com/jsm"
		if v := l.Survey(t.Context()); len(v.Checks) != 1 || !v.Checks[0].Grave || v.Checks[0].Remedy == "" {
			t.Errorf("%+v", v.Checks)
		}
		s.closed = "/schedules"
		if v := s.source(t).Survey(t.Context()); v.Checks[1].Wrong == "" || v.Checks[1].Grave || !strings.Contains(v.Checks[1].Remedy, "the key may not") && !strings.Contains(v.Checks[1].Remedy, "the account may not") {
			t.Errorf("%+v", v.Checks)
		}
		s.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(401)
			fmt.Fprintf(w, `{"message":"%s"}`, r.Header.Get("Authorization"))
			return true
		}
		v = s.source(t).Survey(t.Context())
		if len(v.Checks) != 1 || !v.Checks[0].Grave || v.Checks[0].Remedy == "" || strings.Contains(fmt.Sprint(v), fakeKey) {
			t.Errorf("%+v", v.Checks)
		}
	})
}

func TestAContextThatEndsStopsOpsgenie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newFakeOpsgenie(false, 300)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s.fault = func(n int, _ http.ResponseWriter, _ *http.Request) bool {
			if n == 5 {
				cancel()
			}
			return false
		}
		var n pagerNight
		n.collect(ctx, s.source(t))
		if n.err != context.Canceled || n.batches == 0 {
			t.Errorf("%v after %d batches", n.err, n.batches)
		}
		for range s.source(t).Fetch(t.Context(), "") { // and a consumer that has had enough
			break
		}
	})
}

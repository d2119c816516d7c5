package fakejira

// A client that knows only what Atlassian's documentation says, and what it must find.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"
)

const secret = "not-a-real-token"

// cloud is a Jira Cloud of so many issues, and server a Data Center.
func cloud(t testing.TB, n int) *Site {
	return New(Options{Cloud: true, Issues: n, Seed: 1, Email: "bot@acme.example", Token: secret, Zone: zone(t, "Europe/Berlin")})
}

func server(t testing.TB, n int) *Site {
	return New(Options{Issues: n, Seed: 1, Token: secret, Base: "/jira", Zone: zone(t, "Europe/Berlin")})
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("skipped: no time zone data for %s: %v", name, err)
	}
	return z
}

// ask makes one request: with a body, a POST. The path is one below the context path.
func ask(t testing.TB, s *Site, path string, body any) *http.Response {
	t.Helper()
	r := asking(t, s, path, body)
	if s.opt.Cloud {
		r.SetBasicAuth("bot@acme.example", secret)
	} else {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	return send(s, r)
}

// asking is a request of nobody.
func asking(t testing.TB, s *Site, path string, body any) *http.Request {
	t.Helper()
	if body == nil {
		return httptest.NewRequest(http.MethodGet, s.opt.Base+path, nil)
	}
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, s.opt.Base+path, bytes.NewReader(b))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func send(s *Site, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func read(t testing.TB, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// must is the JSON of an answer that must have status 200.
func must[T any](t testing.TB, s *Site, path string, body any) (v T) {
	t.Helper()
	res := ask(t, s, path, body)
	b := read(t, res)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s %v: %s %s", path, body, res.Status, b)
	}
	if err := json.Unmarshal([]byte(b), &v); err != nil {
		t.Fatalf("%s %v: %v in %s", path, body, err, b)
	}
	return v
}

// refused is what Jira says to a request that it refuses with a status.
func refused(t testing.TB, s *Site, status int, path string, body any) []string {
	t.Helper()
	res := ask(t, s, path, body)
	var v struct{ ErrorMessages []string }
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil || res.StatusCode != status || len(v.ErrorMessages) == 0 {
		t.Fatalf("%s %v: %s, %v; want %d and messages", path, body, res.Status, err, status)
	}
	return v.ErrorMessages
}

type entry struct {
	ID      string
	Created any
	Items   []struct{ Field, FieldID, From, FromString, To, ToString string }
}

type page struct {
	IsLast        *bool
	NextPageToken string
	Total         *int
	StartAt       int
	MaxResults    int
	Issues        []struct {
		ID, Key   string
		Fields    map[string]any
		Changelog struct {
			Total, MaxResults int
			Histories         []entry
		}
	}
}

const everything = "project in (SUP, OPS, WEB) ORDER BY updated ASC, key ASC"

func searchURL(jql, fields string, size int, token string) string {
	q := url.Values{"jql": {jql}, "fields": {fields}, "maxResults": {fmt.Sprint(size)}}
	if token != "" {
		q.Set("nextPageToken", token)
	}
	return "/rest/api/3/search/jql?" + q.Encode()
}

// walk is every page of a search on Cloud.
func walk(t testing.TB, s *Site, jql, fields string, size int, each func(page)) {
	t.Helper()
	token := ""
	for n := 0; ; n++ {
		if n > 2000 {
			t.Fatal("the walk does not end")
		}
		p := must[page](t, s, searchURL(jql, fields, size, token), nil)
		each(p)
		if p.NextPageToken == "" {
			if p.IsLast == nil || !*p.IsLast {
				t.Error("the page without a token is not said to be the last")
			}
			return
		}
		token = p.NextPageToken
	}
}

// met is how often a walk over everything meets each issue.
func met(t testing.TB, s *Site, size int) map[string]int {
	t.Helper()
	seen := map[string]int{}
	walk(t, s, everything, "updated", size, func(p page) {
		for _, is := range p.Issues {
			seen[is.ID]++
		}
	})
	return seen
}

// offsets is the same on Data Center, by startAt, and what happens before each page.
func offsets(t testing.TB, s *Site, jql string, size int, before func(n int)) map[string]int {
	t.Helper()
	seen := map[string]int{}
	for start, n := 0, 0; ; n++ {
		if before != nil {
			before(n)
		}
		p := must[page](t, s, fmt.Sprintf("/rest/api/2/search?jql=%s&fields=updated&startAt=%d&maxResults=%d", url.QueryEscape(jql), start, size), nil)
		for _, is := range p.Issues {
			seen[is.ID]++
		}
		if start += len(p.Issues); len(p.Issues) == 0 || start >= *p.Total {
			return seen
		}
	}
}

func moment(t testing.TB, v any) time.Time {
	t.Helper()
	text, _ := v.(string)
	at, err := time.Parse("2006-01-02T15:04:05.000-0700", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestAWalkMeetsEachIssueOnceWhileNothingChanges(t *testing.T) {
	s := cloud(t, 1234)
	s.Change(40)
	s.Add(3)
	s.Remove(2)
	truth := s.Truth()
	seen, pages := map[string]bool{}, 0
	var last time.Time
	walk(t, s, everything, "updated,status", 1000, func(p page) {
		pages++
		for _, is := range p.Issues {
			at := moment(t, is.Fields["updated"])
			if want := truth[is.ID]; !at.Equal(want.Updated) || is.Key != want.Key {
				t.Errorf("%s was updated %v; in truth %+v", is.Key, at, want)
			}
			if seen[is.ID] || at.Before(last) {
				t.Errorf("%s comes twice, or out of order", is.Key)
			}
			seen[is.ID], last = true, at
			if len(is.Fields) != 2 {
				t.Errorf("%s has the fields %v; two were named", is.Key, is.Fields)
			}
		}
	})
	if len(seen) != len(truth) || len(seen) != 1235 {
		t.Errorf("%d issues; in truth %d; want 1235", len(seen), len(truth))
	}
	if got := s.Requests(); pages != 13 || !maps.Equal(got, map[string]int{"GET /rest/api/3/search/jql": 13}) {
		t.Errorf("%d pages, and counted were %v; want 13 of a hundred issues at most", pages, got)
	}
	if ids := must[page](t, s, searchURL(everything, "id", 5000, ""), nil); len(ids.Issues) != 1235 || ids.Issues[0].Key != "" || ids.Issues[0].Fields != nil {
		t.Errorf("asked for ids alone, there are %d issues on one page, the first %+v", len(ids.Issues), ids.Issues[0])
	}
	s = server(t, 1234)
	if seen := offsets(t, s, everything, 1000, nil); len(seen) != 1234 || len(slices.Compact(slices.Sorted(maps.Values(seen)))) != 1 {
		t.Errorf("Data Center: %d issues, each %v times", len(seen), slices.Compact(slices.Sorted(maps.Values(seen))))
	}
	if got := s.Requests(); !maps.Equal(got, map[string]int{"GET /jira/rest/api/2/search": 2}) {
		t.Errorf("counted were %v", got)
	}
}

func TestAChangeDuringAWalkLosesNothingOnCloud(t *testing.T) {
	s := cloud(t, 600)
	s.Before(func(n int, _ *http.Request) {
		if n > 1 && n < 6 {
			s.Change(30)
		}
	})
	seen := met(t, s, 100)
	if len(seen) != 600 {
		t.Errorf("%d of 600 issues were met", len(seen))
	}
	if !slices.Contains(slices.Collect(maps.Values(seen)), 2) {
		t.Error("no issue moved behind the place that the walk was at and was met again; then nothing was tested")
	}
}

func TestAChangeDuringAWalkShiftsTheOffsetsOfDataCenter(t *testing.T) {
	s := server(t, 600)
	seen := offsets(t, s, everything, 100, func(n int) {
		if n > 0 {
			s.Change(5)
		}
	})
	if len(seen) == 600 {
		t.Error("a walk by offsets met all issues although some moved to the end under it; Jira's would not")
	}
}

func TestWithoutATieBreakerDataCenterRepeatsIssuesAndLosesOthers(t *testing.T) {
	s := server(t, 1600) // of which 250 have one date
	if seen := offsets(t, s, "project in (SUP, OPS, WEB) ORDER BY updated", 100, nil); len(seen) == 1600 {
		t.Error("issues with one date came in one order on all pages; nothing promises that")
	}
	if seen := offsets(t, s, everything, 100, nil); len(seen) != 1600 {
		t.Errorf("with a tie-breaker %d of 1600 issues were met", len(seen))
	}
}

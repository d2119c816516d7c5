package fakejira

// A client that knows only what Atlassian's documentation says, and what it must find.

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
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
	method, reader := http.MethodGet, io.Reader(nil)
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		method, reader = http.MethodPost, strings.NewReader(string(b))
	}
	r := httptest.NewRequest(method, s.opt.Base+path, reader)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.opt.Cloud {
		r.SetBasicAuth("bot@acme.example", secret)
	} else {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

// must is the JSON of an answer that must have status 200.
func must[T any](t testing.TB, s *Site, path string, body any) (v T) {
	t.Helper()
	res := ask(t, s, path, body)
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s %v: %s %s", path, body, res.Status, b)
	}
	if err := json.Unmarshal(b, &v); err != nil {
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
	Items   []struct{ Field, FieldID, FromString, ToString string }
}

type page struct {
	IsLast        *bool
	NextPageToken string
	Total         int
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

// walk is every page of a search on Cloud.
func walk(t testing.TB, s *Site, jql, fields string, size int, each func(page)) {
	t.Helper()
	token := ""
	for n := 0; ; n++ {
		if n > 2000 {
			t.Fatal("the walk does not end")
		}
		q := url.Values{"jql": {jql}, "fields": {fields}, "maxResults": {fmt.Sprint(size)}}
		if token != "" {
			q.Set("nextPageToken", token)
		}
		p := must[page](t, s, "/rest/api/3/search/jql?"+q.Encode(), nil)
		each(p)
		if p.NextPageToken == "" {
			return
		}
		token = p.NextPageToken
	}
}

func TestAWalkMeetsEachIssueOnceWhileNothingChanges(t *testing.T) {
	s := cloud(t, 1234)
	s.Change(40)
	truth := s.Truth()
	seen, pages, last := map[string]bool{}, 0, ""
	walk(t, s, everything, "updated,status", 1000, func(p page) {
		pages++
		for _, is := range p.Issues {
			if seen[is.ID] {
				t.Errorf("%s twice", is.Key)
			}
			seen[is.ID] = true
			at := is.Fields["updated"].(string)
			if when, err := time.Parse("2006-01-02T15:04:05.000-0700", at); err != nil || !when.Equal(truth[is.ID].Updated) || is.Key != truth[is.ID].Key {
				t.Errorf("%s was updated %s (%v); in truth %+v", is.Key, at, err, truth[is.ID])
			} else if last > when.UTC().Format(time.RFC3339Nano) {
				t.Errorf("%s is out of order", is.Key)
			}
		}
	})
	if len(seen) != len(truth) || len(seen) != 1234 {
		t.Errorf("%d issues on %d pages; in truth %d", len(seen), pages, len(truth))
	}
	if pages != 13 {
		t.Errorf("%d pages of a hundred at most; want 13", pages)
	}
	if got := s.Requests()["GET /rest/api/3/search/jql"]; got != 13 {
		t.Errorf("%d requests were counted; want 13", got)
	}
}

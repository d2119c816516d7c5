package github

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// recorded is a conversation with api.github.com of 2024: answers by request, headers and all.
type recorded map[string]*http.Response

// recording reads an httprr trace: "httprr trace v1", then "<length> <length>" and so many bytes of a
// request and its answer, again and again.
func recording(t testing.TB, name string) recorded {
	t.Helper()
	f, err := os.Open(filepath.Join(shared(t, "httprr-recordings"), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(z)
	if line, err := in.ReadString('\n'); line != "httprr trace v1\n" {
		t.Fatalf("%q, %v", line, err)
	}
	all := recorded{}
	for {
		var asked, answered int
		if _, err := fmt.Fscanf(in, "%d %d\n", &asked, &answered); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		both := make([]byte, asked+answered)
		if _, err := io.ReadFull(in, both); err != nil {
			t.Fatal(err)
		}
		req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(both[:asked])))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(both[asked:])), req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body = io.NopCloser(bytes.NewReader(body))
		all[req.URL.Path+"?"+req.URL.Query().Encode()] = resp
	}
}

// replayed answers from a recording as far as it goes. Timelines were not recorded, but the events of each
// issue, which are a part of them; and the second page of the list was asked for by its number, where we
// ask by the last update of the first, so the answer to that is put together from both.
type replayed struct {
	t     *testing.T
	all   recorded
	pages []json.RawMessage
	first *http.Response
}

func (r *replayed) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	q := req.URL.Query()
	path := strings.TrimSuffix(req.URL.Path, "/timeline")
	if path != req.URL.Path {
		path += "/events"
	}
	if q.Get("page") == "" {
		q.Set("page", "1")
	}
	if since := q.Get("since"); since != "" && strings.HasSuffix(path, "/issues") {
		var later []json.RawMessage
		for _, v := range r.pages {
			var is struct {
				At string `json:"updated_at"`
			}
			if json.Unmarshal(v, &is) == nil && is.At >= since {
				later = append(later, v)
			}
		}
		w.Header().Set("Date", r.first.Header.Get("Date"))
		json.NewEncoder(w).Encode(later)
		return
	}
	resp, ok := r.all[path+"?"+q.Encode()]
	if !ok {
		if strings.HasSuffix(path, "/events") { // those of pull requests were not asked for
			r.t.Errorf("the recording does not have %s", req.URL)
		}
		w.Header().Set("Date", r.first.Header.Get("Date"))
		w.WriteHeader(http.StatusNotFound) // GraphQL
		return
	}
	for name, v := range resp.Header {
		w.Header()[name] = v
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Error(err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	w.WriteHeader(resp.StatusCode)
	w.Write(body)
}

// TestARealConversationIsRead replays what GitHub answered in 2024 of robpike/ivy: 150 items of 2014 to
// 2024 on two pages, of which 72 are pull requests. Its rate headers count down with each request and its
// links lead to /repositories/{id}; neither stops us.
func TestARealConversationIsRead(t *testing.T) {
	r := &replayed{t: t, all: recording(t, "ivy.httprr.gz")}
	for _, name := range []string{
		"/repos/robpike/ivy/issues?direction=asc&page=1&per_page=100&sort=updated&state=all",
		"/repositories/26468385/issues?direction=asc&page=2&per_page=100&sort=updated&state=all",
	} {
		resp := r.all[name]
		if resp == nil {
			t.Fatalf("the recording has no %s", name)
		}
		var page []json.RawMessage
		body, _ := io.ReadAll(resp.Body)
		resp.Body = io.NopCloser(bytes.NewReader(body))
		if err := json.Unmarshal(body, &page); err != nil {
			t.Fatal(err)
		}
		r.pages = append(r.pages, page...)
		if r.first == nil {
			r.first = resp
		}
	}
	tr, err := transport.New(transport.Options{Service: "code", Origin: "https://api.github.com", Auth: transport.Bearer(collectortest.Token),
		Base: collectortest.Wire(r), Pace: 1e9, Attempts: 1, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	l := Live{Name: "code", Tracker: "code", Repos: []string{"robpike/ivy"}, HTTP: tr}
	var issues []record.Issue
	var tally record.Tally
	var horizon record.Instant
	for b, err := range l.Fetch(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range b.Gaps {
			t.Errorf("gap: %v", g)
		}
		for _, d := range b.Doubts {
			t.Logf("doubt: %v", d)
		}
		issues = append(issues, b.Issues...)
		for _, y := range b.Tallies {
			tally = y
		}
		horizon = max(horizon, b.Horizon)
	}
	if len(issues) != 78 || tally.Read != 78 || tally.Left[leftPull] != 72 {
		t.Errorf("%d issues, tally %+v; want 78 and 72 pull requests", len(issues), tally)
	}
	if horizon.String() != "2024-06-03T21:20:47Z" {
		t.Errorf("horizon %s", horizon)
	}
	closed, changes := 0, 0
	for _, is := range issues {
		f := is.Facts()
		changes += len(is.Changes)
		for _, c := range is.Changes {
			if c.Field == record.FieldStatus && c.To == "closed" {
				closed++
				break
			}
		}
		if f.Key == "" || f.Created == 0 || is.HistoryTo == 0 {
			t.Errorf("an issue that cannot be told: %+v", is)
		}
	}
	// Counted in the recording by itself: issues with an event "closed".
	if closed != 74 {
		t.Errorf("%d issues were closed; want 74", closed)
	}
	// Two for the list, 78 for the histories, one for the count.
	if n := l.Spent().Requests; n != 81 {
		t.Errorf("%d requests; want 81", n)
	}
	t.Logf("%d issues with %d changes for %d requests", len(issues), changes, l.Spent().Requests)
}

package jira

// Fixtures of live sites: testdata/live/*.txtar. The comment holds settings; each file is an answer, named
// by the question that gets it ("GET rest/api/3/myself"; the nth time it is asked, the nth of that name),
// and may begin with a line "HTTP 400" and headers, up to an empty line. "asked" is what was asked for,
// with its parameters, and "want" what came of it.

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// script is a site that answers from a fixture.
type script struct {
	answers map[string][]string
	asked   strings.Builder
	date    string
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	name := req.Method + " " + strings.TrimPrefix(req.URL.Path, "/")
	fmt.Fprintln(&s.asked, name)
	q := req.URL.Query()
	for _, k := range []string{"jql", "startAt", "nextPageToken", "maxResults", "fields", "expand"} {
		if q.Has(k) {
			fmt.Fprintf(&s.asked, "  %s: %s\n", k, strings.ReplaceAll(q.Get(k), strings.Join(coreFields, ","), "CORE"))
		}
		q.Del(k)
	}
	if len(q) > 0 {
		fmt.Fprintf(&s.asked, "  ALSO %v\n", q)
	}
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		if len(b) > 0 {
			fmt.Fprintf(&s.asked, "  %s\n", bytes.TrimSpace(b))
		}
	}
	resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Request: req, ProtoMajor: 1, ProtoMinor: 1}
	switch s.date {
	case "":
	case "now":
		resp.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	default:
		resp.Header.Set("Date", s.date)
	}
	body := "no answer to this in the fixture"
	if left := s.answers[name]; len(left) > 0 {
		body, s.answers[name] = left[0], left[1:]
	} else {
		resp.StatusCode = 599
	}
	if rest, ok := strings.CutPrefix(body, "HTTP "); ok {
		status, rest, _ := strings.Cut(rest, "\n")
		resp.StatusCode, _ = strconv.Atoi(strings.TrimSpace(status))
		for {
			line, after, _ := strings.Cut(rest, "\n")
			rest = after
			k, v, ok := strings.Cut(line, ": ")
			if !ok {
				break
			}
			resp.Header.Set(k, v)
		}
		body = rest
	}
	resp.Body, resp.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return resp, nil
}

func TestLiveFixtures(t *testing.T) {
	fixtures, err := filepath.Glob("testdata/live/*.txtar")
	if err != nil || len(fixtures) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, name := range fixtures {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			a := txtar.Parse(data)
			s := &script{answers: map[string][]string{}, date: "Mon, 23 Nov 2026 08:00:00 GMT"}
			var golden []txtar.File
			for _, f := range a.Files {
				if f.Name != "asked" && f.Name != "want" {
					s.answers[f.Name] = append(s.answers[f.Name], string(f.Data))
					golden = append(golden, f)
				}
			}
			x := newLiveFixture(t, string(a.Comment), s)
			want := x.do(t)
			for n, left := range s.answers {
				if len(left) > 0 {
					want += fmt.Sprintf("%d answers to %s were not asked for\n", len(left), n)
				}
			}
			got := &txtar.Archive{Comment: a.Comment, Files: append(golden, txtar.File{Name: "asked", Data: []byte(s.asked.String())}, txtar.File{Name: "want", Data: []byte(want)})}
			if *update {
				if err := os.WriteFile(name, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(a)), string(txtar.Format(got))); diff != "" {
				t.Errorf("-want +got; go test -update accepts it\n%s", diff)
			}
		})
	}
}

// do does what a fixture wants done, and tells what came of it.
func (x *liveFixture) do(t *testing.T) string {
	ctx := t.Context()
	if x.survey {
		return regexp.MustCompile(`is [0-9hms]+ (ahead of|behind)`).ReplaceAllString(dumpSurvey(x.Survey(ctx)), "is SO MUCH $1")
	}
	if x.since == 0 && !x.roll && x.get == nil {
		return x.collect(ctx)
	}
	streams, err := x.streams(ctx)
	if err != nil {
		return fmt.Sprintf("error %v\n", err)
	}
	var b strings.Builder
	if x.roll {
		for entries, err := range streams[0].Roll(ctx) {
			if err != nil {
				fmt.Fprintf(&b, "error %v\n", err)
			}
			for _, e := range entries {
				fmt.Fprintf(&b, "%s %s\n", e.ID, e.Key)
			}
		}
		return b.String()
	}
	pages := streams[0].Get(ctx, x.get)
	if x.since != 0 {
		known := func(id string, _ record.Instant) bool { return slices.Contains(x.known, id) }
		pages = streams[0].Walk(ctx, live.From{Since: x.since, Known: known})
	}
	for p, err := range pages {
		if err != nil {
			fmt.Fprintf(&b, "error %v\n", err)
			continue
		}
		fmt.Fprintf(&b, "page through %s, total %d, left %v, seen", p.Through, p.Total, p.Left)
		for _, e := range p.Seen {
			fmt.Fprintf(&b, " %s", e.ID)
		}
		for _, e := range p.Unread {
			fmt.Fprintf(&b, ", unread %s %s", e.ID, e.Key)
		}
		b.WriteByte('\n')
		b.WriteString(outcome{Batch: record.Batch{Issues: p.Issues, Doubts: p.Doubts, Gaps: p.Gaps}}.dump())
	}
	return b.String()
}

// collect is what the source yields, with its error.
func (x *liveFixture) collect(ctx context.Context) string {
	var o outcome
	var failed error
	for b, err := range x.Fetch(ctx, "") {
		if err != nil {
			failed = err
			continue
		}
		o.Issues = append(o.Issues, b.Issues...)
		o.Doubts = append(o.Doubts, b.Doubts...)
		o.Gaps = append(o.Gaps, b.Gaps...)
		o.Tallies = append(o.Tallies, b.Tallies...)
		o.Horizon = max(o.Horizon, b.Horizon)
		o.Total = max(o.Total, b.Total)
	}
	s := o.dump()
	if o.Total > 0 {
		s += fmt.Sprintf("total %d\n", o.Total)
	}
	if failed != nil {
		s += fmt.Sprintf("error %v\n", failed)
	}
	return s
}

// dumpSurvey is a survey as text.
func dumpSurvey(v live.Survey) string {
	var b strings.Builder
	for _, c := range v.Checks {
		fmt.Fprintf(&b, "check %s: %s\n", c.What, c.Found)
		if c.Wrong != "" {
			fmt.Fprintf(&b, "  wrong: %s\n  remedy: %s\n", c.Wrong, c.Remedy)
		}
		if c.Grave {
			b.WriteString("  nothing can be read\n")
		}
	}
	fmt.Fprintf(&b, "statuses %q\npriorities %q\ntypes %q\n", v.Statuses, v.Priorities, v.Types)
	for _, f := range v.Fields {
		fmt.Fprintf(&b, "field %s %q: %s", f.ID, f.Name, f.Kind)
		if f.Hint != "" {
			fmt.Fprintf(&b, ", probably %s", f.Hint)
		}
		if f.Asked {
			b.WriteString(", asked for")
		}
		if f.Values != nil {
			fmt.Fprintf(&b, ", of %q", f.Values)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// liveFixture is a site, and what is to be done with it: a first collection, unless it says otherwise.
type liveFixture struct {
	Live
	since  record.Instant // walk from here
	known  []string       // which issues are known there
	get    []live.Entry
	roll   bool
	survey bool
}

// newLiveFixture reads the settings in a fixture's comment.
func newLiveFixture(t *testing.T, comment string, site *script) *liveFixture {
	x := &liveFixture{Live: Live{Name: "tickets", Tracker: "test", URL: "https://acme.atlassian.net", Cloud: true, Fields: map[string]string{}}}
	for line := range strings.Lines(comment) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		left, right, _ := strings.Cut(value, " = ")
		switch name {
		case "url":
			x.URL = value
		case "browse":
			x.Browse = value
		case "kind":
			x.Cloud = value == "cloud"
		case "jql":
			x.JQL = value
		case "field":
			x.Fields[left] = right
		case "points":
			x.Points = append(x.Points, value)
		case "date":
			site.date = value
		case "do":
			x.survey, x.roll = value == "survey", value == "roll"
		case "get":
			for id := range strings.FieldsSeq(value) {
				x.get = append(x.get, live.Entry{ID: id})
			}
		case "known":
			x.known = strings.Fields(value)
		case "since":
			at, err := time.Parse(time.RFC3339, value)
			if err != nil {
				t.Fatal(err)
			}
			x.since = record.At(at)
		}
	}
	x.HTTP = over(t, x.URL, site)
	return x
}

// over is a transport over a site in memory.
func over(t testing.TB, address string, rt http.RoundTripper) *transport.Transport {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := transport.New(transport.Options{Service: "tickets", Origin: u.Scheme + "://" + u.Host, Base: rt,
		Auth: transport.Bearer("not-a-real-token"), Attempts: 1, Pace: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

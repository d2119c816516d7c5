package jira_test

// The live source against a mock server that is made of Atlassian's own OpenAPI description: see .ci/prism.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/firebreak/firebreak/collectors/jira"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// prism leads every request to the mock server, whatever host it is for, and notes what the server has
// against it.
//
// Prism serves examples, one at a time and always the same, so it takes some help to pass for a service: its
// histories always have a next page and are of another issue, and its example of an issue was updated at 1,
// has no other date, and has comments and worklogs as lists where Jira sends a page of them.
type prism struct {
	to   *url.URL
	mend bool // make the example of an issue what Jira really sends

	mu       sync.Mutex
	asked    map[string]int // by method and path
	refusals []string       // what the description does not allow, or does not know
}

func newPrism(t *testing.T, variable string) *prism {
	t.Helper()
	to, err := url.Parse(os.Getenv(variable))
	if err != nil || to.Host == "" {
		t.Skipf("%s holds no address of a mock server; .ci/prism starts one", variable)
	}
	return &prism{to: to, asked: map[string]int{}}
}

func (p *prism) RoundTrip(r *http.Request) (*http.Response, error) {
	name := r.Method + " " + r.URL.Path
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host, out.Host = p.to.Scheme, p.to.Host, ""
	out.Header.Set("Accept", "application/json")
	res, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[name]++
	if against := problem(res, body); against != "" {
		p.refusals = append(p.refusals, name+"?"+r.URL.RawQuery+": "+against)
	}
	body = p.mended(r, body)
	res.Body = io.NopCloser(bytes.NewReader(body))
	res.ContentLength = int64(len(body))
	return res, nil
}

// mended is a body that passes for the service's: histories end with their first page, and the issue is what
// Jira really sends, if that is wanted.
func (p *prism) mended(r *http.Request, body []byte) []byte {
	var v map[string]any
	if json.Unmarshal(body, &v) != nil {
		return body
	}
	if logs, _ := v["issueChangeLogs"].([]any); len(logs) > 0 {
		delete(v, "nextPageToken")
		logs[0].(map[string]any)["issueId"] = "10002"
	}
	if issues, _ := v["issues"].([]any); p.mend && len(issues) > 0 {
		fields := issues[0].(map[string]any)["fields"].(map[string]any)
		fields["created"], fields["updated"] = "2021-01-10T10:00:00.000+0000", "2026-03-01T10:00:00.000+0000"
		fields["status"] = map[string]any{"id": "5", "name": "Closed", "statusCategory": map[string]any{"key": "done"}}
		fields["summary"] = "Main order flow broken"
		fields["comment"] = map[string]any{"comments": fields["comment"], "startAt": 0, "maxResults": 1, "total": 1}
		fields["worklog"] = map[string]any{"worklogs": fields["worklog"], "startAt": 0, "maxResults": 20, "total": 1}
	}
	body, _ = json.Marshal(v)
	return body
}

// problem is what Prism has against a request: a path or a method that is not described, a parameter that is
// missing or wrong. What it has against its own example (the histories of bulkfetch are of type string in
// Jira's description, and numbers in its example) is not the request's fault.
func problem(res *http.Response, body []byte) string {
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		return res.Status + " " + string(body)
	}
	var violations []struct {
		Location []string
		Message  string
	}
	if v := res.Header.Get("Sl-Violations"); v != "" && json.Unmarshal([]byte(v), &violations) != nil {
		return v
	}
	for _, v := range violations {
		if len(v.Location) == 0 || v.Location[0] == "request" {
			return res.Status + " " + v.Message
		}
	}
	return ""
}

func (p *prism) live(t *testing.T) *jira.Live {
	t.Helper()
	tr, err := transport.New(transport.Options{
		Service: "tickets", Origin: "https://your-domain.atlassian.net", Base: p, Attempts: 1, Auth: transport.Basic("bot@acme.example", "not-a-real-token"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &jira.Live{Name: "tickets", Tracker: "tickets", URL: "https://your-domain.atlassian.net", Cloud: true, JQL: "project = EX", HTTP: tr}
}

// read is what one run brings.
func (p *prism) read(t *testing.T) (issues []record.Issue, doubts []record.Doubt, gaps []string) {
	t.Helper()
	for b, err := range p.live(t).Fetch(t.Context(), "") {
		if err != nil {
			t.Errorf("the source ends with: %v", err)
			break
		}
		issues, doubts = append(issues, b.Issues...), append(doubts, b.Doubts...)
		for _, g := range b.Gaps {
			gaps = append(gaps, g.What+": "+g.Why)
		}
	}
	p.report(t)
	return issues, doubts, gaps
}

func TestTheShapesOfJiraCloudAreRead(t *testing.T) {
	p := newPrism(t, "FIREBREAK_PRISM_JIRA")
	p.mend = true
	issues, doubts, gaps := p.read(t)
	for _, d := range doubts {
		t.Logf("doubt: %s", d)
	}
	if len(issues) != 1 || len(gaps) != 0 {
		t.Fatalf("%d issues; want the one of the example; gaps %q; want none", len(issues), gaps)
	}
	is := issues[0]
	c := is.Copies[0]
	if is.ID != "10002" || c.Key != "ED-1" || c.Status.Category != record.Done || c.Text != "Main order flow broken" || len(c.Links) != 2 {
		t.Errorf("read %+v", is)
	}
	if is.HistoryTo == 0 || len(is.Comments) != 1 || !is.Comments[0].Private || len(is.Worklogs) != 1 || is.Worklogs[0].Seconds != 12000 {
		t.Errorf("history to %s, comments %+v, worklogs %+v", is.HistoryTo, is.Comments, is.Worklogs)
	}
}

func TestTheShapesOfJiraThatCannotBeReadAreNamed(t *testing.T) {
	issues, doubts, gaps := newPrism(t, "FIREBREAK_PRISM_JIRA").read(t)
	all := fmt.Sprint(doubts)
	if len(gaps) != 1 || !strings.Contains(gaps[0], "could not be read: ED-1") {
		t.Errorf("gaps %q; want one, of the issue that could not be read", gaps)
	}
	for _, want := range []string{"ED-1", "updated", "creation date", "status"} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing is said of %s: %v", want, doubts)
		}
	}
	if len(issues) > 1 {
		t.Errorf("%d issues of an example that has one", len(issues))
	}
}

func TestTheShapesOfWhatJiraHasAreSurveyed(t *testing.T) {
	p := newPrism(t, "FIREBREAK_PRISM_JIRA")
	v := p.live(t).Survey(t.Context())
	for _, c := range v.Checks {
		if c.Grave && c.Wrong != "" {
			t.Errorf("%+v", c)
		}
	}
	if len(v.Statuses) != 2 || v.Statuses[0].Name != "In Progress" || len(v.Priorities) != 2 || len(v.Types) != 2 {
		t.Errorf("statuses %v, priorities %q and types %q are not those of the description's examples", v.Statuses, v.Priorities, v.Types)
	}
	p.report(t)
}

func (p *prism) report(t *testing.T) {
	t.Helper()
	t.Logf("asked: %v", p.asked)
	for _, r := range p.refusals {
		t.Errorf("the description does not allow %s", r)
	}
}

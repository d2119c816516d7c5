package github_test

// The live source against a mock server that is made of GitHub's own OpenAPI description: see .ci/prism.

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/firebreak/firebreak/collectors/github"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// prism leads every request to the mock server, whatever host it is for, and notes what the server has
// against it.
//
// Prism serves examples, one at a time and always the same, so it takes some help to pass for a service: it
// knows only the plain media type; it says of every page that the next one is page 2; its example of an
// issue is a pull request, and that of a search is one of 280. GraphQL is not in the description.
type prism struct {
	to *url.URL

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
	if r.URL.Path != "/graphql" {
		if against := problem(res, body); against != "" {
			p.refusals = append(p.refusals, name+"?"+r.URL.RawQuery+": "+against)
		}
	}
	res.Header.Del("Link")
	var v any
	if json.Unmarshal(body, &v) == nil {
		list, _ := v.([]any)
		if found, search := v.(map[string]any); search && found["total_count"] != nil {
			list, _ = found["items"].([]any)
			found["total_count"] = len(list)
		}
		for _, e := range list {
			if is, object := e.(map[string]any); object {
				delete(is, "pull_request")
			}
		}
		body, _ = json.Marshal(v)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	res.ContentLength = int64(len(body))
	return res, nil
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

func (p *prism) live(t *testing.T) *github.Live {
	t.Helper()
	tr, err := transport.New(transport.Options{Service: "code", Origin: "https://api.github.com", Base: p, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	return &github.Live{Name: "code", Tracker: "code", HTTP: tr}
}

func TestTheShapesOfGitHubAreRead(t *testing.T) {
	for _, c := range []struct {
		name, key string // of the example's issue
		ask       func(*github.Live)
	}{
		{"repositories", "octocat/Hello-World#1347", func(l *github.Live) { l.Repos = []string{"octocat/Hello-World"} }},
		{"an organisation", "octocat/Hello-World#1347", func(l *github.Live) { l.Org = "octocat" }},
		{"a query", "batterseapower/pinyin-toolkit#132", func(l *github.Live) { l.Query = "repo:batterseapower/pinyin-toolkit" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPrism(t, "FIREBREAK_PRISM_GITHUB")
			l := p.live(t)
			c.ask(l)
			var issues []record.Issue
			for b, err := range l.Fetch(t.Context(), "") {
				if err != nil {
					t.Errorf("the source ends with: %v", err)
					break
				}
				issues = append(issues, b.Issues...)
				for _, d := range b.Doubts {
					t.Logf("doubt: %s", d)
				}
				for _, g := range b.Gaps {
					t.Errorf("gap: %s: %s", g.What, g.Why)
				}
			}
			if len(issues) != 1 || len(issues[0].Copies) != 1 || issues[0].Copies[0].Key != c.key || len(issues[0].Changes) == 0 {
				t.Errorf("read %+v; want %s with its history", issues, c.key)
			}
			p.report(t)
		})
	}
}

func TestTheShapesOfWhatGitHubHasAreSurveyed(t *testing.T) {
	p := newPrism(t, "FIREBREAK_PRISM_GITHUB")
	l := p.live(t)
	l.Repos = []string{"octocat/Hello-World"}
	v := l.Survey(t.Context())
	for _, c := range v.Checks {
		if c.Wrong != "" {
			t.Errorf("%+v", c)
		}
	}
	if !slices.Equal(v.Types, []string{"Task", "Bug"}) || !slices.Equal(v.Labels, []string{"bug", "enhancement"}) {
		t.Errorf("types %q and labels %q are not those of the description's examples", v.Types, v.Labels)
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

package jira

// A token must not come back in what is said of an answer that quotes it.

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/transport"
)

// answering is a site that answers each request by a function.
type answering func(*http.Request) (status int, header http.Header, body string)

func (a answering) RoundTrip(req *http.Request) (*http.Response, error) {
	status, header, body := a(req)
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Date") == "" {
		header.Set("Date", "Mon, 23 Nov 2026 08:00:00 GMT")
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req}, nil
}

// usual are the answers that come before a search.
func usual(req *http.Request) (body string, ok bool) {
	switch _, path, _ := strings.Cut(req.URL.Path, "/rest/api/"); path[2:] {
	case "myself":
		return `{"accountId":"a0","name":"robot","displayName":"Robot","timeZone":"UTC"}`, true
	case "field":
		return `[{"id":"summary","name":"Summary"}]`, true
	case "search/approximate-count":
		return `{"count":3}`, true
	}
	return "", false
}

func TestAnAnswerThatQuotesTheAuthorisationIsNotQuoted(t *testing.T) {
	const token = "not-a-real-token/with+signs=/and-more-than-sixty-characters-in-all=="
	quoting := func(sent string) string { return "not a valid key=value pair in Authorization header: '" + sent + "'." }
	inJSON := func(s string) string {
		b, err := json.Marshal(s) // with \u0026 and the like
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(strings.ReplaceAll(string(b), "=", `\u003d`), "/", `\/`)
	}
	for name, auth := range map[string]transport.Auth{"Basic": transport.Basic("robot@acme.example", token), "Bearer": transport.Bearer(token)} {
		for what, answer := range map[string]func(sent string) (int, http.Header, string){
			"an error":        func(s string) (int, http.Header, string) { return 403, nil, `{"message":` + inJSON(quoting(s)) + `}` },
			"errors by field": func(s string) (int, http.Header, string) { return 400, nil, `{"errors":{"jql":` + inJSON(s) + `}}` },
			"a text":          func(s string) (int, http.Header, string) { return 400, nil, quoting(s) },
			"half of it":      func(s string) (int, http.Header, string) { return 400, nil, strings.Repeat("x", 130) + quoting(s) },
			"a page": func(s string) (int, http.Header, string) {
				return 404, nil, "<title>" + html.EscapeString(quoting(s)) + "</title>"
			},
			"a page that is well": func(s string) (int, http.Header, string) {
				return 200, nil, "<title>" + html.EscapeString(quoting(s)) + "</title>"
			},
			"a text that is well": func(s string) (int, http.Header, string) { return 200, nil, "sent: " + s },
			"an error that is well": func(s string) (int, http.Header, string) {
				return 200, nil, `{"errorMessages":[` + inJSON(quoting(s)) + `]}`
			},
			"another object": func(s string) (int, http.Header, string) { return 200, nil, `{"h":` + inJSON(s) + `}` },
			"no issue": func(s string) (int, http.Header, string) {
				return 200, nil, `{"issues":[{"h":` + inJSON(s) + `}],"isLast":true}`
			},
			"a warning": func(s string) (int, http.Header, string) {
				return 200, nil, `{"issues":[],"isLast":true,"warningMessages":[` + inJSON(quoting(s)) + `]}`
			},
			"a redirect": func(s string) (int, http.Header, string) {
				return 302, http.Header{"Location": {"https://sso.example/" + s}}, ""
			},
			"a CAPTCHA": func(s string) (int, http.Header, string) {
				return 403, http.Header{"X-Authentication-Denied-Reason": {quoting(s)}}, ""
			},
			"a reason for nobody": func(s string) (int, http.Header, string) {
				return 200, http.Header{"X-Seraph-Loginreason": {quoting(s)}}, `{"issues":[],"isLast":true}`
			},
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				quoted := false
				tr, err := transport.New(transport.Options{Service: "tickets", Origin: "https://acme.atlassian.net", Auth: auth, Attempts: 1, Pace: 1e6,
					Base: answering(func(req *http.Request) (int, http.Header, string) {
						if body, ok := usual(req); ok {
							return 200, nil, body
						}
						quoted = true
						return answer(req.Header.Get("Authorization"))
					})})
				if err != nil {
					t.Fatal(err)
				}
				l := &Live{Name: "tickets", Tracker: "t", URL: "https://acme.atlassian.net", Cloud: true, HTTP: tr}
				var said strings.Builder
				for b, err := range l.Fetch(t.Context(), "") {
					fmt.Fprintln(&said, b.Gaps, b.Doubts, err)
				}
				streams, err := l.streams(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for p, err := range streams[0].Get(t.Context(), []live.Entry{{ID: "1"}}) {
					fmt.Fprintln(&said, p.Gaps, p.Doubts, err)
				}
				fmt.Fprintf(&said, "%+v", l.Survey(t.Context()))
				if !quoted || !strings.Contains(said.String(), "secret") && what != "another object" {
					t.Errorf("what is quoted is not said at all: %s", &said)
				}
				sent := token
				if name == "Basic" {
					sent = base64.StdEncoding.EncodeToString([]byte("robot@acme.example:" + token))
				}
				for _, part := range []string{token[:16], sent[:16], token[30:46], sent[30:46], token[len(token)-12:]} {
					if strings.Contains(said.String(), part) {
						t.Errorf("%q is in %s", part, &said)
					}
				}
			})
		}
	}
}

package jira

// What Jira says no with, in words: its own message first, then what to do.

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// refusal is an answer with a status that is not well.
type refusal struct {
	request string
	status  int
	said    string // by Jira, or by whoever answered
	advice  string
}

func (r *refusal) Error() string {
	s := fmt.Sprintf("%s: %d", r.request, r.status)
	if t := http.StatusText(r.status); t != "" {
		s += " " + t
	}
	if r.said != "" {
		s += ": " + r.said
	}
	if r.advice != "" {
		s += "; " + r.advice
	}
	return s
}

// refusedWith says whether an error is a refusal with one of these statuses.
func refusedWith(err error, statuses ...int) bool {
	var r *refusal
	return errors.As(err, &r) && slices.Contains(statuses, r.status)
}

// advised is a refusal with other advice.
func advised(err error, advice string) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	other := *r
	other.advice = advice
	return &other
}

// refused puts a status into words.
func (s *session) refused(name string, resp *http.Response, body []byte) error {
	r := &refusal{request: name, status: resp.StatusCode, said: saying(body, s.l.Scrub)}
	switch r.status {
	default:
		r.advice = "see that `url:` leads to Jira itself, and what stands in between; run again, and report it if it stays"
	case http.StatusUnauthorized:
		r.advice = s.credentials()
	case http.StatusForbidden:
		r.advice = "the account may not do this: let it browse the projects, or give the token the right to read"
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		if strings.Contains(name, "/issue/") || strings.HasSuffix(name, bulkPath) {
			break // it is the issue that is not there, or this way to ask
		}
		r.advice = "there is no Jira API at this address: see that `url:` is the site's, with its context path if it has one (https://host/jira)"
	case http.StatusGone:
		r.advice = "Jira Cloud has removed this kind of search; say that it is Cloud by giving `email:` beside the token in firebreak.yaml"
		if s.l.Cloud {
			r.advice = "Jira has removed what this version of firebreak asks for; take a newer one"
		}
	case http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge:
		r.advice = fmt.Sprintf("the jql of %d characters is too long for the site or a proxy before it; shorten it, or save it as a filter and write `filter = <id>`", len(s.l.JQL))
	}
	denied := resp.Header.Get("X-Authentication-Denied-Reason")
	if denied != "" || resp.Header.Get("X-Seraph-LoginReason") == "AUTHENTICATION_DENIED" {
		r.advice = "Jira wants to see a CAPTCHA after too many failed logins" + bracketed(cut(s.l.Scrub(denied), 200)) + "; log in once as this account with a browser, then check the token"
	}
	if 300 <= r.status && r.status < 400 {
		r.advice = "it leads elsewhere; see whether the site has moved, or wants a login"
		if to, err := url.Parse(resp.Header.Get("Location")); err == nil && to.Host != "" {
			r.advice = "it leads to " + to.Scheme + "://" + to.Host + to.Path + ": the site has moved, and `url:` should follow, or it wants a login, and the token is not accepted"
		}
	}
	r.advice = s.l.Scrub(r.advice) // it may quote headers
	return r
}

// unknown is the refusal of an answer that is well and was given as to anybody: there would be fewer issues
// in it than there are, or none.
func (s *session) unknown(name string, resp *http.Response, header string) error {
	return &refusal{request: name, status: resp.StatusCode, said: "it was answered as to anybody (" + cut(s.l.Scrub(header), 100) + ")", advice: s.credentials()}
}

// credentials is what this kind of site wants to see.
func (s *session) credentials() string {
	if s.l.Cloud {
		return "the e-mail address or the API token is wrong, or the token has expired: `email:` must be the account's, and the token made by it at https://id.atlassian.com/manage-profile/security/api-tokens (a token with scopes is for https://api.atlassian.com/ex/jira/<cloudId>)"
	}
	return "the personal access token is wrong or has expired: make one in Jira under Profile, Personal Access Tokens (for Jira Cloud give `email:` too)"
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// saying is what the body of an error says: {"errorMessages": […], "errors": {"jql": "…"}} and its kin,
// whose values are not always strings; or the title of a page; or the beginning of a text. All of it is scrubbed.
func saying(body []byte, scrub func(string) string) string {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return ""
	}
	if body[0] == '<' {
		return strings.Trim(titled(body, scrub), ` ()`)
	}
	if !jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
		return strings.TrimRight(cut(scrub(strings.Join(strings.Fields(string(body)), " ")), 200), ". ")
	}
	var d decoder
	var said []string
	s := &d.s
	s.reset(body)
	add := func(before string) {
		d.list = d.list[:0]
		d.values(0)
		for _, w := range d.list {
			if w = before + strings.TrimRight(w, ". \n"); !slices.Contains(said, w) {
				said = append(said, w)
			}
		}
	}
	for s.enter('{'); s.member(); {
		switch name := string(s.name); {
		case name == "errors" && s.kind() == '{':
			for s.enter('{'); s.member(); {
				add(string(s.name) + ": ")
			}
		case name == "errors" || slices.Contains(sayings, name):
			add("")
		default:
			s.skip()
		}
	}
	return cut(scrub(strings.Join(said, "; ")), 600)
}

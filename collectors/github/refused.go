package github

// What GitHub refuses, in words that say what to do.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	gh "github.com/google/go-github/v60/github"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/transport"
)

// refusal is an answer that is none.
type refusal struct {
	request string
	status  int
	message string // GitHub's own
	remedy  string
}

func (r *refusal) Error() string {
	s := fmt.Sprintf("%s: %d %s", r.request, r.status, http.StatusText(r.status))
	if r.message != "" {
		s += ": " + r.message
	}
	if r.remedy != "" {
		s += "; " + r.remedy
	}
	return s
}

// The permissions that reading issues takes.
const (
	needIssues = "a fine-grained token needs this repository selected, and Issues: read and Metadata: read; a classic one the scope repo (public_repo, if it is public)"
	needToken  = "the token is wrong, expired or revoked; make a new one and put it where firebreak.yaml says"
)

// refused puts into words why there is no answer.
func (s *session) refused(request string, resp *gh.Response, err error) error {
	var known *gh.ErrorResponse
	if !errors.As(err, &known) || resp == nil || resp.Response == nil {
		return s.plainly(request, err)
	}
	r := &refusal{request: request, status: resp.StatusCode, message: s.said(known)}
	switch sso := resp.Header.Get("X-GitHub-SSO"); {
	case r.status == http.StatusBadRequest:
		r.remedy = "GitHub, or a gateway before it, takes the request for malformed: see that the token's variable or file holds the token alone, and whether a proxy in between changes what is asked"
	case r.status == http.StatusUnauthorized:
		r.remedy = needToken
	case sso != "" && r.status == http.StatusForbidden:
		r.remedy = "authorise the token for the organisation's single sign-on (Settings > Developer settings > the token > Configure SSO)"
	case r.status == http.StatusForbidden:
		r.remedy = needIssues
	case r.status == http.StatusNotFound:
		r.remedy = "there is no such thing, or the token may not see it: " + needIssues
	case r.status == http.StatusGone:
		r.remedy = "issues are disabled in this repository, or this one was deleted"
	case r.status == http.StatusUnprocessableEntity && strings.Contains(r.message, "Pagination"):
		r.remedy = "more issues than the service pages through were updated in one second, and it gave no other way on"
	case r.status == http.StatusUnprocessableEntity:
		r.remedy = "correct what it says is wrong in firebreak.yaml"
	case r.status == http.StatusUnavailableForLegalReasons:
		r.remedy = "the repository is blocked; take it off the list"
	}
	return r
}

// unexpected is JSON of something else.
func (s *session) unexpected(request, want string, got jsontext.Value) error {
	return fmt.Errorf("%s: expected %s, got %s; does something between here and GitHub answer for it?", request, want, s.shownText(string(got)))
}

// plainly is an error without what clients wrap around it: the transport's names the request itself.
func (s *session) plainly(request string, err error) error {
	var own *transport.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return fmt.Errorf("%s: %s", request, s.HTTP.Scrub(err.Error())) // it may quote the answer, so it is no more than its text
}

// said is GitHub's message with the particulars of it, without what a gateway may quote of the request.
func (s *session) said(e *gh.ErrorResponse) string {
	list := []string{e.Message}
	for _, p := range e.Errors {
		if p.Message != "" && p.Message != e.Message {
			list = append(list, p.Message)
		} else if p.Field != "" {
			list = append(list, strings.TrimSpace(p.Field+" "+p.Code))
		}
	}
	m := s.HTTP.Scrub(strings.Join(list, ": "))
	if len(m) > 500 {
		m = excerpt(m, 497) + "…"
	}
	return m
}

// tired is how many streams in a row may fail on the service's side before the service is taken for down.
const tired = 3

// alone marks an error of one stream as its own, where the others may well go on: what it is refused for
// want of a permission, and what the service fails at or answers nonsense to, unless it does so again and
// again. A wrong token, a network that is down and a limit beyond all patience are everybody's.
func (s *session) alone(err error) error {
	var r *refusal
	var own *transport.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &own) && own.Status < 500:
		return err
	case errors.As(err, &r) && r.status == http.StatusUnauthorized:
		return err
	case errors.As(err, &r) && r.status < 500:
		return live.Alone(err)
	}
	if s.failed++; s.failed < tired {
		return live.Alone(err)
	}
	return err
}

// lost says that what was asked for is not there any more.
func lost(err error) bool {
	var r *refusal
	return errors.As(err, &r) && (r.status == http.StatusNotFound || r.status == http.StatusGone)
}

package github

// GraphQL, where REST has no answer or a dearer one.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// fault is one of the errors of a GraphQL answer. They come with status 200, and beside them may be the
// part of the data that they do not concern.
type fault struct {
	kind    string // NOT_FOUND, FORBIDDEN, INSUFFICIENT_SCOPES, RATE_LIMITED …, or a code such as undefinedField
	message string
	path    string // the member of the data it is about
}

func (f fault) Error() string {
	if f.kind == "" {
		return f.message
	}
	return f.kind + ": " + f.message
}

// denied says that the fault is a permission that the token lacks, or a thing that is not there, which
// GitHub does not tell apart.
func (f fault) denied() bool {
	return slices.Contains([]string{"NOT_FOUND", "FORBIDDEN", "INSUFFICIENT_SCOPES"}, f.kind)
}

// faults are the errors of an answer.
type faults []fault

func (f faults) Error() string {
	var list []string
	for _, e := range f[:min(len(f), 3)] {
		list = append(list, e.Error())
	}
	if len(f) > 3 {
		list = append(list, fmt.Sprintf("and %d more", len(f)-3))
	}
	return strings.Join(list, "; ")
}

// errAnybody is the refusal of GraphQL to those who do not say who they are.
var errAnybody = errors.New("GraphQL is for those with a token only")

// query asks GraphQL. Where there are faults and data, both are returned; faults alone are an error.
func (s *session) query(ctx context.Context, query string, variables map[string]any) (jsontext.Value, faults, error) {
	if s.anybody {
		return nil, nil, errAnybody
	}
	where := "graphql"
	if strings.HasSuffix(s.client.BaseURL.Path, "/api/v3/") {
		where = "../graphql" // of an Enterprise Server: beside v3, not below it
	}
	r, err := s.client.NewRequest(http.MethodPost, where, map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, nil, err
	}
	a, err := s.ask(ctx, r)
	if err != nil {
		var no *refusal
		if errors.As(err, &no) && (no.status == http.StatusUnauthorized || no.status == http.StatusForbidden) && s.open {
			s.anybody = true // REST has answered, so it is not the token that is wrong
			return nil, nil, errAnybody
		}
		return nil, nil, err
	}
	var data jsontext.Value
	var wrong faults
	for name, m := range members(a.body) {
		switch name {
		case "data":
			data = m
		case "errors":
			wrong = s.parseFaults(m)
		}
	}
	if !present(data) || data.Kind() != '{' {
		if len(wrong) == 0 {
			return nil, nil, s.unexpected(a.request, "an answer with data", a.body)
		}
		return nil, wrong, fmt.Errorf("%s: %w", a.request, wrong)
	}
	return data, wrong, nil
}

func (s *session) parseFaults(v jsontext.Value) (all faults) {
	for e := range elements(v) {
		f := fault{kind: s.HTTP.Scrub(text(member(e, "type"))), message: s.HTTP.Scrub(text(member(e, "message")))}
		if f.kind == "" {
			f.kind = text(member(member(e, "extensions"), "code"))
		}
		for p := range elements(member(e, "path")) {
			f.path = text(p)
			break
		}
		if f.message == "" {
			f.message = "an error without a message"
		}
		all = append(all, f)
	}
	return all
}

// unknownField says whether the service does not know a field, as an older Enterprise Server does not.
func unknownField(wrong faults, name string) bool {
	return slices.ContainsFunc(wrong, func(f fault) bool {
		return strings.Contains(f.message, "'"+name+"'") && (f.kind == "undefinedField" || strings.Contains(f.message, "doesn't exist"))
	})
}

package github

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/transport"
)

// TestWhateverAnAnswerQuotesTheTokenIsNotTold has a gateway quote the request's authorisation, in each of
// the answers that messages are made of.
func TestWhateverAnAnswerQuotesTheTokenIsNotTold(t *testing.T) {
	for name, answer := range map[string]struct {
		status int
		body   string // %s is the header
		only   string // of which path; else of all
	}{
		"a bad request":       {400, `{"message":"not a valid key=value pair in Authorization header: '%s'."}`, ""},
		"one with details":    {422, `{"message":"no","errors":[{"message":"what is %s?"}]}`, ""},
		"a refusal":           {403, `{"message":"%s is not welcome"}`, ""},
		"a refusal as text":   {403, `%s is not welcome`, ""},
		"a long one":          {403, `{"message":"` + strings.Repeat("x", 480) + ` %s"}`, ""},
		"a page":              {200, `<html>You sent %s`, ""},
		"JSON of another":     {200, `{"you sent":"%s"}`, ""},
		"JSON that is cut":    {200, `{"you sent":"%s"`, ""},
		"a long page":         {200, `<html>` + strings.Repeat("x", 90) + ` %s`, ""},
		"a timeline":          {200, `{"you sent":"%s"}`, "/timeline"},
		"a field of an issue": {200, `[{"id":1,"number":1,"state":"open","created_at":"%s","repository_url":"https://api.github.com/repos/a/b"}]`, "/issues"},
		"an error of GraphQL": {200, `{"errors":[{"type":"%s","message":"you sent %[1]s"}]}`, "/graphql"},
		"data of GraphQL":     {200, `{"data":{"organization":{"projectV2":{"id":"%s"}},"nodes":{"x":"%[1]s"}}}`, "/graphql"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(t, 3)
				s.l = Live{Repos: []string{"a/b"}, Query: "label:x", Projects: []string{"a/5"}}
				if answer.only == "" {
					s.l.Org = "a"
				}
				quoted := 0
				s.before = func(w http.ResponseWriter, r *http.Request) bool {
					if !strings.HasSuffix(r.URL.Path, answer.only) {
						return false
					}
					quoted++
					w.WriteHeader(answer.status)
					fmt.Fprintf(w, answer.body, r.Header.Get("Authorization"))
					return true
				}
				told := fmt.Sprint(s.night(), s.gaps, s.doubts)
				tr, err := transport.New(transport.Options{Service: "code", Origin: "https://api.github.com", Auth: transport.Bearer(collectortest.Token), Base: collectortest.Wire(s)})
				if err != nil {
					t.Fatal(err)
				}
				s.l.HTTP = tr
				told += fmt.Sprintf("%+v", s.l.Survey(t.Context()))
				if quoted == 0 {
					t.Fatal("it was not asked for what quotes the token")
				}
				for n := len(collectortest.Token); n > len(collectortest.Token)/2; n-- {
					if part := collectortest.Token[:n]; strings.Contains(told, part) {
						t.Fatalf("the token is told: …%s…", told[max(0, strings.Index(told, part)-200):])
					}
				}
				if !strings.Contains(told, "(secret)") && strings.Contains(answer.body, `not welcome"`) {
					t.Errorf("what the answer says is not told at all: %s", told)
				}
			})
		})
	}
}

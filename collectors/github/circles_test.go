package github

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

// TestAListThatGoesInCirclesEnds has the service lead from the second page of a list to the third and from
// there to the second, which no page alone tells.
func TestAListThatGoesInCirclesEnds(t *testing.T) {
	for name, c := range map[string]struct {
		live  Live
		where string // the path of the list, or words of its query
	}{
		"repositories of an organisation": {Live{Org: "a"}, "/orgs/a/repos"},
		"a timeline":                      {Live{Repos: []string{"a/b"}}, "/repos/a/b/issues/2/timeline"},
		"ids":                             {Live{Repos: []string{"a/b"}}, "orderBy"},
		"items of a project":              {Live{Repos: []string{"a/b"}, Projects: []string{"a/5"}}, "projectV2(number"},
		"a history of the status":         {Live{Repos: []string{"a/b"}, Projects: []string{"a/5"}}, "node(id"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(t, 3)
				s.l = c.live
				s.delivered["a/b"] = []string{"1"} // a roll call is owed
				circled := 0
				s.before = func(w http.ResponseWriter, r *http.Request) bool {
					if r.URL.Path == c.where {
						circled++
						w.Header().Set("Link", fmt.Sprintf(`<https://api.github.com%s?page=%d>; rel="next"`, c.where, 2+circled%2))
						fmt.Fprint(w, "[]")
						return true
					}
					if r.URL.Path != "/graphql" {
						return false
					}
					body, _ := io.ReadAll(r.Body)
					info := ""
					if strings.Contains(string(body), c.where) {
						circled++
						info = fmt.Sprintf(`"pageInfo":{"hasNextPage":true,"endCursor":"c%d"},`, circled%2)
					}
					switch q := string(body); {
					case strings.Contains(q, "projectV2(number"):
						fmt.Fprint(w, `{"data":{"organization":{"projectV2":{"id":"P","items":{`+info+`"nodes":[]}}}}}`)
					case strings.Contains(q, "nodes(ids"):
						fmt.Fprint(w, `{"data":{"nodes":[{"fullDatabaseId":"1","id":"n1","timelineItems":{"pageInfo":{"hasNextPage":true,"endCursor":"c"},"nodes":[]}}]}}`)
					case strings.Contains(q, "node(id"):
						fmt.Fprint(w, `{"data":{"node":{"timelineItems":{`+info+`"nodes":[]}}}}`)
					case strings.Contains(q, "orderBy"):
						fmt.Fprint(w, `{"data":{"repository":{"issues":{`+info+`"nodes":[]}}}}`)
					default:
						fmt.Fprint(w, `{"data":{}}`)
					}
					return true
				}
				err := s.night()
				if said := fmt.Sprint(err, s.gaps, s.doubts); circled < 3 || len(s.asked) > 40 || !strings.Contains(said, "goes round in circles") {
					t.Errorf("%d requests, %d of them in circles, and says %s", len(s.asked), circled, said)
				}
			})
		})
	}
}

package github

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestARepositoryThatIsListedNoMoreIsAQuestion has an organisation list one repository of two: a permission
// that was taken away looks like that. Taken off by the operator, it is gone.
func TestARepositoryThatIsListedNoMoreIsAQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(t, 3)
		s.l = Live{Org: "a"}
		list := `[{"full_name":"a/b"},{"full_name":"a/c"}]`
		s.before = func(w http.ResponseWriter, r *http.Request) bool {
			switch r.URL.Path {
			case "/orgs/a/repos":
				fmt.Fprint(w, list)
			case "/repos/a/c/issues":
				fmt.Fprint(w, "["+strings.NewReplacer("a/b", "a/c", `"id":1,`, `"id":77,`, `"login":"x","id":77`, `"login":"x","id":1`).Replace(s.object(1))+"]")
			case "/repos/a/c/issues/1/timeline":
				fmt.Fprint(w, "[]")
			default:
				return false
			}
			return true
		}
		s.mustNight()
		if !slices.Contains(s.delivered["a/c"], "77") {
			t.Fatalf("delivered %v", s.delivered)
		}
		list = `[{"full_name":"a/b"},{"full_name":"a/c","has_issues":false}]`
		time.Sleep(24 * time.Hour)
		s.mustNight()
		if len(s.delivered["a/c"]) == 0 || len(s.gaps) == 0 {
			t.Errorf("its issues count as gone: %v, gaps %v", s.delivered, s.gaps)
		}
		s.l = Live{Repos: []string{"a/b"}}
		time.Sleep(24 * time.Hour)
		s.mustNight()
		if len(s.delivered["a/c"]) > 0 || len(s.delivered["a/b"]) != 3 || len(s.gaps) > 0 {
			t.Errorf("it was taken off: %v, gaps %v", s.delivered, s.gaps)
		}
	})
}

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

// TestOneIssueThatCannotBeReadStandsInNobodysWay has the service break over the third of nine issues: over
// its timeline, over all of it, or by telling nonsense of it. The others are read in the first night and go
// on changing; the third is asked for in each night, and read once it can be.
func TestOneIssueThatCannotBeReadStandsInNobodysWay(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter, r *http.Request) bool{
		"its timeline is a 502":       timelineOf3(func(w http.ResponseWriter) { w.WriteHeader(502) }),
		"its timeline is a 403":       timelineOf3(func(w http.ResponseWriter) { w.WriteHeader(403) }),
		"its timeline is no timeline": timelineOf3(func(w http.ResponseWriter) { fmt.Fprint(w, `{"x":1}`) }),
		"its timeline is cut":         timelineOf3(func(w http.ResponseWriter) { fmt.Fprint(w, `[{"x":`) }),
		"its timeline never ends": timelineOf3(func(w http.ResponseWriter) {
			w.Header().Set("Link", `<https://api.github.com/repos/a/b/issues/3/timeline?page=2>; rel="next"`)
			fmt.Fprint(w, `[]`)
		}),
		"all of it is a 500": func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasPrefix(r.URL.Path, "/repos/a/b/issues/3") {
				w.WriteHeader(500)
				return true
			}
			return false
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(t, 9)
				s.before = answer
				s.mustNight()
				if list := s.missing(); len(list) > 0 { // the third without its history
					t.Errorf("missing after the first night: %v", list)
				}
				for range 2 {
					time.Sleep(24 * time.Hour)
					n, old := len(s.index)+1, s.read[3]
					s.index[n] = time.Now().Add(-time.Hour).Truncate(time.Second)
					s.mustNight()
					if s.read[n] == 0 || s.read[1] != 1 {
						t.Errorf("the new issue was read %d times, the first %d times", s.read[n], s.read[1])
					}
					if asked := slices.ContainsFunc(s.asked, func(a string) bool { return strings.HasPrefix(a, "GET /repos/a/b/issues/3") }); !asked {
						t.Error("the third was not asked for again")
					}
					said := false
					for _, d := range s.doubts {
						said = said || strings.HasSuffix(d.Place, "a/b#3")
					}
					if !said || len(s.gaps) == 0 || name != "all of it is a 500" && s.read[3] == old {
						t.Errorf("it was read %d times, and then %d times; doubts %v, gaps %v", old, s.read[3], s.doubts, s.gaps)
					}
				}
				s.before = nil
				time.Sleep(24 * time.Hour)
				s.mustNight()
				if last := s.read[3]; last == 0 || len(s.gaps)+len(s.doubts) > 0 {
					t.Errorf("it was read %d times; doubts %v, gaps %v", last, s.doubts, s.gaps)
				}
				time.Sleep(24 * time.Hour)
				s.mustNight()
				if slices.ContainsFunc(s.asked, func(a string) bool { return strings.Contains(a, "/issues/3") }) {
					t.Errorf("it was read, and is asked for once more: %s", s.asked)
				}
			})
		})
	}
}

func timelineOf3(answer func(http.ResponseWriter)) func(w http.ResponseWriter, r *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/repos/a/b/issues/3/timeline" {
			return false
		}
		answer(w)
		return true
	}
}

// TestAServiceThatFailsIsNotItsIssues has everything fail but the lists: the walk ends rather than try each.
func TestAServiceThatFailsIsNotItsIssues(t *testing.T) {
	for name, all := range map[string]bool{"all but the lists": true, "timelines only": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(t, 90)
				down := true
				s.before = func(w http.ResponseWriter, r *http.Request) bool {
					if !down || !strings.HasSuffix(r.URL.Path, "/timeline") && (!all || strings.HasSuffix(r.URL.Path, "/issues")) {
						return false
					}
					w.WriteHeader(502)
					return true
				}
				if err := s.night(); len(s.asked) > 120 || err == nil && len(s.gaps) == 0 {
					t.Errorf("%d requests, %v", len(s.asked), err)
				}
				down = false
				time.Sleep(24 * time.Hour)
				s.mustNight()
				if list := s.missing(); len(list) > 0 || len(s.gaps) > 0 {
					t.Errorf("missing: %v", list)
				}
			})
		})
	}
}

// TestAnIssueThatTellsNonsenseIsAskedForAgain has an issue that was read before tell a created_at that is
// none, in one night. What changed then must not be lost.
func TestAnIssueThatTellsNonsenseIsAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(t, 3)
		s.mustNight()
		time.Sleep(24 * time.Hour)
		for i := range s.index {
			s.index[i] = time.Now().Add(-time.Hour - time.Duration(i)*time.Minute).Truncate(time.Second)
		}
		s.before = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/repos/a/b/issues" {
				return false
			}
			fmt.Fprintf(w, "[%s,%s,%s]", s.object(3), strings.Replace(s.object(2), created(2).Format(time.RFC3339), "soon", 1), s.object(1))
			return true
		}
		s.mustNight()
		s.before = nil
		time.Sleep(24 * time.Hour)
		s.mustNight()
		if s.read[1] != 2 || s.read[2] != 2 || s.read[3] != 2 {
			t.Errorf("read %v", s.read)
		}
	})
}

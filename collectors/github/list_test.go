package github

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// shelf is a GitHub of one repository, a/b, whose issues stand in the order of their index, which need not
// be the update that they show. Its tests need a clock that waits for nobody: synctest.
type shelf struct {
	t     *testing.T
	index map[int]time.Time // by number, to the second
	shown map[int]time.Time // where it is another

	// before, if there is one, is asked first; true says that it has answered.
	before func(w http.ResponseWriter, r *http.Request) bool
	during func(lists int) // after the issues of a list were found, and before they are shown
	after  func(lists int)

	asked []string
	lists int
	l     Live // what is read of it; a/b by default

	cursor    record.Cursor
	read      map[int]int // how often each was handed on
	gaps      []record.Gap
	doubts    []record.Doubt
	delivered map[string][]string // by stream
}

func newShelf(t *testing.T, issues int) *shelf {
	s := &shelf{t: t, index: map[int]time.Time{}, shown: map[int]time.Time{}, read: map[int]int{}, delivered: map[string][]string{}, l: Live{Repos: []string{"a/b"}}}
	for i := 1; i <= issues; i++ {
		s.index[i] = time.Now().Add(-24*time.Hour + time.Duration(i)*time.Minute).Truncate(time.Second)
	}
	return s
}

func (s *shelf) at(i int) time.Time {
	if at, ok := s.shown[i]; ok {
		return at
	}
	return s.index[i]
}

// created is a minute after that of the issue before.
func created(i int) time.Time {
	return time.Date(1998, 1, 1, 0, i, 0, 0, time.UTC)
}

func (s *shelf) object(i int) string {
	return fmt.Sprintf(`{"id":%d,"node_id":"n%[1]d","number":%[1]d,"state":"open","title":"t","html_url":"https://github.com/a/b/issues/%[1]d","repository_url":"https://api.github.com/repos/a/b","created_at":%q,"updated_at":%q,"user":{"login":"x","id":1}}`,
		i, created(i).Format(time.RFC3339), s.at(i).UTC().Format(time.RFC3339))
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
	s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
	if len(s.asked) == 5000 {
		panic(fmt.Sprint("it asks and asks: ", s.asked[4990:]))
	}
	path := r.URL.Path
	number, single := strings.CutPrefix(path, "/repos/a/b/issues/")
	switch i, err := strconv.Atoi(number); {
	case s.before != nil && s.before(w, r):
	case strings.HasSuffix(path, "/timeline"):
		fmt.Fprint(w, "[]")
	case path == "/repos/a/b/issues" || path == "/search/issues":
		s.list(w, r)
	case single && err == nil && !s.index[i].IsZero():
		fmt.Fprint(w, s.object(i))
	case path == "/graphql":
		w.WriteHeader(http.StatusForbidden)
	default:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"message":"Not Found"}`)
	}
}

func (s *shelf) list(w http.ResponseWriter, r *http.Request) {
	s.lists++
	q := r.URL.Query()
	search := r.URL.Path == "/search/issues"
	var from, to, made time.Time
	from, _ = time.Parse(time.RFC3339, q.Get("since"))
	for _, word := range strings.Fields(q.Get("q")) {
		name, value, _ := strings.Cut(word, ":")
		at, until, within := strings.Cut(strings.TrimPrefix(value, ">="), "..")
		x, _ := time.Parse(time.RFC3339, at)
		switch {
		case name == "updated" && within:
			from = x
			to, _ = time.Parse(time.RFC3339, until)
		case name == "updated":
			from = x
		case name == "created":
			made = x
		}
	}
	var ids []int
	for i, at := range s.index {
		if !at.Before(from) && (to.IsZero() || !at.After(to)) && !created(i).Before(made) {
			ids = append(ids, i)
		}
	}
	slices.SortFunc(ids, func(a, b int) int {
		if q.Get("sort") == "created" {
			return a - b
		}
		return cmp.Or(s.index[a].Compare(s.index[b]), a-b)
	})
	if s.during != nil {
		s.during(s.lists)
	}
	n := len(ids)
	if search {
		ids = ids[:min(n, 1000)]
	}
	page, _ := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
	var out []string
	for _, i := range ids[min((page-1)*100, len(ids)):min(page*100, len(ids))] {
		out = append(out, s.object(i))
	}
	if page*100 < len(ids) {
		q.Set("page", strconv.Itoa(page+1))
		w.Header().Set("Link", "<https://api.github.com"+r.URL.Path+"?"+q.Encode()+`>; rel="next"`)
	}
	body := "[" + strings.Join(out, ",") + "]"
	if search {
		body = fmt.Sprintf(`{"total_count":%d,"incomplete_results":false,"items":%s}`, n, body)
	}
	fmt.Fprint(w, body)
	if s.after != nil {
		s.after(s.lists)
	}
}

// night is one run. Its error is the source's.
func (s *shelf) night() error {
	tr, err := transport.New(transport.Options{Service: "code", Origin: "https://api.github.com", Auth: transport.Bearer(collectortest.Token), Base: collectortest.Wire(s)})
	if err != nil {
		s.t.Fatal(err)
	}
	l := s.l
	l.Name, l.Tracker, l.HTTP = "code", "code", tr
	l.Delivered = ledger(s.delivered)
	s.asked, s.lists, s.gaps, s.doubts = nil, 0, nil, nil
	defer func() {
		for _, g := range s.gaps {
			s.t.Logf("gap: %s: %s", g.What, g.Why)
		}
		for _, d := range s.doubts {
			s.t.Logf("doubt: %s: %s", d.Place, d.What)
		}
	}()
	for b, err := range l.Fetch(s.t.Context(), s.cursor) {
		if err != nil {
			return err
		}
		s.cursor = b.Cursor
		s.gaps, s.doubts = append(s.gaps, b.Gaps...), append(s.doubts, b.Doubts...)
		for _, is := range b.Issues {
			i, _ := strconv.Atoi(is.ID)
			if s.read[i]++; !slices.Contains(s.delivered[b.Stream], is.ID) {
				s.delivered[b.Stream] = append(s.delivered[b.Stream], is.ID)
			}
		}
		for _, g := range b.Gone {
			s.delivered[b.Stream] = slices.DeleteFunc(s.delivered[b.Stream], func(id string) bool { return id == g.ID })
		}
	}
	return nil
}

func (s *shelf) mustNight() {
	s.t.Helper()
	if err := s.night(); err != nil {
		s.t.Fatal(err)
	}
}

// missing are the issues that were never handed on.
func (s *shelf) missing() (list []int) {
	for i := range s.index {
		if s.read[i] == 0 {
			list = append(list, i)
		}
	}
	slices.Sort(list)
	return list
}

// twice is how many issues were handed on more than once.
func (s *shelf) twice() (n int) {
	for _, times := range s.read {
		if times > 1 {
			n++
		}
	}
	return n
}

// TestAnIndexThatLagsHidesNoIssue has an issue updated between being found and being shown: it stands at
// its old place with its new date, and moves when the index has caught up. Whatever moves then must not
// slip past the walk, and an old list must not either that is out of order for longer.
func TestAnIndexThatLagsHidesNoIssue(t *testing.T) {
	for name, lag := range map[string]struct {
		age   time.Duration // of the update when it is first shown
		until int           // the index catches up after so many lists
	}{
		"by a moment":                      {0, 1},
		"by longer than it settles":        {10 * time.Minute, 1},
		"by longer than it is asked for":   {10 * time.Minute, 4},
		"while the walk follows its links": {10 * time.Minute, 5},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(t, 250)
				s.during = func(lists int) {
					if lists == 1 {
						s.shown[30] = time.Now().Add(-lag.age).Truncate(time.Second)
					}
				}
				s.after = func(lists int) {
					if lists == lag.until {
						s.index[30] = s.at(30)
					}
				}
				s.mustNight()
				if first := s.missing(); len(first) > 0 && (len(s.gaps) == 0 || lag.until < 4) {
					t.Errorf("missing after the first night: %v, gaps %v", first, s.gaps)
				}
				time.Sleep(24 * time.Hour)
				s.mustNight()
				if list := s.missing(); len(list) > 0 {
					t.Errorf("missing after the second night: %v", list)
				}
			})
		})
	}
}

// TestASecondThatIsNeverQuietIsAGap has an issue of a crowded second updated whenever that second is asked
// for: whether another slipped by cannot be told, so it is told that it cannot, and asked for again.
func TestASecondThatIsNeverQuietIsAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(t, 300)
		bulk := time.Now().Add(-5 * time.Hour).Truncate(time.Second)
		for i := range s.index {
			s.index[i] = bulk
		}
		busy := true
		s.after = func(lists int) {
			if busy && strings.Contains(s.asked[len(s.asked)-1], "page=2") {
				s.index[lists] = time.Now().Add(-time.Hour + time.Duration(lists)*time.Second).Truncate(time.Second)
			}
		}
		s.mustNight()
		if len(s.gaps) == 0 {
			t.Error("nothing is said of it")
		}
		busy = false
		time.Sleep(24 * time.Hour)
		s.mustNight()
		if list := s.missing(); len(list) > 0 || len(s.gaps) > 0 || !strings.Contains(s.asked[1], "page=2") {
			t.Errorf("in a quiet night it asks for %s; missing %v, gaps %v", s.asked[:2], list, s.gaps)
		}
	})
}

// TestMoreThanASearchShowsOfTheLastMinutesIsRead has 1,500 issues updated a minute ago, in many seconds or in
// one: too young for their places to be believed, and too many for one search.
func TestMoreThanASearchShowsOfTheLastMinutesIsRead(t *testing.T) {
	for name, seconds := range map[string]int{"in many seconds": 40, "in one": 1} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(t, 1500)
				s.l = Live{Query: "label:x"}
				s.mustNight()
				s.read = map[int]int{}
				time.Sleep(24 * time.Hour)
				young := time.Now().Add(-time.Minute).Truncate(time.Second)
				for i := range s.index {
					s.index[i] = young.Add(time.Duration(i%seconds) * time.Second)
				}
				s.mustNight()
				if list := s.missing(); len(list) > 0 || len(s.gaps) > 0 || len(s.asked) > 1600 {
					t.Errorf("%d are missing after %d requests, gaps %v", len(list), len(s.asked), s.gaps)
				}
			})
		})
	}
}

// TestASecondOfMoreThanASearchShowsIsReadByItsDatesOfCreation has 1,350 issues updated in one second. What
// comes after it is not read again the next night.
func TestASecondOfMoreThanASearchShowsIsReadByItsDatesOfCreation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(t, 1500)
		s.l = Live{Query: "label:x"}
		bulk := time.Now().Add(-20 * time.Hour).Truncate(time.Second)
		for i := range s.index {
			if i%10 != 0 {
				s.index[i] = bulk
			} else {
				s.index[i] = bulk.Add(time.Duration(i) * time.Second)
			}
		}
		s.mustNight()
		if list := s.missing(); len(list) > 0 || len(s.gaps) > 0 {
			t.Errorf("%d are missing, gaps %v", len(list), s.gaps)
		}
		if n := s.twice(); n > 0 {
			t.Errorf("%d were read more than once", n)
		}
		time.Sleep(8 * 24 * time.Hour)
		s.mustNight() // with a roll call
		if len(s.gaps) > 0 || len(s.doubts) > 0 || len(s.asked) > 60 {
			t.Errorf("the roll call took %d requests; gaps %v, doubts %v", len(s.asked), s.gaps, s.doubts)
		}
		if n := s.twice(); n > 0 {
			t.Errorf("%d were read more than once", n)
		}
	})
}

// A service as small as can be.

package collectortest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// tiny is a tracker. GET /issues lists by update and id, from since on, either by page, as trackers do
// that lose issues between pages when something changes, or after an issue; GET /ids lists ids in the
// same two ways; GET /issues?ids=… gives issues by id. Every third issue is late in the list.
type tiny struct {
	now     time.Time
	issues  map[string]*tinyIssue
	removed []*tinyIssue
	last    []*tinyIssue // that were changed
	made    int
	chosen  int
}

type tinyIssue struct {
	ID      string       `json:"id"`
	Updated time.Time    `json:"updated"`
	History []tinyChange `json:"history"`

	number   int
	touched  time.Time // when it really was
	listedAs time.Time // the update that the list had before
}

type tinyChange struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	To string    `json:"to"`
}

func newTiny() *tiny {
	s := &tiny{now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), issues: map[string]*tinyIssue{}}
	for range 150 {
		s.Add(1)
		s.Advance(7 * time.Minute)
	}
	for range 40 {
		s.Change(3)
		s.Advance(7 * time.Minute)
	}
	return s
}

func tinyID(number int) string { return strconv.Itoa(1000 + number) }

func (s *tiny) Now() time.Time { return s.now }

func (s *tiny) Advance(d time.Duration) { s.now = s.now.Add(d) }

func (s *tiny) Add(n int) {
	s.last = nil
	for range n {
		s.made++
		is := &tinyIssue{ID: tinyID(s.made), number: s.made}
		s.issues[is.ID] = is
		s.last = append(s.last, is)
	}
	s.touch(s.now)
	s.Advance(3 * time.Second)
}

func (s *tiny) Change(n int) { s.choose(n); s.touch(s.now); s.Advance(3 * time.Second) }

func (s *tiny) Misdate(n int, at time.Time) { s.choose(n); s.touch(at); s.Advance(3 * time.Second) }

func (s *tiny) Repeat() { s.touch(s.now.Add(-3 * time.Second)) }

func (s *tiny) sorted() []*tinyIssue { return slices.SortedFunc(maps.Values(s.issues), byNumber) }

func byNumber(a, b *tinyIssue) int { return a.number - b.number }

func (s *tiny) listed(is *tinyIssue) time.Time { return is.listed(s.now) }

// choose makes the last ones n issues all over the list.
func (s *tiny) choose(n int) {
	all := s.sorted()
	s.last = nil
	for range min(n, len(all)) {
		s.chosen += 61
		i := s.chosen % len(all)
		s.last = append(s.last, all[i])
		all = slices.Delete(all, i, i+1)
	}
}

func (s *tiny) touch(at time.Time) {
	for _, is := range s.last {
		is.listedAs, is.touched = is.listed(s.now), s.now
		is.Updated = at.Truncate(time.Second)
		n := len(is.History)
		is.History = append(is.History, tinyChange{ID: fmt.Sprint(is.ID, "-", n), At: is.Updated, To: fmt.Sprint("state ", n)})
	}
}

// listed is the update by which the list knows the issue; the zero time if it does not yet.
func (is *tinyIssue) listed(now time.Time) time.Time {
	if is.number%3 == 0 && now.Sub(is.touched) < 45*time.Second {
		return is.listedAs
	}
	return is.Updated
}

func (s *tiny) Remove(n int) {
	s.choose(n)
	for _, is := range s.last {
		delete(s.issues, is.ID)
		s.removed = append(s.removed, is)
	}
	s.last = nil
	s.Advance(3 * time.Second)
}

func (s *tiny) Restore(n int) {
	for range min(n, len(s.removed)) {
		is := s.removed[len(s.removed)-1]
		s.removed = s.removed[:len(s.removed)-1]
		s.issues[is.ID] = is
	}
	s.Advance(3 * time.Second)
}

func (s *tiny) Truth() map[string]State {
	truth := map[string]State{}
	for id, is := range s.issues {
		truth[id] = State{Updated: record.At(is.Updated), Changes: len(is.History)}
	}
	return truth
}

const (
	tinyPage = 20 // issues
	tinyRoll = 50 // ids
)

func (s *tiny) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.now.UTC().Format(http.TimeFormat))
	if r.Header.Get("Authorization") != "Bearer "+Token {
		http.Error(w, `{"message":"who are you?"}`, http.StatusUnauthorized)
		return
	}
	q := r.URL.Query()
	page, _ := strconv.Atoi(q.Get("page"))
	switch {
	case r.URL.Path == "/ids":
		ids := []string{}
		for _, is := range s.sorted() {
			if is.ID > q.Get("after") {
				ids = append(ids, is.ID)
			}
		}
		json.NewEncoder(w).Encode(map[string]any{"ids": cutPage(ids, page, tinyRoll)})
	case r.URL.Path == "/issues" && q.Has("ids"):
		list := []*tinyIssue{}
		for _, id := range strings.Split(q.Get("ids"), ",") {
			if is := s.issues[id]; is != nil {
				list = append(list, is)
			}
		}
		json.NewEncoder(w).Encode(map[string]any{"issues": list})
	case r.URL.Path == "/issues":
		since, _ := time.Parse(time.RFC3339, q.Get("since"))
		list := []*tinyIssue{}
		for _, is := range s.sorted() {
			if at := s.listed(is); !at.IsZero() && (at.After(since) || at.Equal(since) && is.ID > q.Get("after")) {
				seen := *is
				seen.Updated = at
				list = append(list, &seen)
			}
		}
		slices.SortStableFunc(list, func(a, b *tinyIssue) int { return a.Updated.Compare(b.Updated) })
		json.NewEncoder(w).Encode(map[string]any{"issues": cutPage(list, page, tinyPage)})
	default:
		http.NotFound(w, r)
	}
}

func cutPage[T any](list []T, page, size int) []T {
	from := min(page*size, len(list))
	return list[from:min(from+size, len(list))]
}

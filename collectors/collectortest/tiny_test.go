// A service as small as can be, and an honest source over it.

package collectortest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/live"
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

func (s *tiny) Now() time.Time          { return s.now }
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

func (s *tiny) Change(n int)                   { s.choose(n); s.touch(s.now); s.Advance(3 * time.Second) }
func (s *tiny) Misdate(n int, at time.Time)    { s.choose(n); s.touch(at); s.Advance(3 * time.Second) }
func (s *tiny) Repeat()                        { s.touch(s.now.Add(-3 * time.Second)) }
func (s *tiny) sorted() []*tinyIssue           { return slices.SortedFunc(maps.Values(s.issues), byNumber) }
func byNumber(a, b *tinyIssue) int             { return a.number - b.number }
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

// reader reads a tiny. Its flaws are for the tests of the suite.
type reader struct {
	rt    http.RoundTripper
	clock func() record.Instant
	flaw  flaw

	newest record.Instant // update that was read
}

// flaw is a way in which a source is broken.
type flaw string

func (r *reader) source(delivered func(context.Context, string) ([]string, error)) collectors.Source {
	stream := live.Stream{Name: "all issues", Kind: "tiny", Scope: "all", Reading: "1", Walk: r.walk, Roll: r.roll, Get: r.get}
	clock := r.clock
	switch r.flaw {
	case "drops the roll call":
		stream.Roll = nil
	case "uses this machine's clock":
		clock = func() record.Instant { return record.At(time.Now()) }
	case "believes a date from the future":
		clock = func() record.Instant { return max(r.clock(), r.newest) }
	}
	s := live.Source{Name: "tiny", Tracker: "tiny", Clock: clock, Delivered: delivered,
		Streams: func(context.Context) ([]live.Stream, error) { return []live.Stream{stream}, nil }}
	return s
}

func (r *reader) walk(ctx context.Context, from live.From) iter.Seq2[live.Page, error] {
	return func(yield func(live.Page, error) bool) {
		since, after := from.Since, ""
		if r.flaw == "forgets the overlap" && since != 0 {
			since = since.Add(live.Overlap)
		}
		for n := 0; ; n++ {
			q := url.Values{"since": {since.Time().Format(time.RFC3339)}, "after": {after}}
			if r.flaw == "loses what slips between pages" {
				q = url.Values{"since": {since.Time().Format(time.RFC3339)}, "page": {strconv.Itoa(n)}}
			}
			list, err := r.issues(ctx, q)
			if err != nil {
				if n == 0 || r.flaw != "ignores errors in the middle" {
					yield(live.Page{}, err)
				}
				return
			}
			if len(list) == 0 {
				return
			}
			p := live.Page{}
			for _, is := range list {
				at := record.At(is.Updated)
				p.Seen = append(p.Seen, live.Entry{ID: is.ID, Updated: at})
				p.Through = at
				r.newest = max(r.newest, at)
				if !from.Known(is.ID, at) {
					p.Issues = append(p.Issues, r.record(is))
				}
			}
			if last := list[len(list)-1]; r.flaw != "loses what slips between pages" {
				since, after = record.At(last.Updated), last.ID
			}
			if r.flaw == "moves its watermark to now" {
				p.Through = r.clock()
			}
			if !yield(p, nil) || len(list) < tinyPage {
				return
			}
		}
	}
}

func (r *reader) roll(ctx context.Context) iter.Seq2[[]live.Entry, error] {
	return func(yield func([]live.Entry, error) bool) {
		after := ""
		for n := 0; ; n++ {
			q := url.Values{"after": {after}}
			if r.flaw == "calls the roll by page" {
				q = url.Values{"page": {strconv.Itoa(n)}}
			}
			var answer struct{ IDs *[]string }
			err := r.ask(ctx, "/ids", q, &answer)
			if err == nil && answer.IDs == nil {
				err = fmt.Errorf("GET https://tiny.example/ids: the JSON has no ids; see that the address is right")
			}
			if err != nil {
				if n == 0 || r.flaw != "takes half a roll for the whole" {
					yield(nil, err)
				}
				return
			}
			var list []live.Entry
			for _, id := range *answer.IDs {
				list = append(list, live.Entry{ID: id})
				after = id
			}
			if !yield(list, nil) || len(list) < tinyRoll {
				return
			}
		}
	}
}

func (r *reader) get(ctx context.Context, entries []live.Entry) iter.Seq2[live.Page, error] {
	return func(yield func(live.Page, error) bool) {
		for few := range slices.Chunk(entries, tinyPage) {
			var ids []string
			for _, e := range few {
				ids = append(ids, e.ID)
			}
			list, err := r.issues(ctx, url.Values{"ids": {strings.Join(ids, ",")}})
			var p live.Page
			for _, is := range list {
				p.Seen = append(p.Seen, live.Entry{ID: is.ID, Updated: record.At(is.Updated)})
				p.Issues = append(p.Issues, r.record(is))
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

func (r *reader) issues(ctx context.Context, q url.Values) ([]tinyIssue, error) {
	var answer struct{ Issues *[]tinyIssue }
	err := r.ask(ctx, "/issues", q, &answer)
	if r.flaw == "takes garbage for nothing" && (err == nil || strings.Contains(err.Error(), "JSON")) {
		if answer.Issues == nil {
			return nil, nil
		}
		return *answer.Issues, nil
	}
	if err == nil && answer.Issues == nil {
		err = fmt.Errorf("GET https://tiny.example/issues: the JSON has no issues; see that the address is right")
	}
	if err != nil {
		return nil, err
	}
	return *answer.Issues, nil
}

func (r *reader) ask(ctx context.Context, path string, q url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://tiny.example"+path+"?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	resp, err := r.rt.RoundTrip(req)
	if err != nil {
		return err // the transport's, which says it all
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return fmt.Errorf("GET %s: %w; run again", req.URL, err)
	case resp.StatusCode != http.StatusOK && r.flaw == "tells the token":
		return fmt.Errorf("GET %s: %s with the token %s; renew it", req.URL, resp.Status, Token)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("GET %s: %s; see that the token is right", req.URL, resp.Status)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("GET %s: the answer is no JSON (%v) but %q; see that the address is right", req.URL, err, body[:min(len(body), 40)])
	}
	return nil
}

func (r *reader) record(is tinyIssue) record.Issue {
	rec := record.Issue{
		Ref:       record.Ref{Tracker: "tiny", ID: is.ID},
		Copies:    []record.Copy{{Parts: record.HasCore, Key: "TINY-" + is.ID, Updated: record.At(is.Updated)}},
		HistoryTo: r.clock(),
	}
	for _, c := range is.History {
		rec.Changes = append(rec.Changes, record.Change{ID: c.ID, At: record.At(c.At), Field: record.FieldStatus, To: c.To})
	}
	if r.flaw == "reads only the latest of a history" {
		rec.Changes = rec.Changes[max(0, len(rec.Changes)-1):]
	}
	return rec
}

func tinyLive(f flaw) Live {
	return Live{
		New: func(testing.TB) Service {
			s := newTiny()
			return struct { // not a Repeater
				Service
				Restorer
				Misdater
			}{s, s, s}
		},
		Source: func(t testing.TB, s Service, rt http.RoundTripper, delivered func(context.Context, string) ([]string, error)) collectors.Source {
			r := &reader{flaw: f}
			r.rt, r.clock = patient(t, rt, f)
			return r.source(delivered)
		},
		Faults: append(GitHubLimits(), JiraLimits()...),
	}
}

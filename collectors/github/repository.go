package github

// A repository as a stream, and the issues of any list with their timelines.

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// repository is the stream of a repository's issues. It keeps the name that it is configured by, while
// keys follow the repository's present one, which is what its issues say and what an archive of it says;
// the ids are the same under both, so a rename makes aliases and nothing else.
func (s *session) repository(repo string) live.Stream {
	return live.Stream{
		Name:    repo,
		Kind:    "github repository",
		Scope:   strings.ToLower(repo),
		Reading: liveVersion,
		Walk: func(ctx context.Context, from live.From) iter.Seq2[live.Page, error] {
			return s.walk(ctx, repo, s.issuesOf(repo), from)
		},
		Roll:  func(ctx context.Context) iter.Seq2[[]live.Entry, error] { return s.roll(ctx, repo) },
		Get:   s.gets,
		Count: func(ctx context.Context, since record.Instant) (int, error) { return s.count(ctx, repo, since) },
	}
}

// issuesOf is the list of a repository's issues and pull requests.
func (s *session) issuesOf(repo string) *list {
	return &list{session: s, what: "the issues of " + repo,
		at: func(since record.Instant) string {
			q := url.Values{"state": {"all"}, "sort": {"updated"}, "direction": {"asc"}, "per_page": {strconv.Itoa(perPage)}}
			if since != 0 {
				q.Set("since", second(since))
			}
			return "repos/" + repo + "/issues?" + q.Encode()
		},
		items: func(v jsontext.Value) jsontext.Value { return v },
	}
}

// second is an instant as GitHub reads it. Its updates are of whole seconds.
func second(at record.Instant) string { return at.Time().UTC().Format("2006-01-02T15:04:05Z") }

// atOnce is how many issues a page hands on: each has cost a request, and what was handed on is saved
// when the night is cut short.
const atOnce = 25

// walk yields the issues of a list from a watermark on, with the history of those that are not known.
// Four to five of ten are pull requests, which cost nothing more.
func (s *session) walk(ctx context.Context, stream string, l *list, from live.From) iter.Seq2[live.Page, error] {
	return func(yield func(live.Page, error) bool) {
		for p, err := range l.pages(ctx, from.Since, from.Mark) {
			if err != nil {
				yield(live.Page{}, s.alone(err))
				return
			}
			s.failed = 0
			if !s.hand(ctx, stream, p, from, yield) {
				return
			}
		}
	}
}

// hand yields one page of a list in pieces.
func (s *session) hand(ctx context.Context, stream string, p listed, from live.From, yield func(live.Page, error) bool) bool {
	told := live.Page{Mark: p.mark, Total: p.total, Left: map[string]int{}}
	if p.gap != "" {
		told.Gaps = append(told.Gaps, record.Gap{What: "issues of " + stream, Why: p.gap})
	}
	news := func(o *issueObject) bool {
		at, _ := instant(o.updated)
		return !o.isPull() && o.isIssue() && !(from.Known != nil && from.Known(text(o.id), at))
	}
	moves, err := s.moves(ctx, p.objects, news)
	if err != nil {
		told.Doubts = append(told.Doubts, record.Doubt{Place: stream, What: fmt.Sprintf("the status history of projects is not read this time, only the present status: %v", err)})
	}
	for i := range p.objects {
		o := &p.objects[i]
		at, _ := instant(o.updated)
		switch {
		case o.isPull():
			told.Left[leftPull]++
			continue
		case !o.isIssue():
			told.Left[leftForeign]++
			told.Doubts = append(told.Doubts, record.Doubt{Place: stream, What: "left out, as it is not an issue: an object without number, state and created_at"})
			continue
		}
		entry := live.Entry{ID: text(o.id), Key: keyOf(text(o.url)), Updated: at}
		if !news(o) {
			told.Seen = append(told.Seen, entry)
			continue
		}
		is, ok, err := s.issue(ctx, o, moves, &told)
		if err != nil {
			yield(live.Page{}, s.alone(err))
			return false
		}
		if !ok {
			told.Left[leftUnreadable]++
			continue
		}
		entry.ID = is.ID
		told.Seen = append(told.Seen, entry)
		told.Issues = append(told.Issues, is)
		if stream == searchName {
			s.matched[is.ID] = true
		}
		if len(told.Issues) == atOnce && i+1 < len(p.objects) {
			if p.through != 0 {
				told.Through = min(at, p.through)
			}
			if !yield(told, nil) {
				return false
			}
			told = live.Page{Mark: p.mark, Total: p.total, Left: map[string]int{}}
		}
	}
	told.Through = p.through
	return yield(told, nil)
}

// issue is the record of a listed issue with its timeline. It is false, with the reason told, where the
// issue cannot be read.
func (s *session) issue(ctx context.Context, o *issueObject, moves map[string]placed, told *live.Page) (record.Issue, bool, error) {
	key := repositoryOf(o) + "#" + text(o.number)
	r := reader{tracker: s.Tracker, afterwards: true, doubt: func(format string, args ...any) {
		told.Doubts = append(told.Doubts, record.Doubt{Place: key, What: fmt.Sprintf(format, args...)})
	}}
	timeline, err := s.timeline(ctx, repositoryOf(o), text(o.number))
	if lost(err) {
		r.doubt("issue %s was listed, but its timeline is not there (%v); it was probably deleted in between, and is told without its history", key, err)
		timeline, err = nil, nil
	}
	if err != nil {
		return record.Issue{}, false, err
	}
	is, ok := r.issue(o, timeline)
	if ok {
		s.place(&is, moves)
	}
	return is, ok, nil
}

// timeline is the whole timeline of an issue, as one array. Its pages are numbered from the oldest event
// on, so that one which comes in between moves none.
func (s *session) timeline(ctx context.Context, repo, number string) (jsontext.Value, error) {
	if !isRepo(repo) || digits(number) <= 0 {
		return nil, nil // the reader says what is wrong with it
	}
	where := "repos/" + repo + "/issues/" + number + "/timeline?per_page=" + strconv.Itoa(perPage)
	var all []byte
	for range mostEvents {
		a, err := s.get(ctx, where, "")
		if err != nil {
			return nil, err
		}
		if a.body.Kind() != '[' {
			return nil, fmt.Errorf("%s: expected a list of events, got %s", a.request, shownText(string(a.body)))
		}
		if all == nil && a.next == "" {
			return a.body, nil
		}
		all = join(all, a.body)
		if a.next == "" {
			return jsontext.Value(append(all, ']')), nil
		}
		if a.next == where {
			return nil, fmt.Errorf("%s: it names itself as the next page", a.request)
		}
		where = a.next
	}
	return nil, fmt.Errorf("GET %s: the timeline has not ended after %d pages; the service goes round in circles", where, mostEvents)
}

// mostEvents is how many pages a timeline has at most: no issue has a hundred thousand events.
const mostEvents = 1000

// join appends the elements of an array to one that is open.
func join(all []byte, array jsontext.Value) []byte {
	in := bytes.TrimSpace(array[1 : len(array)-1])
	if all == nil {
		all = append(all, '[')
	} else if len(in) > 0 && len(all) > 1 {
		all = append(all, ',')
	}
	return append(all, in...)
}

// gets are issues by their keys. One that is not there, or is elsewhere by now, is gone from the stream.
func (s *session) gets(ctx context.Context, entries []live.Entry) iter.Seq2[live.Page, error] {
	return func(yield func(live.Page, error) bool) {
		for part := range slices.Chunk(entries, atOnce) {
			var p listed
			for _, e := range part {
				repo, number, ok := strings.Cut(e.Key, "#")
				if !ok || !isRepo(repo) || digits(number) <= 0 {
					continue
				}
				a, err := s.get(ctx, "repos/"+repo+"/issues/"+number, "")
				if lost(err) {
					continue
				}
				if err != nil {
					yield(live.Page{}, err)
					return
				}
				o := parseObject(a.body)
				if text(o.id) == e.ID {
					p.objects = append(p.objects, o)
				}
			}
			if !s.hand(ctx, "roll call", p, live.From{}, yield) {
				return
			}
		}
	}
}

package github

// A repository as a stream, and the issues of any list with their timelines.

import (
	"bytes"
	"cmp"
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
		Roll: func(ctx context.Context) iter.Seq2[[]live.Entry, error] { return s.roll(ctx, repo) },
		Get: func(ctx context.Context, entries []live.Entry) iter.Seq2[live.Page, error] {
			return s.gets(ctx, repo, entries)
		},
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
		date:  updated,
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
		h := handing{session: s, ctx: ctx, stream: stream, from: from, yield: yield}
		for p, err := range l.pages(ctx, from.Since, from.Mark) {
			if err != nil {
				yield(live.Page{}, s.alone(err))
				return
			}
			s.failed = 0
			if !h.hand(p) {
				return
			}
		}
	}
}

// handing is the handing on of the issues of a list.
type handing struct {
	*session
	ctx    context.Context
	stream string
	from   live.From
	yield  func(live.Page, error) bool

	moves map[string]placed // status histories of the issues of the page, by id
	held  record.Instant    // update of the first issue that vanished while it was read
}

// hand yields one page of a list in pieces. It is false where that was the end.
func (h *handing) hand(p listed) bool {
	told := live.Page{Mark: p.mark, Total: p.total, Left: map[string]int{}}
	if p.gap != "" {
		told.Gaps = append(told.Gaps, record.Gap{What: "issues of " + h.stream, Why: p.gap})
	}
	var err error
	if h.moves, err = h.histories(h.ctx, p.objects, h.news); err != nil {
		told.Doubts = append(told.Doubts, record.Doubt{What: fmt.Sprintf("the history of the status on projects is not read here, only the present status: %v", err)})
	}
	for i := range p.objects {
		if !h.object(&p.objects[i], p.served, &told) {
			return false
		}
		if at, ok := instant(p.objects[i].updated); ok && len(told.Issues) == atOnce && i+1 < len(p.objects) {
			told.Through = h.through(min(at, p.through))
			if !h.yield(told, nil) {
				return false
			}
			told = live.Page{Mark: p.mark, Total: p.total, Left: map[string]int{}}
		}
	}
	told.Through = h.through(p.through)
	return h.yield(told, nil)
}

// through is how far a page goes that goes this far in its list. An issue that vanished while it was read
// holds the watermark back, so that it is listed again if it returns as it was. In a first walk it does
// not: there the next roll call finds whoever was never delivered, and a list that is read anew from
// there on may be long.
func (h *handing) through(at record.Instant) record.Instant {
	if h.held != 0 && h.from.Since != 0 {
		return min(at, h.held)
	}
	return at
}

// news says whether an object of a list is an issue that is not known in this state.
func (h *handing) news(o *issueObject) bool {
	at, _ := instant(o.updated)
	return !o.isPull() && o.isIssue() && !(h.from.Known != nil && h.from.Known(text(o.id), at))
}

// object takes one object of a list that was answered at served. It is false where that was the end.
func (h *handing) object(o *issueObject, served record.Instant, told *live.Page) bool {
	switch {
	case o.isPull():
		told.Left[leftPull]++
		return true
	case !o.isIssue():
		told.Left[leftForeign]++
		told.Doubts = append(told.Doubts, record.Doubt{What: "left out, as it is not an issue: an object without number, state and created_at"})
		return true
	}
	at, _ := instant(o.updated)
	repo, number := repositoryOf(o), text(o.number)
	entry := live.Entry{ID: text(o.id), Key: repo + "#" + number, Updated: at}
	if !h.news(o) {
		told.Seen = append(told.Seen, entry)
		return true
	}
	timeline, err := h.timeline(h.ctx, repo, number)
	if lost(err) { // deleted since it was listed
		h.held = cmp.Or(h.held, at)
		told.Left["gone while it was read"]++
		return true
	}
	if err != nil {
		h.yield(live.Page{}, h.alone(err))
		return false
	}
	r := reader{tracker: h.Tracker, afterwards: true, doubt: func(format string, args ...any) {
		told.Doubts = append(told.Doubts, record.Doubt{Place: entry.Key, What: h.HTTP.Scrub(fmt.Sprintf(format, args...))})
	}}
	is, ok := r.issue(o, timeline)
	if !ok {
		told.Left[leftUnreadable]++
		return true
	}
	if p, ok := h.moves[is.ID]; ok || len(h.onBoards[is.ID]) > 0 {
		h.put(&is, p.moves)
	}
	entry.ID, entry.Updated = is.ID, settled(at, served)
	told.Seen = append(told.Seen, entry)
	told.Issues = append(told.Issues, is)
	if h.stream == searchName {
		h.matched[is.ID] = true
	}
	return true
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
			return nil, s.unexpected(a.request, "a list of events", a.body)
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
func (s *session) gets(ctx context.Context, stream string, entries []live.Entry) iter.Seq2[live.Page, error] {
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
				p.served = s.served()
			}
			if h := (handing{session: s, ctx: ctx, stream: stream, yield: yield}); !h.hand(p) {
				return
			}
		}
	}
}

package github

// A repository as a stream, and the issues of any list with their timelines.

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
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
	told.Unread, told.Doubts = append(told.Unread, p.unread...), append(told.Doubts, p.doubts...)
	for i := range p.objects {
		at, ok := instant(p.objects[i].updated)
		if err := h.object(&p.objects[i], p.served, &told); err != nil {
			told.Mark, told.Through = "", h.through(min(at, p.through)) // what was read before it stays read
			if h.yield(told, nil) {
				h.yield(live.Page{}, h.alone(err))
			}
			return false
		}
		if ok && len(told.Issues) == atOnce && i+1 < len(p.objects) {
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

// object takes one object of a list that was answered at served. What it cannot read, or not whole, is
// asked for again in later nights. An error is not of the issue alone.
func (h *handing) object(o *issueObject, served record.Instant, told *live.Page) error {
	at, _ := instant(o.updated)
	repo, number := repositoryOf(o), text(o.number)
	entry := live.Entry{ID: text(o.id), Key: repo + "#" + number, Updated: at}
	unread := func() {
		if entry.ID != "" && isRepo(repo) && digits(number) > 0 { // else there is nothing to ask for it by
			told.Unread = append(told.Unread, entry)
		}
	}
	switch {
	case o.isPull():
		told.Left[leftPull]++
		return nil
	case !o.isIssue():
		told.Left[leftForeign]++
		told.Doubts = append(told.Doubts, record.Doubt{What: "left out, as it is not an issue: an object without number, state and created_at"})
		unread()
		return nil
	case !h.news(o):
		told.Seen = append(told.Seen, entry)
		return nil
	}
	timeline, err := h.timeline(h.ctx, repo, number)
	whole := true
	switch {
	case lost(err): // deleted since it was listed
		h.held = cmp.Or(h.held, at)
		told.Left["gone while it was read"]++
		return nil
	case err != nil && !h.ofOne(h.ctx, repo, err):
		return err
	case err != nil:
		whole, timeline = false, nil
		told.Doubts = append(told.Doubts, record.Doubt{Place: entry.Key, What: fmt.Sprintf("its timeline cannot be read, so it is told without its history and its comments, as far as they are not known already; it is asked for again each night (%v)", err)})
	default:
		h.poor = 0
	}
	r := reader{tracker: h.Tracker, afterwards: true, doubt: func(format string, args ...any) {
		told.Doubts = append(told.Doubts, record.Doubt{Place: entry.Key, What: h.HTTP.Scrub(fmt.Sprintf(format, args...))})
	}}
	is, ok := r.issue(o, timeline)
	if !ok {
		told.Left[leftUnreadable]++
		unread()
		return nil
	}
	if p, ok := h.moves[is.ID]; ok || len(h.onBoards[is.ID]) > 0 {
		h.put(&is, p.moves)
	}
	told.Issues = append(told.Issues, is)
	if h.stream == searchName {
		h.matched[is.ID] = true
	}
	if !whole {
		unread()
		return nil
	}
	entry.ID, entry.Updated = is.ID, settled(at, served)
	told.Seen = append(told.Seen, entry)
	return nil
}

// mostPoor is how many issues in a row may fail by themselves before it is the service that fails.
const mostPoor = 10

// ofOne says whether a failure to read an issue is that of the issue alone: one whose timeline the service
// breaks over stands in nobody's way. Where the service gave up, it is asked for something easier.
func (s *session) ofOne(ctx context.Context, repo string, err error) bool {
	var r *refusal
	var own *transport.Error
	switch {
	case ctx.Err() != nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return false
	case errors.As(err, &r) && r.status == http.StatusUnauthorized:
		return false
	case errors.As(err, &own) && (!own.Until.IsZero() || own.Status != 0 && own.Status < 500):
		return false // a limit, or a proxy
	}
	if s.poor++; s.poor > mostPoor {
		return false
	}
	if own != nil { // which may be the network's failure as well
		_, err := s.get(ctx, "repos/"+repo, "")
		return err == nil || errors.As(err, &r) && r.status != http.StatusUnauthorized
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
	for before := (places{where: true}); len(before) < mostEvents; {
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
		if !before.on(a.next) {
			return nil, fmt.Errorf("%s: it names a page that it named before as the next one; the service goes round in circles", a.request)
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
			var failed error
			for _, e := range part {
				repo, number, ok := strings.Cut(e.Key, "#")
				if !ok || !isRepo(repo) || digits(number) <= 0 {
					continue
				}
				a, err := s.get(ctx, "repos/"+repo+"/issues/"+number, "")
				if lost(err) {
					continue
				}
				if err != nil && s.ofOne(ctx, repo, err) {
					p.unread = append(p.unread, e)
					p.doubts = append(p.doubts, record.Doubt{Place: e.Key, What: fmt.Sprintf("it cannot be read; it is asked for again each night (%v)", err)})
					continue
				}
				if err != nil {
					failed = err
					break
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
			if failed != nil {
				yield(live.Page{}, failed)
				return
			}
		}
	}
}

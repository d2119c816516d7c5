package jira

// One page of a search, and what a walk remembers of the pages before.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// answer is a page of a search as it came.
type answer struct {
	issues             []jsontext.Value
	token              string
	last               byte // 't', 'f', or 0 where it is not said
	start, size, total int  // -1 where they are not said
	warnings           []string
}

// readAnswer reads a page of a search. It is not ok if there are no issues in it, not even none.
func readAnswer(d *decoder, v jsontext.Value) (a answer, ok bool) {
	s := &d.s
	s.reset(v)
	a.start, a.size, a.total = -1, -1, -1
	if s.kind() != '{' {
		return a, false
	}
	count := func() int {
		b, _ := s.text()
		if len(b) > 9 {
			return -1
		}
		return digits(b)
	}
	for s.enter('{'); s.member(); {
		switch string(s.name) {
		case "issues":
			if s.kind() != '[' {
				s.skip()
				continue
			}
			ok = true
			for s.enter('['); s.element(); {
				a.issues = append(a.issues, s.raw())
			}
		case "nextPageToken":
			a.token = d.str()
		case "isLast":
			if k := s.kind(); k == 't' || k == 'f' {
				a.last = k
			}
			s.skip()
		case "startAt":
			a.start = count()
		case "maxResults":
			a.size = count()
		case "total":
			a.total = count()
		case "warningMessages":
			d.list = d.list[:0]
			d.values(0)
			a.warnings = append(a.warnings, d.list...)
		default:
			s.skip()
		}
	}
	return a, ok
}

// held is a page with what is still missing of its issues.
type held struct {
	page  live.Page
	needs []need
}

// need is one issue whose lists did not all come with it.
type need struct {
	at                        int // which of the page's issues
	logged, commented, worked listed
}

// met is the state in which a walk met an issue.
type met struct {
	updated record.Instant
	entries int    // in its history
	sum     uint64 // of all that was said of it
}

// journey is what a walk remembers.
type journey struct {
	s       *session
	known   func(id string, updated record.Instant) bool
	seen    map[string]met
	seed    maphash.Seed   // of the sums, which never leave the walk
	fresh   record.Instant // updates from here on may be younger than the index that put the issue in its place
	through record.Instant
	latest  record.Instant
	astray  bool // by ids: no page comes through anything
}

func (s *session) journey(since record.Instant, known func(string, record.Instant) bool) *journey {
	j := &journey{s: s, known: known, seen: map[string]met{}, seed: maphash.MakeSeed(), through: since}
	if now := s.l.clock(); now != 0 {
		j.fresh = now.Add(-live.Overlap)
	}
	return j
}

// take reads the issues of a page. Those that were met before in the same state are passed over: new says
// how many were not.
//
// A search gives issues in the order of its index, which follows the issues by seconds, with their fields
// as they are now. One that was updated just now stands where it was before, and its date says nothing of
// how far the page has come. So the page has come through the latest date that is older than that.
func (j *journey) take(ctx context.Context, raw []jsontext.Value) (h held, fresh int, err error) {
	d := &j.s.dec
	p := &h.page
	p.Doubts = j.s.noted()
	for _, v := range raw {
		is, err := d.issue(v)
		now := met{sum: maphash.Bytes(j.seed, v)}
		if err == nil {
			now.updated, now.entries = is.Copies[0].Updated, max(d.logged.have, d.logged.total)
		}
		before, again := j.seen[is.ID]
		if again && now == before {
			continue
		}
		// One that changed twice in an instant has the same date; only what its clocks say differs each time.
		if !again || now.updated != before.updated || now.entries != before.entries {
			fresh++
		}
		j.seen[is.ID] = now
		if err != nil {
			j.reject(p, v, &is, err)
			continue
		}
		c := &is.Copies[0]
		j.latest = max(j.latest, c.Updated)
		if j.fresh == 0 || c.Updated < j.fresh {
			j.through = max(j.through, c.Updated)
		}
		p.Seen = append(p.Seen, live.Entry{ID: is.ID, Key: c.Key, Updated: c.Updated})
		if j.known != nil && j.known(is.ID, c.Updated) {
			continue
		}
		if !j.s.l.Cloud {
			j.s.serverHistory()
		}
		for _, w := range d.doubts {
			p.Doubts = append(p.Doubts, w.in(c.Key))
		}
		n := need{at: len(p.Issues), logged: d.logged, commented: d.commented, worked: d.worked}
		if !d.categorised {
			if err := j.s.category(ctx, &c.Status); err != nil {
				return h, fresh, err
			}
		}
		if j.s.needsHistory(n.logged) || n.commented.short() || n.worked.short() {
			h.needs = append(h.needs, n)
		}
		p.Issues = append(p.Issues, is)
	}
	if !j.astray {
		p.Through = j.through
	}
	return h, fresh, nil
}

// end is the through of a last page: with nothing behind it, all was met. What the index has not shown yet
// is within the overlap of the next walk.
func (j *journey) end(h *held) { h.page.Through = max(j.through, j.latest) }

// reject notes an issue that could not be read. The watermark passes it, so that it is asked for by its id
// in the next runs.
func (j *journey) reject(p *live.Page, v jsontext.Value, is *record.Issue, err error) {
	if p.Left == nil {
		p.Left = map[string]int{}
	}
	p.Left["unreadable"]++
	place := is.ID
	if e, ok := readEntry(&j.s.dec, v); ok {
		p.Unread = append(p.Unread, e)
		place = cmp.Or(e.Key, e.ID)
	}
	if errors.Is(err, errNoIssue) {
		err = fmt.Errorf("it is no issue, it begins %q", beginOf(v, j.s.l.Scrub))
	}
	p.Doubts = append(p.Doubts, doubt{format: "an issue was left out: %v", args: []any{err}}.in(place))
}

// in is the doubt with its place.
func (w doubt) in(place string) record.Doubt {
	return record.Doubt{Place: place, What: fmt.Sprintf(w.format, w.args...)}
}

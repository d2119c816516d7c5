package jira

// Histories that the search has cut, all of them: in bulk first, and issue by issue where that leaves a
// part out.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-changelog-bulkfetch-post

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// changesAtOnce is how many history entries are asked for: as many as Jira allows. Where they are so
// large that the answer fails, a tenth of them is tried.
const changesAtOnce = 10_000

// trail is the history of one issue as it comes in pieces.
type trail struct {
	issue *record.Issue
	page  *live.Page
	known bool // the search told how many entries there are
	total int

	changes []record.Change
	keys    []string // it had
	entries map[string]bool
	broken  bool // an entry could not be read, and it was said
	barred  bool // it may not be read, and it was said
}

// whole says whether all entries came that the search counted. More may have been made since.
func (t *trail) whole() bool { return !t.barred && (!t.known || len(t.entries) >= t.total) }

// bulkPath is where histories are asked for in bulk.
const bulkPath = "changelog/bulkfetch"

// histories fetches the histories of these issues. Where that fails in bulk, it may be for one of them, or
// for the amount; they are asked for one by one.
func (s *session) histories(ctx context.Context, all []*trail) error {
	for chunk := range slices.Chunk(all, historiesAtOnce) {
		inBulk, err := s.inBulk(ctx, chunk)
		if err != nil {
			return err
		}
		for _, t := range chunk {
			if !inBulk || !t.whole() {
				if err := s.single(ctx, t); err != nil {
					return err
				}
			}
			s.settle(t)
		}
	}
	return nil
}

// inBulk says whether histories came in bulk. After two failures in a row they are not asked for so in
// this run.
func (s *session) inBulk(ctx context.Context, chunk []*trail) (bool, error) {
	if s.closed[bulkPath] {
		return false, nil
	}
	err := s.bulk(ctx, chunk, changesAtOnce)
	if _, refused := err.(*refusal); err != nil && !refused && ctx.Err() == nil {
		err = s.bulk(ctx, chunk, changesAtOnce/10)
	}
	if err == nil {
		s.failed[bulkPath] = 0
		return true, nil
	}
	unserved := refusedWith(err, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone)
	if !unserved && !refusedWith(err, http.StatusBadRequest) && !s.alive(ctx, err) {
		return false, err
	}
	s.failed[bulkPath]++
	s.closed[bulkPath] = unserved || s.failed[bulkPath] >= 2
	s.doubt(bulkPath, "histories cannot be fetched in bulk, so that they are asked for one by one: %v", err)
	return false, nil
}

// barrenPages is how many pages in a row may hold nothing new, and more be said to follow.
const barrenPages = 100

// bulk fetches the histories of up to 1,000 issues. They come in the order of their dates across all
// issues, so that those of one may be spread over pages. An issue without any is not in the answer.
func (s *session) bulk(ctx context.Context, chunk []*trail, size int) error {
	byID := make(map[string]*trail, len(chunk))
	ids := make([]string, len(chunk))
	for i, t := range chunk {
		t.changes, t.keys, t.entries, t.broken = nil, nil, map[string]bool{}, false
		byID[t.issue.ID], ids[i] = t, t.issue.ID
	}
	body := map[string]any{"issueIdsOrKeys": ids, "maxResults": size}
	met := map[string]bool{}
	read, barren := 0, 0
	for range mostPages {
		v, err := s.ask(ctx, "POST", bulkPath, nil, body)
		if err != nil {
			return err
		}
		token, ok := s.dec.readBulk(v, func(id string) *trail { return byID[id] })
		before := read
		read = 0
		for _, t := range chunk {
			read += len(t.entries)
		}
		if barren++; read > before {
			barren = 0
		}
		switch {
		case !ok:
			return s.other("POST", bulkPath, v, "a page of changelogs")
		case token == "":
			return nil
		case met[token]:
			return fmt.Errorf("POST %s: a page token came twice; run again, and report it if it stays", s.root+s.api+bulkPath)
		case barren >= barrenPages:
			return fmt.Errorf("POST %s: %d pages in a row hold nothing new, and more are said to follow", s.root+s.api+bulkPath, barren)
		}
		met[token] = true
		body["nextPageToken"] = token
	}
	return fmt.Errorf("POST %s: it has more than %d pages", s.root+s.api+bulkPath, mostPages)
}

// readBulk reads a page of changelogs, {"issueChangeLogs": [{"issueId", "changeHistories": […]}],
// "nextPageToken"}, each into the trail of its issue.
func (d *decoder) readBulk(v jsontext.Value, of func(id string) *trail) (token string, ok bool) {
	s := &d.s
	s.reset(v)
	if s.kind() != '{' {
		return "", false
	}
	for s.enter('{'); s.member(); {
		switch string(s.name) {
		case "nextPageToken":
			token = d.str()
		case "issueChangeLogs":
			if s.kind() != '[' {
				s.skip()
				continue
			}
			ok = true
			for s.enter('['); s.element(); {
				d.bulkIssue(of)
			}
		default:
			s.skip()
		}
	}
	return token, ok
}

func (d *decoder) bulkIssue(of func(id string) *trail) {
	s := &d.s
	id, list := "", -1
	if !s.enter('{') {
		return
	}
	for s.member() {
		switch string(s.name) {
		case "issueId":
			id = d.str()
		case "changeHistories":
			s.kind()
			list = s.i
			s.skip()
		default:
			s.skip()
		}
	}
	if t := of(id); t != nil && list >= 0 {
		end := s.i
		s.i = list
		d.follow(t)
		s.i = end
	}
}

// follow reads a list of history entries into a trail, each once.
func (d *decoder) follow(t *trail) {
	s := &d.s
	d.doubts, d.changes, d.ids, d.idEnds = d.doubts[:0], d.changes[:0], d.ids[:0], d.idEnds[:0]
	if !s.enter('[') {
		return
	}
	var st state
	for s.element() {
		changes, ids, ends := len(d.changes), len(d.ids), len(d.idEnds)
		switch {
		case s.kind() != '{':
			s.skip()
			d.doubt("one of its changes was left out: it is no object")
			t.broken = true
		case !d.history(&st):
			t.broken = true
		case t.entries[string(d.entry)]:
			d.changes, d.ids, d.idEnds = d.changes[:changes], d.ids[:ids], d.idEnds[:ends]
		default:
			t.entries[string(d.entry)] = true
		}
	}
	d.identify()
	t.changes = append(t.changes, d.changes...)
	t.keys = append(t.keys, st.priorKeys...)
	if t.page != nil {
		for _, w := range d.doubts {
			t.page.Doubts = append(t.page.Doubts, w.in(t.issue.Copies[0].Key))
		}
	}
}

// single fetches the history of one issue, oldest first.
func (s *session) single(ctx context.Context, t *trail) error {
	const thing = "change"
	if s.closed[thing] {
		t.barred = true
		again(t.page, t.issue)
		return nil
	}
	if s.failed[thing] >= failing {
		t.barred = true
		s.leave(t.page, t.issue, thing, nil)
		return nil
	}
	bulk := *t
	t.changes, t.keys, t.entries, t.broken = nil, nil, map[string]bool{}, false
	err := s.oneByOne(ctx, t)
	switch {
	case err == nil:
		s.failed[thing] = 0
	case refusedWith(err, http.StatusForbidden, http.StatusNotFound):
		*t = bulk
		t.barred = true
		s.barred(t.page, t.issue, thing, err)
	case s.alive(ctx, err):
		t.changes, t.keys = append(t.changes, bulk.changes...), append(t.keys, bulk.keys...)
		t.barred = true
		s.failed[thing]++
		s.leave(t.page, t.issue, thing, err)
	default:
		return err
	}
	return nil
}

func (s *session) oneByOne(ctx context.Context, t *trail) error {
	path := "issue/" + url.PathEscape(t.issue.ID) + "/changelog"
	for start := 0; ; {
		v, err := s.ask(ctx, "GET", path, url.Values{"startAt": {strconv.Itoa(start)}, "maxResults": {"100"}}, nil)
		if err != nil {
			return err
		}
		before := len(t.entries)
		l, last, ok := s.dec.readChangelog(v, t)
		if !ok {
			return s.other("GET", path, v, "a changelog")
		}
		start += l.have
		switch {
		case last || l.have == 0 || start >= l.total && l.total >= 0:
			t.known, t.total = true, max(t.total, l.total)
			return nil
		case len(t.entries) == before && !t.broken:
			return s.repeated(path, start)
		case start > mostEntries:
			return s.repeated(path, start)
		}
	}
}

// readChangelog reads a page of one issue's changelog, {"startAt", "total", "isLast", "values": […]}.
func (d *decoder) readChangelog(v jsontext.Value, t *trail) (l listed, last, ok bool) {
	s := &d.s
	s.reset(v)
	l.total = -1
	if s.kind() != '{' {
		return l, false, false
	}
	for s.enter('{'); s.member(); {
		switch string(s.name) {
		case "total":
			b, _ := s.text()
			l.total = digits(b)
		case "isLast":
			last = s.kind() == 't'
			s.skip()
		case "values", "histories":
			if s.kind() != '[' {
				s.skip()
				continue
			}
			ok = true
			start := s.i
			for s.enter('['); s.element(); {
				l.have++
				s.skip()
			}
			end := s.i
			s.i = start
			d.follow(t)
			s.i = end
		default:
			s.skip()
		}
	}
	return l, last, ok
}

// settle gives an issue its history. One that is not whole is united with what the search had of it, and
// nothing is claimed.
func (s *session) settle(t *trail) {
	is := t.issue
	key := is.Copies[0].Key
	if !t.whole() {
		t.changes = unite(append(t.changes, is.Changes...), func(c record.Change) string { return c.ID })
		if !t.barred {
			t.page.Doubts = append(t.page.Doubts, record.Doubt{Place: key,
				What: fmt.Sprintf("Jira counts %d entries in its history and gives %d: what happened in the others is not known", t.total, len(t.entries))})
		}
	}
	is.Changes = slices.Clone(t.changes)
	rename(is, append(t.keys, is.Aliases...))
	arrange(is)
	is.HistoryTo = 0
	if t.whole() && !t.broken {
		is.HistoryTo = s.dec.upTo(whole, &is.Copies[0])
		if n := len(is.Changes); n > 0 {
			is.HistoryTo = max(is.HistoryTo, is.Changes[n-1].At)
		}
	}
}

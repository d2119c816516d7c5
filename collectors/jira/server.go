package jira

// Jira Data Center and Server: the search that goes on by numbers.
// https://docs.atlassian.com/software/jira/docs/api/REST/9.12.0/#api/2/search-search

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// slice asks for a page of a search from the nth issue on.
func (s *session) slice(ctx context.Context, jql string, start, size int, fields []string, expand string) (answer, error) {
	q := url.Values{"jql": {jql}, "startAt": {strconv.Itoa(start)}, "maxResults": {strconv.Itoa(size)}, "fields": {strings.Join(fields, ",")}}
	body := map[string]any{"jql": jql, "startAt": start, "maxResults": size, "fields": fields}
	if expand != "" {
		q.Set("expand", expand)
		body["expand"] = strings.Split(expand, ",") // a list here, and a text in the enhanced search
	}
	return s.page(ctx, jql, q, body)
}

// leg is a search read by numbers, which stays whole while issues change.
//
// Issues are in the order of a date. One that was read and is updated meanwhile moves to the end, and all
// behind it move up by one: the next page, asked for from the number read, would begin one too late, and
// an issue would be lost. So each page begins with the last issue of the one before. If that is not
// there, something has moved, and the search begins again at the date reached, where nothing can have been
// passed over. (Issues that were met already in the same state are not taken twice.)
type leg struct {
	s      *session
	date   string // "updated" or "created"
	fields []string
	size   int
	expand string
}

// moved is how often in a row a search may begin again without having read anything new.
const moved = 20

func (l leg) read(ctx context.Context, since record.Instant, reached func() record.Instant, take func(a answer, last bool) (fresh int, more bool, err error)) error {
	jql := l.s.query(l.date, since)
	read, last := 0, "" // issues of this leg, and the id of the last one
	total, again := 0, 0
	fault := func(format string, args ...any) error {
		return fmt.Errorf("GET %ssearch (%s): "+format, append([]any{l.s.root + l.s.api, cut(jql, 200)}, args...)...)
	}
	for range mostPages {
		a, err := l.s.slice(ctx, jql, max(read-1, 0), l.size, l.fields, l.expand)
		if err != nil {
			return err
		}
		if a.total < 0 {
			return fault("the answer does not say how many issues there are in all; see that `url:` leads to Jira itself")
		}
		if total == 0 {
			total = a.total
		}
		if read > 0 {
			first := live.Entry{}
			if len(a.issues) > 0 {
				first, _ = readEntry(&l.s.dec, a.issues[0])
			}
			if first.ID != last {
				if again++; again > moved {
					return fault("the issues move faster than they can be read; what came before is kept, run again at a quieter time")
				}
				jql, read, last = l.s.query(l.date, reached()), 0, ""
				continue
			}
			a.issues = a.issues[1:]
		}
		if len(a.issues) == 0 && read < a.total {
			return fault("%d of %d issues came, and then pages of none (maxResults %d): raise jira.search.views.default.max, which bounds a page, to 100 or more", read, a.total, a.size)
		}
		read += len(a.issues)
		for i := len(a.issues) - 1; i >= 0; i-- {
			if e, ok := readEntry(&l.s.dec, a.issues[i]); ok {
				last = e.ID
				break
			}
		}
		end := read >= a.total
		a.total = total // of the whole, not of a leg
		fresh, more, err := take(a, end)
		if err != nil || end || !more {
			return err
		}
		if fresh > 0 {
			again = 0
		}
	}
	return fault("it has more than %d pages", mostPages)
}

// offsets walks a Data Center.
func (s *session) offsets(ctx context.Context, w *walker, since record.Instant) error {
	l := leg{s: s, date: "updated", fields: s.wanted, size: issuesAtOnce, expand: "changelog"}
	return l.read(ctx, since, func() record.Instant { return w.j.through }, func(a answer, last bool) (int, bool, error) {
		return w.take(ctx, a, last)
	})
}

// idsAtOnceServer is what a Data Center allows unless its administrator says otherwise.
const idsAtOnceServer = 1000

// rollByOffset asks a Data Center for its ids. Their creation does not change, but issues are deleted and
// moved, and that shifts the pages as well.
func (s *session) rollByOffset(ctx context.Context, take func(a answer, last bool) (int, bool, error)) error {
	var reached record.Instant
	l := leg{s: s, date: "created", fields: []string{"created"}, size: idsAtOnceServer}
	return l.read(ctx, 0, func() record.Instant { return reached }, func(a answer, last bool) (int, bool, error) {
		for _, v := range a.issues {
			reached = max(reached, readCreated(&s.dec, v))
		}
		return take(a, last)
	})
}

// readEntry reads an issue's names.
func readEntry(d *decoder, v jsontext.Value) (e live.Entry, ok bool) {
	s := &d.s
	s.reset(v)
	if !s.enter('{') {
		return e, false
	}
	for s.member() {
		switch string(s.name) {
		case "id":
			e.ID = d.str()
		case "key":
			e.Key = d.str()
		default:
			s.skip()
		}
	}
	if e.ID == "" {
		e.ID = e.Key // as the records have it
	}
	return e, e.ID != ""
}

// readCreated reads when an issue was created.
func readCreated(d *decoder, v jsontext.Value) (at record.Instant) {
	s := &d.s
	s.reset(v)
	for s.enter('{'); s.member(); {
		if string(s.name) != "fields" || s.kind() != '{' {
			s.skip()
			continue
		}
		for s.enter('{'); s.member(); {
			if string(s.name) != "created" {
				s.skip()
				continue
			}
			b, _ := s.text()
			at, _ = instant(b)
		}
	}
	return at
}

// readCount reads {"count": 153}.
func readCount(d *decoder, v jsontext.Value) (n int, ok bool) {
	s := &d.s
	s.reset(v)
	if s.kind() != '{' {
		return 0, false
	}
	for s.enter('{'); s.member(); {
		if string(s.name) != "count" {
			s.skip()
			continue
		}
		b, _ := s.text()
		if len(b) <= 9 {
			n = digits(b)
			ok = n >= 0
		}
	}
	return n, ok
}

// serverHistory doubts a history that a Data Center did not give whole: it has no other way to ask.
func (s *session) serverHistory() {
	d := &s.dec
	switch l := d.logged; {
	case l.short():
		d.doubt("Jira counts %d entries in its history and gives %d: what happened in the others is not known", l.total, l.have)
	case l.extent == absent && !s.closed["history"]:
		s.closed["history"] = true
		d.doubt("its history did not come with it, and that of others may not either; see what leaves expand=changelog out of the search")
	}
}

package jira

// What a search cuts off: histories beyond the 40 latest entries, comments and worklogs beyond their
// first page. Each is fetched for the issues that lack it, and for no other.

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// cutAt is how many entries of a history the search on Cloud gives (JRACLOUD-96459).
const cutAt = 40

// needsHistory says whether a history has to be fetched: on Cloud, where the search cuts it or has none.
// Data Center answers with all of it, and has no other way to ask.
func (s *session) needsHistory(l listed) bool {
	return s.l.Cloud && (l.extent == absent || l.short() || l.total < 0 && l.have >= cutAt)
}

// complete fetches what is missing of the issues of these pages. It can be repeated.
func (s *session) complete(ctx context.Context, pages []held) error {
	var lacking []*trail
	for i := range pages {
		h := &pages[i]
		for _, n := range h.needs {
			if s.needsHistory(n.logged) {
				lacking = append(lacking, &trail{issue: &h.page.Issues[n.at], page: &h.page, total: n.logged.total, known: n.logged.extent != absent})
			}
		}
	}
	if err := s.histories(ctx, lacking); err != nil {
		return err
	}
	for i := range pages {
		h := &pages[i]
		for len(h.needs) > 0 {
			n := h.needs[0]
			is := &h.page.Issues[n.at]
			for _, l := range []struct {
				name string
				of   listed
			}{{"comment", n.commented}, {"worklog", n.worked}} {
				if !l.of.short() {
					continue
				}
				if err := s.rest(ctx, &h.page.Doubts, is, l.name, l.of.total); err != nil {
					return err
				}
			}
			h.needs = h.needs[1:]
		}
	}
	return nil
}

// entriesAtOnce is how many comments or worklogs are asked for; Jira may answer with fewer.
const entriesAtOnce = 1000

// rest fetches all comments, or all worklogs, of an issue. Which of them the search had is not said, so
// that they are read from the first one on.
func (s *session) rest(ctx context.Context, doubts *[]record.Doubt, is *record.Issue, thing string, total int) error {
	key := is.Copies[0].Key
	path := "issue/" + url.PathEscape(is.ID) + "/" + thing
	if s.closed[thing] {
		return nil // and it was said
	}
	d := &s.dec
	d.doubts, d.comments, d.worklogs = d.doubts[:0], d.comments[:0], d.worklogs[:0]
	have, broken := 0, false
	for page := 0; page < mostPages; page++ {
		v, err := s.ask(ctx, "GET", path, url.Values{"startAt": {strconv.Itoa(have)}, "maxResults": {strconv.Itoa(entriesAtOnce)}}, nil)
		if refusedWith(err, http.StatusForbidden, http.StatusNotFound) {
			s.barred(doubts, key, thing, err)
			return nil
		}
		if err != nil {
			return err
		}
		var l listed
		if l = s.list(thing, v); l.extent == absent {
			return s.other("GET", path, v, "a list of "+thing+"s")
		}
		have += l.have
		broken = broken || l.broken
		if total = max(l.total, 0); l.have == 0 || have >= total {
			break
		}
	}
	e := whole
	switch {
	case have < total:
		d.doubt("Jira gives %d of its %d "+thing+"s; the account may not see the others", have, total)
		e = partial
	case broken:
		e = partial
	}
	for _, w := range d.doubts {
		*doubts = append(*doubts, w.in(key))
	}
	c := &is.Copies[0]
	if thing == "comment" {
		is.Comments, is.CommentsTo = unite(d.comments, func(c record.Comment) string { return c.ID }), d.upTo(e, c)
	} else {
		is.Worklogs, is.WorklogsTo = unite(d.worklogs, func(w record.Worklog) string { return w.ID }), d.upTo(e, c)
	}
	arrange(is)
	return nil
}

// list reads a page of comments or worklogs.
func (s *session) list(thing string, v jsontext.Value) listed {
	d := &s.dec
	d.s.reset(v)
	if thing == "comment" {
		d.readComments()
		return d.commented
	}
	d.readWorklogs()
	return d.worked
}

// barred notes that something of one issue cannot be read. 404 is of that issue, which has gone; 403 is
// of all issues, so that it is said once and asked no more.
func (s *session) barred(doubts *[]record.Doubt, key, thing string, err error) {
	if refusedWith(err, http.StatusForbidden) {
		s.closed[thing] = true
		*doubts = append(*doubts, record.Doubt{Place: key, What: "its " + thing + "s are known in part only, as are those of the other issues that have many: " + err.Error()})
		return
	}
	*doubts = append(*doubts, record.Doubt{Place: key, What: "its " + thing + "s are known in part only: " + err.Error()})
}

// unite is a list without those that came twice, since pages shift where something is deleted.
func unite[T any](all []T, id func(T) string) []T {
	seen := make(map[string]bool, len(all))
	united := make([]T, 0, len(all))
	for _, x := range all {
		if !seen[id(x)] {
			seen[id(x)] = true
			united = append(united, x)
		}
	}
	return united
}

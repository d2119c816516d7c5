package jira

// What a search cuts off: histories beyond the 40 latest entries, comments and worklogs beyond their
// first page. Each is fetched for the issues that lack it, and for no other.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
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
				if err := s.rest(ctx, &h.page, is, l.name, l.of.total); err != nil {
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
// that they are read from the first one on. Where that fails, what the search had is kept.
func (s *session) rest(ctx context.Context, p *live.Page, is *record.Issue, thing string, total int) error {
	switch {
	case s.closed[thing]: // and it was said
		again(p, is)
		return nil
	case s.failed[thing] >= failing:
		s.leave(p, is, thing, nil)
		return nil
	}
	key := is.Copies[0].Key
	d := &s.dec
	d.doubts, d.comments, d.worklogs = d.doubts[:0], d.comments[:0], d.worklogs[:0]
	have, total, broken, err := s.entries(ctx, is.ID, thing, total)
	switch {
	case err == nil:
		s.failed[thing] = 0
	case refusedWith(err, http.StatusForbidden, http.StatusNotFound):
		s.barred(p, is, thing, err)
		return nil
	case s.alive(ctx, err):
		s.failed[thing]++
		s.leave(p, is, thing, err)
		return nil
	default:
		return err
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
		p.Doubts = append(p.Doubts, w.in(key))
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

// mostEntries is how many entries a list of one issue may have, so that none goes on for ever. Jira Cloud
// stops at 5,000 comments and 10,000 worklogs (from the documentation, unconfirmed).
const mostEntries = 1_000_000

// entries reads the pages of a list into the decoder, and says how many entries came of how many.
func (s *session) entries(ctx context.Context, id, thing string, told int) (have, total int, broken bool, err error) {
	path := "issue/" + url.PathEscape(id) + "/" + thing
	d := &s.dec
	met := map[string]bool{}
	for total = told; ; {
		v, err := s.ask(ctx, "GET", path, url.Values{"startAt": {strconv.Itoa(have)}, "maxResults": {strconv.Itoa(entriesAtOnce)}}, nil)
		if err != nil {
			return have, total, broken, err
		}
		before, comments, worklogs := len(met), len(d.comments), len(d.worklogs)
		l := s.list(thing, v)
		if l.extent == absent {
			return have, total, broken, s.other("GET", path, v, "a list of "+thing+"s")
		}
		for _, c := range d.comments[comments:] {
			met[c.ID] = true
		}
		for _, w := range d.worklogs[worklogs:] {
			met[w.ID] = true
		}
		have += l.have
		broken = broken || l.broken
		total = max(l.total, 0)
		switch {
		case l.have == 0 || have >= total:
			return have, total, broken, nil
		case len(met) == before && !l.broken, have > mostEntries:
			return have, total, broken, s.repeated(path, have)
		}
	}
}

// repeated is the error of pages that would go on for ever.
func (s *session) repeated(path string, start int) error {
	return fmt.Errorf("GET %s: of %d entries the latest came before, and more are said to follow; run again, and report it if it stays", s.root+s.api+path, start)
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
// of all issues, so that it is said once and asked no more in this run. In the next ones it is: a proxy's
// bad night looks the same, and a permission that was given later must not come too late for what changed
// before.
func (s *session) barred(p *live.Page, is *record.Issue, thing string, err error) {
	key, others := is.Copies[0].Key, ""
	if refusedWith(err, http.StatusForbidden) {
		s.closed[thing] = true
		again(p, is)
		others = ", as are those of the other issues that have many, and are asked for again in the next run"
	}
	p.Doubts = append(p.Doubts, record.Doubt{Place: key, What: "its " + thing + "s are known in part only" + others + ": " + err.Error()})
}

// failing is how many lists of a kind may fail in a row, each after all its attempts, until no more of them
// are asked for in a run: half a minute each.
const failing = 10

// alive says whether a request failed by itself: the site still answers, and to us. One issue may be so
// large, or so broken, that its list fails every night, and must not keep the others from being read.
func (s *session) alive(ctx context.Context, failure error) bool {
	var t *transport.Error
	if ctx.Err() != nil || errors.As(failure, &t) && !t.Until.IsZero() { // a limit is everybody's
		return false
	}
	v, err := s.ask(ctx, "GET", "myself", nil, nil)
	if err != nil {
		return false
	}
	_, ok := readCaller(&s.dec, v)
	return ok
}

// leave hands an issue on as far as it is known, to be asked for again in the next runs. Without an error
// it was not even tried.
func (s *session) leave(p *live.Page, is *record.Issue, thing string, err error) {
	key := is.Copies[0].Key
	why := fmt.Sprintf("those of %d issues in a row could not be read", failing)
	if err != nil {
		why = err.Error()
	}
	p.Doubts = append(p.Doubts, record.Doubt{Place: key, What: "its " + thing + "s are known in part only, and are asked for again in the next run: " + why})
	again(p, is)
}

// again has an issue asked for in the next run, whether or not it changes until then.
func again(p *live.Page, is *record.Issue) {
	same := func(e live.Entry) bool { return e.ID == is.ID }
	p.Seen = slices.DeleteFunc(p.Seen, same)
	if !slices.ContainsFunc(p.Unread, same) {
		p.Unread = append(p.Unread, live.Entry{ID: is.ID, Key: is.Copies[0].Key})
	}
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

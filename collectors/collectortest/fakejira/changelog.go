package fakejira

// Histories, in the four ways that Jira gives them.

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// changelog is what expand=changelog gives: on Cloud's search the newest 40, newest first; on Data
// Center all, oldest first.
func (w *writer) changelog(is *issue, limit int, newest bool) {
	n := min(limit, len(is.histories))
	w.raw(`{"startAt":0,"maxResults":`)
	w.num(int64(n))
	w.raw(`,"total":`)
	w.num(int64(len(is.histories)))
	w.raw(`,"histories":[`)
	for k := range n {
		w.comma(k)
		h := &is.histories[k]
		if newest {
			h = &is.histories[len(is.histories)-1-k]
		}
		w.history(h, false)
	}
	w.raw("]}")
}

func (w *writer) history(h *history, epoch bool) {
	w.raw(`{"id":`)
	w.quoted(h.id)
	if h.by >= 0 {
		w.raw(`,"author":`)
		w.person(h.by)
	}
	w.raw(`,"created":`)
	if epoch {
		w.num(h.at)
	} else {
		w.at(h.at)
	}
	w.raw(`,"items":[`)
	for k := range h.items {
		it := &h.items[k]
		w.comma(k)
		w.raw(`{"field":`)
		w.quote(it.field)
		w.raw(`,"fieldtype":`)
		w.quote(it.kind)
		if it.id != "" && w.s.opt.Cloud {
			w.raw(`,"fieldId":`)
			w.quote(it.id)
		}
		w.raw(`,"from":`)
		w.orNull(it.from, it.blank)
		w.raw(`,"fromString":`)
		w.orNull(it.fromString, it.blank)
		w.raw(`,"to":`)
		w.orNull(it.to, it.blank)
		w.raw(`,"toString":`)
		w.orNull(it.toString, it.blank)
		w.raw("}")
	}
	w.raw("]}")
}

// issueChangelog is a page of an issue's history, oldest first.
func (s *Site) issueChangelog(q *request) (int, []byte) {
	n, ok := s.lookup(q.path[1])
	if !ok {
		return s.noSuchIssue(q)
	}
	is := s.get(n)
	total := len(is.histories)
	limit := min(max(q.number("maxResults", 100), 1), 100)
	start := min(max(q.number("startAt", 0), 0), total)
	end := min(start+limit, total)
	w := s.writer(q)
	self := w.api() + "/issue/" + q.path[1] + "/changelog?maxResults=" + strconv.Itoa(limit) + "&startAt="
	w.raw(`{"self":`)
	w.quote(self + strconv.Itoa(start))
	if end < total {
		w.raw(`,"nextPage":`)
		w.quote(self + strconv.Itoa(end))
	}
	w.raw(`,"maxResults":`)
	w.num(int64(limit))
	w.raw(`,"startAt":`)
	w.num(int64(start))
	w.raw(`,"total":`)
	w.num(int64(total))
	w.raw(`,"isLast":`)
	w.bool(end == total)
	w.raw(`,"values":[`)
	for k := start; k < end; k++ {
		w.comma(k - start)
		w.history(&is.histories[k], false)
	}
	w.raw("]}")
	return w.done()
}

type bulkRequest struct {
	IDs        []string `json:"issueIdsOrKeys"`
	FieldIDs   []string `json:"fieldIds"`
	MaxResults *int     `json:"maxResults"`
	Token      string   `json:"nextPageToken"`
}

// badPayload is what Jira says to a body that it cannot read, or in which it does not know a member.
const badPayload = "Invalid request payload. Refer to the REST API documentation and try again."

// body reads a body as strictly as Jira does.
func body(q *request, v any) bool {
	d := json.NewDecoder(q.Body)
	d.DisallowUnknownFields()
	return d.Decode(v) == nil
}

// bulkfetch is the histories of many issues in one order: by date, then issue, so that those of one issue
// are spread over pages. Dates are milliseconds since 1970. An issue that cannot be found, or has no
// history, is absent. What maxResults counts is not documented; here it is entries. That an entry comes
// whole where one of its items is of a field asked for is an assumption, too.
func (s *Site) bulkfetch(q *request) (int, []byte) {
	var in bulkRequest
	if !body(q, &in) {
		return s.wrong(http.StatusBadRequest, badPayload)
	}
	limit := 1000
	if in.MaxResults != nil {
		limit = *in.MaxResults
	}
	switch {
	case len(in.IDs) == 0:
		return s.wrong(http.StatusBadRequest, "issueIdsOrKeys must not be empty.")
	case len(in.IDs) > 1000:
		return s.wrong(http.StatusBadRequest, "issueIdsOrKeys must not contain more than 1000 elements.")
	case len(in.FieldIDs) > 10:
		return s.wrong(http.StatusBadRequest, "fieldIds must not contain more than 10 elements.")
	case limit < 1 || limit > 10000:
		return s.wrong(http.StatusBadRequest, "maxResults must be between 1 and 10000.")
	}
	bound := hash(append([]string{strings.Join(in.FieldIDs, ",")}, in.IDs...)...)
	after, ok := s.readToken(in.Token, bound)
	if !ok {
		return s.wrong(http.StatusBadRequest, badToken)
	}
	type entry struct {
		is *issue
		h  *history
	}
	var all []entry
	had := map[int]bool{}
	for _, id := range in.IDs {
		n, ok := s.lookup(id)
		if !ok || had[n] {
			continue
		}
		had[n] = true
		is := s.get(n)
		for k := range is.histories {
			h := &is.histories[k]
			if len(after) == 3 && cmp.Or(cmp.Compare(h.at, after[0]), cmp.Compare(is.id, after[1]), cmp.Compare(h.id, after[2])) <= 0 {
				continue
			}
			if len(in.FieldIDs) == 0 || slices.ContainsFunc(h.items, func(it item) bool { return slices.Contains(in.FieldIDs, it.id) }) {
				all = append(all, entry{is, h})
			}
		}
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.h.at, b.h.at), cmp.Compare(a.is.id, b.is.id), cmp.Compare(a.h.id, b.h.id))
	})
	page := all[:min(limit, len(all))]
	var order []*issue
	byIssue := map[*issue][]*history{}
	for _, e := range page {
		if byIssue[e.is] == nil {
			order = append(order, e.is)
		}
		byIssue[e.is] = append(byIssue[e.is], e.h)
	}
	w := s.writer(q)
	w.raw(`{"issueChangeLogs":[`)
	for k, is := range order {
		w.comma(k)
		w.raw(`{"issueId":`)
		w.quoted(is.id)
		w.raw(`,"changeHistories":[`)
		for i, h := range byIssue[is] {
			w.comma(i)
			w.history(h, true)
		}
		w.raw("]}")
	}
	w.raw("]")
	if len(page) < len(all) {
		last := page[len(page)-1]
		w.raw(`,"nextPageToken":`)
		w.quote(s.token(bound, last.h.at, last.is.id, last.h.id))
	}
	w.raw("}")
	return w.done()
}

func (s *Site) noChanges(*request) (int, []byte) {
	return http.StatusOK, []byte(`{"issueChangeLogs":[]}`)
}

package github

// The issue search as a stream.

import (
	"context"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// searchName is the stream's.
const searchName = "query"

// search is the stream of the issues that a query finds. A search shows its first thousand only, which
// the way of [list] never comes to, since it asks anew after each hundred; a second of more is gone through
// in the order of creation. It may be asked 30 times a minute, for which the transport waits. Its index follows the issues by some seconds, which the overlap
// covers.
func (s *session) search() live.Stream {
	l := s.matches()
	return live.Stream{
		Name:    searchName,
		Kind:    "github search",
		Scope:   whole(s.Query),
		Reading: liveVersion,
		Walk: func(ctx context.Context, from live.From) iter.Seq2[live.Page, error] {
			from.Mark = "" // an index that lags is not asked whether it has changed
			return s.walk(ctx, searchName, l, from)
		},
		// At the price of a search through all of it.
		Roll: func(ctx context.Context) iter.Seq2[[]live.Entry, error] {
			return func(yield func([]live.Entry, error) bool) { rollFrom(ctx, l, yield) }
		},
		Get: func(ctx context.Context, entries []live.Entry) iter.Seq2[live.Page, error] {
			return s.gets(ctx, searchName, entries)
		},
	}
}

// matches is the list of what the query finds.
func (s *session) matches() *list {
	l := s.matching("updated", updated, "")
	l.of = func(at record.Instant) *list {
		return s.matching("created", func(o *issueObject) jsontext.Value { return o.created }, " updated:"+second(at)+".."+second(at))
	}
	return l
}

// matching is the list of what the query and some more words find, in the order of a date. GitHub wants
// to be told that issues are meant.
func (s *session) matching(order string, date func(*issueObject) jsontext.Value, more string) *list {
	return &list{session: s, what: "the issues that the query finds", date: date,
		at: func(since record.Instant) string {
			q := whole(s.Query) + " is:issue" + more
			if since != 0 {
				q += " " + order + ":>=" + second(since)
			}
			v := url.Values{"q": {q}, "sort": {order}, "order": {"asc"}, "per_page": {strconv.Itoa(perPage)}}
			if whole(s.Query) != s.Query {
				v.Set("advanced_search", "true")
			}
			return "search/issues?" + v.Encode()
		},
		items: func(v jsontext.Value) jsontext.Value { return member(v, "items") },
		total: func(v jsontext.Value) (int, bool) {
			return int(number(member(v, "total_count"))), string(member(v, "incomplete_results")) != "true"
		},
	}
}

// whole is a query that more words can be added to. They would join only the last part of one with an OR,
// so such a one is put in brackets. That takes the advanced syntax, which has been GitHub's own since 2025;
// an older Enterprise Server knows neither (from the documentation, unconfirmed).
func whole(query string) string {
	depth, quoted, word := 0, false, ""
	for _, c := range query + " " {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(' || c == ')' || unicode.IsSpace(c):
			if depth == 0 && strings.EqualFold(word, "OR") {
				return "(" + query + ")"
			}
			word = ""
			switch c {
			case '(':
				depth++
			case ')':
				depth--
			}
			continue
		}
		word += string(c)
	}
	return query
}

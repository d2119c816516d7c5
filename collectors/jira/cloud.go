package jira

// Jira Cloud: the enhanced search, which goes on with tokens.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-get

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// How much is asked for at once. Jira answers with fewer issues where it likes; 5,000 is what it allows
// where only ids are asked for.
const (
	issuesAtOnce = 100
	idsAtOnce    = 5000
	mostPages    = 100_000 // of one walk: ten million issues
)

// longQuery is the length from which a query goes into a body: proxies and Tomcat refuse addresses of 8 KB.
const longQuery = 6000

// search asks for one page of a search.
func (s *session) search(ctx context.Context, jql, token string, size int, fields []string, expand string) (answer, error) {
	q := url.Values{"jql": {jql}, "maxResults": {strconv.Itoa(size)}, "fields": {strings.Join(fields, ",")}}
	body := map[string]any{"jql": jql, "maxResults": size, "fields": fields}
	if token != "" {
		q.Set("nextPageToken", token)
		body["nextPageToken"] = token
	}
	if expand != "" {
		q.Set("expand", expand)
		body["expand"] = expand
	}
	return s.page(ctx, jql, q, body)
}

// page asks for a page of a search, in the address or, where that would be too long, in a body.
func (s *session) page(ctx context.Context, jql string, q url.Values, body map[string]any) (a answer, err error) {
	method, path := "GET", s.searching()
	var v jsontext.Value
	if len(q.Encode()) > longQuery {
		method = "POST"
		v, err = s.ask(ctx, method, path, nil, body)
	} else {
		v, err = s.ask(ctx, method, path, q, nil)
	}
	if err != nil {
		return a, s.blame(ctx, jql, err)
	}
	a, ok := readAnswer(&s.dec, v)
	if !ok {
		return a, s.other(method, path, v, "a page of a search")
	}
	if s.l.Cloud && a.token == "" && a.last == 0 && (a.total >= 0 || a.start >= 0) {
		return a, fmt.Errorf("%s %s: the answer is one of the search that Jira Cloud has removed (startAt, total; neither token nor isLast), of which pages would be lost; a proxy or a recording stands in between: see that `url:` leads to Jira itself", method, s.root+s.api+path)
	}
	for _, w := range a.warnings {
		s.doubt(path, "Jira warns: %s; see `jql:`", strings.TrimRight(cut(s.l.Scrub(w), 300), ". "))
	}
	return a, nil
}

// searching is the path of a search.
func (s *session) searching() string {
	if s.l.Cloud {
		return "search/jql"
	}
	return "search"
}

// blame finds out what is wrong with a query that was refused: Jira tells the position of an error, which
// in our longer query is another one, so that the user's own is asked for once, alone.
func (s *session) blame(ctx context.Context, asked string, err error) error {
	jql := strings.TrimSpace(s.l.JQL)
	if !refusedWith(err, 400) {
		return err
	}
	if jql == "" || !strings.Contains(asked, jql) {
		return advised(err, "run again, and report it if it stays")
	}
	var own error
	if s.l.Cloud {
		_, own = s.ask(ctx, "POST", "search/approximate-count", nil, map[string]any{"jql": jql})
	} else {
		_, own = s.ask(ctx, "GET", "search", url.Values{"jql": {jql}, "maxResults": {"0"}, "fields": {"id"}}, nil)
	}
	if refusedWith(own, 400) {
		return advised(own, "correct `jql:` in firebreak.yaml")
	}
	return advised(err, "the jql alone is not refused: run again, and report it if it stays")
}

// tokens yields the pages of a search in their order. It ends where there is no token or Jira says that
// the page is the last one; a token that repeats, and a page without an issue that is new to take and with
// more behind it, would go on for ever.
//
// That a token goes on after the last issue given, and not after a number of them (which would pass over
// one for each that moved to the end meanwhile), is from the documentation and unconfirmed.
func (s *session) tokens(ctx context.Context, jql string, size int, fields []string, expand string, take func(a answer, last bool) (fresh int, more bool, err error)) error {
	met := map[string]bool{}
	token, barren := "", 0
	fault := func(format string, args ...any) error {
		return fmt.Errorf("GET %ssearch/jql (%s): "+format+"; what came before is kept, run again to go on from there", append([]any{s.root + s.api, cut(jql, 200)}, args...)...)
	}
	for range mostPages {
		a, err := s.search(ctx, jql, token, size, fields, expand)
		if err != nil {
			return err
		}
		last := a.token == "" || a.last == 't'
		lost := a.token == "" && a.last == 'f'
		fresh, more, err := take(a, last && !lost)
		switch {
		case err != nil:
			return err
		case lost:
			return fault("Jira says that there are more pages, and not how to ask for them")
		case fresh == 0 && len(a.issues) > 0 && !last: // one that was updated may come twice, and be all there is on the last
			return fault("a page holds nothing but issues that came before")
		case !more || last:
			return nil
		case met[a.token]:
			return fault("a page token came twice")
		}
		if barren++; len(a.issues) > 0 {
			barren = 0
		} else if barren >= 100 {
			return fault("100 pages in a row hold no issue, and more are said to follow")
		}
		met[a.token] = true
		token = a.token
	}
	return fault("it has more than %d pages", mostPages)
}

// walk yields what was updated since, oldest first.
func (s *session) walk(ctx context.Context, from live.From) iter.Seq2[live.Page, error] {
	return func(yield func(live.Page, error) bool) {
		w := &walker{s: s, j: s.journey(from.Since, from.Known), yield: yield}
		var err error
		if s.l.Cloud {
			err = s.tokens(ctx, s.query("updated", from.Since), issuesAtOnce, s.wanted, "changelog", func(a answer, last bool) (int, bool, error) {
				return w.take(ctx, a, last)
			})
		} else {
			err = s.offsets(ctx, w, from.Since)
		}
		w.finish(ctx, err)
	}
}

// roll yields the ids of all issues of the search. They are asked for in the order of their creation,
// which no update changes.
func (s *session) roll(ctx context.Context) iter.Seq2[[]live.Entry, error] {
	return func(yield func([]live.Entry, error) bool) {
		seen := map[string]bool{}
		take := func(a answer, last bool) (fresh int, more bool, err error) {
			var entries []live.Entry
			for _, v := range a.issues {
				e, ok := readEntry(&s.dec, v)
				if !ok {
					return 0, false, s.other("GET", s.searching(), v, "an issue with its id")
				}
				if !seen[e.ID] {
					seen[e.ID] = true
					entries = append(entries, e)
				}
			}
			if last {
				if err := s.confirm(ctx); err != nil {
					return 0, false, err
				}
			}
			return len(entries), len(entries) == 0 || yield(entries, nil), nil
		}
		var err error
		if s.l.Cloud {
			err = s.tokens(ctx, s.query("created", 0), idsAtOnce, []string{"id"}, "", take)
		} else {
			err = s.rollByOffset(ctx, take)
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// get yields the issues of these entries.
func (s *session) get(ctx context.Context, entries []live.Entry) iter.Seq2[live.Page, error] {
	return func(yield func(live.Page, error) bool) {
		w := &walker{s: s, j: s.journey(0, nil), yield: yield}
		w.j.astray = true
		var err error
		for chunk := range slices.Chunk(entries, issuesAtOnce) {
			ids := make([]string, len(chunk))
			for i, e := range chunk {
				ids[i] = e.ID
			}
			if err = s.fetch(ctx, w, ids); err != nil || w.declined {
				break
			}
		}
		w.finish(ctx, err)
	}
}

// fetch takes issues by their ids. Jira refuses a query that names an issue which is gone, and says which;
// without that one, or with half of them, it is asked again. What it leaves out of its answer, because a
// page holds fewer, is asked for until nothing more comes.
func (s *session) fetch(ctx context.Context, w *walker, ids []string) error {
	for len(ids) > 0 && !w.declined {
		jql := "id in (" + strings.Join(ids, ",") + ") ORDER BY key ASC"
		var a answer
		var err error
		if s.l.Cloud {
			a, err = s.search(ctx, jql, "", issuesAtOnce, s.wanted, "changelog")
		} else {
			a, err = s.slice(ctx, jql, 0, issuesAtOnce, s.wanted, "changelog")
		}
		switch {
		case refusedWith(err, 400):
			named := mentioned(err, ids)
			switch {
			case len(named) > 0:
				ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(named, id) })
				continue
			case len(ids) == 1:
				s.doubt(ids[0], "the search has listed this issue and Jira refuses to show it: %v", err)
				return nil
			}
			if err := s.fetch(ctx, w, ids[:len(ids)/2]); err != nil {
				return err
			}
			ids = ids[len(ids)/2:]
			continue
		case err != nil:
			return err
		}
		fresh, _, err := w.take(ctx, a, false)
		if err != nil {
			return err
		}
		if fresh == 0 {
			return nil // the others are gone, or hidden
		}
		came := map[string]bool{}
		for _, v := range a.issues {
			if e, ok := readEntry(&s.dec, v); ok {
				came[e.ID] = true
			}
		}
		ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return came[id] })
	}
	return nil
}

// mentioned are those ids that a refusal names.
func mentioned(err error, ids []string) (named []string) {
	var r *refusal
	if !errors.As(err, &r) {
		return nil
	}
	words := strings.FieldsFunc(r.said, func(r rune) bool { return r < '0' || r > '9' })
	for _, id := range ids {
		if slices.Contains(words, id) {
			named = append(named, id)
		}
	}
	return named
}

// count says about how many issues a walk will meet.
func (s *session) count(ctx context.Context, since record.Instant) (int, error) {
	jql := s.clause("updated", since)
	v, err := s.ask(ctx, "POST", "search/approximate-count", nil, map[string]any{"jql": jql})
	if err != nil {
		return 0, s.blame(ctx, jql, err)
	}
	n, ok := readCount(&s.dec, v)
	if !ok {
		return 0, s.other("POST", "search/approximate-count", v, "a count")
	}
	return n, nil
}

package github

// Roll calls and counts of a repository.

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// roll yields the ids of a repository's issues. GraphQL lists issues without pull requests and without
// all the rest of them: a hundred a request, of one point of the 5,000 an hour each, where REST takes
// nearly twice as many requests of a hundred times the bytes. So 100,000 issues cost a thousand requests
// a week. Its cursor follows the order of creation, in which nothing moves. Without a token there is only
// REST.
func (s *session) roll(ctx context.Context, repo string) iter.Seq2[[]live.Entry, error] {
	return func(yield func([]live.Entry, error) bool) {
		owner, name, _ := strings.Cut(repo, "/")
		after, before := "", places{}
		for {
			data, wrong, err := s.query(ctx, rollQuery, map[string]any{"owner": owner, "name": name, "after": orNull(after)})
			if errors.Is(err, errAnybody) {
				rollFrom(ctx, s.issuesOf(repo), yield)
				return
			}
			r := member(data, "repository")
			if err == nil && len(wrong) > 0 && !present(r) {
				err = fmt.Errorf("asking for the ids of %s: %w", repo, wrong)
			}
			issues := member(r, "issues")
			if err == nil && member(issues, "nodes").Kind() != '[' {
				err = s.unexpected("asking for the ids of "+repo, "a list of issues", data)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			var entries []live.Entry
			for n := range elements(member(issues, "nodes")) {
				e := live.Entry{ID: databaseID(n), Key: repo + "#" + text(member(n, "number"))}
				e.Updated, _ = instant(member(n, "updatedAt"))
				if e.ID == "" { // one left out would count as gone
					yield(nil, fmt.Errorf("asking for the ids of %s: one has none: %s", repo, s.shownText(string(n))))
					return
				}
				entries = append(entries, e)
			}
			if !yield(entries, nil) {
				return
			}
			next, more := nextCursor(issues)
			if !more {
				return
			}
			if !before.on(next) {
				yield(nil, fmt.Errorf("asking for the ids of %s: there is more, and no cursor to it; the service goes round in circles", repo))
				return
			}
			after = next
		}
	}
}

const rollQuery = `query($owner:String!,$name:String!,$after:String){repository(owner:$owner,name:$name){` +
	`issues(first:100,after:$after,orderBy:{field:CREATED_AT,direction:ASC}){pageInfo{hasNextPage endCursor} nodes{fullDatabaseId number updatedAt}}}}`

// rollFrom yields the ids of a list that is walked whole for them.
func rollFrom(ctx context.Context, l *list, yield func([]live.Entry, error) bool) {
	for p, err := range l.pages(ctx, 0, "") {
		if err == nil && p.gap != "" {
			err = errors.New(p.gap) // what is not shown would count as gone
		}
		if err != nil {
			yield(nil, err)
			return
		}
		var entries []live.Entry
		for i := range p.objects {
			if o := &p.objects[i]; !o.isPull() && o.isIssue() {
				at, _ := instant(o.updated)
				entries = append(entries, live.Entry{ID: text(o.id), Key: keyOf(text(o.url)), Updated: at})
			}
		}
		if !yield(entries, nil) {
			return
		}
	}
}

// databaseID is the id that REST knows an issue by. It is beyond 32 bits by now, so GraphQL's databaseId
// is not asked for; fullDatabaseId comes as a string.
func databaseID(n jsontext.Value) string { return text(member(n, "fullDatabaseId")) }

// nextCursor is where a connection goes on.
func nextCursor(connection jsontext.Value) (cursor string, more bool) {
	info := member(connection, "pageInfo")
	return text(member(info, "endCursor")), string(member(info, "hasNextPage")) == "true"
}

// orNull is a variable that may be missing.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// count is how many issues a repository has, 0 where that is not to be had. For a first collection all
// repositories are counted together, a hundred a request, so that the bar costs next to nothing.
func (s *session) count(ctx context.Context, repo string, since record.Instant) (int, error) {
	if since != 0 {
		n, err := s.countOf(ctx, []string{repo}, fmt.Sprintf("(filterBy:{since:%q})", second(since)))
		return n[repo], err
	}
	if s.counted == nil {
		s.counted = map[string]int{}
		for part := range slices.Chunk(s.repos, perPage) {
			n, err := s.countOf(ctx, part, "")
			if err != nil {
				return 0, err
			}
			for r, k := range n {
				s.counted[r] = k
			}
		}
	}
	return s.counted[repo], nil
}

// countOf is how many issues repositories have.
func (s *session) countOf(ctx context.Context, repos []string, filter string) (map[string]int, error) {
	n := map[string]int{}
	err := s.each(ctx, repos, "issues"+filter+"{totalCount}", func(repo string, v jsontext.Value) {
		n[repo] = int(number(member(member(v, "issues"), "totalCount")))
	})
	return n, err
}

// present are the names that repositories have now.
func (s *session) present(ctx context.Context, repos []string) ([]string, error) {
	var list []string
	for part := range slices.Chunk(repos, perPage) {
		err := s.each(ctx, part, "nameWithOwner", func(_ string, v jsontext.Value) {
			list = append(list, text(member(v, "nameWithOwner")))
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// each asks one thing of a hundred repositories. One that may not be seen has no answer.
func (s *session) each(ctx context.Context, repos []string, fields string, take func(repo string, v jsontext.Value)) error {
	var heads, bodies strings.Builder
	variables := map[string]any{}
	for i, r := range repos {
		owner, name, _ := strings.Cut(r, "/")
		variables[fmt.Sprintf("o%d", i)], variables[fmt.Sprintf("n%d", i)] = owner, name
		fmt.Fprintf(&heads, "$o%d:String!,$n%[1]d:String!,", i)
		fmt.Fprintf(&bodies, "r%d:repository(owner:$o%[1]d,name:$n%[1]d){%s} ", i, fields)
	}
	data, _, err := s.query(ctx, "query("+heads.String()+"){"+bodies.String()+"}", variables)
	if err != nil {
		return err
	}
	for i, r := range repos {
		take(r, member(data, fmt.Sprintf("r%d", i)))
	}
	return nil
}

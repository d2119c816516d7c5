package github

// A live GitHub as a source: its streams.

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// Live is repositories of GitHub as a source.
type Live struct {
	Name, Tracker string

	// URL is where the GitHub is: "" for github.com, "https://github.acme.com" for an Enterprise Server,
	// or an API's address; see [Base].
	URL string

	Repos    []string // "owner/name"; a stream each
	Org      string   // all repositories of an organisation, or user, that the token sees; a stream each
	Query    string   // of the issue search: "org:acme label:bug"; one stream
	Projects []string // "acme/5": Projects v2 whose Status and points are read, of the issues that the other streams read
	Points   string   // the number field that holds points; by default one of Points, Story Points, Estimate

	HTTP *transport.Transport

	// Delivered is for the engine, see [live.Source].
	Delivered func(ctx context.Context, stream string) ([]string, error)
}

// Fetch yields what changed since; see [live.Source.Fetch].
func (l *Live) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	return func(yield func(record.Batch, error) bool) {
		s, err := l.session()
		if err != nil {
			yield(record.Batch{}, err)
			return
		}
		source := live.Source{Name: l.Name, Tracker: l.Tracker, Scope: l.scope(), Streams: s.streams, Clock: s.served, Delivered: l.Delivered}
		source.Fetch(ctx, since)(yield)
	}
}

// Skew is how far the service's clock is ahead of this machine's.
func (l *Live) Skew() (ahead time.Duration, known bool) { return l.HTTP.Skew() }

// scope is what the operator asks for, in words.
func (l *Live) scope() string {
	var parts []string
	if len(l.Repos) > 0 {
		parts = append(parts, strings.Join(l.Repos, ", "))
	}
	if l.Org != "" {
		parts = append(parts, "the repositories of "+l.Org)
	}
	if l.Query != "" {
		parts = append(parts, fmt.Sprintf("what %q finds", l.Query))
	}
	if len(l.Projects) > 0 {
		parts = append(parts, "the projects "+strings.Join(l.Projects, ", "))
	}
	return strings.Join(parts, "; ")
}

// Spent is what asking has cost so far.
func (l *Live) Spent() record.Spent {
	n, waited := l.HTTP.Spent()
	return record.Spent{Requests: n, Waited: waited}
}

// streams are the lists to read: repositories first, projects last, since a project only adds to issues
// that the others read.
func (s *session) streams(ctx context.Context) ([]live.Stream, error) {
	if len(s.Repos) == 0 && s.Org == "" && s.Query == "" {
		return nil, errors.New("nothing is asked for: name `repos`, an `org` or a `query`")
	}
	repos := slices.Clone(s.Repos)
	if s.Org != "" {
		all, err := s.repositories(ctx, s.Org)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if !slices.ContainsFunc(repos, func(have string) bool { return strings.EqualFold(have, r) }) {
				repos = append(repos, r)
			}
		}
	}
	for _, r := range repos {
		if !isRepo(r) {
			return nil, fmt.Errorf("%q is no repository; write owner/name", r)
		}
	}
	s.repos = repos
	s.readBoards(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var streams []live.Stream
	for _, r := range repos {
		streams = append(streams, s.repository(r))
	}
	if s.Query != "" {
		streams = append(streams, s.search())
	}
	for _, b := range s.boards {
		streams = append(streams, s.project(b))
	}
	return streams, nil
}

// isRepo says whether a name is owner/name, of the characters that GitHub allows: it becomes a path.
func isRepo(name string) bool {
	owner, repo, ok := strings.Cut(name, "/")
	return ok && isName(owner) && isName(repo) && repo != "." && repo != ".."
}

func isName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return s != ""
}

// liveVersion is of the reader of live answers: what an older one read is read again.
const liveVersion = version + " live/1"

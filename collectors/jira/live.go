package jira

// A Jira site as a source: one search, walked in the order of updates.

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// Live is a Jira site as a source.
type Live struct {
	Name    string // in firebreak.yaml
	Tracker string // the name that the records carry

	// URL is the site's address with its context path: "https://acme.atlassian.net",
	// "https://host/jira", or "https://api.atlassian.com/ex/jira/<cloudId>" for scoped tokens.
	URL string

	// Browse is where people see issues, if that is not at URL: behind the API gateway nobody can.
	Browse string

	// Cloud says that the site is Jira Cloud, which is asked by enhanced search. Otherwise it is Data
	// Center or Server.
	Cloud bool

	JQL    string            // which issues, as the user wrote it, without an order; "" is all that the account sees
	Fields map[string]string // our name → the field's id, or its name on the site
	Points []string          // ids or names; without any, the fields that Jira itself made for story points
	HTTP   *transport.Transport

	Delivered func(ctx context.Context, stream string) ([]string, error) // see live.Source
}

// stream is the name of the one list that a site is. It is in every cursor, and must not change.
const stream = "search"

// Check says what is wrong with the settings, before anything is asked.
func (l *Live) Check() error {
	u, err := url.Parse(l.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("the url of %s is no address of a site; write it like https://acme.atlassian.net or https://host/jira", l.Name)
	case u.User != nil:
		return fmt.Errorf("the url of %s holds a user or a password; take it out, and name the variable that holds the token in `token_env:`", l.Name)
	case u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("the url of %s has something after the path (? or #); write the site's address alone", l.Name)
	case l.HTTP == nil:
		return fmt.Errorf("%s has no transport", l.Name)
	}
	return checkJQL(l.JQL)
}

// Fetch yields what changed in the search since; see [live.Source.Fetch].
func (l *Live) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	return live.Source{
		Name: l.Name, Tracker: l.Tracker, Scope: strings.TrimSpace(l.JQL),
		Streams: l.streams, Clock: l.clock, Delivered: l.Delivered,
	}.Fetch(ctx, since)
}

// Skew is how far the service's clock is ahead of this machine's.
func (l *Live) Skew() (ahead time.Duration, known bool) { return l.HTTP.Skew() }

// Spent is what the source has cost so far.
func (l *Live) Spent() record.Spent {
	attempts, waited := l.HTTP.Spent()
	return record.Spent{Requests: attempts, Waited: waited}
}

// Scrub is a text without what the authorisation sends. Whatever quotes an answer passes through it before
// it is cut: a gateway that refuses a request may quote it whole.
func (l *Live) Scrub(text string) string {
	if l.HTTP == nil {
		return text // and nothing was sent
	}
	return l.HTTP.Scrub(text)
}

// clock is the service's clock, by the Date of its latest answer.
func (l *Live) clock() record.Instant {
	if at := l.HTTP.Served(); !at.IsZero() {
		return record.At(at)
	}
	return 0
}

// streams asks for what has to be known before the search: who asks, in which zone, and which fields
// are meant.
func (l *Live) streams(ctx context.Context) ([]live.Stream, error) {
	s, err := l.open()
	if err != nil {
		return nil, err
	}
	if err := s.introduce(ctx); err != nil {
		return nil, err
	}
	if err := s.fields(ctx); err != nil {
		return nil, err
	}
	st := live.Stream{Name: stream, Kind: "jira server search", Scope: strings.TrimSpace(l.JQL), Reading: s.reading()}
	if l.Cloud {
		st.Kind = "jira cloud search"
		st.Count = s.count
	}
	st.Walk, st.Roll, st.Get = s.walk, s.roll, s.get
	return []live.Stream{st}, nil
}

// reading is everything that decides how an issue is read. Fields are in it by their ids: a name that
// comes to mean another field is another reading.
func (s *session) reading() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q %q", version, s.l.Tracker, s.dec.site)
	for _, id := range slices.Sorted(maps.Keys(s.dec.fields)) {
		for _, w := range s.dec.fields[id] {
			fmt.Fprintf(&b, " %q=%q %t", id, w.alias, w.points)
		}
	}
	return b.String()
}

// checkJQL refuses what cannot be made part of a longer query: an order of its own, which would have to
// be ours, and brackets that close what they did not open.
func checkJQL(jql string) error {
	depth, quote := 0, byte(0)
	word, before := "", ""
	for i := 0; i <= len(jql); i++ {
		c := byte(' ')
		if i < len(jql) {
			c = jql[i]
		}
		switch {
		case quote != 0 && c == '\\':
			i++
			continue
		case quote != 0:
			if c == quote {
				quote = 0
			}
			continue
		case c == '\'' || c == '"':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c > ' ' && c != '=' && c != '!' && c != '<' && c != '>' && c != '~' && c != ',':
			word += jql[i : i+1]
			continue
		}
		if depth < 0 {
			return fmt.Errorf("the jql closes a bracket at character %d that it did not open: %s", i+1, jql)
		}
		if strings.EqualFold(before, "order") && strings.EqualFold(word, "by") {
			return fmt.Errorf("the jql has an ORDER BY of its own: %s; leave it out: issues are read in the order of their last update", jql)
		}
		if word != "" {
			before, word = word, ""
		} else if c > ' ' {
			before = ""
		}
	}
	switch {
	case quote != 0:
		return fmt.Errorf("the jql has a quotation mark %c that is not closed: %s", quote, jql)
	case depth > 0:
		return errors.New("the jql has a bracket that is not closed: " + jql)
	}
	return nil
}

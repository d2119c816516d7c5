package github

// Asking GitHub: one request and its answer, as JSON that is known to be well-formed.

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	gh "github.com/google/go-github/v60/github"

	"github.com/firebreak/firebreak/collectors/record"
)

// session is one run's way to one GitHub. Its requests follow each other: GitHub asks its clients not to
// make several at once.
type session struct {
	*Live
	client *gh.Client

	repos    []string           // that are read, by their configured names
	counted  map[string]int     // issues of each, once they were counted together
	boards   []*board           // the projects, in the order of firebreak.yaml
	onBoards map[string][]*item // by the id, in that order
	readers  map[string]bool    // the repositories by all their names, in lower case
	matched  map[string]bool    // issues that the query found

	peek     bool // projects are only looked at: their first page will do
	open     bool // REST has answered
	anybody  bool // it has, and GraphQL has not, as happens without a token
	typeless bool // GraphQL does not know issue types: an older Enterprise Server
	failed   int  // streams in a row that the service had no answer for
	poor     int  // issues in a row that it had none for
}

// defaultAPI is github.com's.
const defaultAPI = "https://api.github.com/"

// Base is where the API of a GitHub is: of github.com for "" (or its address on the web), below
// /api/v3/ for the address of an Enterprise Server, and api itself if that is an API's address already
// (https://api.acme.ghe.com). It ends with a slash. Its scheme and host are the origin that a token is
// for.
func Base(address string) (*url.URL, error) {
	u, err := url.Parse(cmp.Or(address, defaultAPI))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		if strings.Contains(address, "@") { // with a password, perhaps
			address = "…"
		}
		return nil, fmt.Errorf("url %q is no address of a GitHub; leave it away for github.com, or write https://github.acme.com for an Enterprise Server", address)
	}
	if u.Host == "github.com" || u.Host == "www.github.com" {
		return url.Parse(defaultAPI)
	}
	c, err := gh.NewClient(nil).WithEnterpriseURLs(u.String(), u.String())
	if err != nil {
		return nil, err
	}
	return c.BaseURL, nil
}

func (l *Live) session() (*session, error) {
	base, err := Base(l.URL)
	if err != nil {
		return nil, err
	}
	client := gh.NewClient(&http.Client{Transport: l.HTTP})
	client.BaseURL = base
	client.UserAgent = "" // the transport's
	return &session{Live: l, client: client, matched: map[string]bool{}}, nil
}

// places are where a list was said to go on. One that comes twice goes round in circles, however long its
// way there.
type places map[string]bool

// on says whether the place is there and new.
func (p places) on(at string) bool {
	if at == "" || p[at] {
		return false
	}
	p[at] = true
	return true
}

// answer is what the service said.
type answer struct {
	request   string         // what was asked, for messages
	body      jsontext.Value // well-formed
	next      string         // the next page, "" if this is the last
	mark      string         // ETag
	header    http.Header
	unchanged bool // 304
}

// get asks for a path below the API's base, or for an address that the service gave. With a mark, an
// answer that has not changed since is no answer but unchanged.
func (s *session) get(ctx context.Context, path, mark string) (answer, error) {
	r, err := s.client.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		return answer{}, err
	}
	if mark != "" {
		r.Header.Set("If-None-Match", mark)
	}
	return s.ask(ctx, r)
}

func (s *session) ask(ctx context.Context, r *http.Request) (answer, error) {
	a := answer{request: s.HTTP.Scrub(r.Method + " " + r.URL.String())} // its address may be of the service's making
	var body bytes.Buffer
	resp, err := s.client.Do(ctx, r, &body)
	if resp != nil && resp.Response != nil {
		a.header = resp.Header
		a.mark = resp.Header.Get("ETag")
		if resp.StatusCode == http.StatusNotModified && r.Header.Get("If-None-Match") != "" {
			a.unchanged = true
			return a, nil
		}
	}
	if err != nil {
		return a, s.refused(a.request, resp, err)
	}
	if a.body, err = s.wellFormed(body.Bytes()); err != nil {
		return a, fmt.Errorf("%s: %w", a.request, err)
	}
	a.next = s.next(resp.Header)
	s.open = true
	return a, nil
}

// wellFormed is a body that the walk of walk.go can be trusted with.
func (s *session) wellFormed(body []byte) (jsontext.Value, error) {
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return nil, errors.New("the answer is empty, with status 200; JSON was expected. Does a proxy stand between?")
	case body[0] == '<':
		return nil, fmt.Errorf("the answer is a page of HTML with status 200 (%s); JSON was expected. Is the url that of a GitHub, and does a proxy ask to log in?", s.shownText(string(body)))
	}
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	v := jsontext.Value(body)
	d := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true))
	if err := d.SkipValue(); err != nil || int(d.InputOffset()) != len(body) {
		return nil, fmt.Errorf("the answer is not whole JSON: it goes wrong at byte %d of %d (%s); is something between here and GitHub that cuts it?", d.InputOffset(), len(body), s.shownText(string(body)))
	}
	return v, nil
}

// next is the address of the next page, "" if there is none. It is followed as it stands, since only the
// service knows how it goes on: page=2 here, after=… in large lists. Its host is replaced only if it is
// not the API's own, as of an Enterprise Server behind a proxy that does not know its outer name: the
// token is for one origin.
func (s *session) next(h http.Header) string {
	at := nextLink(h)
	if at == "" {
		return ""
	}
	u, err := s.client.BaseURL.Parse(at)
	if err != nil {
		return ""
	}
	u.Scheme, u.Host = s.client.BaseURL.Scheme, s.client.BaseURL.Host
	return u.String()
}

// nextLink reads a Link header (RFC 8288) as far as GitHub uses it: <address>; rel="next", …
func nextLink(h http.Header) string {
	rest := strings.Join(h.Values("Link"), ",")
	for {
		_, after, ok := strings.Cut(rest, "<")
		address, after, closed := strings.Cut(after, ">")
		if !ok || !closed {
			return ""
		}
		params, _, _ := strings.Cut(after, "<")
		for p := range strings.SplitSeq(params, ";") {
			name, value, _ := strings.Cut(strings.Trim(p, " ,"), "=")
			if strings.EqualFold(name, "rel") && strings.EqualFold(strings.Trim(value, `"`), "next") {
				return address
			}
		}
		rest = after
	}
}

// served is the service's clock, by its latest answer.
func (s *session) served() record.Instant {
	at := s.HTTP.Served()
	if at.IsZero() {
		return 0
	}
	return record.At(at)
}

// shownText is the beginning of what a service said, on one line, without what it may quote of the request.
func (s *session) shownText(said string) string {
	said = strings.Join(strings.Fields(s.HTTP.Scrub(excerpt(said, 1000))), " ")
	if len(said) > 120 {
		said = excerpt(said, 117) + "…"
	}
	return fmt.Sprintf("%q", said)
}

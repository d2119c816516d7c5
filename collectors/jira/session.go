package jira

// A conversation with a site: one question after another, each with a whole answer in JSON or an error
// that says what came instead. Never two at a time, as Atlassian's guidance on concurrency has it.
//
// The client is go-jira's, for addresses and requests. Its typed answers are not used: one value that it
// did not expect loses a whole page.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	gojira "github.com/andygrunwald/go-jira"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/net/html"
)

// Cloud is asked in version 3 of its API, since that is the one that Atlassian describes and adds to:
// texts come as documents, which [decoder.document] reads, and everything else is as in version 2.
const (
	cloudAPI  = "rest/api/3/"
	serverAPI = "rest/api/2/"
)

// session is one run's conversation with a site.
type session struct {
	l      *Live
	client *gojira.Client
	root   string // of the API, for the names of requests
	api    string
	dec    decoder

	caller   caller
	wanted   []string          // the fields to name in a search
	notes    []record.Doubt    // said with the next page
	statuses map[string]string // category by id; nil until it is needed
	closed   map[string]bool   // lists of single issues that the account may not see
	failed   map[string]int    // how many such lists have failed in a row, by what they hold
	named    bool              // the latest answer told who asks
}

func (l *Live) open() (*session, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	root := strings.TrimRight(l.URL, "/")
	client, err := gojira.NewClient(&http.Client{Transport: l.HTTP, CheckRedirect: stay}, root)
	if err != nil {
		return nil, fmt.Errorf("the url %s: %w", root, err)
	}
	s := &session{l: l, client: client, root: root + "/", api: serverAPI, closed: map[string]bool{}, failed: map[string]int{}}
	if l.Cloud {
		s.api = cloudAPI
	}
	s.dec.tracker, s.dec.live = l.Tracker, true
	if at := strings.TrimRight(l.Browse, "/"); at != "" {
		s.dec.site = at + "/browse/"
	} else if u, err := url.Parse(root); err == nil && u.Host != gateway {
		s.dec.site = root + "/browse/"
	}
	return s, nil
}

// gateway is Atlassian's own host for scoped tokens, where nobody can browse.
const gateway = "api.atlassian.com"

// stay follows a redirect within the site. One that leads elsewhere leads to a login, or says that the
// site has moved; both are for a person to know. Another scheme is elsewhere: from https to http the
// answers would come in the clear, and the token goes from neither to the other.
func stay(req *http.Request, via []*http.Request) error {
	if len(via) >= 5 || req.URL.Host != via[0].URL.Host || req.URL.Scheme != via[0].URL.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}

func (s *session) doubt(place, format string, args ...any) {
	s.notes = append(s.notes, record.Doubt{Place: place, What: fmt.Sprintf(format, args...)})
}

// noted takes the doubts that wait to be said.
func (s *session) noted() []record.Doubt {
	n := s.notes
	s.notes = nil
	return n
}

// ask asks and returns the answer, which is JSON. The path is below the API; the query may be nil, and
// so may be the body.
func (s *session) ask(ctx context.Context, method, path string, query url.Values, body any) (jsontext.Value, error) {
	name := method + " " + s.root + s.api + path
	target := s.api + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := s.client.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	req.Header.Set("Accept", "application/json")
	resp, err := s.client.Do(req, nil)
	if resp == nil || resp.Response == nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if u := (*url.Error)(nil); errors.As(err, &u) {
			err = u.Err // the transport's own names the request already
		}
		return nil, err
	}
	defer resp.Body.Close()
	answer, readErr := readAll(resp.Response)
	switch {
	case err != nil:
		return nil, s.refused(name, resp.Response, answer)
	case readErr != nil:
		return nil, fmt.Errorf("%s: the answer broke off: %w; run again", name, readErr)
	}
	nobody, named := whom(resp.Header)
	if nobody != "" {
		return nil, s.unknown(name, resp.Response, nobody)
	}
	s.named = named
	if err := prove(answer, s.l.Scrub); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return answer, nil
}

// readAll reads a body in one piece of its size, since an answer may be 64 MB.
func readAll(resp *http.Response) ([]byte, error) {
	var b bytes.Buffer
	if n := resp.ContentLength; n > 0 && n < 1<<28 {
		b.Grow(int(n) + bytes.MinRead)
	}
	_, err := io.Copy(&b, resp.Body)
	return b.Bytes(), err
}

// prove says what is wrong with an answer that is no JSON, with quotations that are scrubbed.
func prove(answer []byte, scrub func(string) string) error {
	trimmed := bytes.TrimSpace(answer)
	switch {
	case len(trimmed) == 0:
		return errors.New("the answer is empty, with a status that says all is well; a proxy in between may have swallowed it: see that `url:` leads to Jira itself")
	case trimmed[0] == '<':
		return fmt.Errorf("a web page came instead of an answer%s: a login, a CAPTCHA or a proxy stands in between; see that `url:` is the address of Jira itself, that the token is valid, and that the account can log in", titled(trimmed, scrub))
	case !jsontext.Value(answer).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)):
		return fmt.Errorf("the answer is no JSON: it begins %q; see that `url:` is the address of Jira itself", beginOf(trimmed, scrub))
	}
	return nil
}

// beginOf is the beginning of an answer, to be quoted. It is scrubbed first: half a secret is one still.
func beginOf(answer []byte, scrub func(string) string) string {
	return cut(scrub(string(answer[:min(len(answer), 4096)])), 60)
}

// titled is a web page's title in brackets.
func titled(page []byte, scrub func(string) string) string {
	z := html.NewTokenizer(bytes.NewReader(page[:min(len(page), 1<<16)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == "title" {
				z.Next()
				if t := strings.Join(strings.Fields(string(z.Text())), " "); t != "" {
					return fmt.Sprintf(" (%q)", cut(scrub(html.UnescapeString(t)), 100))
				}
				return ""
			}
		}
	}
}

// other is the error of an answer that is JSON and not what was asked for.
func (s *session) other(method, path string, v jsontext.Value, wanted string) error {
	name := method + " " + s.root + s.api + path
	var d decoder
	g, said := recognise(&d, v)
	said = s.l.Scrub(said)
	switch {
	case g == anError:
		return fmt.Errorf("%s: Jira answered an error with a status that says all is well%s; run again, and see what is wrong with the site if it stays", name, said)
	case g.what != "":
		return fmt.Errorf("%s: the answer is not %s: it looks like %s; see what stands between here and Jira", name, wanted, g.what)
	}
	return fmt.Errorf("%s: the answer is not %s: it begins %q; see that `url:` leads to Jira itself", name, wanted, beginOf(v, s.l.Scrub))
}

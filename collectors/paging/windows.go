package paging

// Live pagers: what all of them have in common. A pager's list is asked for page by page, and each answer
// is read as if it had been saved as a file, by the same readers: what an export and the API say of a page
// cannot differ by our fault.

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/net/html"
)

// conversation is one run's questions to the API of a pager, never two at a time.
type conversation struct {
	root   string // of the API, with a slash at its end
	http   *transport.Transport
	header http.Header       // what the service wants to see beside Accept; nil is nothing
	advice map[int]string    // what to do about a denial, by its status
	client *http.Client      // set by the first question
	left   map[string]int    // records left out so far, by reason
	read   map[string]int    // pages and shifts handed over so far, by kind of answer
	names  map[string]string // kinds of answers, by part
}

// denial is an answer with a status that is not well.
type denial struct {
	request string
	status  int
	said    string
	advice  string
}

func (r *denial) Error() string {
	s := fmt.Sprintf("%s: %d %s", r.request, r.status, http.StatusText(r.status))
	for _, more := range []string{r.said, r.advice} {
		if more != "" {
			s += "; " + more
		}
	}
	return s
}

// refusedWith says whether an error is a denial with one of these statuses.
func refusedWith(err error, statuses ...int) bool {
	var r *denial
	return errors.As(err, &r) && slices.Contains(statuses, r.status)
}

// ask asks and returns the answer, which is a JSON object or array. Its error says what came instead and
// what to do; where no whole answer came at all it is the transport's.
func (c *conversation) ask(ctx context.Context, path string, query url.Values) (jsontext.Value, error) {
	address := c.root + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	name := "GET " + address
	if len(name) > 200 {
		name = name[:200] + "…"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("the url %s is no address of an API", c.root)
	}
	maps.Copy(req.Header, c.header)
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json")
	}
	if c.client == nil {
		c.client = &http.Client{Transport: c.http, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	resp, err := c.client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if u := (*url.Error)(nil); errors.As(err, &u) {
			err = u.Err // the transport's own names the request already
		}
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch text := bytes.TrimSpace(body); {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("%s: the answer broke off: %w; run again", name, err)
	case resp.StatusCode != http.StatusOK:
		return nil, c.refused(name, resp, text)
	case len(text) == 0:
		return nil, fmt.Errorf("%s: the answer is empty, with a status that says all is well; a proxy in between may have swallowed it", name)
	case text[0] == '<':
		return nil, fmt.Errorf("%s: a web page came instead of an answer%s: a login or a proxy stands in between; see that `url:` is the address of the API and that the token is valid", name, c.title(text))
	case text[0] != '{' && text[0] != '[' || !jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)):
		return nil, fmt.Errorf("%s: the answer is no JSON: it begins %q; see that `url:` is the address of the API", name, c.quote(text, 60))
	default:
		return text, nil
	}
}

// refused puts a status into words.
func (c *conversation) refused(name string, resp *http.Response, body []byte) error {
	r := &denial{request: name, status: resp.StatusCode, advice: c.advice[resp.StatusCode]}
	if 300 <= r.status && r.status < 400 {
		r.advice = "it leads elsewhere: the API has moved, or wants a login"
		if to, err := url.Parse(resp.Header.Get("Location")); err == nil && to.Host != "" {
			r.advice = "it leads to " + to.Scheme + "://" + to.Host + c.http.Scrub(to.Path) + ": the API has moved, or wants a login"
		}
	}
	var said struct {
		Message string          `json:"message"`
		Error   json.RawMessage `json:"error"`
		Errors  json.RawMessage `json:"errors"`
	}
	switch {
	case len(body) > 0 && body[0] == '<':
		r.said = strings.Trim(c.title(body), " ()")
	case json.Unmarshal(body, &said) == nil:
		r.said = c.quote([]byte(cmp.Or(said.Message, string(said.Error), string(said.Errors))), 300)
	default:
		r.said = c.quote(body, 100)
	}
	return r
}

// quote is the beginning of what a service said, in one line. It is scrubbed before it is cut: half a
// secret is one still.
func (c *conversation) quote(said []byte, limit int) string {
	return excerpt(strings.Join(strings.Fields(c.http.Scrub(string(said[:min(len(said), 4096)]))), " "), limit)
}

// title is a web page's title in brackets.
func (c *conversation) title(page []byte) string {
	z := html.NewTokenizer(bytes.NewReader(page[:min(len(page), 1<<16)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == "title" {
				z.Next()
				if t := c.quote(bytes.TrimSpace(z.Text()), 100); t != "" {
					return fmt.Sprintf(" (%q)", html.UnescapeString(t))
				}
				return ""
			}
		}
	}
}

// clock is the service's clock, as the Date of its latest answer tells it; 0 before the first.
func (c *conversation) clock() record.Instant {
	if at := c.http.Served(); !at.IsZero() {
		return record.At(at)
	}
	return 0
}

// answered reads an answer as a file of s. What of it is doubted is so at place; the batch has no cursor,
// and its tally is kept until [conversation.tallies].
func (c *conversation) answered(ctx context.Context, s Files, part string, body []byte) (record.Batch, error) {
	s.FS, s.Patterns = answer{body}, []string{answerName}
	if now := c.clock(); now != 0 {
		s.Latest = now.Add(24 * time.Hour)
	}
	var all record.Batch
	for b, err := range s.Fetch(ctx, "") {
		if err != nil {
			return record.Batch{}, cmp.Or(ctx.Err(), err)
		}
		all.Pages, all.Shifts = append(all.Pages, b.Pages...), append(all.Shifts, b.Shifts...)
		for _, d := range b.Doubts {
			d.Place = part + strings.TrimPrefix(d.Place, answerName)
			all.Doubts = append(all.Doubts, d)
		}
		for _, g := range b.Gaps {
			g.At, g.What = c.clock(), strings.Replace(g.What, " in "+answerName, " in "+part, 1)
			all.Gaps = append(all.Gaps, g)
		}
		for _, t := range b.Tallies {
			c.count(part, t)
		}
	}
	return all, nil
}

func (c *conversation) count(part string, t record.Tally) {
	if c.left == nil {
		c.left, c.read, c.names = map[string]int{}, map[string]int{}, map[string]string{}
	}
	c.names[part] = t.Kind
	c.read[part] += t.Read
	for why, n := range t.Left {
		c.left[part+"\x00"+why] += n
	}
}

// tallies are the accounts of the parts asked for, in their order.
func (c *conversation) tallies() []record.Tally {
	var all []record.Tally
	for _, part := range slices.Sorted(maps.Keys(c.names)) {
		t := record.Tally{Part: part, Kind: c.names[part], Read: c.read[part]}
		for _, key := range slices.Sorted(maps.Keys(c.left)) {
			if p, why, _ := strings.Cut(key, "\x00"); p == part {
				if t.Left == nil {
					t.Left = map[string]int{}
				}
				t.Left[why] = c.left[key]
			}
		}
		all = append(all, t)
	}
	return all
}

// answer is a file system with one file, an answer of a service.
type answer struct{ body []byte }

const answerName = "answer"

// Open opens the answer.
func (a answer) Open(name string) (fs.File, error) {
	if name != answerName {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &opened{*bytes.NewReader(a.body)}, nil
}

// opened is the answer as a file, and what there is to know of it.
type opened struct{ bytes.Reader }

func (o *opened) Close() error               { return nil }
func (o *opened) Stat() (fs.FileInfo, error) { return o, nil }
func (o *opened) Name() string               { return answerName }
func (o *opened) Mode() fs.FileMode          { return 0o444 }
func (o *opened) ModTime() time.Time         { return time.Unix(1, 0) } // any: with a time it is not hashed
func (o *opened) IsDir() bool                { return false }
func (o *opened) Sys() any                   { return nil }

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
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/net/html"
)

// conversation is one run's questions to the API of a pager, never two at a time.
type conversation struct {
	root   string // of the API, with a slash at its end
	http   *transport.Transport
	header http.Header              // what the service wants to see beside Accept; nil is nothing
	advice map[int]string           // what to do about a denial, by its status
	client *http.Client             // set by the first question
	sums   map[string]*record.Tally // what was made of the answers so far, by part
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
	name := excerpt("GET "+address, 200)
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
	if len(body) > 0 && body[0] == '<' {
		r.said = strings.Trim(c.title(body), " ()")
	} else {
		r.said = c.quote([]byte(cmp.Or(complaint(body), string(body))), 300)
	}
	return r
}

// complaint is what a service says is wrong, where it says so in one of the ways of pagers: as message,
// error or errors, or as these of an object error. "" where it doesn't.
func complaint(body []byte) string {
	var said struct{ Message, Error, Errors json.RawMessage }
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	if len(said.Error) > 0 && said.Error[0] == '{' {
		return complaint(said.Error)
	}
	var words []string
	for _, v := range []json.RawMessage{said.Message, said.Error, said.Errors} {
		var word string
		var list []string
		switch {
		case len(v) == 0 || string(v) == "null":
		case json.Unmarshal(v, &word) == nil:
			words = append(words, word)
		case json.Unmarshal(v, &list) == nil:
			words = append(words, list...)
		default:
			words = append(words, string(v))
		}
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ": ")
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

// read reads an answer as a file of s, by the readers of exports. What of it is doubted is so at its name.
// The batch has no tallies: they are kept until [conversation.tallies], under part.
func (c *conversation) read(ctx context.Context, s Files, part, name string, text []byte) record.Batch {
	return c.readBy(ctx, s, part, name, text, s.read)
}

func (c *conversation) readBy(ctx context.Context, s Files, part, name string, text []byte, read func(*exports.File)) record.Batch {
	if now := c.clock(); now != 0 {
		s.Latest = now.Add(24 * time.Hour)
	}
	b := s.Set.Read(ctx, name, text, read)
	for i := range b.Gaps {
		b.Gaps[i].At = c.clock()
	}
	for _, t := range b.Tallies {
		c.count(part, t)
	}
	b.Tallies = nil
	return b
}

func (c *conversation) count(part string, t record.Tally) {
	sum := c.sums[part]
	if sum == nil {
		if c.sums == nil {
			c.sums = map[string]*record.Tally{}
		}
		sum = &record.Tally{Part: part, Kind: t.Kind}
		c.sums[part] = sum
	}
	sum.Read += t.Read
	for why, n := range t.Left {
		if why == "same record twice" { // it was asked for twice, in two lists
			continue
		}
		if sum.Left == nil {
			sum.Left = map[string]int{}
		}
		sum.Left[why] += n
	}
}

// tallies are the accounts of the parts asked for, in their order.
func (c *conversation) tallies() []record.Tally {
	var all []record.Tally
	for _, part := range slices.Sorted(maps.Keys(c.sums)) {
		all = append(all, *c.sums[part])
	}
	return all
}

// overridden are the shifts that were told before and are told no more: each is told to end where it began,
// which is no shift. One from before the period that was asked for may be over by now and stays as it was.
func overridden(tracker string, before, told map[string]record.Instant, from, now record.Instant) []record.Shift {
	var all []record.Shift
	for _, id := range slices.Sorted(maps.Keys(before)) {
		if _, still := told[id]; !still && before[id] >= from {
			all = append(all, record.Shift{Ref: record.Ref{Tracker: tracker, ID: id}, From: before[id], To: before[id], Updated: now})
		}
	}
	return all
}

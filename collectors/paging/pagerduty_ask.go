package paging

// PagerDuty as a live source: asking, and reading what is answered.

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// pagerDutyPage is how many records an answer may have ("cannot exceed 100", developer.pagerduty.com/docs).
const pagerDutyPage = 100

// errTooMany is a list that is longer than can be read by offset.
var errTooMany = errors.New("PagerDuty lists no more than 10,000 at a time")

// pagerDutyRefusal is an answer that is none.
type pagerDutyRefusal struct {
	request string
	status  int
	said    string
	code    int // PagerDuty's own
	advice  string
}

func (r *pagerDutyRefusal) Error() string {
	s := r.request + ": " + strconv.Itoa(r.status)
	if text := http.StatusText(r.status); text != "" {
		s += " " + text
	}
	if r.said != "" {
		s += " (" + r.said + ")"
	}
	if r.advice != "" {
		s += "; " + r.advice
	}
	return s
}

// base is where the API is.
func (l *PagerDutyLive) base() string {
	return strings.TrimSuffix(cmp.Or(l.URL, "https://api.pagerduty.com"), "/")
}

// ask is the members of one answer.
func (n *pagerDutyNight) ask(path string, q url.Values) (map[string]json.RawMessage, error) {
	name := "GET /" + path
	req, err := http.NewRequestWithContext(n.ctx, http.MethodGet, n.base()+"/"+path+"?"+q.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("%s: the url of %s is no address; write it like https://api.pagerduty.com", name, n.Name)
	}
	req.Header.Set("Accept", "application/vnd.pagerduty+json;version=2")
	// A redirect would lead the key elsewhere, or to a page for people.
	client := http.Client{Transport: n.HTTP, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if te := (*transport.Error)(nil); errors.As(err, &te) {
		return nil, te // it says all there is to say
	}
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var members map[string]json.RawMessage
	wrong := json.Unmarshal(body, &members)
	if resp.StatusCode == http.StatusOK && wrong == nil {
		return members, nil
	}
	r := &pagerDutyRefusal{request: name, status: resp.StatusCode}
	var said struct {
		Message string   `json:"message"`
		Code    int      `json:"code"`
		Errors  []string `json:"errors"`
	}
	if wrong == nil && json.Unmarshal(members["error"], &said) == nil {
		r.code = said.Code
		r.said = strings.Join(append([]string{said.Message}, said.Errors...), ": ")
	} else {
		r.said = "the answer is no JSON of PagerDuty's: " + string(bytes.Join(bytes.Fields(body[:min(len(body), 400)]), []byte(" ")))
	}
	r.said = excerpt(n.Scrub(r.said), 200)
	switch {
	case r.status == http.StatusBadRequest && strings.Contains(strings.ToLower(r.said), "offset"):
		return nil, errTooMany
	case r.status == http.StatusOK || r.status/100 == 3:
		r.advice = "it is not PagerDuty that answers there, or a login is in the way; see `url:`"
	case r.status == http.StatusUnauthorized:
		r.advice = "the key is wrong or was taken back; make a read-only one under Integrations > API Access Keys"
	case r.status == http.StatusForbidden:
		r.advice = "the key may not read this; make a read-only key of the account, or give its user the role of an observer"
	case r.status == http.StatusNotFound:
		r.advice = "it is not there, or the key may not see it"
	}
	return nil, r
}

// list is all records of a list, by offset. One that is longer than can be read, or than a window may be
// where its total is asked for, is errTooMany, with what was read.
func (n *pagerDutyNight) list(path string, q url.Values) ([]json.RawMessage, error) {
	member := path[strings.LastIndexByte(path, '/')+1:]
	q.Set("limit", strconv.Itoa(pagerDutyPage))
	var all []json.RawMessage
	for offset := 0; ; {
		if offset+pagerDutyPage > pagerDutyOffset {
			return all, errTooMany
		}
		q.Set("offset", strconv.Itoa(offset))
		answer, err := n.ask(path, q)
		if err != nil {
			return all, err
		}
		var page []json.RawMessage
		if v, ok := answer[member]; !ok || json.Unmarshal(v, &page) != nil {
			return all, fmt.Errorf("GET /%s: the answer has no list %q but %q, so it is not PagerDuty's; see `url:` of %s",
				path, member, n.Scrub(excerpt(strings.Join(slices.Sorted(maps.Keys(answer)), ", "), 100)), n.Name)
		}
		all = append(all, page...)
		var total int
		if json.Unmarshal(answer["total"], &total) == nil && total > pagerDutyMany {
			return all, errTooMany
		}
		if string(answer["more"]) != "true" {
			return all, nil
		}
		if len(page) == 0 { // "more", and none of them
			return all, fmt.Errorf("GET /%s: the answer at offset %d says that there is more, and has nothing", path, offset)
		}
		q.Del("total")
		offset += len(page)
	}
}

// read is what the readers of exports make of records.
func (n *pagerDutyNight) read(member, name string, all []json.RawMessage, more ...json.RawMessage) record.Batch {
	all = append(all, more...)
	if len(all) == 0 {
		return record.Batch{}
	}
	text := []byte(`{"` + member + `":[`)
	for i, v := range all {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, v...)
	}
	text = append(text, "]}"...)
	b := exports.Read(n.ctx, n.Name, name, text, Files{Tracker: n.Tracker, Tool: pagerDuty}.read)
	for _, t := range b.Tallies {
		n.tally(member, t)
	}
	b.Tallies = nil
	return b
}

// tally adds a part's tally to that of the night.
func (n *pagerDutyNight) tally(part string, t record.Tally) {
	sum := n.tallies[part]
	if sum == nil {
		sum = &record.Tally{Part: part, Kind: t.Kind, Left: map[string]int{}}
		n.tallies[part] = sum
	}
	sum.Read += t.Read
	for why, count := range t.Left {
		if why != "same record twice" { // of two lists
			sum.Left[why] += count
		}
	}
}

// ofServices are the log entries of the services that are meant: that list cannot be asked for by service.
func (n *pagerDutyNight) ofServices(all []json.RawMessage) []json.RawMessage {
	if len(n.Services) == 0 {
		return all
	}
	meant := map[string]bool{}
	for _, id := range n.Services {
		meant[id] = true
	}
	type reference struct {
		ID string `json:"id"`
	}
	kept := all[:0]
	for _, v := range all {
		var e struct {
			Service  reference `json:"service"`
			Incident struct {
				Service reference `json:"service"`
			} `json:"incident"`
		}
		if json.Unmarshal(v, &e) != nil || meant[cmp.Or(e.Incident.Service.ID, e.Service.ID)] {
			kept = append(kept, v) // what cannot be read is said where it is read
		}
	}
	return kept
}

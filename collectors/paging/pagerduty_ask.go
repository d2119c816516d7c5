package paging

// PagerDuty as a live source: asking, and reading what is answered.

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// pagerDutyPage is how many records an answer may have ("cannot exceed 100", developer.pagerduty.com/docs).
const pagerDutyPage = 100

// errTooMany is a list that is longer than can be read by offset.
var errTooMany = errors.New("PagerDuty lists no more than 10,000 at a time")

// pagerDutyAdvice is what to do about an answer that is none, by its status.
var pagerDutyAdvice = map[int]string{
	http.StatusUnauthorized: "the key is wrong or was taken back; make a read-only one under Integrations > API Access Keys",
	http.StatusForbidden:    "the key may not read this; make a read-only key of the account, or give its user the role of an observer",
	http.StatusNotFound:     "it is not there, or the key may not see it",
}

func (l *PagerDutyLive) converse() conversation {
	root := strings.TrimSuffix(cmp.Or(l.URL, "https://api.pagerduty.com"), "/") + "/"
	return conversation{root: root, http: l.HTTP, advice: pagerDutyAdvice,
		header: http.Header{"Accept": {"application/vnd.pagerduty+json;version=2"}}}
}

// answer is the members of one answer.
func (n *pagerDutyNight) answer(path string, q url.Values) (map[string]json.RawMessage, error) {
	v, err := n.ask(n.ctx, path, q)
	if d := (*denial)(nil); errors.As(err, &d) && d.status == http.StatusBadRequest && strings.Contains(strings.ToLower(d.said), "offset") {
		return nil, errTooMany
	}
	if err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(v, &members); err != nil {
		return nil, fmt.Errorf("GET %s%s: the answer is no object of PagerDuty's: it begins %q; see `url:` of %s", n.root, path, n.quote(v, 60), n.Name)
	}
	return members, nil
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
		answer, err := n.answer(path, q)
		if err != nil {
			return all, err
		}
		var page []json.RawMessage
		if v, ok := answer[member]; !ok || json.Unmarshal(v, &page) != nil {
			return all, fmt.Errorf("GET %s%s: the answer has no list %q but %q, so it is not PagerDuty's; see `url:` of %s",
				n.root, path, member, n.quote([]byte(strings.Join(slices.Sorted(maps.Keys(answer)), ", ")), 100), n.Name)
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
			return all, fmt.Errorf("GET %s%s: the answer at offset %d says that there is more, and has nothing", n.root, path, offset)
		}
		q.Del("total")
		offset += len(page)
	}
}

// files is what the answers are read as.
func (l *PagerDutyLive) files() Files {
	return Files{Tracker: l.Tracker, Tool: pagerDuty, Set: exports.Set{Source: l.Name}}
}

// records is what the readers of exports make of records of one kind.
func (n *pagerDutyNight) records(member, name string, all []json.RawMessage) record.Batch {
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
	return n.read(n.ctx, n.files(), member, name, append(text, "]}"...))
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

package paging

// Opsgenie as a live source: the walk over its alerts, from one update to the next.

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// opsgenieListOf are the elements of an answer's list, "data" of Opsgenie and "values" of JSM, and whether there is
// such a list.
func opsgenieListOf(v jsontext.Value) (list []jsontext.Value, next string, ok bool) {
	var a struct {
		Data   *[]jsontext.Value
		Values *[]jsontext.Value
		Paging struct{ Next string }
		Links  struct{ Next string }
	}
	if json.Unmarshal(v, &a) != nil {
		return nil, "", false
	}
	next = cmp.Or(a.Paging.Next, a.Links.Next)
	switch {
	case a.Data != nil:
		return *a.Data, next, true
	case a.Values != nil:
		return *a.Values, next, true
	}
	return nil, "", false
}

// opsgenieEntry is what the walk itself has to know of an alert.
type opsgenieEntry struct {
	ID           string
	Status       string
	Acknowledged bool
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Report       struct {
		AckTime   json.Number
		CloseTime json.Number
	}
}

// alerts walks over the alerts in the order of their updates.
func (w *opsgenieWalk) alerts() error {
	path := w.path("alerts")
	from := max(w.cursor.Updated.Add(-opsgenieOverlap), 0)
	offset, most, met := 0, 0, 0 // most is the longest list so far, met the alerts that were new at this from
	seen := map[string]bool{}    // the alerts of the update from
	for {
		q := url.Values{"sort": {"updatedAt"}, "order": {"asc"}, w.size(): {strconv.Itoa(opsgenieAtOnce)}, "offset": {strconv.Itoa(offset)}}
		if s := w.since(from); s != "" {
			q.Set("query", s)
		}
		v, err := w.question(path, q)
		if err != nil {
			return err
		}
		list, _, ok := opsgenieListOf(v)
		if !ok {
			return fmt.Errorf("GET %s%s: the answer is no list of alerts: it begins %q; see that `url:` is the API's", w.root, path, w.quote(v, 60))
		}
		body, last, fresh, err := w.fresh(list, from, seen)
		if err != nil {
			return err
		}
		most = max(most, len(list))
		if len(list) == 0 || fresh == 0 && len(list) < most {
			return nil
		}
		b := w.read(w.ctx, w.files(), "alerts", "alerts", body)
		b.Gaps, w.notes = append(b.Gaps, w.notes...), nil
		met += fresh
		w.done += fresh
		w.cursor.Updated = max(w.cursor.Updated, min(last, w.began))
		offset += len(list)
		switch {
		case last > from:
			from, offset, met = last, 0, 0
		case offset+opsgenieAtOnce > cmp.Or(w.most, opsgenieLimit) && met == 0:
			return fmt.Errorf("GET %s%s: the service answers alerts from before those that were asked for (%s); nothing beyond them can be reached", w.root, path, w.since(from))
		case offset+opsgenieAtOnce > cmp.Or(w.most, opsgenieLimit): // that many in one millisecond
			b.Gaps = append(b.Gaps, record.Gap{Source: w.Name, At: w.clock(), What: fmt.Sprintf("alerts updated at %s after the %dth", from, offset), Why: "Opsgenie lists no more, and they were all updated at once"})
			from, offset, met = from.Add(time.Millisecond), 0, 0
		}
		if fresh == 0 {
			continue
		}
		if err := w.send(b); err != nil {
			return err
		}
	}
}

// since is the query of what was updated at or after an instant; "" is everything.
func (w *opsgenieWalk) since(at record.Instant) string {
	query := strings.TrimSpace(w.Query)
	if at == 0 {
		return query
	}
	since := fmt.Sprintf("updatedAt >= %d", at.Time().UnixMilli())
	if query != "" {
		return "(" + query + ") AND " + since
	}
	return since
}

// fresh is an answer with what of the list was not on the page before, and with logs where they are needed.
// It notes in seen the alerts of the last update of the list, which is where the next question begins. What
// is older than what was asked for, as where a service compares by the second, was handed on before.
func (w *opsgenieWalk) fresh(list []jsontext.Value, from record.Instant, seen map[string]bool) (body []byte, last record.Instant, n int, err error) {
	body = []byte(`{"data":[`)
	last = from
	var before record.Instant
	for _, v := range list {
		var e opsgenieEntry
		if json.Unmarshal(v, &e) != nil {
			e = opsgenieEntry{} // the reader says what is wrong with it
		}
		at := record.At(e.UpdatedAt)
		if at != 0 && at < before {
			return nil, 0, 0, fmt.Errorf("GET %s%s: alert %s was updated at %s, and is listed after one of %s: the service does not list alerts in the order of their updates, so that nobody can tell which are missing", w.root, w.path("alerts"), e.ID, at, before)
		}
		before = max(before, at)
		if at != 0 && at < from {
			continue
		}
		if at > last {
			last = at
			clear(seen)
		}
		key := cmp.Or(e.ID, string(v))
		if seen[key] {
			continue
		}
		seen[key] = true
		if e.ID != "" && w.lacks(e) {
			if v, err = w.withLog(v, e.ID); err != nil {
				return nil, 0, 0, err
			}
		}
		if n++; n > 1 {
			body = append(body, ',')
		}
		body = append(body, v...)
	}
	return append(body, "]}"...), last, n, nil
}

// lacks says whether the alert's log has to be asked for.
func (w *opsgenieWalk) lacks(e opsgenieEntry) bool {
	closed := strings.EqualFold(e.Status, "closed")
	lacks := w.Logs || e.Acknowledged && e.Report.AckTime == "" || closed && e.Report.CloseTime == ""
	if lacks && record.At(e.CreatedAt) < w.began.Add(-opsgenieLogsFor) {
		if !w.Logs || closed && e.Report.CloseTime == "" {
			w.unlogged++
		}
		return false
	}
	return lacks
}

// withLog is an alert with its log in it. A log that the service refuses is done without.
func (w *opsgenieWalk) withLog(alert jsontext.Value, id string) (jsontext.Value, error) {
	var logs []jsontext.Value
	offset := ""
	for n := 0; ; n++ {
		if n == opsgenieLogMost {
			w.notes = append(w.notes, record.Gap{Source: w.Name, At: w.clock(), What: fmt.Sprintf("what happened to alert %s after the %dth entry of its log", id, len(logs)), Why: fmt.Sprintf("no more than %d answers are asked for one log", opsgenieLogMost)})
			break
		}
		q := url.Values{"order": {"asc"}, "direction": {"next"}, w.size(): {strconv.Itoa(opsgenieAtOnce)}}
		if offset != "" {
			q.Set("offset", offset)
		}
		v, err := w.question(w.path("alerts/"+url.PathEscape(id)+"/logs"), q)
		if denied := (*denial)(nil); errors.As(err, &denied) && denied.status != http.StatusUnauthorized {
			break // the reader doubts what the alert then does not tell
		}
		if err != nil {
			return nil, err
		}
		list, _, _ := opsgenieListOf(v)
		logs = append(logs, list...)
		var end struct{ Offset string }
		if len(list) < opsgenieAtOnce || json.Unmarshal(list[len(list)-1], &end) != nil || end.Offset == "" || end.Offset == offset {
			break
		}
		offset = end.Offset
	}
	if len(logs) == 0 {
		return alert, nil
	}
	with := append([]byte{}, alert[:strings.LastIndexByte(string(alert), '}')]...)
	with = append(with, `,"logs":[`...)
	for i, v := range logs {
		if i > 0 {
			with = append(with, ',')
		}
		with = append(with, v...)
	}
	return append(with, "]}"...), nil
}

package paging

// Opsgenie's API and that of JSM's operations as a source: alerts in the order of their updates, and the
// timelines of all schedules.
//
// Documented at docs.opsgenie.com/docs/alert-api (List Alerts: query, sort, order, offset, limit up to 100)
// and developer.atlassian.com/cloud/jira/service-desk-ops (List alerts: the same, with size for limit).
// Written to them; no service was at hand. Unconfirmed: that `updatedAt >= 1700000000000` in query compares
// to the millisecond (one that is coarser costs a few alerts read twice), and that updatedAt is among the
// names of sort (an answer in another order is an error, and nothing is taken for complete by it).
//
// A walk goes from one update to the next: each question asks for what was updated since the last alert of
// the answer before, so that alerts that move while it is read are met again and none is skipped, and no
// list comes near the 20,000 that Opsgenie ends at. Only alerts of one and the same millisecond are paged by
// offset. A night begins ten minutes before the last update seen, since an index follows later. What is
// deleted in Opsgenie is not seen, and stays.
//
// What it costs: a request for every 100 alerts updated since the last night, and one more; two for each
// enabled schedule and its timeline. An alert's log is a request of its own. It is asked for where the list
// does not say when an alert was acknowledged or closed, which is all of JSM's and none of Opsgenie's, of
// alerts of the last 90 days; Logs asks for every alert's, which tells escalations, too.

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
	"github.com/go-json-experiment/json/jsontext"
)

// OpsgenieLive is the API as a source.
type OpsgenieLive struct {
	Name    string // in firebreak.yaml
	Tracker string // the name that the records carry

	// URL is the API's address: "https://api.opsgenie.com", "https://api.eu.opsgenie.com", or
	// "https://api.atlassian.com/jsm/ops/api/<cloudId>" of JSM, whose HTTP has to authorise with e-mail
	// address and API token where Opsgenie's does with "GenieKey " and the key of an API integration.
	URL string

	Query string // which alerts, in Opsgenie's search syntax: "teams: orders"; "" is all that the key may see
	Logs  bool   // ask for the log of every alert: a request each
	HTTP  *transport.Transport

	most int // alerts that a list goes to; 0 is opsgenieLimit. A test of its end need not list so many
}

const (
	opsgenieOverlap = 10 * time.Minute
	opsgenieAtOnce  = 100
	opsgenieLogsFor = 90 * 24 * time.Hour // older alerts are told without their logs
	opsgenieLogMost = 20                  // answers of one alert's log

	// The timelines asked for.
	opsgenieBack  = 90 * 24 * time.Hour
	opsgenieWeeks = 22 // 154 days: 90 back, 60 ahead
)

// opsgenieCursor is where the source resumes.
type opsgenieCursor struct {
	Reading string         `json:"reading"` // what decides how alerts are read; another begins anew
	Updated record.Instant `json:"updated,omitempty"`

	// Shifts told so far, with their beginning.
	Shifts map[string]record.Instant `json:"shifts,omitempty"`
}

// jsm says whether it is JSM's API, whose paths and parameters differ.
func (l *OpsgenieLive) jsm() bool { return strings.Contains(l.URL, "/jsm/ops/") }

func (l *OpsgenieLive) reading() string {
	return fmt.Sprintf("opsgenie-live/1 %s %s %q %t", version, l.Tracker, l.Query, l.Logs)
}

// Check says what is wrong with the settings, before anything is asked.
func (l *OpsgenieLive) Check() error {
	u, err := url.Parse(l.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("the url of %s is no address of an API; write https://api.opsgenie.com, https://api.eu.opsgenie.com or https://api.atlassian.com/jsm/ops/api/<cloudId>", l.Name)
	case u.User != nil:
		return fmt.Errorf("the url of %s holds a user or a password; take it out, and name the variable that holds the key in `token_env:`", l.Name)
	case u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("the url of %s has something after the path (? or #); write the API's address alone", l.Name)
	case u.Host == "api.atlassian.com" && !l.jsm():
		return fmt.Errorf("the url of %s is no address of JSM's operations; write https://api.atlassian.com/jsm/ops/api/<cloudId>", l.Name)
	case l.HTTP == nil:
		return fmt.Errorf("%s has no transport", l.Name)
	}
	return nil
}

// Spent is what the source has cost so far.
func (l *OpsgenieLive) Spent() record.Spent {
	attempts, waited := l.HTTP.Spent()
	return record.Spent{Requests: attempts, Waited: waited}
}

// Skew is how far the service's clock is ahead of this machine's.
func (l *OpsgenieLive) Skew() (ahead time.Duration, known bool) { return l.HTTP.Skew() }

// Scrub is a text without what the authorisation sends.
func (l *OpsgenieLive) Scrub(text string) string {
	if l.HTTP == nil {
		return text
	}
	return l.HTTP.Scrub(text)
}

// Fetch yields the shifts of the schedules, and the alerts updated since, a batch for each answer with the
// cursor it reaches. Schedules that the key may not read are a gap; an error ends the walk, and what was
// yielded stays true.
func (l *OpsgenieLive) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	return func(yield func(record.Batch, error) bool) {
		w := &opsgenieWalk{OpsgenieLive: l, ctx: ctx, yield: yield}
		if err := cmp.Or(w.run(since), ctx.Err()); err != nil && !w.declined {
			yield(record.Batch{}, err)
		}
	}
}

// opsgenieWalk is one call of Fetch.
type opsgenieWalk struct {
	*OpsgenieLive
	conversation
	ctx      context.Context
	yield    func(record.Batch, error) bool
	declined bool
	cursor   opsgenieCursor
	began    record.Instant // the service's clock at the first answer
	done     int
	unlogged int          // alerts whose log was not asked for, as they are too old
	notes    []record.Gap // of logs that were not read to their end, for the next batch
}

func (l *OpsgenieLive) converse() conversation {
	advice := map[int]string{
		http.StatusUnauthorized:        "the key is wrong or was deleted: make an API integration in Opsgenie under Settings, Integrations, and give its key",
		http.StatusForbidden:           "the key may not do this: give its integration the right to read, and for schedules to access configurations",
		http.StatusUnprocessableEntity: "the service does not understand the question: see `query:`, which is in Opsgenie's search syntax, and that the address is that of the account's region",
		http.StatusNotFound:            "there is no such thing at this address: see that `url:` is the API's",
	}
	if l.jsm() {
		advice[http.StatusUnauthorized] = "the e-mail address or the API token is wrong, or the token has expired: make one at https://id.atlassian.com/manage-profile/security/api-tokens"
		advice[http.StatusForbidden] = "the account may not do this: it needs access to Jira Service Management's operations, and a token with scopes read:ops-alert and read:ops-config"
		advice[http.StatusNotFound] = "there is no such thing at this address: see that `url:` ends in the site's cloud id, which https://<site>/_edge/tenant_info tells"
	}
	return conversation{root: strings.TrimRight(l.URL, "/") + "/", http: l.HTTP, advice: advice}
}

// path is a path of the API, whose versions differ.
func (l *OpsgenieLive) path(rest string) string {
	if l.jsm() {
		return "v1/" + rest
	}
	return "v2/" + rest
}

// size is the name of the parameter that says how many to answer.
func (l *OpsgenieLive) size() string {
	if l.jsm() {
		return "size"
	}
	return "limit"
}

func (w *opsgenieWalk) run(since record.Cursor) error {
	if err := w.Check(); err != nil {
		return err
	}
	if json.Unmarshal([]byte(since), &w.cursor) != nil || w.cursor.Reading != w.reading() {
		w.cursor = opsgenieCursor{Reading: w.reading(), Shifts: w.cursor.Shifts}
	}
	w.conversation = w.converse()
	if err := w.schedules(); err != nil {
		return err
	}
	if err := w.alerts(); err != nil {
		return err
	}
	last := record.Batch{Horizon: w.began, Tallies: w.tallies()}
	if w.unlogged > 0 {
		last.Gaps = append(last.Gaps, record.Gap{Source: w.Name, At: w.clock(), What: fmt.Sprintf("when %d alerts from before %s were acknowledged and closed", w.unlogged, w.began.Add(-opsgenieLogsFor).Time().Format(time.DateOnly)),
			Why: "the list does not say it, and the logs of alerts that are older than 90 days are not asked for"})
	}
	return w.send(last)
}

// files is what the answers are read as.
func (l *OpsgenieLive) files() Files {
	return Files{Tracker: l.Tracker, Tool: "opsgenie", Set: exports.Set{Source: l.Name}}
}

// send yields a batch with the cursor reached.
func (w *opsgenieWalk) send(b record.Batch) error {
	c, err := json.Marshal(w.cursor)
	if err != nil {
		return err
	}
	b.Cursor, b.Done = record.Cursor(c), w.done
	if !w.yield(b, nil) {
		w.declined = true
		return errDeclined
	}
	return w.ctx.Err()
}

// question asks, and notes when the run began.
func (w *opsgenieWalk) question(path string, query url.Values) (jsontext.Value, error) {
	v, err := w.ask(w.ctx, path, query)
	w.began = cmp.Or(w.began, w.clock())
	return v, err
}

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

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
	"fmt"
	"iter"
	"net/http"
	"net/url"
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

package paging

// PagerDuty as a live source: what its REST API answers, read by the readers of its exports.
//
// A night asks, in this order:
//
//   - GET /incidents that are open, of any age: what a person looks at first, and the service's clock;
//   - in windows from the newest thing that the nights before were told, oldest first, GET /incidents that
//     were created in it and GET /log_entries of it with their incidents, so that one which was acknowledged,
//     resolved, merged or reopened comes again, however old it is. A window is a batch with its cursor;
//   - each incident that was open the last time, is not now, and was in no window: its log was lost;
//   - GET /oncalls of these weeks for who is on which level, and of each schedule in them GET
//     /schedules/{id} with its final_schedule, 90 days back and 60 ahead. A shift that was told before and
//     is no more has been overridden: it is told to end where it begins, which is no shift.
//
// How far the nights before came is told by the newest incident or log entry, never by a clock alone. So an
// account in which nothing happens is asked again for the time since: two requests for a fortnight.
//
// The first collection goes back to Since, or eighteen months: enough for a year's comparison, and some
// two hundred requests of a quiet account. It is written to PagerDuty's API description
// (github.com/PagerDuty/api-schema, reference/REST) and developer.pagerduty.com/docs; no live account was
// at hand. Unconfirmed are therefore: whether since and until of a list belong to the period (each window
// begins a second early); whether include[]=incidents gives incidents whole (the list of incidents is asked
// as well); include[]=external_references, which the description does not have and programs use; and how
// late a list is (each night begins six hours before the newest thing that is known).

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// PagerDutyLive is an account of PagerDuty as a source.
type PagerDutyLive struct {
	Name    string // in firebreak.yaml
	Tracker string // the name that the records carry

	URL      string         // "" is https://api.pagerduty.com; accounts in Europe: https://api.eu.pagerduty.com
	Services []string       // ids of the services whose incidents are meant; none is all that the key may read
	Teams    []string       // ids of teams, likewise
	Since    record.Instant // how far back the first collection goes; 0 is eighteen months
	HTTP     *transport.Transport
}

// How far a night looks.
const (
	pagerDutyBack    = 548 * 24 * time.Hour // of the first collection: eighteen months
	pagerDutyOverlap = 6 * time.Hour        // before the newest thing that is known
	pagerDutyWindow  = 14 * 24 * time.Hour  // of one list; the API allows six months of incidents
	pagerDutyPast    = 90 * 24 * time.Hour  // of shifts
	pagerDutyAhead   = 60 * 24 * time.Hour  // of shifts; the API knows ninety days
	pagerDutyLevels  = 14 * 24 * time.Hour  // around now, for who is on which level
)

// pagerDutyMany is how many records a window may have before it is halved: the API gives no more than
// pagerDutyOffset, and a window is in memory as a whole.
const pagerDutyMany = 2_500

// Fetch yields what happened since; see the file's comment. An error ends it, and what was yielded stands;
// shifts that cannot be read are a gap.
func (l *PagerDutyLive) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	return func(yield func(record.Batch, error) bool) {
		n := &pagerDutyNight{PagerDutyLive: l, ctx: ctx, yield: yield, conversation: l.converse(), seen: map[string]bool{}}
		n.cursor.load(since, l)
		if err := cmp.Or(n.run(), ctx.Err()); err != nil && !n.declined {
			yield(record.Batch{}, err)
		}
	}
}

// Spent is what the source has cost so far.
func (l *PagerDutyLive) Spent() record.Spent {
	attempts, waited := l.HTTP.Spent()
	return record.Spent{Requests: attempts, Waited: waited}
}

// Skew is how far the service's clock is ahead of this machine's.
func (l *PagerDutyLive) Skew() (ahead time.Duration, known bool) { return l.HTTP.Skew() }

// Scrub is a text without the key.
func (l *PagerDutyLive) Scrub(text string) string { return l.HTTP.Scrub(text) }

// pagerDutyCursor is where the next night goes on.
type pagerDutyCursor struct {
	Version   string                    `json:"version"`
	Asked     string                    `json:"asked"`               // what for; another is the beginning
	Watermark record.Instant            `json:"watermark,omitempty"` // the newest thing told so far
	Open      []string                  `json:"open,omitempty"`      // incidents that were open
	Shifts    map[string]record.Instant `json:"shifts,omitempty"`    // told so far, with their beginning
}

// pagerDutyVersion is of cursors, and of how answers are read: another is the beginning.
const pagerDutyVersion = "pagerduty-live/1"

// load reads what save wrote; anything else is the beginning, and everything is read again and merges.
func (c *pagerDutyCursor) load(from record.Cursor, l *PagerDutyLive) {
	asked := fmt.Sprintf("%s %q %q %s", l.Tracker, slices.Sorted(slices.Values(l.Services)), slices.Sorted(slices.Values(l.Teams)), l.Since)
	if json.Unmarshal([]byte(from), c) != nil || c.Version != pagerDutyVersion || c.Asked != asked {
		*c = pagerDutyCursor{Version: pagerDutyVersion, Asked: asked}
	}
	if c.Shifts == nil {
		c.Shifts = map[string]record.Instant{}
	}
}

func (c *pagerDutyCursor) save() record.Cursor {
	b, err := json.Marshal(c) // sorts its keys; nothing in it can fail
	if err != nil {
		return ""
	}
	return record.Cursor(b)
}

// pagerDutyNight is one call of Fetch.
type pagerDutyNight struct {
	*PagerDutyLive
	conversation
	ctx      context.Context
	yield    func(record.Batch, error) bool
	declined bool // the consumer wants no more

	cursor pagerDutyCursor
	began  record.Instant // the service's clock at its first answer
	seen   map[string]bool
	notes  record.Batch // doubts and gaps that wait for the next batch
	done   int          // days
	total  int
}

var errDeclined = errors.New("declined")

func (n *pagerDutyNight) run() error {
	open, err := n.openNow()
	if err != nil {
		return err
	}
	if err := n.history(); err != nil {
		return err
	}
	if err := n.lost(open); err != nil {
		return err
	}
	n.cursor.Open = open
	if err := n.shifts(); err != nil {
		return err
	}
	n.notes.Tallies = n.tallies()
	return n.send(record.Batch{Horizon: n.began})
}

// send yields a batch with what waits to be said and the cursor reached.
func (n *pagerDutyNight) send(b record.Batch) error {
	b.Doubts = append(n.notes.Doubts, b.Doubts...)
	b.Gaps = append(n.notes.Gaps, b.Gaps...)
	b.Tallies = n.notes.Tallies
	n.notes = record.Batch{}
	b.Cursor, b.Done, b.Total = n.cursor.save(), n.done, n.total
	if !n.yield(b, nil) {
		n.declined = true
		return errDeclined
	}
	return n.ctx.Err()
}

func (n *pagerDutyNight) gap(what string, err error) {
	n.notes.Gaps = append(n.notes.Gaps, record.Gap{Source: n.Name, At: n.clock(), What: what, Why: err.Error()})
}

// filters are the parameters that say whose incidents are meant.
func (n *pagerDutyNight) filters(q url.Values) url.Values {
	q.Set("time_zone", "UTC")
	for _, id := range n.Teams {
		q.Add("team_ids[]", id)
	}
	return q
}

// incidents are the parameters of a list of incidents.
func (n *pagerDutyNight) incidents(q url.Values) url.Values {
	q["include[]"] = []string{"first_trigger_log_entries", "external_references"}
	for _, id := range n.Services {
		q.Add("service_ids[]", id)
	}
	return n.filters(q)
}

// openNow delivers the incidents that are open, and returns their ids.
func (n *pagerDutyNight) openNow() ([]string, error) {
	all, err := n.list("incidents", n.incidents(url.Values{
		"statuses[]": {"triggered", "acknowledged"}, "date_range": {"all"}, "sort_by": {"created_at:asc"},
	}))
	n.began = n.clock()
	if errors.Is(err, errTooMany) {
		n.gap(fmt.Sprintf("open incidents after the %dth", len(all)), err)
	} else if err != nil {
		return nil, err
	}
	b := n.records("incidents", "open incidents", all)
	var ids []string
	for _, p := range b.Pages {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids), n.send(b)
}

// history delivers what happened since the last night, a window after another.
func (n *pagerDutyNight) history() error {
	from := cmp.Or(n.Since, n.began.Add(-pagerDutyBack))
	if after := n.cursor.Watermark.Add(-pagerDutyOverlap); n.cursor.Watermark != 0 && after < n.began {
		from = after
	} else { // the first night, or one whose watermark has not come yet and means nothing
		n.cursor.Watermark = 0
	}
	first := from
	n.total = days(n.began.Sub(first))
	for step := pagerDutyWindow; from < n.began; {
		to := min(from.Add(step), n.began)
		b, many, err := n.window(from, to, step <= pagerDutyShortest)
		if errors.Is(err, errTooMany) {
			step = max(step/2, pagerDutyShortest)
			continue
		}
		if err != nil {
			return err
		}
		if many < pagerDutyMany/4 {
			step = min(2*step, pagerDutyWindow)
		}
		n.cursor.Watermark = max(n.cursor.Watermark, min(to, newest(b.Pages)))
		n.done = days(to.Sub(first))
		if err := n.send(b); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// newest is the last instant that pages tell of. It is how far a service was surely read, where its clock only
// says so: one wrong Date of next year would otherwise have a year's pages passed over.
func newest(pages []record.Page) (last record.Instant) {
	for _, p := range pages {
		last = max(last, p.Triggered, p.Acked, p.Resolved, p.Updated)
		for _, e := range p.Events {
			last = max(last, e.At)
		}
	}
	return last
}

// pagerDutyShortest is the shortest window. If there is more in it than can be listed, the rest is lost.
const pagerDutyShortest = time.Minute

// days is a length of time in days, begun ones counted.
func days(d time.Duration) int { return int((d + 24*time.Hour - 1) / (24 * time.Hour)) }

// window is what a window holds, and how many records its longer list had. One with too many is
// errTooMany, unless it is the last resort to read it as far as it goes.
func (n *pagerDutyNight) window(from, to record.Instant, last bool) (b record.Batch, many int, err error) {
	period := func(q url.Values) url.Values {
		q.Set("since", from.Add(-time.Second).Time().Format(time.RFC3339))
		q.Set("until", to.Time().Format(time.RFC3339))
		if !last {
			q.Set("total", "true")
		}
		return q
	}
	name := from.Time().Format("2006-01-02 15:04")
	for _, part := range []struct {
		list, what string
		query      url.Values
	}{
		{"incidents", "incidents", n.incidents(url.Values{"sort_by": {"created_at:asc"}})},
		{"log_entries", "log entries", n.filters(url.Values{"include[]": {"incidents"}})},
	} {
		all, err := n.list(part.list, period(part.query))
		if errors.Is(err, errTooMany) && last {
			n.gap(fmt.Sprintf("%s after the %dth from %s to %s", part.what, len(all), from, to), err)
		} else if err != nil {
			return b, 0, err
		}
		many = max(many, len(all))
		if part.list == "log_entries" {
			all = n.ofServices(all)
		}
		got := n.records(part.list, part.what+" from "+name, all)
		b.Pages = append(b.Pages, got.Pages...)
		b.Doubts = append(b.Doubts, got.Doubts...)
		b.Gaps = append(b.Gaps, got.Gaps...)
	}
	for _, p := range b.Pages {
		n.seen[p.ID] = true
	}
	return b, many, nil
}

// lost delivers the incidents that were open the last time, are not any more, and were in no window.
func (n *pagerDutyNight) lost(open []string) error {
	for _, id := range n.cursor.Open {
		if _, still := slices.BinarySearch(open, id); still || n.seen[id] {
			continue
		}
		var b record.Batch
		one, err := n.answer("incidents/"+url.PathEscape(id), n.incidents(url.Values{}))
		if err == nil {
			b = n.records("incidents", "incident "+id, []json.RawMessage{one["incident"]})
			var all []json.RawMessage
			all, err = n.list("incidents/"+url.PathEscape(id)+"/log_entries", url.Values{"time_zone": {"UTC"}})
			got := n.records("log_entries", "log entries of "+id, all)
			b.Pages = append(b.Pages, got.Pages...)
			b.Doubts = append(b.Doubts, got.Doubts...)
			b.Gaps = append(b.Gaps, got.Gaps...)
		}
		if err != nil {
			if n.ctx.Err() != nil {
				return err
			}
			n.gap("what became of the open incident "+id, err)
		}
		if err := n.send(b); err != nil {
			return err
		}
	}
	return nil
}

// An honest source over a tiny service, and flaws that it can have.

package collectortest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// reader reads a tiny. Its flaws are for the tests of the suite.
type reader struct {
	rt    http.RoundTripper
	clock func() record.Instant
	flaw  flaw

	newest record.Instant            // update that was read
	read   map[string]record.Instant // by id, in all nights
}

// flaw is a way in which a source is broken.
type flaw string

func (r *reader) source(delivered func(context.Context, string) ([]string, error)) collectors.Source {
	stream := live.Stream{Name: "all issues", Kind: "tiny", Scope: "all", Reading: "1", Walk: r.walk, Roll: r.roll, Get: r.get}
	clock := r.clock
	switch r.flaw {
	case "drops the roll call":
		stream.Roll = nil
	case "uses this machine's clock":
		clock = func() record.Instant { return record.At(time.Now()) }
	case "believes a date from the future":
		clock = func() record.Instant { return max(r.clock(), r.newest) }
	}
	s := live.Source{Name: "tiny", Tracker: "tiny", Clock: clock, Delivered: delivered,
		Streams: func(context.Context) ([]live.Stream, error) { return []live.Stream{stream}, nil }}
	return s
}

func (r *reader) walk(ctx context.Context, from live.From) iter.Seq2[live.Page, error] {
	return func(yield func(live.Page, error) bool) {
		since, after := from.Since, ""
		if r.flaw == "forgets the overlap" && since != 0 {
			since = since.Add(live.Overlap)
		}
		for n := 0; ; n++ {
			q := url.Values{"since": {since.Time().Format(time.RFC3339)}, "after": {after}}
			if r.flaw == "loses what slips between pages" {
				q = url.Values{"since": {since.Time().Format(time.RFC3339)}, "page": {strconv.Itoa(n)}}
			}
			list, err := r.issues(ctx, q)
			if err != nil {
				if n == 0 || r.flaw != "ignores errors in the middle" {
					yield(live.Page{}, err)
				}
				return
			}
			if len(list) == 0 {
				return
			}
			p := live.Page{}
			for _, is := range list {
				at := record.At(is.Updated)
				p.Seen = append(p.Seen, live.Entry{ID: is.ID, Updated: r.settled(at)})
				p.Through = at
				r.newest = max(r.newest, at)
				if r.flaw == "believes that an instant tells a state" && r.read[is.ID] == at {
					continue
				}
				r.read[is.ID] = at
				if !from.Known(is.ID, at) {
					p.Issues = append(p.Issues, r.record(is))
				}
			}
			if last := list[len(list)-1]; r.flaw != "loses what slips between pages" {
				since, after = record.At(last.Updated), last.ID
			}
			if r.flaw == "goes on after the instant of the last one" {
				since, after = since.Add(time.Second), ""
			}
			if r.flaw == "moves its watermark to now" {
				p.Through = r.clock()
			}
			if !yield(p, nil) || len(list) < tinyPage {
				return
			}
		}
	}
}

// settled is an update that tells the state of an issue: 0 where the same instant may see another.
func (r *reader) settled(at record.Instant) record.Instant {
	if age := r.clock().Sub(at); -breath < age && age < breath {
		return 0
	}
	return at
}

func (r *reader) roll(ctx context.Context) iter.Seq2[[]live.Entry, error] {
	return func(yield func([]live.Entry, error) bool) {
		after := ""
		for n := 0; ; n++ {
			q := url.Values{"after": {after}}
			if r.flaw == "calls the roll by page" {
				q = url.Values{"page": {strconv.Itoa(n)}}
			}
			var answer struct{ IDs *[]string }
			err := r.ask(ctx, "/ids", q, &answer)
			if err == nil && answer.IDs == nil {
				err = fmt.Errorf("GET https://tiny.example/ids: the JSON has no ids; see that the address is right")
			}
			if err != nil {
				yield(nil, err)
				return
			}
			var list []live.Entry
			for _, id := range *answer.IDs {
				list = append(list, live.Entry{ID: id})
				after = id
			}
			if !yield(list, nil) || len(list) < tinyRoll {
				return
			}
		}
	}
}

func (r *reader) get(ctx context.Context, entries []live.Entry) iter.Seq2[live.Page, error] {
	return func(yield func(live.Page, error) bool) {
		for few := range slices.Chunk(entries, tinyPage) {
			var ids []string
			for _, e := range few {
				ids = append(ids, e.ID)
			}
			list, err := r.issues(ctx, url.Values{"ids": {strings.Join(ids, ",")}})
			var p live.Page
			if r.flaw == "leaves out whom the roll call finds" {
				list = nil
			}
			for _, is := range list {
				p.Seen = append(p.Seen, live.Entry{ID: is.ID, Updated: record.At(is.Updated)})
				p.Issues = append(p.Issues, r.record(is))
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

func (r *reader) issues(ctx context.Context, q url.Values) ([]tinyIssue, error) {
	var answer struct{ Issues *[]tinyIssue }
	err := r.ask(ctx, "/issues", q, &answer)
	if r.flaw == "takes garbage for nothing" && (err == nil || strings.Contains(err.Error(), "JSON")) {
		if answer.Issues == nil {
			return nil, nil
		}
		return *answer.Issues, nil
	}
	if err == nil && answer.Issues == nil {
		err = fmt.Errorf("GET https://tiny.example/issues: the JSON has no issues; see that the address is right")
	}
	if err != nil {
		return nil, err
	}
	return *answer.Issues, nil
}

func (r *reader) ask(ctx context.Context, path string, q url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://tiny.example"+path+"?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	resp, err := r.rt.RoundTrip(req)
	if err != nil {
		return err // the transport's, which says it all
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return fmt.Errorf("GET %s: %w; run again", req.URL, err)
	case resp.StatusCode != http.StatusOK && r.flaw == "tells the token":
		return fmt.Errorf("GET %s: %s with the token %s; renew it", req.URL, resp.Status, Token)
	case resp.StatusCode != http.StatusOK && r.flaw == "quotes what refuses it":
		return fmt.Errorf("GET %s: %s: %s; see that the token is right", req.URL, resp.Status, body)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("GET %s: %s; see that the token is right", req.URL, resp.Status)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("GET %s: the answer is no JSON (%v) but %q; see that the address is right", req.URL, err, body[:min(len(body), 40)])
	}
	return nil
}

func (r *reader) record(is tinyIssue) record.Issue {
	rec := record.Issue{
		Ref:       record.Ref{Tracker: "tiny", ID: is.ID},
		Copies:    []record.Copy{{Parts: record.HasCore, Key: "TINY-" + is.ID, Updated: record.At(is.Updated)}},
		HistoryTo: r.clock(),
	}
	for _, c := range is.History {
		rec.Changes = append(rec.Changes, record.Change{ID: c.ID, At: record.At(c.At), Field: record.FieldStatus, To: c.To})
	}
	if r.flaw == "numbers all changes alike" {
		for i := range rec.Changes {
			rec.Changes[i].ID = "1"
		}
	}
	if r.flaw == "reads only the latest of a history" {
		rec.Changes = rec.Changes[max(0, len(rec.Changes)-1):]
	}
	return rec
}

func tinyLive(f flaw) Live {
	read := map[string]record.Instant{}
	return Live{
		New: func(testing.TB) Service {
			clear(read)
			return newTiny()
		},
		Source: func(t testing.TB, s Service, rt http.RoundTripper, delivered func(context.Context, string) ([]string, error)) collectors.Source {
			r := &reader{flaw: f, read: read}
			r.rt, r.clock = patient(t, rt, f)
			return r.source(delivered)
		},
		Faults: append(GitHubLimits(), JiraLimits()...),
	}
}

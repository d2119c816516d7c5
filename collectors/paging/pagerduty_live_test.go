package paging

// A live PagerDuty, held against one that was written apart from this package.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/collectortest/fakepager"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var (
	_ collectors.Source   = (*PagerDutyLive)(nil)
	_ collectors.Metered  = (*PagerDutyLive)(nil)
	_ collectors.Timed    = (*PagerDutyLive)(nil)
	_ collectors.Discreet = (*PagerDutyLive)(nil)
)

// home is where pages and shifts are kept, as a ledger does.
type home struct {
	account *fakepager.Account
	wire    http.RoundTripper
	set     func(*PagerDutyLive)

	pages   map[string]record.Page
	shifts  map[string]record.Shift
	cursor  record.Cursor
	horizon record.Instant
	said    strings.Builder // doubts and gaps of the last night
	spent   int
	batches int
}

func newHome(o fakepager.Options) *home {
	o.Token = collectortest.Token
	h := &home{account: fakepager.New(o), pages: map[string]record.Page{}, shifts: map[string]record.Shift{}}
	h.wire = collectortest.Wire(h.account)
	if o.Span != 0 { // a short history makes for few windows, and many trials
		since := record.At(h.account.Now().Add(-o.Span - 24*time.Hour))
		h.set = func(l *PagerDutyLive) { l.Since = since }
	}
	return h
}

const month = 31 * 24 * time.Hour

func (h *home) live(t testing.TB) *PagerDutyLive {
	tr, err := transport.New(transport.Options{
		Service: "pager", Origin: "https://api.pagerduty.com", Auth: transport.Keyed("Token token=", collectortest.Token),
		Base: h.wire, Agent: "firebreak/test", Pace: 1e7,
	})
	if err != nil {
		t.Fatal(err)
	}
	l := &PagerDutyLive{Name: "pager", Tracker: "pager", HTTP: tr}
	if h.set != nil {
		h.set(l)
	}
	return l
}

// night collects, at most so many batches, and returns how it ended.
func (h *home) night(t testing.TB, most int) error {
	l := h.live(t)
	h.said.Reset()
	h.batches = 0
	for b, err := range l.Fetch(context.Background(), h.cursor) {
		h.spent = l.Spent().Requests
		if err != nil {
			return err
		}
		if h.batches == most {
			return errors.New("cut")
		}
		h.batches++
		for _, p := range b.Pages {
			h.pages[p.ID] = record.MergePages(h.pages[p.ID], p)
		}
		for _, s := range b.Shifts {
			h.shifts[s.ID] = record.MergeShifts(h.shifts[s.ID], s)
		}
		for _, d := range b.Doubts {
			fmt.Fprintln(&h.said, "doubt", d)
		}
		for _, g := range b.Gaps {
			fmt.Fprintln(&h.said, "gap", g.What, g.Why)
		}
		h.cursor, h.horizon = b.Cursor, max(h.horizon, b.Horizon)
		if strings.Contains(string(b.Cursor)+h.said.String(), collectortest.Token) {
			t.Error("the key is told")
		}
	}
	return nil
}

func (h *home) good(t testing.TB) {
	t.Helper()
	if err := h.night(t, -1); err != nil {
		t.Fatal(err)
	}
	if h.said.Len() > 0 {
		t.Fatal(h.said.String())
	}
}

// current complains where what is kept is not what there is.
func (h *home) current(t interface {
	Helper()
	Errorf(string, ...any)
}, left ...string) {
	t.Helper()
	truth := h.account.Truth()
	for id, want := range truth {
		if slices.Contains(left, id) {
			continue
		}
		p, ok := h.pages[id]
		if !ok {
			t.Errorf("incident %s was lost", id)
			continue
		}
		if p.Resolved != at(want.Resolved) || p.Triggered != record.At(want.Triggered) || p.Acked != at(want.Acked) {
			t.Errorf("%s: triggered %s, acknowledged %s, resolved %s; want %s", id, p.Triggered, p.Acked, p.Resolved, fmt.Sprint(want))
		}
		if want.By != "" && !slices.ContainsFunc(p.AckedBy, func(w record.Person) bool { return w.Account == want.By }) {
			t.Errorf("%s was acknowledged by %v; want %s", id, p.AckedBy, want.By)
		}
		if p.MergedInto != want.MergedInto || len(p.Events) != want.Entries || p.Origin == "" {
			t.Errorf("%s: %d events, merged into %q, raised by %q; want %d, %q", id, len(p.Events), p.MergedInto, p.Origin, want.Entries, want.MergedInto)
		}
	}
	if len(h.pages) != len(truth) {
		t.Errorf("%d pages; want %d", len(h.pages), len(truth))
	}
}

func at(t time.Time) record.Instant {
	if t.IsZero() {
		return 0
	}
	return record.At(t)
}

// bubble has f happen where waiting takes no time, and the machine's clock is the account's.
func bubble(t *testing.T, o fakepager.Options, f func(t *testing.T, h *home)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o.Now = time.Now().Add(26 * 365 * 24 * time.Hour).Truncate(time.Second)
		o.Seed = 7
		f(t, newHome(o))
	})
}

func TestAFirstCollectionBringsAllThereIsAndANightWhatChanged(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 400}, func(t *testing.T, h *home) {
		h.good(t)
		h.current(t)
		first := h.spent
		if h.horizon != record.At(h.account.Now()) || h.batches < 20 {
			t.Errorf("it speaks up to %s, in %d batches", h.horizon, h.batches)
		}
		for range 3 {
			h.account.Advance(24 * time.Hour)
			h.good(t)
			h.current(t)
		}
		if h.spent > 10 {
			t.Errorf("a night without change takes %d requests; the first collection took %d", h.spent, first)
		}
		h.account.Add(20)
		h.account.Change(150)
		h.account.Advance(24 * time.Hour)
		h.good(t)
		h.current(t)
		t.Logf("the first collection takes %d requests, a night %d", first, h.spent)
	})
}

func TestAWindowWithTooManyIsHalved(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 50}, func(t *testing.T, h *home) {
		for range 3 {
			h.account.Add(700)
			h.account.Advance(26 * time.Hour)
		}
		h.good(t)
		h.current(t)
	})
}

func TestWhatCannotBeListedAtAllIsAGap(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 5, Ceiling: 300}, func(t *testing.T, h *home) {
		h.account.Burst(400)
		h.account.Advance(time.Hour)
		if err := h.night(t, -1); err != nil {
			t.Fatal(err)
		}
		if said := h.said.String(); !strings.Contains(said, "gap log entries after the 300th") {
			t.Errorf("said %q", said)
		}
	})
}

func TestAnOpenIncidentWhoseLogIsLostIsAskedFor(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 60}, func(t *testing.T, h *home) {
		h.good(t)
		id := h.account.ResolveSilently()
		h.account.Advance(24 * time.Hour)
		h.good(t)
		h.current(t)
		if h.pages[id].Resolved == 0 {
			t.Error("its end is not known")
		}
	})
}

// wire is a way to a service.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

// TestAClockThatWasOnceWrongLosesNothing: the first answer's Date is ahead, all others are right.
func TestAClockThatWasOnceWrongLosesNothing(t *testing.T) {
	for _, ahead := range []time.Duration{20 * time.Hour, 48 * time.Hour, 12 * 365 * 24 * time.Hour} {
		bubble(t, fakepager.Options{Incidents: 30, Span: month}, func(t *testing.T, h *home) {
			h.wire = &collectortest.Faults{Next: collectortest.Wire(h.account), Now: h.account.Now, On: func(n int, _ *http.Request) (collectortest.Fault, bool) {
				return collectortest.Fault{Answer: func(now time.Time, r *http.Request, next http.RoundTripper) (*http.Response, error) {
					resp, err := next.RoundTrip(r)
					if err == nil {
						resp.Header.Set("Date", now.Add(ahead).UTC().Format(http.TimeFormat))
					}
					return resp, err
				}}, n == 1
			}}
			if err := h.night(t, -1); err != nil { // which may well say that nobody knows who is on call then
				t.Fatal(err)
			}
			for range 3 {
				h.account.Advance(time.Hour)
				h.account.Add(2)
				h.account.Change(40)
				h.account.Advance(23 * time.Hour)
				h.good(t)
				h.current(t)
			}
		})
	}
}

// TestANightBeginsSixHoursBeforeTheNewestThingKnown, as lists may be late.
func TestANightBeginsSixHoursBeforeTheNewestThingKnown(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 30, Span: month}, func(t *testing.T, h *home) {
		h.account.Add(1)
		known := h.account.Now()
		h.account.Advance(time.Hour)
		h.good(t)
		h.account.Advance(24 * time.Hour)
		var since []string
		next := h.wire
		h.wire = wire(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/log_entries") {
				since = append(since, r.URL.Query().Get("since"))
			}
			return next.RoundTrip(r)
		})
		h.good(t)
		begun, err := time.Parse(time.RFC3339, slices.Min(since))
		if early := known.Sub(begun); err != nil || early < 6*time.Hour || early > 7*time.Hour {
			t.Errorf("it begins at %v, which is %s early", since, early)
		}
	})
}

// TestALostLogThatHasAGapSaysSo: what the log's reader misses is told.
func TestALostLogThatHasAGapSaysSo(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 60}, func(t *testing.T, h *home) {
		h.good(t)
		id := h.account.ResolveSilently()
		h.account.Advance(24 * time.Hour)
		next := h.wire
		h.wire = wire(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/incidents/"+id+"/log_entries" {
				return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1, Request: r, Body: io.NopCloser(strings.NewReader(`{"log_entries":[{"id":"R1"}],"more":false}`))}, nil
			}
			return next.RoundTrip(r)
		})
		if err := h.night(t, -1); err != nil {
			t.Fatal(err)
		}
		if said := h.said.String(); !strings.Contains(said, "gap everything in log entries of "+id) {
			t.Errorf("said %q", said)
		}
	})
}

func TestANightThatIsCutGoesOn(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 120}, func(t *testing.T, h *home) {
		for cut := range 12 {
			if err := h.night(t, 1+cut); err == nil && cut < 3 {
				t.Fatal("not cut")
			}
		}
		h.good(t)
		h.current(t)
	})
}

func TestAServiceThatGoesAwayLeavesWhatWasRead(t *testing.T) {
	for _, f := range collectortest.EveryFault() {
		bubble(t, fakepager.Options{Incidents: 60, Span: month}, func(t *testing.T, h *home) {
			h.wire = &collectortest.Faults{Next: collectortest.Wire(h.account), Now: h.account.Now, On: func(n int, _ *http.Request) (collectortest.Fault, bool) { return f, n > 3 }}
			err := h.night(t, -1)
			if err == nil {
				t.Fatalf("%s: no error", f.Name)
			}
			said := strings.ToLower(err.Error())
			if h.batches == 0 || !slices.ContainsFunc(f.Says, func(w string) bool { return strings.Contains(said, strings.ToLower(w)) }) {
				t.Errorf("%s: %d batches, then %v", f.Name, h.batches, err)
			}
			if strings.Contains(err.Error(), collectortest.Token) {
				t.Errorf("%s: the key is told: %v", f.Name, err)
			}
			h.wire = collectortest.Wire(h.account)
			h.good(t)
			h.current(t)
		})
	}
}

func TestAPassingFaultIsSurvived(t *testing.T) {
	for _, f := range collectortest.EveryFault() {
		if !f.Passing {
			continue
		}
		bubble(t, fakepager.Options{Incidents: 40, Span: month}, func(t *testing.T, h *home) {
			h.wire = &collectortest.Faults{Next: collectortest.Wire(h.account), Now: h.account.Now, On: func(n int, _ *http.Request) (collectortest.Fault, bool) { return f, n%17 == 3 }}
			h.good(t)
			h.current(t)
		})
	}
}

// TestNeverALostIncident lets an account live through nights that are cut, fail, or go well.
func TestNeverALostIncident(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		nights := rapid.SliceOfN(rapid.IntRange(0, 12), 1, 5).Draw(rt, "batches")
		changes := rapid.SliceOfN(rapid.IntRange(0, 40), len(nights), len(nights)).Draw(rt, "changes")
		h := newHome(fakepager.Options{Incidents: 30, Seed: seed, Span: month})
		for i, most := range nights {
			h.night(t, most)
			h.account.Add(changes[i] / 8)
			h.account.Change(changes[i])
			h.account.Advance(time.Duration(changes[i]) * time.Hour)
		}
		h.account.Advance(time.Minute)
		if err := h.night(t, -1); err != nil || h.said.Len() > 0 {
			rt.Fatal(err, h.said.String())
		}
		h.current(rt)
	})
}

// onCall are the shifts kept, as the account tells them.
func (h *home) onCall() map[string][]string {
	all := map[string][]string{}
	var list []record.Shift
	for _, s := range h.shifts {
		if s.From < s.To {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(x, y record.Shift) int { return int(x.From - y.From) })
	for _, s := range list {
		all[s.Rota] = append(all[s.Rota], fmt.Sprintf("%s to %s %s", s.From.Time().Format(time.RFC3339), s.To.Time().Format(time.RFC3339), s.Person.Account))
	}
	return all
}

func TestShiftsAreThoseOfTheScheduleAfterOverridesCameAndWent(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 5}, func(t *testing.T, h *home) {
		agree := func(what string) {
			t.Helper()
			h.good(t)
			now := h.account.Now()
			if d := cmp.Diff(h.account.Shifts(now.Add(-pagerDutyPast), now.Add(pagerDutyAhead)), h.onCall()); d != "" {
				t.Errorf("%s (-there +kept):\n%s", what, d)
			}
		}
		agree("at first")
		for _, s := range h.shifts {
			if want := map[string]string{"Support first": "superhero", "Support second": "sidekick"}[s.Rota]; s.Role != want {
				t.Errorf("%+v: want %s", s, want)
			}
		}
		h.account.Override("U3")
		h.account.Advance(time.Hour)
		agree("with an override")
		h.account.DropOverrides()
		h.account.Advance(time.Hour)
		agree("without")
	})
}

func TestAKeyThatMayNotReadSchedulesStillReadsPages(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 20}, func(t *testing.T, h *home) {
		h.wire = &collectortest.Faults{Next: collectortest.Wire(h.account), Now: h.account.Now, On: func(_ int, r *http.Request) (collectortest.Fault, bool) {
			return collectortest.Fault{Answer: func(_ time.Time, r *http.Request, _ http.RoundTripper) (*http.Response, error) {
				return &http.Response{StatusCode: 403, Header: http.Header{}, ContentLength: -1, Request: r, Body: io.NopCloser(strings.NewReader(`{"error":{"message":"Access Denied","code":2010}}`))}, nil
			}}, strings.HasSuffix(r.URL.Path, "/oncalls")
		}}
		if err := h.night(t, -1); err != nil {
			t.Fatal(err)
		}
		h.current(t)
		if said := h.said.String(); !strings.Contains(said, "who is on call") || !strings.Contains(said, "403 Forbidden; Access Denied; the key may not read this") {
			t.Error(said)
		}
		v := h.live(t).Survey(t.Context())
		if c := v.Checks[2]; c.Wrong == "" || c.Grave || !strings.Contains(c.Remedy, "read-only") {
			t.Errorf("%+v", v.Checks)
		}
	})
}

func TestOnlyTheServicesThatAreMeantAreTold(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 90}, func(t *testing.T, h *home) {
		h.set = func(l *PagerDutyLive) { l.Services = []string{"S2"} }
		h.good(t)
		if len(h.pages) == 0 || len(h.pages) == 90 || len(h.shifts) == 0 {
			t.Errorf("%d pages, %d shifts", len(h.pages), len(h.shifts))
		}
		for id, p := range h.pages {
			if p.Service != "Service S2" {
				t.Errorf("%s is of %s", id, p.Service)
			}
		}
		h.set = nil // another question: from the beginning
		h.good(t)
		h.current(t)
	})
}

func TestASurveySaysWhatIsThereAndWhatIsInTheWay(t *testing.T) {
	bubble(t, fakepager.Options{Incidents: 9}, func(t *testing.T, h *home) {
		h.set = func(l *PagerDutyLive) { l.Services = []string{"S1", "S9"} }
		v := h.live(t).Survey(t.Context())
		var found strings.Builder
		for _, c := range v.Checks {
			fmt.Fprintf(&found, "%s: %s%s\n", c.What, c.Found, c.Wrong)
		}
		if !slices.Equal(v.Services, []string{"Service S1"}) || !strings.Contains(found.String(), "read the service S1: Service S1") || !strings.Contains(found.String(), "read the service S9: GET https://api.pagerduty.com/services/S9: 404") {
			t.Errorf("%s%v", found.String(), v.Services)
		}
	})
}

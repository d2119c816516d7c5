package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

func at(t testing.TB, s string) record.Instant {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return record.At(v)
}

const standUpRota = `
rota: {name: R, days: 7, start: 2026-02-02, handover: 10:00, superheroes: [ada, bob, cy], sidekicks: [bob, cy, ada]}
escalation:
  - {after: 0m, to: superhero, how: page}
  - {after: 15m, to: sidekick, how: page}
  - {after: 60m, to: Helen Marsh, how: phone}
`

func TestAWeekIsToldAsAStandUpAsks(t *testing.T) {
	p := policyWith(t, "Europe/Berlin", standUpRota)
	page := func(id, triggered string) record.Page {
		return record.Page{Ref: record.Ref{Tracker: "pd", ID: id}, Title: id, Service: "gw", Triggered: at(t, triggered), Acked: at(t, triggered).Add(time.Minute), AckedBy: []record.Person{{Account: "ada@example.com"}}}
	}
	merged := page("P4", "2026-02-11T10:00:00Z")
	merged.MergedInto = "P3"
	pages := []record.Page{
		page("P1", "2026-02-08T22:59:59Z"), // Sunday, a second before midnight in Berlin
		page("P2", "2026-02-08T23:00:00Z"), // Monday
		page("P3", "2026-02-10T10:00:00Z"), merged, page("P5", "2026-02-10T10:05:00Z"),
	}
	issue := record.Issue{Ref: record.Ref{Tracker: "t", ID: "1"}, HistoryTo: 1, Copies: []record.Copy{{Parts: record.HasCore, Key: "SUP-1", Title: "x", Type: "Bug", Created: at(t, "2026-02-09T08:00:00Z"), Updated: at(t, "2026-02-09T08:00:00Z"), Status: record.Status{Name: "New"}}}}
	r := Run(Input{
		Policy: p, AsOf: at(t, "2026-02-13T12:00:00Z"), Issues: slices.Values([]record.Issue{issue}), Pages: slices.Values(pages),
		Triage: []*triage.Week{{Week: "2026-W07", Lines: []triage.Line{
			{Page: pages[2].Ref, At: pages[2].Triggered, Verdict: "threshold-wrong"}, {Page: pages[1].Ref, At: pages[1].Triggered, Verdict: "fixed"}, {Page: pages[4].Ref, At: pages[4].Triggered},
		}}},
	})
	var b strings.Builder
	for _, w := range r.Weeks() {
		fmt.Fprintf(&b, "%s partial %v quiet %v:", w.Label, w.Partial, w.Quiet())
		for _, p := range w.Pages {
			fmt.Fprintf(&b, " %s", p.ID)
		}
		fmt.Fprintf(&b, "; %d interruptions, %d asleep, %d judged, %d came in\n", w.Interruptions, w.Asleep, w.Judged, w.Came)
		for _, v := range w.Verdicts {
			fmt.Fprintf(&b, "\t%s: %d\n", v.ID, v.N)
		}
		for _, turns := range [][]record.Shift{w.Shifts, w.Next} {
			for _, s := range turns {
				fmt.Fprintf(&b, "\t%s %s", s.Role, s.Person.Account)
			}
			b.WriteByte('\n')
		}
	}
	want := `2026-W06 partial false quiet false: P1; 1 interruptions, 1 asleep, 0 judged, 0 came in
	superhero ada	sidekick bob
	superhero bob	sidekick cy
2026-W07 partial true quiet false: P2 P3 P5; 1 interruptions, 1 asleep, 2 judged, 1 came in
	fixed: 1
	threshold-wrong: 1
	superhero bob	sidekick cy
	superhero cy	sidekick ada
`
	if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(b.String(), "\n")); d != "" {
		t.Errorf("want −, got +:\n%s", d)
	}
}

// A page before which nothing is known of the team still has its week.
func TestThereIsAlwaysAWeek(t *testing.T) {
	p := policyWith(t, "Pacific/Chatham", "")
	for _, asOf := range []record.Instant{1, at(t, "2026-02-13T12:00:00Z")} {
		ws := Run(Input{Policy: p, AsOf: asOf, Issues: func(func(record.Issue) bool) {}}).Weeks()
		if len(ws) != 1 || !ws[0].holds(asOf) || !ws[0].Quiet() {
			t.Errorf("as of %v: %v", asOf, ws)
		}
	}
}

func TestTheWayUpStandsBesideThePlan(t *testing.T) {
	p := policyWith(t, "Europe/Berlin", standUpRota)
	start := at(t, "2026-02-10T02:00:00Z")
	after := func(m int) record.Instant { return start.Add(time.Duration(m) * time.Minute) }
	ada, bob := record.Person{Account: "ada@example.com"}, record.Person{Account: "bob"}
	for _, c := range []struct {
		name   string
		asOf   record.Instant
		page   record.Page
		events []record.Event
		want   string
	}{
		{"acknowledged after the second step", after(600), record.Page{Acked: after(20), AckedBy: []record.Person{bob}, Resolved: after(90), ResolvedBy: bob}, []record.Event{
			{ID: "1", At: after(0), Kind: record.EventTriggered}, {ID: "2", At: after(0), Kind: record.EventNotified, To: ada}, {ID: "3", At: after(15), Kind: record.EventEscalated, To: bob},
			{ID: "4", At: after(20), Kind: record.EventAcknowledged, By: bob}, {ID: "5", At: after(90), Kind: record.EventResolved, By: bob},
		}, "0 triggered | 0 notified | 0 to superhero | 15 escalated | 15 to sidekick | 20 acknowledged | 60 to Helen Marsh not needed | 90 resolved"},
		{"without a log", after(600), record.Page{Acked: after(3), AckedBy: []record.Person{bob}}, nil,
			"0 triggered | 0 to superhero | 3 acknowledged | 15 to sidekick not needed | 60 to Helen Marsh not needed"},
		{"over by itself", after(600), record.Page{Resolved: after(16), AutoClosed: true}, nil,
			"0 triggered | 0 to superhero | 15 to sidekick | 16 resolved | 60 to Helen Marsh not needed"},
		{"still burning", after(30), record.Page{}, nil, "0 triggered | 0 to superhero | 15 to sidekick"},
	} {
		c.page.Ref, c.page.Title, c.page.Triggered, c.page.Events = record.Ref{Tracker: "pd", ID: "P1"}, "down", start, c.events
		r := Run(Input{Policy: p, AsOf: c.asOf, Issues: func(func(record.Issue) bool) {}, Pages: slices.Values([]record.Page{c.page})})
		var got []string
		for _, rung := range r.Climb(r.Pages[0]) {
			s := fmt.Sprint(int(rung.After/time.Minute), " ")
			switch {
			case rung.Event != nil:
				s += rung.Event.Kind
			case rung.Needed:
				s += "to " + rung.Plan.To
			default:
				s += "to " + rung.Plan.To + " not needed"
			}
			got = append(got, s)
		}
		if d := cmp.Diff(c.want, strings.Join(got, " | ")); d != "" {
			t.Errorf("%s: want −, got +:\n%s", c.name, d)
		}
	}
	r := Run(Input{Policy: p, AsOf: after(600), Issues: func(func(record.Issue) bool) {}, Pages: slices.Values([]record.Page{{Ref: record.Ref{Tracker: "pd", ID: "P1"}, Triggered: start}})})
	for who, want := range map[record.Person]string{bob: Superhero, {Account: "cy"}: Sidekick, ada: "", {Account: "stranger"}: "", {}: ""} {
		if got := r.RoleOf(who, start); got != want {
			t.Errorf("%v is %q on call, not %q", who, got, want)
		}
	}
}

// A million pages are cut into their weeks while a wiki is built.
func BenchmarkWeeks(b *testing.B) {
	p := policyWith(b, "Europe/Berlin", standUpRota)
	n := planned(p, at(b, "2026-02-13T12:00:00Z"))
	for i := range 1_000_000 {
		n.Pages = append(n.Pages, &Page{Triggered: n.AsOf.Add(-2 * 365 * 24 * time.Hour).Add(time.Duration(i) * time.Minute), Breaks: i%3 == 0})
	}
	r := &Report{Night: n}
	b.ReportAllocs()
	for b.Loop() {
		if len(r.Weeks()) < 100 {
			b.Fatal("weeks are missing")
		}
	}
}

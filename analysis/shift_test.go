package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// rotaPolicy is a small team with a rota, for tests of shifts.
const rotaPolicy = `
team: {name: Rota, zone: ZONE, members: [{id: ada, name: Ada, accounts: [ada@example.com]}, {id: bob, name: Bob, absent: [2026-03-10..2026-03-11]}, {id: cy, name: Cy}]}
calendars: {office: {week: {mon-fri: 09:00-17:00}}}
working: office
stages: [{id: queue, name: Queue, kind: waiting, statuses: [New]}, {id: done, name: Done, kind: done, statuses: [Done]}]
severities: [{level: 1, name: Bad, when: 'true'}]
classes: [{id: bug, name: Bug, kind: problem, when: 'true'}]
`

func policyWith(t testing.TB, zone, rota string) *Policy {
	t.Helper()
	p, complaints := ReadPolicy("policy.yaml", []byte(strings.ReplaceAll(rotaPolicy, "ZONE", zone)+rota))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	return p
}

// planned is a night as far as its shifts.
func planned(p *Policy, asOf record.Instant, told ...record.Shift) *Night {
	n := &Night{Policy: p, Zone: p.Zone, AsOf: asOf, team: newRoster(&p.Team)}
	n.Items = []*Item{{Created: asOf.Add(-100 * 24 * time.Hour)}}
	n.plan(slices.Values(told))
	return n
}

func tellPlan(n *Night, from, to record.Instant) string {
	var b strings.Builder
	stamp := func(t record.Instant) string { return t.In(n.Zone).Format("01-02 15:04") }
	for _, s := range n.Shifts {
		if s.To > from && s.From < to {
			fmt.Fprintf(&b, "%s %s: %s to %s by the %s\n", s.Role, n.team.id(s.Person), stamp(s.From), stamp(s.To), s.Tracker)
		}
	}
	for _, g := range n.Uncovered {
		if g.To > from && g.From < to {
			why := strings.TrimSuffix(g.Absent+" is "+g.Why, " is ")
			if g.Beyond {
				why += "or later"
			}
			fmt.Fprintf(&b, "no %s of %q: %s to %s %s\n", g.Role, g.Rota, stamp(g.From), stamp(g.To), why)
		}
	}
	return b.String()
}

func TestThePagerWinsWhereItCoversAndTheRotaFillsTheRest(t *testing.T) {
	p := policyWith(t, "UTC", "rota: {name: Weekly, start: 2026-03-02, handover: 10:00, superheroes: [ada, bob]}")
	n := planned(p, moment(t, "2026-03-04T12:00"),
		tellShifts(t, "2026-03-03T08:00 2026-03-03T20:00 cy\n2026-03-08T10:00 2026-03-10T06:00 ada@example.com")...)
	want := `superhero ada: 03-02 10:00 to 03-03 08:00 by the policy
superhero cy: 03-03 08:00 to 03-03 20:00 by the pager
superhero ada: 03-03 20:00 to 03-08 10:00 by the policy
superhero ada: 03-08 10:00 to 03-10 06:00 by the pager
superhero bob: 03-10 06:00 to 03-16 10:00 by the policy
no superhero of "Weekly": 03-10 06:00 to 03-12 00:00 bob is away
`
	if d := cmp.Diff(want, tellPlan(n, moment(t, "2026-03-01T00:00"), moment(t, "2026-03-16T10:00"))); d != "" {
		t.Error(d)
	}
	if now := n.OnCall(n.AsOf, Superhero); len(now) != 1 || n.team.id(now[0].Person) != "ada" {
		t.Errorf("on call now: %v", now)
	}
	if none := n.OnCall(n.AsOf, Sidekick); len(none) != 0 {
		t.Errorf("sidekicks now: %v", none)
	}
	// Ada's next stretch, which the pager tells of, is no handover.
	if next, ok := n.Next(Superhero); !ok || n.team.id(next.Person) != "bob" || next.From != moment(t, "2026-03-10T06:00") {
		t.Errorf("next: %v %v", next, ok)
	}
}

func TestTheLaterWordOnAShiftCounts(t *testing.T) {
	p := policyWith(t, "UTC", "")
	shift := func(id, from, to, who string, updated record.Instant) record.Shift {
		return record.Shift{Ref: record.Ref{Tracker: "pager", ID: id}, Rota: "R", Role: Superhero, Person: record.Person{Account: who}, From: moment(t, from), To: moment(t, to), Updated: updated}
	}
	week := shift("1", "2026-03-02T10:00", "2026-03-09T10:00", "ada", 1)
	night := shift("2", "2026-03-03T22:00", "2026-03-04T06:00", "bob", 1)
	old := shift("3", "2026-03-05T00:00", "2026-03-06T00:00", "cy", 0)
	gone := shift("4", "2026-03-07T00:00", "2026-03-08T00:00", "", 2)
	n := planned(p, moment(t, "2026-03-04T12:00"), old, night, gone, week)
	want := `superhero ada: 03-02 10:00 to 03-03 22:00 by the pager
superhero bob: 03-03 22:00 to 03-04 06:00 by the pager
superhero ada: 03-04 06:00 to 03-09 10:00 by the pager
no superhero of "R": 03-09 10:00 to 04-29 12:00 or later
`
	if d := cmp.Diff(want, tellPlan(n, 0, n.AsOf.Add(ahead))); d != "" {
		t.Error(d)
	}
	if n.crowded != 2 {
		t.Errorf("%d shifts gave way", n.crowded)
	}
}

// A turn seven weeks ahead of somebody who will have left is told of as one of tomorrow is.
func TestWhoLeftOrIsYetToComeAnswersNoPage(t *testing.T) {
	members := "{id: cy, name: Cy, from: 2026-03-18, until: 2026-04-21, absent: [2026-03-17..2026-03-19, 2026-04-20]}"
	text := strings.ReplaceAll(strings.Replace(rotaPolicy, "{id: cy, name: Cy}", members, 1), "ZONE", "UTC") + "rota: {name: W, start: 2026-03-02, superheroes: [ada, cy]}"
	p, complaints := ReadPolicy("policy.yaml", []byte(text))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	n := planned(p, moment(t, "2026-03-04T12:00"))
	want := `superhero ada: 03-16 00:00 to 03-23 00:00 by the policy
no superhero of "W": 03-09 00:00 to 03-16 00:00 cy is not yet in the team
no superhero of "W": 04-20 00:00 to 04-21 00:00 cy is away
no superhero of "W": 04-22 00:00 to 04-27 00:00 cy is no longer in the team
`
	n.Shifts = slices.DeleteFunc(n.Shifts, func(s record.Shift) bool { return s.From != moment(t, "2026-03-16T00:00") })
	if d := cmp.Diff(want, tellPlan(n, 0, n.AsOf.Add(ahead))); d != "" {
		t.Error(d)
	}
}

// A calendar knows nothing of the policy's rota, and puts somebody on call who is its sidekick already.
func TestOnePersonIsNotTwo(t *testing.T) {
	p := policyWith(t, "UTC", "rota: {name: W, start: 2026-03-02, superheroes: [cy], sidekicks: [ada, bob]}")
	n := planned(p, moment(t, "2026-03-04T12:00"), tellShifts(t, "2026-03-05T00:00 2026-03-10T00:00 ada@example.com")...)
	want := `superhero cy: 03-02 00:00 to 03-05 00:00 by the policy
sidekick ada: 03-02 00:00 to 03-09 00:00 by the policy
superhero ada: 03-05 00:00 to 03-10 00:00 by the pager
no sidekick of "W": 03-05 00:00 to 03-09 00:00 ada is the superhero at the same time
`
	if d := cmp.Diff(want, tellPlan(n, 0, moment(t, "2026-03-09T00:00"))); d != "" {
		t.Error(d)
	}
	if says := n.absentNow(); strings.Contains(says, "2026-03-05") {
		t.Errorf("whoever is there is said to be away: %s", says)
	}
}

func TestWhoeverDeclaredNoRotaMissesNobody(t *testing.T) {
	n := planned(policyWith(t, "UTC", ""), moment(t, "2026-03-04T12:00"))
	if len(n.Shifts)+len(n.Uncovered) > 0 {
		t.Errorf("shifts %v, gaps %v", n.Shifts, n.Uncovered)
	}
	if _, ok := n.Next(""); ok {
		t.Error("somebody is next")
	}
}

// someShifts are shifts about as-of, that overlap as they like.
func someShifts(asOf record.Instant) *rapid.Generator[[]record.Shift] {
	id := 0
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) record.Shift {
		id++
		from := asOf.Add(time.Duration(rapid.IntRange(-2600, 900).Draw(t, "from")) * time.Hour)
		return record.Shift{
			Ref: record.Ref{Tracker: "pager", ID: fmt.Sprint(id)}, Rota: rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "rota"),
			Role: rapid.SampledFrom([]string{"", Superhero, Sidekick}).Draw(t, "role"), From: from,
			To:      from.Add(time.Duration(rapid.IntRange(-2, 300).Draw(t, "hours")) * time.Hour),
			Person:  record.Person{Account: rapid.SampledFrom([]string{"", "ada", "bob", "cy", "stranger"}).Draw(t, "who")},
			Updated: record.Instant(rapid.IntRange(0, 2).Draw(t, "updated")),
		}
	}), 0, 12)
}

// TestCoverAddsUp holds the plan to its two laws, whatever is told and declared: shifts of one role of one
// rota never overlap, and the time covered and the time uncovered are the whole.
func TestCoverAddsUp(t *testing.T) {
	policies := []*Policy{
		policyWith(t, "UTC", ""),
		policyWith(t, "America/New_York", "rota: {start: 2026-02-03, days: 3, handover: 02:30, superheroes: [ada, bob, cy], sidekicks: [bob, cy, ada], overrides: [{from: 2026-03-01, until: 2026-03-09, role: superhero, who: cy}]}"),
		policyWith(t, "Pacific/Chatham", "rota: [{start: 2026-01-05, superheroes: [ada, bob]}, {from: 2026-03-11, start: 2026-01-01, days: 5, handover: 09:00, superheroes: [bob, cy], sidekicks: [ada]}, {from: 2026-03-20, start: 2026-03-25, superheroes: [cy]}]"),
	}
	asOf := moment(t, "2026-03-14T12:00")
	rapid.Check(t, func(t *rapid.T) {
		p := policies[rapid.IntRange(0, len(policies)-1).Draw(t, "policy")]
		n := planned(p, asOf, someShifts(asOf).Draw(t, "told")...)
		last := map[rotaRole]record.Instant{}
		for _, s := range n.Shifts {
			k := rotaRole{s.Rota + " " + s.Tracker, s.Role}
			if s.From >= s.To || s.From < last[k] {
				t.Fatalf("%v overlaps the one before it, or is none", s)
			}
			last[k] = s.To
		}
		for _, role := range []string{Superhero, Sidekick} {
			var covered, open []Span
			for _, s := range n.Shifts {
				if s.Role != role {
					continue
				}
				out := n.team.member(s.Person).absences()
				for _, o := range n.Shifts { // who is the superhero covers nobody else's shift
					if role == Sidekick && o.Role == Superhero && n.team.id(o.Person) == n.team.id(s.Person) {
						out = append(out, Span{o.From, o.To})
					}
				}
				covered = append(covered, minus(Span{s.From, s.To}, union(out))...)
			}
			covered = union(covered)
			for _, g := range n.Uncovered {
				if g.Role != role {
					continue
				}
				if g.Why == WhyTwice {
					if !slices.ContainsFunc(n.OnCall(g.From, Superhero), func(s record.Shift) bool { return n.team.id(s.Person) == g.Absent }) {
						t.Fatalf("%v is no superhero", g)
					}
					continue
				}
				if len(within(g.Span, covered)) > 0 {
					t.Fatalf("%v is covered", g)
				}
				if g.Absent == "" {
					for _, o := range open {
						if o.From < g.To && g.From < o.To {
							t.Fatalf("%v is told twice", g)
						}
					}
				}
				open = append(open, g.Span)
			}
			if role == Superhero && len(covered) > 0 {
				var all []Span
				for _, s := range n.Shifts {
					if s.Role == role {
						all = append(all, Span{s.From, s.To})
					}
				}
				whole := Span{max(asOf.Add(-coverBefore), union(all)[0].From), asOf.Add(ahead)}
				if whole.From >= whole.To {
					continue
				}
				var sum time.Duration
				for _, s := range union(append(within(whole, covered), open...)) {
					sum += s.To.Sub(s.From)
				}
				if sum != whole.To.Sub(whole.From) {
					t.Fatalf("covered and uncovered are %s of %s", sum, whole.To.Sub(whole.From))
				}
			}
		}
	})
}

// TestHandoversKeepToTheWallClock: every handover is at the declared reading of the team's clock, or, where
// daylight saving skips that, at the first instant after.
func TestHandoversKeepToTheWallClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"Pacific/Chatham", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"}).Draw(t, "zone")
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		hand := time.Duration(rapid.IntRange(0, 24*60-1).Draw(t, "handover")) * time.Minute
		days := rapid.IntRange(1, 15).Draw(t, "days")
		p := &Policy{Zone: zone, Rota: Always(Rota{Days: days, Start: "2024-01-01", Handover: hand, Superheroes: []string{"a", "b", "c"}})}
		from := record.At(time.Date(2024, 1, rapid.IntRange(1, 700).Draw(t, "day"), 0, 0, 0, 0, time.UTC))
		shifts := p.Shifts(from, from.Add(120*24*time.Hour))
		if len(shifts) < 120/days-1 {
			t.Fatalf("%d shifts", len(shifts))
		}
		for i, s := range shifts {
			if i > 0 && (s.From != shifts[i-1].To || s.Person == shifts[i-1].Person) {
				t.Fatalf("%v after %v", s, shifts[i-1])
			}
			l, before := s.From.In(zone), (s.From - 1).In(zone)
			reading := time.Duration(l.Hour())*time.Hour + time.Duration(l.Minute())*time.Minute
			skipped := before.Format("15:04") < l.Format("15:04") && before.Hour()*60+before.Minute()+1 < l.Hour()*60+l.Minute()
			if reading != hand && !skipped {
				t.Fatalf("%s hands over at %s, not at %s", name, l, hand)
			}
		}
	})
}

func BenchmarkPlan(b *testing.B) { // ten years of a pager's daily shifts, over a weekly rota
	p := policyWith(b, "Europe/Berlin", "rota: {start: 2016-01-04, superheroes: [ada, bob, cy]}")
	asOf := record.At(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	var told []record.Shift
	for i := range 3650 {
		to := asOf.Add(-time.Duration(i) * 24 * time.Hour)
		told = append(told, record.Shift{Ref: record.Ref{Tracker: "pager", ID: fmt.Sprint(i)}, Person: record.Person{Account: "ada"}, From: to.Add(-12 * time.Hour), To: to})
	}
	n := &Night{Policy: p, Zone: p.Zone, AsOf: asOf, team: newRoster(&p.Team), Items: []*Item{{Created: asOf.Add(-3650 * 24 * time.Hour)}}}
	b.ReportAllocs()
	for b.Loop() {
		n.plan(slices.Values(told))
	}
}

func BenchmarkStints(b *testing.B) { // a million pages of ninety days in shifts of twelve hours
	n := planned(policyWith(b, "UTC", "rota: {start: 2025-01-06, days: 1, superheroes: [ada, bob, cy]}"), record.At(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)))
	pages := make([]Page, 1_000_000)
	for i := range pages {
		pages[i] = Page{Triggered: n.AsOf.Add(-time.Duration(len(pages)-i) * 7 * time.Second), Breaks: i%10 == 0, AckedBy: []record.Person{{Account: "bob"}}}
		n.Pages = append(n.Pages, &pages[i])
	}
	b.ReportAllocs()
	for b.Loop() {
		n.shiftLoad()
	}
}

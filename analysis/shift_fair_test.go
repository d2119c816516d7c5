package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// scattered is a team whose working calendar has the holidays of New York, and that lives elsewhere too.
func scattered(t *testing.T) *Policy {
	t.Helper()
	p, complaints := ReadPolicy("policy.yaml", []byte(`
team:
  name: Scattered
  zone: America/New_York
  members: [{id: ada, name: Ada}, {id: bob, name: Bob, zone: Pacific/Auckland}, {id: cy, name: Cy, zone: UTC}, {id: dan, name: Dan, zone: Asia/Dhaka}]
calendars: {office: {week: {mon-fri: 09:00-17:00}, holidays: us}}
working: office
stages: [{id: doing, name: Doing, kind: active, statuses: [Doing]}, {id: done, name: Done, kind: done, statuses: [Done]}]
severities: [{level: 1, name: Bad, when: 'true'}]
classes: [{id: feature, name: Feature, kind: feature, when: 'true'}]
`))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	return p
}

// tellBurdens writes them in an order of the test's own.
func tellBurdens(n *Night, p Period) string {
	var lines []string
	for _, b := range n.burdens(p) {
		lines = append(lines, fmt.Sprintf("shifts %d, nights %d, weekend days %d, holidays %d\n", b.shifts, b.nights, b.weekends, b.holidays))
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func TestWhatIsABurden(t *testing.T) {
	shift := func(rota, from, to, who string) record.Shift {
		return record.Shift{Ref: record.Ref{Tracker: "pager", ID: rota + from}, Rota: rota, Role: Superhero, Person: record.Person{Account: who}, From: moment(t, from), To: moment(t, to)}
	}
	// Ada has two rotas in one week: each of its nights, and its weekend, is there once. Her shift from before the
	// period is none that she began in it, and its last two nights and its weekend count. Noon of Christmas Day comes to Auckland
	// when it is the evening of the 24th in New York; bob has that noon, and cy that of the 26th there.
	n := planned(scattered(t), moment(t, "2026-01-20T00:00"),
		shift("A", "2025-12-02T17:00", "2025-12-09T17:00", "ada"), shift("B", "2025-12-04T17:00", "2025-12-11T17:00", "ada"),
		shift("A", "2025-11-20T17:00", "2025-11-24T17:00", "ada"),
		shift("A", "2025-12-24T22:00", "2025-12-25T00:00", "bob"), shift("A", "2025-12-25T22:00", "2025-12-26T00:00", "cy"))
	period := Period{From: moment(t, "2025-11-22T17:00"), To: n.AsOf}
	want := `shifts 1, nights 0, weekend days 0, holidays 0
shifts 1, nights 0, weekend days 0, holidays 1
shifts 2, nights 11, weekend days 4, holidays 0
`
	if d := cmp.Diff(want, tellBurdens(n, period)); d != "" {
		t.Error(d)
	}
}

// TestALetterTellsNotWho: two teams whose people had the same in another order of names get the same letters, and
// the letters are no ranking.
func TestALetterTellsNotWho(t *testing.T) {
	turns := func(who ...string) []burden {
		var told []record.Shift
		at := moment(t, "2026-01-01T00:00")
		for i, w := range who { // a day for the first, two for the next …
			to := at.Add(time.Duration(i+1) * 24 * time.Hour)
			told = append(told, record.Shift{Ref: record.Ref{Tracker: "pager", ID: w}, Role: Superhero, Person: record.Person{Account: w}, From: at, To: to})
			at = to
		}
		n := planned(scattered(t), moment(t, "2026-03-06T23:00"), told...)
		n.team = newRoster(&Team{}) // nobody lives elsewhere
		return n.burdens(n.trailing(182))
	}
	names := []string{"ada", "bob", "cy", "dan", "eve", "flo", "gil", "hal", "ivy", "joe", "kim", "lou"}
	a := turns(names...)
	slices.Reverse(names)
	b := turns(names...)
	if !slices.Equal(a, b) {
		t.Errorf("the letters depend on the names:\n%v\n%v", a, b)
	}
	if slices.IsSortedFunc(a, func(x, y burden) int { return x.nights - y.nights }) || slices.IsSortedFunc(a, func(x, y burden) int { return y.nights - x.nights }) {
		t.Errorf("the letters are a ranking: %v", a)
	}
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "AB", 51: "AZ", 52: "BA"} {
		if letter(i) != want {
			t.Errorf("person %d is %s, not %s", i, letter(i), want)
		}
	}
}

// TestNobodyIsFoundInADistribution: neither one of three people, nor the only one who had anything to do.
func TestNobodyIsFoundInADistribution(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		people, busy int
		told         string
	}{{3, 2, "feature-attention"}, {4, 1, "shifts"}, {4, 2, "shifts feature-attention"}, {1, 1, ""}} {
		p := scattered(t)
		var told []record.Shift
		n := &Night{Policy: p, Zone: p.Zone, AsOf: moment(t, "2026-03-06T23:00"), team: newRoster(&p.Team)}
		for i := range c.people {
			at := moment(t, "2026-03-02T00:00").Add(time.Duration(i) * day)
			who := p.Team.Members[i].ID
			told = append(told, record.Shift{Ref: record.Ref{Tracker: "pager", ID: who}, Role: Superhero, Person: record.Person{Account: who}, From: at, To: at.Add(day)})
			if i < c.busy {
				n.Items = append(n.Items, &Item{Look: &Look{}, Ref: record.Ref{ID: who}, Until: n.AsOf, Created: at, Stages: Timeline[*Stage]{{At: at, Is: &Stage{Kind: Active}}},
					Classes: Timeline[*Class]{{At: at, Is: &p.Classes[0]}}, Assignees: Timeline[[]string]{{At: at, Is: []string{who}}}})
			}
		}
		n.plan(slices.Values(told))
		var got []string
		for _, part := range n.rotaFairness().Parts {
			if part.Name == "shifts-median" {
				got = append(got, "shifts")
			} else if part.Name == "feature-attention" {
				got = append(got, part.Name)
			}
		}
		if s := strings.Join(got, " "); s != c.told {
			t.Errorf("of %d people, %d of them busy, %q is told, not %q", c.people, c.busy, s, c.told)
		}
	}
}

// TestASiteIsSixHoursFromTheNext: from exactly six on, people can spare each other the night.
func TestASiteIsSixHoursFromTheNext(t *testing.T) {
	n := planned(scattered(t), moment(t, "2026-03-04T12:00"), tellShifts(t, "2026-03-03T00:00 2026-03-04T00:00 cy\n2026-03-04T00:00 2026-03-05T00:00 dan")...)
	if r := n.rotaSize(); r.sites != 2 || r.least != 2*rotaMoreSites {
		t.Errorf("UTC and Dhaka are %d sites", r.sites)
	}
}

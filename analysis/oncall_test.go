package analysis

// On call: what is asleep, and who is on call for now.

import (
	"slices"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

func TestSleepMayGoOverMidnightOrNot(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, to time.Duration
		clock    string // in Berlin
		want     bool
	}{
		{22 * time.Hour, 7 * time.Hour, "21:59", false}, {22 * time.Hour, 7 * time.Hour, "22:00", true},
		{22 * time.Hour, 7 * time.Hour, "00:00", true}, {22 * time.Hour, 7 * time.Hour, "06:59", true},
		{22 * time.Hour, 7 * time.Hour, "07:00", false}, {22 * time.Hour, 7 * time.Hour, "12:00", false},
		{1 * time.Hour, 8*time.Hour + 30*time.Minute, "00:59", false}, {1 * time.Hour, 8*time.Hour + 30*time.Minute, "01:00", true},
		{1 * time.Hour, 8*time.Hour + 30*time.Minute, "08:29", true}, {1 * time.Hour, 8*time.Hour + 30*time.Minute, "08:30", false},
		{1 * time.Hour, 8*time.Hour + 30*time.Minute, "23:00", false},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-07-01 "+c.clock, berlin)
		if err != nil {
			t.Fatal(err)
		}
		n := Night{Policy: &Policy{Pages: PagePolicy{SleepFrom: c.from, SleepTo: c.to}}, Zone: berlin}
		if n.Asleep(&Page{Triggered: record.At(at)}) != c.want {
			t.Errorf("%s between %s and %s is asleep: %v", c.clock, c.from, c.to, !c.want)
		}
	}
}

// TestTheRotaAnswersWhereThePagerDoesNot: by the rota ada is the superhero in the week of as-of. What the
// pager tells of other times says nothing of now.
func TestTheRotaAnswersWhereThePagerDoesNot(t *testing.T) {
	p, complaints := ReadPolicy("policy.yaml", []byte(`
team: {name: Rota, zone: UTC, members: [{id: ada, name: Ada}, {id: bob, name: Bob}]}
calendars: {office: {week: {mon-fri: 09:00-17:00}}}
working: office
stages: [{id: queue, name: Queue, kind: waiting, statuses: [New]}, {id: done, name: Done, kind: done, statuses: [Done]}]
severities: [{level: 1, name: Bad, when: 'true'}]
classes: [{id: bug, name: Bug, kind: problem, when: 'true'}]
rota: {start: 2026-03-02, handover: 10:00, superheroes: [ada, bob]}
`))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	for _, c := range []struct {
		pager string
		want  []string // trackers
	}{
		{"", []string{"policy"}},
		{"2026-03-02T10:00 2026-03-04T12:00 bob", []string{"pager", "policy"}}, // ends at as-of
		{"2026-03-04T12:01 2026-03-09T10:00 bob", []string{"pager", "policy"}}, // begins after it
		{"2026-03-04T12:00 2026-03-09T10:00 bob", []string{"pager"}},
		{"2026-03-02T10:00 2026-03-04T12:01 bob", []string{"pager"}},
	} {
		r := Run(Input{Policy: p, AsOf: moment(t, "2026-03-04T12:00"), Issues: slices.Values([]record.Issue(nil)), Shifts: slices.Values(tellShifts(t, c.pager))})
		var got []string
		for _, s := range r.Shifts {
			if got = append(got, s.Tracker); s.Tracker == "policy" && s.Person.Account != "ada" {
				t.Errorf("the rota puts %s on call", s.Person.Account)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("with %q of the pager, shifts come from %v; want %v", c.pager, got, c.want)
		}
	}
}

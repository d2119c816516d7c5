package analysis

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

func TestTheRotaTurnsAtHandover(t *testing.T) {
	p, complaints := ReadPolicy("policy.yaml", []byte(lawPolicy+`
rota:
  - {name: Alone, days: 7, start: 2026-02-23, handover: 10:00, superheroes: [ada, bob]}
  - {from: 2026-03-09, name: Pair, days: 7, start: 2026-03-09, handover: 10:00, superheroes: [bob, ada], sidekicks: [ada, bob],
     overrides: [{from: 2026-03-18, until: 2026-03-20, role: superhero, who: bob}]}
`))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	at := func(s string) record.Instant {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, p.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return record.At(v)
	}
	var b strings.Builder
	for _, s := range p.Shifts(at("2026-03-02 00:00"), at("2026-03-23 00:00")) {
		fmt.Fprintf(&b, "%s %s %s to %s\n", s.Role, s.Person.Account, s.From.In(p.Zone).Format("01-02 15:04"), s.To.In(p.Zone).Format("01-02 15:04"))
	}
	// The first version's last turn ends where the second version begins to speak; the change to
	// daylight saving time on 8 March moves no handover.
	want := `superhero ada 02-23 10:00 to 03-02 10:00
superhero bob 03-02 10:00 to 03-09 10:00
superhero bob 03-09 10:00 to 03-16 10:00
sidekick ada 03-09 10:00 to 03-16 10:00
superhero ada 03-16 10:00 to 03-18 10:00
sidekick bob 03-16 10:00 to 03-23 10:00
superhero bob 03-18 10:00 to 03-20 10:00
superhero ada 03-20 10:00 to 03-23 10:00
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

// TestAVersionOfTheRotaBeginsWhenItStarts: the one before it goes on until then, even past the date of a version
// whose start is later still.
func TestAVersionOfTheRotaBeginsWhenItStarts(t *testing.T) {
	p := policyWith(t, "UTC", `rota:
  - {start: 2026-03-02, superheroes: [ada]}
  - {from: 2026-03-09, start: 2026-03-30, superheroes: [bob]}
  - {from: 2026-03-16, start: 2026-03-02, superheroes: [cy]}
`)
	var b strings.Builder
	for i := range p.Rota {
		f := p.force(i)
		fmt.Fprintf(&b, "%s to %s, ", f.From.In(p.Zone).Format("01-02"), min(f.To, moment(t, "2026-04-30T00:00")).In(p.Zone).Format("01-02"))
	}
	// Bob's never comes: cy's has taken over by then.
	if want := "03-02 to 03-16, 03-30 to 03-16, 03-16 to 04-30, "; b.String() != want {
		t.Errorf("in force %s, not %s", b.String(), want)
	}
	p = policyWith(t, "UTC", "rota: [{start: 2026-03-02, superheroes: [ada]}, {from: 2026-03-09, start: 2026-03-16, superheroes: [bob]}]")
	for i, want := range []Span{{moment(t, "2026-03-02T00:00"), moment(t, "2026-03-16T00:00")}, {moment(t, "2026-03-16T00:00"), math.MaxInt64}} {
		if got := p.force(i); got != want {
			t.Errorf("version %d is in force %v, not %v", i, got, want)
		}
	}
}

package analysis

import (
	"strings"
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
)

func TestEveryCountOfItemsSaysWhatItCounts(t *testing.T) {
	for i := range Metrics {
		if m := &Metrics[i]; m.Unit == Items && strings.TrimSpace(m.Counts) == "" {
			t.Errorf("a bare number stands beside %q", m.Title)
		}
	}
}

// TestOneIsCountedInTheSingular holds that only the plurals below are counted by a unit that can be 1.
func TestOneIsCountedInTheSingular(t *testing.T) {
	want := map[string]string{
		"wip": "item in progress", "backlog": "item open", "patterns": "known anti-pattern is seen", "emergency-cost": "item-day that others were held up",
		"sent-back": "time work was sent back", "due-next": "promise due", "customers": "customer asked for support", "shift-load": "interruption, half of the shifts at most",
		"cumulative-flow": "open item over the period", "prevention-ratio": "improvement for each emergency", "backward-moves": "move to an earlier stage",
		"stalled": "in progress without a change for 5 working days", "aging-wip": "older than 85 % of what was finished in their class", "rota-fairness": "night, half of the people at most",
	}
	for i := range Metrics {
		f := Figure{&Metrics[i], Answer{Headline: Value{Unit: Each, Number: record.Num(1)}}}
		if one, ok := want[f.Name]; ok && f.Counted() != one {
			t.Errorf("1 %s, want %s", f.Counted(), one)
		}
		f.Headline.Number = record.Num(2)
		if f.Counted() != f.Counts {
			t.Errorf("2 %s", f.Counted())
		}
	}
}

func TestWhatIsMissingIsCalledAsTheTeamAsksForIt(t *testing.T) {
	p := &Policy{Ready: []Ready{{Needs: []string{"text", "field.customer"}}, {Ask: map[string]string{"field.customer": "for which store it is"}}}}
	for fact, want := range map[string]string{"text": "text", "field.customer": "“for which store it is” (field.customer)"} {
		if got := p.calls(fact); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

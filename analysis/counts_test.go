package analysis

import (
	"strings"
	"testing"
)

// TestEveryCountOfItemsSaysWhatItCounts begins with a noun, of which the wiki takes the s where there is one.
func TestEveryCountOfItemsSaysWhatItCounts(t *testing.T) {
	for i := range Metrics {
		if m := &Metrics[i]; m.Unit == Items && strings.TrimSpace(m.Counts) == "" {
			t.Errorf("a bare number stands beside %q", m.Title)
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

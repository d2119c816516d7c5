package analysis

import (
	"fmt"
	"testing"
	"time"
)

// TestAStepIsNotNeededOnceSomebodyIsThere: not in the very instant either.
func TestAStepIsNotNeededOnceSomebodyIsThere(t *testing.T) {
	at := moment(t, "2026-03-02T10:00")
	steps := []Escalate{{After: 4 * time.Minute, To: "ada"}, {After: 5 * time.Minute, To: "bob"}, {After: 6 * time.Minute, To: "cy"}}
	n := &Night{AsOf: at.Add(time.Hour), Policy: &Policy{Escalation: steps}}
	got := ""
	for _, r := range n.Climb(&Page{Triggered: at, Acked: at.Add(5 * time.Minute)}) {
		if r.Plan != nil {
			got += fmt.Sprintf("%s %v ", r.Plan.To, r.Needed)
		}
	}
	if want := "ada true bob false cy false "; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

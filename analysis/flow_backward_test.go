package analysis

import (
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// One item a week goes back for seventy weeks, and the trackers stopped speaking twelve days before as-of: all weeks up
// to then are handed to those who compare, the latest 52 are drawn, and the headline is of the thirteen before.
func TestMovesBackAreHandedOnAsFarAsTheTrackersSpeak(t *testing.T) {
	const week = 7 * 24 * time.Hour
	p, complaints := ReadPolicy("policy.yaml", []byte(lawPolicy))
	if p == nil {
		t.Fatal(complaints)
	}
	flow := p.Flow[0].Is
	begin := record.At(time.Date(2025, 1, 6, 0, 0, 0, 0, p.Zone)) // a Monday
	n := &Night{Policy: p, Zone: p.Zone, AsOf: begin.Add(70*week + 3*24*time.Hour)}
	n.known = n.AsOf.Add(-12 * 24 * time.Hour)
	for i := range 70 {
		at := begin.Add(time.Duration(i)*week + 10*time.Hour)
		if i == 0 {
			at = begin
		}
		n.Items = append(n.Items, &Item{Rest: &Rest{}, Look: &Look{}, Created: at, Until: n.AsOf, Stages: Timeline[*Stage]{{at, &flow[0]}, {at.Add(time.Hour), &flow[1]}, {at.Add(2 * time.Hour), &flow[0]}}})
	}
	n.index()
	f := n.measure(&backwardMoves)
	want := n.wholeWeeks()
	want = want[:len(want)-2] // seventy, of which the last two are not over for the trackers
	if len(want) != 68 {
		t.Fatalf("%d weeks", len(want))
	}
	for _, w := range f.Weekly {
		if len(w.Weeks) != 68 || w.Weeks[67].Label != want[67].Label || len(w.Values) != 68 {
			t.Errorf("%s: %d weeks up to %s", w.Name, len(w.Weeks), w.Weeks[len(w.Weeks)-1].Label)
		}
	}
	if v := f.Weekly[0].Values[0]; v != record.Num(1) {
		t.Errorf("the first week has %v", v)
	}
	if c := f.Charts[0]; len(c.X) != 52 || c.X[51] != want[67].Label || len(c.Lines) != 1 || len(c.Lines[0].Values) != 52 || c.Lines[0].Values[51] != record.Num(1) {
		t.Errorf("drawn are %d weeks, up to %s: %+v", len(c.X), c.X[len(c.X)-1], c.Lines)
	}
	if h := f.Headline; h.Number != record.Num(1) || h.N != 13 || h.Period.To != want[67].To || len(f.Rows) != 13 {
		t.Errorf("headline %+v with %d items", h, len(f.Rows))
	}
	if row := f.Tables[0].Rows[0]; row[2].Num != record.Num(13) || row[3].Num != record.Num(52) {
		t.Errorf("by pairs: %+v", row)
	}
}

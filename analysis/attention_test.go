package analysis

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// TestAttentionIsWhatAWalkMinuteByMinuteFinds divides a member's working time over two periods, with an
// absence, over a weekend and over the change to daylight saving time in New York (Sunday 8 March 2026),
// among items that come and go.
func TestAttentionIsWhatAWalkMinuteByMinuteFinds(t *testing.T) {
	p := lawfulPolicy(t)
	begin := record.At(time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC))
	n := &Night{Policy: p, Zone: p.Zone, AsOf: begin.Add(240 * time.Hour)}
	classes := []*Class{nil, &p.Classes[0], &p.Classes[1]}
	rapid.Check(t, func(t *rapid.T) {
		minute := rapid.IntRange(0, 5*24*60)
		at := func(name string) record.Instant {
			return begin.Add(time.Duration(minute.Draw(t, name)) * time.Minute)
		}
		from, to := at("from"), at("to")
		if to < from {
			from, to = to, from
		}
		var bs []busy
		for range rapid.IntRange(0, 6).Draw(t, "items") {
			b := busy{from: at("begins"), to: at("ends"), class: rapid.SampledFrom(classes).Draw(t, "class"), item: &Item{}}
			if b.from > b.to {
				b.from, b.to = b.to, b.from
			}
			bs = append(bs, b)
		}
		want := load{items: map[*Item]float64{}}
		half := from.Add(to.Sub(from) / 2 / time.Minute * time.Minute)
		gone := Span{at("gone"), at("back")}
		uncovered := [2]float64{}
		for m := from; m < to; m = m.Add(time.Minute) {
			hours := p.Working.Between(m, m.Add(time.Minute)).Hours()
			if gone.Holds(m) {
				continue
			}
			var with []busy
			for _, b := range bs {
				if b.from <= m && m < b.to {
					with = append(with, b)
				}
			}
			for _, b := range with {
				want.add(b.class, hours/float64(len(with)))
				want.count(b.item, hours/float64(len(with)))
			}
			if len(with) == 0 {
				uncovered[one(m >= half)] += hours
			}
		}
		loads := []load{{items: map[*Item]float64{}}, {items: map[*Item]float64{}}}
		n.divide(bs, []Period{{From: from, To: half}, {From: half, To: to}}, union([]Span{gone}), loads)
		got := load{items: map[*Item]float64{}}
		for _, l := range loads {
			for c, v := range l.byClass {
				got.add(c, v)
			}
			for it, v := range l.items {
				got.count(it, v)
			}
		}
		near := func(what string, a, b float64) {
			if math.Abs(a-b) > 1e-6 {
				t.Fatalf("%s: %v hours, the walk finds %v", what, a, b)
			}
		}
		near("uncovered in the first half", loads[0].uncovered, uncovered[0])
		near("uncovered in the second half", loads[1].uncovered, uncovered[1])
		for _, c := range classes {
			near(c.Title(), got.byClass[c], want.byClass[c])
		}
		for _, b := range bs {
			near("an item", got.items[b.item], want.items[b.item])
		}
	})
}

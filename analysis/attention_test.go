package analysis

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// TestAttentionIsWhatAWalkMinuteByMinuteFinds divides a member's working time over a weekend, and over the
// change to daylight saving time in New York (Sunday 8 March 2026), among items that come and go.
func TestAttentionIsWhatAWalkMinuteByMinuteFinds(t *testing.T) {
	p := lawfulPolicy(t)
	n := &Night{Policy: p, Zone: p.Zone}
	begin := record.At(time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC))
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
		want := load{}
		uncovered := 0.0
		for m := from; m < to; m = m.Add(time.Minute) {
			hours := p.Working.Between(m, m.Add(time.Minute)).Hours()
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
				uncovered += hours
			}
		}
		var got load
		n.divide(bs, from, to, &got)
		near := func(what string, a, b float64) {
			if math.Abs(a-b) > 1e-6 {
				t.Fatalf("%s: %v hours, the walk finds %v", what, a, b)
			}
		}
		near("uncovered", got.uncovered, uncovered)
		for _, c := range classes {
			near(c.Title(), got.byClass[c], want.byClass[c])
		}
		for _, b := range bs {
			near("an item", got.items[b.item], want.items[b.item])
		}
	})
}

package analysis

import (
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
	"pgregory.net/rapid"
)

// TestStretchesSayOfEveryInstantWhatTheTimelinesSay walks over lives of random steps, some of them at
// one instant.
func TestStretchesSayOfEveryInstantWhatTheTimelinesSay(t *testing.T) {
	stages := []*Stage{{ID: "queue", Kind: Waiting}, {ID: "work", Kind: Active}, {ID: "vendor", Kind: Paused}, {ID: "done", Kind: Done}}
	classes := []*Class{nil, {ID: "bug"}, {ID: "request"}}
	const created, asOf = 3, 20
	rapid.Check(t, func(t *rapid.T) {
		instants := rapid.SliceOfN(rapid.Int64Range(created, asOf+3), 0, 6)
		line := func(name string, step func(at record.Instant, n int)) {
			at := record.Instant(created)
			step(at, rapid.IntRange(0, 3).Draw(t, name))
			for _, d := range instants.Draw(t, name) {
				at = max(at, record.Instant(d))
				step(at, rapid.IntRange(0, 3).Draw(t, name))
			}
		}
		it := &Item{Created: created}
		line("stages", func(at record.Instant, n int) {
			it.Stages = append(it.Stages, Step[*Stage]{at, stages[n]})
			if stages[n].Kind == Active && it.Started == 0 {
				it.Started = at
			}
		})
		line("classes", func(at record.Instant, n int) { push(&it.Classes, at, classes[n%3]) })
		line("severities", func(at record.Instant, n int) { push(&it.Severities, at, n) })

		last := record.Instant(created)
		seen := map[record.Instant]bool{}
		it.stretches(asOf, func(s stretch) {
			if s.from < last || s.to <= s.from || s.to > asOf {
				t.Fatalf("a stretch from %d to %d after one to %d", s.from, s.to, last)
			}
			last = s.to
			for at := s.from; at < s.to; at++ {
				seen[at] = true
				if s.stage != it.Stages.At(at) || s.class != it.Classes.At(at) || s.severity != it.Severities.At(at) {
					t.Fatalf("at %d: %+v", at, s)
				}
				if started := it.Started != 0 && it.Started <= at; s.progress != started {
					t.Fatalf("at %d: in progress %v", at, s.progress)
				}
			}
		})
		for at := record.Instant(created); at < asOf; at++ {
			if open := it.Stages.At(at).Kind != Done; open != seen[at] {
				t.Fatalf("at %d the item is open: %v, and there is a stretch: %v", at, open, seen[at])
			}
		}
	})
}

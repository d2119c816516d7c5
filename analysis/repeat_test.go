package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// dumpMole writes a mole for the nights of testdata; see dumpNight.
func dumpMole(b *strings.Builder, m *Mole, stamp func(record.Instant) string) {
	fmt.Fprintf(b, "mole %q at %s: %q, %d times, %d of them lately, came back %d, %s to %s:", m.Fingerprint, m.Service, m.Title, m.Times, m.Recent, m.Repeats, stamp(m.First), stamp(m.Last))
	for _, it := range m.Items {
		b.WriteString(" " + it.Key)
	}
	for _, p := range m.Pages {
		b.WriteString(" " + p.ID)
	}
	b.WriteString("\n")
	if m.Improvement != nil {
		fmt.Fprintf(b, "  %s by %s; %s (%s), %s (%s) %s\n", m.Improvement.What, m.Tie, m.Before, m.Before.Detail(), m.After, m.After.Detail(), m.Verdict())
	}
}

// TestRepeatsAreFoundAsTheDefinitionSays compares with the definition taken word by word.
func TestRepeatsAreFoundAsTheDefinitionSays(t *testing.T) {
	services := []Service{{ID: "fax", Name: "Fax"}, {ID: "api", Name: "API", Aliases: []string{"gateway"}}}
	emergency := Timeline[*Class]{{Is: &Class{ID: "emergency", Kind: Incident}}}
	rapid.Check(t, func(t *rapid.T) {
		var all []*Item
		for i := range rapid.IntRange(0, 12).Draw(t, "incidents") {
			it := &Item{Ref: record.Ref{ID: fmt.Sprint(i)}, Key: fmt.Sprint(i), Classes: emergency}
			it.Title = rapid.SampledFrom([]string{"down 1", "down 22", "slow", "7", ""}).Draw(t, "title")
			it.Created = record.Instant(rapid.Int64Range(1, 40).Draw(t, "day") * 6 * int64(24*time.Hour))
			if rapid.Bool().Draw(t, "done") {
				it.Finished = it.Created + record.Instant(rapid.Int64Range(0, 6).Draw(t, "days")*6*int64(24*time.Hour))
				it.Discarded = rapid.IntRange(0, 3).Draw(t, "discarded") == 0
			}
			for i := range services {
				if rapid.IntRange(0, 2).Draw(t, "service") == 0 {
					it.Services = append(it.Services, &services[i])
				}
			}
			it.Components = rapid.SliceOfN(rapid.SampledFrom([]string{"Fax", "ui", "UI", "Gateway"}), 0, 2).Draw(t, "components")
			for i := range services { // as the policy reads components
				s := &services[i]
				if slices.ContainsFunc(it.Components, func(c string) bool { return s.GoesBy(fold(c)) }) && !slices.Contains(it.Services, s) {
					it.Services = append(it.Services, s)
				}
			}
			all = append(all, it)
		}
		slices.SortStableFunc(all, func(a, b *Item) int { return int(a.Created - b.Created) })
		found := again(all)
		for _, it := range all {
			var last record.Instant
			for _, was := range all {
				finished := was.Finished != 0 && !was.Discarded && it.Created.Add(-90*24*time.Hour) <= was.Finished && was.Finished < it.Created
				if finished && Fingerprint(was.Title) == Fingerprint(it.Title) && strings.ContainsAny(it.Title, "dos") && sharePlace(was, it) {
					last = max(last, was.Finished)
				}
			}
			if got := found[it]; (got != nil) != (last != 0) || got != nil && got.Finished != last {
				t.Fatalf("%s repeats %+v, but what it repeats was finished at %d", it.Key, got, last)
			}
		}
	})
}

// sharePlace says whether two incidents are on the same service or component.
func sharePlace(a, b *Item) bool {
	for _, s := range a.Services {
		if slices.Contains(b.Services, s) {
			return true
		}
	}
	for _, x := range a.Components {
		if slices.ContainsFunc(b.Components, func(y string) bool { return strings.EqualFold(x, y) }) {
			return true
		}
	}
	return false
}

package analysis

// What is counted by class, severity, kind or stage adds up to what is counted of all, in every metric.

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// noParts are the metrics whose classes are no parts of the headline, with the reason.
var noParts = map[string]string{
	"overload":       "a class is held to its own limit",
	"due-next":       "an item may have two promises",
	"team-structure": "people do several kinds of work",
	"wip-advice":     "a limit for each",
}

func TestPartsAddUpToTheTotalInEveryMetric(t *testing.T) {
	p := lawfulPolicy(t)
	held := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		asOf := lawStart.Add(time.Duration(rapid.IntRange(20, 61).Draw(t, "day")) * 24 * time.Hour)
		issues, pages := drawIssues(t), drawPages(t)
		r := lawNightOf(p, issues, pages, drawTexts(t, pages, p.Zone), afterAll, asOf, asOf)
		for _, f := range r.Figures {
			if noParts[f.Name] != "" || !f.Headline.Number.Known {
				continue
			}
			type sums struct{ number, num, den float64 }
			by := map[string]*sums{}
			for _, part := range f.Parts {
				if v := part.Value; v.Period == f.Headline.Period && slices.Contains([]string{"class", "severity", "kind"}, part.Group) && v.Unit == f.Headline.Unit {
					s := by[part.Group]
					if s == nil {
						s = &sums{}
						by[part.Group] = s
					}
					if s.number += v.Number.Value; v.Ratio != nil {
						s.num, s.den = s.num+v.Ratio.Num, s.den+v.Ratio.Den
					}
				}
			}
			for group, s := range by {
				total := f.Headline
				switch {
				case total.Ratio != nil && (s.num != total.Ratio.Num || math.Abs(s.den-total.Ratio.Den) > 1e-6):
					if math.Abs(s.num-total.Ratio.Num) > 1e-6 || math.Abs(s.den-total.Ratio.Den) > 1e-6 {
						t.Fatalf("%s: by %s %v of %v, in all %v of %v", f.Name, group, s.num, s.den, total.Ratio.Num, total.Ratio.Den)
					}
				case total.Ratio == nil && slices.Contains([]Unit{Items, ItemDays, Days, PerWeek}, total.Unit) && math.Abs(s.number-total.Number.Value) > 1e-6:
					t.Fatalf("%s: by %s %v, in all %v", f.Name, group, s.number, total.Number.Value)
				}
				held[f.Name+" by "+group]++
			}
		}
	})
	for _, must := range []string{"wip by class", "backlog by class", "sla-resolve by class", "sla-resolve by severity", "sla-respond by class", "stalled by class", "unowned by class", "sent-back by class", "severity-mix by severity", "kind-mix by kind", "flow-efficiency by class", "ready by class"} {
		if held[must] == 0 {
			t.Errorf("nothing was held to the sum of %s", must)
		}
	}
}

// TestPilesOfAChartAddUp: whatever stacked charts of one metric on one axis count, by class or by stage, they count
// the same items.
func TestPilesOfAChartAddUp(t *testing.T) {
	p := lawfulPolicy(t)
	pairs := map[string][2]string{"wip": {"by-class", "by-stage"}, "backlog": {"by-class", "by-stage"}, "kind-mix": {"by-kind", "by-class"}}
	rapid.Check(t, func(t *rapid.T) {
		asOf := lawStart.Add(time.Duration(rapid.IntRange(2, 61).Draw(t, "day")) * 24 * time.Hour)
		r := lawReport(p, drawIssues(t), nil, asOf, asOf)
		for name, pair := range pairs {
			piles := func(chart string) []float64 {
				i := slices.IndexFunc(figureNamed(t, r, name).Charts, func(c Chart) bool { return c.Name == chart })
				if i < 0 {
					return nil
				}
				c := figureNamed(t, r, name).Charts[i]
				sums := make([]float64, len(c.X))
				for _, l := range c.Lines {
					for k, v := range l.Values {
						if l.Role != "limit" {
							sums[k] += v.Value
						}
					}
				}
				return sums
			}
			if a, b := piles(pair[0]), piles(pair[1]); a != nil && b != nil && !slices.Equal(a, b) {
				t.Fatalf("%s: %s adds up to %v, %s to %v", name, pair[0], a, pair[1], b)
			}
		}
	})
}

package site

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

func TestDoubtsStandInTheOrderOfTheirLines(t *testing.T) {
	in := input(t, 1)
	s := analysis.SourceState{Name: "archive", Horizon: in.Report.AsOf}
	want := []string{"a2.json", "a2.json:2", "a2.json:9", "a2.json:10", "a2.json:10:3", "a2.json:…", "a10.json:1", "a10.json:…", "b.csv:3"}
	for _, i := range []int{5, 3, 0, 8, 2, 4, 7, 1, 6} {
		s.Doubts = append(s.Doubts, record.Doubt{Place: want[i], What: "left out"})
	}
	in.Report.Sources = []analysis.SourceState{s}
	tree := build(t, in)
	for place, mark := range map[string]func(string) string{
		sourcesPlace: func(s string) string { return "<code>" + s + "</code>" },
		reportPlace:  func(s string) string { return s + ": left out" },
	} {
		page, at := read(t, tree, place), 0
		for _, w := range want {
			i := strings.Index(page[at:], mark(w))
			if i < 0 {
				t.Fatalf("%s: %s is not where it belongs", place, w)
			}
			at += i
		}
	}
	if page := read(t, tree, sourcesPlace); !strings.Contains(page, "whatever instant the rest of the wiki speaks for") {
		t.Error("it is not said that a source may speak up to later than as-of")
	}
}

func TestNaturalOrderIsAnOrder(t *testing.T) {
	word := rapid.StringMatching(`[a:0-9…]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		if natural(a, b) != -natural(b, a) || (natural(a, b) == 0) != (a == b) {
			t.Fatalf("%q and %q: %d, %d", a, b, natural(a, b), natural(b, a))
		}
		ws := []string{a, b, c}
		slices.SortFunc(ws, natural)
		if natural(ws[0], ws[2]) > 0 {
			t.Fatalf("%q are in a circle", ws)
		}
	})
}

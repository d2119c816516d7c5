package analysis

import (
	"strings"
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
)

// TestTheHonestRangeIsFromTheLeastToTheMost in whatever order the methods come: of shares of at least five, and of
// two methods at least.
func TestTheHonestRangeIsFromTheLeastToTheMost(t *testing.T) {
	share := func(v float64, n int) Value {
		return Value{Unit: Share, Number: record.Num(v), N: n, Ratio: &Ratio{Num: 100 * v, Den: 100, Unit: Hours}}
	}
	for _, order := range [][]string{{"30", "10", "20"}, {"10", "20", "30"}, {"20", "30", "10"}} {
		var s spread
		s.add(method{title: "Alone"}, share(0.5, 4)) // too few
		s.add(method{title: "Nothing"}, Value{Unit: Share})
		for i, title := range order {
			if s.add(method{title: title}, share(map[string]float64{"10": 0.1, "20": 0.2, "30": 0.3}[title], 5)); i == 0 && strings.Contains(s.String(), "range") {
				t.Errorf("one method has no range: %s", &s)
			}
		}
		if s.least != "10" || s.low.Number.Value != 0.1 || s.most != "30" || s.high.Number.Value != 0.3 || s.n != 3 {
			t.Errorf("%v: %d methods, from %s by %s to %s by %s", order, s.n, s.low, s.least, s.high, s.most)
		}
		if text := s.String(); !strings.Contains(text, " Too little for a share by alone.") || !strings.Contains(text, " No data by nothing.") {
			t.Error(text)
		}
	}
}

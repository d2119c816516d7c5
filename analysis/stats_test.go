package analysis

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAPercentileIsOneOfTheValues(t *testing.T) {
	to := func(n int) (vs []float64) {
		for i := range n {
			vs = append(vs, float64(n-i)) // the worst order
		}
		return vs
	}
	for _, x := range []struct {
		vs   []float64
		p    float64
		want float64
	}{
		{to(10), 0.85, 9}, {to(10), 0.5, 5}, {to(10), 0.7, 7}, {to(20), 0.85, 17}, {to(20), 0.95, 19},
		{to(100), 0.55, 55}, {to(3), 0.5, 2}, {to(4), 0.5, 2}, {to(1), 0.85, 1}, {to(7), 0, 1}, {to(7), 1, 7},
	} {
		if got := Percentile(x.vs, x.p); got != x.want {
			t.Errorf("%v of %v is %v, want %v", x.p, x.vs, got, x.want)
		}
	}
	if !math.IsNaN(Percentile(nil, 0.5)) {
		t.Error("the median of nothing is a number")
	}
}

func TestAPercentileIsTheSmallestValueThatWillDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 30), func(i int) float64 { return float64(i) }), 1, 50).Draw(t, "values")
		pct := rapid.IntRange(1, 100).Draw(t, "percent")
		before := slices.Clone(vs)
		got := Percentile(vs, float64(pct)/100)
		under := func(v float64) (n int) {
			for _, x := range vs {
				if x <= v {
					n++
				}
			}
			return n
		}
		if under(got)*100 < pct*len(vs) {
			t.Fatalf("%v is too small", got)
		}
		for _, v := range vs {
			if v < got && under(v)*100 >= pct*len(vs) {
				t.Fatalf("%v would do, not %v", v, got)
			}
		}
		if !slices.Equal(vs, before) {
			t.Fatal("the values were reordered")
		}
	})
}

func TestWilsonGivesThePublishedIntervals(t *testing.T) {
	// The first three are Newcombe's (Statistics in Medicine 17, 1998, table I, method 3), to 4 digits.
	for _, x := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {20, 20, 0.8389, 1}, {0, 0, 0, 0}} {
		low, high := Wilson(x.k, x.n)
		if math.Abs(low-x.low) > 0.00005 || math.Abs(high-x.high) > 0.00005 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", x.k, x.n, low, high, x.low, x.high)
		}
	}
}

func TestMannKendallGivesThePublishedNumbers(t *testing.T) {
	for _, c := range []struct {
		name   string
		vs     []float64
		tau, p float64
	}{
		// S = 6 is all pairs of four: 2 of 24 orders are so far from 0.
		{"four that rise", []float64{1, 2, 3, 4}, 1, 2.0 / 24},
		{"four that fall", []float64{4, 3, 2, 1}, -1, 2.0 / 24},
		// One pair of ten the other way: S = 8. Kendall's table: 0.042 on one side (5 of 120 orders).
		{"five, one swapped", []float64{1, 2, 3, 5, 4}, 0.8, 10.0 / 120},
		// Nine inversions of 45: S = 27. Kendall's table for n = 10: 0.0083 on one side.
		{"ten", []float64{2, 1, 4, 3, 6, 5, 10, 9, 8, 7}, 27.0 / 45, 2 * 0.0083},
		// Ties: pairs of 1 2 2 3: S = 5 of 6, one tied; variance (4·3·13 − 2·1·9)/18 = 138/18, z = 4/2.769 = 1.4446.
		{"a tie", []float64{1, 2, 2, 3}, 5 / math.Sqrt(6*5), math.Erfc(4 / math.Sqrt(138.0/18) / math.Sqrt2)},
		{"all equal", []float64{3, 3, 3, 3}, 0, 1},
		{"too few", []float64{1, 2}, 0, 1},
		{"none", nil, 0, 1},
		// S = 0: one pair up, one down, … no direction.
		{"there and back", []float64{1, 3, 3, 1}, 0, 1},
	} {
		tau, p := mannKendall(c.vs)
		if math.Abs(tau-c.tau) > 1e-9 || math.Abs(p-c.p) > 0.0005 {
			t.Errorf("%s: τ %.4f p %.4f, want %.4f and %.4f", c.name, tau, p, c.tau, c.p)
		}
	}
	// Kendall's table (Rank Correlation Methods, appendix table 1): P(S ≥ s) on one side.
	for _, c := range []struct {
		n, s int
		p    float64
	}{{4, 4, 0.167}, {5, 10, 0.0083}, {6, 9, 0.068}, {7, 13, 0.035}, {8, 14, 0.054}, {9, 16, 0.060}, {10, 23, 0.023}, {10, 21, 0.036}} {
		if got := exactKendall(c.n, c.s) / 2; math.Abs(got-c.p) > 0.0006 {
			t.Errorf("P(S ≥ %d) of %d is %.4f, want %.3f", c.s, c.n, got, c.p)
		}
	}
}

func TestMannKendallTurnsWithTheValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 12), func(i int) float64 { return float64(i) }), 0, 60).Draw(t, "values")
		tau, p := mannKendall(vs)
		back := slices.Clone(vs)
		slices.Reverse(back)
		if btau, bp := mannKendall(back); btau != -tau || bp != p {
			t.Fatalf("τ %v p %v, backwards %v and %v", tau, p, btau, bp)
		}
		if p < 0 || p > 1 || tau < -1-1e-9 || tau > 1+1e-9 || math.IsNaN(p+tau) {
			t.Fatalf("τ %v, p %v", tau, p)
		}
	})
}

func TestThePercentileIsWhereSortingWouldPutIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs := rapid.SliceOfN(rapid.Map(rapid.IntRange(-40, 40), func(v int) float64 { return float64(v) / 4 }), 1, 200).Draw(t, "values")
		switch rapid.IntRange(0, 3).Draw(t, "order") {
		case 0:
			slices.Sort(vs)
		case 1: // up and down again
			slices.Sort(vs[:len(vs)/2])
			slices.Sort(vs[len(vs)/2:])
			slices.Reverse(vs[len(vs)/2:])
		}
		k := rapid.IntRange(0, len(vs)-1).Draw(t, "k")
		sorted := slices.Sorted(slices.Values(vs))
		if got := nth(slices.Clone(vs), k); got != sorted[k] {
			t.Fatalf("the %dth of %v is %v, not %v", k, vs, got, sorted[k])
		}
	})
}

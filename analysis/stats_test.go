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

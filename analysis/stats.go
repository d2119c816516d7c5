package analysis

// The few statistics that every figure uses, one function each, so that two figures can never differ
// in what they mean by a percentile.

import (
	"math"
	"slices"
)

// Percentile is the smallest of the values that at least the share p of them does not exceed: the
// nearest rank, without interpolation, so that it is always one of the values. The median is
// Percentile(vs, 0.5). The values may be in any order and are left so; of none it is NaN.
func Percentile(vs []float64, p float64) float64 {
	if len(vs) == 0 {
		return math.NaN()
	}
	sorted := slices.Clone(vs)
	slices.Sort(sorted)
	// The little that is taken off is for shares that have no exact binary form: 0.55 · 100 is
	// 55.000000000000007, and its rank is 55.
	rank := int(math.Ceil(p*float64(len(sorted)) - 1e-9))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// Wilson is the 95 % score interval of k in n (E. B. Wilson, Probable Inference, JASA 22, 1927), with
// z = 1.96 and without continuity correction. Unlike the textbook one it is right for few items and
// near 0 and 1. Of nothing there is no interval: 0, 0.
func Wilson(k, n int) (low, high float64) {
	if n <= 0 {
		return 0, 0
	}
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	low, high = max(0, centre-half), min(1, centre+half)
	// At the ends the formula gives them exactly; the arithmetic, only nearly.
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high
}

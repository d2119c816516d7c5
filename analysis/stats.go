package analysis

// The few statistics that every figure uses, one function each, so that two figures can never differ
// in what they mean by a percentile.

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// Percentile is the smallest of the values that at least the share p of them does not exceed: the
// nearest rank, without interpolation, so that it is always one of the values. The median is
// Percentile(vs, 0.5). The values may be in any order and are left so; of none it is NaN.
func Percentile(vs []float64, p float64) float64 {
	if len(vs) == 0 {
		return math.NaN()
	}
	// The little that is taken off is for shares that have no exact binary form: 0.55 · 100 is
	// 55.000000000000007, and its rank is 55.
	rank := int(math.Ceil(p*float64(len(vs)) - 1e-9))
	return nth(slices.Clone(vs), min(max(rank, 1), len(vs))-1)
}

// nth is the value that would stand at k if the values were in order, with none that is greater before it and none
// that is less behind. It puts no more of them in order than that
// takes (C. A. R. Hoare, Algorithm 65: Find, Communications of the ACM 4, 1961), and all that are left where the
// pivots are bad ones.
func nth(vs []float64, k int) float64 {
	from, to := 0, len(vs)-1
	for tries := 2 * bits.Len(uint(len(vs))); tries > 0 && to-from > 16; tries-- {
		a, b, c := vs[from], vs[(from+to)/2], vs[to]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := from, to
		for i <= j {
			for vs[i] < pivot {
				i++
			}
			for vs[j] > pivot {
				j--
			}
			if i <= j {
				vs[i], vs[j] = vs[j], vs[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			to = j
		case k >= i:
			from = i
		default:
			return vs[k]
		}
	}
	slices.Sort(vs[from : to+1])
	return vs[k]
}

// largestFirst are rows in the order of their numbers, the largest first; those alike stay in theirs. Only the
// numbers are moved about until their places are known: a row is six words, which the collector looks at in every
// move.
func largestFirst(rows []Row) []Row {
	if len(rows) < 2 {
		return rows
	}
	type place struct {
		num float64
		was int
	}
	places := make([]place, len(rows))
	for i := range rows {
		places[i] = place{rows[i].Num.Value, i}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.num != b.num {
			return cmp.Compare(b.num, a.num)
		}
		return a.was - b.was
	})
	sorted := make([]Row, len(rows))
	for i, p := range places {
		sorted[i] = rows[p.was]
	}
	return sorted
}

// atMost says in words of how many values a percentile is not exceeded: of few it is the largest, and what is said of
// nine in ten of them is true of all.
func atMost(n int, p float64, share string) string {
	switch {
	case n == 1:
		return "the only one"
	case n > 1 && int(math.Ceil(p*float64(n)-1e-9)) == n:
		return fmt.Sprintf("all %d", n)
	}
	return share
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

// mannKendall says whether values in the order of time rise or fall: Kendall's τ-b between the values and
// their order, −1 to 1, and how likely one at least as far from 0 would be in values without a trend (two-
// sided). It asks for no shape of the rise and for none of the values; that they do not hang on each other
// it takes for granted (H. B. Mann, Nonparametric Tests Against Trend, Econometrica 13, 1945; M. G. Kendall,
// Rank Correlation Methods, 4th ed. 1975).
//
// Up to ten values without ties p is exact; else it is of the normal approximation with the variance
// corrected for ties and S for continuity. Of fewer than three values, or of equal ones, p is 1.
func mannKendall(vs []float64) (tau, p float64) {
	n, s := len(vs), 0
	for i, v := range vs {
		for _, w := range vs[i+1:] {
			switch {
			case w > v:
				s++
			case w < v:
				s--
			}
		}
	}
	pairs := float64(n*(n-1)) / 2
	untied, variance := pairs, float64(n*(n-1)*(2*n+5))
	sorted := slices.Sorted(slices.Values(vs))
	for i := 0; i < n; {
		t := 1
		for i+t < n && sorted[i+t] == sorted[i] {
			t++
		}
		untied -= float64(t*(t-1)) / 2
		variance -= float64(t * (t - 1) * (2*t + 5))
		i += t
	}
	if n < 3 || untied == 0 {
		return 0, 1
	}
	tau = float64(s) / math.Sqrt(pairs*untied)
	switch {
	case s == 0:
		return tau, 1
	case n <= 10 && untied == pairs:
		return tau, exactKendall(n, max(s, -s))
	}
	z := (math.Abs(float64(s)) - 1) / math.Sqrt(variance/18)
	return tau, math.Erfc(z / math.Sqrt2)
}

// exactKendall is the share of all orders of n different values whose S is at least s > 0 away from 0. The
// orders with so many inversions are counted by putting in one value after the other: the one that comes
// k-th can stand behind 0 to k − 1 of those before it.
func exactKendall(n, s int) float64 {
	orders := []float64{1} // by the number of inversions
	all := 1.0
	for k := 2; k <= n; k++ {
		next := make([]float64, len(orders)+k-1)
		for i, c := range orders {
			for more := range k {
				next[i+more] += c
			}
		}
		orders = next
		all *= float64(k)
	}
	far := 0.0
	for inversions, c := range orders {
		if n*(n-1)/2-2*inversions >= s {
			far += c
		}
	}
	return min(1, 2*far/all)
}

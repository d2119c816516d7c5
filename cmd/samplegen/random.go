package main

// Chance. Everything is drawn from named streams of whole numbers, so that the same exports come out
// on every machine: floating point is left alone, because processors may fuse a multiplication and an
// addition where others round twice. A stream of its own for each subject keeps a change in one part
// of the story from reshuffling all the others.

// rng is a splitmix64 generator (Steele, Lea and Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014).
type rng uint64

// stream is the generator named by its subject. Names are hashed with FNV-1a.
func stream(name string) *rng {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	r := rng(h)
	return &r
}

func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number from 0 to n-1. The bias of the remainder is under one in 2^40 for the numbers used
// here.
func (r *rng) below(n int) int {
	if n <= 1 {
		return 0
	}
	return int(r.next() % uint64(n))
}

// between is a number from lo to hi, both included.
func (r *rng) between(lo, hi int) int { return lo + r.below(hi-lo+1) }

// chance is true so many times in a thousand.
func (r *rng) chance(perMille int) bool { return r.below(1000) < perMille }

// of picks one of a list.
func of[T any](r *rng, list []T) T { return list[r.below(len(list))] }

// weighted is the index of one of the weights, each as likely as it is heavy.
func (r *rng) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	x := r.below(sum)
	for i, w := range weights {
		if x < w {
			return i
		}
		x -= w
	}
	return len(weights) - 1
}

// lognormal has the quantiles 2.5 %, 7.5 % … 97.5 % of a log-normal distribution of median 1000 and
// sigma 0.7: most things take about as long as always, and a few take four times that.
var lognormal = [...]int{254, 365, 447, 520, 590, 658, 728, 800, 876, 957, 1045, 1141, 1250, 1374, 1520, 1695, 1925, 2237, 2740, 3940}

// around is a positive number scattered about a median as durations are: skewed, with a long tail.
func (r *rng) around(median int) int {
	x := r.below((len(lognormal) - 1) * 1000)
	i, f := x/1000, x%1000
	q := lognormal[i]*(1000-f) + lognormal[i+1]*f
	return max(1, median*q/1000000)
}

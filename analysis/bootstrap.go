package analysis

// The interval of a difference between two means (METRICS.md, section 6), drawn again and again from the
// weeks themselves: B. Efron, Bootstrap Methods: Another Look at the Jackknife, Annals of Statistics 7, 1979.

// resamples is how many times both sides are drawn anew; seed is where each interval begins to draw, so that
// the same weeks always give the same interval.
const (
	resamples = 10_000
	seed      = 1
)

// splitmix64 are the numbers of G. L. Steele, D. Lea, C. H. Flood, Fast Splittable Pseudorandom Number
// Generators, OOPSLA 2014, in the constants of S. Vigna's splitmix64.c.
type splitmix64 uint64

func (s *splitmix64) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// bootstrap draws. What it draws depends on how many weeks each side has and on nothing else, so that it is
// drawn once for all the series that have as many.
type bootstrap struct {
	draws map[[2]int][]uint8 // of each resample the weeks before, then those after
	means []float64
}

// interval is the 95 % interval of mean(after) − mean(before): nearest rank, of 10,000 resamples. Each side has
// 1 to 255 values.
func (b *bootstrap) interval(before, after []float64) (low, high float64) {
	size := [2]int{len(before), len(after)}
	draws := b.draws[size]
	if draws == nil {
		draws = make([]uint8, 0, resamples*(size[0]+size[1]))
		random := splitmix64(seed)
		for range resamples {
			for _, n := range size {
				for range n {
					draws = append(draws, uint8(random.next()%uint64(n)))
				}
			}
		}
		if b.draws == nil {
			b.draws = map[[2]int][]uint8{}
		}
		b.draws[size] = draws
	}
	b.means = b.means[:0]
	for len(draws) > 0 {
		was, is := 0.0, 0.0
		for _, i := range draws[:size[0]] {
			was += before[i]
		}
		for _, i := range draws[size[0] : size[0]+size[1]] {
			is += after[i]
		}
		draws = draws[size[0]+size[1]:]
		b.means = append(b.means, is/float64(size[1])-was/float64(size[0]))
	}
	const first, last = resamples*25/1000 - 1, resamples*975/1000 - 1
	high = nth(b.means, last)
	return nth(b.means[:last], first), high
}

// mean is NaN of none.
func mean(vs []float64) float64 {
	sum := 0.0
	for _, v := range vs {
		sum += v
	}
	return sum / float64(len(vs))
}

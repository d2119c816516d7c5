package analysis

import (
	"math/bits"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// ruler is instants in order, and where among them each of many equal pieces of their time begins: an instant is
// looked for in its piece, which holds few of them, and not among half a million.
type ruler struct {
	at     []record.Instant
	pieces []int32 // of each, the first instant in it or after it; the end of the last
	size   int     // of a piece, in powers of two
}

// newRuler makes a ruler with about as many pieces as there are instants.
func newRuler(at []record.Instant) ruler {
	if len(at) == 0 {
		return ruler{}
	}
	span := uint64(at[len(at)-1] - at[0])
	r := ruler{at: at, size: bits.Len64(span / uint64(len(at)))}
	r.pieces = make([]int32, 0, span>>r.size+2)
	for i, t := range at {
		for len(r.pieces) <= r.piece(t) {
			r.pieces = append(r.pieces, int32(i))
		}
	}
	r.pieces = append(r.pieces, int32(len(at)))
	return r
}

func (r *ruler) piece(t record.Instant) int { return int(uint64(t-r.at[0]) >> r.size) }

// first is the index of the first instant that is not before t; how many there are if all of them are.
func (r *ruler) first(t record.Instant) int {
	switch k := len(r.at); {
	case k == 0 || t <= r.at[0]:
		return 0
	case t > r.at[k-1]:
		return k
	}
	p := r.piece(t)
	from, to := r.pieces[p], r.pieces[p+1]
	i, _ := slices.BinarySearch(r.at[from:to], t)
	return int(from) + i
}

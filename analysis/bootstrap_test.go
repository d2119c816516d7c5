package analysis

import (
	"slices"
	"sort"
	"testing"

	"pgregory.net/rapid"
)

func TestSplitmix64GivesItsPublishedNumbers(t *testing.T) {
	for seed, want := range map[splitmix64][]uint64{
		1:       {10451216379200822465, 13757245211066428519, 17911839290282890590, 8196980753821780235, 8195237237126968761},
		1234567: {6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821},
	} {
		s := seed
		for i, w := range want {
			if got := s.next(); got != w {
				t.Errorf("seed %d, number %d: %d, want %d", seed, i, got, w)
			}
		}
	}
}

// plainInterval is METRICS.md written down as it reads.
func plainInterval(before, after []float64) (low, high float64) {
	var state uint64 = 1
	draw := func(vs []float64) float64 {
		total := 0.0
		for i := 0; i < len(vs); i++ {
			state += 11400714819323198485
			z := state
			z = (z ^ (z >> 30)) * 13787848793156543929
			z = (z ^ (z >> 27)) * 10723151780598845931
			z = z ^ (z >> 31)
			total += vs[int(z%uint64(len(vs)))]
		}
		return total / float64(len(vs))
	}
	var differences []float64
	for len(differences) < 10000 {
		was := draw(before)
		differences = append(differences, draw(after)-was)
	}
	sort.Float64s(differences)
	return differences[249], differences[9749] // the 250th and the 9750th of 10,000
}

func TestTheIntervalIsThatOfAPlainRecomputation(t *testing.T) {
	var b bootstrap
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 9), func(i int) float64 { return float64(i) }), 1, 13)
		before, after := values.Draw(t, "before"), values.Draw(t, "after")
		low, high := b.interval(before, after)
		if l, h := plainInterval(before, after); l != low || h != high {
			t.Fatalf("%v to %v, plainly %v to %v", low, high, l, h)
		}
		if least, most := slices.Min(after)-slices.Max(before), slices.Max(after)-slices.Min(before); low > high || low < least-1e-9 || high > most+1e-9 {
			t.Fatalf("%v to %v, of %v to %v that are possible", low, high, least, most)
		}
	})
}

func TestAnIntervalOfWhatNeverChangesIsAPoint(t *testing.T) {
	var b bootstrap
	if low, high := b.interval([]float64{4, 4, 4, 4}, []float64{1, 1, 1}); low != -3 || high != -3 {
		t.Errorf("%v to %v, want −3", low, high)
	}
}

// BenchmarkInterval is one series on both sides of one experiment, a quarter of a year each.
func BenchmarkInterval(b *testing.B) {
	before, after := []float64{4, 5, 3, 6, 4, 2, 7, 4, 4, 5, 3, 6, 4}, []float64{2, 1, 3, 2, 2, 0, 3, 1, 2, 4, 1, 2, 2}
	var bs bootstrap
	b.ReportAllocs()
	for b.Loop() {
		bs.interval(before, after)
	}
}

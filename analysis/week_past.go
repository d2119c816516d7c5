package analysis

// This week in past years: what burned when the calendar said the same. Clocks change, certificates end and
// shops open for the holidays once a year, and once a year nobody remembers.

import (
	"cmp"
	"fmt"
	"slices"
)

// mostYears is how far back a week looks.
const mostYears = 3

// Past is the same ISO week of an earlier year.
type Past struct {
	Years int // ago
	*Week
}

// PastYears are the ISO weeks with the number of the named one, one, two and three years before it, as far as
// they are among the weeks and were over; the latest first. A year without a week 53 is asked for its last.
func PastYears(weeks []Week, name string) []Past {
	var year, number int
	if _, err := fmt.Sscanf(name, "%4d-W%2d", &year, &number); err != nil {
		return nil
	}
	at := func(year, number int) *Week {
		i, ok := slices.BinarySearchFunc(weeks, fmt.Sprintf("%04d-W%02d", year, number), func(w Week, label string) int { return cmp.Compare(w.Label, label) })
		if !ok {
			return nil
		}
		return &weeks[i]
	}
	var all []Past
	for k := 1; k <= mostYears; k++ {
		w := at(year-k, number)
		if w == nil && number == 53 {
			w = at(year-k, 52)
		}
		if w != nil && !w.Partial {
			all = append(all, Past{k, w})
		}
	}
	return all
}

// The order of places: by name, and numbers in them as numbers.

package ledger

import (
	"cmp"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// byPlace orders doubts as a person who goes through a file meets them: line 2 before line 10.
func byPlace(a, b record.Doubt) int {
	return cmp.Or(natural(a.Place, b.Place), cmp.Compare(a.Place, b.Place), cmp.Compare(a.What, b.What))
}

// natural compares two texts byte by byte, but runs of digits by their number.
func natural(a, b string) int {
	for a != "" && b != "" {
		m, n := leadingDigits(a), leadingDigits(b)
		if m == 0 || n == 0 {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		x, y := strings.TrimLeft(a[:m], "0"), strings.TrimLeft(b[:n], "0")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
			return c
		}
		a, b = a[m:], b[n:]
	}
	return cmp.Compare(len(a), len(b))
}

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

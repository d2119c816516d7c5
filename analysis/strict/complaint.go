package strict

// Complaints: what is wrong, where, and what would be right.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Complaint is one mistake in a hand-written file.
type Complaint struct {
	File    string // as the caller named it
	Line    int    // from 1; 0 is the file as a whole
	Col     int    // in characters, from 1; 0 is the line as a whole
	What    string // what is wrong, and what would be right
	Warning bool   // worth a look, but the file can be used
}

// String is file:line:col: what.
func (c Complaint) String() string {
	var b strings.Builder
	b.WriteString(c.File)
	if c.Line > 0 {
		fmt.Fprintf(&b, ":%d", c.Line)
		if c.Col > 0 {
			fmt.Fprintf(&b, ":%d", c.Col)
		}
	}
	b.WriteString(": ")
	if c.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(c.What)
	return b.String()
}

// Sort puts complaints in the order of the files and the places in them, and drops repetitions.
func Sort(cs []Complaint) []Complaint {
	slices.SortStableFunc(cs, func(a, b Complaint) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.What, b.What))
	})
	return slices.Compact(cs)
}

// Failed says whether one of the complaints is more than a warning.
func Failed(cs []Complaint) bool {
	return slices.ContainsFunc(cs, func(c Complaint) bool { return !c.Warning })
}

// DidYouMean is `; did you mean "x"?` where one of the candidates is close to the word, else "".
func DidYouMean(word string, candidates ...string) string {
	if best := Closest(word, candidates...); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return ""
}

// Closest is the candidate that was probably meant: the one with the fewest typing slips, and at most
// one slip for three characters; "" if none is that close. The first of equals wins.
func Closest(word string, candidates ...string) string {
	best, fewest := "", utf8.RuneCountInString(word)/3+1
	if len(word) > 100 { // no key or name that anybody writes
		return ""
	}
	for _, c := range candidates {
		if strings.EqualFold(word, c) {
			return c
		}
		if n := slips(fold(word), fold(c), fewest); n < fewest {
			best, fewest = c, n
		}
	}
	return best
}

// fold makes the differences go that are no slips: case, and how words are joined.
func fold(s string) []rune {
	return []rune(strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(s)))
}

// slips is the number of letters put in, left out, replaced or swapped with their neighbour between a
// and b (the optimal string alignment distance); limit if it is not less than limit.
func slips(a, b []rune, limit int) int {
	if max(len(a)-len(b), len(b)-len(a)) >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}

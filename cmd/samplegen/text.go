package main

// Small work with words.

import (
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

func joinWords(words []string) string { return strings.Join(words, " ") }

func cutMinus(s string) (string, bool) { return strings.CutPrefix(s, "-") }

func without(list []string, s string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == s })
}

// fill puts numbers, months and shops where a phrase leaves room for them.
func fill(r *rng, phrase string, month int) string {
	for strings.Contains(phrase, "%c") {
		phrase = strings.Replace(phrase, "%c", of(r, circumstances), 1)
	}
	var b strings.Builder
	for i := 0; i < len(phrase); i++ {
		if phrase[i] != '%' || i+1 == len(phrase) {
			b.WriteByte(phrase[i])
			continue
		}
		i++
		switch phrase[i] {
		case 'n':
			b.WriteString(of(r, []string{"3", "5", "10", "12", "20", "25", "40", "60"}))
		case 's':
			b.WriteString(itoa(r.between(1001, 1240)))
		case 'm':
			b.WriteString(months[(month+11)%12])
		case 'g':
			b.WriteString(itoa(r.between(1, 4)))
		default:
			b.WriteByte('%')
			i--
		}
	}
	return b.String()
}

// order fills in an order's number: the product counts them.
func orders(r *rng, phrase string, t int64) string {
	n := 4_100_000 + int((t-1746072000)/17) + r.below(4000)
	return strings.ReplaceAll(phrase, "#%n", "#"+itoa(n))
}

func splitWords(s string) []string { return strings.Fields(s) }

func replaceName(words, name string) string {
	first, _, _ := strings.Cut(name, " ")
	return strings.ReplaceAll(words, "%w", first)
}

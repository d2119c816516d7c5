package analysis

import (
	"fmt"
	"testing"
)

func TestAWeekLooksBackAtItsNumber(t *testing.T) {
	var weeks []Week
	for year := 2022; year <= 2026; year++ {
		last := 52
		if year == 2026 { // of these years, only 2026 has a week 53
			last = 53
		}
		for k := 1; k <= last; k++ {
			weeks = append(weeks, Week{Period: Period{Label: fmt.Sprintf("%04d-W%02d", year, k)}})
		}
	}
	weeks[len(weeks)-1].Partial = true
	for name, want := range map[string]string{
		"2026-W44": "[1 2025-W44] [2 2024-W44] [3 2023-W44] ",
		"2026-W53": "[1 2025-W52] [2 2024-W52] [3 2023-W52] ",
		"2024-W02": "[1 2023-W02] [2 2022-W02] ",
		"2022-W02": "",
		"2027-W53": "[2 2025-W52] [3 2024-W52] ", // last year's is not over
		"nonsense": "",
	} {
		got := ""
		for _, p := range PastYears(weeks, name) {
			got += fmt.Sprintf("[%d %s] ", p.Years, p.Label)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

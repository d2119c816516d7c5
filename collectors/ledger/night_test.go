package ledger

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

func fiveOClock(y int, m time.Month, d int) record.Instant {
	return record.At(time.Date(y, m, d, 5, 0, 0, 0, time.UTC))
}

// fourYears are the nights of four years, up to Monday, 23 November 2026.
func fourYears() []record.Instant {
	var nights []record.Instant
	for at := fiveOClock(2022, 11, 24); at <= fiveOClock(2026, 11, 23); at = at.Add(24 * time.Hour) {
		nights = append(nights, at)
	}
	return nights
}

// fewer are those of four years that are to be kept.
func fewer() []record.Instant {
	kept := []record.Instant{fiveOClock(2022, 11, 24)}
	for _, monday := range []string{"2022-12-05", "2023-01-02", "2023-02-06", "2023-03-06", "2023-04-03", "2023-05-01", "2023-06-05", "2023-07-03",
		"2023-08-07", "2023-09-04", "2023-10-02", "2023-11-06", "2023-12-04", "2024-01-01", "2024-02-05", "2024-03-04", "2024-04-01", "2024-05-06",
		"2024-06-03", "2024-07-01", "2024-08-05", "2024-09-02", "2024-10-07", "2024-11-04"} {
		day, err := time.Parse(time.DateOnly, monday)
		if err != nil {
			panic(err)
		}
		kept = append(kept, record.At(day.Add(5*time.Hour)))
	}
	for at := fiveOClock(2024, 11, 25); at <= fiveOClock(2026, 10, 12); at = at.Add(7 * 24 * time.Hour) {
		kept = append(kept, at)
	}
	for at := fiveOClock(2026, 10, 14); at <= fiveOClock(2026, 11, 23); at = at.Add(24 * time.Hour) {
		kept = append(kept, at)
	}
	return kept
}

func without(nights, spare []record.Instant) []record.Instant {
	return slices.DeleteFunc(slices.Clone(nights), func(at record.Instant) bool { return slices.Contains(spare, at) })
}

func TestOfNightsLongAgoFewerAreKept(t *testing.T) {
	all := fourYears()
	if got := without(all, spare(all, all[len(all)-1])); !slices.Equal(got, fewer()) {
		t.Errorf("all at once: %v", got)
	}
	var kept []record.Instant
	for _, at := range all {
		kept = append(kept, at)
		kept = without(kept, spare(kept, at))
	}
	if !slices.Equal(kept, fewer()) {
		t.Errorf("night by night: %v", kept)
	}
	// Some were missed, some days had two.
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var some, kept []record.Instant
		for _, at := range all {
			for range r.IntN(3) {
				some = append(some, at.Add(time.Duration(len(some)%2)*time.Hour+time.Duration(len(some))))
			}
		}
		slices.Sort(some)
		for _, at := range some {
			kept = append(kept, at)
			kept = without(kept, spare(kept, at))
		}
		if at := some[len(some)-1]; !slices.Equal(kept, without(some, spare(some, at))) || kept[len(kept)-1] != at || kept[0] != some[0] {
			t.Fatalf("night by night %v, all at once %v", kept, without(some, spare(some, at)))
		}
	}
}

func TestSavingANightThinsThoseOfLongAgo(t *testing.T) {
	l := openNew(t)
	nights := fourYears()
	last := nights[len(nights)-1]
	for _, at := range nights[:len(nights)-1] { // as a firebreak that thinned nothing left them
		if _, err := l.db.Exec("INSERT INTO night VALUES (?, ?, 'p', zeroblob(9000), zeroblob(9000))", int64(at), int64(at)); err != nil {
			t.Fatal(err)
		}
	}
	kept := func() []record.Instant {
		t.Helper()
		all, err := collect(t.Context(), l, "nights", func(at *record.Instant) []any { return []any{at} }, "SELECT as_of FROM night ORDER BY as_of")
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	save := func(at, created record.Instant) {
		t.Helper()
		if err := l.SaveNight(t.Context(), Night{AsOf: at, Created: created, Report: []byte("r"), Verdicts: []byte("v")}); err != nil {
			t.Fatal(err)
		}
	}
	room := func() (pages, free int) {
		t.Helper()
		if err := l.db.QueryRow("SELECT page_count, freelist_count FROM pragma_page_count, pragma_freelist_count").Scan(&pages, &free); err != nil {
			t.Fatal(err)
		}
		return pages, free
	}
	pages, _ := room()
	save(last, last+1)
	if got := kept(); !slices.Equal(got, fewer()) {
		t.Errorf("kept %v", got)
	}
	if after, free := room(); after > pages || free < pages/2 {
		t.Errorf("%d pages of which %d are free, %d before; want them used again", after, free, pages)
	}

	// Built for the past, a night is kept until the next is, or for as long as it is the first of its week.
	second := fiveOClock(2026, 6, 10)
	save(second, last+2)
	if got := kept(); !slices.Contains(got, second) || len(got) != len(fewer())+1 {
		t.Errorf("the night that was saved is not kept beside the others: %v", got)
	}
	earlier := fiveOClock(2026, 6, 15) - record.Instant(time.Hour)
	save(earlier, last+3)
	if got := kept(); slices.Contains(got, second) || slices.Contains(got, fiveOClock(2026, 6, 15)) || !slices.Contains(got, earlier) || len(got) != len(fewer()) {
		t.Errorf("the first of each week: %v", got)
	}

	// A slip of the year, --as-of 2062, makes none of them old.
	save(fiveOClock(2062, 11, 23), last)
	if got := kept(); len(got) != len(fewer())+1 {
		t.Errorf("after a night of the future: %v", got)
	}
	save(last.Add(24*time.Hour), last.Add(24*time.Hour))
	if got := kept(); !slices.Contains(got, last) || !slices.Contains(got, fiveOClock(2026, 10, 15)) || slices.Contains(got, fiveOClock(2026, 10, 14)) {
		t.Errorf("the night after: %v", got)
	}
}

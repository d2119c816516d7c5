package ledger

import (
	"fmt"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
)

func TestPagesThatTwoExportsTellOtherwiseAreDoubted(t *testing.T) {
	const minute = 60_000_000_000
	at := record.Instant(1_760_000_000_000_000_000)
	page := func(id string, triggered, resolved record.Instant, events ...record.Event) record.Page {
		return record.Page{Ref: record.Ref{Tracker: "p", ID: id}, Triggered: at + triggered, Resolved: at + resolved, Events: events}
	}
	reopened := record.Event{ID: "r", At: at + 40*minute, Kind: record.EventReopened}
	batch := func(part string, pages ...record.Page) record.Batch {
		return record.Batch{Pages: pages, Origins: []record.Origin{{Part: part}}, Tallies: []record.Tally{{Part: part, Read: len(pages)}}, Cursor: record.Cursor(part)}
	}
	l := openNew(t)
	mustStart(t, l, 10)
	a := batch("a.csv", page("1", 0, 30*minute), page("2", 0, 30*minute), page("3", 0, 30*minute), page("4", 0, 30*minute))
	mustSave(t, l, a)
	mustSave(t, l, batch("b.csv", page("1", -60*minute, 90*minute), page("2", 0, 90*minute), page("3", 0, 90*minute, reopened), page("4", minute/2, 31*minute)))
	mustEnd(t, l, 20, Complete)
	mustStart(t, l, 30) // a night without a new file takes nothing back
	mustSave(t, l, record.Batch{Cursor: "b.csv"})
	mustEnd(t, l, 40, Complete)
	want := `b.csv: page 1 was triggered at 2025-10-09T08:53:20Z in one export and at 2025-10-09T07:53:20Z in another; the one updated later is believed
b.csv: page 2 ended at 2025-10-09T09:23:20Z in one export and at 2025-10-09T10:23:20Z in another, and no log says that it was opened again; the later one is believed
`
	if got := doubts(source(t, l)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}

	// Two files of one batch, and many of a sort.
	l = openNew(t)
	var both record.Batch
	for i := range 30 {
		both.Pages = append(both.Pages, page(fmt.Sprint(i%15), record.Instant(i)*minute, 60*minute))
	}
	both.Origins = []record.Origin{{Part: "a.csv"}, {Part: "b.csv", From: 15}}
	both.Tallies = []record.Tally{{Part: "a.csv", Read: 15}, {Part: "b.csv", Read: 15}}
	mustSave(t, l, both)
	if got := doubts(source(t, l)); strings.Count(got, "\n") != sameDoubts+1 || strings.Count(got, "b.csv: ") != sameDoubts+1 || !strings.Contains(got, "b.csv: 5 more pages contradict") {
		t.Errorf("got\n%s", got)
	}
}

func doubts(s Source) string {
	var b strings.Builder
	for _, d := range s.Doubts {
		fmt.Fprintf(&b, "%s: %s\n", d.Place, d.What)
	}
	return b.String()
}

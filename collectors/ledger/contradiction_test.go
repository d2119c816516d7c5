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
		return record.Batch{Pages: pages, Tallies: []record.Tally{{Part: part, Read: len(pages)}}, Cursor: record.Cursor(part)}
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
	want := `page 1: one export says that it was triggered at 2025-10-09T07:53:20Z, and another at 2025-10-09T08:53:20Z; 2025-10-09T08:53:20Z is believed, of the one updated later
page 2: one export says that it ended at 2025-10-09T09:23:20Z, and another at 2025-10-09T10:23:20Z, and no log that it was opened again; the later is believed
`
	if got := doubts(source(t, l)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	mustSave(t, l, a)
	if got := doubts(source(t, l)); got != want {
		t.Errorf("read again:\n%swant\n%s", got, want)
	}
	mustSave(t, l, batch("log.json", record.Page{Ref: record.Ref{Tracker: "p", ID: "2"}, Events: []record.Event{reopened}}))
	if got := doubts(source(t, l)); strings.Contains(got, "page 2") || !strings.Contains(got, "page 1") {
		t.Errorf("with the log:\n%s", got)
	}
}

func TestContradictionsAreCountedOnlyBeyondAHundred(t *testing.T) {
	const minute = 60_000_000_000
	l := openNew(t)
	var both record.Batch
	for i := range record.Instant(400) {
		both.Pages = append(both.Pages, record.Page{Ref: record.Ref{Tracker: "p", ID: fmt.Sprint(int(i) % 200)}, Triggered: 1_760_000_000_000_000_000 + i*minute})
	}
	mustSave(t, l, both)
	if got := doubts(source(t, l)); strings.Count(got, "\n") != contradictions+1 || !strings.Contains(got, "pages: there are more than 100") {
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

package site

import (
	"strings"
	"testing"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// A promise on the calendar that never rests counts time as everybody knows it; one on the office's counts
// working time, and says so.
func TestWhatAPromiseHasLeftIsInTheTimeThatItCounts(t *testing.T) {
	in := input(t, 1)
	fire := issue(t, "SUP-1", "Incident", "Blocker", "Orders are lost", "2026-10-30T08:00:00Z")
	request := issue(t, "SUP-2", "Request", "Minor", "A new printer", "2026-11-02T13:59:00Z")
	for _, is := range []*record.Issue{&fire, &request} {
		is.Copies[0].Status.Name = "New"
		is.Copies[0].Status.Category = record.Todo
		is.Copies[0].Closed = 0
		is.Changes = nil
	}
	in.Report = night(t, []record.Issue{fire, request}, nil)
	tree := build(t, in)
	if page := read(t, tree, "items/tickets/SUP-2/index.html"); !strings.Contains(page, " of working time") {
		t.Errorf("the request's time is not called working time\n%s", page)
	}
	page := read(t, tree, homePlace)
	burning := page[strings.Index(page, "Open emergencies"):]
	if !strings.Contains(burning, "late by ") || strings.Contains(burning, "of working time") {
		t.Errorf("the emergency's clock never rests\n%s", burning)
	}
}

// A list's rows become blocks on a phone, where no head tells the cells apart; numbers side by side stay a table.
func TestATableOfItemsOrSentencesStacksOnAPhone(t *testing.T) {
	in := input(t, 1)
	r := open(t, build(t, in))
	b := &builder{Input: in, report: in.Report, zone: in.Report.Policy.Zone}
	words := func(t string) analysis.Cell { return analysis.Cell{Text: t} }
	sentenceLong := strings.Repeat("why it is so ", 6)
	for name, c := range map[string]struct {
		cell  analysis.Cell
		stack bool
	}{"a word": {words("met"), false}, "a sentence": {words(sentenceLong), true}, "a metric": {analysis.Cell{Text: "WIP", Metric: &analysis.Metric{Name: "wip"}}, true}} {
		table := &analysis.Table{Title: "T", Columns: []analysis.Column{{Title: "What"}, {Title: "Why & when"}}, Rows: [][]analysis.Cell{{c.cell, words("late")}}}
		html, _ := b.table(homePlace, table, 10, false)
		if got := strings.Contains(string(html), `data-head="Why &amp; when"`); got != c.stack || strings.Contains(string(html), `class="items"`) != c.stack {
			t.Errorf("%s: %s", name, html)
		}
	}
	log := &analysis.Table{Title: "T", Columns: []analysis.Column{{Title: "Page"}, {Title: "Went off", Unit: analysis.Moment}}, Rows: [][]analysis.Cell{{words("P1"), {Num: record.Num(1)}}}}
	if html, _ := b.table(homePlace, log, 10, false); !strings.Contains(string(html), `class="items"`) {
		t.Errorf("a log: %s", html)
	}
	for _, place := range []string{policiesPlace, changesPlace, beforeAfterPlace} {
		r.see(t, place, 390, 844, "dark")
		if over := ask[int](t, r, `Math.max(0, ...[...document.querySelectorAll('main .scroll:has(table.items)')].map(s => s.scrollWidth - s.clientWidth))`); over > 0 {
			t.Errorf("%s: a list is %d px wider than the phone", place, over)
		}
	}
	r.see(t, policiesPlace, 390, 844, "dark")
	if n := ask[int](t, r, `document.querySelectorAll('main .scroll:has(table.items)').length`); n == 0 {
		t.Error("Policies has no list")
	}
}

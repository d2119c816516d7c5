package site

import (
	"strings"
	"testing"

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

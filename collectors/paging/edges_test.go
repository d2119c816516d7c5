package paging

import (
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
)

// What lies exactly on an edge is on the side that the comments of the readers say.
func TestWhatLiesOnAnEdge(t *testing.T) {
	const s = 1_000_000_000
	p := record.Page{Events: []record.Event{{At: 5 * s, Kind: record.EventEscalated}, {At: 5 * s, Kind: record.EventEscalated}, {At: 6 * s, Kind: record.EventEscalated}}}
	if recount(&p); p.Escalated != 2 { // to two people at once, and a second later again
		t.Errorf("escalated %d times; want 2", p.Escalated)
	}
	read := func(text string) record.Page {
		b := collect(t, Files{Tracker: "pager", Set: oneFile("a.json", text)})
		if len(b.Pages) != 1 {
			t.Fatal(dump(b))
		}
		return b.Pages[0]
	}
	// An alert that the list says to have ended when it was updated has ended.
	if p := read(`[{"labels": {"alertname": "a"}, "fingerprint": "f", "startsAt": "2026-03-02T08:00:00Z", "endsAt": "2026-03-02T09:00:00Z", "updatedAt": "2026-03-02T09:00:00Z",
		"status": {"state": "active"}, "receivers": [{"name": "pager"}]}]`); p.Resolved.String() != "2026-03-02T09:00:00Z" {
		t.Errorf("resolved at %q", p.Resolved)
	}
	// Acknowledged at the very instant of its resolution is acknowledged by that.
	if p := read(`{"data": [{"id": "i", "tinyId": "1", "message": "m", "status": "resolved", "createdAt": "2026-03-02T08:00:00Z", "updatedAt": "2026-03-02T09:00:00Z", "impactStartDate": "2026-03-02T08:00:00Z",
		"timelines": [{"id": "1", "type": "ResponderAlertAcked", "eventTime": "2026-03-02T09:00:00Z", "actor": {"type": "api", "name": ""}},
		 {"id": "2", "type": "IncidentResolved", "eventTime": "2026-03-02T09:00:00Z", "actor": {"type": "user", "name": "a@example.com"}}]}]}`); p.Acked != 0 || p.Resolved == 0 {
		t.Errorf("acknowledged at %q, resolved at %q", p.Acked, p.Resolved)
	}
}

package paging

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// A list that a service answers in pieces is whole where its files are, whatever else lies beside them; what no
// file holds is a gap, every night until one does.
func TestPiecesOfAListAreJudgedTogether(t *testing.T) {
	const (
		rest  = `{"incidents": [{"id": "P1", "type": "incident", "incident_number": 1, "title": "a", "status": "triggered", "created_at": "2026-03-01T09:00:00Z"}], "limit": 1, `
		alert = `{"data": [{"id": "a1", "tinyId": "1", "alias": "x", "message": "m", "status": "open", "acknowledged": false, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "responders": [{"type": "team"}]}], `
		next  = `"paging": {"next": "https://api.opsgenie.com/v2/alerts?limit=1&offset=1", "last": "https://api.opsgenie.com/v2/alerts?limit=1&offset=1"}}`
		last  = `"paging": {"last": "https://api.opsgenie.com/v2/alerts?limit=1&offset=1"}}`
		raw   = `{"data": [{"id": "P1", "incident_number": 1, "created_at": "2026-03-01T09:00:00", "service_name": "s", "seconds_to_resolve": null}], "time_zone": "UTC", `
		rota  = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:u\nDTSTART:20260302T100000Z\nDTEND:20260309T100000Z\nSUMMARY:Maya\nATTENDEE;CN=Maya:mailto:maya@example.com\nEND:VEVENT\nEND:VCALENDAR\n"
		duty  = `{"offset": 0, "limit": 1, "total": 2, "incidents": [{"incidentNumber": "1", "startTime": "2026-03-02T08:00:00Z", "transitions": []}]}`
	)
	for _, c := range []struct {
		name  string
		files map[string]string
		gap   string // "" where there is none
	}{
		{"three answers at the offsets that each other name", map[string]string{"p0": rest + `"offset": 0, "more": true}`, "p1": rest + `"offset": 1, "more": true}`, "p2": rest + `"offset": 2, "more": false}`}, ""},
		{"the one in the middle is not there", map[string]string{"p0": rest + `"offset": 0, "more": true}`, "p2": rest + `"offset": 2, "more": false}`}, "further incidents in p0.json"},
		{"a whole list beside the first answer of another", map[string]string{"jan": rest + `"offset": 0, "more": false}`, "feb": rest + `"offset": 0, "more": true}`}, "further incidents in feb.json"},
		{"the first alerts and a calendar", map[string]string{"a": alert + next, "rota.ics": rota}, "further Opsgenie alerts in a.json"},
		{"all alerts", map[string]string{"a": alert + next, "b": alert + last, "rota.ics": rota}, ""},
		{"raw incidents to the end", map[string]string{"a": raw + `"filters": {"urgency": "high"}, "more": true, "last": "x"}`, "b": raw + `"filters": {"urgency": "high"}, "more": false}`}, ""},
		{"raw incidents of two questions", map[string]string{"a": raw + `"filters": {"urgency": "high"}, "more": true, "last": "x"}`, "b": raw + `"filters": {"urgency": "low"}, "more": false}`}, "further incidents of PagerDuty's Analytics in a.json"},
		{"a total", map[string]string{"a": duty, "rota.ics": rota}, "1 of the 2 Splunk On-Call incidents in a.json"},
		{"a total in two files", map[string]string{"a": duty, "b": duty}, ""},
	} {
		fsys := fstest.MapFS{}
		for name, text := range c.files {
			if !strings.Contains(name, ".") {
				name += ".json"
			}
			fsys[name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Unix(1, 0)}
		}
		s := Files{Tracker: "pager", Set: exports.Set{Source: "pager", FS: fsys, Patterns: []string{"**"}}}
		since := record.Cursor("")
		for night := 1; night <= 3; night++ { // on the second one all files are known; on the third one the first is not there
			if night == 3 {
				delete(fsys, "p0.json")
			}
			var gaps []string
			for b, err := range s.Fetch(context.Background(), since) {
				if err != nil {
					t.Fatal(err)
				}
				for _, g := range b.Gaps {
					gaps = append(gaps, g.What)
				}
				since = b.Cursor
			}
			want := c.gap
			if night == 3 && strings.Contains(want, "p0.json") {
				want = ""
			}
			if got := strings.Join(gaps, "; "); got != want {
				t.Errorf("%s, night %d: gaps %q; want %q", c.name, night, got, want)
			}
		}
	}
}

// PagerDuty answers six months at most, and does not say that it was asked for more.
func TestIncidentsOfSixMonthsAreDoubted(t *testing.T) {
	for last, doubts := range map[string]int{"2026-10-28": 1, "2026-09-28": 0, "2026-12-28": 0} {
		b := collect(t, Files{Tracker: "pager", Set: oneFile("a.json", `{"incidents": [
			{"id": "P1", "type": "incident", "incident_number": 1, "title": "a", "status": "triggered", "created_at": "2026-05-01T09:00:00Z"},
			{"id": "P2", "type": "incident", "incident_number": 2, "title": "a", "status": "triggered", "created_at": "`+last+`T09:00:00Z"}], "limit": 100, "offset": 0, "more": false}`)})
		if len(b.Doubts) != doubts {
			t.Errorf("up to %s: %v", last, b.Doubts)
		}
	}
}

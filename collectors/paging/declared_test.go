package paging

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// TestEveryRealFileOfSquadcastIsRead has the numbers of records that jq counts in them.
func TestEveryRealFileOfSquadcastIsRead(t *testing.T) {
	b := collect(t, pagesBeside(t, "faros/squadcast/*.json"))
	var got []string
	for _, y := range b.Tallies {
		got = append(got, fmt.Sprintf("%s (%s): %d read, %v left out", y.Part, y.Kind, y.Read, y.Left))
	}
	if d := cmp.Diff([]string{
		"faros/squadcast/events.json (squadcast events): 0 read, map[alert of an incident:3] left out",
		"faros/squadcast/incidents.json (squadcast incidents): 4 read, map[] left out",
		"faros/squadcast/services.json (names of teams, services or people): 0 read, map[reference data:1] left out",
	}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(b.Gaps)+len(b.Doubts) > 0 {
		t.Error(b.Gaps, b.Doubts)
	}
	for _, p := range b.Pages {
		switch p.ID {
		case "619cb810f88b5d9a2ab1271d": // by its own "tta (ms)" and "ttr (ms)", which count from 29 ms before created_at
			if ack, end := p.Acked.Sub(p.Triggered), p.Resolved.Sub(p.Triggered); ack != (8923757-29)*time.Millisecond || end != (8931157-29)*time.Millisecond {
				t.Errorf("acknowledged after %s, resolved after %s", ack, end)
			}
		case "61a7ece72f6ef5493bf06570":
			if p.Acked != 0 || p.Resolved != 0 {
				t.Errorf("0001-01-01 is a time that has not come: %s", dump(record.Batch{Pages: b.Pages[:1]}))
			}
		}
	}
}

// TestADeclaredIncidentIsReadAlikeFromEveryTool writes incidents as each of the tools does, and reads them
// back.
func TestADeclaredIncidentIsReadAlikeFromEveryTool(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		begin := record.At(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
		n := 0
		want := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) record.Page {
			n++
			after := func(name string) record.Instant {
				return begin.Add(time.Duration(n)*time.Hour + time.Duration(rapid.IntRange(0, 1e6).Draw(t, name))*time.Millisecond)
			}
			p := record.Page{
				Ref: record.Ref{Tracker: "pager", ID: fmt.Sprintf("I%d", n)}, Number: fmt.Sprint(n), Title: fmt.Sprintf("incident %d", n),
				Service: rapid.SampledFrom([]string{"", "Orders", "Gateway"}).Draw(t, "service"), Urgency: rapid.SampledFrom([]string{"", "SEV1", "SEV2"}).Draw(t, "severity"),
				Triggered: begin.Add(time.Duration(n) * time.Hour),
			}
			if rapid.Bool().Draw(t, "acknowledged") {
				p.Acked = after("acknowledged")
			}
			if rapid.Bool().Draw(t, "resolved") {
				p.Resolved = after("resolved")
			}
			return p
		}), 1, 8).Draw(r, "incidents")
		for tool, text := range map[string]string{"firehydrant": asFireHydrant(want), "rootly": asRootly(want), "incident_io": asIncidentIO(want)} {
			for _, said := range []string{"", tool} {
				b := collect(t, Files{Tracker: "pager", Tool: said, Set: oneFile("f.json", text)})
				if d := cmp.Diff(want, b.Pages, cmpopts.IgnoreFields(record.Page{}, "Events", "Updated")); d != "" {
					r.Errorf("%s (-want +got):\n%s", tool, d)
				}
				for i, p := range b.Pages {
					if at := steps(p); !maps.Equal(at, ends(want[i])) {
						r.Errorf("%s: events %v of %+v", tool, at, want[i])
					}
				}
				if len(b.Gaps)+len(b.Doubts) > 0 {
					r.Errorf("%s: %v %v", tool, b.Gaps, b.Doubts)
				}
			}
		}
	})
}

// steps are the kinds of a page's events, and when they were.
func steps(p record.Page) map[string]record.Instant {
	at := map[string]record.Instant{}
	for _, e := range p.Events {
		at[e.Kind] = e.At
	}
	return at
}

// ends are those that a page itself knows of.
func ends(p record.Page) map[string]record.Instant {
	at := map[string]record.Instant{record.EventAcknowledged: p.Acked, record.EventResolved: p.Resolved}
	maps.DeleteFunc(at, func(_ string, i record.Instant) bool { return i == 0 })
	return at
}

type j = map[string]any

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// written is an instant as JSON tells it, null for never.
func written(at record.Instant) any {
	if at == 0 {
		return nil
	}
	return at.String()
}

func asFireHydrant(pages []record.Page) string {
	var all []any
	for _, p := range pages {
		var milestones []any
		for _, kind := range slices.Sorted(maps.Keys(ends(p))) {
			milestones = append(milestones, j{"id": kind + p.ID, "type": kind, "occurred_at": written(ends(p)[kind])})
		}
		severity, milestone := any(p.Urgency), "started"
		if p.Urgency == "" {
			severity = "UNSET"
		}
		if p.Resolved != 0 {
			milestone = "resolved"
		}
		is := j{"id": p.ID, "number": json.Number(p.Number), "name": p.Title, "created_at": written(p.Triggered), "current_milestone": milestone, "severity": severity, "milestones": milestones}
		if p.Service != "" {
			is["services"] = []any{j{"id": "s", "name": p.Service}}
		}
		all = append(all, is)
	}
	return text(j{"data": all, "pagination": j{"count": len(all)}})
}

func asRootly(pages []record.Page) string {
	var all []any
	for _, p := range pages {
		a := j{"sequential_id": json.Number(p.Number), "title": p.Title, "kind": "normal", "created_at": written(p.Triggered), "acknowledged_at": written(p.Acked), "resolved_at": written(p.Resolved), "severity": nil}
		if p.Urgency != "" {
			a["severity"] = j{"data": j{"type": "severities", "attributes": j{"name": p.Urgency}}}
		}
		if p.Service != "" {
			a["services"] = j{"data": []any{j{"type": "services", "attributes": j{"name": p.Service}}}}
		}
		all = append(all, j{"id": p.ID, "type": "incidents", "attributes": a})
	}
	return text(j{"data": all, "meta": j{"total_count": len(all)}})
}

func asIncidentIO(pages []record.Page) string {
	var all []any
	for _, p := range pages {
		values := []any{}
		for name, at := range map[string]record.Instant{"Accepted at": p.Acked, "Resolved at": p.Resolved} {
			value := any(nil)
			if at != 0 {
				value = j{"value": written(at)}
			}
			values = append(values, j{"incident_timestamp": j{"name": name}, "value": value})
		}
		is := j{"id": p.ID, "reference": p.Number, "name": p.Title, "mode": "standard", "created_at": written(p.Triggered), "severity": nil, "incident_timestamp_values": values}
		if p.Urgency != "" {
			is["severity"] = j{"name": p.Urgency}
		}
		if p.Service != "" {
			is["custom_field_entries"] = []any{j{"custom_field": j{"name": "Services"}, "values": []any{j{"value_option": j{"value": p.Service}}}}}
		}
		all = append(all, is)
	}
	return text(j{"incidents": all, "pagination_meta": j{"total_record_count": len(all)}})
}

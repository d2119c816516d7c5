package main

// What is kept of a night, for the one that will ask what changed; and how an as-of is read.

import (
	"encoding/json"
	"time"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// verdicts are what became of each promise, for the night that will ask what changed.
func verdicts(r *analysis.Report) ([]byte, error) {
	type promise struct {
		Outcome string         `json:"outcome,omitempty"`
		Due     record.Instant `json:"due,omitzero"`
	}
	type row struct {
		Tracker  string  `json:"tracker"`
		ID       string  `json:"id"`
		Key      string  `json:"key"`
		Class    string  `json:"class"`
		Severity int     `json:"severity"`
		Respond  promise `json:"respond"`
		Resolve  promise `json:"resolve"`
	}
	rows := make([]row, 0, len(r.Items))
	for _, it := range r.Items {
		rows = append(rows, row{it.Tracker, it.ID, it.Key, it.Class().ClassID(), it.Severity(),
			promise{it.Respond.Outcome.String(), it.Respond.Due}, promise{it.Resolve.Outcome.String(), it.Resolve.Due}})
	}
	return json.Marshal(rows)
}

// instant reads --as-of: an RFC 3339 instant, or a date, which means the end of that local day.
func instant(s string, zone *time.Location) (record.Instant, error) {
	if s == "" {
		return 0, nil
	}
	if d, err := record.ParseDate(s); err == nil {
		return d.End(zone) + 1, nil // as-of is exclusive: the day, and its week and month, are whole
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || record.At(t) == 0 {
		return 0, usage("--as-of %q is neither a date (2026-10-01: the end of that day in the team's zone) nor an instant (2026-10-01T08:00:00Z)", s)
	}
	return record.At(t), nil
}

package main

// The pager's "Reports" CSV: one incident a row, with the header that the pager's documentation gives.

import (
	"encoding/csv"
	"io"
	"strings"
	"time"
)

// pagerHeader is the header of PagerDuty's incident report, column by column.
const pagerHeader = "id,incident_number,description,service_id,service_name,escalation_policy_id,escalation_policy_name,created_on,resolved_on," +
	"seconds_to_first_ack,seconds_to_resolve,auto_resolved,escalation_count,auto_escalation_count,acknowledge_count,assignment_count," +
	"acknowledged_by_user_ids,acknowledged_by_user_names,assigned_to_user_ids,assigned_to_user_names,resolved_by_user_id,resolved_by_user_name,urgency"

// writePager writes the pages.
func writePager(out io.Writer, w *world) error {
	c := csv.NewWriter(out)
	if err := c.Write(strings.Split(pagerHeader, ",")); err != nil {
		return err
	}
	for _, p := range w.pages {
		if err := c.Write(p.row(w.cal.to)); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func (p *page) row(end int64) []string {
	stamp := func(t int64) string { return time.Unix(t, 0).UTC().Format("2006-01-02T15:04:05+00:00") }
	row := map[string]string{
		"id": p.id, "incident_number": itoa(p.number), "description": p.title,
		"service_id": p.service.pagerID, "service_name": p.service.pager,
		"escalation_policy_id": "PEP7ORD", "escalation_policy_name": "Orders on call",
		"created_on": stamp(p.at), "auto_resolved": "0", "acknowledge_count": "0", "urgency": "high",
		"escalation_count": itoa(p.escalated), "auto_escalation_count": itoa(p.escalated),
	}
	if p.item != nil {
		row["description"] = strings.ReplaceAll(p.title, "%k", p.item.key())
	}
	if p.low {
		row["urgency"] = "low"
	}
	if p.acked != 0 && p.acked < end {
		row["seconds_to_first_ack"] = itoa(int(p.acked - p.at))
		row["acknowledge_count"] = "1"
		row["acknowledged_by_user_ids"], row["acknowledged_by_user_names"] = p.by.pager, p.by.name
	}
	if p.resolved != 0 && p.resolved < end {
		row["resolved_on"] = stamp(p.resolved)
		row["seconds_to_resolve"] = itoa(int(p.resolved - p.at))
		if p.auto {
			row["auto_resolved"] = "1"
		} else if p.resolvedBy != nil {
			row["resolved_by_user_id"], row["resolved_by_user_name"] = p.resolvedBy.pager, p.resolvedBy.name
		}
	}
	var ids, names []string
	people := p.assigned
	if p.by != nil && p.escalated > 0 && !contains(people, p.by) {
		people = append(people[:len(people):len(people)], p.by)
	}
	for _, m := range people {
		ids, names = append(ids, m.pager), append(names, m.name)
	}
	row["assignment_count"] = itoa(len(ids))
	row["assigned_to_user_ids"], row["assigned_to_user_names"] = strings.Join(ids, ","), strings.Join(names, ",")
	var cells []string
	for _, col := range strings.Split(pagerHeader, ",") {
		cells = append(cells, row[col])
	}
	return cells
}

func contains(ms []*member, m *member) bool {
	for _, x := range ms {
		if x == m {
			return true
		}
	}
	return false
}

// pageID is an id as the pager makes them: Q and thirteen capitals or digits.
func pageID(r *rng) string {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	b := []byte("Q")
	for range 13 {
		b = append(b, letters[r.below(len(letters))])
	}
	return string(b)
}

package paging

// PagerDuty as a live source: who was, is and will be on call.

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// shifts delivers the shifts of all schedules that somebody is on call by. What cannot be read is a gap.
func (n *pagerDutyNight) shifts() error {
	from, to := n.began.Add(-pagerDutyPast), n.began.Add(pagerDutyAhead)
	levels, err := n.levels()
	if err != nil {
		return n.unread("who is on call", err)
	}
	told := map[string]record.Instant{}
	whole := true
	var b record.Batch
	for _, id := range slices.Sorted(maps.Keys(levels)) {
		role := pagerDutyRole(levels[id])
		if role == "" {
			continue
		}
		answer, err := n.answer("schedules/"+url.PathEscape(id), url.Values{
			"since": {from.Time().Format(time.RFC3339)}, "until": {to.Time().Format(time.RFC3339)},
			"time_zone": {"UTC"}, "overflow": {"true"},
		})
		if err != nil {
			whole = false
			if err := n.unread("the shifts of the schedule "+id, err); err != nil {
				return err
			}
			continue
		}
		got := n.readBy(n.ctx, n.files(), "schedules", "schedule "+id, answer["schedule"], func(x *exports.File) {
			x.Kind("pagerduty schedules")
			f := &file{sheet: sheet{File: x, zone: time.UTC}, tracker: n.Tracker}
			for v := range x.JSON() {
				o := newObject(f, v.Place(), v.JSON)
				for _, s := range pagerDutyFinal(o) {
					s.Role, s.Updated = role, n.began
					f.shift(o.place, s)
				}
			}
		})
		for _, s := range got.Shifts {
			told[s.ID] = s.From
		}
		b.Shifts = append(b.Shifts, got.Shifts...)
		b.Doubts = append(b.Doubts, got.Doubts...)
		b.Gaps = append(b.Gaps, got.Gaps...)
	}
	if whole {
		b.Shifts = append(b.Shifts, overridden(n.Tracker, n.cursor.Shifts, told, from, n.began)...)
		n.cursor.Shifts = told
	} else {
		maps.Copy(n.cursor.Shifts, told)
	}
	return n.send(b)
}

// unread notes what could not be read of the rota, unless the night is over.
func (n *pagerDutyNight) unread(what string, err error) error {
	if n.ctx.Err() != nil {
		return err
	}
	n.gap(what, err)
	return nil
}

// levels are the schedules that somebody is on call by, each with the lowest level of an escalation policy
// that it is on. Where services or teams are meant, it is those of their policies, or theirs.
func (n *pagerDutyNight) levels() (map[string]int, error) {
	q := url.Values{
		"since": {n.began.Add(-pagerDutyLevels).Time().Format(time.RFC3339)},
		"until": {n.began.Add(pagerDutyLevels).Time().Format(time.RFC3339)}, "time_zone": {"UTC"},
	}
	type reference struct {
		ID string `json:"id"`
	}
	for _, id := range n.Services {
		answer, err := n.answer("services/"+url.PathEscape(id), url.Values{})
		if err != nil {
			return nil, err
		}
		var service struct {
			Policy reference `json:"escalation_policy"`
		}
		if json.Unmarshal(answer["service"], &service) == nil && service.Policy.ID != "" && !slices.Contains(q["escalation_policy_ids[]"], service.Policy.ID) {
			q.Add("escalation_policy_ids[]", service.Policy.ID)
		}
	}
	if len(n.Teams) > 0 && len(n.Services) == 0 {
		all, err := n.list("schedules", url.Values{"team_ids[]": n.Teams})
		if err != nil {
			return nil, err
		}
		for _, v := range all {
			var s reference
			if json.Unmarshal(v, &s) == nil && s.ID != "" {
				q.Add("schedule_ids[]", s.ID)
			}
		}
		if !q.Has("schedule_ids[]") {
			return nil, errors.New("the teams have no schedule; give `services:` instead, or the rota in the policy")
		}
	}
	all, err := n.list("oncalls", q)
	if err != nil {
		return nil, err
	}
	levels := map[string]int{}
	for _, v := range all {
		var o struct {
			Level    int       `json:"escalation_level"`
			Schedule reference `json:"schedule"`
		}
		if json.Unmarshal(v, &o) == nil && o.Schedule.ID != "" && o.Level > 0 {
			levels[o.Schedule.ID] = min(cmp.Or(levels[o.Schedule.ID], o.Level), o.Level)
		}
	}
	return levels, nil
}

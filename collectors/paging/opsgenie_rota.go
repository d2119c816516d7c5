package paging

// Opsgenie as a live source: who was, is and will be on call.

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// schedules yields the shifts of all schedules from 90 days back to 60 ahead. One that was told before and
// is no more was moved or overridden: it is told to end where it begins, which is no shift.
func (w *opsgenieWalk) schedules() error {
	var b record.Batch
	whole := true
	refused := func(what string, err error) error {
		if !refusedWith(err, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity) {
			return err
		}
		whole = false
		b.Gaps = append(b.Gaps, record.Gap{Source: w.Name, At: w.clock(), What: what, Why: err.Error()})
		return nil
	}
	all, err := w.listSchedules()
	if err != nil {
		if err := refused("the shifts of its schedules", err); err != nil {
			return err
		}
		return w.send(b)
	}
	from := record.At(w.began.Add(-opsgenieBack).Time().Truncate(24 * time.Hour))
	told := map[string]record.Instant{}
	for _, s := range all {
		q := url.Values{"date": {from.Time().Format(time.RFC3339)}, "interval": {strconv.Itoa(opsgenieWeeks)}, "intervalUnit": {"weeks"}}
		v, err := w.question(w.path("schedules/"+url.PathEscape(s.ID)+"/timeline"), q)
		if err != nil {
			if err := refused("the shifts of the schedule "+s.Name, err); err != nil {
				return err
			}
			continue
		}
		body, err := json.Marshal(map[string]any{"schedule": s, "told": w.began, "data": timelineOf(v)})
		if err != nil {
			return err
		}
		shifts := w.read(w.ctx, w.files(), "schedules", "schedules", body)
		b.Shifts, b.Doubts, b.Gaps = append(b.Shifts, shifts.Shifts...), append(b.Doubts, shifts.Doubts...), append(b.Gaps, shifts.Gaps...)
		whole = whole && len(shifts.Gaps) == 0
		for _, h := range shifts.Shifts {
			told[h.ID] = h.From
		}
	}
	if whole {
		b.Shifts = append(b.Shifts, overridden(w.Tracker, w.cursor.Shifts, told, from, w.began)...)
		w.cursor.Shifts = told
	} else if len(told) > 0 {
		w.cursor.Shifts = union(w.cursor.Shifts, told)
	}
	return w.send(b)
}

// union is what either holds.
func union(a, b map[string]record.Instant) map[string]record.Instant {
	all := maps.Clone(b)
	maps.Copy(all, a)
	return all
}

// timelineOf is a timeline without what Opsgenie wraps it in.
func timelineOf(v jsontext.Value) jsontext.Value {
	var a struct{ Data jsontext.Value }
	if json.Unmarshal(v, &a) == nil && len(a.Data) > 0 {
		return a.Data
	}
	return v
}

// opsgenieSchedule is a schedule by its name.
type opsgenieSchedule struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Enabled *bool  `json:"enabled,omitempty"`
}

// listSchedules are the schedules that are enabled. Opsgenie answers all of them at once, JSM by pages.
func (l *opsgenieWalk) listSchedules() ([]opsgenieSchedule, error) {
	var all []opsgenieSchedule
	met := map[string]bool{}
	for offset := 0; ; {
		q := url.Values{}
		if l.jsm() {
			q = url.Values{"offset": {strconv.Itoa(offset)}, "size": {strconv.Itoa(opsgenieAtOnce)}}
		}
		v, err := l.question(l.path("schedules"), q)
		if err != nil {
			return nil, err
		}
		list, next, ok := opsgenieListOf(v)
		if !ok {
			return nil, fmt.Errorf("GET %s%s: the answer is no list of schedules: it begins %q; see that `url:` is the API's", l.root, l.path("schedules"), l.quote(v, 60))
		}
		fresh := false
		for _, v := range list {
			var s opsgenieSchedule
			if json.Unmarshal(v, &s) != nil || s.ID == "" || met[s.ID] {
				continue
			}
			met[s.ID], fresh = true, true
			if s.Enabled == nil || *s.Enabled {
				all = append(all, s)
			}
		}
		if offset += len(list); !l.jsm() || !fresh || next == "" && len(list) < opsgenieAtOnce {
			return all, nil
		}
	}
}

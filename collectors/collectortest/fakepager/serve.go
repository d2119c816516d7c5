package fakepager

// The API: what is asked, and what it is answered.

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

type object = map[string]any

// refusal is an error as the API words it.
type refusal struct {
	status, code int
	message      string
	errors       []string
}

func invalid(format string, args ...any) *refusal {
	return &refusal{http.StatusBadRequest, 2001, "Invalid Input Provided", []string{fmt.Sprintf(format, args...)}}
}

// known are the parameters of each list; the lists themselves know limit, offset, total and time_zone.
var known = map[string][]string{
	"incidents":   {"date_range", "incident_key", "include[]", "service_ids[]", "since", "sort_by", "statuses[]", "team_ids[]", "until", "urgencies[]", "user_ids[]"},
	"log_entries": {"include[]", "is_overview", "since", "team_ids[]", "until"},
	"oncalls":     {"earliest", "escalation_policy_ids[]", "include[]", "schedule_ids[]", "since", "until", "user_ids[]"},
	"schedules":   {"include[]", "query", "since", "team_ids[]", "until"},
	"schedule":    {"since", "until", "overflow"},
}

// ServeHTTP answers one question.
func (a *Account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Date", a.now.UTC().Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/json")
	a.requests = append(a.requests, r.URL.Path)
	answer, no := a.answer(r)
	if no != nil {
		w.WriteHeader(no.status)
		answer = object{"error": object{"message": no.message, "code": no.code, "errors": no.errors}}
	}
	json.NewEncoder(w).Encode(answer)
}

func (a *Account) answer(r *http.Request) (object, *refusal) {
	q := r.URL.Query()
	switch {
	case r.Header.Get("Authorization") != "Token token="+a.opt.Token:
		return nil, &refusal{http.StatusUnauthorized, 2006, "Unauthorized", nil}
	case r.Method != http.MethodGet:
		return nil, &refusal{http.StatusMethodNotAllowed, 2001, "Method Not Allowed", nil}
	case r.Header.Get("Accept") != "application/vnd.pagerduty+json;version=2":
		return nil, invalid("Accept header is required")
	}
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(path) == 1 && path[0] == "incidents":
		return a.listIncidents(q)
	case len(path) == 1 && path[0] == "log_entries":
		return a.listLog(q, nil)
	case len(path) == 1 && path[0] == "oncalls":
		return a.listOncalls(q)
	case len(path) == 1 && path[0] == "schedules":
		var all []object
		for _, s := range a.schedules {
			all = append(all, object{"id": s.id, "type": "schedule", "name": s.name})
		}
		return a.whole("schedules", all, q)
	case len(path) == 1 && path[0] == "services":
		var all []object
		for _, id := range []string{"S1", "S2", "S3"} {
			all = append(all, object{"id": id, "type": "service", "name": "Service " + id})
		}
		return a.whole("services", all, q)
	case len(path) == 2 && path[0] == "schedules":
		return a.schedule(path[1], q)
	case len(path) == 2 && path[0] == "services" && slices.Contains([]string{"S1", "S2", "S3"}, path[1]):
		return object{"service": object{"id": path[1], "type": "service", "name": "Service " + path[1], "escalation_policy": object{"id": "E1", "type": "escalation_policy_reference"}}}, nil
	case len(path) >= 2 && path[0] == "incidents":
		i := slices.IndexFunc(a.incidents, func(is *incident) bool { return is.id == path[1] })
		switch {
		case i < 0:
		case len(path) == 2:
			return object{"incident": a.incidents[i].json(q["include[]"])}, nil
		case len(path) == 3 && path[2] == "log_entries":
			return a.listLog(q, a.incidents[i])
		}
	}
	return nil, &refusal{http.StatusNotFound, 2100, "Not Found", nil}
}

// period is since and until; false where neither is asked for.
func period(q url.Values) (since, until time.Time, ok bool, no *refusal) {
	for name, at := range map[string]*time.Time{"since": &since, "until": &until} {
		if s := q.Get(name); s != "" {
			var err error
			if *at, err = time.Parse(time.RFC3339, s); err != nil {
				return since, until, false, invalid("%s must be a date", name)
			}
			ok = true
		}
	}
	return since, until, ok, nil
}

func (a *Account) listIncidents(q url.Values) (object, *refusal) {
	since, until, _, no := period(q)
	switch {
	case no != nil:
		return nil, no
	case q.Get("date_range") == "all":
		since, until = time.Time{}, a.now.Add(time.Hour)
	case since.IsZero() && until.IsZero():
		since, until = a.now.AddDate(0, -1, 0), a.now.Add(time.Second)
	case until.IsZero():
		until = since.AddDate(0, 1, 0)
	case since.IsZero():
		since = until.AddDate(0, -1, 0)
	case until.After(since.AddDate(0, 6, 0)):
		return nil, invalid("Date range must be less than 6 months")
	}
	var found []*incident
	for _, is := range a.incidents {
		if !is.created.After(since) || !is.created.Before(until) ||
			q.Has("statuses[]") && !slices.Contains(q["statuses[]"], is.status) ||
			q.Has("service_ids[]") && !slices.Contains(q["service_ids[]"], fmt.Sprintf("S%d", is.service)) {
			continue
		}
		found = append(found, is)
	}
	if q.Get("sort_by") == "created_at:desc" {
		slices.Reverse(found)
	}
	return a.page("incidents", len(found), func(i int) object { return found[i].json(q["include[]"]) }, q)
}

func (a *Account) listLog(q url.Values, of *incident) (object, *refusal) {
	since, until, _, no := period(q)
	if no != nil {
		return nil, no
	}
	until = cmp.Or(until, a.now.Add(time.Second))
	var found []*entry
	for _, e := range slices.Backward(a.log) { // the newest first
		if of != nil && e.incident != of || of == nil && (!e.at.After(since) || !e.at.Before(until)) {
			continue
		}
		found = append(found, e)
	}
	return a.page("log_entries", len(found), func(i int) object { return found[i].json(q["include[]"]) }, q)
}

func (a *Account) listOncalls(q url.Values) (object, *refusal) {
	since, until, _, no := period(q)
	if no != nil {
		return nil, no
	}
	since, until = cmp.Or(since, a.now), cmp.Or(until, a.now.Add(time.Second))
	if until.After(a.now.AddDate(0, 0, 90)) {
		return nil, invalid("until is more than 90 days ahead")
	}
	all := []object{{"user": user("U4"), "schedule": nil, "escalation_policy": ref("E1", "escalation_policy", "Support"), "escalation_level": 3, "start": nil, "end": nil}}
	for _, s := range a.schedules {
		for _, e := range s.final(since, until) {
			all = append(all, object{"user": user(e.user), "schedule": ref(s.id, "schedule", s.name), "escalation_policy": ref("E1", "escalation_policy", "Support"),
				"escalation_level": s.level, "start": stamp(e.from), "end": stamp(e.to)})
		}
	}
	return a.whole("oncalls", all, q)
}

func (a *Account) schedule(id string, q url.Values) (object, *refusal) {
	since, until, _, no := period(q)
	if no = cmp.Or(no, a.strange("schedule", q)); no != nil {
		return nil, no
	}
	for _, s := range a.schedules {
		if s.id != id {
			continue
		}
		entries := []object{}
		for _, e := range s.final(since, until) {
			if q.Get("overflow") != "true" {
				e.from, e.to = later(e.from, since), earlier(e.to, until)
			}
			entries = append(entries, object{"start": stamp(e.from), "end": stamp(e.to), "user": user(e.user)})
		}
		return object{"schedule": object{"id": s.id, "type": "schedule", "name": s.name, "time_zone": "Etc/UTC", "escalation_policies": []object{ref("E1", "escalation_policy", "Support")},
			"final_schedule": object{"name": "Final Schedule", "rendered_schedule_entries": entries}}}, nil
	}
	return nil, &refusal{http.StatusNotFound, 2100, "Not Found", nil}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// strange refuses a parameter that the API does not know.
func (a *Account) strange(list string, q url.Values) *refusal {
	for name := range q {
		if !slices.Contains([]string{"limit", "offset", "total", "time_zone"}, name) && !slices.Contains(known[list], name) {
			return invalid("%s is no parameter of %s", name, list)
		}
	}
	return nil
}

// whole is a part of a list that is made already.
func (a *Account) whole(list string, all []object, q url.Values) (object, *refusal) {
	return a.page(list, len(all), func(i int) object { return all[i] }, q)
}

// page is a part of a list of n.
func (a *Account) page(list string, n int, at func(int) object, q url.Values) (object, *refusal) {
	if no := a.strange(list, q); no != nil {
		return nil, no
	}
	limit, offset := 25, 0
	for name, to := range map[string]*int{"limit": &limit, "offset": &offset} {
		if s := q.Get(name); s != "" {
			given, err := strconv.Atoi(s)
			if err != nil || given < 0 {
				return nil, invalid("%s must be a number", name)
			}
			*to = given
		}
	}
	switch {
	case limit > 100 || limit < 1:
		return nil, invalid("Limit must be between 1 and 100")
	case offset+limit > a.opt.Ceiling:
		return nil, &refusal{http.StatusBadRequest, 2002, "Arguments Caused Error", []string{
			"Offset+limit exceeds maximum allowed value of 10000. Please try to refine your search to reduce the returned set of records below this number, like adding a date range."}}
	}
	part := []object{}
	for i := min(offset, n); i < min(offset+limit, n); i++ {
		part = append(part, at(i))
	}
	answer := object{list: part, "limit": limit, "offset": offset, "more": offset+limit < n, "total": nil}
	if q.Get("total") == "true" {
		answer["total"] = n
	}
	return answer, nil
}

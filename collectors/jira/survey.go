package jira

// What a site has, for the person who sets it up: `firebreak doctor`.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/live"
)

// skewTold is from where a difference of clocks is worth a word. Nothing depends on it: changes are read
// by the service's own clock.
const skewTold = 2 * time.Minute

// severityNames are words that a field for the severity has in its name, in the languages that Jira
// speaks most.
var severityNames = []string{"severity", "schweregrad", "sévérité", "severidad", "gravità", "gravidade", "严重", "重大度"}

// Survey asks what there is, and what is in the way.
func (l *Live) Survey(ctx context.Context) (v live.Survey) {
	add := func(c live.Check) bool {
		v.Checks = append(v.Checks, c)
		return c.Wrong == ""
	}
	s, err := l.open()
	if err != nil {
		add(live.Check{What: "the settings of " + l.Name, Wrong: err.Error(), Remedy: "correct them in firebreak.yaml", Grave: true})
		return v
	}
	if !s.surveyAccess(ctx, add) {
		return v
	}
	all, err := s.catalog(ctx)
	if err != nil {
		add(failed("read the list of fields", err, false))
	}
	doubts := s.resolve(all)
	mine := s.surveyFields(all)
	choices := s.surveySample(ctx, add, mine)
	for i := range mine {
		mine[i].Values = choices[mine[i].ID]
	}
	v.Fields = mine
	if len(doubts) > 0 {
		add(live.Check{What: "find the fields of firebreak.yaml", Wrong: strings.Join(doubts, "; "), Remedy: "give the ids of the fields that are meant, as listed here"})
	}
	v.Statuses, err = s.statusList(ctx)
	if err != nil {
		add(failed("read the list of statuses", err, false))
	}
	for _, list := range []struct {
		path string
		to   *[]string
	}{{"priority", &v.Priorities}, {"issuetype", &v.Types}} {
		if *list.to, err = s.names(ctx, list.path); err != nil {
			add(failed("read the list at "+list.path, err, false))
		}
	}
	return v
}

// failed is the check that an error fails.
func failed(what string, err error, grave bool) live.Check {
	c := live.Check{What: what, Wrong: err.Error(), Grave: grave}
	var r *refusal
	if errors.As(err, &r) {
		c.Wrong, c.Remedy = advised(err, "").Error(), r.advice
	}
	return c
}

// surveyAccess checks the way to the site: the network, the token, the account and its clock.
func (s *session) surveyAccess(ctx context.Context, add func(live.Check) bool) bool {
	reach := "reach " + strings.TrimSuffix(s.root, "/")
	err := s.introduce(ctx)
	s.notes = nil // what it says is said here
	var r *refusal
	switch {
	case err == nil:
		add(live.Check{What: reach, Found: "it answers"})
	case errors.As(err, &r) && (r.status == 200 || r.status == 401 || r.status == 403):
		add(live.Check{What: reach, Found: "it answers"})
		return add(failed("log in", err, true))
	default:
		return add(failed(reach, err, true))
	}
	add(live.Check{What: "log in", Found: "as " + s.caller.name})
	zone := live.Check{What: "the account's time zone and the service's clock", Found: s.caller.spelt}
	if s.caller.zone == nil {
		zone.Wrong = fmt.Sprintf("the zone %q is not known here, so that each night reads up to a day more than it needs", s.caller.spelt)
		zone.Remedy = "set the zone of the account's profile to one like Europe/Berlin"
	}
	if skew, ok := s.l.HTTP.Skew(); !ok {
		zone.Found += "; the service does not tell its time"
	} else if zone.Found += "; the clocks agree"; skew.Abs() > skewTold {
		zone.Found = strings.TrimSuffix(zone.Found, "; the clocks agree")
		ahead := "ahead of"
		if skew < 0 {
			ahead = "behind"
		}
		zone.Wrong = strings.TrimPrefix(zone.Wrong+fmt.Sprintf("; the service's clock is %s %s this machine's", skew.Abs().Round(time.Second), ahead), "; ")
		zone.Remedy = strings.TrimPrefix(zone.Remedy+"; set the clock that is wrong: nothing is lost by it, but the times on the wiki will be off", "; ")
	}
	add(zone)
	return true
}

// surveySample checks the query and what may be seen of its issues, by its hundred latest. It returns the
// values that they have in fields that are choices.
func (s *session) surveySample(ctx context.Context, add func(live.Check) bool, fields []live.Field) map[string][]string {
	what := fmt.Sprintf("search %q", s.l.JQL)
	n := -1
	if s.l.Cloud {
		var err error
		if n, err = s.count(ctx, 0); err != nil {
			add(failed(what, err, true))
			return nil
		}
	}
	for _, f := range fields { // beside what is asked for, what could well be
		if strings.HasPrefix(f.Kind, "choice") && (f.Asked || f.Hint != "") {
			s.dec.fields[f.ID] = append(s.dec.fields[f.ID], want{alias: "\x00" + f.ID, met: new(bool)})
			if !slices.Contains(s.wanted, f.ID) {
				s.wanted = append(s.wanted, f.ID)
			}
		}
	}
	jql := s.clause("updated", 0) + " ORDER BY updated DESC, key DESC"
	var a answer
	var err error
	if s.l.Cloud {
		a, err = s.search(ctx, jql, "", issuesAtOnce, s.wanted, "changelog")
	} else if a, err = s.slice(ctx, jql, 0, issuesAtOnce, s.wanted, "changelog"); err == nil {
		n = a.total
	}
	if err != nil {
		add(failed(what, err, true))
		return nil
	}
	found := live.Check{What: what, Found: fmt.Sprintf("%d issues", max(n, len(a.issues)))}
	if s.l.Cloud && n > len(a.issues) {
		found.Found = "about " + found.Found
	}
	if len(a.issues) == 0 {
		found.Wrong, found.Remedy = "it finds no issue", "see `jql:`, and whether the account may browse the projects it names"
		add(found)
		return nil
	}
	add(found)
	return s.sample(a, add)
}

func (s *session) sample(a answer, add func(live.Check) bool) map[string][]string {
	choices := map[string][]string{}
	read, histories, comments, worklogs := 0, 0, 0, 0
	var unread error
	for _, v := range a.issues {
		is, err := s.dec.issue(v)
		if err != nil {
			unread = err
			continue
		}
		read++
		count := func(l listed, n *int) {
			if l.extent != absent {
				*n++
			}
		}
		count(s.dec.logged, &histories)
		count(s.dec.commented, &comments)
		count(s.dec.worked, &worklogs)
		for alias, values := range is.Copies[0].Fields {
			if id, ok := strings.CutPrefix(alias, "\x00"); ok {
				choices[id] = append(choices[id], values...)
			}
		}
	}
	for id, values := range choices {
		slices.Sort(values)
		choices[id] = slices.Compact(values)
	}
	if unread != nil {
		add(live.Check{What: "read the issues found", Wrong: fmt.Sprintf("%d of %d could not be read: %v", len(a.issues)-read, len(a.issues), unread), Remedy: "they are left out and told of each night"})
	}
	for _, p := range []struct {
		what string
		n    int
		lack string
	}{
		{"read histories", histories, "no issue came with its history: the times in its stages cannot be told"},
		{"read comments", comments, "no issue came with its comments: the first response cannot be told by them"},
		{"read worklogs", worklogs, "no issue came with its worklogs, as where time tracking is off or the account may not see it: booked time is not known"},
	} {
		c := live.Check{What: p.what, Found: fmt.Sprintf("of %d of the %d latest issues", p.n, read)}
		if p.n == 0 && read > 0 {
			c.Wrong, c.Remedy = p.lack, "give the account the permission, or leave it if it is meant so"
		}
		add(c)
	}
	return choices
}

// surveyFields are the custom fields that could be read, by their names.
func (s *session) surveyFields(all []field) []live.Field {
	var list []live.Field
	for _, f := range all {
		if !f.custom {
			continue
		}
		_, asked := s.dec.fields[f.id]
		l := live.Field{ID: f.id, Name: f.name, Kind: kindOf(f), Asked: asked}
		switch {
		case isPoints(f):
			l.Hint = "points"
		case f.schema == slaSchema:
			l.Hint, l.Asked = "sla", true
		case strings.HasPrefix(l.Kind, "choice") && slices.ContainsFunc(severityNames, func(n string) bool { return strings.Contains(strings.ToLower(f.name), n) }):
			l.Hint = "severity"
		}
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b live.Field) int {
		if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
			return c
		}
		return byCount(a.ID, b.ID)
	})
	return list
}

// kindOf is what a field holds, in a word.
func kindOf(f field) string {
	switch {
	case f.schema == slaSchema:
		return "sla"
	case f.kind == "option", f.kind == "option-with-child":
		return "choice"
	case f.kind == "array" && f.items == "option":
		return "choices"
	case f.kind == "array" && f.items != "":
		return "list of " + f.items
	case f.kind != "":
		return f.kind
	}
	return "unknown"
}

// names are the names of a list of priorities or issue types, each once: team-managed projects have
// types of their own.
func (s *session) names(ctx context.Context, path string) ([]string, error) {
	v, err := s.ask(ctx, "GET", path, nil, nil)
	if err != nil {
		return nil, err
	}
	d := &s.dec
	d.s.reset(v)
	if d.s.kind() != '[' {
		return nil, s.other("GET", path, v, "a list")
	}
	names := []string{}
	for _, n := range d.wordList() {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names, nil
}

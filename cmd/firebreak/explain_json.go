package main

// An explanation as JSON. It has "schema": 1 and only ever grows: instants are RFC 3339 in UTC, times are
// seconds, what is not there is left out.

import (
	"encoding/json"
	"io"
	"slices"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

type explanationJSON struct {
	Schema     int             `json:"schema"`
	Tracker    string          `json:"tracker"`
	ID         string          `json:"id"`
	Key        string          `json:"key"`
	Title      string          `json:"title"`
	URL        string          `json:"url,omitempty"`
	AsOf       record.Instant  `json:"as_of"`
	Horizon    record.Instant  `json:"horizon,omitzero"`
	Until      record.Instant  `json:"judged_until"`
	Coarse     string          `json:"coarse,omitempty"`
	Class      string          `json:"class"`
	Severity   int             `json:"severity,omitempty"`
	Stage      string          `json:"stage"`
	Discarded  bool            `json:"discarded,omitempty"`
	Missing    []string        `json:"not_ready_missing,omitempty"`
	Judgements []judgementJSON `json:"judgements"`
	Stages     []stayJSON      `json:"stages"`
	Acts       []actJSON       `json:"acts"`
	Passed     []actJSON       `json:"acts_not_counted,omitempty"`
	Respond    promiseJSON     `json:"respond"`
	Resolve    promiseJSON     `json:"resolve"`
	Pages      []pageJSON      `json:"pages"`
	Links      []linkJSON      `json:"links"`
	Clocks     []clockJSON     `json:"tracker_slas,omitempty"`
	ClocksAt   record.Instant  `json:"tracker_slas_at,omitzero"`
}

type judgementJSON struct {
	At         record.Instant `json:"at"`
	Why        []string       `json:"changed,omitempty"`
	Class      string         `json:"class"`
	Severity   int            `json:"severity,omitempty"`
	Severities []ruleJSON     `json:"severity_rules,omitempty"`
	Classes    []ruleJSON     `json:"class_rules,omitempty"`
}

type ruleJSON struct {
	Gives string     `json:"gives"`
	Name  string     `json:"name"`
	Place string     `json:"place,omitempty"`
	Rule  string     `json:"rule"`
	Held  bool       `json:"held"`
	Fault string     `json:"fault,omitempty"`
	Saw   []seenJSON `json:"saw"`
}

type seenJSON struct {
	Fact  string `json:"fact"`
	Value string `json:"value"`
}

type stayJSON struct {
	Stage   string         `json:"stage"`
	Kind    string         `json:"kind"`
	Entered record.Instant `json:"entered"`
	Left    record.Instant `json:"left,omitzero"`
	Elapsed float64        `json:"elapsed_s"`
	Work    float64        `json:"working_s"`
	Waits   string         `json:"waits,omitempty"`
	How     string         `json:"how,omitempty"`
	By      string         `json:"by,omitempty"`
}

type actJSON struct {
	At   record.Instant `json:"at"`
	What string         `json:"what"`
	How  string         `json:"how,omitempty"`
	By   string         `json:"by,omitempty"`
}

type promiseJSON struct {
	Outcome  string         `json:"outcome,omitempty"`
	Target   string         `json:"target,omitempty"`
	Class    string         `json:"class"`
	Due      record.Instant `json:"due,omitzero"`
	Decided  record.Instant `json:"decided,omitzero"`
	Left     float64        `json:"left_s,omitempty"`
	Late     float64        `json:"late_s,omitempty"`
	Thanks   bool           `json:"only_thanks_to_pauses,omitempty"`
	Moved    int            `json:"date_moved,omitempty"`
	Calendar string         `json:"calendar,omitempty"`
	From     record.Instant `json:"counted_from,omitzero"`
	Goal     float64        `json:"goal_s,omitempty"`
	Used     float64        `json:"used_s,omitempty"`
	Total    string         `json:"total"`
	Dues     []dueJSON      `json:"dues"`
	Segments []segmentJSON  `json:"segments"`
}

type dueJSON struct {
	At     record.Instant `json:"at"`
	Due    record.Instant `json:"due,omitzero"`
	Target string         `json:"target,omitempty"`
	Class  string         `json:"class"`
	Why    string         `json:"why"`
}

type segmentJSON struct {
	From  record.Instant `json:"from"`
	To    record.Instant `json:"to"`
	Stage string         `json:"stage"`
	Clock string         `json:"clock"`
	Work  float64        `json:"working_s"`
	Off   []string       `json:"off,omitempty"`
}

type pageJSON struct {
	Tracker   string         `json:"tracker"`
	ID        string         `json:"id"`
	Number    string         `json:"number,omitempty"`
	Title     string         `json:"title"`
	URL       string         `json:"url,omitempty"`
	Service   string         `json:"service,omitempty"`
	Triggered record.Instant `json:"triggered"`
	Acked     record.Instant `json:"acknowledged,omitzero"`
	Resolved  record.Instant `json:"resolved,omitzero"`
}

type linkJSON struct {
	Kind     string         `json:"kind"`
	Key      string         `json:"key"`
	Says     string         `json:"waits,omitempty"`
	Known    bool           `json:"known"`
	Stage    string         `json:"stage,omitempty"`
	Finished record.Instant `json:"finished,omitzero"`
}

type clockJSON struct {
	Name     string         `json:"name"`
	Started  record.Instant `json:"started"`
	Stopped  record.Instant `json:"stopped,omitzero"`
	Due      record.Instant `json:"due,omitzero"`
	Goal     float64        `json:"goal_s,omitempty"`
	Elapsed  float64        `json:"elapsed_s"`
	Breached bool           `json:"breached"`
	Paused   bool           `json:"paused,omitempty"`
}

// each is a list made of another, never null.
func each[A, B any](list []A, of func(*A) B) []B {
	all := make([]B, len(list))
	for i := range list {
		all[i] = of(&list[i])
	}
	return all
}

func jsonOf(w io.Writer, x *explained) error {
	it := x.Item
	act := func(d *analysis.Deed) actJSON { return actJSON(*d) }
	j := explanationJSON{
		Schema: 1, Tracker: it.Tracker, ID: it.ID, Key: it.Key, Title: it.Title, URL: it.URL,
		AsOf: x.Night.AsOf, Horizon: x.Horizon, Until: it.Until, Coarse: it.Coarse,
		Class: it.Class().ClassID(), Severity: it.Severity(), Stage: it.Stage().ID, Discarded: it.Discarded, Missing: it.Missing,
		Judgements: each(x.Judged, judgementOf),
		Stages: each(x.Stays, func(s *analysis.Stay) stayJSON {
			return stayJSON{s.Stage.ID, s.Stage.Kind.String(), s.From, s.To, s.Elapsed.Seconds(), s.Work.Seconds(), s.Waits, s.How, s.By}
		}),
		Acts: each(x.Deeds, act), Passed: each(x.Passed, act),
		Respond: x.promiseOf(&x.Respond), Resolve: x.promiseOf(&x.Resolve),
		Pages: each(it.Pages, func(p **analysis.Page) pageJSON {
			g := *p
			return pageJSON{g.Tracker, g.ID, g.Number, g.Title, g.URL, g.Service, g.Triggered, g.Acked, g.Resolved}
		}),
		Links: each(x.Ties, func(y *analysis.Tie) linkJSON {
			l := linkJSON{Kind: y.Kind, Key: y.To, Says: y.Says, Known: y.Item != nil}
			if y.Item != nil {
				l.Stage, l.Finished = y.Item.Stage().ID, y.Item.Finished
			}
			return l
		}),
		Clocks: each(it.TrackerSLAs, func(c *record.SLA) clockJSON {
			return clockJSON{c.Name, c.Started, c.Stopped, c.Due, c.Goal.Seconds(), c.Elapsed.Seconds(), c.Breached, c.Paused}
		}),
		ClocksAt: it.TrackerSaid,
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(j)
}

func judgementOf(g *analysis.Judgement) judgementJSON {
	rule := func(a *analysis.Asked) ruleJSON {
		return ruleJSON{a.ID, a.Name, a.Place, a.Text, a.Held, a.Fault, each(a.Saw, func(s *analysis.Seen) seenJSON { return seenJSON{s.Name, s.Value} })}
	}
	return judgementJSON{g.At, g.Why, g.Class.ClassID(), g.Severity, each(g.Severities, rule), each(g.Classes, rule)}
}

func (x *explained) promiseOf(a *analysis.Account) promiseJSON {
	v := &a.Verdict
	return promiseJSON{
		Outcome: v.Outcome.String(), Target: v.Target.Text, Class: v.Class.ClassID(), Due: v.Due, Decided: v.Decided,
		Left: v.Left.Seconds(), Late: v.Late.Seconds(), Thanks: v.Thanks, Moved: int(v.Moved),
		Calendar: a.Calendar, From: a.From, Goal: a.Goal.Seconds(), Used: a.Used.Seconds(), Total: x.Total(a),
		Dues: each(a.Dues, func(d *analysis.DueChange) dueJSON {
			return dueJSON{d.At, d.Due, d.Target.Text, d.Class.ClassID(), d.Why}
		}),
		Segments: each(a.Stretches, func(s *analysis.Stretch) segmentJSON {
			return segmentJSON{s.From, s.To, s.Stage.ID, s.Clock, s.Work.Seconds(), slices.Clone(s.Off)}
		}),
	}
}

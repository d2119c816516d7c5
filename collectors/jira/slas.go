package jira

// SLA clocks, as Jira Service Management keeps them: a custom field for each, with a cycle for every time
// that the clock was started. They are the tracker's verdict, read as they stand and never judged.
// https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/#api-rest-servicedeskapi-request-issueidorkey-sla-get

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// slaSchema is the schema.custom of the fields that hold SLA clocks.
const slaSchema = "com.atlassian.servicedesk:sd-sla-field"

// clockwork says whether an object is an SLA clock by its shape, for exports, which tell no schema.
func clockwork(raw []byte) bool {
	return bytes.Contains(raw, []byte(`"completedCycles"`)) || bytes.Contains(raw, []byte(`"ongoingCycle"`))
}

// sla reads a field that holds an SLA clock: null where there is none, an object with its cycles, or, on
// some Data Centers, {"text", "breached"}, or a text for people, which tells no verdict. The name is the
// field's, for a clock that doesn't tell its own.
//
// A verdict is of when the issue was read, and an issue is read when it was updated. A running clock that
// runs out by itself updates nothing (from what is known of Jira; unconfirmed), so that its cycle keeps
// Breached false and its Elapsed of then, until somebody touches the issue or `collect --full` reads it
// again: whoever shows a running cycle compares its Due with the clock.
func (d *decoder) sla(c *record.Copy, id, name string) {
	s := &d.s
	if s.kind() == 'n' {
		s.skip()
		c.Parts |= record.HasSLAs
		return
	}
	if !s.enter('{') { // and a text, which was stepped over
		d.clueless(id, cmp.Or(name, id))
		return
	}
	first, verdict, breached := len(c.SLAs), false, false
	told := false
	for s.member() {
		switch string(s.name) {
		case "name":
			name = cmp.Or(d.word(), name)
		case "completedCycles":
			told = true
			if s.enter('[') {
				for s.element() {
					d.cycle(c)
				}
			}
		case "ongoingCycle":
			told = true
			if s.kind() == '{' {
				d.cycle(c)
			} else {
				s.skip()
			}
		case "breached":
			verdict = verdict || s.kind() == 't' || s.kind() == 'f'
			breached = s.kind() == 't'
			s.skip()
		default:
			s.skip()
		}
	}
	switch {
	case told:
	case verdict:
		c.SLAs = append(c.SLAs, record.SLA{Breached: breached})
	default:
		d.clueless(id, cmp.Or(name, id))
		return
	}
	c.Parts |= record.HasSLAs
	for i := first; i < len(c.SLAs); i++ {
		c.SLAs[i].Name = cmp.Or(name, id)
	}
}

// clueless says of a clock that it tells no verdict, once for each field: the other issues will have it
// too.
func (d *decoder) clueless(id, name string) {
	if d.unclear[id] {
		return
	}
	if d.unclear == nil {
		d.unclear = map[string]bool{}
	}
	d.unclear[id] = true
	d.doubt("the SLA clock %q is told in a form that holds no verdict; it is left out, here and in the other issues", name)
}

// cycle reads one cycle of a clock.
func (d *decoder) cycle(c *record.Copy) {
	s := &d.s
	if !s.enter('{') {
		return
	}
	var a record.SLA
	for s.member() {
		switch string(s.name) {
		case "startTime":
			a.Started = d.clockTime()
		case "stopTime":
			a.Stopped = d.clockTime()
		case "breachTime":
			a.Due = d.clockTime()
		case "goalDuration":
			a.Goal = d.clockSpan()
		case "elapsedTime":
			a.Elapsed = d.clockSpan()
		case "breached":
			a.Breached = s.kind() == 't'
			s.skip()
		case "paused":
			a.Paused = s.kind() == 't'
			s.skip()
		default:
			s.skip()
		}
	}
	c.SLAs = append(c.SLAs, a)
}

// clockTime reads {"iso8601", "jira", "friendly", "epochMillis"}; one of the exact ones is enough.
func (d *decoder) clockTime() (at record.Instant) {
	s := &d.s
	if !s.enter('{') {
		return 0
	}
	spelled := ""
	for s.member() {
		switch string(s.name) {
		case "epochMillis", "iso8601", "jira":
			b, _ := s.text()
			if t, ok := instant(b); ok {
				at = t
			} else {
				spelled = cut(string(b), 40)
			}
		default:
			s.skip()
		}
	}
	if at == 0 && spelled != "" {
		d.doubt("a date %q of one of its SLA clocks is not one that Jira writes, or not between 1970 and 2261; it was left empty", spelled)
	}
	return at
}

// longestClock bounds what an SLA clock can believably say: a hundred years.
const longestClock = 100 * 365 * 24 * time.Hour

// clockSpan reads {"millis", "friendly"}.
func (d *decoder) clockSpan() (span time.Duration) {
	s := &d.s
	if !s.enter('{') {
		return 0
	}
	for s.member() {
		if string(s.name) != "millis" {
			s.skip()
			continue
		}
		b, _ := s.text()
		n, err := strconv.ParseInt(string(b), 10, 64)
		if err != nil || n > longestClock.Milliseconds() || n < -longestClock.Milliseconds() {
			d.doubt("a duration %q of one of its SLA clocks is no number of milliseconds that can be; it was left empty", cut(string(b), 40))
			continue
		}
		span = time.Duration(n) * time.Millisecond
	}
	return span
}

// sortSLAs orders cycles by the clock's name, then by their start.
func sortSLAs(all []record.SLA) {
	slices.SortStableFunc(all, func(a, b record.SLA) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Started, b.Started), cmp.Compare(a.Stopped, b.Stopped))
	})
}

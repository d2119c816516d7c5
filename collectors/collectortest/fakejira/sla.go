package fakejira

// The clocks of a service project, as fields of its issues. The shape is from public threads: recorded
// answers of both Cloud and Data Center show it, Atlassian's description does not. Data Center also has
// a short form, which the second clock has there.

import (
	"strconv"
	"time"
)

// working is the share of the calendar in which the clocks run: 8 hours of 24, to have durations that are
// not differences of the instants beside them.
const working = 3

// cycle is one run of a clock.
type cycle struct{ start, stop int64 }

// cycles of the time to resolution: from the creation, and from each reopening, until it is done.
func cycles(is *issue) []cycle {
	list := []cycle{{start: is.created}}
	for _, h := range is.histories {
		for _, it := range h.items {
			if it.id != "status" {
				continue
			}
			last := &list[len(list)-1]
			switch to := statusNumber(it.to); {
			case statuses[to].done() && last.stop == 0:
				last.stop = h.at
			case !statuses[to].done() && last.stop != 0:
				list = append(list, cycle{start: h.at})
			}
		}
	}
	return list
}

func statusNumber(id string) int {
	for k, st := range statuses {
		if st.id == id {
			return k
		}
	}
	return open
}

func (w *writer) slaResolution(is *issue) {
	if is.project != sup {
		w.raw("null")
		return
	}
	w.sla(1, "Time to resolution", cycles(is), 16*time.Hour, is.status == waiting)
}

func (w *writer) slaResponse(is *issue) {
	if is.project != sup {
		w.raw("null")
		return
	}
	c := cycle{start: is.created}
	for _, m := range is.comments {
		if m.by != is.reporter && m.public {
			c.stop = m.at
			break
		}
	}
	if !w.s.opt.Cloud {
		w.raw(`{"text":"`)
		left := (4*time.Hour - w.elapsed(c)).Round(time.Minute)
		w.raw(clock(left))
		w.raw(`","breached":`)
		w.bool(left < 0)
		w.raw("}")
		return
	}
	w.sla(2, "Time to first response", []cycle{c}, 4*time.Hour, false)
}

func (w *writer) elapsed(c cycle) time.Duration {
	stop := c.stop
	if stop == 0 {
		stop = w.s.now
	}
	return time.Duration((stop-c.start)/working) * time.Millisecond
}

func (w *writer) sla(id int, name string, list []cycle, goal time.Duration, paused bool) {
	w.raw(`{"id":"` + strconv.Itoa(id) + `","name":"` + name + `","_links":{"self":"` + w.s.opt.URL + `/rest/servicedeskapi/request/0/sla/` + strconv.Itoa(id) + `"},"completedCycles":[`)
	for k, c := range list {
		if c.stop == 0 {
			break
		}
		w.comma(k)
		w.raw("{")
		w.moment("startTime", c.start)
		w.moment("stopTime", c.stop)
		w.run(c, goal, false)
		w.raw("}")
	}
	w.raw("]")
	if c := list[len(list)-1]; c.stop == 0 {
		w.raw(`,"ongoingCycle":{`)
		w.moment("startTime", c.start)
		w.run(c, goal, paused)
		w.raw(`,"paused":`)
		w.bool(paused)
		w.raw(`,"withinCalendarHours":true}`)
	} else if len(list)%2 == 0 { // both were seen: null and nothing
		w.raw(`,"ongoingCycle":null`)
	}
	w.raw(`,"slaDisplayFormat":"NEW_SLA_FORMAT"}`)
}

// run is what a completed and an ongoing cycle have in common. A paused clock will be breached at no time.
func (w *writer) run(c cycle, goal time.Duration, paused bool) {
	elapsed := w.elapsed(c)
	if !paused {
		w.moment("breachTime", c.start+goal.Milliseconds()*working)
	}
	w.name("breached")
	w.bool(elapsed > goal)
	w.stretch("goalDuration", goal)
	w.stretch("elapsedTime", elapsed)
	w.stretch("remainingTime", goal-elapsed)
}

func (w *writer) moment(name string, at int64) {
	t := time.UnixMilli(at).In(w.s.zone)
	w.name(name)
	w.raw(`{"iso8601":"`)
	w.b = t.AppendFormat(w.b, "2006-01-02T15:04:05-0700")
	w.raw(`","jira":`)
	w.at(at)
	w.raw(`,"friendly":"`)
	w.b = t.AppendFormat(w.b, "02/Jan/06 3:04 PM")
	w.raw(`","epochMillis":`)
	w.num(at)
	w.raw("}")
}

func (w *writer) stretch(name string, d time.Duration) {
	w.name(name)
	w.raw(`{"millis":`)
	w.num(d.Milliseconds())
	w.raw(`,"friendly":"`)
	w.raw(clock(d))
	w.raw(`"}`)
}

// clock is a duration as people read it: "-2:05".
func clock(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	minutes := int(d / time.Minute % 60)
	text := sign + strconv.Itoa(int(d/time.Hour)) + ":"
	if minutes < 10 {
		text += "0"
	}
	return text + strconv.Itoa(minutes)
}

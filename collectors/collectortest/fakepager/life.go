package fakepager

// What happens to incidents, and who is on call.

import (
	"fmt"
	"slices"
	"time"
)

func (a *Account) trigger() *incident {
	n := len(a.incidents) + 1
	is := &incident{
		id: fmt.Sprintf("Q%05d", n), number: n, title: fmt.Sprintf("host-%d: queue over %d", a.rng.IntN(9), 100*a.rng.IntN(9)),
		service: 1 + a.rng.IntN(3), urgency: []string{"high", "low"}[a.rng.IntN(2)], status: "triggered",
		created: a.now.Truncate(time.Second), byHand: a.rng.IntN(8) == 0,
	}
	is.updated, is.changed, is.by = is.created, is.created, fmt.Sprintf("S%d", is.service)
	a.incidents = append(a.incidents, is)
	by, channel := is.by, "api"
	if is.byHand {
		by, channel = users[a.rng.IntN(len(users))], "web_trigger"
	}
	a.enter(is, "trigger", by, channel)
	a.enter(is, "notify", "", "auto", users[a.rng.IntN(len(users))])
	return is
}

func (a *Account) enter(is *incident, kind, by, channel string, to ...string) {
	a.log = append(a.log, &entry{id: fmt.Sprintf("R%06d", len(a.log)+1), kind: kind, at: a.now.Truncate(time.Second), by: by, channel: channel, incident: is, to: to})
	is.updated = a.now.Truncate(time.Second)
}

// step is the next thing that happens to an incident.
func (a *Account) step(is *incident) {
	who := users[a.rng.IntN(len(users))]
	set := func(status, by string) {
		is.status, is.changed, is.by = status, a.now.Truncate(time.Second), by
	}
	resolve := func(by string) {
		set("resolved", by)
		is.resolved, is.acks = is.changed, nil
	}
	switch n := a.rng.IntN(10); {
	case is.status == "resolved" && n < 7 || is.merged != "":
		a.enter(is, "annotate", who, "note")
	case is.status == "resolved":
		set("triggered", who)
		is.resolved = time.Time{}
		a.enter(is, "reopen", who, "website")
	case n < 4:
		set("acknowledged", who)
		a.enter(is, "acknowledge", who, "mobile")
		is.acks = append(is.acks, ack{is.changed, who})
	case n == 4:
		a.enter(is, "escalate", is.by, "timeout", who, users[a.rng.IntN(len(users))])
	case n == 5 && is.status == "acknowledged":
		set("triggered", is.by)
		a.enter(is, "unacknowledge", "", "timeout")
		is.acks = nil
	case n == 6 && len(a.incidents) > 1:
		other := a.incidents[a.rng.IntN(len(a.incidents))]
		if other == is || other.merged != "" {
			a.enter(is, "annotate", who, "note")
			return
		}
		is.merged = other.id
		resolve(who)
		a.enter(is, "resolve", who, "website")
	case n == 7:
		resolve(fmt.Sprintf("S%d", is.service))
		a.enter(is, "resolve", is.by, "api")
	default:
		resolve(who)
		a.enter(is, "resolve", who, "website")
	}
}

// final is who is on call after overrides, as whole stretches that touch a period.
func (s *schedule) final(from, to time.Time) []shift {
	const week = 7 * 24 * time.Hour
	monday := time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC)
	var all []shift
	for n := from.Sub(monday)/week - 1; ; n++ {
		begin := monday.Add(n * week)
		if !begin.Before(to) {
			break
		}
		all = append(all, shift{begin, begin.Add(week), s.users[int(n)%len(s.users)]})
	}
	for _, o := range s.overrides {
		var next []shift
		for _, e := range all {
			if !o.from.Before(e.to) || !e.from.Before(o.to) {
				next = append(next, e)
				continue
			}
			if e.from.Before(o.from) {
				next = append(next, shift{e.from, o.from, e.user})
			}
			if o.to.Before(e.to) {
				next = append(next, shift{o.to, e.to, e.user})
			}
		}
		all = append(next, o)
	}
	all = slices.DeleteFunc(all, func(e shift) bool { return !e.from.Before(to) || !from.Before(e.to) })
	slices.SortFunc(all, func(x, y shift) int { return x.from.Compare(y.from) })
	return all
}

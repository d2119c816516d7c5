package analysis

// The policy's people: the team, its planning periods, and who is on call.

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

func (r *policyReader) team(m *strict.Map) {
	r.Team.Name = m.Need("name").Text()
	if z := m.Need("zone"); z.Given() {
		if loc := readZone(z); loc != nil {
			r.Zone = loc
		}
	}
	seen := map[string]bool{}
	owner := map[string]string{} // folded account: whose it is
	claim := func(n strict.Node, account, who string) {
		k := fold(account)
		switch other := owner[k]; {
		case k == "" || who == "":
		case other != "" && other != who:
			n.Complain("the account %q already belongs to %s", account, other)
		default:
			owner[k] = who
		}
	}
	for _, x := range m.Get("members").List() {
		mm := x.Map()
		var p Member
		p.ID, p.Name = r.named(mm, seen)
		claim(mm.Get("name"), p.ID, p.ID)
		claim(mm.Get("name"), p.Name, p.ID)
		accounts := mm.Get("accounts")
		p.Accounts = accounts.Texts()
		for _, a := range accounts.List() {
			claim(a, a.Raw(), p.ID)
		}
		if z := mm.Get("zone"); z.Given() {
			p.Zone = readZone(z)
		}
		from, until := mm.Get("from"), mm.Get("until")
		p.From = r.midnight(from.Date())
		if p.Until = r.afterDay(until.Date()); p.Until != 0 && p.Until <= p.From {
			until.Complain("this is before the member's first day")
		}
		for _, a := range p.missing() {
			if a.why == WhyEarly {
				r.missingOnCall(from, p.ID, a)
			} else {
				r.missingOnCall(until, p.ID, a)
			}
		}
		for _, a := range mm.Get("absent").List() {
			if first, last, ok := a.Dates(); ok {
				away := Span{r.midnight(first), r.afterDay(last)}
				p.Absent = append(p.Absent, away)
				r.missingOnCall(a, p.ID, missing{away, WhyAway})
			}
		}
		slices.SortStableFunc(p.Absent, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
		r.Team.Members = append(r.Team.Members, p)
		if p.ID != "" && !slices.Contains(r.memberIDs, p.ID) {
			r.memberIDs = append(r.memberIDs, p.ID)
		}
	}
	bots := m.Get("bots")
	r.Team.Bots = bots.Texts()
	for _, b := range bots.List() {
		claim(b, b.Raw(), "a bot")
	}
}

func (r *policyReader) iterations(m *strict.Map) {
	if m.Given() {
		r.Iterations = Iterations{Days: m.Need("days").Int(1, 366), Start: record.Date(m.Need("start").Date())}
	}
}

// rota reads who is on call: one rota, or a list of versions of it.
func (r *policyReader) rota(n strict.Node) {
	entries := []strict.Node{n}
	if n.IsList() {
		entries = n.List()
	} else if !n.Given() {
		return
	}
	r.Rota = dated(r, entries, r.rotaVersion)
	for i, entry := range entries {
		force := r.force(i)
		for k, x := range entry.Map().Get("overrides").List() {
			o := r.Rota[i].Is.Overrides[k]
			if o.Role == Sidekick && len(r.Rota[i].Is.Sidekicks) == 0 {
				x.Warn("nobody takes over by this override: this rota has no sidekicks")
				continue
			}
			if force.From != 0 && o.From != 0 && o.From < o.To && (o.To <= force.From || o.From >= force.To) {
				x.Warn("nobody takes over by this override: this rota is in force %s; write it into the one that is in force then", r.daysOf(force))
			}
		}
	}
}

// daysOf are the days of a span of shifts in words.
func (r *policyReader) daysOf(s Span) string {
	from := "from " + string(calendar.DateOf(s.From, r.Zone))
	if s.To == math.MaxInt64 {
		return from + " on"
	}
	return from + " to " + string(calendar.DateOf(s.To, r.Zone))
}

func (r *policyReader) rotaVersion(m *strict.Map) Rota {
	t := Rota{Name: m.Get("name").Text(), Days: 7}
	if d := m.Get("days"); d.Given() {
		t.Days = d.Int(1, 366)
	}
	t.Start = record.Date(m.Need("start").Date())
	handover := m.Get("handover")
	if t.Handover = handover.Clock(); t.Handover == 24*time.Hour {
		handover.Complain("24:00 is 00:00 of the next day, and would move every handover to it; write 00:00 and the days that you mean")
	}
	heroes, kicks := m.Need("superheroes"), m.Get("sidekicks")
	t.Superheroes = r.references(heroes, "member", &r.memberIDs)
	t.Sidekicks = r.references(kicks, "member", &r.memberIDs)
	if heroes.Given() && heroes.IsList() && len(heroes.List()) == 0 {
		heroes.Complain("nobody is on call; name those who take turns by their ids: superheroes: [maya, tomas]")
	}
	if a, b := len(t.Superheroes), len(t.Sidekicks); b > 0 {
		for i := range min(a*b, 10000) {
			if t.Superheroes[i%a] == t.Sidekicks[i%b] {
				kicks.Warn("%s is superhero and sidekick at once, in turn %d", t.Superheroes[i%a], i+1)
				break
			}
		}
	}
	overrides := m.Get("overrides").List()
	for _, x := range overrides {
		o := x.Map()
		from, until := o.Need("from"), o.Need("until")
		v := Override{
			Span: Span{r.handover(from.Date(), t.Handover), r.handover(until.Date(), t.Handover)},
			Role: o.Need("role").OneOf("superhero", "sidekick"), Who: o.Need("who").Text(),
		}
		r.reference(o.Get("who"), "member", v.Who, &r.memberIDs)
		if v.From != 0 && v.To != 0 && v.To <= v.From {
			until.Complain("this override ends before it begins")
		}
		for k, other := range t.Overrides {
			if other.Role == v.Role && v.From < other.To && other.From < v.To {
				line, _ := overrides[k].Place()
				x.Complain("this override and the one in line %d both put a %s on call %s; let one end where the other begins", line, v.Role, r.daysOf(Span{max(v.From, other.From), min(v.To, other.To)}))
			}
		}
		t.Overrides = append(t.Overrides, v)
	}
	return t
}

// longest is for how long a member's turns are looked for: a longer time is no absence, and has too many turns to
// tell.
const longest = 10 * 366 * 24 * time.Hour

// missingOnCall warns of the turns of a member who is not there, once the rota is known: of each one in an
// absence, and of the first before or after being of the team, which is the rota's mistake and not the turn's.
func (r *policyReader) missingOnCall(n strict.Node, id string, a missing) {
	r.later = append(r.later, func() {
		remedy := "say who takes over, in overrides of the rota"
		switch a.why {
		case WhyEarly:
			a.From = max(0, a.To.Add(-longest))
		case WhyLeft:
			a.To = min(a.To, a.From.Add(longest))
		}
		if a.why != WhyAway {
			remedy = "a version of the rota with a from: of its own says who takes turns then"
		}
		if a.From >= a.To || a.why == WhyAway && (a.From == 0 || a.To.Sub(a.From) > longest) {
			return
		}
		for _, s := range r.Shifts(a.From, a.To) {
			if s.Person.Account != id || min(s.To, a.To).Sub(max(s.From, a.From)) < 20*time.Hour { // the morning before a handover is no absence
				continue
			}
			day := func(t record.Instant) string { return string(calendar.DateOf(t, r.Zone)) }
			if n.Warn("%s is %s and %s from %s to %s; %s", id, a.why, s.Role, day(s.From), day(s.To), remedy); a.why != WhyAway {
				return
			}
		}
	})
}

// handover is the time of day of the handover on a day.
func (r *policyReader) handover(day string, at time.Duration) record.Instant {
	return calendar.At(record.Date(day), at, r.Zone)
}

func (r *policyReader) escalation(n strict.Node) {
	for _, x := range n.List() {
		m := x.Map()
		after := m.Need("after")
		e := Escalate{after.Duration(), m.Need("to").Text(), m.Get("how").Text()}
		if k := len(r.Escalation); k > 0 && e.After > 0 && e.After < r.Escalation[k-1].After {
			after.Complain("this step comes before the one above it")
		}
		r.Escalation = append(r.Escalation, e)
	}
}

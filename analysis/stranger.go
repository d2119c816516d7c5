package analysis

// Whom and what a pager names and the policy does not: pages of a service that nobody owns, shifts of
// people who are not of the team. Such names are mostly the same ones spelled in another way.

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// StrangeServices are those of the names that no service of the policy goes by. A policy without services
// goes by the pager's names, and none is strange to it.
func (p *Policy) StrangeServices(names []string) []string {
	if len(p.Services) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(p.Services, func(s Service) bool { return s.GoesBy(name) })
	})
}

// StrangePeople are the names of those who are neither members of the team nor bots, each once and in
// order. Everybody is known to a policy without members.
func (p *Policy) StrangePeople(all []record.Person) []string {
	team := newRoster(&p.Team)
	strange := map[string]bool{}
	for _, who := range all {
		if who.Known() && !team.anyone && team.member(who) == nil && !team.machine(who) {
			strange[cmp.Or(who.Name, who.Account)] = true
		}
	}
	return slices.Sorted(maps.Keys(strange))
}

// Strangers are the services that paged in the trailing 90 days and the people on call since then, or soon,
// that the policy does not name.
func (n *Night) Strangers() (services, people []string) {
	since := n.AsOf.Add(-90 * 24 * time.Hour)
	named := map[string]bool{}
	for _, p := range n.Pages {
		if p.Of == nil && p.Service != "" && p.Triggered >= since {
			named[p.Service] = true
		}
	}
	var onCall []record.Person
	for _, s := range n.Shifts {
		if s.To > since && !slices.Contains(onCall, s.Person) {
			onCall = append(onCall, s.Person)
		}
	}
	return n.Policy.StrangeServices(slices.Sorted(maps.Keys(named))), n.Policy.StrangePeople(onCall)
}

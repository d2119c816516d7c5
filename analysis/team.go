package analysis

// Who is who: accounts of trackers and pagers, folded into the members of the team.

import (
	"cmp"
	"strings"
	"sync"

	"github.com/firebreak/firebreak/collectors/record"
)

// roster finds a member by any account or name they act with.
type roster struct {
	members map[string]*Member
	bots    map[string]bool
	anyone  bool // the policy names no members: every person counts as the team

	mu    sync.RWMutex          // metrics are measured side by side, and all ask who is who
	known map[record.Person]who // answers given
}

// who is what a roster knows of somebody.
type who struct {
	member  *Member // nil for somebody else
	id      string  // how items name them: a member by the policy's id, anybody else by the account
	machine bool    // no person's account, by the tracker's word or the policy's
	person  bool    // what they do is a team member's own act: machines', and acts without an author, are not
}

func newRoster(t *Team) *roster {
	r := &roster{members: map[string]*Member{}, bots: map[string]bool{}, anyone: len(t.Members) == 0, known: map[record.Person]who{}}
	for i := range t.Members {
		m := &t.Members[i]
		for _, a := range append([]string{m.ID, m.Name}, m.Accounts...) {
			r.members[strings.ToLower(a)] = m
		}
	}
	for _, b := range t.Bots {
		r.bots[strings.ToLower(b)] = true
	}
	return r
}

// who says who acts under an account or a name.
func (r *roster) who(p record.Person) who {
	r.mu.RLock()
	w, ok := r.known[p]
	r.mu.RUnlock()
	if !ok {
		w = r.find(p)
		r.mu.Lock()
		r.known[p] = w
		r.mu.Unlock()
	}
	return w
}

func (r *roster) find(p record.Person) who {
	account, name := strings.ToLower(p.Account), strings.ToLower(p.Name)
	w := who{id: cmp.Or(p.Account, p.Name), machine: p.Bot || r.bots[account] || r.bots[name]}
	if account != "" {
		w.member = r.members[account]
	}
	if w.member == nil && name != "" {
		w.member = r.members[name]
	}
	if w.member != nil {
		w.id = w.member.ID
	}
	w.person = p.Known() && !w.machine && (r.anyone || w.member != nil)
	return w
}

func (r *roster) member(p record.Person) *Member { return r.who(p).member }
func (r *roster) id(p record.Person) string      { return r.who(p).id }
func (r *roster) machine(p record.Person) bool   { return r.who(p).machine }
func (r *roster) person(p record.Person) bool    { return r.who(p).person }

// doorkeeper remembers the last few that it was asked for, who mostly come again, so that they need not be
// looked up in the roster for everything that they do. It is for one goroutine.
type doorkeeper struct {
	*roster
	last [8]struct {
		record.Person
		who
	}
	next int
}

func (d *doorkeeper) who(p record.Person) *who {
	for i := range d.last {
		if l := &d.last[i]; l.Person == p {
			return &l.who
		}
	}
	l := &d.last[d.next%len(d.last)]
	d.next++
	l.Person, l.who = p, d.roster.who(p)
	return &l.who
}

package analysis

// Who is who: accounts of trackers and pagers, folded into the members of the team.

import (
	"strings"
	"sync"

	"github.com/firebreak/firebreak/collectors/record"
)

// roster finds a member by any account or name they act with.
type roster struct {
	members map[string]*Member
	bots    map[string]bool
	anyone  bool // the policy names no members: every person counts as the team

	mu    sync.RWMutex              // metrics are measured side by side, and all ask who is who
	known map[record.Person]*Member // answers given
}

func newRoster(t *Team) *roster {
	r := &roster{members: map[string]*Member{}, bots: map[string]bool{}, anyone: len(t.Members) == 0, known: map[record.Person]*Member{}}
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

// member is the member behind an account; nil for somebody else.
func (r *roster) member(p record.Person) *Member {
	r.mu.RLock()
	m, ok := r.known[p]
	r.mu.RUnlock()
	if !ok {
		m = r.find(p)
		r.mu.Lock()
		r.known[p] = m
		r.mu.Unlock()
	}
	return m
}

func (r *roster) find(p record.Person) *Member {
	if m := r.members[strings.ToLower(p.Account)]; m != nil && p.Account != "" {
		return m
	}
	if p.Name == "" {
		return nil
	}
	return r.members[strings.ToLower(p.Name)]
}

// id is how a person is named in items: a member by the policy's id, anybody else by the account.
func (r *roster) id(p record.Person) string {
	if m := r.member(p); m != nil {
		return m.ID
	}
	if p.Account != "" {
		return p.Account
	}
	return p.Name
}

// person says whether an act was a team member's own. Machines, and acts without an author, are not.
func (r *roster) person(p record.Person) bool {
	if !p.Known() || r.machine(p) {
		return false
	}
	return r.anyone || r.member(p) != nil
}

// machine says whether an account is no person's, by the tracker's word or the policy's.
func (r *roster) machine(p record.Person) bool {
	return p.Bot || r.bots[strings.ToLower(p.Account)] || r.bots[strings.ToLower(p.Name)]
}

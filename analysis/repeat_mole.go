package analysis

// Whack-a-mole: what keeps coming back, with what was done about it and what that has helped (METRICS.md,
// sections 7 and 9). What was done about it is found in repeat_help.go.

import (
	"cmp"
	"slices"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// Mole is the pages and incidents of one place that have one fingerprint, where at least one of them came
// back: within 90 days after another had ended. A place is a service, or a component that is none; an
// incident of two services is in the moles of both. A page joined to an incident of its mole is that incident.
type Mole struct {
	Fingerprint string
	Title       string   // of the last of them
	Service     string   // the policy's name for it; the pager's or the tracker's own where the policy has none
	Of          *Service // nil where the policy has none

	Pages []*Page // by trigger time, those that were merged into another left out
	Items []*Item // the incidents, by creation
	First record.Instant
	Last  record.Instant

	Times   int // how often it came
	Recent  int // of these, in the trailing 90 days
	Repeats int // of these, how often it came back

	// The last improvement tied to it: the one finished last, else one that is still to come. Tie says by
	// what it is tied; "" where there is none.
	Improvement *postmortem.Improvement
	Tie         string

	// How often it came a week, in equal windows before and after the improvement was finished. They have no
	// number where there is none, or where a window would be shorter than [Fewest] weeks: too early to tell.
	Before, After         Value
	CameBefore, CameAfter int // the times that those rest on
}

// place is where something burns.
type place struct {
	service *Service
	name    string // folded, where the policy has no service of that name
}

// burrow is where a mole lives.
type burrow struct {
	place
	print string
}

// moles finds what keeps coming back, worst first: by how often in the trailing 90 days, then ever.
func (n *Night) moles() []*Mole {
	var all []*Mole
	found := map[burrow]*Mole{}
	at := func(b burrow, shown string) *Mole {
		m := found[b]
		if m == nil {
			m = &Mole{Fingerprint: b.print, Service: shown, Of: b.service}
			found[b] = m
			all = append(all, m)
		}
		return m
	}
	for _, it := range n.incidents() {
		if print := Fingerprint(it.Title); telling(print) {
			for shown, p := range it.places() {
				m := at(burrow{p, print}, shown)
				m.Items = append(m.Items, it)
			}
		}
	}
	// A million pages have some thousands of fingerprints and some dozens of services: each is kept once.
	prints, folded := map[string]string{}, map[string]string{}
	var buf []byte
	for _, p := range n.Pages {
		buf = appendFingerprint(buf[:0], p.Title)
		if p.Into != nil || !telling(string(buf)) {
			continue
		}
		b, shown := burrow{place{service: p.Of}, prints[string(buf)]}, p.Service
		if b.print == "" {
			b.print = string(buf)
			prints[b.print] = b.print
		}
		if p.Of != nil {
			shown = p.Of.Name
		} else if b.name = folded[p.Service]; b.name == "" {
			b.name = fold(p.Service)
			folded[p.Service] = b.name
		}
		m := at(b, shown)
		m.Pages = append(m.Pages, p)
	}
	all = slices.DeleteFunc(all, func(m *Mole) bool { return !m.count(n.AsOf) })
	h := n.help()
	for _, m := range all {
		h.find(m)
	}
	slices.SortFunc(all, func(a, b *Mole) int {
		return cmp.Or(cmp.Compare(b.Recent, a.Recent), cmp.Compare(b.Times, a.Times), cmp.Compare(b.Last, a.Last),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return all
}

// count counts how often it came, and says whether it ever came back.
func (m *Mole) count(asOf record.Instant) bool {
	came, ended := m.came()
	recent := asOf.Add(-remembered)
	for _, t := range came {
		if t >= recent {
			m.Recent++
		}
		if repeats(ended, t) >= 0 {
			m.Repeats++
		}
	}
	if m.Repeats == 0 {
		return false
	}
	m.Times, m.First, m.Last = len(came), came[0], came[len(came)-1]
	var last record.Instant
	if k := len(m.Items); k > 0 {
		last, m.Title = m.Items[k-1].Created, m.Items[k-1].Title
	}
	if k := len(m.Pages); k > 0 && m.Pages[k-1].Triggered >= last {
		m.Title = m.Pages[k-1].Title
	}
	return true
}

// came are the instants at which it came, and those at which it was put out, both in order.
func (m *Mole) came() (came, ended []record.Instant) {
	mine := make(map[*Item]bool, len(m.Items))
	for _, it := range m.Items {
		mine[it] = true
		came = append(came, it.Created)
		if !it.Open() && !it.Discarded {
			ended = append(ended, it.Finished)
		}
	}
	for _, p := range m.Pages {
		if slices.ContainsFunc(p.Items, func(it *Item) bool { return mine[it] }) {
			continue // it is that incident, and over when that is
		}
		came = append(came, p.Triggered)
		if p.Resolved >= p.Triggered { // of one that ended before it began nobody knows when
			ended = append(ended, p.Resolved)
		}
	}
	slices.Sort(came)
	slices.Sort(ended)
	return came, ended
}

package analysis

// A page as judged: who it woke, when, and which fire it belongs to. Pages are compact, because a million
// of them are held at once while the records they come from are read one at a time and dropped.

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

// Page is one alert that notified somebody, judged. All instants lie before as-of.
type Page struct {
	record.Ref
	Number, URL, Title string

	Service string   // the pager's word
	Of      *Service // the policy's; nil where it has none of that name
	Key     string   // de-duplication key, "" where the pager has none
	Urgency string
	Origin  string // record.ByMonitor, record.ByPerson, or "" where the pager does not say

	Triggered  record.Instant
	Acked      record.Instant  // by a person; 0 if never, or nobody knows when
	Resolved   record.Instant  // 0 while open
	AckedBy    []record.Person // machines are not among them
	ResolvedBy record.Person
	AutoClosed bool // resolved by itself, or by a machine
	Mute       bool // its pager tells of no acknowledgement of any page: that none of this one is known says nothing
	Breaks     bool // it begins an interruption
	clock      clock
	Escalated  int

	Issues []string       // keys and addresses of issues that it names in a field meant for it
	Events []record.Event // the pager's own log of it; nil where it was not exported
	Into   *Page          // the page that it was merged into, and counts as; nil for one of its own

	Items  []*Item      // joined for certain, by key
	Triage *triage.Line // what a person thought of it; nil where no file has it
}

// NoAction says whether nobody was needed: it was resolved by itself, and never acknowledged. Of a page
// whose pager tells of no acknowledgements nobody can say so.
func (p *Page) NoAction() bool { return p.AutoClosed && !p.answered() && !p.Mute }

// answered says whether a person acknowledged it, at whatever time.
func (p *Page) answered() bool { return p.Acked != 0 || len(p.AckedBy) > 0 }

// at is the name of the service in the policy; the pager's where the policy has none of that name.
func (p *Page) at() string {
	if p.Of != nil {
		return p.Of.Name
	}
	return p.Service
}

// byTrigger orders pages as they came.
func byTrigger(a, b *Page) int {
	if a.Triggered != b.Triggered { // of a million pages hardly two came at once: their names are left alone
		return cmp.Compare(a.Triggered, b.Triggered)
	}
	return a.Ref.Compare(b.Ref)
}

// reading judges pages one after the other, and keeps what many of them have in common once.
type reading struct {
	team  *roster
	block []Page                            // where the next ones go
	alone map[record.Person][]record.Person // of each a list of that person; nil for a machine
	tells map[string]bool                   // trackers that told of an acknowledgement, be it a machine's
}

func newReading(team *roster) *reading {
	return &reading{team: team, alone: map[record.Person][]record.Person{}, tells: map[string]bool{}}
}

// page judges a record as of an instant; nil where the record does not tell of a page by then.
func (r *reading) page(p *record.Page, asOf record.Instant) *Page {
	if p.Triggered == 0 || p.Triggered >= asOf {
		return nil
	}
	if len(r.block) == cap(r.block) {
		r.block = make([]Page, 0, min(2*cap(r.block)+1, 512))
	}
	r.block = append(r.block, Page{Ref: p.Ref, Number: p.Number, URL: p.URL, Title: p.Title, Service: p.Service, Key: p.Key, Urgency: p.Urgency, Origin: p.Origin,
		Triggered: p.Triggered, Issues: p.Issues})
	v := &r.block[len(r.block)-1]
	r.happened(v, p, asOf)
	return v
}

// Misnamed is what a page names as its issue although no issue goes by it: mistyped, or of a tracker that was not
// read. In a title that is only what looks like a key of a project that is known, as UTF-8 does of one that is
// not; where no tracker was read, every project could be one.
func (n *Night) Misnamed(p *Page) []string {
	if len(p.Items) > 0 || p.Into != nil {
		return nil
	}
	var names []string
	add := func(s string) {
		if !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	for _, s := range p.Issues {
		s = strings.TrimRight(strings.TrimSpace(s), "/")
		if k := lastSegment(s); isKey(strings.ToUpper(k), strings.IndexByte(k, '-')) {
			s = strings.ToUpper(k)
		}
		if s != "" {
			add(s)
		}
	}
	issuesIn(p.Title, func(s string) {
		if strings.Contains(s, "://") {
			if s = lastSegment(s); !isKey(s, strings.IndexByte(s, '-')) {
				return
			}
		}
		if len(n.Items) == 0 || n.projects[project(s)] {
			add(s)
		}
	})
	return names
}

// project is what stands before the number in an issue's key, in capitals.
func project(key string) string {
	return strings.ToUpper(key[:max(0, strings.LastIndexAny(key, "-#"))])
}

// into joins pages with those they were merged into.
func (n *Night) into(merged map[record.Ref]string) {
	if len(merged) == 0 {
		return
	}
	all := map[record.Ref]*Page{} // those that this is about: few of many
	for ref, to := range merged {
		all[ref], all[record.Ref{Tracker: ref.Tracker, ID: to}] = nil, nil
	}
	for _, p := range n.Pages {
		if _, ok := all[p.Ref]; ok {
			all[p.Ref] = p
		}
	}
	for _, p := range n.Pages {
		if merged[p.Ref] == "" {
			continue
		}
		way := []*Page{p}
		for {
			last := way[len(way)-1]
			next := all[record.Ref{Tracker: last.Tracker, ID: merged[last.Ref]}]
			if next == nil {
				break
			}
			if at := slices.Index(way, next); at >= 0 { // they became part of each other: the least of them stands for all
				next = slices.MinFunc(way[at:], func(a, b *Page) int { return a.Ref.Compare(b.Ref) })
				way = append(way, next)
				break
			}
			way = append(way, next)
		}
		if to := way[len(way)-1]; to != p {
			p.Into = to
		}
	}
}

// numbered notes the pages that an export knew by their number only ("pagerduty-7"; see collectors/paging) as
// merged into those of that number and minute that another export gave an id of their own.
func (n *Night) numbered(merged map[record.Ref]string) {
	type name struct{ tracker, number string }
	short := map[name]*Page{}
	for _, p := range n.Pages {
		if p.Number != "" && strings.HasSuffix(p.ID, "-"+p.Number) {
			short[name{p.Tracker, p.Number}] = p
		}
	}
	if len(short) == 0 {
		return
	}
	for _, p := range n.Pages {
		if s := short[name{p.Tracker, p.Number}]; s != nil && s != p && s.Triggered.Sub(p.Triggered).Abs() < time.Minute {
			merged[s.Ref] = p.ID
		}
	}
}

// read sets what follows from all pages together: the policy's services, which pages begin an
// interruption, and which are of a pager that tells of no acknowledgement. Pages are by trigger time.
func (n *Night) read(tells map[string]bool) {
	named := map[string]*Service{}
	for i := range n.Policy.Services {
		s := &n.Policy.Services[i]
		for _, name := range append([]string{s.ID, s.Name}, s.Aliases...) {
			if named[fold(name)] == nil {
				named[fold(name)] = s
			}
		}
	}
	services := map[string]*Service{} // by the pager's spelling: a million pages have some dozens
	for _, p := range n.Pages {
		s, ok := services[p.Service]
		if !ok {
			s = named[fold(p.Service)]
			services[p.Service] = s
		}
		p.Of, p.Mute = s, !tells[p.Tracker]
	}
	n.interrupt()
	n.heard = n.hear()
}

// series is what pages repeat each other within: a key of the pager, or where a page has none its service.
type series struct {
	tracker, name string
	keyed         bool
}

// interrupt finds the pages that begin an interruption: those that come the policy's window or more after
// the previous one of their series, or first in it. A page that was merged is no page of its own, and one with
// neither key nor service repeats nothing.
func (n *Night) interrupt() {
	window := n.Policy.Pages.Window
	last := map[series]record.Instant{}
	room := 1 << 12
	for _, p := range n.Pages {
		if p.Into != nil {
			continue
		}
		s := series{p.Tracker, cmp.Or(p.Key, p.at()), p.Key != ""}
		if s.name == "" {
			p.Breaks = true
			continue
		}
		prev, seen := last[s]
		p.Breaks = !seen || p.Triggered.Sub(prev) >= window
		last[s] = p.Triggered
		if len(last) < room {
			continue
		}
		// Where every alert has a key of its own, those of long ago are forgotten: nothing joins them.
		for s, at := range last {
			if p.Triggered.Sub(at) >= window {
				delete(last, s)
			}
		}
		room = max(room, 2*len(last))
	}
}

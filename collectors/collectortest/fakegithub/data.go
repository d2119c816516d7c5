package fakegithub

// What there is: issues and their histories, made from the seed whenever they are asked for.

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// issue is what must be kept of an issue. Its history up to the beginning is made from its seed, what
// happened since is in more.
type issue struct {
	id               int64
	number           int
	origNumber       int // under which it was opened
	seed             uint64
	created, updated int64
	origUpdated      int64 // before more
	repo             *repo
	more             []event
	pull             bool
	came             bool   // it was transferred here
	gone             bool   // it is not here any more
	moved            bool   // for it was transferred
	heir             *issue // to be this one, nil if that is where nobody can see it
}

// kind is of an event of the timeline.
type kind uint8

const (
	labeled kind = iota
	unlabeled
	assigned
	unassigned
	closed
	reopened
	milestoned
	demilestoned
	renamed
	typed
	retyped
	untyped
	commented
	crossReferenced
	subscribed
	mentioned
	referenced
	subAdded
	parentAdded
	projectAdded
	statusChanged
	transferred
)

// event is one event. What from and to are, depends on its kind: an index into labels, people, milestones,
// types, reasons or statuses, the number of a title, or of an issue.
type event struct {
	at       int64
	from, to uint16
	other    int32
	who      uint8
	kind     kind
}

// What the world of the fake consists of. The first value of a list with "" is "none".
var (
	people = []string{"ada-ok", "bert", "chandra", "dmitri-s", "eve", "fatima", "gus", "hana", "dependabot[bot]", "ghost"}
	labels = []struct{ name, color, about string }{
		{"bug", "d73a4a", "Something isn't working"},
		{"enhancement", "a2eeef", "New feature or request"},
		{"P-high", "b60205", ""},
		{"P-medium", "fbca04", ""},
		{"P-low", "0e8a16", ""},
		{"customer: Müller & Söhne", "5319e7", "Reported by a customer"},
		{"area/checkout", "c5def5", ""},
		{"good first issue", "7057ff", "Good for newcomers"},
		{"🔥 incident", "e11d21", "Paged somebody"},
	}
	milestones = []string{"", "2026.10", "2026.11", "Someday"}
	// GitHub writes the day as midnight on the west coast of America, in summer time or not.
	milestoneDays = []string{"", "2026-10-06T07:00:00Z", "2026-11-17T08:00:00Z", ""}
	types         = []string{"", "Bug", "Feature", "Task"}
	reasons       = []string{"", "completed", "not_planned", "duplicate"}
	statuses      = []string{"", "Todo", "In progress", "In review", "Done"}
	words         = []string{"checkout", "timeout", "invoice", "total", "rounding", "retry", "login", "session", "crash", "slow",
		"export", "currency", "webhook", "duplicate", "order", "refund", "naïve", "日付", "<script>", "\"quoted\""}
)

// statusesStopped is since when status changes left no event, see [Options.NoStatuses].
const statusesStopped = 1790208000 // 2026-09-24

// firstID is about where GitHub's ids of issues were in 2026: beyond 32 bits.
const firstID = 3_600_000_000

const (
	year = 365 * 24 * 3600
	day  = 24 * 3600
)

// populate opens the issues of a repository over the last three years. The newest update is two hours old.
func (h *Hub) populate(r *repo) {
	rng := rand.New(rand.NewPCG(h.o.Seed, uint64(r.id)))
	r.born = h.o.Issues
	last := h.now - 2*3600
	first := last - 3*year
	for i := range h.o.Issues {
		created := first + (last-first-day)*int64(i)/int64(h.o.Issues) + rng.Int64N(day)
		updated := created + rng.Int64N(min(200*day, last-created)+1)
		if rng.IntN(4) == 0 {
			updated = created + rng.Int64N(min(3600, last-created)+1)
		}
		h.open(r, created, updated, rng.Float64() < h.o.PullShare)
	}
	for _, is := range r.issues { // a parent was last updated no earlier than it got its child
		if p := parent(is); p != nil {
			p.updated = max(p.updated, is.created)
			p.origUpdated = p.updated
		}
	}
	for i := range min(h.o.Bulk, len(r.issues)) { // spread over the whole list of numbers
		is := r.issues[i*len(r.issues)/h.o.Bulk]
		is.updated = last + 1800
		is.origUpdated = is.updated
	}
}

// open opens an issue.
func (h *Hub) open(r *repo, created, updated int64, pull bool) *issue {
	h.nextID += 1 + int64(len(r.issues)%7)
	is := &issue{id: h.nextID, number: len(r.issues) + 1, created: created, updated: updated, origUpdated: updated, repo: r, pull: pull}
	is.seed, is.origNumber = uint64(is.id), is.number
	r.issues = append(r.issues, is)
	h.byID[is.id] = is
	return is
}

// parent is the issue that this one is a part of, nil if it is of none.
func parent(is *issue) *issue {
	if is.number%12 != 5 || is.number > is.repo.born || is.pull {
		return nil
	}
	if p := is.repo.issues[is.number-2]; !p.pull {
		return p
	}
	return nil
}

// child is the issue that is a part of this one, nil if none is.
func child(is *issue) *issue {
	if is.number < is.repo.born {
		if c := is.repo.issues[is.number]; parent(c) == is {
			return c
		}
	}
	return nil
}

// project is the number of the project that the issue is in, 0 for none.
func (h *Hub) project(is *issue) int {
	if h.o.Projects == 0 || is.number%2 != 0 || is.came || is.repo.owner != h.o.Org {
		return 0
	}
	return 1 + is.number/2%h.o.Projects
}

// points is the estimate of an issue in its project, nil for none.
func points(is *issue) *float64 {
	v := []float64{1, 2, 3, 5, 0.5, 0, 8, -1}[is.seed%8]
	if v < 0 {
		return nil
	}
	return &v
}

// history is all events of an issue, oldest first.
func (h *Hub) history(is *issue) []event {
	rng := rand.New(rand.NewPCG(h.o.Seed, is.seed))
	var list []event
	add := func(e event) { list = append(list, e) }
	s := &state{}
	then := func(e event) {
		s.apply(e)
		add(e)
	}
	if !is.pull {
		for range rng.IntN(3) {
			if l := uint16(rng.IntN(len(labels))); s.labels&(1<<l) == 0 {
				then(event{kind: labeled, at: is.created, who: uint8(rng.IntN(3)), to: l})
			}
		}
	}
	n := 1 + rng.IntN(7)
	if is.origNumber%200 == 7 {
		n = 110 + rng.IntN(150)
	}
	for k := range n {
		at := is.created + (is.origUpdated-is.created)*int64(k+1)/int64(n)
		switch c := rng.IntN(10); {
		case is.pull || c < 2:
			then(event{kind: commented, at: at, who: uint8(rng.IntN(len(people)))})
		case c < 3 && k < n-1:
			then(event{kind: []kind{crossReferenced, subscribed, mentioned, referenced}[rng.IntN(4)], at: at, who: uint8(rng.IntN(8)), other: int32(rng.IntN(h.o.Issues))})
		default:
			then(h.step(rng, is, s, at))
		}
	}
	if p := parent(is); p != nil {
		add(event{kind: parentAdded, at: is.created, other: int32(p.number - 1)})
	}
	if c := child(is); c != nil {
		add(event{kind: subAdded, at: c.created, other: int32(c.number - 1)})
	}
	if h.project(is) > 0 && !is.pull {
		add(event{kind: projectAdded, at: is.created})
		add(event{kind: statusChanged, at: is.created, to: 1})
		for k := range uint16(is.seed / 8 % 4) {
			add(event{kind: statusChanged, at: is.created + (is.origUpdated-is.created)*int64(k+1)/4, who: 2, from: k + 1, to: k + 2})
		}
	}
	slices.SortStableFunc(list, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return append(list, is.more...)
}

// step is one more change of a field of an issue in this state.
func (h *Hub) step(rng *rand.Rand, is *issue, s *state, at int64) event {
	e := event{at: at, who: uint8(rng.IntN(8))}
	switch rng.IntN(8) {
	case 0, 1:
		e.to = uint16(rng.IntN(len(labels)))
		if e.kind = labeled; s.labels&(1<<e.to) != 0 {
			e.kind = unlabeled
		}
	case 2:
		e.to = uint16(rng.IntN(8))
		if e.kind = assigned; s.assignees&(1<<e.to) != 0 {
			e.kind = unassigned
		}
	case 3:
		if e.kind, e.to = milestoned, uint16(1+rng.IntN(len(milestones)-1)); s.milestone != 0 {
			e.kind, e.to = demilestoned, s.milestone
		}
	case 4:
		e.kind, e.from, e.to = renamed, s.title, s.title+1
	case 5:
		e.kind, e.from, e.to = typed, s.kind, uint16(1+rng.IntN(len(types)-1))
		switch {
		case s.kind == 0:
		case s.kind == e.to:
			e.kind, e.to = untyped, 0
		default:
			e.kind = retyped
		}
	default:
		if e.kind, e.to = closed, uint16(1+rng.IntN(len(reasons)-1)); s.closed {
			e.kind, e.to = reopened, 0
		}
	}
	return e
}

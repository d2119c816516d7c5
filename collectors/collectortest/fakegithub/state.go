package fakegithub

// What an issue is, after its history.

import (
	"math/bits"
	"slices"
)

// state is an issue after a part of its history.
type state struct {
	labels, assignees      uint32
	order                  []uint16 // of the labels, oldest first
	milestone, kind, title uint16
	closed                 bool
	closings               int
	reason, status         uint16
	closedAt, moved        int64
	closedBy               uint8
	changes, comments      int
	statuses               int
}

func (s *state) name() string {
	if s.closed {
		return "closed"
	}
	return "open"
}

func (s *state) apply(e event) {
	switch e.kind {
	case labeled:
		s.labels |= 1 << e.to
		s.order = append(s.order, e.to)
	case unlabeled:
		s.labels &^= 1 << e.to
		s.order = slices.DeleteFunc(s.order, func(l uint16) bool { return l == e.to })
	case assigned:
		s.assignees |= 1 << e.to
	case unassigned:
		s.assignees &^= 1 << e.to
	case milestoned:
		s.milestone = e.to
	case demilestoned:
		s.milestone = 0
	case renamed:
		s.title = e.to
	case typed, retyped, untyped:
		s.kind = e.to
	case closed:
		s.closed, s.reason, s.closedAt, s.closedBy = true, e.to, e.at, e.who
		s.closings++
		s.changes++
	case reopened:
		s.closed, s.reason, s.closedAt = false, 0, 0
		s.changes++
	case commented:
		s.comments++
	case statusChanged:
		s.status, s.moved = e.to, e.at
	}
	if e.kind <= untyped {
		s.changes++
	}
}

// state is an issue as it is now.
func (h *Hub) state(is *issue) *state {
	s := &state{}
	for _, e := range h.history(is) {
		s.apply(e)
		if e.kind == statusChanged && !h.silent(e) {
			s.statuses++
		}
	}
	return s
}

// silent says whether an event is one that GitHub forgot to write down.
func (h *Hub) silent(e event) bool {
	return h.o.NoStatuses && e.kind == statusChanged && e.at >= statusesStopped
}

// set are the members of a set of indexes.
func set(s uint32) (list []int) {
	for ; s != 0; s &= s - 1 {
		list = append(list, bits.TrailingZeros32(s))
	}
	return list
}

// title is an issue's title, after it was renamed n times.
func title(is *issue, n uint16) string {
	a, b, c := is.seed%uint64(len(words)), is.seed/7%uint64(len(words)), is.seed/49%uint64(len(words))
	t := words[a] + " " + words[b] + ": " + words[c]
	if n > 0 {
		t += " (again " + itoa(int64(n)) + ")"
	}
	return t
}

// body is an issue's description, "" for none (null).
func body(is *issue) string {
	switch is.seed % 9 {
	case 0:
		return ""
	case 1:
		return "Seen in production.\r\n\r\n```\r\npanic: " + words[is.seed/3%uint64(len(words))] + "\r\n```\r\n"
	}
	n := 2 + is.seed%23
	t := "### What happened\r\n\r\n"
	for i := range n {
		t += "The " + words[(is.seed+i)%uint64(len(words))] + " of the " + words[(is.seed/5+3*i)%uint64(len(words))] + " was not as expected. "
	}
	return t + "\r\n\r\nSee https://status.example.com/i/" + itoa(int64(is.seed%1000)) + "\r\n"
}

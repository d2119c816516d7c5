package analysis

// Where judged items are kept: next to each other, and what they have alike once.

import (
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// slab keeps short lists one behind the other. A million lists of two take half the room that they
// take one by one, and whoever walks over all of them finds the next one where the last one ended.
type slab[T any] struct{ room []T }

// fewest and most bound how many values a slab makes room for at a time: a night of ten issues is
// not to pay for a million.
const (
	slabFewest = 16
	slabMost   = 2048
)

// keep is a copy of the list, which must not grow.
func (s *slab[T]) keep(list []T) []T {
	if len(list) == 0 {
		return nil
	}
	s.make(len(list))
	from := len(s.room)
	s.room = append(s.room, list...)
	return s.room[from:len(s.room):len(s.room)]
}

// one is room for one value.
func (s *slab[T]) one() *T {
	s.make(1)
	s.room = s.room[:len(s.room)+1]
	return &s.room[len(s.room)-1]
}

func (s *slab[T]) make(n int) {
	if cap(s.room)-len(s.room) < n {
		s.room = make([]T, 0, max(n, slabFewest, min(2*cap(s.room), slabMost)))
	}
}

// lives are the slabs of what happened to items.
type lives struct {
	stages     slab[Step[*Stage]]
	classes    slab[Step[*Class]]
	severities slab[Step[int]]
	assignees  slab[Step[[]string]]
	dues       slab[Step[record.Date]]
	instants   slab[record.Instant]
}

// alike is the look, the same one for all items that look alike.
func (j *judge) alike(l *Look) *Look {
	k := appendText(j.key[:0], l.Type)
	k = appendText(k, l.Project)
	k = appendText(k, l.Status)
	k = appendText(k, l.Priority)
	k = appendText(k, l.Channel)
	k = appendText(k, l.Coarse)
	k = append(k, byte(bit(l.Machine)))
	for _, s := range l.Services {
		k = appendText(k, s.ID)
	}
	k = append(k, 0)
	k = appendList(k, l.Components)
	k = appendList(k, l.Missing)
	j.key = k
	if known := j.looks[string(k)]; known != nil {
		return known
	}
	own := *l
	own.Components, own.Missing = slices.Clone(l.Components), slices.Clone(l.Missing) // the judge goes on writing where they stand
	j.looks[string(k)] = &own
	return &own
}

// crew is a copy of a list of assignees, the same one for the same people.
func (j *judge) crew(who []string) []string {
	if len(who) == 0 {
		return nil
	}
	j.key = appendList(j.key[:0], who)
	crew := j.crews[string(j.key)]
	if crew == nil {
		crew = slices.Clone(who)
		j.crews[string(j.key)] = crew
	}
	return crew
}

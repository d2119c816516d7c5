package analysis

// What may belong together: an emergency that nobody was paged for and a page that nobody wrote an issue
// about, of one service, soon after one another. A suggestion is for a person to confirm, by writing the
// key on one side or the other; no figure counts it.

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Suggestion is a join that service and time suggest.
type Suggestion struct {
	Page *Page
	Item *Item
	Why  string
}

// suggest pairs the nearest first, so that each page and each item is in one pair at most. Within the times
// of one service the nearest pair always stands side by side; taking one out brings those around it
// together. So there are never more pairs to look at than there are pages and items.
func (n *Night) suggest() {
	m := &matching{within: n.Policy.Pages.Join, last: map[*Service]*spot{}, of: map[*Item][]*spot{}}
	var lost []*spot
	times := map[*Service][]record.Instant{}
	for _, it := range n.Items {
		if f := n.FireOf(it); it.Kind() != Incident || it.Discarded || f != nil && len(f.Pages) > 0 {
			continue
		}
		for _, s := range it.Services {
			at := &spot{of: s, at: it.Created, item: it}
			lost = append(lost, at)
			m.of[it] = append(m.of[it], at)
		}
	}
	slices.SortFunc(lost, func(a, b *spot) int { return cmp.Or(cmp.Compare(a.at, b.at), a.item.Ref.Compare(b.item.Ref)) })
	for _, s := range lost {
		times[s.of] = append(times[s.of], s.at)
	}
	for _, p := range n.Pages {
		if p.Into != nil || len(p.Items) > 0 || !m.reaches(times[p.Of], p.Triggered) {
			continue
		}
		for len(lost) > 0 && lost[0].at <= p.Triggered {
			m.stand(lost[0])
			lost = lost[1:]
		}
		m.stand(&spot{of: p.Of, at: p.Triggered, page: p})
	}
	for _, s := range lost {
		m.stand(s)
	}
	for _, s := range m.pairs() {
		p, it := s.page, s.item
		when := "together with it"
		if d := p.Triggered.Sub(it.Created); d > 0 {
			when = elapsed(d.Seconds()) + " after it was reported"
		} else if d < 0 {
			when = elapsed(-d.Seconds()) + " before it was reported"
		}
		n.Suggested = append(n.Suggested, Suggestion{Page: p, Item: it, Why: fmt.Sprintf("both concern %s, and the page came %s", p.at(), when)})
	}
	slices.SortStableFunc(n.Suggested, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(a.Item.Created, b.Item.Created), a.Item.Ref.Compare(b.Item.Ref))
	})
}

// spot is a page or an item on the line of one service's time.
type spot struct {
	of         *Service
	at         record.Instant
	page       *Page
	item       *Item
	prev, next *spot
	taken      bool
}

// couple is a page and an item side by side.
type couple struct {
	page *Page
	item *Item
	away time.Duration
	a, b *spot
}

// matching is a heap of pairs, the nearest on top.
type matching struct {
	within time.Duration
	queue  []couple
	last   map[*Service]*spot // where each service's line ends
	of     map[*Item][]*spot  // an item stands in the time of each of its services
}

// reaches says whether there is an emergency near enough to a page; most of a million are near none.
func (m *matching) reaches(times []record.Instant, t record.Instant) bool {
	i, _ := slices.BinarySearch(times, t)
	return i < len(times) && times[i].Sub(t) < m.within || i > 0 && t.Sub(times[i-1]) < m.within
}

// stand puts a spot at the end of its service's line; they come by time.
func (m *matching) stand(s *spot) {
	if p := m.last[s.of]; p != nil {
		p.next, s.prev = s, p
		m.offer(p, s)
	}
	m.last[s.of] = s
}

// pairs takes the nearest pair until there is none.
func (m *matching) pairs() []couple {
	var found []couple
	for len(m.queue) > 0 {
		x := heap.Pop(m).(couple)
		if x.a.taken || x.b.taken {
			continue
		}
		found = append(found, x)
		page := x.a
		if page.page == nil {
			page = x.b
		}
		m.take(page)
		for _, s := range m.of[x.item] {
			m.take(s)
		}
	}
	return found
}

// offer puts two neighbours up, where one is a page and the other an item, and they are near enough.
func (m *matching) offer(a, b *spot) {
	if (a.page == nil) == (b.page == nil) || b.at.Sub(a.at) >= m.within {
		return
	}
	heap.Push(m, couple{page: cmp.Or(a.page, b.page), item: cmp.Or(a.item, b.item), away: b.at.Sub(a.at), a: a, b: b})
}

// take takes a spot out of its line; its neighbours stand side by side now.
func (m *matching) take(s *spot) {
	s.taken = true
	if s.prev != nil {
		s.prev.next = s.next
	}
	if s.next != nil {
		s.next.prev = s.prev
	}
	if s.prev != nil && s.next != nil {
		m.offer(s.prev, s.next)
	}
}

// Len, Less, Swap, Push and Pop are [heap.Interface].
func (m *matching) Len() int      { return len(m.queue) }
func (m *matching) Swap(i, j int) { m.queue[i], m.queue[j] = m.queue[j], m.queue[i] }
func (m *matching) Less(i, j int) bool {
	a, b := &m.queue[i], &m.queue[j]
	if a.away != b.away {
		return a.away < b.away
	}
	return cmp.Or(cmp.Compare(a.item.Created, b.item.Created), a.item.Ref.Compare(b.item.Ref), a.page.Ref.Compare(b.page.Ref)) < 0
}
func (m *matching) Push(x any) { m.queue = append(m.queue, x.(couple)) }
func (m *matching) Pop() any {
	x := m.queue[len(m.queue)-1]
	m.queue = m.queue[:len(m.queue)-1]
	return x
}

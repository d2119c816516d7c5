package fakegithub

// What happens: people change, open, delete and move issues.

import (
	"slices"
	"time"
)

// Change changes n issues in one and the same second, each in a field that leaves an event; then the clock
// moves on. No issue is changed twice by one call as long as there are n of them.
func (h *Hub) Change(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.change(h.some(n), h.now)
	h.tick()
}

// Misdate changes n issues as Change does, but says that they were updated at that time, as an import or a
// wrong clock would. Their events are of the present all the same.
func (h *Hub) Misdate(n int, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.change(h.some(n), at.Unix())
	h.tick()
}

// Repeat changes what the last call of Change, Misdate or Add touched once more, in the same second: the
// issues get more history and no other update.
func (h *Hub) Repeat() {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now
	h.now -= pace
	for _, is := range h.last {
		h.change([]*issue{is}, is.updated)
	}
	h.now = now
}

// pace is how far the clock moves after something was done, in seconds.
const pace = 3

func (h *Hub) tick() { h.now += pace }

// some are n of the issues that are there, old and new, each once as long as there are n of them.
func (h *Hub) some(n int) []*issue {
	there := h.there()
	h.rng.Shuffle(len(there), func(i, j int) { there[i], there[j] = there[j], there[i] })
	h.last = nil
	for i := range n {
		if len(there) > 0 {
			h.last = append(h.last, there[i%len(there)])
		}
	}
	return h.last
}

func (h *Hub) change(list []*issue, updated int64) {
	for _, is := range list {
		is.more = append(is.more, h.step(h.rng, is, h.state(is), h.now))
		h.touch(is, updated)
	}
}

// Comment adds a comment to n issues.
func (h *Hub) Comment(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, is := range h.some(n) {
		is.more = append(is.more, event{kind: commented, at: h.now, who: uint8(h.rng.IntN(len(people)))})
		h.touch(is, h.now)
	}
	h.tick()
}

// Add opens n issues in one second.
func (h *Hub) Add(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = nil
	for range n {
		r := h.repos[h.rng.IntN(len(h.repos))]
		h.last = append(h.last, h.open(r, h.now, h.now, false))
		r.sorted = nil
	}
	h.tick()
}

// Remove deletes n issues. The service then says 410 of each by its number, and lists it no more.
func (h *Hub) Remove(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, is := range h.some(n) {
		if !is.gone {
			is.gone, is.repo.sorted = true, nil
			h.removed = append(h.removed, is)
		}
	}
	h.last = nil
	h.tick()
}

// Restore brings back the n issues that were removed last, as they were: neither their update nor their
// history tells. GitHub itself restores no issue, but what a token may see comes and goes.
func (h *Hub) Restore(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	from := max(0, len(h.removed)-n)
	for _, is := range h.removed[from:] {
		is.gone, is.repo.sorted = false, nil
	}
	h.removed = h.removed[:from]
}

// Transfer moves n issues to the next repository, or out of sight if there is only one. The service then
// answers their old numbers with a redirect. An issue that is transferred gets a new id, as one who tried
// it found (979486533 became 979489936: github.com/GoogleCloudPlatform/repo-automation-playground/issues/85).
func (h *Hub) Transfer(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, is := range h.some(n) {
		if is.gone {
			continue
		}
		is.gone, is.moved, is.repo.sorted = true, true, nil
		if len(h.repos) == 1 {
			continue
		}
		is.heir = h.open(h.repos[(is.repo.at+1)%len(h.repos)], is.created, is.origUpdated, false)
		is.heir.came, is.heir.seed, is.heir.origNumber = true, is.seed, is.origNumber
		is.heir.more = append(slices.Clone(is.more), event{kind: transferred, at: h.now})
		h.touch(is.heir, h.now)
	}
	h.last = nil
	h.tick()
}

// Move moves n issues of the projects to their next status. GitHub does not count that as an
// update of the issue (from memory, unconfirmed).
func (h *Hub) Move(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	there := slices.DeleteFunc(h.there(), func(is *issue) bool { return h.project(is) == 0 })
	for range n {
		if len(there) == 0 {
			return
		}
		is := there[h.rng.IntN(len(there))]
		was := h.state(is).status
		is.more = append(is.more, event{kind: statusChanged, at: h.now, who: 1, from: was, to: 1 + was%uint16(len(statuses)-1)})
	}
	h.tick()
}

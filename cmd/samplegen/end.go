package main

// The end of the story: whatever lies after its last moment has not happened, everything gets its number,
// and the story's own reckoning of what was kept is closed.

import (
	"cmp"
	"slices"
	"strings"
)

// decide notes by the story's own reckoning whether the promise was kept.
func (w *world) decide(it *item, at int64) {
	if it.decided != 0 || it.promise == 0 || it.drop != "" && it.resolution != "Done" && it.resolution != "" {
		return
	}
	if it.kind == "Incident" && it.promise == w.promised(it, it.born) && (it.paged != nil || it.priority == "Blocker") {
		limit := 8 * hour
		if w.cal.day(it.born) >= "2026-03-01" {
			limit = 4 * hour
		}
		it.broken = at > it.born+limit
		it.decided = min(at, it.born+limit)
		return
	}
	it.broken = w.cal.work(at) > it.promise
	it.decided = at
	if it.broken {
		it.decided = w.whenWorked(it.promise)
	}
}

// whenWorked is the moment at which so many office minutes of the story have passed.
func (w *world) whenWorked(minutes int64) int64 {
	i, _ := slices.BinarySearch(w.cal.worked, minutes)
	return w.cal.from + int64(i)*tickLen
}

// end drops what has not happened yet and numbers the rest.
func (w *world) end() {
	end := w.cal.to
	for _, it := range w.open {
		if it.promise != 0 && it.decided == 0 && w.cal.work(end) > it.promise && it.status != stInfo && it.status != stVendor {
			it.broken, it.decided = true, w.whenWorked(it.promise)
		}
	}
	w.items = slices.DeleteFunc(w.items, func(it *item) bool { return it.born >= end })
	slices.SortStableFunc(w.items, func(a, b *item) int { return cmp.Compare(a.born, b.born) })
	for _, it := range w.items {
		it.undo(end)
	}
	w.pages = slices.DeleteFunc(w.pages, func(p *page) bool { return p.at >= end })
	for _, p := range w.pages {
		if p.item != nil && p.item.born >= end { // paged a minute ago, and no issue yet
			p.item, p.title = nil, strings.TrimPrefix(p.title, "[%k] ")
		}
	}
	slices.SortStableFunc(w.pages, func(a, b *page) int { return cmp.Compare(a.at, b.at) })
	r := stream("page ids")
	for i, p := range w.pages {
		p.number = 2041 + i
		p.id = pageID(r)
	}
	w.number()
	for _, it := range w.items {
		if it.source != nil {
			it.title = strings.ReplaceAll(it.title, "%k", it.source.key())
			it.text = strings.ReplaceAll(it.text, "%k", it.source.key())
		}
	}
	for _, p := range w.pages {
		if p.item != nil {
			p.item.text = strings.Replace(p.item.text, "%p", p.id, 1)
		}
	}
}

// undo takes back the acts at or after the end, newest first.
func (it *item) undo(end int64) {
	for len(it.log) > 0 && it.log[len(it.log)-1].at >= end {
		a := it.log[len(it.log)-1]
		it.log = it.log[:len(it.log)-1]
		switch a.what {
		case aStatus:
			it.status = a.from
			if a.to == stDone {
				it.closed, it.done = 0, 0
			}
		case aAssignee:
			it.assignee = a.was
		case aPriority:
			it.priority = a.from
		case aResolution:
			it.resolution = a.from
		case aDue:
			it.due = a.from
		case aVersion:
			it.versions = it.versions[:len(it.versions)-1]
		case aPoints:
			it.points = 0
		case aLink:
			it.links = it.links[:len(it.links)-1]
		}
	}
}

// number gives the keys: in order of birth, but the scripted ones have theirs, because postmortems cite
// them and must not be reshuffled by a change elsewhere in the story.
func (w *world) number() {
	for _, code := range []bool{false, true} {
		taken := map[int]bool{}
		for _, it := range w.items {
			if it.code == code && it.n != 0 {
				taken[it.n] = true
			}
		}
		n := 0
		for _, it := range w.items {
			if it.code != code || it.n != 0 {
				continue
			}
			for n++; taken[n]; n++ {
			}
			it.n = n
		}
	}
}

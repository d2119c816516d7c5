package main

// A member's ten minutes: what they choose, how far they get with it, who reviews it, and what becomes of
// it.

import "slices"

// work is ten minutes of a member's day.
func (w *world) work(m *member) {
	r := w.r
	if m.busy > w.t {
		return
	}
	if r.chance(w.h.reviews) && w.read(m) {
		return
	}
	if m.now != nil && !workable(m.now) {
		m.now = nil
	}
	switch {
	case w.h.pushed:
		for _, it := range m.mine {
			if it.status == stReady && r.chance(120) {
				w.begin(m, it)
				break
			}
		}
		if m.now == nil || r.chance(w.h.switches) {
			m.now = w.any(m)
		}
	default:
		if m.now == nil || r.chance(w.h.switches) {
			m.now = w.first(m)
		}
		if m.now == nil || r.chance(w.h.eager) {
			if it := w.pull(m); it != nil {
				w.begin(m, it)
				m.now = it
			}
		}
	}
	it := m.now
	if it == nil {
		return
	}
	if it.status == stReady {
		w.begin(m, it)
	}
	if it.effort > 0 {
		started := 0
		for _, x := range m.mine {
			if x.begun {
				started++
			}
		}
		// Of ten minutes seven are left by meetings, mail and the way to the coffee.
		it.effort -= 10 * 720 * 1000 / (1000 + w.h.cost*max(0, started-1))
	}
	at := w.some()
	switch {
	case it.vendor != 0 && it.effort <= it.vendorAt:
		it.say(at, m.account, of(r, append(it.service.suppliers, saidVendor...)))
		it.setStatus(at+15, m.account, stVendor)
		it.stopped = at
		it.wakes = w.cal.nextOpen(at) + it.vendor*day/workdayMinutes
		it.vendor, m.now = 0, nil
	case it.drop != "" && r.chance(60):
		w.dropped(it, at, m.account)
	case it.effort <= 0:
		w.finished(m, it, at)
	case r.chance(6):
		it.say(at, m.account, of(r, saidFound))
	}
}

func workable(it *item) bool { return it.status == stDoing || it.status == stReady }

// any is one of the member's own items, whichever.
func (w *world) any(m *member) *item {
	var can []*item
	for _, it := range m.mine {
		if workable(it) {
			can = append(can, it)
		}
	}
	if len(can) == 0 {
		return nil
	}
	return of(w.r, can)
}

// first is the member's own item with the least time left.
func (w *world) first(m *member) *item {
	var best *item
	for _, it := range m.mine {
		if workable(it) && (best == nil || w.slack(it) < w.slack(best)) {
			best = it
		}
	}
	return best
}

// pull takes the ready item with the least time left, if there is room.
func (w *world) pull(m *member) *item {
	running := 0
	for _, x := range w.open {
		if x.begun {
			running++
		}
	}
	full := len(m.mine) >= w.h.atOnce || running >= w.h.team
	if full && (w.h.stray > 200 || len(m.mine) > w.h.atOnce) {
		return nil
	}
	var best *item
	stray := w.r.chance(w.h.stray) // somebody asked nicely
	for _, it := range w.open {
		if it.status != stReady || it.owner != nil || full && it.priority != "Critical" && it.priority != "Blocker" {
			continue // a limit may be broken for what cannot wait, and for nothing else
		}
		if best == nil || stray && it.born+int64(it.loud)*3*day > best.born+int64(best.loud)*3*day || !stray && w.slack(it) < w.slack(best) {
			best = it
		}
	}
	return best
}

// begin starts an item: it is the member's from now on.
func (w *world) begin(m *member, it *item) {
	at := w.some()
	if it.owner == nil {
		it.owner = m
		m.mine = append(m.mine, it)
	}
	if it.status == stDoing {
		return
	}
	if w.r.chance(220) {
		it.say(at, m.account, of(w.r, saidTaken))
	}
	it.assign(at+2, m.account, m.account)
	if it.code {
		it.status = stDoing
	} else {
		it.setStatus(at+2, m.account, stDoing)
	}
	it.begun = true
}

// finished hands an item to review, or closes it.
func (w *world) finished(m *member, it *item, at int64) {
	m.now = nil
	if w.r.chance(300) && !it.code { // some people book their hours
		it.did(act{at: at, who: m.account, what: aWorklog, seconds: int64(max(1, it.size*w.r.between(70, 130)/100/15)) * 900})
	}
	if it.review > 0 {
		if it.code {
			it.status = stReview
		} else {
			it.setStatus(at, m.account, stReview)
		}
		if w.r.chance(280) && (it.code || it.flavour == fMaintenance) {
			w.pullRequest(m, it, at+60)
		}
		return
	}
	if w.r.chance(450) {
		it.say(at, m.account, of(w.r, saidDone))
	}
	w.close(it, at+20, m.account, "Done")
}

// read is ten minutes of reviewing somebody else's work.
func (w *world) read(m *member) bool {
	var best *item
	for _, it := range w.open {
		if it.status != stReview || it.owner == m || it.reviewer != nil && it.reviewer != m {
			continue
		}
		if best == nil || it.reviewer == m || best.reviewer != m && w.slack(it) < w.slack(best) {
			best = it
		}
	}
	if best == nil {
		return false
	}
	it := best
	it.reviewer = m
	it.review -= 8
	if it.review > 0 {
		return true
	}
	at := w.some()
	it.reviewer = nil
	if w.r.chance(90) && it.effort <= 0 {
		it.say(at, m.account, of(w.r, saidReview[:1]))
		it.effort, it.review = w.r.between(20, 120)*1000, 15
		if it.code {
			it.status = stDoing
		} else {
			it.setStatus(at+30, m.account, stDoing)
		}
		return true
	}
	if w.r.chance(300) {
		it.say(at, m.account, of(w.r, saidReview[1:]))
	}
	at += int64(w.r.between(60, 1500))
	if it.kind == "Bug" && !it.code && len(it.versions) == 0 {
		if v := w.nextRelease("maintenance", w.cal.addDays(w.cal.day(at), -3)); v.name != "" {
			it.version(at, it.owner.account, v.name)
		}
	}
	if w.r.chance(250) {
		it.say(at, it.owner.account, of(w.r, saidDone))
	}
	w.close(it, at+10, it.owner.account, "Done")
	return true
}

// close ends an item, for now or for good.
func (w *world) close(it *item, at int64, who *account, resolution string) {
	it.finish(at, who, resolution)
	if it.owner != nil {
		it.owner.mine = slices.DeleteFunc(it.owner.mine, func(x *item) bool { return x == it })
		if it.owner.now == it {
			it.owner.now = nil
		}
	}
	w.open = slices.DeleteFunc(w.open, func(x *item) bool { return x == it })
	w.decide(it, at)
	if it.reopens && resolution == "Done" && it.wakes == 0 {
		it.wakes = at + int64(w.r.around(4))*day
		w.undone = append(w.undone, it)
	}
}

// leave gives back what somebody held who is away: for a holiday what could go on without them, for good
// all of it.
func (w *world) leave(m *member) {
	gone := !m.employed(w.cal.day(w.t))
	var kept []*item
	for _, it := range m.mine {
		waits := it.status == stInfo || it.status == stVendor || it.status == stReview
		switch {
		case waits && gone:
			heir := w.onDuty(w.t)[0]
			it.owner, heir.mine = heir, append(heir.mine, it)
			it.assign(w.t, helen, heir.account)
			continue
		case waits:
			kept = append(kept, it)
			continue
		}
		it.owner = nil
		switch {
		case it.code:
			it.status = stReady
		case gone:
			it.setStatus(w.t, helen, stReady)
		default:
			it.say(w.t, m.account, "I am away from tomorrow on; what I know is in the comments above.")
			it.setStatus(w.t, m.account, stReady)
		}
	}
	m.mine, m.now = kept, nil
}

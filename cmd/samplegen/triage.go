package main

// New work is looked at: by the manager in one session a day, who then hands it out; later by whoever is
// superhero, several times a day.

import "slices"

// session is when new work is looked at: by the manager, later by the superhero.
func (w *world) session(h int) {
	if h == 11 {
		w.unrest()
	}
	for _, m := range w.team {
		today := w.cal.day(w.t)
		if len(m.mine) > 0 && (!m.employed(today) || w.h.handover && m.away(today)) {
			w.leave(m)
		}
	}
	if w.t == w.cal.at(wipLimits+" 14:00") {
		w.clearOut()
	}
	if !slices.Contains(w.h.sessions, h) || w.r.chance(w.h.skipped) {
		return
	}
	who := helen
	if !w.h.pushed {
		who = w.onDuty(w.t)[0].account
	}
	at := w.some()
	for _, it := range slices.Clone(w.open) {
		if it.born > w.t || it.status != stNew && it.status != stReopened || it.kind == "Incident" {
			continue
		}
		at += int64(w.r.between(40, 200))
		w.look(it, at, who)
	}
	if w.h.pushed {
		w.handOut(at)
	}
}

// look reads one new item and says what becomes of it.
func (w *world) look(it *item, at int64, who *account) {
	r := w.r
	if it.status == stReopened {
		if it.code {
			it.status = stReady
		} else {
			it.setStatus(at, who, stReady)
		}
		return
	}
	if it.flavour == fOdd {
		return // nobody knows what to do with it
	}
	if it.drop != "" && r.chance(500) {
		w.dropped(it, at, who)
		return
	}
	if it.vague && it.effort > 0 {
		it.vague = false
		it.say(at, who, of(r, saidInfo))
		it.setStatus(at+20, who, stInfo)
		it.stopped, it.back = at, stReady
		it.wakes = at + int64(r.around(26))*hour
		if it.silent {
			it.wakes = at + 14*day
		}
		return
	}
	if w.h.answers && (it.code || r.chance(750)) {
		it.say(at, who, of(r, saidTriage))
	}
	estimated := 400
	if w.cal.day(w.t) >= writtenClasses {
		estimated = 850
	}
	if it.flavour != fRequest && !it.code && r.chance(estimated) {
		points := 1
		for _, p := range []int{2, 3, 5, 8, 13} {
			if it.effort/1000 > p*110 {
				points = p
			}
		}
		it.did(act{at: at, who: who, what: aPoints, to: itoa(points)})
		it.points = points
	}
	if it.flavour == fFeature && r.chance(600) {
		days := r.between(14, 26)
		if w.h.byDate {
			days = r.between(25, 45)
		}
		if w.t >= w.cal.at(oneIntake) {
			days = r.between(35, 60)
		}
		it.set(at, who, aDue, &it.due, w.cal.addDays(w.cal.day(at), days))
		it.promise = w.promised(it, at)
	}
	if it.kind == "Bug" && !it.code && it.priority != "Critical" && it.priority != "Blocker" && r.chance(700) {
		train := "major"
		if it.priority == "Major" {
			train = "maintenance"
		}
		if v := w.nextRelease(train, w.cal.day(it.born)); v.name != "" {
			it.version(at, who, v.name)
		}
	}
	if it.code {
		it.status = stReady // the code host has no such state
	} else {
		it.setStatus(at+10, who, stReady)
	}
}

// dropped closes what will not be done.
func (w *world) dropped(it *item, at int64, who *account) {
	words := of(w.r, saidDropped)
	if it.drop == "Duplicate" {
		elder := w.elder(it)
		if elder == nil {
			it.drop = "Won't Do"
		} else {
			words = of(w.r, saidDuplicate)
			it.links = append(it.links, link{"duplicates", elder})
			it.did(act{at: at, who: who, what: aLink, to: "This issue duplicates %k"})
		}
	}
	it.say(at+20, who, words)
	w.close(it, at+60, who, it.drop)
}

// elder is an earlier item of the same part of the product and tracker.
func (w *world) elder(it *item) *item {
	for i := len(w.items) - 1; i >= 0; i-- {
		o := w.items[i]
		if o != it && o.born < it.born-2*hour && o.service == it.service && o.code == it.code && o.kind == it.kind && !o.pull && !o.script {
			return o
		}
	}
	return nil
}

// handOut is the manager dealing: the loudest and the newest first, to whoever seems to have room.
func (w *world) handOut(at int64) {
	var ready []*item
	for _, it := range w.open {
		if it.status == stReady && it.owner == nil {
			ready = append(ready, it)
		}
	}
	slices.SortStableFunc(ready, func(a, b *item) int {
		return int((b.born + int64(b.loud)*3*day - a.born - int64(a.loud)*3*day) / 60)
	})
	date := w.cal.day(w.t)
	for _, it := range ready {
		var to *member
		for _, m := range w.team {
			if !m.employed(date) || m.away(date) || len(m.mine) >= w.h.atOnce {
				continue
			}
			if to == nil || len(m.mine) < len(to.mine) || slices.Contains(m.knows, it.service.id) && len(m.mine) <= len(to.mine)+1 {
				to = m
			}
		}
		if to == nil {
			return
		}
		at += int64(w.r.between(10, 60))
		if !it.code && w.r.chance(250) {
			it.say(at, helen, replaceName(of(w.r, saidManager), to.name))
		}
		it.owner = to
		to.mine = append(to.mine, it)
		if !it.code {
			it.assign(at+5, helen, to.account)
		}
	}
}

// clearOut is the afternoon before the limits: the team closes what nobody will do.
func (w *world) clearOut() {
	at := w.some()
	for _, it := range slices.Clone(w.open) {
		if it.begun || it.born > w.t-45*day || it.kind == "Incident" || it.flavour == fOdd || it.flavour == fASAP {
			continue
		}
		at += int64(w.r.between(30, 90))
		it.say(at, helen, "Nobody asked for this in six weeks. Closed before the limits; reopen it if it still matters.")
		w.close(it, at+10, helen, "Won't Do")
	}
}

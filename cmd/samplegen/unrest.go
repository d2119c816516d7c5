package main

// What happens to work while nobody works on it: pauses end, people ask again, priorities move, and what
// was done turns out not to be.

import "slices"

// wake ends pauses and brings back what was not really done.
func (w *world) wake() {
	if !w.cal.isOpen(w.t) {
		return
	}
	for _, it := range slices.Clone(w.open) {
		if it.wakes == 0 || it.wakes > w.t || it.status != stInfo && it.status != stVendor {
			continue
		}
		at := w.some()
		it.wakes = 0
		switch {
		case it.status == stVendor:
			it.say(at, it.owner.account, of(w.r, saidVendorOK))
			it.setStatus(at, it.owner.account, stDoing)
		case it.silent:
			it.say(at, robot, "No answer for two weeks. Closing; please reopen it with the details.")
			w.close(it, at, robot, "Cannot Reproduce")
			continue
		default:
			it.say(at, it.reporter, of(w.r, saidInfoBack))
			if it.customer == nil {
				it.customer = &w.customers[w.r.below(len(w.customers))]
			}
			it.setStatus(at+40, robot, it.back)
		}
		if it.promise != 0 && it.due == "" && it.stopped != 0 && (it.kind == "Support Request" || it.priority == "Critical" || it.priority == "Blocker") {
			it.promise += w.cal.work(at) - w.cal.work(it.stopped)
		}
		it.stopped = 0
	}
	for _, it := range slices.Clone(w.undone) {
		if it.wakes > w.t {
			continue
		}
		w.undone = slices.DeleteFunc(w.undone, func(x *item) bool { return x == it })
		at := w.some()
		it.say(at, it.reporter, of(w.r, saidAgain))
		it.reopen(at+30, it.reporter)
		it.effort = it.effort/4 + w.r.around(70)*1000
		it.review = min(it.review, 20)
		it.owner, it.wakes, it.reopens, it.vague, it.vendor, it.drop = nil, 0, false, false, 0, ""
		w.open = append(w.open, it)
	}
}

// unrest is what happens to open work while nobody finishes it, once a day.
func (w *world) unrest() {
	r := w.r
	now := w.cal.work(w.t)
	for _, it := range slices.Clone(w.open) {
		if it.code || it.kind == "Incident" || it.flavour == fOdd {
			continue
		}
		at := w.some()
		late := it.promise != 0 && now > it.promise && it.status != stInfo
		switch {
		case late && it.support() && r.chance(90):
			it.say(at, of(r, desk), of(r, saidLoud))
			it.loud++
		case late && it.kind == "Bug" && (it.priority == "Critical" || it.priority == "Blocker") && r.chance(w.h.quiet):
			it.say(at, helen, of(r, saidLowered))
			it.set(at+20, helen, aPriority, &it.priority, "Major")
			it.promise = w.promised(it, at)
		case it.grows && it.flavour == fMaintenance && it.status != stReview && w.t > it.born+6*day && r.chance(250):
			it.grows = false
			it.say(at, of(r, desk), "Four more stores report the same since yesterday.")
			it.set(at+30, of(r, desk), aPriority, &it.priority, "Critical")
			it.promise = min(it.promise, w.promised(it, at))
		case it.due != "" && !late && it.promise-now < 4*workdayMinutes && it.promise > now && r.chance(w.h.honest):
			it.set(at, helen, aDue, &it.due, w.cal.addDays(it.due, r.between(7, 21)))
			it.promise = w.promised(it, at)
		case w.h.pushed && it.owner != nil && !it.begun && r.chance(25):
			// Handed on, unread, to somebody who seems less busy.
			to := of(r, w.team)
			if to.employed(w.cal.day(w.t)) && !to.away(w.cal.day(w.t)) && to != it.owner {
				it.owner.mine = slices.DeleteFunc(it.owner.mine, func(x *item) bool { return x == it })
				it.owner = to
				to.mine = append(to.mine, it)
				it.assign(at, helen, to.account)
			}
		}
	}
}

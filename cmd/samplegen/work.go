package main

// The team at work, ten minutes at a time: new work is looked at, handed out or pulled, done, paused,
// reviewed, closed, and sometimes reopened. What the figures say in the end is not written anywhere; it
// follows from the habits.

import "slices"

func newWorld() (*world, error) {
	cal, err := newCalendar()
	if err != nil {
		return nil, err
	}
	w := &world{cal: cal, team: newTeam(), customers: newCustomers(), r: stream("work")}
	w.arrivals()
	w.noise()
	births := w.items
	w.items = nil
	for w.t = cal.from; w.t < cal.to; w.t += tickLen {
		w.h = w.habits(w.t)
		if (w.t-cal.from)%day == 0 {
			w.r = stream("work of " + cal.day(w.t)) // a change on one day does not redraw the next
		}
		for len(births) > 0 && births[0].born < w.t+tickLen {
			w.born(births[0])
			births = births[1:]
		}
		for len(w.alarms) > 0 && w.alarms[0].at < w.t+tickLen {
			w.fire(w.alarms[0])
			w.alarms = w.alarms[1:]
		}
		w.wake()
		l := cal.local(w.t)
		if !cal.workday(l) {
			continue
		}
		if l.Minute() == 0 {
			w.session(l.Hour())
		}
		for _, m := range w.team {
			if w.present(m, w.t) {
				w.work(m)
			}
		}
	}
	w.end()
	return w, nil
}

// some is a moment in the present ten minutes.
func (w *world) some() int64 { return w.t + int64(w.r.below(int(tickLen))) }

// born lets an item into the world.
func (w *world) born(it *item) {
	w.items = append(w.items, it)
	if it.script {
		return // its acts are written
	}
	w.open = append(w.open, it)
	it.promise = w.promised(it, it.born)
}

// promised is when an item is due by the policy, in office minutes from the start of the story; 0 for
// no promise. It is what the team goes by; the policy's own reckoning is firebreak's.
func (w *world) promised(it *item, t int64) int64 {
	now := w.cal.work(t)
	by := func(r release) int64 {
		if r.date == "" {
			return 0
		}
		return w.cal.work(w.cal.endOf(r.date))
	}
	switch {
	case it.kind == "Incident" && it.paged != nil, it.kind == "Incident" && it.priority == "Blocker":
		return now + 1 // at once
	case (it.kind == "Bug" || it.kind == "Incident") && (it.priority == "Blocker" || it.priority == "Critical"):
		return now + 3*workdayMinutes
	case it.kind == "Bug" && (it.priority == "Major" || slices.Contains(it.labels, "sev3")):
		return by(w.nextRelease("maintenance", w.cal.day(it.born)))
	case it.kind == "Bug":
		return by(w.nextRelease("major", w.cal.day(it.born)))
	case it.kind == "Support Request":
		return now + 5*workdayMinutes
	case it.due != "":
		return w.cal.work(w.cal.endOf(it.due))
	}
	return 0
}

// slack is how many office minutes are left until work on an item would have to start. Work without a
// date is taken to want doing within five weeks.
func (w *world) slack(it *item) int64 {
	p := it.promise
	if p == 0 {
		p = w.cal.work(it.born) + 25*workdayMinutes
	}
	if it.kind == "Bug" && it.priority != "Critical" && it.priority != "Blocker" {
		p -= 4 * workdayMinutes // nobody wants to finish on the day of the release
	}
	return p - w.cal.work(w.t) - int64(it.effort/1000)*3/2
}

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
		case it.due != "" && !late && it.promise-now < 3*workdayMinutes && it.promise > now && r.chance(120):
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

// leave gives back what somebody held who has left, for good or for a holiday.
func (w *world) leave(m *member) {
	var kept []*item
	for _, it := range m.mine {
		switch it.status {
		case stInfo, stVendor, stReview:
			kept = append(kept, it) // waits anyway
			continue
		}
		it.owner = nil
		if it.code {
			it.status = stReady
		} else {
			it.say(w.t, m.account, "I am away from tomorrow on; what I know is in the comments above.")
			it.setStatus(w.t, m.account, stReady)
		}
	}
	m.mine, m.now = kept, nil
}

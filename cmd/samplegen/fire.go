package main

// Fires: what goes wrong at any hour, who is called, how long it takes until somebody answers, what is
// done, and when the paperwork follows. And the pages that nobody needed.

import "strings"

// alarm is a fire to come.
type alarm struct {
	at      int64
	flavour flavour
	service *service
	fire    fire
	paged   bool // the monitors see it before a customer does
	major   bool // priority Blocker
	minor   bool // priority Major: caught while it was small
	group   int
}

// page is one alert of the pager.
type page struct {
	id         string
	number     int
	title      string // a %k in it is the key
	service    *service
	at         int64
	assigned   []*member
	acked      int64
	by         *member
	resolved   int64
	auto       bool
	escalated  int
	resolvedBy *account
	low        bool // urgency
	item       *item
}

// restarts are the ways in which the gateway asks for a restart.
var restarts = []fire{
	{"gateway-%g: heap above 95 %", "Order gateway out of memory, restarted", "One gateway instance ran out of memory. Its stores get no orders until it is restarted.", ""},
	{"gateway-%g: no heartbeat for 60 s", "Order gateway hangs, restarted", "One gateway instance does not answer any more. Its stores are shown offline.", ""},
	{"gateway-%g: orders waiting above 50", "Order gateway out of memory, restarted", "Orders pile up on one gateway instance; the garbage collector is busy with itself.", ""},
}

func (w *world) alarmOf(r *rng, f flavour, t int64) alarm {
	if f == fRestart {
		g := r.between(1, 4)
		x := of(r, restarts)
		x.alert = strings.ReplaceAll(x.alert, "%g", itoa(g))
		return alarm{at: t, flavour: f, service: serviceNamed("gateway"), fire: x, paged: true, group: g}
	}
	var weights []int
	for _, s := range services {
		weights = append(weights, s.weight*len(s.fires))
	}
	s := services[r.weighted(weights)]
	seen := 560
	if t >= w.cal.at(postmortems) {
		seen = 880
	}
	x := of(r, s.fires)
	x.alert = fill(r, x.alert, 0)
	return alarm{at: t, flavour: f, service: s, fire: x, paged: r.chance(seen), major: r.chance(350), minor: t >= w.cal.at(postmortems) && r.chance(800)}
}

// sleeping says whether people are asleep at t.
func (w *world) sleeping(t int64) bool {
	h := w.cal.local(t).Hour()
	return h >= 22 || h < 7
}

// answer is how long it takes until a page is acknowledged, in seconds. With three phones ringing at
// once everybody waits for the others; with one that rings, and a second that rings later, nobody does.
func (w *world) answer(t int64) int64 {
	median := 9
	switch date := w.cal.day(t); {
	case date >= fireReview:
		median = 2
	case date >= wipLimits:
		median = 3
	case date >= secondOnCall:
		median = 4
	}
	if !w.cal.isOpen(t) {
		median = median * 3 / 2
	}
	if w.sleeping(t) {
		median = median * 3 / 2
	}
	return int64(w.r.around(median*60)) + int64(w.r.below(40))
}

// pageFor raises a page and says who answered it, and when.
func (w *world) pageFor(t int64, s *service, title string) *page {
	p := &page{title: title, service: s, at: t, assigned: w.onDuty(t)}
	wait := w.answer(t)
	switch {
	case w.cal.day(t) < secondOnCall:
		p.by = of(w.r, p.assigned)
	case wait <= 15*minute || len(p.assigned) < 2:
		p.by = p.assigned[0]
		p.assigned = p.assigned[:1]
	default:
		wait = 15*minute + wait/6
		p.by, p.escalated = p.assigned[1], 1
	}
	if wait > 40*minute {
		p.escalated = max(1, p.escalated)
	}
	p.acked = t + wait
	w.pages = append(w.pages, p)
	return p
}

// blaze is a fire while it is told: who is on it, from when to when.
type blaze struct {
	alarm
	it       *item
	page     *page // nil if a person told us first
	who      *member
	on, over int64
}

// fire lets one break out. What follows is written down at once, hours ahead; nothing else touches it.
func (w *world) fire(a alarm) {
	b := &blaze{alarm: a}
	it := &item{flavour: a.flavour, kind: "Incident", priority: "Critical", status: stNew, service: a.service,
		title: a.fire.title, text: a.fire.text, components: []string{a.service.component}}
	b.it = it
	switch {
	case a.flavour == fRestart:
		it.priority, it.labels = "Major", []string{"restart"}
	case a.minor:
		it.priority = "Major"
	case a.major:
		it.priority = "Blocker"
	}
	if a.paged {
		w.called(b)
	} else {
		it.channel, it.reporter = "phone", of(w.r, desk)
		it.labels = append(it.labels, "phone")
		it.born = a.at + int64(w.r.around(35))*minute
		b.who = of(w.r, w.onDuty(a.at))
		b.on = it.born + w.answer(it.born)*2
	}
	w.items = append(w.items, it)
	it.promise = w.promised(it, it.born)
	w.fight(b)
	w.paperwork(b)
	if b.page != nil {
		w.settlePage(b.page, it)
	}
}

// called is a fire that the monitors see: somebody is paged, and the issue is opened by the pager, or by
// hand; then the two know nothing of each other.
func (w *world) called(b *blaze) {
	r, it := w.r, b.it
	p := w.pageFor(b.at, b.service, b.alarm.fire.alert)
	b.page, b.who, b.on = p, p.by, p.acked
	it.channel, it.reporter = "pager", pagerd
	it.paged, p.item = p, it
	it.born = p.at + int64(r.between(20, 150))
	switch r.weighted([]int{5, 4, 1}) {
	case 0:
		p.title = "[%k] " + p.title
	case 1:
		it.text += "\n\nhttps://hearthline.pagerduty.com/incidents/%p"
	default:
		it.reporter, it.channel = b.who.account, "internal"
		it.born = p.acked + int64(r.between(120, 900))
		it.paged, p.item = nil, nil
		if b.flavour == fRestart && r.chance(500) {
			it.labels = append(it.labels, "gw"+itoa(b.group))
		}
	}
}

// fight is what is done until the service is well.
func (w *world) fight(b *blaze) {
	r, it, who := w.r, b.it, b.who
	h := w.habits(b.at)
	it.say(b.on+20, who.account, of(r, saidFire))
	it.assign(b.on+30, who.account, who.account)
	it.setStatus(b.on+30, who.account, stDoing)
	it.begun, it.owner = true, who
	restart := b.flavour == fRestart
	minutes := 0
	switch {
	case restart && !h.shielded:
		minutes = r.around(38)
	case restart:
		minutes = r.around(26)
	case w.cal.day(b.at) >= postmortems:
		minutes = min(r.around(55), 170)
	case h.byDate:
		minutes = r.around(80)
	default:
		minutes = r.around(120)
	}
	b.over = b.on + int64(minutes)*minute
	if restart {
		it.say(b.over, who.account, fill(r, of(r, saidRestart), 0))
	} else {
		it.say(b.on+int64(minutes)*minute/2, who.account, of(r, saidFound))
		it.say(b.over, who.account, b.alarm.fire.fix)
	}
	// Fires take people away from their work: before the rota, everybody who was called.
	helpers := []*member{who}
	switch {
	case !h.shielded:
		helpers = w.onDuty(b.at)
	case !restart:
		helpers = append(helpers, w.onDuty(b.at)...)
	}
	for _, m := range helpers {
		m.busy = max(m.busy, b.over)
	}
	if w.sleeping(b.on) && w.cal.day(b.at) >= secondOnCall {
		who.rested = max(who.rested, b.over+9*hour)
	}
}

// paperwork closes the issue: half an hour later, or days.
func (w *world) paperwork(b *blaze) {
	r, words := w.r, saidStandDown
	shut := b.over + int64(r.between(6, 30))*minute
	if r.chance(w.habits(b.at).late) {
		shut = w.cal.nextOpen(b.over+int64(r.between(1, 5))*day) + int64(r.between(5, 300))*minute
		words = saidPaperwork
	}
	if r.chance(300) {
		b.it.say(shut, b.who.account, of(r, words))
	}
	b.it.finish(shut+10, b.who.account, "Done")
	w.decide(b.it, shut)
}

// settlePage gives a page its end: when the service was well again, not when the paperwork was done.
func (w *world) settlePage(p *page, it *item) {
	p.resolvedBy = p.by.account
	for _, a := range it.log {
		if a.what == aComment {
			p.resolved = a.at + 2*minute
		}
	}
	p.resolved = min(p.resolved, p.acked+5*hour)
	p.resolved = max(p.resolved, p.acked+3*minute)
	if it.flavour == fRestart {
		p.auto = w.r.chance(300) // the check came back before anybody pressed the button
		return
	}
	// A real fire is seen by more than one check.
	for range w.r.below(3) {
		q := &page{title: fill(w.r, of(w.r, p.service.fires).alert, 0), service: p.service, assigned: p.assigned, by: p.by, item: nil}
		q.at = p.at + int64(w.r.between(60, 1500))
		q.acked = max(q.at+int64(w.r.between(20, 200)), p.acked)
		q.resolved, q.resolvedBy = max(p.resolved, q.acked+60), p.resolvedBy
		w.pages = append(w.pages, q)
	}
}

// noise are the pages that resolve themselves: nightly jobs, thresholds set too low, checks that failed
// once. The alert diet ends most of them, and lets the others wait for the morning.
func (w *world) noise() {
	r := stream("noise")
	rate := func(t int64) int {
		switch date := w.cal.day(t); {
		case date >= alertDiet:
			return 55
		case date >= fireReview:
			return 200
		case date >= postmortems:
			return 285
		}
		return 370
	}
	for _, t := range w.moments(r, &fireHours, &fireDays, rate) {
		if w.cal.day(t) >= alertDiet && w.sleeping(t) {
			continue
		}
		r := stream("noise" + itoa(int(t)))
		n := of(r, noise)
		p := &page{title: fill(r, n.alert, 0), service: serviceNamed(n.service), at: t, assigned: w.onDuty(t), auto: true, low: r.chance(350)}
		if w.cal.day(t) >= secondOnCall {
			p.assigned = p.assigned[:1]
		}
		p.resolved = t + int64(r.around(14))*minute
		if r.chance(480) {
			if at := t + int64(r.around(6))*minute; at < p.resolved {
				p.acked, p.by = at, of(r, p.assigned)
			}
		}
		w.pages = append(w.pages, p)
		if r.chance(130) { // and comes again
			q := *p
			q.at = p.resolved + int64(r.between(2, 20))*minute
			q.resolved, q.acked, q.by = q.at+int64(r.around(9))*minute, 0, nil
			w.pages = append(w.pages, &q)
		}
	}
}

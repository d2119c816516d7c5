package main

// What comes in, and when: births by flavour, an hour at a time, heavier on Mondays and in the hours in
// which people write or kitchens are busy.

import (
	"cmp"
	"slices"
)

// world is the whole story as it is told.
type world struct {
	cal       *calendar
	team      []*member
	customers []customer
	items     []*item // everything born, in order
	pages     []*page
	alarms    []alarm // the fires to come
	t         int64   // now
	h         *habits
	r         *rng
	open      []*item // born and not done
	undone    []*item // done, and to be reopened
}

// Weights of the hours of a day, and of the days from Sunday on.
var (
	officeHours = [24]int{0, 0, 0, 0, 0, 0, 0, 1, 4, 10, 12, 11, 7, 8, 10, 10, 9, 6, 2, 1, 1, 1, 0, 0}
	officeDays  = [7]int{1, 13, 10, 9, 9, 8, 1}
	shopHours   = [24]int{1, 0, 0, 0, 0, 0, 1, 2, 5, 9, 10, 10, 7, 7, 9, 9, 8, 7, 5, 4, 4, 3, 2, 1}
	shopDays    = [7]int{3, 13, 10, 9, 9, 10, 5}
	fireHours   = [24]int{4, 3, 8, 9, 4, 2, 2, 3, 4, 4, 4, 8, 9, 5, 3, 3, 4, 7, 9, 9, 7, 5, 4, 4}
	fireDays    = [7]int{9, 9, 8, 8, 9, 12, 12}
)

func profile(f flavour) (hours *[24]int, days *[7]int) {
	switch f {
	case fRestart, fOutage:
		return &fireHours, &fireDays
	case fFeature, fCodeBug, fCodeTask, fOdd:
		return &officeHours, &officeDays
	}
	return &shopHours, &shopDays
}

// moments are the times at which something of a rate a hundred weeks happens.
func (w *world) moments(r *rng, hours *[24]int, days *[7]int, rate func(t int64) int) []int64 {
	sum := 0
	for _, d := range days {
		for _, h := range hours {
			sum += d * h
		}
	}
	var at []int64
	for t := w.cal.from; t < w.cal.to; t += hour {
		chance, offset := r.below(1_000_000), int64(r.below(3600)) // drawn whether needed or not, for the same reason
		l := w.cal.local(t)
		weight := days[l.Weekday()] * hours[l.Hour()]
		// rate/100 a week, times this hour's part of the week, in millionths.
		if chance < rate(t)*weight*10_000/sum {
			at = append(at, t+offset)
		}
	}
	return at
}

// arrivals are all births, in order.
func (w *world) arrivals() {
	names := [...]string{"restart", "outage", "asap", "maintenance", "major", "request", "feature", "code bug", "code task"}
	for f := fRestart; f < fOdd; f++ {
		r := stream("arrivals of " + names[f])
		hours, days := profile(f)
		for _, t := range w.moments(r, hours, days, func(t int64) int { return w.rate(f, t) }) {
			each := stream(names[f] + itoa(int(t))) // its own, so that a change of rates moves nothing else
			if f == fRestart || f == fOutage {
				w.alarms = append(w.alarms, w.alarmOf(each, f, t))
				continue
			}
			w.items = append(w.items, w.birth(each, f, t))
		}
	}
	// On its first day the project is filled from the shared inbox.
	r := stream("arrivals from the inbox")
	for i := range 26 {
		f := []flavour{fRequest, fASAP, fMaintenance, fMajor, fFeature}[r.weighted([]int{8, 4, 5, 3, 6})]
		it := w.birth(r, f, w.cal.at("2025-05-01 09:30")+int64(i)*6*minute+int64(r.below(300)))
		it.reporter, it.channel = helen, "email"
		it.labels = []string{"email"}
		w.items = append(w.items, it)
	}
	w.items = append(w.items, w.nasty()...)
	w.items = append(w.items, w.chores()...)
	w.items = append(w.items, w.scripted()...)
	slices.SortStableFunc(w.items, func(a, b *item) int { return cmp.Compare(a.born, b.born) })
	slices.SortStableFunc(w.alarms, func(a, b alarm) int { return cmp.Compare(a.at, b.at) })
}

// birth makes an item of a flavour.
func (w *world) birth(r *rng, f flavour, t int64) *item {
	h := w.habits(t)
	it := &item{flavour: f, born: t, status: stNew}
	var weights []int
	for _, s := range services {
		weights = append(weights, s.weight)
	}
	it.service = services[r.weighted(weights)]
	s := it.service
	month := int(w.cal.local(t).Month()) - 1
	switch f {
	case fASAP:
		it.kind, it.priority = "Bug", "Critical"
		if r.chance(120) {
			it.priority = "Blocker"
		}
		it.title, it.effort, it.review = of(r, s.bugs), min(r.around(320), 640), r.between(30, 70)
	case fMaintenance:
		it.kind, it.priority = "Bug", "Major"
		it.title, it.effort, it.review = of(r, s.bugs), r.around(320), r.between(30, 80)
		it.grows = r.chance(90)
	case fMajor:
		it.kind, it.priority = "Bug", of(r, []string{"Minor", "Minor", "Trivial"})
		it.title, it.effort, it.review = of(r, s.bugs), r.around(360), r.between(30, 80)
	case fRequest:
		it.kind, it.priority = "Support Request", of(r, []string{"Major", "Minor", "Minor"})
		it.title, it.effort = of(r, s.requests), r.around(135)
		if t >= w.cal.at("2026-05-25") && s.id == "portal" && r.chance(800) {
			it.title = of(r, []string{"Add a user to store %s", "Remove a former employee from store %s"}) // the export is in the portal now
		}
	case fFeature:
		it.kind, it.priority = of(r, []string{"Story", "Story", "Improvement", "Task"}), of(r, []string{"Major", "Minor"})
		it.title, it.effort, it.review = of(r, s.features), r.around(880), r.between(45, 120)
	case fCodeBug:
		it.code, it.kind = true, "Bug"
		it.labels = []string{"bug", of(r, []string{"sev3", "sev4"}), s.id}
		it.title, it.effort, it.review = of(r, s.code), r.around(220), r.between(20, 50)
	case fCodeTask:
		it.code, it.kind = true, of(r, []string{"Task", "Task", "Feature"})
		it.labels = []string{of(r, []string{"chore", "tech-debt", "enhancement"}), s.id}
		it.title, it.effort, it.review = of(r, s.code), r.around(480), r.between(20, 60)
	}
	it.title = fill(r, orders(r, it.title, t), month)
	it.size, it.effort = it.effort, it.effort*1000
	if !it.code {
		w.intake(r, it, t)
		it.components = []string{s.component}
		it.vague = it.support() && r.chance(h.vague)
		it.silent = it.vague && r.chance(120)
		if len(s.suppliers) > 0 && it.support() && r.chance(240) {
			it.vendor, it.vendorAt = int64(r.around(4*workdayMinutes)), it.effort*r.between(30, 80)/100
		}
	} else {
		it.reporter = of(r, w.team).account
		for !w.named(it.reporter.id)[0].employed(w.cal.day(t)) {
			it.reporter = of(r, w.team).account
		}
		it.channel = "internal"
	}
	if r.chance(h.dropped) {
		it.drop = []string{"Duplicate", "Won't Do", "Cannot Reproduce"}[r.weighted([]int{4, 4, 3})]
		if f == fRequest || f == fFeature || it.code {
			it.drop = of(r, []string{"Duplicate", "Won't Do"})
		}
	}
	it.reopens = f != fFeature && r.chance(h.reopened)
	it.loud = r.below(3)
	it.text = w.prose(r, it)
	return it
}

// intake says who brings it and how: by e-mail at first, through the portal in the end.
func (w *world) intake(r *rng, it *item, t int64) {
	if !it.support() {
		it.reporter, it.channel = of(r, []*account{helen, helen, priya, chloe}), "internal"
		return
	}
	cu := &w.customers[r.below(len(w.customers))]
	it.customer = cu
	mail := 620
	if from := w.cal.at(oneIntake); t >= from {
		mail = max(0, 300-int((t-from)/day)*4) // the last e-mails trickle in over the spring
	} else if t >= w.cal.at(writtenClasses) {
		mail = 560
	}
	switch {
	case r.chance(mail):
		it.reporter, it.channel = of(r, desk), "email"
	case r.chance(80):
		it.reporter, it.channel = of(r, desk), "phone"
	case t < w.cal.at(oneIntake) && r.chance(350):
		it.reporter, it.channel = of(r, desk), "chat"
	default:
		it.reporter, it.channel = cu.who, "portal"
	}
	it.labels = append(it.labels, it.channel)
	// What is not asked for is not given: the portal asks.
	known := 380
	if t >= w.cal.at(writtenClasses) {
		known = 560
	}
	if it.channel == "portal" {
		known = 830
		if t >= w.cal.at(oneIntake) {
			known = 985
		}
	}
	if !r.chance(known) {
		it.customer = nil
	}
	if it.kind == "Bug" && r.chance(known) {
		it.steps = of(r, []string{
			"1. Open the store's page\n2. Add two dishes\n3. Continue to payment", "1. Log in as the store\n2. Open the order list\n3. Filter by yesterday",
			"1. Order as a guest\n2. Go back one step\n3. Order again", "1. Change the value and save\n2. Reload the page", "1. Wait for an order\n2. Confirm it\n3. Look at the receipt",
		})
	}
}

// prose is the description.
func (w *world) prose(r *rng, it *item) string {
	switch {
	case it.vague && it.flavour != fRequest && r.chance(400):
		return "" // a title and nothing else
	case it.code:
		return of(r, []string{"Noticed while reviewing.", "Came up in the fire review.", "Small, but it bites every new colleague.", "Follow-up of the last incident.", "See the comment in the code."}) + " " + of(r, []string{"Done when the test is green a week.", "Half a day, I think.", "Not urgent.", "Would like a second opinion."})
	case it.flavour == fRequest:
		return of(r, []string{"Hello,", "Hi team,", "Good morning,"}) + " " + of(r, requestDetails) + "\n\n" + of(r, []string{"Best", "Thank you", "Regards"}) + ", " + it.reporter.name
	case it.flavour == fFeature:
		return fill(r, of(r, featureDetails)+" "+of(r, featureDetails), 0)
	}
	first, second := of(r, details), of(r, details)
	if first == second {
		return first
	}
	return first + " " + second
}

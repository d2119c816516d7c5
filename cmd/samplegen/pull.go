package main

// Pull requests: the code host lists them among its issues, and whoever counts must tell them apart.

// pullRequest opens one for work that goes to review; it is merged when the work is.
func (w *world) pullRequest(m *member, it *item, at int64) {
	r := w.r
	pr := &item{code: true, pull: true, kind: "Pull request", status: stNew, born: at, reporter: m.account, service: it.service, labels: []string{it.service.id}, source: it}
	pr.title, pr.text = "[%k] "+it.title, "For %k. Tested with the customer's data."
	if it.code {
		pr.title, pr.text = it.title, "Closes %k."
	}
	merged := at + int64(r.between(40, 2600))*minute
	pr.say(merged-int64(r.between(5, 30))*minute, w.reader(m, r.below(len(w.team)), merged), of(r, saidReview[1:]))
	pr.finish(merged, m.account, "Done")
	w.items = append(w.items, pr)
}

// reader is somebody of the team who is not the author, the nth or the next one who is there.
func (w *world) reader(author *member, n int, at int64) *account {
	date := w.cal.day(at)
	for i := range w.team {
		if m := w.team[(n+i)%len(w.team)]; m != author && m.employed(date) && !m.away(date) {
			return m.account
		}
	}
	return author.account
}

// chores are the pull requests that a machine opens every other week.
func (w *world) chores() []*item {
	var all []*item
	for t := w.cal.at("2026-03-09 05:12"); t < w.cal.to; t = w.cal.at(w.cal.addDays(w.cal.day(t), 14) + " 05:12") {
		pr := &item{code: true, pull: true, script: true, kind: "Pull request", status: stNew, born: t + 13, reporter: ci, service: services[0], labels: []string{"dependencies"},
			title: "build: update dependencies", text: "Opened by the workflow “dependencies”. Merge when green."}
		pr.say(t+5*hour, w.onDuty(t + 5*hour)[0].account, "Green. Merging.")
		pr.finish(t+5*hour+90, w.onDuty(t + 5*hour)[0].account, "Done")
		all = append(all, pr)
	}
	return all
}

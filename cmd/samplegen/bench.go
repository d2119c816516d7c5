package main

// The benchmarks' exports: as many issues as wanted, in the sample's shape and words, so that classes,
// promises, limits and attention all have work to do. They tell no story: each issue is drawn on its
// own, which keeps memory flat, and makes a small run the same kind of work as a large one.

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	benchPerFile = 2000 // issues a file: some 30 MB
	benchYears   = 3

	// What an issue takes in bytes without its description: by itself, and for each act in its log.
	benchBase = 4750
	benchAct  = 395
)

// bench draws issues one after the other.
type bench struct {
	r         *rng
	cal       *calendar
	team      []*member
	customers []customer
	size      int
	it        item // the one being drawn; its log's memory is used again
	now       int64
}

// newBench draws issues of about size bytes each.
func newBench(size int) (*bench, error) {
	cal, err := newCalendar()
	if err != nil {
		return nil, err
	}
	return &bench{r: stream("bench"), cal: cal, team: newTeam(), customers: newCustomers(), size: size}, nil
}

// write writes n issues into a folder: as JSON Lines, or as the search's answers.
func (b *bench) write(dir string, n int, search bool) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	j := &jiraWriter{zone: b.cal.zone}
	for from := 0; from < n; from += benchPerFile {
		to := min(from+benchPerFile, n)
		name := fmt.Sprintf("issues-%04d.jsonl", from/benchPerFile+1)
		j.b = j.b[:0]
		if search {
			name = fmt.Sprintf("search-%04d.json", from/benchPerFile+1)
			j.obj().k("startAt").num(from)
			j.k("maxResults").num(benchPerFile)
			j.k("total").num(n)
			j.k("issues").arr()
		}
		for i := from; i < to; i++ {
			j.issue(b.draw(i, n))
			if !search {
				j.b = append(j.b, '\n')
			}
		}
		if search {
			j.ary().end()
		}
		if err := os.WriteFile(filepath.Join(dir, name), j.b, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// draw makes issue i of n. Births are spread evenly over the years before the story's end; work takes
// days, so that all but the newest are done.
func (b *bench) draw(i, n int) *item {
	r, it := b.r, &b.it
	from := b.cal.to - benchYears*365*day
	b.now = from + int64(i)*(b.cal.to-from)/int64(n) + int64(r.below(60))
	c := &b.customers[r.below(len(b.customers))]
	s := services[r.below(len(services))]
	*it = item{n: i + 1, born: b.now, log: it.log[:0], reporter: c.who, customer: c, service: s,
		status: stNew, components: []string{s.component}, priority: "Major"}
	it.labels = []string{of(r, []string{"portal", "portal", "portal", "email", "phone", "chat"})}
	phrases := s.bugs
	switch r.weighted([]int{3, 47, 30, 18, 2}) {
	case 0:
		it.kind, it.priority = "Incident", "Blocker"
	case 1:
		it.kind, it.priority = "Bug", of(r, []string{"Critical", "Major", "Major", "Minor", "Trivial"})
	case 2:
		it.kind, phrases = "Support Request", s.requests
	case 3:
		it.kind, phrases = of(r, []string{"Story", "Task", "Improvement"}), s.features
		it.points = []int{1, 2, 3, 5, 8}[r.below(5)]
		it.customer = nil
	default:
		it.kind = "Question" // no class takes it
	}
	it.title = orders(r, fill(r, of(r, phrases), 1+i%12), it.born)
	if r.chance(700) {
		it.steps = "1. Open the store\n1. Place an order\n1. Look at the receipt"
	}
	b.work(it)
	it.text = prose(r, max(200, b.size*r.between(850, 1150)/1000-benchBase-benchAct*len(it.log)))
	return it
}

// work is what was done to the issue, as far as the present.
func (b *bench) work(it *item) {
	r := b.r
	who := of(r, b.team).account
	b.then(20, func(at int64) {
		it.say(at, who, "Thank you, we are on it. You will hear from us by the guideline date.")
	})
	b.then(5, func(at int64) { it.label(at, who, it.service.id) })
	b.then(15, func(at int64) {
		it.set(at, who, aPriority, &it.priority, of(r, []string{it.priority, "Major", "Minor"}))
	})
	if r.chance(200) {
		b.then(30, func(at int64) { it.setStatus(at, who, stInfo) })
		b.then(600, func(at int64) { it.say(at, it.reporter, "Sorry, here are the steps and the order number.") })
		b.then(10, func(at int64) { it.setStatus(at, robot, stNew) })
	}
	b.then(60, func(at int64) { it.setStatus(at, who, stReady) })
	rounds := r.between(2, 4)
	for round := range rounds {
		hands := of(r, b.team).account
		b.then(500, func(at int64) { it.assign(at, hands, hands) })
		b.then(2, func(at int64) { it.setStatus(at, hands, stDoing) })
		b.then(200, func(at int64) {
			it.did(act{at: at, who: hands, what: aWorklog, seconds: int64(r.between(2, 24)) * 10 * minute})
		})
		b.then(30, func(at int64) { it.label(at, hands, "round-"+itoa(round+1)) })
		b.then(90, func(at int64) { it.setStatus(at, hands, stReview) })
	}
	resolution := "Done"
	if r.chance(60) {
		resolution = of(r, []string{"Duplicate", "Won't Do", "Cannot Reproduce"})
	}
	b.then(120, func(at int64) { it.say(at, who, "Fixed; it goes out with the next release.") })
	b.then(1, func(at int64) { it.finish(at, who, resolution) })
	if r.chance(40) {
		b.then(2000, func(at int64) { it.reopen(at, it.reporter) })
		b.then(300, func(at int64) { it.setStatus(at, who, stDoing) })
		b.then(200, func(at int64) { it.finish(at, who, resolution) })
	}
}

// then lets something happen about so many minutes after what happened last, unless that is still to
// come.
func (b *bench) then(minutes int, do func(at int64)) {
	b.now += int64(b.r.around(minutes*60)) + 1
	if b.now < b.cal.to {
		do(b.now)
	}
}

// prose is about so many bytes of what people write, in paragraphs.
func prose(r *rng, size int) string {
	var b strings.Builder
	for b.Len() < size {
		if b.Len() > 0 {
			b.WriteString([]string{" ", " ", "\n\n"}[r.below(3)])
		}
		b.WriteString(orders(r, of(r, observations), 1_780_000_000))
	}
	return b.String()
}

var observations = []string{
	"It began this morning, with order #%n, and the store called us before the monitor did.",
	"The screen says “sending” and stays there; printing again does not help.",
	"We tried another browser, another tablet and another network: the same.",
	"Two of our stores see it, the third does not, and nobody knows what it does differently.",
	"The receipt of #%n is right and the kitchen's copy is wrong, or the other way round.",
	"A customer has paid twice and would like to have one of the two back.",
	"It worked last week. Nothing was changed on our side, as far as we know.",
	"After ten minutes it recovers by itself, which makes it hard to show to anybody.",
	"We wrote the numbers down by hand: #%n, and the one right after it.",
	"There is no hurry as long as it is done before the weekend.",
}

package main

// The story: what the team changed and when, how it worked before and after each change, and how much
// of what came in. The dates are those of the experiments in content/policy.yaml.

import "time"

// The experiments, each on a Monday and at least eight weeks from the next, so that before and after can
// be told apart.
const (
	secondOnCall   = "2025-07-14" // a rota of superhero and sidekick instead of three phones ringing
	writtenClasses = "2025-09-15" // classes of service and guideline dates
	wipLimits      = "2025-11-17" // start less, finish more
	postmortems    = "2026-01-12" // five questions after every Sev 1 and 2
	oneIntake      = "2026-03-09" // the portal instead of e-mail
	leakFix        = "2026-05-04" // gateway 26.1.1: the memory leak found and fixed
	fireReview     = "2026-06-29" // the weekly fire review, and the team decides what is next
	alertDiet      = "2026-08-24" // a page must need a person
)

// leakGone is when the second leak, of connections, was fixed: the last reason to restart the gateway.
const leakGone = "2026-09-22"

// habits are how the team works at a time.
type habits struct {
	from     string
	pushed   bool  // the manager hands work out, and everything handed out is started
	sessions []int // local hours at which new work is looked at
	skipped  int   // per mille of these that fall through
	atOnce   int   // what a person has started at once, at most
	eager    int   // per mille of the moments at which somebody starts one more thing
	team     int   // and the team
	cost     int   // per mille of a person's speed that each further started thing costs
	byDate   bool  // work is chosen by its guideline date
	stray    int   // per mille of choices that are made by something else
	reviews  int   // per mille of the moments at which somebody looks for a review to do
	switches int   // per mille of the moments at which somebody is called to something else
	shielded bool  // one person handles fires; the others are left alone
	vague    int   // per mille of requests that lack what is needed
	dropped  int   // per mille that turn out duplicates, or not worth doing
	reopened int   // per mille that come back
	quiet    int   // per mille of overdue bugs whose priority is quietly lowered
	late     int   // per mille of fires whose issue is closed days after the fire
	answers  bool  // "I've got it" is said when work is looked at
	honest   int   // per mille of dates in danger that are moved a day before, and said so
	handover bool  // whoever goes on holiday gives back what they hold
}

var ways = []habits{
	{from: "2025-05-01", pushed: true, sessions: []int{10}, skipped: 200, atOnce: 7, team: 99, cost: 85, reviews: 70, switches: 80,
		vague: 330, dropped: 100, reopened: 75, honest: 100, quiet: 60, late: 420},
	{from: secondOnCall, pushed: true, sessions: []int{10, 15}, skipped: 250, atOnce: 7, team: 99, cost: 85, reviews: 90, switches: 60, shielded: true,
		vague: 330, dropped: 100, reopened: 70, honest: 100, quiet: 60, late: 330},
	{from: writtenClasses, sessions: []int{10, 15}, skipped: 200, atOnce: 5, team: 40, cost: 125, reviews: 80, switches: 60, shielded: true, byDate: true, stray: 450, eager: 300, answers: true,
		vague: 310, dropped: 95, reopened: 60, honest: 100, quiet: 40, late: 240},
	{from: wipLimits, sessions: []int{10, 15}, skipped: 150, atOnce: 3, team: 18, cost: 85, reviews: 160, switches: 40, shielded: true, byDate: true, stray: 600, eager: 60, answers: true,
		vague: 300, dropped: 90, reopened: 50, honest: 150, quiet: 25, late: 190},
	{from: "2026-01-05", sessions: []int{10, 15}, skipped: 120, atOnce: 3, team: 13, cost: 80, reviews: 220, switches: 35, shielded: true, byDate: true, stray: 450, eager: 40, answers: true,
		vague: 290, dropped: 90, reopened: 40, honest: 200, quiet: 15, late: 130},
	{from: oneIntake, sessions: []int{10, 15}, skipped: 80, atOnce: 3, team: 13, cost: 95, reviews: 220, switches: 30, shielded: true, byDate: true, stray: 600, eager: 30, answers: true, handover: true,
		vague: 140, dropped: 75, reopened: 30, honest: 250, quiet: 10, late: 80},
	{from: fireReview, sessions: []int{9, 10, 11, 13, 14, 15, 16, 17}, skipped: 20, atOnce: 2, team: 10, cost: 45, reviews: 600, switches: 10, shielded: true, byDate: true, eager: 20, answers: true, handover: true,
		vague: 80, dropped: 60, reopened: 20, honest: 600, quiet: 0, late: 10},
}

func (w *world) habits(t int64) *habits {
	h := &ways[0]
	for i := range ways {
		if t >= w.cal.at(ways[i].from) {
			h = &ways[i]
		}
	}
	return h
}

// rates are how many arrive in a hundred weeks, by flavour, at these dates; between them a straight line.
var rates = []struct {
	at   string
	week [fOdd]int
}{
	//                     restart outage asap maint. major request feature code bugs, tasks
	{"2025-05-01", [fOdd]int{260, 70, 300, 230, 100, 680, 180, 80, 110}},
	{"2025-07-20", [fOdd]int{262, 70, 300, 230, 100, 680, 185, 80, 112}},
	{"2025-08-15", [fOdd]int{265, 70, 325, 250, 105, 730, 225, 80, 130}},
	{"2025-11-01", [fOdd]int{250, 55, 285, 235, 105, 640, 265, 80, 155}},
	{"2026-02-01", [fOdd]int{240, 32, 225, 205, 100, 540, 300, 80, 190}},
	{"2026-05-01", [fOdd]int{230, 20, 195, 190, 100, 470, 360, 75, 220}},
	{"2026-08-01", [fOdd]int{40, 10, 190, 210, 105, 430, 350, 75, 210}},
	{"2026-11-02", [fOdd]int{0, 6, 180, 205, 105, 410, 340, 75, 205}},
}

func (w *world) rate(f flavour, t int64) int {
	if f == fRestart {
		switch {
		case t >= w.cal.at(leakGone):
			return 0
		case t >= w.cal.at(leakFix):
			return 16
		}
	}
	for i := 1; i < len(rates); i++ {
		a, b := w.cal.at(rates[i-1].at), w.cal.at(rates[i].at)
		if t < b {
			x, y := int64(rates[i-1].week[f]), int64(rates[i].week[f])
			return int(x + (y-x)*(t-a)/(b-a))
		}
	}
	return rates[len(rates)-1].week[f]
}

// release is a planned release, as in content/policy.yaml.
type release struct {
	train, name, date string
	notice            int
}

var releases = []release{
	{"maintenance", "25.2.1", "2025-05-15", 3}, {"major", "25.3", "2025-06-24", 10}, {"maintenance", "25.3.1", "2025-07-29", 3},
	{"maintenance", "25.3.2", "2025-09-09", 3}, {"major", "25.4", "2025-09-30", 10}, {"maintenance", "25.4.1", "2025-10-21", 3},
	{"maintenance", "25.4.2", "2025-12-02", 3}, {"maintenance", "25.4.3", "2026-01-13", 3}, {"major", "26.1", "2026-02-17", 10},
	{"maintenance", "26.1.1", "2026-02-24", 3}, {"maintenance", "26.1.2", "2026-04-07", 3}, {"major", "26.2", "2026-05-19", 10},
	{"maintenance", "26.2.1", "2026-05-26", 3}, {"maintenance", "26.2.2", "2026-07-07", 3}, {"major", "26.3", "2026-08-18", 10},
	{"maintenance", "26.3.1", "2026-08-25", 3}, {"maintenance", "26.3.2", "2026-10-06", 3}, {"major", "26.4", "2026-11-17", 10},
	{"maintenance", "26.4.1", "2026-11-24", 3}, {"maintenance", "26.4.2", "2027-01-12", 3}, {"major", "27.1", "2027-02-16", 10},
	{"maintenance", "27.1.1", "2027-02-23", 3}, {"maintenance", "27.1.2", "2027-04-06", 3},
}

// nextRelease is the first of a train at least its notice after a local date; its zero value if none is
// planned.
func (w *world) nextRelease(train, date string) release {
	for _, r := range releases {
		if r.train == train && r.date >= w.cal.addDays(date, r.notice) {
			return r
		}
	}
	return release{}
}

// daysBetween counts the days from one local date to another.
func daysBetween(from, to string) int {
	a, err := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err != nil || err2 != nil {
		panic("samplegen: not a date: " + from + " or " + to)
	}
	return int(b.Sub(a) / (24 * time.Hour))
}

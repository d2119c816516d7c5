package analysis

// The policy of the recomputed nights, and the same said again by hand (recompute_test.go).

import (
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

const recountPolicy = `
team: {name: Recount, zone: America/New_York, members: [{id: ada, name: Ada}, {id: bob, name: Bob, absent: [2026-03-10..2026-03-12]}], bots: [robot]}
calendars:
  office: {week: {mon-fri: 09:00-17:30}, closed: [2026-03-17]}
  night: {week: {sun-sat: 22:00-06:00}}
working: office
stages:
  - stages:
      - {id: queue, name: Queue, kind: waiting, statuses: [New]}
      - {id: doing, name: Doing, kind: active, statuses: [Doing], labels: [wip]}
      - {id: back, name: Back, kind: paused, statuses: [Back], sent_back: true}
      - {id: done, name: Done, kind: done, statuses: [Done]}
  - from: 2026-03-20
    stages:
      - {id: queue, name: Queue, kind: waiting, statuses: [New, Odd]}
      - {id: doing, name: Doing, kind: active, statuses: [Doing], labels: [wip]}
      - {id: back, name: Back, kind: paused, statuses: [Back], sent_back: true}
      - {id: done, name: Done, kind: done, statuses: [Done]}
limit: [{limit: 2}, {from: 2026-03-15, limit: 1}]
severities:
  - {level: 1, name: Bad, when: 'priority == "High"'}
  - {level: 2, name: Mild, when: 'priority == "Mid"'}
classes:
  - {id: fire, name: Fire, kind: incident, when: severity == 1, respond: 1h on always, resolve: 8h on office}
  - id: bug
    name: Bug
    kind: problem
    when: [{when: severity == 2}, {from: 2026-03-12, when: severity == 2 and not ("feature" in labels)}]
    respond: 2h on night
    resolve: [{target: 3 working days on office}, {from: 2026-03-10, target: 1 working day on office}]
  - {id: feature, name: Feature, kind: feature, when: '"feature" in labels', resolve: by the due date}
  - {id: ask, name: Ask, kind: request, when: '"mail" in labels', respond: 4h on office, resolve: 10h on night}
discarded: [Duplicate]
rota: {name: Turns, days: 7, start: 2026-02-16, handover: 10:00, superheroes: [ada, bob]}
services: [{id: api, name: The API}, {id: db, name: Database}]
ready: [{needs: [service, due]}]
postmortems: {worst: 2, days: 5}
`

const halfHour = 30 * time.Minute

var recountZone, _ = time.LoadLocation("America/New_York")

// the policy's dates, again and by hand: local midnights.
var (
	newFlow    = localDay(2026, 3, 20)
	newLimit   = localDay(2026, 3, 15)
	newRule    = localDay(2026, 3, 12)
	newTarget  = localDay(2026, 3, 10)
	bobIsAway  = localDay(2026, 3, 10)
	bobIsBack  = localDay(2026, 3, 13)
	turnsBegin = time.Date(2026, 2, 16, 10, 0, 0, 0, recountZone)
)

func localDay(y int, m time.Month, d int) record.Instant {
	return record.At(time.Date(y, m, d, 0, 0, 0, 0, recountZone))
}

// officeOpen and nightOpen are the calendars.
func officeOpen(t record.Instant) bool {
	l := t.In(recountZone)
	clock := l.Hour()*60 + l.Minute()
	return officeDay(l) && clock >= 9*60 && clock < 17*60+30
}

func officeDay(l time.Time) bool {
	return l.Weekday() != time.Saturday && l.Weekday() != time.Sunday && l.Format("2006-01-02") != "2026-03-17"
}

func recountLimit(t record.Instant) int {
	if t >= newLimit {
		return 1
	}
	return 2
}

// supportWork says whether a class is one of support work.
func supportWork(class string) bool { return class == "fire" || class == "bug" || class == "ask" }

func recountStage(status string, labels []string, t record.Instant) (string, StageKind) {
	switch {
	case status == "Done":
		return "done", Done
	case slices.Contains(labels, "wip"), status == "Doing":
		return "doing", Active
	case status == "New", status == "Odd" && t >= newFlow:
		return "queue", Waiting
	case status == "Back":
		return "back", Paused
	case status == "Odd": // no stage gathers it, and the tracker calls it in progress
		return "unmapped-odd", Active
	}
	return "before", Waiting // nothing tells what it was before its history
}

func recountClass(severity int, labels []string, created record.Instant) string {
	feature := slices.Contains(labels, "feature")
	switch {
	case severity == 1:
		return "fire"
	case severity == 2 && (created < newRule || !feature):
		return "bug"
	case feature:
		return "feature"
	case slices.Contains(labels, "mail"):
		return "ask"
	}
	return "unclassified"
}

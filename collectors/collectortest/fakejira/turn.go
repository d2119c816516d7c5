package fakejira

// What happens to an issue: one of its fields takes another value.

import (
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// turn changes a field. It never changes one to what it is.
func (s *Site) turn(is *issue, d *dice, at int64, by int) {
	if d.of(200) == 0 {
		by = -1
	}
	switch k := d.of(100); {
	case k < 40:
		s.move(is, d, at, by)
	case k < 50:
		to := another(d, is.assignee, -1, team)
		it := item{field: "assignee", id: "assignee", kind: "jira"}
		it.from, it.fromString = s.personIn(is.assignee)
		it.to, it.toString = s.personIn(to)
		is.assignee = to
		is.record(at, by, it)
	case k < 58:
		to := another(d, is.priority, -1, len(priorities))
		it := item{field: "priority", id: "priority", kind: "jira"}
		if is.priority >= 0 {
			it.from, it.fromString = priorities[is.priority].id, s.words.priorityNames[is.priority]
		}
		if to >= 0 {
			it.to, it.toString = priorities[to].id, s.words.priorityNames[to]
		}
		is.priority = to
		is.record(at, by, it)
	case k < 68:
		to := is.labels ^ 1<<d.of(len(labelNames))
		if d.of(4) == 0 { // two at once: one may come and one go
			to ^= 1 << d.of(len(labelNames))
		}
		if to == is.labels {
			to ^= 1
		}
		is.record(at, by, item{field: "labels", id: "labels", kind: "jira", fromString: labelText(is.labels), toString: labelText(to), blank: true})
		is.labels = to
	case k < 73:
		is.record(at, by, toggle("Component", "components", &is.components, d.of(len(componentNames)), componentNames))
	case k < 77:
		is.record(at, by, toggle("Fix Version", "fixVersions", &is.versions, d.of(len(versionNames)), versionNames))
	case k < 80:
		from := s.title(is)
		is.summary++
		is.record(at, by, item{field: "summary", id: "summary", kind: "jira", fromString: from, toString: s.title(is)})
	case k < 83:
		to := (at/day + int64(1+d.of(60))) * day
		if to == is.due {
			to += day
		}
		it := item{field: "duedate", id: "duedate", kind: "jira", to: dayOf(to), toString: dayOf(to) + " 00:00:00.0"}
		if is.due != 0 {
			it.from, it.fromString = dayOf(is.due), dayOf(is.due)+" 00:00:00.0"
		}
		is.due = to
		is.record(at, by, it)
	case k < 86:
		to := another(d, is.kind, 0, len(types))
		is.record(at, by, item{field: "issuetype", id: "issuetype", kind: "jira", from: types[is.kind].id, fromString: s.words.typeNames[is.kind], to: types[to].id, toString: s.words.typeNames[to]})
		is.kind = to
	case k < 91:
		to := float64(another(d, int(is.points), 1, 14))
		it := item{field: "Story Points", id: pointsCompany, kind: "custom", toString: strconv.FormatFloat(to, 'f', -1, 64)}
		if is.project == web {
			it.field, it.id = "Story point estimate", pointsTeam
		}
		if is.points >= 0 {
			it.fromString = strconv.FormatFloat(is.points, 'f', -1, 64)
		}
		is.points = to
		is.record(at, by, it)
	case k < 93:
		to := another(d, is.severity, 0, len(severityNames))
		it := item{field: "Severity", id: severity, kind: "custom", to: severityNames[to].id, toString: severityNames[to].name}
		if is.severity >= 0 {
			it.from, it.fromString = severityNames[is.severity].id, severityNames[is.severity].name
		}
		is.severity = to
		is.record(at, by, it)
	case k < 96:
		to := is.sprint + 1
		it := item{field: "Sprint", id: sprintField, kind: "custom", to: strconv.Itoa(to), toString: "Sprint " + strconv.Itoa(to), blank: true}
		if is.sprint > 0 {
			it.from, it.fromString = strconv.Itoa(is.sprint), "Sprint "+strconv.Itoa(is.sprint)
		}
		is.sprint = to
		is.record(at, by, it)
	case k < 99:
		is.record(at, by, item{field: "Rank", id: rankField, kind: "custom", toString: "Ranked higher", blank: true})
	default:
		is.record(at, by, item{field: "Workflow", kind: "jira", from: "18234", fromString: "Support workflow", to: "21392", toString: "Support workflow 2"})
	}
}

// move takes an issue along its workflow. Done, it has a resolution, but for the one in twenty whose
// workflow forgot to set it; reopened, it has none, but for the one in ten whose date of resolution
// nobody cleared.
func (s *Site) move(is *issue, d *dice, at int64, by int) {
	from := is.status
	to := ways[from][d.of(len(ways[from]))]
	is.status = to
	items := make([]item, 0, 2)
	resolve := item{field: "resolution", id: "resolution", kind: "jira"}
	was, now := statuses[from].done(), statuses[to].done()
	switch {
	case now && !was && d.of(20) > 0:
		is.resolution, is.resolved = d.of(len(resolutions)), at
		resolve.to, resolve.toString = resolutions[is.resolution].id, resolutions[is.resolution].name
		items = append(items, resolve)
	case was && !now && is.resolution >= 0:
		resolve.from, resolve.fromString = resolutions[is.resolution].id, resolutions[is.resolution].name
		is.resolution = -1
		if d.of(10) > 0 {
			is.resolved = 0
		}
		items = append(items, resolve)
	}
	if statuses[from].category != statuses[to].category {
		is.statusSince = at
	}
	is.record(at, by, append(items, item{field: "status", id: "status", kind: "jira",
		from: statuses[from].id, fromString: s.words.statusNames[from], to: statuses[to].id, toString: s.words.statusNames[to]})...)
}

// another is a number from low, below high, that is not the one there is.
func another(d *dice, not, low, high int) int {
	n := low + d.of(high-low)
	if n == not {
		if n++; n == high {
			n = low
		}
	}
	return n
}

// toggle adds a value to a list, or takes it away.
func toggle(field, id string, set *uint, k int, values []named) item {
	it := item{field: field, id: id, kind: "jira"}
	if *set&(1<<k) != 0 {
		it.from, it.fromString = values[k].id, values[k].name
	} else {
		it.to, it.toString = values[k].id, values[k].name
	}
	*set ^= 1 << k
	return it
}

// personIn is how a history names a person: by account, or by key on Data Center, and with the name to
// be shown.
func (s *Site) personIn(p int) (id, name string) {
	switch {
	case p < 0:
		return "", ""
	case s.opt.Cloud:
		return people[p].account, people[p].display
	}
	return people[p].key, people[p].display
}

func labelText(set uint) string {
	names := make([]string, 0, bits.OnesCount(set))
	for k, l := range labelNames {
		if set&(1<<k) != 0 {
			names = append(names, l)
		}
	}
	return strings.Join(names, " ")
}

func dayOf(at int64) string { return time.UnixMilli(at).UTC().Format(time.DateOnly) }

package fakejira

// An issue, and how it is made up: played forward from its creation, so that what it is now is what its
// history led to. An issue that was never changed since is made again whenever it is asked for, from its
// number and the seed: a hundred thousand of them cost their dates.

import (
	"strconv"
	"time"
)

// row is what the search index knows of an issue.
type row struct {
	id               int64
	created, updated int64
	project          int
	number           int  // in its project
	gone             bool // deleted
	unknown          bool // to the index, yet
}

type issue struct {
	n                int
	id               int64
	project, number  int
	created, updated int64
	summary          int // how often it was written anew
	status           int
	statusSince      int64 // when its category changed last
	priority         int   // -1 for none, like the others
	kind             int
	resolution       int
	resolved         int64 // 0 for none
	assignee         int
	reporter         int
	labels           uint // a bit for each of labelNames
	components       uint
	versions         uint
	due              int64
	points           float64 // -1 for none
	severity         int
	sprint           int // 0 for none
	histories        []history
	comments         []comment
	worklogs         []worklog
}

type history struct {
	id    int64
	at    int64
	by    int // -1 for an author that the site does not tell
	items []item
}

// item is one change. A blank is null in the answer, or "" in the fields that Jira writes so.
type item struct {
	field, id, kind  string
	from, fromString string
	to, toString     string
	blank            bool
}

type comment struct {
	id, at int64
	by     int
	public bool
	role   bool // shown to a role only
}

type worklog struct {
	id, at, started int64
	by              int
	seconds         int64
}

// dice are a cheap source of what looks like chance: splitmix64, by Sebastiano Vigna, in the public domain.
type dice uint64

func (d *dice) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// of is a number below n.
func (d *dice) of(n int) int { return int(d.next() >> 1 % uint64(n)) }

// dice are those of an issue, for one purpose.
func (s *Site) dice(n, purpose int) dice {
	d := dice(s.opt.Seed ^ uint64(n)<<20 ^ uint64(purpose)<<56)
	d.next()
	return d
}

const (
	forDates = iota
	forLife
	forText
	forComment
	forChange
)

const (
	day       = int64(24 * time.Hour / time.Millisecond)
	firstID   = 10001
	span      = 3 * 365 * day // how far back the first issue is
	bulk      = 250           // issues that one bulk edit left with one date of update
	bulkSince = 1000          // sites smaller than this have had none
)

// populate makes the issues that there are at first. All of them were updated an hour ago or earlier.
func (s *Site) populate(count int) {
	s.rows = make([]row, 0, count+count/8)
	end := s.now - 3*day
	for n := range count {
		d := s.dice(n, forDates)
		created := end - span + span*int64(n)/int64(count) + int64(d.of(int(span/int64(count)/2)+1))
		life := int64(0)
		switch k := d.of(100); {
		case k < 5: // never touched
		case k < 70:
			life = int64(d.of(int(30 * day)))
		case k < 92:
			life = int64(d.of(int(200 * day)))
		default:
			life = span
		}
		updated := min(created+life, s.now-3_600_000-int64(d.of(int(40*day))))
		r := row{id: int64(firstID + n), created: created, updated: max(created, updated)}
		if first := count / 2; count >= bulkSince && n >= first && n < first+bulk {
			r.updated = end - span/4
		}
		r.project, r.number = place(n)
		s.rows = append(s.rows, r)
	}
}

// place is the project and the number of the nth issue, before it moves.
func place(n int) (project, number int) {
	switch k := n % 10; {
	case k < 6:
		return sup, n/10*6 + k + 1
	case k < 9:
		return ops, n/10*3 + k - 6 + 1
	default:
		return web, n/10 + 1
	}
}

func key(project, number int) string { return projects[project].key + "-" + strconv.Itoa(number) }

// get is an issue as it is now.
func (s *Site) get(n int) *issue {
	if is := s.live[n]; is != nil {
		return is
	}
	return s.make(n)
}

// fromInbox says whether an issue came from the inbox.
func fromInbox(n int) bool { return n%97 == 5 }

// make plays an issue's life.
func (s *Site) make(n int) *issue {
	r := &s.rows[n]
	d := s.dice(n, forLife)
	is := &issue{n: n, id: r.id, project: r.project, number: r.number, created: r.created, updated: r.updated, statusSince: r.created,
		priority: d.of(7) - 1, kind: d.of(len(types)), resolution: -1, assignee: d.of(team+1) - 1, reporter: d.of(team), points: -1, severity: -1}
	if is.priority < 0 && d.of(2) == 0 {
		is.priority = 2
	}
	if r.project == sup && d.of(2) == 0 {
		is.reporter = customer
	}
	is.labels = uint(d.next()) & uint(d.next()) & (1<<len(labelNames) - 1)
	is.components = uint(d.next()) & uint(d.next()) & (1<<len(componentNames) - 1)
	if d.of(3) == 0 {
		is.points = float64(1 + d.of(8))
	}
	if d.of(3) == 0 {
		is.severity = d.of(len(severityNames))
	}
	if d.of(10) == 0 {
		is.status = triage
	}
	if r.updated == r.created {
		return is
	}
	changes, comments, worklogs := 1+d.of(12), d.of(4), 0
	switch {
	case n%1000 == 7:
		changes = 120 + d.of(60)
	case n%100 == 3:
		changes = 41 + d.of(30)
	}
	switch {
	case n%500 == 11:
		comments = 101 + d.of(120)
	case n%50 == 17:
		comments = 21 + d.of(10)
	}
	switch {
	case n%400 == 13:
		worklogs = 21 + d.of(30)
	case n%5 == 0:
		worklogs = d.of(4)
	}
	is.histories = make([]history, 0, changes+worklogs)
	is.comments = make([]comment, 0, comments)
	is.worklogs = make([]worklog, 0, worklogs)
	if fromInbox(n) {
		is.record(r.created+(r.updated-r.created)/1000, automaton,
			item{field: "Key", kind: "jira", fromString: inbox + "-" + strconv.Itoa(n+1), toString: key(is.project, is.number)},
			item{field: "project", id: "project", kind: "jira", from: "9999", fromString: "Inbox", to: projects[is.project].id, toString: projects[is.project].name})
	}
	total := changes + comments + worklogs
	for k := 1; k <= total; k++ {
		// Evenly spread, each up to its share early, and the last one at the end: never two of an issue in
		// the wrong order.
		at := r.created + (r.updated-r.created)*int64(k)/int64(total)
		if k < total {
			at -= int64(d.of(int((r.updated-r.created)/int64(total)) + 1))
		}
		by := d.of(len(people)) // an app among them
		switch left := d.of(changes + comments + worklogs); {
		case left < changes:
			changes--
			s.turn(is, &d, at, by)
		case left < changes+comments:
			comments--
			is.say(&d, at, by)
		default:
			worklogs--
			is.book(&d, at, d.of(team))
		}
	}
	return is
}

// record adds an entry to the history.
func (is *issue) record(at int64, by int, items ...item) {
	h := history{id: int64(is.n+1)*10000 + int64(len(is.histories)), at: at, by: by, items: items}
	k := len(is.histories)
	for k > 0 && is.histories[k-1].at > at { // a change that says an earlier date
		k--
	}
	is.histories = append(is.histories, h)
	copy(is.histories[k+1:], is.histories[k:])
	is.histories[k] = h
}

// say adds a comment.
func (is *issue) say(d *dice, at int64, by int) {
	is.comments = append(is.comments, comment{id: int64(is.n+1)*10000 + int64(len(is.comments)), at: at, by: by, public: is.project != sup || d.of(4) > 0, role: d.of(20) == 0})
}

// book adds booked time, which the history tells, too.
func (is *issue) book(d *dice, at int64, by int) {
	w := worklog{id: int64(is.n+1)*10000 + int64(len(is.worklogs)), at: at, started: at - int64(d.of(int(day/4))), by: by, seconds: int64(1+d.of(16)) * 900}
	before := int64(0)
	for _, o := range is.worklogs {
		before += o.seconds
	}
	is.worklogs = append(is.worklogs, w)
	it := item{field: "timespent", id: "timespent", kind: "jira", to: strconv.FormatInt(before+w.seconds, 10), toString: strconv.FormatInt(before+w.seconds, 10)}
	if before > 0 {
		it.from, it.fromString = strconv.FormatInt(before, 10), strconv.FormatInt(before, 10)
	}
	is.record(at, by, it, item{field: "WorklogId", kind: "jira", to: strconv.FormatInt(w.id, 10), toString: strconv.FormatInt(w.id, 10)})
}

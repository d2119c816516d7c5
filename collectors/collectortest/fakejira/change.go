package fakejira

// The site lives on, when it is told to.

import (
	"math/bits"
	"slices"
	"strings"
	"time"
)

// Issue is what a client that lost nothing must have of an issue.
type Issue struct {
	Key     string
	Updated time.Time

	// Changes is how many single changes its history holds of status, resolution, priority, type, summary,
	// due date, key, assignee, component, fix version and label. One that takes a value from a list and
	// adds another is two; so is an assignee who replaces another.
	Changes  int
	Points   int // changes of story points, in either of the two fields
	Severity int // changes of the select field "Severity"

	Histories int // entries, those of no interest among them
	Comments  int
	Worklogs  int
}

// reindex is an issue that the search index will take notice of.
type reindex struct {
	at int64
	n  int
}

// pause is how far the clock moves after a change: no two of them are at the same time.
const pause = 3000

// Now is the site's clock, which is also the Date of its answers.
func (s *Site) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock()
}

// Advance moves the clock.
func (s *Site) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now += d.Milliseconds()
	s.version++
}

// Change changes n issues: each gets a new value of a field, a comment, booked time or another project.
// It is other ones each time, until all had their turn, old and new. All of one call are updated at one
// instant, as by a bulk edit; then the clock moves by a few seconds.
func (s *Site) Change(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(n, s.now)
}

// Misdate changes n issues like [Site.Change], but they say that it happened at that time: what a broken
// plug-in or an import leaves.
func (s *Site) Misdate(n int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(n, at.UnixMilli())
}

func (s *Site) change(count int, at int64) {
	s.latest = s.pick(count)
	for _, n := range s.latest {
		is, d := s.touch(n)
		by := d.of(team)
		switch k := d.of(100); {
		case k < 15:
			is.say(&d, at, by)
		case k < 20:
			is.book(&d, at, by)
		case k < 23:
			s.relocate(is, at, by)
		default:
			s.turn(is, &d, at, by)
		}
		is.updated = at
		s.reindex(n)
	}
	s.tick()
}

// touch is an issue that will be kept, since it changes, and the dice for its change.
func (s *Site) touch(n int) (*issue, dice) {
	if s.live[n] == nil {
		s.live[n] = s.make(n)
	}
	s.changes++
	d := s.dice(n, forChange) + dice(s.changes*0x9e37)
	d.next()
	return s.live[n], d
}

// Repeat gives the issues of the last [Site.Change], [Site.Add] or [Site.Misdate] one more change in the
// same instant of update: their histories are longer, and no date tells. The clock stands still.
func (s *Site) Repeat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.latest {
		if s.rows[n].gone {
			continue
		}
		is, d := s.touch(n)
		s.turn(is, &d, is.updated, d.of(team))
		s.reindex(n)
	}
}

// Add makes n new issues.
func (s *Site) Add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latest = nil
	for range n {
		n := len(s.rows)
		s.latest = append(s.latest, n)
		r := row{id: int64(firstID + n), created: s.now, updated: s.now}
		r.project, r.number = place(n)
		r.unknown = true
		s.rows = append(s.rows, r)
		s.live[n] = s.make(n)
		s.reindex(n)
	}
	s.tick()
}

// Remove deletes n issues without a trace.
func (s *Site) Remove(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.pick(n) {
		s.rows[n].gone = true
		s.removed = append(s.removed, n)
	}
	s.tick()
}

// Restore brings back the n issues that were removed last, as they were.
func (s *Site) Restore(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ; n > 0 && len(s.removed) > 0; n-- {
		last := len(s.removed) - 1
		s.rows[s.removed[last]].gone = false
		s.removed = s.removed[:last]
	}
	s.tick()
}

// Truth is every issue that there is and the account may see, by id.
func (s *Site) Truth() map[string]Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]Issue, len(s.rows))
	for n := range s.rows {
		if !s.exists(n) {
			continue
		}
		is := s.get(n)
		t := Issue{Key: key(is.project, is.number), Updated: time.UnixMilli(is.updated).UTC(), Histories: len(is.histories), Comments: len(is.comments), Worklogs: len(is.worklogs)}
		for _, h := range is.histories {
			for _, it := range h.items {
				switch it.field {
				case "status", "resolution", "priority", "issuetype", "summary", "duedate", "Key":
					t.Changes++
				case "assignee", "Component", "Fix Version":
					if it.fromString != "" {
						t.Changes++
					}
					if it.toString != "" {
						t.Changes++
					}
				case "labels":
					t.Changes += bits.OnesCount(labelSet(it.fromString) ^ labelSet(it.toString))
				case "Story Points", "Story point estimate":
					t.Points++
				case "Severity":
					t.Severity++
				}
			}
		}
		all[idOf(is.id)] = t
	}
	return all
}

func labelSet(text string) (set uint) {
	for _, w := range strings.Fields(text) {
		for k, l := range labelNames {
			if w == l {
				set |= 1 << k
			}
		}
	}
	return set
}

// pick takes the next issues in a walk that meets all of them, with steps that are large against any
// order they may have.
func (s *Site) pick(count int) []int {
	const step = 7919
	var list []int
	for tries := 0; len(list) < count && tries < len(s.rows); tries++ {
		by := step
		if len(s.rows)%step == 0 {
			by = 1
		}
		s.walk = (s.walk + by) % len(s.rows)
		if s.exists(s.walk) {
			list = append(list, s.walk)
		}
	}
	return list
}

// exists says whether an issue is there for the account, be it that the index does not know it yet.
func (s *Site) exists(n int) bool {
	project := s.rows[n].project
	if is := s.live[n]; is != nil {
		project = is.project
	}
	return !s.rows[n].gone && !s.forbidden(project)
}

func (s *Site) forbidden(project int) bool {
	return slices.Contains(s.opt.Forbidden, projects[project].key)
}

// relocate moves an issue to another project: it keeps its id and gets another key.
func (s *Site) relocate(is *issue, at int64, by int) {
	from, fromKey := is.project, key(is.project, is.number)
	is.project = (is.project + 1) % len(projects)
	for s.forbidden(is.project) && is.project != from {
		is.project = (is.project + 1) % len(projects)
	}
	s.moved++
	is.number = 900_000 + s.moved
	s.keys[key(is.project, is.number)] = is.n // the first one is found by its number
	items := []item{{field: "Key", kind: "jira", fromString: fromKey, toString: key(is.project, is.number)}}
	if is.project != from {
		items = append(items, item{field: "project", id: "project", kind: "jira", from: projects[from].id, fromString: projects[from].name, to: projects[is.project].id, toString: projects[is.project].name})
	}
	is.record(at, by, items...)
}

// reindex has the search index take notice of an issue, when it gets to it.
func (s *Site) reindex(n int) {
	s.lagging = append(s.lagging, reindex{s.now + s.opt.Lag.Milliseconds(), n})
	s.catchUp()
}

// catchUp is the search index at work.
func (s *Site) catchUp() {
	kept := s.lagging[:0]
	for _, r := range s.lagging {
		if r.at > s.now {
			kept = append(kept, r)
			continue
		}
		s.index(r.n)
	}
	s.lagging = kept
}

func (s *Site) index(n int) {
	is, row := s.get(n), &s.rows[n]
	row.updated, row.project, row.number, row.unknown = is.updated, is.project, is.number, false
	s.version++
}

func (s *Site) tick() {
	s.now += pause
	s.version++
	s.catchUp()
}

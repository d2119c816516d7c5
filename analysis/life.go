package analysis

// The life of an item (METRICS.md, section 1): an issue's history is replayed from its creation to
// as-of, and the policy's rules are asked wherever something they look at changed.

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// judge turns issues into items. It is cheap to make, keeps scratch space between issues, and is for
// one goroutine.
type judge struct {
	policy   *Policy
	classify *classifier
	asOf     record.Instant
	before   [1 + mostEarlier]record.Instant // as-of, and the instants that the night is compared with
	horizons map[string]record.Instant       // by tracker
	team     doorkeeper
	pages    *pageIndex
	category map[statusKey]string // the tracker's own category, learned from its issues
	spelled  map[statusKey]string // the same, by the names as they are spelled

	plans   *plans   // what they tell of releases
	undated []string // keys of issues that do not say when they were created
	tied    []tie    // what issues are linked to besides pages

	facts   Facts // the issue as it stood at the instant being judged
	points  record.Number
	changes []record.Change
	status  record.Status
	lines   timelines // of the item before

	look  Look // of the item that is being judged, with its rest
	rest  Rest
	looks map[string]*Look
	key   []byte
	none  *Rest // of all items that have none
	crews map[string][]string
	items slab[Item]
	lives lives

	ends, resumptions []record.Instant // of the item before

	touched factSet // since class and severity were asked for last
	current *Stage  // unless it is stale, by the version of the stages that it is of
	version int
	stale   bool

	put   *Stage         // where the changes so far have put the issue
	hand  bool           // the change that put it there was a person's own
	moved record.Instant // when a person first moved it into a stage that is no queue
	eye   *eye           // nil unless somebody wants to know why
}

// timelines are those of one item. They grow in the judge's scratch space and are kept at their size:
// most items have more steps than a slice grown for them one by one, and memory for twice as many.
type timelines struct {
	stages     Timeline[*Stage]
	classes    Timeline[*Class]
	severities Timeline[int]
	assignees  Timeline[[]string]
	dues       Timeline[record.Date]
}

// lend gives the item empty timelines with room to grow.
func (l *timelines) lend(it *Item) {
	it.Stages, it.Classes, it.Severities, it.Assignees, it.Dues = l.stages[:0], l.classes[:0], l.severities[:0], l.assignees[:0], l.dues[:0]
}

// keep takes them back, and leaves the item its own.
func (l *timelines) keep(it *Item, in *lives) {
	*l = timelines{it.Stages, it.Classes, it.Severities, it.Assignees, it.Dues}
	it.Stages, it.Classes, it.Severities = in.stages.keep(l.stages), in.classes.keep(l.classes), in.severities.keep(l.severities)
	it.Assignees, it.Dues = in.assignees.keep(l.assignees), in.dues.keep(l.dues)
}

// statusKey finds a status of one tracker by its folded name.
type statusKey struct{ tracker, name string }

// item judges one issue; nil if it did not exist yet at as-of.
func (j *judge) item(is *record.Issue) *Item {
	c := is.Facts()
	if c.Created == 0 {
		j.undated = append(j.undated, c.Key)
	}
	if !exists(is, &c, j.asOf) {
		return nil
	}
	it := j.items.one()
	*it = Item{
		Ref: is.Ref, Key: c.Key, URL: c.URL, Look: &j.look, Rest: &j.rest,
		Created: c.Created, Until: j.asOf, Reporter: j.team.who(c.Reporter).id,
	}
	j.look = Look{Project: c.Project, Machine: c.Reporter.Known() && j.team.who(c.Reporter).machine}
	j.rest = Rest{Aliases: is.Aliases}
	h := j.horizons[is.Tracker]
	if h == 0 { // no source speaks for it any more: judged as of its own last event
		h = newest(is, &c)
	}
	it.Until = min(it.Until, h.Add(time.Millisecond))
	it.TrackerSLAs = clocks(c.SLAs, it.Until, it.Until < h)
	if slices.ContainsFunc(it.TrackerSLAs, func(s record.SLA) bool { return s.Stopped == 0 }) {
		it.TrackerSaid = cmp.Or(is.Seen, c.Updated)
	}
	it.Pages = j.pages.of(is, &c)
	j.kin(it, c.Links)
	j.count(it, is)
	j.live(is, &c, it)
	j.plans.hear(is)
	it.Look = j.alike(&j.look)
	if it.Rest = j.none; !j.rest.empty() {
		rest := j.rest
		it.Rest = &rest
	}
	return it
}

// live replays the life of an item whose pages are known. What it is promised is judged apart.
func (j *judge) live(is *record.Issue, c *record.Copy, it *Item) {
	j.changes = slices.Clip(is.Changes) // what is missing is put into a copy
	j.rename(is, c)
	j.mend(is, c, it)
	j.rewind(is, c)
	j.lines.lend(it)
	j.replay(it)
	j.lines.keep(it, &j.lives)
	j.settle(is, c, it)
	j.respond(is, it)
}

// count counts the item's changes and comments. What is booked on it is not counted: people book the hours
// of yesterday, and that is not late. Nor is a change of what no record keeps, which moves no judgement: it
// would come late from every history that a reader reads again which used to pass over these.
func (j *judge) count(it *Item, is *record.Issue) {
	for k, before := range j.before {
		if before == 0 { // there is no such instant
			continue
		}
		for i := range is.Changes {
			if is.Changes[i].At < before && is.Changes[i].Field != record.FieldOther {
				it.told[k]++
			}
		}
		for i := range is.Comments {
			if is.Comments[i].At < before {
				it.told[k]++
			}
		}
	}
}

// clocks are the tracker's SLA clocks as far as they can be told of until. The tracker tells how they
// stand when it is read and nothing of how they stood before, so of the past only those are known that
// had stopped by then.
func clocks(slas []record.SLA, until record.Instant, past bool) []record.SLA {
	var told []record.SLA
	for _, s := range slas {
		if s.Started < until && s.Stopped < until && (s.Stopped != 0 || !past) {
			told = append(told, s)
		}
	}
	return told
}

// replay walks forward from creation to as-of and asks the policy's rules wherever facts changed.
func (j *judge) replay(it *Item) {
	f := &j.facts
	pages := it.Pages
	page := func(at record.Instant) {
		for len(pages) > 0 && pages[0].Triggered <= at {
			f.Paged = true
			j.touch(factPaged | factPagers)
			j.eye.saw("a page went off", nil)
			f.Pagers = add(f.Pagers, pages[0].Service)
			pages = pages[1:]
		}
	}
	i := 0
	// Changes stamped with the creation itself, or before it, are still changes: they come after the
	// initial values and before the first judgement of class and severity.
	page(it.Created)
	j.moved, j.put, j.hand = 0, j.stage(it.Created), false
	j.enter(it, it.Created, j.put)
	for i < len(j.changes) && j.changes[i].At <= it.Created {
		j.apply(it, &j.changes[i], it.Created)
		i++
	}
	j.weigh(it, it.Created)
	seen := it.Created
	for {
		var at record.Instant
		if i < len(j.changes) {
			at = j.changes[i].At
		}
		if len(pages) > 0 && (at == 0 || pages[0].Triggered < at) {
			at = pages[0].Triggered
		}
		if v := j.policy.Flow.after(seen); v != 0 && (at == 0 || v < at) {
			at = v // the stages themselves change, with or without an event
			j.eye.saw("the policy's stages changed", nil)
		}
		if at == 0 || at >= it.Until {
			break
		}
		page(at)
		if j.moved == 0 {
			j.put, j.hand = j.stage(at), false // a page, or the policy, puts it there
		}
		// What else changed in the instant comes before its moves: a status and a label of one instant
		// are one move.
		end := i
		for end < len(j.changes) && j.changes[end].At == at {
			end++
		}
		for _, moves := range []bool{false, true} {
			for k := i; k < end; k++ {
				if (j.changes[k].Field == record.FieldStatus) == moves {
					j.apply(it, &j.changes[k], at)
				}
			}
		}
		i = end
		j.weigh(it, at)
		seen = at
	}
}

// apply makes one change of the facts. A change of status enters a stage at once, even one that is
// left in the same instant; everything else is judged after the last change of the instant.
//
// Who put it into a stage is asked of every single change, until a person was the first to: of several
// acts in one second only the one that moved it is a move. What is stamped with the creation itself was
// set by creating it.
func (j *judge) apply(it *Item, ch *record.Change, at record.Instant) {
	if ch.Field == record.FieldOther { // no rule can see what it was
		return
	}
	j.eye.saw("", ch)
	j.touch(factsOf(ch.Field))
	if list := j.list(ch.Field); list != nil {
		from, to := j.values(ch)
		*list = remove(*list, from)
		*list = add(*list, to)
		if ch.Field == record.FieldAssignee {
			j.facts.Assigned = len(*list) > 0
		}
	} else {
		j.set(ch.Field, ch.To, ch.ToID)
	}
	if j.moved != 0 && ch.Field != record.FieldStatus {
		return
	}
	s := j.stage(at)
	if s != j.put {
		j.put, j.hand = s, ch.At != it.Created && j.team.who(ch.By).person
	}
	if ch.Field == record.FieldStatus {
		j.enter(it, at, s)
	}
}

// enter puts the present stage on the timeline, unless it is there already: the same stage of another
// version of the policy is no entry.
func (j *judge) enter(it *Item, at record.Instant, s *Stage) {
	if n := len(it.Stages); n > 0 {
		if is := it.Stages[n-1].Is; is == s || is.ID == s.ID && is.Kind == s.Kind {
			return
		}
	}
	it.Stages = append(it.Stages, Step[*Stage]{at, s})
	j.eye.entered(j)
	if j.moved == 0 && j.hand && s.Kind != Waiting {
		j.moved = at
	}
}

// weigh asks for everything that is judged once an instant: stage by label or rule, severity, class,
// assignees and due date.
func (j *judge) weigh(it *Item, at record.Instant) {
	f := &j.facts
	j.enter(it, at, j.stage(at))
	if len(it.Classes) == 0 || j.touched&j.classify.weighs != 0 { // most changes are of nothing that a rule looks at
		f.Severity = 0
		sev := j.classify.severityAt(f, it.Created)
		f.Severity = sev
		push(&it.Severities, at, sev)
		push(&it.Classes, at, j.classify.classAt(f, it.Created))
	}
	j.touched = 0
	j.eye.judged(j, it, at)
	if f.Due != "" || len(it.Dues) > 0 {
		push(&it.Dues, at, record.Date(f.Due))
	}
	if n := len(it.Assignees); n == 0 || !slices.Equal(it.Assignees[n-1].Is, f.Assignees) {
		it.Assignees = append(it.Assignees, Step[[]string]{at, j.crew(f.Assignees)})
	}
}

// push appends a step where the value changed; of two at one instant the last one stays.
func push[T comparable](l *Timeline[T], at record.Instant, v T) {
	n := len(*l)
	if n > 0 && (*l)[n-1].Is == v {
		return
	}
	if n > 0 && (*l)[n-1].At == at {
		(*l)[n-1].Is = v
		return
	}
	*l = append(*l, Step[T]{at, v})
}

// stage is where the facts put the item at t.
func (j *judge) stage(t record.Instant) *Stage {
	version := j.classify.version(t)
	if j.stale || version != j.version {
		j.current, j.version, j.stale = j.classify.stageAt(&j.facts, j.status, t), version, false
	}
	return j.current
}

// touch notes that some facts may be others than they were.
func (j *judge) touch(facts factSet) {
	j.touched |= facts
	j.stale = j.stale || facts&j.classify.places != 0
}

// categorised is a status with the category that its tracker gives it, where this record does not say.
func (j *judge) categorised(s record.Status) record.Status {
	if s.Category == "" && len(j.category) > 0 {
		exact := statusKey{j.facts.Tracker, s.Name}
		category, asked := j.spelled[exact]
		if !asked {
			category = j.category[statusKey{exact.tracker, strings.ToLower(exact.name)}]
			j.spelled[exact] = category
		}
		s.Category = category
	}
	return s
}

// settle fills what follows from the timelines and from the facts at it.Until.
func (j *judge) settle(is *record.Issue, c *record.Copy, it *Item) {
	f := &j.facts
	it.Title, it.Type, it.Status, it.Priority = f.Title, f.Type, f.Status, f.Priority
	it.Due = record.Date(f.Due)
	it.Points = j.points
	if c.Closed < it.Until {
		it.Closed = c.Closed
	}
	it.Changed = it.Created
	for i := range j.changes {
		if at := j.changes[i].At; at < it.Until {
			it.Changed = max(it.Changed, at)
		}
	}
	for _, cm := range is.Comments {
		if cm.At < it.Until {
			it.Changed = max(it.Changed, cm.At)
		}
	}
	for _, w := range is.Worklogs {
		if w.Started < it.Until {
			it.Booked = append(it.Booked, Booking{w.Started, w.Seconds})
		}
	}
	ends, resumptions := j.ends[:0], j.resumptions[:0]
	for i, s := range it.Stages {
		done := s.Is.Kind == Done
		before := i > 0 && it.Stages[i-1].Is.Kind == Done
		switch {
		case done && !before:
			ends = append(ends, s.At)
		case !done && before:
			resumptions = append(resumptions, s.At)
		}
		if s.Is.Kind == Active && it.Started == 0 {
			it.Started = s.At
		}
	}
	j.ends, j.resumptions = ends, resumptions
	it.Done, it.Reopened = j.lives.instants.keep(ends), j.lives.instants.keep(resumptions)
	if last := it.Stages.Last(); last.Kind == Done {
		it.Finished = it.Done[len(it.Done)-1]
		if it.Finished == it.Created && it.Stages[0].Is.Kind == Done && len(it.Done) == 1 && it.Coarse == "" {
			it.Coarse = unseenEnd
		}
		it.Discarded = j.classify.discarded(f.Resolution)
	}
	it.Services, it.Components = j.classify.services(f), f.Components
	it.Channel = j.classify.channel(f)
	it.Customer = j.classify.customer(f)
	it.Missing = j.classify.readyMissing(it.Class(), f)
	for i := range j.policy.Streaks {
		if j.classify.streak(i, f, it.Class()) {
			it.Events = append(it.Events, &j.policy.Streaks[i])
		}
	}
}

package analysis

// The tracker's own SLA clocks beside our promises (Jira Service Management keeps some): cycle by cycle whether the
// verdicts agree, and where they do not, why. The reason is found by reckoning our promise once more with one thing of
// the tracker's at a time in the place of ours: its cycle, its goal, its clock. The first that leads to its verdict is
// the reason; where none alone does, there are several.

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// SLANames says which of the tracker's clocks speak of which promise.
type SLANames struct{ Respond, Resolve []string }

// The clocks that Jira Service Management comes with.
// https://support.atlassian.com/jira-service-management-cloud/docs/set-up-sla-goals/
func defaultRespondSLAs() []string { return []string{"Time to first response"} }
func defaultResolveSLAs() []string { return []string{"Time to resolution", "Time to done"} }

func (s *SLANames) duty(name string) (duty, bool) {
	is := func(n string) bool { return strings.EqualFold(n, name) }
	switch {
	case slices.ContainsFunc(s.Respond, is):
		return respond, true
	case slices.ContainsFunc(s.Resolve, is):
		return resolve, true
	}
	return 0, false
}

// Reason is why our verdict and the tracker's differ.
type Reason string

// The reasons, in the order in which they are tried.
const (
	OtherCycle    Reason = "cycle"    // it started or stopped its clock at other times
	OtherPolicy   Reason = "policy"   // it has another goal
	OtherPause    Reason = "pause"    // its clock stood still where ours ran, or ran where ours stood still
	OtherCalendar Reason = "calendar" // it counts other hours as working time
	Several       Reason = "several"  // none of them alone
)

// Cycle is one cycle of one of the tracker's clocks, with what we say of it.
type Cycle struct {
	record.SLA
	Promise string         // "respond" or "resolve"; "" where the policy names no promise for the clock
	At      record.Instant // when the tracker decided it; 0 while it has not
	Ours    Verdict        // as it stood before the clock was started again, or as it stands
	Skipped string         // why the two are not compared; "" where they are
	Agrees  bool
	Reason  Reason // where they do not agree
	Because string
}

// jitter is how far instants and durations of the tracker may lie from ours and still be the same: it stops its clock
// some time after the transition that makes it.
const jitter = time.Minute

// Cycles compares what the tracker's own clocks say of an item with our verdicts.
func (n *Night) Cycles(it *Item) []Cycle {
	all := make([]Cycle, len(it.TrackerSLAs))
	for i := range it.TrackerSLAs {
		c := &all[i]
		c.SLA = it.TrackerSLAs[i]
		d, ok := n.Policy.SLANames.duty(c.Name)
		if !ok {
			c.Skipped = "no promise of ours is matched to this clock"
			continue
		}
		c.Promise = "resolve"
		if d == respond {
			c.Promise = "respond"
		}
		until := it.Until
		if i+1 < len(it.TrackerSLAs) && it.TrackerSLAs[i+1].Name == c.Name && c.Stopped != 0 {
			if next := it.TrackerSLAs[i+1].Started; next > c.Stopped {
				until = min(until, max(next.Add(-jitter), c.Stopped.Add(next.Sub(c.Stopped)/2)))
			}
		}
		x := slaContrast{n: n, it: it.before(until), d: d, c: c}
		x.compare()
	}
	return all
}

// before is the item as it was judged up to an instant.
func (it *Item) before(until record.Instant) *Item {
	if until >= it.Until {
		return it
	}
	cut := *it
	cut.Until = until
	return &cut
}

// slaContrast holds one cycle against one of our promises.
type slaContrast struct {
	n  *Night
	it *Item
	d  duty
	c  *Cycle
}

func (x *slaContrast) compare() {
	c := x.c
	c.Ours = judgeDuty(x.n.Policy, x.it, x.d)
	switch {
	case c.Stopped != 0:
		c.At = c.Stopped
	case c.Breached:
		if c.At = cmp.Or(x.it.TrackerSaid, x.it.Until-1); c.Due != 0 {
			c.At = min(c.At, c.Due)
		}
	default:
		c.Skipped = "the tracker has not decided it yet"
		return
	}
	switch c.Ours.Outcome {
	case Unpromised:
		c.Skipped = "we promise nothing here"
	case Withdrawn:
		c.Skipped = "our promise was withdrawn: the item lost it, or was discarded"
	case Uncounted:
		c.Skipped = "our clock cannot be followed: " + x.it.Coarse
	default:
		if c.Agrees = x.agrees(c.Ours); !c.Agrees {
			c.Reason, c.Because = x.reason()
		}
	}
}

// agrees says whether a verdict of ours is the tracker's.
func (x *slaContrast) agrees(v Verdict) bool {
	return v.Outcome == Missed && x.c.Breached || v.Outcome == Met && !x.c.Breached
}

func (x *slaContrast) reason() (Reason, string) {
	if why, ok := x.cycle(); ok {
		return OtherCycle, why
	}
	if why, ok := x.goal(); ok {
		return OtherPolicy, why
	}
	if r, why := x.clock(); r != "" {
		return r, why
	}
	return Several, "no single difference leads to its verdict"
}

// cycle reckons our promise over the time between the tracker's start and stop.
func (x *slaContrast) cycle() (string, bool) {
	c := x.c
	if c.Started == 0 {
		return "", false
	}
	e := engine{p: x.n.Policy, it: x.it.spanning(x.d, c.Started, c.Stopped, x.n.Policy), duty: x.d, signed: x.it.Created}
	if !x.agrees(e.run()) {
		return "", false
	}
	why := "its clock ran from " + x.n.clock(c.Started)
	if c.Stopped != 0 {
		why += " to " + x.n.clock(c.Stopped)
	}
	why += "; ours from " + x.n.clock(x.it.Created)
	end := x.it.Responded
	if x.d == resolve {
		end = x.it.Finished
	}
	if end != 0 && end < x.it.Until {
		why += " to " + x.n.clock(end)
	}
	return why, true
}

// spanning is the item as if it had been created at one instant, and done or answered at another: 0 for not yet. In
// between it is never done.
func (it *Item) spanning(d duty, from, to record.Instant, p *Policy) *Item {
	s, look := *it, *it.Look // which others share
	look.Coarse = ""
	s.Look, s.Created, s.Responded, s.Discarded = &look, from, 0, false
	s.Until = max(it.Until, to+1)
	s.Stages, s.Done, s.Reopened, s.Finished = nil, nil, nil, 0
	open := &Stage{Kind: Waiting, Name: "open"}
	if now := it.Stages.At(from); now != nil && now.Kind != Done {
		open = now
	}
	s.Stages = Timeline[*Stage]{{from, open}}
	for _, x := range it.Stages {
		if x.At > from && (to == 0 || x.At < to) && x.Is.Kind != Done {
			s.Stages = append(s.Stages, x)
		}
	}
	s.Classes, s.Severities, s.Dues = since(it.Classes, from), since(it.Severities, from), since(it.Dues, from)
	switch {
	case to == 0:
	case d == respond:
		s.Responded = max(from, to)
	default:
		s.Stages = append(s.Stages, Step[*Stage]{max(from, to), &Stage{Kind: Done, Name: "done"}})
		s.Finished = max(from, to)
	}
	return &s
}

// since is the timeline from an instant on.
func since[T any](l Timeline[T], from record.Instant) Timeline[T] {
	return append(Timeline[T]{{from, l.At(from)}}, after(l, from)...)
}

// goal reckons our promise with the tracker's goal, on our calendar. Its clock knows nothing of discarding: an item
// that we missed and then discarded is held to its goal like one that was done.
func (x *slaContrast) goal() (string, bool) {
	if x.c.Goal <= 0 {
		return "", false
	}
	t := Target{Kind: WorkingTime, Time: x.c.Goal, Calendar: x.calendar()}
	it := *x.it
	it.Discarded = false
	e := engine{p: x.n.Policy, it: &it, duty: x.d, terms: &t}
	if !x.agrees(e.run()) {
		return "", false
	}
	ours := x.c.Ours.Target
	if ours.Kind != WorkingTime {
		return fmt.Sprintf("its goal is %s of working time; ours is %s", worked(x.c.Goal.Seconds()), ours.Text), true
	}
	return fmt.Sprintf("its goal is %s, ours %s", worked(x.c.Goal.Seconds()), worked(ours.length(x.it.Created).Seconds())), true
}

func (x *slaContrast) calendar() *calendar.Calendar {
	if c := x.c.Ours.Target.Calendar; c != nil {
		return c
	}
	return x.n.Policy.Working
}

// clock puts the time that the tracker counted in the place of ours. Where the difference from what ours counts over the
// same cycle is the time in one or a few stages, the tracker pauses in other stages than we do; else it has other hours.
func (x *slaContrast) clock() (Reason, string) {
	c, ours := x.c, x.c.Ours.Target
	if ours.Kind != WorkingTime || c.Started == 0 || (c.Elapsed > ours.length(x.it.Created)) != c.Breached {
		return "", ""
	}
	end := c.Stopped
	if end == 0 {
		end = min(x.it.Until, cmp.Or(x.it.TrackerSaid, x.it.Until))
	}
	stays := x.stays(c.Started, end)
	var ran time.Duration
	for _, s := range stays {
		if s.runs {
			ran += s.worked
		}
	}
	if (c.Elapsed - ran).Abs() <= jitter {
		return "", "" // it counts as ours does
	}
	counted := fmt.Sprintf("its clock counted %s in its cycle, ours %s", worked(c.Elapsed.Seconds()), worked(ran.Seconds()))
	if names := explaining(stays, c.Elapsed-ran); names != "" {
		return OtherPause, counted + ": " + names
	}
	return OtherCalendar, counted + ": it has other working hours"
}

// stageTime is the working time that an item spent in one of our stages, and whether our clock runs there.
type stageTime struct {
	name   string
	runs   bool
	worked time.Duration
}

// stays are the times in each stage between two instants, in the order of first entry.
func (x *slaContrast) stays(from, to record.Instant) (all []stageTime) {
	k := x.calendar()
	for i, s := range x.it.Stages {
		a, b := max(s.At, from), to
		if i+1 < len(x.it.Stages) {
			b = min(to, x.it.Stages[i+1].At)
		}
		if a >= b {
			continue
		}
		at := slices.IndexFunc(all, func(t stageTime) bool { return t.name == s.Is.Name })
		if at < 0 {
			at, all = len(all), append(all, stageTime{name: s.Is.Name, runs: s.Is.Kind != Paused && s.Is.Kind != Done})
		}
		all[at].worked += k.Between(a, b)
	}
	return all
}

// mostStays bounds how many stages are tried together: of ten there are a thousand combinations.
const mostStays = 10

// explaining says in which stages the tracker's clock must have stood still, or run, for it to count so much more
// than ours; of several answers the one with the fewest stages. It is "" where there is none.
func explaining(stays []stageTime, more time.Duration) string {
	stays = slices.DeleteFunc(slices.Clone(stays), func(s stageTime) bool { return s.worked == 0 })
	stays = stays[:min(len(stays), mostStays)]
	best := 0
	for set := 1; set < 1<<len(stays); set++ {
		sum := time.Duration(0)
		for i, s := range stays {
			switch {
			case set>>i&1 == 0:
			case s.runs:
				sum -= s.worked
			default:
				sum += s.worked
			}
		}
		if (sum-more).Abs() <= jitter && (best == 0 || bits.OnesCount(uint(set)) < bits.OnesCount(uint(best))) {
			best = set
		}
	}
	var stood, ran []string
	for i, s := range stays {
		switch {
		case best>>i&1 == 0:
		case s.runs:
			stood = append(stood, s.name)
		default:
			ran = append(ran, s.name)
		}
	}
	var said []string
	if len(stood) > 0 {
		said = append(said, "it stood still in "+strings.Join(stood, " and ")+", where ours ran")
	}
	if len(ran) > 0 {
		said = append(said, "it ran in "+strings.Join(ran, " and ")+", where ours stood still")
	}
	return strings.Join(said, "; ")
}

package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// slaLives is the policy of the random lives: clocks on several calendars, dates, releases and none.
// Everything in it falls on half hours, so that a life can be judged by walking them one by one.
const slaLives = `
zone America/New_York
calendar office mon-fri 09:00-17:30 holidays us
calendar office mon-thu 10:00-16:00 from 2026-03-12
calendar night sun-sat 22:00-06:00
working office
class asap: respond 1d on office, resolve 3d on office
class request: respond 2d on office, resolve 5d on office
class quick: respond 1h on always, resolve 6h on always
class night: respond 2h on night, resolve 2d on night
class same: respond 1d on office, resolve 3d on office
class dated: respond 1d on office, resolve due
class maint: resolve next maintenance
class major: resolve next major
class idea:
release maintenance 2026-03-06 notice 2
release maintenance 2026-03-12 notice 2
release maintenance 2026-03-19
`

const slaStep = 30 * time.Minute

var slaClasses = []string{"asap", "request", "quick", "night", "same", "dated", "maint", "major", "idea", "nothing"}

// someLife draws an item of some weeks around a change of the clocks. Several things may happen at one
// instant.
func someLife(t *rapid.T, w *slaTestWorld, classes []string) *Item {
	class := rapid.SampledFrom(classes)
	due := rapid.Map(rapid.IntRange(-2, 20), func(n int) string {
		if n == 0 {
			return "none"
		}
		return string(calendar.AddDays("2026-03-02", n))
	})
	stage := rapid.SampledFrom([]string{"New", "Doing", "Review", "Waiting", "Vendor", "Done"})
	it := &Item{Look: &Look{}, Until: w.time("2026-03-28 00:00")}
	at := w.time("2026-03-02 00:00").Add(time.Duration(rapid.IntRange(0, 10*48).Draw(t, "created")) * slaStep)
	w.event(it, at, []string{"created", "as", class.Draw(t, "class"), "due", due.Draw(t, "due")})
	for range rapid.IntRange(0, 14).Draw(t, "events") {
		at = at.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 3, 17, 48, 100}).Draw(t, "later")) * slaStep)
		if at >= it.Until {
			break
		}
		switch rapid.SampledFrom([]string{"class", "stage", "stage", "due", "answered", "sev"}).Draw(t, "what") {
		case "class":
			w.event(it, at, []string{"class", class.Draw(t, "to")})
		case "due":
			w.event(it, at, []string{"due", due.Draw(t, "to")})
		case "sev":
			w.event(it, at, []string{"sev", "2"})
		case "stage":
			w.event(it, at, []string{"stage", stage.Draw(t, "to")})
		case "answered":
			if it.Responded == 0 {
				w.event(it, at, []string{"answered"})
			}
		}
	}
	if it.Finished != 0 {
		it.Discarded = rapid.IntRange(0, 3).Draw(t, "discarded") == 0
	}
	return it
}

// someTime draws an as-of in the item's life, often close to where something happens to it.
func (it *Item) someTime(t *rapid.T) record.Instant {
	at := it.Created.Add(time.Duration(rapid.IntRange(1, 400).Draw(t, "as-of")) * slaStep)
	if rapid.Bool().Draw(t, "close") {
		at = it.Stages[rapid.IntRange(0, len(it.Stages)-1).Draw(t, "to step")].At.Add(rapid.SampledFrom([]time.Duration{slaStep, -slaStep, 0}).Draw(t, "by"))
	}
	return min(max(at, it.Created.Add(slaStep)), it.Until)
}

// upTo is the item as an earlier as-of sees it.
func (it *Item) upTo(until record.Instant) *Item {
	c := &Item{Look: it.Look, Until: until, Created: it.Created}
	c.Stages, c.Classes, c.Severities, c.Dues = cutTo(it.Stages, until), cutTo(it.Classes, until), cutTo(it.Severities, until), cutTo(it.Dues, until)
	if it.Responded < until {
		c.Responded = it.Responded
	}
	for i, s := range c.Stages {
		if s.Is.Kind == Done && (i == 0 || c.Stages[i-1].Is.Kind != Done) {
			c.Finished = s.At
		} else if s.Is.Kind != Done {
			c.Finished = 0
		}
	}
	c.Discarded = it.Discarded && c.Finished == it.Finished
	return c
}

func cutTo[T any](l Timeline[T], until record.Instant) Timeline[T] {
	i, _ := slices.BinarySearchFunc(l, until, func(s Step[T], t record.Instant) int {
		if s.At < t {
			return -1
		}
		return 1
	})
	return l[:i]
}

// tellLife is the life for a failure's message.
func (w *slaTestWorld) tellLife(it *Item) string {
	var b strings.Builder
	for _, s := range it.Classes {
		fmt.Fprintf(&b, "%s class %s\n", w.show(s.At), s.Is.ClassID())
	}
	for _, s := range it.Dues {
		fmt.Fprintf(&b, "%s due %s\n", w.show(s.At), s.Is)
	}
	for _, s := range it.Stages {
		fmt.Fprintf(&b, "%s stage %s\n", w.show(s.At), s.Is.Name)
	}
	fmt.Fprintf(&b, "%s answered\n", w.show(it.Responded))
	return b.String()
}

// slaWalk judges a promise by walking the half hours: nothing is carried along but what the item is
// held to, and every due is counted out from the beginning. It has the words of the engine and none of
// its arithmetic.
type slaWalk struct {
	w    *slaTestWorld
	it   *Item
	d    duty
	free bool // without stops

	now  slaHeld
	had  []slaHeld
	due  record.Date    // the tracker's, as honoured
	dues []record.Date  // all that there were
	wait bool           // it was changed in time while done
	took record.Instant // when it came under the tracker's due date

	promised, on bool // a due ever; a due since the last change
	done         bool
	out          Outcome
	decided, at  record.Instant // when decided, and what was due
	as           *Class         // a change of class while done applies at reopening
	doneAt       record.Instant
	final        bool
}

// slaHeld is a target in force, and the target and instant that its due is counted from, which are
// those of an earlier one where that one's due was kept.
type slaHeld struct {
	target, counts Target
	from           record.Instant
	day            record.Instant // a date of the tracker's that was kept
}

func (k *slaWalk) target(c *Class) Target {
	if c == nil {
		return Target{}
	}
	if k.d == respond {
		return c.Respond.At(k.it.Created)
	}
	return c.Resolve.At(k.it.Created)
}

// falls counts a promise out, with the stops until now and none after; 0 is never.
func (k *slaWalk) falls(h slaHeld, now record.Instant) record.Instant {
	switch h.counts.Kind {
	case NoTarget:
		return h.day
	case WorkingTime:
		need := h.counts.length(k.it.Created)
		for t := h.from; ; t = t.Add(slaStep) {
			if need <= 0 {
				return t
			}
			s := k.it.Stages.At(t).Kind
			if h.counts.Calendar.Working(t) && (t >= now || k.free || s == Waiting || s == Active) {
				need -= slaStep
			}
		}
	case TrackerDue:
		return k.due.End(k.w.policy.Zone)
	case NextRelease:
		day := calendar.DateOf(h.from, k.w.policy.Zone)
		for _, r := range k.w.policy.Releases.At(k.it.Created).Releases { // in the order of their dates
			if r.Train == h.counts.Train && calendar.AddDays(r.Date, -r.Notice) >= day {
				return r.Date.End(k.w.policy.Zone)
			}
		}
	}
	return 0
}

func (k *slaWalk) take(h slaHeld, t record.Instant) {
	k.now = h
	k.on = k.falls(h, t) != 0
	k.promised = k.promised || k.on
}

func (k *slaWalk) decide(o Outcome, t record.Instant) {
	k.out, k.decided, k.at = o, t, k.falls(k.now, t)
	k.final = o == Missed || k.d == respond
	if k.as = k.it.Classes.At(t); k.done {
		k.as = k.it.Classes.At(k.doneAt)
	}
}

func (k *slaWalk) open() bool { return k.out == Unpromised && !k.final }

// late says whether what the item is held to has passed at t.
func (k *slaWalk) late(t record.Instant) bool {
	d := k.falls(k.now, t)
	return k.on && d != 0 && d < t
}

func (k *slaWalk) reclassify(c record.Instant) {
	g := k.target(k.it.Classes.At(c))
	if !k.open() || sameTarget(&g, &k.now.target) {
		return
	}
	old, oldDue := k.now, k.falls(k.now, c)
	k.had = append(k.had, old)
	back := slices.IndexFunc(k.had, func(h slaHeld) bool { return sameTarget(&h.target, &g) })
	switch {
	case back >= 0 && g.Kind == TrackerDue && k.due != "":
		k.take(slaHeld{target: g, counts: g, from: c}, c)
	case back >= 0:
		k.take(k.had[back], c)
	default:
		full := slaHeld{target: g, counts: g, from: k.it.Created}
		var fullDue record.Instant
		if g.Kind == TrackerDue {
			k.took, k.due = c, k.it.Dues.At(c)
			if fullDue = k.falls(full, c); fullDue < c {
				k.due = ""
			}
			k.dues = []record.Date{k.due}
		} else {
			fullDue = k.falls(full, c)
		}
		fresh := slaHeld{target: g, counts: g, from: c}
		freshDue := k.falls(fresh, c)
		switch {
		case fullDue == 0, oldDue != 0 && fullDue >= oldDue:
			k.take(full, c)
		case freshDue != 0 && (oldDue == 0 || freshDue < oldDue):
			k.take(fresh, c)
		default:
			if old.counts.Kind == TrackerDue {
				old = slaHeld{day: oldDue}
			}
			old.target = g
			k.take(old, c)
		}
	}
	k.settle(c)
}

// settle decides what has come into force too late to be open.
func (k *slaWalk) settle(c record.Instant) {
	r := k.it.Responded
	switch due := k.falls(k.now, c); {
	case k.d == respond && r != 0 && r < c && k.on && r <= due:
		k.decide(Met, c)
	case k.late(c):
		k.decide(Missed, c)
	}
}

func (k *slaWalk) stage(t record.Instant, s *Stage) {
	was := k.done
	k.done = s.Kind == Done
	if k.done && !was {
		k.doneAt = t
	}
	switch {
	case k.done && !was && k.d == resolve && k.open() && k.on:
		k.decide(Met, t)
	case !k.done && was && !k.final:
		k.out = Unpromised
		if k.wait {
			k.wait, k.due = false, k.it.Dues.At(t)
			k.dues = append(k.dues, k.due)
		}
		if k.now.target.Kind == TrackerDue && k.due != "" {
			k.now = slaHeld{target: k.now.target, counts: k.now.target, from: t}
		}
		k.take(k.now, t)
		k.settle(t)
		k.reclassify(t)
	}
}

func (k *slaWalk) walk() {
	it := k.it
	g := k.target(it.Classes.At(it.Created))
	if g.Kind == TrackerDue {
		k.took, k.due = it.Created, it.Dues.At(it.Created)
		k.dues = []record.Date{k.due}
	}
	k.take(slaHeld{target: g, counts: g, from: it.Created}, it.Created)
	if k.late(it.Created) {
		k.decide(Missed, it.Created)
	}
	var times []record.Instant
	for _, s := range it.Stages {
		times = append(times, s.At)
	}
	for _, s := range it.Classes {
		times = append(times, s.At)
	}
	for _, s := range it.Dues {
		times = append(times, s.At)
	}
	if it.Responded != 0 {
		times = append(times, it.Responded)
	}
	times = append(times, it.Until)
	slices.Sort(times)
	for _, t := range slices.Compact(times) {
		if k.open() && !k.done && k.late(t) {
			k.decide(Missed, k.falls(k.now, t))
		}
		if t >= it.Until {
			return
		}
		changed := func(n int, at func(int) record.Instant) bool {
			return t > it.Created && slices.ContainsFunc(make([]struct{}, n), func(struct{}) bool { n--; return at(n) == t })
		}
		if changed(len(it.Classes), func(i int) record.Instant { return it.Classes[i].At }) && !k.done {
			k.reclassify(t)
		}
		if changed(len(it.Dues), func(i int) record.Instant { return it.Dues[i].At }) && !k.final && k.took != 0 && k.took != t && (k.due == "" || k.due.End(k.w.policy.Zone) >= t) {
			if k.wait = k.done; !k.done {
				k.due = it.Dues.At(t)
				k.dues = append(k.dues, k.due)
			}
			if k.now.target.Kind == TrackerDue && !k.done && k.open() {
				k.take(slaHeld{target: k.now.target, counts: k.now.target, from: t}, t)
				k.settle(t)
			}
		}
		answered := k.d != respond || it.Responded != t
		answer := func() {
			discarded := k.done && it.Discarded && k.doneAt == it.Finished
			if !answered && k.open() && k.on && !k.late(t) && !discarded {
				k.decide(Met, t)
			}
			answered = true
		}
		for _, s := range it.Stages {
			if s.At != t {
				continue
			}
			if !k.done {
				answer()
			}
			k.stage(t, s.Is)
		}
		answer()
	}
}

// moved counts the dates that came after another one.
func (k *slaWalk) moved() int {
	there := slices.DeleteFunc(slices.Clone(k.dues), func(d record.Date) bool { return d == "" })
	return max(0, len(slices.Compact(there))-1)
}

func (k *slaWalk) outcome() Outcome {
	switch {
	case k.out == Met && k.d == resolve && k.it.Discarded:
		return Withdrawn
	case k.out != Unpromised:
		return k.out
	case !k.promised:
		return Unpromised
	case !k.on || k.done:
		return Withdrawn
	case k.it.Stage().Kind == Paused && k.now.counts.Kind == WorkingTime:
		return Stopped
	}
	return Running
}

// agreesWithWalking holds the engine to the walk at some as-of of a random life, and at its end.
func agreesWithWalking(t *rapid.T, w *slaTestWorld) {
	whole := someLife(t, w, slaClasses)
	for _, until := range []record.Instant{whole.someTime(t), whole.Until} {
		it := whole.upTo(until)
		for _, d := range []duty{respond, resolve} {
			k := slaWalk{w: w, it: it, d: d}
			k.walk()
			v := judgeDuty(w.policy, it, d)
			fail := func(what string, got, want any) {
				t.Fatalf("%s at %s: %s is %v, walking says %v\n%s\n%s", d, w.show(until), what, got, want, w.verdict(it, v), w.tellLife(it))
			}
			if v.Outcome != k.outcome() {
				fail("outcome", v.Outcome, k.outcome())
			}
			due := k.at
			switch v.Outcome {
			case Running:
				if int(v.Moved) != k.moved() {
					fail("moved", v.Moved, k.moved())
				}
				due = k.falls(k.now, until)
				if want := left(w, k, until); v.Left != want {
					fail("left", v.Left, want)
				}
			case Stopped:
				if want := left(w, k, until); v.Left != want {
					fail("left", v.Left, want)
				}
				continue
			case Met, Missed:
				if v.Decided != k.decided || v.Class != k.as || v.Severity != it.Severities.At(k.decided) {
					fail("decided", w.show(v.Decided), w.show(k.decided))
				}
			default:
				continue
			}
			if v.Due != due {
				fail("due", w.show(v.Due), w.show(due))
			}
			if v.Outcome == Met {
				free := slaWalk{w: w, it: it, d: d, free: true}
				free.walk()
				if thanks := free.out != Met; v.Thanks != thanks {
					fail("thanks", v.Thanks, thanks)
				}
			}
		}
	}
}

// left walks the working time from now to due.
func left(w *slaTestWorld, k slaWalk, now record.Instant) (sum time.Duration) {
	c := w.policy.Working
	if k.now.counts.Kind == WorkingTime {
		c = k.now.counts.Calendar
	}
	for t, due := now, k.falls(k.now, now); t < due; {
		next := min(t.Add(slaStep), due) // a date ends a little short of a half hour
		if c.Working(t) {
			sum += next.Sub(t)
		}
		t = next
	}
	return sum
}

func TestTheClockAgreesWithWalkingIt(t *testing.T) {
	w := slaWorld(t, slaLives)
	rapid.Check(t, func(t *rapid.T) { agreesWithWalking(t, w) })
}

func FuzzTheClockAgreesWithWalkingIt(f *testing.F) {
	w := slaWorld(f, slaLives)
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { agreesWithWalking(t, w) }))
}

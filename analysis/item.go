package analysis

// An item: an issue as judged by the policy. Items are compact, because a hundred thousand of them
// are held at once while decoded records are read one at a time and dropped.

import (
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Step is the value a timeline takes from At on.
type Step[T any] struct {
	At record.Instant
	Is T
}

// Timeline is a step function, oldest step first. Its first step is at the item's creation.
type Timeline[T any] []Step[T]

// At is the value at t; before the first step it is the zero value.
func (l Timeline[T]) At(t record.Instant) T {
	var is T
	for _, s := range l {
		if s.At > t {
			break
		}
		is = s.Is
	}
	return is
}

// pass sets is to the value at t and gives the steps after it.
func (l Timeline[T]) pass(t record.Instant, is *T) Timeline[T] {
	for len(l) > 0 && l[0].At <= t {
		*is, l = l[0].Is, l[1:]
	}
	return l
}

// next is when the first step comes, or end where none is left.
func (l Timeline[T]) next(end record.Instant) record.Instant {
	if len(l) == 0 {
		return end
	}
	return min(l[0].At, end)
}

// since is when the last step was; 0 without any.
func (l Timeline[T]) since() record.Instant {
	if len(l) == 0 {
		return 0
	}
	return l[len(l)-1].At
}

// Last is the value after the last step.
func (l Timeline[T]) Last() T {
	if len(l) == 0 {
		var zero T
		return zero
	}
	return l[len(l)-1].Is
}

// Item is one issue, judged. All instants lie before Until.
//
// A million of them are alive at once. What many items have alike is kept once for all of them, in a
// Look; what few have at all, in a Rest, and all others share an empty one. Both are read as if they
// were the item's own, and never written once the item is judged.
type Item struct {
	record.Ref
	Key      string
	URL      string
	Title    string
	Reporter string
	Customer string
	*Look
	*Rest

	Until   record.Instant // judged no further than this: the earlier of as-of and its own source's horizon
	Created record.Instant
	Changed record.Instant // last activity of any kind
	Closed  record.Instant // the tracker's own word

	Stages     Timeline[*Stage]
	Classes    Timeline[*Class] // nil is Unclassified
	Severities Timeline[int]    // 0 is none
	Assignees  Timeline[[]string]
	Dues       Timeline[record.Date] // without steps if it never was due

	Responded record.Instant
	Started   record.Instant
	Finished  record.Instant   // in a done stage at as-of since; 0 if open
	Done      []record.Instant // every entry into done
	Reopened  []record.Instant // every exit from done
	Discarded bool
	// told counts the changes and comments that are known: those before as-of, then those before each
	// instant that the night is compared with.
	told   [1 + mostEarlier]int32
	Points record.Number

	Respond Verdict
	Resolve Verdict
}

// Look is what can be said of an item in words of which there are few: its place among the others.
type Look struct {
	Type       string
	Project    string
	Status     string // the tracker's word, at as-of
	Priority   string
	Coarse     string // why its clock cannot be followed; "" if it can
	Machine    bool   // the reporter is one
	Channel    string
	Services   []*Service
	Components []string // in the tracker's words, at as-of
	Missing    []string // what the definition of ready misses
}

// Rest is what most items have nothing of.
type Rest struct {
	Aliases []string
	Due     record.Date // the tracker's due date at as-of
	Booked  []Booking   // before as-of
	Pages   []*Page     // those joined for certain
	Events  []*Streak   // the named events it is one of

	// What the tracker's own SLA clocks say, beside our verdicts and in none of them, and when it said
	// so: a clock goes on while the issue rests and is not read again.
	TrackerSLAs []record.SLA
	TrackerSaid record.Instant // 0 where every clock has stopped for good
}

func (r *Rest) empty() bool {
	return len(r.Aliases) == 0 && r.Due == "" && len(r.Booked) == 0 && len(r.Pages) == 0 && len(r.Events) == 0 && len(r.TrackerSLAs) == 0
}

// Booking is time that somebody booked on an item.
type Booking struct {
	At      record.Instant
	Seconds int64
}

// Class is the class at as-of; nil is Unclassified.
func (it *Item) Class() *Class { return it.Classes.Last() }

// Severity is the severity at as-of; 0 is none.
func (it *Item) Severity() int { return it.Severities.Last() }

// Stage is the stage at as-of.
func (it *Item) Stage() *Stage { return it.Stages.Last() }

// Kind is the kind of work at as-of.
func (it *Item) Kind() Kind { return it.Class().kind() }

// Open says whether the item is created and not done at as-of.
func (it *Item) Open() bool { return it.Finished == 0 }

// Assigned are the accounts it is assigned to at as-of, members by their id.
func (it *Item) Assigned() []string { return it.Assignees.Last() }

func (c *Class) kind() Kind {
	if c == nil {
		return Unknown
	}
	return c.Kind
}

// ClassID is the permanent id of a class, "unclassified" for nil.
func (c *Class) ClassID() string {
	if c == nil {
		return "unclassified"
	}
	return c.ID
}

// Title is the display name of a class.
func (c *Class) Title() string {
	if c == nil {
		return "Unclassified"
	}
	return c.Name
}

// Outcome is where a promise stands at as-of.
type Outcome uint8

// The outcomes of a promise (METRICS.md, section 3).
const (
	Unpromised Outcome = iota // no target
	Running                   // undecided, the clock runs
	Stopped                   // undecided, the clock is stopped by a pause
	Met
	Missed
	Withdrawn // lost its target undecided, or was discarded
	Uncounted // coarse: the clock cannot be followed
)

// String is the outcome's permanent word; "" where nothing was promised.
func (o Outcome) String() string {
	return [...]string{"", "running", "paused", "met", "missed", "withdrawn", "uncounted"}[o]
}

// Verdict is what became of one promise of one item.
type Verdict struct {
	Outcome  Outcome
	Thanks   bool           // met, but would not have been without the pauses
	Moved    int32          // times the tracker's due date was moved before it passed
	Target   *Target        // as held when it was decided, or as held now; never nil
	Due      record.Instant // 0: no target, or never
	Decided  record.Instant // for met, missed and withdrawn: when
	Class    *Class         // held when the verdict fell, or now
	Severity int
	Left     time.Duration // undecided: working time until due
	Late     time.Duration // missed: working time past due, so far
}

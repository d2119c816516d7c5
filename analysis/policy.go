package analysis

// The policy's shape: what content/policy.yaml says, once read. How it is read is in
// policy_read.go; what its rules may look at is in rule.go.

import (
	"regexp"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// Policy is the team's explicit process policy. It is read once, checked strictly, and then only
// looked at.
type Policy struct {
	Hash string // SHA-256 of the file's text, hex
	Text string // the file as written: what was computed from is what gets published

	Team       Team
	Zone       *time.Location
	Calendars  []*calendar.Calendar // in the file's order; "always" is there without being written
	Working    *calendar.Calendar   // the team's own working time
	Iterations Iterations

	Flow       Versions[[]Stage]
	Severities []Severity
	Classes    []Class // in rule order; the first that holds wins
	Discarded  []string
	Services   []Service
	Customer   string // what names the customer: "field.NAME", "reporter", "label PREFIX", "component [PREFIX]"; "" if nothing

	Limit       Versions[int] // the team's WIP limit; 0 is none
	Ready       []Ready
	Rota        Versions[Rota]
	Escalation  []Escalate
	Channels    []Channel
	Paths       []Path
	Review      []Review
	Releases    Versions[Plan]
	SLANames    SLANames
	Pages       PagePolicy
	Postmortems PostmortemDuty
	Capacity    string // the headline method of support capacity: attention, points, hours, items or rota
	Reserve     int    // whole iterations that the reserve for the next one is judged by
	Experiments []Experiment
	Streaks     []Streak
	Targets     Goals

	unpromised Target // what everything is held to that nothing was promised to
}

// Versions is a part of the policy that changes over time, oldest first. A version holds from the
// local midnight of its date; before the first date the first version applies.
type Versions[T any] []Version[T]

// Version is one state of a part of the policy.
type Version[T any] struct {
	From record.Instant // 0 for a part that never changed
	Is   T
}

// At is the version in force at t; the zero value if there is none at all.
func (v Versions[T]) At(t record.Instant) T {
	if x := v.in(t); x != nil {
		return x.Is
	}
	var none T
	return none
}

// in is the version in force at t; nil if there is none at all.
func (v Versions[T]) in(t record.Instant) *Version[T] {
	if len(v) == 0 {
		return nil
	}
	i := 0
	for i+1 < len(v) && v[i+1].From <= t {
		i++
	}
	return &v[i]
}

// after is when the next version after t begins; 0 if none does.
func (v Versions[T]) after(t record.Instant) record.Instant {
	for i, x := range v {
		if i > 0 && x.From > t {
			return x.From
		}
	}
	return 0
}

// Always is a part with one version.
func Always[T any](is T) Versions[T] { return Versions[T]{{Is: is}} }

// Team is who keeps this software alive.
type Team struct {
	Name    string
	Members []Member
	Bots    []string // accounts whose acts are not a person's
}

// Member is a person of the team, under every account they act with.
type Member struct {
	ID       string // permanent, apart from the display name
	Name     string
	Accounts []string
	Zone     *time.Location // where the person sleeps; nil: the team's
	From     record.Instant // 0: always
	Until    record.Instant // exclusive, the midnight after the last day; 0: still
	Absent   []Span
}

// Span is [From, To).
type Span struct{ From, To record.Instant }

// Holds says whether t lies in the span.
func (s Span) Holds(t record.Instant) bool { return s.From <= t && t < s.To }

// Iterations are the team's planning periods: Days long, counted from Start. Days 0: none planned.
type Iterations struct {
	Days  int
	Start record.Date
}

// StageKind says what a stage does to clocks and counts.
type StageKind uint8

// The kinds of stage (METRICS.md, section 1).
const (
	Waiting StageKind = iota // a queue
	Active                   // somebody works on it
	Paused                   // on the requester or a third party
	Done
)

var stageKinds = []string{"waiting", "active", "paused", "done"}

// String is the word of the policy for it.
func (k StageKind) String() string { return stageKinds[k] }

// Stage is a state of the team's workflow. It gathers what has one of its statuses, or one of its
// labels, or fulfils its rule; which of several stages holds an item is told by classifier.stageAt.
type Stage struct {
	ID       string
	Name     string
	Kind     StageKind
	Statuses []string // names or ids, compared without case
	Labels   []string
	When     *Rule // nil: none
	Limit    Versions[int]
	SentBack bool // the requester was asked for what was missing
	Fallback bool // not written in the policy: the tracker's own category
}

// Kind is the kind of work: incident, problem and request are support, everything else is feature.
type Kind string

// The kinds of work (METRICS.md, section 2).
const (
	Incident Kind = "incident"
	Problem  Kind = "problem"
	Request  Kind = "request"
	Feature  Kind = "feature"
	Unknown  Kind = "" // of the class Unclassified
)

// Support says whether work of this kind is support.
func (k Kind) Support() bool { return k == Incident || k == Problem || k == Request }

// Severity is a level by rule, 1 the worst.
type Severity struct {
	Level int
	Name  string
	When  Versions[*Rule]
}

// Class is a class of service. The zero Class is Unclassified: shown and counted, never dropped.
type Class struct {
	ID      string
	Name    string
	Kind    Kind
	About   string // a sentence for people
	When    Versions[*Rule]
	Respond Versions[Target]
	Resolve Versions[Target]
	Limit   Versions[int] // items in progress at once; 0 is none
}

// TargetKind says what a target counts to.
type TargetKind uint8

// The kinds of target (METRICS.md, section 3).
const (
	NoTarget    TargetKind = iota
	WorkingTime            // Time, or Days of the calendar, on Calendar
	TrackerDue             // the tracker's due date
	NextRelease            // the next release of Train
)

// Target is a promise: a working time on a calendar, or a date.
type Target struct {
	Kind     TargetKind
	Time     time.Duration // working time; 0 where Days is given
	Days     float64       // in the calendar's working days
	Calendar *calendar.Calendar
	Train    string
	Text     string // as the policy writes it: "3 working days on office"
}

// Service is something the team keeps alive.
type Service struct {
	ID      string
	Name    string
	Aliases []string // components, labels, pager services that mean it
	Owner   string   // a member's id, or another team's name
}

// Ready is what a request must bring before work on it can start.
type Ready struct {
	Classes []string          // ids; empty: all support
	Needs   []string          // field names as rules spell them
	Ask     map[string]string // by field name: what a reply asks for in its place; firebreak's words where there are none
}

// Rota is who is on call when: Superheroes take turns of Days, handing over at Handover.
type Rota struct {
	Name        string
	Days        int
	Start       record.Date
	Handover    time.Duration // after local midnight
	Superheroes []string      // member ids, in turn
	Sidekicks   []string      // may be empty
	Overrides   []Override
}

// Override puts somebody else on call for a while, from the handover on one day to that on another.
type Override struct {
	Span
	Role string // "superhero" or "sidekick"
	Who  string
}

// Escalate is one step of the escalation path.
type Escalate struct {
	After time.Duration
	To    string
	How   string
}

// Channel is a way in for work, and what it is for.
type Channel struct {
	ID   string
	Name string
	For  []string // class ids
	When *Rule    // which items came through it; nil: cannot be told
}

// Path is how people are kept informed during an incident.
type Path struct {
	Who, How, When string
}

// Review is a meeting that looks at all this.
type Review struct {
	Name, Every, About string
}

// Plan is when releases come: on the days written down, and on those of trackers' own releases.
type Plan struct {
	Releases []Release      // by date; in the policy of a [Night] also those that the trackers told of
	Trains   []TrackerTrain // whose dates come from a tracker
}

// TrackerTrain is a train that takes its dates from the releases that a tracker knows: fix versions of Jira, milestones
// of GitHub.
type TrackerTrain struct {
	Train   string
	Tracker string
	Project string         // key or repository; "" is any
	Match   *regexp.Regexp // of the release's name; nil gathers all
	Notice  int            // as of a [Release]
	Line    int            // where the policy names the tracker
	Col     int
}

// Release is a planned release of a train ("maintenance", "major").
type Release struct {
	Train string
	Name  string
	Date  record.Date
	// Notice is how many local days before Date an item must have been created to be promised it.
	Notice  int
	Tracker string // that told of it; "" for one that the policy dates

	day int            // Date, as the calendar counts days
	end record.Instant // of the local day
}

// PagePolicy is how pages are counted.
type PagePolicy struct {
	Window    time.Duration // pages closer than this to the previous one are one interruption
	SleepFrom time.Duration // after local midnight
	SleepTo   time.Duration
	Join      time.Duration // a page and an emergency closer than this are suggested to be one fire
	Origin    string        // who raises the pages of which the pager does not say: record.ByMonitor, record.ByPerson, or "" for nobody knows
}

// PostmortemDuty says which incidents owe a postmortem, and by when.
type PostmortemDuty struct {
	Worst int // severities 1 to Worst owe one
	Days  int // working days after the first finish
}

// Experiment is a declared change in how the team works.
type Experiment struct {
	ID     string
	Name   string
	Date   record.Date
	About  string
	Expect string
}

// Streak is a named event whose absence is worth counting.
type Streak struct {
	ID   string
	Name string
	When *Rule
}

// Goals are what the team wants of its own figures; 0 is "none stated".
type Goals struct {
	SLA      float64 // share, 0.95
	Overload float64 // share of working days
	Support  float64 // share of capacity at most
	Cycle    float64 // days of 24 hours within which 85 % of what was started is to be finished
}

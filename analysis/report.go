package analysis

import (
	"iter"
	"time"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/pulse"
	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

// Input is everything a night is judged from.
type Input struct {
	Policy      *Policy
	AsOf        record.Instant // 0: the newest horizon
	Issues      iter.Seq[record.Issue]
	Pages       iter.Seq[record.Page]
	Shifts      iter.Seq[record.Shift]
	Statuses    []TrackerStatus // what each tracker calls its statuses, with their categories
	Sources     []SourceState
	Postmortems []*postmortem.Postmortem
	Triage      []*triage.Week
	Pulse       []*pulse.Month
	Program     string    // the version of firebreak that judges
	Earlier     []Earlier // what the night is compared with, two at most
	Uncompared  []string  // why it is not compared with what people will look for

	// Planned is what all issues of a tracker that exist at as-of tell of its releases, in no order. It is nil where
	// Issues are all there are, and asked only where one of them is promised such a date.
	Planned func(tracker string, asOf record.Instant) []record.Planned

	// Again gives an issue once more, for whoever asks why an item is where it is: what the rules saw of it is
	// not kept. Nil where nobody will ask.
	Again func(record.Ref) (record.Issue, bool)
}

// TrackerStatus is a status as one tracker knows it.
type TrackerStatus struct {
	Tracker string
	record.Status
}

// SourceState is what is known of a source after collection: shown on the Sources entry, and the
// horizon that its items are judged by.
type SourceState struct {
	Name    string
	Tracker string
	Kind    string
	Horizon record.Instant
	Pager   bool           // a live service that is asked for pages: that it has none is known
	Since   record.Instant // of it: how far back it is asked; 0 where nobody said
	Tallies []record.Tally
	Doubts  []record.Doubt
	Gaps    []record.Gap

	// Of a live service: when it was last read to its end, and its latest run. Both are by the clock of
	// the machine that collected, so files have neither: a wiki of the same files is the same wiki.
	Live bool
	Good record.Instant // 0: never
	Last SourceRun
}

// SourceRun is one visit to a live service.
type SourceRun struct {
	Started  record.Instant
	Ended    record.Instant // 0 where the program was cut off
	Outcome  string         // the ledger's word: "complete", "failed" or "interrupted"; "" before the first
	Records  int            // issues read, known ones included
	Changes  int            // of those issues
	Requests int            // attempts on the wire
	Waited   time.Duration  // because the service asked for it
}

// Night is what metrics are measured over: the judged items and the policy, as of one instant.
type Night struct {
	Policy      *Policy
	AsOf        record.Instant
	Zone        *time.Location
	Items       []*Item // by tracker and id
	Pages       []*Page // by trigger time
	Fires       []*Fire // by when they began
	Suggested   []Suggestion
	Shifts      []record.Shift // who was and will be on call, by beginning; see shift.go
	Uncovered   []CoverGap     // from 90 days before as-of to 8 weeks after it
	Postmortems []*postmortem.Postmortem
	Moles       []*Mole        // what keeps coming back, the worst first
	Radar       []Finding      // the known anti-patterns, in the order of their table
	Triage      []*triage.Week // that began before as-of, by week
	Pulse       []*pulse.Month // that were over at as-of, by month
	Sources     []SourceState
	crowded     int            // shifts that gave way to another of their rota and role
	rotaFrom    record.Instant // the shifts that ended before it, the first record, are not among them
	team        *roster
	keys        *keyIndex
	projects    map[string]bool // of the items' keys, in capitals
	fireOf      map[*Item]*Fire
	flow        *ladder
	heard       hearing                         // what the pagers can speak for
	before      [1 + mostEarlier]record.Instant // as-of, and the instants that it is compared with
	abroad      bool                            // a member sleeps in another zone than the team
	began       record.Instant                  // when the first item was created; 0 without any
	opens       record.Instant                  // when the trackers' history begins; 0 without any item
	known       record.Instant                  // the trackers can speak for what is before it
	horizons    map[string]record.Instant
	statuses    []TrackerStatus
	again       func(record.Ref) (record.Issue, bool)
	shared
}

// Report is one night's figures with what they were computed from.
type Report struct {
	*Night
	Figures    []Figure // in the order of the table in metrics.go
	Tried      []Tried  // the experiments that have begun, oldest first
	Unmapped   []Unmapped
	Doubts     []string // of the whole night
	Unjoined   []*Page
	Backlog    []postmortem.Improvement
	PolicyHash string
	Program    string
	Changed    []Difference // since each of the earlier instants of the input
	Uncompared []string     // why there is no such difference where one is looked for
}

// Unmapped is a status that no stage of the policy gathers: it fell back to the tracker's category.
type Unmapped struct {
	TrackerStatus
	Items int
}

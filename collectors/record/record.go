// Package record holds what the trackers and the pager said, in their own words: pure values that
// every other room reads and none of them judges.
//
// Its words: an [Issue] is known by its [Ref] (tracker and the tracker's own id) and told by one or
// more [Copy]s, each a snapshot as one source gave it; a [Change] is one change of one field; a
// [Page] is a pager alert that notified a person; a [Shift] one person's on-call stretch; a [Gap] is
// what could not be collected, a [Doubt] what was collected and cannot be quite believed.
//
// Its one rule is the merge: two records of one Ref merge commutatively, associatively and
// idempotently (merge_test.go holds it to that), so it never matters which export was read first, or
// twice. Absent is not empty: a copy says with [Parts] what it knew, and a poorer copy never erases
// what a richer one told.
package record

import (
	"cmp"
	"fmt"
	"time"
)

// Ref is the identity of a record: the tracker's name (from firebreak.yaml) and the tracker's own id.
// Keys are aliases that may move (a Jira issue changes project, a repository is renamed); ids do not.
// A source that knows no id, such as a CSV without that column, uses the key.
type Ref struct {
	Tracker string
	ID      string
}

func (r Ref) String() string { return r.Tracker + ":" + r.ID }

// Compare orders refs by tracker, then id.
func (r Ref) Compare(o Ref) int {
	return cmp.Or(cmp.Compare(r.Tracker, o.Tracker), cmp.Compare(r.ID, o.ID))
}

// Person is an account as the tracker spells it. Bot is what the tracker itself says of the account;
// the policy may name more of them.
type Person struct {
	Account string // accountId, user key or login: what the tracker identifies it by
	Name    string // display name, may be empty
	Bot     bool
}

// Known says whether there is anyone at all.
func (p Person) Known() bool { return p.Account != "" || p.Name != "" }

// Status is a state in the tracker's workflow. Category is the tracker's own: "todo", "doing",
// "done", or "" where it says nothing.
type Status struct {
	ID       string
	Name     string
	Category string
}

// The tracker's own categories of a [Status].
const (
	Todo  = "todo"
	Doing = "doing"
	Done  = "done"
)

// Fields of an issue that a [Change] can name. A custom field is named "field." and the name that
// firebreak.yaml gives it.
const (
	FieldStatus     = "status"
	FieldResolution = "resolution"
	FieldPriority   = "priority"
	FieldType       = "type"
	FieldTitle      = "title"
	FieldAssignee   = "assignee"  // a list: an issue may have several
	FieldLabel      = "label"     // a list
	FieldComponent  = "component" // a list
	FieldFixVersion = "fix_version"
	FieldMilestone  = "milestone"
	FieldDue        = "due"
	FieldPoints     = "points"
	FieldKey        = "key" // the issue moved
	FieldCustom     = "field."

	// FieldOther is a change of something that no record keeps: a description, a sprint, a work note.
	// It goes from nothing to nothing, and tells that the issue did not lie still.
	FieldOther = "other"
)

// Change is one change of one field.
//
// A field with one value (status, priority …) goes From one To the next. A field that is a list
// (assignee, label, component, fix_version) has a Change for each value: From "" To "x" adds x,
// From "x" To "" removes it, whatever the tracker's own spelling of it.
type Change struct {
	ID     string // unique within the issue; the tracker's own where it has one
	At     Instant
	By     Person
	Field  string
	From   string
	To     string
	FromID string // of statuses, types, priorities, resolutions and accounts, where the tracker gives them
	ToID   string
}

// Comment is somebody speaking on an issue. Its words are not kept, only that they were said.
type Comment struct {
	ID      string
	At      Instant
	By      Person
	Private bool // not shown to the requester
}

// Worklog is time that somebody booked on an issue.
type Worklog struct {
	ID      string
	Started Instant
	Seconds int64
	By      Person
}

// Link joins an issue to another record or to an address. Kind is the tracker's word ("blocks",
// "duplicates", "parent", "mentions", "url").
type Link struct {
	Kind string
	To   string // a key, or a URL
}

// Parts is the set of what a copy knew. An export without a changelog says nothing about history,
// which is different from saying that there was none.
type Parts uint32

// The parts of a copy. The bits are stored: add new ones at the end.
const (
	HasCore       Parts = 1 << iota // title, type, status, created, updated: every copy has these
	HasPriority                     // priority
	HasResolution                   // resolution, closed
	HasPeople                       // reporter, assignees
	HasLabels                       // labels
	HasComponents                   // components
	HasVersions                     // fix versions, milestone
	HasDue                          // due
	HasPoints                       // points
	HasText                         // description
	HasLinks                        // links
	HasFields                       // the custom fields asked for
	HasURL                          // url
	HasSLAs                         // the tracker's own SLA clocks
	HasReleases                     // when the releases named by fix versions and milestone are planned
)

// Copy is an issue's snapshot as one source gave it.
type Copy struct {
	Parts       Parts
	Updated     Instant // as the tracker says; 0 in a source that does not say
	Seen        Instant // when a live service delivered it; 0 in a file, which nobody knows the age of
	Key         string
	Project     string
	URL         string
	Title       string
	Text        string // the first [TextLimit] bytes of the description, as plain text
	Type        string
	Status      Status
	Priority    string
	Resolution  string
	Created     Instant
	Closed      Instant // the tracker's own word for when it was resolved or closed
	Due         Date
	Reporter    Person
	Assignees   []Person
	Labels      []string
	Components  []string
	FixVersions []string
	Milestone   string
	Points      Number
	Links       []Link
	Fields      map[string][]string // custom fields, by the name firebreak.yaml gives them
	SLAs        []SLA               // what the tracker's own SLA clocks say, by name, then start
	Releases    []Release           // of the fix versions and the milestone, in the tracker's order
}

// Release is a release as the tracker plans it: a version of Jira's, a milestone of GitHub's. It belongs to the
// project of the issue that names it, and trackers tell nothing of what its date was before.
type Release struct {
	Name     string
	Date     Date // "" where none is set
	Released bool // or closed: it is over
	Archived bool // put away. One that was never released is not to come
}

// Planned is a release, and when a tracker is last known to have planned it so.
type Planned struct {
	Tracker, Project string
	Release
	Read Instant
}

// Planned is what the issue tells of its tracker's releases, by the newest copy that knows of any. When a file was
// made is not known, but not before the issue was updated.
func (is *Issue) Planned(yield func(Planned) bool) {
	for i := range is.Copies {
		c := &is.Copies[i]
		if c.Parts&HasReleases == 0 {
			continue
		}
		for _, r := range c.Releases {
			if !yield(Planned{is.Tracker, c.Project, r, max(c.Updated, c.Seen)}) {
				return
			}
		}
		return
	}
}

// SLA is one cycle of one of the tracker's own SLA clocks, such as Jira Service Management keeps. It is
// the tracker's verdict, kept beside ours and never mixed with it. Durations are working time of the
// tracker's calendar.
type SLA struct {
	Name     string // as the tracker calls it: "Time to resolution"
	Started  Instant
	Stopped  Instant // 0 while it runs
	Due      Instant // when it is, or was to be, breached; 0 where the tracker does not say (a paused clock)
	Goal     time.Duration
	Elapsed  time.Duration // up to Stopped, or up to when the copy was made
	Breached bool
	Paused   bool // the clock stands still at present
}

// TextLimit is how much of a description is kept: enough for a rule to look at and for "is there a
// description at all"; the tracker keeps the rest.
const TextLimit = 1000

// Issue is everything known of one issue of one tracker.
type Issue struct {
	Ref
	Aliases []string // keys it had before, sorted
	Copies  []Copy   // the newest for each set of parts, newest first; see [Issue.Facts]

	// Each is united by id. The instant beside it says how far it is complete: changes after
	// HistoryTo may be missing; 0 means nothing is known.
	Changes    []Change // by At, then in the tracker's order
	HistoryTo  Instant
	Comments   []Comment
	CommentsTo Instant
	Worklogs   []Worklog
	WorklogsTo Instant

	Gone Instant // when the tracker was first seen without it; 0 while it is there
	Seen Instant // when a live service last delivered it; 0 if none ever did. A tombstone from before is void
}

// Page is one alert that notified a person; several people notified are still one page.
//
// A copy that knows only what happened to a page, such as a log without the page itself, leaves
// Triggered 0: it adds its events to the copy that knows more, and alone it counts for nothing.
type Page struct {
	Ref
	Number     string // the pager's human number, where it has one
	URL        string
	Title      string
	Service    string // the pager's name for it
	Key        string // de-duplication key, "" where the pager has none
	Urgency    string
	Origin     string // who raised it: [ByMonitor], [ByPerson], or "" where the pager does not say
	Updated    Instant
	Triggered  Instant
	Acked      Instant // by a person; 0 if never
	AckedBy    []Person
	Resolved   Instant // the resolve event, never "last updated"; 0 while open
	ResolvedBy Person
	AutoClosed bool     // resolved by itself
	MergedInto string   // the id of the page it was merged into
	Issues     []string // keys or URLs of issues that the page names in a field meant for it
	Escalated  int      // how many times it went up the path
	Events     []Event  // the pager's own log, united by id, by At; nil where it was not exported

	Told Told // what the merge must know of the copies
}

// Told is what the copies of a page told apart from what the page says now. All of it is 0 where they agree.
type Told struct {
	Title, Service, Urgency Instant // when the copy was updated that the word is from, if not when the page was
	First, Last             Instant // the earliest and the latest word for when it was triggered, if not the page's
	Ended                   Instant // the earliest word for when it ended, if not the page's
}

// Who raised a page.
const (
	ByMonitor = "monitor" // a check, through an integration
	ByPerson  = "person"  // somebody pressed the button, wrote the e-mail, called
)

// Event is one line of the pager's log of a page: the acknowledgements and escalations that a page's
// summary only counts.
type Event struct {
	ID   string // unique within the page; the pager's own where it has one
	At   Instant
	Kind string // one of the constants below
	By   Person // who did it; nobody where the pager did it by itself
	To   Person // who was notified, or has it now
	How  string // the pager's word for the way ("sms", "push"), the step of the path, or what it was set to
}

// The kinds of an [Event].
const (
	EventTriggered      = "triggered"
	EventNotified       = "notified"
	EventAcknowledged   = "acknowledged"
	EventUnacknowledged = "unacknowledged"
	EventEscalated      = "escalated" // up the path, by hand or because nobody answered
	EventReassigned     = "reassigned"
	EventSnoozed        = "snoozed"
	EventChanged        = "changed" // urgency, priority, severity or state ("mitigated"), to How
	EventNoted          = "noted"   // somebody wrote a note; its words are not kept
	EventMerged         = "merged"
	EventReopened       = "reopened"
	EventResolved       = "resolved"
)

// Shift is one person's stretch on call. One that ends where it begins was called off: a live pager or a
// calendar says so of a shift that it told of before.
type Shift struct {
	Ref
	Rota    string
	Person  Person
	Role    string // "superhero" or "sidekick"
	From    Instant
	To      Instant // exclusive
	Updated Instant
}

// Gap is something that was not collected, and why. Gaps are shown, never hidden.
type Gap struct {
	Source string
	At     Instant // when it was noticed, in the terms of the source's own clock; 0 for a file
	What   string  // what is missing, as a noun phrase: "issues after 2026-03-01"
	Why    string  // the error, and what to do
}

// Doubt is something that was collected, or left out, and cannot be quite believed.
type Doubt struct {
	Source string
	Place  string // file:line, file:record or request
	What   string // what is wrong and what was done about it
}

func (d Doubt) String() string {
	if d.Place == "" {
		return d.Source + ": " + d.What
	}
	return fmt.Sprintf("%s: %s: %s", d.Source, d.Place, d.What)
}

// Tally counts what became of the records of one file or endpoint.
type Tally struct {
	Part    string         // the file's path as configured, or the endpoint
	Kind    string         // what the reader took it for: "jira search page", "github issues with timeline" …
	Read    int            // records kept
	Left    map[string]int // records left out, by reason: "pull request", "unreadable" …
	Changes int
}

// Batch is one piece of what a source delivers: saved whole, together with its cursor, or not at all.
type Batch struct {
	Issues  []Issue
	Pages   []Page
	Shifts  []Shift
	Doubts  []Doubt
	Gaps    []Gap   // what could not be read at all, such as one file of several, while the rest can
	Tallies []Tally // of the parts that this batch completes
	Gone    []Ref   // issues seen to be deleted; Horizon dates the tombstone
	Cursor  Cursor  // where to resume once this batch is saved
	Horizon Instant // how far the source can speak for, as far as this batch knows; 0 says nothing
	Done    int     // progress: units so far (bytes of a file, issues of a search)
	Total   int     // of how many, 0 where the source cannot tell

	// Stream is the list of a live service that Issues and Gone are of; "" for files. The ledger
	// remembers which issues each stream of a source delivered, so that a roll call can tell who is
	// missing: an issue that one stream has lost and another still delivers is not gone.
	Stream string
}

// Spent is what a run has cost a live service.
type Spent struct {
	Requests int           // attempts on the wire, repeated ones included
	Waited   time.Duration // because the service asked for it: rate limits
}

// Cursor is where a source resumes. It is opaque to all but the source itself; "" is the beginning.
type Cursor string

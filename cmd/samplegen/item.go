package main

// An item while the story runs: what is known of it, and the log of everything that was done to it. The
// exports are written from the log alone.

// The statuses of the Jira workflow. The code host only knows open and closed; its exports are derived
// from the same log.
const (
	stNew      = "New"
	stInfo     = "Needs info"
	stReady    = "Ready"
	stDoing    = "In Progress"
	stReview   = "In Review"
	stVendor   = "Waiting for vendor"
	stDone     = "Done"
	stReopened = "Reopened"
	stParked   = "Parked" // a status that the policy has forgotten
)

// The kinds of act in an item's log, named as Jira names the fields.
const (
	aStatus     = "status"
	aAssignee   = "assignee"
	aPriority   = "priority"
	aType       = "issuetype"
	aResolution = "resolution"
	aLabels     = "labels"
	aComponent  = "Component"
	aVersion    = "Fix Version"
	aDue        = "duedate"
	aPoints     = "Story point estimate"
	aSummary    = "summary"
	aLink       = "Link"
	aComment    = "comment"
	aWorklog    = "worklog"
)

// act is one thing that somebody did to an item.
type act struct {
	at       int64
	who      *account
	what     string
	from, to string   // texts; for a comment, to is what was said
	person   *account // the new assignee, nil for nobody
	was      *account // the old one
	seconds  int64    // of a worklog
}

// flavour is what a birth was meant to be: the mix of the story, not the policy's classes, which judge
// the exports and not this field.
type flavour uint8

const (
	fRestart flavour = iota
	fOutage
	fASAP
	fMaintenance
	fMajor
	fRequest
	fFeature
	fCodeBug
	fCodeTask
	fOdd // fits no class
)

// item is an issue of either tracker.
type item struct {
	flavour  flavour
	code     bool // on the code host, not in Jira
	pull     bool // a pull request there
	n        int  // the number in its key
	born     int64
	reporter *account
	channel  string // portal, email, phone, chat, internal, pager
	customer *customer
	service  *service

	title, text, steps string

	// As things stand now.
	kind, status, priority, resolution, due string
	assignee                                *account
	labels, versions                        []string
	components                              []string
	points                                  int
	links                                   []link
	closed                                  int64

	log []act

	// The plan, which nobody in the story knows beforehand.
	script   bool  // its acts are written; nobody of the team picks it up
	effort   int   // thousandths of a minute of undisturbed work left
	size     int   // minutes of it at first
	review   int   // minutes of reading by somebody else left
	vague    bool  // the requester will be asked for more
	silent   bool  // and will not answer
	vendor   int64 // office minutes that a supplier will keep it; 0 for none
	vendorAt int   // minutes of effort left when that comes up
	drop     string
	reopens  bool
	grows    bool // more customers will report it: it gets more urgent
	loud     int  // how loudly somebody asks for it

	// Where it stands in the team's hands.
	owner    *member
	wakes    int64  // leaves its pause then
	back     string // into this status
	begun    bool
	promise  int64 // office minutes from the start of the story at which it is due; 0 for none
	stopped  int64 // since then its clock stands still; 0 while it runs
	done     int64
	decided  int64 // when the promise was kept or broken, by the story's own reckoning
	broken   bool
	paged    *page
	reviewer *member
	source   *item // what a pull request is for
}

type link struct {
	kind string // Jira's outward words: duplicates, relates to
	to   *item
}

func (it *item) key() string {
	if it.code {
		return "#" + itoa(it.n)
	}
	return "SUP-" + itoa(it.n)
}

func (it *item) support() bool {
	switch it.flavour {
	case fFeature, fCodeTask, fOdd:
		return false
	}
	return true
}

// did appends to the log. What is told out of order, as people do, happened right after what is told
// before it.
func (it *item) did(a act) {
	a.at = max(a.at, it.born)
	if n := len(it.log); n > 0 {
		a.at = max(a.at, it.log[n-1].at)
	}
	it.log = append(it.log, a)
}

func (it *item) setStatus(at int64, who *account, to string) {
	if it.status == to {
		return
	}
	it.did(act{at: at, who: who, what: aStatus, from: it.status, to: to})
	it.status = to
}

func (it *item) assign(at int64, who, to *account) {
	if it.assignee == to {
		return
	}
	it.did(act{at: at, who: who, what: aAssignee, was: it.assignee, person: to})
	it.assignee = to
}

func (it *item) say(at int64, who *account, words string) {
	it.did(act{at: at, who: who, what: aComment, to: words})
}

func (it *item) set(at int64, who *account, what string, field *string, to string) {
	if *field == to {
		return
	}
	it.did(act{at: at, who: who, what: what, from: *field, to: to})
	*field = to
}

// label adds or, with a minus before it, takes away a label.
func (it *item) label(at int64, who *account, name string) {
	before := joinWords(it.labels)
	if rest, ok := cutMinus(name); ok {
		it.labels = without(it.labels, rest)
	} else {
		it.labels = append(it.labels, name)
	}
	it.did(act{at: at, who: who, what: aLabels, from: before, to: joinWords(it.labels)})
}

func (it *item) version(at int64, who *account, name string) {
	it.versions = append(it.versions, name)
	it.did(act{at: at, who: who, what: aVersion, to: name})
}

// finish closes the item with a resolution.
func (it *item) finish(at int64, who *account, resolution string) {
	it.set(at, who, aResolution, &it.resolution, resolution)
	it.setStatus(at, who, stDone)
	it.closed, it.done = at, at
}

// reopen takes it out of done again.
func (it *item) reopen(at int64, who *account) {
	it.set(at, who, aResolution, &it.resolution, "")
	it.setStatus(at, who, stReopened)
	it.closed, it.done = 0, 0
}

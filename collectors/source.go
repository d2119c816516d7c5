// What a source is, and what it tells while it works.

// Package collectors brings records home and judges nothing.
//
// A [Source] is anything that yields records in batches: an API, a folder of export files, a test
// fixture. [Collect] runs all of them side by side into the ledger, each batch as one transaction
// together with the cursor it reaches, so that an interrupted night resumes where it was cut.
//
// Its one rule: one source's failure never stops another. Whatever goes wrong in a source, be it an
// error, a panic or an interrupt, becomes a [record.Gap] that says what is missing and what to do;
// what was saved before stays.
//
// The sources themselves (collectors/jira, github, paging) do not import this package: they fit the
// interface, and collectors/collectortest holds them to its contract.
package collectors

import (
	"context"
	"iter"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Source is one place that records come from. It is free of side effects but reading.
type Source interface {
	// Fetch yields batches of what changed at or after since, oldest first where the source has an
	// order. Each batch is saved as one transaction with its cursor before the next but one is asked
	// for; a Fetch from that cursor goes on after it. Records may come twice and in any order: they
	// merge.
	//
	// An error ends the walk (its batch is ignored): what was yielded before is true but is not all.
	// It names the file or request, what happened and what to do. A problem that leaves the rest
	// readable is a Doubt in the batch, and one that loses a whole part, such as a file, a Gap in
	// the batch. When ctx is done, the walk ends with ctx's error.
	//
	// The walk may be stopped at any batch, and Fetch called again, also on the same value.
	Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error]
}

// Metered is a source that costs a service something. It says what it has spent in all so far; it is
// asked before a run and after it, however that ended, and the run has cost the difference.
type Metered interface {
	Spent() record.Spent
}

// Discreet is a source that knows a secret. What it says of errors, gaps and doubts goes through Scrub
// before it comes to the ledger, the log or a page, however well the source itself keeps the secret: any
// of it may quote what a service answered, and a service may quote what it was sent.
type Discreet interface {
	Scrub(text string) string
}

// Timed is a source that has compared its service's clock with this machine's: Skew is how far the
// service's is ahead.
type Timed interface {
	Skew() (ahead time.Duration, known bool)
}

// WrongTime is what is missing where the two clocks of a [Timed] source differ: which of them is right.
const WrongTime = "the right time"

// Named is a source with the name that firebreak.yaml gives it.
type Named struct {
	Name string
	Source

	// Full collects everything again (collect --full): Fetch is given the empty cursor, whatever the
	// ledger remembers. What was collected before stands until it is replaced, so there is no empty
	// moment, and a full run that is cut off goes on where it was cut in the next run, full or not.
	Full bool
}

// Progress is how far one source is.
type Progress struct {
	Source  string
	Done    int // in the source's own unit (bytes of its files, issues of a search)
	Total   int // of how many; 0 where the source cannot tell
	Records int // records saved so far in this run
	Ended   bool
}

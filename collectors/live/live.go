// Package live walks services that change while they are read, night after night, at the cost of what
// changed and without losing a change.
//
// Its words: a [Stream] is one list of issues that a service gives in the order of their last update,
// such as a Jira search or a GitHub repository; a [Page] one answer of it. The watermark is the update up
// to which a stream was delivered; a walk begins an overlap before it, since clocks and indexes lag, and
// what is met there again in the state it was delivered in is known and passed over. A roll call asks a
// stream for nothing but its ids, once a week: what was delivered once and is there no more is gone, what
// is there and was never delivered is fetched.
//
//	source := live.Source{Name: "tickets", Tracker: "tickets", Streams: streams, Clock: …, Delivered: …}
//	for batch, err := range source.Fetch(ctx, since) { … }
//
// Its one rule: the watermark moves only over what was handed on. It speaks the service's own clock and
// is saved with each page, so a night that is cut resumes there, and neither this machine's clock nor a
// date from the future can make a change fall behind it.
//
// What is asked for is remembered beside the watermark. Where the reading of issues changes (other
// fields), the stream is walked again from its beginning; where its scope changes (another JQL), a roll
// call tells who is new and who has left. Either way what was delivered before stands until it is
// replaced: there is no empty moment.
//
// What cannot be read does not hold up the rest: it is a gap that names it, and is asked for again in each
// run. What is not seen is not taken for gone lightly, since a permission that was taken away looks the
// same: much that vanishes at once, and a list that is listed no more, is a question to a person first.
package live

import (
	"context"
	"iter"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Overlap is how far before its watermark a walk begins. Jira compares updates by the minute, its search
// index follows seconds later, and clocks of a cluster differ; ten minutes are generous to all of them
// and cost nothing but the listing of what was updated in them.
const Overlap = 10 * time.Minute

// RollCallEvery is how often a stream is asked for all its ids.
const RollCallEvery = 7 * 24 * time.Hour

// Source is the streams of one live service as a source.
type Source struct {
	Name    string // in firebreak.yaml: gaps and doubts carry it
	Tracker string // whose ids the streams speak of
	Scope   string // what the operator asked for: the JQL, the repositories, the organisation

	// Streams are asked for at the start of each Fetch, since listing them may take requests (the
	// repositories of an organisation). What stops them from being listed stops the source.
	Streams func(context.Context) ([]Stream, error)

	// Clock is the service's clock, as the Date of its latest answer tells it; 0 before the first.
	Clock func() record.Instant

	// Delivered are the ids that the ledger remembers of a stream; nil remembers nothing. It is asked
	// with stream "" for the names of all streams that were ever delivered.
	Delivered func(ctx context.Context, stream string) ([]string, error)
}

// Stream is one list of issues, oldest update first.
type Stream struct {
	Name    string // what the cursor, the tallies and the places of doubts know it by; it must not change
	Kind    string // what it is, for the tally: "jira cloud search"
	Scope   string // which issues are in it, such as the JQL
	Reading string // what is read of each, with the version of the reader
	Why     string // why Reading is not what it was; "" says that other fields are asked for

	// Walk yields what was updated at or after from.Since, oldest first.
	Walk func(ctx context.Context, from From) iter.Seq2[Page, error]

	// Roll yields what is in the stream now, ids only. Nil where the service has no such list.
	Roll func(ctx context.Context) iter.Seq2[[]Entry, error]

	// Get yields the issues of these entries, whatever their update. It must be there if Roll is.
	Get func(ctx context.Context, entries []Entry) iter.Seq2[Page, error]

	// Count says about how many issues a walk will yield, for the progress bar; nil, or 0, where the
	// service cannot tell. It is asked only where a walk is long: from the beginning, or after weeks.
	Count func(ctx context.Context, since record.Instant) (int, error)
}

// From is where a walk begins.
type From struct {
	Since record.Instant // the overlap is taken off already; 0 is the beginning
	Mark  string         // [Page.Mark] of the last walk that began at this very Since, "" if there is none

	// Known says that an issue was delivered in this very state: its details need not be asked for. It
	// is listed in [Page.Seen] all the same, and left out of [Page.Issues].
	Known func(id string, updated record.Instant) bool
}

// Entry is an issue by its name.
type Entry struct {
	ID      string         // the tracker's own id, as in record.Ref
	Key     string         // what the service is asked for it by, where that is not the id
	Updated record.Instant // 0 where a roll call does not tell
}

// Page is one answer of a stream.
type Page struct {
	Issues  []record.Issue // without [record.Issue.Seen] and [record.Copy.Seen], which are set here
	Seen    []Entry        // every issue on the page, those of Issues and the known ones, with their update
	Through record.Instant // everything updated before this was yielded by now; 0 says nothing (Get)
	Mark    string         // what the service calls the present state of a walk from this Since (an ETag)
	Total   int            // of issues in the whole walk, where the service tells; else 0
	Left    map[string]int // left out, by reason
	Unread  []Entry        // listed, and not readable or not whole: not in Seen, and asked for by Get until they are
	Doubts  []record.Doubt // Source is set here; Place is the issue's key or the request
	Gaps    []record.Gap   // Source and At are set here
}

// Alone marks an error of one stream that says nothing about the others, such as a repository that the
// token may not read. Any other error ends the whole source: a wrong token, a service that is down, an
// exhausted limit.
func Alone(err error) error { return alone{err} }

type alone struct{ error }

func (a alone) Unwrap() error { return a.error }

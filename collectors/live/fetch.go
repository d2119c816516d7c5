package live

// One run over all streams.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Fetch yields what changed in each stream, a batch for each page with the cursor it reaches, and at the
// end one that says how far the source can speak: the service's time when the run began. A stream that
// is refused leaves a gap and the others go on; an error ends the walk, and what was yielded stays true.
func (s Source) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	return func(yield func(record.Batch, error) bool) {
		r := &run{Source: s, ctx: ctx, yield: yield, cursor: loadCursor(since), full: since == ""}
		if err := cmp.Or(r.run(), ctx.Err()); err != nil && !r.declined {
			yield(record.Batch{}, err)
		}
	}
}

// run is one call of Fetch.
type run struct {
	Source
	ctx      context.Context
	yield    func(record.Batch, error) bool
	declined bool // the consumer wants no more

	cursor cursor
	full   bool           // from the very beginning
	began  record.Instant // the service's clock at the first answer
	done   int            // issues seen
	total  int            // of how many, as far as known
	notes  record.Batch   // doubts, gaps and tallies that wait for the next batch
}

// errDeclined ends a run whose consumer wants no more.
var errDeclined = errors.New("declined")

func (r *run) run() error {
	streams, err := r.Streams(r.ctx)
	if err != nil {
		return err
	}
	r.tick()
	r.named()
	for i := range streams {
		if err := r.prepare(&streams[i]); err != nil {
			return err
		}
	}
	r.tick()
	var walked []*walk
	for i := range streams {
		w := r.begin(&streams[i])
		err := w.walk()
		var only alone
		switch {
		case err == nil:
			walked = append(walked, w)
		case r.declined || r.ctx.Err() != nil || !errors.As(err, &only):
			return err
		default:
			r.gap(r.missing(&streams[i]), err)
		}
	}
	// Only now, with all changes at home: finding out who is gone may take long, and dates its findings.
	for _, w := range walked {
		if err := w.rollCall(); err != nil {
			return err
		}
	}
	if len(walked) == len(streams) { // else what is missed may be behind the one that was refused
		if err := r.dropStreams(walked); err != nil {
			return err
		}
		if err := r.dropTracker(walked); err != nil {
			return err
		}
		r.cursor.Scope = fingerprint(r.Scope)
		r.nothing(walked)
	}
	for _, w := range walked {
		w.unwell()
		r.notes.Tallies = append(r.notes.Tallies, w.tally)
	}
	last := record.Batch{Horizon: r.began}
	if len(walked) == 0 && len(streams) > 0 {
		last.Horizon = 0 // it can speak for nothing
	}
	return r.send(last)
}

// tick notes when the run began, by the first answer's date.
func (r *run) tick() { r.began = cmp.Or(r.began, r.Clock()) }

// send yields a batch with what waits to be said and the cursor reached.
func (r *run) send(b record.Batch) error {
	b.Doubts = append(r.notes.Doubts, b.Doubts...)
	b.Gaps = append(r.notes.Gaps, b.Gaps...)
	b.Tallies = append(r.notes.Tallies, b.Tallies...)
	r.notes = record.Batch{}
	b.Cursor = r.cursor.save()
	b.Done = r.done
	if r.total > 0 {
		b.Total = max(r.total, r.done)
	}
	if !r.yield(b, nil) {
		r.declined = true
		return errDeclined
	}
	return r.ctx.Err()
}

func (r *run) doubt(place, format string, args ...any) {
	r.notes.Doubts = append(r.notes.Doubts, record.Doubt{Source: r.Name, Place: place, What: fmt.Sprintf(format, args...)})
}

func (r *run) gap(what string, err error) {
	r.notes.Gaps = append(r.notes.Gaps, record.Gap{Source: r.Name, At: r.Clock(), What: what, Why: err.Error()})
}

// missing is what a stream that could not be read to its end leaves out.
func (r *run) missing(s *Stream) string {
	if st := r.cursor.Streams[s.Name]; st.Watermark != 0 {
		return fmt.Sprintf("what changed in %s since %s", s.Name, st.Watermark.Time().Format("2006-01-02 15:04 MST"))
	}
	return "the issues of " + s.Name
}

// longAgo is after how much time a walk is worth counting beforehand.
const longAgo = 14 * 24 * time.Hour

// prepare compares what a stream is asked for with what it was asked for last time, and counts what a
// long walk will meet.
func (r *run) prepare(s *Stream) error {
	st := r.cursor.Streams[s.Name]
	if st == nil {
		st = &state{Scope: fingerprint(s.Scope), Reading: fingerprint(s.Reading)}
		r.cursor.Streams[s.Name] = st
		if r.Delivered != nil {
			before, err := r.Delivered(r.ctx, s.Name)
			if err != nil {
				return err
			}
			switch {
			case len(before) > 0 && r.full:
				st.Owed = owedFull
			case len(before) > 0:
				st.Owed = owedLost
			}
		}
	}
	if st.RollCall == 0 && st.Watermark != 0 && st.Owed == "" {
		st.Owed = owedCut
	}
	if p := fingerprint(s.Reading); st.Reading != p {
		r.doubt(s.Name, "%s, so it is read again from the beginning; until that is done, some issues are told as they were read before", cmp.Or(s.Why, "other fields are asked for than last time"))
		st.Reading = p
		st.restart()
	}
	if p := fingerprint(s.Scope); st.Scope != p {
		r.doubt(s.Name, "it is asked for other issues than last time: those that are new in it were fetched, and those no longer in it count as gone")
		st.Scope, st.Mark = p, ""
		st.Owed = owedScope
	}
	if s.Count != nil && (st.Walked == 0 || st.Watermark == 0 || r.began.Sub(st.Walked) > longAgo) {
		if n, err := s.Count(r.ctx, st.since()); err == nil { // a bar without an end is no reason to fail
			r.total += n
		}
		return r.ctx.Err()
	}
	return nil
}

// named sees whether the tracker is still called what it was. Its records go by that name, so under
// another one all of them are read again.
func (r *run) named() {
	c := &r.cursor
	if c.Tracker != "" && c.Tracker != r.Tracker {
		r.doubt("", "its tracker was called %s and is now %s, so everything is read again under the new name", c.Tracker, r.Tracker)
		c.Former = c.Tracker
		for _, st := range c.Streams {
			st.restart()
		}
	}
	c.Tracker = r.Tracker
}

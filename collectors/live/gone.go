package live

// Who is there no more: issues that a roll call misses, streams that are listed no longer, and a service
// that shows nothing at all. Each may be a permission that was taken away, so that nobody is buried
// without a word, and many not without a question.

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// fewAreGone is how many issues may vanish in a week without a question. More of them, and more than half
// of all, are rather a permission that was taken away.
const fewAreGone = 5

// rollCall finds out who has left the stream and who was never delivered, where that is due. Not being
// able to tell is a gap, and no reason to throw away the walk that went before.
func (w *walk) rollCall() error {
	st, now := w.state, w.Clock()
	switch {
	case w.stream.Roll == nil || w.Delivered == nil:
		return nil
	case st.Owed == "" && st.RollCall == 0: // the first walk has just read all there is
		st.RollCall = now
		return nil
	case st.Owed == "" && now.Sub(st.RollCall) < RollCallEvery:
		return nil
	}
	present := map[string]Entry{}
	for entries, err := range w.stream.Roll(w.ctx) {
		if err != nil {
			return w.untold("which issues of "+w.stream.Name+" are gone", err)
		}
		for _, e := range entries {
			present[e.ID] = e
		}
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	delivered, err := w.Delivered(w.ctx, w.stream.Name)
	if err != nil {
		return err
	}
	shows := len(present) > 0
	var gone []string
	for _, id := range delivered {
		_, here := present[id]
		delete(present, id)
		if !here && !w.handed[id] { // one of this very run may be too young for the list of ids
			gone = append(gone, id)
		}
	}
	maps.DeleteFunc(present, func(id string, _ Entry) bool { return w.handed[id] })
	if missed := slices.SortedFunc(maps.Values(present), func(a, b Entry) int { return record.Ref{ID: a.ID}.Compare(record.Ref{ID: b.ID}) }); len(missed) > 0 {
		for p, err := range w.stream.Get(w.ctx, missed) {
			if err != nil {
				return w.untold(fmt.Sprintf("some of %d issues of %s that were never delivered", len(missed), w.stream.Name), err)
			}
			p.Through = 0 // they are of any age
			if err := w.page(p); err != nil {
				return err
			}
		}
	}
	willed := st.Owed == owedScope || st.Owed == owedFull
	what := fmt.Sprintf("%d of the %d issues of %s", len(gone), len(delivered), w.stream.Name)
	switch {
	case len(gone) <= fewAreGone:
	case !shows: // whoever asks, and however
		w.gap(what, errors.New("the tracker shows no issue at all any more; see what is asked for and what the account may read, or take it out of firebreak.yaml if there is nothing left of it"))
		return nil
	case 2*len(gone) > len(delivered) && !willed:
		w.gap(what, errors.New("the tracker shows them no more, which looks more like a permission taken away than like issues deleted; "+
			"see what is asked for and what the account may read, or run `firebreak collect --full` if it is meant to be so"))
		return nil
	}
	if len(gone) > 0 {
		w.doubt(w.stream.Name, "%d of its %d issues are no longer in it: deleted, moved, or out of what is asked for; they count as gone", len(gone), len(delivered))
	}
	st.RollCall, st.Owed = now, ""
	if len(gone) > 0 {
		return w.bury(w.Tracker, w.stream.Name, gone)
	}
	return w.ctx.Err()
}

// untold notes what a roll call could not tell. It is called again the next night.
func (w *walk) untold(what string, err error) error {
	if w.declined || w.ctx.Err() != nil {
		return err
	}
	w.gap(what, err)
	return nil
}

// dropTracker lets go of what was read under the tracker's former name.
func (r *run) dropTracker(walked []*walk) error {
	former := r.cursor.Former
	if former == "" || r.Delivered == nil {
		return nil
	}
	r.cursor.Former = ""
	for _, w := range walked {
		ids, err := r.Delivered(r.ctx, w.stream.Name)
		if err != nil {
			return err
		}
		if err := r.bury(former, w.stream.Name, ids); err != nil {
			return err
		}
	}
	return nil
}

// dropStreams lets go of streams that are no longer there: those that the operator took off, such as a
// repository, and those whose issues all came under another name. Of others it is a question why they are
// not listed any more. It comes last, so that one which was only renamed has delivered its issues by then.
func (r *run) dropStreams(walked []*walk) error {
	if r.Delivered == nil || len(walked) == 0 {
		return nil
	}
	before, err := r.Delivered(r.ctx, "")
	if err != nil {
		return err
	}
	here := map[string]bool{}
	var elsewhere map[string]bool // ids of the streams that are there; nil until they are wanted
	for _, w := range walked {
		here[w.stream.Name] = true
	}
	maps.DeleteFunc(r.cursor.Streams, func(name string, _ *state) bool { return !here[name] && !slices.Contains(before, name) })
	for _, name := range before {
		if here[name] {
			continue
		}
		ids, err := r.Delivered(r.ctx, name)
		if err != nil {
			return err
		}
		if r.cursor.Scope == fingerprint(r.Scope) && !r.full {
			if elsewhere == nil {
				if elsewhere, err = r.delivered(walked); err != nil {
					return err
				}
			}
			if lost := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return elsewhere[id] }); len(lost) > 0 {
				r.gap("the issues of "+name, fmt.Errorf("it is not listed any more: %d of its issues were deleted with it, or it may no longer be read; "+
					"see what the token may read, or run `firebreak collect --full` if it is meant to be so", len(lost)))
				continue
			}
		}
		r.doubt(name, "it is no longer asked for: those of its %d issues that came from nowhere else count as gone", len(ids))
		delete(r.cursor.Streams, name)
		if err := r.bury(r.Tracker, name, ids); err != nil {
			return err
		}
	}
	return nil
}

// delivered are the ids that the streams which are there ever delivered.
func (r *run) delivered(walked []*walk) (map[string]bool, error) {
	all := map[string]bool{}
	for _, w := range walked {
		ids, err := r.Delivered(r.ctx, w.stream.Name)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			all[id] = true
		}
	}
	return all, nil
}

// nothing says so where there never was any issue: a wrong JQL, or an account that may see nothing, looks
// like a tracker in which nothing happens.
func (r *run) nothing(walked []*walk) {
	var empty []string
	for _, w := range walked {
		if w.state.Watermark == 0 && w.tally.Read == 0 && len(w.state.Unread) == 0 {
			empty = append(empty, w.stream.Name)
		}
	}
	switch {
	case len(walked) == 0:
	case len(empty) == len(walked):
		r.gap("any issue", fmt.Errorf("the service was asked for %s and shows none at all: see that this is what you want to ask for, and that the account may read it", cmp.Or(r.Scope, "everything")))
	case len(empty) > 0:
		r.doubt("", "%d of %d lists show no issues at all: %s; see that the account may read them, if they should", len(empty), len(walked), someOf(empty))
	}
}

// bury says that issues are gone, as of when the run began: that is what it will speak for.
func (r *run) bury(tracker, stream string, ids []string) error {
	b := record.Batch{Stream: stream, Horizon: cmp.Or(r.began, r.Clock())}
	for _, id := range ids {
		b.Gone = append(b.Gone, record.Ref{Tracker: tracker, ID: id})
	}
	return r.send(b)
}

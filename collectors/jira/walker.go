package jira

// Pages on their way out: those whose issues lack part of their lists wait until these are fetched, many
// issues in one request.

import (
	"context"

	"github.com/firebreak/firebreak/collectors/live"
)

// How long pages wait. The histories of 1,000 issues are one request; where few issues need one, waiting
// for 1,000 of them would hold everything back, and 2,500 issues, for which 25 pages were asked, make one
// request more a mere 4 %. Memory is bounded by the number of changes held: 200 bytes each. The first pages
// wait for less, twice as many each time, so that a run which is soon cut has brought something home.
const (
	historiesAtOnce = 1000
	firstHeld       = 200
	mostHeld        = 2500
	mostChangesHeld = 100_000
)

// walker takes pages and yields them complete.
type walker struct {
	s        *session
	j        *journey
	yield    func(live.Page, error) bool
	declined bool
	failed   bool // to complete what is held

	pages int // taken
	room  int // how many issues may be held at present; 0 is firstHeld

	held                     []held
	issues, changes, lacking int // of what is held
}

// take takes a page. The account was introduced just before the first.
func (w *walker) take(ctx context.Context, a answer, last bool) (fresh int, more bool, err error) {
	if w.pages++; last && w.pages > 1 {
		if err := w.s.confirm(ctx); err != nil {
			return 0, false, err
		}
	}
	h, fresh, err := w.j.take(ctx, a.issues)
	if err != nil {
		return 0, false, err
	}
	if last {
		w.j.end(&h)
	}
	if a.total > 0 {
		h.page.Total = a.total
	}
	w.hold(h)
	if last || w.lacking == 0 || w.lacking > historiesAtOnce-issuesAtOnce || w.issues >= max(w.room, firstHeld) || w.changes >= mostChangesHeld {
		if err := w.release(ctx); err != nil {
			return 0, false, err
		}
	}
	return fresh, !w.declined, nil
}

func (w *walker) hold(h held) {
	w.held = append(w.held, h)
	w.issues += len(h.page.Issues)
	for _, n := range h.needs {
		if w.s.needsHistory(n.logged) {
			w.lacking++
		}
	}
	for i := range h.page.Issues {
		w.changes += len(h.page.Issues[i].Changes)
	}
}

// release completes what is held and yields it, a page as it came.
func (w *walker) release(ctx context.Context) error {
	if err := w.s.complete(ctx, w.held); err != nil {
		w.failed = true
		return err
	}
	w.let(len(w.held))
	w.room = min(2*max(w.room, firstHeld), mostHeld)
	return nil
}

// let yields the first n of the pages held.
func (w *walker) let(n int) {
	for _, h := range w.held[:n] {
		if w.declined {
			break
		}
		w.declined = !w.yield(h.page, nil)
	}
	w.held, w.issues, w.changes, w.lacking = nil, 0, 0, 0
}

// finish ends a walk. One that failed still yields what it had: completed if that can be done, or else
// as far as nothing is missing.
func (w *walker) finish(ctx context.Context, err error) {
	if w.declined {
		return
	}
	if !w.failed && ctx.Err() == nil {
		if undone := w.release(ctx); err == nil {
			err = undone
		}
	}
	whole := 0
	for whole < len(w.held) && len(w.held[whole].needs) == 0 {
		whole++
	}
	w.let(whole)
	if notes := w.s.noted(); len(notes) > 0 && !w.declined {
		w.declined = !w.yield(live.Page{Doubts: notes}, nil)
	}
	if err != nil && !w.declined {
		w.yield(live.Page{}, err)
	}
}

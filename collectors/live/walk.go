package live

// One stream in one run: its pages, and its roll call.

import (
	"fmt"
	"maps"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// walk is one stream in one run.
type walk struct {
	*run
	stream *Stream
	state  *state
	tally  record.Tally
	before map[string]record.Instant // what was handed on in the overlap before this run
	handed map[string]bool           // ids handed on in this run; nil where no roll call can come of it
	unread map[string]string         // what could not be read in earlier runs, and was not met in this one
}

func (r *run) begin(s *Stream) *walk {
	st := r.cursor.Streams[s.Name]
	w := &walk{run: r, stream: s, state: st, tally: record.Tally{Part: s.Name, Kind: s.Kind}, before: maps.Clone(st.Recent), unread: maps.Clone(st.Unread)}
	if st.Owed != "" || st.RollCall != 0 {
		w.handed = map[string]bool{}
	}
	return w
}

func (w *walk) known(id string, updated record.Instant) bool {
	w.tick() // its list has been answered, and its first page may be many requests away
	at, ok := w.before[id]
	return ok && at == updated && updated != 0
}

// walk goes through the pages from the watermark on.
func (w *walk) walk() error {
	st := w.state
	from := From{Since: st.since(), Known: w.known}
	if st.Marked == from.Since {
		from.Mark = st.Mark
	}
	pages, mark := 0, ""
	for p, err := range w.stream.Walk(w.ctx, from) {
		w.tick()
		if err != nil {
			return err
		}
		pages++
		mark = p.Mark
		if err := w.page(p); err != nil {
			return err
		}
	}
	w.tick()
	if err := w.ctx.Err(); err != nil { // a walk may end early without saying so
		return err
	}
	// What the service calls its first answer says nothing of those after it.
	switch {
	case pages == 1:
		st.Mark, st.Marked = mark, from.Since
	case pages > 1:
		st.Mark = ""
	}
	st.Walked = w.began
	return w.askAgain()
}

// askAgain asks for what could not be read before. What does not come any more is gone, and the roll
// call's to find.
func (w *walk) askAgain() error {
	if len(w.unread) == 0 || w.stream.Get == nil {
		return w.ctx.Err()
	}
	var entries []Entry
	for _, id := range slices.Sorted(maps.Keys(w.unread)) {
		entries = append(entries, Entry{ID: id, Key: w.unread[id]})
	}
	for p, err := range w.stream.Get(w.ctx, entries) {
		if err != nil {
			return w.untold(fmt.Sprintf("%d issues of %s that could not be read before", len(entries), w.stream.Name), err)
		}
		p.Through = 0 // they are of any age
		if err := w.page(p); err != nil {
			return err
		}
	}
	for id := range w.unread {
		delete(w.state.Unread, id)
	}
	return w.ctx.Err()
}

// page hands on one page and moves the watermark over it.
func (w *walk) page(p Page) error {
	now := w.Clock()
	b := record.Batch{Stream: w.stream.Name, Issues: p.Issues}
	for i := range p.Issues {
		is := &p.Issues[i]
		is.Seen = now
		w.tally.Read++
		w.tally.Changes += len(is.Changes)
		if w.handed != nil {
			w.handed[is.ID] = true
		}
		delete(w.state.Unread, is.ID)
		delete(w.unread, is.ID)
	}
	for _, e := range p.Unread {
		w.later(e)
	}
	for why, n := range p.Left {
		if w.tally.Left == nil {
			w.tally.Left = map[string]int{}
		}
		w.tally.Left[why] += n
	}
	for _, d := range p.Doubts {
		d.Source, d.Place = w.Name, w.place(d.Place)
		b.Doubts = append(b.Doubts, d)
	}
	for _, g := range p.Gaps {
		g.Source, g.At = w.Name, now
		b.Gaps = append(b.Gaps, g)
	}
	through := p.Through
	if now != 0 && through > now { // or all updates until then would fall behind the watermark
		through = now
		for _, e := range p.Seen {
			if e.Updated > now.Add(Overlap) && !w.known(e.ID, e.Updated) {
				b.Doubts = append(b.Doubts, record.Doubt{Source: w.Name, Place: w.place(e.name()),
					What: fmt.Sprintf("it says it was updated at %s, which had not come yet; it is kept as it is", e.Updated)})
			}
		}
	}
	w.state.Watermark = max(w.state.Watermark, through)
	w.state.remember(p.Seen, w.began)
	w.done += len(p.Seen)
	if len(w.cursor.Streams) == 1 {
		w.total = max(w.total, p.Total)
	}
	return w.send(b)
}

// later remembers to ask for an issue again.
func (w *walk) later(e Entry) {
	delete(w.unread, e.ID)
	if w.state.Unread == nil {
		w.state.Unread = map[string]string{}
	}
	if _, known := w.state.Unread[e.ID]; !known && len(w.state.Unread) >= mostUnread {
		w.gap("some issues of "+w.stream.Name, fmt.Errorf("more than %d of them cannot be read, and no more are remembered; mend what their doubts say and run `firebreak collect --full`", mostUnread))
		return
	}
	w.state.Unread[e.ID] = e.Key
}

// place is where in the stream something is: an issue's key, or a request.
func (w *walk) place(in string) string {
	if in == "" {
		return w.stream.Name
	}
	return w.stream.Name + ":" + in
}

func (e Entry) name() string {
	if e.Key != "" {
		return e.Key
	}
	return e.ID
}

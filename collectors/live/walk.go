package live

// One stream in one run: its pages, and what could not be read before.

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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

	doubted map[string]bool // places in this run's pages
	sick    int             // issues that could not be read, beyond those that are remembered
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
	pages, mark, sound := 0, "", true
	for p, err := range w.stream.Walk(w.ctx, from) {
		w.tick()
		if err != nil {
			return err
		}
		pages++
		mark = p.Mark
		sound = sound && len(p.Unread) == 0 && len(p.Gaps) == 0
		if err := w.page(p); err != nil {
			return err
		}
	}
	w.tick()
	if err := w.ctx.Err(); err != nil { // a walk may end early without saying so
		return err
	}
	// What the service calls its first answer says nothing of those after it, and one of which something
	// is missing is worth asking for again.
	switch {
	case pages == 1 && sound:
		st.Mark, st.Marked = mark, from.Since
	case pages > 0:
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
	p.Issues = slices.DeleteFunc(p.Issues, func(is record.Issue) bool { return w.undated(&p, &is) })
	b := record.Batch{Stream: w.stream.Name, Issues: p.Issues}
	for i := range p.Issues {
		is := &p.Issues[i]
		is.Seen = now
		for k := range is.Copies {
			is.Copies[k].Seen = now
		}
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
		if w.doubted == nil {
			w.doubted = map[string]bool{}
		}
		w.doubted[d.Place] = true
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

// undated takes an issue whose update cannot be told: no later copy could be known from an earlier one, so
// that a change of it might never count. It is asked for again instead.
func (w *walk) undated(p *Page, is *record.Issue) bool {
	if len(is.Copies) == 0 || is.Copies[0].Updated != 0 {
		return false
	}
	key := is.Copies[0].Key
	p.Unread = append(p.Unread, Entry{ID: is.ID, Key: key})
	p.Seen = slices.DeleteFunc(p.Seen, func(e Entry) bool { return e.ID == is.ID })
	p.Doubts = append(p.Doubts, record.Doubt{Place: key, What: "left out: when it was updated cannot be told; it is asked for again each night"})
	return true
}

// unwell says what is missing of a walk that got to its end: the issues that could not be read, and a
// service whose answers are rather another format than a few odd issues.
func (w *walk) unwell() {
	if n := len(w.state.Unread); n > 0 {
		var names []string
		for id, key := range w.state.Unread {
			names = append(names, Entry{ID: id, Key: key}.name())
		}
		slices.Sort(names)
		w.gap(fmt.Sprintf("%d of the issues of %s, as they are now", n, w.stream.Name),
			fmt.Errorf("they could not be read: %s; the doubts beside them say why, and each run asks for them again", someOf(names)))
	}
	if w.sick > 0 {
		w.gap(fmt.Sprintf("%d more of the issues of %s", w.sick, w.stream.Name),
			errors.New("they could not be read either, and are too many to be asked for one by one; mend what the doubts say, and run `firebreak collect --full`"))
	}
	if n := len(w.doubted); n >= manyDoubts && 2*n > w.tally.Read+len(w.state.Unread) {
		w.gap(fmt.Sprintf("what is to be believed of %d issues of %s", n, w.stream.Name),
			fmt.Errorf("most of what was read raises doubts (%s), as if the service had changed how it answers; see the doubts below, and report them if firebreak does not read what it should", someOf(slices.Sorted(maps.Keys(w.doubted)))))
	}
}

// manyDoubts is from how many doubtful issues in one run on their share is looked at.
const manyDoubts = 5

// someOf lists the first of many.
func someOf(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// later remembers to ask for an issue again.
func (w *walk) later(e Entry) {
	delete(w.unread, e.ID)
	if w.state.Unread == nil {
		w.state.Unread = map[string]string{}
	}
	if _, known := w.state.Unread[e.ID]; !known && len(w.state.Unread) >= mostUnread {
		w.sick++
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

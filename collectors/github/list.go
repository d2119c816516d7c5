package github

// Lists of issues in the order of their update, page after page.

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// list is a list of issues whose oldest update comes first, as a repository has one and the search gives
// one.
//
// It cannot be walked by page numbers. Page 2 begins after the first hundred, and whenever one of those
// is updated meanwhile it moves to the end, all behind it move up, and the one that stood first on page 2
// is never seen. So after each page the list is asked for anew from the last update of that page on,
// inclusively: what moved only moves to where the walk has yet to come. The price is the repetition of
// those of that one second, which is one in a hundred, and they are told by their id. Where a whole page
// is of one second, as a bulk edit leaves it, that leads nowhere, and the service's own link to the next
// page is followed, with whatever it numbers its pages, until the second is over. Should an issue of
// that second be updated just then, it turns up again at the end of the list, and says by that that
// another may have slipped by: the second is asked for once more.
//
// An update of the last two minutes is no place to go on from: indexes and replicas lag, and an issue
// that was updated between being found and being shown stands where it no longer belongs. Nor does it say
// anything of the order of the others. Where they are out of order beyond that, the answer is asked for
// once more, and if it does not mend, the walk goes on by links, and at its end does not claim to have
// seen everything.
type list struct {
	*session
	what  string                                    // for messages
	at    func(since record.Instant) string         // the request for what was updated from then on
	date  func(*issueObject) jsontext.Value         // that the list is in the order of
	items func(jsontext.Value) jsontext.Value       // the array in an answer
	total func(jsontext.Value) (int, bool)          // how many there are from there on, and whether all were looked at; nil where an answer does not say
	of    func(updated record.Instant) (part *list) // what was updated in one second, in another order; nil where there is none
}

// updated is the date that most lists are in the order of.
func updated(o *issueObject) jsontext.Value { return o.updated }

const (
	perPage   = 100             // the most that GitHub gives
	settling  = 2 * time.Minute // see list
	mostPages = 50_000          // five million issues: a list that is longer goes round in circles
	mostAgain = 3               // how often a second, or an answer that is not whole, is asked for once more
)

// listed is one page of a list, without what an earlier page had in the same state.
type listed struct {
	objects []issueObject
	through record.Instant // everything updated before this has been listed; 0 if that cannot be said
	mark    string         // ETag, if this answer is the whole list
	total   int            // of the list from the first request on, where it says
	gap     string         // what the service does not show, and why
	served  record.Instant // when, by the service's clock

	unread []live.Entry // not to be had
	doubts []record.Doubt
}

// breath is how long after a second the service may still date a change by it. It tells seconds, and its
// clocks are several, so an issue that was read within this time of its update may have another change
// of the same date.
const breath = time.Minute

// settled is an update as a later night may know it by: 0, so that it is read again, if it is as young as
// the answer that told of it.
func settled(updated, served record.Instant) record.Instant {
	if served != 0 && updated > served.Add(-breath) {
		return 0
	}
	return updated
}

// pages are the answers from since on. With a mark, a list that has not changed is no page at all.
func (l *list) pages(ctx context.Context, since record.Instant, mark string) iter.Seq2[listed, error] {
	return func(yield func(listed, error) bool) {
		w := listWalk{list: l, ctx: ctx, since: since.Add(-time.Duration(since % record.Instant(time.Second))), seen: map[string]record.Instant{}, met: map[string]bool{}}
		w.where = l.at(w.since)
		for range mostPages {
			p, err := w.page(mark)
			switch {
			case err != nil:
				yield(listed{}, err)
				return
			case w.unchanged:
				return
			}
			mark = ""
			more := w.move(&p)
			if !yield(p, nil) {
				return
			}
			if w.crowded != 0 && !w.crowd(yield) || !more {
				return
			}
		}
		yield(listed{}, fmt.Errorf("%s: the list has not ended after %d pages; the service goes round in circles", l.what, mostPages))
	}
}

// listWalk is where a walk through a list is.
type listWalk struct {
	*list
	ctx    context.Context
	where  string         // what is asked for next
	linked int            // how many links were followed to it from the latest request of our own
	since  record.Instant // of that request
	pages  int

	// Of the latest answer.
	next      string
	first     record.Instant // update of its first issue
	newest    record.Instant // of any issue on it
	total     int
	unchanged bool

	last  record.Instant            // the newest update that the walk may go on from
	seen  map[string]record.Instant // updates of the issues from last on, and of the second that was paged through
	paged record.Instant            // the second that was paged through by links
	slip  bool                      // an issue of it was updated meanwhile
	again int                       // how often it was asked for again
	mixed bool                      // an answer was not in the order asked for: only the end of all links is the end
	held  bool                      // something before last was not shown

	met     map[string]bool // since the latest request of our own
	crowded record.Instant  // a second of more issues than the list shows
}

// page asks and reads the answer.
func (w *listWalk) page(mark string) (listed, error) {
	p := listed{}
	a, err := w.get(w.ctx, w.where, mark)
	if err != nil || a.unchanged {
		w.unchanged = a.unchanged
		return p, err
	}
	if w.list.total != nil {
		whole := false
		for try := 1; ; try++ {
			if w.total, whole = w.list.total(a.body); whole || try == mostAgain {
				break
			}
			if a, err = w.get(w.ctx, w.where, ""); err != nil {
				return p, err
			}
		}
		if !whole {
			w.held = true
			p.gap = "the service gave up searching before it was through (incomplete_results); what it missed is asked for again the next time"
		}
	}
	p.served = w.served()
	items := w.items(a.body)
	if items.Kind() != '[' {
		return p, w.unexpected(a.request, "a list of issues", a.body)
	}
	edge := w.edge()
	w.next, w.first, w.newest = a.next, 0, 0
	var before record.Instant
	n, fresh := 0, 0
	for v := range elements(items) {
		n++
		o := parseObject(v)
		at, _ := instant(w.date(&o))
		if at != 0 {
			if at < w.since {
				return p, fmt.Errorf("%s: it lists issue #%s, updated at %s, which is older than was asked for; does something in between answer from memory?", a.request, text(o.number), at)
			}
			w.first, w.newest = cmp.Or(w.first, at), max(w.newest, at)
			if edge == 0 || at <= edge {
				w.mixed = w.mixed || at < before
				before, w.last = at, max(w.last, at)
			}
		}
		if id := text(o.id); id == "" {
			fresh++
		} else {
			if !w.met[id] {
				w.met[id] = true
				fresh++
			}
			was, ok := w.seen[id]
			if ok && was == at {
				continue
			}
			w.slip = w.slip || ok && was == w.paged && was != 0
			w.seen[id] = at
		}
		p.objects = append(p.objects, o)
	}
	if w.linked > 0 && n > 0 && fresh == 0 && w.next != "" {
		return p, fmt.Errorf("%s: it has nothing new, and says that there is more; the service goes round in circles", a.request)
	}
	w.pages++
	if w.pages == 1 {
		p.total = w.total
		if w.next == "" {
			p.mark = a.mark
		}
	}
	return p, nil
}

// edge is up to which update the place in the list is believed, 0 for all.
func (w *listWalk) edge() record.Instant {
	if now := w.served(); now != 0 {
		return now.Add(-settling)
	}
	return 0
}

// move says whether there is more, and where.
func (w *listWalk) move(p *listed) bool {
	if !w.mixed && !w.held && !w.slip {
		p.through = w.last
	}
	ends := w.next == ""
	if shown := (w.linked + 1) * perPage; ends && w.total > shown {
		ends = false
		switch { // a search shows no more than its first thousand
		case w.last < w.first && w.newest > w.since:
			// All are too young for their places to be believed: on from there, and claim nothing.
			w.held = true
			return w.from(w.newest)
		case w.last <= w.first:
			w.last, w.held = w.first, w.held || w.last < w.first
			if w.crowded = w.last; w.of == nil { // it will show no more tomorrow, so the walk passes it
				p.gap = fmt.Sprintf("%d issues bear the date %s, and a search shows the first %d of them", w.total, w.last, shown)
			}
			return w.from(w.last.Add(time.Second))
		}
	}
	switch {
	case w.mixed && w.again < mostAgain:
		w.mixed = false
		w.again++
		return w.from(w.since)
	case w.slip && w.again < mostAgain && !w.mixed:
		w.slip = false
		w.again++
		return w.from(w.paged)
	case ends && (w.slip || w.mixed && w.linked > 0):
		p.gap = cmp.Or(p.gap, "its order changed while it was read, and issues may have slipped by; they are asked for again the next time")
		return false
	case ends:
		if !w.held {
			p.through = w.last
		}
		return false
	case !w.mixed && w.last > w.first && w.last > w.since:
		return w.from(w.last)
	case w.next == "":
		p.gap = fmt.Sprintf("the search found %d issues, and shows the first %d of them in an order of its own", w.total, (w.linked+1)*perPage)
		return false
	}
	w.paged = w.last
	w.where = w.next
	w.linked++
	return true
}

// from goes on with a request of our own, and forgets what will not turn up again.
func (w *listWalk) from(at record.Instant) bool {
	w.since, w.last, w.where, w.linked = at, at, w.at(at), 0
	clear(w.met)
	maps.DeleteFunc(w.seen, func(_ string, x record.Instant) bool { return x < at && x != w.paged })
	return true
}

// crowd goes through the second that the list does not show whole, in its other order. Nothing is claimed
// of it that the list itself will not claim later.
func (w *listWalk) crowd(yield func(listed, error) bool) bool {
	second := w.crowded
	if w.crowded = 0; w.of == nil {
		return true
	}
	for p, err := range w.of(second).pages(w.ctx, 0, "") {
		if err != nil {
			yield(listed{}, err)
			return false
		}
		p.through, p.mark, p.total = 0, "", 0
		p.objects = slices.DeleteFunc(p.objects, func(o issueObject) bool {
			at, _ := instant(w.date(&o))
			was, ok := w.seen[text(o.id)]
			return ok && was == at
		})
		if !yield(p, nil) {
			return false
		}
	}
	return true
}

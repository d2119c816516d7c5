package site

// What happened to an item: its stages as a bar, its events as a list, its pages as a table.

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// life draws the stages that the item went through, as long as they took. It says nothing that the
// list below it does not.
func (b *builder) life(s *sheet, it *analysis.Item) {
	const width = 1000
	end := cmp.Or(it.Finished, it.Until)
	if len(it.Stages) < 2 || end <= it.Created {
		return
	}
	s.raw(`<svg class="life" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">`)
	at := func(t record.Instant) int {
		return int(float64(min(max(t, it.Created), end)-it.Created) / float64(end-it.Created) * width)
	}
	for i, step := range it.Stages {
		to := end
		if i+1 < len(it.Stages) {
			to = it.Stages[i+1].At
		}
		x, w := at(step.At), at(to)-at(step.At)
		if w > 0 && step.Is != nil {
			s.raw(`<rect class="slot-`, b.palette.Stage(step.Is), `" height="12" x="`).number(x).raw(`" width="`).number(w).raw(`"/>`)
		}
	}
	s.raw("</svg>\n")
}

// event is one thing that happened.
type event struct {
	at   record.Instant
	slot string
	what string
	name string // of foreign origin, or of the policy

	// In a timeline of several tellers: who tells it, of what, and whether only the day is known.
	from  string
	of    string
	atDay bool
}

// mostEvents is how many an entry lists: an item that a bot has moved a thousand times is still one.
const mostEvents = 60

// events appends what the tracker tells of an item, in no order.
func (b *builder) events(es []event, it *analysis.Item) []event {
	es = append(es, event{at: it.Created, what: "Created"})
	for i, st := range it.Stages {
		if st.Is == nil {
			continue
		}
		e := event{at: st.At, slot: b.palette.Stage(st.Is), name: st.Is.Name}
		if i == 0 {
			e.what = "in "
		}
		es = append(es, e)
	}
	for i, c := range it.Classes {
		if i > 0 {
			es = append(es, event{at: c.At, from: fromPolicy, slot: b.palette.Class(c.Is), what: "Class: ", name: c.Is.Title()})
		}
	}
	for i, v := range it.Severities {
		if i == 0 {
			continue
		}
		e := event{at: v.At, from: fromPolicy, slot: "unclassified", what: "No severity"}
		if v.Is > 0 {
			e = event{at: v.At, from: fromPolicy, slot: b.palette.Slot("severity", fmt.Sprint(v.Is), 0), name: b.severityName(v.Is)}
		}
		es = append(es, e)
	}
	if it.Responded != 0 {
		es = append(es, event{at: it.Responded, from: fromPolicy, what: "Responded"})
	}
	for _, t := range it.Reopened {
		es = append(es, event{at: t, what: "Reopened"})
	}
	if it.Finished != 0 {
		es = append(es, event{at: it.Finished, what: "Finished"})
	}
	return es
}

// happened writes what happened to the item, oldest first.
func (b *builder) happened(s *sheet, it *analysis.Item) {
	var room [16]event
	es := b.events(room[:0], it)
	slices.SortStableFunc(es, func(x, y event) int { return cmp.Compare(x.at, y.at) })
	s.raw("<h2>What happened</h2>\n<ol class=\"story\">\n")
	cut := max(0, len(es)-mostEvents)
	var last record.Instant
	for i, e := range es {
		if i > 1 && i < 1+cut {
			continue
		}
		if i == 1 && cut > 0 {
			s.raw("<li>… ").number(cut).raw(" events are left out here …")
			continue
		}
		if e.at == last && i > 0 {
			s.raw(", ")
		} else {
			s.raw("<li>").moment(e.at).raw(" ")
		}
		last = e.at
		if e.slot != "" {
			s.raw(e.what).tag(e.slot, e.name)
		} else {
			s.raw(e.what)
		}
	}
	s.raw("\n</ol>\n")
}

// pages writes the alerts that went out for the item.
func (b *builder) pages(s *sheet, it *analysis.Item) {
	if len(it.Pages) == 0 {
		return
	}
	s.raw("<h2>").text(count(len(it.Pages), "page", "pages")).raw("</h2>\n")
	cut := b.writePageTable(s, "Pages", it.Pages, mostPages, false)
	if cut != "" {
		s.raw(`<p class="detail">`).text(cut).raw("</p>\n")
	}
}

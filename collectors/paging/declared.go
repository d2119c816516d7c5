package paging

// Incidents that somebody declares: incident.io, Rootly and FireHydrant. They are read as pages, because
// to declare one is what calls people in such a tool, at the instant that it was created; when the harm
// began, which is often written down afterwards, is an event of it. Where a pager woke them before that,
// its page and this one are of one fire, and analysis joins them as any other two.
//
// What called nobody is left out and counted: tests and tutorials, maintenance, and incidents written down
// when all was over.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// Why an incident is left out.
const (
	leftDrill       = "test or drill"
	leftMaintenance = "planned maintenance"
	leftAfterwards  = "written down afterwards"
	leftPart        = "part of another incident"
	leftEvent       = "alert of an incident"
)

// listed counts what a file holds of a service's list, against what its answers say that there is.
type listed struct {
	*file
	what     string // "FireHydrant incidents"
	n, total int
	answers  int
	next     string // that the last answer names
}

// answered takes what an answer says of the list: how many there are, and the next answer's address.
func (l *listed) answered(total int, next string) {
	l.total, l.next = max(l.total, total), next
	l.answers++
}

func (l *listed) end() {
	switch p := (exports.Piece{List: l.what, Read: l.n, Total: l.total}); {
	case l.answers == 0:
	case l.total > 0 && l.n > 0:
		l.Piece(p)
	case l.total == 0:
		p.Next = l.next
		l.Piece(p)
	}
}

// milestone is a step of an incident on its way, as these tools name them. Without an id of its own it goes
// by its name: such a step is taken once.
func milestone(p *record.Page, id, name string, at record.Instant) {
	if at == 0 {
		return
	}
	e := record.Event{ID: cmp.Or(id, name), At: at, Kind: record.EventChanged, How: name}
	switch name {
	case "acknowledged", "accepted":
		e.Kind, e.How = record.EventAcknowledged, ""
		if p.Acked == 0 || at < p.Acked {
			p.Acked = at
		}
	case "resolved":
		e.Kind, e.How = record.EventResolved, ""
		p.Resolved = max(p.Resolved, at)
	}
	p.Events = append(p.Events, e)
}

// declared hands over an incident, once its milestones are known.
func (o object) declared(p record.Page, over bool) {
	slices.SortStableFunc(p.Events, func(a, b record.Event) int { return cmp.Compare(a.At, b.At) })
	if over && p.Resolved == 0 && p.Triggered != 0 && p.ID != "" {
		o.doubt("incident %s is over, but does not say when it was resolved; read as open", p.ID)
	}
	o.page(o.place, p)
}

// firstWord is the first of several words that says something and is no word for nothing.
func firstWord(words ...string) string {
	for _, w := range words {
		if w != "" && !strings.EqualFold(w, "unset") && !strings.EqualFold(w, "none") && !strings.EqualFold(w, "unknown") {
			return w
		}
	}
	return ""
}

// asRows reads a CSV whose columns are called as the members of the tool's JSON are. Spaces and capital
// letters in their names count for nothing.
func asRows(objects func(*file) objectReader) func(*file) rowReader {
	return func(f *file) rowReader { return rowObjects{f, objects(f)} }
}

type rowObjects struct {
	*file
	reader objectReader
}

func (r rowObjects) row(row row) {
	if row.ragged() {
		return
	}
	r.reader.object(row.object(r.file, memberName), "")
}

func (r rowObjects) end() { r.reader.end() }

func memberName(column string) string { return strings.ReplaceAll(lower(column), " ", "_") }

package paging

// Files as a source: which export a file is, and what every reader of one shares.

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// version is of all readers: files read by an older one are read again.
const version = "paging/2"

// Files is exported pages and shifts as a source, whatever tool they are of.
type Files struct {
	Tracker string         // the name that the records carry
	Tool    string         // whose exports they must be: a name of [Tools]; "" is any, told by what is in each
	Zone    *time.Location // of times without one; nil doubts them as UTC
	Role    string         // of the shifts of calendars; "" is told by the words in them
	Mapping *Mapping       // how to read a CSV or JSON of no tool at all; nil reads the formats of [Tools]
	exports.Set
}

// Fetch yields the records of the files that since doesn't know; see [exports.Set.Fetch].
func (s Files) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	zone := "none"
	if s.Zone != nil {
		zone = s.Zone.String()
	}
	year := s.Latest.Time().Year() // calendars reach only so far into the future: see ical.go
	s.Options = fmt.Sprintf("%s %s %s %s %s %s %d", version, s.Tracker, s.Tool, zone, s.Mapping, s.Role, year)
	return s.Set.Fetch(ctx, since, s.read)
}

// format is one kind of export of one tool. Everything that tells it from others is here; the table of
// them is formats.
type format struct {
	tool string // the name of the tool: what `kind:` of firebreak.yaml says
	name string // of the export, for people: "pagerduty report"

	// How it is recognised, and read, where it is a CSV: by its header. The first format that holds wins.
	table func(table) bool
	rows  func(*file) rowReader

	// The same where it is JSON: by one of its objects, and by the member of a page that it stands in
	// ("" for the elements of an array, lines, and single objects). members are those that hold records.
	members []string
	holds   func(o object, member string) bool
	objects func(*file) objectReader

	// Where it is an iCalendar text, it is read whole; see [exports.File.Text].
	calendar func(*file)
}

// rowReader takes the rows of one file, after its header.
type rowReader interface {
	row(row)
	end() // the file is over, or another header begins
}

// objectReader takes the objects of one file.
type objectReader interface {
	object(o object, member string)
	rest(object) // what is left of a page once its records were taken out: totals, zones, "more"
	end()
}

// Tools are the names of the tools whose exports are read, in order.
func Tools() []string {
	var names []string
	for _, f := range formats() {
		if !slices.Contains(names, f.tool) {
			names = append(names, f.tool)
		}
	}
	slices.Sort(names)
	return names
}

// formats is the table of every export that can be read. One format's file is one tool's.
func formats() []format {
	return slices.Concat[[]format](
		// a line for each tool: its formats, in its own file
		opsgenieFormats,
		splunkFormats,
		grafanaFormats,
		alertmanagerFormats,
		pagerDutyFormats(),
		incidentIOFormats(),
		rootlyFormats(),
		fireHydrantFormats(),
		squadcastFormats(),
		icalFormats(),
	)
}

// file is one file while it is read.
type file struct {
	sheet
	tracker string
	role    string         // of the source's shifts, "" if it says none
	latest  record.Instant // see [exports.Set]
	told    tellings
	moves   bool // it tells one page in several states, each as it came: messages, not a table. No two contradict each other
}

// page hands over a page, unless it cannot be one, and doubts what cannot be: an end before the beginning,
// an answer before the question, an id that is told twice and not the same. What is doubted is read as
// never, and nothing is guessed in its place. It is for whole pages; a log alone goes to [file.log].
func (f *file) page(place string, p record.Page) {
	p.Tracker = f.tracker
	shorten(&p)
	switch {
	case len(p.ID) > textLimit:
		f.Left("unreadable")
		f.Doubt(place, "left out: its id is %d bytes long", len(p.ID))
		return
	case p.ID == "":
		f.Left("unreadable")
		f.Doubt(place, "left out: it has no id")
		return
	case p.Triggered == 0:
		f.Left("unreadable")
		f.Doubt(place, "left out: page %s does not say when it was triggered", p.ID)
		return
	}
	if before := f.told.again(place, &p); before != "" && !f.moves {
		f.Doubt(place, "page %s is in %s as well, and not the same; merged, by the first acknowledgement and the last resolution", p.ID, before)
	}
	if p.Acked != 0 && p.Acked < p.Triggered {
		f.Doubt(place, "page %s was acknowledged at %s, before it was triggered at %s; read as never", p.ID, p.Acked, p.Triggered)
		p.Acked, p.AckedBy = 0, nil
	}
	if p.Acked == 0 {
		p.AckedBy = nil
	}
	if p.Resolved != 0 && p.Resolved < p.Triggered {
		f.Doubt(place, "page %s was resolved at %s, before it was triggered at %s; read as open", p.ID, p.Resolved, p.Triggered)
		p.Resolved = 0
	}
	if p.Resolved == 0 {
		p.ResolvedBy, p.AutoClosed = record.Person{}, false
	}
	p.Updated = cmp.Or(p.Updated, max(p.Triggered, p.Acked, p.Resolved)) // the newest of what it can know
	f.Page(p)
}

// textLimit is how many bytes of a page's texts are kept. Nobody reads more of a title, and a log that was pasted
// into one is not to fill the ledger and the wiki.
const textLimit = 1000

// shorten cuts the texts of a page. An address that is cut leads nowhere, and an id is another one.
func shorten(p *record.Page) {
	for _, s := range []*string{&p.Number, &p.Title, &p.Service, &p.Key, &p.Urgency} {
		if len(*s) > textLimit {
			*s = strings.Clone(excerpt(*s, textLimit))
		}
	}
	if len(p.URL) > 2*textLimit {
		p.URL = ""
	}
	for i := range p.Events {
		p.Events[i].How = excerpt(p.Events[i].How, textLimit)
	}
	long := func(s string) bool { return len(s) > 2*textLimit }
	if slices.ContainsFunc(p.Issues, long) {
		p.Issues = slices.DeleteFunc(slices.Clone(p.Issues), long)
	}
}

// numbered is the id of a page that its tool knows by a number: with the tool's name, as pages of several tools
// may lie in one folder, and each of them counts from 1. It ends in "-" and the number, which analysis knows it by
// where another export of the tool gives the page's own id.
func numbered(tool, number string) string {
	if number == "" {
		return ""
	}
	return tool + "-" + number
}

// log hands over what happened to a page that this file does not tell of otherwise.
func (f *file) log(id string, events ...record.Event) {
	if id != "" && len(events) > 0 {
		p := record.Page{Ref: record.Ref{ID: id}, Events: events}
		recount(&p)
		f.part(p)
	}
}

// part hands over what is known of a page that this file does not tell: Triggered is 0.
func (f *file) part(p record.Page) {
	p.Tracker = f.tracker
	if shorten(&p); len(p.ID) > textLimit {
		f.Left("unreadable")
		return
	}
	f.Page(p)
}

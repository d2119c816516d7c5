package paging

// A CSV or JSON of no tool that is known: which of its columns is what, by `columns:` of firebreak.yaml.
//
// Home-made scripts, spreadsheets and status pages are all a table of what happened and when. The columns
// are named, so nothing about them is guessed: a name that the file has not got is a gap that lists what it
// has. Where there is no column of ids, a page goes by when it began, its service and its title.
//
// A status page tells an incident as a list of updates in one cell, as JSON, newest first or last. The
// oldest update began it, the latest one that is titled "Resolved" ended it, and the others are notes.

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// Mapping says what the columns of a CSV, or the members of JSON objects (a path with dots), mean.
type Mapping struct {
	Columns map[string]string // a name of [MappingNames] to theirs

	// Layout is of times, in Go's notation, tried first; "" tries the known ones. Words before the time
	// are passed over, and MST in it stands for an abbreviation that the source's zone has.
	Layout string
}

// MappingNames are what a column may be. Those of updates name members of the updates' objects.
func MappingNames() []string {
	return []string{"id", "number", "title", "service", "urgency", "key", "origin", "triggered", "acknowledged", "acknowledged_by",
		"resolved", "resolved_by", "auto_resolved", "escalated", "url", "issue", "updates", "updates.at", "updates.title"}
}

// LayoutOmits is what a layout of times in Go's notation does not tell: "the year", "the month", "the day".
// Without each of them no cell is an instant.
func LayoutOmits(layout string) []string {
	at := time.Date(2001, 9, 11, 12, 0, 0, 0, time.UTC)
	var omits []string
	for _, part := range []struct {
		name  string
		other time.Time
	}{{"the year", at.AddDate(7, 0, 0)}, {"the month", at.AddDate(0, 2, 0)}, {"the day", at.AddDate(0, 0, 7)}} {
		if at.Format(layout) == part.other.Format(layout) {
			omits = append(omits, part.name)
		}
	}
	return omits
}

// String is everything that a file was read under.
func (m *Mapping) String() string {
	if m == nil {
		return ""
	}
	return fmt.Sprint(m.Columns, " ", m.Layout) // in the order of the names
}

// mapped is one file while it is read by a mapping.
type mapped struct {
	*file
	*Mapping
	bare bool // that there are no ids was said

	// Of members of JSON objects: which of ours some object had, and the names that the first ones had.
	met    map[string]bool
	firsts [2][]string // of the records, and of their updates
}

func (m *Mapping) read(f *file) {
	x := &mapped{file: f, Mapping: m}
	f.Kind("pages by columns")
	if f.otherwise = ", and `layout:` in firebreak.yaml can say how to read it, such as layout: 02.01.2006 15:04"; m.Layout != "" {
		f.otherwise = fmt.Sprintf(", nor one in the layout %q of firebreak.yaml", m.Layout)
	}
	n := 0
	if f.Format() == exports.JSON {
		for v := range f.JSON("incidents", "alerts", "pages", "data", "items", "results", "values") {
			if o := newObject(f, v.Place(), v.JSON); !v.Page {
				n++
				x.meet(o, false)
				x.page(v.Place(), func(theirs string) (string, jsontext.Value) {
					path := o.path(theirs)
					return o.text(path...), o.value(path...)
				})
			}
		}
	} else {
		for r := range f.Rows() {
			switch {
			case f.column == nil:
				if f.sheet.table = newTable(r.Cells); !x.header(r) {
					return
				}
			case !f.repeats(r.Cells):
				n++
				w := row{&f.sheet, r}
				if w.ragged() {
					continue
				}
				x.page(r.Place(), func(theirs string) (string, jsontext.Value) {
					s := w.text(lower(theirs))
					return s, jsontext.Value(s)
				})
			}
		}
	}
	x.strange()
	f.empty(n)
}

// path leads to a member: through the objects that dots name, unless a member's own name has the dots.
func (o object) path(name string) []string {
	if o.has(name) {
		return []string{name}
	}
	return strings.Split(name, ".")
}

// leads says whether there is a member at the end of the path, if it be null.
func (o object) leads(path []string) bool {
	last := len(path) - 1
	if last > 0 {
		o = o.in(path[:last]...)
	}
	return o.has(path[last])
}

// meet notes which of the members that the mapping names an object has: a record, or one of its updates.
func (x *mapped) meet(o object, update bool) {
	level := 0
	if update {
		level = 1
	}
	if x.firsts[level] == nil {
		x.firsts[level] = o.names()
	}
	for ours, theirs := range x.Columns {
		if strings.HasPrefix(ours, "updates.") == update && !x.met[ours] && o.leads(o.path(theirs)) {
			if x.met == nil {
				x.met = map[string]bool{}
			}
			x.met[ours] = true
		}
	}
}

// strange says which members the mapping names and no object of the file has: misspelled, they would be read as
// never told.
func (x *mapped) strange() {
	for level, what := range [...]string{"records", "updates"} {
		var missing []string
		for _, ours := range MappingNames() {
			theirs, named := x.Columns[ours]
			if named && strings.HasPrefix(ours, "updates.") == (level == 1) && !x.met[ours] {
				missing = append(missing, fmt.Sprintf("%s: %q", ours, theirs))
			}
		}
		if len(missing) > 0 && x.firsts[level] != nil {
			x.Gap("members of its "+what, fmt.Sprintf("`columns:` of firebreak.yaml names %s, which none of them has; the first has %s",
				strings.Join(missing, ", "), excerpt(strings.Join(x.firsts[level], ", "), 300)))
		}
	}
}

// header says whether the file has what the mapping names.
func (x *mapped) header(r exports.Row) bool {
	var missing []string
	for _, ours := range MappingNames() {
		theirs, named := x.Columns[ours]
		if named && !strings.HasPrefix(ours, "updates.") && !x.has(theirs) {
			missing = append(missing, fmt.Sprintf("%s: %q", ours, theirs))
		}
	}
	if missing == nil {
		return true
	}
	if !x.Meant() {
		x.Skipped("a text", "no export")
		return false
	}
	x.Gap("pages", fmt.Sprintf("`columns:` of firebreak.yaml names %s, and the file's columns are %s",
		strings.Join(missing, ", "), excerpt(strings.Join(x.names, ", "), 300)))
	return false
}

// page reads one page; get gives what a column or member of theirs says, as text and as JSON.
func (x *mapped) page(place string, get func(theirs string) (string, jsontext.Value)) {
	text := func(ours string) string {
		if theirs, named := x.Columns[ours]; named {
			s, _ := get(theirs)
			return s
		}
		return ""
	}
	p := record.Page{Ref: record.Ref{Tracker: x.tracker, ID: text("id")}, Number: text("number"), Title: text("title"), Service: text("service"),
		Urgency: text("urgency"), Key: text("key"), URL: text("url")}
	p.Triggered = x.when(place, "triggered", text("triggered"))
	p.Acked, p.Resolved = x.when(place, "acknowledged", text("acknowledged")), x.when(place, "resolved", text("resolved"))
	for _, who := range split(text("acknowledged_by")) {
		p.AckedBy = append(p.AckedBy, record.Person{Name: who})
	}
	p.ResolvedBy = record.Person{Name: text("resolved_by")}
	p.AutoClosed = yes(text("auto_resolved"))
	if e := text("escalated"); e != "" {
		p.Escalated = x.object(place, "escalated", e).count("escalated")
	}
	p.Issues = split(text("issue"))
	switch origin := strings.ToLower(text("origin")); origin {
	case "", record.ByMonitor, record.ByPerson:
		p.Origin = origin
	default:
		x.Doubt(place, "origin is %q, neither %s nor %s; read as not told", origin, record.ByMonitor, record.ByPerson)
	}
	if theirs, named := x.Columns["updates"]; named {
		_, v := get(theirs)
		x.updates(place, v, &p)
	}
	switch _, named := x.Columns["id"]; {
	case p.ID != "":
	case p.Triggered == 0:
		x.Left("unreadable")
		x.Doubt(place, "left out: a page without an id does not say when it was triggered")
		return
	default:
		if named {
			x.Doubt(place, "it has no id; it goes by when it began, its service and title, and counts twice where its title is mended")
		} else if !x.bare {
			x.bare = true
			x.Doubt(place, "no column is named as id; pages go by when they began, their service and title, and one whose title is mended counts twice")
		}
		h := fnv.New64a()
		fmt.Fprintf(h, "%d\x00%s\x00%s", p.Triggered, p.Service, p.Title)
		p.ID = fmt.Sprintf("%016x", h.Sum64())
	}
	x.file.page(place, p)
}

func yes(s string) bool {
	return slices.Contains([]string{"1", "true", "yes", "y"}, strings.ToLower(s))
}

// updates reads what a status page said of an incident, and when.
func (x *mapped) updates(place string, v jsontext.Value, p *record.Page) {
	if len(v) == 0 {
		return
	}
	if !v.IsValid() || v.Kind() != '[' {
		x.Doubt(place, "its updates are no JSON list; read without them")
		return
	}
	for i, u := range x.object(place, "updates", v).list("updates") {
		x.meet(u, true)
		at := x.when(place, "updates.at", u.text(x.Columns["updates.at"]))
		if at == 0 {
			continue
		}
		title := u.text(x.Columns["updates.title"])
		e := record.Event{ID: fmt.Sprintf("%s %d", at, i), At: at, Kind: record.EventNoted, How: title}
		if strings.EqualFold(title, "resolved") {
			e.Kind, e.How = record.EventResolved, ""
			if _, named := x.Columns["resolved"]; !named {
				p.Resolved = max(p.Resolved, at)
			}
		}
		p.Events = append(p.Events, e)
		if _, named := x.Columns["triggered"]; !named && (p.Triggered == 0 || at < p.Triggered) {
			p.Triggered = at
		}
	}
	slices.SortStableFunc(p.Events, func(a, b record.Event) int { return cmp.Compare(a.At, b.At) })
}

// searched is how much of a cell is looked at for a time.
const searched = 200

// when is an instant in a cell, 0 for never.
func (x *mapped) when(place, column, s string) record.Instant {
	if s == "" {
		return 0
	}
	zone := x.zone
	if zone == nil {
		zone = time.UTC
	}
	if x.Layout != "" {
		for i := 0; i < min(len(s), searched); i++ {
			if i > 0 && s[i-1] != ' ' {
				continue
			}
			t, err := time.ParseInLocation(x.Layout, s[i:], zone)
			if err != nil {
				continue
			}
			// Of an abbreviation that the zone has not got, Go makes a zone without an offset.
			if name, offset := t.Zone(); t.Location() != zone && offset == 0 && strings.Contains(x.Layout, "MST") && name != "UTC" && name != "GMT" {
				x.Doubt(place, "%s is %q, and what %s is depends on where; say `zone:` of the source in firebreak.yaml, such as America/Los_Angeles; read as none", column, s, name)
				return 0
			}
			x.local(place, s, t.Location() == zone && !strings.Contains(x.Layout, "MST"))
			return record.At(t)
		}
	}
	return x.object(place, column, s).time(column)
}

// object is a value by itself under a name of ours, to be read as any member of a JSON object is.
func (x *mapped) object(place, name string, v any) object {
	text, _ := json.Marshal(map[string]any{name: v}) // a string, or JSON: there is no error
	return newObject(x.file, place, text)
}

// local doubts the first time without a zone, where the source names none.
func (x *mapped) local(place, s string, naive bool) {
	if naive && x.zone == nil && !x.naive {
		x.naive = true
		x.Doubt(place, "times such as %q have no zone and were read as UTC; say `zone:` of the source in firebreak.yaml", s)
	}
}

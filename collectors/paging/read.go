package paging

// Which export a file is: by what is in it, never by its name.

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/go-json-experiment/json/jsontext"
)

// read reads one file as the format that it is of.
func (s Files) read(x *exports.File) {
	f := &file{sheet: sheet{File: x, zone: s.Zone}, tracker: s.Tracker, role: s.Role, latest: s.Latest}
	switch {
	case s.Mapping != nil:
		s.Mapping.read(f)
	case x.Begins("BEGIN:VCALENDAR"):
		s.calendar(f)
	case x.Format() == exports.JSON:
		s.json(f)
	default:
		s.table(f)
	}
}

// ours are the formats that the source may be of, and others are those of other tools.
func (s Files) ours() (ours, others []format) {
	for _, ft := range formats() {
		if s.Tool == "" || ft.tool == s.Tool {
			ours = append(ours, ft)
		} else {
			others = append(others, ft)
		}
	}
	return ours, others
}

func (s Files) calendar(f *file) {
	ours, others := s.ours()
	is := func(ft format) bool { return ft.calendar != nil }
	if i := slices.IndexFunc(ours, is); i >= 0 {
		f.Kind(ours[i].name)
		ours[i].calendar(f)
	} else if i := slices.IndexFunc(others, is); i >= 0 {
		f.another(others[i].name, others[i].tool)
	} else {
		f.NoExport(s.advice())
	}
}

// another says that the file is an export of something else, and how that is read.
func (f *file) another(name, kind string) {
	f.Kind(name)
	f.Gap("pages", "it looks like "+name+"; read it with `kind: "+kind+"`")
}

// advice is what to do about a file that is no export known here.
func (s Files) advice() string {
	if s.Tool == "" {
		return "name the columns of an export of your own with `columns:` in firebreak.yaml"
	}
	var names []string
	ours, _ := s.ours()
	for _, ft := range ours {
		names = append(names, ft.name)
	}
	return "`kind: " + s.Tool + "` reads " + strings.Join(names, ", ")
}

// table reads a CSV.
func (s Files) table(f *file) {
	ours, others := s.ours()
	var reader rowReader
	var raw *dispatcher
	n := 0
	for r := range f.Rows() {
		switch {
		case f.column == nil:
			f.sheet.table = newTable(r.Cells)
			is := func(ft format) bool { return ft.table != nil && ft.table(f.sheet.table) }
			if i := slices.IndexFunc(ours, is); i >= 0 {
				f.Kind(ours[i].name)
				reader = ours[i].rows(f)
			} else if i := slices.IndexFunc(others, is); i >= 0 {
				f.another(others[i].name, others[i].tool)
				return
			} else if f.has("params") && f.has("data") && f.has("input") {
				raw = &dispatcher{Files: s, file: f}
			} else {
				s.strangeTable(f, r)
				return
			}
		case f.repeats(r.Cells):
			if reader != nil {
				reader.end()
			}
		case raw != nil:
			if !raw.cell(row{&f.sheet, r}) {
				return
			}
			n++
		default:
			reader.row(row{&f.sheet, r})
			n++
		}
	}
	switch {
	case reader != nil:
		reader.end()
	case raw != nil:
		raw.end()
	default: // no header
		return
	}
	f.empty(n)
}

// empty says so of an export that holds nothing, as nobody exports what is not there.
func (f *file) empty(n int) {
	if n == 0 && !f.Settled() {
		f.Doubt("", "the export holds no page")
	}
}

// strangeTable accounts for a file whose first row is the header of no format.
func (s Files) strangeTable(f *file, r exports.Row) {
	if name, kind := foreignTable(f.sheet.table); name != "" {
		f.another(name, kind)
		return
	}
	if len(r.Cells) < 3 || f.LastRow() || !f.Meant() { // a sentence with commas
		f.NoExport(s.advice())
		return
	}
	f.Kind("an unknown table")
	f.Gap("pages", "its columns are "+excerpt(strings.Join(f.names, ","), 200)+", and no known export has these; "+s.advice())
}

// json reads a JSON. Which of its members hold records is a matter of the format, so the first records
// are looked at before.
func (s Files) json(f *file) {
	d := &dispatcher{Files: s, file: f}
	var all []string
	for _, ft := range formats() {
		all = append(all, ft.members...)
	}
	all = append(all, elsewhere...)
	slices.Sort(all)
	all = slices.Compact(all)
	var members []string
	for _, m := range [][]string{all, nil} { // an object that holds a list of that name may be a record itself
		if d.glance(m) {
			members = m
			break
		}
	}
	if d.tool != "" {
		members = nil
		for _, ft := range formats() {
			if ft.tool == d.tool {
				members = append(members, ft.members...)
			}
		}
	}
	n := 0
	for v := range f.JSON(members...) {
		if !d.value(v.Place(), v.JSON, v.Member, v.Page) {
			return
		}
		if !v.Page {
			n++
		}
	}
	if d.end(); n == 0 && !f.Settled() {
		f.Kind("an empty list")
	}
	f.empty(n)
}

// glanced is how many records are looked at, at most: the first may be damaged.
const glanced = 20

// glance finds the tool that the file is of, from its first records, and says whether these members hold
// what there is of them: also where a service answered that there is nothing.
func (d *dispatcher) glance(members []string) (found bool) {
	d.Glance(func(x *exports.File) {
		f := &file{sheet: sheet{File: x}}
		n, records := 0, 0
		for v := range x.JSON(members...) {
			if o := newObject(f, "", v.JSON); !v.Page {
				records++
				if ft := which(formats(), o, v.Member); ft != nil {
					d.tool, found = ft.tool, true
				} else if name, _ := foreignObject(o, v.Member); name != "" || reference(o, v.Member) {
					found = true
				}
			}
			if n++; found || n == glanced {
				return
			}
		}
		found = n > 0 && records == 0
	})
	return found
}

// which is the format whose object this is, nil if of none.
func which(among []format, o object, member string) *format {
	for i := range among {
		if among[i].holds != nil && among[i].holds(o, member) {
			return &among[i]
		}
	}
	return nil
}

// dispatcher hands the objects of one file to the readers of their formats: what one call of a tool
// answers may hold incidents and their logs side by side.
type dispatcher struct {
	Files
	*file
	tool  string // that the file is of, as soon as it is known
	of    []format
	using []*using
	last  map[string]*using // by member
}

// using is a format that the file was found to hold.
type using struct {
	format
	reader objectReader
	fresh  bool // it was given records since the last page ended
}

// value takes the next object, and says whether to go on.
func (d *dispatcher) value(place string, v jsontext.Value, member string, page bool) bool {
	o := newObject(d.file, place, v)
	if page {
		d.rest(o)
		return true
	}
	if d.of == nil && !d.begin(o, member) {
		return false
	}
	u := d.last[member]
	if u == nil || !u.holds(o, member) {
		if ft := which(d.of, o, member); ft != nil {
			u = d.use(*ft)
		} else if u == nil { // its own reader says what is wrong with it
			u = d.use(d.nearest(member))
		}
		d.last[member] = u
	}
	u.fresh = true
	u.reader.object(o, member)
	return true
}

// begin settles whose export the file is by its first object, and says whether it is read.
func (d *dispatcher) begin(o object, member string) bool {
	if d.tool == "" {
		if ft := which(formats(), o, member); ft != nil {
			d.tool = ft.tool
		}
	}
	switch name, kind := foreignObject(o, member); {
	case d.tool == "" && reference(o, member):
		d.Skipped("names of teams, services or people", "reference data")
		return false
	case d.tool == "" && name != "":
		d.another(name, kind)
		return false
	case d.tool == "" && refusal(o):
		d.NoExport("it looks like the error message that a failed export saves; export it again")
		return false
	case d.tool == "":
		d.NoExport(d.advice())
		return false
	}
	for _, ft := range formats() {
		if ft.tool == d.tool && ft.objects != nil {
			d.of = append(d.of, ft)
		}
	}
	if d.Files.Tool != "" && d.Files.Tool != d.tool {
		ft := which(d.of, o, member)
		if ft == nil {
			nearest := d.nearest(member)
			ft = &nearest
		}
		d.another(ft.name, d.tool)
		return false
	}
	d.last = map[string]*using{}
	return true
}

// nearest is the format of a record that none knows: one that lives in such a member.
func (d *dispatcher) nearest(member string) format {
	i := slices.IndexFunc(d.of, func(ft format) bool { return slices.Contains(ft.members, member) })
	return d.of[max(i, 0)]
}

func (d *dispatcher) use(ft format) *using {
	for _, u := range d.using {
		if u.name == ft.name {
			return u
		}
	}
	u := &using{format: ft, reader: ft.objects(d.file)}
	d.using = append(d.using, u)
	var names []string
	for _, u := range d.using {
		names = append(names, u.name)
	}
	d.Kind(strings.Join(names, ", "))
	return u
}

// rest gives what is left of a page to the readers of its records.
func (d *dispatcher) rest(o object) {
	for _, u := range d.using {
		if u.fresh {
			u.reader.rest(o)
		}
		u.fresh = false
	}
}

func (d *dispatcher) end() {
	for _, u := range d.using {
		u.reader.end()
	}
}

// cell takes a row of a raw table of Apache DevLake (id, params, data, url, input, created_at), whose
// column data holds a service's JSON as it came.
func (d *dispatcher) cell(r row) bool {
	v := jsontext.Value(r.text("data"))
	if !json.Valid(v) || v.Kind() != '{' {
		r.leave("its data is no JSON object")
		return true
	}
	return d.value(r.Place(), v, "", false)
}

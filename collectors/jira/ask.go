package jira

// The fields asked for, and which of Jira's they are.

import (
	"maps"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// asking is one field asked for.
type asking struct {
	spec    string // an id or a name
	implied bool   // by default, so that its absence is nothing to speak of
	want    want
	met     bool // in the file being read
}

// askings are all fields asked for, in an order that is the same every night.
func (s *Files) askings() []*asking {
	var all []*asking
	for _, alias := range slices.Sorted(maps.Keys(s.Fields)) {
		all = append(all, &asking{spec: strings.TrimSpace(s.Fields[alias]), want: want{alias: alias, field: record.FieldCustom + alias}})
	}
	points := s.Points
	if len(points) == 0 {
		points = pointsNames
	}
	for _, spec := range points {
		all = append(all, &asking{spec: strings.TrimSpace(spec), implied: len(s.Points) == 0, want: want{points: true}})
	}
	for _, a := range all {
		a.want.met = &a.met
	}
	return all
}

// ask prepares the decoder for the fields asked for. Those given by name are looked up in the names
// that the file itself has, so that it doesn't matter which files were read before.
func (r *reader) ask(f *exports.File) {
	d := &r.dec
	d.fields, d.names = map[string][]want{}, map[string][]want{}
	var ids map[string]string
	if slices.ContainsFunc(r.asked, func(a *asking) bool { return !a.implied && !isFieldID(a.spec) }) {
		ids = fieldIDs(f)
	}
	for _, a := range r.asked {
		a.met = false
		d.names[a.spec] = append(d.names[a.spec], a.want)
		d.fields[a.spec] = append(d.fields[a.spec], a.want)
		if id := ids[strings.ToLower(a.spec)]; id != "" && id != a.spec {
			d.fields[id] = append(d.fields[id], a.want)
		}
	}
}

func isFieldID(spec string) bool {
	n, ok := strings.CutPrefix(spec, "customfield_")
	return ok && n != "" && digits([]byte(n)) >= 0
}

// fieldIDs are the ids of fields by their names in lower case, as a file tells them that was exported
// with expand=names: at the end of a page, or inside of an issue. Of a list of issues without a page the
// first one is asked.
func fieldIDs(f *exports.File) map[string]string {
	ids := map[string]string{}
	f.Glance(func(f *exports.File) {
		var d decoder
		s := &d.s
		for v := range f.JSON("issues") {
			if v.Member != "" {
				continue
			}
			s.reset(v.JSON)
			for s.enter('{'); s.member(); {
				if string(s.name) != "names" || !s.enter('{') {
					if string(s.name) != "names" {
						s.skip()
					}
					continue
				}
				for s.member() {
					id := string(s.name)
					if name := strings.ToLower(d.str()); name != "" && (ids[name] == "" || id < ids[name]) {
						ids[name] = id
					}
				}
			}
			return
		}
	})
	return ids
}

// sayMissed doubts the fields asked for that a file doesn't have: once for each, in the first such file.
func (r *reader) sayMissed(f *exports.File) {
	pointsMet := slices.ContainsFunc(r.asked, func(a *asking) bool { return a.met && a.want.points })
	for _, a := range r.asked {
		if a.met || a.implied || r.missed[a.spec] || a.want.points && pointsMet {
			continue
		}
		r.missed[a.spec] = true
		what := a.want.alias
		if a.want.points {
			what = "points"
		}
		if isFieldID(a.spec) {
			f.Doubt("", "none of its issues has the field %s that %q is read from", a.spec, what)
			continue
		}
		f.Doubt("", "none of its issues has a field %q that %q is read from; give the field's id (customfield_…), or export with expand=names", a.spec, what)
	}
}

package jira

// The fields that a site has, and which of them are meant by firebreak.yaml.

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// field is one field of a site.
type field struct {
	id, name string
	custom   bool
	schema   string // schema.custom: which plug-in made it
	kind     string // schema.type
	items    string // schema.items: of what it is an array
}

// coreFields are what is read of every issue. Never "*all": a page of everything is ten times as large,
// and Jira answers with fewer issues in it.
var coreFields = []string{"summary", "issuetype", "project", "status", "priority", "resolution", "resolutiondate",
	"created", "updated", "duedate", "reporter", "assignee", "labels", "components", "fixVersions", "description",
	"issuelinks", "parent", "comment", "worklog"}

// pointsSchema is the schema.custom of "Story point estimate", whatever a site in another language calls
// it. The older "Story Points" is an ordinary number field and is known by its name only. (From public
// field lists; unconfirmed against a live site.)
const pointsSchema = "com.pyxis.greenhopper.jira:jsw-story-points"

// fields asks which fields there are, and prepares the reading of those that are meant.
func (s *session) fields(ctx context.Context) error {
	all, err := s.catalog(ctx)
	if err != nil {
		if !refusedWith(err, http.StatusForbidden, http.StatusNotFound) {
			return err
		}
		s.doubt("field", "the list of fields cannot be read, so that only fields given by id are found: %v", err)
	}
	for _, d := range s.resolve(all) {
		s.doubt("field", "%s", d)
	}
	return nil
}

func (s *session) catalog(ctx context.Context) ([]field, error) {
	v, err := s.ask(ctx, "GET", "field", nil, nil)
	if err != nil {
		return nil, err
	}
	all, ok := readCatalog(&s.dec, v)
	if !ok {
		return nil, s.other("GET", "field", v, "a list of fields")
	}
	return all, nil
}

func readCatalog(d *decoder, v jsontext.Value) (all []field, ok bool) {
	s := &d.s
	s.reset(v)
	if !s.enter('[') {
		return nil, false
	}
	for s.element() {
		if !s.enter('{') {
			continue
		}
		var f field
		for s.member() {
			switch string(s.name) {
			case "id":
				f.id = d.str()
			case "name":
				f.name = d.str()
			case "custom":
				f.custom = s.kind() == 't'
				s.skip()
			case "schema":
				if !s.enter('{') {
					continue
				}
				for s.member() {
					switch string(s.name) {
					case "custom":
						f.schema = d.str()
					case "type":
						f.kind = d.word()
					case "items":
						f.items = d.word()
					default:
						s.skip()
					}
				}
			default:
				s.skip()
			}
		}
		if f.id != "" {
			all = append(all, f)
		}
	}
	return all, len(all) > 0
}

// resolve finds the fields that firebreak.yaml means among those that there are, and prepares the
// decoder for them. It says which cannot be found, and which names several fields have.
func (s *session) resolve(all []field) (doubts []string) {
	d := &s.dec
	d.fields, d.names, d.slas = map[string][]want{}, map[string][]want{}, map[string]string{}
	names := map[string]string{}
	for _, f := range all {
		names[f.id] = f.name
		if f.schema == slaSchema {
			d.slas[f.id] = f.name
		}
	}
	met := new(bool)
	mean := func(id string, w want) {
		w.met = met
		d.fields[id] = append(d.fields[id], w)
		if n := names[id]; n != "" && !slices.Contains(d.names[n], w) { // histories of Data Center have names only
			d.names[n] = append(d.names[n], w)
		}
	}
	for _, alias := range slices.Sorted(maps.Keys(s.l.Fields)) {
		ids, doubt := find(all, s.l.Fields[alias], alias)
		doubts = append(doubts, doubt...)
		for _, id := range ids {
			mean(id, want{alias: alias, field: record.FieldCustom + alias})
		}
	}
	for _, id := range s.pointsFields(all, &doubts) {
		mean(id, want{points: true})
	}
	s.wanted = slices.Clone(coreFields)
	for _, more := range [][]string{slices.Sorted(maps.Keys(d.fields)), slices.Sorted(maps.Keys(d.slas))} {
		for _, id := range more {
			if !slices.Contains(s.wanted, id) {
				s.wanted = append(s.wanted, id)
			}
		}
	}
	return doubts
}

// pointsFields are the fields that hold story points: those configured, or else those of Jira itself.
func (s *session) pointsFields(all []field, doubts *[]string) (ids []string) {
	for _, spec := range s.l.Points {
		found, doubt := find(all, spec, "points")
		*doubts = append(*doubts, doubt...)
		ids = append(ids, found...)
	}
	if len(s.l.Points) == 0 {
		for _, f := range all {
			if isPoints(f) {
				ids = append(ids, f.id)
			}
		}
		slices.Sort(ids) // of several with a value the last counts: the same one every night
	}
	return ids
}

func isPoints(f field) bool {
	return f.custom && (f.schema == pointsSchema ||
		slices.ContainsFunc(pointsNames, func(n string) bool { return strings.EqualFold(n, f.name) }))
}

// find is the ids of the fields that an id or a name means. An id that is not in the list is asked for
// all the same: the list has only what the account may see in some project.
func find(all []field, spec, whatFor string) (ids, doubts []string) {
	spec = strings.TrimSpace(spec)
	byID := slices.IndexFunc(all, func(f field) bool { return f.id == spec })
	if byID >= 0 || isFieldID(spec) {
		if byID < 0 && len(all) > 0 {
			doubts = append(doubts, fmt.Sprintf("%q is read from %s, which is not among the fields that the account can see; `firebreak doctor` lists them", whatFor, spec))
		}
		return []string{spec}, doubts
	}
	for _, f := range all {
		if strings.EqualFold(strings.TrimSpace(f.name), spec) {
			ids = append(ids, f.id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	switch {
	case len(ids) == 0 && len(all) > 0:
		doubts = append(doubts, fmt.Sprintf("%q is read from a field %q, and the site has none of that name; `firebreak doctor` lists its fields", whatFor, spec))
	case len(ids) > 1:
		doubts = append(doubts, fmt.Sprintf("%q is read from a field %q, and %d fields have that name (%s): of an issue with several of them, one that has a value counts; give one's id if it is meant alone",
			whatFor, spec, len(ids), strings.Join(ids, ", ")))
	}
	return ids, doubts
}

// category fills in what a status is where the issue's own answer does not say, from the site's list of
// statuses. Names are in the language of the site, so that it goes by id; a status that was deleted is
// not in the list. Jira answers with each issue's category, and the list is not asked for until one is
// missing.
func (s *session) category(ctx context.Context, st *record.Status) error {
	if st.ID == "" {
		return nil
	}
	if s.statuses == nil {
		s.statuses = map[string]string{}
		all, err := s.statusList(ctx)
		if err != nil && !refusedWith(err, http.StatusForbidden, http.StatusNotFound) {
			return err
		}
		for _, o := range all {
			s.statuses[o.ID] = o.Category
		}
	}
	st.Category = s.statuses[st.ID]
	return nil
}

// statusList is the site's statuses.
func (s *session) statusList(ctx context.Context) ([]record.Status, error) {
	v, err := s.ask(ctx, "GET", "status", nil, nil)
	if err != nil {
		return nil, err
	}
	all, ok := readStatuses(&s.dec, v)
	if !ok {
		return nil, s.other("GET", "status", v, "a list of statuses")
	}
	return all, nil
}

func readStatuses(d *decoder, v jsontext.Value) (all []record.Status, ok bool) {
	s := &d.s
	s.reset(v)
	if !s.enter('[') {
		return nil, false
	}
	for s.element() {
		var st record.Status
		if d.status(&st) {
			all = append(all, st)
		}
	}
	return all, true
}

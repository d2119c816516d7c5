package site

// The order in which a wiki is made, and what the files of this package share while they make it.

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/site/chart"
)

type builder struct {
	Input
	report  *analysis.Report
	policy  *analysis.Policy
	zone    *time.Location
	theme   *theme
	palette *chart.Palette
	tree    Tree

	places    map[string]bool                             // of every entry but the items', which follow from their keys
	moved     map[*analysis.Item]string                   // items whose key another item of the same tracker has too
	incidents map[*analysis.Item]string                   // places of the incident entries
	told      map[*analysis.Item][]*postmortem.Postmortem // the postmortems about an item
	texts     *library
	suggested map[*analysis.Item][]*analysis.Suggestion
	weeks     []analysis.Week               // oldest first; there is always the one that as-of lies in
	about     map[string][]strict.Complaint // those of the input, by file of the content folder
	docs      []doc                         // for the search
}

func newBuilder(in Input) (*builder, error) {
	if in.Report == nil || in.Report.Night == nil || in.Report.Policy == nil {
		return nil, errors.New("site: a wiki needs a report with its policy")
	}
	if in.Theme == nil {
		return nil, errors.New("site: a wiki needs a theme")
	}
	t, err := readTheme(in.Theme)
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	b := &builder{Input: in, report: in.Report, policy: in.Report.Policy, theme: t, zone: cmp.Or(in.Report.Zone, time.UTC)}
	b.Title = cmp.Or(in.Title, b.policy.Team.Name, "firebreak")
	b.palette = chart.NewPalette(b.policy)
	b.about = map[string][]strict.Complaint{}
	for _, c := range in.Complaints {
		file := strings.TrimPrefix(c.File, in.ContentName)
		b.about[file] = append(b.about[file], c)
	}
	return b, nil
}

// build makes one kind of entry after another. Places are settled before anything is written, so that
// every link can be checked when it is made.
func (b *builder) build() (*Tree, error) {
	b.weeks = b.report.Weeks()
	b.settle()
	if err := b.readTexts(); err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	for _, entries := range []func() error{
		b.home, b.metrics, b.beforeAfter, b.classes, b.items, b.itemLists, b.incidentEntries, b.onCallEntry, b.weekEntries, b.moleEntry, b.patternEntry, b.postmortems, b.improvements,
		b.policies, b.playbook, b.changes, b.sources, b.definitions, b.lost, b.calendars, b.data, b.search, func() error { return b.theme.static(&b.tree) },
	} {
		if err := entries(); err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
	}
	if err := b.tree.sort(); err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	if err := b.check(); err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	return &b.tree, nil
}

// sections are the navigation, in order.
var sections = []struct{ id, title, place string }{
	{"home", "Today", homePlace},
	{"metrics", "Metrics", metricsPlace},
	{"items", "Items", itemsPlace},
	{"classes", "Classes", classesPlace},
	{"oncall", "On call", onCallPlace},
	{"incidents", "Incidents", incidentsPlace},
	{"postmortems", "Postmortems", postmortemsPlace},
	{"improvements", "Improvements", improvementsPlace},
	{"policies", "Policies", policiesPlace},
	{"playbook", "Playbook", playbookPlace},
}

// shell is the shell of entries at a place.
func (b *builder) shell(place, section string, charts bool) (shell, error) {
	if s, ok := b.theme.shells[shellKey{root(place), section, charts}]; ok {
		return s, nil
	}
	return b.theme.cut(b.view(root(place), section, charts))
}

// view is what shell.html is given.
func (b *builder) view(root, section string, charts bool) shellView {
	v := shellView{
		Root: root, Wiki: b.Title, Section: section, Charts: charts,
		AsOf: b.asOf(), AsOfISO: b.report.AsOf.String(), Colophon: "Made by firebreak " + b.Version,
	}
	if b.Version == "" {
		v.Colophon = "Made by firebreak"
	}
	for _, s := range sections {
		v.Nav = append(v.Nav, navView{Title: s.title, Href: v.Root + s.place, Here: s.id == section})
	}
	return v
}

func (b *builder) asOf() string {
	return b.report.AsOf.In(b.zone).Format("Monday, 2 January 2006, 15:04 MST")
}

// entry puts an entry that is made of a layout.
func (b *builder) entry(place, section, title, layout string, view any, charts bool) error {
	body, err := b.theme.render(layout, view)
	if err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	return b.wrap(place, section, title, body, charts)
}

// wrap puts an entry whose body is ready.
func (b *builder) wrap(place, section, title string, body template.HTML, charts bool) error {
	s, err := b.shell(place, section, charts)
	if err != nil {
		return err
	}
	if place != homePlace {
		title += " · " + b.Title
	}
	b.tree.add(place, func(w io.Writer) error {
		out := s.open(room(w), title)
		out = append(out, body...)
		_, err := w.Write(s.close(out, title))
		return err
	})
	return nil
}

// room is where to write what then goes to w: its own free room, where it is a buffer, because
// publishing gives one buffer to thousands of entries.
func room(w io.Writer) []byte {
	if buf, ok := w.(*bytes.Buffer); ok {
		return buf.AvailableBuffer()
	}
	return nil
}

// sheet is an empty piece of HTML for the entry at a place.
func (b *builder) sheet(place string) *sheet { return &sheet{root: root(place), zone: b.zone} }

// lost puts the entry that a server shows where there is none. It can be asked for at any depth, so its
// links need to know where the wiki is served.
func (b *builder) lost() error {
	base := strings.TrimSuffix(b.BaseURL, "/")
	if !web(base) {
		return nil
	}
	s, err := b.theme.cut(b.view(base+"/", "", false))
	if err != nil {
		return err
	}
	const title = "There is nothing here"
	body := sheet{b: s.open(nil, title)}
	body.raw("<h1>", title, "</h1>\n<p class=\"standfirst\">Places in this wiki never move, so the address may be mistyped.</p>\n<p><a href=\"").text(base).raw("/index.html\">Today’s front page</a></p>")
	b.tree.put("404.html", s.close(body.b, title))
	return nil
}

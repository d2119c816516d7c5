package site

// Before anything is written, every entry gets its place; after everything is written, every link is
// followed.

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
)

// settle gives every entry its place. Keys belong to trackers, and two items of one tracker may still
// have one key, or two that differ in case (a bad export, a moved issue): see crowd.
func (b *builder) settle() {
	b.places = map[string]bool{}
	for _, s := range sections {
		b.places[s.place] = true
	}
	for _, place := range []string{sourcesPlace, definitionsPlace, weekNowPlace, molesPlace, patternsPlace, beforeAfterPlace, changesPlace} {
		b.places[place] = true
	}
	for i := range b.weeks {
		if w := &b.weeks[i]; !w.Quiet() {
			b.places[weekPlace(w.Label)] = true
		}
	}
	for i := range b.report.Figures {
		b.places[metricPlace(b.report.Figures[i].Name)] = true
	}
	for _, c := range b.allClasses() {
		b.places[classPlace(c)] = true
	}
	for _, p := range b.report.Postmortems {
		b.places[postmortemPlace(p.ID)] = true
	}
	b.suggested = map[*analysis.Item][]*analysis.Suggestion{}
	for i := range b.report.Suggested {
		g := &b.report.Suggested[i]
		b.suggested[g.Item] = append(b.suggested[g.Item], g)
	}
	b.crowd()
	b.incidents = map[*analysis.Item]string{}
	taken := map[string]bool{}
	for _, it := range b.report.Items {
		if !everIncident(it) {
			continue
		}
		place := incidentPlace(it.Key)
		if taken[strings.ToLower(place)] {
			place = crowded(it, "incidents")
		}
		taken[strings.ToLower(place)] = true
		b.incidents[it] = place
	}
}

// crowd moves items aside whose place another has already. [analysis.Night.Find] knows one item of each
// key, whatever its case; every item that it does not give may be one too many for its place, and of
// those that share one the oldest stays.
func (b *builder) crowd() {
	b.moved = map[*analysis.Item]string{}
	sharing := map[string][]*analysis.Item{}
	for _, it := range b.report.Items {
		owner := b.report.Find(it.Key)
		if owner == it {
			continue
		}
		place := strings.ToLower(itemPlace(it.Tracker, it.Key))
		if sharing[place] == nil && owner != nil && strings.ToLower(itemPlace(owner.Tracker, owner.Key)) == place {
			sharing[place] = append(sharing[place], owner)
		}
		sharing[place] = append(sharing[place], it)
	}
	for _, them := range sharing { // each group for itself, in any order
		first := slices.MinFunc(them, func(x, y *analysis.Item) int {
			return cmp.Or(cmp.Compare(x.Created, y.Created), x.Ref.Compare(y.Ref))
		})
		for _, it := range them {
			if it != first {
				b.moved[it] = crowded(it, "items", segment(it.Tracker))
			}
		}
	}
}

// everIncident says whether the item ever was an incident.
func everIncident(it *analysis.Item) bool {
	for _, s := range it.Classes {
		if s.Is != nil && s.Is.Kind == analysis.Incident {
			return true
		}
	}
	return false
}

// itemPlace is the place of an item's entry.
func (b *builder) itemPlace(it *analysis.Item) string {
	if len(b.moved) > 0 {
		if place, ok := b.moved[it]; ok {
			return place
		}
	}
	return itemPlace(it.Tracker, it.Key)
}

// allClasses are the policy's classes and, as nil, Unclassified.
func (b *builder) allClasses() []*analysis.Class {
	var cs []*analysis.Class
	for i := range b.policy.Classes {
		cs = append(cs, &b.policy.Classes[i])
	}
	return append(cs, nil)
}

// sampled is how many item entries are looked at while checking links. Their links are made by one
// function from the same maps; rendering a hundred thousand twice would prove nothing more.
const sampled = 100

// check follows every link that this package or the theme made. One that leads nowhere is our mistake,
// and stops the night before anything is published.
func (b *builder) check() error {
	items := 0
	var page bytes.Buffer
	for i := range b.tree.Files {
		f := &b.tree.Files[i]
		if !strings.HasSuffix(f.Path, ".html") {
			continue
		}
		if strings.HasPrefix(f.Path, "items/") && f.Path != itemsPlace {
			if items++; items > sampled {
				continue
			}
		}
		page.Reset()
		if err := f.Render(&page); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		if err := b.follow(f.Path, page.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// follow looks up where the links of one entry lead.
func (b *builder) follow(place string, page []byte) error {
	for _, attribute := range []string{` href="`, ` src="`} {
		rest := page
		for {
			i := bytes.Index(rest, []byte(attribute))
			if i < 0 {
				break
			}
			rest = rest[i+len(attribute):]
			end := bytes.IndexByte(rest, '"')
			if end < 0 {
				break
			}
			link := html.UnescapeString(string(rest[:end]))
			rest = rest[end:]
			if strings.HasPrefix(link, "#") || strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "mailto:") {
				continue
			}
			target, ok := resolve(place, link)
			if ok {
				_, ok = b.tree.Find(target)
			}
			if !ok {
				return fmt.Errorf("%s links to %s, and there is no such file in the wiki", place, link)
			}
		}
	}
	return nil
}

// resolve is the place that a relative link of an entry leads to.
func resolve(place, link string) (string, bool) {
	link, _, _ = strings.Cut(link, "#")
	if strings.IndexByte(link, '%') >= 0 {
		var err error
		if link, err = url.PathUnescape(link); err != nil {
			return "", false
		}
	}
	dir := place[:strings.LastIndexByte(place, '/')+1]
	for strings.HasPrefix(link, "../") {
		if dir == "" {
			return "", false
		}
		dir, link = dir[:strings.LastIndexByte(dir[:len(dir)-1], '/')+1], link[3:]
	}
	return dir + link, true
}

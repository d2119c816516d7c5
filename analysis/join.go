package analysis

// Which page belongs to which issue. Only explicit joins are certain, and only certain joins count: the
// page names the issue's key, or the issue links to the page.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// pageIndex finds the pages of an issue.
type pageIndex struct {
	byKey map[string][]*Page // upper-cased issue keys that pages mention
	byID  map[string][]*Page // ids of pages, as they end the address of an incident or alert
	byURL map[string][]*Page
}

// newPageIndex indexes pages. The page that another was merged into stands for it.
func newPageIndex(pages []*Page) *pageIndex {
	x := &pageIndex{byKey: map[string][]*Page{}, byID: map[string][]*Page{}, byURL: map[string][]*Page{}}
	for _, p := range pages {
		to := cmp.Or(p.Into, p)
		for k := range keysIn(p.Title) {
			x.byKey[k] = append(x.byKey[k], to)
		}
		for _, s := range p.Issues {
			if k := lastSegment(s); strings.Trim(k, "0123456789") != "" { // a bare number is no key
				x.byKey[strings.ToUpper(k)] = append(x.byKey[strings.ToUpper(k)], to)
			}
			x.byKey[strings.ToUpper(s)] = append(x.byKey[strings.ToUpper(s)], to)
		}
		x.byID[p.ID] = append(x.byID[p.ID], to)
		if p.URL != "" {
			x.byURL[p.URL] = append(x.byURL[p.URL], to)
		}
	}
	return x
}

// of are the pages joined to an issue for certain, by trigger time.
func (x *pageIndex) of(is *record.Issue, c *record.Copy) []*Page {
	if len(x.byID) == 0 {
		return nil
	}
	var ps []*Page
	take := func(found []*Page) {
		for _, p := range found {
			if !slices.Contains(ps, p) {
				ps = append(ps, p)
			}
		}
	}
	take(x.byKey[strings.ToUpper(c.Key)])
	if c.URL != "" {
		take(x.byKey[strings.ToUpper(c.URL)])
	}
	for _, k := range is.Aliases {
		take(x.byKey[strings.ToUpper(k)])
	}
	for _, l := range c.Links {
		take(x.byURL[l.To])
		if at := strings.ToLower(l.To); strings.Contains(at, "/incidents/") || strings.Contains(at, "/alerts/") || strings.Contains(at, "/alert/") {
			take(x.byID[lastSegment(l.To)])
		}
	}
	slices.SortFunc(ps, func(a, b *Page) int {
		return cmp.Or(cmp.Compare(a.Triggered, b.Triggered), a.Ref.Compare(b.Ref))
	})
	return ps
}

// lastSegment is what follows the last slash of an address, without query and fragment.
func lastSegment(s string) string {
	s, _, _ = strings.Cut(s, "?")
	s, _, _ = strings.Cut(s, "#")
	s = strings.TrimRight(s, "/")
	return s[strings.LastIndexByte(s, '/')+1:]
}

// keysIn are the words of a text that look like a Jira key: letters, a hyphen, digits.
func keysIn(s string) map[string]bool {
	keys := map[string]bool{}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool {
		return !(r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	}) {
		i := strings.LastIndexByte(w, '-')
		if i < 2 || i == len(w)-1 || strings.Trim(w[i+1:], "0123456789") != "" {
			continue
		}
		keys[strings.ToUpper(w)] = true
	}
	return keys
}

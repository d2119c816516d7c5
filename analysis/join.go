package analysis

// Which page belongs to which issue. Only explicit joins are certain, and only certain joins count: the
// page names the issue's key or address, the issue links to the page's address or names its id, or a
// postmortem of that one incident names the page. What merely came at the same time is in suggest.go.

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// pageIndex finds the pages of an issue.
type pageIndex struct {
	pages []*Page
	byKey map[string][]*Page // upper-cased keys and addresses of issues that pages name
	ends  map[string][]end   // upper-cased keys in addresses that pages name
	once  sync.Once
	byID  map[string]*Page   // made when first asked: issues that link to nothing need none
	also  map[string][]*Page // the others of an id that several pagers have
	byURL map[string][]*Page // addresses that do not end in the page's id
}

// end is a page that names an address with a key in it. Every tracker has a SUP-1: the key is that of an
// issue at the same host, or of one whose own address nobody tells.
type end struct {
	page *Page
	host string
}

// newPageIndex indexes pages, and what postmortems say of them.
func newPageIndex(pages []*Page, posts []*postmortem.Postmortem) *pageIndex {
	x := &pageIndex{pages: pages, byKey: map[string][]*Page{}, ends: map[string][]end{}, byURL: map[string][]*Page{}}
	for _, p := range pages {
		name := func(s string) {
			s = strings.ToUpper(strings.TrimRight(strings.TrimSpace(s), "/"))
			x.byKey[s] = append(x.byKey[s], p)
			if !strings.Contains(s, "/") {
				return
			}
			within := func(key string) { x.ends[key] = append(x.ends[key], end{p, host(s)}) }
			if k := lastSegment(s); strings.Trim(k, "0123456789") != "" { // a bare number is no key
				within(k)
			}
			if _, query, ok := strings.Cut(s, "?"); ok { // a board's address has it there
				keysIn(query, within)
			}
		}
		issuesIn(p.Title, name)
		for _, s := range p.Issues {
			name(s)
		}
		if at := strings.TrimRight(p.URL, "/"); at != "" && lastSegment(at) != p.ID {
			x.byURL[at] = append(x.byURL[at], p)
		}
	}
	for _, post := range posts {
		if len(post.Incidents) != 1 { // of several it does not say which one a page is of
			continue
		}
		key := strings.ToUpper(post.Incidents[0])
		x.namedBy(post, func(p *Page) { x.byKey[key] = append(x.byKey[key], p) })
	}
	return x
}

// of are the pages joined to an issue for certain, by trigger time. The page that another was merged into
// stands for it.
func (x *pageIndex) of(is *record.Issue, c *record.Copy) []*Page {
	if len(x.pages) == 0 {
		return nil
	}
	var ps []*Page
	take := func(p *Page) {
		if p = cmp.Or(p.Into, p); !slices.Contains(ps, p) {
			ps = append(ps, p)
		}
	}
	home := host(strings.ToUpper(c.URL))
	key := func(s string) {
		for _, p := range x.byKey[strings.ToUpper(s)] {
			take(p)
		}
		for _, e := range x.ends[strings.ToUpper(s)] {
			if home == "" || e.host == "" || e.host == home {
				take(e.page)
			}
		}
	}
	key(c.Key)
	if at := strings.TrimRight(c.URL, "/"); at != "" {
		key(at)
	}
	for _, k := range is.Aliases {
		key(k)
	}
	for _, l := range c.Links {
		if strings.Contains(l.To, "://") { // everything else is an issue's key
			x.told(l.To, take)
		}
	}
	for _, values := range c.Fields {
		for _, v := range values {
			x.told(v, take)
		}
	}
	slices.SortFunc(ps, byTrigger)
	return ps
}

// told finds the pages that a link, or a field meant for one, tells of: by the page's own address, by an
// address of a pager that has the page's id in it, or by the id itself.
func (x *pageIndex) told(s string, take func(*Page)) {
	if !strings.Contains(s, "://") {
		x.withID(strings.TrimSpace(s), take)
		return
	}
	at := strings.TrimRight(strings.TrimSpace(s), "/")
	for _, p := range x.byURL[at] {
		take(p)
	}
	x.each(lastSegment(at), func(p *Page) {
		if strings.TrimRight(p.URL, "/") == at {
			take(p)
		}
	})
	path, _, _ := strings.Cut(at, "?")
	pager := false
	for s := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' || r == '#' }) {
		if pager {
			x.withID(s, take)
		}
		switch strings.ToLower(s) {
		case "incidents", "incident", "alerts", "alert", "alert-groups":
			pager = true
		}
	}
}

// withID finds pages by something that can be nothing but an id: a number may be anything's.
func (x *pageIndex) withID(id string, take func(*Page)) {
	if strings.Trim(id, "0123456789") != "" {
		x.each(id, take)
	}
}

func (x *pageIndex) each(id string, take func(*Page)) {
	x.once.Do(func() {
		x.byID, x.also = make(map[string]*Page, len(x.pages)), map[string][]*Page{}
		for _, p := range x.pages {
			if x.byID[p.ID] == nil {
				x.byID[p.ID] = p
			} else {
				x.also[p.ID] = append(x.also[p.ID], p)
			}
		}
	})
	if p := x.byID[id]; p != nil {
		take(p)
	}
	for _, p := range x.also[id] {
		take(p)
	}
}

// namedBy finds the pages that a postmortem names in its timeline, or lists under its artifacts.
func (x *pageIndex) namedBy(post *postmortem.Postmortem, take func(*Page)) {
	saidOf(post, func(s string) { x.told(s, take) })
}

// saidOf is what a postmortem may name pages by.
func saidOf(post *postmortem.Postmortem, say func(string)) {
	for _, a := range post.Artifacts {
		say(a.URL)
	}
	for _, s := range post.Sections {
		if s.Kind != postmortem.Timeline {
			continue
		}
		for w := range strings.FieldsFuncSeq(string(post.Prose(s)), func(r rune) bool { return r <= ' ' || strings.ContainsRune("()[]<>|`\"',;", r) }) {
			if w = strings.TrimRight(w, ".:"); len(w) >= shortestID {
				say(w)
			}
		}
	}
}

// Mentions is where to look for the pages of some issues without reading every page: the names that a page
// would join itself to them by, and what is said of pages in them or in a postmortem of one of them. The
// pages that have or are one of these are all that can be joined to the issues for certain, and more.
func Mentions(issues []record.Issue, posts []*postmortem.Postmortem) (names, said []string) {
	for i := range issues {
		c := issues[i].Facts()
		names = append(names, c.Key)
		if c.URL != "" {
			names = append(names, strings.TrimRight(c.URL, "/"))
		}
		names = append(names, issues[i].Aliases...)
		for _, l := range c.Links {
			if strings.Contains(l.To, "://") {
				said = append(said, l.To)
			}
		}
		for _, name := range sortedKeys(c.Fields) {
			said = append(said, c.Fields[name]...)
		}
	}
	for _, post := range posts {
		if len(post.Incidents) == 1 && slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, post.Incidents[0]) }) {
			saidOf(post, func(s string) { said = append(said, s) })
		}
	}
	return names, said
}

// shortestID is how long a word of a text has to be to be taken for the id of a page: PagerDuty's shortest
// have seven characters.
const shortestID = 7

// lastSegment is what follows the last slash of an address, without query and fragment.
func lastSegment(s string) string {
	s, _, _ = strings.Cut(s, "?")
	s, _, _ = strings.Cut(s, "#")
	s = strings.TrimRight(s, "/")
	return s[strings.LastIndexByte(s, '/')+1:]
}

// host is whose address it is, without a port; "" where it does not tell.
func host(s string) string {
	if _, at, ok := strings.Cut(s, "://"); ok {
		s = at
	} else if i := strings.IndexByte(s, '/'); i < 0 || !strings.Contains(s[:i], ".") {
		return ""
	}
	if i := strings.IndexAny(s, "/?#:"); i >= 0 {
		s = s[:i]
	}
	return s
}

// issuesIn finds what a title names of issues: keys as Jira writes them (capitals, a hyphen, digits: a host
// is called sms-1, an issue SMS-1), acme/orders#7, and addresses, whose keys are only part of them.
func issuesIn(s string, name func(string)) {
	if !strings.Contains(s, "://") && strings.IndexByte(s, '#') < 0 {
		keysIn(s, name)
		return
	}
	for w := range strings.FieldsSeq(s) {
		if at := strings.Index(w, "://"); at >= 0 {
			for at > 0 && wordly(w[at-1]) {
				at--
			}
			address := w[at:]
			if i := strings.IndexAny(address, "()[]<>|'\""); i >= 0 {
				address = address[:i]
			}
			name(strings.TrimRight(address, ".,;:"))
			w = w[:at]
		} else if strings.Index(w, "/") > 0 && strings.Index(w, "#") > 0 {
			name(strings.Trim(w, "()[]<>.,;:'\""))
		}
		keysIn(w, name)
	}
}

// keysIn finds the keys of a text without addresses.
func keysIn(s string, name func(string)) {
	for i := 0; i < len(s); i++ {
		if s[i] != '-' || i+1 == len(s) || !digit(s[i+1]) {
			continue
		}
		from, to := i, i+1
		for from > 0 && wordly(s[from-1]) {
			from--
		}
		for to < len(s) && wordly(s[to]) {
			to++
		}
		if isKey(s[from:to], i-from) {
			name(s[from:to])
		}
		i = to - 1
	}
}

// isKey says whether a word is an issue's key with its hyphen at i.
func isKey(w string, i int) bool {
	if i < 2 || w[0] < 'A' || w[0] > 'Z' {
		return false
	}
	for k := range i {
		if c := w[k]; !(c >= 'A' && c <= 'Z' || digit(c) || c == '_') {
			return false
		}
	}
	for k := i + 1; k < len(w); k++ {
		if !digit(w[k]) {
			return false
		}
	}
	return true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// wordly says whether a character would make a key part of a longer word.
func wordly(c byte) bool {
	return c == '-' || c == '_' || digit(c) || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

package jira

// One issue, from the JSON that Jira's REST API has for it: in v2 and v3, from Cloud and Server, in a
// page of a search or alone, and whether it comes from a file or over the network.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-get

import (
	"bytes"
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// decoder turns Jira's JSON into records. It keeps the words that come again and again, so that a
// hundred thousand issues hold each status and each name once. It is not for use by several goroutines.
type decoder struct {
	tracker string
	site    string         // where issues are browsed; "" derives it from the issue's own address
	until   record.Instant // how far an export speaks for its issues; 0 takes each one's last update

	fields map[string][]want // what is asked for, by a field's id
	names  map[string][]want // the same, by a field's name, as changelogs have it
	slas   map[string]string // names of the fields that hold SLA clocks, by id, where the site tells; others are known by their shape

	live bool // what a list lacks will be fetched, and is nothing to complain of

	s      scanner
	words  map[string]string
	people map[string]record.Person // by their spelling in JSON
	base   string                   // of the last issue's address

	doubts []doubt // of the issue being read

	categorised               bool            // whether the status read last came with its category
	logged, commented, worked listed          // what it has of its lists
	entry                     []byte          // id of the history entry read last
	unclear                   map[string]bool // SLA fields that say nothing, and it was said

	// Scratch, copied into each issue at its size.
	changes  []record.Change
	comments []record.Comment
	worklogs []record.Worklog
	links    []record.Link
	list     []string
	ids      []byte // of the changes, one after another
	idEnds   []int
	nths     []int // of the changes of one entry: which item, and which of its changes
}

// want is a field that is asked for: the story points, or a custom field under our name for it.
type want struct {
	points bool
	alias  string
	field  string // "field." and the alias, as changes have it
	met    *bool  // set once an issue has it
}

// doubt is a complaint about the issue being read; see exports.File.Doubt.
type doubt struct {
	format string
	args   []any
}

func (d *decoder) doubt(format string, args ...any) {
	d.doubts = append(d.doubts, doubt{format, args})
}

// wordLimit is the length up to which texts are kept once for all issues; manyWords how many of them.
const (
	wordLimit = 80
	manyWords = 1 << 16
)

// keep is b as a string, the same one every time where it is short.
func (d *decoder) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > wordLimit {
		return string(b)
	}
	if w, ok := d.words[string(b)]; ok {
		return w
	}
	if d.words == nil || len(d.words) >= manyWords {
		d.words = make(map[string]string, 256)
	}
	w := string(b)
	d.words[w] = w
	return w
}

// word is the text of the next value, one of those that come again.
func (d *decoder) word() string {
	b, _ := d.s.text()
	return d.keep(b)
}

// str is the text of the next value.
func (d *decoder) str() string {
	b, _ := d.s.text()
	return string(b)
}

// errNoIssue says that a value is something else than an issue.
var errNoIssue = errors.New("it is no issue")

// issue reads one issue; the value must be valid JSON. What of it cannot be believed is in d.doubts
// afterwards. An error means that the issue is left out, and says why; the key is there as far as known.
func (d *decoder) issue(v jsontext.Value) (is record.Issue, err error) {
	d.doubts = d.doubts[:0]
	d.changes, d.comments, d.worklogs, d.links = d.changes[:0], d.comments[:0], d.worklogs[:0], d.links[:0]
	d.ids, d.idEnds = d.ids[:0], d.idEnds[:0]
	d.logged, d.commented, d.worked, d.categorised = listed{}, listed{}, listed{}, false
	s := &d.s
	s.reset(v)
	if s.kind() != '{' {
		return is, errNoIssue
	}
	is.Copies = make([]record.Copy, 1)
	c := &is.Copies[0]
	c.Parts = record.HasCore
	st := state{is: &is, c: c}
	s.enter('{')
	for s.member() {
		switch string(s.name) {
		case "id":
			is.ID = d.str()
		case "key":
			c.Key = d.str()
		case "self":
			st.self = s.raw()
		case "fields":
			if s.kind() != '{' {
				s.skip()
				continue
			}
			st.fields = true
			d.readFields(&st)
		case "changelog":
			d.changelog(&st)
		default:
			s.skip()
		}
	}
	switch {
	case !st.fields:
		return is, errNoIssue
	case c.Key == "":
		return is, errors.New("the issue has no key")
	}
	is.Tracker = d.tracker
	is.ID = cmp.Or(is.ID, c.Key)
	d.finish(&st)
	return is, nil
}

// state is what is known of the issue being read, beside the record.
type state struct {
	is     *record.Issue
	c      *record.Copy
	self   []byte // as it is spelled
	fields bool

	priorKeys                         []string // keys it had
	hasCreated, hasUpdated, hasStatus bool
}

// extent is how much of a list an export has.
type extent byte

const (
	absent  extent = iota // the list is not in the export: nothing is known
	whole                 // all of it is there
	partial               // some of it is missing
)

// listed is how much of a list there is: how many entries came, and of how many, -1 where that is not
// said.
type listed struct {
	extent      extent
	have, total int
	broken      bool // an entry could not be read, and was doubted
}

// short says that entries are missing which the tracker has.
func (l listed) short() bool { return l.extent != absent && l.total > l.have }

// finish completes an issue once all of it was seen.
func (d *decoder) finish(st *state) {
	is, c := st.is, st.c
	if !st.hasCreated {
		d.doubt(undated)
	}
	if !st.hasUpdated {
		d.doubt("it has no updated date; export the field")
	}
	if !st.hasStatus {
		d.doubt("it has no status; export the field")
	}
	if c.Project == "" {
		if i := strings.LastIndexByte(c.Key, '-'); i > 0 {
			c.Project = d.keep([]byte(c.Key[:i]))
		}
	}
	self, _ := d.s.unquote(st.self)
	if base := d.browse(self); base != "" {
		c.Parts |= record.HasURL
		c.URL = base + url.PathEscape(c.Key)
	}
	if c.Parts&record.HasLinks != 0 {
		for _, a := range addresses(c.Text) {
			d.links = append(d.links, record.Link{Kind: "url", To: a})
		}
		c.Links = slices.Clone(d.links)
	}
	d.identify()
	is.Changes = slices.Clone(d.changes)
	is.Comments = slices.Clone(d.comments)
	is.Worklogs = slices.Clone(d.worklogs)
	arrange(is)
	d.claim(is, d.logged.extent, d.commented.extent, d.worked.extent)
	rename(is, st.priorKeys)
	sortSLAs(c.SLAs)
}

// claim says how far each list of an issue is complete.
func (d *decoder) claim(is *record.Issue, history, comments, worklogs extent) {
	c := &is.Copies[0]
	is.HistoryTo = d.upTo(history, c)
	is.CommentsTo = d.upTo(comments, c)
	is.WorklogsTo = d.upTo(worklogs, c)
	if n := len(is.Changes); is.HistoryTo != 0 && n > 0 {
		is.HistoryTo = max(is.HistoryTo, is.Changes[n-1].At)
	}
}

// rename notes the keys that an issue had before.
func rename(is *record.Issue, keys []string) {
	is.Aliases = nil
	slices.Sort(keys)
	for _, k := range slices.Compact(keys) {
		if k != is.Copies[0].Key && k != "" {
			is.Aliases = append(is.Aliases, k)
		}
	}
}

// undated is the doubt of an issue that doesn't say when it was created.
const undated = "it has no creation date: it will be in no figure; export the field"

// identify gives the changes their ids, which are parts of one string.
func (d *decoder) identify() {
	ids, from := string(d.ids), 0
	for i, to := range d.idEnds {
		d.changes[i].ID = ids[from:to]
		from = to
	}
}

// arrange puts everything in the order of record.Merge: by instant, and numbers of one instant as they
// count.
func arrange(is *record.Issue) {
	if n := len(is.Changes); n > 1 && is.Changes[0].At > is.Changes[n-1].At { // as Cloud writes them: spares the sorting
		slices.Reverse(is.Changes)
	}
	slices.SortFunc(is.Changes, func(a, b record.Change) int { return cmp.Or(cmp.Compare(a.At, b.At), byCount(a.ID, b.ID)) })
	slices.SortFunc(is.Comments, func(a, b record.Comment) int { return cmp.Or(cmp.Compare(a.At, b.At), byCount(a.ID, b.ID)) })
	slices.SortFunc(is.Worklogs, func(a, b record.Worklog) int {
		return cmp.Or(cmp.Compare(a.Started, b.Started), byCount(a.ID, b.ID))
	})
}

func byCount(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// upTo is how far a list is complete: any change of an issue moves its updated date, so that a whole
// list is complete at least up to that one, and in an export of a known moment up to then.
func (d *decoder) upTo(e extent, c *record.Copy) record.Instant {
	if e != whole {
		return 0
	}
	return cmp.Or(d.until, c.Updated, c.Created)
}

// browse is the address that an issue's key is appended to. It comes from the site configured, or from
// the issue's own REST address, unless that leads through the API gateway, where nobody can browse.
func (d *decoder) browse(self []byte) string {
	if d.site != "" {
		return d.site
	}
	i := bytes.Index(self, []byte("/rest/"))
	if i < 0 {
		return ""
	}
	root := self[:i]
	if len(d.base) == len(root)+len("/browse/") && d.base[:len(root)] == string(root) {
		return d.base
	}
	u, err := url.Parse(string(root))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Host == "api.atlassian.com" || u.User != nil {
		return ""
	}
	d.base = string(root) + "/browse/"
	return d.base
}

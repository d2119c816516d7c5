package analysis

// How the policy file is read: the file as a whole, and the small sections. The people are read in
// policy_team.go, working time in policy_calendar.go, the work in policy_work.go. Asking for a key is
// what makes it part of the grammar (see package strict); policy.schema.json says the same to editors,
// and a test holds the two to each other.

import (
	"crypto/sha256"
	_ "embed" // the schema
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

//go:embed policy.schema.json
var policySchema []byte

// PolicySchema is the JSON Schema (draft 2020-12) of the policy file, for completion in editors. It
// knows keys, kinds of values and spellings; everything else is ReadPolicy's.
func PolicySchema() []byte { return slices.Clone(policySchema) }

// What holds where the policy says nothing.
const (
	defaultJoin      = 2 * time.Hour    // the ticket of a fire is written while it burns, or soon after
	defaultWindow    = 30 * time.Minute // a page within it repeats the one before, as on-call teams commonly count
	defaultSleepFrom = 22 * time.Hour   // METRICS.md, section 7
	defaultSleepTo   = 7 * time.Hour
	defaultWorst     = 2 // METRICS.md, section 9
	defaultDays      = 5
	defaultCapacity  = "attention" // the one that needs no estimates
	defaultReserve   = 6           // iterations: three months of two weeks
)

// ReadPolicy reads the text of a policy file. It finds every mistake it can and gives what it could
// read beside them; the policy is nil where there was nothing to read. A policy with complaints that
// are more than warnings ([strict.Failed]) is for looking at, not for judging by.
func ReadPolicy(file string, text []byte) (*Policy, []strict.Complaint) {
	doc := strict.Read(file, text)
	if !doc.Readable() || !doc.Node().IsMap() {
		doc.Map()
		return nil, doc.Complaints()
	}
	p, _ := readPolicy(doc, text)
	return p, doc.Complaints()
}

// policyReader reads one file. What later sections refer to, it notes by name.
type policyReader struct {
	*Policy
	calendars     map[string]*calendar.Calendar
	calendarNames []string
	memberIDs     []string
	classIDs      []string
	trainNames    []string
	// later are the checks of references to sections that stand further down in the file.
	later []func()
}

func readPolicy(doc *strict.Doc, text []byte) (*Policy, *policyReader) {
	sum := sha256.Sum256(text)
	r := &policyReader{
		Policy:    &Policy{Hash: hex.EncodeToString(sum[:]), Text: string(text), Zone: time.UTC},
		calendars: map[string]*calendar.Calendar{},
	}
	top := doc.Map()
	r.team(top.Need("team").Map())
	r.readCalendars(top.Get("calendars").Map())
	r.working(top.Get("working"), top.Key("calendars"))
	r.iterations(top.Get("iterations").Map())

	r.flow(top.NeedLike("stages", "{id: done, name: Done, kind: done, statuses: [Done]}"))
	r.Limit = r.limit(top.Get("limit"))
	r.severities(top.Get("severities"))
	r.classes(top.NeedLike("classes", "{id: bug, name: Bug, kind: problem, when: type == \"Bug\"}"))
	r.Discarded = top.Get("discarded").Texts()
	r.services(top.Get("services"))
	r.customers(top.Get("customers"))
	r.ready(top.Get("ready"))

	r.rota(top.Get("rota"))
	r.escalation(top.Get("escalation"))
	r.channels(top.Get("channels"))
	r.communication(top.Get("communication"))
	r.review(top.Get("review"))
	r.releases(top.Get("releases"))
	r.slaNames(top.Get("sla_names").Map())

	r.pages(top.Get("pages").Map())
	r.postmortems(top.Get("postmortems").Map())
	r.capacity(top.Get("capacity"))
	r.goals(top.Get("goals").Map())
	r.experiments(top.Get("experiments"))
	r.streaks(top.Get("streaks"))
	for _, check := range r.later {
		check()
	}
	return r.Policy, r
}

// midnight is the first instant of a day in the team's zone; 0 for no day.
func (r *policyReader) midnight(day string) record.Instant { return record.Date(day).Start(r.Zone) }

// afterDay is the first instant after a day.
func (r *policyReader) afterDay(day string) record.Instant {
	if day == "" {
		return 0
	}
	return record.Date(day).End(r.Zone) + 1
}

// versions reads a part of the policy that may change over time: the plain value, or a list of
//
//   - {from: 2026-03-01, KEY: value}
//
// where only the first may lack its date. Such an entry may also stand alone, without a list.
func versions[T any](r *policyReader, n strict.Node, key string, read func(strict.Node) T) Versions[T] {
	switch {
	case !n.Given():
		return nil
	case n.IsMap() && (n.Map().Has(key) || n.Map().Has("from")):
		return dated(r, []strict.Node{n}, func(m *strict.Map) T { return read(m.Need(key)) })
	case n.IsList() && versioned(n, key):
		return dated(r, n.List(), func(m *strict.Map) T { return read(m.Need(key)) })
	}
	return Always(read(n))
}

// versioned says whether a list is one of versions: an entry holds the key, or a date.
func versioned(n strict.Node, key string) bool {
	return slices.ContainsFunc(n.List(), func(x strict.Node) bool {
		return x.IsMap() && (x.Map().Has(key) || x.Map().Has("from"))
	})
}

// dated reads versions whose entries are given, and holds their dates in order.
func dated[T any](r *policyReader, entries []strict.Node, read func(*strict.Map) T) Versions[T] {
	var vs Versions[T]
	for i, x := range entries {
		m := x.Map()
		from := m.Get("from")
		v := Version[T]{From: r.midnight(from.Date())}
		v.Is = read(m)
		switch {
		case i > 0 && !from.Given():
			x.Complain("a later version needs its date: from: 2026-03-01")
		case i > 0 && v.From != 0 && v.From == vs[i-1].From:
			from.Complain("two versions begin on this day")
		case i > 0 && v.From != 0 && v.From < vs[i-1].From:
			from.Complain("this version begins before the one above it; versions stand in the order of their dates")
		}
		vs = append(vs, v)
	}
	return vs
}

func (r *policyReader) limit(n strict.Node) Versions[int] {
	return versions(r, n, "limit", func(n strict.Node) int {
		if !n.IsList() && !n.IsMap() && n.Raw() == "none" {
			return 0
		}
		return n.Int(1, 10000)
	})
}

// rule compiles a rule that may look at some facts. A rule with mistakes is none.
func (r *policyReader) rule(n strict.Node, sees factSet) *Rule {
	if !n.Given() {
		return nil
	}
	text := n.Raw()
	if text == "" && (n.IsList() || n.IsMap()) {
		return nil
	}
	rule, mistakes := compileRule(text, sees)
	for _, m := range mistakes {
		n.ComplainAt(m.at, "%s", m.what)
	}
	if rule != nil {
		rule.Place = n.At()
	}
	return rule
}

// named reads the id and the name of an entry. The id may be left out: it then comes from the name.
func (r *policyReader) named(m *strict.Map, seen map[string]bool) (id, name string) {
	name = m.Need("name").Text()
	at := m.Get("id")
	id = at.ID()
	if !at.Given() && name != "" {
		if id, at = slug(name), m.Get("name"); !strict.IsID(id) {
			at.Complain("no id can be made of this name; give one: id: some-id")
			id = ""
		}
	}
	if seen[id] && id != "" {
		at.Complain("the id %q is already taken by an entry above", id)
	}
	seen[id] = true
	return id, name
}

// reference complains about an id that is none of those known, once all are known.
func (r *policyReader) reference(n strict.Node, what, id string, known *[]string) {
	if id == "" {
		return
	}
	r.later = append(r.later, func() {
		if slices.Contains(*known, id) {
			return
		}
		n.Complain("there is no %s %q%s", what, id, whatThereIs(id, *known))
	})
}

// whatThereIs is what was probably meant by a word, or what could have been.
func whatThereIs(word string, known []string) string {
	if h := strict.DidYouMean(word, known...); h != "" || len(known) > 12 {
		return h
	}
	switch len(known) {
	case 0:
		return "; there is none at all"
	case 1:
		return "; there is only " + known[0]
	}
	return "; there are " + strings.Join(known, ", ")
}

// references reads a list of ids of something.
func (r *policyReader) references(n strict.Node, what string, known *[]string) []string {
	var ids []string
	for _, x := range n.List() {
		id := x.Text()
		switch {
		case id == "":
		default:
			r.reference(x, what, id, known)
			ids = append(ids, id)
		}
	}
	return ids
}

func (r *policyReader) pages(m *strict.Map) {
	r.Pages = PagePolicy{Window: defaultWindow, SleepFrom: defaultSleepFrom, SleepTo: defaultSleepTo, Join: defaultJoin}
	if n := m.Get("window"); n.Given() {
		r.Pages.Window = n.Duration()
	}
	if from, to, ok := m.Get("sleep").Clocks(); ok {
		r.Pages.SleepFrom, r.Pages.SleepTo = from, to
	}
	if n := m.Get("join"); n.Given() {
		r.Pages.Join = n.Duration()
	}
	if n := m.Get("origin"); n.Given() {
		r.Pages.Origin = n.OneOf(record.ByMonitor, record.ByPerson)
	}
}

func (r *policyReader) postmortems(m *strict.Map) {
	r.Postmortems = PostmortemDuty{Worst: defaultWorst, Days: defaultDays}
	if n := m.Get("worst"); n.Given() {
		if r.Postmortems.Worst = n.Int(1, 9); r.Postmortems.Worst > len(r.Severities) {
			n.Complain("there are only %d severities", len(r.Severities))
		}
	}
	if n := m.Get("days"); n.Given() {
		r.Postmortems.Days = n.Int(1, 365)
	}
}

// capacity reads the headline method, alone or beside how many iterations the reserve is judged by.
func (r *policyReader) capacity(n strict.Node) {
	r.Reserve = defaultReserve
	method := n
	if n.IsMap() {
		m := n.Map()
		method = m.Get("method")
		if k := m.Get("iterations"); k.Given() {
			r.Reserve = k.Int(1, 52)
		}
	}
	if r.Capacity = method.OneOf("attention", "points", "hours", "items", "rota"); r.Capacity == "" {
		r.Capacity = defaultCapacity
	}
}

func (r *policyReader) goals(m *strict.Map) {
	r.Targets = Goals{SLA: m.Get("sla").Share(), Overload: m.Get("overload").Share(), Support: m.Get("support").Share()}
	if n := m.Get("cycle_days"); n.Given() {
		r.Targets.Cycle = n.Number(0.1, 365)
	}
}

func (r *policyReader) experiments(n strict.Node) {
	seen := map[string]bool{}
	for _, x := range n.List() {
		m := x.Map()
		var e Experiment
		e.ID, e.Name = r.named(m, seen)
		e.Date = record.Date(m.Need("date").Date())
		e.About, e.Expect = m.Get("about").Text(), m.Get("expect").Text()
		r.Experiments = append(r.Experiments, e)
	}
}

func (r *policyReader) streaks(n strict.Node) {
	seen := map[string]bool{}
	for _, x := range n.List() {
		m := x.Map()
		var s Streak
		s.ID, s.Name = r.named(m, seen)
		s.When = r.rule(m.Need("when"), seenByStreaks)
		r.Streaks = append(r.Streaks, s)
	}
}

func (r *policyReader) communication(n strict.Node) {
	for _, x := range n.List() {
		m := x.Map()
		r.Paths = append(r.Paths, Path{m.Need("who").Text(), m.Need("how").Text(), m.Get("when").Text()})
	}
}

func (r *policyReader) review(n strict.Node) {
	for _, x := range n.List() {
		m := x.Map()
		r.Review = append(r.Review, Review{m.Need("name").Text(), m.Need("every").Text(), m.Get("about").Text()})
	}
}

// slug is the id that a name gets where none is written: "Bug – ASAP" is bug-asap. Letters lose their
// accents and everything else becomes a hyphen.
func slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

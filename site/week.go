package site

// This week: what a stand-up looks at first. Who has the pager, what the pair before handed over, what
// went off and came in, what was made easier for the next one. Every week keeps an entry of its own, at
// a place named after it; This week is the one that as-of lies in, with the one before it below,
// because a stand-up on a Monday is about the week that is over.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

// weekView is what week.html is given.
type weekView struct {
	Title      string
	Standfirst string
	OnCall     string // the way to the entry On call
	Doubts     []string
	Duty       []dutyView
	Parts      []weekPart // the week itself, and on This week the one before it
	Past       []pastView // the same week in past years
	Weeks      []navView  // the other weeks
}

// dutyView is who has a role, in one row of the pair.
type dutyView struct {
	When  string
	Roles []onCallView
}

// weekPart is one week's own part of an entry.
type weekPart struct {
	ID, Title, Href string
	Counts          []countView
	Complaints      []complaintView // about what was thought of its pages
	Notes           []noteView
	Tables          []tableView
	Empty           string
}

// countView is a count in a word: 3 pages, 1 at night.
type countView struct{ Number, What, Detail string }

// weekEntries puts the entry of every week that has something to tell, and This week.
func (b *builder) weekEntries() error {
	for i := range b.weeks {
		w := &b.weeks[i]
		if b.places[weekPlace(w.Label)] {
			if err := b.week(w, i); err != nil {
				return err
			}
		}
	}
	known := map[string]bool{}
	for i := range b.weeks {
		known[b.weeks[i].Label] = true
	}
	for _, name := range b.texts.noteWeeks {
		if !known[name] { // a note about a week that nothing else is known of, or that is still to come
			if err := b.week(&analysis.Week{Period: analysis.Period{Label: name}}, -1); err != nil {
				return err
			}
		}
	}
	return b.weekNow()
}

// weekNow puts the entry of the week that as-of lies in.
func (b *builder) weekNow() error {
	w := &b.weeks[len(b.weeks)-1]
	v := weekView{Title: "This week", Standfirst: b.weekSpan(w) + " It is not over: what is told here ends where this report does.", OnCall: root(weekNowPlace) + onCallPlace}
	v.Doubts = b.report.PagerDoubts()
	now := b.onCall()
	if len(now) > 0 {
		v.Duty = append(v.Duty, dutyView{When: "At " + b.hour(), Roles: now})
	}
	if rs := b.roles(w.Shifts, w.Open); len(rs) > 0 && !same(rs, now) {
		v.Duty = append(v.Duty, dutyView{When: "This week", Roles: rs})
	}
	if rs := b.roles(w.Next, w.NextOpen); len(rs) > 0 {
		v.Duty = append(v.Duty, dutyView{When: "Next week", Roles: rs})
	}
	this := b.weekPart(weekNowPlace, w, "this", "Week "+w.Label)
	if n := b.noteOf(b.texts.now[w.Label], w.Label, "For the next pair, so far"); n != nil {
		this.Notes = append(this.Notes, *n)
	}
	if len(b.weeks) > 1 {
		last := &b.weeks[len(b.weeks)-2]
		if n := b.noteOf(b.texts.now[last.Label], last.Label, "Handed over to us"); n != nil {
			this.Notes = append([]noteView{*n}, this.Notes...)
		}
		v.Parts = append(v.Parts, this, b.weekPart(weekNowPlace, last, "last", "Last week, "+last.Label))
	} else {
		v.Parts = append(v.Parts, this)
	}
	v.Past = b.pastYears(weekNowPlace, w.Label)
	v.Weeks = b.otherWeeks(weekNowPlace, "")
	b.index(weekNowPlace, v.Title, "Who is on call, what was handed over, what went off.", "List")
	return b.entry(weekNowPlace, "oncall", v.Title, "week", v, false)
}

// stillWeeks are the newest weeks that a pager may be silent for before it is not believed to be read any
// more: whether there were no pages in them, or none were exported, is in doubt.
const stillWeeks = 3

// week puts the entry of one week; i is its place in b.weeks, -1 if it is not among them.
func (b *builder) week(w *analysis.Week, i int) error {
	place := weekPlace(w.Label)
	v := weekView{Title: "Week " + w.Label, Standfirst: b.weekSpan(w), OnCall: root(place) + onCallPlace}
	if i >= len(b.weeks)-stillWeeks {
		v.Doubts = b.report.PagerDoubts()
	}
	if rs := b.roles(w.Shifts, w.Open); len(rs) > 0 {
		v.Duty = append(v.Duty, dutyView{When: "On call", Roles: rs})
	}
	if rs := b.roles(w.Next, w.NextOpen); len(rs) > 0 {
		v.Duty = append(v.Duty, dutyView{When: "The week after", Roles: rs})
	}
	part := b.weekPart(place, w, "this", "")
	words := ""
	if t := b.texts.notes[w.Label]; t != nil {
		part.Notes = append(part.Notes, *b.noteOf(t, w.Label, "Handed over to the next pair"))
		words = string(t.words)
	}
	v.Parts = []weekPart{part}
	v.Past = b.pastYears(place, w.Label)
	v.Weeks = b.otherWeeks(place, w.Label)
	b.index(place, v.Title, words, "Week")
	return b.entry(place, "oncall", v.Title, "week", v, false)
}

// weekSpan is the week's days in a sentence.
func (b *builder) weekSpan(w *analysis.Week) string {
	if w.From == 0 && w.To == 0 {
		return "Nothing but a note is known of this week."
	}
	from, to := w.From.In(b.zone), (w.To - 1).In(b.zone)
	return fmt.Sprintf("Monday, %s to Sunday, %s.", from.Format("2 January"), to.Format("2 January 2006"))
}

// mostTurns is how many people one role names for one week: a team around the world hands over thrice
// a day.
const mostTurns = 4

// roles are the shifts of a week and the gaps between them, by role.
func (b *builder) roles(shifts []record.Shift, open []analysis.CoverGap) []onCallView {
	var vs []onCallView
	left := map[string]int{}
	for _, s := range shifts {
		n := 0
		for _, v := range vs {
			if v.Role == roleName(s.Role) {
				n++
			}
		}
		if n == mostTurns {
			left[roleName(s.Role)]++
			continue
		}
		vs = append(vs, onCallView{Role: roleName(s.Role), Who: b.person(s.Person), Until: b.since(s.From)})
	}
	for i := len(vs) - 1; i >= 0; i-- {
		if n := left[vs[i].Role]; n > 0 {
			vs[i].Until += fmt.Sprintf("; and %d more turns", n)
			left[vs[i].Role] = 0
		}
	}
	for i := range open[:min(mostTurns, len(open))] {
		vs = append(vs, b.openView(&open[i]))
	}
	slices.SortStableFunc(vs, func(x, y onCallView) int { return cmp.Compare(y.Role, x.Role) })
	return vs
}

// openView is a gap in cover in the place of a person.
func (b *builder) openView(g *analysis.CoverGap) onCallView {
	if g.Absent == "" {
		return onCallView{Role: roleName(g.Role), Who: "nobody", Until: b.gapSpan(g), Open: true}
	}
	return onCallView{Role: roleName(g.Role), Who: b.member(g.Absent), Until: "is " + g.Why + ", " + b.gapSpan(g), Open: true}
}

// gapSpan is "from Mon 9 Nov, 10:00 to Mon 16 Nov, 10:00".
func (b *builder) gapSpan(g *analysis.CoverGap) string {
	if g.Beyond {
		return "from " + b.span(g.From, g.To) + " or later"
	}
	return "from " + b.span(g.From, g.To)
}

// since is "from Mon 2 Nov, 10:00".
func (b *builder) since(t record.Instant) string {
	return "from " + t.In(b.zone).Format("Mon 2 Jan, 15:04")
}

// span is "Mon 2 Nov, 10:00 to Mon 9 Nov, 10:00".
func (b *builder) span(from, to record.Instant) string {
	const form = "Mon 2 Jan, 15:04"
	return from.In(b.zone).Format(form) + " to " + to.In(b.zone).Format(form)
}

// same says whether two lists name the same people in the same roles.
func same(a, c []onCallView) bool {
	if len(a) != len(c) {
		return false
	}
	for i := range a {
		if a[i].Role != c[i].Role || a[i].Who != c[i].Who {
			return false
		}
	}
	return true
}

// weekPart is what one week has to tell. Its ids cannot be those of a note's headings, which have no
// underscore.
func (b *builder) weekPart(place string, w *analysis.Week, id, title string) weekPart {
	v := weekPart{ID: id + "_week", Title: title}
	if title != "" && b.places[weekPlace(w.Label)] {
		v.Href = root(place) + weekPlace(w.Label)
	}
	v.Complaints = b.complaintsAbout(triage.Folder + "/" + w.Label + triage.Ext)
	if w.From == 0 && w.To == 0 {
		return v
	}
	v.Counts = b.weekCounts(w)
	if len(w.Incidents) > 0 {
		items := w.Incidents
		t := tableView{ID: id + "_emergencies", Title: "Emergencies"}
		if len(items) > mostPages {
			t.Cut = fmt.Sprintf("The newest %d of %d; all items are in the CSV.", mostPages, len(items))
			items, t.CSV = items[len(items)-mostPages:], root(place)+"data/items.csv"
		}
		t.Table = b.incidentTable(place, "Emergencies of "+w.Label, items)
		v.Tables = append(v.Tables, t)
	}
	if len(w.Pages) > 0 {
		t := tableView{ID: id + "_pages", Title: "Pages"}
		t.Table, t.Cut = b.pageTable(place, "Pages of "+w.Label, w.Pages, mostOfAWeek, true)
		v.Tables = append(v.Tables, t)
	}
	if len(w.Finished) > 0 {
		v.Tables = append(v.Tables, tableView{ID: id + "_easier", Title: "Made easier for the next one", Table: b.improvementTable(place, "Improvements finished in "+w.Label, w.Finished, true)})
	}
	v.Empty = b.weekSilence(w, len(v.Tables) > 0)
	return v
}

// weekSilence says what did not happen in a week, and of what nothing is known.
func (b *builder) weekSilence(w *analysis.Week, told bool) string {
	var says []string
	switch {
	case !w.Told:
		says = append(says, "Nothing is known of the pager in this week.")
	case len(w.Untold) > 0:
		var spans []string
		for _, s := range w.Untold {
			spans = append(spans, "from "+b.span(s.From, s.To))
		}
		says = append(says, "Nothing is known of the pager "+strings.Join(spans, ", nor ")+".")
	case !told && b.tracked() && w.Partial:
		says = append(says, "No page and no emergency so far, and no improvement has been finished yet.")
	case !told && b.tracked():
		says = append(says, "No page, no emergency, and no improvement was finished.")
	}
	if !b.tracked() {
		says = append(says, "No issue of a tracker has been read: what came in is not known.")
	} else if w.Begins {
		says = append(says, "The trackers tell of a part of this week alone: what they know begins in it.")
	}
	return strings.Join(says, " ")
}

// weekCounts are the week's counts, in words.
func (b *builder) weekCounts(w *analysis.Week) []countView {
	var cs []countView
	if w.Told {
		cs = append(cs, countView{fmt.Sprint(len(w.Pages)), plural(len(w.Pages), "page", "pages"), ""})
	}
	if len(w.Pages) > 0 {
		p := &cs[0]
		var ds []string
		if w.Asleep > 0 {
			ds = append(ds, fmt.Sprintf("%d in sleeping hours", w.Asleep))
		}
		if w.NoAction > 0 {
			ds = append(ds, fmt.Sprintf("%d over before anybody acknowledged", w.NoAction))
		}
		p.Detail = strings.Join(ds, ", ")
		cs = append(cs, countView{fmt.Sprint(w.Interruptions), plural(w.Interruptions, "interruption", "interruptions"), ""})
		if len(b.report.Triage) > 0 {
			var vs []string
			for _, v := range w.Verdicts {
				vs = append(vs, fmt.Sprintf("%s: %d", v.Title, v.N))
			}
			cs = append(cs, countView{fmt.Sprintf("%d of %d", w.Judged, len(w.Pages)), "judged in triage", strings.Join(vs, " · ")})
		}
	}
	if !b.tracked() {
		return cs
	}
	var ds []string
	for _, a := range w.Arrived {
		ds = append(ds, fmt.Sprintf("%s: %d", a.Class.Title(), a.N))
	}
	return append(cs, countView{fmt.Sprint(w.Came), "came in", strings.Join(ds, " · ")})
}

func plural(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// mostWeeks is how many other weeks an entry links to; the rest are found from there, and by searching.
const mostWeeks = 13

// otherWeeks links to the weeks around one, the newest first; "" is the newest.
func (b *builder) otherWeeks(place, of string) []navView {
	var all []navView
	at := 0
	for i := len(b.weeks) - 1; i >= 0; i-- {
		label := b.weeks[i].Label
		if !b.places[weekPlace(label)] {
			continue
		}
		if label == of {
			at = len(all)
		}
		all = append(all, navView{Title: label, Href: root(place) + weekPlace(label), Here: label == of})
	}
	from := max(0, min(at-mostWeeks/2, len(all)-mostWeeks))
	return all[from:min(len(all), from+mostWeeks)]
}

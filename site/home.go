package site

// The front page: what a team wants to know before the first coffee is empty.

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/site/chart"
)

// homeView is what home.html is given.
type homeView struct {
	Root        string
	Title       string
	Alarms      []string
	Lead        *questionView
	Questions   []questionView
	Due         *dueView
	Emergencies template.HTML
	Hour        string // of as-of: who is on call then
	OnCall      []onCallView
	Handover    []dutyView // the handovers of the rest of its day
	Nobody      []string   // where nobody will have it this week and next
	NoRota      bool
	NoTracker   bool
	NoFires     bool // no class of the policy says what an incident is
	Changes     []storyView
	Past        []pastView // this week in past years
	Postmortems []storyView
	Overdue     []storyView
	OverdueMore string
	Doubts      []string
	DoubtsMore  string
}

// figureView is a figure's answer as layouts show it.
type figureView struct {
	Name     string
	Title    string
	Href     string
	Question string
	Value    string
	Counts   string // what the value is a number of, where it does not say
	Verdict  string // as [analysis.Metric.Verdict]
	Mood     string // "good", "bad" or ""
	Sentence string
	Detail   string
}

type questionView struct {
	figureView
	Spark   template.HTML
	Caption string
	Key     []chart.Colour // what the colours of the drawing stand for; nil where it has one
}

type dueView struct {
	Title, Sentence string
	Table           template.HTML
	Href, More      string
	Late            string // where what is late stands, "" if nothing is
}

type onCallView struct {
	Role, Who, Until string
	Open             bool // nobody has it, or somebody who is not there
}

type storyView struct{ Title, Href, Detail, Summary string }

// dueMetric is the question of the front page that a list answers better than a number.
const dueMetric = "due-next"

// mostAlarms is how many gaps stand on the front page; each is on the Sources entry.
const mostAlarms = 5

func (b *builder) home() error {
	v := homeView{Title: b.Title}
	v.Alarms = b.gaps()
	if n := len(v.Alarms); n > mostAlarms {
		v.Alarms = append(v.Alarms[:mostAlarms:mostAlarms], fmt.Sprintf("and %d more", n-mostAlarms))
	}
	for _, q := range analysis.FrontPage {
		f := b.figure(q.Metric)
		if f == nil {
			continue
		}
		if q.Metric == dueMetric {
			v.Due = b.dueNext(q.Question, f)
			continue
		}
		view := questionView{figureView: b.figureView(f, homePlace)}
		view.Question = q.Question
		for i := range f.Charts {
			if svg := chart.Spark(&f.Charts[i], b.palette); svg != "" {
				view.Spark, view.Caption, view.Key = template.HTML(svg), chart.Caption(&f.Charts[i]), chart.Key(&f.Charts[i], b.palette)
				break
			}
		}
		if v.Lead == nil {
			v.Lead = &view
		} else {
			v.Questions = append(v.Questions, view)
		}
	}
	v.Emergencies = b.emergencies()
	w := &b.weeks[len(b.weeks)-1]
	v.Hour, v.OnCall, v.Handover, v.NoRota, v.NoTracker = b.hour(), b.onCall(), b.handoversToday(), len(b.report.Shifts) == 0, !b.tracked()
	v.NoFires = !b.knowsFires()
	v.Nobody = b.openWords(slices.Concat(w.Open, w.NextOpen), 2)
	for i := range b.report.Changed {
		c := &b.report.Changed[i]
		v.Changes = append(v.Changes, storyView{Title: changesTitle(c), Href: changesPlace + "#" + segment(c.Name), Detail: c.Sentence})
	}
	v.Past = b.pastYears(homePlace, w.Label)
	v.Postmortems = b.latestPostmortems(3)
	overdue := b.overdue()
	for _, im := range overdue[:min(4, len(overdue))] {
		v.Overdue = append(v.Overdue, storyView{Title: short(im.What, 120), Href: postmortemPlace(im.Postmortem), Detail: b.ownerAndDate(im.Owner, im.Due)})
	}
	if len(overdue) > 4 {
		v.OverdueMore = fmt.Sprintf("All %d that are overdue", len(overdue))
	}
	v.Doubts = b.furtherDoubts()
	if n := len(b.Complaints) + len(b.tree.Complaints); n > 0 {
		v.Doubts = append(slices.Clip(v.Doubts), count(n, "complaint", "complaints")+" about the team’s texts")
	}
	if len(v.Doubts) > 3 {
		v.DoubtsMore = fmt.Sprintf("All %d", len(v.Doubts))
		v.Doubts = v.Doubts[:3]
	}
	return b.entry(homePlace, "home", b.Title, "home", v, false)
}

// figure is the answer to a metric, nil if the report has none.
func (b *builder) figure(name string) *analysis.Figure {
	for i := range b.report.Figures {
		if b.report.Figures[i].Name == name {
			return &b.report.Figures[i]
		}
	}
	return nil
}

func (b *builder) figureView(f *analysis.Figure, place string) figureView {
	v := figureView{
		Name: f.Name, Title: f.Title, Href: root(place) + metricPlace(f.Name), Question: f.Question,
		Value: b.value(f.Headline), Sentence: f.Sentence, Detail: f.Headline.Detail(), Mood: f.Good.String(), Verdict: f.Verdict(f.Good),
	}
	if f.Headline.Number.Known {
		v.Counts = f.Counted()
	}
	return v
}

// value writes a headline; a moment is written in the team's zone.
func (b *builder) value(v analysis.Value) string {
	if v.Unit == analysis.Moment && v.Number.Known {
		return string(appendMoment(nil, record.Instant(v.Number.Value), b.zone))
	}
	return v.String()
}

// dueNext is the list of what is due next, a dozen at most.
func (b *builder) dueNext(question string, f *analysis.Figure) *dueView {
	v := &dueView{Title: question, Sentence: f.Sentence, Href: metricPlace(f.Name), More: "The whole list"}
	if len(f.Rows) > 0 {
		v.Table = b.itemTable(homePlace, question, f.Rows[:min(10, len(f.Rows))])
	}
	for i := range f.Tables {
		if t := &f.Tables[i]; t.Name == "late" && len(t.Rows) > 0 {
			v.Late = v.Href + "#table-late"
		}
	}
	return v
}

// knowsFires says whether a class of the policy is of incidents: else that there are none says nothing.
func (b *builder) knowsFires() bool {
	return slices.ContainsFunc(b.policy.Classes, func(c analysis.Class) bool { return c.Kind == analysis.Incident })
}

// emergencies are the open incidents, oldest first.
func (b *builder) emergencies() template.HTML {
	var rows []analysis.Row
	for _, it := range b.report.Items {
		if it.Open() && it.Kind() == analysis.Incident {
			rows = append(rows, analysis.Row{Item: it})
		}
	}
	if rows == nil {
		return ""
	}
	slices.SortStableFunc(rows, func(x, y analysis.Row) int {
		return cmp.Or(cmp.Compare(x.Item.Severity(), y.Item.Severity()), cmp.Compare(x.Item.Created, y.Item.Created))
	})
	return b.itemTable(homePlace, "Open emergencies", rows[:min(10, len(rows))])
}

// itemTable is the short form of a list of items: what, how it is classed, where its promise stands.
func (b *builder) itemTable(place, label string, rows []analysis.Row) template.HTML {
	s := b.sheet(place)
	s.list(label, "Item", "Class", "Promise")
	for _, r := range rows {
		s.raw(`<tr><th scope="row">`)
		b.itemLink(s, r.Item, true)
		s.raw("</th><td>").tag(b.palette.Class(r.Item.Class()), r.Item.Class().Title()).raw("</td><td>")
		if r.Why != "" { // which of its promises stands here
			v := &r.Item.Resolve
			if strings.HasPrefix(r.Why, "to respond") {
				v = &r.Item.Respond
			}
			s.raw(`<span class="`, outcomeClass(analysis.Running), `">`).text(r.Why)
			s.raw(` <span class="detail">`).text(analysis.Work.Format(r.Num)).raw(clockWords(v), " left</span></span>")
		} else {
			b.promise(s, r.Item)
		}
		s.raw("</td></tr>\n")
	}
	return s.end().html()
}

// hour is the instant that the wiki speaks for, as "06:39, Mon 2 Nov": an entry is read for a day, and
// whoever is on call at one hour of it may have handed over by the next.
func (b *builder) hour() string { return b.report.AsOf.In(b.zone).Format("15:04, Mon 2 Jan") }

// onCall is who is on call at as-of, and for which role there is nobody.
func (b *builder) onCall() []onCallView {
	var vs []onCallView
	for _, s := range b.report.Night.OnCall(b.report.AsOf, "") {
		vs = append(vs, onCallView{Role: roleName(s.Role), Who: b.person(s.Person), Until: "until " + s.To.In(b.zone).Format("Mon 2 Jan, 15:04")})
	}
	for i := range b.report.Uncovered {
		if g := &b.report.Uncovered[i]; g.Holds(b.report.AsOf) {
			vs = append(vs, b.openView(g))
		}
	}
	return vs
}

// handoversToday are the turns that begin later on the day of as-of.
func (b *builder) handoversToday() []dutyView {
	var vs []dutyView
	day := b.report.AsOf.In(b.zone).Format(time.DateOnly)
	for _, s := range b.report.Shifts {
		if s.From <= b.report.AsOf || s.From.In(b.zone).Format(time.DateOnly) != day {
			continue
		}
		when := "From " + s.From.In(b.zone).Format("15:04")
		if len(vs) == 0 || vs[len(vs)-1].When != when {
			vs = append(vs, dutyView{When: when})
		}
		v := &vs[len(vs)-1]
		v.Roles = append(v.Roles, onCallView{Role: roleName(s.Role), Who: b.person(s.Person)})
	}
	return vs[:min(mostTurns, len(vs))]
}

// tracked says whether an issue of a tracker was read at all: else that there is none says nothing.
func (b *builder) tracked() bool { return len(b.report.Items) > 0 }

func roleName(role string) string {
	switch role {
	case "superhero":
		return "Superhero"
	case "sidekick":
		return "Sidekick"
	case "":
		return "On call"
	}
	return role
}

// person is the name of whoever an account belongs to.
func (b *builder) person(p record.Person) string {
	for _, m := range b.policy.Team.Members {
		if m.ID == p.Account || slices.Contains(m.Accounts, p.Account) {
			return m.Name
		}
	}
	return cmp.Or(p.Name, p.Account)
}

// member is the name of a member by their id; anybody else's is what is written.
func (b *builder) member(id string) string {
	for _, m := range b.policy.Team.Members {
		if m.ID == id {
			return m.Name
		}
	}
	return id
}

func (b *builder) ownerAndDate(owner string, due record.Date) string {
	s := "no owner"
	if owner != "" {
		s = b.member(owner)
	}
	if due != "" {
		s += ", due " + day(due)
	}
	return s
}

// day writes a date: 3 Mar 2026.
func day(d record.Date) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return t.Format("2 Jan 2006")
}

package site

// On call: who has the pager now and next, the rota of the coming weeks, where nobody has it, and what
// the pager did, question by question. Each answer links to the entry of its metric, which knows more.

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
)

// onCallEntryView is what oncall.html is given.
type onCallEntryView struct {
	Duty      []dutyView
	NoRota    bool
	Gaps      []string // where nobody will be on call, the next ones
	GapsTitle string
	Doubts    []string
	Week      string // the way to This week
	Moles     string
	Patterns  string
	Calendar  *calendarView
	Rota      []tableView
	Figures   []figureView
	Sections  []answerSection
	Tables    []tableView
}

// answerSection is a question of the pager with its pictures.
type answerSection struct {
	figureView
	Charts []chartView
	Tables []tableView // by service
}

// calendarView leads to a calendar.
type calendarView struct {
	Title     string
	Href      string
	Subscribe string // the address that calendar programs follow; "" where it is not known
}

func (b *builder) calendarView(place, title, file string) *calendarView {
	return &calendarView{Title: title, Href: root(place) + file, Subscribe: b.subscription(file)}
}

// onCallChapter is the chapter of metrics that this entry tells.
const onCallChapter = "On call"

// byService is what metrics call the table that splits them by service.
const byService = "by-service"

// mostTurnsAhead is how many turns of the rota the entry lists.
const mostTurnsAhead = 60

func (b *builder) onCallEntry() error {
	v := onCallEntryView{Week: root(onCallPlace) + weekNowPlace, Moles: root(onCallPlace) + molesPlace, Patterns: root(onCallPlace) + patternsPlace, Calendar: b.calendarView(onCallPlace, "The rota as a calendar", onCallICS)}
	if now := b.onCall(); len(now) > 0 {
		v.Duty = append(v.Duty, dutyView{When: "At " + b.hour(), Roles: now})
	}
	if next := b.nextOnCall(); len(next) > 0 {
		v.Duty = append(v.Duty, dutyView{When: "Next", Roles: next})
	}
	v.NoRota = len(b.report.Shifts) == 0
	v.Doubts = b.report.PagerDoubts()
	v.Gaps = b.openWords(b.report.Uncovered, mostAlarms)
	v.GapsTitle = "No sidekick will be there"
	if slices.ContainsFunc(b.report.Uncovered, func(g analysis.CoverGap) bool { return g.Role == analysis.Superhero && g.To > b.report.AsOf }) {
		v.GapsTitle = "Nobody will answer"
	}
	charts := false
	for i := range b.report.Figures {
		f := &b.report.Figures[i]
		if f.Chapter != onCallChapter {
			continue
		}
		v.Figures = append(v.Figures, b.figureView(f, onCallPlace))
		sec, err := b.answer(f)
		if err != nil {
			return err
		}
		if len(sec.Charts)+len(sec.Tables) > 0 {
			v.Sections = append(v.Sections, sec)
			charts = charts || len(sec.Charts) > 0
		}
	}
	if t := b.rota(); t.Table != "" {
		v.Rota = []tableView{t}
	}
	for _, t := range []tableView{b.uncovered(), b.burningUnwritten(), b.suggestedTable(), b.unjoined()} {
		if t.Table != "" {
			v.Tables = append(v.Tables, t)
		}
	}
	b.index(onCallPlace, "On call", "Who is on call, the rota, and what the pager did.", "List")
	return b.entry(onCallPlace, "oncall", "On call", "oncall", v, charts)
}

// answer is a question with its first picture and its table by service: the rest is on its own entry.
func (b *builder) answer(f *analysis.Figure) (answerSection, error) {
	sec := answerSection{figureView: b.figureView(f, onCallPlace)}
	if len(f.Charts) > 0 {
		first := f.Charts[0]
		first.Marks = nil // the metric's own entry tells what changed when
		c, err := b.chart(onCallPlace, f.Name, &first)
		if err != nil {
			return sec, fmt.Errorf("metric %s: %w", f.Name, err)
		}
		c.ID = "chart-" + segment(f.Name) + "-" + segment(first.Name)
		sec.Charts = []chartView{c}
	}
	for i := range f.Tables {
		t := &f.Tables[i]
		if t.Name != byService {
			continue
		}
		view := tableView{ID: segment(f.Name) + "-" + byService, Title: t.Title, CSV: b.csv(onCallPlace, f.Name, t.Name)}
		view.Table, view.Cut = b.table(onCallPlace, t, mostListed, false)
		sec.Tables = append(sec.Tables, view)
	}
	return sec, nil
}

// nextOnCall is who comes next in each role.
func (b *builder) nextOnCall() []onCallView {
	var vs []onCallView
	for _, r := range []string{analysis.Superhero, analysis.Sidekick} {
		if s, ok := b.report.Next(r); ok {
			vs = append(vs, onCallView{Role: roleName(s.Role), Who: b.person(s.Person), Until: b.since(s.From)})
		}
	}
	return vs
}

// turn is a row of the rota.
type turn struct {
	analysis.Span
	rotas []string          // more than one where each has a role of its own, as when the policy fills what a calendar leaves
	who   map[string]string // by role
}

// turns are the rows of the rota from as-of on: both roles in one where they are handed over together, and
// one for whenever nobody has a role.
func (b *builder) turns() []turn {
	var all []turn
	put := func(span analysis.Span, rota, role, who string) {
		i := slices.IndexFunc(all, func(t turn) bool { return t.Span == span && t.rotas[0] == rota && t.who[role] == "" })
		if i < 0 {
			i = len(all)
			all = append(all, turn{span, []string{rota}, map[string]string{}})
		}
		all[i].who[role] = who
	}
	for _, s := range b.report.Shifts {
		if s.To > b.report.AsOf {
			put(analysis.Span{From: s.From, To: s.To}, s.Rota, s.Role, b.person(s.Person))
		}
	}
	for _, g := range b.report.Uncovered {
		if g.To > b.report.AsOf && g.Absent == "" {
			put(g.Span, g.Rota, g.Role, "nobody")
		}
	}
	slices.SortStableFunc(all, func(x, y turn) int { return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To)) })
	// What one rota has no role for, another may have in the same hours.
	var rows []turn
	for _, t := range all {
		i := slices.IndexFunc(rows, func(r turn) bool {
			for role := range t.who {
				if r.who[role] != "" {
					return false
				}
			}
			return r.Span == t.Span
		})
		if i < 0 {
			rows = append(rows, t)
			continue
		}
		maps.Copy(rows[i].who, t.who)
		rows[i].rotas = append(rows[i].rotas, t.rotas...)
	}
	return rows
}

// rota is the table of who has it in the coming weeks.
func (b *builder) rota() tableView {
	turns := b.turns()
	if len(turns) == 0 {
		return tableView{}
	}
	turns = turns[:min(mostTurnsAhead, len(turns))]
	var roles, rotas []string
	for _, t := range turns {
		for role := range t.who {
			if !slices.Contains(roles, role) {
				roles = append(roles, role)
			}
		}
		for _, rota := range t.rotas {
			if !slices.Contains(rotas, rota) {
				rotas = append(rotas, rota)
			}
		}
	}
	slices.SortFunc(roles, func(x, y string) int { return cmp.Compare(y, x) }) // superhero before sidekick
	columns := []string{"From", "To"}
	for _, r := range roles {
		columns = append(columns, roleName(r))
	}
	if len(rotas) > 1 {
		columns = append(columns, "Rota")
	}
	s := b.sheet(onCallPlace)
	s.list("The coming weeks", columns...)
	for _, t := range turns {
		s.raw(`<tr><th scope="row" class="day">`).near(t.From, b.report.AsOf).raw(`</th><td data-head="To">`).near(t.To, b.report.AsOf).raw("</td>")
		for _, r := range roles {
			s.raw(`<td data-head="`).text(roleName(r)).raw(`">`).title(cmp.Or(t.who[r], "–")).raw("</td>")
		}
		if len(rotas) > 1 {
			s.raw("<td>").title(strings.Join(t.rotas, ", ")).raw("</td>")
		}
		s.raw("</tr>\n")
	}
	return tableView{ID: "rota", Title: "The coming weeks", Table: s.end().html()}
}

// unjoined are the pages that belong to no issue.
func (b *builder) unjoined() tableView {
	pages := b.report.Unjoined
	if len(pages) == 0 {
		return tableView{}
	}
	t := tableView{ID: "unjoined", Title: fmt.Sprintf("Pages without an issue: %d", len(pages)), CSV: root(onCallPlace) + pagesCSV,
		Note: "No issue that was read names them, and they name none of those. Write the issue’s key into the page, or the page’s address into the issue, and they are one fire from then on."}
	lost := 0
	for _, p := range pages {
		if len(b.report.Misnamed(p)) > 0 {
			lost++
		}
	}
	if lost > 0 {
		t.Note += fmt.Sprintf(" Of %d of them the issue that they name is not known: its key is mistyped, or its tracker was not read.", lost)
	}
	t.Table, t.Cut = b.pageTable(onCallPlace, "Pages without an issue", pages, mostPages, lost > 0)
	return t
}

// mostListed is how many lines the other lists of this entry have.
const mostListed = 50

// gapWords says why nobody is there. Who was away in a gap that is over is not told: nothing can be done about it
// any more, and a name would stand beside a cause.
func (b *builder) gapWords(g *analysis.CoverGap) string {
	if g.Absent != "" && g.To <= b.report.AsOf {
		return "whoever was on shift was " + g.Why
	}
	if g.Absent != "" {
		return b.member(g.Absent) + " is on shift, and " + g.Why
	}
	return "nobody is on shift"
}

// openWords are those of some gaps in cover that are not over, in words.
func (b *builder) openWords(gaps []analysis.CoverGap, most int) []string {
	var out []string
	for i := range gaps {
		g := &gaps[i]
		words := fmt.Sprintf("%s, %s: %s", roleName(g.Role), b.gapSpan(g), b.gapWords(g))
		if g.To <= b.report.AsOf || slices.Contains(out, words) { // two weeks share a gap that reaches over both
			continue
		}
		if len(out) == most {
			return append(out, "and more gaps")
		}
		out = append(out, words)
	}
	return out
}

// uncovered is the table of the gaps in cover.
func (b *builder) uncovered() tableView {
	gaps := b.report.Uncovered
	if len(gaps) == 0 {
		return tableView{}
	}
	t := tableView{ID: "gaps", Title: count(len(gaps), "gap in cover", "gaps in cover"), Note: "From 90 days before as-of to eight weeks after it."}
	if len(gaps) > mostListed {
		t.Cut = fmt.Sprintf("The last %d of %d.", mostListed, len(gaps))
		gaps = gaps[len(gaps)-mostListed:]
	}
	s := b.sheet(onCallPlace)
	s.list("Gaps in cover", "From", "To", "Role", "Rota", "Why")
	for i := range gaps {
		g := &gaps[i]
		s.raw(`<tr><th scope="row" class="day">`).near(g.From, b.report.AsOf).raw(`</th><td data-head="To">`).near(g.To, b.report.AsOf)
		if g.Beyond {
			s.raw(" or later")
		}
		s.raw(`</td><td data-head="Role">`).text(roleName(g.Role))
		s.raw(`</td><td data-head="Rota">`).title(short(g.Rota, 80)).raw(`</td><td data-head="Why">`).text(b.gapWords(g)).raw("</td></tr>\n")
	}
	t.Table = s.end().html()
	return t
}

// burningUnwritten are the fires that no issue was written about, though a postmortem was.
func (b *builder) burningUnwritten() tableView {
	var fires []*analysis.Fire
	for _, f := range b.report.Fires {
		if len(f.Items) == 0 {
			fires = append(fires, f)
		}
	}
	if len(fires) == 0 {
		return tableView{}
	}
	t := tableView{ID: "unwritten", Title: fmt.Sprintf("Fires without an issue: %d", len(fires)), Note: "Their pages are joined by a postmortem alone."}
	if len(fires) > mostListed {
		t.Cut = fmt.Sprintf("The newest %d of %d.", mostListed, len(fires))
		fires = fires[len(fires)-mostListed:]
	}
	s := b.sheet(onCallPlace)
	s.list("Fires without an issue", "First page", "Began", ">Pages", "Postmortem")
	for i := range fires {
		f := fires[len(fires)-1-i]
		s.raw(`<tr><th scope="row">`)
		b.pageTitle(s, f.Pages[0])
		s.raw("</th><td>").near(f.From, b.report.AsOf).raw(`</td><td class="n" data-head="Pages">`).number(len(f.Pages)).raw("</td><td>")
		for k, p := range f.Postmortems[:min(5, len(f.Postmortems))] {
			if k > 0 {
				s.raw(", ")
			}
			s.raw(`<a href="`, s.root).text(postmortemPlace(p.ID)).raw(`">`).title(short(p.Title, 80)).raw("</a>")
		}
		s.raw("</td></tr>\n")
	}
	t.Table = s.end().html()
	return t
}

// suggestedTable are the joins that somebody should look at.
func (b *builder) suggestedTable() tableView {
	all := b.report.Suggested
	if len(all) == 0 {
		return tableView{}
	}
	t := tableView{ID: "suggested", Title: fmt.Sprintf("Suggested joins: %d", len(all)),
		Note: "Nothing but the service and the hour says that these belong together, so they are counted nowhere. Write the key into the page, or the page’s address into the issue, and a suggestion is certain."}
	if len(all) > mostListed {
		t.Cut = fmt.Sprintf("The newest %d of %d.", mostListed, len(all))
		all = all[len(all)-mostListed:]
	}
	s := b.sheet(onCallPlace)
	s.list("Suggested joins", "Item", "Page", "Triggered", "Why")
	for i := range all {
		g := &all[len(all)-1-i]
		s.raw(`<tr><th scope="row">`)
		b.fireLink(s, g.Item)
		s.raw(" ").title(short(g.Item.Title, 120)).raw("</th><td>")
		b.pageTitle(s, g.Page)
		s.raw("</td><td>").near(g.Page.Triggered, b.report.AsOf).raw("</td><td>").text(g.Why).raw("</td></tr>\n")
	}
	t.Table = s.end().html()
	return t
}

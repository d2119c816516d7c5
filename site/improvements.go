package site

// The backlog of improvements: what postmortems decided to change, and how far it is.

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"github.com/firebreak/firebreak/analysis/postmortem"
)

func (b *builder) improvements() error {
	var overdue, open, done, declined []postmortem.Improvement
	for _, im := range b.report.Backlog {
		switch {
		case im.Overdue(b.report.AsOf):
			overdue = append(overdue, im)
		case im.Open():
			open = append(open, im)
		case im.State == postmortem.Declined:
			declined = append(declined, im)
		default:
			done = append(done, im)
		}
	}
	for _, over := range [][]postmortem.Improvement{done, declined} { // the latest first: what is over is looked at for what is new in it
		slices.SortStableFunc(over, func(x, y postmortem.Improvement) int {
			return cmp.Or(cmp.Compare(y.FinishedAt, x.FinishedAt), cmp.Compare(y.Due, x.Due))
		})
	}
	v := listView{Title: "Improvements", Standfirst: "What we decided to change so that it burns less. Whatever is linked to an issue stands where the issue stands."}
	for _, part := range []struct {
		id, title string
		ims       []postmortem.Improvement
	}{{"overdue", "Overdue", overdue}, {"open", "Open", open}, {"done", "Done", done}, {"declined", "Declined", declined}} {
		if len(part.ims) == 0 {
			continue
		}
		title := fmt.Sprintf("%s: %d", part.title, len(part.ims))
		v.Jump = append(v.Jump, navView{Title: title, Href: "#" + part.id})
		v.Tables = append(v.Tables, tableView{ID: part.id, Title: title, Table: b.improvementTable(improvementsPlace, part.title, part.ims, true), CSV: root(improvementsPlace) + improvementsCSV})
	}
	v.Calendar = b.calendarView(improvementsPlace, "The days they are due as a calendar", improvementsICS)
	if len(v.Tables) == 0 {
		v.Calendar, v.Note = nil, "No postmortem has proposed an improvement yet."
	}
	b.index(improvementsPlace, v.Title, "The backlog of what postmortems decided to change.", "List")
	return b.entry(improvementsPlace, "improvements", v.Title, "list", v, false)
}

// overdue are the improvements whose day is over.
func (b *builder) overdue() []postmortem.Improvement {
	var ims []postmortem.Improvement
	for _, im := range b.report.Backlog {
		if im.Overdue(b.report.AsOf) {
			ims = append(ims, im)
		}
	}
	return ims
}

// improvementTable writes improvements; from says whether to name the postmortem each comes from.
func (b *builder) improvementTable(place, label string, ims []postmortem.Improvement, from bool) template.HTML {
	s := b.sheet(place)
	columns := []string{"Improvement", "Question", "Owner", "Due", "State"}
	titles := map[string]string{}
	if from {
		columns = append(columns, "From")
		for _, p := range b.report.Postmortems {
			titles[p.ID] = p.Title
		}
	}
	s.list(label, columns...)
	for i := range ims {
		im := &ims[i]
		s.raw(`<tr><th scope="row">`).title(short(im.What, 300))
		if it := b.report.Find(im.Issue); im.Issue != "" && it != nil {
			s.raw(` <a class="key" href="`, s.root).text(b.itemPlace(it)).raw(`">`).text(im.Issue).raw("</a>")
		} else if web(im.Link) {
			s.raw(" ").out(im.Link, short(im.Issue, 60))
		} else if im.Issue != "" {
			s.raw(" ").text(im.Issue)
		}
		s.raw("</th><td>").text(im.Question.Title()).raw("</td><td class=\"day\">").text(b.member(im.Owner)).raw(`</td><td class="day">`).text(day(im.Due)).raw("</td><td>")
		state := "running"
		switch {
		case im.Overdue(b.report.AsOf):
			state = "missed"
		case im.State == postmortem.Done:
			state = "met"
		case im.State == postmortem.Declined && !im.Open():
			state = "quiet"
		}
		s.raw(`<span class="`, state, `">`).text(string(im.State)).raw("</span>")
		if im.State == postmortem.Done && im.Finished != "" {
			s.raw(` <span class="detail day">`).text(day(im.Finished)).raw("</span>")
		}
		if im.State == postmortem.Declined && im.Open() {
			s.raw(` <span class="detail">without a reason: still open</span>`)
		}
		if im.Reason != "" {
			s.raw(` <span class="detail">`).text(short(im.Reason, 200)).raw("</span>")
		}
		if from {
			s.raw(`</td><td><a href="`, s.root).text(postmortemPlace(im.Postmortem)).raw(`">`).text(short(titles[im.Postmortem], 80)).raw("</a>")
		}
		s.raw("</td></tr>\n")
	}
	return s.end().html()
}

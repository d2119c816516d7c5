package site

// Whack-a-mole: what keeps coming back, by place and by what its title says without the numbers; what
// was done about it, and whether it comes less since.

import (
	"fmt"
	"html/template"
	"io"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// mostMoles is how many of them stand on the entry.
const mostMoles = 100

func (b *builder) moleEntry() error {
	moles := b.report.Moles
	v := listView{Title: "Whack-a-mole", Standfirst: "What keeps coming back: alarms and incidents of one service whose titles differ in nothing but numbers, at least one of them back within 90 days. The worst come first."}
	if f := b.figure("repeats"); f != nil {
		v.Jump = append(v.Jump, navView{Title: "How it is counted", Href: root(molesPlace) + metricPlace(f.Name)})
	}
	v.Jump = append(v.Jump, navView{Title: "On call", Href: root(molesPlace) + onCallPlace})
	if len(moles) == 0 {
		v.Note = "Nothing has come back so far."
	} else {
		t := tableView{ID: "moles", Title: count(len(moles), "mole", "moles"), CSV: root(molesPlace) + molesCSV}
		if len(moles) > mostMoles {
			t.Cut = fmt.Sprintf("The worst %d of %d; all of them are in the CSV.", mostMoles, len(moles))
		}
		t.Table = b.moleTable(moles[:min(mostMoles, len(moles))])
		v.Tables = []tableView{t}
		v.Note = "Before and after are equal stretches on both sides of the day on which the improvement was finished. They stay empty while one of them is too short to tell."
	}
	b.index(molesPlace, v.Title, "What keeps coming back.", "List")
	return b.entry(molesPlace, "oncall", v.Title, "list", v, false)
}

func (b *builder) moleTable(moles []*analysis.Mole) template.HTML {
	s := b.sheet(molesPlace)
	s.list("What keeps coming back", "What", "Service", ">In 90 days", ">Ever", "Last", "What was done last", ">A week before", ">After")
	for _, m := range moles {
		s.raw(`<tr><th scope="row">`).title(short(m.Title, 140))
		if len(m.Items) > 0 {
			s.raw(` <span class="detail">`)
			b.lastItems(s, m.Items)
			s.raw("</span>")
		}
		s.raw("</th><td>").title(short(m.Service, 60)).raw(`</td><td class="n" data-head="In 90 days">`).number(m.Recent).raw(`</td><td class="n" data-head="Ever">`).number(m.Times)
		s.raw(`</td><td data-head="Last">`).near(m.Last, b.report.AsOf).raw("</td><td>")
		if im := m.Improvement; im != nil {
			b.moleHelp(s, im, m.Tie)
		}
		s.raw(`</td><td class="n" data-head="A week before">`)
		s.rate(m.Before, m.CameBefore).raw(`</td><td class="n" data-head="After">`).rate(m.After, m.CameAfter).raw("</td></tr>\n")
	}
	return s.end().html()
}

// lastItems links the last incidents of a mole.
func (b *builder) lastItems(s *sheet, items []*analysis.Item) {
	const most = 3
	for i := range items[:min(most, len(items))] {
		if i > 0 {
			s.raw(" ")
		}
		b.fireLink(s, items[len(items)-1-i])
	}
	if n := len(items) - most; n > 0 {
		s.raw(" and ").number(n).raw(" more")
	}
}

// moleHelp is the improvement that was tied to a mole.
func (b *builder) moleHelp(s *sheet, im *postmortem.Improvement, tie string) {
	s.raw(`<a href="`, s.root).text(postmortemPlace(im.Postmortem)).raw(`">`).title(short(im.What, 140)).raw(`</a> <span class="detail">`).text(string(im.State))
	if im.Finished != "" {
		s.raw(" ").text(day(im.Finished))
	}
	if tie != "" {
		s.raw(", ").text(tie)
	}
	s.raw("</span>")
}

// rate writes how often something came, and what that rests on.
func (s *sheet) rate(v analysis.Value, came int) *sheet {
	if !v.Number.Known {
		return s.raw("–")
	}
	s.text(v.String()).raw(` <span class="detail">`).number(came)
	return s.raw(" in ").text(count(v.N, "week", "weeks")).raw("</span>")
}

const molesCSV = "data/moles.csv"

// molesSheet is every mole as CSV.
func (b *builder) molesSheet(w io.Writer) error {
	var s spreadsheet
	s.b = append(s.b, "fingerprint,title,service,in 90 days,times,repeats,pages,incidents,first (UTC),last (UTC),improvement,state,finished,a week before,a week after\n"...)
	whole := func(n int) record.Number { return record.Num(float64(n)) }
	for _, m := range b.report.Moles {
		s.text(m.Fingerprint).text(m.Title).text(m.Service).num(whole(m.Recent)).num(whole(m.Times)).num(whole(m.Repeats)).num(whole(len(m.Pages))).num(whole(len(m.Items)))
		s.moment(m.First).moment(m.Last)
		if im := m.Improvement; im != nil {
			s.text(im.ID).text(string(im.State)).text(string(im.Finished))
		} else {
			s.text("").text("").text("")
		}
		if err := s.num(m.Before.Number).num(m.After.Number).row().flush(w, 64<<10); err != nil {
			return err
		}
	}
	return s.flush(w, 0)
}

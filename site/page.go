package site

// Pages of the pager as rows: those of an item, of a week, those that belong to nothing. Their titles
// are what some machine sent, so they are foreign words everywhere.

import (
	"cmp"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/analysis"
)

// Pages on an entry. A week or a service can have a million.
const (
	mostPages   = 50
	mostOfAWeek = 100
)

// pagesCSV holds the newest pages there are, as many as a spreadsheet takes in without complaint.
const (
	pagesCSV     = "data/pages.csv"
	mostCSVPages = 100_000
)

// pageTable writes pages, the newest of them where there are too many; items says whether to name what
// they belong to.
func (b *builder) pageTable(place, label string, pages []*analysis.Page, most int, items bool) (html template.HTML, cut string) {
	s := b.sheet(place)
	cut = b.writePageTable(s, label, pages, most, items)
	return s.html(), cut
}

func (b *builder) writePageTable(s *sheet, label string, pages []*analysis.Page, most int, items bool) (cut string) {
	if len(pages) > most {
		cut = fmt.Sprintf("The newest %d of %d; %s has more of them.", most, len(pages), pagesCSV)
		pages = pages[len(pages)-most:]
	}
	columns := []string{"Page", "Service", "Triggered", "Acknowledged", "Resolved"}
	judged := slices.ContainsFunc(pages, func(p *analysis.Page) bool { return p.Triage != nil && p.Triage.Judged() })
	if judged {
		columns = append(columns, "Verdict")
	}
	if items {
		columns = append(columns, "Belongs to")
	}
	s.list(label, columns...)
	for i := range pages {
		p := pages[len(pages)-1-i]
		s.raw(`<tr><th scope="row">`)
		b.pageTitle(s, p)
		s.raw("</th><td>")
		b.pageService(s, p)
		s.raw(`</td><td data-head="Triggered">`).near(p.Triggered, b.report.AsOf).raw(`</td><td data-head="Acknowledged">`)
		if p.Acked == 0 {
			s.raw("never")
		} else {
			s.near(p.Acked, b.report.AsOf)
		}
		s.raw(`</td><td data-head="Resolved">`)
		b.pageEnd(s, p)
		if judged {
			s.raw("</td><td>")
			verdict(s, p)
		}
		if items {
			s.raw("</td><td>")
			b.pageItems(s, p)
		}
		s.raw("</td></tr>\n")
	}
	s.end().raw("\n")
	return cut
}

// longestName is how long an id is at most that people call a page by: longer ones are UUIDs and hashes.
const longestName = 15

// pageName is what people call a page.
func pageName(p *analysis.Page) string {
	if p.Number == "" && len(p.ID) > longestName && p.Title != "" {
		return short(p.Title, 40)
	}
	return short(cmp.Or(p.Number, p.ID), 40)
}

// pageTitle writes a page's number, as a link to the pager, and its title; of one that has no number the
// title is the link.
func (b *builder) pageTitle(s *sheet, p *analysis.Page) {
	if p.Number == "" && len(p.ID) > longestName && p.Title != "" {
		s.raw("<bdi>").out(p.URL, unpiled(short(p.Title, 140))).raw("</bdi>")
		return
	}
	s.out(p.URL, pageName(p))
	s.raw(" ").title(short(p.Title, 140))
}

func (b *builder) pageService(s *sheet, p *analysis.Page) {
	if p.Of != nil {
		s.text(p.Of.Name)
		return
	}
	s.title(short(p.Service, 60))
}

func (b *builder) pageEnd(s *sheet, p *analysis.Page) {
	if p.Resolved == 0 {
		s.raw("open")
		return
	}
	s.near(p.Resolved, b.report.AsOf)
	if p.AutoClosed {
		s.raw(", by itself")
	}
}

// verdict writes what a person thought of a page.
func verdict(s *sheet, p *analysis.Page) {
	if p.Triage == nil || !p.Triage.Judged() {
		return
	}
	s.text(p.Triage.Verdict.Title())
	if p.Triage.Note != "" {
		s.raw(` <span class="detail">`).title(short(p.Triage.Note, 200)).raw("</span>")
	}
}

// pageItems links the items that a page belongs to for certain, and says which it names that there are not.
func (b *builder) pageItems(s *sheet, p *analysis.Page) {
	if lost := b.report.Misnamed(p); len(lost) > 0 {
		s.raw(`<span class="doubt">`).title(short(strings.Join(lost, ", "), 80)).raw("</span> is not known")
	}
	for i, it := range p.Items {
		if i == 5 {
			s.raw(" …")
			break
		}
		if i > 0 {
			s.raw(" ")
		}
		b.fireLink(s, it)
	}
}

// fireLink links an item to its entry as an incident where it has one.
func (b *builder) fireLink(s *sheet, it *analysis.Item) {
	place, ok := b.incidents[it]
	if !ok {
		place = b.itemPlace(it)
	}
	s.raw(`<a class="key" href="`, s.root).text(place).raw(`">`).text(it.Key).raw("</a>")
}

// writePages writes the newest pages as CSV, oldest first.
func (b *builder) writePages(w io.Writer) error {
	pages := b.report.Pages
	pages = pages[max(0, len(pages)-mostCSVPages):]
	var s spreadsheet
	s.b = append(s.b, "tracker,id,number,title,service,urgency,origin,triggered (UTC),acknowledged (UTC),resolved (UTC),by itself,escalated,merged into,items,verdict,note,url\n"...)
	var keys []string
	for _, p := range pages {
		keys = keys[:0]
		for _, it := range p.Items {
			keys = append(keys, it.Key)
		}
		into := ""
		if p.Into != nil {
			into = p.Into.Ref.String()
		}
		s.text(p.Tracker).text(p.ID).text(p.Number).text(p.Title).text(p.Service).text(p.Urgency).text(p.Origin)
		s.moment(p.Triggered).moment(p.Acked).moment(p.Resolved).text(strconv.FormatBool(p.AutoClosed)).text(strconv.Itoa(p.Escalated))
		s.text(into).text(strings.Join(keys, " "))
		if p.Triage != nil {
			s.text(string(p.Triage.Verdict)).text(p.Triage.Note)
		} else {
			s.text("").text("")
		}
		if err := s.text(p.URL).row().flush(w, 64<<10); err != nil {
			return err
		}
	}
	return s.flush(w, 0)
}

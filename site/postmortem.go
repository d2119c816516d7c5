package site

// Postmortems: each as its authors wrote it, with the facts above and the five questions in view, and
// the list of them.

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// postmortemView is what postmortem.html is given.
type postmortemView struct {
	Title      string
	Status     string
	Facts      []factView
	Complaints []complaintView
	Questions  []answerView
	Body       template.HTML
	Tables     []tableView
}

// answerView is one of the five questions, and whether the text answers it.
type answerView struct {
	Title, ID string
	Answered  bool
}

// contentsView is what contents.html is given.
type contentsView struct {
	Title      string
	Standfirst string
	Entries    []storyView
	Empty      string
	Tables     []tableView
}

func (b *builder) postmortems() error {
	v := contentsView{
		Title: "Postmortems", Standfirst: "What went wrong, five questions about it, and what we changed. Systems fail; people don’t cause failures.",
		Empty: "None has been written yet: firebreak new postmortem --from KEY writes one to start from.",
	}
	improvements := map[string][]postmortem.Improvement{}
	for _, im := range b.report.Backlog {
		improvements[im.Postmortem] = append(improvements[im.Postmortem], im)
	}
	for _, p := range b.newestPostmortems() {
		if err := b.postmortem(p, improvements[p.ID]); err != nil {
			return err
		}
		t := b.texts.postmortems[p]
		v.Entries = append(v.Entries, storyView{Title: p.Title, Href: root(postmortemsPlace) + t.place, Detail: b.postmortemDetail(p), Summary: cmp.Or(p.Impact, t.summary)})
		b.docs = append(b.docs, doc{Place: t.place, Title: p.Title, Text: string(t.words), Kind: "Postmortem"})
		t.source, t.html, t.words = nil, nil, nil // as of a play
	}
	b.index(postmortemsPlace, v.Title, "Every postmortem, the newest first.", "List")
	return b.entry(postmortemsPlace, "postmortems", v.Title, "contents", v, false)
}

// newestPostmortems are all postmortems, by what they are about, the latest incident first.
func (b *builder) newestPostmortems() []*postmortem.Postmortem {
	ps := slices.Clone(b.report.Postmortems)
	slices.SortStableFunc(ps, func(x, y *postmortem.Postmortem) int {
		return cmp.Or(cmp.Compare(when(y), when(x)), cmp.Compare(x.ID, y.ID))
	})
	return ps
}

// when is the first instant a postmortem names, or else when it was published.
func when(p *postmortem.Postmortem) record.Instant { return cmp.Or(p.Started, p.Detected, p.At) }

func (b *builder) latestPostmortems(most int) []storyView {
	var vs []storyView
	for _, p := range b.newestPostmortems() {
		if len(vs) == most {
			break
		}
		vs = append(vs, storyView{Title: p.Title, Href: postmortemPlace(p.ID), Detail: b.postmortemDetail(p)})
	}
	return vs
}

// postmortemDetail is "Sev 1 · 4 Mar 2026 · draft".
func (b *builder) postmortemDetail(p *postmortem.Postmortem) string {
	var s string
	add := func(t string) {
		if s != "" {
			s += " · "
		}
		s += t
	}
	if p.Severity > 0 {
		add(b.severityName(p.Severity))
	}
	if at := when(p); at != 0 {
		add(at.In(b.zone).Format("2 Jan 2006"))
	}
	if p.Draft {
		add("draft")
	}
	return s
}

// postmortem puts the entry of one, with its improvements.
func (b *builder) postmortem(p *postmortem.Postmortem, ims []postmortem.Improvement) error {
	t := b.texts.postmortems[p]
	v := postmortemView{Title: p.Title, Complaints: b.complaintsAbout(t.file), Body: template.HTML(t.html)}
	if p.Draft {
		v.Status = "Draft"
	} else if p.Published != "" {
		v.Status = "Published " + day(p.Published)
	}
	v.Facts = b.postmortemFacts(t.place, p)
	for _, q := range postmortem.Questions() {
		a := answerView{Title: q.Title()}
		if s, ok := p.Section(q); ok {
			for _, h := range t.heads {
				if a.Answered = h.Title == s.Title; a.Answered {
					a.ID = h.ID
					break
				}
			}
		}
		v.Questions = append(v.Questions, a)
	}
	if len(ims) > 0 {
		v.Tables = append(v.Tables, tableView{ID: "improvements-now", Title: "Where its improvements stand", Table: b.improvementTable(t.place, "Improvements", ims, false)})
	}
	if err := b.entry(t.place, "postmortems", p.Title, "postmortem", v, false); err != nil {
		return fmt.Errorf("postmortem %s: %w", p.ID, err)
	}
	return nil
}

// postmortemFacts are the facts of the front matter, with links to the incidents.
func (b *builder) postmortemFacts(place string, p *postmortem.Postmortem) []factView {
	var fs []factView
	if p.Severity > 0 {
		s := b.sheet(place)
		b.severityTag(s, p.Severity)
		fs = append(fs, factView{"Severity", s.html()})
	}
	if len(p.Incidents) > 0 {
		s := b.sheet(place)
		for i, key := range p.Incidents {
			if i > 0 {
				s.raw(", ")
			}
			if it := b.report.Find(key); it != nil {
				to, ok := b.incidents[it]
				if !ok {
					to = b.itemPlace(it)
				}
				s.raw(`<a class="key" href="`, s.root).text(to).raw(`">`).text(key).raw("</a>")
			} else {
				s.text(key).raw(` <span class="detail">not in the ledger</span>`)
			}
		}
		fs = append(fs, factView{"Incidents", s.html()})
	}
	for _, m := range []struct {
		name string
		at   record.Instant
	}{{"Started", p.Started}, {"Detected", p.Detected}, {"Mitigated", p.Mitigated}, {"Resolved", p.Resolved}} {
		if m.at != 0 {
			fs = append(fs, factView{m.name, b.sheet(place).moment(m.at).html()})
		}
	}
	for _, id := range p.Services {
		fs = append(fs, fact("Service", b.service(id)))
	}
	if p.Supplier != "" {
		fs = append(fs, fact("Supplier", p.Supplier))
	}
	if p.Impact != "" {
		fs = append(fs, fact("What customers noticed", p.Impact))
	}
	if len(p.Artifacts) > 0 {
		s := b.sheet(place)
		for i, a := range p.Artifacts {
			if i > 0 {
				s.raw(", ")
			}
			s.out(a.URL, cmp.Or(a.Title, a.URL))
		}
		fs = append(fs, factView{"Artifacts", s.html()})
	}
	return fs
}

func (b *builder) service(id string) string {
	i := slices.IndexFunc(b.policy.Services, func(s analysis.Service) bool { return s.ID == id })
	if i < 0 {
		return id
	}
	return b.policy.Services[i].Name
}

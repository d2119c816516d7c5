package site

// The playbook: what the team wrote down for the next one on call.

import (
	"fmt"
	"html/template"
)

// articleView is what article.html is given.
type articleView struct {
	Kicker     string
	Up         string // the way to the list of its kind
	Title      string
	Complaints []complaintView
	Contents   []head
	Body       template.HTML
}

func (b *builder) playbook() error {
	v := contentsView{
		Title: "Playbook", Standfirst: "What to do when it burns, and how we work when it doesn’t.",
		Empty: "The playbook is empty. Put Markdown files into the content folder’s playbook/.",
	}
	for _, t := range b.texts.plays {
		a := articleView{Kicker: "Playbook", Up: root(t.place) + playbookPlace, Title: t.title, Complaints: b.complaintsAbout(t.file), Body: template.HTML(t.html)}
		for _, h := range t.heads {
			if h.Level <= 3 {
				a.Contents = append(a.Contents, h)
			}
		}
		if len(a.Contents) < 3 {
			a.Contents = nil
		}
		if err := b.entry(t.place, "playbook", t.title, "article", a, false); err != nil {
			return fmt.Errorf("playbook %s: %w", t.file, err)
		}
		v.Entries = append(v.Entries, storyView{Title: t.title, Href: root(playbookPlace) + t.place, Summary: t.summary})
		b.indexText(t, "Playbook")
		t.source, t.html = nil, nil // the entry has them now, and there may be ten thousand
	}
	b.index(playbookPlace, v.Title, v.Standfirst, "List")
	return b.entry(playbookPlace, "playbook", v.Title, "contents", v, false)
}

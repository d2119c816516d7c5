package site

// How each number is computed: the conventions that hold for all of them, then each metric's own
// definition.

import (
	"bytes"
	_ "embed"
	"html/template"

	"github.com/yuin/goldmark"
)

// conventions is what a reader must know before any single definition.
//
//go:embed conventions.md
var conventions []byte

// definitionsView is what definitions.html is given.
type definitionsView struct {
	Contents []head
	Body     template.HTML
	Metrics  []definitionView
}

type definitionView struct {
	ID, Title, Href, Question string
	Doc                       template.HTML
}

func (b *builder) definitions() error {
	t := &text{file: "conventions.md", place: definitionsPlace, source: conventions}
	s := &scribe{md: newMarkdown(), find: func(string) (string, bool) { return "", false },
		file: func(string) (string, bool) { return "", false }, wiki: func(place string) bool { return b.places[place] }}
	s.write(t, false)
	v := definitionsView{Body: template.HTML(t.html)}
	for _, h := range t.heads {
		if h.Level == 2 {
			v.Contents = append(v.Contents, h)
		}
	}
	v.Contents = append(v.Contents, head{ID: "the-metrics", Title: "The metrics", Level: 2})
	for i := range b.report.Figures {
		f := &b.report.Figures[i]
		d := definitionView{ID: "metric-" + segment(f.Name), Title: f.Title, Href: root(definitionsPlace) + metricPlace(f.Name), Question: f.Question, Doc: b.doc(s.md, f.Doc)}
		v.Metrics = append(v.Metrics, d)
		v.Contents = append(v.Contents, head{ID: d.ID, Title: d.Title, Level: 3})
	}
	b.index(definitionsPlace, "How each number is computed", "Definitions of every metric, and what holds for all of them.", "List")
	return b.entry(definitionsPlace, "definitions", "How each number is computed", "definitions", v, false)
}

// doc renders a metric's own definition.
func (b *builder) doc(md goldmark.Markdown, doc string) template.HTML {
	var out bytes.Buffer
	if err := md.Convert([]byte(doc), &out); err != nil {
		return template.HTML(appendText(nil, doc))
	}
	return template.HTML(out.String())
}

package site

// An entry for each metric: the answer, its pictures, the same question asked of parts, the items
// behind it, those left out, and how it was computed.

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/site/chart"
)

// metricView is what metric.html is given.
type metricView struct {
	figureView
	Chapter string
	Doubts  []string
	Charts  []chartView
	Parts   []tableView
	Tables  []tableView
	Rows    []tableView
	Doc     template.HTML
	Weekly  string // where its weekly series are compared; "" where it has none
}

// chartView is a chart as a layout shows it.
type chartView struct {
	ID    string
	Title string
	Note  string
	Block template.JS // what app.js draws; "" if there is nothing to draw
	Tall  bool
	Marks []chart.Happening
	Table template.HTML
	Cut   string
	CSV   string
}

// metrics puts the entry of every metric, and the list of them.
func (b *builder) metrics() error {
	docs := newMarkdown()
	for i := range b.report.Figures {
		f := &b.report.Figures[i]
		place := metricPlace(f.Name)
		v := metricView{figureView: b.figureView(f, place), Chapter: f.Chapter, Doubts: f.Doubts, Doc: b.doc(docs, f.Doc)}
		if len(f.Weekly) > 0 {
			v.Doc += b.doc(docs, analysis.WeeklyDoc)
			v.Weekly = root(place) + beforeAfterPlace
		}
		for j := range f.Charts {
			c, err := b.chart(place, f.Name, &f.Charts[j])
			if err != nil {
				return fmt.Errorf("metric %s: %w", f.Name, err)
			}
			if c.Note == f.Sentence { // it stands above already
				c.Note = ""
			}
			v.Charts = append(v.Charts, c)
		}
		v.Parts = b.parts(place, f)
		for j := range f.Tables {
			t := &f.Tables[j]
			view := tableView{ID: "table-" + segment(t.Name), Title: t.Title, CSV: b.csv(place, f.Name, t.Name)}
			view.Table, view.Cut = b.table(place, t, mostRows, false)
			v.Tables = append(v.Tables, view)
		}
		if len(f.Rows) > 0 {
			view := tableView{ID: "items", Title: fmt.Sprintf("The %s behind it", count(len(f.Rows), "item", "items")), CSV: b.csv(place, f.Name, "items")}
			view.Table, view.Cut = b.rowsTable(place, view.Title, f.Rows, f.RowUnit, mostRows)
			v.Rows = append(v.Rows, view)
		}
		if len(f.Left) > 0 {
			view := tableView{ID: "left-out", Title: fmt.Sprintf("Left out: %s", count(len(f.Left), "item", "items")), CSV: b.csv(place, f.Name, "left-out"),
				Note: "They could not be counted, each for the reason beside it."}
			view.Table, view.Cut = b.rowsTable(place, view.Title, f.Left, "", mostRows)
			v.Rows = append(v.Rows, view)
		}
		if err := b.entry(place, "metrics", f.Title, "metric", v, len(v.Charts) > 0); err != nil {
			return err
		}
		b.index(place, f.Title, f.Question+" "+f.Sentence, "Metric")
	}
	return b.metricsList()
}

func (b *builder) csv(place, metric, name string) string { return root(place) + csvPlace(metric, name) }

func csvPlace(metric, name string) string {
	return "data/" + segment(metric) + "/" + segment(name) + ".csv"
}

// chart is a chart with its block and its table.
func (b *builder) chart(place, metric string, c *analysis.Chart) (chartView, error) {
	v := chartView{ID: "chart-" + segment(c.Name), Title: c.Title, Note: c.Note, CSV: b.csv(place, metric, c.Name),
		Tall: c.Kind == analysis.Heat && len(c.Lines) > 10 || c.Afloat || c.Kind == analysis.Scatter, Marks: chart.Happenings(c)}
	t := chart.Table(c)
	v.Table, v.Cut = b.table(place, &t, mostPoints, true)
	if len(c.X) == 0 || len(c.Lines) == 0 {
		return v, nil
	}
	block, err := chart.Block(c, b.palette)
	v.Block = template.JS(block)
	return v, err
}

// parts are tables of the same question asked of less: one table for each way to split it.
func (b *builder) parts(place string, f *analysis.Figure) []tableView {
	var groups []string
	for _, p := range f.Parts {
		if !slices.Contains(groups, p.Group) {
			groups = append(groups, p.Group)
		}
	}
	var vs []tableView
	for _, g := range groups {
		title := "By " + strings.ReplaceAll(g, "-", " ")
		if g == "" {
			title = "In parts"
		} else if strings.HasPrefix(g, "trailing") {
			title = strings.ToUpper(g[:1]) + strings.ReplaceAll(g[1:], "-", " ")
		}
		s := b.sheet(place)
		s.begin(title, cmp.Or(splitBy(g), "Part"), ">Value", "Rests on")
		for _, p := range f.Parts {
			if p.Group != g {
				continue
			}
			s.raw(`<tr><th scope="row">`)
			switch g {
			case "class", "stage", "severity", "kind":
				s.raw(`<span class="chip slot-`, b.palette.Slot(g, p.Name, 0), `" aria-hidden="true"></span> `)
			}
			s.text(p.Title).raw(`</th><td class="n`)
			if m := p.Good.String(); m != "" {
				s.raw(" ", m)
			}
			s.raw(`">`).text(b.value(p.Value)).raw("</td><td>").text(p.Value.Detail()).raw("</td></tr>\n")
		}
		vs = append(vs, tableView{ID: "by-" + segment(g), Title: title, Table: s.end().html(), CSV: b.csv(place, f.Name, "parts")})
	}
	return vs
}

// splitBy is what the parts of a group are called: "class" is "Class".
func splitBy(group string) string {
	if group == "" || strings.HasPrefix(group, "trailing") {
		return ""
	}
	return strings.ToUpper(group[:1]) + strings.ReplaceAll(group[1:], "-", " ")
}

// metricsView is what metrics.html is given.
type metricsView struct {
	Jump     []navView
	Chapters []chapterView
}

type chapterView struct {
	Title   string
	Figures []figureView
}

// metricsList is the list of all metrics, in chapters.
func (b *builder) metricsList() error {
	v := metricsView{Jump: []navView{{Title: "Before and after", Href: root(metricsPlace) + beforeAfterPlace}, {Title: "Pattern radar", Href: root(metricsPlace) + patternsPlace}}}
	for i := range b.report.Figures {
		f := &b.report.Figures[i]
		at := slices.IndexFunc(v.Chapters, func(c chapterView) bool { return c.Title == f.Chapter })
		if at < 0 {
			at = len(v.Chapters)
			v.Chapters = append(v.Chapters, chapterView{Title: f.Chapter})
		}
		v.Chapters[at].Figures = append(v.Chapters[at].Figures, b.figureView(f, metricsPlace))
	}
	b.index(metricsPlace, "Metrics", "Every question this wiki answers.", "List")
	return b.entry(metricsPlace, "metrics", "Metrics", "metrics", v, false)
}

// count is "1 item", "12 items".
func count(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

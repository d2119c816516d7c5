package site

// Before and after: the team's experiments as a story from its own data. What was tried, what was expected,
// what changed since and what did not.

import (
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/site/chart"
)

// beforeAfterView is what before-after.html is given.
type beforeAfterView struct {
	Title, Standfirst string
	Jump              []navView
	Experiments       []experimentView // oldest first
	Empty             string           // said where there are none
	Luck, Doc         string           // how many comparisons chance would make a change, and how they are made
	CSV               string
}

type experimentView struct {
	ID, Title, Since, About, Expect string
	Summary                         string
	Changed                         []effectView
	Others                          []effectsView // what did not change, and what cannot be told
	Table                           tableView
}

type effectsView struct {
	Title   string
	Effects []effectView
}

// effectView is a series at an experiment. Says goes on where the title ends.
type effectView struct {
	Title, Says, Href string
	Mood              string // "good", "bad" or ""
	Spark             template.HTML
}

func experimentID(e *analysis.Experiment) string { return "experiment-" + segment(e.ID) }

func (b *builder) beforeAfter() error {
	tried := b.report.Tried
	v := beforeAfterView{Title: "Before and after", Standfirst: "What we tried, what we expected of it, and what the weeks on both sides show.", CSV: root(beforeAfterPlace) + beforeAfterCSV}
	v.Jump = []navView{{Title: "All metrics", Href: root(beforeAfterPlace) + metricsPlace}, {Title: "How it is computed", Href: root(beforeAfterPlace) + definitionsPlace}}
	for i := range tried {
		v.Experiments = append(v.Experiments, b.experiment(&tried[i]))
	}
	if len(tried) == 0 {
		v.Empty = "No experiment has begun. The policy’s “experiments” declare them: one change at a time, with its day and what is expected of it."
	} else {
		v.Luck, v.Doc = b.report.ByLuck(), analysis.BeforeAfterDoc
	}
	b.index(beforeAfterPlace, v.Title, "What each experiment changed.", "List")
	return b.entry(beforeAfterPlace, "metrics", v.Title, "before-after", v, false)
}

func (b *builder) experiment(t *analysis.Tried) experimentView {
	v := experimentView{ID: experimentID(t.Experiment), Title: t.Name, Since: day(t.Date), About: t.About, Expect: t.Expect, Summary: t.Summary()}
	groups := []struct {
		title string
		of    analysis.Result
	}{{"What did not", analysis.Unchanged}, {"Too early to tell", analysis.TooEarly}, {"Too few weeks to compare", analysis.TooFew}}
	others := make([]effectsView, len(groups))
	for i := range t.Effects {
		e := &t.Effects[i]
		w := b.effect(e)
		if e.Result == analysis.Changed {
			w.Spark = template.HTML(chart.Spark(&e.Chart, b.palette))
			v.Changed = append(v.Changed, w)
			continue
		}
		for k, g := range groups {
			if g.of == e.Result {
				others[k].Title = g.title
				others[k].Effects = append(others[k].Effects, w)
			}
		}
	}
	v.Others = slices.DeleteFunc(others, func(g effectsView) bool { return len(g.Effects) == 0 })
	if len(t.Effects) > 0 {
		v.Table = tableView{ID: v.ID + "-numbers", Title: "The numbers", Table: b.effectTable(t)}
	}
	return v
}

func (b *builder) effect(e *analysis.Effect) effectView {
	v := effectView{Title: e.Title, Says: strings.TrimPrefix(e.Says, e.Title), Href: root(beforeAfterPlace) + metricPlace(e.Metric.Name), Mood: e.Good.String()}
	if f := b.figure(e.Metric.Name); f != nil && slices.ContainsFunc(f.Charts, func(c analysis.Chart) bool { return c.Name == e.Series }) {
		v.Href += "#chart-" + segment(e.Series)
	}
	return v
}

func (b *builder) effectTable(t *analysis.Tried) template.HTML {
	s := b.sheet(beforeAfterPlace)
	columns := []string{"What is counted", ">Before", ">After", ">Difference", ">95 % interval", "Weeks before", "Weeks after"}
	s.list("Before and after: "+t.Name, columns...)
	for i := range t.Effects {
		e := &t.Effects[i]
		s.raw(`<tr><th scope="row">`).text(e.Title).raw("</th>")
		for k, text := range []string{e.MeanOf(&e.Before), e.MeanOf(&e.After), e.DifferenceText(), e.IntervalText()} {
			s.raw(`<td class="n" data-head="`, columns[1+k][1:], `">`).text(text).raw("</td>")
		}
		for k, side := range []*analysis.Side{&e.Before, &e.After} {
			s.raw(`<td data-head="`, columns[5+k], `">`).text(side.String()).raw("</td>")
		}
		s.raw("</tr>\n")
	}
	return s.end().html()
}

const beforeAfterCSV = "data/before-after.csv"

// effectsSheet is every comparison as CSV: shares are 0 to 1, durations seconds.
func (b *builder) effectsSheet(w io.Writer) error {
	var s spreadsheet
	s.b = append(s.b, "experiment,date,metric,series,title,unit,result,before,weeks before,after,weeks after,difference,low,high\n"...)
	whole := func(n int) record.Number { return record.Num(float64(n)) }
	for i := range b.report.Tried {
		t := &b.report.Tried[i]
		for k := range t.Effects {
			e := &t.Effects[k]
			j := effectOf(e)
			s.text(t.ID).text(string(t.Date)).text(e.Metric.Name).text(e.Series).text(e.Title).text(string(e.Unit)).text(e.Result.String())
			for _, v := range []*float64{j.Before.Mean, j.After.Mean} {
				side := j.Before.N
				if v == j.After.Mean {
					side = j.After.N
				}
				s.num(known(v)).num(whole(side))
			}
			if err := s.num(known(j.Difference)).num(known(j.Low)).num(known(j.High)).row().flush(w, 64<<10); err != nil {
				return err
			}
		}
	}
	return s.flush(w, 0)
}

func known(v *float64) record.Number {
	if v == nil {
		return record.Number{}
	}
	return record.Num(*v)
}

// triedJSON is an experiment in report.json.
type triedJSON struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Date    string       `json:"date"`
	About   string       `json:"about"`
	Expect  string       `json:"expect"`
	Effects []effectJSON `json:"effects"`
}

type effectJSON struct {
	Metric     string   `json:"metric"`
	Series     string   `json:"series"`
	Title      string   `json:"title"`
	Unit       string   `json:"unit"`
	Result     string   `json:"result"` // changed, unchanged, too-early or too-few
	Before     sideJSON `json:"before"`
	After      sideJSON `json:"after"`
	Difference *float64 `json:"difference"`
	Low        *float64 `json:"low"` // the 95 % interval of the difference
	High       *float64 `json:"high"`
	Others     []string `json:"overlaps_with"`
	Says       string   `json:"says"`
}

type sideJSON struct {
	Period analysis.Period `json:"period"`
	Weeks  int             `json:"weeks"`
	N      int             `json:"n"` // weeks with data
	Mean   *float64        `json:"mean"`
}

func (b *builder) triedJSON() []triedJSON {
	js := []triedJSON{}
	for i := range b.report.Tried {
		t := &b.report.Tried[i]
		j := triedJSON{t.ID, t.Name, string(t.Date), t.About, t.Expect, []effectJSON{}}
		for k := range t.Effects {
			j.Effects = append(j.Effects, effectOf(&t.Effects[k]))
		}
		js = append(js, j)
	}
	return js
}

func effectOf(e *analysis.Effect) effectJSON {
	side := func(s *analysis.Side) sideJSON {
		return sideJSON{analysis.Period{From: s.From, To: s.To, Label: s.Label}, s.Weeks, s.N, numberOf(s.Number())}
	}
	j := effectJSON{Metric: e.Metric.Name, Series: e.Series, Title: e.Title, Unit: string(e.Unit), Result: e.Result.String(), Before: side(&e.Before), After: side(&e.After), Others: list(e.Others), Says: e.Says}
	if e.Result == analysis.Changed || e.Result == analysis.Unchanged {
		d := e.Difference()
		j.Difference, j.Low, j.High = &d, &e.Low, &e.High
	}
	return j
}

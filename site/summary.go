package site

// The summary: the headline figures alone, for programs and spreadsheets. Its JSON has the names of
// data/report.json, and like it only ever grows.

import (
	"cmp"
	"io"
	"slices"
	"strconv"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// Summary is what is written of a report that nobody builds a wiki of.
type Summary struct {
	*analysis.Report
	Title   string   // of the wiki; "" takes the team's name
	Metrics []string // names of those to write; nil for all
	Gates   []analysis.Ruling
}

// Chosen are the figures of the summary, in the order of the report.
func (s *Summary) Chosen() []*analysis.Figure {
	var fs []*analysis.Figure
	for i := range s.Figures {
		if f := &s.Figures[i]; s.Metrics == nil || slices.Contains(s.Metrics, f.Name) {
			fs = append(fs, f)
		}
	}
	return fs
}

// Name is the title of the wiki, or the team's name.
func (s *Summary) Name() string { return cmp.Or(s.Title, s.Policy.Team.Name, "firebreak") }

// summaryJSON and what is in it: add, never change.
type summaryJSON struct {
	nightJSON
	Totals  totalsJSON     `json:"totals"`
	Figures []headlineJSON `json:"figures"`
	Changed []changedJSON  `json:"changed"`
	Gates   []gateJSON     `json:"gates"`
}

type gateJSON struct {
	Gate     string         `json:"gate"`
	Verdict  string         `json:"verdict"` // passed, failed or cannot tell
	Metric   string         `json:"metric"`
	Value    analysis.Value `json:"value"`
	Sentence string         `json:"sentence"`
}

// WriteJSON writes the summary as JSON.
func (s *Summary) WriteJSON(w io.Writer) error {
	j := summaryJSON{nightJSON: nightOf(s.Report, s.Name()), Totals: totalsOf(s.Report), Figures: []headlineJSON{}, Changed: changedOf(s.Changed), Gates: []gateJSON{}}
	for _, f := range s.Chosen() {
		j.Figures = append(j.Figures, headlineOf(f))
	}
	for i := range s.Gates {
		g := &s.Gates[i]
		j.Gates = append(j.Gates, gateJSON{g.Text, string(g.Verdict), g.Metric, g.Value, g.Sentence})
	}
	out, err := appendJSON(nil, j)
	if err != nil {
		return err
	}
	_, err = w.Write(append(out, '\n'))
	return err
}

// WriteCSV writes the headlines and their parts as CSV, a row each. A headline has no group and no part, and says what it counts where the unit does not.
func (s *Summary) WriteCSV(w io.Writer) error {
	var sheet spreadsheet
	for _, h := range []string{"metric", "title", "group", "part", "part title", "unit", "number", "numerator", "denominator", "low", "high", "n", "of", "from (UTC)", "to (UTC)", "period", "partial", "mood", "counts", "begins", "items behind", "items left out", "as of (UTC)", "ends"} {
		sheet.text(h)
	}
	sheet.row()
	for _, f := range s.Chosen() {
		sheet.text(f.Name).text(f.Title).text("").text("").text("").value(f.Headline).text(f.Good.String()).text(f.Counts).text(strconv.FormatBool(f.Headline.Period.Begins)).
			num(record.Num(float64(len(f.Rows)))).num(record.Num(float64(len(f.Left)))).moment(s.AsOf).text(strconv.FormatBool(f.Headline.Period.Ends)).row()
		for _, p := range f.Parts {
			sheet.text(f.Name).text(f.Title).text(p.Group).text(p.Name).text(p.Title).value(p.Value).text(p.Good.String()).text("").text(strconv.FormatBool(p.Value.Period.Begins)).text("").text("").moment(s.AsOf).text(strconv.FormatBool(p.Value.Period.Ends)).row()
		}
	}
	return sheet.flush(w, 0)
}

// value writes the cells of a value, from its unit to whether its period is over.
func (s *spreadsheet) value(v analysis.Value) *spreadsheet {
	s.text(string(v.Unit)).num(v.Number)
	if r := v.Ratio; r != nil && r.Den != 0 { // of nothing there are no 0 of 0, and no interval
		s.num(record.Num(r.Num)).num(record.Num(r.Den))
		if r.Counts {
			s.num(record.Num(r.Low)).num(record.Num(r.High))
		} else {
			s.text("").text("")
		}
	} else {
		s.text("").text("").text("").text("")
	}
	s.num(record.Num(float64(v.N))).num(record.Number{Known: v.Of > 0, Value: float64(v.Of)})
	return s.moment(v.Period.From).moment(v.Period.To).text(v.Period.Label).text(strconv.FormatBool(v.Period.Partial))
}

package chart

// The table under a chart: the same numbers, for who cannot or would not look at a picture.

import (
	"strings"

	"github.com/firebreak/firebreak/analysis"
)

// Table is the numbers of a chart in rows: a row for each point of its axis, a column for each line,
// and at the end what happened there, if anything did anywhere.
func Table(c *analysis.Chart) analysis.Table {
	t := analysis.Table{Name: c.Name, Title: c.Title}
	x := analysis.Column{Name: "x", Title: "Point", Unit: analysis.Text}
	if c.XUnit == analysis.Day {
		x = analysis.Column{Name: "day", Title: "From", Unit: analysis.Text}
	}
	t.Columns = append(t.Columns, x)
	for _, l := range c.Lines {
		t.Columns = append(t.Columns, analysis.Column{Name: l.Name, Title: l.Title, Unit: c.Unit})
	}
	notes := make([][]string, len(c.X))
	any := false
	for _, h := range Happenings(c) {
		notes[h.at] = append(notes[h.at], h.Title)
		any = true
	}
	for i := max(0, len(c.X)-c.Partial); i < len(c.X); i++ {
		notes[i] = append(notes[i], "not over yet")
		any = true
	}
	if any {
		t.Columns = append(t.Columns, analysis.Column{Name: "note", Title: "Note", Unit: analysis.Text})
	}
	for i, p := range c.X {
		row := make([]analysis.Cell, 0, len(t.Columns))
		row = append(row, analysis.Cell{Text: p})
		for _, l := range c.Lines {
			cell := analysis.Cell{}
			if i < len(l.Values) {
				cell.Num = l.Values[i]
			}
			row = append(row, cell)
		}
		if any {
			row = append(row, analysis.Cell{Text: strings.Join(notes[i], "; ")})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

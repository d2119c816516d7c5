package chart

// The table under a chart: the same numbers, for who cannot or would not look at a picture.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// Table is the numbers of a chart in rows: a row for each point of its axis, a column for each line,
// and at the end what happened there, if anything did anywhere.
func Table(c *analysis.Chart) analysis.Table {
	if scattered(c) {
		return dotTable(c)
	}
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
	if c.Begins && len(notes) > 0 {
		notes[0] = append(notes[0], "history begins in it")
		any = true
	}
	for i := max(0, len(c.X)-c.Partial); i < len(c.X); i++ {
		notes[i] = append(notes[i], "not over yet")
		any = true
	}
	for i := max(0, len(c.X)-c.Ends); i < len(c.X); i++ {
		notes[i] = append(notes[i], "not told to the end")
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

func scattered(c *analysis.Chart) bool {
	return slices.ContainsFunc(c.Lines, func(l analysis.Series) bool { return l.Dots != nil })
}

// dotTable is the dots of a scatter in rows, in the order of its axis.
func dotTable(c *analysis.Chart) analysis.Table {
	t := analysis.Table{Name: c.Name, Title: c.Title, Columns: []analysis.Column{
		{Name: "x", Title: "Point", Unit: analysis.Text}, {Name: "item", Title: "Item", Unit: analysis.Text}, {Name: "series", Title: "Of", Unit: analysis.Text}, {Name: "value", Title: "Value", Unit: c.Unit}}}
	type placed struct {
		analysis.Dot
		of string
	}
	var all []placed
	for _, l := range c.Lines {
		for _, d := range l.Dots {
			all = append(all, placed{d, l.Title})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.At, b.At) })
	for _, d := range all {
		row := []analysis.Cell{{Text: c.X[d.At]}, {Item: d.Item}, {Text: d.of}, {Num: record.Num(d.Y)}}
		if d.Item != nil {
			row[1].Text = d.Item.Key
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Package chart turns a figure's charts into pictures: the option that ECharts draws in the browser
// ([Block]), the table of the same numbers that stands under it ([Table]), and the small drawing that
// needs no script at all ([Spark]).
//
// Its words: a block is the data that travels with an entry for one chart, as JSON in a script element
// that is never executed; a slot is the name of a colour, which the theme gives (--slot in the theme's
// style sheet), so that one class, stage or severity has one colour on every entry, light or dark.
//
// Its one rule: go-echarts lends its types and never its renderer. The renderer writes labels into the
// page as code (a series called </script><script>… runs, and so does __f__(…)__f__), hides NaN by
// blanking the chart, draws random ids and fetches ECharts from another host. Here the option is
// json.Marshal-ed, which escapes < > & and refuses NaN; numbers are formatted in the browser by the
// names of units, not by functions in the data. Everything about looks (colours, fonts, grids) is in
// the theme's app.js.
package chart

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/firebreak/firebreak/analysis"
)

// block is what app.js reads.
type block struct {
	Unit    analysis.Unit  `json:"unit"`
	XUnit   analysis.Unit  `json:"xunit"`
	Slots   []string       `json:"slots"` // the colour of each series
	Roles   []string       `json:"roles"` // what each series means: "limit" is drawn as a line, not as data
	Partial int            `json:"partial,omitempty"`
	Begins  bool           `json:"begins,omitempty"`
	Ends    int            `json:"ends,omitempty"`
	Afloat  bool           `json:"afloat,omitempty"`
	High    float64        `json:"high,omitempty"` // of a heat map: where its scale ends
	Option  map[string]any `json:"option"`
}

// jsonChart is the part of every go-echarts chart that is safe.
type jsonChart interface {
	Validate()
	JSON() map[string]any
}

// Block is the data block of a chart: JSON that may stand in a script element. Impossible numbers and
// series of the wrong length are errors, naming the chart.
func Block(c *analysis.Chart, p *Palette) ([]byte, error) {
	for _, l := range c.Lines {
		if len(l.Values) != len(c.X) && l.Dots == nil {
			return nil, fmt.Errorf("chart %s: %s has %d values for %d points", c.Name, l.Name, len(l.Values), len(c.X))
		}
	}
	b := block{Unit: c.Unit, XUnit: c.XUnit, Partial: c.Partial, Begins: c.Begins, Ends: c.Ends, Afloat: c.Afloat}
	var picture jsonChart
	var err error
	if c.Kind == analysis.Heat {
		picture, b.High, err = heat(c)
		b.Slots, b.Roles = []string{"heat"}, []string{""}
	} else {
		picture, err = lines(c)
		for i, l := range c.Lines {
			b.Slots = append(b.Slots, p.Slot(l.Role, l.Name, i))
			b.Roles = append(b.Roles, l.Role)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", c.Name, err)
	}
	picture.Validate()
	b.Option = picture.JSON()
	for _, empty := range []string{"title", "legend", "toolbox", "tooltip", "color"} {
		delete(b.Option, empty)
	}
	out, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", c.Name, err)
	}
	return out, nil
}

// lines is every chart with one value axis. All of them are go-echarts lines, bars or scatters laid
// over one another.
func lines(c *analysis.Chart) (jsonChart, error) {
	base := charts.NewLine()
	base.SetXAxis(c.X)
	base.SetGlobalOptions(
		charts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value"}),
	)
	for i, l := range c.Lines {
		write := numbers
		if l.Dots != nil {
			write = dots
		}
		values, err := write(&l)
		if err != nil {
			return nil, err
		}
		s := charts.SingleSeries{Name: l.Title, Id: l.Name, Data: values}
		kind := c.Kind
		if l.Kind != "" {
			kind = l.Kind
		}
		switch kind {
		case analysis.Bar:
			s.Type = "bar"
		case analysis.Stacked:
			s.Type, s.Stack = "bar", "all"
		case analysis.Area:
			s.Type, s.Stack, s.AreaStyle = "line", "all", &opts.AreaStyle{}
		case analysis.Scatter:
			s.Type = "scatter"
		default:
			s.Type = "line"
		}
		if bound(l.Role) { // a limit is never stacked on what it limits
			s.Type, s.Stack, s.AreaStyle = "line", "", nil
		}
		if i == 0 {
			s.MarkLines = marks(c)
		}
		base.MultiSeries = append(base.MultiSeries, s)
	}
	return base, nil
}

// bound says whether a series is a bound and not data.
func bound(role string) bool { return role == "limit" || role == "goal" || role == "centre" }

// mark is a go-echarts mark line that also says what it means.
type mark struct {
	Name   string `json:"name"`
	Letter string `json:"letter,omitempty"`
	XAxis  any    `json:"xAxis,omitempty"`
	YAxis  any    `json:"yAxis,omitempty"`
	Role   string `json:"role,omitempty"`
}

func marks(c *analysis.Chart) *opts.MarkLines {
	m := &opts.MarkLines{}
	letters := map[int]int{} // of a point: where in the data its letters stand, once for all that happened there
	for _, h := range Happenings(c) {
		if i, ok := letters[h.at]; ok && h.Letter != "" {
			first := m.Data[i].(mark)
			first.Letter += " " + h.Letter
			m.Data[i], h.Letter = first, ""
		} else if h.Letter != "" {
			letters[h.at] = len(m.Data)
		}
		m.Data = append(m.Data, mark{Name: h.Title, Letter: h.Letter, XAxis: h.at, Role: h.Role})
	}
	for _, k := range c.Marks {
		if k.X == "" && k.Y.Known {
			m.Data = append(m.Data, mark{Name: k.Title, YAxis: k.Y.Value, Role: k.Role})
		}
	}
	if m.Data == nil {
		return nil
	}
	return m
}

// Happening is something that happened at a point of a chart. The picture has room for its letter
// only; what it was stands below.
type Happening struct {
	Letter string // A, B, … ; "" for a signal, which is drawn on its point
	Point  string
	Title  string
	Role   string
	at     int
}

// Happenings are the marks of a chart that lie at a point of it.
func Happenings(c *analysis.Chart) []Happening {
	var hs []Happening
	letters := 0
	for _, k := range c.Marks {
		at := place(c, k.X)
		if k.X == "" || at < 0 {
			continue
		}
		h := Happening{Point: c.X[at], Title: k.Title, Role: k.Role, at: at}
		if k.Role != "signal" {
			h.Letter = letter(letters)
			letters++
		}
		hs = append(hs, h)
	}
	return hs
}

// letter is A to Z, then A2 and so on.
func letter(n int) string {
	s := string(rune('A' + n%26))
	if n >= 26 {
		s += strconv.Itoa(n/26 + 1)
	}
	return s
}

// place is which point of the chart x falls on: itself, or where the points are days, the last one at
// or before it (an experiment begins in the middle of a week). -1 if it lies before the first.
func place(c *analysis.Chart, x string) int {
	at := -1
	for i, p := range c.X {
		if p == x {
			return i
		}
		if c.XUnit == analysis.Day && p < x {
			at = i
		}
	}
	return at
}

// heat is a grid of X by Lines, darker for more.
func heat(c *analysis.Chart) (jsonChart, float64, error) {
	h := charts.NewHeatMap()
	titles := make([]string, len(c.Lines))
	data := []byte{'['}
	high := 0.0
	for y, l := range c.Lines {
		titles[y] = l.Title
		for x, v := range l.Values {
			if !v.Known {
				continue
			}
			n, err := number(v.Value)
			if err != nil {
				return nil, 0, fmt.Errorf("%s: %w", l.Name, err)
			}
			high = max(high, v.Value)
			if len(data) > 1 {
				data = append(data, ',')
			}
			data = fmt.Appendf(data, "[%d,%d,%s]", x, y, n)
		}
	}
	h.SetGlobalOptions(
		charts.WithXAxisOpts(opts.XAxis{Type: "category", Data: c.X}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Data: titles}),
	)
	h.MultiSeries = append(h.MultiSeries, charts.SingleSeries{Type: "heatmap", Data: json.RawMessage(append(data, ']'))})
	return h, high, nil
}

// numbers writes a series' values; what is not known is null, a gap in the line.
func numbers(l *analysis.Series) (json.RawMessage, error) {
	b := make([]byte, 0, 8*len(l.Values)+2)
	b = append(b, '[')
	for i, v := range l.Values {
		if i > 0 {
			b = append(b, ',')
		}
		if !v.Known {
			b = append(b, "null"...)
			continue
		}
		n, err := number(v.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.Name, err)
		}
		b = append(b, n...)
	}
	return append(b, ']'), nil
}

// dots writes a scatter: where each stands on the axis, how high, and the key of its item.
func dots(l *analysis.Series) (json.RawMessage, error) {
	b := []byte{'['}
	for i, d := range l.Dots {
		if i > 0 {
			b = append(b, ',')
		}
		y, err := number(d.Y)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.Name, err)
		}
		b = fmt.Appendf(b, `{"value":[%d,%s]`, d.At, y)
		if d.Item != nil {
			key, err := json.Marshal(d.Item.Key)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", l.Name, err)
			}
			b = append(append(b, `,"name":`...), key...)
		}
		b = append(b, '}')
	}
	return append(b, ']'), nil
}

// number is v in JSON, with as many digits as a drawing can show.
func number(v float64) (string, error) {
	if v != v || v-v != 0 {
		return "", fmt.Errorf("%v is no number to draw", v)
	}
	if v == float64(int64(v)) {
		return strconv.FormatInt(int64(v), 10), nil
	}
	return strconv.FormatFloat(v, 'g', 6, 64), nil
}

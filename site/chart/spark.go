package chart

// Small drawings in SVG for the front page, drawn here so that they are there without a script, in
// print and in mail. They have no numbers on them: those stand beside them in words.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// The drawing is wide × high units; the style sheet stretches it to its column.
const (
	wide, high = 240, 48
	points     = 52 // the newest of them
)

// Spark draws the newest points of a chart: bars on one another for counts, a line for the rest, and
// goals and limits as a thin line across. It is "" where there is too little to draw. Its colours are
// classes of the theme: slot-class-1, slot-limit ….
func Spark(c *analysis.Chart, p *Palette) string {
	n := min(points, len(c.X))
	from := len(c.X) - n
	if n < 2 || c.Kind == analysis.Heat || c.Kind == analysis.Scatter {
		return ""
	}
	stacked := c.Kind == analysis.Stacked || c.Kind == analysis.Area || c.Kind == analysis.Bar
	top := ceiling(c, from, stacked)
	if top <= 0 {
		return ""
	}
	b := fmt.Appendf(nil, `<svg class="spark" viewBox="0 0 %d %d" preserveAspectRatio="none" aria-hidden="true" focusable="false">`, wide, high)
	drawn := 0
	floor := make([]float64, n)
	for i, l := range c.Lines {
		if bound(l.Role) || len(l.Values) != len(c.X) {
			continue
		}
		class := p.Slot(l.Role, l.Name, i)
		values := l.Values[from:]
		if stacked {
			b = fmt.Appendf(b, `<path class="bar slot-%s" d="`, class)
			step := float64(wide) / float64(n)
			for x, v := range values {
				if v.Known {
					drawn++
				}
				if !v.Known || v.Value <= 0 {
					continue
				}
				y0, y1 := floor[x], floor[x]+v.Value
				b = rect(b, float64(x)*step+step*0.12, height(y1, top), step*0.76, height(y0, top)-height(y1, top))
				if c.Kind != analysis.Bar {
					floor[x] = y1
				}
			}
			b = append(b, `"/>`...)
			if c.Kind == analysis.Bar {
				break // bars side by side do not fit: the first series speaks
			}
			continue
		}
		b = fmt.Appendf(b, `<path class="below slot-%s" d="`, class)
		b = below(b, values, top)
		b = fmt.Appendf(b, `"/><path class="line slot-%s" d="`, class)
		b, drawn = polyline(b, values, top)
		b = append(b, `"/>`...)
		break // one line: the picture is as wide as a thumb
	}
	if drawn < 2 {
		return ""
	}
	for _, l := range c.Lines {
		if !bound(l.Role) || len(l.Values) != len(c.X) {
			continue
		}
		b = fmt.Appendf(b, `<path class="bound slot-%s" d="`, l.Role)
		b, _ = polyline(b, l.Values[from:], top)
		b = append(b, `"/>`...)
	}
	for _, m := range c.Marks {
		if m.X == "" && m.Y.Known && m.Y.Value >= 0 && m.Y.Value <= top {
			b = fmt.Appendf(b, `<path class="bound slot-%s" d="M0 `, markSlot(m.Role))
			b = coordinate(b, height(m.Y.Value, top))
			b = fmt.Appendf(b, `H%d"/>`, wide)
		} else if at := place(c, m.X); m.X != "" && at > from {
			b = append(b, `<path class="event" d="M`...)
			b = coordinate(b, float64(at-from)*wide/float64(n))
			b = fmt.Appendf(b, ` 0V%d"/>`, high)
		}
	}
	return string(append(b, `</svg>`...))
}

// Caption says in words what a Spark shows: from when to when, what the bars on one another are, by their place, as
// a picture this small has no key and colours are not for everybody, and what the lines across it are.
func Caption(c *analysis.Chart) string {
	if len(c.X) == 0 {
		return c.Title
	}
	s := fmt.Sprintf("%s, %s to %s.", c.Title, c.X[max(0, len(c.X)-points)], c.X[len(c.X)-1])
	if names := bars(c); len(names) > 1 {
		s += " From the bottom up: " + strings.Join(names, ", ") + "."
	} else if len(names) == 1 && len(c.Lines) > 1 {
		s += " All of it: " + names[0] + "."
	}
	goal, changes := false, false
	for _, m := range c.Marks {
		goal = goal || m.X == "" && m.Role == "goal"
		changes = changes || place(c, m.X) > 0 && m.Role == "experiment"
	}
	if goal {
		s += " Dashed: the goal."
	}
	if changes {
		s += " Dotted: when we changed how we work."
	}
	return s
}

// bars are the titles of what a Spark of the chart stacks, from the bottom up.
func bars(c *analysis.Chart) (names []string) {
	for _, i := range stacks(c) {
		names = append(names, c.Lines[i].Title)
	}
	return names
}

// Colour is what a colour of a Spark stands for.
type Colour struct{ Slot, Title string }

// Key is what the colours of a Spark of the chart stand for, from the bottom up; nil where there is one.
func Key(c *analysis.Chart, p *Palette) (key []Colour) {
	at := stacks(c)
	if len(at) < 2 {
		return nil
	}
	for _, i := range at {
		key = append(key, Colour{p.Slot(c.Lines[i].Role, c.Lines[i].Name, i), c.Lines[i].Title})
	}
	return key
}

// stacks are which lines of the chart a Spark of it stacks.
func stacks(c *analysis.Chart) (at []int) {
	if c.Kind != analysis.Stacked && c.Kind != analysis.Area {
		return nil
	}
	for i, l := range c.Lines {
		if bound(l.Role) || len(l.Values) != len(c.X) {
			continue
		}
		shown := func(v record.Number) bool { return v.Known && v.Value > 0 }
		if slices.ContainsFunc(l.Values[max(0, len(c.X)-points):], shown) {
			at = append(at, i)
		}
	}
	return at
}

// polyline draws what is known of a line, and says how many points that are.
func polyline(b []byte, values []record.Number, top float64) ([]byte, int) {
	pen, drawn := byte('M'), 0
	for x, v := range values {
		if !v.Known {
			pen = 'M'
			continue
		}
		b = append(b, pen)
		b = coordinate(b, float64(x)*wide/float64(len(values)-1))
		b = append(b, ' ')
		b = coordinate(b, height(v.Value, top))
		pen = 'L'
		drawn++
	}
	return b, drawn
}

// below draws the ground between a line and the bottom, stretch by stretch of what is known.
func below(b []byte, values []record.Number, top float64) []byte {
	at := func(x int) float64 { return float64(x) * wide / float64(len(values)-1) }
	for x := 0; x < len(values); x++ {
		if !values[x].Known {
			continue
		}
		b = append(b, 'M')
		b = coordinate(b, at(x))
		b = fmt.Appendf(b, " %d", high)
		for ; x < len(values) && values[x].Known; x++ {
			b = append(b, 'L')
			b = coordinate(b, at(x))
			b = append(b, ' ')
			b = coordinate(b, height(values[x].Value, top))
		}
		b = append(b, 'V')
		b = fmt.Appendf(b, "%dz", high)
	}
	return b
}

func markSlot(role string) string {
	if bound(role) {
		return role
	}
	return "limit"
}

// ceiling is the highest value drawn.
func ceiling(c *analysis.Chart, from int, stacked bool) float64 {
	top := 0.0
	for x := from; x < len(c.X); x++ {
		sum := 0.0
		for _, l := range c.Lines {
			if x >= len(l.Values) || !l.Values[x].Known {
				continue
			}
			v := l.Values[x].Value
			if stacked && c.Kind != analysis.Bar && !bound(l.Role) {
				sum += v
			}
			top = max(top, v)
		}
		top = max(top, sum)
	}
	if c.Unit == analysis.Share {
		return 1
	}
	return top
}

// height is where v lies, with a little air above.
func height(v, top float64) float64 { return high - 1 - min(max(v/top, 0), 1)*(high-4) }

func rect(b []byte, x, y, w, h float64) []byte {
	b = append(b, 'M')
	b = coordinate(b, x)
	b = append(b, ' ')
	b = coordinate(b, y)
	b = append(b, 'h')
	b = coordinate(b, w)
	b = append(b, 'v')
	b = coordinate(b, h)
	b = append(b, 'h')
	b = coordinate(b, -w)
	return append(b, 'z')
}

func coordinate(b []byte, v float64) []byte {
	s := strconv.AppendFloat(nil, v, 'f', 1, 64)
	if len(s) > 2 && s[len(s)-1] == '0' {
		s = s[:len(s)-2]
	}
	return append(b, s...)
}

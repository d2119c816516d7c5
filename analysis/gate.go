package analysis

// Gates: what a team will not let pass unnoticed, in one line: sla < 95%. A gate fails where its
// condition holds. It is read before anything else happens, here, and judged when the figures are there
// (gate_judge.go).

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/firebreak/firebreak/analysis/strict"
)

// Gate is a condition on a figure, or on a part of one: metric, metric/part or metric/group/part, then
// one of < <= > >= == !=, then a number in the figure's unit. Shares are written 95%, elapsed time 4h or
// 90min (s, min, h, d, w), working time in s, min and h, since a working day is a different length on every
// calendar; everything else is a plain number.
type Gate struct {
	Text   string // as it was written
	metric *Metric
	path   []string // of the part; empty for the headline
	partAt int      // bytes into Text
	op     string
	number string // a decimal
	suffix string
	value  int // bytes into Text
}

// GateError is what is wrong with a gate, and where.
type GateError struct {
	Text string
	At   int // the character, from 1
	What string

	There string // the metrics that there are, where it names none of them and none is near; else ""
}

func (e *GateError) Error() string {
	what := e.What
	if e.There != "" {
		what += "; there are " + e.There
	}
	return fmt.Sprintf("gate %q, character %d: %s", e.Text, e.At, what)
}

// wrong is a fault at a byte of the text.
func (g *Gate) wrong(at int, format string, args ...any) error {
	return &GateError{Text: g.Text, At: 1 + utf8.RuneCountInString(g.Text[:at]), What: fmt.Sprintf(format, args...)}
}

// gateAliases are what people call some metrics.
var gateAliases = []struct{ name, metric string }{
	{"sla", "sla-resolve"}, {"resolve", "sla-resolve"}, {"respond", "sla-respond"}, {"support", "support-share"}, {"due", "due-next"},
}

// FindMetric is the metric of that name, or that people call so; nil if there is none.
func FindMetric(name string) *Metric {
	for _, a := range gateAliases {
		if a.name == name {
			name = a.metric
		}
	}
	if i := slices.IndexFunc(Metrics, func(m Metric) bool { return m.Name == name }); i >= 0 {
		return &Metrics[i]
	}
	return nil
}

// UnknownMetric says that there is no metric of that name, and which was meant; where none is near, which there are.
func UnknownMetric(name string) string {
	what, there := unknownMetric(name)
	if there != "" {
		what += "; there are " + there
	}
	return what
}

func unknownMetric(name string) (what, there string) {
	var names, known []string
	for i := range Metrics {
		names = append(names, Metrics[i].Name)
	}
	known = slices.Clone(names)
	for _, a := range gateAliases {
		names = append(names, a.name)
	}
	meant := strict.DidYouMean(name, names...)
	if meant == "" { // half a hundred names behind the right one only hide it
		there = strings.Join(known, ", ")
	}
	return fmt.Sprintf("there is no metric %q%s", name, meant), there
}

// ParseGate reads a gate. Its errors are [*GateError]. A part is looked for only when the gate is judged:
// which there are is known with the figures.
func ParseGate(text string) (Gate, error) {
	g := Gate{Text: text}
	if !utf8.ValidString(text) || len(text) > 200 {
		g.Text = strings.ToValidUTF8(text[:min(len(text), 200)], "\ufffd")
		return g, g.wrong(0, "this is no gate; one reads sla < 95%%")
	}
	at := skipBlanks(text, 0)
	end := at
	for end < len(text) && !strings.ContainsRune(" \t<>=!", rune(text[end])) {
		end++
	}
	if end == at {
		return g, g.wrong(at, "the name of a metric is expected; a gate reads sla < 95%%")
	}
	path := strings.Split(text[at:end], "/")
	if g.metric = FindMetric(path[0]); g.metric == nil {
		if '0' <= path[0][0] && path[0][0] <= '9' {
			return g, g.wrong(at, "a gate begins with the name of a metric; it reads sla < 95%%")
		}
		called := strings.TrimRight(text[at:at+max(0, strings.IndexAny(text[at:], "<>=!"))], " \t")
		for i := range Metrics {
			if m := &Metrics[i]; strings.EqualFold(m.Title, called) {
				return g, g.wrong(at, "%q is called %s in a gate", m.Title, m.Name)
			}
		}
		what, there := unknownMetric(path[0])
		return g, &GateError{Text: text, At: 1 + utf8.RuneCountInString(text[:at]), What: what, There: there}
	}
	g.path, g.partAt = path[1:], at+len(path[0])+1
	for _, p := range g.path {
		if p == "" || len(g.path) > 2 {
			return g, g.wrong(g.partAt-1, "a part is written %s/part, or %s/group/part", path[0], path[0])
		}
	}
	at = skipBlanks(text, end)
	for _, op := range []string{"<=", ">=", "==", "!=", "<", ">"} { // the longer ones first
		if strings.HasPrefix(text[at:], op) {
			g.op = op
			break
		}
	}
	switch {
	case g.op == "" && strings.HasPrefix(text[at:], "="):
		return g, g.wrong(at, "equal is written ==")
	case g.op == "":
		return g, g.wrong(at, "one of < <= > >= == != is expected behind the name")
	}
	g.value = skipBlanks(text, at+len(g.op))
	end = g.value
	if strings.HasPrefix(text[end:], "-") {
		end++
	}
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '.') {
		end++
	}
	g.number = text[g.value:end]
	n, err := strconv.ParseFloat(g.number, 64)
	if err != nil || n > 1e12 || n < -1e12 {
		return g, g.wrong(g.value, "a number is expected behind %s, such as %s", g.op, gateExample(g.metric.Unit))
	}
	unit := skipBlanks(text, end)
	for end = unit; end < len(text) && (text[end] == '%' || 'a' <= text[end]|0x20 && text[end]|0x20 <= 'z'); {
		end++
	}
	g.suffix = text[unit:end]
	if end = skipBlanks(text, end); end < len(text) {
		return g, g.wrong(end, "a gate ends behind its number and unit; decimals stand behind a point, and another gate in another --fail-on")
	}
	if len(g.path) == 0 {
		_, err = g.limit(g.metric.Unit)
	}
	return g, err
}

func skipBlanks(s string, at int) int {
	for at < len(s) && (s[at] == ' ' || s[at] == '\t') {
		at++
	}
	return at
}

// gateExample is how a number of a unit is written in a gate.
func gateExample(u Unit) string {
	switch u {
	case Share:
		return "95%"
	case Duration:
		return "4h, 90min or 2.5d"
	case Work:
		return "4h or 90min"
	}
	return "3"
}

// gateSeconds is how many a suffix stands for. A working day is a different length on every calendar, so only
// elapsed time has days.
func gateSeconds(suffix string, u Unit) float64 {
	switch suffix {
	case "s":
		return 1
	case "m", "min":
		return 60
	case "h":
		return 3600
	case "d":
		if u == Duration {
			return 24 * 3600
		}
	case "w":
		if u == Duration {
			return 7 * 24 * 3600
		}
	}
	return 0
}

// limit is the gate's number in a unit; it refuses what cannot be compared.
func (g *Gate) limit(u Unit) (float64, error) {
	what := fmt.Sprintf("%q", g.metric.Title)
	n, _ := strconv.ParseFloat(g.number, 64)
	switch u {
	case Text, Moment, Day, "":
		return 0, g.wrong(g.value, "%s is no number, so nothing can be compared with it", what)
	case Share:
		if g.suffix != "%" {
			if g.suffix == "" && 0 < n && n < 1 { // a share as the JSON writes it
				return 0, g.wrong(g.value, "%s is a share, so what it is compared with is a percentage: %s%%", what, strconv.FormatFloat(n*100, 'g', 6, 64))
			}
			return 0, g.wrong(g.value, "%s is a share, so what it is compared with is a percentage: %s%%", what, g.number)
		}
		if n < 0 || n > 100 {
			return 0, g.wrong(g.value, "a share is never below 0 %% or above 100 %%")
		}
		// 94.6 / 100 is not the number nearest to 0.946, which 473 of 500 is.
		return strconv.ParseFloat(g.number+"e-2", 64)
	case Duration, Work:
		if f := gateSeconds(g.suffix, u); f > 0 {
			if n < 0 {
				return 0, g.wrong(g.value, "a time is never below 0")
			}
			return n * f, nil
		}
		if u == Work && gateSeconds(g.suffix, Duration) > 0 {
			return 0, g.wrong(g.value, "%s is working time, and a working day is a different length on every calendar: it is compared with hours or minutes, such as %s", what, gateExample(u))
		}
		return 0, g.wrong(g.value, "%s is a time, so what it is compared with is one, such as %s", what, gateExample(u))
	case Hours:
		if g.suffix == "h" {
			return n, nil
		}
	case Days:
		if g.suffix == "d" {
			return n, nil
		}
	}
	if g.suffix != "" {
		return 0, g.wrong(g.value, "%s is counted in %s and compared with a plain number, such as 3", what, u)
	}
	return n, nil
}

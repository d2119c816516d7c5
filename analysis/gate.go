package analysis

// Gates: what a team will not let pass unnoticed, in one line: sla < 95%. A gate fails where its
// condition holds. It is read before anything else happens and judged when the figures are there.

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
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

	There string // the metrics that there are, where it names none of them; else ""
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

// UnknownMetric says that there is no metric of that name, and which there are.
func UnknownMetric(name string) string {
	what, there := unknownMetric(name)
	return what + "; there are " + there
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
	return fmt.Sprintf("there is no metric %q%s", name, strict.DidYouMean(name, names...)), strings.Join(known, ", ")
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
	g.suffix = strings.TrimSpace(text[end:])
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
			return 0, g.wrong(g.value, "%s is a share, so what it is compared with is a percentage: %s%%", what, g.number)
		}
		if n < 0 || n > 100 {
			return 0, g.wrong(g.value, "a share is never below 0 %% or above 100 %%")
		}
		// 94.6 / 100 is not the number nearest to 0.946, which 473 of 500 is.
		return strconv.ParseFloat(g.number+"e-2", 64)
	case Duration, Work:
		if f := gateSeconds(g.suffix, u); f > 0 {
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

// Ruling is what became of a gate.
type Ruling struct {
	Gate
	Verdict  GateVerdict
	Metric   string
	Value    Value
	Sentence string
}

// GateVerdict is how a gate was judged.
type GateVerdict string

// The verdicts on a gate. A gate of which there is no data, or too little to tell, does not fail.
const (
	GatePassed GateVerdict = "passed"
	GateFailed GateVerdict = "failed"
	GateUnsure GateVerdict = "cannot tell"
)

// Judge judges a gate by the report's figures. The error is a [*GateError]: a part that the figure does not
// have, or that is counted in something else.
func (g Gate) Judge(r *Report) (Ruling, error) {
	i := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Metric == g.metric })
	if i < 0 {
		return Ruling{}, g.wrong(0, "%s", UnknownMetric(g.metric.Name))
	}
	f := &r.Figures[i]
	what, v, absent := f.Title, f.Headline, false
	v.Unit = cmp.Or(v.Unit, f.Unit)
	if len(g.path) > 0 {
		p, err := g.part(r, f)
		if err != nil {
			return Ruling{}, err
		}
		if p == nil {
			v, absent = Value{Unit: f.Unit}, len(f.Parts) == 0
		} else {
			what, v = what+", "+p.Title, p.Value
		}
	}
	if v.Unit == "" {
		v.Unit = f.Unit
	}
	to := Ruling{Gate: g, Metric: f.Name, Value: v}
	limit, err := g.limit(v.Unit)
	if err != nil && !absent { // nobody knows what a part that is not there is counted in
		return Ruling{}, err
	}
	is := fmt.Sprintf("%s is %s", what, v.beside(limit))
	if d := v.Detail(); d != "" {
		is += " (" + d + ")"
	}
	switch {
	case !v.Number.Known:
		period := ""
		if v.Period.Label != "" {
			period = " (" + v.Period.Label + ")"
		}
		to.Verdict, to.Sentence = GateUnsure, fmt.Sprintf("Of %s there is no data%s, so nobody can tell.", what, period)
	case v.scarce():
		to.Verdict, to.Sentence = GateUnsure, fmt.Sprintf("%s: under %d nobody can tell.", is, Fewest)
	case compares(v.Number.Value, g.op, limit):
		to.Verdict, to.Sentence = GateFailed, is+"."
	default:
		to.Verdict, to.Sentence = GatePassed, is+"."
	}
	return to, nil
}

// beside is the value written so that it can be held against a limit: with more digits where both would read the
// same and are not.
func (v Value) beside(limit float64) string {
	s, at := v.String(), v.Number.Value
	if !v.Number.Known || v.small() || at == limit || s != v.Unit.Format(record.Num(limit)) {
		return s
	}
	times, behind := 1.0, ""
	switch v.Unit {
	case Share:
		times, behind = 100, " %"
	case Duration, Work:
		behind = " s"
	}
	for digits := 0; digits <= 9; digits++ {
		if a := decimal(times*at, digits); a != decimal(times*limit, digits) {
			return a + behind
		}
	}
	return s
}

// scarce says whether a value rests on too few to be held against a limit. A count or a sum is what it is;
// a share, a percentile or a rate of four is not.
func (v Value) scarce() bool {
	switch v.Unit {
	case Duration, Work, PerWeek, Each:
		return v.N > 0 && v.N < Fewest
	}
	return v.small()
}

func compares(v float64, op string, limit float64) bool {
	switch op {
	case "<":
		return v < limit
	case "<=":
		return v <= limit
	case ">":
		return v > limit
	case ">=":
		return v >= limit
	case "==":
		return v == limit
	}
	return v != limit
}

// part is the part that the gate names, of several the one of the headline's period. It is nil for a class or severity
// of the policy of which there is none, and for whatever is asked of a figure without data: a night without an export
// of the pager is published, whatever its gates ask of pages.
func (g *Gate) part(r *Report, f *Figure) (*Part, error) {
	name := g.path[len(g.path)-1]
	var found []*Part
	var names []string
	for i := range f.Parts {
		p := &f.Parts[i]
		names = append(names, p.Name)
		if p.Name == name && (len(g.path) == 1 || p.Group == g.path[0]) {
			found = append(found, p)
		}
	}
	if len(found) > 1 {
		now := slices.DeleteFunc(slices.Clone(found), func(p *Part) bool { return p.Value.Period != f.Headline.Period })
		if len(now) == 1 {
			found = now
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		var ways []string
		for _, p := range found {
			ways = append(ways, g.metric.Name+"/"+p.Group+"/"+p.Name)
		}
		return nil, g.wrong(g.partAt, "%q may be %s", name, strings.Join(ways, " or "))
	}
	if len(f.Parts) == 0 && !f.Headline.Number.Known { // which there are is known when there is data
		return nil, nil
	}
	for _, c := range r.Policy.Classes {
		if c.ID == name && (len(g.path) == 1 || g.path[0] == "class" || g.path[0] == "trailing-90-days") {
			return nil, nil
		}
	}
	for _, s := range r.Policy.Severities {
		if "sev-"+strconv.Itoa(s.Level) == name && (len(g.path) == 1 || g.path[0] == "severity") {
			return nil, nil
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	there := "it has no parts"
	if len(names) > 0 {
		there = "there are " + strings.Join(names, ", ")
	}
	return nil, g.wrong(g.partAt, "%q has no part %q%s; %s", g.metric.Title, strings.Join(g.path, "/"), strict.DidYouMean(name, names...), there)
}

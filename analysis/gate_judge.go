package analysis

// How a gate is judged by the figures of a report, and what is said of it.

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

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
			what += ", " + strings.Join(g.path, "/")
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
	case v.N > 0 && v.N < v.least():
		to.Verdict, to.Sentence = GateUnsure, fmt.Sprintf("%s: under %d nobody can tell.", is, v.least())
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

// least is how many a value has to rest on to be held against a limit. A count or a sum is what it is; on a share
// or a percentile of nine there is no verdict (METRICS.md, section 0), and on a rate of four weeks none either.
func (v Value) least() int {
	switch {
	case v.Unit == Duration, v.Ratio != nil && v.Ratio.Counts:
		return Enough
	case v.Unit == Work, v.Unit == PerWeek, v.Unit == Each, v.Ratio != nil:
		return Fewest
	}
	return 0
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
	there := strict.DidYouMean(name, names...)
	switch {
	case len(names) == 0:
		there = "; it has no parts"
	case there == "":
		there = "; there are " + strings.Join(names, ", ")
	}
	return nil, g.wrong(g.partAt, "%q has no part %q%s", g.metric.Title, strings.Join(g.path, "/"), there)
}

package analysis

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// compared is what becomes of a weekly series that begins on Monday 5 January 2026, at each experiment.
func compared(unit Unit, values []record.Number, dates ...record.Date) []Tried {
	asOf := trendMonday.Add(time.Duration(len(values)) * 7 * 24 * time.Hour)
	n := &Night{Policy: &Policy{Zone: time.UTC}, Zone: time.UTC, AsOf: asOf}
	for _, d := range dates {
		n.Policy.Experiments = append(n.Policy.Experiments, Experiment{ID: string(d), Name: "from " + string(d), Date: d})
	}
	w := Weekly{Name: "x", Title: "Fires", Unit: unit, Weeks: n.periods(calendar.Weeks(), trendMonday, asOf), Values: values, Worse: 1}
	return n.tried([]Figure{{Metric: &Metric{Name: "m"}, Answer: Answer{Weekly: []Weekly{w}}}})
}

func repeated(v float64, times int) []record.Number {
	return slices.Repeat([]record.Number{record.Num(v)}, times)
}

// TestBeforeAndAfterAreWholeWeeksOnEachSide has one experiment on Wednesday of the 11th week: it cuts that
// week, which belongs to neither side.
func TestBeforeAndAfterAreWholeWeeksOnEachSide(t *testing.T) {
	values := slices.Concat(repeated(4, 10), repeated(9, 1), repeated(1, 9))
	e := compared(Items, values, "2026-03-18")[0].Effects[0]
	if e.Before.Label != "2026-W03 to 2026-W11" || e.After.Label != "2026-W13 to 2026-W21" || e.Before.Mean != 4 || e.After.Mean != 1 {
		t.Errorf("%+v and %+v", e.Before, e.After)
	}
	if e.Result != Changed || e.Low != -3 || e.High != -3 || e.Good != Good {
		t.Errorf("%v, %v to %v, mood %v", e.Result, e.Low, e.High, e.Good)
	}
	if want := "Fires: fewer, from 4 a week to 1 a week (difference −3, 95 % interval −3 to −3, n = 9 and 9 weeks)."; e.Says != want {
		t.Errorf("%q, want %q", e.Says, want)
	}
	if c := e.Chart; len(c.X) != 19 || runs(c.Lines[1].Values) != "9×4 10×–" || runs(c.Lines[2].Values) != "10×– 9×1" {
		t.Errorf("%d weeks, means %s and %s", len(c.X), runs(c.Lines[1].Values), runs(c.Lines[2].Values))
	}
}

// TestTheSidesOfAnExperiment: so many weeks before and after, and what comes of them.
func TestTheSidesOfAnExperiment(t *testing.T) {
	const monday = "2026-05-04" // the beginning of the 18th week
	for _, c := range []struct {
		name   string
		values []record.Number
		more   []record.Date
		result Result
		before string
		after  string
		others int
	}{
		{"a quarter at most", slices.Concat(repeated(4, 17), repeated(1, 20)), nil, Changed, "2026-W06 to 2026-W18", "2026-W19 to 2026-W31", 0},
		{"seven weeks since", slices.Concat(repeated(4, 17), repeated(1, 7)), nil, TooEarly, "2026-W11 to 2026-W18", "2026-W19 to 2026-W25", 0},
		{"eight weeks since", slices.Concat(repeated(4, 17), repeated(1, 8)), nil, Changed, "2026-W11 to 2026-W18", "2026-W19 to 2026-W26", 0},
		// Another one ten weeks later shortens both sides to ten; one five weeks later cannot be kept out of eight.
		{"another ten weeks later", slices.Concat(repeated(4, 17), repeated(1, 20)), []record.Date{"2026-07-13"}, Changed, "2026-W09 to 2026-W18", "2026-W19 to 2026-W28", 0},
		{"another five weeks later", slices.Concat(repeated(4, 17), repeated(1, 20)), []record.Date{"2026-06-08"}, Changed, "2026-W11 to 2026-W18", "2026-W19 to 2026-W26", 1},
		{"another nine weeks before", slices.Concat(repeated(4, 17), repeated(1, 20)), []record.Date{"2026-03-02"}, Changed, "2026-W10 to 2026-W18", "2026-W19 to 2026-W27", 0},
		{"two on one day", slices.Concat(repeated(4, 17), repeated(1, 20)), []record.Date{monday}, Changed, "2026-W06 to 2026-W18", "2026-W19 to 2026-W31", 1},
		{"the same all along", repeated(4, 37), nil, Unchanged, "2026-W06 to 2026-W18", "2026-W19 to 2026-W31", 0},
		{"blank weeks before", slices.Concat(repeated(4, 6), make([]record.Number, 8), repeated(4, 3), repeated(1, 20)), nil, TooFew, "2026-W06 to 2026-W18", "2026-W19 to 2026-W31", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			ts := compared(Items, c.values, append([]record.Date{monday}, c.more...)...)
			i := slices.IndexFunc(ts, func(x Tried) bool { return x.Date == monday })
			e := ts[i].Effects[0]
			if e.Result != c.result || e.Before.Label != c.before || e.After.Label != c.after || len(e.Others) != c.others {
				t.Errorf("%v, %s and %s, others %q", e.Result, e.Before.Label, e.After.Label, e.Others)
			}
		})
	}
}

func TestNothingIsComparedWhereNothingIsKnownOrEverWas(t *testing.T) {
	for name, vs := range map[string][]record.Number{"no data": make([]record.Number, 40), "always 0": repeated(0, 40)} {
		if es := compared(Items, vs, "2026-05-04")[0].Effects; len(es) != 0 {
			t.Errorf("%s: %+v", name, es[0].Says)
		}
	}
	if ts := compared(Items, repeated(4, 10), "2026-05-04"); len(ts) != 0 {
		t.Errorf("an experiment to come is told of: %+v", ts)
	}
	if es := compared(Items, repeated(4, 20), "2025-05-05")[0].Effects; len(es) != 0 {
		t.Errorf("before anything is known: %+v", es[0].Says)
	}
	e := compared(Items, repeated(4, 20), "2026-01-19")[0].Effects[0]
	if e.Result != TooFew || e.Says != "Fires: too few weeks with data to compare, 2 before and 8 after (8 wanted on each side)." {
		t.Errorf("two weeks before: %q", e.Says)
	}
}

func TestSharesAreComparedInPoints(t *testing.T) {
	e := compared(Share, slices.Concat(repeated(0.5, 10), repeated(0.75, 10)), "2026-03-16")[0].Effects[0]
	if want := "Fires: higher, from 50 % to 75 % (difference +25 points, 95 % interval +25 to +25, n = 10 and 10 weeks)."; e.Says != want || e.Good != Bad {
		t.Errorf("%q, want %q", e.Says, want)
	}
}

// TestTheIntervalOfAnExperimentIsThatOfItsWeeks draws random weeks, and computes the interval of the same weeks plainly.
func TestTheIntervalOfAnExperimentIsThatOfItsWeeks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var values []record.Number
		for range 26 {
			values = append(values, record.Num(float64(rapid.IntRange(0, 9).Draw(t, "count"))))
		}
		es := compared(Items, values, "2026-04-06")[0].Effects
		if len(es) == 0 {
			return
		}
		plain := func(vs []record.Number) (fs []float64) {
			for _, v := range vs {
				fs = append(fs, v.Value)
			}
			return fs
		}
		low, high := plainInterval(plain(values[:13]), plain(values[13:]))
		if e := es[0]; e.Low != low || e.High != high || (e.Result == Changed) != (low > 0 || high < 0) {
			t.Fatalf("%v to %v (%v), plainly %v to %v", e.Low, e.High, e.Result, low, high)
		}
	})
}

// BenchmarkTried is what a night with thirty weekly series of two years and eight experiments pays.
func BenchmarkTried(b *testing.B) {
	asOf := trendMonday.Add(104 * 7 * 24 * time.Hour)
	n := &Night{Policy: &Policy{Zone: time.UTC}, Zone: time.UTC, AsOf: asOf}
	for i := range 8 {
		n.Policy.Experiments = append(n.Policy.Experiments, Experiment{ID: string(rune('a' + i)), Date: calendar.DateOf(trendMonday.Add(time.Duration(13+10*i)*7*24*time.Hour), time.UTC)})
	}
	weeks := n.periods(calendar.Weeks(), trendMonday, asOf)
	var a Answer
	for i := range 30 {
		var vs []record.Number
		for k := range weeks {
			vs = append(vs, record.Num(float64((k*k+7*i)%11)))
		}
		a.Weekly = append(a.Weekly, Weekly{Title: "x", Unit: Items, Weeks: weeks, Values: vs})
	}
	b.ReportAllocs()
	for b.Loop() {
		n.tried([]Figure{{Metric: &Metric{}, Answer: a}})
	}
}

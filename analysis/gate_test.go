package analysis

import (
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors/record"
)

// gated is a report of a few figures.
func gated() *Report {
	share := func(k, n int) Value { return shareOf(k, n, Period{Label: "October 2026"}) }
	part := func(group, name, title string, v Value) Part {
		return Part{Group: group, Name: name, Title: title, Value: v}
	}
	number := func(u Unit, v float64, n int) Value { return Value{Unit: u, Number: record.Num(v), N: n} }
	return &Report{
		Night: &Night{Policy: &Policy{Classes: []Class{{ID: "emergency"}, {ID: "quiet"}}, Severities: []Severity{{Level: 1}, {Level: 2}}}},
		Figures: []Figure{
			{FindMetric("sla-resolve"), Answer{Headline: share(473, 500), Parts: []Part{
				part("class", "emergency", "Emergency", share(3, 4)), part("period", "trailing-90-days", "Trailing 90 days", share(19, 20)),
				part("severity", "sev-1", "Sev 1", share(0, 0)), part("class", "both", "Both", share(1, 10)), part("stage", "both", "Both", share(9, 10)),
				part("trailing-90-days", "emergency", "Emergency", shareOf(9, 10, Period{Label: "trailing 90 days"})),
			}}},
			{FindMetric("cycle-time"), Answer{Headline: number(Duration, 5*24*3600, 40), Parts: []Part{part("class", "emergency", "Emergency", number(Duration, 60, 3))}}},
			{FindMetric("capacity-next"), Answer{Headline: number(Work, 9*3600, 6)}},
			{FindMetric("unclassified"), Answer{Headline: number(Items, 3, 3)}},
			{FindMetric("streaks"), Answer{Headline: number(Days, 44, 121)}},
			{FindMetric("flow"), Answer{Headline: number(PerWeek, -0.7, 13)}},
			{FindMetric("severity-trend"), Answer{Headline: Value{}}},
			{FindMetric("page-answer"), Answer{Headline: number(Duration, 120, 7), Parts: []Part{part("trailing-90-days", "never", "Never acknowledged", share(2, 10))}}},
		},
	}
}

func TestAGateFailsWhereItsConditionHolds(t *testing.T) {
	r := gated()
	for _, c := range []struct {
		gate string
		want GateVerdict
	}{
		{"sla < 95%", GateFailed}, {"sla<95%", GateFailed}, {"  sla-resolve  <  95 %  ", GateFailed},
		{"sla < 94.6%", GatePassed}, {"sla <= 94.6%", GateFailed}, {"sla == 94.6%", GateFailed}, {"sla != 94.6%", GatePassed}, {"sla > 94.6%", GatePassed}, {"sla >= 94.6 %", GateFailed},
		{"sla/trailing-90-days < 95%", GatePassed}, {"sla/period/trailing-90-days <= 95%", GateFailed},
		{"sla/emergency < 95%", GateUnsure}, // three of four
		{"sla/trailing-90-days/emergency < 95%", GateFailed},
		{"sla/sev-1 < 95%", GateUnsure}, // none
		{"sla/quiet < 95%", GateUnsure}, // of the policy, and in no part
		{"sla/sev-2 < 95%", GateUnsure},
		{"sla/class/both < 50%", GateFailed}, {"sla/stage/both < 50%", GatePassed},
		{"cycle-time > 5d", GatePassed}, {"cycle-time >= 5d", GateFailed}, {"cycle-time >= 120h", GateFailed}, {"cycle-time > 7199.9min", GateFailed}, {"cycle-time > 7200m", GatePassed}, {"cycle-time < 1w", GateFailed},
		{"cycle-time/emergency > 1s", GateUnsure}, // half of three
		{"capacity-next < 10h", GateFailed}, {"capacity-next < 540min", GatePassed},
		{"unclassified > 0", GateFailed}, {"unclassified > 3", GatePassed}, {"unclassified >= 2.5", GateFailed},
		{"streaks < 45", GateFailed}, {"streaks < 44d", GatePassed},
		{"flow > -1", GateFailed}, {"flow > 0", GatePassed},
		{"severity-trend > 3", GateUnsure},                // no data
		{"severity-trend/severity/sev-1 > 3", GateUnsure}, // and so no parts either
		{"severity-trend/never > 10%", GateUnsure},
		{"sla/trailing-90-days/quiet < 95%", GateUnsure},
		{"page-answer > 90s", GateUnsure}, {"page-answer/never > 10%", GateFailed},
	} {
		g, err := ParseGate(c.gate)
		if err != nil {
			t.Errorf("%s: %v", c.gate, err)
			continue
		}
		to, err := g.Judge(r)
		if err != nil || to.Verdict != c.want {
			t.Errorf("%s: %q, %v; want %q", c.gate, to.Verdict, err, c.want)
		}
		if to.Sentence == "" || to.Metric == "" {
			t.Errorf("%s: nothing is said of it: %+v", c.gate, to)
		}
	}
}

func TestARulingNamesTheValueItsNAndItsPeriod(t *testing.T) {
	g, err := ParseGate("sla < 95%")
	if err != nil {
		t.Fatal(err)
	}
	to, err := g.Judge(gated())
	if want := "Promises kept is 94.6 % (473 of 500 · 95 % interval 92–96 % · October 2026)."; err != nil || to.Sentence != want {
		t.Errorf("%q, %v; want %q", to.Sentence, err, want)
	}
}

func TestWhatIsWrongWithAGateIsSaidWithItsPlace(t *testing.T) {
	for _, c := range []struct {
		gate string
		at   int
		want string
	}{
		{"", 1, "the name of a metric is expected"},
		{"   ", 4, "the name of a metric is expected"},
		{"< 95%", 1, "the name of a metric is expected"},
		{"slo < 95%", 1, `there is no metric "slo"; did you mean "sla"?`},
		{"nothing < 95%", 1, `there is no metric "nothing"`},
		{" sla-resolv < 95%", 2, `did you mean "sla-resolve"?`},
		{"sla/ < 95%", 4, "a part is written sla/part"},
		{"sla/a/b/c < 95%", 4, "a part is written sla/part"},
		{"sla 95%", 5, "one of < <= > >= == != is expected"},
		{"sla", 4, "one of < <= > >= == != is expected"},
		{"sla = 95%", 5, "equal is written =="},
		{"sla =< 95%", 5, "equal is written =="},
		{"sla < ", 7, "a number is expected behind <, such as 95%"},
		{"sla <> 95%", 6, "a number is expected behind <"},
		{"sla < many", 7, "a number is expected"},
		{"sla < 1.2.3%", 7, "a number is expected"},
		{"sla < -%", 7, "a number is expected"},
		{"sla < 1e9%", 9, "a gate ends behind its number and unit"},
		{"sla < 0.95", 7, `"Promises kept" is a share, so what it is compared with is a percentage: 95%`},
		{"sla < 1.5", 7, `"Promises kept" is a share, so what it is compared with is a percentage: 1.5%`},
		{"cycle-time > -3d", 14, `a time is never below 0`},
		{"sla < 950%", 7, "never below 0 % or above 100 %"},
		{"sla < -5%", 7, "never below 0 % or above 100 %"},
		{"cycle-time > 5", 14, "is a time, so what it is compared with is one, such as 4h"},
		{"cycle-time > 5%", 14, "is a time"},
		{"cycle-time > 5 fortnights", 14, "is a time"},
		{"sla < 95,5%", 9, "decimals stand behind a point"},
		{"sla < 95%, wip > 3", 10, "another gate in another --fail-on"},
		{"sla < 95% and wip > 3", 11, "a gate ends behind its number and unit"},
		{"95% > sla", 1, "a gate begins with the name of a metric"},
		{" promises kept < 95%", 2, `"Promises kept" is called sla-resolve in a gate`},
		{"Promises kept", 1, `there is no metric "Promises"`},
		{"capacity-next < 3d", 17, "a working day is a different length on every calendar"},
		{"unclassified > 3h", 16, "is counted in items and compared with a plain number"},
		{"unclassified > 3%", 16, "is counted in items"},
		{"sla < \xff", 1, "this is no gate"},
		{strings.Repeat("a", 300), 1, "this is no gate"},
		{"sla-réspond < 1%", 1, "there is no metric"},
	} {
		_, err := ParseGate(c.gate)
		var e *GateError
		if !errors.As(err, &e) || e.At != c.at || !strings.Contains(e.Error(), c.want) {
			t.Errorf("%q: %v; want character %d and %q", c.gate, err, c.at, c.want)
		}
	}
}

func TestAValueBesideALimitCanBeComparedWithIt(t *testing.T) {
	of := func(num, den float64) Value {
		return Value{Unit: Share, Number: record.Num(num / den), N: int(den), Ratio: &Ratio{Num: num, Den: den, Counts: true}}
	}
	for _, c := range []struct {
		v     Value
		limit float64
		want  string
	}{
		{of(52, 53), 0.981, "98.11 %"},
		{of(52, 53), 0.95, "98.1 %"},
		{of(981, 1000), 0.981, "98.1 %"},
		{of(9999, 10000), 1, "99.9 %"},
		{of(3, 4), 0.7501, "3 of 4"},
		{Value{Unit: PerWeek, Number: record.Num(2.04), N: 50}, 2, "2.04"},
		{Value{Unit: Duration, Number: record.Num(7200.4), N: 50}, 7200, "7200.4 s"},
	} {
		if got := c.v.beside(c.limit); got != c.want {
			t.Errorf("%v beside %v is %q, want %q", c.v, c.limit, got, c.want)
		}
	}
}

func TestAPartThatThereIsNotIsAMistake(t *testing.T) {
	for _, c := range []struct {
		gate string
		at   int
		want string
	}{
		{"sla/emergenci < 95%", 5, `has no part "emergenci"; did you mean "emergency"?`},
		{"sla/zzz < 95%", 5, `has no part "zzz"; there are both, emergency, sev-1, trailing-90-days`},
		{"sla/both < 95%", 5, `"both" may be sla-resolve/class/both or sla-resolve/stage/both`},
		{"sla/class/quiet < 95%", 5, ""}, // the policy knows the class
		{"sla/period/emergency < 95%", 5, `has no part "period/emergency"`},
		{"page-answer/never > 1h", 21, "is a share, so what it is compared with is a percentage"},
		{"unclassified/x > 1", 14, "it has no parts"},
	} {
		g, err := ParseGate(c.gate)
		if err != nil {
			t.Errorf("%s: %v", c.gate, err)
			continue
		}
		to, err := g.Judge(gated())
		if c.want == "" {
			if err != nil || to.Verdict != GateUnsure {
				t.Errorf("%s: %q, %v", c.gate, to.Verdict, err)
			}
			continue
		}
		var e *GateError
		if !errors.As(err, &e) || e.At != c.at || !strings.Contains(e.What, c.want) {
			t.Errorf("%s: %v; want character %d and %q", c.gate, err, c.at, c.want)
		}
	}
}

// Every metric that is a number can be held against one, and the example in the complaint is one that is taken.
func TestEveryMetricTakesTheExampleOfItsUnit(t *testing.T) {
	for i := range Metrics {
		m := &Metrics[i]
		if m.Unit == Text || m.Unit == Moment || m.Unit == Day {
			continue
		}
		number := strings.Fields(strings.ReplaceAll(gateExample(m.Unit), ",", ""))[0]
		if _, err := ParseGate(m.Name + " > " + number); err != nil {
			t.Error(err)
		}
	}
	for _, a := range gateAliases {
		if FindMetric(a.metric) == nil {
			t.Errorf("%s stands for %s, which is no metric", a.name, a.metric)
		}
		for i := range Metrics {
			if Metrics[i].Name == a.name {
				t.Errorf("%s is a metric of its own", a.name)
			}
		}
	}
}

func FuzzParseGate(f *testing.F) {
	for _, s := range []string{"sla < 95%", "sla/emergency<=4h", "cycle-time >= 2.5d", "unclassified != -3", "sla/a/b == 0%", "é < 1", "sla < 1\xff", "flow > -0", "sla <"} {
		f.Add(s)
	}
	r := gated()
	f.Fuzz(func(t *testing.T, text string) {
		g, err := ParseGate(text)
		if err == nil {
			var to Ruling
			if to, err = g.Judge(r); err == nil {
				if to.Verdict != GatePassed && to.Verdict != GateFailed && to.Verdict != GateUnsure {
					t.Fatalf("%q: %+v", text, to)
				}
				if to.Value.Number.Known && (math.IsNaN(to.Value.Number.Value) || to.Sentence == "") {
					t.Fatalf("%q: %+v", text, to)
				}
				return
			}
		}
		var e *GateError
		if !errors.As(err, &e) || e.At < 1 || e.At > utf8.RuneCountInString(e.Text)+1 || !utf8.ValidString(err.Error()) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}

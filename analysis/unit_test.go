package analysis

import (
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

func TestNumbersAreWrittenForPeople(t *testing.T) {
	for _, c := range []struct {
		unit Unit
		n    float64
		want string
	}{
		{Share, 0, "0 %"}, {Share, 1, "100 %"}, {Share, 0.9999, "99.9 %"}, {Share, 0.0001, "0.1 %"}, {Share, 0.004, "0.4 %"},
		{Share, 0.5, "50 %"}, {Share, 53.0 / 56, "94.6 %"}, {Share, 0.95, "95 %"}, {Share, 1.0 / 21, "5 %"},
		{Duration, 45, "45 s"}, {Duration, 3600, "1 h"}, {Duration, 3*3600 + 20*60, "3 h 20 min"}, {Duration, 4*86400 + 6*3600, "4 d 6 h"}, {Duration, -60, "−1 min"},
		{Work, 30 * 3600, "30 h"}, {Work, 90 * 60, "1 h 30 min"}, {Work, 0, "0 h"}, {Work, 30, "30 s"},
		{Items, 12345, "12\u202f345"}, {Items, 1234, "1234"}, {Items, 1234567, "1\u202f234\u202f567"}, {Items, -0.0001, "0"}, {PerWeek, -0.7, "−0.7 a week"}, {Days, 1, "1 day"}, {Days, 0, "0 days"}, {PerWeek, 1.35, "1.4 a week"},
		{Hours, 7.25, "7.2 h"}, {Moment, float64(record.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))), "2026-03-01T12:00:00Z"},
	} {
		if got := c.unit.Format(record.Num(c.n)); got != c.want {
			t.Errorf("%s %v is written %q, want %q", c.unit, c.n, got, c.want)
		}
		if got := c.unit.Format(record.Number{}); got != NoData {
			t.Errorf("%s without a number is written %q", c.unit, got)
		}
	}
}

// Four days and eleven hours are 107 hours, 4.458 days; one day and sixteen hours 1.667.
func TestAShareOfDaysIsWrittenInDays(t *testing.T) {
	const hour = 3600
	for _, c := range []struct {
		part, whole float64
		want        string
	}{
		{40 * hour, 107 * hour, "1.7 of 4.5 days"},
		{860.5 * 24 * hour, 860.5 * 24 * hour, "860.5 of 860.5 days"},
		{(860.5*24 - 1) * hour, 860.5 * 24 * hour, "all but 1 h of 860.5 days"},
		{hour + 600, 860.5 * 24 * hour, "1 h 10 min of 860.5 days"},
		{0, 3 * 24 * hour, "0 of 3 days"},
		{12 * hour, 24 * hour, "0.5 of 1 day"},
		{2*hour + 1800, 3 * hour, "2 h 30 min of 3 h"}, // under a day nothing is won by days
	} {
		v := Value{Unit: Share, Number: record.Num(c.part / c.whole), N: Fewest - 1, Ratio: &Ratio{Num: c.part, Den: c.whole, Unit: Duration}}
		if got := v.String(); got != c.want {
			t.Errorf("%v of %v hours are written %q, want %q", c.part/hour, c.whole/hour, got, c.want)
		}
	}
}

func TestAChangeOfOneIsCountedInTheSingular(t *testing.T) {
	f := Figure{Metric: &cumulativeFlow}
	for change, want := range map[float64]string{1: "open item over the period", -1: "open item over the period", 0: "open items over the period", -2: "open items over the period"} {
		f.Headline = Value{Unit: Items, Number: record.Num(change)}
		if got := f.Counted(); got != want {
			t.Errorf("a change of %v is one of %q, want %q", change, got, want)
		}
	}
}

func TestSmallSamplesSpeakUp(t *testing.T) {
	share := func(k, n int) Value {
		v := Value{Unit: Share, N: n, Ratio: ratio(k, n)}
		if n > 0 {
			v.Number = record.Num(float64(k) / float64(n))
		}
		return v
	}
	for _, c := range []struct {
		v              Value
		string, detail string
	}{
		{share(0, 0), "no data", ""},
		{share(3, 4), "3 of 4", ""},
		{share(4, 5), "80 %", "4 of 5 · 95 % interval 38–96 %"},
		{share(5, 5), "100 %", "5 of 5 · 95 % interval 57–100 %"},
		{Value{Unit: Duration, Number: record.Num(60), N: 143, Of: 171, Period: Period{Label: "trailing 90 days"}}, "1 min", "n = 143 · based on 143 of 171 · trailing 90 days"},
		{Value{Unit: Items, Number: record.Num(7), N: 7, Period: Period{Label: "2026-10", Partial: true}}, "7", "2026-10, not over"},
	} {
		if c.v.String() != c.string || c.v.Detail() != c.detail {
			t.Errorf("%q (%q), want %q (%q)", c.v.String(), c.v.Detail(), c.string, c.detail)
		}
	}
}

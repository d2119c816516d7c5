package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// TestEveryPatternIsWhole: whatever a detector asks of its bounds is in the table, and the table says what people
// need; the nights in testdata/nights/radar*.txt call every detector.
func TestEveryPatternIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range patterns {
		if seen[p.Name] || p.Title == "" || p.About == "" || p.First == "" || len(p.Bounds) == 0 || p.detect == nil {
			t.Errorf("the pattern %q lacks something, or is there twice", p.Name)
		}
		seen[p.Name] = true
		if !strings.Contains(patternRadar.Doc, p.Thresholds()) {
			t.Errorf("the thresholds of %q are not printed", p.Name)
		}
	}
}

func radarFinding(r *Report, name string) Finding {
	i := slices.IndexFunc(r.Radar, func(f Finding) bool { return f.Name == name })
	return r.Radar[i]
}

// TestWhatIsSeenIsShown: whatever the night, each detector says something, what it has seen it shows, and the headline
// counts exactly those.
func TestWhatIsSeenIsShown(t *testing.T) {
	p := lawfulPolicy(t)
	sights := map[Sight]int{}
	rapid.Check(t, func(t *rapid.T) {
		asOf := lawStart.Add(61 * 24 * time.Hour)
		r := lawReport(p, drawIssues(t), drawPages(t), asOf, asOf)
		count := map[Sight]int{}
		for _, f := range r.Radar {
			count[f.Sight]++
			sights[f.Sight]++
			if f.Said == "" || (f.Sight == PatternSeen) != (len(f.Clues) > 0) || f.All < len(f.Clues) || len(f.Clues) > mostClues {
				t.Fatalf("%s is %s with %d of %d clues: %q", f.Name, f.Sight, len(f.Clues), f.All, f.Said)
			}
			for _, c := range f.Clues {
				if c.Why == "" || c.Item == nil && c.Page == nil && c.What == "" {
					t.Fatalf("%s shows nothing: %+v", f.Name, c)
				}
			}
		}
		i := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Name == "patterns" })
		v := r.Figures[i].Headline
		if told := count[PatternSeen] + count[PatternClear]; v.N != told || v.Number.Known != (told > 0) || int(v.Number.Value) != count[PatternSeen] || told+count[PatternUntold] != len(patterns) {
			t.Fatalf("the headline is %+v of %v", v, count)
		}
	})
	if len(sights) != 3 {
		t.Errorf("the nights have only %v", sights)
	}
}

// TestSilenceIsJudgedFromTenPagesOn: a share at the bound is clear, one above it is seen, and nine pages are none.
func TestSilenceIsJudgedFromTenPagesOn(t *testing.T) {
	p := policyWith(t, "UTC", "rota: {start: 2026-01-05, superheroes: [ada, bob]}")
	asOf := record.At(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	for _, c := range []struct {
		pages, late int
		want        Sight
	}{{9, 9, PatternUntold}, {10, 0, PatternClear}, {10, 1, PatternClear}, {10, 2, PatternSeen}, {40, 4, PatternClear}, {40, 5, PatternSeen}} {
		var pages []record.Page
		for i := range c.pages {
			at := asOf.Add(-time.Duration(i+1) * 24 * time.Hour)
			wait := 15 * time.Minute // at the bound is in time
			if i < c.late {
				wait++
			}
			pages = append(pages, record.Page{Ref: record.Ref{Tracker: "pager", ID: fmt.Sprint(i)}, Triggered: at, Acked: at.Add(wait), AckedBy: []record.Person{{Account: "ada"}}, Service: "s"})
		}
		r := Run(Input{Policy: p, AsOf: asOf, Issues: slices.Values([]record.Issue(nil)), Pages: slices.Values(pages), Sources: []SourceState{{Name: "pager", Tracker: "pager", Horizon: asOf}}})
		f := radarFinding(r, "silence")
		if f.Sight != c.want || (f.Sight == PatternSeen) != (f.All > 0) {
			t.Errorf("%d of %d pages late: %s (%s), want %s", c.late, c.pages, f.Sight, f.Said, c.want)
		}
		if f.All > mostClues || f.Sight == PatternSeen && f.All != c.late {
			t.Errorf("%d pieces of evidence of %d late pages", f.All, c.late)
		}
	}
}

// TestWhoIsOnCallIsClearOnlyWhereAllOfItWasJudged: without enough pages that a person answered, nobody knows whether
// those answer who are on call.
func TestWhoIsOnCallIsClearOnlyWhereAllOfItWasJudged(t *testing.T) {
	p := policyWith(t, "UTC", "rota: {start: 2026-01-05, superheroes: [ada, bob]}")
	asOf := record.At(time.Date(2026, 1, 12, 0, 0, 0, 0, time.UTC)) // the week is Ada's
	for count, want := range map[int]Sight{0: PatternUntold, 9: PatternUntold, 10: PatternClear} {
		var pages []record.Page
		for i := range count {
			at := asOf.Add(-time.Duration(i+1) * time.Hour)
			pages = append(pages, record.Page{Ref: record.Ref{Tracker: "pager", ID: fmt.Sprint(i)}, Triggered: at, Acked: at.Add(time.Minute), AckedBy: []record.Person{{Account: "ada"}}, Service: "s"})
		}
		r := Run(Input{Policy: p, AsOf: asOf, Issues: slices.Values([]record.Issue(nil)), Pages: slices.Values(pages), Sources: []SourceState{{Name: "pager", Tracker: "pager", Horizon: asOf}}})
		if f := radarFinding(r, "unclear-on-call"); f.Sight != want {
			t.Errorf("%d pages answered: %s (%s), want %s", count, f.Sight, f.Said, want)
		}
	}
}

// TestUnknownTellersCountOnEitherSide: where it depends on those nobody knows of, it cannot be told.
func TestUnknownTellersCountOnEitherSide(t *testing.T) {
	n := &Night{AsOf: record.At(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)), Zone: time.UTC, Policy: &Policy{}}
	n.heard = hearing{pagers: []pager{{tracker: "pager"}}, told: []Span{{0, n.AsOf}}, asOf: n.AsOf}
	p := &patterns[slices.IndexFunc(patterns, func(p Pattern) bool { return p.Name == "blind-monitoring" })]
	for _, c := range []struct {
		human, unknown, monitor int
		want                    Sight
	}{{0, 0, 9, PatternUntold}, {2, 0, 8, PatternClear}, {3, 0, 7, PatternSeen}, {2, 1, 7, PatternUntold}, {3, 7, 0, PatternSeen}, {1, 1, 8, PatternClear}, {5, 0, 15, PatternClear}} {
		n.Fires = nil
		for i := range c.human + c.unknown + c.monitor {
			at := n.AsOf.Add(-time.Duration(i+1) * time.Hour)
			page := &Page{Triggered: at}
			switch {
			case i < c.human:
				page.Origin = record.ByPerson
			case i < c.human+c.monitor:
				page.Origin = record.ByMonitor
			}
			n.Fires = append(n.Fires, &Fire{incident: true, From: at, Pages: []*Page{page}, Items: []*Item{{Key: "X-1", Created: at.Add(time.Hour), Look: &Look{Machine: true}, Rest: &Rest{}}}})
		}
		if f := n.blindMonitoring(p); f.Sight != c.want {
			t.Errorf("%+v: %s (%s)", c, f.Sight, f.Said)
		}
	}
}

// TestFeaturesInHeavyWeeks: weeks in which much comes in and little gets finished are seen, as many of each kind
// without a tie between the two are not.
func TestFeaturesInHeavyWeeks(t *testing.T) {
	p := policyWith(t, "UTC", "rota: {start: 2026-01-05, superheroes: [ada, bob]}")
	p.Classes = []Class{{ID: "ask", Kind: Request}, {ID: "feature", Kind: Feature}}
	asOf := record.At(time.Date(2026, 6, 29, 0, 0, 0, 0, time.UTC)) // a Monday
	pattern := &patterns[slices.IndexFunc(patterns, func(p Pattern) bool { return p.Name == "upset-predictability" })]
	night := func(weeks int, in, out func(w int) int) *Night {
		n := &Night{Policy: p, Zone: time.UTC, AsOf: asOf, known: asOf}
		for w := range weeks {
			at := asOf.Add(-time.Duration(weeks-w) * week)
			for range in(w) {
				n.Items = append(n.Items, &Item{Look: &Look{}, Created: at, Classes: Timeline[*Class]{{At: at, Is: &p.Classes[0]}}})
			}
			for range out(w) {
				n.Items = append(n.Items, &Item{Look: &Look{}, Created: at, Finished: at.Add(time.Hour), Classes: Timeline[*Class]{{At: at, Is: &p.Classes[1]}}})
			}
		}
		return n
	}
	heavy := func(w int) bool { return w%2 == 0 }
	pick := func(a, b int) func(int) int {
		return func(w int) int {
			if heavy(w) {
				return a
			}
			return b
		}
	}
	for _, c := range []struct {
		name    string
		weeks   int
		in, out func(int) int
		want    Sight
	}{
		{"fewer in heavy weeks", 26, pick(6, 1), pick(1, 4), PatternSeen},
		{"as many in each", 26, pick(6, 1), pick(4, 4), PatternClear},
		{"more in heavy weeks", 26, pick(6, 1), pick(4, 1), PatternClear},
		{"fewer, and hardly", 26, pick(6, 1), pick(3, 4), PatternClear}, // three for each four are the bound
		{"too short", 19, pick(6, 1), pick(1, 4), PatternUntold},
		{"no features", 26, pick(6, 1), pick(0, 0), PatternUntold},
	} {
		if f := night(c.weeks, c.in, c.out).upsetPredictability(pattern); f.Sight != c.want {
			t.Errorf("%s: %s (%s)", c.name, f.Sight, f.Said)
		}
	}
	n := night(26, pick(6, 1), pick(1, 4))
	n.known = asOf.Add(-7 * week) // the trackers tell of nineteen weeks
	if f := n.upsetPredictability(pattern); f.Sight != PatternUntold {
		t.Errorf("weeks that no tracker can speak for: %s (%s)", f.Sight, f.Said)
	}
}

// TestKendall against values worked out by hand.
func TestKendall(t *testing.T) {
	up, down := make([]float64, 10), make([]float64, 10)
	for i := range up {
		up[i], down[i] = float64(i), float64(-i)
	}
	for _, c := range []struct {
		xs, ys []float64
		want   float64
	}{
		{up, down, -44 / math.Sqrt(125)},                                // S = −45, var = 10·9·25/18
		{[]float64{1, 1, 2}, []float64{1, 2, 3}, 1 / math.Sqrt(48./18)}, // S = 2, var = (66 − 18)/18
		{up, make([]float64, 10), 0}, {nil, nil, 0},
	} {
		if z := kendall(c.xs, c.ys); math.Abs(z-c.want) > 1e-12 {
			t.Errorf("z of %v and %v is %v, want %v", c.xs, c.ys, z, c.want)
		}
	}
}

// TestWhoAnswers: whoever is on call when the page comes, or takes over before answering it, is on call; where none
// of those who answer ever is, the pager and the rota call people by different names and nothing is said.
func TestWhoAnswers(t *testing.T) {
	for _, c := range []struct {
		name, pages             string
		alone, others, answered int
	}{
		{"the one on call", "03-02T10:00 03-02T10:05 ada", 0, 0, 1},
		{"handed over meanwhile", "03-02T10:00 03-02T10:05 ada\n03-03T23:55 03-04T00:05 bob", 0, 0, 2},
		{"handed over before", "03-02T10:00 03-02T10:05 ada\n03-04T00:01 03-04T00:05 ada", 0, 1, 2},
		{"somebody else", "03-02T10:00 03-02T10:05 ada\n03-02T12:00 03-02T12:05 cy", 0, 1, 2},
		{"nobody on call", "03-08T10:00 03-08T10:05 ada", 1, 0, 0},
		{"nobody answers", "03-02T10:00 - -", 0, 0, 0},
		{"other names", "03-02T10:00 03-02T10:05 PABC1\n03-03T10:00 03-03T10:05 PABC2", 0, 0, 0},
	} {
		p := policyWith(t, "UTC", "rota: {start: 2027-01-04, superheroes: [ada, bob]}")
		n := planned(p, moment(t, "2026-03-10T00:00"), tellShifts(t, "2026-03-01T00:00 2026-03-04T00:00 ada\n2026-03-04T00:00 2026-03-08T00:00 bob")...)
		for _, line := range lines(c.pages) {
			w := strings.Fields(line)
			page := &Page{Triggered: moment(t, "2026-"+w[0])}
			if w[2] != "-" {
				page.Acked, page.AckedBy = moment(t, "2026-"+w[1]), []record.Person{{Account: w[2]}}
			}
			n.Pages = append(n.Pages, page)
		}
		alone, others, answered := n.answeredBy(n.trailing(90))
		if len(alone) != c.alone || len(others) != c.others || answered != c.answered {
			t.Errorf("%s: %d alone, %d by others of %d answered", c.name, len(alone), len(others), answered)
		}
	}
}

// TestAWayThatNoRuleKnowsMayBeASecond: one way in is clear only where what is left is not enough for another.
func TestAWayThatNoRuleKnowsMayBeASecond(t *testing.T) {
	p := &Policy{Channels: []Channel{{ID: "portal", Name: "Portal"}, {ID: "chat", Name: "Chat"}}, Classes: []Class{{ID: "ask", Kind: Request}, {ID: "fire", Kind: Incident}}}
	pattern := &patterns[slices.IndexFunc(patterns, func(p Pattern) bool { return p.Name == "several-intakes" })]
	for _, c := range []struct {
		portal, chat, untold int
		want                 Sight
	}{{9, 0, 0, PatternUntold}, {10, 0, 0, PatternClear}, {19, 1, 0, PatternClear}, {18, 2, 0, PatternSeen}, {19, 0, 1, PatternClear}, {18, 0, 2, PatternUntold}, {0, 0, 20, PatternUntold}, {9, 9, 2, PatternSeen}} {
		n := &Night{Policy: p, Zone: time.UTC, AsOf: record.At(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))}
		put := func(k int, channel string, class *Class) {
			for range k {
				at := n.AsOf.Add(-time.Hour)
				n.Items = append(n.Items, &Item{Created: at, Classes: Timeline[*Class]{{At: at, Is: class}}, Look: &Look{Channel: channel}})
			}
		}
		put(c.portal, "portal", &p.Classes[0])
		put(c.chat, "chat", &p.Classes[0])
		put(c.untold, "", &p.Classes[0])
		put(10, "chat", &p.Classes[1]) // emergencies have a door of their own
		if f := n.severalIntakes(pattern); f.Sight != c.want {
			t.Errorf("%+v: %s (%s)", c, f.Sight, f.Said)
		}
	}
}

package chart

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

var update = flag.Bool("update", false, "accept what the tests say now")

func values(vs ...float64) []record.Number {
	ns := make([]record.Number, len(vs))
	for i, v := range vs {
		if v >= 0 {
			ns[i] = record.Num(v)
		}
	}
	return ns
}

var policy = &analysis.Policy{
	Classes: []analysis.Class{{ID: "emergency"}, {ID: "bug"}},
	Flow:    analysis.Always([]analysis.Stage{{ID: "intake", Kind: analysis.Waiting}, {ID: "doing", Kind: analysis.Active}, {ID: "review", Kind: analysis.Active}, {ID: "done", Kind: analysis.Done}}),
}

func weekly() *analysis.Chart {
	return &analysis.Chart{
		Name: "by-week", Title: "By week", Kind: analysis.Stacked, Unit: analysis.Items, XUnit: analysis.Day,
		X: []string{"2026-03-02", "2026-03-09", "2026-03-16"},
		Lines: []analysis.Series{
			{Name: "emergency", Title: "Emergency", Role: "class", Values: values(1, -1, 0)},
			{Name: "bug", Title: "Bug", Role: "class", Values: values(4, 2.5, 3)},
			{Name: "limit", Title: "Limit", Role: "limit", Values: values(5, 5, 5)},
		},
		Marks: []analysis.Mark{{X: "2026-03-12", Title: "A change", Role: "experiment"}, {X: "2026-03-16", Title: "outside", Role: "signal"}, {X: "2025-01-01", Title: "long ago", Role: "experiment"}, {Y: record.Num(0.5), Title: "goal", Role: "goal"}},
		Edges: analysis.Edges{Partial: 1, Begins: true, Ends: 2},
	}
}

func TestABlockIsWhatTheBrowserDraws(t *testing.T) {
	b, err := Block(weekly(), NewPalette(policy))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(got, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "stacked.json")
	if *update {
		if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.TrimSpace(string(want)), string(text)); d != "" {
		t.Errorf("want −, got + (accept with -update):\n%s", d)
	}
}

func TestWhatCannotBeDrawnIsAnErrorThatNamesTheChart(t *testing.T) {
	for name, spoil := range map[string]func(*analysis.Chart){
		"not a number":    func(c *analysis.Chart) { c.Lines[1].Values[0] = record.Number{Known: true, Value: math.NaN()} },
		"infinite":        func(c *analysis.Chart) { c.Lines[1].Values[0] = record.Number{Known: true, Value: math.Inf(1)} },
		"of wrong length": func(c *analysis.Chart) { c.Lines[1].Values = c.Lines[1].Values[:2] },
	} {
		for _, kind := range []analysis.ChartKind{analysis.Line, analysis.Bar, analysis.Stacked, analysis.Area, analysis.Scatter, analysis.Heat} {
			c := weekly()
			c.Kind = kind
			spoil(c)
			if _, err := Block(c, NewPalette(policy)); err == nil || !strings.Contains(err.Error(), "by-week") || !strings.Contains(err.Error(), "bug") {
				t.Errorf("%s, %s: error %v", name, kind, err)
			}
		}
	}
}

func TestNoNameLeavesItsBlock(t *testing.T) {
	c := weekly()
	hostile := "</script><script>__f__(alert(1))__f__\u2028"
	c.Title, c.X[0], c.Lines[0].Title, c.Lines[0].Name, c.Marks[0].Title = hostile, hostile, hostile, hostile, hostile
	for _, kind := range []analysis.ChartKind{analysis.Line, analysis.Bar, analysis.Stacked, analysis.Area, analysis.Scatter, analysis.Heat} {
		c.Kind = kind
		b, err := Block(c, NewPalette(policy))
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(string(b), "<>\u2028") {
			t.Errorf("%s: %s", kind, b)
		}
		var back any
		if err := json.Unmarshal(b, &back); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestZeroIsAPointAndNoDataIsAGap(t *testing.T) {
	b, err := Block(weekly(), NewPalette(policy))
	if err != nil || !strings.Contains(string(b), `"data":[1,null,0]`) {
		t.Errorf("%v %s", err, b)
	}
}

func TestTheTableUnderAChartHasTheSameNumbers(t *testing.T) {
	c := weekly()
	table := Table(c)
	if len(table.Rows) != len(c.X) || len(table.Columns) != 1+len(c.Lines)+1 {
		t.Fatalf("%d rows of %d columns", len(table.Rows), len(table.Columns))
	}
	for i, row := range table.Rows {
		if row[0].Text != c.X[i] {
			t.Errorf("row %d is %s", i, row[0].Text)
		}
		for j, l := range c.Lines {
			if row[j+1].Num != l.Values[i] {
				t.Errorf("row %d, %s: %v", i, l.Name, row[j+1].Num)
			}
		}
	}
	for i, want := range []string{"history begins in it", "A change; not told to the end", "outside; not over yet; not told to the end"} {
		if got := table.Rows[i][len(c.Lines)+1].Text; got != want {
			t.Errorf("row %d notes %q, not %q", i, got, want)
		}
	}
}

// TestWhatHappenedAtOnePointIsReadTogether has two changes in one week: their letters would stand on each other.
func TestWhatHappenedAtOnePointIsReadTogether(t *testing.T) {
	c := weekly()
	c.Marks = append(c.Marks[:1:1], analysis.Mark{X: "2026-03-11", Title: "Another", Role: "experiment"}, analysis.Mark{X: "2026-03-16", Title: "A third", Role: "experiment"})
	var letters []string
	for _, d := range marks(c).Data {
		letters = append(letters, d.(mark).Letter)
	}
	if want := []string{"A B", "", "C"}; !slices.Equal(letters, want) {
		t.Errorf("letters %q, want %q", letters, want)
	}
}

func TestOneClassHasOneColour(t *testing.T) {
	p := NewPalette(policy)
	for _, c := range []struct{ role, name, want string }{
		{"class", "emergency", "class-1"}, {"class", "bug", "class-2"}, {"class", "unclassified", "unclassified"}, {"class", "nobody", "plain-8"},
		{"stage", "unmapped-parked", "unclassified"}, {"queue", "unclassified", "unclassified"}, {"stage", "intake", "waiting-1"}, {"stage", "review", "active-2"}, {"stage", "done", "done-1"},
		{"severity", "sev-1", "sev-1"}, {"severity", "4", "sev-4"}, {"severity", "sev-0", "unclassified"}, {"severity", "sev-9", "sev-1"},
		{"kind", "incident", "kind-incident"}, {"kind", "evil\"><script>", "unclassified"}, {"limit", "x", "limit"}, {"anything", "x", "plain-8"},
	} {
		if got := p.Slot(c.role, c.name, 7); got != c.want {
			t.Errorf("%s %s has %s, not %s", c.role, c.name, got, c.want)
		}
	}
	if got := NewPalette(nil).Class(nil); got != "unclassified" {
		t.Error(got)
	}
}

func TestASparkIsSoundSVG(t *testing.T) {
	for _, kind := range []analysis.ChartKind{analysis.Line, analysis.Bar, analysis.Stacked, analysis.Area} {
		c := weekly()
		c.Kind = kind
		svg := Spark(c, NewPalette(policy))
		if svg == "" {
			t.Errorf("%s: nothing is drawn", kind)
		}
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := d.Token(); err != nil {
				if err.Error() != "EOF" {
					t.Errorf("%s: %v in %s", kind, err, svg)
				}
				break
			}
		}
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "style=") {
			t.Errorf("%s: %s", kind, svg)
		}
	}
	for name, c := range map[string]*analysis.Chart{
		"nothing": {}, "one point": {X: []string{"a"}, Kind: analysis.Line, Lines: []analysis.Series{{Values: values(1)}}},
		"only gaps": {X: []string{"a", "b", "c"}, Kind: analysis.Line, Lines: []analysis.Series{{Values: values(-1, -1, -1)}}},
		"only zero": {X: []string{"a", "b", "c"}, Kind: analysis.Line, Lines: []analysis.Series{{Values: values(0, 0, 0)}}},
	} {
		if svg := Spark(c, NewPalette(policy)); svg != "" {
			t.Errorf("%s: %s", name, svg)
		}
	}
}

func TestACaptionSaysWhichBarIsWhich(t *testing.T) {
	c := &analysis.Chart{Title: "What was decided, by month", Kind: analysis.Stacked, X: []string{"2026-08", "2026-09"}, Lines: []analysis.Series{
		{Title: "Met", Values: values(3, 1)}, {Title: "Unseen", Values: values(0, 0)}, {Title: "Missed", Values: values(0, 2)}, {Title: "Limit", Role: "limit", Values: values(4, 4)},
	}}
	if got, want := Caption(c), "What was decided, by month, 2026-08 to 2026-09. From the bottom up: Met, Missed."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	c.Lines[2].Values = values(0, 0)
	if got, want := Caption(c), "What was decided, by month, 2026-08 to 2026-09. All of it: Met."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	c.Kind = analysis.Line
	if got, want := Caption(c), "What was decided, by month, 2026-08 to 2026-09."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func BenchmarkBlock(b *testing.B) {
	c := &analysis.Chart{Name: "daily", Kind: analysis.Stacked}
	for i := range 730 {
		c.X = append(c.X, "2026-01-01")
		for s := range 6 {
			if i == 0 {
				c.Lines = append(c.Lines, analysis.Series{Name: "bug", Role: "class"})
			}
			c.Lines[s].Values = append(c.Lines[s].Values, record.Num(float64(i%17)))
		}
	}
	p := NewPalette(policy)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Block(c, p); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAScatterHasADotForEveryItem(t *testing.T) {
	a, b := &analysis.Item{Key: "SUP-1"}, &analysis.Item{Key: `"}</script>`}
	c := &analysis.Chart{Name: "dots", Kind: analysis.Scatter, Unit: analysis.Duration, XUnit: analysis.Day, X: []string{"2026-03-02", "2026-03-03"}, Afloat: true,
		Lines: []analysis.Series{
			{Name: "emergency", Title: "Emergency", Role: "class", Dots: []analysis.Dot{{At: 1, Y: 60.5, Item: a}, {At: 0, Y: 30, Item: b}}},
			{Name: "bug", Title: "Bug", Role: "class", Dots: []analysis.Dot{{At: 0, Y: 90}}},
		}}
	out, err := Block(c, NewPalette(policy))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"afloat":true`, `{"value":[1,60.5],"name":"SUP-1"}`, `{"value":[0,90]}`, `"slots":["class-1","class-2"]`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
	if strings.Contains(string(out), "</script>") {
		t.Errorf("a key leaves its block: %s", out)
	}
	var got []string
	for _, row := range Table(c).Rows {
		got = append(got, row[0].Text+" "+row[1].Text+" "+row[2].Text+" "+row[3].Num.String())
	}
	want := []string{`2026-03-02 "}</script> Emergency 30`, "2026-03-02  Bug 90", "2026-03-03 SUP-1 Emergency 60.5"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("want −, got +:\n%s", d)
	}
	c.Lines[1].Dots[0].Y = math.Inf(1)
	if _, err := Block(c, NewPalette(policy)); err == nil || !strings.Contains(err.Error(), "dots") || !strings.Contains(err.Error(), "bug") {
		t.Error(err)
	}
}

// What a small drawing stacks has its colour beside its name: a bar that stands alone is not told by its place.
func TestADrawingOfSeveralColoursHasAKey(t *testing.T) {
	num := func(vs ...float64) (ns []record.Number) {
		for _, v := range vs {
			ns = append(ns, record.Num(v))
		}
		return ns
	}
	c := &analysis.Chart{Kind: analysis.Stacked, X: []string{"2026-01", "2026-02"}, Lines: []analysis.Series{
		{Name: "met", Title: "Met", Values: num(1, 0)}, {Name: "none", Title: "None", Values: num(0, 0)}, {Name: "missed", Title: "Missed", Values: num(0, 1)},
	}}
	p := NewPalette(nil)
	svg := Spark(c, p)
	key := Key(c, p)
	if len(key) != 2 || key[0].Title != "Met" || key[1].Title != "Missed" || key[0].Slot == key[1].Slot {
		t.Fatalf("the key is %v", key)
	}
	for _, k := range key {
		if !strings.Contains(svg, "slot-"+k.Slot+`"`) {
			t.Errorf("%s is drawn in another colour than %s", k.Title, k.Slot)
		}
	}
	if c.Lines = c.Lines[:1]; Key(c, p) != nil {
		t.Error("one colour needs no key")
	}
}

package site

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// changed is a wiki whose last night did not know some of its issues, whose titles are foreign words.
func changed(t *testing.T) Input {
	const hostile = `</script><img src=x onerror=alert(1)> =1+1`
	issues := many(t, 20)
	issues = append(issues, issue(t, "SUP-900", "Bug", "Blocker", hostile, "2026-11-01T10:00:00Z"))
	then := night(t, issues[:15], nil, func(in *analysis.Input) { in.AsOf = instant(t, "2026-10-31T14:00:00Z") }).Keep()
	in := input(t, 1)
	in.Report = night(t, issues, nil, func(in *analysis.Input) {
		in.Earlier = []analysis.Earlier{{Name: "night", Then: then}, {Name: "week", Then: then, Again: true}}
	})
	return in
}

func TestWhatChangedHasAnEntry(t *testing.T) {
	tree := build(t, changed(t))
	soundHTML(t, tree, changesPlace)
	page := read(t, tree, changesPlace)
	for _, want := range []string{`id="night"`, `id="week"`, "Since the night before", "Since a week ago", "No night was kept of 31 October 2026", "History from before that became known since",
		`href="../items/tickets/SUP-900/index.html"`, "&lt;img src=x onerror", `href="../data/changes/night-late.csv"`, `<a href="../metrics/backlog/index.html">Open backlog</a>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the entry lacks %q", want)
		}
	}
	if home := read(t, tree, homePlace); !strings.Contains(home, `href="changes/index.html#night"`) {
		t.Error("the front page does not lead there")
	}
	sheet, err := csv.NewReader(strings.NewReader(read(t, tree, "data/changes/night-late.csv"))).ReadAll()
	if err != nil || len(sheet) < 2 || sheet[0][0] != "item" {
		t.Errorf("the sheet of what came late: %v, %v", sheet, err)
	}
	var report struct {
		Changed []struct {
			Name  string
			Since record.Instant
			Again bool `json:"judged_again"`
			Lists []struct {
				Name string
				Rows [][]any
			}
		}
	}
	if err := json.Unmarshal([]byte(read(t, tree, reportPlace)), &report); err != nil || len(report.Changed) != 2 || report.Changed[0].Name != "night" || !report.Changed[1].Again ||
		!slices.ContainsFunc(report.Changed[0].Lists, func(l struct {
			Name string
			Rows [][]any
		}) bool {
			return l.Name == "new" && len(l.Rows) > 0 && l.Rows[0][0] == "SUP-900"
		}) {
		t.Errorf("report.json says %+v, %v", report, err)
	}
}

func TestAFirstNightHasNothingToCompareWith(t *testing.T) {
	in := input(t, 3)
	in.Report.Uncompared = []string{"Since the night before: none is kept <yet>."}
	tree := build(t, in)
	if page := read(t, tree, changesPlace); !strings.Contains(page, "Since the night before: none is kept &lt;yet&gt;.") {
		t.Error(page)
	}
	if home := read(t, tree, homePlace); strings.Contains(home, "What changed") {
		t.Error("the front page promises what is not there")
	}
}

// The summary says of every figure what data/report.json says.
func TestTheSummaryIsThatOfTheReport(t *testing.T) {
	in := changed(t)
	s := &Summary{Report: in.Report, Title: "A wiki"}
	type figure map[string]any
	var whole, short struct {
		Figures []figure
		Changed any
		Sources any
		Totals  map[string]int
		AsOf    any `json:"as_of"`
	}
	if err := json.Unmarshal([]byte(read(t, build(t, in), reportPlace)), &whole); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := s.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &short); err != nil || len(short.Figures) != len(whole.Figures) || short.AsOf != whole.AsOf {
		t.Fatalf("%d figures of %d, %v", len(short.Figures), len(whole.Figures), err)
	}
	text := func(v any) string { b, _ := json.Marshal(v); return string(b) }
	for i, f := range short.Figures {
		for name, v := range f {
			if text(v) != text(whole.Figures[i][name]) {
				t.Errorf("%v: %s is %s here and %s there", f["name"], name, text(v), text(whole.Figures[i][name]))
			}
		}
	}
	if text(short.Changed) != text(whole.Changed) {
		t.Error("what changed is told in two ways")
	}
	if text(short.Sources) != text(whole.Sources) || text(short.Totals) != text(whole.Totals) {
		t.Error("what the night rests on is told in two ways")
	}
	open := 0
	for _, it := range in.Report.Items {
		if it.Open() {
			open++
		}
	}
	if k := short.Totals; k["items"] != 21 || open == 0 || k["open_items"] != open {
		t.Errorf("of 21 items, %d of them open, it says %v", open, k)
	}

	s.Metrics = []string{"wip", "backlog"}
	out.Reset()
	if err := s.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) < 3 {
		t.Fatal(rows, err)
	}
	for _, r := range rows[1:] {
		if r[0] != "wip" && r[0] != "backlog" || len(r) != len(rows[0]) {
			t.Errorf("%q", r)
		}
	}
}

package analysis

// Two nights in a file: testdata/changes/*.txt hold what an earlier night knew (then/…, where it differs) and
// what is known now, and what must be said to have changed.

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

func TestWhatChangedIsTold(t *testing.T) {
	files, err := filepath.Glob("testdata/changes/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no nights in testdata/changes", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			now, then := map[string]string{}, map[string]string{}
			for _, f := range ar.Files {
				if !strings.HasPrefix(f.Name, "then/") {
					now[f.Name], then[f.Name] = string(f.Data), string(f.Data)
				}
			}
			for _, f := range ar.Files {
				if name, ok := strings.CutPrefix(f.Name, "then/"); ok {
					then[name] = string(f.Data)
				}
			}
			was := Run(tellNight(t, then))
			in := tellNight(t, now)
			today := in
			today.AsOf = was.AsOf
			in.Earlier = []Earlier{{Name: "night", Then: throughTheLedger(t, was.Keep()), Today: Run(today).Keep()}}
			got := dumpChanged(Run(in), "Promises kept", "Open backlog", "Due next")
			if *updateNights {
				for i := range ar.Files {
					if ar.Files[i].Name == "want" {
						ar.Files[i].Data = []byte(got)
					}
				}
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(strings.Split(now["want"], "\n"), strings.Split(got, "\n")); d != "" {
				t.Errorf("want −, got + (accept with -update-nights):\n%s", d)
			}
		})
	}
}

// throughTheLedger is a night as it is read back.
func throughTheLedger(t interface{ Fatal(...any) }, k *Kept) *Kept {
	figures, items, err := k.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := DecodeKept(figures, items)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// howMany is what a sentence says of figures: a new metric must not change what is wanted here.
var howMany = regexp.MustCompile(`(, | and )?[0-9]+ figures? reads? differently`)

// dumpChanged writes what changed; of the figures only the named ones.
func dumpChanged(r *Report, figures ...string) string {
	var b strings.Builder
	for _, c := range r.Changed {
		fmt.Fprintln(&b, howMany.ReplaceAllString(c.Sentence, ""))
		for _, n := range c.Notes {
			fmt.Fprintln(&b, "note:", n)
		}
		for _, l := range c.Lists {
			fmt.Fprintf(&b, "%s: %s\n", l.Name, l.Title)
			for _, row := range l.Rows {
				if (l.Name == "figures" || l.Name == "policy") && !slices.Contains(figures, row[0].Text) {
					continue
				}
				var cells []string
				for i, c := range row {
					switch {
					case c.Item != nil:
						cells = append(cells, c.Item.Key)
					case c.Num.Known:
						cells = append(cells, l.Columns[i].Unit.Format(c.Num))
					default:
						cells = append(cells, c.Text)
					}
				}
				fmt.Fprintf(&b, "  %s\n", strings.Join(cells, " | "))
			}
		}
	}
	return b.String()
}

func TestNothingChangesFromOneNightToTheSame(t *testing.T) {
	policy := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		in := lawInput(policy, drawIssues(t))
		in.Earlier = []Earlier{{Name: "night", Then: throughTheLedger(t, Run(in).Keep())}}
		c := Run(in).Changed[0]
		if len(c.Lists) != 0 || len(c.Notes) != 0 || !strings.HasSuffix(c.Sentence, ": nothing changed.") {
			t.Fatalf("of one night with itself: %s %v %v", c.Sentence, c.Notes, c.Lists)
		}
	})
}

func lawInput(policy *Policy, issues []record.Issue) Input {
	asOf := lawStart.Add(60 * 24 * time.Hour)
	return Input{Policy: policy, AsOf: asOf, Issues: slices.Values(issues), Sources: []SourceState{{Name: "t", Tracker: "t", Horizon: asOf}}}
}

// What is new, gone or in both adds up, and everything that came late is told, whatever happened between.
func TestEveryItemIsInOneOfTheNights(t *testing.T) {
	policy := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		issues := drawIssues(t)
		in := lawInput(policy, issues)
		early := in
		early.AsOf = in.AsOf.Add(-time.Duration(rapid.IntRange(1, 50*24).Draw(t, "hours before")) * time.Hour)
		hidden := map[string]bool{} // unknown to the earlier night
		for _, is := range issues {
			if rapid.IntRange(0, 3).Draw(t, "hidden") == 0 {
				hidden[is.ID] = true
			}
		}
		early.Issues = func(yield func(record.Issue) bool) {
			for _, is := range issues {
				if !hidden[is.ID] && !yield(is) {
					return
				}
			}
		}
		in.Issues = slices.Values(issues)
		was := Run(early)
		in.Earlier = []Earlier{{Name: "night", Then: throughTheLedger(t, was.Keep())}}
		now := Run(in)
		rows := map[string]int{}
		for _, l := range now.Changed[0].Lists {
			rows[l.Name] = len(l.Rows)
		}
		created := map[string]bool{}
		late := 0
		for _, it := range now.Items {
			created[it.ID] = it.Created >= early.AsOf
			if hidden[it.ID] && it.Created < early.AsOf {
				late++
			}
		}
		if rows["late"] != late {
			t.Errorf("%d items came late, want %d", rows["late"], late)
		}
		if len(was.Items)-rows["gone"]+late+rows["new"] != len(now.Items) {
			t.Errorf("%d then, %d gone, %d late and %d new are not %d now", len(was.Items), rows["gone"], late, rows["new"], len(now.Items))
		}
	})
}

// What is written of a value is all of it.
func TestAValueComesBackAsItWas(t *testing.T) {
	for _, v := range []Value{
		{},
		countOf(0, Period{To: 5e9, Label: "now"}),
		{Unit: Text, Period: Period{Label: "x", Partial: true}},
		shareOf(3, 7, Period{From: 1e9, To: 2e9}),
		{Unit: Share, Number: record.Num(0.5), N: 4, Of: 9, Ratio: &Ratio{Num: 2, Den: 4, Unit: Hours}},
	} {
		b, err := json.Marshal(v)
		var back Value
		if err := errors.Join(err, json.Unmarshal(b, &back)); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(v, back); d != "" {
			t.Errorf("%s: %s", b, d)
		}
	}
}

func TestNightsOfAnEarlierFirebreakAreRead(t *testing.T) {
	report := `{"schema":1,"wiki":"w","as_of":"2026-03-05T09:00:00Z","policy_hash":"abc","sources":[{"name":"x"}],"figures":[
		{"name":"sla-resolve","title":"Promises kept","chapter":"Promises","headline":{"unit":"share","number":0.5,"text":"50 %","ratio":{"num":5,"den":10,"low":0.2,"high":0.8,"counts":true},"n":10,"period":{"from":"2026-02-01T00:00:00Z","to":"2026-03-01T00:00:00Z","label":"February 2026","partial":false}},"mood":"bad","parts":[],"charts":[{}],"rows":[{"key":"A-1"}]}],"items":[{"key":"A-1"}]}`
	items := `[{"tracker":"tickets","id":"2","key":"A-2","class":"bug","severity":1,"respond":{},"resolve":{"outcome":"missed","due":"2026-03-04T17:00:00Z"}},
		{"tracker":"tickets","id":"1","key":"A-1","class":"ask","severity":0,"respond":{"outcome":"met","due":"2026-03-04T17:00:00Z"},"resolve":{}}]`
	k, err := DecodeKept([]byte(report), []byte(items))
	if err != nil {
		t.Fatal(err)
	}
	due := moment(t, "2026-03-04T17:00")
	want := &Kept{AsOf: moment(t, "2026-03-05T09:00"), Policy: "abc",
		Figures: []KeptFigure{{Name: "sla-resolve", Title: "Promises kept", Mood: Bad, Parts: []Part{}, Headline: Value{Unit: Share, Number: record.Num(0.5), N: 10,
			Ratio:  &Ratio{Num: 5, Den: 10, Low: 0.2, High: 0.8, Counts: true},
			Period: Period{From: moment(t, "2026-02-01T00:00"), To: moment(t, "2026-03-01T00:00"), Label: "February 2026"}}}},
		Items: []KeptItem{
			{Ref: record.Ref{Tracker: "tickets", ID: "1"}, Key: "A-1", Class: "ask", Respond: KeptPromise{Met, due}},
			{Ref: record.Ref{Tracker: "tickets", ID: "2"}, Key: "A-2", Class: "bug", Severity: 1, Resolve: KeptPromise{Missed, due}},
		}}
	if d := cmp.Diff(want, k); d != "" {
		t.Error(d)
	}
}

func TestANightThatCannotBeReadIsAnError(t *testing.T) {
	good := `{"schema":1,"figures":[]}`
	for _, c := range []struct{ figures, items, want string }{
		{"", "[]", "its figures: "},
		{good, "", "its items: "},
		{good, `{"schema":3}`, "its items are of schema 3"},
		{`{"schema":2}`, "[]", "its figures are of schema 2"},
		{`{"schema":1,"figures":[{"headline":{"number":"x"}}]}`, "[]", "its figures: "},
	} {
		if _, err := DecodeKept([]byte(c.figures), []byte(c.items)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q, %q: %v, want %q", c.figures, c.items, err, c.want)
		}
	}
}

func TestAKeptNightComesBackAsItWas(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/nights/shifts.txt")
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for _, f := range ar.Files {
		text[f.Name] = string(f.Data)
	}
	in := tellNight(t, text)
	in.Program = "firebreak 1.2.3"
	k := Run(in).Keep()
	if len(k.Figures) != len(Metrics) || len(slices.Collect(maps.Keys(k.Trackers))) == 0 {
		t.Fatalf("%d figures and %d trackers are kept", len(k.Figures), len(k.Trackers))
	}
	if d := cmp.Diff(k, throughTheLedger(t, k)); d != "" {
		t.Error(d)
	}
}

func TestStagesFromTheBeginningAreOfNoDay(t *testing.T) {
	p := sound(t, `team: {name: T, zone: UTC}
stages:
  - {stages: [{id: new, name: New, kind: waiting, statuses: [New]}, {id: done, name: Done, kind: done, statuses: [Done]}]}
  - {from: 2026-03-01, stages: [{id: new, name: New, kind: waiting, statuses: [New]}, {id: done, name: Done, kind: done, statuses: [Done, Shut]}]}
classes: [{id: any, name: Any, kind: problem, when: 'true'}]
`)
	var parts []string
	for _, r := range p.rules() {
		if strings.HasPrefix(r.Part, "stage ") {
			parts = append(parts, r.Part)
		}
	}
	if want := []string{"stage new", "stage done", "stage new from 2026-03-01", "stage done from 2026-03-01"}; !slices.Equal(parts, want) {
		t.Errorf("%q, want %q", parts, want)
	}
}

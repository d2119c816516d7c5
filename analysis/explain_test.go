package analysis

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// keepAll makes the issues of an input to be had once more.
func keepAll(in *Input) {
	all := map[record.Ref]record.Issue{}
	for is := range in.Issues {
		all[is.Ref] = is
	}
	in.Again = func(r record.Ref) (record.Issue, bool) {
		is, ok := all[r]
		return is, ok
	}
}

func TestExplanationsSayWhatTheyMust(t *testing.T) {
	files, err := filepath.Glob("testdata/explain/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no explanations in testdata/explain", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text := map[string]string{}
			for _, f := range ar.Files {
				text[f.Name] = string(f.Data)
			}
			in := tellNight(t, text)
			keepAll(&in)
			n := Judge(in)
			var b strings.Builder
			for _, it := range n.Items {
				x := n.Explain(it)
				dumpExplanation(&b, n, &x)
			}
			if got := b.String(); *updateNights {
				ar.Files[len(ar.Files)-1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if d := cmp.Diff(strings.Split(text["want"], "\n"), strings.Split(got, "\n")); d != "" {
				t.Errorf("want −, got + (accept with -update-nights):\n%s", d)
			}
		})
	}
}

func dumpExplanation(b *strings.Builder, n *Night, x *Explanation) {
	at := func(t record.Instant) string {
		if t == 0 {
			return "now"
		}
		return t.In(n.Zone).Format("Mon 15:04")
	}
	line := func(format string, args ...any) {
		fmt.Fprintln(b, strings.TrimRight(fmt.Sprintf(format, args...), " "))
	}
	line("%s %s", x.Item.Key, x.Item.Coarse)
	for _, j := range x.Judged {
		line("  %s %s, severity %d: %s", at(j.At), j.Class.Title(), j.Severity, strings.Join(j.Why, "; "))
		for _, a := range slices.Concat(j.Severities, j.Classes) {
			var saw []string
			for _, s := range a.Saw {
				saw = append(saw, s.Name+" "+s.Value)
			}
			line("    %v %s: %s [%s] %s", a.Held, a.Name, a.Text, strings.Join(saw, ", "), a.Fault)
		}
	}
	for _, s := range x.Stays {
		line("  %s–%s %s, %s, worked %s: %s; %s; %s", at(s.From), at(s.To), s.Stage.Name, Exact(s.Elapsed), Exact(s.Work), s.Waits, s.How, s.By)
	}
	for _, d := range slices.Concat(x.Deeds, x.Passed) {
		line("  %s %s: %s; %s", at(d.At), d.What, d.How, d.By)
	}
	for i, a := range []Account{x.Respond, x.Resolve} {
		if len(a.Dues) == 0 {
			continue
		}
		line("  %s on %s", []string{"respond", "resolve"}[i], a.Calendar)
		for _, d := range a.Dues {
			line("    from %s due %s: %s", at(d.At), at(d.Due), d.Why)
		}
		for _, s := range a.Stretches {
			line("    %s–%s %s %s +%s %s", at(s.From), at(s.To), s.Stage.Name, s.Clock, Exact(s.Work), strings.Join(s.Off, ", "))
		}
		line("    %s", n.Total(&a))
	}
	for _, y := range x.Ties {
		line("  %s %s: %s %v", y.Kind, y.To, y.Says, y.Item != nil)
	}
}

// TestExplanationsAddUp holds what was reckoned up to the verdicts, and the judge's second look to its first.
func TestExplanationsAddUp(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		issues, pages := drawIssues(t), drawPages(t)
		asOf := lawStart.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "asOf")) * time.Hour)
		in := Input{Policy: p, AsOf: asOf, Issues: slices.Values(issues), Pages: slices.Values(pages), Sources: []SourceState{{Name: "t", Tracker: "t", Horizon: asOf}}}
		keepAll(&in)
		n := Judge(in)
		whole := Run(in)
		for i, it := range n.Items {
			if a, b := fmt.Sprintf("%+v", short(it.Resolve)+short(it.Respond)), fmt.Sprintf("%+v", short(whole.Items[i].Resolve)+short(whole.Items[i].Respond)); a != b {
				t.Fatalf("%s: %s, in the whole night %s", it.Key, a, b)
			}
			x := n.Explain(it)
			for _, a := range []*Account{&x.Respond, &x.Resolve} {
				addsUp(t, it, a)
			}
			if len(x.Stays) != len(it.Stages) {
				t.Fatalf("%s: %d stays, %d stages", it.Key, len(x.Stays), len(it.Stages))
			}
			for _, s := range x.Stays {
				if s.How == "" {
					t.Fatalf("%s: nothing brought it to %s", it.Key, s.Stage.Name)
				}
			}
			k := 0
			for _, j := range x.Judged {
				if j.Class != it.Classes.At(j.At) || j.Severity != it.Severities.At(j.At) {
					t.Fatalf("%s: at %s %s, severity %d; its timelines say %s, %d", it.Key, j.At, j.Class.Title(), j.Severity, it.Classes.At(j.At).Title(), it.Severities.At(j.At))
				}
				if j.Classes != nil {
					k++
					held := slices.IndexFunc(j.Classes, func(a Asked) bool { return a.Held })
					if (held < 0) != (j.Class == nil) || held >= 0 && (held != len(j.Classes)-1 || j.Classes[held].Name != j.Class.Name) {
						t.Fatalf("%s: rules %+v give %s", it.Key, j.Classes, j.Class.Title())
					}
				}
			}
			if k != len(it.Classes) {
				t.Fatalf("%s: its class is explained %d times, and was judged %d times", it.Key, k, len(it.Classes))
			}
		}
	})
}

func addsUp(t *rapid.T, it *Item, a *Account) {
	v := &a.Verdict
	fail := func(what string) { t.Fatalf("%s: %s: %+v", it.Key, what, *a) }
	if a.Calendar == "" {
		if len(a.Stretches) > 0 {
			fail("stretches without a clock")
		}
		return
	}
	at, sum, late := a.From, time.Duration(0), time.Duration(0)
	for _, s := range a.Stretches {
		if s.From != at || s.To <= s.From {
			fail("stretches do not meet")
		}
		if more := (s.Adds - s.Work).Abs(); s.Adds%time.Second != 0 || more >= time.Second {
			fail("what is shown is not what the clock counted")
		}
		if at = s.To; s.Clock == "late" {
			late += s.Work
		} else {
			sum += s.Work
		}
		if s.Work != 0 && s.Clock != "runs" && s.Clock != "late" {
			fail("a clock that stands still counts")
		}
	}
	switch {
	case at != a.To:
		fail("stretches do not lead to the end")
	case sum != a.Used || late != a.Late:
		fail("the stretches do not come to the sums")
	case v.Outcome == Missed && (a.Used != a.Goal || a.Late != v.Late):
		fail("missed before, or after, the goal was used up")
	case (v.Outcome == Running || v.Outcome == Stopped) && a.Used+v.Left != a.Goal:
		fail("what is used and what is left are not the goal")
	case v.Outcome == Met && a.Used > a.Goal:
		fail("met, and more used than there was")
	}
}

// Trackers tell milliseconds and nobody writes them: what stands beside instants is what lies between them as
// they are written.
func TestWhatIsWrittenIsTheDifferenceOfTheWrittenInstants(t *testing.T) {
	in := explained(t, "clock.txt", nil)
	var issues []record.Issue
	k := record.Instant(0)
	for is := range in.Issues {
		is.Changes = slices.Clone(is.Changes)
		for i := range is.Changes {
			k++
			is.Changes[i].At += k * 7370 * record.Instant(time.Millisecond) % record.Instant(50*time.Second)
		}
		issues = append(issues, is)
	}
	in.Issues = slices.Values(issues)
	keepAll(&in)
	n := Judge(in)
	second := func(t record.Instant) record.Instant { return record.At(t.Time().Truncate(time.Second)) }
	clocks, parts := 0, false
	for _, it := range n.Items {
		x := n.Explain(it)
		for _, s := range x.Stays {
			to := s.To
			if to == 0 {
				to = it.Until
			}
			parts = parts || s.From != second(s.From)
			if want := second(to).Sub(second(s.From)); s.Elapsed != 0 && s.Elapsed != want || s.Work%time.Second != 0 {
				t.Errorf("%s: in %s for %s, working %s; between the written instants are %s", it.Key, s.Stage.Name, s.Elapsed, s.Work, want)
			}
		}
		for _, a := range []*Account{&x.Respond, &x.Resolve} {
			var used, late time.Duration
			for _, s := range a.Stretches {
				if s.Clock == "late" {
					late += s.Adds
				} else {
					used += s.Adds
				}
			}
			total := n.Total(a)
			if a.Calendar != "" && !strings.HasPrefix(total, a.Exact(used)+" of ") || late != 0 && !strings.HasSuffix(total, "late by "+a.Exact(late)) {
				t.Errorf("%s: %s used and %s late by what is written, and the total is %q", it.Key, Exact(used), Exact(late), total)
			}
			clocks += len(a.Stretches)
		}
	}
	if clocks == 0 || !parts {
		t.Fatal("no clock was held against its instants")
	}
}

// explained is the night of an explanation, and its text files by name.
func explained(t *testing.T, file string, edit func(text map[string]string)) Input {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/explain/" + file)
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for _, f := range ar.Files {
		text[f.Name] = string(f.Data)
	}
	if edit != nil {
		edit(text)
	}
	return tellNight(t, text)
}

// Without members every person counts as the team's, and nobody knows of whom that is true.
func TestWithoutMembersSomebodyIsAPerson(t *testing.T) {
	in := explained(t, "clock.txt", func(text map[string]string) {
		const members = ", members: [{id: ada, name: Ada}, {id: bob, name: Bob}]"
		if !strings.Contains(text["policy.yaml"], members) {
			t.Fatal("the policy has other members")
		}
		text["policy.yaml"] = strings.Replace(text["policy.yaml"], members, "", 1)
	})
	keepAll(&in)
	n := Judge(in)
	var b strings.Builder
	for _, it := range n.Items {
		x := n.Explain(it)
		dumpExplanation(&b, n, &x)
	}
	got := b.String()
	if strings.Contains(got, aPerson) || strings.Contains(got, aStranger) || !strings.Contains(got, "reporter a person]") || !strings.Contains(got, "Tue 15:00 finished: status: from Doing to Done; a person\n") {
		t.Error(got)
	}
	if strings.Contains(got, "not counted: commented; a person\n") {
		t.Error("a person's comment is no answer", got)
	}
}

func TestTimesAreWrittenToTheSecond(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", time.Millisecond: "0 s", 59 * time.Second: "59 s", time.Minute: "1 min", 61500 * time.Millisecond: "1 min 1 s",
		25*time.Hour + 30*time.Minute: "25 h 30 min", time.Hour + 5*time.Second: "1 h 5 s", -time.Minute: "−1 min", time.Hour + 1: "1 h",
	} {
		if got := Exact(d); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
}

// Elapsed time is read in days, working time is not: a working day is a different length on every calendar.
func TestElapsedTimeHasDaysAndWorkingTimeHasNot(t *testing.T) {
	const day = 24 * time.Hour
	for d, want := range map[time.Duration]string{
		0: "0 s", 2*day - time.Second: "47 h 59 min 59 s", 2 * day: "2 d", 2*day + time.Nanosecond: "2 d",
		12*day + 6*time.Hour + 5*time.Minute: "12 d 6 h 5 min", 3*day + time.Second: "3 d 1 s", -3*day - time.Hour: "−3 d 1 h",
	} {
		if got := ExactElapsed(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
		office, always := Account{Calendar: "office"}, Account{Calendar: "always"}
		if office.Exact(d) != Exact(d) || always.Exact(d) != want {
			t.Errorf("%v: %q on office and %q always", d, office.Exact(d), always.Exact(d))
		}
	}
}

// TestWhatComesAfterAsOfExplainsNothing compares a ledger with the same ledger as it was.
func TestWhatComesAfterAsOfExplainsNothing(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		issues, pages := drawIssues(t), drawPages(t)
		asOf := lawStart.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "asOf")) * time.Hour)
		all := func(issues []record.Issue, pages []record.Page) string {
			in := Input{Policy: p, AsOf: asOf, Issues: slices.Values(issues), Pages: slices.Values(pages), Sources: []SourceState{{Name: "t", Tracker: "t", Horizon: asOf}}}
			keepAll(&in)
			n := Judge(in)
			var b strings.Builder
			for _, it := range n.Items {
				x := n.Explain(it)
				dumpExplanation(&b, n, &x)
			}
			return b.String()
		}
		var known []record.Issue
		for _, is := range issues {
			if is.Copies[0].Created < asOf {
				known = append(known, issueAsOf(is, asOf, asOf))
			}
		}
		var rang []record.Page
		for _, page := range pages {
			if page.Triggered < asOf {
				rang = append(rang, pageAsOf(page, asOf))
			}
		}
		if d := cmp.Diff(all(issues, pages), all(known, rang)); d != "" {
			t.Fatal(d)
		}
	})
}

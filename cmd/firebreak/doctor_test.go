package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// anyName draws names as trackers have them, and as nobody should.
func anyName() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"Open", "In Progress", "Needs info: reporter", "on", "null", "~", "No", "1.10", "0x1F", "- dash", "# hash", "a, b", "[x]", "{y}", "'single'", `"double"`, `back\slash`, "已完成", "Für später", "Won’t do", "%", "@home", "&a", "*b", "!c", "|", ">", "?", "a: b", "a #b", "trailing:", "10021", "\u202egnorw", "a\x1b[31mred", "tab\there", "2026-11-23", "=", "<<", "nbsp\u00a0here", "emoji 🔥"}),
		rapid.StringMatching(`[ -~]{1,20}`),
		rapid.StringN(1, 12, 40),
	)
}

const noStages = `
team: {name: Small, zone: Europe/Berlin}
calendars: {office: {week: {mon-fri: 09:00-17:00}}}
working: office
classes: [{name: All, kind: feature, when: 'true'}]
`

func TestPastedStagesMakeThePolicyKnowTheStatuses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		category := rapid.SampledFrom([]string{record.Todo, record.Doing, record.Done, ""})
		ids := rapid.Bool().Draw(t, "ids") // a tracker gives them to all its statuses or to none
		var statuses []record.Status
		for i := range rapid.IntRange(1, 12).Draw(t, "n") {
			s := record.Status{Name: anyName().Draw(t, "name"), Category: category.Draw(t, "category")}
			if ids {
				s.ID = "id" + string(rune('a'+i))
			}
			if strings.TrimSpace(s.Name) != "" {
				statuses = append(statuses, s)
				if rapid.Bool().Draw(t, "twice") { // two projects may give one status two categories
					s.Category = category.Draw(t, "other category")
					statuses = append(statuses, s)
				}
			}
		}
		statuses = append(statuses, record.Status{ID: "iddone", Name: "Surely done", Category: record.Done}) // or the policy has no end
		lines := stageLines(new(analysis.Policy), statuses)
		text := noStages + "stages:\n" + strings.Join(lines, "\n") + "\n"
		p, complaints := analysis.ReadPolicy("policy.yaml", []byte(text))
		if strict.Failed(complaints) {
			t.Fatalf("%v\n%s", complaints, text)
		}
		words := p.Words("tickets")
		for _, s := range statuses {
			kind, known := words.Stage(s)
			if !known {
				t.Fatalf("%+v is not known after pasting\n%s", s, text)
			}
			want := "waiting"
			for _, other := range statuses {
				if other.ID == s.ID && (stageOf(other) == "done" || want == "waiting") {
					want = stageOf(other)
				}
			}
			if want := map[string]analysis.StageKind{"waiting": analysis.Waiting, "active": analysis.Active, "done": analysis.Done}[want]; kind != want && ids {
				t.Fatalf("%+v is in a stage of kind %v, want %v\n%s", s, kind, want, text)
			}
		}
		for _, l := range lines {
			if strings.ContainsFunc(l, unprintable) {
				t.Fatalf("%q would do something to a terminal", l)
			}
		}
	})
}

func TestPastedSeveritiesNameTheirWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fact := rapid.SampledFrom([]string{"priority", "field.severity", "labels"}).Draw(t, "fact")
		var levels []levelled
		for range rapid.IntRange(1, mostSeverities).Draw(t, "n") {
			if name := anyName().Draw(t, "word"); strings.TrimSpace(name) != "" {
				levels = append(levels, levelled{fact, name})
			}
		}
		if len(levels) == 0 {
			return
		}
		text := noStages + "stages: [{name: Done, kind: done, statuses: [Done]}]\nseverities:\n" + strings.Join(severityLines(new(analysis.Policy), levels), "\n") + "\n"
		p, complaints := analysis.ReadPolicy("policy.yaml", []byte(text))
		if strict.Failed(complaints) {
			t.Fatalf("%v\n%s", complaints, text)
		}
		words := p.Words("tickets")
		for _, l := range levels {
			if !words.Names(fact, l.word, analysis.SeverityRules) {
				t.Fatalf("%q is not named after pasting\n%s", l.word, text)
			}
		}
	})
}

func TestPastedFieldsAreReadBack(t *testing.T) {
	p := prescription{
		source: source{Name: "tickets", Kind: "jira", Fields: map[string]string{"customer": "Customer, or store"}},
		fields: map[string]string{"severity": "customfield_10042"}, points: []string{"customfield_10016", "customfield_10036"},
	}
	text := "sources:\n  tickets:\n    kind: jira\n    files: [a.json]\n" + strings.Join(p.sourceLines(), "\n") + "\n"
	c, complaints := parseConfig("firebreak.yaml", []byte(text))
	if len(complaints) > 0 {
		t.Fatal(complaints)
	}
	got := c.Sources[0]
	if got.Fields["customer"] != "Customer, or store" || got.Fields["severity"] != "customfield_10042" || !slices.Equal(got.Points, p.points) {
		t.Errorf("%+v\n%s", got, text)
	}
}

func TestOneNameInTwoCategoriesIsToldApartByIDs(t *testing.T) {
	lines := stageLines(new(analysis.Policy), []record.Status{
		{ID: "10001", Name: "Review", Category: record.Todo}, {ID: "10002", Name: "review", Category: record.Doing},
		{ID: "10003", Name: "Done", Category: record.Done}, {ID: "10004", Name: "Done", Category: record.Done},
	})
	want := `  - id: waiting
    name: Waiting
    kind: waiting
    # 10001 is Review
    statuses: ["10001"]
  - id: in-progress
    name: In progress
    kind: active
    # 10002 is review
    statuses: ["10002"]
  - id: done
    name: Done
    kind: done
    statuses: [Done]`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("%s", got)
	}
}

func TestStagesDoNotTakeIDsThatAreTaken(t *testing.T) {
	p := &analysis.Policy{Flow: analysis.Always([]analysis.Stage{{ID: "waiting", Kind: analysis.Paused}, {ID: "waiting-2"}})}
	if lines := stageLines(p, []record.Status{{Name: "Open"}}); lines[0] != "  - id: waiting-3" || lines[1] != "    name: Waiting 3" {
		t.Errorf("%q", lines)
	}
}

func TestAStatusGoesToTheStageThatIsThere(t *testing.T) {
	p := &analysis.Policy{Flow: analysis.Always([]analysis.Stage{{ID: "doing", Name: "In Progress", Kind: analysis.Active}, {ID: "done", Name: "Shipped", Kind: analysis.Done}})}
	got := strings.Join(stageLines(p, []record.Status{
		{Name: "Waiting for customer", Category: record.Doing}, {Name: "Review", Category: record.Doing}, {Name: "Parked", Category: record.Todo}, {Name: "Closed", Category: record.Done},
	}), "\n")
	want := `  - id: waiting
    name: Waiting
    kind: waiting
    # a guess: Parked; where you wait for others, kind is paused
    statuses: [Parked]
  # doing is there already; add to its statuses:
    # a guess: Waiting for customer; where you wait for others, kind is paused
  #   [Waiting for customer, Review]
  # done is there already; add to its statuses:
  #   [Closed]`
	if got != want {
		t.Errorf("%s", got)
	}
}

func TestWhatTheRuleForEverythingTakesIsNotToBePasted(t *testing.T) {
	for rule, want := range map[string][]levelled{
		"'true'":                nil,
		`priority != "Highest"`: {{"priority", "Low"}},
		`priority == "High"`:    {{"priority", "Low"}},
	} {
		policy, complaints := analysis.ReadPolicy("policy.yaml", []byte(noStages+`
stages: [{name: Done, kind: done, statuses: [Done]}]
severities:
  - {level: 1, name: Bad, when: priority == "Highest"}
  - {level: 2, name: Mild, when: `+rule+"}\n"))
		if strict.Failed(complaints) {
			t.Fatal(complaints)
		}
		p := prescription{source: source{Name: "s", Tracker: "s"}, look: look{Survey: live.Survey{Priorities: []string{"Highest", "Low"}}}}
		p.compare(policy)
		if !slices.Equal(p.levels, want) {
			t.Errorf("%s: %v", rule, p.levels)
		}
		if len(p.unknown) != 1 {
			t.Errorf("%s: it is told all the same: %v", rule, p.unknown)
		}
	}
}

func TestLabelsThatTellHowBadItIs(t *testing.T) {
	got := levelLabels([]string{"bug", "P-low", "priority: high", "sev1", "S0", "p", "prio/critical", "performance", "Severity-3", "s3cret", "P10"})
	if want := []string{"S0", "prio/critical", "sev1", "priority: high", "Severity-3", "P-low"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTheWorstCheckIsTheStateOfASource(t *testing.T) {
	for _, c := range []struct {
		checks []live.Check
		want   state
	}{
		{nil, well},
		{[]live.Check{{What: "a"}, {What: "b", Wrong: "x"}}, lessThanAsked},
		{[]live.Check{{What: "b", Wrong: "x", Grave: true}, {What: "a", Wrong: "y"}}, unreadable},
	} {
		if got := stateOf(live.Survey{Checks: c.checks}); got != c.want {
			t.Errorf("%+v: %v, want %v", c.checks, got, c.want)
		}
	}
}

func TestTheDoctorsLinesFitTheScreenAndDoNothingToIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var out bytes.Buffer
		s := &sheet{&out, 80}
		text := rapid.StringN(0, 60, 200)
		var v live.Survey
		for range rapid.IntRange(0, 5).Draw(t, "checks") {
			v.Checks = append(v.Checks, live.Check{What: text.Draw(t, "what"), Found: text.Draw(t, "found"), Wrong: text.Draw(t, "wrong"), Remedy: text.Draw(t, "remedy")})
		}
		v.Labels = rapid.SliceOfN(text, 0, 20).Draw(t, "labels")
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			v.Fields = append(v.Fields, live.Field{ID: text.Draw(t, "id"), Name: text.Draw(t, "name"), Kind: text.Draw(t, "kind"), Hint: text.Draw(t, "hint"), Asked: rapid.Bool().Draw(t, "asked")})
		}
		s.title(text.Draw(t, "name"), text.Draw(t, "described"))
		s.checks(v.Checks)
		s.has(v)
		s.unknown([]finding{{"1 word", v.Labels, text.Draw(t, "so")}})
		for line := range strings.Lines(out.String()) {
			if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), unprintable) {
				t.Fatalf("%q would do something to a terminal", line)
			}
		}
	})
	var out bytes.Buffer
	s := &sheet{&out, 80}
	s.checks([]live.Check{{What: "read issues of acme/orders", Found: strings.Repeat("many words in a row ", 12)}, {What: strings.Repeat("long ", 30), Wrong: "wrong", Remedy: strings.Repeat("do this ", 30)}})
	for line := range strings.Lines(out.String()) {
		if n := len([]rune(line)) - 1; n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// Whoever copies a name from the doctor into a policy needs it whole, with the blanks that the tracker has.
func TestTheDoctorBreaksNoNameInTwo(t *testing.T) {
	var out bytes.Buffer
	s := &sheet{&out, 40}
	s.words("  statuses  ", "            ", []string{"In Progress", "Waiting for Vendor", "Done", strings.TrimSpace(strings.Repeat("long ", 12)), "To Do", "Gone"}, 5)
	want := `  statuses  In Progress,
            Waiting for Vendor, Done,
            long long long long long
            long long long long long
            long long, To Do and 1 more
`
	if got := out.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestOnANarrowTerminalWhatWasFoundStandsBelow(t *testing.T) {
	var b bytes.Buffer
	s := &sheet{&b, 40}
	s.checks([]live.Check{
		{What: "exports/opsgenie/alerts.json", Found: "opsgenie alerts, 1 record, 1 left out: notified nobody"},
		{What: "…", Found: "and 14 more files"},
	})
	want := "  ✓ exports/opsgenie/alerts.json\n      opsgenie alerts, 1 record, 1 left\n      out: notified nobody\n  ✓ …   and 14 more files\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

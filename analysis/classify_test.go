package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

const judgedPolicy = `
stages:
  - {name: Intake, kind: waiting, statuses: [Open, New, "10001"]}
  - {name: Needs info, kind: paused, labels: [needs-info], sent_back: true}
  - {name: Doing, kind: active, statuses: [In Progress], when: 'tracker == "code" and assigned'}
  - {name: Dropped, kind: done, when: 'category == "done" and resolution == "not_planned"'}
  - {name: Done, kind: done, statuses: [Done]}
severities:
  - {level: 1, name: Critical, when: [{when: priority == "Blocker"}, {from: 2026-03-01, when: '"sev1" in labels'}]}
  - {level: 2, name: Major, when: priority == "Critical" or channel == "pager"}
classes:
  - {name: Emergency, kind: incident, when: severity == 1 or paged}
  - {name: Urgent, kind: problem, when: type == "Bug" and severity <= 2}
  - {name: Fax, kind: problem, when: '"fax" in service'}
  - {name: Bug, kind: problem, when: [{when: type == "Bug"}, {from: 2026-06-01, when: 'type in ["Bug", "Defect"]'}]}
  - {name: Gold, kind: request, when: customer == "gold" and field.tier != ""}
discarded: [Duplicate, "Won't Do"]
services:
  - {id: checkout, name: Checkout, aliases: [checkout-web]}
  - {id: fax, name: Fax orders, aliases: [fax-out, gw]}
  - {id: gateway, name: Gateway, aliases: [gw2]}
customers: label customer/
ready:
  - {for: [bug, urgent], needs: [text, components, field.steps]}
  - {needs: [service, text]}
channels:
  - {id: pager, name: Pager, when: paged}
  - {id: mail, name: Mail, when: 'reporter == "mailbot"'}
streaks:
  - {id: outage, name: Outage, when: class == "emergency" and kind == "incident"}
`

func day(s string) record.Instant {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return record.At(t.Add(12 * time.Hour))
}

func TestTheStageOfAnItem(t *testing.T) {
	c := newClassifier(sound(t, judgedPolicy))
	for _, x := range []struct {
		name   string
		facts  Facts
		status record.Status
		want   string
	}{
		{"by the status's name, case apart", Facts{}, record.Status{Name: "open"}, "intake"},
		{"by the status's id", Facts{}, record.Status{ID: "10001", Name: "Offen"}, "intake"},
		{"a label says more than a status", Facts{Labels: []string{"x", "Needs-Info"}}, record.Status{Name: "Open"}, "needs-info"},
		{"a rule says more than a status", Facts{Tracker: "code", Assigned: true}, record.Status{Name: "open"}, "doing"},
		{"of labels and rules the first", Facts{Tracker: "code", Assigned: true, Labels: []string{"needs-info"}}, record.Status{Name: "open"}, "needs-info"},
		{"a done status is done whatever labels say", Facts{Labels: []string{"needs-info"}}, record.Status{Name: "Done"}, "done"},
		{"what the tracker calls done is done", Facts{Labels: []string{"needs-info"}}, record.Status{Name: "Archived", Category: record.Done}, "unmapped-archived done"},
		{"and may be a done stage's by rule", Facts{Resolution: "not_planned"}, record.Status{Name: "closed", Category: record.Done}, "dropped"},
		{"unless a stage that is not done lists it", Facts{}, record.Status{Name: "Open", Category: record.Done}, "intake"},
		{"else by the tracker's category: doing", Facts{}, record.Status{Name: "QA", Category: record.Doing}, "unmapped-qa active"},
		{"else by the tracker's category: to do", Facts{}, record.Status{Name: "Later", Category: record.Todo}, "unmapped-later waiting"},
		{"else a queue", Facts{}, record.Status{Name: "Odd"}, "unmapped-odd waiting"},
	} {
		t.Run(x.name, func(t *testing.T) {
			x.facts.Status = x.status.Name
			s := c.stageAt(&x.facts, x.status, day("2026-01-01"))
			got := s.ID
			if s.Fallback {
				got += " " + [...]string{"waiting", "active", "paused", "done"}[s.Kind]
			}
			if got != x.want {
				t.Errorf("got %s, want %s", got, x.want)
			}
			if again := c.stageAt(&x.facts, x.status, day("2026-01-01")); again != s {
				t.Error("the same question gave another stage")
			}
		})
	}
}

func TestStagesFollowTheInstantAndRulesTheCreation(t *testing.T) {
	p := sound(t, `
stages:
  - stages: [{name: New, kind: waiting, statuses: [New]}, {name: Done, kind: done, statuses: [Done, QA]}]
  - {from: 2026-03-01, stages: [{name: New, kind: waiting, statuses: [New]}, {name: Test, kind: active, statuses: [QA]}, {name: Done, kind: done, statuses: [Done]}]}
severities: [{level: 1, name: Bad, when: [{from: 2026-01-01, when: priority == "A"}, {from: 2026-02-01, when: priority == "B"}]}]
classes:
  - {name: X, kind: problem, when: [{when: type == "X"}, {from: 2026-05-01, when: 'false'}]}
  - {name: Y, kind: problem, when: [{when: type == "X"}, {from: 2026-04-01, when: type == "Y"}]}
`)
	c := newClassifier(p)
	qa := record.Status{Name: "QA"}
	var got []string
	midnight := record.Date("2026-03-01").Start(p.Zone)
	for _, at := range []record.Instant{day("2025-01-01"), midnight - 1, midnight, day("2027-01-01")} {
		got = append(got, c.stageAt(&Facts{Status: "QA"}, qa, at).ID)
	}
	for _, at := range []record.Instant{day("2025-01-01"), day("2026-01-15"), day("2026-02-15")} {
		got = append(got, fmt.Sprint(c.severityAt(&Facts{Priority: "A"}, at), c.severityAt(&Facts{Priority: "B"}, at)))
	}
	for _, at := range []record.Instant{day("2026-01-01"), day("2026-04-15"), day("2026-05-15")} {
		got = append(got, c.classAt(&Facts{Type: "X"}, at).ClassID()+" "+c.classAt(&Facts{Type: "Y"}, at).ClassID())
	}
	want := []string{"done", "done", "test", "test", "1 0", "1 0", "0 1", "x unclassified", "x y", "unclassified y"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestSeverityClassAndTheRestOfAnItem(t *testing.T) {
	c := newClassifier(sound(t, judgedPolicy))
	for _, x := range []struct {
		name    string
		facts   Facts
		created string
		want    string
	}{
		{"no rule takes it", Facts{Type: "Story"}, "2026-01-01", "0 unclassified"},
		{"without a severity it is worse than none", Facts{Type: "Bug"}, "2026-01-01", "0 bug"},
		{"the rule of its creation", Facts{Type: "Bug", Priority: "Blocker"}, "2026-01-01", "1 emergency"},
		{"and not a later one", Facts{Type: "Bug", Labels: []string{"sev1"}}, "2026-01-01", "0 bug"},
		{"a label", Facts{Type: "Bug", Labels: []string{"sev1"}}, "2026-04-01", "1 emergency"},
		{"severity by channel", Facts{Type: "Bug", Paged: true}, "2026-04-01", "2 emergency pager"},
		{"severity is seen by classes", Facts{Type: "Bug", Priority: "Critical"}, "2026-04-01", "2 urgent"},
		{"service by component", Facts{Components: []string{"Checkout-Web", "GW"}}, "2026-04-01", "0 fax  [checkout fax]"},
		{"service by pager", Facts{Pagers: []string{"fax-out"}}, "2026-04-01", "0 fax  [fax]"},
		{"a class with versions", Facts{Type: "Defect"}, "2026-07-01", "0 bug"},
		{"customer and field", Facts{Labels: []string{"customer/gold"}, Field: map[string][]string{"tier": {"a", "b"}}}, "2026-07-01", "0 gold"},
		{"a field that nobody has is empty", Facts{Labels: []string{"customer/gold"}}, "2026-07-01", "0 unclassified"},
		{"channel by reporter", Facts{Reporter: "mailbot"}, "2026-07-01", "0 unclassified mail"},
	} {
		t.Run(x.name, func(t *testing.T) {
			f := &x.facts
			f.Severity = c.severityAt(f, day(x.created))
			var ids []string
			for _, s := range c.services(f) {
				ids = append(ids, s.ID)
			}
			got := fmt.Sprintf("%d %s %s", f.Severity, c.classAt(f, day(x.created)).ClassID(), c.channel(f))
			if ids != nil {
				got += fmt.Sprintf(" %v", ids)
			}
			if strings.TrimSpace(got) != x.want {
				t.Errorf("got %q, want %q", got, x.want)
			}
		})
	}
}

func TestWhatTheDefinitionOfReadyMisses(t *testing.T) {
	p := sound(t, judgedPolicy)
	c := newClassifier(p)
	class := func(id string) *Class {
		for i := range p.Classes {
			if p.Classes[i].ID == id {
				return &p.Classes[i]
			}
		}
		return nil
	}
	full := &Facts{Text: "x", Components: []string{"gw2"}, Field: map[string][]string{"steps": {"", "1"}}}
	for _, x := range []struct {
		class string
		facts *Facts
		want  []string
	}{
		{"bug", &Facts{Text: " "}, []string{"text", "components", "field.steps", "service"}},
		{"bug", &Facts{Text: "x", Components: []string{"y"}, Field: map[string][]string{"steps": {" "}}}, []string{"field.steps", "service"}},
		{"bug", full, nil},
		{"gold", &Facts{}, []string{"service", "text"}},
		{"", &Facts{}, nil},
	} {
		if d := cmp.Diff(x.want, c.readyMissing(class(x.class), x.facts)); d != "" {
			t.Errorf("%s %+v: %s", x.class, x.facts, d)
		}
	}
}

func TestDiscardedCustomersAndStreaks(t *testing.T) {
	p := sound(t, judgedPolicy)
	c := newClassifier(p)
	for resolution, want := range map[string]bool{"duplicate": true, "WON'T DO": true, "Done": false, "": false} {
		if got := c.discarded(resolution); got != want {
			t.Errorf("%q: %v", resolution, got)
		}
	}
	for _, x := range []struct{ source, want string }{
		{"field.customer", "Acme, Beta"}, {"reporter", "rita"}, {"label customer/", "gold"}, {"component", "web"}, {"component cust:", "c1"}, {"", ""}, {"nonsense", ""},
	} {
		f := &Facts{
			Reporter: "rita", Labels: []string{"x", "customer/gold", "customer/silver"}, Components: []string{"web", "cust:c1"},
			Field: map[string][]string{"customer": {"Acme", "Beta"}},
		}
		if got := readCustomerSource(x.source).of(f); got != x.want {
			t.Errorf("%q: %q, want %q", x.source, got, x.want)
		}
	}
	if !c.streak(0, &Facts{}, &p.Classes[0]) || c.streak(0, &Facts{}, &p.Classes[1]) || c.streak(0, &Facts{}, nil) {
		t.Error("the outage streak counts emergencies and nothing else")
	}
}

func TestARuleThatCannotBeAnsweredIsADoubtOnce(t *testing.T) {
	p := sound(t, `classes: [{name: Big, kind: problem, when: int(field.size) > 3}, {name: Rest, kind: request, when: true}]
`)
	c := newClassifier(p)
	sizes := map[string]string{"A-3": "huge", "A-1": "vast", "A-2": "5"}
	for _, key := range []string{"A-3", "A-1", "A-2", "A-3"} {
		class := c.classAt(&Facts{Key: key, Field: map[string][]string{"size": {sizes[key]}}}, day("2026-01-01"))
		if want := map[bool]string{true: "big", false: "rest"}[key == "A-2"]; class.ID != want {
			t.Errorf("%s is %s", key, class.ID)
		}
	}
	want := []string{`policy.yaml:1:44: this rule could not be answered 3 times, and was taken not to hold: invalid operation: int(vast) (for A-1)`}
	if d := cmp.Diff(want, c.doubts()); d != "" {
		t.Error(d)
	}
}

// someFacts draws facts from few values, so that memory is hit and missed.
func someFacts() *rapid.Generator[Facts] {
	return rapid.Custom(func(t *rapid.T) Facts {
		of := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
		list := func(name string, values ...string) []string {
			var l []string
			for _, v := range values {
				if rapid.Bool().Draw(t, name) {
					l = append(l, v)
				}
			}
			return l
		}
		f := Facts{
			Tracker: of("tracker", "code", "tickets"), Type: of("type", "Bug", "Defect", "Story"), Status: of("status", "Open", "QA", "Done", "closed"),
			Priority: of("priority", "Blocker", "Critical", ""), Resolution: of("resolution", "", "not_planned"), Reporter: of("reporter", "mailbot", "rita"),
			Labels: list("labels", "needs-info", "sev1", "customer/gold", "fax"), Components: list("components", "checkout-web", "gw"), Pagers: list("pagers", "fax"),
			Paged: rapid.Bool().Draw(t, "paged"), Assigned: rapid.Bool().Draw(t, "assigned"), Severity: rapid.IntRange(0, 2).Draw(t, "severity"),
		}
		if rapid.Bool().Draw(t, "field") {
			f.Field = map[string][]string{"tier": list("tier", "a", "", "b"), "other": {"x"}}
		}
		return f
	})
}

func TestRememberedAnswersAreTheAnswers(t *testing.T) {
	p := sound(t, judgedPolicy)
	c := newClassifier(p)
	rapid.Check(t, func(t *rapid.T) {
		f := someFacts().Draw(t, "facts")
		s := record.Status{Name: f.Status, ID: rapid.SampledFrom([]string{"", "10001"}).Draw(t, "id"), Category: rapid.SampledFrom([]string{"", record.Done, record.Doing}).Draw(t, "category")}
		at := rapid.SampledFrom([]record.Instant{day("2025-01-01"), day("2026-04-01"), day("2026-07-01")}).Draw(t, "at")
		answers := func(c *classifier) string {
			class := c.classAt(&f, at)
			return fmt.Sprint(c.severityAt(&f, at), class.ClassID(), c.stageAt(&f, s, at).ID, c.channel(&f), c.streak(0, &f, class))
		}
		fresh, remembered := answers(newClassifier(p)), answers(c)
		if fresh != remembered {
			t.Fatalf("asked afresh %s, remembered %s", fresh, remembered)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	p := sound(t, `classes: [{name: A, kind: problem, when: title contains "x"}]
`)
	c := newClassifier(p)
	title := strings.Repeat("y", 1000)
	for i := range 3 * memoryLimit / len(title) {
		if c.classAt(&Facts{Title: fmt.Sprint(title, i)}, 1) != nil || c.classAt(&Facts{Title: fmt.Sprint(title, "x", i)}, 1) == nil {
			t.Fatal("wrong class")
		}
	}
	if m := c.classes[0].memory; m.size > memoryLimit || len(m.seen) > memoryLimit/len(title)+1 {
		t.Errorf("%d bytes in %d answers", m.size, len(m.seen))
	}
}

func TestAHitAllocatesNothing(t *testing.T) {
	c := newClassifier(sound(t, judgedPolicy))
	f := Facts{Type: "Bug", Priority: "Critical", Labels: []string{"a", "b"}, Components: []string{"c"}, Field: map[string][]string{"tier": {"x"}}}
	s := record.Status{Name: "Open"}
	ask := func() {
		f.Severity = c.severityAt(&f, 1)
		c.classAt(&f, 1)
		c.stageAt(&f, s, 1)
		c.channel(&f)
	}
	ask()
	if n := testing.AllocsPerRun(100, ask); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkClassify asks for severity, class and stage as often as 100,000 items with ten changes each
// would: a million times.
func BenchmarkClassify(b *testing.B) {
	p, cs := ReadPolicy("policy.yaml", onSoundPolicy([]byte(judgedPolicy)))
	if len(cs) > 0 {
		b.Fatal(cs)
	}
	types, priorities := []string{"Bug", "Story", "Task", "Incident"}, []string{"Blocker", "Critical", "Major", "Minor"}
	statuses := []record.Status{{Name: "Open"}, {Name: "In Progress"}, {Name: "QA", Category: record.Doing}, {Name: "Done", Category: record.Done}}
	labels := [][]string{nil, {"backend"}, {"needs-info", "ui"}, {"sev1", "customer/gold", "fax"}}
	b.ReportAllocs()
	for b.Loop() {
		c := newClassifier(p)
		var f Facts
		for i := range 1_000_000 {
			f = Facts{Type: types[i%4], Priority: priorities[i/4%4], Labels: labels[i/16%4], Title: "a title", Components: labels[i/64%4]}
			s := statuses[i/256%4]
			f.Status = s.Name
			f.Severity = c.severityAt(&f, 1)
			c.classAt(&f, 1)
			c.stageAt(&f, s, 1)
		}
	}
}

func TestUsesNamesWhatARuleLooksAt(t *testing.T) {
	r, mistakes := compileRule(`field.steps == "" and (severity <= 2 or "x" in labels) and field["a b"] != ""`, seenByClasses)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if got := r.Uses(); !slices.Equal(got, []string{"labels", "field", "severity"}) {
		t.Error(got)
	}
	if got := r.asks.fields; !slices.Equal(got, []string{"a b", "steps"}) {
		t.Error(got)
	}
}

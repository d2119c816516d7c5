package analysis

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

var updatePolicies = flag.Bool("update-policies", false, "accept what the policy fixtures say now")

// Each testdata/policies/*.txt is a policy and the complaints it gets. A policy that does not begin
// with "# whole" stands on top of a sound one, and replaces it section by section.
func TestEveryMistakeInAPolicyIsToldInItsPlace(t *testing.T) {
	files, err := filepath.Glob("testdata/policies/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures in testdata/policies", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil || len(ar.Files) != 2 || ar.Files[0].Name != "policy.yaml" || ar.Files[1].Name != "complaints" {
				t.Fatal("a fixture holds policy.yaml and complaints", err)
			}
			text := ar.Files[0].Data
			_, cs := ReadPolicy("policy.yaml", onSoundPolicy(text))
			var got strings.Builder
			for _, c := range cs {
				fmt.Fprintln(&got, c)
			}
			if *updatePolicies {
				ar.Files[1].Data = []byte(got.String())
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(ar.Files[1].Data), got.String()); d != "" {
				t.Errorf("want −, got + (accept with -update-policies):\n%s", d)
			}
		})
	}
}

// soundPolicy is the least that is a policy, in sections that a fixture can replace.
const soundPolicy = `team: {name: Orders, zone: America/New_York, members: [{id: maya, name: Maya}, {id: tomas, name: Tomas}]}
calendars: {office: {week: {mon-fri: 09:00-17:00}}}
stages: [{name: New, kind: waiting, statuses: [New]}, {name: Done, kind: done, statuses: [Done]}]
classes: [{name: Emergency, kind: incident, when: paged, respond: 15m on always}, {name: Bug, kind: problem, when: type == "Bug"}]
`

// onSoundPolicy puts the sections of a sound policy that a text lacks below it, so that the text's
// own line numbers stay.
func onSoundPolicy(text []byte) []byte {
	if bytes.HasPrefix(text, []byte("# whole")) {
		return text
	}
	out := slices.Clone(text)
	for _, line := range strings.SplitAfter(soundPolicy, "\n") {
		section, _, _ := strings.Cut(line, ":")
		if section != "" && !bytes.HasPrefix(text, []byte(section+":")) && !bytes.Contains(text, []byte("\n"+section+":")) {
			out = append(out, line...)
		}
	}
	return out
}

func sound(t *testing.T, text string) *Policy {
	t.Helper()
	p, cs := ReadPolicy("policy.yaml", onSoundPolicy([]byte(text)))
	if len(cs) > 0 {
		t.Fatal(cs)
	}
	return p
}

func TestASoundPolicyGetsNoComplaint(t *testing.T) { sound(t, "") }

func TestNothingToReadIsNoPolicy(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "- a\n", "a: [\n", "\xff\xfe"} {
		if p, cs := ReadPolicy("policy.yaml", []byte(text)); p != nil || !strict.Failed(cs) {
			t.Errorf("%q: %v %v", text, p, cs)
		}
	}
}

func TestWhatThePolicyLeavesOutHasDefaults(t *testing.T) {
	p := sound(t, "")
	if p.Working.Name() != "office" {
		t.Error("the only calendar is the team's own, not", p.Working.Name())
	}
	if p.Pages != (PagePolicy{Window: 30 * time.Minute, SleepFrom: 22 * time.Hour, SleepTo: 7 * time.Hour, Join: 2 * time.Hour}) || p.Postmortems != (PostmortemDuty{2, 5}) || p.Capacity != "attention" {
		t.Error(p.Pages, p.Postmortems, p.Capacity)
	}
	if p = sound(t, "calendars: {}\n"); p.Working.Name() != "always" {
		t.Error("without calendars the team always works, not", p.Working.Name())
	}
}

func TestIdsAreMadeOfNames(t *testing.T) {
	for name, want := range map[string]string{
		"Bug – ASAP": "bug-asap", "  Next major release! ": "next-major-release", "Über Größe 2": "uber-große-2", "É": "e", "...": "",
	} {
		if got := slug(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func FuzzReadPolicyNeverFails(f *testing.F) {
	f.Add([]byte(soundPolicy))
	for _, pattern := range []string{"testdata/policies/*.txt", "testdata/policy/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal("no seeds in", pattern, err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if ar := txtar.Parse(b); len(ar.Files) > 0 {
				b = ar.Files[0].Data
			}
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, cs := ReadPolicy("policy.yaml", text)
		if p == nil {
			if !strict.Failed(cs) {
				t.Fatal("no policy, and nothing said")
			}
			return
		}
		if p.Working == nil || p.Zone == nil || len(p.Calendars) == 0 {
			t.Fatal("a policy without time")
		}
		for _, c := range p.Classes {
			for _, v := range append(slices.Clone(c.Respond), c.Resolve...) {
				if v.Is.Kind == WorkingTime && (v.Is.Calendar == nil || v.Is.Time <= 0 && v.Is.Days <= 0) {
					t.Fatalf("a promise that never falls due: %+v", v.Is)
				}
			}
		}
		c := newClassifier(p) // what could be read can be asked
		facts := &Facts{Key: "A-1", Labels: []string{"x"}}
		facts.Severity = c.severityAt(facts, 1)
		c.classAt(facts, 1)
		if c.stageAt(facts, record.Status{Name: "New"}, 1) == nil {
			t.Fatal("an item in no stage")
		}
		c.channel(facts)
		c.customer(facts)
		c.doubts()
	})
}

package analysis

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// whole are the policies that have to be without complaint: two that use every key, and the one that
// the program comes with.
func whole(t *testing.T) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	for _, file := range []string{"testdata/policy/full.yaml", "testdata/policy/short.yaml", "../content/policy.yaml"} {
		b, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = b
	}
	return texts
}

func TestThePoliciesThatComeWithTheProgramGetNoComplaint(t *testing.T) {
	for file, text := range whole(t) {
		if _, cs := ReadPolicy(file, text); len(cs) > 0 {
			t.Error(cs)
		}
	}
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(PolicySchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("policy.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("policy.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheSchemaTakesWhatTheReaderTakes(t *testing.T) {
	s := schema(t)
	for file, text := range whole(t) {
		if err := s.Validate(asJSON(t, text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestTheSchemaRefusesWhatTheReaderRefuses(t *testing.T) {
	s := schema(t)
	for name, text := range map[string]string{
		"unknown key":      "limitt: 3\n",
		"wrong kind":       "stages: [{name: New, kind: waitng, statuses: [New]}]\n",
		"wrong type":       "limit: many\n",
		"no target":        "classes: [{name: Bug, kind: problem, when: paged, resolve: soon}]\n",
		"no id":            "streaks: [{id: A B, name: x, when: paged}]\n",
		"no duration":      "pages: {window: 15 minutes}\n",
		"no share":         "goals: {sla: 95}\n",
		"no weekday":       "calendars: {office: {week: {mon-fry: 09:00-17:00}}}\n",
		"missing key":      "streaks: [{name: x}]\n",
		"gathers nothing":  "stages: [{name: New, kind: waiting}]\n",
		"no date":          "experiments: [{name: x, date: soon}]\n",
		"no customers":     "customers: customer\n",
		"no method":        "capacity: {method: feeling}\n",
		"no iterations":    "capacity: {iterations: 0}\n",
		"no such capacity": "capacity: {reserve: 6}\n",
		"no cycle":         "goals: {cycle_days: 2 weeks}\n",
		"no dates at all":  "releases: [{train: major, name: x, match: y}]\n",
		"a version's slip": "limit: [{limit: 3}, {form: 2026-01-01, limit: 4}]\n",
	} {
		text := onSoundPolicy([]byte(text))
		if _, cs := ReadPolicy("policy.yaml", text); !strict.Failed(cs) {
			t.Errorf("%s: the reader takes it", name)
		}
		if s.Validate(asJSON(t, text)) == nil {
			t.Errorf("%s: the schema takes it", name)
		}
	}
}

// asJSON is YAML as an editor hands it to a schema: scalars by the core schema of YAML 1.2, dates as
// text.
func asJSON(t *testing.T, text []byte) any {
	t.Helper()
	var n yaml.Node
	if err := yaml.Load(text, &n); err != nil {
		t.Fatal(err)
	}
	var plain func(n *yaml.Node) any
	plain = func(n *yaml.Node) any {
		switch n.Kind {
		case yaml.DocumentNode:
			return plain(n.Content[0])
		case yaml.MappingNode:
			m := map[string]any{}
			for i := 0; i < len(n.Content); i += 2 {
				m[n.Content[i].Value] = plain(n.Content[i+1])
			}
			return m
		case yaml.SequenceNode:
			l := []any{}
			for _, c := range n.Content {
				l = append(l, plain(c))
			}
			return l
		}
		switch n.ShortTag() {
		case "!!int", "!!float":
			return json.Number(n.Value)
		case "!!bool":
			return n.Value == "true"
		}
		return n.Value
	}
	return plain(&n)
}

func TestTheSchemaKnowsTheKeysThatTheReaderAsksFor(t *testing.T) {
	reader := map[string]bool{}
	for file, text := range whole(t) {
		doc := strict.Read(file, text)
		readPolicy(doc, text)
		for _, path := range doc.Known() {
			reader[strings.ReplaceAll(path, "[]", "")] = true
		}
	}
	var s map[string]any
	if err := json.Unmarshal(PolicySchema(), &s); err != nil {
		t.Fatal(err)
	}
	inSchema := map[string]bool{}
	var walk func(path string, n map[string]any)
	walk = func(path string, n map[string]any) {
		if ref, ok := n["$ref"].(string); ok {
			def := s["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")]
			walk(path, def.(map[string]any))
		}
		keys, _ := n["properties"].(map[string]any)
		for key, sub := range keys {
			below := strings.TrimPrefix(path+"."+key, ".")
			inSchema[below] = true
			walk(below, sub.(map[string]any))
			if _, ok := sub.(map[string]any)["description"]; !ok && path == "" {
				t.Errorf("the section %s has no description", key)
			}
		}
		if sub, ok := n["additionalProperties"].(map[string]any); ok {
			inSchema[path+".*"] = true
			walk(path+".*", sub)
		}
		if sub, ok := n["items"].(map[string]any); ok {
			walk(path, sub)
		}
		alternatives, _ := n["anyOf"].([]any)
		for _, sub := range alternatives {
			walk(path, sub.(map[string]any))
		}
	}
	walk("", s)
	if d := cmp.Diff(keysOf(inSchema), keysOf(reader)); d != "" {
		t.Errorf("the schema −, the reader +:\n%s", d)
	}
}

func keysOf(m map[string]bool) []string {
	var ks []string
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

func TestWhatIsReadFromAFullPolicy(t *testing.T) {
	text := whole(t)["testdata/policy/full.yaml"]
	p, _ := ReadPolicy("full.yaml", text)
	got := dumpPolicy(p)
	const golden = "testdata/policy/full.golden"
	if *updatePolicies {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("want −, got + (accept with -update-policies):\n%s", d)
	}
}

// dumpPolicy tells a policy, a line a thing.
func dumpPolicy(p *Policy) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	rule := func(r *Rule) string {
		if r == nil {
			return "no rule"
		}
		return fmt.Sprintf("%s: %q looks at %v", r.Place, r.Text, r.Uses())
	}
	rules := func(vs Versions[*Rule]) string {
		var all []string
		for _, v := range vs {
			all = append(all, fmt.Sprintf("[%s] %s", v.From, rule(v.Is)))
		}
		return strings.Join(all, " then ")
	}
	targets := func(vs Versions[Target]) string {
		var all []string
		for _, v := range vs {
			on := ""
			if v.Is.Calendar != nil {
				on = v.Is.Calendar.Name()
			}
			all = append(all, fmt.Sprintf("[%s] %q kind %d time %v days %v on %q train %q", v.From, v.Is.Text, v.Is.Kind, v.Is.Time, v.Is.Days, on, v.Is.Train))
		}
		return strings.Join(all, " then ")
	}
	say("hash %d digits, text %d bytes", len(p.Hash), len(p.Text))
	say("team %s in %s, bots %q", p.Team.Name, p.Zone, p.Team.Bots)
	for _, m := range p.Team.Members {
		say("member %s %q %q in %v from %q until %q absent %v", m.ID, m.Name, m.Accounts, m.Zone, m.From, m.Until, m.Absent)
	}
	for _, c := range p.Calendars {
		var week []string
		for _, d := range []string{"2026-02-23", "2026-02-27", "2026-03-02", "2026-03-04", "2026-12-28"} {
			week = append(week, fmt.Sprintf("%s %v", d, c.WorkingDay(record.Date(d))))
		}
		say("calendar %s in %s, days of %v then %v, open %v", c.Name(), c.Zone(), c.Day(day("2026-01-01")), c.Day(day("2026-04-01")), week)
	}
	say("working %s, iterations %+v", p.Working.Name(), p.Iterations)
	for _, v := range p.Flow {
		for _, s := range v.Is {
			say("stage [%s] %s %q kind %d statuses %q labels %q limit %v sent back %v when %s", v.From, s.ID, s.Name, s.Kind, s.Statuses, s.Labels, s.Limit, s.SentBack, rule(s.When))
		}
	}
	say("limit %v", p.Limit)
	for _, s := range p.Severities {
		say("severity %d %s when %s", s.Level, s.Name, rules(s.When))
	}
	for _, c := range p.Classes {
		say("class %s %q %s %q limit %v", c.ID, c.Name, c.Kind, c.About, c.Limit)
		say("  when %s", rules(c.When))
		say("  respond %s", targets(c.Respond))
		say("  resolve %s", targets(c.Resolve))
	}
	say("discarded %q, customers %q, services %+v", p.Discarded, p.Customer, p.Services)
	say("ready %+v", p.Ready)
	for _, v := range p.Rota {
		say("rota [%s] %+v", v.From, v.Is)
	}
	say("escalation %+v", p.Escalation)
	for _, c := range p.Channels {
		say("channel %s %q for %v when %s", c.ID, c.Name, c.For, rule(c.When))
	}
	say("communication %+v", p.Paths)
	say("review %+v", p.Review)
	for _, v := range p.Releases {
		say("releases [%s]", v.From)
		for _, r := range v.Is.Releases {
			say("  release %s of %s on %s, up to %s, notice %d", r.Name, r.Train, r.Date, r.end, r.Notice)
		}
		for _, t := range v.Is.Trains {
			say("  train %s of %s project %q match %q notice %d", t.Train, t.Tracker, t.Project, t.Match, t.Notice)
		}
	}
	say("sla names %q %q", p.SLANames.Respond, p.SLANames.Resolve)
	say("pages %+v", p.Pages)
	say("postmortems %+v", p.Postmortems)
	say("capacity %s, reserve by %d, goals %+v", p.Capacity, p.Reserve, p.Targets)
	say("experiments %+v", p.Experiments)
	for _, s := range p.Streaks {
		say("streak %s %q when %s", s.ID, s.Name, rule(s.When))
	}
	return b.String()
}

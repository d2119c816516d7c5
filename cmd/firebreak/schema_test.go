package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/paging"
	"github.com/firebreak/firebreak/content"
)

// everything is a firebreak.yaml with every key there is.
const everything = `
wiki: {title: Orders support, url: https://wiki.example}
ledger: l.db
out: public
content: content
theme: firehouse
sources:
  archive:
    kind: jira
    files: [exports/*.jsonl.gz]
    tracker: sup
    exported_at: 2026-10-31T22:00:00Z
    zone: Europe/Berlin
    fields: {customer: customfield_10050}
    points: [Story Points]
    columns: {Creada: Created}
    layout: 02/01/2006
    site: https://jira.example
  tickets:
    kind: jira
    url: https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555
    browse: https://acme.atlassian.net
    email: bot@acme.com
    token_env: JIRA_TOKEN
    jql: project = SUP
    points: Story Points
    ca_file: ca.pem
    patience: 90m
  code:
    kind: github
    url: https://github.acme.com
    repos: [acme/orders]
    token_file: /run/secrets/github
    projects: [acme/5]
    points: Estimate
  all: {kind: github, org: acme}
  bugs: {kind: github, query: 'org:acme label:bug', tracker: all}
  pager: {kind: pagerduty, token_env: PAGERDUTY_TOKEN, services: [PIJ90N7], teams: [PQ9K7I8], since: 2025-01-01}
  alerts: {kind: opsgenie, token_env: OPSGENIE_KEY, query: 'teams: orders', logs: true}
  sheet: {kind: paging, files: [pages.csv], columns: {triggered: Began}, layout: 02.01.2006 15:04}
  rota: {kind: ical, files: [rota.ics], role: sidekick}
`

func TestTheConfigSchemaKnowsWhatTheReaderKnows(t *testing.T) {
	doc := strict.Read("firebreak.yaml", []byte(everything))
	configOf("firebreak.yaml", doc)
	if complaints := doc.Complaints(); len(complaints) > 0 {
		t.Fatal(complaints)
	}
	var schema map[string]any
	if err := json.Unmarshal(configSchema, &schema); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(properties("", schema), doc.Known()); d != "" {
		t.Errorf("schema −, reader +:\n%s", d)
	}
}

func TestTheConfigSchemaNamesEveryColumnOfAPage(t *testing.T) {
	if names := strings.Join(paging.MappingNames(), ", "); !strings.Contains(string(configSchema), names+".") {
		t.Errorf("it does not name %s", names)
	}
}

// properties are the dotted paths of a schema, * for a name of one's own.
func properties(at string, s map[string]any) []string {
	var all []string
	sub := func(name string, v any) {
		m := v.(map[string]any)
		all = append(all, name)
		all = append(all, properties(name, m)...)
	}
	if ps, ok := s["properties"].(map[string]any); ok {
		for _, k := range slices.Sorted(maps.Keys(ps)) {
			sub(join(at, k), ps[k])
		}
	}
	if m, ok := s["additionalProperties"].(map[string]any); ok {
		sub(join(at, "*"), m)
	}
	slices.Sort(all)
	return all
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "." + b
}

func TestTheSamplesConfigSatisfiesItsSchema(t *testing.T) {
	text, err := content.Files.ReadFile("firebreak.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"everything": everything, "sample": string(text)} {
		var v any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var schema, instance any
		if err := json.Unmarshal(configSchema, &schema); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &instance); err != nil {
			t.Fatal(err)
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource("firebreak.schema.json", schema); err != nil {
			t.Fatal(err)
		}
		s, err := c.Compile("firebreak.schema.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(instance); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

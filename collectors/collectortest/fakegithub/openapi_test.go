package fakegithub_test

// The answers, held against the service's own description of them.

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/firebreak/firebreak/collectors/collectortest/fakegithub"
)

// describe reads an OpenAPI description; the test is skipped where there is none.
func describe(t *testing.T, name string) map[string]any {
	t.Helper()
	dir := os.Getenv("FIREBREAK_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(dir, "data", "openapi", name))
	if err != nil {
		t.Skipf("the service's description is not here; set FIREBREAK_SHARED: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := json.NewDecoder(z).Decode(&d); err != nil {
		t.Fatal(err)
	}
	return d
}

// nullable rewrites what OpenAPI 3.0 says in its own way into JSON Schema, in place.
func nullable(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			nullable(e)
		}
		if v["nullable"] == true {
			delete(v, "nullable")
			copied := map[string]any{}
			for k, e := range v {
				copied[k] = e
				delete(v, k)
			}
			v["anyOf"] = []any{map[string]any{"type": "null"}, copied}
		}
		delete(v, "discriminator")
		delete(v, "example")
		delete(v, "examples")
	case []any:
		for _, e := range v {
			nullable(e)
		}
	}
}

// state is what describes an event that says nothing but that it was.
const state = "state-change-issue-event"

func TestAnswersAreAsTheServiceDescribesThem(t *testing.T) {
	for _, c := range []struct {
		file       string
		enterprise bool
	}{{"github.api.github.com.json.gz", false}, {"github.ghes-3.19.json.gz", true}} {
		t.Run(c.file, func(t *testing.T) {
			d := describe(t, c.file)
			nullable(d["components"])
			nullable(d["paths"])
			// Not in the description, but in every answer: an item of a search without a body has null for it.
			item := d["components"].(map[string]any)["schemas"].(map[string]any)["issue-search-result-item"].(map[string]any)
			item["properties"].(map[string]any)["body"] = map[string]any{"type": []any{"string", "null"}}
			compiler := jsonschema.NewCompiler()
			compiler.DefaultDraft(jsonschema.Draft2020)
			if err := compiler.AddResource("mem:///d.json", d); err != nil {
				t.Fatal(err)
			}
			h := fakegithub.New(fakegithub.Options{
				Repos: []string{"acme/orders", "acme/billing"}, Issues: 230, PullShare: 0.3, Seed: 8, Now: now, Projects: 1, Enterprise: c.enterprise,
			})
			h.Change(20)
			h.Comment(3)
			h.Transfer(2)
			h.Remove(1)
			prefix := ""
			if c.enterprise {
				prefix = "/api/v3"
			}
			check := func(template, target string, status int) {
				t.Helper()
				pointer := fmt.Sprintf("mem:///d.json#/paths/%s/get/responses/%d", strings.NewReplacer("~", "~0", "/", "~1").Replace(template), status)
				paths := d["paths"].(map[string]any)[template].(map[string]any)["get"].(map[string]any)["responses"].(map[string]any)
				r, described := paths[fmt.Sprint(status)].(map[string]any)
				if !described {
					t.Fatalf("%s: %d is not described", template, status)
				}
				if ref, is := r["$ref"].(string); is {
					pointer = "mem:///d.json" + ref
				}
				schema, err := compiler.Compile(pointer + "/content/application~1json/schema")
				if err != nil {
					t.Fatalf("%s: %v", template, err)
				}
				a := get(t, h, prefix+target)
				if a.StatusCode != status {
					t.Errorf("%s: %s, want %d", target, a.Status, status)
					return
				}
				v, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.body))
				if err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(v); err != nil {
					t.Errorf("%s: %.2000s", target, regexp.MustCompile(`mem:///d.json`).ReplaceAllString(err.Error(), ""))
				}
			}
			// Each event by its own description, since that of the whole timeline takes nearly anything.
			held := map[string]int{}
			one := func(at string, suffix map[string]string) {
				var events []any
				a := get(t, h, prefix+at)
				v, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.body))
				if err != nil {
					t.Fatal(err)
				}
				events = v.([]any)
				for _, e := range events {
					name := e.(map[string]any)["event"].(string)
					kind, known := suffix[name]
					if !known {
						kind = strings.ReplaceAll(name, "_", "-") + "-issue-event"
					}
					if _, described := d["components"].(map[string]any)["schemas"].(map[string]any)[kind]; !described {
						t.Fatalf("%s is not described", kind)
					}
					schema, err := compiler.Compile("mem:///d.json#/components/schemas/" + kind)
					if err != nil {
						t.Fatal(err)
					}
					if err := schema.Validate(e); err != nil {
						t.Errorf("%s: %s: %.2000s", at, name, err)
					}
					held[name]++
				}
			}
			check("/repos/{owner}/{repo}/issues", "/repos/acme/orders/issues?state=all&per_page=100", 200)
			check("/repos/{owner}/{repo}/issues", "/repos/acme/nowhere/issues", 404)
			check("/repos/{owner}/{repo}/issues", "/repos/acme/orders/issues?since=x", 422)
			check("/repos/{owner}/{repo}", "/repos/acme/orders", 200)
			check("/repos/{owner}/{repo}/labels", "/repos/acme/orders/labels", 200)
			check("/orgs/{org}/repos", "/orgs/acme/repos", 200)
			check("/users/{username}/repos", "/users/acme/repos", 200)
			check("/user", "/user", 200)
			check("/search/issues", "/search/issues?q=is:issue+repo:acme/orders&per_page=100", 200)
			if !c.enterprise {
				check("/orgs/{org}/issue-types", "/orgs/acme/issue-types", 200)
				check("/rate_limit", "/rate_limit", 200)
			}
			for n := 1; n <= 60; n++ {
				at := fmt.Sprintf("/repos/acme/orders/issues/%d", n)
				if a := get(t, h, prefix+at); a.StatusCode != 200 {
					continue
				}
				check("/repos/{owner}/{repo}/issues/{issue_number}", at, 200)
				check("/repos/{owner}/{repo}/issues/{issue_number}/comments", at+"/comments", 200)
				check("/repos/{owner}/{repo}/issues/{issue_number}/timeline", at+"/timeline?per_page=100", 200)
				check("/repos/{owner}/{repo}/issues/{issue_number}/events", at+"/events?per_page=100", 200)
				one(at+"/timeline?per_page=100", map[string]string{
					"commented": "timeline-comment-event", "cross-referenced": "timeline-cross-referenced-event",
					"assigned": "timeline-assigned-issue-event", "unassigned": "timeline-unassigned-issue-event",
					"closed": state, "reopened": state, "subscribed": state, "mentioned": state, "referenced": state, "transferred": state,
					"added_to_project_v2": state, "project_v2_item_status_changed": state,
				})
			}
			if len(held) < 18 {
				t.Errorf("only these kinds of events were there to look at: %v", held)
			}
		})
	}
}

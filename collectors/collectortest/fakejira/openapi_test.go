package fakejira

// The answers of Cloud against Atlassian's own description of them, which is beside the repository.

import (
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// described is Atlassian's description; the test is skipped, aloud, where there is none.
func described(t *testing.T) map[string]any {
	t.Helper()
	root := os.Getenv("FIREBREAK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	file, err := os.Open(filepath.Join(root, "data", "openapi", "jira-cloud-v3.json.gz"))
	if err != nil {
		t.Skipf("skipped: Atlassian's description is not there (%v); FIREBREAK_SHARED may name the folder that has data/openapi", err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.NewDecoder(unzipped).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// schema is the schema of the answer 200 to a request, made one of JSON Schema, and strict: a member that
// is not described is an error. Two things are corrected in it, where recorded answers contradict it: the
// values of a change may be null, and statuses, priorities and comments may have more members.
func schema(t *testing.T, doc map[string]any, method, path string) *jsonschema.Schema {
	t.Helper()
	pointer := "/paths/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(path) + "/" + strings.ToLower(method) + "/responses/200/content/application~1json/schema"
	c := jsonschema.NewCompiler()
	if err := c.AddResource("jira.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("jira.json#" + url.PathEscape(pointer))
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return s
}

// corrected changes the description where it is known to be wrong.
func corrected(doc map[string]any, epoch bool) map[string]any {
	var nullable func(v any)
	nullable = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if kind, ok := v["type"].(string); ok && v["nullable"] == true {
				v["type"] = []any{kind, "null"}
			}
			for _, e := range v {
				nullable(e)
			}
		case []any:
			for _, e := range v {
				nullable(e)
			}
		}
	}
	nullable(doc)
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	properties := func(name string) map[string]any { return schemas[name].(map[string]any)["properties"].(map[string]any) }
	for _, p := range []string{"from", "fromString", "to", "toString"} {
		properties("ChangeDetails")[p].(map[string]any)["type"] = []any{"string", "null"}
	}
	if epoch {
		properties("Changelog")["created"].(map[string]any)["type"] = "integer"
	}
	return doc
}

func TestAnswersAreAsAtlassianDescribesThem(t *testing.T) {
	const issue, search = "/rest/api/3/issue/{issueIdOrKey}", "/rest/api/3/search/jql"
	s := cloud(t, 1100)
	s.Change(100)
	ids := make([]string, 0, 200)
	for n := range 200 {
		ids = append(ids, idOf(s.rows[n].id))
	}
	doc := corrected(described(t), false)
	for _, c := range []struct {
		path, asked string
		body        any
	}{
		{search, searchURL(everything, "*all", 100, "") + "&expand=changelog,names,schema", nil},
		{search, "", map[string]any{"jql": everything, "maxResults": 5000, "fields": []string{"id"}}},
		{search, "", map[string]any{"jql": everything, "maxResults": 20, "fields": []string{"*navigable", "-summary"}, "expand": "names", "reconcileIssues": []int{10001}}},
		{"/rest/api/3/search/approximate-count", "", map[string]any{"jql": "project = SUP"}},
		{"/rest/api/3/changelog/bulkfetch", "", map[string]any{"issueIdsOrKeys": ids, "maxResults": 300}},
		{"/rest/api/3/changelog/bulkfetch", "", map[string]any{"issueIdsOrKeys": ids, "fieldIds": []string{"status"}, "maxResults": 10000}},
		{issue, "/rest/api/3/issue/SUP-5?expand=changelog", nil},
		{issue + "/changelog", "/rest/api/3/issue/SUP-5/changelog?maxResults=3", nil},
		{issue + "/comment", "/rest/api/3/issue/10012/comment", nil},
		{issue + "/worklog", "/rest/api/3/issue/10014/worklog", nil},
		{"/rest/api/3/field", "", nil},
		{"/rest/api/3/status", "", nil},
		{"/rest/api/3/priority", "", nil},
		{"/rest/api/3/resolution", "", nil},
		{"/rest/api/3/issuetype", "", nil},
		{"/rest/api/3/project", "", nil},
		{"/rest/api/3/project/{projectIdOrKey}", "/rest/api/3/project/SUP", nil},
		{"/rest/api/3/mypermissions", "/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS", nil},
		{"/rest/api/3/jql/parse", "", map[string]any{"queries": []string{"project = SUP"}}},
		{"/rest/api/3/myself", "", nil},
		{"/rest/api/3/serverInfo", "", nil},
	} {
		t.Run(c.path, func(t *testing.T) {
			doc := doc
			if strings.HasSuffix(c.path, "bulkfetch") { // where created is a number, whatever is described
				doc = corrected(described(t), true)
			}
			if c.asked == "" {
				c.asked = c.path
			}
			method := http.MethodGet
			if c.body != nil {
				method = http.MethodPost
			}
			v := must[any](t, s, c.asked, c.body)
			if err := schema(t, doc, method, c.path).Validate(v); err != nil {
				t.Errorf("%s %s: %v", method, c.asked, err)
			}
		})
	}
}

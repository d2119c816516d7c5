package fakegithub_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/collectortest/fakegithub"
)

// reply is an answer of GraphQL.
type reply struct {
	status int
	header http.Header
	body   string
	Data   map[string]any
	Errors []struct {
		Type, Code, Message string
		Path                []any
		Locations           []struct{ Line, Column int }
		Extensions          struct{ Code string }
	}
}

func ask(t testing.TB, h http.Handler, query string, variables map[string]any) reply {
	t.Helper()
	b, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/graphql", strings.NewReader(string(b)))
	r.Header.Set("Authorization", "Bearer not-a-real-token")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	raw, _ := io.ReadAll(w.Result().Body)
	a := reply{status: w.Code, header: w.Result().Header, body: string(raw)}
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return a
}

// dig follows names into an answer.
func dig(t testing.TB, v any, path ...string) any {
	t.Helper()
	for _, p := range path {
		m, is := v.(map[string]any)
		if !is {
			t.Fatalf("there is no %s in %v", p, v)
		}
		v = m[p]
	}
	return v
}

const issuesQuery = `
query Issues($owner: String!, $name: String!, $after: String, $since: DateTime, $n: Int = 30) {
  repo: repository(owner: $owner, name: $name) {
    issues(first: $n, after: $after, orderBy: {field: UPDATED_AT, direction: ASC}, filterBy: {since: $since}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { __typename id databaseId fullDatabaseId number updatedAt ...more }
    }
  }
  rateLimit { cost remaining resetAt }
}
fragment more on Issue {
  title state stateReason
  labels(first: 20) { nodes { name } }
  comments { totalCount }
  projectItems(first: 5) { nodes { project { number } fieldValueByName(name: "Status") { ... on ProjectV2ItemFieldSingleSelectValue { name } } } }
}`

func TestGraphQLTellsTheSameIssuesAsREST(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 140, PullShare: 0.4, Seed: 4, Now: now, Projects: 1})
	truth := h.Truth()
	seen := map[string]bool{}
	var after any
	last := ""
	for {
		a := ask(t, h, issuesQuery, map[string]any{"owner": "acme", "name": "orders", "after": after, "since": "2020-01-01T00:00:00Z"})
		if a.Errors != nil {
			t.Fatalf("%s", a.body)
		}
		list := dig(t, a.Data, "repo", "issues").(map[string]any)
		if int(list["totalCount"].(float64)) != len(truth) {
			t.Fatalf("%v issues, want %d", list["totalCount"], len(truth))
		}
		for _, n := range list["nodes"].([]any) {
			is := n.(map[string]any)
			id := is["fullDatabaseId"].(string)
			want := truth[id]
			status := ""
			for _, p := range dig(t, is, "projectItems", "nodes").([]any) {
				status = dig(t, p, "fieldValueByName", "name").(string)
			}
			got := []any{is["number"], is["title"], strings.ToLower(is["state"].(string)), is["updatedAt"], dig(t, is, "comments", "totalCount"), status}
			expect := []any{float64(want.Number), want.Title, want.State, want.Updated.Format(time.RFC3339), float64(want.Comments), want.Status}
			if !reflect.DeepEqual(got, expect) || seen[id] || is["__typename"] != "Issue" {
				t.Errorf("%s: %v, want %v (seen before: %v)", id, got, expect, seen[id])
			}
			seen[id] = true
			if at := is["updatedAt"].(string); at < last {
				t.Errorf("%s comes after %s", at, last)
			} else {
				last = at
			}
		}
		info := list["pageInfo"].(map[string]any)
		if info["hasNextPage"] != true {
			break
		}
		after = info["endCursor"]
	}
	if len(seen) != len(truth) {
		t.Errorf("%d issues, want %d", len(seen), len(truth))
	}
}

func TestGraphQLTellsHistoriesOfManyIssuesAtOnce(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 60, Seed: 4, Now: now, Projects: 1})
	a := ask(t, h, `{repository(owner:"acme",name:"orders"){issues(first:60,orderBy:{field:CREATED_AT,direction:ASC}){nodes{id}}}}`, nil)
	var ids []any
	for _, n := range dig(t, a.Data, "repository", "issues", "nodes").([]any) {
		ids = append(ids, dig(t, n, "id"))
	}
	a = ask(t, h, `query($ids:[ID!]!){nodes(ids:$ids){... on Issue{fullDatabaseId number timelineItems(first:100){
		totalCount pageInfo{hasNextPage endCursor}
		nodes{__typename
			... on LabeledEvent{createdAt actor{login} label{name}}
			... on ClosedEvent{stateReason(enableDuplicate:true)}
			... on AssignedEvent{assignee{... on User{login}}}
			... on ProjectV2ItemStatusChangedEvent{createdAt actor{login} previousStatus status project{number}}
			... on IssueComment{author{login}}
		}}}}}`, map[string]any{"ids": ids})
	if a.Errors != nil {
		t.Fatalf("%s", a.body)
	}
	truth := h.Truth()
	statuses, long := 0, 0
	for _, n := range a.Data["nodes"].([]any) {
		want := truth[dig(t, n, "fullDatabaseId").(string)]
		var comments, moves int
		for _, e := range dig(t, n, "timelineItems", "nodes").([]any) {
			e := e.(map[string]any)
			switch e["__typename"] {
			case "IssueComment":
				comments++
			case "ProjectV2ItemStatusChangedEvent":
				moves++
				if dig(t, e, "project", "number") != 1.0 || e["status"] == "" {
					t.Errorf("a status changed like this: %v", e)
				}
			case "ClosedEvent":
				if r := e["stateReason"]; r != "COMPLETED" && r != "NOT_PLANNED" && r != "DUPLICATE" {
					t.Errorf("it was closed as %v", r)
				}
			}
		}
		statuses += moves
		if dig(t, n, "timelineItems", "pageInfo", "hasNextPage") == true {
			long++
			continue
		}
		if comments != want.Comments || moves != want.Statuses {
			t.Errorf("%s: %d comments and %d moves, want %d and %d", want.Key(), comments, moves, want.Comments, want.Statuses)
		}
	}
	if statuses == 0 || long != 1 {
		t.Errorf("%d moves and %d long timelines, want some and one", statuses, long)
	}
}

const itemsQuery = `query($after:String){organization(login:"acme"){projectV2(number:1){id title
	fields(first:20){nodes{... on ProjectV2FieldCommon{name} ... on ProjectV2SingleSelectField{options{id name}}}}
	items(first:10,after:$after){totalCount pageInfo{hasNextPage endCursor} nodes{id type updatedAt
		content{... on Issue{fullDatabaseId number repository{nameWithOwner}}}
		points:fieldValueByName(name:"Estimate"){... on ProjectV2ItemFieldNumberValue{number}}
		fieldValues(first:20){nodes{__typename
			... on ProjectV2ItemFieldNumberValue{number field{... on ProjectV2FieldCommon{name}}}
			... on ProjectV2ItemFieldSingleSelectValue{name optionId updatedAt field{... on ProjectV2FieldCommon{name}}}}}}}}}}`

func TestAProjectTellsItsItems(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Repos: []string{"acme/orders", "acme/secret"}, Issues: 40, PullShare: 0.3, Seed: 4, Now: now, Projects: 1})
	h.Move(4)
	truth := h.Truth()
	h.Set(func(o *fakegithub.Options) { o.Forbidden = []string{"acme/secret"} })
	types := map[string]int{}
	var after any
	for {
		a := ask(t, h, itemsQuery, map[string]any{"after": after})
		if a.Errors != nil {
			t.Fatalf("%s", a.body)
		}
		items := dig(t, a.Data, "organization", "projectV2", "items").(map[string]any)
		for _, n := range items["nodes"].([]any) {
			it := n.(map[string]any)
			types[it["type"].(string)]++
			if it["type"] != "ISSUE" {
				continue
			}
			want := truth[dig(t, it, "content", "fullDatabaseId").(string)]
			status := ""
			var points, again *float64
			if p, given := it["points"].(map[string]any); given {
				v := p["number"].(float64)
				points = &v
			}
			for _, v := range dig(t, it, "fieldValues", "nodes").([]any) {
				v := v.(map[string]any)
				switch v["__typename"] {
				case "ProjectV2ItemFieldSingleSelectValue":
					status = v["name"].(string)
				case "ProjectV2ItemFieldNumberValue":
					n := v["number"].(float64)
					again = &n
				}
			}
			if status != want.Status || !reflect.DeepEqual(points, want.Points) || !reflect.DeepEqual(again, want.Points) {
				t.Errorf("%s has status %q and points %v, want %+v", want.Key(), status, points, want)
			}
		}
		info := items["pageInfo"].(map[string]any)
		if info["hasNextPage"] != true {
			break
		}
		after = info["endCursor"]
	}
	visible := 0
	for _, is := range h.Truth() {
		if is.Status != "" {
			visible++
		}
	}
	if types["ISSUE"] != visible || types["PULL_REQUEST"] == 0 || types["DRAFT_ISSUE"] != 1 || types["REDACTED"] != 1+20 {
		t.Errorf("%v, want %d issues, pull requests, a draft, and 21 that may not be seen", types, visible)
	}
}

func TestStatusChangesMayLeaveNoEvent(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 30, Seed: 4, Now: now, Projects: 1, NoStatuses: true})
	before := h.Truth()
	h.Move(5)
	moved := 0
	for id, is := range h.Truth() {
		if is.Status != before[id].Status {
			moved++
		}
		if is.Statuses != before[id].Statuses {
			t.Errorf("%s: an event was written", is.Key())
		}
	}
	if moved == 0 {
		t.Error("nothing was moved")
	}
	h.Set(func(o *fakegithub.Options) { o.NoStatuses = false })
	before = h.Truth()
	h.Move(1)
	written := 0
	for id, is := range h.Truth() {
		written += is.Statuses - before[id].Statuses
	}
	if written != 1 {
		t.Errorf("where they leave events, one move leaves %d", written)
	}
}

func TestGraphQLSaysWhatIsWrong(t *testing.T) {
	all := fakegithub.Options{Repos: []string{"acme/orders", "acme/secret"}, Issues: 5, Seed: 4, Now: now, Projects: 1, Token: "not-a-real-token", Forbidden: []string{"acme/secret"}}
	unscoped, app, limited, spent := all, all, all, all
	unscoped.Scopes = []string{"repo"}
	app.Installation = true
	limited.GraphLimited = "RATE_LIMITED"
	spent.Quota = 1
	for _, c := range []struct {
		o           fakegithub.Options
		query       string
		kind, says  string
		data, twice bool
	}{
		{all, `{viewer{login}}`, "", "", true, false},
		{all, `{viewer{login}`, "", "Unexpected end of document", false, false},
		{all, `{viewer{login @skip(if:true)}}`, "", `Parse error on "@" at [1, 15]`, false, false},
		{all, `{viewer}`, "", "Field must have selections", false, false},
		{all, `{viewer{login{x}}}`, "", "Selections can't be made on scalars", false, false},
		{all, `{viewer{salary}}`, "undefinedField", "Field 'salary' doesn't exist on type 'User'", false, false},
		{all, `{viewer(x:1){login}}`, "argumentNotAccepted", "Field 'viewer' doesn't accept argument 'x'", false, false},
		{all, `query($x:Int){viewer{login}}`, "variableNotUsed", "Variable $x is declared by anonymous query but not used", false, false},
		{all, `{organization(login:$x){id}}`, "variableNotDefined", "Variable $x is used but not declared", false, false},
		{all, `query($x:String!){organization(login:$x){id}}`, "", "Variable $x", false, false},
		{all, `{viewer{... on Issue{id}}}`, "cannotSpreadFragment", "Fragment on Issue can't be spread inside User", false, false},
		{all, `{viewer{... on Nobody{id}}}`, "undefinedType", "No such type Nobody", false, false},
		{all, `fragment a on Query{...a} {...a}`, "maxQueryDepth", "too deeply", false, false},
		{all, `{repository(owner:"acme",name:"secret"){id}}`, "NOT_FOUND", "Could not resolve to a Repository with the name 'acme/secret'.", true, false},
		{all, `{organization(login:"bob"){id}}`, "NOT_FOUND", "Could not resolve to an Organization with the login of 'bob'.", true, false},
		{all, `{organization(login:"acme"){projectV2(number:9){id}}}`, "NOT_FOUND", "Could not resolve to a ProjectV2 with the number 9.", true, false},
		{all, `{nodes(ids:["I_kwDOAAAAAAAAAAE"]){id}}`, "NOT_FOUND", "Could not resolve to a node", true, false},
		{all, `{repository(owner:"acme",name:"orders"){issues{nodes{id}}}}`, "MISSING_PAGINATION_BOUNDARIES", "You must provide a `first` or `last` value", false, false},
		{all, `{repository(owner:"acme",name:"orders"){issues(first:101){nodes{id}}}}`, "EXCESSIVE_PAGINATION", "Requesting 101 records", false, false},
		{all, `{repository(owner:"acme",name:"orders"){issues(first:100){nodes{subIssues(first:100){nodes{subIssues(first:100){nodes{id}}}}}}}}`, "MAX_NODE_LIMIT_EXCEEDED", "requests up to 1010100 possible nodes", false, false},
		{all, `{repository(owner:"acme",name:"orders"){issues(first:1,after:"x"){nodes{id}}}}`, "INVALID_CURSOR_ARGUMENTS", "`x` does not appear to be a valid cursor.", true, false},
		{all, `{repository(owner:"acme",name:"orders"){issue(number:1){timelineItems(first:1,itemTypes:[NONSENSE]){nodes{__typename}}}}}`, "", "invalid value (NONSENSE)", true, false},
		{unscoped, `{organization(login:"acme"){projectV2(number:1){title}}}`, "INSUFFICIENT_SCOPES", "The 'projectV2' field requires one of the following scopes: ['read:project'], but your token has only been granted the: ['repo'] scopes.", false, false},
		{app, `{organization(login:"acme"){projectV2(number:1){title}}}`, "FORBIDDEN", "Resource not accessible by integration", true, false},
		{limited, `{viewer{login}}`, "RATE_LIMITED", "API rate limit", false, false},
		{spent, `{viewer{login}}`, "RATE_LIMIT", "API rate limit", false, true},
	} {
		h := fakegithub.New(c.o)
		a := ask(t, h, c.query, nil)
		if c.twice {
			a = ask(t, h, c.query, nil)
		}
		if a.status != 200 || (a.Data != nil) != c.data {
			t.Errorf("%s: %d %s", c.query, a.status, a.body)
		}
		if c.says == "" {
			if a.Errors != nil {
				t.Errorf("%s: %s", c.query, a.body)
			}
			continue
		}
		if len(a.Errors) == 0 || !strings.Contains(a.Errors[0].Message, c.says) || a.Errors[0].Type != c.kind && a.Errors[0].Extensions.Code != c.kind {
			t.Errorf("%s: %s\nwant %s: %s", c.query, a.body, c.kind, c.says)
		}
	}
}

func TestGraphQLCostsByTheListsThatAreRead(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 5, Seed: 4, Now: now})
	a := ask(t, h, `{repository(owner:"acme",name:"orders"){issues(first:100){nodes{labels(first:10){nodes{name}} timelineItems(first:100){nodes{__typename}}}}} rateLimit{cost nodeCount remaining}}`, nil)
	if cost, nodes := dig(t, a.Data, "rateLimit", "cost"), dig(t, a.Data, "rateLimit", "nodeCount"); cost != 2.0 || nodes != 11100.0 {
		t.Errorf("cost %v for %v nodes, want 2 for 11,100", cost, nodes)
	}
	if left := dig(t, a.Data, "rateLimit", "remaining"); fmt.Sprint(left) != a.header.Get("X-Ratelimit-Remaining") || a.header.Get("X-Ratelimit-Resource") != "graphql" {
		t.Errorf("%v are left, by the header %s", left, a.header.Get("X-Ratelimit-Remaining"))
	}
}

func TestEveryFieldOfTheSchemaIsAnswered(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Repos: []string{"acme/orders", "acme/billing"}, Issues: 230, PullShare: 0.2, Seed: 4, Now: now, Projects: 2})
	h.Change(40)
	h.Transfer(2)
	for on, query := range h.EveryField() {
		a := ask(t, h, query, nil)
		if len(a.Errors) > 0 || a.Data == nil {
			t.Errorf("%s: %s\n%.600s", on, query, a.body)
		}
	}
}

func FuzzQuery(f *testing.F) {
	f.Add(issuesQuery)
	f.Add(itemsQuery)
	f.Add(`query Q($a: [ID!]! = ["x"], $b: Int) { a: nodes(ids: $a) { ... on Issue { id } ...f } } fragment f on Node { id } # end`)
	f.Add(`{repository(owner:"a\"b",name:"\u00e9"){issues(first:-1,filterBy:{labels:["x",y],since:null}){edges{cursor node{id}}}}}`)
	h := fakegithub.New(fakegithub.Options{Issues: 5, Now: now, Projects: 1})
	f.Fuzz(func(t *testing.T, query string) {
		b, _ := json.Marshal(map[string]any{"query": query})
		r := httptest.NewRequest("POST", "/graphql", strings.NewReader(string(b)))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("%q is answered with %s", query, w.Body)
		}
	})
}

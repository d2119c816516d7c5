package fakejira

// What is refused, what is awkward, and what is lost when nobody looks.

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTheOldSearchIsGoneOnCloudAndTheNewOneIsNotOnDataCenter(t *testing.T) {
	s := cloud(t, 10)
	for _, path := range []string{"/rest/api/2/search?jql=project=SUP", "/rest/api/3/search"} {
		for _, body := range []any{nil, map[string]string{"jql": "project = SUP"}} {
			if got := refused(t, s, 410, path, body); !strings.Contains(got[0], "CHANGE-2046") {
				t.Errorf("%s: %v", path, got)
			}
		}
	}
	d := server(t, 10)
	for _, path := range []string{"/rest/api/2/search/jql?jql=project=SUP", "/rest/api/3/search?jql=project=SUP", "/rest/api/2/issue/SUP-1/changelog"} {
		if res := ask(t, d, path, nil); res.StatusCode != 404 {
			t.Errorf("Data Center answers %s: %s", path, res.Status)
		}
	}
	if res := ask(t, d, "/rest/api/2/changelog/bulkfetch", map[string]any{"issueIdsOrKeys": []string{"10001"}}); res.StatusCode != 404 {
		t.Errorf("Data Center has no bulk fetch, and answers %s", res.Status)
	}
	if res := send(d, httptest.NewRequest(http.MethodGet, "/rest/api/2/serverInfo", nil)); res.StatusCode != 404 {
		t.Errorf("outside of its context path it answers %s", res.Status)
	}
	p := must[page](t, d, "/rest/api/2/search", map[string]any{"jql": "project = SUP", "startAt": 2, "maxResults": 3, "fields": []string{"assignee", "status"}, "expand": []string{"changelog"}})
	if len(p.Issues) != 3 || p.StartAt != 2 || p.MaxResults != 3 || *p.Total != 6 || p.IsLast != nil {
		t.Errorf("a page of Data Center: %+v", p)
	}
	for _, is := range p.Issues {
		if len(is.Changelog.Histories) != is.Changelog.Total {
			t.Errorf("%s: %d of %d entries; Data Center gives all", is.Key, len(is.Changelog.Histories), is.Changelog.Total)
		}
		for _, h := range is.Changelog.Histories {
			for _, it := range h.Items {
				if it.FieldID != "" {
					t.Errorf("%s: Data Center tells no id of a field, and %+v has one", is.Key, it)
				}
			}
		}
	}
}

func TestWhoIsNotLetInIsTold(t *testing.T) {
	s := cloud(t, 10)
	for name, auth := range map[string]func(*http.Request){
		"nobody":         func(*http.Request) {},
		"another token":  func(r *http.Request) { r.SetBasicAuth("bot@acme.example", "another") },
		"another person": func(r *http.Request) { r.SetBasicAuth("eve@acme.example", secret) },
		"a bearer":       func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) },
	} {
		for _, path := range []string{"/rest/api/3/myself", "/rest/api/3/field", searchURL(everything, "id", 1, "")} {
			r := asking(t, s, path, nil)
			auth(r)
			if res := send(s, r); res.StatusCode != 401 || !strings.Contains(read(t, res), "Client must be authenticated") {
				t.Errorf("%s is let in to %s: %s", name, path, res.Status)
			}
		}
	}
	if res := send(s, asking(t, s, "/rest/api/3/serverInfo", nil)); res.StatusCode != 200 {
		t.Errorf("serverInfo is open to everybody, and answers %s", res.Status)
	}
	s.opt.Anonymous = true
	r := asking(t, s, searchURL("project = SUP", "summary", 1, ""), nil)
	r.SetBasicAuth("bot@acme.example", "expired")
	if res := send(s, r); res.StatusCode != 200 || read(t, res) != `{"issues":[],"isLast":true}` {
		t.Errorf("an open site takes an expired token for nobody, who finds nothing; it answers %s", res.Status)
	}
	if res := send(s, asking(t, s, "/rest/api/3/myself", nil)); res.StatusCode != 401 {
		t.Errorf("nobody is nobody's self: %s", res.Status)
	}
	d := server(t, 10)
	r = asking(t, d, "/rest/api/2/myself", nil)
	r.SetBasicAuth("bot@acme.example", secret)
	if res := send(d, r); res.StatusCode != 401 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("Data Center lets in a bearer alone; it answers %s %s", res.Status, res.Header.Get("Content-Type"))
	}
}

func TestWhatTheAccountMayNotBrowseIsNotThere(t *testing.T) {
	s := New(Options{Cloud: true, Issues: 100, Seed: 1, Forbidden: []string{"OPS"}})
	s.Change(100)
	got := keys(t, s, "created <= now()")
	truth := s.Truth()
	if len(got) != 70 || len(truth) != 70 {
		t.Errorf("%d issues are found, %d are true; want the 70 of the other projects", len(got), len(truth))
	}
	for _, is := range truth {
		if strings.HasPrefix(is.Key, "OPS-") {
			t.Errorf("%s is in truth", is.Key)
		}
	}
	refused(t, s, 404, "/rest/api/3/issue/OPS-1", nil)
	refused(t, s, 404, "/rest/api/3/project/OPS", nil)
	if logs := must[struct{ IssueChangeLogs []any }](t, s, "/rest/api/3/changelog/bulkfetch", map[string]any{"issueIdsOrKeys": []string{"OPS-1", "SUP-999"}}); len(logs.IssueChangeLogs) != 0 {
		t.Errorf("bulk fetch gives away %v", logs)
	}
}

func TestRequestsThatJiraDoesNotUnderstandAreRefused(t *testing.T) {
	s := cloud(t, 300)
	token := must[page](t, s, searchURL(everything, "id", 100, ""), nil).NextPageToken
	refused(t, s, 400, searchURL("project = SUP ORDER BY updated", "id", 100, token), nil) // another query
	refused(t, s, 400, searchURL(everything, "id", 100, "garbage"), nil)
	refused(t, s, 400, searchURL(everything, "id", 100, token[:len(token)-2]+"AA"), nil)
	refused(t, s, 400, searchURL(everything, "id", 0, ""), nil)
	refused(t, s, 400, searchURL(everything, "id", 5001, ""), nil)
	refused(t, s, 400, "/rest/api/3/search/jql", map[string]any{"jql": everything, "startAt": 0})
	refused(t, s, 400, "/rest/api/3/search/jql", map[string]any{"jql": everything, "maxResults": "x"})
	refused(t, s, 400, "/rest/api/3/search/jql", map[string]any{"jql": everything, "reconcileIssues": make([]int, 51)})
	refused(t, s, 400, "/rest/api/3/changelog/bulkfetch", map[string]any{"issueIdsOrKeys": []string{}})
	refused(t, s, 400, "/rest/api/3/changelog/bulkfetch", map[string]any{"issueIdsOrKeys": []string{"10001"}, "maxResults": 10001})
	refused(t, s, 400, "/rest/api/3/changelog/bulkfetch", map[string]any{"issueIdsOrKeys": []string{"10001"}, "fieldIds": make([]string, 11)})
	refused(t, s, 400, "/rest/api/3/mypermissions", nil)
	long := "id in (" + strings.Repeat("10001, ", 2000) + "10002)"
	refused(t, s, 414, searchURL(long, "id", 10, ""), nil)
	if got := must[page](t, s, "/rest/api/3/search/jql", map[string]any{"jql": long}); len(got.Issues) != 2 {
		t.Errorf("posted, a long query finds %+v", got)
	}
	for _, path := range []string{"/", "/rest/api/3", "/rest/api/3/", "/rest/api/1/search", "/rest/api/3/search/jql/more"} {
		if res := send(s, asking(t, s, path, nil)); res.StatusCode != 404 && res.StatusCode != 401 {
			t.Errorf("%s is nothing, and answers %s", path, res.Status)
		}
	}
	r := asking(t, s, "/rest/api/3/search/jql", map[string]any{"jql": everything})
	r.Header.Del("Content-Type")
	r.SetBasicAuth("bot@acme.example", secret)
	if res := send(s, r); res.StatusCode != 415 {
		t.Errorf("a body of no type: %s", res.Status)
	}
	r = asking(t, s, "/rest/api/3/search/approximate-count", nil)
	r.SetBasicAuth("bot@acme.example", secret)
	if res := send(s, r); res.StatusCode != 405 {
		t.Errorf("GET of what is only posted: %s", res.Status)
	}
	must[page](t, s, searchURL(everything, "id", 100, token), nil)
	s.Advance(8 * 24 * time.Hour)
	refused(t, s, 400, searchURL(everything, "id", 100, token), nil) // too old
}

func TestTheIndexIsBehindTheIssues(t *testing.T) {
	s := New(Options{Cloud: true, Issues: 50, Seed: 1, Lag: 20 * time.Second})
	since := `updated >= "` + s.Now().Format("2006-01-02 15:04") + `"`
	s.Change(2)
	s.Add(1)
	if got := keys(t, s, since); len(got) != 0 {
		t.Errorf("at once, the index knows %v", got)
	}
	changed := ""
	for id, is := range s.Truth() {
		if is.Updated.After(s.Now().Add(-time.Minute)) {
			changed = id
			if got := must[struct{ Key string }](t, s, "/rest/api/3/issue/"+id, nil); got.Key != is.Key {
				t.Errorf("asked for %s, Jira has %+v", is.Key, got)
			}
		}
	}
	if got := must[page](t, s, searchURL(since, "updated", 10, "")+"&reconcileIssues="+changed, nil); len(got.Issues) != 1 || got.Issues[0].ID != changed {
		t.Errorf("reconciled with %s, the index knows %+v", changed, got)
	}
	s.Advance(20 * time.Second)
	if got := keys(t, s, since); len(got) != 3 {
		t.Errorf("later, the index knows %v; want 3 issues", got)
	}
}

func TestTheClockStandsStillAndIsTheDateOfAnswers(t *testing.T) {
	s := cloud(t, 10)
	for range 2 {
		if got := ask(t, s, "/rest/api/3/myself", nil).Header.Get("Date"); got != "Mon, 23 Nov 2026 08:00:00 GMT" {
			t.Errorf("the date is %s", got)
		}
	}
	s.Advance(90 * time.Minute)
	if got := ask(t, s, "/rest/api/3/nothing", nil).Header.Get("Date"); got != "Mon, 23 Nov 2026 09:30:00 GMT" {
		t.Errorf("the date is %s", got)
	}
	if got := must[map[string]any](t, s, "/rest/api/3/myself", nil)["timeZone"]; got != "Europe/Berlin" {
		t.Errorf("the account is in %v", got)
	}
}

func TestNamesAreInTheLanguageOfTheAccountAndKeysAreNot(t *testing.T) {
	s := New(Options{Cloud: true, Issues: 200, Seed: 1, Locale: "zh_CN"})
	var names, keys []string
	for _, st := range must[[]struct {
		Name           string
		StatusCategory struct{ Key string }
	}](t, s, "/rest/api/3/status", nil) {
		names, keys = append(names, st.Name), append(keys, st.StatusCategory.Key)
	}
	if !slices.Equal(names, []string{"打开", "处理中", "等待客户", "评审中", "已完成", "已关闭", "重新打开", "搁置"}) ||
		!slices.Equal(keys, []string{"new", "indeterminate", "indeterminate", "indeterminate", "done", "done", "new", "undefined"}) {
		t.Errorf("statuses %v of %v", names, keys)
	}
	found := must[page](t, s, searchURL(`status = "已完成"`, "status", 10, ""), nil).Issues
	if len(found) == 0 || found[0].Fields["status"].(map[string]any)["name"] != "已完成" {
		t.Errorf("found %v", found)
	}
}

func TestASiteHasTheIssuesThatMakeClientsStumble(t *testing.T) {
	s := cloud(t, 1100)
	had := map[string]int{}
	walk(t, s, everything, "*all", 100, func(p page) {
		for _, is := range p.Issues {
			f := is.Fields
			note := func(what string, ok bool) {
				if ok {
					had[what]++
				}
			}
			status := f["status"].(map[string]any)["statusCategory"].(map[string]any)["key"]
			note("no priority", f["priority"] == nil)
			note("a done issue without a date of resolution", status == "done" && f["resolutiondate"] == nil)
			note("an open issue with one", status != "done" && f["resolutiondate"] != nil)
			note("no description", f["description"] == nil)
			note("points of a company-managed project", f[pointsCompany] != nil)
			note("points of a team-managed project", f[pointsTeam] != nil)
			note("severity", f[severity] != nil)
			note("the other severity", f[severityText] != nil)
			note("links", len(f["issuelinks"].([]any)) > 0)
			note("a parent", f["parent"] != nil)
			note("a due date", f["duedate"] != nil)
			if sla, ok := f[toResolution].(map[string]any); ok {
				completed := sla["completedCycles"].([]any)
				note("two completed cycles", len(completed) > 1)
				note("a completed cycle", len(completed) > 0)
				running, _ := sla["ongoingCycle"].(map[string]any)
				note("an ongoing cycle", running != nil)
				note("a paused cycle", running["paused"] == true && running["breachTime"] == nil)
				note("a breached cycle", running["breached"] == true && running["remainingTime"].(map[string]any)["millis"].(float64) < 0)
			}
		}
	})
	for _, is := range s.Truth() {
		if is.Histories > 100 {
			had["more than 100 changes"]++
		}
		if is.Histories > 40 {
			had["more than 40 changes"]++
		}
		if is.Histories == 0 {
			had["no change"]++
		}
	}
	for n := range s.rows {
		for _, h := range s.get(n).histories {
			if h.by < 0 {
				had["a change by nobody"]++
			}
			for _, it := range h.items {
				if it.from == statuses[triage].id {
					had["a deleted status"]++
				}
				had[it.field]++
			}
		}
	}
	for _, what := range []string{"no priority", "a done issue without a date of resolution", "an open issue with one", "no description", "points of a company-managed project",
		"points of a team-managed project", "severity", "the other severity", "links", "a parent", "a due date", "two completed cycles", "a completed cycle", "an ongoing cycle",
		"a paused cycle", "a breached cycle", "more than 100 changes", "more than 40 changes", "no change", "a change by nobody", "a deleted status",
		"status", "resolution", "priority", "assignee", "labels", "Component", "Fix Version", "summary", "duedate", "issuetype", "Story Points", "Story point estimate", "Severity",
		"Sprint", "Rank", "Workflow", "Key", "project", "timespent", "WorklogId"} {
		if had[what] == 0 {
			t.Errorf("among 1100 issues none has %s", what)
		}
	}
}

func TestAwkwardSitesAreAwkward(t *testing.T) {
	s := cloud(t, 300)
	first := must[page](t, s, searchURL(everything, "summary", 100, ""), nil)
	next := searchURL(everything, "summary", 100, first.NextPageToken)
	good := must[page](t, s, next, nil)

	s.Set(Awkward{Login: true})
	if res := ask(t, s, "/rest/api/3/myself", nil); res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("a login page is %s, %s", res.Status, res.Header.Get("Content-Type"))
	}
	s.Set(Awkward{SameToken: true})
	if p := must[page](t, s, next, nil); p.NextPageToken != first.NextPageToken {
		t.Error("the token does not lead to its own page again")
	}
	s.Set(Awkward{OldShape: true})
	if p := must[page](t, s, next, nil); p.NextPageToken != "" || p.IsLast != nil || p.Total == nil || *p.Total != 300 {
		t.Errorf("an old page: %+v", p)
	}
	s.Set(Awkward{NoLast: true})
	if p := must[page](t, s, next, nil); p.NextPageToken == "" || p.IsLast != nil {
		t.Errorf("a page that does not tell whether it is the last one: %+v", p)
	}
	s.Set(Awkward{Twice: true})
	if p := must[page](t, s, next, nil); p.Issues[0].ID != first.Issues[99].ID || p.Issues[1].ID != good.Issues[0].ID {
		t.Errorf("the last issue of the first page is %s, the first ones of the second %s, %s", first.Issues[99].Key, p.Issues[0].Key, p.Issues[1].Key)
	}
	id := "10002"
	s.Set(Awkward{Retyped: id, Redated: id})
	f := must[struct{ Fields map[string]any }](t, s, "/rest/api/3/issue/"+id, nil).Fields
	if f["description"] != 42.0 || !strings.Contains(f["updated"].(string), "M") {
		t.Errorf("a broken issue: %v, %v", f["description"], f["updated"])
	}
	s.Set(Awkward{})
	s.Limit(2, 30*time.Second)
	for range 2 {
		res := ask(t, s, "/rest/api/3/myself", nil)
		if h := res.Header; res.StatusCode != 429 || h.Get("Retry-After") != "30" || h.Get("X-RateLimit-Reset") != "2026-11-23T08:01Z" || h.Get("RateLimit-Reason") != "jira-burst-based" {
			t.Errorf("limited: %s %v", res.Status, h)
		}
	}
	must[any](t, s, "/rest/api/3/myself", nil)
}

func TestManyMayAskAtOnceWhileTheSiteChanges(t *testing.T) {
	s := cloud(t, 300)
	s.Before(func(n int, _ *http.Request) {
		if n%5 == 0 {
			s.Change(1)
		}
	})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 10 {
				ask(t, s, searchURL(everything, "*all", 50, ""), nil)
			}
		})
	}
	wait.Wait()
	if got := s.Requests(); !maps.Equal(got, map[string]int{"GET /rest/api/3/search/jql": 40}) || s.Peak() < 1 || s.Peak() > 4 {
		t.Errorf("counted were %v, %d at once", got, s.Peak())
	}
	s.Reset()
	if got := s.Requests(); len(got) != 0 || s.Peak() != 0 {
		t.Errorf("after a reset: %v, %d", got, s.Peak())
	}
}

func TestTheLastPageIsNeverEmptyButForNoIssues(t *testing.T) {
	s := cloud(t, 200)
	walk(t, s, everything, "summary", 100, func(p page) {
		if len(p.Issues) != 100 {
			t.Errorf("a page of %d", len(p.Issues))
		}
	})
	if p := must[json.RawMessage](t, s, searchURL("created > now()", "summary", 100, ""), nil); string(p) != `{"isLast":true,"issues":[]}` {
		t.Errorf("nothing found: %s", p)
	}
}

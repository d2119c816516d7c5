package fakegithub_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v60/github"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/collectortest/fakegithub"
)

var now = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// item is what a test looks at of an issue or an event.
type item struct {
	ID        int64
	Number    int
	Title     string
	State     string
	Event     string
	Comments  int
	Pull      *struct{} `json:"pull_request"`
	Reason    *string   `json:"state_reason"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Label     struct{ Name string }
	Labels    []struct{ Name string }
	Assignees []struct{ Login string }
}

// asked is an answer.
type asked struct {
	*http.Response
	body []byte
}

func get(t testing.TB, h http.Handler, target string, header ...string) asked {
	t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	res := w.Result()
	b, _ := io.ReadAll(res.Body)
	return asked{res, b}
}

var next = regexp.MustCompile(`<([^>]*)>; rel="next"`)

// walk is every item of a list, and how many pages it has.
func walk(t testing.TB, h http.Handler, target string) (list []item, pages int) {
	t.Helper()
	for target != "" {
		a := get(t, h, target)
		if a.StatusCode != 200 {
			t.Fatalf("%s: %s %s", target, a.Status, a.body)
		}
		var page []item
		if err := json.Unmarshal(a.body, &page); err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		list = append(list, page...)
		if pages++; pages > 2000 {
			t.Fatalf("the pages do not end: %s", target)
		}
		target = ""
		if m := next.FindStringSubmatch(a.Header.Get("Link")); m != nil {
			target = m[1]
		}
	}
	return list, pages
}

const all = "/repos/acme/orders/issues?state=all&sort=updated&direction=asc"

func TestWalkingThePagesYieldsEachItemOnceInTheOrderAsked(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := fakegithub.Options{
			Issues: rapid.IntRange(1, 60).Draw(rt, "issues"), PullShare: 0.4, Seed: rapid.Uint64().Draw(rt, "seed"), Now: now,
			Bulk: rapid.IntRange(0, 40).Draw(rt, "bulk"), DeepestPage: rapid.IntRange(1, 5).Draw(rt, "deepest page"),
		}
		h := fakegithub.New(o)
		per := rapid.IntRange(3, 50).Draw(rt, "per page")
		order := rapid.SampledFrom([]string{"updated", "created"}).Draw(rt, "sort")
		direction := rapid.SampledFrom([]string{"asc", "desc"}).Draw(rt, "direction")
		list, pages := walk(t, h, fmt.Sprintf("/repos/acme/orders/issues?state=all&sort=%s&direction=%s&per_page=%d", order, direction, per))
		if want := (o.Issues + per - 1) / per; len(list) != o.Issues || pages != want {
			rt.Fatalf("%d items on %d pages, want %d on %d", len(list), pages, o.Issues, want)
		}
		seen := map[int64]bool{}
		var last time.Time
		for i, is := range list {
			if seen[is.ID] {
				rt.Fatalf("%d comes twice", is.ID)
			}
			seen[is.ID] = true
			at := is.UpdatedAt
			if order == "created" {
				at = is.CreatedAt
			}
			if i > 0 && (direction == "asc" && at.Before(last) || direction == "desc" && at.After(last)) {
				rt.Fatalf("%v comes after %v", at, last)
			}
			last = at
		}
	})
}

func TestSinceIsInclusive(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := fakegithub.New(fakegithub.Options{Issues: 60, Seed: rapid.Uint64().Draw(rt, "seed"), Now: now, Bulk: 10})
		list, _ := walk(t, h, all+"&per_page=100")
		from := list[rapid.IntRange(0, len(list)-1).Draw(rt, "from")].UpdatedAt
		want := 0
		for _, is := range list {
			if !is.UpdatedAt.Before(from) {
				want++
			}
		}
		some, _ := walk(t, h, all+"&per_page=7&since="+url.QueryEscape(from.Format(time.RFC3339)))
		if len(some) != want || !some[0].UpdatedAt.Equal(from) {
			rt.Fatalf("since %v: %d items from %v, want %d", from, len(some), some[0].UpdatedAt, want)
		}
	})
}

// changing are the events that change a field.
var changing = map[string]int{
	"labeled": 1, "unlabeled": 1, "assigned": 1, "unassigned": 1, "closed": 2, "reopened": 2, "milestoned": 1, "demilestoned": 1,
	"renamed": 1, "issue_type_added": 1, "issue_type_changed": 1, "issue_type_removed": 1,
}

// checkTruth compares what is served of all issues with the truth.
func checkTruth(t *testing.T, h *fakegithub.Hub, repos ...string) {
	t.Helper()
	truth := h.Truth()
	n := 0
	for _, repo := range repos {
		list, _ := walk(t, h, "/repos/"+repo+"/issues?state=all&per_page=100")
		for _, is := range list {
			if is.Pull != nil {
				continue
			}
			n++
			want, there := truth[strconv.FormatInt(is.ID, 10)]
			if !there {
				t.Errorf("%s#%d is listed and not true", repo, is.Number)
				continue
			}
			timeline, _ := walk(t, h, fmt.Sprintf("/repos/%s/issues/%d/timeline?per_page=100", repo, is.Number))
			got := fakegithub.Issue{Repo: repo, Number: is.Number, Title: is.Title, State: is.State, Updated: is.UpdatedAt, Status: want.Status, Points: want.Points}
			held := map[string]bool{}
			for i, e := range timeline {
				got.Changes += changing[e.Event]
				switch e.Event {
				case "commented":
					got.Comments++
				case "project_v2_item_status_changed":
					got.Statuses++
				case "labeled":
					if held[e.Label.Name] {
						t.Errorf("%s#%d is labeled %q twice", repo, is.Number, e.Label.Name)
					}
					held[e.Label.Name] = true
				case "unlabeled":
					delete(held, e.Label.Name)
				}
				if e.CreatedAt.After(is.UpdatedAt) && is.UpdatedAt.Year() > 2000 && e.Event != "project_v2_item_status_changed" {
					t.Errorf("%s#%d has an event %s of %v, after its update of %v", repo, is.Number, e.Event, e.CreatedAt, is.UpdatedAt)
				}
				if i > 0 && e.CreatedAt.Before(timeline[i-1].CreatedAt) {
					t.Errorf("%s#%d: its events are not in order", repo, is.Number)
				}
			}
			if got != want {
				t.Errorf("%s#%d: served %+v, true %+v", repo, is.Number, got, want)
			}
			if len(held) != len(is.Labels) || is.Comments != want.Comments {
				t.Errorf("%s#%d: has labels %v and %d comments, by its timeline %v and %d", repo, is.Number, is.Labels, is.Comments, held, want.Comments)
			}
		}
	}
	if n != len(truth) {
		t.Errorf("%d issues are served, %d are true", n, len(truth))
	}
}

func TestTheTruthIsWhatIsServed(t *testing.T) {
	repos := []string{"acme/orders", "acme/billing"}
	h := fakegithub.New(fakegithub.Options{Repos: repos, Issues: 220, PullShare: 0.5, Seed: 3, Now: now, Bulk: 30, Projects: 2})
	checkTruth(t, h, repos...)
	h.Change(50)
	h.Comment(5)
	h.Add(5)
	h.Remove(4)
	h.Transfer(4)
	h.Move(5)
	checkTruth(t, h, repos...)
	h.Repeat()
	h.Change(3)
	h.Repeat()
	h.Restore(2)
	h.Misdate(2, now.AddDate(50, 0, 0))
	h.Misdate(2, time.Unix(0, 0))
	checkTruth(t, h, repos...)
	h.Set(func(o *fakegithub.Options) { o.NoStatuses = true })
	h.Move(3)
	checkTruth(t, h, repos...)
}

func TestAChangeMovesTheUpdateAndLeavesAnEvent(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 80, Seed: 5, Now: now})
	before := h.Truth()
	h.Advance(time.Hour)
	h.Change(30)
	n := 0
	for id, is := range h.Truth() {
		was := before[id]
		if is == was {
			continue
		}
		n++
		if is.Changes <= was.Changes || is.Updated.Before(now.Add(time.Hour)) {
			t.Errorf("%s: from %+v to %+v", is.Key(), was, is)
		}
	}
	if want := now.Add(time.Hour + 3*time.Second); n != 30 || !h.Now().Equal(want) {
		t.Errorf("%d issues changed until %v, want 30 until %v", n, h.Now(), want)
	}
	list, _ := walk(t, h, all+"&per_page=100&since="+now.Format(time.RFC3339))
	if len(list) != 30 {
		t.Errorf("%d issues are listed since, want 30", len(list))
	}
}

func TestTheSameIsTheSame(t *testing.T) {
	make := func() *fakegithub.Hub {
		h := fakegithub.New(fakegithub.Options{Issues: 90, PullShare: 0.3, Seed: 9, Now: now, Projects: 1})
		h.Change(9)
		h.Add(2)
		h.Remove(2)
		return h
	}
	a, b := make(), make()
	for _, target := range []string{all + "&per_page=100", "/repos/acme/orders/issues/7/timeline?per_page=100", "/search/issues?q=is:issue+checkout"} {
		if x, y := get(t, a, target), get(t, b, target); string(x.body) != string(y.body) || len(x.body) < 100 {
			t.Errorf("%s differs, or is empty", target)
		}
	}
}

func TestALongTimelineHasPages(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Seed: 1, Now: now})
	list, pages := walk(t, h, "/repos/acme/orders/issues/7/timeline?per_page=100")
	if len(list) <= 100 || pages < 2 {
		t.Errorf("%d events on %d pages", len(list), pages)
	}
}

func TestManyIssuesMayBeOfOneSecond(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 500, Seed: 1, Now: now, Bulk: 300})
	of := map[time.Time]int{}
	for _, is := range h.Truth() {
		of[is.Updated]++
	}
	most := 0
	for _, n := range of {
		most = max(most, n)
	}
	if most != 300 {
		t.Errorf("%d issues at most are of one second, want 300", most)
	}
}

func TestDeepPagesAreRefusedAndCursorsGoOn(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 130, Seed: 1, Now: now})
	a := get(t, h, all+"&per_page=10&page=11")
	if a.StatusCode != 422 || !strings.Contains(string(a.body), "Pagination with the page parameter is not supported for large datasets") {
		t.Errorf("page 11: %s %s", a.Status, a.body)
	}
	a = get(t, h, all+"&per_page=10&page=10")
	m := next.FindStringSubmatch(a.Header.Get("Link"))
	if m == nil || !strings.Contains(m[1], "after=") || regexp.MustCompile(`[?&]page=`).MatchString(m[1]) {
		t.Errorf("the next of page 10 is %s", a.Header.Get("Link"))
	}
	if a.Header.Get("Link") != "" && strings.Contains(a.Header.Get("Link"), `rel="last"`) {
		t.Errorf("a list that is too long for page numbers says which is its last: %s", a.Header.Get("Link"))
	}
}

func TestWhatHasNotChangedIsSaidSoAndCostsNothing(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Seed: 1, Now: now})
	a := get(t, h, all)
	tag := a.Header.Get("Etag")
	b := get(t, h, all, "If-None-Match", tag)
	if b.StatusCode != 304 || len(b.body) > 0 || b.Header.Get("X-Ratelimit-Remaining") != a.Header.Get("X-Ratelimit-Remaining") {
		t.Errorf("%s, %d bytes, remaining %s then %s", b.Status, len(b.body), a.Header.Get("X-Ratelimit-Remaining"), b.Header.Get("X-Ratelimit-Remaining"))
	}
	h.Change(1)
	if c := get(t, h, all, "If-None-Match", tag); c.StatusCode != 200 {
		t.Errorf("after a change: %s", c.Status)
	}
}

func TestTheQuotaEndsAndBeginsAgain(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Seed: 1, Now: now, Quota: 3})
	for range 3 {
		if a := get(t, h, "/repos/acme/orders"); a.StatusCode != 200 {
			t.Fatalf("%s %s", a.Status, a.body)
		}
	}
	a := get(t, h, "/repos/acme/orders")
	if a.StatusCode != 403 || a.Header.Get("X-Ratelimit-Remaining") != "0" || a.Header.Get("X-Ratelimit-Reset") != strconv.FormatInt(now.Add(time.Hour).Unix(), 10) {
		t.Errorf("%s %v", a.Status, a.Header)
	}
	if a = get(t, h, "/rate_limit"); a.StatusCode != 200 {
		t.Errorf("asking for the limit: %s", a.Status)
	}
	h.Advance(time.Hour)
	if a = get(t, h, "/repos/acme/orders"); a.StatusCode != 200 {
		t.Errorf("an hour later: %s", a.Status)
	}
}

func TestWhoMayReadWhat(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{
		Repos: []string{"acme/orders", "acme/secret", "acme/code", "bob/tools"}, Issues: 4, Seed: 1, Now: now, Token: "not-a-real-token",
		Forbidden: []string{"acme/secret"}, Disabled: []string{"acme/code"}, Renamed: map[string]string{"acme/shop": "acme/orders"},
	})
	h.Remove(1)
	for _, c := range []struct {
		target, token string
		status        int
		says          string
	}{
		{"/user", "", 401, "Requires authentication"},
		{"/user", "Bearer another", 401, "Bad credentials"},
		{"/user", "Bearer not-a-real-token", 200, `"login":"ada-ok"`},
		{"/user", "token not-a-real-token", 200, `"login":"ada-ok"`},
		{"/repos/acme/orders/issues", "Bearer not-a-real-token", 200, "["},
		{"/repos/acme/secret/issues", "Bearer not-a-real-token", 404, "Not Found"},
		{"/repos/acme/nowhere", "Bearer not-a-real-token", 404, "Not Found"},
		{"/repos/acme/code", "Bearer not-a-real-token", 200, `"has_issues":false`},
		{"/repos/acme/code/issues", "Bearer not-a-real-token", 410, "disabled"},
		{"/repos/acme/shop/issues?state=all", "Bearer not-a-real-token", 301, "Moved Permanently"},
		{"/repos/acme/orders/issues/99", "Bearer not-a-real-token", 404, "Not Found"},
		{"/orgs/acme/repos", "Bearer not-a-real-token", 200, `"full_name":"acme/code"`},
		{"/users/bob/repos", "Bearer not-a-real-token", 200, `"full_name":"bob/tools"`},
		{"/orgs/bob/repos", "Bearer not-a-real-token", 404, "Not Found"},
		{"/orgs/acme/issue-types", "Bearer not-a-real-token", 200, `"name":"Bug"`},
		{"/repos/acme/orders/branches", "Bearer not-a-real-token", 501, "does not know"},
		{"/search/issues?q=repo:acme/secret", "Bearer not-a-real-token", 422, "do not have permission"},
		{"/repos/acme/orders/issues?since=yesterday", "Bearer not-a-real-token", 422, `"field":"since"`},
	} {
		var header []string
		if c.token != "" {
			header = []string{"Authorization", c.token}
		}
		a := get(t, h, c.target, header...)
		if a.StatusCode != c.status || !strings.Contains(string(a.body), c.says) {
			t.Errorf("%s as %q: %s %.300s; want %d with %s", c.target, c.token, a.Status, a.body, c.status, c.says)
		}
		if strings.Contains(string(a.body), "acme/secret") {
			t.Errorf("%s tells of acme/secret", c.target)
		}
	}
}

func TestWhatIsGoneSaysHow(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Repos: []string{"acme/orders", "acme/billing"}, Issues: 30, Seed: 2, Now: now})
	before := h.Truth()
	h.Remove(3)
	h.Transfer(3)
	after := h.Truth()
	if len(after) != len(before)-3 {
		t.Errorf("%d issues, then %d", len(before), len(after))
	}
	how := map[int]int{}
	for id, is := range before {
		if _, there := after[id]; there {
			continue
		}
		a := get(t, h, fmt.Sprintf("/repos/%s/issues/%d", is.Repo, is.Number))
		how[a.StatusCode]++
		if a.StatusCode == 301 {
			var moved item
			b := get(t, h, a.Header.Get("Location"))
			if json.Unmarshal(b.body, &moved); b.StatusCode != 200 || moved.Title != is.Title || strconv.FormatInt(moved.ID, 10) == id {
				t.Errorf("%s leads to %s %q", is.Key(), b.Status, moved.Title)
			}
		}
	}
	if how[410] != 3 || how[301] != 3 {
		t.Errorf("answers %v, want three of 410 and of 301", how)
	}
}

func TestSearchFindsAThousandAtMost(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 1100, PullShare: 0.05, Seed: 1, Now: now})
	var answer struct {
		Total int `json:"total_count"`
		Items []item
	}
	for page := 1; page <= 10; page++ {
		a := get(t, h, fmt.Sprintf("/search/issues?q=repo:acme/orders+is:issue&sort=updated&order=asc&per_page=100&page=%d", page))
		if err := json.Unmarshal(a.body, &answer); err != nil || len(answer.Items) != 100 || answer.Total != len(h.Truth()) {
			t.Fatalf("page %d: %v, %d of %d, want 100 of %d", page, err, len(answer.Items), answer.Total, len(h.Truth()))
		}
	}
	if a := get(t, h, "/search/issues?q=repo:acme/orders+is:issue&per_page=100&page=11"); a.StatusCode != 422 || a.Header.Get("X-Ratelimit-Resource") != "search" {
		t.Errorf("page 11: %s %v", a.Status, a.Header)
	}
}

func TestSearchSelects(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Repos: []string{"acme/orders", "bob/tools"}, Issues: 200, PullShare: 0.3, Seed: 1, Now: now})
	search := func(q string) []item {
		var answer struct{ Items []item }
		a := get(t, h, "/search/issues?per_page=100&q="+url.QueryEscape(q))
		if err := json.Unmarshal(a.body, &answer); err != nil || a.StatusCode != 200 {
			t.Fatalf("%s: %s %s", q, a.Status, a.body)
		}
		return answer.Items
	}
	for _, c := range []struct {
		q    string
		fits func(item) bool
	}{
		{"is:issue", func(i item) bool { return i.Pull == nil }},
		{"is:pr", func(i item) bool { return i.Pull != nil }},
		{"is:issue is:closed repo:acme/orders", func(i item) bool { return i.State == "closed" }},
		{`label:"good first issue" org:acme`, func(i item) bool { return strings.Contains(fmt.Sprint(i.Labels), "good first issue") }},
		{"updated:>=2026-06-01T00:00:00Z", func(i item) bool { return i.UpdatedAt.After(now.AddDate(0, -6, 0)) }},
		{"created:2025-01-01..2025-03-01", func(i item) bool { return i.CreatedAt.Year() == 2025 }},
		{"assignee:eve", func(i item) bool { return strings.Contains(fmt.Sprint(i.Assignees), "eve") }},
	} {
		found := search(c.q)
		for _, i := range found {
			if !c.fits(i) {
				t.Errorf("%s found %+v", c.q, i)
			}
		}
		if len(found) == 0 {
			t.Errorf("%s finds nothing", c.q)
		}
	}
}

func TestAnEnterpriseServerIsElsewhereAndHasNoLimits(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Seed: 1, Now: now, Enterprise: true, Quota: 1})
	for range 3 {
		a := get(t, h, "http://git.acme.example/api/v3/repos/acme/orders/issues?per_page=3")
		if a.StatusCode != 200 || a.Header.Get("X-Ratelimit-Limit") != "" || !strings.Contains(a.Header.Get("Link"), "http://git.acme.example/api/v3/repositories/") {
			t.Errorf("%s %v", a.Status, a.Header)
		}
	}
	for _, target := range []string{"/api/v3/rate_limit", "/repos/acme/orders"} {
		if a := get(t, h, target); a.StatusCode != 404 {
			t.Errorf("%s: %s", target, a.Status)
		}
	}
}

func TestRequestsAreCountedByTheirKind(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 45, Seed: 1, Now: now})
	walk(t, h, all+"&per_page=20")
	get(t, h, "/repos/acme/orders/issues/3/timeline")
	want := map[string]int{
		"GET /repos/{owner}/{repo}/issues": 1, "GET /repositories/{id}/issues": 2, "GET /repos/{owner}/{repo}/issues/{number}/timeline": 1,
	}
	if got := h.Requests(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	h.Reset()
	if got := h.Requests(); len(got) > 0 {
		t.Errorf("after a reset: %v", got)
	}
}

func TestTheHookComesBeforeTheAnswer(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Seed: 1, Now: now})
	h.Before(func(n int, w http.ResponseWriter, r *http.Request) bool {
		switch n {
		case 2:
			fakegithub.SecondaryLimited(w, 429, 30*time.Second)
			return true
		case 3:
			h.Add(1) // while somebody reads
		}
		return false
	})
	a, b, c := get(t, h, all+"&per_page=100"), get(t, h, all), get(t, h, all+"&per_page=100")
	if a.StatusCode != 200 || b.StatusCode != 429 || b.Header.Get("Retry-After") != "30" || c.StatusCode != 200 || len(c.body) <= len(a.body) {
		t.Errorf("%s, %s, %s", a.Status, b.Status, c.Status)
	}
}

func TestGoGitHubReadsIt(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 250, PullShare: 0.4, Seed: 1, Now: now, Token: "not-a-real-token"})
	server := httptest.NewServer(h)
	defer server.Close()
	client := github.NewClient(nil).WithAuthToken("not-a-real-token")
	client.BaseURL, _ = url.Parse(server.URL + "/")
	ctx := t.Context()
	n := 0
	for page := 1; page != 0; {
		list, res, err := client.Issues.ListByRepo(ctx, "acme", "orders", &github.IssueListByRepoOptions{State: "all", Sort: "updated", Direction: "asc", ListOptions: github.ListOptions{PerPage: 100, Page: page}})
		if err != nil {
			t.Fatal(err)
		}
		for _, is := range list {
			if is.GetID() == 0 || is.GetUpdatedAt().IsZero() || is.User.GetLogin() == "" {
				t.Errorf("issue %d is read as %v", is.GetNumber(), is)
			}
		}
		n, page = n+len(list), res.NextPage
		if res.Rate.Limit != 5000 || res.Rate.Reset.Unix() != now.Add(time.Hour).Unix() {
			t.Errorf("the rate is %v", res.Rate)
		}
	}
	if n != 250 {
		t.Errorf("%d issues, want 250", n)
	}
	events, res, err := client.Issues.ListIssueTimeline(ctx, "acme", "orders", 7, &github.ListOptions{PerPage: 100})
	if err != nil || len(events) != 100 || res.NextPage != 2 {
		t.Errorf("timeline: %v, %d events, next page %d", err, len(events), res.NextPage)
	}
	if _, _, err = client.Issues.Get(ctx, "acme", "orders", 999); err == nil || !strings.Contains(err.Error(), "404 Not Found") {
		t.Errorf("issue 999: %v", err)
	}
	h.Set(func(o *fakegithub.Options) { o.Quota = 1 })
	_, _, err = client.Issues.Get(ctx, "acme", "orders", 1)
	if _, limited := err.(*github.RateLimitError); !limited {
		t.Errorf("over the limit: %T %v", err, err)
	}
}

func TestARepeatedChangeIsOfTheSameSecond(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 80, Seed: 5, Now: now})
	before := h.Truth()
	h.Change(4)
	once, clock := h.Truth(), h.Now()
	h.Repeat()
	n := 0
	for id, is := range h.Truth() {
		if is.Updated != once[id].Updated {
			t.Errorf("%s was updated at %v, then at %v", is.Key(), once[id].Updated, is.Updated)
		}
		if is.Changes > once[id].Changes && once[id].Changes > before[id].Changes {
			n++
		}
	}
	if n != 4 || !h.Now().Equal(clock) {
		t.Errorf("%d issues were changed again, want 4; the clock went from %v to %v", n, clock, h.Now())
	}
}

func TestWhatIsRestoredIsAsItWas(t *testing.T) {
	h := fakegithub.New(fakegithub.Options{Issues: 30, Seed: 5, Now: now})
	before := h.Truth()
	h.Remove(4)
	h.Restore(4)
	if after := h.Truth(); len(after) != 30 || !reflect.DeepEqual(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
}

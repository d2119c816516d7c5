package fakejira

// Histories, comments and worklogs, and that all of them are the truth.

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// whole is an issue's history by its own endpoint.
func whole(t testing.TB, s *Site, id string) (all []entry) {
	t.Helper()
	for start := 0; ; {
		p := must[struct {
			Values []entry
			Total  int
			IsLast bool
		}](t, s, fmt.Sprintf("/rest/api/3/issue/%s/changelog?startAt=%d", id, start), nil)
		all = append(all, p.Values...)
		if start += len(p.Values); p.IsLast {
			if len(all) != p.Total {
				t.Errorf("%s: %d entries, total %d", id, len(all), p.Total)
			}
			return all
		}
	}
}

func TestPagesOfBulkFetchJoinToEachIssuesHistory(t *testing.T) {
	s := cloud(t, 1100)
	s.Change(60)
	var ids []string
	most := map[string]int{}
	walk(t, s, everything, "id", 5000, func(p page) {
		for _, is := range p.Issues {
			ids = append(ids, is.ID)
		}
	})
	ids = ids[len(ids)-1000:]
	joined, spread := map[string][]entry{}, 0
	body := map[string]any{"issueIdsOrKeys": ids, "maxResults": 700}
	pages := 0
	for {
		p := must[struct {
			IssueChangeLogs []struct {
				IssueID         string
				ChangeHistories []entry
			}
			NextPageToken string
		}](t, s, "/rest/api/3/changelog/bulkfetch", body)
		n := 0
		for _, c := range p.IssueChangeLogs {
			if len(c.ChangeHistories) == 0 {
				t.Errorf("%s has no changes and is there", c.IssueID)
			}
			if joined[c.IssueID] != nil {
				spread++
			}
			joined[c.IssueID] = append(joined[c.IssueID], c.ChangeHistories...)
			most[c.IssueID]++
			n += len(c.ChangeHistories)
		}
		if n > 700 {
			t.Errorf("%d entries on a page of 700", n)
		}
		pages++
		if p.NextPageToken == "" {
			break
		}
		body["nextPageToken"] = p.NextPageToken
	}
	if spread == 0 || pages < 5 {
		t.Errorf("%d pages, %d issues spread over some; then nothing was tested", pages, spread)
	}
	cut := 0
	for _, id := range ids {
		want := whole(t, s, id)
		var last time.Time
		for i := range want {
			at := moment(t, want[i].Created)
			if at.Before(last) {
				t.Errorf("%s: entry %d is older than the one before", id, i)
			}
			last, want[i].Created = at, float64(at.UnixMilli())
		}
		if d := cmp.Diff(want, joined[id]); d != "" {
			t.Fatalf("%s: bulk fetch has another history (-changelog +bulk):\n%s", id, d)
		}
		if len(want) > 100 {
			cut++
		}
	}
	if cut == 0 {
		t.Error("no issue has more than a page of history; then nothing was tested")
	}
	if got := refused(t, s, 400, "/rest/api/3/changelog/bulkfetch", map[string]any{"issueIdsOrKeys": append(ids, "SUP-1")}); len(got) != 1 {
		t.Errorf("1001 ids: %v", got)
	}
}

func TestSearchGivesTheNewestFortyChangesOfEachIssue(t *testing.T) {
	s := cloud(t, 1100)
	if p := must[struct {
		MaxResults int
		Values     []entry
		NextPage   string
	}](t, s, "/rest/api/3/issue/10008/changelog?maxResults=1000", nil); len(p.Values) != 100 || p.MaxResults != 100 || !strings.HasSuffix(p.NextPage, "startAt=100") {
		t.Errorf("asked for a thousand, the changelog gives %d of %d, and then %s", len(p.Values), p.MaxResults, p.NextPage)
	}
	long := 0
	token := ""
	for more := true; more; {
		p := must[page](t, s, searchURL(everything, "summary", 100, token)+"&expand=changelog", nil)
		for _, is := range p.Issues {
			c := is.Changelog
			if want := min(40, c.Total); len(c.Histories) != want {
				t.Errorf("%s: %d entries of %d; want %d", is.Key, len(c.Histories), c.Total, want)
			}
			for i := 1; i < len(c.Histories); i++ {
				if moment(t, c.Histories[i].Created).After(moment(t, c.Histories[i-1].Created)) {
					t.Errorf("%s: entry %d is newer than the one before", is.Key, i)
				}
			}
			if c.Total > 40 {
				if all := whole(t, s, is.ID); len(all) != c.Total || all[len(all)-1].ID != c.Histories[0].ID {
					t.Errorf("%s: %d entries, total %d", is.Key, len(all), c.Total)
				}
				long++
			}
		}
		token = p.NextPageToken
		more = token != ""
	}
	if long < 5 {
		t.Errorf("%d long histories", long)
	}
}

// told is the truth as the answers tell it, in one answer of Data Center for each issue.
func told(t *testing.T, s *Site, id string) Issue {
	t.Helper()
	is := must[struct {
		Key       string
		Changelog struct{ Histories []entry }
		Fields    struct {
			Updated          string
			Comment, Worklog struct{ Total int }
		}
	}](t, s, "/rest/api/2/issue/"+id+"?expand=changelog", nil)
	out := Issue{Key: is.Key, Updated: moment(t, is.Fields.Updated).UTC(), Histories: len(is.Changelog.Histories), Comments: is.Fields.Comment.Total, Worklogs: is.Fields.Worklog.Total}
	for _, h := range is.Changelog.Histories {
		for _, it := range h.Items {
			if it.FromString == it.ToString && it.Field != "Rank" && it.From == it.To {
				t.Errorf("%s: %+v changes nothing", is.Key, it)
			}
			switch it.Field {
			case "status", "resolution", "priority", "issuetype", "summary", "duedate", "Key":
				out.Changes++
			case "assignee", "Component", "Fix Version":
				out.Changes += min(1, len(it.FromString)) + min(1, len(it.ToString))
			case "labels":
				before, after := strings.Fields(it.FromString), strings.Fields(it.ToString)
				for _, l := range slices.Concat(before, after) {
					if slices.Contains(before, l) != slices.Contains(after, l) {
						out.Changes++
					}
				}
			case "Story Points", "Story point estimate":
				out.Points++
			case "Severity":
				out.Severity++
			}
		}
	}
	return out
}

func TestTruthIsWhatIsServed(t *testing.T) {
	s := server(t, 520)
	s.Change(300)
	s.Add(5)
	s.Remove(5)
	s.Misdate(2, s.Now().Add(-1000*time.Hour))
	s.Repeat()
	got := map[string]Issue{}
	for id := range s.Truth() {
		got[id] = told(t, s, id)
	}
	if d := cmp.Diff(s.Truth(), got); d != "" {
		t.Errorf("truth and answers differ (-truth +answers):\n%s", d)
	}
}

func TestEachChangeIsAChangeOfAnotherIssue(t *testing.T) {
	s := server(t, 500)
	before := s.Truth()
	texts := map[string]string{}
	for id := range before {
		texts[id] = read(t, ask(t, s, "/rest/api/2/issue/"+id+"?expand=changelog", nil))
	}
	touched := map[string]bool{}
	for range 10 {
		at := s.Now()
		s.Change(20)
		if d := s.Now().Sub(at); d < time.Second || d > 10*time.Second {
			t.Errorf("the clock moved by %s", d)
		}
		n := 0
		for id, is := range s.Truth() {
			if !is.Updated.Equal(at) {
				continue
			}
			n++
			if touched[id] {
				t.Errorf("%s was changed again before others had their turn", is.Key)
			}
			touched[id] = true
			if text := read(t, ask(t, s, "/rest/api/2/issue/"+id+"?expand=changelog", nil)); strings.ReplaceAll(text, at.In(s.zone).Format("2006-01-02T15:04:05.000-0700"), "") == texts[id] {
				t.Errorf("%s was changed, and nothing of it has", is.Key)
			}
			old := before[id]
			if is.Histories+is.Comments+is.Worklogs <= old.Histories+old.Comments+old.Worklogs {
				t.Errorf("%s was changed, and neither history nor comments nor worklogs tell: %+v, before %+v", is.Key, is, old)
			}
		}
		if n != 20 {
			t.Errorf("%d issues have the instant of the change; want 20", n)
		}
	}
}

func TestTwoSitesMadeAndMovedAlikeAreAlike(t *testing.T) {
	var texts [2][]string
	for k := range texts {
		s := cloud(t, 300)
		s.Change(50)
		s.Add(2)
		s.Remove(3)
		s.Advance(time.Hour)
		s.Change(50)
		s.Restore(1)
		walk(t, s, everything, "*all", 100, func(p page) { texts[k] = append(texts[k], fmt.Sprint(p.Issues)) })
		texts[k] = append(texts[k], read(t, ask(t, s, searchURL(everything, "*all", 50, "")+"&expand=changelog", nil)), fmt.Sprint(s.Now()))
	}
	if d := cmp.Diff(texts[0], texts[1]); d != "" {
		t.Error(d)
	}
	if other := New(Options{Cloud: true, Issues: 300, Seed: 2}); cmp.Equal(other.Truth(), cloud(t, 300).Truth()) {
		t.Error("another seed makes the same issues")
	}
}

func TestWhatIsDeletedIsGoneAndComesBackAsItWas(t *testing.T) {
	s := cloud(t, 100)
	before := s.Truth()
	s.Remove(3)
	after := s.Truth()
	for id, is := range before {
		if _, ok := after[id]; ok {
			continue
		}
		refused(t, s, 404, "/rest/api/3/issue/"+id, nil)
		refused(t, s, 404, "/rest/api/3/issue/"+is.Key+"/changelog", nil)
		if got := refused(t, s, 400, searchURL("id in (10001, "+id+")", "id", 10, ""), nil); !strings.Contains(got[0], id) {
			t.Errorf("a search for a deleted id: %v", got)
		}
		if got := met(t, s, 100); got[id] != 0 || len(got) != 97 {
			t.Errorf("%s is deleted and found; %d issues are", is.Key, len(got))
		}
	}
	s.Restore(3)
	if d := cmp.Diff(before, s.Truth()); d != "" || len(after) != 97 {
		t.Errorf("%d issues after three were deleted; restored:\n%s", len(after), d)
	}
}

func TestAnIssueThatMovedIsFoundByItsOldKey(t *testing.T) {
	s := cloud(t, 1100)
	before := s.Truth()
	s.Change(1100)
	moved := 0
	for id, is := range s.Truth() {
		old := before[id].Key
		if is.Key == old {
			continue
		}
		moved++
		if got := must[struct{ ID, Key string }](t, s, "/rest/api/3/issue/"+old, nil); got.ID != id || got.Key != is.Key {
			t.Errorf("%s is now %s (%s); asked for it, Jira has %+v", old, is.Key, id, got)
		}
	}
	if moved < 5 {
		t.Errorf("%d issues moved", moved)
	}
	is, d := s.touch(42)
	had := []string{key(is.project, is.number)}
	for range 3 {
		s.relocate(is, s.now, d.of(team))
		had = append(had, key(is.project, is.number))
	}
	for _, k := range had {
		if got := must[struct{ ID, Key string }](t, s, "/rest/api/3/issue/"+k, nil); got.ID != idOf(is.id) || got.Key != had[3] {
			t.Errorf("%s was one of %v; asked for it, Jira has %+v", k, had, got)
		}
	}
	if got := must[struct{ ID string }](t, s, "/rest/api/3/issue/INB-6", nil); got.ID != "10006" {
		t.Errorf("the issue that came from the inbox is %+v", got)
	}
}

func TestCommentsAndWorklogsAreServedInPages(t *testing.T) {
	s := cloud(t, 1100)
	comments, worklogs := 0, 0
	for id, is := range s.Truth() {
		if is.Comments > 100 {
			comments++
			type list struct {
				Comments []struct{ ID, Created string }
				Total    int
			}
			first := must[list](t, s, "/rest/api/3/issue/"+id+"/comment?maxResults=1000", nil)
			rest := must[list](t, s, "/rest/api/3/issue/"+id+"/comment?startAt=100&maxResults=1000", nil)
			newest := must[list](t, s, "/rest/api/3/issue/"+id+"/comment?orderBy=-created&maxResults=1", nil)
			if len(first.Comments) != 100 || first.Total != is.Comments || rest.Total != is.Comments {
				t.Errorf("%s: %d of %d comments on the first page; in truth %d", is.Key, len(first.Comments), first.Total, is.Comments)
			}
			had := map[string]bool{}
			for _, c := range append(first.Comments, rest.Comments...) {
				had[c.ID] = true
			}
			if len(had) != min(is.Comments, 200) || newest.Comments[0].Created < first.Comments[99].Created {
				t.Errorf("%s: %d comments of %d on two pages; the newest is %+v", is.Key, len(had), is.Comments, newest.Comments)
			}
		}
		if is.Worklogs > 20 {
			worklogs++
			if got := must[struct{ Worklogs []any }](t, s, "/rest/api/3/issue/"+id+"/worklog", nil); len(got.Worklogs) != is.Worklogs {
				t.Errorf("%s: %d of %d worklogs", is.Key, len(got.Worklogs), is.Worklogs)
			}
			f := must[struct {
				Fields struct {
					Worklog struct {
						Total    int
						Worklogs []any
					}
				}
			}](t, s, "/rest/api/3/issue/"+id+"?fields=worklog", nil).Fields.Worklog
			if len(f.Worklogs) != 20 || f.Total != is.Worklogs {
				t.Errorf("%s: the field has %d of %d worklogs; in truth %d", is.Key, len(f.Worklogs), f.Total, is.Worklogs)
			}
		}
	}
	if comments == 0 || worklogs == 0 {
		t.Errorf("%d issues with many comments, %d with many worklogs", comments, worklogs)
	}
	refused(t, s, 400, "/rest/api/3/issue/SUP-1/comment?orderBy=author", nil)
}

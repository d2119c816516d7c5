package jira

// What fails for one issue, every night: it must not keep the others from being read, and is asked for
// until it can be.

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// poisoned is a site of a few issues whose lists a search gives in part.
type poisoned struct {
	issues int
	bare   bool                                        // the search gives no histories at all
	fails  func(path string) (status int, body string) // 0: it does not
	asked  map[string]int
}

func (s *poisoned) site(req *http.Request) (int, http.Header, string) {
	_, path, _ := strings.Cut(req.URL.Path, "/rest/api/3/")
	s.asked[path]++
	if status, body := s.fails(path); status != 0 {
		return status, nil, body
	}
	if body, ok := usual(req); ok {
		return 200, nil, body
	}
	entry := func(id int, members string) string {
		return fmt.Sprintf(`{"id":"%d","created":"2026-11-20T00:00:00.000+0000"%s}`, id, members)
	}
	const change = `,"items":[{"field":"summary","fieldId":"summary","fromString":"a","toString":"b"}]`
	id := strings.TrimPrefix(path, "issue/")
	id, thing, _ := strings.Cut(id, "/")
	switch thing {
	case "changelog":
		return 200, nil, `{"total":2,"isLast":true,"values":[` + entry(1, change) + "," + entry(2, change) + `]}`
	case "comment", "worklog":
		return 200, nil, `{"total":2,"` + thing + `s":[` + entry(1, `,"started":"2026-11-20T00:00:00.000+0000"`) + "," + entry(2, `,"started":"2026-11-20T00:00:00.000+0000"`) + `]}`
	}
	if path == bulkPath {
		return 200, nil, `{"issueChangeLogs":[]}`
	}
	var all []string
	jql := req.URL.Query().Get("jql")
	for i := range s.issues {
		// Nights after the first find nothing new, and ask for what they did not get.
		if ids, ok := strings.CutPrefix(jql, "id in ("); ok {
			ids, _, _ = strings.Cut(ids, ")")
			if !slices.Contains(strings.Split(ids, ","), fmt.Sprint(i+1)) {
				continue
			}
		} else if !strings.Contains(jql, "1970") && !strings.HasPrefix(jql, "updated >= \"2026-11-20") {
			continue
		}
		log := `"changelog":{"total":2,"histories":[` + entry(2, change) + `]},`
		if s.bare {
			log = ""
		}
		all = append(all, fmt.Sprintf(`{"id":"%d","key":"A-%d",%s"fields":{"status":{"name":"Open","statusCategory":{"key":"new"}},`+
			`"created":"2026-11-01T00:00:00.000+0000","updated":"2026-11-20T00:%02d:%02d.000+0000","comment":{"total":2,"comments":[%s]},"worklog":{"total":2,"worklogs":[%s]}}}`,
			i+1, i+1, log, i/60, i%60, entry(2, ""), entry(2, `,"started":"2026-11-20T00:00:00.000+0000"`)))
	}
	return 200, nil, `{"issues":[` + strings.Join(all, ",") + `],"isLast":true}`
}

// night collects once.
func (s *poisoned) night(t *testing.T, since record.Cursor) (got map[string]record.Issue, doubts []string, cursor record.Cursor, err error) {
	s.asked = map[string]int{}
	l := &Live{Name: "tickets", Tracker: "t", URL: "https://acme.atlassian.net", Cloud: true, HTTP: over(t, "https://acme.atlassian.net", answering(s.site))}
	got, cursor = map[string]record.Issue{}, since
	for b, failed := range l.Fetch(t.Context(), since) {
		if failed != nil {
			return got, doubts, cursor, failed
		}
		for _, is := range b.Issues {
			got[is.ID] = is
		}
		for _, d := range b.Doubts {
			doubts = append(doubts, d.Place+" "+d.What)
		}
		cursor = b.Cursor
	}
	return got, doubts, cursor, nil
}

func healthy(string) (int, string) { return 0, "" }

func TestAnIssueWhoseListFailsEveryNightDoesNotKeepTheOthers(t *testing.T) {
	read := map[string]func(record.Issue) (n int, to record.Instant){
		"changelog": func(is record.Issue) (int, record.Instant) { return len(is.Changes), is.HistoryTo },
		"comment":   func(is record.Issue) (int, record.Instant) { return len(is.Comments), is.CommentsTo },
		"worklog":   func(is record.Issue) (int, record.Instant) { return len(is.Worklogs), is.WorklogsTo },
	}
	for thing, of := range read {
		for how, failure := range map[string]struct {
			status int
			body   string
		}{
			"an error":            {500, `{"errorMessages":["Internal server error"]}`},
			"no JSON":             {200, `{"values":[`},
			"something else":      {200, `{"value":1}`},
			"refused in some way": {409, `{}`},
			"pages without end":   {200, `{"total":99,"values":[{"id":"1","created":"2026-11-20T00:00:00.000+0000","items":[]}],"comments":[{"id":"1","created":"2026-11-20T00:00:00.000+0000"}],"worklogs":[{"id":"1","started":"2026-11-20T00:00:00.000+0000","created":"2026-11-20T00:00:00.000+0000"}]}`},
		} {
			t.Run(thing+"/"+how, func(t *testing.T) {
				s := &poisoned{issues: 3}
				sick := func(path string) (int, string) {
					if path == "issue/2/"+thing {
						return failure.status, failure.body
					}
					return 0, ""
				}
				s.fails = sick
				var cursor record.Cursor
				for night := range 2 {
					got, doubts, next, err := s.night(t, cursor)
					cursor = next
					if err != nil {
						t.Fatal(err)
					}
					for id, is := range got {
						n, to := of(is)
						if id == "2" && (n == 0 || to != 0) || id != "2" && (n != 2 || to == 0) {
							t.Errorf("night %d: issue %s has %d, complete to %s", night, id, n, to)
						}
						for other, of := range read {
							if n, to := of(is); other != thing && (n != 2 || to == 0) {
								t.Errorf("night %d: of issue %s %d of the %ss came, complete to %s", night, id, n, other, to)
							}
						}
					}
					if got["2"].ID == "" || night == 0 && len(got) != 3 {
						t.Errorf("night %d: %v came", night, slices.Sorted(maps.Keys(got)))
					}
					if !slices.ContainsFunc(doubts, func(d string) bool { return strings.HasPrefix(d, "search:A-2 ") }) {
						t.Errorf("night %d: nothing was said: %q", night, doubts)
					}
					if n := s.asked["issue/2/"+thing]; n > 2 {
						t.Errorf("night %d: it was asked for %d times", night, n)
					}
				}
				s.fails = healthy
				got, _, cursor, err := s.night(t, cursor)
				if n, to := of(got["2"]); err != nil || n != 2 || to == 0 {
					t.Errorf("when it can be read it has %d, complete to %s (%v)", n, to, err)
				}
				if got, _, _, err := s.night(t, cursor); err != nil || s.asked["issue/2/"+thing] > 0 {
					t.Errorf("it is asked for again, and all is known: %v, %v", slices.Sorted(maps.Keys(got)), err)
				}
			})
		}
	}
}

func TestASiteThatAnswersNoMoreIsNotTakenForOneBadIssue(t *testing.T) {
	down := false
	s := &poisoned{issues: 3, fails: func(path string) (int, string) {
		if down = down || path == "issue/2/changelog"; down {
			return 503, ""
		}
		return 0, ""
	}}
	if got, _, _, err := s.night(t, ""); err == nil || len(got) > 0 {
		t.Errorf("%v came, with the error %v", slices.Sorted(maps.Keys(got)), err)
	}
}

func TestABulkFetchThatFailsIsLeftForOneByOne(t *testing.T) {
	for how, failure := range map[string]struct {
		status int
		body   string
		issues int
		most   int // requests in bulk
	}{
		"an error":          {500, `{}`, 2*historiesAtOnce + 1, 4},
		"not there":         {404, `{}`, historiesAtOnce + 1, 1},
		"not now":           {400, `{}`, 3, 1},
		"no JSON":           {200, `{"issueChangeLogs":[`, 3, 2},
		"something else":    {200, `{"values":[]}`, 3, 2},
		"pages without end": {200, "", 3, 2 * (barrenPages + 1)},
	} {
		t.Run(how, func(t *testing.T) {
			s, n := &poisoned{issues: failure.issues}, 0
			s.fails = func(path string) (int, string) {
				if path != bulkPath {
					return 0, ""
				}
				if n++; failure.body == "" {
					return 200, fmt.Sprintf(`{"issueChangeLogs":[{"issueId":"1","changeHistories":[{"id":"1","created":"2026-11-20T00:00:00.000+0000","items":[]}]}],"nextPageToken":"%d"}`, n)
				}
				return failure.status, failure.body
			}
			got, doubts, _, err := s.night(t, "")
			if err != nil || len(got) != failure.issues {
				t.Errorf("%d issues came (%v)", len(got), err)
			}
			for id, is := range got {
				if len(is.Changes) != 2 || is.HistoryTo == 0 {
					t.Errorf("issue %s has %d changes, complete to %s", id, len(is.Changes), is.HistoryTo)
				}
			}
			if n > failure.most {
				t.Errorf("%d requests in bulk", n)
			}
			if len(doubts) == 0 || len(doubts) > 2 || how == "not there" && strings.Contains(doubts[0], "url:") { // it is there: the search came from it
				t.Errorf("%q", doubts)
			}
		})
	}
}

func TestAHistoryOfWhichNothingIsKnownIsNotClaimed(t *testing.T) {
	s := &poisoned{issues: 3, bare: true, fails: func(path string) (int, string) {
		if path == bulkPath || path == "issue/2/changelog" {
			return 500, ""
		}
		return 0, ""
	}}
	got, _, _, err := s.night(t, "")
	for id, is := range got {
		if (is.HistoryTo == 0) != (id == "2") {
			t.Errorf("the history of issue %s, with %d changes, is complete to %s", id, len(is.Changes), is.HistoryTo)
		}
	}
	if err != nil || len(got) != 3 {
		t.Errorf("%d issues came (%v)", len(got), err)
	}
}

// The engine takes what is seen for delivered in that state.
func TestAnIssueThatIsNotWholeIsUnreadAndNotSeen(t *testing.T) {
	s := &poisoned{issues: 3, asked: map[string]int{}, fails: func(path string) (int, string) {
		if strings.HasPrefix(path, "issue/2/") { // each of its lists
			return 500, ""
		}
		return 0, ""
	}}
	l := &Live{Name: "tickets", Tracker: "t", URL: "https://acme.atlassian.net", Cloud: true, HTTP: over(t, "https://acme.atlassian.net", answering(s.site))}
	streams, err := l.streams(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen, unread := "", ""
	for p, err := range streams[0].Walk(t.Context(), live.From{}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Seen {
			seen += " " + e.ID
		}
		for _, e := range p.Unread {
			unread += " " + e.ID + " " + e.Key
		}
	}
	if seen != " 1 3" || unread != " 2 A-2" {
		t.Errorf("seen:%s; unread:%s", seen, unread)
	}
}

// A list that fails for every issue costs its attempts for some, and is then left for the next run.
func TestAListThatFailsForEveryIssueIsNotAskedForEach(t *testing.T) {
	s := &poisoned{issues: 3 * failing, fails: func(path string) (int, string) {
		if strings.HasSuffix(path, "/comment") {
			return 500, ""
		}
		return 0, ""
	}}
	got, doubts, cursor, err := s.night(t, "")
	asked := 0
	for path, n := range s.asked {
		if strings.HasSuffix(path, "/comment") {
			asked += n
		}
	}
	if err != nil || len(got) != s.issues || asked != failing || len(doubts) != s.issues {
		t.Errorf("%d issues of %d came, %d lists were asked for, %d doubts (%v)", len(got), s.issues, asked, len(doubts), err)
	}
	s.fails = healthy
	if got, _, _, err := s.night(t, cursor); err != nil || len(got) != s.issues {
		t.Errorf("the next night %d of %d issues came again (%v)", len(got), s.issues, err)
	}
}

func TestAnIssueThatCannotBeReadIsAskedForAgain(t *testing.T) {
	sick := true
	s := &poisoned{issues: 3, fails: func(path string) (int, string) { return 0, "" }}
	site := s.site
	l := &Live{Name: "tickets", Tracker: "t", URL: "https://acme.atlassian.net", Cloud: true}
	l.HTTP = over(t, "https://acme.atlassian.net", answering(func(req *http.Request) (int, http.Header, string) {
		status, h, body := site(req)
		if sick {
			body = strings.Replace(body, `"id":"2","key":"A-2","changelog":`, `"id":"2","key":"A-2","fields":7,"x":`, 1)
			body = strings.Replace(body, `"fields":7,"x":{"total":2,"histories":[{"id":"2","created":"2026-11-20T00:00:00.000+0000","items":[{"field":"summary","fieldId":"summary","fromString":"a","toString":"b"}]}]},"fields":`, `"fields":7,"y":`, 1)
		}
		return status, h, body
	}))
	var cursor record.Cursor
	for night := range 3 {
		s.asked = map[string]int{}
		sick = night < 2
		got, said := map[string]bool{}, ""
		for b, err := range l.Fetch(t.Context(), cursor) {
			if err != nil {
				t.Fatal(err)
			}
			for _, is := range b.Issues {
				got[is.ID] = true
			}
			cursor = b.Cursor
			said += fmt.Sprint(b.Doubts)
		}
		if got["2"] == sick || sick != strings.Contains(said, "search:A-2") {
			t.Errorf("night %d: %v came, and %s was said", night, slices.Sorted(maps.Keys(got)), said)
		}
	}
}

package jira

// What a walk must not lose: at the ends of summer times, between the pages of a Data Center, and in what
// a user writes.

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// Whichever of its readings Jira takes a date for, it must not be after the instant that was meant; and not
// long before it, or every night reads the day before.
func TestADateInJQLIsNeverTooLate(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham", "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(rapid.Int64Range(1_600_000_000, 1_900_000_000).Draw(t, "at"), 0).In(zone)
		if rapid.Bool().Draw(t, "near a change of clocks") {
			if _, end := at.ZoneBounds(); !end.IsZero() {
				at = end.Add(time.Duration(rapid.Int64Range(-3*3600, 3*3600).Draw(t, "from there")) * time.Second)
			}
		}
		said := caller{zone: zone}.jqlTime(record.At(at))
		latest := time.Time{}
		for offset := -26 * time.Hour; offset <= 26*time.Hour; offset += time.Minute { // every instant that reads so
			if x := at.Add(offset).Truncate(time.Minute).In(zone); x.Format("2006-01-02 15:04") == said && x.After(latest) {
				latest = x
			}
		}
		switch {
		case latest.IsZero():
			t.Fatalf("%s is said as %q, which is at no time near it", at, said)
		case latest.After(at):
			t.Fatalf("%s is said as %q, which may be read as %s", at, said, latest)
		case at.Sub(latest) > 3*time.Hour:
			t.Fatalf("%s is said as %q, which is %s before it", at, said, at.Sub(latest))
		}
	})
}

func TestADateInAnUnknownZoneIsEarlyInEveryZone(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 10, 0, 0, time.UTC)
	said := caller{}.jqlTime(record.At(at))
	for hours := -12; hours <= 14; hours++ {
		x, err := time.ParseInLocation("2006-01-02 15:04", said, time.FixedZone("", hours*3600))
		if err != nil || x.After(at) {
			t.Errorf("in UTC%+d %q is %s; want none after %s (%v)", hours, said, x, at, err)
		}
	}
}

func TestAJQLThatCannotBePartOfAnotherIsRefused(t *testing.T) {
	for jql, wrong := range map[string]string{
		`project = SUP`: "",
		`project = "ORDER BY" and (summary ~ 'order by (' or labels in (a, "b\"")) `: "",
		`reporter = by and order = "by"`:                                             "",
		`"order" by`:                                                                 "",
		`project = SUP ORDER BY key`:                                                 "ORDER BY",
		"project = SUP order\n\tby key":                                              "ORDER BY",
		`(project = SUP)order by key`:                                                "ORDER BY",
		`ORDER BY key`:                                                               "ORDER BY",
		`project = A) OR (project = B`:                                               "character 12",
		`(project = A`:                                                               "not closed",
		`summary ~ "a`:                                                               "not closed",
		`summary ~ "a\"`:                                                             "not closed",
	} {
		err := checkJQL(jql)
		if wrong == "" && err != nil || wrong != "" && (err == nil || !strings.Contains(err.Error(), wrong)) {
			t.Errorf("%s: %v; want %q", jql, err, wrong)
		}
	}
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	for _, u := range []string{"", "acme.atlassian.net", "ftp://acme.example", "https://user:not-a-real-token@acme.example", "https://acme.example/?a=b", "https://acme.example#x"} {
		err := (&Live{Name: "tickets", URL: u, HTTP: over(t, "https://acme.example", nil)}).Check()
		if err == nil || strings.Contains(err.Error(), "not-a-real-token") {
			t.Errorf("%q: %v", u, err)
		}
	}
}

// shifting is a Data Center that pages by numbers over issues which are updated between the pages.
type shifting struct {
	updated map[int]time.Time
	clock   time.Time
	cap     int
	between func(n int)
	asked   int
}

func (s *shifting) RoundTrip(req *http.Request) (*http.Response, error) {
	path, _ := strings.CutPrefix(req.URL.Path, "/rest/api/2/")
	body := `[{"id":"summary","name":"Summary"}]`
	switch path {
	case "myself":
		body = `{"name":"robot","displayName":"Robot","timeZone":"UTC"}`
	case "search":
		s.asked++
		s.between(s.asked)
		body = s.search(req.URL.Query().Get("jql"), req.URL.Query().Get("startAt"))
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Date": {s.clock.Format(http.TimeFormat)}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req}, nil
}

func (s *shifting) search(jql, startAt string) string {
	_, date, _ := strings.Cut(jql, `"`)
	date, _, _ = strings.Cut(date, `"`)
	since, err := time.Parse("2006-01-02 15:04", date)
	start, err2 := strconv.Atoi(startAt)
	if err != nil || err2 != nil {
		return `{}`
	}
	var ids []int
	for id, at := range s.updated {
		if !at.Before(since) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int) int { return cmp.Or(s.updated[a].Compare(s.updated[b]), cmp.Compare(a, b)) })
	var issues []string
	for _, id := range ids[min(start, len(ids)):min(start+s.cap, len(ids))] {
		issues = append(issues, fmt.Sprintf(`{"id":"%d","key":"A-%d","fields":{"status":{"name":"Open","statusCategory":{"key":"new"}},"created":"2026-01-01T00:00:00.000+0000","updated":%q}}`,
			id, id, s.updated[id].Format("2006-01-02T15:04:05.000-0700")))
	}
	return fmt.Sprintf(`{"startAt":%d,"maxResults":%d,"total":%d,"issues":[%s]}`, start, s.cap, len(ids), strings.Join(issues, ","))
}

// Without the seam this fails at once: an issue that moves to the end lets the next page begin one too late.
func TestIssuesThatMoveBetweenThePagesOfADataCenterAreNotLost(t *testing.T) {
	all := t
	rapid.Check(t, func(t *rapid.T) {
		begin := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
		s := &shifting{updated: map[int]time.Time{}, cap: rapid.IntRange(2, 5).Draw(t, "on a page"), clock: begin.Add(24 * time.Hour)}
		n := rapid.IntRange(1, 30).Draw(t, "issues")
		for id := range n {
			s.updated[id] = begin.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "updated")) * time.Second)
		}
		moves := rapid.SliceOfN(rapid.IntRange(0, 3*n), 0, 12).Draw(t, "moves before each page") // of an issue, or none
		s.between = func(asked int) {
			s.clock = s.clock.Add(time.Second)
			if asked <= len(moves) && moves[asked-1] < n {
				s.updated[moves[asked-1]] = s.clock
			}
		}
		l := &Live{Name: "t", Tracker: "t", URL: "https://dc.example", HTTP: over(all, "https://dc.example", s)}
		got := map[string]record.Instant{}
		streams, err := l.streams(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		through := record.Instant(0)
		for p, err := range streams[0].Walk(t.Context(), live.From{Since: record.At(begin.Add(-time.Hour))}) {
			if err != nil {
				t.Fatal(err)
			}
			for _, is := range p.Issues {
				got[is.ID] = is.Copies[0].Updated
			}
			through = p.Through
			for id, at := range s.updated { // what it claims to have come through must be there
				if record.At(at) < through && got[strconv.Itoa(id)] == 0 {
					t.Fatalf("the walk has come through %s, and issue %d of %s was not given", through, id, at)
				}
			}
		}
		for id, at := range s.updated {
			if got[strconv.Itoa(id)] != record.At(at) {
				t.Fatalf("issue %d was updated at %s; what came says %s", id, at, got[strconv.Itoa(id)])
			}
		}
	})
}

func FuzzAnswers(f *testing.F) {
	for _, s := range []string{
		`{"issues":[{"id":"1","key":"A-1","fields":{"status":{"name":"x"}}},7],"nextPageToken":"b","isLast":false,"total":3,"startAt":0,"maxResults":"50","warningMessages":["w",{}]}`,
		`{"issueChangeLogs":[{"changeHistories":[{"id":"1","created":1795000000000,"items":[{"field":"status","toString":"b"}]},{"id":"1","created":1}],"issueId":"1"},{"issueId":7},[]],"nextPageToken":null}`,
		`[{"id":"customfield_1","name":"Severity","custom":true,"schema":{"type":"option","custom":"x","items":"y"}},{},[],null]`,
		`{"startAt":0,"total":2,"isLast":true,"values":[{"id":"1","created":"2026-11-22T09:00:00.000+0100","items":[]},{"created":{}}]}`,
		`{"errorMessages":["a",{"b":[1]}],"errors":{"jql":{"x":"y"},"n":3},"message":"m","status-code":400}`,
		`{"accountId":"a","displayName":"b","timeZone":"Europe/Berlin"}`, `{"count":153}`, `{"count":1e3}`, `"text"`, `[[[]]]`, `null`, `{}`,
		`[{"id":"3","name":"x","statusCategory":{"key":"done"}}]`, `{"comments":[{"created":"?"}],"total":-1}`, `{"worklogs":[{"started":"2026-11-22T09:00:00Z"}],"total":99}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		as := func(s string) string { return s }
		said := saying(data, as)
		if len(said) > 700 || strings.Contains(said, "\n\n") {
			t.Errorf("an error says %d bytes: %q", len(said), said)
		}
		if prove(data, as) != nil {
			return
		}
		v := jsontext.Value(data)
		d := &decoder{live: true, slas: map[string]string{"customfield_1": "SLA"}}
		a, ok := readAnswer(d, v)
		if !ok && len(a.issues) > 0 {
			t.Error("issues in what is no page")
		}
		for _, raw := range a.issues {
			if !raw.IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
				t.Fatalf("an issue is no JSON: %q", raw)
			}
			is, err := d.issue(raw)
			if err == nil && (is.ID == "" || len(is.Copies) != 1) {
				t.Errorf("an issue without a name: %+v", is)
			}
			readEntry(d, raw)
			readCreated(d, raw)
		}
		trails := map[string]*trail{}
		of := func(id string) *trail {
			if trails[id] == nil {
				trails[id] = &trail{entries: map[string]bool{}}
			}
			return trails[id]
		}
		d.readBulk(v, of)
		d.readChangelog(v, of("alone"))
		for id, tr := range trails {
			seen := map[string]bool{}
			for _, c := range tr.changes {
				if c.ID == "" || c.At == 0 || c.Field == "" || seen[c.ID] {
					t.Errorf("issue %s: a change without an id, instant or field, or one that came twice: %+v", id, c)
				}
				seen[c.ID] = true
			}
		}
		if n, ok := readCount(d, v); ok && n < 0 {
			t.Error(n)
		}
		if all, ok := readCatalog(d, v); ok {
			s := &session{l: &Live{Fields: map[string]string{"severity": "Severity"}}}
			s.resolve(all)
			for _, f := range all {
				kindOf(f)
			}
		}
		readStatuses(d, v)
		readCaller(d, v)
		s := &session{dec: *d}
		s.list("comment", v)
		s.list("worklog", v)
		recognise(d, v)
	})
}

func TestWhoAnAnswerIsForIsToldByItsHeaders(t *testing.T) {
	for _, c := range []struct {
		header http.Header
		nobody string
		named  bool
	}{
		{http.Header{}, "", false},
		{http.Header{"X-Seraph-Loginreason": {"OK"}}, "", true},
		{http.Header{"X-Seraph-Loginreason": {"OUT, OK"}}, "", true},
		{http.Header{"X-Seraph-Loginreason": {"OUT", "OK"}, "X-Ausername": {"robot"}}, "", true},
		{http.Header{"X-Seraph-Loginreason": {"OUT"}}, "X-Seraph-LoginReason: OUT", false},
		{http.Header{"X-Seraph-Loginreason": {"AUTHENTICATED_FAILED"}, "X-Aaccountid": {"a0"}}, "X-Seraph-LoginReason: AUTHENTICATED_FAILED", false},
		{http.Header{"X-Seraph-Loginreason": {"OK"}, "X-Ausername": {"anonymous"}}, "X-AUSERNAME: anonymous", false},
		{http.Header{"X-Ausername": {"robot"}}, "", true},
		{http.Header{"X-Aaccountid": {"a0"}}, "", true},
	} {
		if nobody, named := whom(c.header); nobody != c.nobody || named != c.named {
			t.Errorf("%v: %q, %t; want %q, %t", c.header, nobody, named, c.nobody, c.named)
		}
	}
}

package fakejira

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// keys is what a query finds on Cloud.
func keys(t *testing.T, s *Site, jql string) (list []string) {
	t.Helper()
	walk(t, s, jql, "status", 100, func(p page) {
		for _, is := range p.Issues {
			list = append(list, is.Key)
		}
	})
	return list
}

func TestQueriesFindWhatTheySay(t *testing.T) {
	s := cloud(t, 200)
	all := keys(t, s, everything)
	for _, c := range []struct {
		jql string
		has func(is *issue) bool
	}{
		{"project = SUP", func(is *issue) bool { return is.project == sup }},
		{`project in ("Operations", web)`, func(is *issue) bool { return is.project != sup }},
		{"(project = SUP) AND labels = customer", func(is *issue) bool { return is.project == sup && is.labels&2 != 0 }},
		{"project = SUP OR project = OPS AND NOT labels in (flaky, urgent)", func(is *issue) bool {
			return is.project == sup || is.project == ops && is.labels != 0 && is.labels&(1<<6|1<<2) == 0
		}},
		{"NOT (project = SUP OR priority in (High, Low) OR NOT updated >= -52w)", func(is *issue) bool {
			return is.project != sup && is.priority >= 0 && is.priority != 1 && is.priority != 3 && is.updated >= s.now-52*7*day
		}},
		{"assignee is not EMPTY AND component != Orders", func(is *issue) bool { return is.assignee >= 0 && is.components&1 == 0 && is.components != 0 }},
		{"status = Done or status = 6", func(is *issue) bool { return is.status == done || is.status == closed }},
		{"statusCategory != done", func(is *issue) bool { return !statuses[is.status].done() }},
		{"priority is EMPTY", func(is *issue) bool { return is.priority < 0 }},
		{"project = SUP and resolution = Unresolved", func(is *issue) bool { return is.project == sup && is.resolution < 0 }},
		{"type not in (Bug, Story)", func(is *issue) bool { return is.kind > 1 }},
		{"key in (SUP-1, sup-2, OPS-1)", func(is *issue) bool { return is.n == 0 || is.n == 1 || is.n == 6 }},
		{"id in (10001, 10002)", func(is *issue) bool { return is.n < 2 }},
		{`updated >= "2026-06-01 00:00" AND created < 2026/06/01`, func(is *issue) bool {
			at := time.Date(2026, 6, 1, 0, 0, 0, 0, s.zone).UnixMilli()
			return is.updated >= at && is.created < at
		}},
		{"updated >= -4w", func(is *issue) bool { return is.updated >= s.now-28*day }},
		{"created <= now()", func(*issue) bool { return true }},
	} {
		var want []string
		for n := range s.rows {
			if is := s.get(n); c.has(is) {
				want = append(want, key(is.project, is.number))
			}
		}
		got := keys(t, s, c.jql)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) || len(got) == 0 {
			t.Errorf("%s finds %v; want %v", c.jql, got, want)
		}
	}
	if got := keys(t, s, "project = SUP ORDER BY key DESC"); got[0] != "SUP-120" || got[119] != "SUP-1" {
		t.Errorf("by key, descending: %v", got)
	}
	if got := keys(t, s, "created <= now()"); len(all) != 200 || got[0] != "WEB-20" {
		t.Errorf("without an order, the first of %d is %s", len(all), got[0])
	}
}

// The sentences are those of a real site where one was asked.
func TestQueriesThatJiraRefusesAreRefusedInItsWords(t *testing.T) {
	s := New(Options{Cloud: true, Issues: 20, Seed: 1, Forbidden: []string{"OPS"}})
	for jql, want := range map[string]string{
		"":                              "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
		"order by key desc":             "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
		"invalid query":                 "Error in the JQL Query: Expecting operator but got 'query'. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'. (line 1, character 9)",
		"project":                       "Error in the JQL Query: Expecting operator before the end of the query. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.",
		"project = SUP AND":             "Error in the JQL Query: Expecting a field name at the end of the query.",
		"project =":                     "Error in JQL Query: Expecting either a value, list or function before the end of the query.",
		"project = SUP AND type = = X":  "Error in JQL Query: Expecting either a value, list or function but got '='. You must surround '=' in quotation marks to use it as a value. (line 1, character 26)",
		"project = SUP status":          "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'status'. (line 1, character 15)",
		"project = SUP\nAND\n  foo bar": "Error in the JQL Query: Expecting operator but got 'bar'. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'. (line 3, character 7)",
		"project = SUP AND (type = Bug": "Error in the JQL Query: Expecting ')' before the end of the query.",
		"(project = SUP ORDER BY key) AND updated >= -1d": "Error in the JQL Query: Expecting ')' but got 'ORDER'. (line 1, character 16)",
		`summary ~ "unclosed`:                             "Error in the JQL Query: The quoted string 'unclosed' has not been completed. (line 1, character 11)",
		"project = NOPE":                                  "The value 'NOPE' does not exist for the field 'project'.",
		"project in (SUP, OPS)":                           "The value 'OPS' does not exist for the field 'project'.",
		"colour = red":                                    "Field 'colour' does not exist or you do not have permission to view it.",
		"status = Shipped":                                "The value 'Shipped' does not exist for the field 'status'.",
		"key = SUP-999":                                   "An issue with key 'SUP-999' does not exist for field 'key'.",
		"id in (10001, 4711)":                             "A value with ID '4711' does not exist for the field 'id'.",
		"key = OPS-1":                                     "An issue with key 'OPS-1' does not exist for field 'key'.",
		`updated >= "2026-11-23 10:15:00"`:                "Date value '2026-11-23 10:15:00' for field 'updated' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
		"project = SUP ORDER BY rank":                     "Field 'rank' does not exist or you do not have permission to view it.",
		"project = SUP ORDER BY key, key, key, key, key, key, key, key": "The orderBy clause can contain a maximum of 7 fields.",
		"assignee = membersOf(x)": "Unable to find JQL function 'membersOf()'.",
	} {
		if got := refused(t, s, 400, searchURL(jql, "id", 10, ""), nil); !slices.Equal(got, []string{want}) {
			t.Errorf("%q\n got %q\nwant %q", jql, got, want)
		}
		if jql != "project = SUP ORDER BY rank" {
			if got := refused(t, s, 400, "/rest/api/2/search/approximate-count", map[string]string{"jql": jql}); got[0] != want {
				t.Errorf("counting %q\n got %q\nwant %q", jql, got, want)
			}
		}
	}
	type parsed struct {
		Queries []struct{ Errors []string }
	}
	if got := must[parsed](t, s, "/rest/api/3/jql/parse", map[string]any{"queries": []string{"project = SUP", "project = NOPE"}}); len(got.Queries) != 2 || got.Queries[0].Errors != nil || len(got.Queries[1].Errors) != 1 {
		t.Errorf("parsed: %+v", got)
	}
}

func TestDatesOfQueriesAreInTheZoneOfTheAccountAndToTheMinute(t *testing.T) {
	at := time.Date(2026, 7, 1, 10, 15, 30, 0, time.UTC)
	s := New(Options{Cloud: true, Now: at, Zone: zone(t, "America/St_Johns")}) // UTC-2:30 in summer
	s.Add(1)
	for from, want := range map[string]int{"2026-07-01 07:45": 1, "2026/07/01 07:45": 1, "2026-07-01 07:46": 0, "2026-07-01 10:15": 0, "2026-07-01": 1} {
		got := must[page](t, s, searchURL(`updated >= "`+from+`"`, "updated", 10, ""), nil)
		if len(got.Issues) != want {
			t.Errorf("since %s: %d issues; want %d", from, len(got.Issues), want)
		}
		if want == 1 && got.Issues[0].Fields["updated"] != "2026-07-01T07:45:30.000-0230" {
			t.Errorf("it was updated %v", got.Issues[0].Fields["updated"])
		}
	}
}

func TestAnHourThatComesTwiceIsTheLaterOne(t *testing.T) {
	for _, c := range []struct {
		zone  string
		first time.Time // in the hour that will come again
		wall  string
	}{
		{"Europe/Berlin", time.Date(2026, 10, 25, 0, 40, 0, 0, time.UTC), "2026-10-25 02:40"},
		{"America/New_York", time.Date(2026, 11, 1, 5, 40, 0, 0, time.UTC), "2026-11-01 01:40"},
		{"Australia/Lord_Howe", time.Date(2026, 4, 4, 14, 40, 0, 0, time.UTC), "2026-04-05 01:40"}, // by half an hour
	} {
		s := New(Options{Cloud: true, Now: c.first, Zone: zone(t, c.zone)})
		s.Add(1)
		s.Advance(time.Hour)
		s.Add(1)
		if got := c.first.In(s.zone).Format("2006-01-02 15:04"); got != c.wall {
			t.Fatalf("%s: it was %s", c.zone, got)
		}
		if got := must[page](t, s, searchURL(`updated >= "`+c.wall+`"`, "updated", 10, ""), nil); len(got.Issues) != 1 {
			t.Errorf("%s: since %s, which was twice, there are %d issues; want that of the later one", c.zone, c.wall, len(got.Issues))
		}
	}
}

func FuzzJQL(f *testing.F) {
	for _, jql := range []string{everything, "project = SUP", `a = "b" AND (c in (1, 2)) OR NOT d is EMPTY ORDER BY x DESC, y`, `updated >= "2026-11-23 10:15"`, "'", "((((", "a !", "x in (", "order", "updated > -"} {
		f.Add(jql)
	}
	s := New(Options{Cloud: true, Issues: 10})
	f.Fuzz(func(t *testing.T, jql string) {
		q, errors := s.parse(jql, true)
		for _, e := range errors {
			if strings.TrimSpace(e) == "" {
				t.Errorf("%q is refused without a word", jql)
			}
		}
		if len(errors) > 0 {
			return
		}
		if q.where == nil {
			t.Fatalf("%q is not bounded", jql)
		}
		for n := range s.rows {
			q.where(n)
		}
		res := send(s, asking(t, s, "/rest/api/3/search/jql?jql="+url.QueryEscape(jql), nil))
		if res.StatusCode != 200 {
			t.Errorf("%q is understood and refused: %s", jql, res.Status)
		}
	})
}

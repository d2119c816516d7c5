package site

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

func TestASourceOfPagesHasNoChangesToCount(t *testing.T) {
	in := input(t, 1)
	in.Report.Sources = []analysis.SourceState{
		{Name: "pager", Tracker: "pager", Kind: "pagerduty", Tallies: []record.Tally{{Part: "exports/pages.csv", Kind: "pagerduty report", Read: 118}}},
		{Name: "tickets", Tracker: "tickets", Kind: "jira", Tallies: []record.Tally{{Part: "exports/tickets.csv", Kind: "jira csv", Read: 12}}},
	}
	page := read(t, build(t, in), sourcesPlace)
	pager, tickets, _ := strings.Cut(page, "exports/pages.csv")
	if strings.Contains(pager, "Changes") || !strings.Contains(tickets, "Changes") {
		t.Error("changes are counted where issues are read, and there only")
	}
}

func TestDoubtsStandInTheOrderOfTheirLines(t *testing.T) {
	in := input(t, 1)
	s := analysis.SourceState{Name: "archive", Horizon: in.Report.AsOf}
	want := []string{"a2.json", "a2.json:2", "a2.json:9", "a2.json:10", "a2.json:10:3", "a2.json:…", "a10.json:1", "a10.json:…", "b.csv:3"}
	for _, i := range []int{5, 3, 0, 8, 2, 4, 7, 1, 6} {
		s.Doubts = append(s.Doubts, record.Doubt{Place: want[i], What: "left out"})
	}
	in.Report.Sources = []analysis.SourceState{s}
	tree := build(t, in)
	for place, mark := range map[string]func(string) string{
		sourcesPlace: func(s string) string { return "<code>" + s + "</code>" },
		reportPlace:  func(s string) string { return s + ": left out" },
	} {
		page, at := read(t, tree, place), 0
		for _, w := range want {
			i := strings.Index(page[at:], mark(w))
			if i < 0 {
				t.Fatalf("%s: %s is not where it belongs", place, w)
			}
			at += i
		}
	}
	if page := read(t, tree, sourcesPlace); !strings.Contains(page, "whatever instant the rest of the wiki speaks for") {
		t.Error("it is not said that a source may speak up to later than as-of")
	}
}

func TestAGapIsSaidOnceOnAPageAndTwiceInTheReport(t *testing.T) {
	in := input(t, 1)
	s := analysis.SourceState{Name: "code", Horizon: in.Report.AsOf, Gaps: []record.Gap{{Source: "code", What: "the issues of acme/secret", Why: "GET /repos/acme/secret answered 404."}}}
	gap := "code: missing: the issues of acme/secret: GET /repos/acme/secret answered 404."
	in.Report.Sources = []analysis.SourceState{s}
	in.Report.Doubts = []string{"Something else is doubtful.", s.Missing(s.Gaps[0])}
	tree := build(t, in)
	for _, place := range []string{homePlace, sourcesPlace} {
		page := words(read(t, tree, place))
		if strings.Count(page, gap) != 1 || !strings.Contains(page, "Something else is doubtful.") {
			t.Errorf("%s: %s", place, page)
		}
	}
	var got struct{ Doubts []string }
	if err := json.Unmarshal([]byte(read(t, tree, reportPlace)), &got); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(got.Doubts, gap) || in.Report.Doubts[1] != gap {
		t.Errorf("report.json keeps every doubt: %q", got.Doubts)
	}
}

// words is an entry without its elements, and with single spaces.
func words(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " "))), " ")
}

func TestALiveSourceSaysHowItWasLastRead(t *testing.T) {
	in := input(t, 1)
	at := instant(t, "2026-11-02T07:00:00Z") // two in the morning
	run := analysis.SourceRun{Started: at, Ended: at.Add(time.Hour), Outcome: "complete", Records: 212, Changes: 4310, Requests: 219, Waited: 734 * time.Second}
	tallies := []record.Tally{{Part: "acme/orders", Kind: "github rest", Read: 212, Changes: 4310, Left: map[string]int{"pull request": 40}}}
	failed := run
	failed.Outcome, failed.Waited = "failed", 0
	cut := analysis.SourceRun{Started: at, Outcome: "interrupted", Records: 100, Changes: 7}
	in.Report.Sources = []analysis.SourceState{
		{Name: "good", Kind: "github", Live: true, Good: run.Ended, Last: run, Tallies: tallies, Horizon: at},
		{Name: "bad", Kind: "github", Live: true, Good: at.Add(-24 * time.Hour), Last: failed, Tallies: tallies},
		{Name: "cut", Kind: "jira", Live: true, Last: cut},
		{Name: "fresh", Kind: "jira", Live: true},
		{Name: "files", Kind: "jira", Tallies: tallies},
	}
	tree := build(t, in)
	page := words(read(t, tree, sourcesPlace))
	read40 := " What was read Of each list, in the latest run that read it to its end. List Taken for Read Changes Left out, and why acme/orders github rest 212 4310 40 × pull request "
	for _, want := range []string{
		"good Kind github, live It can speak up to Mon 2 Nov 2026, 02:00 Last success Mon 2 Nov 2026, 03:00 " +
			"The last run How it ended complete, begun Mon 2 Nov 2026, 02:00 Issues read 212 Changes read 4310 Left out 40 Requests spent 219 Waited for rate limits 12 min" + read40,
		"bad Kind github, live It can speak up to – Last success Sun 1 Nov 2026, 02:00 " +
			"The last run How it ended failed , begun Mon 2 Nov 2026, 02:00 Issues read 212 Changes read 4310 Requests spent 219 Waited for rate limits not at all" + read40,
		"cut Kind jira, live It can speak up to – Last success never " +
			"The last run How it ended interrupted , begun Mon 2 Nov 2026, 02:00 Issues read 100 Changes read 7 Requests spent not known Waited for rate limits not known fresh",
		"fresh Kind jira, live It can speak up to – Last success never files",
		"files Kind jira It can speak up to – Records read 212 Left out 40 What was read File or address",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("it is not said:\n%s\nbut\n%s", want, page)
		}
	}
	var got struct{ Sources []map[string]any }
	if err := json.Unmarshal([]byte(read(t, tree, reportPlace)), &got); err != nil {
		t.Fatal(err)
	}
	var live []any
	for _, s := range got.Sources {
		live = append(live, s["live"])
	}
	told := func(outcome string, waited float64) map[string]any {
		return map[string]any{"started": "2026-11-02T07:00:00Z", "ended": "2026-11-02T08:00:00Z", "outcome": outcome, "issues": 212., "changes": 4310., "requests": 219., "waited": waited}
	}
	want := []any{
		map[string]any{"last_success": "2026-11-02T08:00:00Z", "last_run": told("complete", 734)},
		map[string]any{"last_success": "2026-11-01T07:00:00Z", "last_run": told("failed", 0)},
		map[string]any{"last_success": "", "last_run": map[string]any{"started": "2026-11-02T07:00:00Z", "ended": "", "outcome": "interrupted", "issues": 100., "changes": 7., "requests": nil, "waited": nil}},
		map[string]any{"last_success": ""},
		nil,
	}
	if d := cmp.Diff(want, live); d != "" {
		t.Errorf("report.json (-want +got):\n%s", d)
	}
}

func TestNaturalOrderIsAnOrder(t *testing.T) {
	word := rapid.StringMatching(`[a:0-9…]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		if natural(a, b) != -natural(b, a) || (natural(a, b) == 0) != (a == b) {
			t.Fatalf("%q and %q: %d, %d", a, b, natural(a, b), natural(b, a))
		}
		ws := []string{a, b, c}
		slices.SortFunc(ws, natural)
		if natural(ws[0], ws[2]) > 0 {
			t.Fatalf("%q are in a circle", ws)
		}
	})
}

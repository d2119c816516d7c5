package jira

// The real exports beside the repository, where they are: see each folder's SOURCE.md for the numbers.

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/google/go-cmp/cmp"
)

// shared is a set of the real data; the test is skipped, aloud, where there is none.
func shared(t testing.TB, patterns ...string) exports.Set {
	t.Helper()
	root := os.Getenv("FIREBREAK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "data", "jira")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("skipped: the real exports are not at %s; FIREBREAK_SHARED may name their folder", dir)
	}
	return exports.Set{Dir: dir, Patterns: patterns}
}

func TestTitaniumArchiveIsReadToTheLastIssue(t *testing.T) {
	o := fetch(t, Files{Set: shared(t, "tidev-jira-server/*.jsonl.gz")}, "")
	want := map[string][3]int{ // issues, resolved, with a priority
		"tidev-jira-server/AC.jsonl.gz":                {4503, 4369, 0},
		"tidev-jira-server/ALOY.jsonl.gz":              {1499, 1283, 1437},
		"tidev-jira-server/TIMOB-1-5999.jsonl.gz":      {5383, 5319, 5383},
		"tidev-jira-server/TIMOB-24000-28999.jsonl.gz": {3812, 2942, 3623},
	}
	if len(o.Tallies) != len(want) || len(o.Issues) != 15197 {
		t.Errorf("%d files, %d issues; want %d, 15197", len(o.Tallies), len(o.Issues), len(want))
	}
	dated := 0
	for _, is := range o.Issues {
		for _, r := range is.Copies[0].Releases {
			dated += len(r.Date) / len("2012-07-19")
		}
	}
	if dated != 1532+4569+2191 { // counted in the files by themselves; AC has none
		t.Errorf("%d fix versions with a release date", dated)
	}
	rest := o.Issues
	for _, tally := range o.Tallies {
		if len(tally.Left) > 0 || tally.Kind != "jira issues" {
			t.Errorf("unexpected: %s", dumpTally(tally))
		}
		got := [3]int{tally.Read}
		for _, is := range rest[:tally.Read] {
			c := is.Copies[0]
			if c.Closed != 0 {
				got[1]++
			}
			if c.Priority != "" {
				got[2]++
			}
			if c.Created == 0 || c.Updated == 0 || c.Status.Name == "" || c.Type == "" || c.Project == "" || is.HistoryTo != 0 {
				t.Errorf("%s is not whole", is.Copies[0].Key)
			}
		}
		rest = rest[tally.Read:]
		if got != want[tally.Part] {
			t.Errorf("%s: %v, want %v", tally.Part, got, want[tally.Part])
		}
	}
	for _, d := range o.Doubts {
		if !strings.Contains(d.What, "comments") { // the archive has fewer of some issues' comments than their totals say
			t.Errorf("unexpected: %s", d)
		}
	}
	if len(o.Gaps) > 0 || o.Horizon.String() != "2021-12-02T13:33:55Z" {
		t.Error(o.Gaps, o.Horizon)
	}
}

func TestDevLakePageIsReadWithItsChangelogs(t *testing.T) {
	o := fetch(t, Files{Set: shared(t, "devlake-jira-cloud/search_with_changelog.json")}, "")
	fields := map[string]int{}
	for _, is := range o.Issues {
		if is.HistoryTo == 0 || is.Copies[0].Status.Category == "" {
			t.Errorf("%s has no history or no category", is.Copies[0].Key)
		}
		for _, c := range is.Changes {
			fields[c.Field]++
		}
	}
	// Of 714 items the others are Workflow, RemoteIssueLink, Sprint, Rank, estimates and links; 273 of 522
	// entries have nothing else. An assignee or a version that replaces another one is two changes.
	want := map[string]int{"status": 165, "resolution": 30, "type": 8, "fix_version": 63, "assignee": 48, "other": 273}
	if diff := cmp.Diff(want, fields); diff != "" || len(o.Issues) != 33 || len(o.Doubts)+len(o.Gaps) > 0 {
		t.Errorf("%d issues\n%s%s", len(o.Issues), diff, outcome{Batch: record.Batch{Doubts: o.Doubts, Gaps: o.Gaps}}.dump())
	}
	first := o.Issues[0] // EE-1, compared with the file by eye
	if first.ID != "10063" || first.Copies[0].Status != (record.Status{ID: "10068", Name: "已完成", Category: record.Todo}) ||
		first.Copies[0].Closed.String() != "2020-06-19T06:31:18.495Z" || first.Copies[0].URL != "https://merico.atlassian.net/browse/EE-1" ||
		len(first.Changes) != 27 || len(first.Comments) != 1 || first.CommentsTo == 0 || first.WorklogsTo == 0 {
		t.Error(outcome{Batch: record.Batch{Issues: o.Issues[:1]}}.dump())
	}
}

func TestSampleProjectOfJiraMetricsIsToldFromItsSettings(t *testing.T) {
	o := fetch(t, Files{Set: shared(t, "jirametrics-jira-cloud"), Points: []string{"customfield_10036"}, Fields: map[string]string{"flagged": "customfield_10021"}}, "")
	var b strings.Builder
	for _, is := range o.Issues {
		fmt.Fprintf(&b, "%s %s points %q", is.Copies[0].Key, is.Copies[0].Status.Name, is.Copies[0].Points)
		for _, c := range is.Changes {
			if c.Field != record.FieldStatus {
				fmt.Fprintf(&b, "; %s %q → %q", c.Field, c.From, c.To)
			}
		}
		b.WriteByte('\n')
	}
	for _, tally := range o.Tallies {
		b.WriteString(dumpTally(tally))
	}
	const want = `SP-1 In Progress points ""; field.flagged "" → "Impediment"
SP-10 Done points ""; other "" → ""; priority "Medium" → "Highest"; field.flagged "" → "Impediment"; priority "Highest" → "Medium"; field.flagged "Impediment" → ""; resolution "" → "Done"
SP-13 Done points "13"; other "" → ""; points "" → "13"; resolution "" → "Done"; other "" → ""
SP-14 Done points "14"; points "" → "14"; other "" → ""; resolution "" → "Done"; other "" → ""
SP-15 Selected for Development points "13"; other "" → ""; other "" → ""; other "" → ""; field.flagged "" → "Impediment"
SP-2 Selected for Development points ""
file jirametrics-jira-cloud/SOURCE.md: a text in Markdown, 0 read, 1 left (no export)
file jirametrics-jira-cloud/SP-1.json: jira issues with changelogs, 1 read, 3 changes
file jirametrics-jira-cloud/SP-10.json: jira issues with changelogs, 1 read, 12 changes
file jirametrics-jira-cloud/SP-13.json: jira issues with changelogs, 1 read, 6 changes
file jirametrics-jira-cloud/SP-14.json: jira issues with changelogs, 1 read, 6 changes
file jirametrics-jira-cloud/SP-15.json: jira issues with changelogs, 1 read, 5 changes
file jirametrics-jira-cloud/SP-2.json: jira issues with changelogs, 1 read, 1 changes
file jirametrics-jira-cloud/jira-config.json: the settings of a program that reads Jira, 0 read, 1 left (no issue)
file jirametrics-jira-cloud/sample_board_1_configuration.json: the configuration of a Jira board, 0 read, 1 left (no issue)
file jirametrics-jira-cloud/sample_meta.json: the notes of a program that downloaded issues, 0 read, 1 left (no issue)
file jirametrics-jira-cloud/sample_statuses.json: Jira's list of statuses, 0 read, 6 left (no issue)
`
	if diff := cmp.Diff(want, b.String()); diff != "" || len(o.Gaps) > 0 {
		t.Error(diff, o.Gaps)
	}
}

func TestPercevalPagesAreReadAndTheEmptyOneIsSaid(t *testing.T) {
	o := fetch(t, Files{Set: shared(t, "perceval-jira-server/jira_issues_page_*.json")}, "")
	var keys []string
	for _, is := range o.Issues {
		keys = append(keys, is.Copies[0].Key)
	}
	if got := strings.Join(keys, " "); got != "HELP-6043 HELP-6042 HELP-6041" {
		t.Error(got)
	}
	if len(o.Gaps) > 0 || len(o.Doubts) != 1 || !strings.Contains(o.Doubts[0].String(), "jira_issues_page_empty.json: it holds no issues") {
		t.Error(o.Doubts, o.Gaps)
	}
}

func TestCSVExportsAreReadRowByRow(t *testing.T) {
	o := fetch(t, Files{Set: shared(t, "csv-exports/*.csv"), Zone: time.UTC}, "")
	var b strings.Builder
	for _, tally := range o.Tallies {
		b.WriteString(dumpTally(tally))
	}
	// asf-2014-ui.csv has 100 issues and a footer; its header has no ids.
	const want = `file csv-exports/asf-2014-ui.csv: jira csv, 100 read, 1 left (the export's own footer)
file csv-exports/jira-cloud-en.csv: jira csv, 68 read
file csv-exports/jsm-cloud-es.csv: jira csv, 3 read
`
	if diff := cmp.Diff(want, b.String()); diff != "" || len(o.Gaps) > 0 || len(o.Doubts) != 1 {
		t.Error(diff, o.Gaps, o.Doubts)
	}
	byKey := map[string]record.Issue{}
	for _, is := range o.Issues {
		byKey[is.Copies[0].Key] = is
	}
	for key, want := range map[string]string{ // compared with the files by eye
		"HAMA-895":  "HAMA-895 Task Closed// Major Fixed 2014-03-22T07:59:00Z 2014-03-22T16:16:00Z  assignees 0 labels [] links 0 comments 0 worklogs 0",
		"CS4483-68": "10106 Task Done//done Medium Done 2026-02-15T16:37:00Z 2026-02-15T16:51:00Z 2026-02-15T16:51:00Z assignees 1 labels [documentation] links 0 comments 0 worklogs 0",
		"IHS-5":     "10041 Software/Access Issue Completado//done Medium  2026-07-18T09:10:00Z 2026-07-18T10:53:00Z  assignees 1 labels [] links 0 comments 2 worklogs 0",
	} {
		is := byKey[key]
		c := is.Copies[0]
		got := fmt.Sprintf("%s %s %s/%s/%s %s %s %s %s %s assignees %d labels %v links %d comments %d worklogs %d", is.ID, c.Type, c.Status.Name, c.Status.ID, c.Status.Category,
			c.Priority, c.Resolution, c.Created, c.Updated, c.Closed, len(c.Assignees), c.Labels, len(c.Links), len(is.Comments), len(is.Worklogs))
		if got != want {
			t.Errorf("%s:\n%s, want\n%s", key, got, want)
		}
	}
	booked := 0
	for _, is := range o.Issues {
		for _, w := range is.Worklogs {
			booked += int(w.Seconds)
		}
	}
	if booked != 12600 { // the column "Time Spent" says so too
		t.Errorf("%d seconds booked, want 12600", booked)
	}
}

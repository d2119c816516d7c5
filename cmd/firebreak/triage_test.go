package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

func TestOnMondayTheLastWeekIsWantedAndOnFridayTheRunningOne(t *testing.T) {
	ny, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for asOf, want := range map[string]string{
		"2026-11-15 23:59": "2026-W46", // the newest thing in a file of Monday's may be Sunday's
		"2026-11-16 00:01": "2026-W46",
		"2026-11-16 09:00": "2026-W46",
		"2026-11-19 11:59": "2026-W46",
		"2026-11-19 12:00": "2026-W47",
		"2026-11-20 18:00": "2026-W47",
		"2026-01-02 09:00": "2026-W01",
		"2025-12-30 09:00": "2025-W52",
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", asOf, ny)
		if err != nil {
			t.Fatal(err)
		}
		if got := weekToTriage(record.At(at), ny); got != want {
			t.Errorf("as of %s: %s, want %s", asOf, got, want)
		}
	}
}

// flood is a wiki whose pager went n times in one morning.
func flood(t *testing.T, n int) (config string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("firebreak.yaml", "sources:\n  pager: {kind: pagerduty, files: [pages.csv]}\n")
	write("content/policy.yaml", `
team: {name: Small, zone: UTC}
calendars: {office: {week: {mon-fri: 09:00-17:00}}}
working: office
stages: [{id: queue, name: Queue, kind: waiting, statuses: [New]}, {id: done, name: Done, kind: done, statuses: [Done]}]
severities: [{level: 1, name: Bad, when: 'true'}]
classes: [{id: feature, name: Feature, kind: feature, when: 'true'}]
`)
	var b strings.Builder
	b.WriteString("id,incident_number,description,service_id,service_name,created_on,resolved_on,seconds_to_first_ack,auto_resolved\n")
	start := time.Date(2026, 11, 16, 3, 0, 0, 0, time.UTC)
	for i := range n {
		at := start.Add(time.Duration(i) * time.Second).Format("2006-01-02T15:04:05+00:00")
		fmt.Fprintf(&b, "Q%05d,%d,%s,S1,Fax,%s,,,0\n", i, i, strings.Repeat("again and ", 1000), at)
	}
	write("pages.csv", b.String())
	return filepath.Join(dir, "firebreak.yaml")
}

func TestOfAFloodTheFirstPagesGetALineAndTheFileCanStillBeRead(t *testing.T) {
	config := flood(t, triage.Most+7)
	firebreak := func(args ...string) string {
		var out, wrong bytes.Buffer
		if code := run(context.Background(), append([]string{"firebreak"}, args...), &out, &wrong); code != published {
			t.Fatalf("%v: exit code %d\n%s%s", args, code, &out, &wrong)
		}
		return out.String()
	}
	firebreak("collect", "-c", config)
	got := firebreak("triage", "-c", config, "--week", "2026-W47")
	if !strings.Contains(got, "1000 pages, 1000 new, 1000 without a verdict\n7 more pages of that week have no line: 1000 are the most") {
		t.Error(got)
	}
	file := filepath.Join(filepath.Dir(config), "content", "triage", "2026-W47.yaml")
	long := time.Date(2026, 11, 17, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(file, long, long); err != nil {
		t.Fatal(err)
	}
	if got = firebreak("triage", "-c", config, "--week", "2026-W47"); !strings.Contains(got, "1000 pages, 0 new") {
		t.Error(got)
	}
	if info, err := os.Stat(file); err != nil || !info.ModTime().Equal(long) {
		t.Error("a file that needs no change was written again", err)
	}
	if got = firebreak("check", "-c", config); !strings.Contains(got, "nothing to complain about") {
		t.Error(got)
	}
	left, err := os.ReadDir(filepath.Join(filepath.Dir(config), "content", "triage"))
	if err != nil || len(left) != 1 {
		t.Error("more than the week's file is there:", left, err)
	}
}

package site

// The nights that tests make wikis of: a few issues told in a file, or as many as asked for, always
// the same ones.

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/themes"
)

const asOf = "2026-11-02T14:00:00Z"

func instant(t testing.TB, s string) record.Instant {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return record.At(at)
}

func policy(t testing.TB) *analysis.Policy {
	t.Helper()
	text, err := os.ReadFile("testdata/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, complaints := analysis.ReadPolicy("policy.yaml", text)
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	return p
}

// issue is an issue with what every copy has.
func issue(t testing.TB, key, kind, priority, title, created string) record.Issue {
	return record.Issue{
		Ref: record.Ref{Tracker: "tickets", ID: key}, HistoryTo: 1, CommentsTo: 1, WorklogsTo: 1,
		Copies: []record.Copy{{
			Parts: 1<<13 - 1, Key: key, Project: "SUP", Title: title, Type: kind, Priority: priority, Created: instant(t, created), Updated: instant(t, created),
			Status: record.Status{Name: "Open"}, URL: "https://tracker.example/browse/" + key, Reporter: record.Person{Account: "customer"},
		}},
	}
}

// move moves an issue to a status.
func move(is *record.Issue, at record.Instant, status string) {
	c := &is.Copies[0]
	is.Changes = append(is.Changes, record.Change{ID: fmt.Sprint(len(is.Changes)), At: at, By: record.Person{Account: "mlindqvist"}, Field: record.FieldStatus, From: c.Status.Name, To: status})
	c.Status.Name, c.Updated = status, at
	if status == "Done" {
		c.Closed = at
	}
}

// many are n issues over nine months, a tenth of them incidents, some of them open.
func many(t testing.TB, n int) []record.Issue {
	kinds := []string{"Bug", "Story", "Bug", "Request", "Story", "Bug", "Request", "Story", "Incident", "Bug"}
	priorities := []string{"Major", "Critical", "Minor", "Blocker", "Major", "Minor", "Major"}
	titles := []string{"Orders stay in the queue", "Receipt prints upside down", "Login asks twice", "Report misses the last day of the month", "Fax line does not answer", "Export stops at 1,000 rows", "Address with an apartment number is refused"}
	start, end := instant(t, "2026-02-02T13:00:00Z"), instant(t, asOf)
	var all []record.Issue
	for i := range n {
		created := start + record.Instant(int64(end-start)/int64(n)*int64(i))
		is := issue(t, fmt.Sprintf("SUP-%d", i+1), kinds[i%len(kinds)], priorities[i%len(priorities)], titles[i%len(titles)], created.Time().Format(time.RFC3339))
		is.Copies[0].Assignees = []record.Person{{Account: []string{"mlindqvist", "tokafor"}[i%2]}}
		hours := func(h int) record.Instant { return created.Add(time.Duration(h) * time.Hour) }
		steps := []struct {
			at     record.Instant
			status string
		}{{hours(1 + i%30), "In Progress"}, {hours(31 + i%7), "Needs info"}, {hours(50 + i%11), "In Progress"}, {hours(70 + i%90), "In Review"}, {hours(90 + i%170), "Done"}}
		if kinds[i%len(kinds)] == "Incident" {
			steps = steps[:0]
			steps = append(steps, struct {
				at     record.Instant
				status string
			}{created.Add(9 * time.Minute), "In Progress"}, struct {
				at     record.Instant
				status string
			}{created.Add(time.Duration(40+i%400) * time.Minute), "Done"})
		}
		for _, s := range steps {
			if s.at < end && i%23 != 7 {
				move(&is, s.at, s.status)
			}
		}
		all = append(all, is)
	}
	return all
}

// content is a team's folder.
func content(files map[string]string) fs.FS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

const aPostmortem = `---
title: Fax orders stood in a queue nobody watched
incidents: [SUP-9]
severity: 1
services: [gateway]
started: 2026-03-04 14:05
detected: 2026-03-04 16:20
resolved: 2026-03-05 02:00
status: published
published: 2026-03-09
---
## Summary

Thousands of orders waited. See SUP-9 and the [play](../playbook/restart.md#before).

## Timeline

- 2026-03-04 14:05 the line goes dead

## Detect

A supplier's e-mail. Nothing of ours noticed.

## React

Ten people, one of whom could help.

## Quick fix

A restart that fixed nothing.

## Prevent

A bill nobody owned.

## Other areas of risk

Every line paid by hand.

## Improvements

| What | Question | Owner | Date | Issue | State |
|---|---|---|---|---|---|
| Alarm on the age of the oldest order | Detect | maya | 2026-03-20 | SUP-12 | done |
| One owner for every bill | Prevent | tomas | 2026-04-01 | | chosen |
`

const aPlay = `# Restarting the gateway

Do it only when SUP-9 repeats itself.

## Before

Look at [the policy](../policy.yaml) and at [how it is counted](/metrics/wip/).

## The restart

1. Drain
2. Restart

| Node | Port |
|:-----|-----:|
| one  | 8080 |
`

// night is a report over issues and postmortems, and whatever else a test changes.
func night(t testing.TB, issues []record.Issue, postmortems map[string]string, change ...func(*analysis.Input)) *analysis.Report {
	t.Helper()
	p := policy(t)
	in := analysis.Input{
		Policy: p, AsOf: instant(t, asOf), Issues: slices.Values(issues),
		Sources: []analysis.SourceState{{Name: "tickets", Tracker: "tickets", Kind: "jira", Horizon: instant(t, asOf),
			Tallies: []record.Tally{{Part: "exports/tickets.jsonl", Kind: "jira issues with changelogs", Read: len(issues), Left: map[string]int{"unreadable": 1, "of another project": 2}, Changes: 5 * len(issues)}}}},
	}
	in.Again = func(ref record.Ref) (record.Issue, bool) {
		i := slices.IndexFunc(issues, func(is record.Issue) bool { return is.Ref == ref })
		return issues[max(i, 0)], i >= 0
	}
	in.Pages = slices.Values([]record.Page{{Ref: record.Ref{Tracker: "pager", ID: "P1"}, Number: "4711", URL: "https://pager.example/incidents/P1", Title: "queue age above 10 min", Service: "gw",
		Triggered: instant(t, "2026-03-04T19:05:00Z"), Acked: instant(t, "2026-03-04T19:11:00Z"), Resolved: instant(t, "2026-03-04T20:00:00Z"), Issues: []string{"SUP-9"}}})
	in.Shifts = slices.Values([]record.Shift{
		{Ref: record.Ref{Tracker: "pager", ID: "S1"}, Person: record.Person{Account: "mlindqvist"}, Role: "superhero", From: instant(t, "2026-11-02T10:00:00Z"), To: instant(t, "2026-11-09T10:00:00Z")},
		{Ref: record.Ref{Tracker: "pager", ID: "S2"}, Person: record.Person{Account: "tokafor"}, Role: "sidekick", From: instant(t, "2026-11-02T10:00:00Z"), To: instant(t, "2026-11-09T10:00:00Z")},
	})
	names := make([]string, 0, len(postmortems))
	for name := range postmortems {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		pm, _ := postmortem.Read("content/"+name, []byte(postmortems[name]), postmortem.Team{Zone: p.Zone})
		in.Postmortems = append(in.Postmortems, pm)
	}
	for _, f := range change {
		f(&in)
	}
	return analysis.Run(in)
}

// input is a whole wiki of n issues, a postmortem and a play.
func input(t testing.TB, n int) Input {
	posts := map[string]string{"postmortems/2026-03-fax.md": aPostmortem}
	return Input{
		Report: night(t, many(t, n), posts), Theme: themes.Firehouse(), Version: "test", ContentName: "content/",
		Content: content(map[string]string{"playbook/restart.md": aPlay, "policy.yaml": "…"}),
	}
}

func build(t testing.TB, in Input) *Tree {
	t.Helper()
	tree, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func read(t testing.TB, tree *Tree, path string) string {
	t.Helper()
	b, err := tree.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// names are the paths of a tree with a prefix.
func names(tree *Tree, prefix string) []string {
	var ns []string
	for _, f := range tree.Files {
		if strings.HasPrefix(f.Path, prefix) {
			ns = append(ns, f.Path)
		}
	}
	return ns
}

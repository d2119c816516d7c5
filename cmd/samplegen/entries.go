package main

// The benchmarks' texts: as many Markdown entries as wanted, half of them postmortems and half plays,
// with the headings, tables, lists and links that such pages have.

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// writeEntries writes n texts of about 3 KB each into the folders postmortems and playbook of a folder.
func writeEntries(dir string, n int) error {
	for _, sub := range []string{"postmortems", "playbook"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
			return err
		}
	}
	r := stream("entries")
	posts := n / 2
	for i := range n {
		name, text := playFile(i-posts), ""
		if i < posts {
			name, text = postFile(i), postText(r, i, posts)
		} else {
			text = playText(r, i-posts, n-posts)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o666); err != nil {
			return err
		}
	}
	return nil
}

func playFile(i int) string { return fmt.Sprintf("playbook/play-%05d.md", i) }

// postDay spreads postmortems over three years.
func postDay(i, n int) time.Time {
	return time.Date(2023, 11, 6, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i*1080/n)
}

func postFile(i int) string { return fmt.Sprintf("postmortems/incident-%05d.md", i) }

func postText(r *rng, i, n int) string {
	s := services[i%len(services)]
	day := postDay(i, n)
	date, later := day.Format(time.DateOnly), day.AddDate(0, 0, 30).Format(time.DateOnly)
	return fmt.Sprintf(`---
title: %s for the %dth time
incidents: [SUP-%d]
severity: %d
services: [%s]
impact: %d orders waited longer than ten minutes.
started: %s 09:05
detected: %[7]s 09:31
mitigated: %[7]s 11:20
resolved: %[7]s 13:00
status: published
published: %[7]s
---

%[8]s

## Summary

%[9]s

## Timeline

| Time | What happened |
|---|---|
| 09:05 | The queue of outgoing orders stops. |
| 09:31 | A store calls; the superhero looks. |
| 10:02 | The sidekick joins and writes to the stores. |
| 11:20 | The queue moves again. |
| 13:00 | The last order of the morning is through. |

## Detect

%[10]s

## React

%[11]s

- The runbook names a tool that was renamed.
- The supplier's number was on paper.

## Quick fix

%[12]s See [the play](../playbook/play-%05[13]d.md).

## Prevent

%[14]s

## Other areas of risk

The same worker serves [another part](incident-%05[15]d.md).

## Improvements

| Question | What | Owner | Due | State |
|---|---|---|---|---|
| Detect | Page when the queue is older than ten minutes | %[16]s | %[17]s | done %[17]s |
| Prevent | Limit what one store may queue | %[18]s | %[17]s | open |
`,
		s.component+" stood still", i+1, i+1, 1+i%3, s.id, r.between(20, 900), date,
		prose(r, 250), prose(r, 400), prose(r, 250), prose(r, 200), prose(r, 200), i/2, prose(r, 350), (i+1)%n,
		of(r, owners), later, of(r, owners))
}

var owners = []string{"maya", "tomas", "ravi", "ines", "owen", "lena", "samira"}

func playText(r *rng, i, n int) string {
	return fmt.Sprintf(`# Play %d: when the %s is slow

%s Before this one, read [the play before](play-%05d.md).

## Look first

%s

1. Open the board and look at the age of the oldest order, not at their number.
2. Ask in the channel who has changed something, and write down the answer.
3. Run `+"`fb queue --age --store 1042`"+` and keep what it says.

## Then act

| What you see | What it is | What to do |
|---|---|---|
| Age grows, number stays | one order blocks the rest | move it aside |
| Both grow | nobody takes them out | restart the worker, *once* |
| Neither grows | a quiet day | have a coffee |

%s

> A restart that helped is a question, not an answer.

## Tell people

%s

- [ ] Stores and partners, within **twenty minutes**
- [ ] The support desk, in plain words
- [ ] Whoever comes next: SUP-%d
`, i+1, services[i%len(services)].component, prose(r, 250), (i+n-1)%n, prose(r, 500), prose(r, 700), prose(r, 450), 1+i%97)
}

package jira

// Records as readable text, for goldens and failures.

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
)

// outcome is all that one Fetch yielded.
type outcome struct {
	record.Batch
	batches int
}

func fetch(t testing.TB, s Files, since record.Cursor) outcome {
	t.Helper()
	s.Source, s.Tracker = "test", "test"
	var o outcome
	for b, err := range s.Fetch(context.Background(), since) {
		if err != nil {
			t.Fatal(err)
		}
		o.batches++
		o.Issues = append(o.Issues, b.Issues...)
		o.Doubts = append(o.Doubts, b.Doubts...)
		o.Gaps = append(o.Gaps, b.Gaps...)
		o.Tallies = append(o.Tallies, b.Tallies...)
		o.Cursor, o.Horizon, o.Done, o.Total = b.Cursor, b.Horizon, b.Done, b.Total
	}
	return o
}

// dump is everything of an outcome but its cursor.
func (o outcome) dump() string {
	var b strings.Builder
	for i := range o.Issues {
		dumpIssue(&b, &o.Issues[i])
	}
	for _, d := range o.Doubts {
		fmt.Fprintf(&b, "doubt %s: %s\n", d.Place, d.What)
	}
	for _, g := range o.Gaps {
		fmt.Fprintf(&b, "gap %s: %s\n", g.What, g.Why)
	}
	for _, t := range o.Tallies {
		b.WriteString(dumpTally(t))
	}
	if o.Horizon != 0 {
		fmt.Fprintf(&b, "horizon %s\n", o.Horizon)
	}
	return b.String()
}

func dumpTally(t record.Tally) string {
	var b strings.Builder
	fmt.Fprintf(&b, "file %s: %s, %d read", t.Part, t.Kind, t.Read)
	for _, why := range slices.Sorted(maps.Keys(t.Left)) {
		fmt.Fprintf(&b, ", %d left (%s)", t.Left[why], why)
	}
	if t.Changes > 0 {
		fmt.Fprintf(&b, ", %d changes", t.Changes)
	}
	return b.String() + "\n"
}

func dumpIssue(b *strings.Builder, is *record.Issue) {
	line := func(name string, v any) {
		if s := fmt.Sprint(v); s != "" && s != "[]" && s != "map[]" {
			fmt.Fprintf(b, "  %s: %s\n", name, strings.ReplaceAll(s, "\n", "\n    "))
		}
	}
	fmt.Fprintf(b, "issue %s\n", is.Ref)
	line("aliases", is.Aliases)
	for _, c := range is.Copies {
		line("key", c.Key)
		line("parts", dumpParts(c.Parts))
		line("project", c.Project)
		line("url", c.URL)
		line("title", c.Title)
		line("type", c.Type)
		line("status", strings.TrimRight(strings.Join([]string{c.Status.Name, c.Status.ID, c.Status.Category}, "/"), "/"))
		line("priority", c.Priority)
		line("resolution", c.Resolution)
		line("created", c.Created)
		line("updated", c.Updated)
		line("closed", c.Closed)
		line("due", c.Due)
		line("reporter", dumpPerson(c.Reporter))
		for _, p := range c.Assignees {
			line("assignee", dumpPerson(p))
		}
		line("labels", quoted(c.Labels))
		line("components", quoted(c.Components))
		line("fix versions", quoted(c.FixVersions))
		for _, r := range c.Releases {
			line("release", fmt.Sprintf("%q %s", r.Name, r.Date)+map[bool]string{true: ", released"}[r.Released]+map[bool]string{true: ", archived"}[r.Archived])
		}
		line("points", c.Points)
		for _, l := range c.Links {
			line("link", l.Kind+" → "+l.To)
		}
		for _, k := range slices.Sorted(maps.Keys(c.Fields)) {
			line("field "+k, fmt.Sprintf("%q", c.Fields[k]))
		}
		for _, a := range c.SLAs {
			line("sla", fmt.Sprintf("%q %s to %s, due %s, %s of %s", a.Name, a.Started, a.Stopped, a.Due, a.Elapsed, a.Goal)+
				map[bool]string{true: ", breached"}[a.Breached]+map[bool]string{true: ", paused"}[a.Paused])
		}
		line("text", c.Text)
	}
	for _, c := range is.Changes {
		fmt.Fprintf(b, "  change %s %s %s: %q → %q", c.ID, c.At, c.Field, c.From, c.To)
		if c.FromID != "" || c.ToID != "" {
			fmt.Fprintf(b, " (%q → %q)", c.FromID, c.ToID)
		}
		fmt.Fprintf(b, " by %s\n", dumpPerson(c.By))
	}
	line("history to", is.HistoryTo)
	for _, c := range is.Comments {
		fmt.Fprintf(b, "  comment %s %s by %s", c.ID, c.At, dumpPerson(c.By))
		if c.Private {
			b.WriteString(" (private)")
		}
		b.WriteByte('\n')
	}
	line("comments to", is.CommentsTo)
	for _, w := range is.Worklogs {
		fmt.Fprintf(b, "  worklog %s %s %ds by %s\n", w.ID, w.Started, w.Seconds, dumpPerson(w.By))
	}
	line("worklogs to", is.WorklogsTo)
}

func quoted(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf("%q", list)
}

func dumpPerson(p record.Person) string {
	s := p.Account
	if p.Name != "" && p.Name != p.Account {
		s += " (" + p.Name + ")"
	}
	if p.Bot {
		s += " [bot]"
	}
	if s == "" && p.Known() {
		s = "?"
	}
	return s
}

func dumpParts(p record.Parts) string {
	names := []string{"core", "priority", "resolution", "people", "labels", "components", "versions", "due", "points", "text", "links", "fields", "url", "slas", "releases"}
	var has []string
	for i, n := range names {
		if p&(1<<i) != 0 {
			has = append(has, n)
		}
	}
	return strings.Join(has, " ")
}

package main

// People appear as owners and in the rota, in the policy and in what authors and trackers wrote themselves; no
// metric measures one, and no name stands beside a cause. The test makes the sample's wiki, takes out of every file
// what may name somebody, and looks for the members in the rest.

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/content"
)

func TestPeopleAreNamedNowhereElse(t *testing.T) {
	out := t.TempDir()
	env := environment{out: io.Discard, err: io.Discard, clock: func() time.Time { return time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC) }}
	if err := demo(context.Background(), env, out, "", newSteps(env, true), false); err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(content.Files, "policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	policy, complaints := analysis.ReadPolicy("policy.yaml", text)
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	var names []string
	for _, m := range policy.Team.Members {
		for _, n := range slices.Concat([]string{m.ID}, strings.Fields(m.Name), m.Accounts) {
			names = append(names, strings.ToLower(n))
		}
	}

	files, named := 0, map[string]int{}
	err = fs.WalkDir(os.DirFS(out), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "static/") {
			return err
		}
		data, err := os.ReadFile(out + "/" + name)
		if err != nil {
			return err
		}
		files++
		if len(members(string(data), names)) == 0 {
			return nil
		}
		named[strings.SplitN(name, "/", 2)[0]]++
		rest, err := withoutNames(name, string(data))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for _, at := range members(rest, names) {
			t.Errorf("%s names somebody: …%s…", name, strings.Join(strings.Fields(rest[max(0, at-90):min(len(rest), at+60)]), " "))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// Names that are nowhere at all would make the test one that cannot fail.
	for _, room := range []string{"items", "incidents", "oncall", "weeks", "improvements", "policies", "postmortems", "data", "search-index.js"} {
		if named[room] == 0 {
			t.Errorf("%s names nobody, of %d files: what is looked for?", room, files)
		}
	}
}

// members are where somebody is named in a text, as a word of its own, in capitals or not; of each name the first.
// (A regular expression of all the names takes a minute under the race detector.)
func members(text string, names []string) []int {
	lower := strings.ToLower(text)
	letter := func(i int) bool {
		return i >= 0 && i < len(lower) && (lower[i] == '_' || lower[i]|0x20 >= 'a' && lower[i]|0x20 <= 'z' || lower[i] >= '0' && lower[i] <= '9')
	}
	var found []int
	for _, n := range names {
		for from := 0; ; {
			at := strings.Index(lower[from:], n)
			if at < 0 {
				break
			}
			if at += from; !letter(at-1) && !letter(at+len(n)) {
				found = append(found, min(at, len(text)))
				break
			}
			from = at + 1
		}
	}
	return found
}

// What may name somebody, in the HTML of entries.
var (
	owners    = regexp.MustCompile(`<dt>Owner</dt><dd>.*?</dd>`)
	ownerCell = regexp.MustCompile(`(<td(?: data-head="Question")?>(?:Detect|React|Quick fix|Prevent|Other areas of risk|No question)</td>)<td(?: data-head="Owner")?(?: class="day")?>.*?</td>`)
	overdue   = regexp.MustCompile(`<span class="detail">[^<]*, due [^<]*</span>`) // an owner and a date
	duty      = regexp.MustCompile(`<td data-head="(?:Superhero|Sidekick)">.*?</td>|<div><dt>(?:Superhero|Sidekick)</dt><dd>.*?</dd></div>`)
	authors   = regexp.MustCompile(`(?s)from-postmortem">postmortem</span> <bdi>.*?</bdi>|<article class="note".*?</article>`)
)

// withoutNames is a file of the wiki without what may name people.
func withoutNames(name, s string) (string, error) {
	switch room, _, _ := strings.Cut(name, "/"); {
	case slices.Contains([]string{"policies", "postmortems", "playbook", "on-call.ics"}, room):
		return "", nil // the policy, what authors wrote, the rota
	case name == "data/report.json":
		return unownedJSON(s)
	case name == "data/improvements.csv" || name == "data/improvements/backlog.csv":
		return unownedCSV(s)
	case name == "search-index.js":
		return unwrittenIndex(s)
	case room == "improvements.ics":
		return regexp.MustCompile(`(?m)^(?:DESCRIPTION|SUMMARY|ATTENDEE|ORGANIZER)[^\r\n]*(?:\r?\n [^\r\n]*)*`).ReplaceAllString(s, ""), nil
	case path.Ext(name) != ".html":
		return s, nil
	case room == "items" || room == "incidents":
		return authors.ReplaceAllString(owners.ReplaceAllString(s, ""), ""), nil
	case room == "metrics" && name != "metrics/improvements/index.html":
		return s, nil // nobody at all: metrics measure no person
	}
	for _, may := range []*regexp.Regexp{duty, overdue, authors} {
		s = may.ReplaceAllString(s, "")
	}
	return ownerCell.ReplaceAllString(s, "$1"), nil
}

// unownedJSON takes owners and the rota out of the report.
func unownedJSON(s string) (string, error) {
	var report map[string]any
	if err := json.Unmarshal([]byte(s), &report); err != nil {
		return "", err
	}
	for _, x := range report["improvements"].([]any) {
		delete(x.(map[string]any), "owner")
	}
	for _, x := range report["shifts"].([]any) {
		delete(x.(map[string]any), "who")
	}
	for _, x := range report["figures"].([]any) {
		if f := x.(map[string]any); f["name"] == "improvements" {
			for _, t := range f["tables"].([]any) {
				table := t.(map[string]any)
				owner := slices.IndexFunc(table["columns"].([]any), func(c any) bool { return c.(map[string]any)["name"] == "owner" })
				for _, row := range table["rows"].([]any) {
					if owner >= 0 {
						row.([]any)[owner] = nil
					}
				}
			}
		}
	}
	out, err := json.Marshal(report)
	return string(out), err
}

// unownedCSV takes the column of owners out of a list of improvements.
func unownedCSV(s string) (string, error) {
	r := csv.NewReader(strings.NewReader(s))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return s, err
	}
	owner := slices.IndexFunc(rows[0], func(c string) bool { return strings.EqualFold(c, "owner") })
	var b strings.Builder
	for _, row := range rows {
		if owner >= 0 && owner < len(row) {
			row[owner] = ""
		}
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return b.String(), nil
}

// unwrittenIndex takes what authors wrote out of the index of the search.
func unwrittenIndex(s string) (string, error) {
	from, to := strings.IndexByte(s, '['), strings.LastIndexByte(s, ']')
	var docs []map[string]string
	if err := json.Unmarshal([]byte(s[from:to+1]), &docs); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, d := range docs {
		if strings.HasPrefix(d["p"], "postmortems/") || strings.HasPrefix(d["p"], "playbook/") || strings.HasPrefix(d["p"], "weeks/") {
			continue
		}
		for _, k := range slices.Sorted(maps.Keys(d)) {
			b.WriteString(d[k] + "\n")
		}
	}
	return b.String(), nil
}

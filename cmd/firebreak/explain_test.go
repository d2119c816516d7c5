package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/content"
)

// sampleNight is a night over the sample, analysed, with its ledger open.
func sampleNight(t testing.TB) *night {
	t.Helper()
	text, err := fs.ReadFile(content.Files, "firebreak.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cfg, complaints := parseConfig("firebreak.yaml", text)
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	cfg.content, cfg.exports, cfg.Content, cfg.Ledger = content.Files, content.Files, "content", filepath.Join(t.TempDir(), "ledger.db")
	env := environment{out: io.Discard, err: io.Discard, clock: time.Now}
	n := &night{env: env, config: cfg, steps: newSteps(env, true), log: logger(env, false)}
	t.Cleanup(func() { n.closeLedger() })
	for _, step := range []func(context.Context) error{n.check, n.collect, n.analyse} {
		n.steps.begin("a step")
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// judgement is all that a night says of an item.
func judgement(it *analysis.Item) string {
	var b strings.Builder
	fmt.Fprintln(&b, it.Ref, it.Key, it.Title, it.Status, it.Coarse, it.Missing, it.Customer, it.Channel, it.Components, it.Discarded, it.Until)
	fmt.Fprintln(&b, it.Responded, it.Started, it.Finished, it.Done, it.Reopened, it.Severities, it.Dues)
	for _, s := range it.Stages {
		fmt.Fprintln(&b, s.At, s.Is.ID, s.Is.Kind)
	}
	for _, s := range it.Classes {
		fmt.Fprintln(&b, s.At, s.Is.ClassID())
	}
	for _, v := range []analysis.Verdict{it.Respond, it.Resolve} {
		fmt.Fprintln(&b, v.Outcome, v.Target.Text, v.Due, v.Decided, v.Class.ClassID(), v.Severity, v.Left, v.Late, v.Thanks, v.Moved)
	}
	for _, p := range it.Pages {
		fmt.Fprintln(&b, p.Ref, p.Triggered, p.Acked, p.Resolved, p.Service)
	}
	return b.String()
}

func TestExplainTellsWhatTheWholeNightTells(t *testing.T) {
	n := sampleNight(t)
	whole := n.report
	paged, tied := 0, 0
	for _, asOf := range []record.Instant{0, whole.AsOf.Add(-200 * 24 * time.Hour)} {
		if n.at = asOf; asOf != 0 {
			if err := n.analyse(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		items, kth := slices.Clone(n.report.Items), 0
		if asOf != 0 || collectortest.Hurried() { // every one of the present; of the past those with pages, and some
			items = slices.DeleteFunc(items, func(it *analysis.Item) bool { kth++; return len(it.Pages) == 0 && kth%5 != 0 })
		}
		for _, it := range items {
			x, err := n.explainItem(t.Context(), it.Tracker+"/"+it.Key)
			if err != nil {
				t.Fatal(err)
			}
			if x.Night.AsOf != n.report.AsOf {
				t.Fatalf("as of %s, the night of %s", x.Night.AsOf, n.report.AsOf)
			}
			if d := cmp.Diff(judgement(it), judgement(x.Item)); d != "" {
				t.Fatalf("the night −, explain +\n%s", d)
			}
			for _, g := range x.Judged {
				if g.Class.ClassID() != it.Classes.At(g.At).ClassID() {
					t.Fatalf("%s: the rules gave %s at %s, and the night %s", it.Key, g.Class.Title(), g.At, it.Classes.At(g.At).Title())
				}
			}
			for _, y := range x.Ties {
				if other := n.report.Find(y.To); (other == nil) != (y.Item == nil) {
					t.Fatalf("%s is linked to %s: known %v, to the night %v", it.Key, y.To, y.Item != nil, other != nil)
				} else if other != nil {
					if d := cmp.Diff(judgement(other), judgement(y.Item)); d != "" {
						t.Fatalf("%s, linked to: the night −, explain +\n%s", y.To, d)
					}
					tied++
				}
			}
			paged += len(it.Pages)
		}
	}
	if paged < 50 || tied == 0 {
		t.Errorf("%d pages and %d linked items were compared, which proves little", paged, tied)
	}
}

// trainsText is the sample's policy with trains that take their dates from the tracker.
func trainsText(t testing.TB) string {
	t.Helper()
	text, err := fs.ReadFile(content.Files, "policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), "\nreleases:\n")
	_, after, ended := strings.Cut(rest, "\n\n")
	if !found || !ended {
		t.Fatal("the sample's policy has no releases")
	}
	return before + `
releases:
  - {train: maintenance, tracker: tickets, match: '^\d+\.\d+\.\d+$', notice: 3}
  - {train: major, tracker: tickets, match: '^\d+\.\d+$', notice: 10}

` + after
}

// What is promised by a tracker's releases hangs on all issues of the ledger, and explain reads none but its own: here
// releases are put off and pulled forward, by issues that are read again, that come late and that are deleted.
func TestExplainPromisesTheReleasesThatTheNightFound(t *testing.T) {
	n := sampleNight(t)
	var complaints []strict.Complaint
	if n.policy, complaints = analysis.ReadPolicy("policy.yaml", []byte(trainsText(t))); strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	now := n.report.AsOf
	tellers := map[string][]record.Issue{} // by the release
	for is, err := range n.ledger.Issues(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if told := slices.Collect(is.Planned); len(told) == 1 && is.Tracker == "tickets" {
			tellers[told[0].Name] = append(tellers[told[0].Name], is)
		}
	}
	read := now
	tell := func(is record.Issue, name string, date record.Date) record.Issue {
		c := is.Facts()
		read += record.Instant(time.Second)
		c.Seen, c.Releases = read, []record.Release{{Name: name, Date: date}}
		is.Copies, is.Seen = []record.Copy{c}, read
		return is
	}
	var b record.Batch
	b.Issues = append(b.Issues,
		tell(tellers["26.2.2"][0], "26.2.2", "2026-06-29"), // pulled forward
		tell(tellers["26.1.2"][1], "26.1.2", "2026-04-21"), // put off, and known better by the next
		tell(tellers["26.1.2"][0], "26.1.2", "2026-04-17"))
	late := tell(tellers["26.3.1"][0], "26.4.7", "2026-08-27")
	late.ID, late.Changes = "late", nil
	late.Copies[0].Key, late.Copies[0].Created, late.Copies[0].Updated = "SUP-99999", now.Add(-7*24*time.Hour), now.Add(-7*24*time.Hour)
	gone := tell(tellers["26.2.1"][0], "26.2.1", "2026-05-20")
	gone.ID, gone.Copies[0].Key = "gone", "SUP-99998"
	b.Issues = append(b.Issues, late, gone)
	if err := n.ledger.Save(t.Context(), "tickets", b); err != nil {
		t.Fatal(err)
	}
	// It is deleted after all of that, and still speaks for the nights before.
	gone.Copies, gone.Seen, gone.Gone = nil, 0, read+1
	if err := n.ledger.Save(t.Context(), "tickets", record.Batch{Issues: []record.Issue{gone}}); err != nil {
		t.Fatal(err)
	}
	riding, released := 0, map[string]bool{}
	for _, ago := range []time.Duration{0, 3, 100, 250} {
		if n.at = now.Add(-ago * 24 * time.Hour); ago == 0 {
			n.at = read + 2 // the deleted one is gone
		}
		n.steps.begin("again")
		if err := n.analyse(t.Context()); err != nil {
			t.Fatal(err)
		}
		kth := 0
		for _, it := range n.report.Items {
			if it.Resolve.Target.Kind != analysis.NextRelease {
				continue
			}
			if kth++; kth%5 != 0 {
				continue
			}
			x, err := n.explainItem(t.Context(), it.Tracker+"/"+it.Key)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(judgement(it), judgement(x.Item)); d != "" {
				t.Fatalf("the night −, explain +\n%s", d)
			}
			released[it.Resolve.Due.In(n.policy.Zone).Format(time.DateOnly)] = true
			riding++
			if riding%10 == 0 && !slices.EqualFunc(n.report.Policy.Releases, x.Night.Policy.Releases, func(a, b analysis.Version[analysis.Plan]) bool { return slices.Equal(a.Is.Releases, b.Is.Releases) }) {
				t.Fatalf("the night found %+v, and explain %+v", n.report.Policy.Releases, x.Night.Policy.Releases)
			}
		}
	}
	for _, day := range []string{"2026-06-29", "2026-04-17"} {
		if !released[day] {
			t.Errorf("nobody is promised the release of %s, so the test proves little: %v", day, released)
		}
	}
	if riding < 40 {
		t.Errorf("%d promises were compared, which proves little", riding)
	}
}

// A ledger is brought up to date once, and that is said, by report too, which tells no steps: an older firebreak
// does not open it any more.
func TestThatALedgerIsBroughtUpToDateIsSaid(t *testing.T) {
	n := sampleNight(t)
	path, key := n.config.Ledger, n.report.Items[0].Key
	if err := n.closeLedger(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err == nil {
		_, err = db.Exec("DROP INDEX issue_releases; ALTER TABLE issue DROP COLUMN releases; ALTER TABLE issue DROP COLUMN releases_read; PRAGMA user_version = 3")
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"was brought up to date, from version 3 of its schema to 4; an older firebreak does not open it any more\n", ""} {
		var said strings.Builder
		n.steps.w, n.steps.quiet = &said, true
		if _, err := n.explain(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		if err := n.closeLedger(); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(said.String(), want) || want == "" && said.Len() > 0 {
			t.Errorf("opened for the %d. time: %q, want %q", i+1, said.String(), want)
		}
	}
}

// The README's example is what the program says, to the second.
func TestTheREADMEShowsWhatExplainSays(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, example, found := strings.Cut(string(text), "$ firebreak explain SUP-1125\n")
	example, _, ended := strings.Cut(example, "\n```")
	if !found || !ended {
		t.Fatal("the README has no example of explain")
	}
	n := sampleNight(t)
	x, err := n.explainItem(t.Context(), "SUP-1125")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := tableOf(&b, x); err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(example, "…\n") {
		if !strings.Contains(b.String(), part) {
			t.Errorf("the README has\n%s\nand explain says\n%s", part, b.String())
		}
	}
}

// No line of an explanation is wider than the terminal, unless a single word is.
func TestExplanationsFitTheTerminal(t *testing.T) {
	n := sampleNight(t)
	for i, it := range n.report.Items {
		if i%7 != 0 {
			continue
		}
		x, err := n.explainItem(t.Context(), it.Tracker+"/"+it.Key)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := tableOf(&b, x); err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(b.String()) {
			if w := columns(strings.TrimRight(l, "\n")); w > 80 {
				t.Errorf("%s: %d columns: %s", it.Key, w, l)
			}
		}
	}
}

// Pages are joined to items in many ways, and explain has to find them in each without reading all pages.
func TestExplainFindsThePagesOfAnItem(t *testing.T) {
	n := sampleNight(t)
	at := n.report.AsOf.Add(-30 * 24 * time.Hour)
	var issues []record.Issue
	issue := func(tracker, id, key, url string, aliases []string, links []string, field ...string) {
		c := record.Copy{Parts: 1<<13 - 1, Key: key, URL: url, Title: key, Type: "Incident", Created: at, Updated: at, Status: record.Status{Name: "New"}}
		for _, l := range links {
			c.Links = append(c.Links, record.Link{Kind: "url", To: l})
		}
		if len(field) > 0 {
			c.Fields = map[string][]string{"page": field}
		}
		issues = append(issues, record.Issue{Ref: record.Ref{Tracker: tracker, ID: id}, Aliases: aliases, HistoryTo: at, Copies: []record.Copy{c}})
	}
	issue("tickets", "x1", "OPS-1", "https://jira.example/browse/OPS-1", []string{"OLD-1"}, nil)
	issue("tickets", "x2", "OPS-2", "", nil, []string{"https://pager.example/incidents/PLINKED1/timeline", "https://pager.example/show?id=7"})
	issue("tickets", "x3", "OPS-3", "", nil, nil, "PFIELD01", " https://pager.example/incidents/PFIELD02 ", "4711")
	issue("tickets", "x4", "OPS-4", "", nil, nil)
	issue("code", "x5", "acme/ops#5", "https://github.com/acme/ops/issues/5", nil, nil)
	issue("code", "x6", "acme/ops#55", "https://github.com/acme/ops/issues/55", nil, nil)

	var pages []record.Page
	page := func(id, title string, more func(*record.Page)) {
		p := record.Page{Ref: record.Ref{Tracker: "pager", ID: id}, Title: title, Service: "SMS", Triggered: at.Add(time.Duration(len(pages)+1) * time.Minute), Updated: at}
		if more != nil {
			more(&p)
		}
		pages = append(pages, p)
	}
	named := func(issues ...string) func(*record.Page) { return func(p *record.Page) { p.Issues = issues } }
	page("PTITLE01", "disk full (OPS-1)", nil)
	page("PTITLE02", "OPS-10 and OPS-11 and XOPS-1 and OPS-1-2 and sops-1", nil)
	page("PTITLE03", "see https://jira.example/browse/OLD-1, please", nil)
	page("PTITLE04", "see https://jira.other/browse/OPS-1", nil)
	page("PTITLE05", "board https://jira.example/board?selectedIssue=OPS-1&x=2", nil)
	page("PFIELD03", "in a field", named("ops-1"))
	page("PFIELD04", "in a field", named("https://jira.example/browse/OPS-1/"))
	page("PLINKED1", "linked to", nil)
	page("PSHOWN01", "at an address without its id", func(p *record.Page) { p.URL = "https://pager.example/show?id=7" })
	page("PFIELD01", "told by id", nil)
	page("PFIELD02", "told by address", func(p *record.Page) { p.URL = "https://pager.example/incidents/PFIELD02" })
	page("4711", "a number is no id", nil)
	page("PMERGED1", "OPS-4", func(p *record.Page) { p.MergedInto = "PMERGED2" })
	page("PMERGED2", "part of a third", func(p *record.Page) { p.MergedInto = "PMERGED3" })
	page("PMERGED3", "the third", nil)
	page("PAROUND1", "OPS-4 in a circle", func(p *record.Page) { p.MergedInto = "PAROUND2" })
	page("PAROUND2", "in a circle", func(p *record.Page) { p.MergedInto = "PAROUND1" })
	page("pagerduty-99", "OPS-4 by number", func(p *record.Page) { p.Number = "99" })
	page("PNUMBER9", "the same by id", func(p *record.Page) { p.Number, p.Triggered = "99", pages[len(pages)-1].Triggered })
	page("PCODE001", "acme/ops#5 is on fire", nil)
	page("PCODE002", "https://github.com/acme/ops/issues/5", nil)
	page("PCODE003", "nothing", named("https://github.com/acme/ops/issues/55"))
	page("PCODE004", "https://github.com/other/ops/issues/5", nil)

	for source, b := range map[string]record.Batch{"tickets": {Issues: issues[:4]}, "code": {Issues: issues[4:]}, "pager": {Pages: pages}} {
		if err := n.ledger.Save(t.Context(), source, b); err != nil {
			t.Fatal(err)
		}
	}
	n.steps.begin("again")
	if err := n.analyse(t.Context()); err != nil {
		t.Fatal(err)
	}
	joined := map[string]bool{}
	for _, is := range issues {
		it := n.report.Find(is.Facts().Key)
		x, err := n.explainItem(t.Context(), it.Tracker+"/"+it.Key)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(judgement(it), judgement(x.Item)); d != "" {
			t.Errorf("the night −, explain +\n%s", d)
		}
		for _, p := range it.Pages {
			joined[p.ID] = true
		}
	}
	for _, id := range []string{"PTITLE01", "PTITLE03", "PTITLE05", "PFIELD03", "PFIELD04", "PLINKED1", "PSHOWN01", "PFIELD01", "PFIELD02", "PMERGED3", "PAROUND1", "PNUMBER9", "PCODE001", "PCODE002", "PCODE003"} {
		if !joined[id] {
			t.Errorf("%s is joined to nothing, so the test proves nothing of it", id)
		}
	}
}

func TestLettersTakeTheRoomTheyTake(t *testing.T) {
	for s, want := range map[string]int{"": 0, "Done": 4, "已完成": 6, "Größe": 5, "e\u0301": 1, "ＡＢ": 4, "한국": 4} {
		if got := columns(s); got != want {
			t.Errorf("%q: %d columns, want %d", s, got, want)
		}
	}
}

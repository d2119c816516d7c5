package main

import (
	"context"
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
		items := n.report.Items
		if asOf != 0 || testing.Short() { // every one of the present, some of the past
			items = slices.DeleteFunc(slices.Clone(items), func(it *analysis.Item) bool { return len(it.Pages) == 0 && len(it.Key)%2 == 0 })
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
			if w := []rune(strings.TrimRight(l, "\n")); len(w) > 80 {
				t.Errorf("%s: %d columns: %s", it.Key, len(w), l)
			}
		}
	}
}

// What one question costs, of a ledger of 100,000 issues that cmd/samplegen made:
//
//	FIREBREAK_BENCH_100K=1 go test ./cmd/firebreak -run '^$' -bench Explain
func BenchmarkExplain(b *testing.B) {
	issues := 1000
	if os.Getenv("FIREBREAK_BENCH_100K") != "" {
		issues = 100_000
	}
	dir := b.TempDir()
	generate(b, "--bench", fmt.Sprint(issues), "--out", filepath.Join(dir, "exports"))
	write(b, filepath.Join(dir, "firebreak.yaml"), "wiki: {title: Bench}\nsources:\n  tickets: {kind: jira, files: [exports]}\n")
	policy(b, dir)
	file := filepath.Join(dir, "firebreak.yaml")
	if code := run(b.Context(), []string{"firebreak", "collect", "--quiet", "--config", file}, io.Discard, os.Stderr); code != published {
		b.Fatal(code)
	}
	for _, key := range []string{"SUP-500", "sup-77"} {
		b.Run(key, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if code := run(b.Context(), []string{"firebreak", "explain", key, "--config", file}, io.Discard, os.Stderr); code != published {
					b.Fatal(code)
				}
			}
		})
	}
	b.Run("unknown", func(b *testing.B) {
		for b.Loop() {
			if code := run(b.Context(), []string{"firebreak", "explain", "SUP-x1", "--config", file}, io.Discard, io.Discard); code != unusable {
				b.Fatal(code)
			}
		}
	})
}

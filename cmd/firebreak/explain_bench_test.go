//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/ledger"
	"github.com/firebreak/firebreak/collectors/record"
)

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

// What the same question costs where the answer hangs on the releases that all issues tell of: as of now, and as of a
// year ago, when a third of them told of none.
func BenchmarkExplainPromised(b *testing.B) {
	issues := 1000
	if os.Getenv("FIREBREAK_BENCH_100K") != "" {
		issues = 100_000
	}
	dir := b.TempDir()
	write(b, filepath.Join(dir, "firebreak.yaml"), "wiki: {title: Bench}\nsources:\n  tickets: {kind: jira, files: [exports]}\n")
	write(b, filepath.Join(dir, "content", "policy.yaml"), trainsText(b))
	l, err := ledger.Open(b.Context(), filepath.Join(dir, ".firebreak", "ledger.db"))
	if err != nil {
		b.Fatal(err)
	}
	begun := record.At(time.Date(2023, 11, 1, 9, 0, 0, 0, time.UTC))
	day := func(n int) record.Instant { return begun.Add(time.Duration(n) * 24 * time.Hour) }
	ann := record.Person{Account: "ann"}
	for first := 0; first < issues; first += 1000 {
		var batch record.Batch
		for i := first; i < first+1000; i++ {
			created := day(i * 1095 / issues)
			is := record.Issue{Ref: record.Ref{Tracker: "tickets", ID: fmt.Sprint(1_000_000 + i)}, HistoryTo: created + 9, CommentsTo: created + 9, Seen: day(1095)}
			c := record.Copy{Parts: 1<<15 - 1, Key: fmt.Sprint("SUP-", i+1), Project: "SUP", Title: "Fax queue stuck", Type: "Bug", Priority: "Major", Reporter: ann,
				Status: record.Status{Name: "In Progress", Category: record.Doing}, Created: created, Updated: created + 8, Seen: is.Seen}
			for k := range 8 {
				is.Changes = append(is.Changes, record.Change{ID: fmt.Sprint(8*i + k), At: created + record.Instant(k), By: ann, Field: record.FieldLabel, To: fmt.Sprint("l", k)})
			}
			for k := range i % 3 { // none, one, or two that follow each other
				nth := (i*1095/issues + 30 + 45*k) / 42
				c.Releases = append(c.Releases, record.Release{Name: fmt.Sprintf("%d.%d.%d", nth/9, nth/3%3, nth%3), Date: record.Date(day(42 * nth).In(time.UTC).Format(time.DateOnly))})
			}
			is.Copies = []record.Copy{c}
			batch.Issues = append(batch.Issues, is)
		}
		if err := l.Save(b.Context(), "tickets", batch); err != nil {
			b.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	for name, asOf := range map[string]string{"now": "2026-10-31", "a-year-ago": "2025-10-31"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var out strings.Builder
				if code := run(b.Context(), []string{"firebreak", "explain", "SUP-500", "--as-of", asOf, "--config", filepath.Join(dir, "firebreak.yaml")}, &out, os.Stderr); code != published || !strings.Contains(out.String(), "next maintenance release") {
					b.Fatal(code, out.String())
				}
			}
		})
	}
}

//go:build unix

package main

// The whole night as one process, measured from outside: CPU seconds and peak memory of
// `firebreak nightly` over exports that cmd/samplegen writes.
//
//	go test ./cmd/firebreak -run '^$' -bench 'Night|Pages|Entries|Live|Demo' -benchtime 5x
//
// user-s and sys-s are the medians of the runs. Making twenty thousand files is up to the file system
// and to whoever else uses it: TMPDIR=/dev/shm leaves the disk out.
//
// FIREBREAK_BENCH_100K=1 adds the night of 100,000 issues, whose exports take 1.5 GB of disk, and that of
// 1,000,000 pages, and makes the live collections as large.

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/collectortest/fakejira"
)

func BenchmarkNight(b *testing.B) {
	for _, issues := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("%d-issues", issues), func(b *testing.B) {
			if issues > 10_000 && os.Getenv("FIREBREAK_BENCH_100K") == "" {
				b.Skip("set FIREBREAK_BENCH_100K=1 for the night of 100,000 issues: its exports take 1.5 GB of disk")
			}
			dir := b.TempDir()
			generate(b, "--bench", fmt.Sprint(issues), "--out", filepath.Join(dir, "exports"))
			write(b, filepath.Join(dir, "firebreak.yaml"), "wiki: {title: Bench}\nsources:\n  tickets: {kind: jira, files: [exports]}\n")
			policy(b, dir)
			measure(b, dir, "nightly")
		})
	}
}

// What a pager has told in years, in reports of 19,000 rows: first collected, then the whole night.
func BenchmarkPages(b *testing.B) {
	for _, pages := range []int{50_000, 1_000_000} {
		b.Run(fmt.Sprintf("%d-pages", pages), func(b *testing.B) {
			if pages > 50_000 && os.Getenv("FIREBREAK_BENCH_100K") == "" {
				b.Skip("set FIREBREAK_BENCH_100K=1 for the night of 1,000,000 pages")
			}
			dir := b.TempDir()
			generate(b, "--pages", fmt.Sprint(pages), "--out", filepath.Join(dir, "pages"))
			write(b, filepath.Join(dir, "firebreak.yaml"), "wiki: {title: Bench}\nsources:\n  pager: {kind: pagerduty, files: [pages]}\n")
			policy(b, dir)
			b.Run("collect", func(b *testing.B) { measure(b, dir, "collect") })
			b.Run("nightly", func(b *testing.B) { measure(b, dir, "nightly") })
		})
	}
}

func BenchmarkEntries(b *testing.B) {
	dir := b.TempDir()
	generate(b, "--bench", "100", "--out", filepath.Join(dir, "exports"))
	generate(b, "--entries", "10000", "--out", filepath.Join(dir, "content"))
	write(b, filepath.Join(dir, "firebreak.yaml"), "wiki: {title: Bench}\nsources:\n  tickets: {kind: jira, files: [exports]}\n")
	policy(b, dir)
	measure(b, dir, "nightly")
}

// A first collection from a live Jira, which answers from this process while the one that is measured
// collects. It takes as long as the pace of requests makes it: 10 a second.
func BenchmarkLive(b *testing.B) {
	issues := 10_000
	if os.Getenv("FIREBREAK_BENCH_100K") != "" {
		issues = 100_000
	}
	for name, cloud := range map[string]bool{"jira-cloud": true, "jira-data-center": false} {
		b.Run(fmt.Sprintf("%s/%d-issues", name, issues), func(b *testing.B) {
			site := fakejira.New(fakejira.Options{Cloud: cloud, Issues: issues, Seed: 1, Email: "bot@acme.example", Token: fakeToken, Now: time.Now()})
			s := httptest.NewServer(site)
			defer s.Close()
			b.Setenv("BENCH_TOKEN", fakeToken)
			dir, email := b.TempDir(), ""
			if cloud {
				email = "email: bot@acme.example, "
			}
			write(b, filepath.Join(dir, "firebreak.yaml"), fmt.Sprintf(
				"wiki: {title: Bench}\nsources:\n  tickets: {kind: jira, url: %s, %stoken_env: BENCH_TOKEN, jql: 'project in (SUP, OPS)'}\n", s.URL, email))
			policy(b, dir)
			measure(b, dir, "collect")
			total := 0
			for _, n := range site.Requests() {
				total += n
			}
			b.ReportMetric(float64(total)/float64(b.N), "requests")
		})
	}
}

func BenchmarkDemo(b *testing.B) { measure(b, b.TempDir(), "demo") }

// policy copies the sample's policy.
func policy(b *testing.B, dir string) {
	text, err := os.ReadFile("../../content/policy.yaml")
	if err != nil {
		b.Fatal(err)
	}
	write(b, filepath.Join(dir, "content", "policy.yaml"), string(text))
}

func generate(b *testing.B, args ...string) {
	b.Helper()
	if out, err := exec.Command("go", append([]string{"run", "../samplegen"}, args...)...).CombinedOutput(); err != nil {
		b.Fatalf("samplegen %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// measure runs the command in a fresh copy of nothing but its inputs, each time.
func measure(b *testing.B, dir string, args ...string) {
	b.Helper()
	exe := filepath.Join(b.TempDir(), "firebreak")
	if out, err := exec.Command("go", "build", "-o", exe, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	var user, system []float64
	peak := 0.0
	for b.Loop() {
		b.StopTimer()
		for _, made := range []string{".firebreak", "public", "wiki"} {
			if err := os.RemoveAll(filepath.Join(dir, made)); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		c := exec.Command(exe, append(args, "--quiet")...)
		c.Dir = dir
		out, err := c.CombinedOutput()
		if code := c.ProcessState.ExitCode(); code != published && code != withGaps {
			b.Fatalf("%v\n%s", err, out)
		}
		user = append(user, c.ProcessState.UserTime().Seconds())
		system = append(system, c.ProcessState.SystemTime().Seconds())
		if r, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
			rss := float64(r.Maxrss) / 1024 // kilobytes on Linux
			if runtime.GOOS == "darwin" {
				rss /= 1024 // bytes
			}
			peak = max(peak, rss)
		}
	}
	b.ReportMetric(median(user), "user-s")
	b.ReportMetric(median(system), "sys-s")
	b.ReportMetric(peak, "peak-MiB")
}

func median(vs []float64) float64 {
	slices.Sort(vs)
	return vs[len(vs)/2]
}

package github_test

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/collectortest/fakegithub"
	"github.com/firebreak/firebreak/collectors/github"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// reader is a Live over a fake without pauses, and its transport's count.
func reader(t testing.TB, h http.Handler, l github.Live) *github.Live {
	t.Helper()
	tr, err := transport.New(transport.Options{Service: "code", Origin: "https://api.github.com", Auth: transport.Bearer(collectortest.Token),
		Base: collectortest.Wire(h), Pace: 1e9, Patience: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	l.Name, l.Tracker, l.HTTP = "code", "code", tr
	return &l
}

// night is a whole Fetch: what it cost and where it ended.
func night(t testing.TB, l *github.Live, since record.Cursor) (cursor record.Cursor, issues, requests int, most uint64) {
	t.Helper()
	before := l.Spent().Requests
	cursor = since
	batches := 0
	for b, err := range l.Fetch(context.Background(), since) {
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range b.Gaps {
			t.Fatalf("gap: %v", g)
		}
		issues += len(b.Issues)
		cursor = b.Cursor
		if batches++; batches%200 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
		}
	}
	return cursor, issues, l.Spent().Requests - before, most
}

// hundredThousand is a repository of 100,000 issues and as many pull requests as the recordings have
// beside them.
func hundredThousand() *fakegithub.Hub {
	return fakegithub.New(fakegithub.Options{Repos: []string{"acme/orders"}, Issues: 180_000, PullShare: 0.44, Token: collectortest.Token, Quota: 0})
}

// BenchmarkLive counts requests against 100,000 issues, and holds them to what they may be: a first
// collection to 5 % more than the fewest that the sizes of the pages allow and to 150 MB; a night of 200
// changes to 205 requests and five for the list; a night without any to one.
func BenchmarkLive(b *testing.B) {
	if testing.Short() {
		b.Skip("a first collection of 100,000 issues takes a minute or two")
	}
	hub := hundredThousand()
	live := github.Live{Repos: []string{"acme/orders"}}
	there := len(hub.Truth())
	timelines := 0 // requests that no reader can do without
	hub.Before(func(_ int, _ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/timeline") {
			timelines++
		}
		return false
	})
	var cursor record.Cursor
	b.Run("first collection", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			timelines = 0
			next, issues, requests, most := night(b, reader(b, hub, live), "")
			fewest := timelines + 180_000/100
			if cursor = next; issues != there || float64(requests) > 1.05*float64(fewest) || most > 150<<20 {
				b.Fatalf("%d issues of %d, %d requests where %d are the fewest, %d MB", issues, there, requests, fewest, most>>20)
			}
			b.ReportMetric(float64(issues), "issues")
			b.ReportMetric(float64(requests), "requests")
			b.ReportMetric(float64(requests-fewest), "more-than-fewest")
			b.ReportMetric(float64(most>>20), "MB")
		}
	})
	if cursor == "" {
		return // not asked for
	}
	hub.Advance(time.Hour)
	b.Run("200 changes", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for range 20 {
				hub.Change(10)
				hub.Advance(time.Hour)
			}
			long := timelines
			next, issues, requests, _ := night(b, reader(b, hub, live), cursor)
			cursor, long = next, timelines-long-issues // second pages of timelines
			if issues < 190 || issues > 200 || requests-long > 205+5 {
				b.Fatalf("%d issues for %d requests", issues, requests)
			}
			b.ReportMetric(float64(issues), "issues")
			b.ReportMetric(float64(requests-long), "requests")
		}
	})
	for range 2 { // of which the latter leaves the mark
		cursor, _, _, _ = night(b, reader(b, hub, live), cursor)
		hub.Advance(time.Hour)
	}
	b.Run("no change", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			next, issues, requests, _ := night(b, reader(b, hub, live), cursor)
			if cursor = next; issues != 0 || requests != 1 {
				b.Fatalf("%d issues for %d requests", issues, requests)
			}
			b.ReportMetric(float64(requests), "requests")
		}
	})
}

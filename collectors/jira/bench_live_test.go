package jira_test

// What a site of 100,000 issues costs: go test -bench Site -benchtime 1x. Requests are what counts; the
// fake takes most of the time.

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/collectortest/fakejira"
	"github.com/firebreak/firebreak/collectors/record"
)

const (
	many    = 100_000
	changed = 200
)

// night reads a site from a cursor to the end and says what it took.
func night(b *testing.B, s *fakejira.Site, cloud bool, since record.Cursor) (cursor record.Cursor, issues, requests int) {
	b.Helper()
	address := "https://acme.atlassian.net"
	if !cloud {
		address = "https://jira.acme.example"
	}
	delivered := map[string]bool{}
	l := source(b, address, cloud, 1e6, collectortest.Wire(s), func(context.Context, string) ([]string, error) { return nil, nil })
	cursor = since
	for batch, err := range l.Fetch(b.Context(), since) {
		if err != nil {
			b.Fatal(err)
		}
		if len(batch.Gaps) > 0 {
			b.Fatal(batch.Gaps)
		}
		for _, is := range batch.Issues {
			delivered[is.ID] = true
		}
		cursor = batch.Cursor
	}
	return cursor, len(delivered), l.Spent().Requests
}

func BenchmarkSite(b *testing.B) {
	for _, c := range []struct {
		name  string
		cloud bool
		most  int // requests of an ordinary night
	}{{"Cloud", true, 8}, {"DataCenter", false, 8}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				s := fakejira.New(fakejira.Options{Cloud: c.cloud, Issues: many})
				heap := watchHeap()
				cursor, n, first := night(b, s, c.cloud, "")
				peak := heap()
				if n != many {
					b.Fatalf("%d issues of %d", n, many)
				}
				b.Logf("first collection: %d requests: %v", first, s.Requests())
				if few := fewest(s, c.cloud); float64(first) > 1.05*float64(few) {
					b.Errorf("%d requests for a first collection; the sizes of pages allow for %d", first, few)
				}
				s.Reset()
				s.Advance(12 * time.Hour)
				s.Change(changed)
				s.Advance(12 * time.Hour)
				_, n, again := night(b, s, c.cloud, cursor)
				if n != changed {
					b.Errorf("%d issues were read; %d changed", n, changed)
				}
				b.Logf("a night: %d requests: %v", again, s.Requests())
				long := 0 // issues with more comments or worklogs than a search gives, which only they can be asked for
				for asked, n := range s.Requests() {
					if strings.Contains(asked, "/issue/{id}/") {
						long += n
					}
				}
				if again-long > c.most {
					b.Errorf("%d requests for a night, and %d for long lists; want at most %d", again-long, long, c.most)
				}
				b.ReportMetric(float64(long), "for-long-lists")
				b.ReportMetric(float64(first), "requests/first")
				b.ReportMetric(float64(again), "requests/night")
				b.ReportMetric(float64(peak)/1e6, "MB-heap")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}

// fewest is how many requests a first collection takes at the least, with what the fake allows on a page.
func fewest(s *fakejira.Site, cloud bool) int {
	cut, entries, lists := 0, 0, 0
	for _, is := range s.Truth() {
		if cloud && is.Histories > 40 {
			cut, entries = cut+1, entries+is.Histories
		}
		if cloud && is.Comments > 20 {
			lists += (is.Comments + 99) / 100
		}
		if is.Worklogs > 20 {
			lists++
		}
	}
	return 2 + many/100 + max((cut+999)/1000, (entries+9999)/10_000) + lists
}

// watchHeap says how much more of the heap was in use, at most, than when it began, the garbage counted
// out: what a collection takes whatever the size of the site, besides the fake.
func watchHeap() (peak func() uint64) {
	inUse := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most := inUse(), uint64(0)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(500 * time.Millisecond):
				if now := inUse(); now > before {
					most = max(most, now-before)
				}
			}
		}
	})
	return func() uint64 {
		close(stop)
		wg.Wait()
		return most
	}
}

package fakegithub_test

import (
	"fmt"
	"net/http/httptest"
	"runtime"
	"testing"

	"github.com/firebreak/firebreak/collectors/collectortest/fakegithub"
)

// What is measured of a source over the fake is the source's only while the fake is small and quick.

func TestAHundredThousandIssuesAreSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes 100,000 issues")
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	h := fakegithub.New(fakegithub.Options{Issues: 100_000, PullShare: 0.4, Seed: 1, Now: now})
	get(t, h, all+"&per_page=100")
	used := heap() - before
	runtime.KeepAlive(h)
	if used > 40<<20 {
		t.Errorf("100,000 issues take %d MiB", used>>20)
	}
}

func BenchmarkPageOfAHundredIssues(b *testing.B) {
	h := fakegithub.New(fakegithub.Options{Issues: 100_000, PullShare: 0.4, Seed: 1, Now: now})
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", fmt.Sprintf("%s&per_page=100&page=%d", all, 1+n%10), nil))
		b.SetBytes(int64(w.Body.Len()))
	}
}

func BenchmarkTimeline(b *testing.B) {
	h := fakegithub.New(fakegithub.Options{Issues: 100_000, PullShare: 0.4, Seed: 1, Now: now})
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", fmt.Sprintf("/repos/acme/orders/issues/%d/timeline?per_page=100", 1+n%100_000), nil))
		b.SetBytes(int64(w.Body.Len()))
	}
}

func BenchmarkGraphQLPage(b *testing.B) {
	h := fakegithub.New(fakegithub.Options{Issues: 100_000, PullShare: 0.4, Seed: 1, Now: now})
	b.ReportAllocs()
	for b.Loop() {
		ask(b, h, issuesQuery, map[string]any{"owner": "acme", "name": "orders", "n": 100})
	}
}

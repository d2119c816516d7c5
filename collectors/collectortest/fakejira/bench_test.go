package fakejira

import (
	"encoding/json"
	"runtime"
	"testing"
)

// What the fake costs beside its client: the page of a hundred issues with everything that is asked for,
// in the middle of a hundred thousand, and only to decode what a client must look at.
func BenchmarkPageOfAHundredThousand(b *testing.B) {
	s := cloud(b, 100_000)
	token := must[page](b, s, searchURL(everything, "id", 5000, ""), nil).NextPageToken
	path := searchURL(everything, "*all", 100, token)
	text := read(b, ask(b, s, path, nil))
	b.Run("serve", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			ask(b, s, path, nil)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			var v any
			if err := json.Unmarshal([]byte(text), &v); err != nil {
				b.Fatal(err)
			}
		}
	})
	ids := must[page](b, s, searchURL(everything, "id", 1000, ""), nil)
	var list []string
	for _, is := range ids.Issues {
		list = append(list, is.ID)
	}
	b.Run("bulkfetch", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ask(b, s, "/rest/api/3/changelog/bulkfetch", map[string]any{"issueIdsOrKeys": list, "maxResults": 10000})
		}
	})
	b.Run("query", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.mu.Lock()
			s.version++
			s.find(everything, true)
			s.mu.Unlock()
		}
	})
}

func TestAHundredThousandIssuesCostLittleMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := cloud(t, 100_000)
	s.Change(200)
	must[page](t, s, searchURL(everything, "id", 5000, ""), nil)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if mb := float64(after.HeapAlloc-before.HeapAlloc) / 1e6; mb > 20 {
		t.Errorf("%.1f MB", mb)
	}
	runtime.KeepAlive(s)
}

package exports

import (
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

// A record that does not end costs itself, or what follows it, and never the memory of the machine.
func TestARecordWithoutAnEndIsBounded(t *testing.T) {
	long := strings.Repeat("x", recordLimit+2<<20)
	for _, c := range []struct{ name, text, ids, said string }{
		{"a.json", `[{"id":1},{"id":"` + long + `"},{"id":3}]`, `{"id":1}`, "gap: whatever follows record 1 in a.json: a record is longer than 64 MB"},
		{"a.jsonl", `{"id":1}` + "\n" + `{"id":"` + long + `"}` + "\n" + `{"id":3}`, `{"id":1} {"id":3}`, "a.jsonl:2: left out: a record is longer than 64 MB"},
		{"a.csv", "id,b\n1,b\n2," + long + "\n3,b\n", "id 1", "gap: rows after line 2 in a.csv: a record is longer than 64 MB"},
		{"page.json", `{"a":"` + long + `","issues":[{"id":1}]}`, "", "gap: everything in page.json: a record is longer than 64 MB"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		o := fetch(t, Set{FS: fstest.MapFS{c.name: {Data: []byte(c.text)}}, Patterns: []string{"*"}}, "")
		runtime.ReadMemStats(&after)
		if o.ids() != c.ids || !strings.Contains(o.said(), c.said) {
			t.Errorf("%s: records %.80q and said %.200q; want %q and %q", c.name, o.ids(), o.said(), c.ids, c.said)
		}
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 600 { // buffers double as they grow
			t.Errorf("%s: %d MB were taken", c.name, used)
		}
	}
}

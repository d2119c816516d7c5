package exports

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

func TestCommasBeforeABracketCostNothing(t *testing.T) {
	for _, c := range []struct{ name, text, want, said string }{
		{"page", "{\"total\":2,\"issues\":[{\"id\":1,},{\"id\":2}\n,]}", `{"id":1} {"id":2}`, "a:record 1: the JSON has 2 commas"},
		{"array", "[{\"id\":1},{\"id\":[2,]},{\"id\":3},\n]\n", `{"id":1} {"id":[2]} {"id":3}`, "a:record 2: the JSON has 2 commas"},
		{"in a string", `[{"id":"a,}\",]"},{"id":2},]`, `{"id":"a,}\",]"} {"id":2}`, "a:record 3: the JSON has a comma before"},
		{"lines", "{\"id\":1}\n{\"id\":2,}\n{\"id\":3}\n", `{"id":1} {"id":2} {"id":3}`, "a:2: the JSON of the line has a comma before"},
		{"two on a line", "{\"id\":1} {\"id\":2,}\n{\"id\":3}\n", `{"id":1} {"id":2} {"id":3}`, "a:1: the JSON of the line has a comma before"},
		{"strange elements", `[1,{"id":1},{"id":2,}]`, `{"id":1} {"id":2}`, "a:record 3: the JSON has a comma before"},
	} {
		for _, data := range [][]byte{[]byte(c.text), zip(c.text), wide(c.text)} {
			o := fetch(t, one("a", data), "")
			if got := strings.ReplaceAll(o.ids(), "\n", ""); got != c.want || strings.Contains(o.said(), "gap") || !strings.Contains(o.said(), c.said) {
				t.Errorf("%s: got %s\n%s", c.name, got, o.said())
			}
			if strings.Count(o.said(), "left out") != strings.Count(c.text, "[1,") {
				t.Errorf("%s: %s", c.name, o.said())
			}
		}
	}
}

func TestWhatStandsBeforeAFaultIsReadOnceWhateverElseIsWrong(t *testing.T) {
	o := fetch(t, one("a", []byte(`[{"id":1},{"id":2,},{"id":3},{"id":4]`)), "")
	if o.ids() != `{"id":1} {"id":2} {"id":3}` || !strings.Contains(o.said(), "gap: whatever follows record 3 in a") || !strings.Contains(o.said(), "a:record 2: the JSON has a comma before") {
		t.Error(o.ids(), o.said())
	}
	if o.batch.Tallies[0].Left["same record twice"] != 0 {
		t.Errorf("records were told twice: %v", o.batch.Tallies)
	}
	o = fetch(t, one("a", []byte(`[{"id":1},,{"id":2}]`)), "")
	if o.ids() != `{"id":1}` || strings.Contains(o.said(), "passed over") || !strings.Contains(o.said(), "gap: whatever follows record 1 in a") {
		t.Error(o.ids(), o.said())
	}
}

// TestTextWithoutSuchCommasIsTheSame holds for JSON that is well, however it comes.
func TestTextWithoutSuchCommasIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var value func(depth int) string
		value = func(depth int) string {
			kind := rapid.IntRange(0, 3).Draw(t, "kind")
			if depth > 3 {
				kind = 0
			}
			var parts []string
			switch kind {
			case 1, 2:
				for range rapid.IntRange(0, 3).Draw(t, "n") {
					v := value(depth + 1)
					if kind == 2 {
						v = `"k":` + v
					}
					parts = append(parts, v)
				}
			default:
				q, _ := jsontext.AppendQuote(nil, rapid.SampledFrom([]string{"", ",]", `"`, `\`, `\",}`, "é,", "a"}).Draw(t, "text"))
				return string(q)
			}
			all := strings.Join(parts, ",")
			if rapid.Bool().Draw(t, "comma") && len(parts) > 0 {
				all += ",\n "
			}
			return map[int]string{1: "[" + all + "]", 2: "{" + all + "}"}[kind]
		}
		text := value(0)
		c := &commaless{from: iotest.OneByteReader(strings.NewReader(text))}
		got, err := io.ReadAll(c)
		if err != nil || !jsontext.Value(got).IsValid(validity()...) {
			t.Fatalf("%q became %q: %v", text, got, err)
		}
		line, n := withoutCommas([]byte(text))
		if n != c.dropped || string(line) != string(got) {
			t.Errorf("%q: %q and %q", text, line, got)
		}
		if jsontext.Value(text).IsValid(validity()...) && fmt.Sprint(compact(got)) != fmt.Sprint(compact([]byte(text))) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func compact(b []byte) string {
	v := jsontext.Value(b)
	_ = v.Compact(validity()...)
	return string(v)
}

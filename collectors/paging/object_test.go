package paging

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// TestTheOutlineOfAnObjectIsTheDecodersOwn compares the members and elements found with encoding/json's.
func TestTheOutlineOfAnObjectIsTheDecodersOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		blank := func() string { return rapid.SampledFrom([]string{"", "", " ", "\n\t"}).Draw(t, "blank") }
		word := func() string {
			return rapid.SampledFrom([]string{`"a"`, `"id"`, `""`, `"\""`, `"\\"`, `"}]{[,:"`, `"\u00e9\ud83d\ude00"`, `"日本"`, `"a\\\"b"`}).Draw(t, "word")
		}
		var value func(depth int) string
		value = func(depth int) string {
			kind := rapid.IntRange(0, 3).Draw(t, "kind")
			if depth > 3 {
				kind = 0
			}
			n := 0
			if kind > 0 {
				n = rapid.IntRange(0, 3).Draw(t, "n")
			}
			var parts []string
			for range n {
				v := blank() + value(depth+1) + blank()
				if kind > 1 {
					v = blank() + word() + blank() + ":" + v
				}
				parts = append(parts, v)
			}
			switch all := strings.Join(parts, ","); {
			case kind == 1 && depth > 0:
				return "[" + all + blank() + "]"
			case kind > 1 || depth == 0:
				if depth == 0 && kind < 2 {
					return "{}"
				}
				return "{" + all + blank() + "}"
			}
			return rapid.SampledFrom([]string{word(), "1", "-2.5e3", "true", "null", "false"}).Draw(t, "scalar")
		}
		same(t, []byte(blank()+value(0)))
	})
}

// same complains where the outline is not the decoder's.
func same(t interface{ Errorf(string, ...any) }, text []byte) {
	var want map[string]json.RawMessage
	if json.Unmarshal(text, &want) != nil {
		return
	}
	o := newObject(nil, "", text)
	if len(o.names()) != len(want) {
		t.Errorf("%q: members %q, want %d", text, o.names(), len(want))
	}
	for name, v := range want {
		got, ok := o.member(name)
		if !ok || !bytes.Equal(got, v) {
			t.Errorf("%q: %s is %q, want %q", text, name, got, v)
		}
		var s string
		if json.Unmarshal(v, &s) == nil && v[0] == '"' && s != scalar(got) {
			t.Errorf("%q: %s reads %q, want %q", text, name, scalar(got), s)
		}
		var list []json.RawMessage
		if v[0] == '[' && json.Unmarshal(v, &list) == nil {
			found := elements(got)
			if len(found) != len(list) {
				t.Errorf("%q: %d elements, want %d", v, len(found), len(list))
				continue
			}
			for i := range list {
				if !bytes.Equal(found[i], list[i]) {
					t.Errorf("%q: element %d is %q, want %q", v, i, found[i], list[i])
				}
			}
		}
		if v[0] == '{' {
			same(t, v)
		}
	}
}

// FuzzObject looks at the outline of anything, which must not fail, and of JSON, which must be the decoder's.
func FuzzObject(f *testing.F) {
	for _, s := range []string{`{"a":{"b":[1,"x",{}]},"c":null}`, `{"a`, `{"a":`, `{"a" 1}`, `[[`, `{"\`, `{}}`, `{"a":1,,}`, `{"a":"b`, `[1 2]`, `[:]`, `[}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true)) { // and so in UTF-8, as files are made
			same(t, text)
		}
		o := newObject(nil, "", text)
		for _, name := range o.names() {
			o.texts(name)
			o.list(name)
			o.text(name)
			o.in(name)
		}
		elements(text)
	})
}

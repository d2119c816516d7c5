package github

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/tools/txtar"
)

func seeds(f *testing.F, add func([]byte)) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			if file.Name != "want" {
				add(file.Data)
			}
		}
	}
}

// FuzzFile reads anything as an export: whatever it is, what is kept can be told and shown, what isn't
// is accounted for, and it is the same every night.
func FuzzFile(f *testing.F) {
	seeds(f, func(b []byte) { f.Add(b) })
	f.Fuzz(func(t *testing.T, data []byte) {
		files := Files{Tracker: "t", Set: exports.Set{Source: "t", FS: fstest.MapFS{"f.json": {Data: data}}, Patterns: []string{"f.json"}}}
		b := collect(t, files)
		for _, is := range b.Issues {
			c := is.Copies[0]
			switch {
			case is.ID == "" || c.Key == "" || c.Created == 0 || c.Status.Category == "":
				t.Errorf("an issue that cannot be told: %+v", is)
			case len(c.Text) > record.TextLimit || len(c.Links) > 1000:
				t.Errorf("%d bytes of text, %d links", len(c.Text), len(c.Links))
			case c.URL != "" && !strings.HasPrefix(c.URL, "http"):
				t.Errorf("an address of something else: %q", c.URL)
			}
			for _, s := range []string{is.ID, c.Key, c.Title, c.Text, c.URL, c.Milestone, c.Type, c.Resolution} {
				if !utf8.ValidString(s) {
					t.Errorf("not UTF-8: %q", s)
				}
			}
			for _, x := range is.Changes {
				if x.ID == "" || x.At == 0 || x.From == x.To {
					t.Errorf("a change of nothing: %+v", x)
				}
			}
		}
		if len(b.Issues) == 0 && len(b.Doubts) == 0 && len(b.Gaps) == 0 && (len(b.Tallies) != 1 || b.Tallies[0].Left[leftPull] == 0) {
			t.Errorf("nothing was read, and nothing said: %+v", b.Tallies)
		}
		if again := collect(t, files); dump(b) != dump(again) {
			t.Errorf("another reading gives something else:\n%s\n%s", dump(b), dump(again))
		}
	})
}

// FuzzWalk compares the walk over a value with what encoding/json finds in it.
func FuzzWalk(f *testing.F) {
	seeds(f, func(b []byte) { f.Add(string(b)) })
	f.Add(`{"a\\":"\"","b":[{},[1,-2.5e3,"x\\\"]"],null,true],"c" : { "d":{}} , "e":""}`)
	f.Fuzz(func(t *testing.T, s string) {
		d := jsontext.NewDecoder(strings.NewReader(s), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
		v, err := d.ReadValue()
		if err != nil || !utf8.Valid(v) {
			return
		}
		walk(t, v.Clone())
	})
}

func walk(t *testing.T, v jsontext.Value) {
	switch v.Kind() {
	case '{':
		var want map[string]json.RawMessage
		if json.Unmarshal(v, &want) != nil {
			return
		}
		got := map[string]jsontext.Value{}
		for name, m := range members(v) {
			var unescaped string
			if json.Unmarshal([]byte(`"`+name+`"`), &unescaped) != nil {
				t.Fatalf("member %q of %s", name, v)
			}
			got[unescaped] = m
			walk(t, m)
		}
		for name, m := range want {
			if string(got[name]) != string(m) {
				t.Errorf("%q of %s: %s, want %s", name, v, got[name], m)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d members in %s, want %d", len(got), v, len(want))
		}
	case '[':
		var want []json.RawMessage
		if json.Unmarshal(v, &want) != nil {
			return
		}
		n := 0
		for e := range elements(v) {
			if n < len(want) && string(e) != string(want[n]) {
				t.Errorf("element %d of %s: %s, want %s", n, v, e, want[n])
			}
			n++
			walk(t, e)
		}
		if n != len(want) {
			t.Errorf("%d elements in %s, want %d", n, v, len(want))
		}
	case '"':
		var want string
		if json.Unmarshal(v, &want) == nil && text(v) != want {
			t.Errorf("%s: %q, want %q", v, text(v), want)
		}
	}
}

package exports

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/firebreak/firebreak/collectors/record"
)

// outcome is what one Fetch yielded, all batches together.
type outcome struct {
	batch   record.Batch
	batches int
	err     error
}

// fetch reads a set as a reader of records {"id": …} in JSON, and of ids in the first column of CSV.
func fetch(t testing.TB, s Set, since record.Cursor) outcome {
	t.Helper()
	s.Source = "test"
	var o outcome
	for b, err := range s.Fetch(context.Background(), since, readIDs) {
		if err != nil {
			o.err = err
			continue
		}
		o.batches++
		o.batch.Issues = append(o.batch.Issues, b.Issues...)
		o.batch.Doubts = append(o.batch.Doubts, b.Doubts...)
		o.batch.Gaps = append(o.batch.Gaps, b.Gaps...)
		o.batch.Tallies = append(o.batch.Tallies, b.Tallies...)
		o.batch.Cursor, o.batch.Horizon, o.batch.Done, o.batch.Total = b.Cursor, b.Horizon, b.Done, b.Total
	}
	return o
}

func readIDs(f *File) {
	add := func(id string, at record.Instant) {
		f.Issue(record.Issue{Ref: record.Ref{Tracker: "t", ID: id}, Copies: []record.Copy{{Parts: record.HasCore, Key: id, Created: at}}})
	}
	if f.Format() == CSV {
		for row := range f.Rows() {
			add(strings.Clone(row.Cells[0]), 1)
		}
		return
	}
	for v := range f.JSON("issues", "values") {
		if v.Page {
			continue
		}
		add(strings.Clone(string(v.JSON)), 2)
	}
}

func (o outcome) ids() string {
	var ids []string
	for _, is := range o.batch.Issues {
		ids = append(ids, is.ID)
	}
	return strings.Join(ids, " ")
}

// said is all doubts and gaps, for tests that look for words.
func (o outcome) said() string {
	var b strings.Builder
	for _, d := range o.batch.Doubts {
		fmt.Fprintln(&b, "doubt:", d)
	}
	for _, g := range o.batch.Gaps {
		fmt.Fprintln(&b, "gap:", g)
	}
	return b.String()
}

func zip(parts ...string) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		z := gzip.NewWriter(&b)
		z.Write([]byte(p))
		z.Close()
	}
	return b.Bytes()
}

func wide(s string) []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func one(name string, data []byte) Set {
	return Set{FS: fstest.MapFS{name: {Data: data}}, Patterns: []string{name}, Options: "1"}
}

func TestEveryShapeOfJSONGivesItsRecords(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"page", `{"total":2,"issues":[{"id":1},{"id":2}],"isLast":true}`, `{"id":1} {"id":2}`},
		{"page made readable", "{\n \"names\": {\"a\":\"b\"},\n \"issues\": [\n  {\"id\":1},\n  {\"id\":2}\n ]\n}\n", `{"id":1} {"id":2}`},
		{"page broken into lines", "{\"issues\":[\n{\"id\":1},\n{\"id\":2}\n]}", `{"id":1} {"id":2}`},
		{"empty page", `{"issues":[]}`, ``},
		{"array", `[{"id":1},{"id":2}]`, `{"id":1} {"id":2}`},
		{"array of pages", `[{"issues":[{"id":1}]},{"startAt":1,"issues":[{"id":2}]}]`, `{"id":1} {"id":2}`},
		{"array of arrays", `[[{"id":1}],[{"id":2}]]`, `{"id":1} {"id":2}`},
		{"one object", "{\n\"id\": 1}", `{"id":1}`},
		{"lines", "{\"id\":1}\n{\"id\":2}\n", `{"id":1} {"id":2}`},
		{"lines without an end", "\n{\"id\":1}\r\n\r\n{\"id\":2}", `{"id":1} {"id":2}`},
		{"lines of pages", "{\"startAt\":0,\"issues\":[{\"id\":1}]}\n{\"startAt\":1,\"issues\":[{\"id\":2}]}\n", `{"id":1} {"id":2}`},
		{"pages after one another", `{"issues":[{"id":1}]}{"values":[{"id":2}]}`, `{"id":1} {"id":2}`},
		{"objects made readable, after one another", "{\n \"id\": 1\n}\n{\n \"id\": 2\n}\n", `{"id":1} {"id":2}`},
		{"a member that is no array", `{"issues":{"id":1}}`, `{"issues":{"id":1}}`},
	} {
		for _, form := range []struct {
			name string
			data []byte
		}{
			{"plain", []byte(c.text)},
			{"with a mark", []byte("\ufeff" + c.text)},
			{"gzip", zip(c.text)},
			{"UTF-16", wide(c.text)},
			{"gzip of UTF-16", zip(string(wide(c.text)))},
		} {
			t.Run(c.name+"/"+form.name, func(t *testing.T) {
				o := fetch(t, one("a", form.data), "")
				got := strings.NewReplacer(" ", "", "\n", "").Replace(strings.Join(strings.Fields(o.ids()), ""))
				if want := strings.ReplaceAll(c.want, " ", ""); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				if o.said() != "" {
					t.Errorf("unexpected: %s", o.said())
				}
			})
		}
	}
}

func TestGzipOfSeveralMembersIsReadWhole(t *testing.T) {
	o := fetch(t, one("a.txt", zip("{\"id\":1}\n", "{\"id\":2}\n")), "")
	if o.ids() != `{"id":1} {"id":2}` || o.said() != "" {
		t.Errorf("%s\n%s", o.ids(), o.said())
	}
}

var _ fs.FS = fstest.MapFS{}

package exports

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"
	"unicode/utf16"
	"unicode/utf8"

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
		fmt.Fprintf(&b, "gap: %s: %s\n", g.What, g.Why)
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

func TestTextIsRepairedHoweverItIsRead(t *testing.T) {
	text := strings.Repeat("aé日😱", 50) + "\xe9\xff" + strings.Repeat("x", 100) + "é\xc3"
	want := strings.Repeat("aé日😱", 50) + "éÿ" + strings.Repeat("x", 100) + "éÃ"
	for size := 1; size < 150; size++ {
		for name, from := range map[string]io.Reader{
			"whole": strings.NewReader(text), "bytes": iotest.OneByteReader(strings.NewReader(text)),
			"halves": iotest.HalfReader(strings.NewReader(text)), "with the end": iotest.DataErrReader(strings.NewReader(text)),
		} {
			u := &utf8Reader{from: from}
			var got []byte
			for empty := 0; ; {
				p := make([]byte, size)
				n, err := u.Read(p)
				got = append(got, p[:n]...)
				if err == io.EOF {
					break
				}
				if empty++; n > 0 {
					empty = 0
				}
				if err != nil || empty > 5 {
					t.Fatalf("%s, %d bytes at once: %v, %d empty reads", name, size, err, empty)
				}
			}
			if string(got) != want || u.wrong != 3 || u.first != 500 {
				t.Fatalf("%s, %d bytes at once: %d wrong from byte %d: %q", name, size, u.wrong, u.first, got)
			}
		}
	}
}

func TestAListOfSomeOtherToolIsNotKeptWhole(t *testing.T) {
	element := `{"x":"` + strings.Repeat("y", 1<<20) + `"},`
	size := 0
	s := one("a", []byte(`{"other":[`+strings.Repeat(element, 20)+`{}]}`))
	for b := range s.Fetch(context.Background(), "", func(f *File) {
		for v := range f.JSON("issues") {
			size += len(v.JSON)
			if !v.JSON.IsValid() {
				t.Error("what is left of it is not JSON")
			}
		}
	}) {
		if len(b.Doubts) != 1 || !strings.HasPrefix(b.Doubts[0].What, `its list "other" is longer than 16 MB`) {
			t.Error(b.Doubts)
		}
	}
	if size > enough+2<<20 {
		t.Errorf("%d bytes kept", size)
	}
}

func TestGzipOfSeveralMembersIsReadWhole(t *testing.T) {
	o := fetch(t, one("a.txt", zip("{\"id\":1}\n", "{\"id\":2}\n")), "")
	if o.ids() != `{"id":1} {"id":2}` || o.said() != "" {
		t.Errorf("%s\n%s", o.ids(), o.said())
	}
}

// numbered is n JSON Lines.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "{\"id\":%d}\n", i)
	}
	return b.String()
}

func TestWhatIsBadCostsItselfAndIsNamed(t *testing.T) {
	whole := zip(numbered(30000))
	for _, c := range []struct {
		name string
		data string
		ids  string // "" where they are not looked at
		read int
		left string
		said []string // a doubt or gap each
	}{
		{"empty", "", "", 0, "", []string{"gap: everything in a: the file is empty"}},
		{"blank", " \n\t\n", "", 0, "", []string{"gap: everything in a: the file is empty"}},
		{"many blanks", strings.Repeat(" \n", 1000), "", 0, "", []string{"gap: everything in a: the file is empty"}},
		{"empty gzip", string(zip("")), "", 0, "", []string{"gap: everything in a: the file is empty"}},
		{"a bad line", "{\"id\":1}\n{\"id\":}\n{\"id\":3}\n", `{"id":1} {"id":3}`, 2, "map[unreadable:1]", []string{"doubt: test: a:2: left out: the line is not JSON"}},
		{"a bad first line", "{\"id\":tru\n{\"id\":2}\n{\"id\":3}\n", `{"id":2} {"id":3}`, 2, "map[unreadable:1]", []string{"doubt: test: a:1: left out"}},
		{"two objects on a line, one bad", "{\"id\":1}\n{\"id\":2} {\"id\"\n{\"id\":3}\n", `{"id":1} {"id":2} {"id":3}`, 3, "map[unreadable:1]", []string{"doubt: test: a:2: left out"}},
		{"a last line cut off", "{\"id\":1}\n{\"id\":2}\n{\"id\"", `{"id":1} {"id":2}`, 2, "map[unreadable:1]", []string{"doubt: test: a:3: left out", "gap: whatever follows line 3 in a: it ends too early"}},
		{"a line that is no object", "{\"id\":1}\n{\"id\":2}\n17\n", `{"id":1} {"id":2}`, 2, "map[unreadable:1]", []string{"doubt: test: a:3: left out: a record is an object, and this is a number"}},
		{"an element that is no object", `[{"id":1},null,{"id":3}]`, `{"id":1} {"id":3}`, 2, "map[unreadable:1]", []string{"doubt: test: a:record 2: left out: a record is an object, and this is null"}},
		{"a page broken in the middle", `{"issues":[{"id":1},{"id":2},{"id":x},{"id":4}]}`, `{"id":1} {"id":2}`, 2, "map[unreadable:1]", []string{"doubt: test: a:record 3: left out, and all that follows it", "gap: whatever follows record 2 in a: it is not JSON near byte 28"}},
		{"a page cut off", `{"issues":[{"id":1},{"id":2},{"i`, `{"id":1} {"id":2}`, 2, "map[unreadable:1]", []string{"doubt: test: a:record 3: left out: it ends too early", "gap: whatever follows record 2 in a: it ends too early"}},
		{"a page cut off after an issue", `{"issues":[{"id":1},{"id":2}`, `{"id":1} {"id":2}`, 2, "map[unreadable:1]", []string{"doubt: test: a:record 3", "gap: whatever follows record 2 in a: it ends too early"}},
		{"no JSON at all", `{issues}`, "", 0, "map[unreadable:1]", []string{"doubt: test: a:record 1", "gap: everything in a: it is not JSON near byte 1"}},
		{"gzip cut off", string(whole[:len(whole)/2]), "", -1, "", []string{"doubt: test: a:", "gap: whatever follows line "}},
		{"gzip damaged at its end", string(append(whole[:len(whole)-4:len(whole)-4], 1, 2, 3, 4)), "", 30000, "", []string{"gap: whatever follows line 30001 in a: its compression is damaged"}},
		{"gzip with a damaged header", "\x1f\x8bxx", "", 0, "", []string{"gap: everything in a: its gzip header is damaged"}},
		{"zip", "PK\x03\x04....", "", 0, "", []string{"gap: everything in a: it is a zip archive or a spreadsheet"}},
		{"zstd", "\x28\xb5\x2f\xfd....", "", 0, "", []string{"gap: everything in a: it is compressed with zstd"}},
		{"a login page", "<!doctype html>", "", 0, "", []string{"gap: everything in a: it is an HTML or XML page"}},
		{"UTF-32", "\xff\xfe\x00\x00{\x00\x00\x00", "", 0, "", []string{"gap: everything in a: its text is UTF-32"}},
		{"binary", "\x89PNG\x00\x03\xff\xfebinary", "", 0, "", []string{"gap: everything in a: it is no text"}},
		{"Windows-1252", "{\"id\":\"caf\xe9 \x80\"}", `{"id":"café €"}`, 1, "", []string{"doubt: test: a: 2 bytes of its text are not UTF-8 (the first is byte 10) and were read as Windows-1252"}},
		{"a CSV row that is none", "id,a\n1,\"x\"y\n2,z\n", "id 2", 2, "map[unreadable:1]", []string{"doubt: test: a:2: left out: the row is not CSV"}},
		{"a header that is no CSV", "Error: \"a\" is\x1b[31m not\nid\n1\n", "", 0, "", []string{`gap: everything in a: it is no export: it begins with "Error: \"a\" is\x1b[31m not\nid\n1"; export it again`}},
		{"a list of no objects", "[1]", "", 0, "map[unreadable:1]", []string{"doubt: test: a:record 1: left out", `gap: everything in a: it is no export: it begins with "[1]"; export it again`}},
		{"a quote that never ends", "id,a\n1,x\n2,\"y\n3,z\n", "id 1", 2, "map[unreadable:1]", []string{"doubt: test: a:3: left out: the row is not CSV", "gap: rows after line 3 in a: a quote begins there"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := one("a", []byte(c.data))
			o := fetch(t, s, "")
			if c.ids != "" && o.ids() != c.ids {
				t.Errorf("records %s, want %s", o.ids(), c.ids)
			}
			tally := o.batch.Tallies[0]
			if c.read >= 0 && tally.Read != c.read || tally.Read != len(o.batch.Issues) {
				t.Errorf("%d read, %d yielded, want %d", tally.Read, len(o.batch.Issues), c.read)
			}
			if got := fmt.Sprint(tally.Left); c.left != "" && got != c.left {
				t.Errorf("left %s, want %s", got, c.left)
			}
			said := strings.Split(strings.TrimSuffix(o.said(), "\n"), "\n")
			if o.said() == "" {
				said = nil
			}
			if len(said) != len(c.said) {
				t.Errorf("said:\n%s", o.said())
			}
			for i := range min(len(said), len(c.said)) {
				if !strings.HasPrefix(said[i], c.said[i]) {
					t.Errorf("said %s\nwant %s", said[i], c.said[i])
				}
			}
			again := fetch(t, s, o.batch.Cursor)
			if tried := len(again.batch.Tallies) > 0; tried != (len(o.batch.Gaps) > 0) {
				t.Errorf("read again the next night: %v, with %d gaps", tried, len(o.batch.Gaps))
			}
		})
	}
}

func TestOnlyNotesBesideTheExportsAreNone(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"README", "SOURCE.md", "notes.txt", "notes.txt.gz", "run.sh",
		"a.json", "b.jsonl", "c.ndjson", "d.CSV", "e.json.gz", "f.csv.gz", "g.json.txt", "h.bak"} {
		files["x/"+name] = &fstest.MapFile{Data: []byte("[Rate limit] exceeded, try again ä later. And once more."), ModTime: time.Unix(1, 0)}
	}
	files["x/README.empty.md"] = &fstest.MapFile{ModTime: time.Unix(1, 0)}
	for _, c := range []struct{ patterns, want string }{
		{"x", "a.json b.jsonl c.ndjson d.CSV e.json.gz f.csv.gz g.json.txt h.bak"},
		{"x/*", "a.json b.jsonl c.ndjson d.CSV e.json.gz f.csv.gz g.json.txt h.bak"},
		{"x/README", "README"},
		{"x/*.md x/SOURCE.md", "SOURCE.md"},
		{"x/SOURCE.md **/*.md", "SOURCE.md"},
		{"x/README.empty.md", "README.empty.md"},
	} {
		o := fetch(t, Set{FS: files, Patterns: strings.Fields(c.patterns)}, "")
		var missing []string
		for _, g := range o.batch.Gaps {
			missing = append(missing, g.What[strings.LastIndex(g.What, "/")+1:])
		}
		if got := strings.Join(missing, " "); got != c.want || len(o.batch.Issues) > 0 {
			t.Errorf("%s: gaps for %s, want %s", c.patterns, got, c.want)
		}
		for _, tally := range o.batch.Tallies {
			if _, skipped := tally.Left["no export"]; skipped == strings.Contains(o.said(), tally.Part+":") {
				t.Errorf("%s: %v is neither a gap nor counted, or both:\n%s", c.patterns, tally, o.said())
			}
		}
	}
	chance := fetch(t, Set{FS: files, Patterns: []string{"x/*.md"}}, "")
	if o := fetch(t, Set{FS: files, Patterns: []string{"x/SOURCE.md"}}, chance.batch.Cursor); len(o.batch.Gaps) != 1 {
		t.Error("a file that was passed over by chance is not looked at once it is named")
	}
}

func TestWhatIsNoExportIsShownAndASecretIsNot(t *testing.T) {
	for text, want := range map[string]string{
		"API rate limit exceeded.\tTry again later, please.": `it begins with "API rate limit exceeded.\tTry again later"…`,
		"\n \"oops\"\n":         `it begins with "\"oops\""`,
		strings.Repeat("ä", 41): `it begins with "` + strings.Repeat("ä", 40) + `"…`,
		"nu\x1b[31m\u202ell":    `it begins with "nu\x1b[31m\u202ell"`,
		`{"url":"x","api_token":"s3cret","x":[1],"y":"` + strings.Repeat("z", 300) + `"}`: `it holds objects with "url", "api_token", "x", "y"`,
		`[[{"a":1}]]`: `it holds objects with "a"`,
	} {
		s := one("a", []byte(text))
		for b := range s.Fetch(context.Background(), "", func(f *File) { f.NoExport("do this") }) {
			if why := "it is no export: " + want + "; do this"; len(b.Gaps) != 1 || b.Gaps[0].Why != why {
				t.Errorf("%v\nwant %s", b.Gaps, why)
			}
		}
	}
}

func TestWhatHasNotComeMovesNoHorizon(t *testing.T) {
	at := func(day int) record.Instant { return record.At(time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)) }
	ref := record.Ref{Tracker: "t", ID: "1"}
	copied := func(c record.Copy) record.Issue {
		c.Key = "K-1"
		return record.Issue{Ref: ref, Copies: []record.Copy{c}}
	}
	for _, c := range []struct {
		what    string
		issue   record.Issue
		page    record.Page
		horizon int
	}{
		{what: "", issue: copied(record.Copy{Created: at(5), Updated: at(7)}), horizon: 7},
		{"created", copied(record.Copy{Created: at(8), Updated: at(3)}), record.Page{}, 3},
		{"updated", copied(record.Copy{Created: at(2), Updated: at(9)}), record.Page{}, 2},
		{"closed", copied(record.Copy{Created: at(2), Closed: at(9)}), record.Page{}, 2},
		{"changed", record.Issue{Ref: ref, Changes: []record.Change{{At: at(3)}, {At: at(9)}}}, record.Page{}, 3},
		{"commented", record.Issue{Ref: ref, Comments: []record.Comment{{At: at(4)}, {At: at(9)}}}, record.Page{}, 4},
		{"worked on", record.Issue{Ref: ref, Comments: []record.Comment{{At: at(1)}}, Worklogs: []record.Worklog{{Started: at(9)}}}, record.Page{}, 1},
		{"triggered", record.Issue{}, record.Page{Ref: ref, Triggered: at(8), Acked: at(6)}, 6},
		{"acknowledged", record.Issue{}, record.Page{Ref: ref, Triggered: at(3), Acked: at(9)}, 3},
		{"resolved", record.Issue{}, record.Page{Ref: ref, Triggered: at(3), Resolved: at(9)}, 3},
		{"updated", record.Issue{}, record.Page{Ref: ref, Triggered: at(3), Updated: at(9)}, 3},
	} {
		s := one("a", []byte(`[{},{}]`))
		s.Source, s.Latest = "test", at(7)
		for b := range s.Fetch(context.Background(), "", func(f *File) {
			for range f.JSON() {
			}
			if c.page.ID != "" {
				f.Page(c.page)
			} else {
				f.Issue(c.issue)
			}
		}) {
			if b.Horizon != at(c.horizon) {
				t.Errorf("%s: horizon %s", c.what, b.Horizon)
			}
			if len(b.Issues)+len(b.Pages) != 1 {
				t.Errorf("%s: the record is not kept", c.what)
			}
			switch {
			case c.what == "" && len(b.Doubts) == 0:
			case len(b.Doubts) != 1 || b.Doubts[0].Place != "a:record 2" || !strings.Contains(b.Doubts[0].What, "1 says it was "+c.what+" on 2026-01-0") ||
				!strings.HasSuffix(b.Doubts[0].What, ", which has not come yet; it is kept and moves no horizon"):
				t.Errorf("%s: %v", c.what, b.Doubts)
			}
		}
		s.Latest = 0
		for b := range s.Fetch(context.Background(), "", func(f *File) { f.Until(at(20)) }) {
			if b.Horizon != at(20) || len(b.Doubts) > 0 {
				t.Error("without a bound an instant is doubted")
			}
		}
	}
}

func TestManyDoubtsOfOneSortAreCounted(t *testing.T) {
	o := fetch(t, one("a", []byte(strings.Repeat("{\"id\":1}\n{]\n", 100))), "")
	if n := len(o.batch.Doubts); n != sameDoubts+1 {
		t.Errorf("%d doubts", n)
	}
	if last := o.batch.Doubts[len(o.batch.Doubts)-1].String(); last != "test: a:…: 90 more of this sort: left out: the line is not JSON: …" {
		t.Error(last)
	}
	if left := o.batch.Tallies[0].Left; left["unreadable"] != 100 || left["same record twice"] != 99 {
		t.Error(left)
	}
}

func TestAFileOfWhichNothingCanBeReadIsAGap(t *testing.T) {
	for _, c := range []struct{ text, gap string }{
		{"{\"id\":1\n{\"id\"\n", "gap: all 2 records in a.jsonl: none could be read"},
		{"{\"id\":1\n", "gap: "}, // the file was cut off, which is said instead
		{"[7,{\"id\":1}]", ""},   // what could be read counts, and the rest is doubted
		{"[]", ""},
	} {
		o := fetch(t, one("a.jsonl", []byte(c.text)), "")
		if said := o.said(); !strings.Contains(said, c.gap) || c.gap == "" && strings.Contains(said, "gap") {
			t.Errorf("%s: %s", c.text, said)
		}
		again := fetch(t, one("a.jsonl", []byte(c.text)), o.batch.Cursor)
		if got := len(again.batch.Tallies) == 1; got != (c.gap != "") {
			t.Errorf("%s: read again: %v", c.text, got)
		}
	}
}

func TestRecordsOfOneIdentityAreMergedAndCounted(t *testing.T) {
	var text strings.Builder
	text.WriteString(numbered(1200))
	text.WriteString(numbered(3)) // in a later batch than the first of them
	text.WriteString("{\"id\":1200}\n{\"id\":1200}\n")
	o := fetch(t, one("a", []byte(text.String())), "")
	if tally := o.batch.Tallies[0]; tally.Read != 1201 || tally.Left["same record twice"] != 4 {
		t.Error(tally)
	}
	if n := len(o.batch.Issues); n != 1204 { // the one of the same batch was merged
		t.Error(n)
	}
}

func TestFilesReadOnceAreNotReadAgainUntilTheyChange(t *testing.T) {
	now := time.Unix(1e9, 0)
	files := fstest.MapFS{
		"a": {Data: []byte(`{"id":1}`), ModTime: now},
		"b": {Data: []byte(`{"id":2}`), ModTime: now},
		"c": {Data: []byte(`{"id":3}`)}, // inside of the program: no time
	}
	s := Set{FS: files, Patterns: []string{"*"}, Options: "1"}
	first := fetch(t, s, "")
	if first.ids() != `{"id":1} {"id":2} {"id":3}` || first.batch.Done != first.batch.Total || first.batch.Total != 24 {
		t.Errorf("%s %d of %d", first.ids(), first.batch.Done, first.batch.Total)
	}
	next := func(what, want string) {
		t.Helper()
		o := fetch(t, s, first.batch.Cursor)
		if o.ids() != want {
			t.Errorf("%s: %q, want %q", what, o.ids(), want)
		}
		if o.batches != 1 || o.batch.Horizon != first.batch.Horizon {
			t.Errorf("%s: %d batches, horizon %d; want 1, %d", what, o.batches, o.batch.Horizon, first.batch.Horizon)
		}
	}
	next("unchanged", "")
	files["b"] = &fstest.MapFile{Data: []byte(`{"id":4}`), ModTime: now.Add(1)}
	next("another time", `{"id":4}`)
	files["b"] = &fstest.MapFile{Data: []byte(`{"id":55}`), ModTime: now}
	next("another size", `{"id":55}`)
	files["b"] = &fstest.MapFile{Data: []byte(`{"id":2}`), ModTime: now}
	files["c"] = &fstest.MapFile{Data: []byte(`{"id":6}`)}
	next("another content without a time", `{"id":6}`)
	files["c"] = &fstest.MapFile{Data: []byte(`{"id":3}`)}
	delete(files, "a")
	gone := fetch(t, s, first.batch.Cursor)
	files["a"] = &fstest.MapFile{Data: []byte(`{"id":1}`), ModTime: now}
	if back := fetch(t, s, gone.batch.Cursor); back.ids() != `{"id":1}` {
		t.Errorf("a file that came back: %q", back.ids())
	}
	s.Options = "2"
	next("other options", `{"id":1} {"id":2} {"id":3}`)
	for _, c := range []record.Cursor{"x", `{"files":[]}`, `null`} {
		if o := fetch(t, s, c); len(o.batch.Issues) != 3 {
			t.Errorf("cursor %s: %q", c, o.ids())
		}
	}
}

func TestAnInterruptedReadingResumesAtTheFile(t *testing.T) {
	s := Set{FS: fstest.MapFS{
		"a": {Data: []byte(numbered(700)), ModTime: time.Unix(1, 0)},
		"b": {Data: []byte(strings.ReplaceAll(numbered(700), "id", "b")), ModTime: time.Unix(1, 0)},
	}, Patterns: []string{"a", "b"}, Options: "1"}
	var cursors []record.Cursor
	var sizes []int
	done := -1
	for b, err := range s.Fetch(context.Background(), "", readIDs) {
		if err != nil {
			t.Fatal(err)
		}
		cursors = append(cursors, b.Cursor)
		sizes = append(sizes, len(b.Issues))
		if b.Done < done || b.Done > b.Total {
			t.Errorf("%d of %d done, after %d", b.Done, b.Total, done)
		}
		done = b.Done
	}
	if got := fmt.Sprint(sizes); got != "[500 500 400]" {
		t.Fatal(got)
	}
	for i, want := range []int{1400, 700, 0} {
		if o := fetch(t, s, cursors[i]); len(o.batch.Issues) != want {
			t.Errorf("after batch %d: %d records, want %d", i+1, len(o.batch.Issues), want)
		}
	}
}

func TestTheWalkCanBeStoppedAndCalledOff(t *testing.T) {
	s := one("a", []byte(numbered(2000)))
	for range s.Fetch(context.Background(), "", readIDs) {
		break
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	batches, failed := 0, error(nil)
	for _, err := range s.Fetch(ctx, "", readIDs) {
		if err != nil {
			failed = err
			continue
		}
		batches++
		cancel()
	}
	if batches != 1 || !errors.Is(failed, context.Canceled) {
		t.Errorf("%d batches, then %v", batches, failed)
	}
}

func TestPatternsNameFilesAndDirectories(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"x/a.json", "x/b.csv", "x/sub/c.json", "x/sub/deep/d.json", "x/.hidden/e.json", "x/.f.json", "other/g.json"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("{\"id\":1}"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	base, parent := filepath.Base(dir), filepath.Base(filepath.Dir(dir))
	for _, c := range []struct {
		patterns string
		want     string // the files' paths as shown
		gaps     int
	}{
		{"x/a.json", "x/a.json", 0},
		{"./x//a.json", "x/a.json", 0},
		{"x", "x/a.json x/b.csv x/sub/c.json x/sub/deep/d.json", 0},
		{"x/", "x/a.json x/b.csv x/sub/c.json x/sub/deep/d.json", 0},
		{".", "other/g.json x/a.json x/b.csv x/sub/c.json x/sub/deep/d.json", 0},
		{"x/*.json", "x/a.json", 0},
		{"x/*", "x/a.json x/b.csv x/sub/c.json x/sub/deep/d.json", 0},
		{"x/?.[cj]s*", "x/a.json x/b.csv", 0},
		{"*/*.json", "other/g.json x/a.json", 0},
		{"**/*.json", "other/g.json x/a.json x/sub/c.json x/sub/deep/d.json", 0},
		{"x/**", "x/a.json x/b.csv x/sub/c.json x/sub/deep/d.json", 0},
		{"x/**/d.json", "x/sub/deep/d.json", 0},
		{"x/.f.json", "x/.f.json", 0},
		{"x/.*.json", "x/.f.json", 0},
		{"x/*.json x/a.json", "x/a.json", 0},
		{"x/a.json nothing/*.json", "x/a.json", 1},
		{"nothing", "", 1},
		{"x/[", "", 2},
		{dir + "/x/*.json", "x/a.json", 0},
		{dir + "/other", base + "/other/g.json", 0},
		{dir, parent + "/" + base + "/other/g.json " + parent + "/" + base + "/x/a.json " + parent + "/" + base + "/x/b.csv " +
			parent + "/" + base + "/x/sub/c.json " + parent + "/" + base + "/x/sub/deep/d.json", 0},
		{"../" + base + "/other", "../" + base + "/other/g.json", 0},
	} {
		t.Run(strings.ReplaceAll(c.patterns, dir, "DIR"), func(t *testing.T) {
			var shown []string
			o := fetch(t, Set{Dir: dir, Patterns: strings.Fields(c.patterns)}, "")
			for _, tally := range o.batch.Tallies {
				shown = append(shown, tally.Part)
			}
			if got := strings.Join(shown, " "); got != c.want || len(o.batch.Gaps) != c.gaps {
				t.Errorf("got %s\n%s", got, o.said())
			}
			for _, g := range o.batch.Gaps {
				if strings.Contains(g.Why, dir) {
					t.Errorf("a gap tells of the machine: %s", g.Why)
				}
			}
		})
	}
}

func TestADirectoryAboveCanBeNamed(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "config"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte(`{"id":1}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"..", "../", "../*.json", "../a.json"} {
		o := fetch(t, Set{Dir: filepath.Join(dir, "config"), Patterns: []string{pattern}}, "")
		if len(o.batch.Tallies) != 1 || o.batch.Tallies[0].Part != "../a.json" || o.said() != "" {
			t.Errorf("%s: %v %s", pattern, o.batch.Tallies, o.said())
		}
	}
}

func TestAFileThatCannotBeOpenedIsAGapAndTheOthersAreRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a"), []byte(`{"id":1}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "b")); err != nil {
		t.Skip("skipped: no symbolic links here:", err)
	}
	o := fetch(t, Set{Dir: dir, Patterns: []string{"."}}, "")
	if o.ids() != `{"id":1}` || !strings.Contains(o.said(), "gap: everything in b: the file cannot be opened: no such file or directory\n") {
		t.Errorf("%s\n%s", o.ids(), o.said())
	}
}

func TestNoPatternsIsAGap(t *testing.T) {
	if o := fetch(t, Set{FS: fstest.MapFS{}}, ""); len(o.batch.Gaps) != 1 || o.batches != 1 {
		t.Error(o.said(), o.batches)
	}
}

func TestCellsAreSeparatedByWhateverTheHeaderHas(t *testing.T) {
	for _, text := range []string{
		"id,b\n1,\"x;y\"\n2,z\n",
		"id;b\n1;\"x,y\"\n2;z\n",
		"id\tb\n1\tx,y\n2\tz\n",
		"sep=;\r\nid;b,c,d,e\r\n1;x\r\n2;z\r\n",
		"\"id\",\"a;b;c;d\"\n1,x\n2,z\n",
	} {
		o := fetch(t, one("a", []byte(text)), "")
		if o.ids() != "id 1 2" || o.said() != "" {
			t.Errorf("%q: %q %s", text, o.ids(), o.said())
		}
	}
}

func TestRowsSayWhereTheyBegin(t *testing.T) {
	var places []string
	s := one("a", []byte("sep=,\nid,text\n1,\"two\nlines\"\n2,x\n"))
	for range s.Fetch(context.Background(), "", func(f *File) {
		for row := range f.Rows() {
			places = append(places, row.Place())
		}
	}) {
	}
	if got := strings.Join(places, " "); got != "2 3 5" {
		t.Error(got)
	}
}

func TestAGlanceLeavesNoTrace(t *testing.T) {
	s := one("a", []byte("{\"id\":1}\n{]\n{\"id\":2}\n"))
	glanced := 0
	var doubts []record.Doubt
	for b := range s.Fetch(context.Background(), "", func(f *File) {
		if !f.Alone() {
			t.Error("the file is alone")
		}
		f.Glance(func(f *File) {
			for v := range f.JSON() {
				glanced++
				f.Issue(record.Issue{Ref: record.Ref{ID: string(v.JSON)}})
			}
		})
		readIDs(f)
	}) {
		doubts = append(doubts, b.Doubts...)
		if len(b.Issues) != 2 {
			t.Errorf("%d records", len(b.Issues))
		}
	}
	if glanced != 2 || len(doubts) != 1 {
		t.Errorf("glanced at %d, %d doubts", glanced, len(doubts))
	}
}

func TestTheHorizonIsTheNewestInstantUnlessStated(t *testing.T) {
	s := one("a", []byte(`{}`))
	horizon := func(s Set, give func(*File)) (at record.Instant) {
		for b := range s.Fetch(context.Background(), "", give) {
			at = b.Horizon
		}
		return at
	}
	give := func(f *File) {
		f.Issue(record.Issue{
			Copies:   []record.Copy{{Created: 1, Updated: 5, Closed: 3}},
			Changes:  []record.Change{{At: 6}},
			Comments: []record.Comment{{At: 7}},
			Worklogs: []record.Worklog{{Started: 99}},
		})
		f.Page(record.Page{Triggered: 8})
		f.Shift(record.Shift{From: 50, To: 100, Updated: 9})
		f.Until(10)
	}
	if at := horizon(s, give); at != 10 {
		t.Errorf("horizon %d, want 10: booked work and shifts may lie in the future", at)
	}
	s.ExportedAt = 4
	if at := horizon(s, give); at != 4 {
		t.Errorf("horizon %d, want the 4 that was stated", at)
	}
}

func FuzzFiles(f *testing.F) {
	for _, s := range []string{
		`{"issues":[{"id":1},{"id":2}],"total":2}`, `[[{"id":1}],{"values":[{}]}]`, "{\"a\":1}\n{\"b\":2}\n{", "{\n}\n{\n}", "sep=;\na;b\n1;\"2\n3\"\n",
		"id,x\n\"1", "\xef\xbb\xbf{}", "\xff\xfe{\x00}\x00", "# x", "<a>", "{\"a\":\"\xe9\xc3\"}", "\x1f\x8b", string(zip("{}\n{}\n")), "[{}, 1, {", "{\"issues\":[\n{},\n{}]}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, zip(string(data))} {
			s := one("a", data)
			read := func(f *File) {
				if f.Format() == CSV {
					for row := range f.Rows() {
						if len(row.Cells) == 0 || row.Line < 1 {
							t.Errorf("row %v", row)
						}
					}
					return
				}
				for v := range f.JSON("issues") {
					if !v.JSON.IsValid(validity()...) || v.JSON.Kind() != '{' || !utf8.Valid(v.JSON) {
						t.Errorf("not an object: %q", v.JSON)
					}
				}
			}
			tallies := 0
			for b, err := range s.Fetch(context.Background(), "", read) {
				if err != nil {
					t.Fatal(err)
				}
				tallies += len(b.Tallies)
			}
			if tallies != 1 {
				t.Errorf("%d tallies", tallies)
			}
		}
	})
}

func TestLinesMayEndWithACarriageReturnAlone(t *testing.T) {
	o := fetch(t, Set{FS: fstest.MapFS{"a.csv": {Data: []byte("id,b\r1,\"x\ry\"\r2,y\r")}}, Patterns: []string{"*"}}, "")
	if o.ids() != "id 1 2" || o.said() != "" {
		t.Errorf("records %q, said %q", o.ids(), o.said())
	}
}

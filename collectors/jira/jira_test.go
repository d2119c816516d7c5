package jira

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func one(data []byte) exports.Set {
	return exports.Set{FS: fstest.MapFS{"x": {Data: data, ModTime: time.Unix(1, 0)}}, Patterns: []string{"x"}}
}

func TestPagesLinesAndSingleIssuesGiveTheSameRecords(t *testing.T) {
	want := fetch(t, Files{Set: one(lines(40))}, "")
	if len(want.Issues) != 40 || len(want.Doubts) > 0 {
		t.Fatal(len(want.Issues), want.Doubts)
	}
	files := fstest.MapFS{}
	for i, line := range bytes.Split(bytes.TrimSpace(lines(40)), []byte("\n")) {
		files[fmt.Sprintf("%03d.json", i)] = &fstest.MapFile{Data: line, ModTime: time.Unix(1, 0)}
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, page(40), "", "\t"); err != nil {
		t.Fatal(err)
	}
	array := append(append([]byte("["), bytes.ReplaceAll(bytes.TrimSpace(lines(40)), []byte("\n"), []byte(","))...), ']')
	for name, set := range map[string]exports.Set{
		"a page":           one(page(40)),
		"a page, indented": one(pretty.Bytes()),
		"an array":         one(array),
		"a file for each":  {FS: files, Patterns: []string{"*.json"}},
	} {
		got := fetch(t, Files{Set: set}, "")
		if diff := cmp.Diff(want.Issues, got.Issues); diff != "" {
			t.Errorf("%s: -lines +%s\n%s", name, name, diff)
		}
	}
}

func TestChangelogsReadTheSameInEitherOrder(t *testing.T) {
	issue := func(histories ...string) record.Issue {
		o := fetch(t, Files{Set: one([]byte(`{"id":"1","key":"A-1","fields":{"status":{"name":"x"},"created":"2026-01-01T00:00:00.000+0000","updated":"2026-01-02T00:00:00.000+0000"},"changelog":{"total":3,"histories":[` + strings.Join(histories, ",") + `]}}`))}, "")
		if len(o.Issues) != 1 || len(o.Doubts) > 0 {
			t.Fatal(o.dump())
		}
		return o.Issues[0]
	}
	a := `{"id":"9","created":"2026-01-02T00:00:00.000+0000","items":[{"field":"assignee","fromString":"A","toString":"B"},{"field":"status","fromString":"1","toString":"2"}]}`
	b := `{"items":[{"field":"assignee","fromString":"B","toString":"C"},{"field":"status","fromString":"2","toString":"3"}],"created":"2026-01-02T00:00:00.000+0000","id":"10"}`
	c := `{"id":"11","created":"2026-01-02T00:00:01.000+0000","items":[{"field":"status","fromString":"3","toString":"4"}]}`
	oldest, newest := issue(a, b, c), issue(c, b, a)
	if diff := cmp.Diff(oldest, newest); diff != "" {
		t.Error(diff)
	}
	who, status := "", "1"
	for _, ch := range oldest.Changes { // also those of one instant come in the order that they happened in
		switch {
		case ch.Field == record.FieldStatus:
			if ch.From != status {
				t.Errorf("status %q, and then from %q", status, ch.From)
			}
			status = ch.To
		case ch.From != "":
			if who != "" && ch.From != who {
				t.Errorf("%q is assigned, and then %q removed", who, ch.From)
			}
			who = ""
		default:
			who = ch.To
		}
	}
	if status != "4" || who != "C" {
		t.Error(status, who)
	}
}

func TestOptionsDecideWhetherAFileIsReadAgain(t *testing.T) {
	src := Files{Set: one(lines(3))}
	first := fetch(t, src, "")
	if again := fetch(t, src, first.Cursor); len(again.Issues) != 0 || again.batches != 1 || again.Horizon != first.Horizon {
		t.Error("unchanged options:", again.dump())
	}
	for name, change := range map[string]func(*Files){
		"fields":  func(s *Files) { s.Fields = map[string]string{"severity": "customfield_10030"} },
		"points":  func(s *Files) { s.Points = []string{"customfield_1"} },
		"site":    func(s *Files) { s.Site = "https://x.example" },
		"columns": func(s *Files) { s.Columns = map[string]string{"a": "key"} },
		"zone":    func(s *Files) { s.Zone = time.UTC },
		"layout":  func(s *Files) { s.Layout = "2006" },
		"date":    func(s *Files) { s.ExportedAt = 1 },
	} {
		s := src
		change(&s)
		if o := fetch(t, s, first.Cursor); len(o.Issues) != 3 {
			t.Errorf("other %s: %d issues read, want 3", name, len(o.Issues))
		}
	}
}

func TestALongExportComesInSmallBatches(t *testing.T) {
	const n = 1200
	src := Files{Set: one(page(n)), Tracker: "t"}
	most, got := 0, 0
	for b, err := range src.Fetch(context.Background(), "") {
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, len(b.Issues))
		got += len(b.Issues)
	}
	if got != n || most > 500 {
		t.Errorf("%d issues, at most %d in a batch", got, most)
	}
}

func TestInstantsReadAsTimeParseReadsThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", rapid.IntRange(-12*4, 14*4).Draw(t, "quarters")*900)
		at := time.Unix(rapid.Int64Range(100000, lastSecond-100000).Draw(t, "seconds"), rapid.Int64Range(0, 999).Draw(t, "ms")*1e6).In(zone)
		for _, layout := range []string{"2006-01-02T15:04:05.000-0700", "2006-01-02T15:04:05.000Z07:00", "2006-01-02T15:04:05.999999999-0700", "2006-01-02 15:04:05.000-07:00"} {
			s := at.Format(layout)
			got, ok := instant([]byte(s))
			if !ok || got != record.At(at) {
				t.Fatalf("%s: %v %v, want %v", s, got, ok, record.At(at))
			}
		}
		ms := fmt.Sprint(at.UnixMilli())
		if got, ok := instant([]byte(ms)); at.UnixMilli() >= 1e11 && (!ok || got != record.At(at)) {
			t.Fatalf("%s: %v %v, want %v", ms, got, ok, record.At(at))
		}
	})
}

func TestInstantsOutOfRangeOrFormAreNone(t *testing.T) {
	for _, s := range []string{"", "2021", "2021-01-25", "2021-02-29T00:00:00Z", "2021-13-01T00:00:00Z", "2021-01-25T24:00:00Z", "2021-01-25T11:60:00Z",
		"2021-01-25T11:09:27.985+08:0", "2021-01-25T11:09:27.985 PST", "1969-12-31T23:59:59.999Z", "2262-01-01T00:00:00.000+0000", "0001-01-01T00:00:00.000+0000",
		"2021-01-25T11:09:27.985+9999", "x021-01-25T11:09:27.985Z", "2021-01-25T11-09:27Z", "-5", "0", "99999999999999999", "1e9"} {
		if at, ok := instant([]byte(s)); ok || at != 0 {
			t.Errorf("%q: %v", s, at)
		}
	}
	for s, want := range map[string]string{
		"1970-01-01T00:00:00.001Z":        "1970-01-01T00:00:00.001Z",
		"2261-12-31T23:59:59.999999999Z":  "2261-12-31T23:59:59.999999999Z",
		"2020-02-29T23:59:60.000+0000":    "2020-03-01T00:00:00Z",
		"2021-01-25T11:09:27.985+0800":    "2021-01-25T03:09:27.985Z",
		"2021-01-25T11:09:27.1234567890Z": "2021-01-25T11:09:27.123456789Z",
		"1492070429":                      "2017-04-13T08:00:29Z",
		"1790584137824":                   "2026-09-28T08:28:57.824Z",
	} {
		if at, ok := instant([]byte(s)); !ok || at.String() != want {
			t.Errorf("%q: %v %v, want %s", s, at, ok, want)
		}
	}
}

func TestDatesInCSVAreReadInEveryFormThatWasMet(t *testing.T) {
	zone := time.FixedZone("", 3600)
	for _, c := range []struct{ in, want string }{
		{"10/Jan/26 11:19 AM", "2026-01-10T10:19:00Z"},
		{"10/Jan/26 12:00 AM", "2026-01-09T23:00:00Z"},
		{"10/Jan/26 12:00 PM", "2026-01-10T11:00:00Z"},
		{"22/Mar/14 07:59", "2014-03-22T06:59:00Z"},
		{"18/jul/26 9:10 AM", "2026-07-18T08:10:00Z"},
		{"18/jul./26 9:10 p. m.", "2026-07-18T20:10:00Z"},
		{"10/nov/25 18:00", "2025-11-10T17:00:00Z"},
		{"06 abr 2026, 0:36", "2026-04-05T23:36:00Z"},
		{"5 de agosto de 2026 10:33", "2026-08-05T09:33:00Z"},
		{"Jan 10, 2026 11:19 AM", "2026-01-10T10:19:00Z"},
		{"2026-01-10 11:19", "2026-01-10T10:19:00Z"},
		{"2026/01/10 11:19:30", "2026-01-10T10:19:30Z"},
		{"2026-01-10T11:19:00.000+0200", "2026-01-10T09:19:00Z"},
		{"2026-01-10T11:19:00+02:00", "2026-01-10T09:19:00Z"},
		{"2026-01-10T11:19:00-02:30", "2026-01-10T13:49:00Z"},
		{"2026-01-10 11:19:00 UTC", "2026-01-10T11:19:00Z"},
		{"10.01.2026 11:19 Uhr", "2026-01-10T10:19:00Z"},
		{"10-01-2026 11:19", "2026-01-10T10:19:00Z"},
		{"6/21/2025 16:14", "2025-06-21T15:14:00Z"},
		{"21/06/2025 16:14", "2025-06-21T15:14:00Z"},
		{"10/一月/26 下午 3:15", "2026-01-10T14:15:00Z"},
		{"10/十一月/26 3:15 下午", "2026-11-10T14:15:00Z"},
		{"2026年1月10日 15:15", "2026-01-10T14:15:00Z"},
		{"10/1月/26 15:15", "2026-01-10T14:15:00Z"},
		{"12/août/26 1:02", "2026-08-12T00:02:00Z"},
		{"12/Mrz/26 1:02", "2026-03-12T00:02:00Z"},
		{"12/Dez/99 1:02", "1999-12-12T00:02:00Z"},
		{"10/Jan/26", "2026-01-09T23:00:00Z"},
		{"", ""},
	} {
		d := dates{zone: zone}
		at, ok := d.instant(c.in)
		if !ok || at.String() != c.want {
			t.Errorf("%q: %v %v, want %s", c.in, at, ok, c.want)
		}
	}
	for _, s := range []string{"soon", "31/Feb/26", "10/Jan/26 25:00", "10/Foo/26", "1/2", "1/2/3/4", "99/99/2026", "10/Jan/26 11:19 XM", "22:17", "123456789012345678901234567890/1/2026", "01/Jan/1950"} {
		d := dates{}
		if at, ok := d.instant(s); ok {
			t.Errorf("%q: %v", s, at)
		}
	}
	d := dates{zone: zone, layout: "2006|01|02 15h04"}
	if at, ok := d.instant("2026|01|10 11h19"); !ok || at.String() != "2026-01-10T10:19:00Z" {
		t.Error("a layout given:", at, ok)
	}
}

func TestNoHeaderIsTwoColumns(t *testing.T) {
	seen := map[string]column{}
	for c, list := range headers {
		for w := range strings.SplitSeq(list, "|") {
			if other, twice := seen[w]; twice && other != c {
				t.Errorf("%q is %s and %s", w, other, c)
			}
			if w != plainHeader(w) {
				t.Errorf("%q is not as headers are compared", w)
			}
			seen[w] = c
		}
	}
	if names := Columns(); len(names) != len(headers)+3 || names[0] != "assignee" {
		t.Error(names)
	}
}

func TestNoMonthIsTwoMonths(t *testing.T) {
	for i, list := range months {
		for m := range strings.SplitSeq(list, "|") {
			if got := month(m); got != i+1 {
				t.Errorf("%q is month %d, want %d", m, got, i+1)
			}
		}
	}
}

func TestWikiMarkupBecomesPlainText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain", "plain"},
		{"a\r\n\r\n\r\nb", "a\nb"},
		{"{code}x{code}", "x"},
		{"{\"json\": [1, 2]}", "{\"json\": [1, 2]}"},
		{"{color:#ff0000}red{color}", "red"},
		{"array[0] and [link]", "array[0] and [link]"},
		{"[a|http://b.c]", "a http://b.c"},
		{"[http://b.c|http://b.c|smart-link]", "http://b.c"},
		{"[~accountid:557058:13cc]", "@557058:13cc"},
		{"!a.png! what! no!", "what! no!"},
		{"!image 2021.png|width=200!", ""},
		{"h3. Title\nh7. none", "Title\nh7. none"},
		{"a < b and <b>c</b>", "a < b and <b>c</b>"},
		{"{html}<p>a &amp; b</p>{html}", "a & b"},
		{"</script>", "</script>"},
		{strings.Repeat("é", 600), strings.Repeat("é", 500)},
		{strings.Repeat("word ", 300), strings.TrimSpace(strings.Repeat("word ", 200))},
	} {
		if got := plainWiki(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestLongDescriptionsAreCutBetweenCharacters(t *testing.T) {
	for _, unit := range []string{`\"`, `\\`, `\u00e9`, `é`, `\ud83d\ude31`, `😱`, `ab\n`, `日本`, `\\\"x`} {
		for pad := range 9 {
			raw := `"` + strings.Repeat("x", pad) + strings.Repeat(unit, 20000/len(unit)) + `"`
			if !jsontext.Value(raw).IsValid() {
				t.Fatal(unit)
			}
			var d decoder
			got := string(d.beginning([]byte(raw)))
			var whole string
			if err := json.Unmarshal([]byte(raw), &whole); err != nil {
				t.Fatal(err)
			}
			end := len(got) - 12 // a pair of surrogates may be cut: far behind what is kept
			if !utf8.ValidString(got) || end < 1000 || !strings.HasPrefix(whole, got[:end]) {
				t.Errorf("%s after %d: %d bytes", unit, pad, len(got))
			}
		}
	}
}

func TestAddressesInTextsAreFound(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"see https://a.b/c?d=e#f.", []string{"https://a.b/c?d=e#f"}},
		{"(http://a.b/c), http://a.b/c; HTTP://x", []string{"http://a.b/c"}},
		{"http:// https:/// httpx://a javascript:http://real.example/", []string{"http://real.example/"}},
		{"http://1 http://2 http://3 http://4 http://5 http://6", []string{"http://1", "http://2", "http://3", "http://4", "http://5"}},
		{strings.Repeat("x", 990) + " http://cut.exampl", nil},
	} {
		if diff := cmp.Diff(c.want, addresses(c.in)); diff != "" {
			t.Errorf("%q: %s", c.in, diff)
		}
	}
}

func TestAddressesOfIssuesAreOnlyWebAddresses(t *testing.T) {
	for self, want := range map[string]string{
		"https://acme.atlassian.net/rest/api/2/issue/1":              "https://acme.atlassian.net/browse/A-1",
		"http://jira:8080/jira/rest/agile/1.0/issue/1":               "http://jira:8080/jira/browse/A-1",
		"https://api.atlassian.com/ex/jira/1/rest/api/3/issue/1":     "",
		"javascript:alert(1)/rest/api/2/issue/1":                     "",
		"//host/rest/api/2/issue/1":                                  "",
		"https://user:pass@acme.atlassian.net/rest/api/2/issue/1":    "",
		"https://acme.atlassian.net/secure":                          "",
		`https:\/\/acme.atlassian.net\/jira\/rest\/api\/2\/issue\/1`: "https://acme.atlassian.net/jira/browse/A-1",
		"": "",
	} {
		o := fetch(t, Files{Set: one([]byte(`{"id":"1","key":"A-1","self":"` + self + `","fields":{}}`))}, "")
		if got := o.Issues[0].Copies[0].URL; got != want {
			t.Errorf("%s: %q, want %q", self, got, want)
		}
	}
}

// scanAll walks over a value with the scanner and spells it as the decoder would.
func scanAll(s *scanner, b *bytes.Buffer) {
	switch s.kind() {
	case '{':
		s.enter('{')
		b.WriteByte('{')
		for s.member() {
			fmt.Fprintf(b, "%s=", s.name)
			scanAll(s, b)
		}
		b.WriteByte('}')
	case '[':
		s.enter('[')
		b.WriteByte('[')
		for s.element() {
			scanAll(s, b)
		}
		b.WriteByte(']')
	default:
		b.Write(s.raw())
		b.WriteByte(' ')
	}
}

// decodeAll is the same by the validating decoder.
func decodeAll(d *jsontext.Decoder, b *bytes.Buffer) error {
	switch d.PeekKind() {
	case '{', '[':
		open, _ := d.ReadToken()
		b.WriteByte(byte(open.Kind()))
		end := byte(']')
		if open.Kind() == '{' {
			end = '}'
		}
		for d.PeekKind() != ']' && d.PeekKind() != '}' {
			if open.Kind() == '{' {
				name, err := d.ReadValue()
				if err != nil {
					return err
				}
				fmt.Fprintf(b, "%s=", name[1:len(name)-1])
			}
			if err := decodeAll(d, b); err != nil {
				return err
			}
		}
		b.WriteByte(end)
		_, err := d.ReadToken()
		return err
	}
	v, err := d.ReadValue()
	b.Write(v)
	b.WriteByte(' ')
	return err
}

// FuzzScanner holds the scanner to what the validating decoder says, on everything that is JSON.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e3,true,false,null,"x\"y\\",{}],"b\"":{"c":[]}, "d" : "long long long long long long \\\\\" long"}`, `[]`, `"\\"`, `7`, ` { } `, `[[[]],{"":""}]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !jsontext.Value(data).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
			t.Skip()
		}
		var want, got bytes.Buffer
		d := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
		if err := decodeAll(d, &want); err != nil {
			t.Fatal(err)
		}
		s := scanner{b: data}
		scanAll(&s, &got)
		if got.String() != want.String() || s.kind() != 0 {
			t.Errorf("%q, want %q", got.String(), want.String())
		}
		s = scanner{b: data}
		s.skip()
		if s.kind() != 0 {
			t.Errorf("skipped to %d of %d", s.i, len(data))
		}
	})
}

// FuzzIssue reads whatever is JSON as an issue: it must neither fail nor hang, and what comes of it must
// be as the merge leaves it.
func FuzzIssue(f *testing.F) {
	var r random
	f.Add(appendIssue(nil, &r, 1))
	for _, s := range []string{
		`{"id":1,"key":"A-1","fields":{"description":{"type":"doc","content":[{"type":"text","text":"x","marks":[{"attrs":{"href":"http://x"}}]},[],7]},"customfield_1":{"value":"a","child":{"value":"b"}},"points":"3"}}`,
		`{"key":"A-1","fields":{"status":{"statusCategory":{"key":"done"}},"customfield_1":[[{"content":[]}],{"completedCycles":1}],"comment":{"comments":[{"created":1}]}},"changelog":{"histories":[{"id":"1","created":"2021-01-25T11:09:27.985+0800","items":[{"field":"labels","fromString":"a b","toString":"b c"},{"field":"assignee","to":"x"},{"fieldId":"customfield_1","toString":"y"}]}]}}`,
		`{"fields":null}`, `{"fields":{}}`, `[]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !jsontext.Value(data).IsValid(jsontext.AllowDuplicateNames(true)) {
			t.Skip()
		}
		o := fetch(t, Files{Set: one(append([]byte(`{"issues":[`), append(data, `]}`...)...)), Fields: map[string]string{"x": "customfield_1", "y": "customfield_1"}, Points: []string{"points"}}, "")
		for _, is := range o.Issues {
			sound(t, is)
		}
		if tally := o.Tallies[0]; tally.Read > 1 {
			t.Error(tally)
		}
	})
}

// sound checks what every record must be.
func sound(t *testing.T, is record.Issue) {
	t.Helper()
	if is.ID == "" || is.Copies[0].Key == "" {
		t.Error("an issue without id or key")
	}
	if diff := cmp.Diff(is, record.Merge(is, is)); diff != "" {
		t.Errorf("merging an issue with itself changes it: %s", diff)
	}
	for _, c := range is.Changes {
		if c.At == 0 || c.ID == "" || c.Field == "" {
			t.Errorf("change %+v", c)
		}
	}
	text := is.Copies[0].Text
	if len(text) > record.TextLimit || !utf8.ValidString(text) {
		t.Errorf("text of %d bytes: %q", len(text), text)
	}
	if u := is.Copies[0].URL; u != "" && !isWebAddress(u) {
		t.Errorf("address %q", u)
	}
}

// FuzzCSV reads whatever it is as a CSV of issues.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"Issue key,Issue id,Created,Updated,Comment,Log Work,Labels,Due date\nA-1,1,10/Jan/26 11:19 AM,6/7/2025 16:14,10/Jan/26 11:19;a;b,x;10/Jan/26 11:19;a;60,l,2026-01-01\n",
		"Issue key;Summary\nA-1;\"x\ny\"\nA-1;z\n", "sep=\t\nKey\tx\nA-1\t1\n", "Key\nA-1\n", "Key,Summary\n\"", "\ufeffKey,Description,Status Category\nA-1,{code}!x.png![~y],Done",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o := fetch(t, Files{Set: one(data), Fields: map[string]string{"summary": "Summary"}}, "")
		for _, is := range o.Issues {
			sound(t, is)
		}
		if len(o.Tallies) != 1 {
			t.Errorf("%d tallies", len(o.Tallies))
		}
	})
}

// FuzzInstant compares with time.Parse.
func FuzzInstant(f *testing.F) {
	for _, s := range []string{"2021-01-25T11:09:27.985+0800", "2021-01-25T11:09:27Z", "2021-01-25 11:09", "1790584137824", "2020-02-29T23:59:59.9-1130"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, ok := instant([]byte(s))
		if !ok && at != 0 || at < 0 {
			t.Errorf("%q: %v %v", s, at, ok)
		}
		if want, err := time.Parse("2006-01-02T15:04:05.999999999-0700", s); err == nil && strings.HasPrefix(s, want.Format("2006-01-02T15:04:05")) {
			if _, offset := want.Zone(); offset > 18*3600 || offset < -18*3600 { // no zone of this world
				return
			}
			if w := record.At(want); at != w || ok != (w != 0 || want.Unix() == 0) {
				t.Errorf("%q: %v %v, want %v", s, at, ok, w)
			}
		}
	})
}

// FuzzDate reads whatever it is as a date in a CSV.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"10/Jan/26 11:19 AM", "06 abr 2026, 0:36", "2026年1月10日 15:15", "6/7/2025", "2026-01-10T11:19:00.000+02:00", "a. m. 1:2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var d dates
		if at, ok := d.instant(s); !ok && at > 0 || at < 0 && ok {
			t.Errorf("%q: %v %v", s, at, ok)
		}
		if day, ok := d.day(s); ok && day != "" {
			if _, err := record.ParseDate(string(day)); err != nil {
				t.Errorf("%q: %v", s, err)
			}
		}
		d.evidence(s)
	})
}

// FuzzWiki reads whatever it is as wiki markup.
func FuzzWiki(f *testing.F) {
	for _, s := range []string{"h1. a\r\n{code:x}[a|http://b]{code}", "{html}<a>&lt;{html}", "!a.png|b!", "[~x]{{y}}", strings.Repeat("é", 600)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		text := plainWiki(s)
		if len(text) > record.TextLimit || !utf8.ValidString(text) {
			t.Errorf("%q: %q", s, text)
		}
		for _, a := range addresses(text) {
			if !isWebAddress(a) {
				t.Errorf("%q: address %q", s, a)
			}
		}
	})
}

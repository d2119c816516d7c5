package strict_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/analysis/strict"
)

// complaints is what a text gets from a reader, a line each.
func complaints(text string, read func(*strict.Map)) string {
	d := strict.Read("f.yaml", []byte(text))
	if read != nil {
		read(d.Map())
	}
	var b strings.Builder
	for _, c := range d.Complaints() {
		fmt.Fprintln(&b, c)
	}
	return b.String()
}

func TestWhatIsNoYAMLIsExplained(t *testing.T) {
	for _, x := range []struct{ name, text, want string }{
		{"empty", "", "f.yaml: the file is empty\n"},
		{"only comments", "# nothing\n\n# here\n", "f.yaml: the file is empty\n"},
		{"only null", "~\n", "f.yaml: the file is empty\n"},
		{"a colon in a value", "a: b: c\n", "f.yaml:1:5: not YAML: a \": \" inside a value; put the value in quotes, or mend the indentation of this line\n"},
		{"a tab", "a:\n\t- b\n", "f.yaml:2:1: not YAML: a tab indents this line; YAML wants spaces\n"},
		{"a tab under a value", "a:\n  b: 1\n\tc: 2\n", "f.yaml:3:1: not YAML: a tab indents this line; YAML wants spaces\n"},
		{"an open list", "a: [1,2\nb: 3\n", "f.yaml:2:2: not YAML: the list that begins in line 1 is not closed: a ] or a comma is missing before here, or quotes around a text with brackets in it\n"},
		{"an open map", "a: {b: c\n", "f.yaml:2:1: not YAML: the map that begins in line 1 is not closed: a } or a comma is missing before here, or quotes around a text with brackets in it\n"},
		{"an open quote", "a: 1\nb: \"x\n", "f.yaml:2:4: not YAML: this quoted text never ends\n"},
		{"a value that begins with @", "a: @team\n", "f.yaml:1:4: not YAML: a value cannot begin with \"@\"; put it in quotes\n"},
		{"wrong indentation", "- a\nb: c\n", "f.yaml:2:1: not YAML: this line is indented like nothing above it (did not find expected '-' indicator)\n"},
		{"an unknown alias", "a: *x\n", "f.yaml:1:4: not YAML: unknown anchor 'x' referenced; an alias *name repeats what &name marked above it\n"},
		{"two documents", "a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document begins here; a file holds one, without ---\n"},
		{"a fault after the document", "a: 1\n---\nb: [\n", "f.yaml:4:1: not YAML: while parsing a flow node: did not find expected node content\n"},
		{"UTF-16", "\xff\xfea\x00:\x00 \x001\x00", "f.yaml: the file is UTF-16, or no text at all; save it as UTF-8\n"},
		{"Latin-1", "a: 1\nb: Caf\xe9\n", "f.yaml:2:7: the byte 0xE9 is not UTF-8; save the file as UTF-8 (it may be Windows-1252 or Latin-1)\n"},
		{"a control character", "a: 1\nb: x\x01y\n", "f.yaml:2:5: not YAML: the control character U+0001 cannot stand in a text\n"},
		{"too large", "a: " + strings.Repeat("x", strict.MaxSize), "f.yaml: the file has 1048579 bytes, and 1048576 are the most; is it the right file?\n"},
		{"an alias of itself", "a: &a [1, *a]\n", "f.yaml:1:11: the alias *a stands inside of what it repeats\n"},
		{"an alias bomb", bomb(), "f.yaml: the file has more than 200000 values when its aliases are written out\n"},
	} {
		t.Run(x.name, func(t *testing.T) {
			if diff := cmp.Diff(x.want, complaints(x.text, nil)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10))
	}
	return b.String()
}

func TestEveryMistakeIsToldAtOnceInTheOrderOfTheFile(t *testing.T) {
	text := `name: ""
nmae: x
limit: many
size: 17
pages: {window: 15 minutes, sleep: 22-7}
days: [2026-02-30, 2026-07-17..2026-07-06, tomorrow]
goal: 95
done: yes
kind: waitng
id: Next Release
tags: [a, a, ~, {b: c}]
closed:
limit: 3
zone: !secret x
<<: {a: b}
`
	got := complaints(text, func(m *strict.Map) {
		m.Need("name").Text()
		m.Need("owner").Text()
		m.Get("limit").Int(0, 10)
		m.Get("size").Int(0, 10)
		p := m.Get("pages").Map()
		p.Get("window").Duration()
		p.Get("sleep").Clocks()
		for _, d := range m.Get("days").List() {
			d.Dates()
		}
		m.Get("goal").Share()
		m.Get("done").Bool()
		m.Get("kind").OneOf("waiting", "active")
		m.Get("id").ID()
		m.Get("tags").Texts()
		m.Get("closed").List()
		m.Get("zone").Text()
	})
	want := `f.yaml:1:1: the file has no owner
f.yaml:1:7: name is empty
f.yaml:2:1: unknown key "nmae"; it may have owner
f.yaml:3:8: "many" is no whole number
f.yaml:4:7: size is from 0 to 10, not 17
f.yaml:5:17: "15 minutes" is no duration; a duration is in hours, minutes and seconds and reads 4h, 15m, 90s or 1h30m
f.yaml:5:36: "22-7" is no span of the day; a span reads 09:00-17:30
f.yaml:6:8: there is no 2026-02-30 in the calendar; several days read 2026-07-06..2026-07-17
f.yaml:6:20: 2026-07-17..2026-07-06 ends before it begins; did you mean "2026-07-06..2026-07-17"?
f.yaml:6:44: "tomorrow" is no date; a date reads 2026-03-31; several days read 2026-07-06..2026-07-17
f.yaml:7:7: goal is from 0% to 100%, not 95; did you mean "95%"?
f.yaml:8:7: done is true or false, not yes; did you mean "true"?
f.yaml:9:7: "waitng" is no kind; did you mean "waiting"?
f.yaml:10:5: "Next Release" is no id: an id has small letters, digits and hyphens, at most 60, such as next-release
f.yaml:11:11: "a" is in tags twice
f.yaml:11:14: an entry of tags is empty
f.yaml:11:17: tags wants a text, and this is a map
f.yaml:12:8: closed has no value; give it one, or leave it out
f.yaml:13:1: the key "limit" is already given in line 3
f.yaml:14:7: the tag !secret is not used here; write the value alone
f.yaml:15:1: merge keys (<<) are not read here; write the keys out
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAListAtTheTopIsNoFile(t *testing.T) {
	want := "f.yaml:1:1: the file wants keys with values, and this is a list\n"
	if got := complaints("- a\n- b\n", func(*strict.Map) {}); got != want {
		t.Error(got)
	}
}

func TestAKeyIsKnownByBeingAskedFor(t *testing.T) {
	got := complaints("team: {nam: x, zone: y}\nextra: {}\n", func(m *strict.Map) {
		team := m.Get("team").Map()
		team.Need("name").Text()
		team.Get("zone").Text()
		team.Get("bots").Texts()
	})
	want := `f.yaml:1:7: this entry of team has no name
f.yaml:1:8: unknown key "nam" in team; did you mean "name"?
f.yaml:2:1: unknown key "extra"
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryKeyOfAMapOfNamesIsKnown(t *testing.T) {
	d := strict.Read("f.yaml", []byte("calendars:\n  office: {week: x}\n  night: {week: y, wek: z}\n"))
	var got []string
	for name, n := range d.Map().Get("calendars").Map().Each() {
		got = append(got, name+"="+n.Map().Get("week").Text())
	}
	if diff := cmp.Diff([]string{"office=x", "night=y"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"calendars", "calendars.*", "calendars.*.week"}, d.Known()); diff != "" {
		t.Error(diff)
	}
	if cs := d.Complaints(); len(cs) != 1 || cs[0].String() != `f.yaml:3:20: unknown key "wek" in night; did you mean "week"?` && cs[0].Line != 3 {
		t.Error(cs)
	}
}

func TestScalarsAreTakenAsWritten(t *testing.T) {
	d := strict.Read("f.yaml", []byte("a: [no, 1.10, 0x1F, 2026-01-02, null-ish, 'x y', \"é\\u00e9\", 007]\n"))
	want := []string{"no", "1.10", "0x1F", "2026-01-02", "null-ish", "x y", "éé", "007"}
	if diff := cmp.Diff(want, d.Map().Get("a").Texts()); diff != "" {
		t.Error(diff)
	}
}

func TestAliasesRepeatAndAbsentNodesAreSilent(t *testing.T) {
	d := strict.Read("f.yaml", []byte("a: &x {name: n}\nb: *x\n"))
	m := d.Map()
	if got := m.Get("a").Map().Get("name").Text() + m.Get("b").Map().Get("name").Text(); got != "nn" {
		t.Errorf("got %q", got)
	}
	none := m.Get("c")
	none.Map().Need("x").Map().Get("y").Duration()
	none.List()
	none.Date()
	if none.Given() || len(d.Complaints()) > 0 {
		t.Error(d.Complaints())
	}
	var zero strict.Node
	zero.Map().Get("x").Text()
	zero.Complain("nothing to complain of")
}

func TestFrontMatterKeepsTheLinesOfItsFile(t *testing.T) {
	d := strict.ReadAt("p.md", []byte("title: x\ndate: soon\n"), 2)
	m := d.Map()
	m.Get("title").Text()
	m.Get("date").Date()
	if got := fmt.Sprint(d.Complaints()); got != `[p.md:3:7: "soon" is no date; a date reads 2026-03-31]` {
		t.Error(got)
	}
	d = strict.ReadAt("p.md", []byte("a: [\n"), 2)
	if got := fmt.Sprint(d.Complaints()); got != `[p.md:3:1: not YAML: while parsing a flow node: did not find expected node content]` {
		t.Error(got)
	}
}

func TestALongListOfComplaintsIsCut(t *testing.T) {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	d := strict.Read("f.yaml", []byte(b.String()))
	d.Map()
	cs := d.Complaints()
	if len(cs) != 201 || cs[200].What != "and 800 more complaints" {
		t.Error(len(cs), cs[len(cs)-1])
	}
}

func TestValuesInTheirOneSpelling(t *testing.T) {
	d := strict.Read("f.yaml", []byte(`
d: [15m, 4h, 90s, 1h30m, 0m]
c: ["9:00", 17:30, "24:00"]
s: [09:00-17:30, "22:00–06:00", 00:00-24:00]
p: [95%, 0.5, 100 %, 0]
r: [2026-07-06..2026-07-17, 2026-12-24]
`))
	m := d.Map()
	var got []string
	for _, n := range m.Get("d").List() {
		got = append(got, n.Duration().String())
	}
	for _, n := range m.Get("c").List() {
		got = append(got, n.Clock().String())
	}
	for _, n := range m.Get("s").List() {
		from, to, ok := n.Clocks()
		got = append(got, fmt.Sprintf("%v %v %v", from, to, ok))
	}
	for _, n := range m.Get("p").List() {
		got = append(got, fmt.Sprint(n.Share()))
	}
	for _, n := range m.Get("r").List() {
		first, last, ok := n.Dates()
		got = append(got, fmt.Sprintf("%s %s %v", first, last, ok))
	}
	want := []string{
		"15m0s", "4h0m0s", "1m30s", "1h30m0s", "0s",
		"9h0m0s", "17h30m0s", "24h0m0s",
		"9h0m0s 17h30m0s true", "22h0m0s 6h0m0s true", "0s 24h0m0s true",
		"0.95", "0.5", "1", "0",
		"2026-07-06 2026-07-17 true", "2026-12-24 2026-12-24 true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if cs := d.Complaints(); len(cs) > 0 {
		t.Error(cs)
	}
}

func TestWhatWasProbablyMeant(t *testing.T) {
	keys := []string{"statuses", "status", "labels", "sent_back", "limit", "when", "kind", "name"}
	for word, want := range map[string]string{
		"statusses": "statuses", "Labels": "labels", "sent-back": "sent_back", "limt": "limit", "lmiit": "limit",
		"wehn": "when", "colour": "", "x": "", "kin": "kind", "": "",
	} {
		if got := strict.Closest(word, keys...); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

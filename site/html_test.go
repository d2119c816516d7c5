package site

import (
	"html"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"

	nethtml "golang.org/x/net/html"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

func TestDifferentIdsHaveDifferentPlaces(t *testing.T) {
	ids := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-z/#~@=.+ -]{0,12}`), rapid.StringMatching(`[x/]{90,120}`), rapid.StringMatching(`(?i)(con|nul|aux|prn|com[0-9]|lpt1)(\.[a-z]{0,3})?`))
	rapid.Check(t, func(t *rapid.T) {
		a, b := ids.Draw(t, "a"), ids.Draw(t, "b")
		if (segment(a) == segment(b)) != (a == b) {
			t.Fatalf("%q lives at %s, %q at %s", a, segment(a), b, segment(b))
		}
		if strings.EqualFold(segment(a), segment(b)) && !strings.EqualFold(a, b) {
			t.Fatalf("%q and %q live in one folder where case does not count", a, b)
		}
		if device(segment(a)) || !proper(segment(a)) || len(segment(a)) > longest || strings.ContainsAny(segment(a), " /\\?#%&\"'<>:*|") {
			t.Fatalf("%q lives at %q", a, segment(a))
		}
	})
}

func TestEscapedTextReadsAsWhatItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[<>&"'a-z/=\x00-\x1f\x7f]{0,20}`), rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) })).Draw(t, "s")
		got := string(appendText(nil, s))
		if strings.ContainsAny(got, "<>\"'\x00\x1b\r") || !utf8.ValidString(got) {
			t.Fatalf("%q is written %q", s, got)
		}
		want := strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
				return utf8.RuneError
			}
			return r
		}, s)
		if back := html.UnescapeString(got); back != want {
			t.Fatalf("%q is read %q", want, back)
		}
		nodes, err := nethtml.ParseFragment(strings.NewReader(got), &nethtml.Node{Type: nethtml.ElementNode, Data: "div", DataAtom: atom.Div})
		if err != nil || len(nodes) > 1 || len(nodes) == 1 && nodes[0].Type != nethtml.TextNode {
			t.Fatalf("%q is not text", got)
		}
	})
}

func TestShortTextIsCutAtCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := rapid.String().Draw(t, "s"), rapid.IntRange(1, 40).Draw(t, "n")
		got := short(s, n)
		if utf8.ValidString(s) && !utf8.ValidString(got) || utf8.RuneCountInString(got) > max(n, 1) && len(s) > n {
			t.Fatalf("%q to %d is %q", s, n, got)
		}
		if utf8.RuneCountInString(s) <= n && got != s {
			t.Fatalf("%q was cut to %q", s, got)
		}
	})
}

func TestOnlyTheWebIsLinkedTo(t *testing.T) {
	for url, want := range map[string]bool{
		"https://tracker.example/browse/SUP-1": true, "http://tracker.example/": true, "HTTPS://x.example/": true,
		"javascript:alert(1)": false, "//evil.example/x": false, "data:text/html,x": false, "": false, "https:": false, "file:///etc/passwd": false,
		"https://x.example/\" onclick=": false, " https://x.example/": false, "https://x.example/" + strings.Repeat("a", 3000): false, "java\nscript:alert(1)": false,
	} {
		if web(url) != want {
			t.Errorf("%q: %v", url, web(url))
		}
	}
}

// What trackers and authors write may hold anything; the files of a wiki hold text, and what a
// spreadsheet opens is no formula.
func TestNoControlCharacterReachesAFile(t *testing.T) {
	const hostile = "=a\x00b\x1b[31mc\x7fd\u009be\xff\xed\xa0\x80"
	is := issue(t, "SUP-7", "Incident", "Blocker", hostile, "2026-10-05T15:00:00Z")
	in := input(t, 1)
	in.Report = night(t, []record.Issue{is}, nil)
	in.Report.Doubts = append(in.Report.Doubts, hostile)
	in.Report.Sources = append(in.Report.Sources, analysis.SourceState{Name: hostile, Doubts: []record.Doubt{{Place: hostile, What: hostile}}})
	in.Content = fstest.MapFS{"playbook/x.md": {Data: []byte("# " + hostile + "\n\n" + hostile + " `" + hostile + "`\n")}}
	tree, seen := build(t, in), 0
	for _, f := range tree.Files {
		if strings.HasPrefix(f.Path, "static/") {
			continue
		}
		text := read(t, tree, f.Path)
		if strings.HasSuffix(f.Path, ".ics") {
			text = strings.ReplaceAll(text, "\r\n", "\n") // how its lines end, RFC 5545 section 3.1
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 }); i >= 0 {
			t.Errorf("%s holds %q", f.Path, text[max(0, i-20):i+1])
		}
		if !utf8.ValidString(text) {
			t.Errorf("%s is no UTF-8", f.Path)
		}
		seen += strings.Count(text, "b\uFFFD[31mc")
		if strings.HasSuffix(f.Path, ".csv") && (strings.Contains(text, ",=") || strings.Contains(text, "\n=") || strings.Contains(text, `"=`)) {
			t.Errorf("%s holds a formula", f.Path)
		}
	}
	if seen < 10 {
		t.Errorf("the words are in %d places", seen)
	}
}

func TestMarksThatPileUpStayOnTheirLine(t *testing.T) {
	s := new(sheet).title("e" + strings.Repeat("\u0301", 200) + "nd").html()
	if want := "<bdi>e" + strings.Repeat("\u0301", mostMarks) + "nd</bdi>"; string(s) != want {
		t.Errorf("%q", s)
	}
	for _, whole := range []string{"Ngu\u031b\u0303", "\u05d1\u05b0\u05bc\u0591", "\xff\u0301", ""} { // what languages write stays
		if got := unpiled(whole); got != whole {
			t.Errorf("%q became %q", whole, got)
		}
	}
}

// A narrow column breaks a text at its hyphens, and a day in two is none.
func TestCellsOfDaysAreMarked(t *testing.T) {
	day := float64(1_790_000_000_000_000_000)
	got, _ := (&builder{zone: time.UTC}).table("metrics/x/index.html", &analysis.Table{
		Columns: []analysis.Column{{Name: "x", Title: "Point", Unit: analysis.Text}, {Name: "a", Title: "A", Unit: analysis.Text}, {Name: "b", Title: "B", Unit: analysis.Items}, {Name: "c", Title: "C", Unit: analysis.Day}},
		Rows: [][]analysis.Cell{
			{{Text: "2026-W44"}, {Text: "2026-10-28 12:00"}, {Num: record.Num(3)}, {Num: record.Num(day)}},
			{{Text: "orders-api"}, {Text: "2026-10-28 was a Wednesday"}, {}, {}},
		},
	}, 10, false)
	for _, want := range []string{
		`<tr><th scope="row" class="day">2026-W44</th><td class="day">2026-10-28 12:00</td><td class="n">3</td><td class="day">21 Sep 2026</td></tr>`,
		`<tr><th scope="row">orders-api</th><td>2026-10-28 was a Wednesday</td><td class="n">–</td><td></td></tr>`,
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

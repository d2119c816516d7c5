package main

import (
	"bytes"
	"context"
	"html"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/ledger"
	"github.com/firebreak/firebreak/collectors/record"
)

var tag = regexp.MustCompile(`<[^>]*>`)

// Whatever a tracker sends, Markdown shows it and does nothing with it.
func FuzzEscapedTextIsItself(f *testing.F) {
	for _, s := range []string{"@acme/everyone #12 GH-1 acme/x#3", "https://evil.invalid www.evil.invalid a@b.invalid", "[x](javascript:alert(1)) ![y](z)", "<img src=x> &lt; &#64;",
		"*a* _b_ **c** ~~d~~ `e` $x$", "# h", "- l", "1. n", "98.1 %", "1.", "1.\u00a0n", "+ p", "> q", "---", "===", "| a | b |", "a\nb\r\n\n    code", "\x1b[31mred\u202e", `back\slash \* end\`, "1) x", "[ ] task", "[x] task"} {
		f.Add(s)
	}
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	f.Fuzz(func(t *testing.T, s string) {
		var out bytes.Buffer
		if err := md.Convert([]byte("- **t**: "+escape(s, 500)+"\n- "+escape(s, 500)+"\n"), &out); err != nil {
			t.Fatal(err)
		}
		for _, found := range tag.FindAllString(out.String(), -1) {
			switch found {
			case "<ul>", "</ul>", "<li>", "</li>", "<strong>", "</strong>":
			default:
				t.Fatalf("%q makes %s: %s", s, found, out.String())
			}
		}
		want := strings.Join(strings.Fields(plain(s)), " ")
		if r := []rune(want); len(r) > 500 {
			return
		}
		_, second, _ := strings.Cut(out.String(), "</li>")
		shown := strings.ReplaceAll(html.UnescapeString(tag.ReplaceAllString(second, "")), "\u2060", "")
		if got := strings.Join(strings.Fields(shown), " "); got != want {
			t.Fatalf("%q shows as %q, written %q", want, got, escape(s, 500))
		}
	})
}

// A night of a later firebreak, or a broken one, is passed over, and that is said.
func TestAKeptNightThatCannotBeReadIsPassedOver(t *testing.T) {
	ctx := context.Background()
	l, err := ledger.Open(ctx, filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	good := `{"schema":1,"policy_hash":"x","figures":[]}`
	for _, n := range []ledger.Night{
		{AsOf: 100, Policy: "old", Report: []byte(good), Verdicts: []byte("[]")},
		{AsOf: 200, Report: []byte(good), Verdicts: []byte(`{"schema":99}`)},
	} {
		if err := l.SaveNight(ctx, n); err != nil {
			t.Fatal(err)
		}
	}
	n := &night{ledger: l, policy: &analysis.Policy{Zone: time.UTC}}
	k, note, err := n.kept(ctx, 300)
	if err != nil || k == nil || k.AsOf != 100 || k.Policy != "old" || !strings.Contains(note, "cannot be read (its items are of schema 99") {
		t.Errorf("%+v, %q, %v", k, note, err)
	}
	if k, note, err := n.kept(ctx, 100); k != nil || note != "" || err != nil {
		t.Errorf("before the first: %+v, %q, %v", k, note, err)
	}
}

// A week ago no night was kept: a few records are judged again, and of many it is said why they are not.
func TestManyRecordsAreNotJudgedAgainOfAWeekAgo(t *testing.T) {
	ctx := context.Background()
	l, err := ledger.Open(ctx, filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	n := &night{ledger: l, policy: &analysis.Policy{Zone: time.UTC}}
	in := analysis.Input{AsOf: record.At(time.Date(2026, 11, 2, 6, 39, 0, 0, time.UTC))}
	all, without, err := n.earlier(ctx, in, fewRecords+1)
	if err != nil || len(all) != 0 || len(without) != 2 || !strings.HasPrefix(without[0], "Since the night before: no night of before 2 November 2026, 06:39 is kept in this ledger.") {
		t.Fatalf("%d compared, not compared %q, %v", len(all), without, err)
	}
	if want := "Since a week ago: no night was kept of then, and to judge 30001 records again takes as long as the night itself. `firebreak report --since 2026-10-26` does it."; without[1] != want {
		t.Errorf("%q, want %q", without[1], want)
	}
}

func TestWhatDoesSomethingIsShownAndWhatShowsNothingIsLeftOut(t *testing.T) {
	for text, want := range map[string]string{"a\u200bb\u200d\ufeff\u00ad\u2060c": "abc", "red\x1b[31m": "red\ufffd[31m", "\u202egnp": "\ufffdgnp", "a\tb\r\nc": "a b  c"} {
		if got := plain(text); got != want {
			t.Errorf("%q is written %q; want %q", text, got, want)
		}
	}
}

func TestANumberIsWrittenWithoutABackslash(t *testing.T) {
	for text, want := range map[string]string{"98.1 %": "98.1 %", "1. n": `1\. n`, "12) n": `12\) n`, "7.": `7\.`, "(3) of 4": "(3) of 4"} {
		if got := escape(text, 100); got != want {
			t.Errorf("%q is written %q; want %q", text, got, want)
		}
	}
}

// What changed is told in full at any width: nothing of a list is cut, no line is longer than the terminal, and a figure is not parted from its unit.
func TestAListOfChangesIsNeverCut(t *testing.T) {
	list := analysis.Table{Title: "Figures that read differently", Columns: []analysis.Column{{Title: "Figure"}, {Title: "Then"}, {Title: "Now"}, {Title: "Change"}}}
	for _, row := range [][]string{{"Share of capacity that support takes", "29 %, on goal", "31 %, on goal", "+2 points"}, {"Störung im Übergabeprotokollverarbeitungsdienst", "1", "2", "+1"}} {
		var cells []analysis.Cell
		for _, s := range row {
			cells = append(cells, analysis.Cell{Text: s})
		}
		list.Rows = append(list.Rows, cells)
	}
	for width := 20; width <= 140; width++ {
		var out bytes.Buffer
		p := &printer{sheet: &sheet{&out, width}}
		p.table(&list, &analysis.Report{})
		joined := ""
		for line := range strings.Lines(out.String()) {
			line = strings.TrimRight(line, "\n")
			if n := columns(line); n > width && (width >= narrow || !strings.Contains(line, "protokoll")) {
				t.Errorf("at %d columns a line has %d: %q", width, n, line)
			}
			joined += strings.ReplaceAll(line, " ", "")
		}
		for _, row := range list.Rows {
			if width >= narrow { // what goes on below a row stands behind the row's other columns
				for _, c := range row[1:] {
					if !strings.Contains(out.String(), c.Text) {
						t.Errorf("at %d columns %q is missing:\n%s", width, c.Text, out.String())
					}
				}
				continue
			}
			for _, c := range row {
				if !strings.Contains(joined, strings.ReplaceAll(c.Text, " ", "")) {
					t.Errorf("at %d columns %q is missing:\n%s", width, c.Text, out.String())
				}
			}
		}
		if strings.Contains(out.String(), "…") || width >= narrow && !strings.Contains(out.String(), "takes") {
			t.Errorf("at %d columns the list is cut:\n%s", width, out.String())
		}
	}
}

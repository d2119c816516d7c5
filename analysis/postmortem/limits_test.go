package postmortem

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/tools/txtar"
)

func FuzzRead(f *testing.F) {
	for _, name := range []string{"good", "times", "improvements", "headings", "front", "blame", "bytes", "unclosed"} {
		a, err := txtar.ParseFile("testdata/" + name + ".txtar")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(a.Files[0].Data)
	}
	for _, s := range []string{
		"", "---", "---\n", "---\n---", "---\n...\n#", "\ufeff---\r\n---\r\n", "x\n=", "## Timeline\n-\n- 14:05",
		"## Timeline\n- > 14:05 x\n- - 14:05\n\n\t14:05\n", "## Improvements\n|What|\n|-|\n||\n|\\||\n", "## Improvements\n- [x]\n- [ ] ",
		"## Timeline\n|a|b|\n|-|-|\n|2026-01-01 10:00|x|\n|-|\n", "> ## Detect\n\n1. # React\n", "#\n##\n###\n", "\x00\xff## \xffDetect",
		"---\nstarted: 0000-00-00 00:00\nincidents: *a\n---\n", "## Detect\n[a]: b\n\n<!--\n", "## Timeline\n### 2026-12-31 23:00\n### 01:00\n### Jan 1\n",
	} {
		f.Add([]byte(s))
	}
	team := Team{Zone: time.UTC, Names: []string{"Maya Lindqvist", ""}, Levels: 4}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, complaints := Read("dir/some page.md", text, team)
		checkWhole(t, p)
		if !utf8.Valid(p.Text) || len(p.Text) > SizeLimit || bytes.ContainsAny(p.Text, "\r\x00") {
			t.Fatalf("the text is not what it promises: %q", p.Text)
		}
		rows := bytes.Count(p.Text, []byte("\n")) + 1
		for _, c := range complaints {
			if c.File != p.File || c.Line < 0 || c.Line > rows || c.What == "" || !utf8.ValidString(c.What) {
				t.Fatalf("complaint %+v on a page of %d lines", c, rows)
			}
		}
		for _, e := range p.Events {
			if e.Line < 1 || e.Line > rows || e.When == "" {
				t.Fatalf("event %+v", e)
			}
		}
		again, said := Read("dir/some page.md", text, team)
		if !reflect.DeepEqual(complaints, said) || dump(p, nil) != dump(again, nil) {
			t.Fatal("the same page reads differently the second time")
		}
		Backlog([]*Postmortem{p}, func(string) (IssueState, bool) { return IssueState{Done: true}, true })
		AsOf([]*Postmortem{p}, p.Started)
	})
}

// Pages nobody writes, and an export pasted whole can be: they are read as far as is sensible, and it
// is said.
func TestHugePagesAreReadInTheirLimits(t *testing.T) {
	row := strings.Repeat("|x", 2000) + "|\n"
	for name, c := range map[string]struct{ text, said string }{
		"a page over the limit":     {"---\ntitle: x\n---\n## Detect\n" + strings.Repeat("0123456789abcde\n", SizeLimit/16), "only the first 256 KB"},
		"one line over the limit":   {"x" + strings.Repeat("é", SizeLimit), "only the first 256 KB"},
		"a table of many columns":   {"## Timeline\n" + row + strings.Repeat("|-", 2000) + "|\n" + strings.Repeat(row, 20), "larger than 64 columns"},
		"a table of many cells":     {"## Timeline\n|a|b|\n|-|-|\n" + strings.Repeat("|\n", 20_000), "larger than 64 columns"},
		"emphasis without an end":   {"## Timeline\n- " + strings.Repeat("*a_ ", 60_000), ""},
		"brackets without an end":   {"## Improvements\n- " + strings.Repeat("[a](", 60_000), ""},
		"a name again and again":    {"## Detect\n" + strings.Repeat("Maya ", 50_000), ""},
		"a name beside full stops":  {"## Detect\n" + strings.Repeat("Maya. ", 40_000), ""},
		"words that almost blame":   {"## Detect\n" + strings.Repeat("should ", 30_000) + "should have", "describes a world"},
		"lists in lists":            {"## Improvements\n" + strings.Repeat("- ", 60_000) + "x", ""},
		"quotes in quotes":          {"## Timeline\n" + strings.Repeat("> ", 100_000) + "x", ""},
		"many headings":             {strings.Repeat("## Detect\n", 20_000), ""},
		"many improvements":         {"## Improvements\n" + strings.Repeat("- x\n", 40_000), ""},
		"many rows of improvements": {"## Improvements\n|What|\n|-|\n" + strings.Repeat("|x|\n", 4_000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			p, complaints := Read("x.md", []byte(c.text), Team{Names: []string{"Maya Lindqvist"}})
			took := time.Since(start)
			checkWhole(t, p)
			found := c.said == ""
			for _, m := range complaints {
				found = found || strings.Contains(m.What, c.said)
			}
			if !found {
				t.Errorf("%q is not said, only %.300v", c.said, complaints)
			}
			t.Logf("%d KB in %v, %d complaints", len(c.text)>>10, took.Round(time.Millisecond), len(complaints))
		})
	}
}

func TestTheTextIsKeptByteForByte(t *testing.T) {
	a, err := txtar.ParseFile("testdata/good.txtar")
	if err != nil {
		t.Fatal(err)
	}
	text := a.Files[0].Data
	p, _ := Read("x.md", text, Team{})
	if !bytes.Equal(p.Text, text) {
		t.Error("the text of a page in order is changed")
	}
	var parts []byte
	parts = append(parts, p.Text[:p.Body]...)
	for _, s := range p.Sections {
		parts = append(parts, p.Text[s.Start:s.End]...)
	}
	if !bytes.Equal(parts, text) {
		t.Error("front matter and sections are not the page")
	}
	detect, _ := p.Section(Detect)
	if got := strings.TrimSpace(string(p.Prose(detect))); got != "Nothing watched the length of the queue." {
		t.Errorf("Detect reads %q", got)
	}
	text[0] = 'x'
	if p.Text[0] == 'x' {
		t.Error("the page shares the caller's bytes")
	}
}

func BenchmarkRead(b *testing.B) {
	a, err := txtar.ParseFile("testdata/good.txtar")
	if err != nil {
		b.Fatal(err)
	}
	var prose strings.Builder
	for i := 0; len(a.Files[0].Data)+prose.Len() < 3<<10; i++ {
		fmt.Fprintf(&prose, "\nThe queue of the *provider* was `%d` long, [as seen](https://graphs.example/%d) by nobody,\nand nobody asked.\n", i, i)
	}
	text := bytes.Replace(a.Files[0].Data, []byte("\n## React"), []byte(prose.String()+"\n## React"), 1)
	team := Team{Zone: zone(b, "America/New_York"), Names: []string{"Maya Lindqvist", "Tomas Okafor", "Lena Hartmann"}, Levels: 4}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Read("2026-03-04-fax-queue.md", text, team)
	}
}

package site

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/firebreak/firebreak/analysis/postmortem"
)

// told renders one text as the file playbook/x.md of a folder with a few others.
func told(source string) *text {
	s := &scribe{
		md: newMarkdown(), prefix: "content/",
		find: func(key string) (string, bool) {
			if key == "SUP-9" || key == "acme/orders#12" {
				return itemPlace("tickets", key), true
			}
			return "", false
		},
		file: func(name string) (string, bool) {
			switch name {
			case "playbook/other.md":
				return "playbook/other/index.html", true
			case "playbook/graph.png", "images/über graph.png":
				return "files/" + segments(name), true
			}
			return "", false
		},
		wiki: func(place string) bool { return place == "metrics/wip/index.html" },
	}
	t := &text{file: "playbook/x.md", place: "playbook/x/index.html", source: []byte(source)}
	s.write(t, true)
	return t
}

func TestTextsBecomePartOfTheWiki(t *testing.T) {
	for _, c := range []struct{ name, source, html, complaint string }{
		{"a day in a table is kept on one line", "| A | B |\n|--|--|\n| 2026-10-28 | of 2026-10-28 |", `<td class="day">2026-10-28</td>` + "\n<td>of 2026-10-28</td>", ""},
		{"a key becomes a link", "See SUP-9, not SUP-10.", `<a href="../../items/tickets/SUP-9/index.html">SUP-9</a>, not SUP-10.`, ""},
		{"a key of a repository", "acme/orders#12 it was", `<a href="../../items/tickets/acme~orders@12/index.html">acme/orders#12</a>`, ""},
		{"a key in a word is none", "XSUP-9 SUP-9a SUP-99", "XSUP-9 SUP-9a SUP-99", ""},
		{"a key in code stays code", "`SUP-9`", "<code>SUP-9</code>", ""},
		{"a key in a link stays one link", "[SUP-9](other.md)", `<a href="../../playbook/other/index.html">SUP-9</a>`, ""},
		{"a file becomes its entry", "[o](other.md#part)", `href="../../playbook/other/index.html#part"`, ""},
		{"a link to a place of the wiki", "[m](/metrics/wip/)", `href="../../metrics/wip/index.html"`, ""},
		{"a dead link says so", "[gone](gone.md)", `<span class="dead">gone</span>`, "content/playbook/x.md:1: there is no playbook/gone.md"},
		{"a dead heading says so", "text\n\n[gone](#gone)", `<span class="dead">gone</span>`, "content/playbook/x.md:3: no heading here is called #gone"},
		{"a heading can be linked", "## Über & 🎉\n\n[up](#über)", `<h2 id="über">`, ""},
		{"equal headings differ", "## A\n\n## A\n", `<h2 id="a-2">`, ""},
		{"a heading without letters", "## 🎉\n", `<h2 id="section">`, ""},
		{"no heading takes the id of the entry", "## Main\n", `<h2 id="main-2">`, ""},
		{"an image beside the text", "![a graph](graph.png)", `<img src="../../files/playbook/graph.png" alt="a graph">`, ""},
		{"an image of a foreign name", "![a graph](<../images/über graph.png>)", `<img src="../../files/images/=C3=BCber=20graph.png"`, ""},
		{"an image of another host is not fetched", "![spy](https://evil.example/x.png)", `<span class="dead">spy</span>`, "images of other hosts are not shown"},
		{"nor by a clever address", "![spy](//evil.example/x.png)", `<span class="dead">spy</span>`, "images of other hosts are not shown"},
		{"nor as data", "![spy](data:image/png;base64,AAAA)", `<span class="dead">spy</span>`, "images of other hosts are not shown"},
		{"a script is no link", "[x](javascript:alert(1))", `<span class="dead">x</span>`, "not to javascript:"},
		{"nor in disguise", "[x](JaVaScRiPt&#58;alert(1))", `<span class="dead">x</span>`, "links lead to https"},
		{"the web may be linked to, without telling it from where", "[w](https://example.com/a?b=c)", `<a href="https://example.com/a?b=c" rel="noreferrer" class="out">`, ""},
		{"HTML is left out", "<script>alert(1)</script>\n", "<!-- raw HTML omitted -->", "HTML is not shown"},
		{"a comment is no fault", "<!-- for authors -->\n", "", ""},
		{"alignment is no style", "| a |\n|--:|\n| 1 |\n", `<td align="right">1</td>`, ""},
		{"a table scrolls in its own box", "| a |\n|---|\n| 1 |\n", `<div class="scroll" tabindex="0"><table>`, ""},
		{"a task list", "- [x] done\n", `<input checked="" disabled="" type="checkbox">`, ""},
		{"a footnote", "word[^1]\n\n[^1]: note\n", `<sup id="fnref:1">`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := told(c.source)
			if !strings.Contains(string(got.html), c.html) {
				t.Errorf("no %s in\n%s", c.html, got.html)
			}
			if strings.Contains(string(got.html), "evil.example") && strings.Contains(string(got.html), "<img") {
				t.Errorf("it asks another host:\n%s", got.html)
			}
			switch {
			case c.complaint == "" && len(got.complaints) > 0:
				t.Errorf("complaints %v", got.complaints)
			case c.complaint != "" && (len(got.complaints) != 1 || !strings.Contains(got.complaints[0].String(), c.complaint)):
				t.Errorf("complaints %v, not one with %q", got.complaints, c.complaint)
			}
		})
	}
}

func TestATitleIsTheFirstHeadingAndIsNotRepeated(t *testing.T) {
	got := told("# The *play*\n\nFirst paragraph, with `code`.\n\n## Part\n")
	if got.title != "The play" || strings.Contains(string(got.html), "<h1") || got.summary != "First paragraph, with code." || len(got.heads) != 1 || !strings.Contains(string(got.words), "First paragraph") {
		t.Errorf("%+v\n%s", got, got.html)
	}
}

func TestATableOfAMillionCellsStaysText(t *testing.T) {
	row := strings.Repeat("|", 2000) + "\n"
	got := told(strings.Repeat("|a", 2000) + "|\n" + strings.Repeat("|-", 2000) + "|\n" + strings.Repeat(row, 20))
	if len(got.html) > 1<<20 || strings.Contains(string(got.html), "<table") {
		t.Errorf("%d bytes of HTML", len(got.html))
	}
	cut := strings.Repeat("| a |\n", 3)
	if postmortem.ColumnLimit < 3 || !strings.Contains(string(told("| a |\n|---|\n"+cut).html), "<table") {
		t.Error("a small table is none")
	}
}

func FuzzTextsStayTexts(f *testing.F) {
	for _, seed := range []string{aPlay, "[x](javascript:alert(1))", "<javascript:alert(1)>", "![a](//x)", "<img src=x onerror=alert(1)>", "[a](<b\n>)", "| a |\n|--|\n| \\| |", "SUP-9 acme/orders#12", "# \n\n## [SUP-9](#x)", "[^1]\n\n[^1]: SUP-9", "![[SUP-9](a)](b)", "\xff\x00", "***a** b*", "[a]: javascript:x\n\n[a]", "&#0;&lt;script&gt;"} {
		f.Add(seed)
	}
	for _, c := range hostile {
		f.Add(c.text[:min(len(c.text), 4000)])
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 4000 || !utf8.ValidString(source) { // who reads texts has mended them
			return
		}
		got := told(source)
		z := html.NewTokenizer(strings.NewReader(string(got.html)))
		for tt := z.Next(); tt != html.ErrorToken; tt = z.Next() {
			tok := z.Token()
			if tok.Data == "script" || tok.Data == "iframe" || tok.Data == "style" && tt == html.StartTagToken {
				t.Errorf("%q makes %v", source, tok)
			}
			for _, a := range tok.Attr {
				v := strings.ToLower(strings.TrimSpace(a.Val))
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" && (strings.Contains(v, "//") || strings.HasPrefix(v, "data:")) ||
					(a.Key == "href" || a.Key == "src") && (strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "data:") || strings.HasPrefix(v, "//")) {
					t.Errorf("%q makes %v", source, tok)
				}
			}
		}
	})
}

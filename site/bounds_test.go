package site

import (
	"fmt"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/analysis/postmortem"
)

// hostile are texts that nobody writes, each as long as a text may be unless that says more than a
// shorter one: they are quadratic, or far larger as HTML, without the bounds of this package. shown is
// in the HTML of each, said in its complaints.
var hostile = []struct{ name, text, shown, said string }{
	{"quotations in quotations", filled("> "), "&gt; &gt; &gt;", ""},
	{"quotations by lines", lines(700, func(i int) string { return strings.Repeat("> ", i%360) + "x\n" }), "<blockquote>", ""},
	{"lists in lists", filled("- ") + "x", "- - - -", ""},
	{"lists in lists, by lines", lines(700, func(i int) string { return strings.Repeat(" ", 2*(i%350)) + "- a\n" }), "<li>a", ""},
	{"a deep list of many entries", lines(4000, func(i int) string { return strings.Repeat("  ", min(i, 28)) + "- a\n" }), "<li>a", ""},
	{"numbers in numbers", filled("1. "), "1. 1. 1.", ""},
	{"footnotes in footnotes", filled("[^a]: "), "", ""},
	{"links that never end", filled("[a]("), "[a]([a](", "plain text"},
	{"links that never end, in a heading", "# x\n\n## " + filled("[a]("), "[a]([a](", "plain text"},
	{"links that never end, in a cell", "|a|\n|-|\n|" + filled("[a]("), "[a]([a](", "plain text"},
	{"links that never end, in many paragraphs", filled(strings.Repeat("[a](", 500) + "\n\n"), "[a]([a](", ""},
	{"links that never end, by lines", filled("[a](\n"), "[a](\n[a](", "plain text"},
	{"brackets that never end", filled("["), "[[[[", "plain text"},
	{"brackets that never begin", filled("]"), "]]]]", "plain text"},
	{"brackets in brackets", strings.Repeat("[", size/2) + strings.Repeat("]", size/2), "[[[[", "plain text"},
	{"links in brackets", "[" + filled("[a](b)"), "[a](b)[a](b)", "plain text"},
	{"images in images", filled("![a]("), "![a](![a](", "plain text"},
	{"emphasis that never ends", filled("*a_ "), "*a_ *a_", "plain text"},
	{"emphasis that never begins", filled("a**_b "), "a**_b a**_b", "plain text"},
	{"emphasis in emphasis", strings.Repeat("*a ", size/6) + strings.Repeat(" a*", size/6), "*a *a", "plain text"},
	{"struck out without an end", filled("~~a "), "~~a ~~a", "plain text"},
	{"code that never ends", lines(720, func(i int) string { return strings.Repeat("`", i) + "a" }), "`a``a", "plain text"},
	{"HTML that never ends", filled("a<!--"), "a&lt;!--", "plain text"},
	{"instructions that never end", filled("a<?"), "a&lt;?", "plain text"},
	{"tags that never end", filled(`a<b c="`), "a&lt;b", "plain text"},
	{"addresses that never end", "x " + filled("(http://a.a"), "(http://a.a", "plain text"},
	{"mail that never ends", filled("a.a_"), "a.a_", "plain text"},
	{"definitions", filled("[a]: b\n"), "[a]: b\n[a]: b", "plain text"},
	{"definitions that never end", filled("[a\n"), "[a\n[a", "plain text"},
	{"definitions with titles that never end", filled("[a]: b '\n"), "[a]: b '\n[a]: b", "plain text"},
	{"one long address, many links", "[a]: " + strings.Repeat("x", size/2) + "\n\n" + strings.Repeat("[a]\n\n", size/10), "<p>", "too long"},
	{"one long title, many links", "[a]: https://x.example '" + strings.Repeat("x", size/2) + "'\n\n" + strings.Repeat("[a]\n\n", size/10), "<p>", "too long"},
	{"footnotes by the thousand", lines(14000, func(i int) string { return fmt.Sprintf("[^%d]: a\n\n", i) }) + strings.Repeat("[^x]\n\n", size/12), "[^x]", ""},
	{"one footnote, many references", "[^x]: a\n\n" + filled("[^x]\n\n"), "fnref", ""},
	{"headings of one name", filled("# a\n"), `id="a-2"`, ""},
	{"headings underlined", filled("a\n=\n"), `id="a-2"`, ""},
	{"links to headings", lines(16000, func(i int) string { return fmt.Sprintf("# %d\n[](#%d)\n", i, i) }), `href="#9"`, ""},
	{"dead links", filled("[a](b.md)\n\n"), "dead link", "more complaints"},
	{"HTML by lines", filled("<b>\n\n"), "raw HTML omitted", "more complaints"},
	{"a table of a million cells", strings.Repeat("|a", 2000) + "|\n" + strings.Repeat("|-", 2000) + "|\n" + filled(strings.Repeat("|", 2000)+"\n"), "|a|a", ""},
	{"tables", filled("|a|b|\n|-|-|\n|c|d|\n\n"), "<table>", ""},
	{"lines below a table's header", filled("|-|-|\n"), "|-|-|", ""},
	{"keys that are none", filled("SUP-9a-"), "SUP-9a-", ""},
	{"keys", filled("SUP-9 "), ">SUP-9</a>", ""},
	{"keys in emphasis", filled("*SUP-9 "), "*<a href", "plain text"},
	{"empty lines in a list", "- a\n" + filled(" \n"), "<li>a", ""},
	{"tabs", "- a\n" + filled("\t"), "<li>a", ""},
	{"spaces before nothing", filled(strings.Repeat(" ", 4000) + "\n"), "", ""},
	{"lines of one letter", filled("a\n"), "<p>a", ""},
	{"lines of one entity", filled("&amp;\n"), "&amp;", ""},
	{"lines that go on a quotation", "> " + filled("a\n"), "<blockquote>", ""},
	{"lines that go on a deep quotation", strings.Repeat("> ", 60) + filled("a\n"), "<blockquote>", ""},
	{"backslashes", filled(`\`), `\\`, ""},
	{"fences", filled("```\n"), "<pre>", ""},
	{"tasks", filled("- [x] a\n"), "checkbox", ""},
}

const size = postmortem.SizeLimit

func filled(with string) string { return strings.Repeat(with, (size-20)/len(with)) }

func lines(n int, line func(int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(i))
	}
	return b.String()
}

func TestHostileTextsAreShownWithinTheirBounds(t *testing.T) {
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			got := told(c.text)
			if !strings.Contains(string(got.html), c.shown) {
				t.Errorf("no %q in %.300s", c.shown, got.html)
			}
			if len(got.html) > 40*size {
				t.Errorf("%d KB became %d KB", len(c.text)>>10, len(got.html)>>10)
			}
			if len(got.complaints) > mostComplaints+1 {
				t.Errorf("%d complaints", len(got.complaints))
			}
			said := c.said == ""
			for _, m := range got.complaints {
				said = said || strings.Contains(m.What, c.said)
			}
			if !said {
				t.Errorf("%q is not said, only %.300v", c.said, got.complaints)
			}
		})
	}
}

// A paragraph whose marks are many, and sensible, keeps them.
func TestALongParagraphKeepsItsMarks(t *testing.T) {
	got := told(strings.Repeat("The *queue* of the `provider` stood, [as seen](https://graphs.example/1) by **nobody**. ", 200))
	if n := strings.Count(string(got.html), "<em>queue</em>"); n != 200 || len(got.complaints) > 0 {
		t.Errorf("%d of 200 marks, complaints %v", n, got.complaints)
	}
}

// A block that is shown plainly says all its words, and the ones after it keep their marks.
func TestAPlainBlockLosesNoWords(t *testing.T) {
	noise := filled("[a](\n")
	got := told("Before *it*.\n\n" + noise + "\n\nAfter *it*, SUP-9.\n")
	h := string(got.html)
	if n := strings.Count(h, "[a]("); n != strings.Count(noise, "[a](") {
		t.Errorf("%d of %d", n, strings.Count(noise, "[a]("))
	}
	if !strings.Contains(h, "Before <em>it</em>") || !strings.Contains(h, "After <em>it</em>, <a") {
		t.Errorf("%.80s … %s", h, h[len(h)-120:])
	}
	if len(got.complaints) != 1 || got.complaints[0].Line != 3 {
		t.Errorf("complaints %v", got.complaints)
	}
}

// BenchmarkHostileTexts: none may take a second.
func BenchmarkHostileTexts(b *testing.B) {
	for _, c := range hostile {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				told(c.text)
			}
		})
	}
}

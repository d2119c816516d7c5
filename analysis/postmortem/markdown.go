package postmortem

// Markdown, as far as reading needs it: the blocks of a page with their places, and the words of a
// piece of text without its marks. Inline marks are only parsed where words are taken from them; the
// site renders the page itself.

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// What one page may hold. A table of 21 KB can make 90 MB of cells, and nested lists and emphasis that
// never closes take time by the square of their length: nobody writes those, but an export pasted
// whole can look like it.
const (
	SizeLimit   = 256 << 10 // bytes of a page
	ColumnLimit = 64        // columns of a table
	cellLimit   = 10_000    // cells of a table
	depthLimit  = 64        // lists, their entries and quotations inside of each other
	linesLimit  = 2000      // lines of a paragraph that may define links
	inlineLimit = 4 << 10   // bytes of one cell or list entry whose marks are taken off
)

// The parsers are built once, never change, and may be used side by side: building one costs as much
// as reading a short page.
var (
	blockParser  = parser.NewParser(Bounds()...)
	inlineParser = parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...),
	)
	tooLarge = parser.NewContextKey() // places of tables that stay text, []int
)

// Bounds are goldmark's block parsers, with tables, kept from what makes them slow or their output
// huge. Whoever renders pages that people write builds the parser with them.
func Bounds() []parser.Option {
	blocks := parser.DefaultBlockParsers()
	for i, v := range blocks {
		if v.Value == parser.NewListParser() || v.Value == parser.NewBlockquoteParser() {
			blocks[i].Value = shallow{v.Value.(parser.BlockParser)}
		}
	}
	return []parser.Option{
		parser.WithBlockParsers(blocks...),
		parser.WithParagraphTransformers(
			util.Prioritized(fewLines{parser.LinkReferenceParagraphTransformer}, 100),
			util.Prioritized(smallTables{extension.NewTableParagraphTransformer()}, 200),
		),
	}
}

// blocks is the tree of the blocks of a page, and the places of tables that are too large to be one.
// Nothing inline is parsed.
func blocks(source []byte) (doc ast.Node, over []int) {
	pc := parser.NewContext()
	doc = blockParser.Parse(text.NewReader(source), parser.WithContext(pc))
	over, _ = pc.Get(tooLarge).([]int)
	return doc, over
}

// fewLines looks for definitions of links ([a]: b) in paragraphs of a length that people write: each
// definition is cut out of a copy of all lines.
type fewLines struct{ parser.ParagraphTransformer }

func (t fewLines) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if node.Lines().Len() <= linesLimit {
		t.ParagraphTransformer.Transform(node, reader, pc)
	}
}

// smallTables makes tables of paragraphs, unless they are larger than anything a person writes: those
// stay text.
type smallTables struct{ parser.ParagraphTransformer }

func (t smallTables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	for i := range lines.Len() {
		seg := lines.At(i)
		line := seg.Value(reader.Source())
		if len(bytes.Trim(line, "|-: \t\r\n")) > 0 { // not the line below a table's header
			continue
		}
		columns := bytes.Count(line, []byte("|")) + 1
		if columns > ColumnLimit+2 || columns*(lines.Len()-i) > cellLimit {
			over, _ := pc.Get(tooLarge).([]int)
			pc.Set(tooLarge, append(over, lines.At(0).Start))
			return
		}
	}
	t.ParagraphTransformer.Transform(node, reader, pc)
}

// shallow opens no list and no quotation inside of more of them than anybody reads: what is deeper is
// text.
type shallow struct{ parser.BlockParser }

func (p shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) >= depthLimit {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// words is a piece of Markdown without its marks: links by their text, images by their description,
// code as it is. One line.
func words(source string) string {
	if len(source) > inlineLimit || !strings.ContainsAny(source, "\\`*_[<&") {
		return oneLine(source)
	}
	src := []byte(source)
	doc := inlineParser.Parse(text.NewReader(src))
	var b strings.Builder
	for block := doc.FirstChild(); block != nil; block = block.NextSibling() {
		writeWords(&b, block, src)
		b.WriteByte(' ')
	}
	return oneLine(b.String())
}

// writeWords writes the text below an inline node, or a block of them.
func writeWords(b *strings.Builder, n ast.Node, src []byte) {
	switch n := n.(type) {
	case *ast.Text:
		v := n.Segment.Value(src)
		if !n.IsRaw() {
			v = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(v)))
		}
		b.Write(v)
		if n.SoftLineBreak() || n.HardLineBreak() {
			b.WriteByte(' ')
		}
		return
	case *ast.String:
		b.Write(n.Value)
		return
	case *ast.AutoLink:
		b.Write(n.Label(src))
		return
	case *ast.RawHTML:
		b.WriteByte(' ')
		return
	case *ast.CodeSpan:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				b.Write(t.Segment.Value(src))
			}
		}
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		writeWords(b, c, src)
	}
}

// link is the first address in a piece of Markdown, "" if there is none.
func link(source string) string {
	i := strings.Index(source, "](")
	if i >= 0 {
		rest := source[i+2:]
		if j := strings.IndexAny(rest, " )"); j >= 0 {
			return strings.Trim(rest[:j], "<>")
		}
	}
	if i := strings.Index(source, "://"); i >= 0 {
		start := strings.LastIndexAny(source[:i], " <(") + 1
		end := strings.IndexAny(source[i:], " >)")
		if end < 0 {
			end = len(source) - i
		}
		return source[start : i+end]
	}
	return ""
}

// lines is the source of a block's lines, joined.
func lines(n ast.Node, src []byte) string {
	if n.Type() == ast.TypeInline {
		return ""
	}
	return string(bytes.TrimSpace(n.Lines().Value(src)))
}

// firstLines is the source of the first running text in a block.
func firstLines(n ast.Node, src []byte) string {
	for n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeBlock {
		n = n.FirstChild()
	}
	if n.Kind() != ast.KindParagraph && n.Kind() != ast.KindTextBlock {
		return ""
	}
	return lines(n, src)
}

// cell is the source of a table's cell, and where it starts. In a table a bar is written \|, which
// means a bar whatever stands around it.
func cell(n ast.Node, src []byte) (string, int) {
	if n == nil || n.Lines().Len() == 0 {
		return "", -1
	}
	seg := n.Lines().At(0)
	return strings.TrimSpace(strings.ReplaceAll(string(seg.Value(src)), `\|`, "|")), seg.Start
}

// blank says whether a block has no words for a reader: a comment, a rule, an empty list entry, a
// table with nothing but its header, a word that only holds the place.
func blank(n ast.Node, src []byte) bool {
	switch n := n.(type) {
	case *ast.ThematicBreak, *ast.Heading, *east.TableHeader:
		return true
	case *ast.HTMLBlock:
		html := lines(n, src)
		if n.HasClosure() { // goldmark keeps the line that ends a comment apart
			html += string(n.ClosureLine.Value(src))
		}
		return comments(html)
	case *ast.Paragraph, *ast.TextBlock, *east.TableCell:
		switch strings.ToLower(strings.Trim(lines(n, src), " .*_-–…[]()<>")) {
		case "", "tbd", "tba", "todo", "to do", "to be done", "to be written":
			return true
		}
		return false
	}
	if n.FirstChild() == nil {
		return lines(n, src) == ""
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if !blank(c, src) {
			return false
		}
	}
	return true
}

// comments says whether there is nothing but comments.
func comments(html string) bool {
	for {
		inner, ok := strings.CutPrefix(strings.TrimSpace(html), "<!--")
		if !ok {
			return strings.TrimSpace(html) == ""
		}
		if _, html, ok = strings.Cut(inner, "-->"); !ok {
			return true
		}
	}
}

// lineStart is the start of the line that holds offset at.
func lineStart(src []byte, at int) int { return bytes.LastIndexByte(src[:min(at, len(src))], '\n') + 1 }

// lineEnd is the start of the line after the one that holds offset at.
func lineEnd(src []byte, at int) int {
	if at >= len(src) {
		return len(src)
	}
	if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(src)
}

package site

// What one text may cost. Markdown has ways to make an hour of work, or a gigabyte of HTML, out of a
// few kilobytes; nobody writes those, but a log pasted whole can look like it. Blocks are bounded as
// postmortems are read ([postmortem.Bounds]); this file bounds what stands inside of blocks, footnotes,
// and what is said and written about them. What is beyond a bound is shown as plain words, and said.

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/firebreak/firebreak/analysis/postmortem"
)

const (
	// workLimit bounds the inline marks of one text: the marks of a block times its bytes, added up. A
	// mark may send the parser to the end of its block and back, which takes a few nanoseconds a byte. A
	// page of prose needs a hundred thousand, 20 KB of log in one paragraph some ten million.
	workLimit      = 64 << 20
	footnoteLimit  = 500                      // footnotes of a text: each reference looks through all of them
	footnoteDepth  = 8                        // blocks around a footnote
	addressLimit   = 4 * postmortem.SizeLimit // bytes of a text's addresses: one definition may be used by thousands of links
	mostComplaints = 100                      // about one text
)

// newMarkdown makes the one converter that all texts share; it is safe for concurrent use.
func newMarkdown() goldmark.Markdown {
	inline := append(parser.DefaultInlineParsers(),
		util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
		util.Prioritized(extension.NewFootnoteParser(), 101),
		util.Prioritized(extension.NewStrikethroughParser(), 500),
		util.Prioritized(extension.NewLinkifyParser(extension.WithLinkifyAllowedProtocols([][]byte{[]byte("https:"), []byte("http:")})), 999),
	)
	var marks []byte
	for _, p := range inline {
		marks = append(marks, p.Value.(parser.InlineParser).Trigger()...)
	}
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(append(postmortem.Bounds(),
			parser.WithBlockParsers(util.Prioritized(fewFootnotes{extension.NewFootnoteBlockParser()}, 999)),
			parser.WithInlineParsers(append(inline, util.Prioritized(plainly{marks}, -1))...),
			parser.WithASTTransformers(
				util.Prioritized(extension.NewTableASTTransformer(), 0),
				util.Prioritized(extension.NewFootnoteASTTransformer(), 999)),
		)...)),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(
			util.Prioritized(scrolling{}, 400),
			util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500),
			util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
			util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
			util.Prioritized(extension.NewFootnoteHTMLRenderer(extension.WithFootnoteIDPrefixFunction(footnotesUnder)), 500),
		)),
	)
}

// scrolling gives each table a box of its own to scroll in.
type scrolling struct{}

// RegisterFuncs implements goldmark's renderer.NodeRenderer.
func (scrolling) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(east.KindTable, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, err := w.WriteString(`<div class="scroll" tabindex="0"><table>` + "\n")
			return ast.WalkContinue, err
		}
		_, err := w.WriteString("</table></div>\n")
		return ast.WalkContinue, err
	})
}

// spending is what a text has cost so far. It lives in the parser's context.
type spending struct {
	work      int
	block     ast.Node // whose marks are being read
	plain     bool     // it has too many
	places    []int    // where the blocks begin that had
	footnotes int
}

var spent = parser.NewContextKey()

// spendingOf is the spending of the text that pc belongs to.
func spendingOf(pc parser.Context) *spending {
	s, ok := pc.Get(spent).(*spending)
	if !ok {
		s = &spending{}
		pc.Set(spent, s)
	}
	return s
}

// plainly comes before all inline parsers, at every mark that calls one of them. In a block that would
// cost more than is left it takes the line as it stands, so no other ever sees it.
type plainly struct{ marks []byte }

// Trigger implements goldmark's parser.InlineParser.
func (p plainly) Trigger() []byte { return p.marks }

// Parse implements goldmark's parser.InlineParser.
func (p plainly) Parse(block ast.Node, reader gtext.Reader, pc parser.Context) ast.Node {
	s := spendingOf(pc)
	if s.block != block {
		s.block = block
		work := p.work(block.Lines(), reader.Source())
		if s.plain = s.work+work > workLimit; s.plain {
			s.places = append(s.places, block.Lines().At(0).Start)
		} else {
			s.work += work
		}
	}
	if !s.plain {
		return nil
	}
	line, seg := reader.PeekLine()
	words := len(bytes.TrimRight(line, "\r\n")) // the line's end is for goldmark to read
	if words == 0 {
		return nil
	}
	reader.Advance(words)
	return ast.NewTextSegment(gtext.NewSegment(seg.Start, seg.Stop-(len(line)-words)))
}

// work is the number of marks in the lines, times their bytes. Spaces call a parser too, but that one
// looks no farther than the next.
func (p plainly) work(lines *gtext.Segments, source []byte) int {
	var counts [256]bool
	for _, m := range p.marks {
		counts[m] = m != ' '
	}
	marks, size := 0, 0
	for i := range lines.Len() {
		seg := lines.At(i)
		for _, c := range source[seg.Start:seg.Stop] {
			if counts[c] {
				marks++
			}
		}
		size += seg.Len()
	}
	return marks * size
}

// fewFootnotes opens no more footnotes than anybody reads, and none deep inside of other blocks.
type fewFootnotes struct{ parser.BlockParser }

// Open implements goldmark's parser.BlockParser.
func (f fewFootnotes) Open(parent ast.Node, reader gtext.Reader, pc parser.Context) (ast.Node, parser.State) {
	s := spendingOf(pc)
	if s.footnotes >= footnoteLimit || len(pc.OpenedBlocks()) >= footnoteDepth {
		return nil, parser.NoChildren
	}
	node, state := f.BlockParser.Open(parent, reader, pc)
	if node != nil {
		s.footnotes++
	}
	return node, state
}

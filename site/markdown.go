package site

// Markdown, made safe and made part of the wiki. It is goldmark without its "unsafe": raw HTML is left
// out, addresses that run scripts are emptied, alignment is an attribute and not a style. On the tree
// of a text, before it is rendered, this file gives headings ids that outlive an edit elsewhere, links
// issue keys to their entries, points links between the team's files at the entries made of them, and
// keeps other hosts' images out.

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/strict"
)

// newMarkdown makes the one converter that all texts share; it is safe for concurrent use.
func newMarkdown() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(
		extension.Strikethrough, extension.TaskList,
		extension.NewLinkify(extension.WithLinkifyAllowedProtocols([][]byte{[]byte("https:"), []byte("http:")})),
		extension.NewFootnote(), boundedTables{},
	))
}

// boundedTables are GFM tables up to the size that postmortems are read with: a few lines of bars can
// otherwise make a hundred megabytes of cells. Each table scrolls in a box of its own.
type boundedTables struct{}

func (boundedTables) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithParagraphTransformers(util.Prioritized(boundedTables{}, 200)),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
	m.Renderer().AddOptions(renderer.WithNodeRenderers(
		util.Prioritized(boundedTables{}, 400),
		util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500),
	))
}

const maxCells = 10_000

// Transform implements goldmark's parser.ParagraphTransformer.
func (boundedTables) Transform(node *ast.Paragraph, reader gtext.Reader, pc parser.Context) {
	lines := node.Lines()
	for i := range lines.Len() {
		seg := lines.At(i)
		line := seg.Value(reader.Source())
		if len(bytes.Trim(line, "|-: \t\r\n")) > 0 { // not the line below a table's header
			continue
		}
		columns := bytes.Count(line, []byte("|")) + 1
		if columns > postmortem.ColumnLimit+2 || columns*(lines.Len()-i) > maxCells {
			return
		}
	}
	extension.NewTableParagraphTransformer().Transform(node, reader, pc)
}

// RegisterFuncs implements goldmark's renderer.NodeRenderer.
func (boundedTables) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(east.KindTable, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, err := w.WriteString(`<div class="scroll" tabindex="0"><table>` + "\n")
			return ast.WalkContinue, err
		}
		_, err := w.WriteString("</table></div>\n")
		return ast.WalkContinue, err
	})
}

// text is one Markdown text of the team, rendered.
type text struct {
	file       string // its path in the content folder
	place      string // of its entry
	source     []byte
	line       int // lines of the file before source
	title      string
	summary    string
	html       []byte
	heads      []head
	words      []byte // all of it as plain words, where the search wants it
	complaints []strict.Complaint
	wants      []want
}

// head is a heading with the id that its section is linked by.
type head struct {
	ID, Title string
	Level     int
}

// want is a link to a heading of another text, which may not have been read yet.
type want struct {
	file, id string
	line     int
}

// scribe renders texts. It holds what links may lead to.
type scribe struct {
	md     goldmark.Markdown
	prefix string                                       // of file names in complaints
	find   func(key string) (place string, ok bool)     // an item's entry
	file   func(file string) (place string, found bool) // the entry, or the copy, of a file of the content folder
	wiki   func(place string) bool                      // whether there is an entry at a place
}

// write renders t.source.
func (s *scribe) write(t *text, fullText bool) {
	doc := s.md.Parser().Parse(gtext.NewReader(t.source))
	s.dress(t, doc)
	t.complaints = strict.Sort(t.complaints)
	var b bytes.Buffer
	b.Grow(len(t.source) + len(t.source)/2)
	if err := s.md.Renderer().Render(&b, t.source, doc); err != nil { // a Buffer never fails; a renderer might
		s.complain(t, 0, "this text cannot be shown: %v", err)
	}
	t.html = b.Bytes()
	if fullText {
		t.words = appendWords(nil, doc, t.source)
	}
}

func (s *scribe) complain(t *text, at int, format string, args ...any) {
	t.complaints = append(t.complaints, strict.Complaint{
		File: s.prefix + t.file, Line: t.line + 1 + bytes.Count(t.source[:min(at, len(t.source))], []byte("\n")),
		What: fmt.Sprintf(format, args...),
	})
}

// dress walks the tree once, and then changes what it found: a tree must not change under a walk.
func (s *scribe) dress(t *text, doc ast.Node) {
	var links []*ast.Link
	var images []*ast.Image
	var texts []*ast.Text
	ids := map[string]bool{"main": true}
	first := doc.FirstChild()
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the visitor never fails
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			words := strings.Join(strings.Fields(string(appendWords(nil, n, t.source))), " ")
			if n == first && n.Level == 1 {
				t.title = words
				break
			}
			id := headingID(words, ids)
			n.SetAttributeString("id", []byte(id))
			t.heads = append(t.heads, head{ID: id, Title: words, Level: n.Level})
		case *ast.Paragraph:
			if t.summary == "" && n.Parent() == doc {
				t.summary = short(strings.Join(strings.Fields(string(appendWords(nil, n, t.source))), " "), 220)
			}
		case *ast.Link:
			links = append(links, n)
		case *ast.Image:
			images = append(images, n)
		case *ast.Text:
			texts = append(texts, n)
		case *ast.CodeSpan, *ast.AutoLink, *ast.CodeBlock, *ast.FencedCodeBlock:
			return ast.WalkSkipChildren, nil
		case *ast.RawHTML:
			if n.Segments.Len() > 0 {
				if first := n.Segments.At(0); !bytes.HasPrefix(first.Value(t.source), []byte("<!--")) {
					s.complain(t, first.Start, "HTML is not shown; write it in Markdown")
				}
			}
		case *ast.HTMLBlock:
			if html := bytes.TrimSpace(n.Lines().Value(t.source)); !bytes.HasPrefix(html, []byte("<!--")) {
				s.complain(t, position(n), "HTML is not shown; write it in Markdown")
			}
		}
		return ast.WalkContinue, nil
	})
	if h, ok := first.(*ast.Heading); ok && h.Level == 1 {
		doc.RemoveChild(doc, h) // the entry's own title
	}
	for _, n := range texts {
		s.linkKeys(t, n)
	}
	for _, n := range links {
		s.link(t, n)
	}
	for _, n := range images {
		s.image(t, n)
	}
	for _, n := range links { // headings are all known now
		if id, ok := strings.CutPrefix(destination(n.Destination), "#"); ok && !t.has(id) && n.Parent() != nil {
			s.bury(t, n, position(n), "no heading here is called #%s", id)
		}
	}
}

// has says whether a link to #id stays in this text.
func (t *text) has(id string) bool {
	if id == "" || id == "main" || strings.HasPrefix(id, "fn") {
		return true
	}
	for _, h := range t.heads {
		if h.ID == id {
			return true
		}
	}
	return false
}

// headingID makes an id of a heading: its letters and figures of any script in lower case, joined by
// dashes. The second of the same words gets -2.
func headingID(words string, taken map[string]bool) string {
	var b strings.Builder
	for _, r := range strings.ToLower(words) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() > 80 {
			break
		}
	}
	base := strings.Trim(b.String(), "-")
	if base == "" {
		base = "section"
	}
	id := base
	for n := 2; taken[id]; n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	taken[id] = true
	return id
}

// position is where in the source a node begins, as near as the tree tells.
func position(n ast.Node) int {
	for d := n; d != nil; d = d.FirstChild() {
		if t, ok := d.(*ast.Text); ok {
			return t.Segment.Start
		}
	}
	for ; n != nil; n = n.Parent() {
		if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
			return n.Lines().At(0).Start
		}
	}
	return 0
}

// appendWords appends the words below a node, without marks, parted by spaces.
func appendWords(b []byte, n ast.Node, source []byte) []byte {
	switch n := n.(type) {
	case *ast.Text:
		v := n.Segment.Value(source)
		b = append(b, util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(v)))...)
		if n.SoftLineBreak() || n.HardLineBreak() {
			b = append(b, ' ')
		}
		return b
	case *ast.String:
		if n.IsCode() {
			return b
		}
		return append(b, n.Value...)
	case *ast.AutoLink:
		return append(b, n.Label(source)...)
	case *ast.RawHTML, *ast.HTMLBlock:
		return b
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return append(append(b, n.Lines().Value(source)...), ' ')
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		b = appendWords(b, c, source)
	}
	if n.Type() == ast.TypeBlock {
		b = append(b, ' ')
	}
	return b
}

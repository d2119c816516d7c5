package site

// Markdown, made safe and made part of the wiki. It is goldmark without its "unsafe": raw HTML is left
// out, addresses that run scripts are emptied, alignment is an attribute and not a style. On the tree
// of a text, before it is rendered, this file gives headings ids that outlive an edit elsewhere, links
// issue keys to their entries, points links between the team's files at the entries made of them, and
// keeps other hosts' images out.

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/firebreak/firebreak/analysis/strict"
)

// text is one Markdown text of the team, rendered.
type text struct {
	file       string // its path in the content folder
	place      string // of its entry
	source     []byte
	line       int // lines of the file before source
	title      string
	summary    string
	under      string // what its ids begin with, where several texts share an entry
	lower      int    // by how many levels its headings stand lower than written
	html       []byte
	heads      []head
	ids        map[string]int // the headings' ids, and main, each with the last number given to it
	words      []byte         // all of it as plain words, where the search wants it
	complaints []strict.Complaint
	more       int // complaints that were not kept
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
	loose  bool                                         // whether an entry is there is not judged
	prefix string                                       // of file names in complaints
	find   func(key string) (place string, ok bool)     // an item's entry
	file   func(file string) (place string, found bool) // the entry, or the copy, of a file of the content folder
	wiki   func(place string) bool                      // whether there is an entry at a place
}

// write renders t.source.
func (s *scribe) write(t *text, fullText bool) {
	pc := parser.NewContext()
	doc := s.md.Parser().Parse(gtext.NewReader(t.source), parser.WithContext(pc))
	doc.OwnerDocument().Meta()[under] = []byte(t.under)
	for _, at := range spendingOf(pc).places {
		s.complain(t, at, "so many marks stand here that they are shown as plain text; put what is no Markdown between lines of ```, or make paragraphs")
	}
	s.dress(t, doc)
	if t.more > 0 {
		last := t.complaints[len(t.complaints)-1]
		last.What = fmt.Sprintf("and %s about this text; the first %d are told", count(t.more, "more complaint", "more complaints"), mostComplaints)
		t.complaints = append(t.complaints, last)
	}
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
	if len(t.complaints) >= mostComplaints {
		t.more++
		return
	}
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
	t.ids = map[string]int{"main": 1}
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
			id := headingID(words, t.ids)
			n.SetAttributeString("id", []byte(t.under+id))
			n.Level = min(6, n.Level+t.lower)
			t.heads = append(t.heads, head{ID: id, Title: words, Level: n.Level})
		case *ast.Paragraph:
			if t.summary == "" && n.Parent() == doc {
				t.summary = short(strings.Join(strings.Fields(string(appendWords(nil, n, t.source))), " "), 220)
			}
		case *tables.TableCell:
			if n.ChildCount() == 1 && dated(string(appendWords(nil, n, t.source))) {
				n.SetAttributeString("class", []byte("day"))
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
	addresses := 0
	for _, n := range links {
		if addresses += len(n.Destination) + len(n.Title); addresses > addressLimit {
			s.bury(t, n, position(n), "the addresses of this text are too long, all together")
			continue
		}
		s.link(t, n)
	}
	for _, n := range images {
		if addresses += len(n.Destination) + len(n.Title); addresses > addressLimit {
			s.bury(t, n, position(n), "the addresses of this text are too long, all together")
			continue
		}
		s.image(t, n)
	}
	for _, n := range links { // headings are all known now
		if n.Parent() == nil {
			continue // buried
		}
		if id, ok := strings.CutPrefix(destination(n.Destination), "#"); ok && !t.has(id) {
			s.bury(t, n, position(n), "no heading here is called #%s", id)
		} else if ok && t.under != "" {
			n.Destination = []byte((&url.URL{Fragment: t.under + id}).String())
		}
	}
}

// under is where a text's document keeps what its ids begin with, for its footnotes.
const under = "under"

// footnotesUnder is what the ids of a footnote begin with.
func footnotesUnder(n ast.Node) []byte {
	if d := n.OwnerDocument(); d != nil {
		prefix, _ := d.Meta()[under].([]byte)
		return prefix
	}
	return nil
}

// has says whether a link to #id stays in this text.
func (t *text) has(id string) bool {
	return id == "" || strings.HasPrefix(id, "fn") || t.ids[id] > 0
}

// headingID makes an id of a heading: its letters and figures of any script in lower case, joined by
// dashes. The second of the same words gets -2.
func headingID(words string, taken map[string]int) string {
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
	for n := taken[base] + 1; taken[id] > 0; n++ {
		id = base + "-" + strconv.Itoa(n)
		taken[base] = n
	}
	taken[id] = 1
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

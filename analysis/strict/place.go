package strict

// Places inside a value. A rule may be written over several lines, in quotes or as a block; what is
// wrong with its 40th character has to be shown where that character stands in the file.

import (
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// ComplainAt says what is wrong at a character of the value, counted from 0 in the value as it reads
// after YAML's quoting and folding.
func (n Node) ComplainAt(offset int, format string, args ...any) {
	t := n.target()
	if t == nil || t.Kind != yaml.ScalarNode {
		n.Complain(format, args...)
		return
	}
	at := *t
	at.Line, at.Column = n.doc.inside(t, offset)
	Node{doc: n.doc, yaml: &at}.Complain(format, args...)
}

// inside is where the character stands. YAML changes blanks, line breaks and quotes of a value but no
// other character, nor their order; so the k-th character of the value that is no blank is the k-th in
// the file that is none, an escape counting as what it stands for.
func (d *Doc) inside(n *yaml.Node, offset int) (line, col int) {
	value := []rune(n.Value)
	offset = min(max(offset, 0), len(value))
	solid := 0 // how many characters that are no blanks come before it
	for _, r := range value[:offset] {
		if !unicode.IsSpace(r) {
			solid++
		}
	}
	c := &cursor{doc: d, line: n.Line, col: n.Column, style: n.Style}
	c.open(n)
	lastLine, lastCol := c.line, c.col
	for i := 0; ; i++ {
		if !c.next() {
			return lastLine, lastCol
		}
		if i == solid {
			if offset == len(value) || unicode.IsSpace(value[offset]) {
				return lastLine, lastCol // just behind the one before
			}
			return c.line, c.col
		}
		lastLine, lastCol = c.line, c.col+c.width
		c.col += c.width
	}
}

// cursor walks over the characters of a value in the file.
type cursor struct {
	doc       *Doc
	line, col int
	width     int // of what is at the cursor, in characters of the file
	style     yaml.Style
	runes     []rune // of line number split
	split     int
}

// open moves to the first character of the value: behind anchor, tag, quote or block header.
func (c *cursor) open(n *yaml.Node) {
	for n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		if r, ok := c.skip(); !ok || r != '&' && r != '!' {
			break
		}
		for r := c.here(); r != 0 && !unicode.IsSpace(r); r = c.here() {
			c.col++
		}
	}
	c.skip()
	switch {
	case c.style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		c.line, c.col = c.line+1, 1
	case c.style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		c.col++
	}
}

// here is the character at the cursor; 0 at the end of a line.
func (c *cursor) here() rune { return c.ahead(0) }

func (c *cursor) ahead(n int) rune {
	if c.split != c.line {
		c.runes, c.split = []rune(c.doc.line(c.line)), c.line
	}
	if i := c.col - 1 + n; i >= 0 && i < len(c.runes) {
		return c.runes[i]
	}
	return 0
}

// skip moves over blanks and line ends; false at the end of the file.
func (c *cursor) skip() (rune, bool) {
	for c.line <= len(c.doc.lines) {
		switch r := c.here(); {
		case r == 0:
			c.line, c.col = c.line+1, 1
		case unicode.IsSpace(r):
			c.col++
		default:
			return r, true
		}
	}
	return 0, false
}

// next moves to the next character of the value that is no blank.
func (c *cursor) next() bool {
	for {
		r, ok := c.skip()
		if !ok {
			return false
		}
		c.width = 1
		switch {
		case c.style&yaml.SingleQuotedStyle != 0 && r == '\'':
			c.width = 2
			return c.ahead(1) == '\'' // else the quote that ends it
		case c.style&yaml.DoubleQuotedStyle != 0 && r == '"':
			return false
		case c.style&yaml.DoubleQuotedStyle != 0 && r == '\\':
			e := c.ahead(1)
			c.width = 2 + map[rune]int{'x': 2, 'u': 4, 'U': 8}[e]
			if e == 0 || strings.ContainsRune("ntrvfN_LP \t", e) { // a blank, or a line that goes on
				c.col += c.width
				continue
			}
		}
		return true
	}
}

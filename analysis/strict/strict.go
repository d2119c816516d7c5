// Package strict reads hand-written YAML strictly: policy.yaml, firebreak.yaml and the front matter of
// postmortems share it. It tells the writer every mistake at once, each with its place and with what
// would be right; it neither stops at the first one nor takes silence for consent.
//
// Its words: a [Doc] is one text; a [Node] is a place in it, with readers for every kind of value that
// the files hold (Text, Int, Duration, Date …); a [Map] is a node with keys. A reader that does not
// find what it wants complains in the place and gives the zero value, so that reading goes on. A key
// that is not there is an absent node, of which every reader gives the zero value without complaint.
//
// Its one rule: asking for a key is what makes it known. A key in an opened map that nobody asked for
// is a complaint, with the nearest key that was asked for as the suggestion. So the code that reads a
// file is its grammar, and no list of keys can fall behind it.
//
//	doc := strict.Read("policy.yaml", text)
//	top := doc.Map()
//	name := top.Need("name").Text()
//	limit := top.Get("limit").Int(0, 100)
//	return name, limit, doc.Complaints()
//
// Scalars are taken as they are written, never by YAML's guesses: a country "no" stays "no", a version
// 1.10 stays "1.10". Anchors and aliases are followed; merge keys and tags are not used here.
package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// What a file may cost. A policy of a hundred people and fifty classes has some 30 KB.
const (
	MaxSize       = 1 << 20 // bytes of a file
	maxExpanded   = 200_000 // nodes of a file with all aliases written out
	maxComplaints = 200     // nobody reads more, and the first few explain the rest
)

// Doc is one text being read. It is for one goroutine.
type Doc struct {
	file  string
	above int // lines of the file above the text
	lines []string
	root  *yaml.Node // nil if there is nothing to read
	maps  map[*yaml.Node]*Map
	order []*Map
	known map[string]bool

	complaints []Complaint
}

// Read parses a text. What cannot be parsed is a complaint like every other, and the document is then
// empty; see [Doc.Readable].
func Read(file string, text []byte) *Doc { return ReadAt(file, text, 1) }

// ReadAt parses a text that begins on that line of the file, such as the front matter of a Markdown
// file.
func ReadAt(file string, text []byte, line int) *Doc {
	d := &Doc{file: file, above: line - 1, maps: map[*yaml.Node]*Map{}, known: map[string]bool{}}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !d.encoded(text) {
		return d
	}
	d.lines = strings.Split(string(text), "\n")
	if d.root = d.parse(text); d.root != nil && !d.finite() {
		d.root = nil
	}
	return d
}

// Readable says whether there was anything to read.
func (d *Doc) Readable() bool { return d.root != nil }

// Node is the whole document; an absent node where nothing could be read.
func (d *Doc) Node() Node { return Node{doc: d, yaml: d.root} }

// Map is the whole document, which has to be a map.
func (d *Doc) Map() *Map { return d.Node().Map() }

// Complain adds a complaint at a place of the text, counted like [Complaint]'s from the beginning of
// the file.
func (d *Doc) Complain(line, col int, format string, args ...any) {
	d.complaints = append(d.complaints, Complaint{File: d.file, Line: line, Col: col, What: fmt.Sprintf(format, args...)})
}

// Complaints are all complaints, by place. It is asked for last: keys that nobody has asked for by
// now are unknown.
func (d *Doc) Complaints() []Complaint {
	all := slices.Clone(d.complaints)
	for _, m := range d.order {
		all = append(all, m.unknown()...)
	}
	all = Sort(all)
	if more := len(all) - maxComplaints; more > 1 {
		all = append(all[:maxComplaints:maxComplaints], Complaint{
			File: d.file, What: fmt.Sprintf("and %d more complaints", more), Warning: !Failed(all[maxComplaints:]),
		})
	}
	return all
}

// Known are the paths of all keys that were asked for, sorted: "stages[].name", "calendars.*.week". A
// test can hold a schema to them.
func (d *Doc) Known() []string {
	var paths []string
	for p := range d.known {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

// encoded complains about what is no text in UTF-8.
func (d *Doc) encoded(text []byte) bool {
	switch {
	case len(text) > MaxSize:
		d.Complain(0, 0, "the file has %d bytes, and %d are the most; is it the right file?", len(text), MaxSize)
	case bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) || bytes.IndexByte(text[:min(len(text), 4)], 0) >= 0:
		d.Complain(0, 0, "the file is UTF-16, or no text at all; save it as UTF-8")
	case !utf8.Valid(text):
		line, col := 1+d.above, 1
		for rest := text; ; {
			r, n := utf8.DecodeRune(rest)
			if r == utf8.RuneError && n == 1 {
				d.Complain(line, col, "the byte 0x%02X is not UTF-8; save the file as UTF-8 (it may be Windows-1252 or Latin-1)", rest[0])
				return false
			}
			rest = rest[n:]
			if col++; r == '\n' {
				line, col = line+1, 1
			}
		}
	default:
		return true
	}
	return false
}

// parse is the first document's root node, nil if there is none. The parser is a young one: if it
// panics, that is a complaint too.
func (d *Doc) parse(text []byte) (root *yaml.Node) {
	defer func() {
		if r := recover(); r != nil {
			d.Complain(0, 0, "the YAML parser gave up on this file: %v", r)
			root = nil
		}
	}()
	load, err := yaml.NewLoader(bytes.NewReader(text))
	if err != nil {
		d.Complain(0, 0, "the YAML parser cannot start: %v", err)
		return nil
	}
	var first, second yaml.Node
	switch err := load.Load(&first); {
	case err == io.EOF || err == nil && len(first.Content) == 0:
		d.Complain(0, 0, "the file is empty")
		return nil
	case err != nil:
		d.syntax(err)
		return nil
	}
	switch err := load.Load(&second); {
	case err == nil:
		d.Complain(second.Line+d.above, second.Column, "a second document begins here; a file holds one, without ---")
	case err != io.EOF:
		d.syntax(err)
	}
	if isNull(first.Content[0]) {
		d.Complain(0, 0, "the file is empty")
		return nil
	}
	return first.Content[0]
}

// syntax turns an error of the parser into a complaint that says what to do.
func (d *Doc) syntax(err error) {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		d.Complain(0, 0, "not YAML: %v", err)
		return
	}
	line, col := e.Mark.Line, e.Mark.Column
	what := e.Message
	if e.ContextMsg != "" {
		what = e.ContextMsg + ": " + what
	}
	at := d.runeAt(line, col)
	switch {
	case e.Stage == yaml.ReaderStage:
		line, col, what = d.control()
	case d.tabbed(line):
		what = "a tab indents this line; YAML wants spaces"
		col = 1 + strings.IndexByte(d.line(line), '\t')
	case d.tabbed(line - 1):
		what = "a tab indents this line; YAML wants spaces"
		line--
		col = 1 + strings.IndexByte(d.line(line), '\t')
	case strings.Contains(e.Message, "mapping values are not allowed"):
		what = `a ": " inside a value; put the value in quotes, or mend the indentation of this line`
	case strings.Contains(e.Message, "cannot start any token"):
		what = fmt.Sprintf("a value cannot begin with %q; put it in quotes", at)
	case strings.Contains(e.ContextMsg, "quoted scalar") && strings.Contains(e.Message, "end of stream"):
		line, col = e.ContextMark.Line, e.ContextMark.Column
		what = "this quoted text never ends"
	case strings.Contains(e.ContextMsg, "flow sequence"):
		what = fmt.Sprintf("the list that begins in line %d is not closed: a ] or a comma is missing before here, or quotes around a text with brackets in it", e.ContextMark.Line+d.above)
	case strings.Contains(e.ContextMsg, "flow mapping"):
		what = fmt.Sprintf("the map that begins in line %d is not closed: a } or a comma is missing before here, or quotes around a text with brackets in it", e.ContextMark.Line+d.above)
	case strings.Contains(e.ContextMsg, "block mapping") || strings.Contains(e.ContextMsg, "block collection"):
		what = fmt.Sprintf("this line is indented like nothing above it (%s)", e.Message)
	case strings.Contains(e.Message, "unknown anchor"):
		what = e.Message + "; an alias *name repeats what &name marked above it"
	}
	if line > 0 {
		line += d.above
	}
	d.Complain(line, col, "not YAML: %s", what)
}

// control finds the character that YAML's reader refuses.
func (d *Doc) control() (line, col int, what string) {
	for i, l := range d.lines {
		col := 0
		for _, r := range l {
			col++
			if r < ' ' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff {
				return i + 1, col, fmt.Sprintf("the control character %U cannot stand in a text", r)
			}
		}
	}
	return 0, 0, "a character that cannot stand in a text"
}

func (d *Doc) line(n int) string {
	if n < 1 || n > len(d.lines) {
		return ""
	}
	return strings.TrimSuffix(d.lines[n-1], "\r")
}

func (d *Doc) runeAt(line, col int) string {
	for i, r := range []rune(d.line(line)) {
		if i == col-1 {
			return string(r)
		}
	}
	return ""
}

func (d *Doc) tabbed(line int) bool {
	l := d.line(line)
	return strings.Contains(l[:len(l)-len(strings.TrimLeft(l, " \t"))], "\t")
}

// finite refuses aliases that repeat themselves, or each other until the memory is full.
func (d *Doc) finite() bool {
	size := map[*yaml.Node]int{} // -1 while it is being measured
	var measure func(n *yaml.Node) int
	measure = func(n *yaml.Node) int {
		target := n
		if n.Kind == yaml.AliasNode {
			target = n.Alias
		}
		switch s := size[target]; {
		case s > 0:
			return s
		case s < 0:
			d.Complain(n.Line+d.above, n.Column, "the alias *%s stands inside of what it repeats", n.Value)
			return maxExpanded + 1
		}
		size[target] = -1
		s := 1
		for _, c := range target.Content {
			if s += measure(c); s > maxExpanded {
				s = maxExpanded + 1
				break
			}
		}
		size[target] = s
		return s
	}
	before := len(d.complaints)
	if measure(d.root) <= maxExpanded {
		return true
	}
	if len(d.complaints) == before {
		d.Complain(0, 0, "the file has more than %d values when its aliases are written out", maxExpanded)
	}
	return false
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

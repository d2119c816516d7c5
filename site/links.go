package site

// Links in texts: where the team's links, images and issue keys lead in the wiki.

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// link points a link to where it leads in the wiki.
func (s *scribe) link(t *text, n *ast.Link) {
	dest := destination(n.Destination)
	u, err := url.Parse(dest)
	switch {
	case err != nil:
		s.bury(t, n, position(n), "%q is not an address", short(dest, 80))
		return
	case u.Scheme == "http" || u.Scheme == "https":
		n.SetAttributeString("rel", []byte("noreferrer"))
		n.SetAttributeString("class", []byte("out"))
		return
	case u.Scheme == "mailto":
		return
	case u.Scheme != "":
		s.bury(t, n, position(n), "links lead to https, http or mailto, not to %s:", short(u.Scheme, 20))
		return
	case u.Host != "":
		s.bury(t, n, position(n), "write https: before %s", short(dest, 80))
		return
	case u.Path == "":
		return // a heading of this text, looked up when all are known
	}
	target := path.Join(path.Dir(t.file), u.Path)
	if strings.HasPrefix(u.Path, "/") {
		target = strings.TrimPrefix(path.Clean(u.Path), "/")
	}
	place, found := s.file(target)
	if found {
		if u.Fragment != "" && strings.HasSuffix(target, ".md") {
			t.wants = append(t.wants, want{target, u.Fragment, t.line + 1 + bytes.Count(t.source[:min(position(n), len(t.source))], []byte("\n"))})
		}
	} else {
		for _, place = range []string{target, path.Join(target, "index.html")} {
			if found = s.wiki(place); found {
				break
			}
		}
	}
	if !found {
		if s.loose && !harmless(target) { // an entry, if anything; this wiki is not published
			n.Destination = []byte(root(t.place) + homePlace)
			return
		}
		s.bury(t, n, position(n), "there is no %s", short(target, 80))
		return
	}
	to := (&url.URL{Path: root(t.place) + place, Fragment: u.Fragment}).String()
	n.Destination = []byte(to)
}

// destination is an address as the renderer will read it: in Markdown it may be written with entities.
func destination(raw []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(raw))))
}

// image points an image to its copy in the wiki. One on another host would tell that host who reads
// what, and when.
func (s *scribe) image(t *text, n *ast.Image) {
	dest := destination(n.Destination)
	u, err := url.Parse(dest)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
		s.bury(t, n, position(n), "images of other hosts are not shown: put %s beside the text", short(dest, 80))
		return
	}
	target := path.Join(path.Dir(t.file), u.Path)
	place, found := s.file(target)
	if !found || !picture(target) {
		s.bury(t, n, position(n), "there is no image %s", short(target, 80))
		return
	}
	n.Destination = []byte((&url.URL{Path: root(t.place) + place}).String())
}

func picture(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg":
		return true
	}
	return false
}

// bury replaces a link or an image that leads nowhere by its words, says why, and complains.
func (s *scribe) bury(t *text, n ast.Node, at int, format string, args ...any) {
	s.complain(t, at, format, args...)
	p := n.Parent()
	if p == nil {
		return
	}
	p.InsertBefore(p, n, markup(`<span class="dead">`))
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		p.InsertBefore(p, n, c)
		c = next
	}
	why := appendText([]byte(`</span> <small class="dead-why">(dead link: `), fmt.Sprintf(format, args...))
	p.ReplaceChild(p, n, markup(string(why)+`)</small>`))
}

// markup is HTML of our own in a tree. goldmark writes a string marked as code as it is.
func markup(html string) *ast.String {
	n := ast.NewString([]byte(html))
	n.SetCode(true)
	return n
}

// linkKeys links the issue keys in a piece of text to their entries.
func (s *scribe) linkKeys(t *text, n *ast.Text) {
	seg := n.Segment
	line := seg.Value(t.source)
	if bytes.IndexByte(line, '-') < 0 && bytes.IndexByte(line, '#') < 0 {
		return
	}
	for p := n.Parent(); p != nil && p.Type() == ast.TypeInline; p = p.Parent() {
		if k := p.Kind(); k == ast.KindLink || k == ast.KindImage {
			return
		}
	}
	parent, from := n.Parent(), 0
	for at := 0; at < len(line); {
		start, end := key(line, at)
		if end == 0 {
			break
		}
		at = end
		place, ok := s.find(string(line[start:end]))
		if !ok {
			continue
		}
		if start > from {
			parent.InsertBefore(parent, n, ast.NewTextSegment(gtext.NewSegment(seg.Start+from, seg.Start+start)))
		}
		l := ast.NewLink()
		l.Destination = []byte(root(t.place) + place)
		l.AppendChild(l, ast.NewTextSegment(gtext.NewSegment(seg.Start+start, seg.Start+end)))
		parent.InsertBefore(parent, n, l)
		from = end
	}
	if from > 0 {
		n.Segment = gtext.NewSegment(seg.Start+from, seg.Stop)
	}
}

// key is the next thing at or after at that could be an issue's key (SUP-123, acme/orders#45): its
// start and end, 0, 0 if there is none.
func key(line []byte, at int) (start, end int) {
	for i := at; i < len(line); i++ {
		if line[i] != '-' && line[i] != '#' {
			continue
		}
		end := i + 1
		for end < len(line) && '0' <= line[end] && line[end] <= '9' {
			end++
		}
		if end == i+1 || end < len(line) && wordly(line[end]) {
			continue
		}
		start := i
		slash := false
		for start > at && (wordly(line[start-1]) || line[i] == '#' && (line[start-1] == '/' || line[start-1] == '-' || line[start-1] == '.')) {
			start--
			slash = slash || line[start] == '/'
		}
		if start == i || line[i] == '#' && !slash || line[i] == '-' && !('A' <= line[start] && line[start] <= 'Z') {
			continue
		}
		return start, end
	}
	return 0, 0
}

func wordly(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_' || c >= utf8.RuneSelf
}

package site

// The theme: layouts and static files. What a layout is given is documented in themes/README.md.

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"strings"
)

// theme is a theme made ready: its layouts parsed, its shells cut.
type theme struct {
	layouts *template.Template
	files   fs.FS
	shells  map[shellKey]shell
}

// shellKey is what one entry's shell has in common with others'.
type shellKey struct {
	root    string
	section string
	charts  bool
}

// shell is a rendered shell, cut where the title and the body go: pieces[0], title or body, pieces[1]
// and so on. Rendering it once for each depth is what makes an item's entry cost microseconds.
type shell struct {
	pieces []string
	slots  []byte // 't' or 'm', between the pieces
}

const (
	titleSlot = "firebreak-slot-for-the-title"
	mainSlot  = "firebreak-slot-for-the-body"
)

// shellView is what shell.html is given.
type shellView struct {
	Root     string // the way to the wiki's root: "../../"
	Title    string
	Wiki     string
	Section  string // "home", "metrics", … : which part of the navigation the entry is in
	Charts   bool   // whether the entry has any
	AsOf     string
	AsOfISO  string
	Nav      []navView
	Colophon string
	Main     template.HTML
}

type navView struct {
	Title, Href string
	Here        bool
}

func readTheme(files fs.FS) (*theme, error) {
	layouts, err := template.New("").Option("missingkey=error").ParseFS(files, "layouts/*.html")
	if err != nil {
		return nil, fmt.Errorf("theme: %w", err)
	}
	for _, name := range []string{"shell", "home", "metric", "metrics", "list", "class", "article", "contents", "postmortem", "oncall", "patterns", "week", "policies", "sources", "definitions", "before-after"} {
		if layouts.Lookup(name+".html") == nil {
			return nil, fmt.Errorf("theme: layouts/%s.html is missing; themes/README.md tells what a theme needs", name)
		}
	}
	return &theme{layouts: layouts, files: files, shells: map[shellKey]shell{}}, nil
}

// render fills a layout. Templates escape what is markup in HTML, and let control characters pass.
func (t *theme) render(layout string, view any) (template.HTML, error) {
	var b bytes.Buffer
	if err := t.layouts.ExecuteTemplate(&b, layout+".html", view); err != nil {
		return "", fmt.Errorf("theme: %w", err)
	}
	return template.HTML(printable(b.String())), nil
}

// cut renders a shell, cuts it at its slots and keeps it.
func (t *theme) cut(view shellView) (shell, error) {
	key := shellKey{view.Root, view.Section, view.Charts}
	view.Title, view.Main = titleSlot, mainSlot
	html, err := t.render("shell", view)
	if err != nil {
		return shell{}, err
	}
	var s shell
	rest := string(html)
	for {
		ti, mi := strings.Index(rest, titleSlot), strings.Index(rest, mainSlot)
		at, slot, n := ti, byte('t'), len(titleSlot)
		if ti < 0 || mi >= 0 && mi < ti {
			at, slot, n = mi, 'm', len(mainSlot)
		}
		if at < 0 {
			break
		}
		s.pieces, s.slots = append(s.pieces, rest[:at]), append(s.slots, slot)
		rest = rest[at+n:]
	}
	s.pieces = append(s.pieces, rest)
	if bytes.Count(s.slots, []byte("m")) != 1 {
		return shell{}, fmt.Errorf("theme: layouts/shell.html must write .Main exactly once")
	}
	t.shells[key] = s
	return s, nil
}

// open appends what comes before the body, and close what comes after it.
func (s shell) open(b []byte, title string) []byte {
	for i, p := range s.pieces {
		b = append(b, p...)
		if s.slots[i] == 'm' {
			return b
		}
		b = appendHeadTitle(b, title)
	}
	return b
}

func (s shell) close(b []byte, title string) []byte {
	after := bytes.IndexByte(s.slots, 'm') + 1
	for i := after; i < len(s.pieces); i++ {
		b = append(b, s.pieces[i]...)
		if i < len(s.slots) {
			b = appendHeadTitle(b, title)
		}
	}
	return b
}

// appendHeadTitle writes a title where no element can keep its direction from leaking.
func appendHeadTitle(b []byte, title string) []byte {
	title = short(title, 120)
	if strings.ContainsAny(title, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c") {
		title = "\u2068" + title + "\u2069"
	}
	return appendText(b, title)
}

// static lists the theme's static files.
func (t *theme) static(tree *Tree) error {
	return fs.WalkDir(t.files, "static", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		tree.add(path, func(w io.Writer) error {
			f, err := t.files.Open(path)
			if err != nil {
				return err
			}
			_, err = io.Copy(w, f)
			return err
		})
		return nil
	})
}

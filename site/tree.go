package site

// The tree: every file of a wiki, by path, each able to write itself.

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis/strict"
)

// Tree is a wiki before it is published: its files, sorted by path.
type Tree struct {
	Files []File

	// Complaints are the faults found in the team's texts while building: dead links, images that are
	// not there, entries that are too long. They are shown in place; the night's exit code is 3.
	Complaints []strict.Complaint
}

// File is one file of the wiki. Render may be called from any goroutine, and more than once.
type File struct {
	Path   string // slash-separated, below the root
	Render func(io.Writer) error

	// Long files grow with the number of items and write themselves in pieces: they go straight to the
	// disk and are never held whole.
	Long bool
}

// Find is the file at path.
func (t *Tree) Find(path string) (File, bool) {
	i, ok := slices.BinarySearchFunc(t.Files, path, func(f File, p string) int { return cmp.Compare(f.Path, p) })
	if !ok {
		return File{}, false
	}
	return t.Files[i], true
}

// Read is the content of the file at path.
func (t *Tree) Read(path string) ([]byte, error) {
	f, ok := t.Find(path)
	if !ok {
		return nil, fmt.Errorf("the wiki has no file %s", path)
	}
	var b bytes.Buffer
	err := f.Render(&b)
	return b.Bytes(), err
}

// add takes a file that renders itself later.
func (t *Tree) add(path string, render func(io.Writer) error) {
	t.Files = append(t.Files, File{Path: path, Render: render})
}

// long takes a file that grows with the number of items.
func (t *Tree) long(path string, render func(io.Writer) error) {
	t.Files = append(t.Files, File{Path: path, Render: render, Long: true})
}

// put takes a file that is ready.
func (t *Tree) put(path string, content []byte) {
	t.add(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// sort puts the files in order and refuses two files at one place.
func (t *Tree) sort() error {
	slices.SortFunc(t.Files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	for i, f := range t.Files {
		if i > 0 && t.Files[i-1].Path == f.Path {
			return fmt.Errorf("two entries want to live at %s: one of them needs another name", f.Path)
		}
		if !proper(f.Path) {
			return fmt.Errorf("%q is no place for a file of the wiki", f.Path)
		}
	}
	t.Complaints = strict.Sort(t.Complaints)
	return nil
}

// proper says whether path stays below the root: a hostile key must never climb out of it.
func proper(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." || len(part) > 255 || strings.ContainsAny(part, "\x00\\") {
			return false
		}
	}
	return true
}

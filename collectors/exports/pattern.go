package exports

// Which files the patterns name.

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	pathpkg "path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// path is one file of a set.
type path struct {
	fsys     fs.FS
	name     string // in fsys
	full     string // as the pattern spells it: the cursor's key
	show     string // the same without the machine's directories, for people
	size     int64
	state    string         // size and modification time; "" where it is unknown, and the file is always read
	modified record.Instant // 0 where it is unknown
	named    bool           // by a pattern without a wildcard, which means this very file
	pipe     bool           // or a socket, or a device: to open it might wait for ever
}

// noted are the endings of files that lie beside exports and are none; a name without an ending, such
// as README or LICENSE, is one of theirs too. exported are parts of a name that make it an export's
// all the same: issues.json.txt.
var (
	noted    = []string{"", ".md", ".markdown", ".txt", ".rst", ".adoc", ".org", ".log", ".sh", ".py", ".yaml", ".yml", ".toml", ".sql", ".jql"}
	exported = []string{".json", ".jsonl", ".ndjson", ".csv", ".tsv"}
)

// meant says whether the file should be an export: it was named, or its name is not that of a note.
func (p *path) meant() bool {
	name := strings.TrimSuffix(strings.ToLower(pathpkg.Base(p.name)), ".gz")
	for _, e := range exported {
		if strings.HasSuffix(name, e) || strings.Contains(name, e+".") {
			return true
		}
	}
	return p.named || !slices.Contains(noted, pathpkg.Ext(name))
}

// list is all files of the set, by path, each once.
func (r *run) list() []path {
	var files []path
	for _, pattern := range r.set.Patterns {
		found := r.expand(pattern)
		if len(found) == 0 {
			r.gap("files that "+pattern+" names", "no file has such a name; correct `files:` in firebreak.yaml, or export them")
		}
		files = append(files, found...)
	}
	if len(r.set.Patterns) == 0 {
		r.gap("all files", "`files:` in firebreak.yaml names none")
	}
	slices.SortFunc(files, func(a, b path) int { // of two alike, the one that was named comes first and stays
		switch {
		case a.full != b.full:
			return cmp.Compare(a.full, b.full)
		case a.named == b.named:
			return 0
		case a.named:
			return -1
		}
		return 1
	})
	return slices.CompactFunc(files, func(a, b path) bool { return a.full == b.full })
}

// expand finds the files of one pattern. A part of the tree that cannot be listed is a gap.
func (r *run) expand(pattern string) []path {
	clean := pathpkg.Clean(filepath.ToSlash(pattern))
	parts := strings.Split(clean, "/")
	fixed := len(parts) - 1
	for i, p := range parts {
		if strings.ContainsAny(p, `*?[\`) {
			fixed = min(fixed, i)
			break
		}
	}
	if parts[fixed] == ".." {
		fixed++
	}
	root, rest := strings.Join(parts[:fixed], "/"), parts[fixed:]
	if strings.HasPrefix(clean, "/") && root == "" {
		root = "/"
	}
	w := walker{root: root, fsys: r.set.FS, plain: !strings.ContainsAny(clean, `*?[\`), fail: func(name string, err error) {
		r.gap(name, "the directory cannot be read: "+reason(err))
	}}
	switch {
	case w.fsys == nil:
		dir := filepath.FromSlash(cmp.Or(root, "."))
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(r.set.Dir, dir)
		}
		w.fsys = os.DirFS(dir)
	case root != "":
		sub, err := fs.Sub(w.fsys, root)
		if err != nil {
			r.gap("files that "+pattern+" names", "the path leads out of where files are kept")
			return nil
		}
		w.fsys = sub
	}
	w.match(".", rest)
	return w.found
}

// walker finds the files of one pattern below its fixed part.
type walker struct {
	fsys  fs.FS
	root  string
	plain bool // the pattern has no wildcard
	found []path
	fail  func(name string, err error)
}

// match follows the parts of a pattern from dir downwards.
func (w *walker) match(dir string, parts []string) {
	if len(parts) == 0 {
		w.take(dir)
		return
	}
	part := parts[0]
	if !strings.ContainsAny(part, `*?[\`) {
		w.match(pathpkg.Join(dir, part), parts[1:])
		return
	}
	if part == "**" {
		w.match(dir, parts[1:])
	}
	entries, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			w.fail(w.shown(dir), err)
		}
		return
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") && !strings.HasPrefix(part, ".") {
			continue
		}
		below := pathpkg.Join(dir, name)
		switch ok, err := pathpkg.Match(part, name); {
		case part == "**":
			if e.IsDir() {
				w.match(below, parts)
			} else if len(parts) == 1 {
				w.take(below)
			}
		case err != nil:
			w.fail(w.shown(dir), fmt.Errorf("%q is not a pattern", part))
			return
		case ok && (e.IsDir() || len(parts) == 1 || e.Type()&fs.ModeSymlink != 0):
			w.match(below, parts[1:])
		}
	}
}

// take adds a file, or all files below a directory.
func (w *walker) take(name string) {
	err := fs.WalkDir(w.fsys, name, func(at string, e fs.DirEntry, err error) error {
		switch {
		case err != nil && errors.Is(err, fs.ErrNotExist):
		case err != nil:
			w.fail(w.shown(at), err)
		case at != name && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
		case !e.IsDir():
			w.add(at, w.plain && at == name)
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.fail(w.shown(name), err)
	}
}

func (w *walker) add(name string, named bool) {
	full := pathpkg.Join(w.root, name)
	p := path{fsys: w.fsys, name: name, full: full, show: w.shown(name), named: named}
	info, err := fs.Stat(w.fsys, name)
	if err != nil || info.IsDir() { // opening it will say what is wrong; a link to a directory is not followed
		if err != nil {
			w.found = append(w.found, p)
		}
		return
	}
	if p.pipe = !info.Mode().IsRegular(); p.pipe {
		w.found = append(w.found, p)
		return
	}
	p.size = info.Size()
	if t := info.ModTime(); !t.IsZero() {
		p.modified = record.At(t)
		p.state = strconv.FormatInt(p.size, 10) + " " + strconv.FormatInt(t.UnixNano(), 10)
	} else if f, err := w.fsys.Open(name); err == nil { // files inside the program have no time
		h := sha256.New()
		if _, err := io.Copy(h, f); err == nil {
			p.state = hex.EncodeToString(h.Sum(nil)[:16])
		}
		f.Close()
	}
	if named && p.state != "" {
		p.state += " named" // passed over when it was found by chance, it is read again now
	}
	w.found = append(w.found, p)
}

// shown is a name as people see it: as the pattern spells it, but of an absolute path, which says more
// of the machine than of the files, only the last directory.
func (w *walker) shown(name string) string {
	if strings.HasPrefix(w.root, "/") || filepath.IsAbs(w.root) {
		return pathpkg.Join(pathpkg.Base(w.root), name)
	}
	return pathpkg.Join(w.root, name)
}

// reason is an error without the path that the message around it already names.
func reason(err error) string {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error()
}

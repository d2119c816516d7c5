package site

// Publishing: the only place where this package writes to a disk.
//
// The wiki is written to a new folder beside the old one, and the two change places in one step. What
// readers see is yesterday's wiki or today's, never a mixture; whatever fails on the way leaves
// yesterday's where it stands. Files are not synced one by one: after a power cut the wiki is built
// again from the ledger.

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
)

// Marker is the file by which Publish knows a wiki that it made, and may replace.
const Marker = ".firebreak-wiki"

const markerText = "This folder is a wiki published by firebreak. Each night replaces it whole, whatever else lies in it.\n"

// Publish writes the tree to dir, all or nothing. A dir that holds anything but a wiki published
// before is refused. Beside dir there are, while it works, .NAME.firebreak-new and, where the file
// system cannot exchange two folders in one step, .NAME.firebreak-old.
func Publish(dir string, tree *Tree) error {
	dir, err := resolve(dir)
	if err != nil {
		return err
	}
	parent, base := filepath.Split(dir)
	fresh := filepath.Join(parent, "."+base+".firebreak-new")
	old := filepath.Join(parent, "."+base+".firebreak-old")

	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("publish to %s: the folder above it cannot be made: %w", dir, err)
	}
	unlock, err := lock(parent)
	if err != nil {
		return fmt.Errorf("publish to %s: %w", dir, err)
	}
	defer unlock()

	if err := recoverOld(dir, old); err != nil {
		return fmt.Errorf("publish to %s: yesterday's wiki is in %s and cannot be moved back: %w", dir, old, err)
	}
	if err := replaceable(dir); err != nil {
		return err
	}
	for _, leftover := range []string{fresh, old} {
		if err := os.RemoveAll(leftover); err != nil {
			return fmt.Errorf("publish to %s: what an interrupted night left cannot be removed: %w", dir, err)
		}
	}
	if err := write(fresh, tree); err != nil {
		return errors.Join(fmt.Errorf("publish to %s: nothing was published: %w", dir, err), os.RemoveAll(fresh))
	}
	if err := swap(fresh, dir, old); err != nil {
		if errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EXDEV) {
			err = fmt.Errorf("%w: it seems to be a mount; publish to a folder inside it", err)
		}
		return errors.Join(fmt.Errorf("publish to %s: nothing was published: %w", dir, err), os.RemoveAll(fresh))
	}
	// From here on today's wiki stands. What is left of yesterday's is swept up; if that fails, the
	// next night does it.
	for _, leftover := range []string{fresh, old} {
		if err := os.RemoveAll(leftover); err != nil {
			return fmt.Errorf("published to %s, but yesterday's wiki cannot be removed: %w", dir, err)
		}
	}
	return nil
}

// resolve is dir as an absolute path with symbolic links followed, so that a link to the wiki stays a
// link and what it points to is replaced.
func resolve(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("publish: no folder is given to publish to")
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("publish to %s: %w", dir, err)
	}
	real, err := filepath.EvalSymlinks(abs)
	switch {
	case err == nil:
		abs = real
	case !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("publish to %s: %w", dir, err)
	default:
		if info, err := os.Lstat(abs); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return "", fmt.Errorf("publish to %s: it is a link to a folder that does not exist; make that folder, or remove the link", dir)
		}
	}
	if filepath.Dir(abs) == abs {
		return "", fmt.Errorf("publish to %s: the root of a file system cannot be a wiki; name a folder inside it", dir)
	}
	return abs, nil
}

// recoverOld puts yesterday's wiki back where a night was cut off between the two renames of a swap.
func recoverOld(dir, old string) error {
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := os.Lstat(old); err != nil {
		return nil
	}
	return os.Rename(old, dir)
}

// replaceable says why dir must not be replaced, if so.
func replaceable(dir string) error {
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("publish to %s: %w", dir, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("publish to %s: it is a file, not a folder; remove it or publish elsewhere", dir)
	}
	if _, err := os.Lstat(filepath.Join(dir, Marker)); err == nil {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("publish to %s: %w", dir, err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("publish to %s: it holds %s and other things that firebreak did not publish, and publishing replaces the folder whole; "+
			"empty it, or publish elsewhere", dir, entries[0].Name())
	}
	return nil
}

// write renders the whole tree below dir, with as many hands as there are processors, two at most:
// more of them wait for the disk.
func write(dir string, tree *Tree) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, Marker), []byte(markerText), 0o644); err != nil {
		return err
	}
	const stretch = 128 // files in one go: neighbours share folders
	var (
		wait  sync.WaitGroup
		next  atomic.Int64
		fault error
		once  sync.Once
		ended atomic.Bool
	)
	for range min(2, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			h := hand{root: dir}
			for !ended.Load() {
				from := int(next.Add(stretch)) - stretch
				if from >= len(tree.Files) {
					return
				}
				for _, f := range tree.Files[from:min(from+stretch, len(tree.Files))] {
					if err := h.write(f); err != nil {
						once.Do(func() { fault = fmt.Errorf("%s: %w", f.Path, err) })
						ended.Store(true)
						return
					}
				}
			}
		})
	}
	wait.Wait()
	return fault
}

// hand writes files one after another, with one buffer for all of them.
type hand struct {
	root string
	made string // the folder made last
	buf  bytes.Buffer
}

func (h *hand) write(f File) error {
	h.buf.Reset()
	if err := f.Render(&h.buf); err != nil {
		return err
	}
	name := filepath.Join(h.root, filepath.FromSlash(f.Path))
	if folder := filepath.Dir(name); folder != h.made {
		err := os.Mkdir(folder, 0o755)
		if errors.Is(err, fs.ErrNotExist) {
			err = os.MkdirAll(folder, 0o755)
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		h.made = folder
	}
	return os.WriteFile(name, h.buf.Bytes(), 0o644)
}

// swap puts fresh where dir is. Where the system can exchange two folders it is one step; elsewhere
// two renames, and [recoverOld] mends a cut between them.
func swap(fresh, dir, old string) error {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(fresh, dir)
	}
	if err := exchange(fresh, dir); !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if err := os.Rename(dir, old); err != nil {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return nil
}

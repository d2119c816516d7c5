package site

// Publishing: the only place where this package writes to a disk.
//
// The wiki is written to a new folder beside the old one, and the two change places in one step. What
// readers see is yesterday's wiki or today's, never a mixture; whatever fails on the way leaves
// yesterday's where it stands. Files are not synced one by one: after a power cut the wiki is built
// again from the ledger.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// Marker is the file by which Publish knows a wiki that it made, and may replace.
const Marker = ".firebreak-wiki"

const markerText = "This folder is a wiki published by firebreak. Each night replaces it whole, whatever else lies in it.\n"

// Publish writes the tree to dir, all or nothing. A dir that holds anything but a wiki published
// before is refused. Beside dir there are, while it works, .NAME.firebreak-new and, where the file
// system cannot exchange two folders in one step, .NAME.firebreak-old.
//
// A ctx that is cancelled stops it up to the swap, and yesterday's wiki stands; once the two have
// changed places nothing is taken back. progress, which may be nil, is told now and then how many of
// the tree's files are written.
func Publish(ctx context.Context, dir string, tree *Tree, progress func(done, total int)) error {
	dir, err := located(dir)
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
		if err := remove(leftover); err != nil {
			return fmt.Errorf("publish to %s: what an interrupted night left cannot be removed: %w", dir, err)
		}
	}
	err = write(ctx, fresh, tree, progress)
	if ctx.Err() != nil { // the last moment to stop
		err = errors.Join(fmt.Errorf("it was told to stop, and the wiki stands as it was: %w", ctx.Err()), err)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("publish to %s: nothing was published: %w", dir, err), remove(fresh))
	}
	if err := swap(fresh, dir, old); err != nil {
		if errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EXDEV) {
			err = fmt.Errorf("%w: it seems to be a mount; publish to a folder inside it", err)
		}
		return errors.Join(fmt.Errorf("publish to %s: nothing was published: %w", dir, err), remove(fresh))
	}
	// From here on today's wiki stands. What is left of yesterday's is swept up; if that fails, the
	// next night does it.
	for _, leftover := range []string{fresh, old} {
		if err := remove(leftover); err != nil {
			return fmt.Errorf("published to %s, but yesterday's wiki cannot be removed: %w", dir, err)
		}
	}
	return nil
}

// Publishable says what would keep Publish from publishing to dir, as far as that can be known before there is a
// tree. It leaves everything as it is: that the folder above can be written to is tried with an empty folder, which
// is gone when it returns.
func Publishable(dir string) error {
	dir, err := located(dir)
	if err != nil {
		return err
	}
	if err := replaceable(dir); err != nil {
		return err
	}
	above := filepath.Dir(dir)
	for { // the first that there is
		if _, err := os.Stat(above); !errors.Is(err, fs.ErrNotExist) || above == filepath.Dir(above) {
			break
		}
		above = filepath.Dir(above)
	}
	tried, err := os.MkdirTemp(above, ".firebreak-try-")
	if err != nil {
		return fmt.Errorf("publish to %s: the folder above it cannot be written to: %w", dir, err)
	}
	return os.Remove(tried)
}

// remove is os.RemoveAll, which on a disk that is only read refuses what is not there, too.
func remove(path string) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return os.RemoveAll(path)
}

// located is dir as an absolute path with symbolic links followed, so that a link to the wiki stays a
// link and what it points to is replaced.
func located(dir string) (string, error) {
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

// write renders the whole tree below dir. One hand renders while another writes; two that write would
// only wait for the same folder, and burn a third more time of the processor on it.
func write(ctx context.Context, dir string, tree *Tree, progress func(done, total int)) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, Marker), []byte(markerText), 0o644); err != nil {
		return err
	}
	const stretch = 64 // files rendered in one go
	rendered, free := make(chan *batch, 1), make(chan *batch, 2)
	free <- &batch{}
	free <- &batch{}
	go func() {
		defer close(rendered)
		for files := range slices.Chunk(tree.Files, stretch) {
			b, ok := <-free
			if !ok {
				return // writing has failed
			}
			b.render(files)
			rendered <- b
			if b.fault != nil {
				return
			}
		}
	}()
	var fault error
	made, done, stopped := "", 0, false
	for b := range rendered {
		if stopped {
			continue // what was under way when it happened
		}
		if stopped = ctx.Err() != nil; !stopped {
			fault = b.write(dir, &made)
			stopped = fault != nil
		}
		if stopped {
			close(free)
			continue
		}
		if done += len(b.files); progress != nil {
			progress(done, len(tree.Files))
		}
		free <- b
	}
	return fault
}

// batch is some files of the tree, rendered one after another.
type batch struct {
	files []File
	text  bytes.Buffer
	ends  []int // where in text each of them ends
	fault error
}

func (b *batch) render(files []File) {
	b.files, b.ends = files, b.ends[:0]
	b.text.Reset()
	for _, f := range files {
		if !f.Long {
			if err := f.Render(&b.text); err != nil {
				b.fault = fmt.Errorf("%s: %w", f.Path, err)
				return
			}
		}
		b.ends = append(b.ends, b.text.Len())
	}
}

// write writes the files of a batch; made is the folder made last.
func (b *batch) write(dir string, made *string) error {
	from := 0
	for i, f := range b.files[:len(b.ends)] {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if folder := filepath.Dir(name); folder != *made {
			err := os.Mkdir(folder, 0o755)
			if errors.Is(err, fs.ErrNotExist) {
				err = os.MkdirAll(folder, 0o755)
			}
			if err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
			*made = folder
		}
		var err error
		if f.Long {
			err = f.renderTo(name)
		} else {
			err = os.WriteFile(name, b.text.Bytes()[from:b.ends[i]], 0o644)
		}
		if err != nil {
			return err
		}
		from = b.ends[i]
	}
	return b.fault
}

// renderTo renders a file where it belongs.
func (f File) renderTo(name string) error {
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if err := f.Render(out); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", f.Path, err), out.Close())
	}
	return out.Close()
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
	return renames(fresh, dir, old)
}

// renames puts fresh where dir is, and dir where old is.
func renames(fresh, dir, old string) error {
	if err := os.Rename(dir, old); err != nil {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return nil
}

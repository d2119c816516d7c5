// Package exports opens the files that people exported from a tracker or a pager, so that a reader of
// one format has only that format to think about.
//
// Its words: a [Set] is what a source's `files:` names, and how they are read; a [File] is one of
// them, open, in UTF-8 and uncompressed whatever it was on the disk; a [Value] is one JSON record of a
// file and a [Row] one line of a CSV. The reader is a function that takes the File, walks over its
// values or rows and hands back what they hold:
//
//	set := exports.Set{Source: "tickets", Dir: root, Patterns: []string{"exports/*.jsonl.gz"}, Options: "jira/1"}
//	return set.Fetch(ctx, since, func(f *exports.File) {
//		f.Kind("jira issues")
//		for v := range f.JSON("issues") {
//			is, err := decode(v.JSON)
//			if err != nil {
//				f.Doubt(v.Place(), "left out: %v", err)
//				f.Left("unreadable")
//				continue
//			}
//			f.Issue(is)
//		}
//	})
//
// Its one rule: nothing is lost in silence, and nothing bad stops what is good. A record that cannot be
// read costs itself and leaves a doubt that says where it stood; a file that cannot be read to its end
// keeps what was read, leaves a gap, and is tried again the next night; a pattern that names no file is a
// gap as well, and so is a file that should be an export and is none, such as the error message that a
// failed export saves. Notes that lie beside the exports are counted, no more. A file read whole in the
// same state (size, modification time, options) is not read again: the cursor remembers it.
package exports

import (
	"context"
	"fmt"
	"io/fs"
	"iter"

	"github.com/firebreak/firebreak/collectors/record"
)

// batchSize is how many issues make a batch: large enough that a transaction's cost is spread thin,
// small enough that a batch of issues with long histories stays within a few megabytes. Pages and shifts
// are a thirtieth of an issue, and have random ids: a transaction of a few hundred of a million writes a
// page of the database's index for each. They make a batch of smallBatchSize records.
const (
	batchSize      = 500
	smallBatchSize = 20_000
)

// Set is the files of one source.
type Set struct {
	Source string // the source's name in firebreak.yaml; doubts and gaps carry it

	// Patterns name files and directories, with slashes: a plain path, or one with *, ? and [a-z] for
	// parts of a name and ** for any number of directories. A directory stands for every file below
	// it. Names that begin with a dot are passed over.
	Patterns []string

	// FS holds the files. Without one they are the operating system's: absolute paths, or relative to
	// Dir, and then ".." may lead out of it.
	FS  fs.FS
	Dir string

	// Options says everything that decides how a file is read, the version of the reader included. A
	// file that was read under other options is read again.
	Options string

	// ExportedAt is how far the files can speak for; 0 takes the newest instant inside them.
	ExportedAt record.Instant

	// Latest is the last instant that the files can know of, 0 for any: the clock of the night and a
	// day for clocks that go fast. A later one inside them is kept and doubted, and is not the newest.
	Latest record.Instant
}

// Fetch has read called for every file that is not known to since, in the order of their paths, and
// yields what it hands over in batches, each with the cursor of all files finished by then, and with the
// gaps found by then. Files that are all unchanged yield one batch without records. The only error is
// the context's, where it ends.
func (s *Set) Fetch(ctx context.Context, since record.Cursor, read func(*File)) iter.Seq2[record.Batch, error] {
	return func(yield func(record.Batch, error) bool) {
		r := &run{set: s, ctx: ctx, yield: yield}
		r.cursor.load(since, s.options())
		files := r.list()
		r.files = len(files)
		r.cursor.keep(files)
		todo := files[:0:0]
		for _, f := range files {
			if !r.cursor.knows(f) {
				todo = append(todo, f)
				r.total += f.size
			}
		}
		for _, f := range todo {
			r.file(f, read)
			if r.stopped() {
				break
			}
		}
		if err := ctx.Err(); err != nil {
			if !r.declined {
				yield(record.Batch{}, fmt.Errorf("%s: reading files: %w", s.Source, err))
			}
			return
		}
		r.incomplete(files)
		r.flush()
	}
}

// options is everything that a file read before was read under.
func (s *Set) options() string { return s.ExportedAt.String() + " " + s.Options }

// run is one call of Fetch.
type run struct {
	set      *Set
	ctx      context.Context
	yield    func(record.Batch, error) bool
	declined bool // the consumer wants no more

	cursor  cursor
	batch   record.Batch
	batches int   // yielded so far
	files   int   // of the set, read before or not
	done    int64 // bytes of the files finished
	total   int64
	largest int // batch so far, in records: what the next one makes room for
	buf     buffers
	small   int // the size of the text, where it is smaller than what is looked at; 0 where it may not be
}

func (r *run) stopped() bool { return r.declined || r.ctx.Err() != nil }

func (r *run) gap(what, why string) {
	r.batch.Gaps = append(r.batch.Gaps, record.Gap{Source: r.set.Source, What: what, Why: why})
}

// file has one file read. It is remembered as finished only where nothing of it is missing.
func (r *run) file(p path, read func(*File)) {
	f := &File{run: r, path: p, Path: p.show, tally: record.Tally{Part: p.show}}
	if f.open(); f.format == JSON || f.format == CSV {
		read(f)
	}
	if f.rota != nil && !r.stopped() {
		f.settle()
	}
	f.close()
	if r.stopped() {
		return
	}
	r.done += p.size
	f.finish()
	r.cursor.keepPieces(p, f.pieces)
	if !f.missing {
		r.cursor.add(p)
	}
}

func (r *run) records() int { return len(r.batch.Issues) + len(r.batch.Pages) + len(r.batch.Shifts) }

// flush yields the batch with the cursor reached.
func (r *run) flush() {
	if r.stopped() {
		return
	}
	b := r.batch
	r.batch = record.Batch{}
	r.batches++
	b.Cursor = r.cursor.save(r.set.options())
	b.Horizon = r.cursor.Horizon
	if r.set.ExportedAt != 0 {
		b.Horizon = r.set.ExportedAt
	}
	b.Done, b.Total = int(r.done), int(r.total)
	r.declined = !r.yield(b, nil)
}

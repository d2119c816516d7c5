package exports

// One file: what its reader hands over, and the account kept of it.

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// sameDoubts is how many doubts of one sort a file may have before they are only counted: the first
// show what is wrong, and ten thousand more would hide every other one.
const sameDoubts = 10

// File is one export file, open. Its reader walks over it with [File.JSON] or [File.Rows].
type File struct {
	// Path is the file as the configuration spells it, with slashes; of an absolute path, which says
	// more of the machine than of the file, only the end.
	Path string

	run     *run
	path    path
	tally   record.Tally
	missing bool   // something of it could not be read
	settled bool   // what is wrong with all of it was said
	at      Value  // where the record last handed to the reader stands; without its JSON
	head    string // how the text begins
	seen    map[identity]position
	doubts  map[string]int // by the doubt's format
	sorts   []string       // the formats, in the order they came
	broken  int            // rows that are not CSV
	pieces  []Piece        // of lists that this and other files hold
	rota    *rota          // nil where it is none

	in     *bufio.Reader
	src    *source
	utf8   *utf8Reader
	format Format
}

// Issue takes a record read. Two of one Ref in a file are merged, and counted.
func (f *File) Issue(is record.Issue) {
	f.issueUntil(&is)
	f.tally.Changes += len(is.Changes)
	put(f, 'i', is.Ref, &f.run.batch.Issues, is, record.Merge)
}

// Page takes a record read. Two of one Ref in a file are merged, and counted.
func (f *File) Page(p record.Page) {
	f.pageUntil(&p)
	put(f, 'p', p.Ref, &f.run.batch.Pages, p, record.MergePages)
}

// Shift takes a record read. A rota reaches into the future, so its instants move no horizon.
func (f *File) Shift(s record.Shift) {
	f.Until(s.Updated)
	if f.rota != nil {
		f.rota.add(f, s)
		return
	}
	put(f, 's', s.Ref, &f.run.batch.Shifts, s, record.MergeShifts)
}

// Kind says what the reader took the file for: "jira search page".
func (f *File) Kind(kind string) { f.tally.Kind = kind }

// Left counts a record that was left out, by a reason in the reader's words: "pull request".
func (f *File) Left(why string) {
	if f.tally.Left == nil {
		f.tally.Left = map[string]int{}
	}
	f.tally.Left[why]++
}

// Doubt says what of the file cannot be quite believed, and what was done about it; place is where in
// it, "" for all of it (see [Value.Place], [Row.Place]). Doubts of one format are one sort: after the
// first few of a file they are only counted.
func (f *File) Doubt(place, format string, args ...any) {
	if f.doubts == nil {
		f.doubts = map[string]int{}
	}
	f.doubts[format]++
	switch n := f.doubts[format]; {
	case n == 1:
		f.sorts = append(f.sorts, format)
	case n > sameDoubts:
		return
	}
	f.doubt(place, fmt.Sprintf(format, args...))
}

func (f *File) doubt(place, what string) {
	at := f.Path
	if place != "" {
		at += ":" + place
	}
	f.run.batch.Doubts = append(f.run.batch.Doubts, record.Doubt{Source: f.run.set.Source, Place: at, What: what})
}

// Gap says that something of the file is missing: what, as a noun phrase that the file's name follows
// ("issues after record 17"), and why. The file is read again the next night.
func (f *File) Gap(what, why string) {
	f.missing, f.settled = true, true
	f.run.gap(what+" in "+f.Path, why)
}

// Skipped says that the file holds nothing that belongs here, and what it was taken for. It is counted,
// so that a file among exports that is none is seen and does no harm.
func (f *File) Skipped(kind, why string) {
	f.settled = true
	f.Kind(kind)
	f.Left(why)
}

// NoExport says that nothing in the file is an export that the reader knows: an error message where
// issues should be, or the README beside them. A file that was named, or has the name of an export, is
// a gap then, and advice says what to do; "" is to export it again. Any other is [File.Skipped].
func (f *File) NoExport(advice string) {
	if !f.Meant() {
		f.Skipped("a text", "no export")
		return
	}
	f.Kind("no export")
	f.Gap("everything", "it is no export: "+f.looks()+"; "+cmp.Or(advice, "export it again"))
}

// Begins says whether the text begins so, after blanks.
func (f *File) Begins(prefix string) bool { return strings.HasPrefix(f.head, prefix) }

// Text is the whole text, for a reader of a format that is neither JSON nor CSV, in place of
// [File.JSON] and [File.Rows]. Of a text that cannot be read to its end, or is longer than 64 MB, it is
// what there is, and that is a gap.
func (f *File) Text() string {
	text, err := io.ReadAll(io.LimitReader(f.in, recordLimit+1))
	switch {
	case f.run.stopped():
		return ""
	case err != nil:
		f.Gap("whatever follows its first "+strconv.Itoa(len(text))+" bytes", f.trouble(err))
	case len(text) > recordLimit:
		text = text[:recordLimit]
		f.Gap("whatever follows its first 64 MB", "a text of this kind is read whole, and no longer than that; export less at a time")
	}
	return string(text)
}

// Meant says whether the file should be an export, by its name: it was named itself, or is not called
// as the notes are that lie beside exports.
func (f *File) Meant() bool { return f.path.meant() }

// Settled says whether a gap or [File.Skipped] has told already why the file holds so little, and there
// is no need to say that it holds nothing.
func (f *File) Settled() bool { return f.settled }

// Broken is how many rows of the file were no CSV so far, and not yielded.
func (f *File) Broken() int { return f.broken }

// Alone says whether the set has no other file, so that what this one lacks can be nowhere else.
func (f *File) Alone() bool { return f.run.files == 1 }

// Glance has the file read once more from its beginning, ahead of its reading, for what must be known
// before and stands late in it. Whatever read hands over or says of this File counts for nothing.
func (f *File) Glance(read func(*File)) {
	ahead := &run{set: f.run.set, ctx: f.run.ctx, small: f.run.small, yield: func(record.Batch, error) bool { return true }}
	g := &File{run: ahead, path: f.path, Path: f.Path}
	if g.open(); g.format == JSON || g.format == CSV {
		read(g)
	}
	g.close()
}

// finish closes the file's account. A file with records of which none could be read is a gap, and not
// only doubts: the source has nothing of it, as if the file were not there.
func (f *File) finish() {
	if n := f.tally.Left["unreadable"]; n > 0 && f.tally.Read == 0 && !f.settled {
		what := fmt.Sprintf("all %d records", n)
		if n == 1 {
			what = "the only record"
		}
		f.Gap(what, "none could be read; what is wrong with each is among the source's doubts")
	}
	for _, format := range f.sorts {
		if more := f.doubts[format] - sameDoubts; more > 0 {
			f.doubt("…", fmt.Sprintf("%d more of this sort: %s", more, plainFormat(format)))
		}
	}
	if f.tally.Kind == "" {
		f.tally.Kind = f.Format().String()
	}
	f.run.batch.Tallies = append(f.run.batch.Tallies, f.tally)
}

// plainFormat is a format with its verbs as dots, for the line that stands for many doubts.
func plainFormat(format string) string {
	return strings.NewReplacer("%q", "…", "%s", "…", "%v", "…", "%d", "…", "%%", "%").Replace(format)
}

// identity is a record among all sorts of records.
type identity struct {
	sort byte
	ref  record.Ref
}

// position is where a record was put: in which batch, and where in it.
type position struct{ batch, index int }

// put adds a record to the batch, or merges it with the one of its Ref that the file had before. Where
// that one has left with an earlier batch, they merge where they are saved.
func put[T any](f *File, sort byte, ref record.Ref, list *[]T, v T, merge func(a, b T) T) {
	r := f.run
	if r.stopped() {
		return
	}
	if f.seen == nil {
		f.seen = map[identity]position{}
	}
	id := identity{sort, ref}
	at, twice := f.seen[id]
	if twice {
		f.Left("same record twice")
		if at.batch == r.batches {
			(*list)[at.index] = merge((*list)[at.index], v)
			return
		}
	} else {
		f.tally.Read++
	}
	f.seen[id] = position{r.batches, len(*list)}
	if *list == nil {
		*list = make([]T, 0, max(batchSize, r.largest))
	}
	*list = append(*list, v)
	if len(r.batch.Issues) >= batchSize || r.records() >= smallBatchSize {
		f.full()
	}
}

// full yields a batch that has grown large. The file is not finished: the cursor does not know it yet.
func (f *File) full() {
	r := f.run
	r.largest = r.records()
	before := r.done
	r.done += min(f.src.read, f.path.size)
	r.flush()
	r.done = before
}

package exports

// The rows of a CSV file, whatever separates its cells.

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strconv"
)

// Row is one row of a CSV file. Its cells are parts of one string: a cell that is kept keeps the whole
// row in memory, unless it is cloned.
type Row struct {
	Line  int
	Cells []string // only until the next row is asked for
}

// Place is where in the file the row stands, for [File.Doubt].
func (r Row) Place() string { return strconv.Itoa(r.Line) }

// Rows yields the rows of a CSV file, its header the first. Cells are separated by commas, semicolons
// or tabs, whichever the header has most of, or by what Excel's first line "sep=;" says. Rows may differ
// in length. A row that isn't CSV is doubted and counted as "unreadable"; a quote that never ends costs
// everything after it, and that is a gap. A file whose first row isn't CSV is [File.NoExport].
func (f *File) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		whole := &bound{from: f.in}
		if head := f.peek(); bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
			whole.from = returns{f.in}
		}
		f.in = bufio.NewReaderSize(whole, 64<<10) // the reader of rows takes it as it is, and reads no further ahead
		r := csv.NewReader(f.in)
		skipped := 0
		r.Comma, skipped = separator(f.peek())
		if skipped > 0 {
			f.in.Discard(skipped)
			skipped = 1
		}
		r.FieldsPerRecord = -1
		r.ReuseRecord = true
		last := 0
		for {
			whole.begin()
			cells, err := r.Read()
			if f.run.stopped() || err == io.EOF {
				return
			}
			if pe := (*csv.ParseError)(nil); errors.As(err, &pe) {
				if last == 0 { // without its header the rest is nothing
					f.NoExport("")
					return
				}
				f.Left("unreadable")
				f.broken++
				line := Row{Line: pe.StartLine + skipped}.Place()
				f.Doubt(line, "left out: the row is not CSV: %v", pe.Err)
				if _, end := f.in.Peek(1); end != nil && errors.Is(pe.Err, csv.ErrQuote) {
					f.Gap("rows after line "+line, "a quote begins there, or in a row before it, and never ends; export it again")
				}
				continue
			}
			if err != nil {
				f.Gap("rows after line "+strconv.Itoa(last), f.trouble(err))
				return
			}
			last, _ = r.FieldPos(0)
			last += skipped
			row := Row{Line: last, Cells: cells}
			f.at = Value{line: last}
			if !yield(row) || f.run.stopped() {
				return
			}
		}
	}
}

// returns is text whose lines end with a carriage return alone, as old programs on Macs write them.
type returns struct{ from io.Reader }

func (r returns) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// LastRow says whether nothing follows the row that was yielded last. A header that nobody knows, and
// no rows, may as well be a sentence with commas.
func (f *File) LastRow() bool { return len(bytes.TrimSpace(f.peek())) == 0 }

// peek is the beginning of the text.
func (f *File) peek() []byte {
	head, _ := f.in.Peek(64 << 10)
	return head
}

// separator is what separates the cells, and how many bytes of a line that says so are to be skipped.
func separator(head []byte) (rune, int) {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if rest, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r"), []byte("sep=")); ok && len(rest) == 1 {
		return rune(rest[0]), len(line) + 1
	}
	count := map[byte]int{}
	quoted := false
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted:
			count[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte(";\t") {
		if count[c] > count[best] {
			best = c
		}
	}
	return rune(best), 0
}

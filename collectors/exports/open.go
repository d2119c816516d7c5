package exports

// Opening: what compression and which encoding a file has is told by its first bytes, never by its
// name, and readers see plain UTF-8.

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Format is what the text of a file looks like.
type Format int

// A reader is only asked about JSON and CSV files; the set itself answers for the others.
const (
	Unreadable Format = iota
	Empty             // nothing but white space
	JSON              // begins with { or [
	CSV               // any other text
)

func (f Format) String() string { return [...]string{"unreadable", "empty file", "JSON", "text"}[f] }

// Format says what the file's text looks like.
func (f *File) Format() Format { return f.format }

// sniff is how much of a file is looked at before it is read: more than any line of JSON Lines that
// was met in the wild.
const sniff = 1 << 20

// buffers are what the files of a run are read through, one after another.
type buffers struct {
	raw  *bufio.Reader // the bytes on the disk
	flat *bufio.Reader // uncompressed
	text *bufio.Reader // UTF-8
	gzip *gzip.Reader
}

// open prepares the file for reading. What stands in the way becomes a gap.
func (f *File) open() {
	b := &f.run.buf
	if b.raw == nil {
		b.raw = bufio.NewReaderSize(nil, 64<<10)
		b.flat = bufio.NewReaderSize(nil, 64<<10)
		b.text = bufio.NewReaderSize(nil, cmp.Or(f.run.small, sniff))
	}
	f.src = &source{ctx: f.run.ctx}
	if f.path.pipe {
		f.Gap("everything", "it is no file but a pipe, a socket or a device; export into a file")
		return
	}
	file, err := f.path.fsys.Open(f.path.name)
	if err != nil {
		f.Gap("everything", "the file cannot be opened: "+reason(err))
		return
	}
	f.src.file = file
	b.raw.Reset(f.src)
	plain, what := f.unpack(b)
	if what != "" {
		f.Gap("everything", what)
		return
	}
	b.flat.Reset(plain)
	text, what := f.decode(b)
	if what != "" {
		f.Gap("everything", what)
		return
	}
	f.utf8 = &utf8Reader{from: text}
	b.text.Reset(f.utf8)
	f.in = b.text
	f.look()
}

// unpack is the file without its compression.
func (f *File) unpack(b *buffers) (io.Reader, string) {
	head, _ := b.raw.Peek(4)
	for _, k := range []struct{ magic, what string }{
		{"PK\x03\x04", "it is a zip archive or a spreadsheet; unpack it, or save it as CSV"},
		{"\x28\xb5\x2f\xfd", "it is compressed with zstd; unpack it, or use gzip"},
		{"BZh", "it is compressed with bzip2; unpack it, or use gzip"},
		{"\xfd7zX", "it is compressed with xz; unpack it, or use gzip"},
		{"%PDF", "it is a PDF; export JSON or CSV"},
	} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return nil, k.what
		}
	}
	if !bytes.HasPrefix(head, []byte("\x1f\x8b")) {
		return b.raw, ""
	}
	var err error
	if b.gzip == nil {
		b.gzip, err = gzip.NewReader(b.raw)
	} else {
		err = b.gzip.Reset(b.raw)
	}
	if err != nil {
		b.gzip = nil
		return nil, "its gzip header is damaged: " + err.Error()
	}
	return b.gzip, ""
}

// decode is the file without its byte order mark, and in bytes that are meant to be UTF-8.
func (f *File) decode(b *buffers) (io.Reader, string) {
	head, _ := b.flat.Peek(4)
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		b.flat.Discard(3)
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return nil, "its text is UTF-32; save it as UTF-8"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(b.flat), ""
	case len(head) == 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().Reader(b.flat), ""
	case len(head) == 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder().Reader(b.flat), ""
	}
	return b.flat, ""
}

// look finds the format.
func (f *File) look() {
	head, err := f.in.Peek(512)
	text := bytes.TrimLeft(head, " \t\r\n")
	if len(text) == 0 && err == nil { // many blanks: perhaps nothing but blanks
		head, err = f.in.Peek(sniff)
		text = bytes.TrimLeft(head, " \t\r\n")
	}
	f.head = string(text[:min(len(text), 4*headShown+utf8.UTFMax)])
	switch {
	case f.src.ctx.Err() != nil:
	case len(head) == 0 && err != io.EOF:
		f.Gap("everything", "it cannot be read: "+f.trouble(err))
	case len(text) == 0 && err == io.EOF:
		f.format = Empty
		if f.path.meant() {
			f.Gap("everything", "the file is empty: nothing was exported into it; export it again")
		} else {
			f.Skipped("", "no export")
		}
	case len(text) == 0, bytes.IndexByte(head, 0) >= 0:
		f.Gap("everything", "it is no text; export JSON or CSV")
	case text[0] == '{' || text[0] == '[':
		f.format = JSON
	case bytes.HasPrefix(text, []byte("# ")) && !f.path.meant(): // the README that lies beside the exports
		f.Skipped("a text in Markdown", "no export")
	case text[0] == '<':
		f.Gap("everything", "it is an HTML or XML page, perhaps a login page saved by mistake; export JSON or CSV")
	default:
		f.format = CSV
	}
}

// headShown is how many characters of a file that is no export are shown: enough to recognise an error
// message by.
const headShown = 40

// looks is what the file looks like: how it begins, quoted, in one line and without control characters.
// Of JSON objects it is only the names of their first members, as one may be the settings of a program,
// with a secret among them.
func (f *File) looks() string {
	if f.format == JSON {
		if names := firstNames(f.head); len(names) > 0 {
			return "it holds objects with " + strings.Join(names, ", ")
		}
	}
	s, n := strings.TrimRight(f.head, " \t\r\n"), 0
	for i := range s {
		if n == headShown {
			return "it begins with " + strconv.Quote(s[:i]) + "…"
		}
		n++
	}
	return "it begins with " + strconv.Quote(s)
}

// firstNames are the names of an object's first members, quoted, as far as they stand in head; of a
// list, those of its first object.
func firstNames(head string) (names []string) {
	d := jsontext.NewDecoder(strings.NewReader(strings.TrimLeft(head, "[ \t\r\n")), validity()...)
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return nil
	}
	for len(names) < 5 && d.PeekKind() == '"' {
		t, err := d.ReadToken()
		if err != nil {
			break
		}
		names = append(names, strconv.Quote(t.String()))
		if d.SkipValue() != nil {
			break
		}
	}
	return names
}

// trouble is what ended the reading, in words.
func (f *File) trouble(err error) string {
	if e := f.utf8.err; e != nil && e != io.EOF {
		err = e
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early: the file was cut off; export or copy it again"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return "its compression is damaged (" + err.Error() + "); export or copy it again"
	}
	return reason(err)
}

// close ends the reading, and says what happened to the text on its way.
func (f *File) close() {
	if f.src.file != nil {
		f.src.file.Close()
	}
	if f.utf8 != nil && f.utf8.wrong > 0 && f.format != Unreadable {
		f.doubt("", fmt.Sprintf("%d bytes of its text are not UTF-8 (the first is byte %d) and were read as Windows-1252; export it as UTF-8", f.utf8.wrong, f.utf8.first))
	}
}

// source is the file on the disk: it counts what was read, and ends when the night is called off.
type source struct {
	ctx  context.Context
	file fs.File
	read int64
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.file.Read(p)
	s.read += int64(n)
	return n, err
}

// utf8Reader makes sure that what is read is UTF-8: a byte that cannot belong to any is taken for
// Windows-1252, the encoding that older exports and Excel write.
type utf8Reader struct {
	from  io.Reader
	out   []byte            // read and not yet handed out
	tail  [utf8.UTFMax]byte // the beginning of a character whose end is still to come
	tails int               // how many bytes of it
	small [64]byte
	err   error
	at    int // bytes of the text read so far, the kept back included
	wrong int // bytes that were not UTF-8
	first int // the first of them
}

// Read reads whole characters straight into p, unless p is too small for some or they need repair.
func (u *utf8Reader) Read(p []byte) (int, error) {
	if len(u.out) == 0 && u.err == nil {
		buf := p
		if len(p) < len(u.small) {
			buf = u.small[:]
		}
		b := u.characters(buf)
		valid := utf8.Valid(b)
		if !valid {
			b = u.repair(b)
		}
		if valid && len(buf) == len(p) && (len(b) > 0 || u.err == nil) {
			return len(b), nil
		}
		u.out = b
	}
	if len(u.out) == 0 {
		return 0, u.err
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// characters reads into buf, and keeps back what may be the beginning of a character.
func (u *utf8Reader) characters(buf []byte) []byte {
	n := copy(buf, u.tail[:u.tails])
	var got int
	got, u.err = u.from.Read(buf[n:])
	b := buf[:n+got]
	u.at += got
	u.tails = 0
	if u.err != nil {
		return b
	}
	for i := max(0, len(b)-utf8.UTFMax+1); i < len(b); i++ {
		if utf8.RuneStart(b[i]) && !utf8.FullRune(b[i:]) {
			u.tails = copy(u.tail[:], b[i:])
			return b[:i]
		}
	}
	return b
}

// repair is b with what isn't UTF-8 taken for Windows-1252.
func (u *utf8Reader) repair(b []byte) []byte {
	begin := u.at - u.tails - len(b)
	good := make([]byte, 0, len(b)+len(b)/8)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			if u.wrong == 0 {
				u.first = begin + i
			}
			u.wrong++
			r = charmap.Windows1252.DecodeByte(b[i])
		}
		good = utf8.AppendRune(good, r)
		i += n
	}
	return good
}

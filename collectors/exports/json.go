package exports

// The JSON records of a file: the elements of a page or an array, the lines of JSON Lines, or the one
// object that a file may be. A record is in memory, never a file.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Value is one JSON object of a file, known to be valid JSON in UTF-8. (A name may occur twice in it:
// the last one counts, as everywhere.)
type Value struct {
	JSON   jsontext.Value // only until the next value is asked for
	Member string         // the listed member that it is an element of; "" for any other object

	// Page says that the object is what was left of a page once the elements of its listed members
	// were taken out of it, and they were all yielded before: its totals and the like.
	Page bool

	n    int // counted from 1 over the file
	line int // in JSON Lines
}

// Place is where in the file the value stands, for [File.Doubt]: a line, or a record's number.
func (v Value) Place() string {
	switch {
	case v.line > 0:
		return strconv.Itoa(v.line)
	case v.n > 0:
		return "record " + strconv.Itoa(v.n)
	}
	return ""
}

// JSON yields the objects of the file, one after another:
//
//   - of a page, an object with one of the listed members, the elements of that member, and then the
//     rest of the page;
//   - of an array (or an array of pages or of arrays, as paging tools write), its elements;
//   - of JSON Lines, or of values after one another, each of them;
//   - otherwise, the one object.
//
// A comma before a closing bracket is passed over and doubted. What else isn't JSON is doubted and counted as "unreadable": in JSON Lines it costs its line, and in
// other files what follows it, which is a gap. A file of JSON without any object is [File.NoExport].
func (f *File) JSON(members ...string) iter.Seq[Value] {
	return func(yield func(Value) bool) {
		s := &scanner{f: f, members: members, yield: yield}
		if lined(f.in) {
			s.lines()
		} else {
			s.stream()
		}
		if s.n > 0 && s.n == s.strange && !f.run.stopped() {
			f.NoExport("")
		}
	}
}

// scanner walks over the objects of a file.
type scanner struct {
	f       *File
	members []string
	yield   func(Value) bool
	n       int // records so far
	strange int // of them, those that are no objects
	line    int
	rest    []byte
	probe   *jsontext.Decoder
	pages   int // rests of pages so far
	bound   bound

	// Where the file is read once more, without its superfluous commas: what was told before.
	mended            *commaless
	known, knownPages int
}

// enough is how much of a list is kept that nobody listed, in an object that is no page then: more
// than any record has, and less than a file of some other tool may.
const enough = 16 << 20

// validity is what the decoder is asked to check. That the text is UTF-8 is made sure of before.
func validity() []jsontext.Options {
	return []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
}

// emit yields a value and says whether to go on.
func (s *scanner) emit(v Value) bool {
	if v.Page {
		s.pages++
	}
	if s.mended != nil && (v.Page && s.pages <= s.knownPages || !v.Page && v.n <= s.known) {
		return true
	}
	s.f.at = Value{n: v.n, line: v.line}
	return !s.f.run.stopped() && s.yield(v) && !s.f.run.stopped()
}

// object yields an object that lies in memory: a record, or a page inside of an array or a line.
func (s *scanner) object(v jsontext.Value, member string) bool {
	switch v.Kind() {
	case '{':
		if member == "" && s.paged(v) {
			return s.inner(v)
		}
		s.n++
		return s.emit(Value{JSON: v, Member: member, n: s.n, line: s.line})
	case '[':
		if member == "" {
			return s.inner(v)
		}
	}
	s.n++
	if s.mended != nil && s.n <= s.known {
		return true
	}
	s.strange++
	s.f.Left("unreadable")
	s.f.Doubt(Value{n: s.n, line: s.line}.Place(), "left out: a record is an object, and this is %s", kindName(v.Kind()))
	return true
}

// inner walks over a page or an array that lies in memory.
func (s *scanner) inner(v jsontext.Value) bool {
	ok, _ := s.value(jsontext.NewDecoder(bytes.NewReader(v), validity()...), 0) // it was read once: there is no error
	return ok
}

// paged says whether an object is a page: among its members before the first that is itself composed
// is nothing but numbers and words, and that one is listed. Not to look further keeps this cheap.
func (s *scanner) paged(v jsontext.Value) bool {
	if s.probe == nil {
		s.probe = jsontext.NewDecoder(bytes.NewBuffer(v), validity()...)
	} else {
		s.probe.Reset(bytes.NewBuffer(v), validity()...)
	}
	d := s.probe
	if _, err := d.ReadToken(); err != nil {
		return false
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadValue()
		if err != nil {
			return false
		}
		listed := slices.ContainsFunc(s.members, func(m string) bool { return string(name) == `"`+m+`"` })
		switch d.PeekKind() {
		case '[':
			return listed
		case '{':
			return false
		}
		if d.SkipValue() != nil {
			return false
		}
	}
	return false
}

// stream walks over a file that is no JSON Lines.
func (s *scanner) stream() {
	s.bound.from = s.f.in
	d := jsontext.NewDecoder(&s.bound, validity()...)
	for {
		ok, err := s.value(d, 0)
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			s.sayMended()
			return
		}
		if err != nil && s.again(err) {
			s.bound.from = s.f.in
			d = jsontext.NewDecoder(&s.bound, validity()...)
			continue
		}
		if err != nil {
			s.sayMended()
			s.broken(err, d.InputOffset())
			return
		}
		if !ok {
			return
		}
	}
}

// value walks over the next value of d, and says whether to go on.
func (s *scanner) value(d *jsontext.Decoder, depth int) (bool, error) {
	switch kind := d.PeekKind(); {
	case kind == '[' && depth < 3:
		return s.array(d, "", depth)
	case kind == '{' && depth == 0:
		return s.page(d)
	}
	s.bound.begin()
	v, err := d.ReadValue()
	if err != nil {
		return false, err
	}
	return s.object(v, ""), nil
}

// array yields the elements of an array.
func (s *scanner) array(d *jsontext.Decoder, member string, depth int) (bool, error) {
	if _, err := d.ReadToken(); err != nil {
		return false, err
	}
	for {
		var ok bool
		switch kind := d.PeekKind(); {
		case kind == ']':
			_, err := d.ReadToken()
			return true, err
		case kind == '[' && member == "" && depth < 3:
			var err error
			if ok, err = s.array(d, "", depth+1); err != nil {
				return false, err
			}
		default:
			s.bound.begin()
			v, err := d.ReadValue()
			if err != nil {
				return false, err
			}
			ok = s.object(v, member)
		}
		if !ok {
			return false, nil
		}
	}
}

// page yields an object of a stream: the elements of its listed members, and what is left of it.
func (s *scanner) page(d *jsontext.Decoder) (bool, error) {
	if _, err := d.ReadToken(); err != nil {
		return false, err
	}
	rest := append(s.rest[:0], '{')
	paged := false
	for d.PeekKind() == '"' {
		s.bound.begin()
		tok, err := d.ReadToken()
		if err != nil {
			return false, err
		}
		name := tok.String()
		if slices.Contains(s.members, name) && d.PeekKind() == '[' {
			paged = true
			if ok, err := s.array(d, name, 0); !ok || err != nil {
				return ok, err
			}
			continue
		}
		if len(rest) > 1 {
			rest = append(rest, ',')
		}
		if rest, err = jsontext.AppendQuote(rest, name); err != nil {
			return false, err
		}
		rest = append(rest, ':')
		if rest, err = s.unlisted(d, rest, name); err != nil {
			return false, err
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return false, err
	}
	rest = append(rest, '}')
	s.rest = rest
	if paged {
		return s.emit(Value{JSON: rest, Page: true}), nil
	}
	s.n++
	return s.emit(Value{JSON: rest, n: s.n}), nil
}

// unlisted appends the next value to rest. Of a list it takes one element after another, and no more
// than enough of them: this may be the page of some other tool.
func (s *scanner) unlisted(d *jsontext.Decoder, rest []byte, name string) ([]byte, error) {
	if d.PeekKind() != '[' {
		v, err := d.ReadValue()
		return append(rest, v...), err
	}
	if _, err := d.ReadToken(); err != nil {
		return rest, err
	}
	rest = append(rest, '[')
	begin, passed := len(rest), 0
	for d.PeekKind() != ']' {
		s.bound.begin()
		if len(rest) > enough {
			if err := d.SkipValue(); err != nil {
				return rest, err
			}
			passed++
			continue
		}
		v, err := d.ReadValue()
		if err != nil {
			return rest, err
		}
		if len(rest) > begin {
			rest = append(rest, ',')
		}
		rest = append(rest, v...)
	}
	if passed > 0 {
		s.f.Doubt("", "its list %q is longer than %d MB; the last %d elements were passed over", name, enough>>20, passed)
	}
	_, err := d.ReadToken()
	return append(rest, ']'), err
}

// broken accounts for the rest of a file whose reading ended with err.
func (s *scanner) broken(err error, at int64) {
	if s.f.run.stopped() {
		return
	}
	what := fmt.Sprintf("whatever follows record %d", s.n)
	if s.n == 0 {
		what = "everything"
	}
	place := Value{n: s.n + 1}.Place()
	if cut := s.f.utf8.err; s.n == 0 && !s.f.path.meant() && (cut == nil || cut == io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		s.f.NoExport("") // a note that begins with a bracket
		return
	}
	s.f.Left("unreadable")
	if errors.Is(err, errLong) {
		s.f.Doubt(place, "left out, and all that follows it: %s", errLong)
		s.f.Gap(what, errLong.Error())
		return
	}
	if e := s.f.utf8.err; e != nil && e != io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		s.f.Doubt(place, "left out: %s", s.f.trouble(err))
		s.f.Gap(what, s.f.trouble(err))
		return
	}
	s.f.Doubt(place, "left out, and all that follows it: it is not JSON near byte %d of the text: %s", at, syntax(err))
	s.f.Gap(what, fmt.Sprintf("it is not JSON near byte %d of the text (%s); export it again", at, syntax(err)))
}

// syntax is a decoder's complaint without the name of its package.
func syntax(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends in the middle"
	}
	if se := (*jsontext.SyntacticError)(nil); errors.As(err, &se) {
		return se.Err.Error()
	}
	return err.Error()
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 'n':
		return "null"
	}
	return "true or false"
}

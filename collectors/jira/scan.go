package jira

// A walk over one JSON value that a validating decoder has already read.
//
// An issue of 15 KB is mostly avatars, links to itself and texts; of some thousand members about fifty
// are wanted. The decoder proves that the value is JSON; the scanner, trusting that, finds the wanted
// members in one pass and steps over the rest from quote to quote. It never fails: on a value of another
// kind than the one asked for it steps over it and says no.

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

type scanner struct {
	b    []byte
	i    int
	name []byte // of the member that [scanner.member] came to, as it is spelled in the JSON
	buf  []byte // for strings with escapes
}

// reset begins with another value.
func (s *scanner) reset(v jsontext.Value) { s.b, s.i = v, 0 }

// kind is the first byte of the next value, 0 at the end.
func (s *scanner) kind() byte {
	for s.i < len(s.b) {
		switch c := s.b[s.i]; c {
		case ' ', '\n', '\t', '\r', ',', ':':
			s.i++
		default:
			return c
		}
	}
	return 0
}

// enter goes into an object ('{') or an array ('['); a value of another kind is stepped over.
func (s *scanner) enter(open byte) bool {
	if s.kind() == open {
		s.i++
		return true
	}
	s.skip()
	return false
}

// member comes to the next member of the object entered, or leaves the object.
func (s *scanner) member() bool {
	switch s.kind() {
	case '"':
		start := s.i + 1
		s.i = stringEnd(s.b, s.i)
		s.name = s.b[start:max(start, s.i-1)]
		return true
	case '}':
		s.i++
	}
	return false
}

// element comes to the next element of the array entered, or leaves the array.
func (s *scanner) element() bool {
	switch s.kind() {
	case ']':
		s.i++
		return false
	case 0:
		return false
	}
	return true
}

// skip steps over the next value.
func (s *scanner) skip() {
	switch s.kind() {
	case '"':
		s.i = stringEnd(s.b, s.i)
	case '{', '[':
		s.i = composedEnd(s.b, s.i)
	case '}', ']', 0: // no value: the scanner stays inside of what it entered
	default:
		for s.i < len(s.b) {
			switch s.b[s.i] {
			case ',', '}', ']', ' ', '\n', '\t', '\r':
				return
			}
			s.i++
		}
	}
}

// raw steps over the next value and returns it as it is spelled.
func (s *scanner) raw() []byte {
	s.kind()
	start := s.i
	s.skip()
	return s.b[start:s.i]
}

// text steps over the next value and returns its text: that of a string, or the spelling of a number.
// It is good until the next text is asked for. For anything else it is nil and not ok; null is one.
func (s *scanner) text() ([]byte, bool) { return s.unquote(s.raw()) }

func (s *scanner) unquote(raw []byte) ([]byte, bool) {
	if len(raw) == 0 {
		return nil, false
	}
	switch c := raw[0]; {
	case c == '"' && len(raw) >= 2:
		in := raw[1 : len(raw)-1]
		if bytes.IndexByte(in, '\\') < 0 {
			return in, true
		}
		s.buf, _ = jsontext.AppendUnquote(s.buf[:0], raw) // a lone surrogate becomes U+FFFD
		return s.buf, true
	case c == '-' || '0' <= c && c <= '9':
		return raw, true
	}
	return nil, false
}

// stringEnd is the index after the string that begins at i.
func stringEnd(b []byte, i int) int {
	j := i + 1
	for near := min(len(b), j+24); j < near && b[j] != '\\'; j++ { // most are short, and a call costs more than they do
		if b[j] == '"' {
			return j + 1
		}
	}
	for ; ; j++ {
		k := bytes.IndexByte(b[min(j, len(b)):], '"')
		if k < 0 {
			return len(b)
		}
		j += k
		if b[j-1] != '\\' {
			return j + 1
		}
		slashes := 1
		for b[j-1-slashes] == '\\' { // stops at the opening quote at the latest
			slashes++
		}
		if slashes%2 == 0 {
			return j + 1
		}
	}
}

// composedEnd is the index after the object or array that begins at i.
func composedEnd(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = stringEnd(b, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return i
}

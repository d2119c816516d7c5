package github

// Walking one JSON value that the decoder has already validated.
//
// An issue has some ninety members and each of its people twenty, of which a dozen are wanted. The
// json package's reflection reads that at 280 MB/s and has an opinion on every member's type; the
// validating decoder alone runs at 700, and since its answer is known to be well-formed, finding the
// few members wanted in it takes no more than skipping quotes and brackets. So a value is validated
// once and walked once, and a member of an unexpected type costs that member, not the issue.

import (
	"bytes"
	"iter"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// members are the names and values of a JSON object, in its order; nothing, if v is something else.
// A name is without its quotes and as it was written: a spelling such as "\u0069d" is nobody's.
func members(v jsontext.Value) iter.Seq2[string, jsontext.Value] {
	return func(yield func(string, jsontext.Value) bool) {
		i := space(v, 0)
		if i >= len(v) || v[i] != '{' {
			return
		}
		for i = space(v, i+1); i < len(v) && v[i] == '"'; i = space(v, i) {
			end := skip(v, i)
			name := v[i+1 : end-1]
			i = space(v, space(v, end)+1) // over the colon
			end = skip(v, i)
			if !yield(string(name), v[i:end]) {
				return
			}
			if i = space(v, end); i < len(v) && v[i] == ',' {
				i++
			}
		}
	}
}

// elements are the values of a JSON array; nothing, if v is something else.
func elements(v jsontext.Value) iter.Seq[jsontext.Value] {
	return func(yield func(jsontext.Value) bool) {
		i := space(v, 0)
		if i >= len(v) || v[i] != '[' {
			return
		}
		for i = space(v, i+1); i < len(v) && v[i] != ']'; i = space(v, i) {
			end := skip(v, i)
			if !yield(v[i:end]) {
				return
			}
			if i = space(v, end); i < len(v) && v[i] == ',' {
				i++
			}
		}
	}
}

// member is the value of one name of an object, nil where there is none.
func member(v jsontext.Value, name string) jsontext.Value {
	for n, m := range members(v) {
		if n == name {
			return m
		}
	}
	return nil
}

// space is the first index from i that holds no white space.
func space(v []byte, i int) int {
	for i < len(v) && (v[i] == ' ' || v[i] == '\n' || v[i] == '\t' || v[i] == '\r') {
		i++
	}
	return i
}

// skip is the index after the value that begins at i.
func skip(v []byte, i int) int {
	if i >= len(v) {
		return len(v)
	}
	switch v[i] {
	case '"':
		return skipString(v, i)
	case '{', '[':
		depth := 0
		for i < len(v) {
			switch v[i] {
			case '"':
				i = skipString(v, i)
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
		return len(v)
	}
	for i < len(v) && v[i] != ',' && v[i] != '}' && v[i] != ']' && v[i] > ' ' {
		i++
	}
	return i
}

func skipString(v []byte, i int) int {
	for i++; i < len(v); {
		q := bytes.IndexByte(v[i:], '"')
		if q < 0 {
			break
		}
		q += i
		back := q
		for back > i && v[back-1] == '\\' {
			back--
		}
		if i = q + 1; (q-back)%2 == 0 { // an even number of backslashes escapes only themselves
			return i
		}
	}
	return len(v)
}

// present says whether v is there and is not null.
func present(v jsontext.Value) bool { return len(v) > 0 && v[0] != 'n' }

// text is the string in v; a number is given as it is spelled, since exporters turn ids into
// strings and back; anything else is "".
func text(v jsontext.Value) string {
	if len(v) == 0 {
		return ""
	}
	switch c := v[0]; {
	case c == '"':
		if in := v[1 : len(v)-1]; bytes.IndexByte(in, '\\') < 0 {
			return string(in)
		}
		b, _ := jsontext.AppendUnquote(nil, v) // half a surrogate pair becomes U+FFFD, which is all there is to say of it
		return string(b)
	case c == '-' || '0' <= c && c <= '9':
		return string(v)
	}
	return ""
}

// number is the whole number in v, or in the string v; 0 for anything else.
func number(v jsontext.Value) int64 {
	n, err := strconv.ParseInt(text(v), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

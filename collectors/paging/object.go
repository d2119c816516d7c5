package paging

// JSON objects: what one says, by the names of its members. Pagers write numbers as words, words as null
// and times in three ways; what is missing reads as nothing, and what cannot be read is doubted.

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// object is a JSON object of a file. A path of names leads into the objects within it. It is of use until
// the next value of the file is asked for, as its members are parts of that one's text.
type object struct {
	*file
	place   string
	members []member
}

// member is one member of an object, its name as it is spelled between the quotes.
type member struct {
	name  []byte
	value jsontext.Value
}

// newObject is a JSON object; one that is none has no members. It was found to be valid before, so that
// nothing but its outline is looked at: most of what a pager says nobody asks for.
func newObject(f *file, place string, v jsontext.Value) object {
	o := object{f, place, nil}
	outline(v, func(name []byte, value jsontext.Value) {
		if o.members == nil {
			o.members = make([]member, 0, min(max(len(v)/24, 4), 40))
		}
		o.members = append(o.members, member{name, value})
	})
	return o
}

// find is the value of an object's member, of two with one name the last; nil where there is none.
func find(v jsontext.Value, name string) (found jsontext.Value) {
	outline(v, func(n []byte, value jsontext.Value) {
		if string(n) == name {
			found = value
		}
	})
	return found
}

// outline tells the members of an object, in their order.
func outline(v jsontext.Value, tell func(name []byte, value jsontext.Value)) {
	i := blanks(v, 0)
	if i >= len(v) || v[i] != '{' {
		return
	}
	for i = blanks(v, i+1); i < len(v) && v[i] == '"'; {
		end := element(v, i)
		name := v[i+1 : max(end-1, i+1)]
		if bytes.IndexByte(name, '\\') >= 0 {
			name = []byte(scalar(v[i:end]))
		}
		if i = blanks(v, end); i < len(v) && v[i] == ':' {
			i = blanks(v, i+1)
		}
		end = element(v, i)
		tell(name, v[i:end])
		if i = blanks(v, end); i < len(v) && v[i] == ',' {
			i = blanks(v, i+1)
		}
	}
}

// blanks is where at or after i something else than white space stands.
func blanks(v []byte, i int) int {
	for i < len(v) && (v[i] == ' ' || v[i] == '\n' || v[i] == '\t' || v[i] == '\r') {
		i++
	}
	return i
}

// element is where the value that begins at i ends.
func element(v []byte, i int) int {
	depth := 0
	for ; i < len(v); i++ {
		switch v[i] {
		case '"':
			for i++; i < len(v) && v[i] != '"'; i++ {
				if v[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return min(i+1, len(v))
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			} else if depth < 0 { // the end of what a number or a word stands in
				return i
			}
		case ',', ' ', '\n', '\t', '\r', ':':
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

// elements are those of an array, none of anything else.
func elements(v jsontext.Value) []jsontext.Value {
	i := blanks(v, 0)
	if i >= len(v) || v[i] != '[' {
		return nil
	}
	var all []jsontext.Value
	for i = blanks(v, i+1); i < len(v) && v[i] != ']'; {
		end := element(v, i)
		all = append(all, v[i:end])
		if end == i { // no JSON
			break
		}
		if i = blanks(v, end); i < len(v) && v[i] == ',' {
			i = blanks(v, i+1)
		}
	}
	return all
}

// member is the value of a member, of two with one name the last; false where there is none.
func (o object) member(name string) (jsontext.Value, bool) {
	for i := len(o.members) - 1; i >= 0; i-- {
		if string(o.members[i].name) == name {
			return o.members[i].value, true
		}
	}
	return nil, false
}

// names are the names of the members, sorted.
func (o object) names() []string {
	var all []string
	for _, m := range o.members {
		all = append(all, string(m.name))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// object is a row as an object: a member for each column, by the name that name makes of it, and what is
// JSON in a cell as what it is.
func (r *row) object(f *file, name func(column string) string) object {
	o := object{f, r.Place(), make([]member, 0, len(r.names))}
	for i := len(r.names) - 1; i >= 0; i-- { // of two columns of one name, the first
		if i >= len(r.Cells) {
			continue
		}
		s := strings.TrimSpace(r.Cells[i])
		v := jsontext.Value(s)
		if s == "" || s[0] != '{' && s[0] != '[' || !json.Valid(v) {
			v, _ = jsontext.AppendQuote(nil, s) // the text is UTF-8: there is no error
		}
		o.members = append(o.members, member{[]byte(name(r.names[i])), v})
	}
	return o
}

// has says whether all of these members are there, whatever they hold.
func (o object) has(names ...string) bool {
	for _, n := range names {
		if _, ok := o.member(n); !ok {
			return false
		}
	}
	return true
}

// value is what stands at the end of a path, nil for null and for nothing.
func (o object) value(path ...string) jsontext.Value {
	v, _ := o.member(path[0])
	for _, n := range path[1:] {
		v = find(v, n)
	}
	if v == nil || v.Kind() == 'n' {
		return nil
	}
	return v
}

// in is the object at the end of a path, an empty one where there is none.
func (o object) in(path ...string) object { return newObject(o.file, o.place, o.value(path...)) }

// list are the elements of an array that are objects.
func (o object) list(path ...string) []object {
	var all []object
	for _, v := range elements(o.value(path...)) {
		if v.Kind() == '{' {
			all = append(all, newObject(o.file, o.place, v))
		}
	}
	return all
}

// texts are the elements of an array that are words or numbers.
func (o object) texts(path ...string) []string {
	var all []string
	for _, v := range elements(o.value(path...)) {
		if s := scalar(v); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// text is a word, a number or a truth value as text, without the blanks around it.
func (o object) text(path ...string) string { return strings.TrimSpace(scalar(o.value(path...))) }

func scalar(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		if len(v) > 1 && bytes.IndexByte(v, '\\') < 0 {
			return string(v[1 : len(v)-1])
		}
		var s string
		_ = json.Unmarshal(v, &s)
		return s
	case '0', 't', 'f':
		return string(v)
	}
	return ""
}

// is says whether a member is true, or a word for it.
func (o object) is(path ...string) bool {
	s := strings.ToLower(o.text(path...))
	return s == "true" || s == "1"
}

// time is an instant, 0 for never; numbers are seconds or milliseconds since 1970. What is no time is
// doubted, and so is the first time of the file that has no zone, where the source names none.
func (o object) time(path ...string) record.Instant { return o.timeIn(nil, path...) }

// timeIn is the same, and times without a zone are of zone, which the file told; nil is not told.
func (o object) timeIn(zone *time.Location, path ...string) record.Instant {
	s := o.text(path...)
	if at := epoch(s); at != 0 {
		return at
	}
	in := zone
	if in == nil {
		in = o.zone
	}
	if in == nil {
		in = time.UTC
	}
	at, when := instant(s, in)
	switch {
	case when == nonsense:
		o.doubt("%s is %q, not a time such as 2026-03-31T14:05:00Z%s; read as none", strings.Join(path, "."), s, o.otherwise)
	case when == local && zone == nil && o.zone == nil && !o.naive:
		o.naive = true
		o.doubt("times such as %q have no zone and were read as UTC; say `zone:` of the source in firebreak.yaml", s)
	}
	return at
}

// seconds is a length of time in seconds, at most some thirty years; false where there is none.
func (o object) seconds(path ...string) (time.Duration, bool) {
	n, ok := o.number(path...)
	return time.Duration(n * float64(time.Second)), ok && n >= 0 && n < 1e9
}

// number is a number, also one that is written as a word.
func (o object) number(path ...string) (float64, bool) {
	s := o.text(path...)
	if s == "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n != n {
		o.doubt("%s is %q, not a number; read as none", strings.Join(path, "."), s)
		return 0, false
	}
	return n, true
}

// count is a whole number from 0 up.
func (o object) count(path ...string) int {
	n, _ := o.number(path...)
	return int(min(max(n, 0), 1e9))
}

func (o object) doubt(format string, args ...any) { o.Doubt(o.place, format, args...) }

// leave leaves the object out.
func (o object) leave(format string, args ...any) {
	o.Left("unreadable")
	o.doubt("left out: "+format, args...)
}

package fakegithub

// Writing JSON: members in GitHub's order, without reflection, since a first collection of 100,000 issues
// asks for all of them.

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// writer writes one JSON value. A comma is put before whatever does not open something.
type writer struct{ b []byte }

func (w *writer) next() {
	if n := len(w.b); n > 0 {
		if c := w.b[n-1]; c != '{' && c != '[' && c != ':' && c != '\n' {
			w.b = append(w.b, ',')
		}
	}
}

// key begins a member.
func (w *writer) key(name string) {
	w.next()
	w.b = append(w.b, '"')
	w.b = append(w.b, name...) // names are ours and need no escape
	w.b = append(w.b, '"', ':')
}

func (w *writer) text(s string) {
	w.next()
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c > '~' {
			w.b, _ = jsontext.AppendQuote(w.b, s)
			return
		}
	}
	w.b = append(w.b, '"')
	w.b = append(w.b, s...)
	w.b = append(w.b, '"')
}

func (w *writer) word(s string) { w.next(); w.b = append(w.b, s...) } // null, true, a number

func (w *writer) open(c byte)  { w.next(); w.b = append(w.b, c) }
func (w *writer) close(c byte) { w.b = append(w.b, c) }

func (w *writer) str(name, v string)        { w.key(name); w.text(v) }
func (w *writer) null(name string)          { w.key(name); w.word("null") }
func (w *writer) int(name string, v int64)  { w.key(name); w.word(itoa(v)) }
func (w *writer) bool(name string, v bool)  { w.key(name); w.word(strconv.FormatBool(v)) }
func (w *writer) when(name string, v int64) { w.str(name, instant(v)) }

// strOrNull writes "" as null.
func (w *writer) strOrNull(name, v string) {
	if v == "" {
		w.null(name)
		return
	}
	w.str(name, v)
}

func (w *writer) obj(name string, f func()) { w.key(name); w.object(f) }
func (w *writer) arr(name string, f func()) { w.key(name); w.array(f) }

func (w *writer) object(f func()) { w.open('{'); f(); w.close('}') }
func (w *writer) array(f func())  { w.open('['); f(); w.close(']') }

func itoa(v int64) string { return strconv.FormatInt(v, 10) }

func instant(v int64) string { return time.Unix(v, 0).UTC().Format(time.RFC3339) }

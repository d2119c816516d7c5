package main

// A JSON writer that only appends: a benchmark's gigabyte is written faster than it can be read.

import "strconv"

type jsonWriter struct{ b []byte }

// sep puts a comma where one is due: after a value, never after an opening or a name.
func (w *jsonWriter) sep() {
	if n := len(w.b); n > 0 {
		switch w.b[n-1] {
		case '{', '[', ':', ',', '\n':
		default:
			w.b = append(w.b, ',')
		}
	}
}

func (w *jsonWriter) obj() *jsonWriter { w.sep(); w.b = append(w.b, '{'); return w }
func (w *jsonWriter) end() *jsonWriter { w.b = append(w.b, '}'); return w }
func (w *jsonWriter) arr() *jsonWriter { w.sep(); w.b = append(w.b, '['); return w }
func (w *jsonWriter) ary() *jsonWriter { w.b = append(w.b, ']'); return w }
func (w *jsonWriter) raw(s string)     { w.sep(); w.b = append(w.b, s...) }
func (w *jsonWriter) null()            { w.raw("null") }

// k writes a member's name. Names are this program's own and need no escaping.
func (w *jsonWriter) k(name string) *jsonWriter {
	w.sep()
	w.b = append(append(append(w.b, '"'), name...), '"', ':')
	return w
}

func (w *jsonWriter) num(n int) { w.sep(); w.b = strconv.AppendInt(w.b, int64(n), 10) }

// str writes a text, null for none where the tracker would say null.
func (w *jsonWriter) str(s string) {
	w.sep()
	w.b = append(w.b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		w.b = append(w.b, s[from:i]...)
		switch c {
		case '"', '\\':
			w.b = append(w.b, '\\', c)
		case '\n':
			w.b = append(w.b, '\\', 'n')
		case '\r':
			w.b = append(w.b, '\\', 'r')
		case '\t':
			w.b = append(w.b, '\\', 't')
		default:
			const hex = "0123456789abcdef"
			w.b = append(w.b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		from = i + 1
	}
	w.b = append(append(w.b, s[from:]...), '"')
}

func (w *jsonWriter) orNull(s string) {
	if s == "" {
		w.null()
		return
	}
	w.str(s)
}

func (w *jsonWriter) truth(b bool) { w.raw(strconv.FormatBool(b)) }

package fakejira

// JSON, appended: a page of a hundred issues must cost the fake much less than it costs its reader.

import (
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"
)

type writer struct {
	s       *Site
	q       *request
	v       int // of a wording: 0 for v2, 1 for v3
	v3      bool
	b       []byte
	scratch []byte
}

func (s *Site) writer(q *request) *writer {
	w := &writer{s: s, q: q, v3: q.v3, b: (*q.buffer)[:0]}
	if q.v3 {
		w.v = 1
	}
	return w
}

// done is the answer. Its buffer is used again for another once it is sent.
func (w *writer) done() (int, []byte) {
	*w.q.buffer = w.b
	return http.StatusOK, w.b
}

func (w *writer) raw(s string) { w.b = append(w.b, s...) }
func (w *writer) num(n int64)  { w.b = strconv.AppendInt(w.b, n, 10) }

func (w *writer) bool(b bool) { w.b = strconv.AppendBool(w.b, b) }

// comma separates the kth element from the one before.
func (w *writer) comma(k int) {
	if k > 0 {
		w.b = append(w.b, ',')
	}
}

// name begins a member, after a comma if one is before it.
func (w *writer) name(s string) {
	if c := w.b[len(w.b)-1]; c != '{' {
		w.b = append(w.b, ',')
	}
	w.quote(s)
	w.b = append(w.b, ':')
}

func (w *writer) quoted(n int64) {
	w.b = append(w.b, '"')
	w.num(n)
	w.b = append(w.b, '"')
}

const hex = "0123456789abcdef"

func (w *writer) quote(s string) {
	w.b = append(w.b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		w.b = append(append(w.b, s[from:i]...), escape(c)...)
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			w.b = append(w.b, hex[c>>4], hex[c&15])
		}
		from = i + 1
	}
	w.b = append(append(w.b, s[from:]...), '"')
}

func escape(c byte) string {
	switch c {
	case '"':
		return `\"`
	case '\\':
		return `\\`
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	return `\u00`
}

func (w *writer) quoteBytes(b []byte) {
	if utf8.Valid(b) {
		w.quote(string(b))
	}
}

// orNull writes a string, or for none null or, where Jira writes that, "".
func (w *writer) orNull(s string, blank bool) {
	if s == "" && !blank {
		w.raw("null")
		return
	}
	w.quote(s)
}

func (w *writer) at(ms int64) {
	w.b = append(w.b, '"')
	w.b = time.UnixMilli(ms).In(w.s.zone).AppendFormat(w.b, "2006-01-02T15:04:05.000-0700")
	w.b = append(w.b, '"')
}

func (w *writer) atOrNull(ms int64) {
	if ms == 0 {
		w.raw("null")
		return
	}
	w.at(ms)
}

func (w *writer) person(p int) {
	if p < 0 {
		w.raw("null")
		return
	}
	w.raw(w.s.words.people[w.v][p])
}

// api is the address of the version that was asked.
func (w *writer) api() string {
	if w.v3 {
		return w.s.opt.URL + "/rest/api/3"
	}
	return w.s.opt.URL + "/rest/api/2"
}

func idOf(id int64) string { return strconv.FormatInt(id, 10) }

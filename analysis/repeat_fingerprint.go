package analysis

// Fingerprints: what a title says without the numbers in it, so that the same fire is known again when
// another order, host or minute of the day burns (METRICS.md, section 7).

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fingerprint is the title in Unicode NFKC and lower case, with # for every token that has a digit in it,
// and one space for any other run of what is no letter; none at the ends. A token is what white space,
// brackets, quotes and , ; = | < > part from the rest, so that a host, a time, an address or an id is one.
// Several in a row are one #: which orders are stuck, and how many, is for the title to say. The marks of a
// letter are part of it.
//
// A fingerprint is its own fingerprint.
func Fingerprint(title string) string { return string(appendFingerprint(nil, title)) }

// telling says whether a fingerprint has a word in it. Titles of which only numbers are left are not alike
// for that.
func telling(print string) bool { return print != "" && print != "#" }

func appendFingerprint(b []byte, title string) []byte {
	if !ascii(title) { // what is in lower case need not be in NFKC any more
		title = norm.NFKC.String(strings.ToLower(norm.NFKC.String(title)))
	}
	w := printer{b: b, start: len(b), token: len(b)}
	for i, r := range title {
		switch r {
		case ' ', '\t', '\n', '\r', '(', ')', '[', ']', '{', '}', '"', '\'', '`', ',', ';', '=', '|', '<', '>':
			w.end(title[w.from:i])
			w.from = i + 1
			continue
		}
		switch {
		case 'a' <= r && r <= 'z':
			w.letter(r)
		case 'A' <= r && r <= 'Z':
			w.letter(r + 'a' - 'A')
		case '0' <= r && r <= '9':
			w.digit = true
		case r < utf8.RuneSelf:
			w.apart = true
		case unicode.In(r, unicode.L, unicode.M):
			w.letter(r)
		case unicode.IsNumber(r):
			w.digit = true
		case unicode.In(r, unicode.Z, unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf):
			w.end(title[w.from:i])
			w.from = i + utf8.RuneLen(r)
		default:
			w.apart = true
		}
	}
	w.end(title[w.from:])
	return w.b
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// printer writes a fingerprint behind what b holds already.
type printer struct {
	b     []byte
	start int  // of the fingerprint
	token int  // of what the present token has come to so far
	from  int  // of the present token in the title
	digit bool // it has one
	apart bool // the next letter begins a word
}

func (w *printer) letter(r rune) {
	if w.apart && len(w.b) > w.start {
		w.b = append(w.b, ' ')
	}
	w.apart = false
	w.b = utf8.AppendRune(w.b, r)
}

// end ends the present token. A # that stands alone is one that a fingerprint has put there.
func (w *printer) end(token string) {
	if w.digit || token == "#" {
		w.b = w.b[:w.token]
		if len(w.b) == w.start {
			w.b = append(w.b, '#')
		} else if w.b[len(w.b)-1] != '#' {
			w.b = append(w.b, " #"...)
		}
	}
	w.token, w.digit, w.apart = len(w.b), false, true
}

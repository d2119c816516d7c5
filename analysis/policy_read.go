package analysis

// How the policy file is read.

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// slug is the id that a name gets where none is written: "Bug – ASAP" is bug-asap. Letters lose their
// accents and everything else becomes a hyphen.
func slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

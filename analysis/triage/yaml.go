package triage

// Texts of the pager's, which may be anything, as YAML that reads back the same.

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// facts are what the ledger knows of a line, as one value of YAML.
func facts(l *Line, zone *time.Location) string {
	s := "{at: " + scalar(written(l.At, zone))
	if l.Service != "" {
		s += ", service: " + scalar(l.Service)
	}
	if l.Title != "" {
		s += ", title: " + quoted(l.Title)
	}
	return s + ", tracker: " + scalar(l.Page.Tracker) + ", id: " + scalar(l.Page.ID) + "}"
}

// scalar is a text, in quotes where it needs them.
func scalar(s string) string {
	if plain(s) {
		return s
	}
	return quoted(s)
}

// plain says whether a text can do without quotes, also between braces. It is narrower than YAML.
func plain(s string) bool {
	for i, r := range s {
		if unicode.IsLetter(r) || r >= '0' && r <= '9' {
			continue
		}
		if i == 0 || !strings.ContainsRune(" .-_/+()", r) && !(r == ':' && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9') {
			return false
		}
	}
	return s != "" && !strings.HasSuffix(s, " ") && !strings.EqualFold(s, "null")
}

// quoted is a text in YAML's double quotes (YAML 1.2.2, section 7.3.1). What nobody can see is escaped,
// so that no title can hide how it goes on or turn the line around; what joins an emoji is let through.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r) || r == '\u200d':
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
